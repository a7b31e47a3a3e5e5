"""C005 江州宏途物流: a small haulier that pays in parts. Days past due run from the oldest instalment not fully paid (handbook T39)."""

from __future__ import annotations

from datetime import date

from eval.sample_bank.agreements import chinese_contract
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent, level_dues
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol, meter
from eval.sample_bank.registration import credit_code
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, rounded

H26 = date(2026, 6, 30)
HUNDRED = D(100_000)


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C005", name="江州宏途物流有限公司", name_en="Jiangzhou Hongtu Logistics Co., Ltd.", short="宏途物流",
        registration=credit_code(draft.chance("C005", "code")), address="江州市物流大道52号", legal_representative="蔡志勇", finance_head="唐莉",
        accountant="唐莉", signatory_en="Cai Zhiyong",
    )  # fmt: skip
    enrol(
        draft, company, "S002", "B01", type="sme", industry_code="G5430", incorporation_date=date(2016, 8, 1), enterprise_size="small",
        internal_rating="BB", aliases="宏途物流;宏途;Hongtu",
    )  # fmt: skip
    ledger = _books(draft)
    spring = level_dues([day("2026-01-20"), day("2026-02-20"), day("2026-03-20")], HUNDRED, D("0.0435"), day("2025-12-20"))
    autumn = level_dues(
        [day(f"2026-{d}") for d in ("07-23", "08-23", "09-23", "12-23")] + [day("2027-01-23"), day("2027-03-23")],
        HUNDRED,
        D("0.0455"),
        day("2026-06-23"),
    )
    kept = (
        Lent(
            id="L012", customer="C005", kind="working_capital", purpose="支付春运油费及过路费", amount=sum((d.principal for d in spring), D(0)),
            rate=D("0.0435"), start=day("2025-12-20"), end=day("2026-03-20"), repayment="irregular", frequency="monthly", flows=spring, account="A005",
            receipts=((day("2026-02-10"), D(60_000)), (day("2026-03-25"), D(90_000)), (day("2026-05-15"), D(150_000))),
            row={"product_name": "小微快贷", "payment_control": "self", "secured": False},
        ),
        Lent(
            id="L013", customer="C005", kind="working_capital", purpose="支付油费、轮胎及维修款", amount=sum((d.principal for d in autumn), D(0)),
            rate=D("0.0455"), start=day("2026-06-23"), end=day("2027-03-23"), repayment="irregular", frequency="monthly", flows=autumn, account="A005",
            receipts=((day("2026-08-13"), D(60_000)), (day("2026-09-28"), D(90_000))),
            row={"product_name": "小微快贷", "payment_control": "self", "secured": False, "stage": 2},
        ),
        Lent(
            id="L014", customer="C005", kind="fixed_asset", purpose="购置牵引车12台", amount=D(4_800_000), rate=D("0.0490"), start=day("2024-06-21"),
            end=day("2029-06-21"), repayment="equal_instalment", frequency="monthly", account="A005",
            row={"product_name": "车辆按揭贷款", "payment_control": "entrusted", "secured": True},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L014", type="vehicle", description="牵引车12台", value=D(3_300_000), currency_code="CNY", value_date=date(2025, 8, 1),
        valuation_type="market", orig_value=D(6_000_000), owner_id="C005", charge="抵押", insurance_end_date=date(2026, 11, 9), lien_rank=1,
    )  # fmt: skip
    draft.book.add(
        "guarantors",
        loan_ids="L013",
        name="蔡志勇",
        amount=D(800_000),
        currency_code="CNY",
        start_date=date(2026, 6, 23),
        end_date=date(2027, 9, 23),
    )
    contract = chinese_contract(
        company, [kept[1]], "江海银（2026）小微字第0618号", date(2026, 6, 18), reason="运输旺季周转需要", purpose="支付油费、轮胎及维修款",
        security="由蔡志勇提供连带责任保证", payment="采用借款人自主支付方式。",
        clauses=[Clause("乙方应于每季度结束后20日内向甲方提供财务报表及主要承运合同。", "", "undertakings")],
    )  # fmt: skip
    draft.contract(contract, "流动资金借款合同_江海银2026小微字第0618号.pdf", date(2026, 6, 18))
    whole = {"consolidated": ledger}
    annual(draft, company, whole, 2025, "workbook", "元", date(2026, 4, 30))
    half = interim(draft, company, whole, H26, "workbook", "元", date(2026, 8, 20), due=date(2026, 8, 14))
    visit = VisitNote(
        company=company, language="zh", day=date(2026, 10, 13), hour="15:00", place="物流大道52号停车场", visitors=("张岚", "王建国"), met="法定代表人蔡志勇",
        purpose="L013逾期催收及核实", seen=["停车场停放牵引车7台，其中3台轮胎拆卸待修。", "调度室仅2人在岗。"],
        checked=["9月过路费结算单41.2万元，同比-18%。", "应收前三大客户欠款合计约260万元，最长账期150天。"],
        said=["“大客户华川农机压了三个月运费，十一月回款后一次补齐。”"], differences=["10月23日前承诺还款未到账。"],
        collateral="12台抵押车辆现场见到7台，其余在途，已核对GPS。", view="回款迟滞致逾期，尚有经营，建议下调关注并每周跟踪。",
        follow_ups=["11月5日前提供华川农机对账单。", "11月9日前续保车辆保险。"],
    )  # fmt: skip
    note = draft.note(visit, "贷后走访记录_20261013.md", date(2026, 10, 14))
    _registers(draft, company, ledger)
    _story(draft, ledger, half, note)


def _books(draft: Draft) -> Ledger:
    start = day("2023-12-31")
    plan = Plan(
        currency="CNY", scale=D(10000), unit=D("0.01"), start=start,
        opening=decimals(free_cash="210", ppe_net="1180", intangible_assets="30", long_term_deferred_expenses="45", share_capital="800", surplus_reserve="42"),
        sales={(day("2024-12-31"), 12): D(3050), **year_of(2025, "2980"), **quarters_of(2026, "640", "660")},
        rates={
            start: decimals(gross_margin="0.145", selling="0.012", admin="0.06", rnd="0", inventory_days="6", ar_days="82", ap_days="42", np_days="0",
                            notes_days="0", depreciation="0.14", vat="0.09", labour="0.30", write_down="0"),
            day("2026-03-31"): decimals(ar_days="122", gross_margin="0.118"),
        },
        debt={start: (D(120), D(60), D(240)), day("2024-12-31"): (D(140), D(88), D(360)), day("2025-12-31"): (D(170), D(92), D(270)), H26: (D(225), D(95), D(225))},
        spend={day("2024-12-31"): D(520), day("2025-12-31"): D(60)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C005", "books"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    run_account(
        draft, company, ledger, ["L012", "L013", "L014"], opening="980000", target="1250000", wages="310000", taxes="52000", power="9000", share="0.42",
        buyers=("华川农机有限公司", "青岚冷链物流有限公司", "东港船舶配套有限公司"), suppliers=("江州石油销售有限公司", "通达高速公路结算中心", "江州轮胎汽配有限公司"),
    )  # fmt: skip
    meter(
        draft,
        company,
        "social_security_headcount",
        lambda end: D(46) if end < date(2026, 6, 1) else D(41),
        "人",
        "社保局",
        wobble="0.01",
    )
    meter(
        draft,
        company,
        "vat_invoiced_sales",
        lambda end: D(2_480_000) if end < date(2026, 1, 1) else D(2_090_000),
        "CNY",
        "税务局",
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=1, other_bank_balance=D(900_000), other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=6, limits_total=D(7_000_000), new_lenders_3m=1)  # fmt: skip
    draft.book.add("relations", customer_id="C005", related_name="蔡志勇", relation="legal_representative")
    draft.book.add("relations", customer_id="C005", related_name="蔡志勇", relation="actual_controller", share=D("0.90"))
    draft.book.add("relations", customer_id="C005", related_name="华川农机有限公司", relation="buyer", share=D("0.38"))


def _story(draft: Draft, ledger: Ledger, half: str, note: str) -> None:
    late = draft.loans["L013"].overdue(draft.book_date)
    april = draft.loans["L012"].overdue(date(2026, 4, 30))
    reckon = Reckoner(ledger)
    draft.stories.append(Story(
        borrower="C005", slug="partial-payments", title_zh="部分还款不清零逾期天数", title_en="Part payments do not stop the clock",
        what_zh="L013自7月23日起每期10万元，8月13日付6万、9月28日付9万，最早未还清的是8月23日一期，截至10月31日逾期69天、15万元。"
        "L012是同样结构的已结清贷款：2026年4月30日回看即手册T39（69天、15万元），5月15日补齐。",
        what_en="L013 owes 100k on 23 July, August and September; 60k came on 13 August and 90k on 28 September, so the oldest not fully paid is 23 August: 69 days and "
        "150k at 31 October. L012 is the same pattern in spring, closed on 15 May: as of 30 April 2026 it is the handbook's T39.",
        signals={"BEH-02": "hit R", "BEH-03": "hit O", "FIN-07": "hit Y", "COL-03": "hit Y (insurance ends 2026-11-09)", "COV-01": "unknown (no covenant)"},
        loans={"L013": {"dpd": late[0], "overdue": str(late[1]), "bucket": "M3", "floors": ["CLS-10-1"], "stage": 2},
               "L012": {"status": "closed", "dpd": 0, "as_of 2026-04-30": {"dpd": april[0], "overdue": str(april[1])}},
               "L014": {"dpd": 0, "balance": str(draft.loans["L014"].balance)}},
        figures=(Expected(name="current_ratio", period_end="2026-06-30", value=rounded(reckon.ratio("current_ratio", H26)), basis="point"),),
        questions=(
            Question(kind="loans", zh="宏途物流逾期多少天，欠多少？", en="How many days is Hongtu past due, and how much?",
                     answer_zh=f"L013逾期{late[0]}天（最早未还清为2026年8月23日一期），逾期金额{late[1]:,.2f}元。",
                     answer_en=f"L013 is {late[0]} days past due (oldest unpaid 23 August 2026), CNY {late[1]:,.2f} overdue.", must=("69", "150,000|15万|15.00万")),
            Question(kind="loans", zh="宏途4月底的时候逾期多少天？", en="How many days past due was Hongtu at the end of April 2026?",
                     answer_zh=f"L012截至2026年4月30日逾期{april[0]}天、{april[1]:,.2f}元。", answer_en=f"L012 was {april[0]} days past due with CNY {april[1]:,.2f} on 30 April 2026.",
                     must=("69", "150,000|15万|15.00万")),
            Question(kind="notes", zh="宏途为什么还不上？", en="Why can Hongtu not pay, by its own account?",
                     answer_zh="对方称大客户华川农机压了三个月运费，11月回款后补齐（10月13日走访）。",
                     answer_en="It says its customer Huachuan has held back three months of freight and it will catch up in November (visit of 13 October).",
                     must=("华川|Huachuan",), documents=(note,)),
            Question(kind="figure", zh="宏途2026年6月末流动比率？", en="Hongtu's current ratio at June 2026?",
                     answer_zh=f"{rounded(reckon.ratio('current_ratio', H26), 2)}。", answer_en=f"{rounded(reckon.ratio('current_ratio', H26), 2)}.",
                     must=(rounded(reckon.ratio("current_ratio", H26), 2),), documents=(half,)),
        ),
    ))  # fmt: skip
