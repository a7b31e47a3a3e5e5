"""C007 西岭电缆: past due at other banks, an old loan repaid with a new one, statements two months late and then not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.accounts import Move
from eval.sample_bank.agreements import chinese_contract
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol, meter, season
from eval.sample_bank.registration import credit_code
from eval.sample_bank.reporting import ZHENGDE, annual
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, in_percent, rounded, verdict

WAN = Decimal(10000)
Y25 = date(2025, 12, 31)
CLAUSE = "借款人流动比率不得低于1.10，每半年末测算；借款人应于半年度结束后45日内提供财务报表。"


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C007", name="西岭电缆有限公司", name_en="Xiling Cable Co., Ltd.", short="西岭电缆", registration=credit_code(draft.chance("C007", "code"), "330699"),
        address="北川市西岭工业区7号", legal_representative="段西平", finance_head="孔繁", accountant="白洁", signatory_en="Duan Xiping",
    )  # fmt: skip
    enrol(
        draft, company, "S003", "B02", type="corporate", industry_code="C3831", incorporation_date=date(2010, 4, 26), enterprise_size="medium",
        internal_rating="BB-", aliases="西岭电缆;西岭;Xiling",
    )  # fmt: skip
    ledger = _books(draft)
    common: dict[str, Value] = {"payment_control": "entrusted", "secured": False, "facility_id": "F018"}
    kept = (
        Lent(
            id="L018", customer="C007", kind="working_capital", purpose="偿还编号L019借款（借新还旧）", amount=1200 * WAN, rate=D("0.0475"),
            start=date(2026, 4, 15), end=date(2027, 4, 15), repayment="interest_only", frequency="quarterly", account="A007",
            row={**common, "product_name": "流动资金贷款", "origin": "refinance", "replaces_loan_id": "L019"},
        ),
        Lent(
            id="L019", customer="C007", kind="working_capital", purpose="采购铜杆、绝缘料", amount=1200 * WAN, rate=D("0.0460"), start=date(2025, 4, 15),
            end=date(2026, 4, 15), repayment="interest_only", frequency="quarterly", account="A007", row={**common, "product_name": "流动资金贷款"},
        ),
        Lent(
            id="L020", customer="C007", kind="working_capital", purpose="采购铜杆", amount=1500 * WAN, rate=D("0.0465"), start=date(2026, 1, 15),
            end=date(2027, 1, 15), repayment="interest_only", frequency="quarterly", account="A007", row={**common, "product_name": "流动资金贷款"},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    contract = chinese_contract(
        company, [kept[0]], "江海银北（2026）流贷字第0410号", date(2026, 4, 10), reason="偿还存量借款需要", purpose="偿还编号L019借款（借新还旧）",
        security="由东陵铜材有限公司提供连带责任保证", clauses=[Clause(CLAUSE, "CV701")], lender="江海银行股份有限公司北川分行",
    )  # fmt: skip
    path = draft.contract(contract, "流动资金借款合同_江海银北2026流贷字第0410号.html", date(2026, 4, 13))
    covenant(
        draft, "CV701", "流动比率", definition=CLAUSE, metric="current_ratio", operator=">=", threshold="1.10", basis="point", scope="consolidated",
        frequency="semi_annually", first_test_date=date(2026, 6, 30), due_days=45, loan_id="L018", source_document=path,
    )  # fmt: skip
    whole = {"consolidated": ledger}
    annual(draft, company, whole, 2024, "ruled", "万元", date(2025, 4, 27), auditor=ZHENGDE)
    year = annual(
        draft, company, whole, 2025, "ruled", "万元", date(2026, 6, 29), auditor=ZHENGDE,
        opinion="我们认为，除“形成保留意见的基础”部分所述事项可能产生的影响外，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了贵公司2025年12月31日的"
        "财务状况以及2025年度的经营成果和现金流量。我们未能对存放于外地仓库的存货实施监盘。",
    )  # fmt: skip
    draft.missing(company, "西岭电缆有限公司2026年半年度财务报表.pdf", "statement", date(2026, 6, 30), date(2026, 8, 14))
    visit = VisitNote(
        company=company, language="en", day=date(2026, 9, 17), hour="10:30", place="7 Xiling Industrial Zone, Beichuan", visitors=("Emma Hartley", "Zhao Minyi"),
        met="Mr Kong Fan, head of finance", purpose="Overdue half-year accounts; arrears reported by the credit bureau",
        seen=["3 of 7 extrusion lines running, one shift.", "Copper rod store almost empty, about 18 t."],
        checked=["Bureau report of 31 August: CNY 13.0m over 90 days past due at two other banks.", "No half-year accounts could be shown; the ledger was last closed in April."],
        said=["\"The other banks pulled their lines in spring, we are talking to them.\"", "\"The half-year accounts will be ready next week.\""],
        differences=["The bureau shows arrears that the borrower did not disclose when L018 was granted on 15 April."],
        collateral="None; guaranteed by Dongling Copper, itself past due.",
        view="Weak liquidity and undisclosed arrears; propose substandard and a creditor meeting.", follow_ups=["Half-year accounts by 30 September.", "List of all bank debt by 30 September."],
    )  # fmt: skip
    note = draft.note(visit, "Site_visit_note_2026-09-17.docx", date(2026, 9, 18))
    _registers(draft, company, ledger)
    _story(draft, ledger, year, note)


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="1100", ppe_net="3900", intangible_assets="540", share_capital="4000", surplus_reserve="190"),
        sales={(day("2023-12-31"), 12): D(25500), (day("2024-12-31"), 12): D(26200), **year_of(2025, "24100"), **quarters_of(2026, "4600", "4700")},
        rates={start: decimals(gross_margin="0.112", selling="0.02", admin="0.03", rnd="0.016", ar_days="96", inventory_days="60", ap_days="52", np_days="24"),
               day("2025-09-30"): decimals(gross_margin="0.085", ar_days="118")},
        debt={start: (D(5300), D(0), D(400)), day("2024-12-31"): (D(5700), D(0), D(400)), Y25: (D(6300), D(0), D(300))},
        spend={day("2023-12-31"): D(350), day("2024-12-31"): D(260)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C007", "books"))


def _split() -> tuple[Move, ...]:
    """12.1 million out of L020 to one supplier within six days, each payment below the 10 million from which the bank pays itself."""
    return tuple(
        Move(day=day(when), way="out", amount=amount * WAN, party="北川绝缘材料有限公司", memo="采购款")
        for when, amount in (("2026-01-16", 460), ("2026-01-19", 430), ("2026-01-21", 320))
    )


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    run_account(
        draft, company, ledger, ["L018", "L019", "L020"], opening="2600000", target="1500000", wages="720000", taxes="150000", power="90000", share="0.2",
        buyers=("北川电力工程有限公司", "滨海地产配套有限公司", "江州安装集团有限公司"), suppliers=("东陵铜材有限公司", "北川绝缘材料有限公司"),
        moves=_split(),
    )  # fmt: skip
    meter(draft, company, "electricity_kwh", lambda end: D(180_000) * season(end, date(2026, 5, 1), "0.78"), "kWh", "供电公司")
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(20_500_000) * season(end, date(2026, 1, 1), "0.80"), "CNY", "税务局"
    )
    bureau(draft, company, date(2026, 3, 31), other_bank_count=4, other_bank_balance=3600 * WAN, other_bank_overdue=180 * WAN, max_overdue_days=21,
           guarantee_balance=2200 * WAN, enquiries_6m=8, limits_total=8400 * WAN, new_lenders_3m=1, other_bank_overdue_90=D(0), other_bank_npl=D(0))  # fmt: skip
    bureau(draft, company, date(2026, 8, 31), other_bank_count=4, other_bank_balance=3200 * WAN, other_bank_overdue=1450 * WAN, max_overdue_days=128,
           guarantee_balance=2200 * WAN, enquiries_6m=14, limits_total=5400 * WAN, new_lenders_3m=3, other_bank_overdue_90=1300 * WAN, other_bank_npl=1300 * WAN)  # fmt: skip
    for name, relation, share, other in (
        ("段西平", "legal_representative", None, None),
        ("段西平", "actual_controller", D("0.65"), None),
        ("东陵铜材有限公司", "supplier", D("0.42"), "C006"),
    ):
        draft.book.add(
            "relations", customer_id="C007", related_name=name, relation=relation, share=share, related_customer_id=other
        )


def _story(draft: Draft, ledger: Ledger, year: str, note: str) -> None:
    reckon = Reckoner(ledger)
    ours = draft.loans["L018"].balance + draft.loans["L020"].balance
    share = 1300 * WAN / (ours + 3200 * WAN)
    late = (draft.book_date - date(2026, 8, 14)).days
    draft.stories.append(Story(
        borrower="C007", slug="other-banks-and-late-papers", title_zh="他行逾期、借新还旧、报表迟交", title_en="Arrears elsewhere, a loan repaid with a loan, late papers",
        what_zh="征信2026年8月31日显示他行逾期90天以上1,300万元，占其全部银行债务"
        f"{in_percent(share)}，超过20%（CLS-11-4）；他行已有不良（CLS-10-4）。L018系借新还旧归还L019（CLS-10-3），中型企业且非续贷，不适用豁免。"
        f"2025年报6月29日才到（迟60天），半年报应于8月14日提交，已迟{late}天。审计意见为保留。"
        "L020约定受托支付，1月16日至21日却分三笔向北川绝缘材料自主支付1,210万元，每笔低于1,000万元。",
        what_en=f"The bureau of 31 August 2026 shows 13.0m over 90 days past due elsewhere, {in_percent(share)} of its debt at all banks, over 20 % (CLS-11-4), and a loan "
        f"non-performing elsewhere (CLS-10-4). L018 repaid L019 (CLS-10-3), no exemption. FY2025 came on 29 June, 60 days late; the half-year due on 14 August is {late} days late. "
        "L020 was to be paid out by the bank; instead 12.1m went to one supplier in three payments within six days, each below 10m.",
        signals={"BEH-08": "hit R", "DOC-01": "hit O", "BEH-09": "hit O", "BEH-10": "hit O", "MGT-06": "hit O", "GUA-01": "hit O", "COV-03": "hit O"},
        covenants={"CV701": "not_evidenced (2026-06-30 accounts missing); " + verdict(reckon.ratio("current_ratio", Y25), ">=", D("1.1")) + " at 2025-12-31"},
        loans={"L018": {"dpd": 0, "balance": "12000000.00", "floors": ["CLS-10-3", "CLS-10-4", "CLS-11-4", "CLS-7-1"], "proposed": "substandard"},
               "L020": {"dpd": 0, "balance": "15000000.00", "floors": ["CLS-10-4", "CLS-11-4", "CLS-7-1"], "proposed": "substandard",
                        "splitting": "12100000.00"}, "L019": {"status": "closed"}},
        figures=(Expected(name="current_ratio", period_end="2025-12-31", value=rounded(reckon.ratio("current_ratio", Y25)), basis="point"),
                 Expected(name="debt_to_assets", period_end="2025-12-31", value=rounded(reckon.ratio("debt_to_assets", Y25)), basis="point")),
        questions=(
            Question(kind="bureau", zh="西岭电缆在其他银行有逾期吗？", en="Is Xiling past due at other banks?",
                     answer_zh="有：截至2026年8月31日他行逾期1,450万元，其中90天以上1,300万元，最长128天。",
                     answer_en="Yes: CNY 14.5m at 31 August 2026, of which 13.0m over 90 days, the longest 128 days.", must=("1,450|14.5|14,500,000", "128")),
            Question(kind="documents", zh="西岭电缆的半年报交了吗？", en="Has Xiling delivered its half-year accounts?",
                     answer_zh=f"没有，应于2026年8月14日提交，截至10月31日已迟{late}天。", answer_en=f"No; due 14 August 2026, {late} days late at 31 October.", must=(str(late),)),
            Question(kind="loans", zh="L018是怎么来的？", en="Where did L018 come from?",
                     answer_zh="借新还旧：2026年4月15日发放，用于归还L019的1,200万元。", answer_en="It repaid L019: granted on 15 April 2026, 12.0m.", must=("L019",)),
            Question(kind="notes", zh="走访西岭时对方怎么解释？", en="What did Xiling say at the visit?",
                     answer_zh="对方称其他银行春季抽贷、正在协商，半年报下周能出（9月17日）。", answer_en="That other banks pulled their lines in spring and the accounts would be ready next week "
                     "(17 September).", must=("银行|banks",), documents=(note,)),
            Question(kind="not_available", zh="西岭2026年6月末的流动比率达标吗？", en="Does Xiling meet its current ratio covenant at June 2026?",
                     answer_zh="无法证明：半年报未收到，不能视为达标；最近可算为2025年末。", answer_en="Not evidenced: the accounts have not come, which does not count as met.",
                     must=("未收到|缺|无法|ot evidenced|not been|missing",), documents=(year,)),
        ),
    ))  # fmt: skip
