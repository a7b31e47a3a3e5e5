"""C004 青岚食品集团: leverage stands still while its limit steps down, so what passed at year end fails at mid-year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.agreements import chinese_contract
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents, months_later
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol, meter, season
from eval.sample_bank.registration import credit_code
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, rounded, verdict

WAN = Decimal(10000)
Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
STEP = (
    "借款人合并口径总债务/EBITDA（按最近十二个月计算）：2026年6月29日（含）以前不得高于4.50倍；自2026年6月30日起不得高于4.00倍；"
    "自2027年6月30日起不得高于3.50倍。每半年末测算。"
)
DSCR = "借款人应确保每一会计年度偿债备付率（（EBITDA－所得税）/（当期应还本金＋利息））不低于1.10。"


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C004", name="青岚食品集团股份有限公司", name_en="Qinglan Foods Group Co., Ltd.", short="青岚食品",
        registration=credit_code(draft.chance("C004", "code"), "330599"), address="江州市青岚路1号", legal_representative="程青山",
        finance_head="韩雪", accountant="罗敏", signatory_en="Cheng Qingshan",
    )  # fmt: skip
    enrol(
        draft, company, "S001", "B01", type="corporate", industry_code="C1353", incorporation_date=date(2002, 10, 8), enterprise_size="large",
        internal_rating="BBB", aliases="青岚食品;青岚;青岚集团;Qinglan",
    )  # fmt: skip
    ledger = _books(draft)
    rate, start = Decimal("0.0455"), date(2024, 5, 28)
    dues, balance = [], 6000 * WAN
    for number in range(1, 11):
        principal = (450 if number <= 4 else 700) * WAN
        opened, due = months_later(start, 6 * (number - 1)), months_later(start, 6 * number)
        dues.append(Due(due, principal, cents(balance * rate * (due - opened).days / 360)))
        balance -= principal
    for lent in (
        Lent(
            id="L010", customer="C004", kind="fixed_asset", purpose="冷链物流中心及三期预制菜车间建设", amount=6000 * WAN, rate=rate, start=start,
            end=dues[-1].day, repayment="step", frequency="semi_annually", flows=dues, account="A004",
            row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True, "facility_id": "F010"},
        ),
        Lent(
            id="L011", customer="C004", kind="working_capital", purpose="采购肉类、油脂等原料", amount=1200 * WAN, rate=Decimal("0.0425"),
            start=date(2026, 4, 17), end=date(2027, 4, 17), repayment="interest_only", frequency="quarterly", account="A004",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": True, "facility_id": "F010"},
        ),
    ):  # fmt: skip
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L010;L011", type="real_estate", description="冷链物流中心土地及在建工程", value=9200 * WAN, currency_code="CNY",
        value_date=date(2026, 2, 26), valuation_type="market", orig_value=8800 * WAN, owner_id="C004", charge="抵押",
        insurance_end_date=date(2027, 2, 20), lien_rank=1,
    )  # fmt: skip
    contract = chinese_contract(
        company, [draft.loans["L010"].lent], "江海银（2024）固贷字第0520号", date(2024, 5, 20), reason="建设冷链物流中心及三期预制菜车间",
        purpose="冷链物流中心及三期预制菜车间建设", security="由乙方以冷链物流中心土地使用权及在建工程提供抵押担保",
        clauses=[Clause(STEP, "CV401"), Clause(DSCR, "CV402")],
    )  # fmt: skip
    path = draft.contract(contract, "固定资产借款合同_江海银2024固贷字第0520号.pdf", date(2024, 5, 22))
    covenant(
        draft, "CV401", "总债务/EBITDA", definition=STEP, metric="debt_to_ebitda", operator="<=", threshold="4.5",
        threshold_steps="2026-06-30:4.0;2027-06-30:3.5", basis="ltm", scope="consolidated", frequency="semi_annually", first_test_date=date(2024, 12, 31),
        due_days=120, loan_id="L010", source_document=path, source_page=contract.pages["CV401"], cure_days=30,
    )  # fmt: skip
    covenant(
        draft, "CV402", "偿债备付率", definition=DSCR, metric="dscr", operator=">=", threshold="1.10", basis="annual", scope="consolidated",
        frequency="annually", first_test_date=date(2024, 12, 31), due_days=120, loan_id="L010", source_document=path,
        source_page=contract.pages["CV402"],
    )  # fmt: skip
    whole = {"consolidated": ledger}
    annual(draft, company, whole, 2024, "ruled", "元", date(2025, 4, 14))
    year = annual(draft, company, whole, 2025, "ruled", "元", date(2026, 4, 16))
    half = interim(draft, company, whole, H26, "ruled", "元", date(2026, 8, 10), due=date(2026, 8, 14))
    visit = VisitNote(
        company=company, language="zh", day=date(2026, 8, 20), hour="14:30", place="青岚路总部及冷链中心工地", visitors=("李晓峰", "王建国"),
        met="董事会秘书韩雪", purpose="半年度检查，杠杆约束到期下调沟通",
        seen=["冷链中心主体封顶，设备安装约七成。", "预制菜车间三条线满负荷。"], checked=["7月用电151.2万度，同比+3%。"],
        said=["“杠杆四倍以内的要求，年底投产后就能达到，希望银行宽限一次。”"], collateral="在建工程无查封。",
        view="经营稳定，杠杆未随限额下降，需在豁免与压降之间选择。", follow_ups=["9月10日前提交压降负债方案或书面豁免申请。"],
    )  # fmt: skip
    note = draft.note(visit, "贷后走访记录_20260820.pdf", date(2026, 8, 21))
    _registers(draft, company, ledger)
    _story(draft, ledger, (year, half, note, path))


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(
            free_cash="4800", ppe_net="15200", construction_in_progress="2600", intangible_assets="3100", goodwill="900",
            long_term_equity_investments="600", deferred_income="420", share_capital="12000", capital_surplus="3500", surplus_reserve="1500",
            minority_interest="1300",
        ),
        sales={(day("2023-12-31"), 12): D(48000), (day("2024-12-31"), 12): D(50500), **year_of(2025, "52300"), **quarters_of(2026, "11850", "13250")},
        rates={start: decimals(gross_margin="0.225", selling="0.093", admin="0.045", rnd="0.011", ar_days="48", inventory_days="58", ap_days="50", minority="0.05")},
        debt={start: (D(9500), D(1200), D(7200)), day("2024-12-31"): (D(10200), D(1500), D(9300)), day("2025-06-30"): (D(10600), D(1650), D(9200)),
              Y25: (D(11200), D(1800), D(9300)), H26: (D(11400), D(1900), D(9200))},
        levels={day("2024-12-31"): decimals(construction_in_progress="4800"), Y25: decimals(construction_in_progress="7600"), H26: decimals(construction_in_progress="9100")},
        spend={day("2023-12-31"): D(2600), day("2024-12-31"): D(4300), day("2025-06-30"): D(2000), Y25: D(2600), H26: D(1900)},
        dividends={day("2024-12-31"): D(600), Y25: D(600)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C004", "books"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    run_account(
        draft, company, ledger, ["L010", "L011"], opening="8200000", target="8600000", wages="3900000", taxes="950000", power="1050000", share="0.3",
        buyers=("惠邻连锁超市有限公司", "江州学校后勤集团", "鲜达电商有限公司", "东部餐饮供应链有限公司"), suppliers=("牧野冷鲜肉业有限公司", "金谷油脂有限公司", "江州包装材料有限公司"),
    )  # fmt: skip
    meter(
        draft, company, "electricity_kwh", lambda end: D(1_450_000) * season(end, date(2026, 1, 1), "1.03"), "kWh", "供电公司"
    )
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(43_000_000) * season(end, date(2026, 1, 1), "1.02"), "CNY", "税务局"
    )
    meter(draft, company, "social_security_headcount", lambda end: D(1120), "人", "社保局", wobble="0.006")
    bureau(draft, company, date(2026, 9, 30), other_bank_count=5, other_bank_balance=16700 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=900 * WAN, enquiries_6m=4, limits_total=26000 * WAN, new_lenders_3m=0)  # fmt: skip
    for name, relation, share in (
        ("程青山", "legal_representative", None),
        ("程青山", "actual_controller", D("0.51")),
        ("青岚冷链物流有限公司", "subsidiary", D("0.75")),
    ):
        draft.book.add("relations", customer_id="C004", related_name=name, relation=relation, share=share)


def _story(draft: Draft, ledger: Ledger, papers: tuple[str, str, str, str]) -> None:
    reckon = Reckoner(ledger)
    then, now = reckon.ratio("debt_to_ebitda", Y25), reckon.ratio("debt_to_ebitda", H26)
    cure = reckon.total_debt(H26) - 4 * reckon.ebitda(H26)
    draft.stories.append(Story(
        borrower="C004", slug="step-down-breach", title_zh="杠杆限额阶梯下调后突破", title_en="Breach by step-down",
        what_zh="总债务/EBITDA基本未变，但限额自2026年6月30日起由4.50倍降至4.00倍：年末满足，半年末突破。测试日当天即适用新限额。对方口头请求豁免，尚无书面豁免。",
        what_en="Debt/EBITDA hardly moved, but the limit fell from 4.50x to 4.00x from 30 June 2026 inclusive: met at year end, breached at mid-year. The borrower "
        "asked by word of mouth for a waiver; none is recorded.",
        signals={"COV-01": "hit R", "FIN-01": "clear", "OPS-01": "clear", "DOC-01": "clear", "BEH-01": "clear"},
        covenants={"CV401 2025-12-31": verdict(then, "<=", D("4.5")), "CV401 2026-06-30": verdict(now, "<=", D(4)),
                   "CV402": verdict(reckon.ratio("dscr", Y25), ">=", D("1.1"))},
        loans={"L010": {"balance": str(draft.loans["L010"].balance), "dpd": 0}, "L011": {"balance": "12000000.00", "dpd": 0}},
        figures=(
            Expected(name="debt_to_ebitda", period_end="2025-12-31", value=rounded(then), basis="fy"),
            Expected(name="debt_to_ebitda", period_end="2026-06-30", value=rounded(now), basis="ltm"),
            Expected(name="dscr", period_end="2025-12-31", value=rounded(reckon.ratio("dscr", Y25)), basis="fy"),
        ),
        questions=(
            Question(kind="covenant", zh="青岚食品的杠杆约束达标吗？", en="Is Qinglan's leverage covenant met?",
                     answer_zh=f"未达标：2026年6月末{rounded(now, 2)}倍，自2026年6月30日起限额为4.00倍；2025年末{rounded(then, 2)}倍，当时限额4.50倍，满足。",
                     answer_en=f"No: {rounded(now, 2)}x at 30 June 2026 against 4.00x, which applies from that day; {rounded(then, 2)}x at year end met the 4.50x of then.",
                     must=(rounded(now, 2), "4.00|4.0"), documents=(papers[1], papers[3])),
            Question(kind="covenant", zh="青岚要还多少债才能回到4.00倍？", en="How much debt must Qinglan repay to be back at 4.00x?",
                     answer_zh=f"{cure / 10000:,.2f}万元（总债务－4.00×LTM EBITDA）。", answer_en=f"CNY {cure / 1000000:,.2f} million (Total Debt - 4.00 x LTM EBITDA).",
                     must=(f"{cure / 10000:,.2f}|{cure / 1000000:,.2f}|{cure:,.2f}",), documents=(papers[1],)),
            Question(kind="notes", zh="青岚有没有拿到豁免？", en="Has Qinglan been granted a waiver?",
                     answer_zh="没有记录：8月20日走访时对方口头希望宽限，尚无书面豁免。", answer_en="None is recorded: they asked for leniency at the visit of 20 August, nothing in writing.",
                     must=("没有|尚无|无|no|none|not",), documents=(papers[2],)),
        ),
    ))  # fmt: skip
