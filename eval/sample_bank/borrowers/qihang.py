"""C002 滨海启航电器: a healthy exporter, to show that quiet firms stay quiet. One instalment is late for the bank's own reasons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.agreements import chinese_contract
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
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
from eval.sample_bank.truth import Reckoner, in_percent, in_wan, rounded

WAN = Decimal(10000)
H26, Q26 = date(2026, 6, 30), date(2026, 9, 30)
SETS = "借款人应确保合并口径资产负债率不高于60%，每半年末测算。"
COVER = "借款人每一会计年度的利息保障倍数（EBITDA/利息费用）不得低于4.00倍。"


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C002", name="滨海启航电器股份有限公司", name_en="Binhai Qihang Appliances Co., Ltd.", short="启航电器",
        registration=credit_code(draft.chance("C002", "code"), "330299"), address="滨海市保税区启航路8号", legal_representative="林海生",
        finance_head="何晴", accountant="徐静", signatory_en="Lin Haisheng",
    )  # fmt: skip
    enrol(
        draft, company, "S002", "B01", type="corporate", industry_code="C3857", incorporation_date=date(2004, 3, 9),
        enterprise_size="large", internal_rating="A", aliases="启航电器;启航;Qihang",
    )  # fmt: skip
    ledger = _books(draft)
    loans = _loans(draft)
    contract = chinese_contract(
        company, [draft.loans["L005"].lent], "江海银（2026）流贷字第0117号", date(2026, 1, 16), reason="出口订单备货需要",
        purpose="采购电机、压缩机等零部件", security="信用",
        clauses=[Clause(SETS, "CV201"), Clause(COVER, "CV202")],
    )  # fmt: skip
    path = draft.contract(contract, "流动资金借款合同_江海银2026流贷字第0117号.pdf", date(2026, 1, 16))
    shared = {"loan_id": "L005", "source_document": path, "scope": "consolidated"}
    covenant(draft, "CV201", "资产负债率", definition=SETS, metric="debt_to_assets", operator="<=", threshold="0.60", basis="point",
             frequency="semi_annually", first_test_date=H26, due_days=60, source_page=contract.pages["CV201"], **shared)  # fmt: skip
    covenant(draft, "CV202", "利息保障倍数", definition=COVER, metric="icr_ebitda", operator=">=", threshold="4.0", basis="annual",
             frequency="annually", first_test_date=date(2025, 12, 31), due_days=120, source_page=contract.pages["CV202"], **shared)  # fmt: skip
    group = {"consolidated": ledger}
    annual(draft, company, group, 2024, "two_column", "元", date(2025, 4, 18))
    annual(draft, company, group, 2025, "two_column", "元", date(2026, 4, 15))
    interim(draft, company, group, H26, "two_column", "元", date(2026, 8, 6), due=date(2026, 8, 14))
    third = interim(draft, company, group, Q26, "ruled", "元", date(2026, 10, 22), due=date(2026, 11, 14), quarter_columns=True)
    note = VisitNote(
        company=company, language="zh", day=date(2026, 9, 10), hour="09:30", place="滨海保税区厂区", visitors=("张岚", "王建国"),
        met="财务总监何晴", purpose="三季度例行检查",
        seen=["5条总装线全部开工，两班生产。", "成品库周转正常，当日装柜14个。"],
        checked=["8月报关出口额1,960万元，与账面一致。", "8月用电68.4万度，同比+7%。", "抽查9笔出口收汇，账期均在60天以内。"],
        said=["“欧洲订单排到明年二月。”"], collateral="信用贷款，无押品。", view="经营稳健，无异常。", follow_ups=["10月末前提供三季报。"],
    )  # fmt: skip
    draft.note(note, "贷后走访记录_20260910.md", date(2026, 9, 11))
    _registers(draft, company, ledger, loans)
    _story(draft, ledger, third)


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(
            free_cash="4200", ppe_net="8800", construction_in_progress="260", intangible_assets="1450", long_term_equity_investments="300",
            right_of_use_assets="0", long_term_deferred_expenses="120", share_capital="8000", capital_surplus="2600", surplus_reserve="900",
        ),
        sales={(day("2023-12-31"), 12): D(38000), (day("2024-12-31"), 12): D(41500), **year_of(2025, "45800"), **quarters_of(2026, "11050", "12600", "12900")},
        rates={start: decimals(gross_margin="0.235", ar_days="58", inventory_days="62", ap_days="58", selling="0.045", tax_rate="0.15", rnd="0.035")},
        debt={start: (D(3600), D(480), D(1440)), day("2026-03-31"): (D(3200), D(480), D(1200)), Q26: (D(3200), D(480), D(840))},
        spend={day("2023-12-31"): D(1250), day("2024-12-31"): D(1400), day("2025-06-30"): D(700), day("2025-12-31"): D(800), H26: D(650)},
        dividends={day("2024-12-31"): D(900), day("2025-06-30"): D(1100), H26: D(1200)}, vat_free_share=D("0.72"),
    )  # fmt: skip
    return simulate(plan, draft.chance("C002", "books"))


def _loans(draft: Draft) -> list[str]:
    kept = [
        Lent(
            id="L005", customer="C002", kind="working_capital", purpose="采购电机、压缩机等零部件", amount=1500 * WAN, rate=Decimal("0.0345"),
            start=date(2026, 1, 20), end=date(2027, 1, 20), repayment="interest_only", frequency="quarterly", account="A002",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False, "limit_amount": 2500 * WAN},
        ),
        Lent(
            id="L006", customer="C002", kind="trade", purpose="出口订单项下备货（美元）", amount=D(2_000_000), rate=Decimal("0.0510"), currency="USD",
            start=date(2026, 6, 15), end=date(2026, 12, 14), repayment="bullet", frequency="at_maturity",
            row={"product_name": "出口订单融资", "payment_control": "entrusted", "secured": True},
        ),
        Lent(
            id="L007", customer="C002", kind="fixed_asset", purpose="总装线自动化改造", amount=2400 * WAN, rate=Decimal("0.0385"),
            start=date(2024, 1, 27), end=date(2029, 1, 27), repayment="equal_principal", frequency="quarterly", account="A002",
            unpaid_from=date(2026, 10, 27),
            row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True,
                 "technical_overdue_reason": "10月27日核心系统批量扣款失败，借款人账户余额充足，已于次日登记，待补扣"},
        ),
    ]  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L007", type="equipment", description="总装线设备5条", value=3600 * WAN, currency_code="CNY",
        value_date=date(2026, 1, 12), valuation_type="cost", orig_value=4800 * WAN, owner_id="C002", charge="抵押", insurance_end_date=date(2027, 1, 31),
        lien_rank=1,
    )  # fmt: skip
    draft.book.add(
        "mitigants", loan_ids="L006", kind="credit_insurance", provider="滨海出口信用保险公司", cover=D(1_800_000), cover_share=D("0.90"),
        start_date=date(2026, 6, 15), end_date=date(2027, 3, 31), claim_deadline_days=60,
    )  # fmt: skip
    return [lent.id for lent in kept]


def _registers(draft: Draft, company: Company, ledger: Ledger, loans: list[str]) -> None:
    run_account(
        draft, company, ledger, loans, opening="9600000", target="9800000", wages="3100000", taxes="880000", power="430000", share="0.35",
        buyers=("NordHaus GmbH", "Atlantic Home Inc.", "滨海进出口有限公司", "Casa Blanca SA"),
        suppliers=("滨海电机有限公司", "新川压缩机有限公司", "江州包装材料有限公司"),
    )  # fmt: skip
    meter(draft, company, "electricity_kwh", lambda end: D(600_000) * season(end, date(2025, 10, 1), "1.07"), "kWh", "供电公司")
    meter(
        draft,
        company,
        "export_customs_value",
        lambda end: D(23_000_000) * season(end, date(2025, 10, 1), "1.09"),
        "CNY",
        "海关",
    )
    meter(draft, company, "social_security_headcount", lambda end: D(640), "人", "社保局", wobble="0.008")
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(38_200_000) * season(end, date(2026, 1, 1), "1.08"), "CNY", "税务局"
    )
    for end in (date(2026, 3, 31), Q26):
        bureau(draft, company, end, other_bank_count=3, other_bank_balance=1750 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
               guarantee_balance=D(0), enquiries_6m=2, limits_total=12000 * WAN, new_lenders_3m=0)  # fmt: skip
    for name, relation, share in (
        ("林海生", "legal_representative", None),
        ("林海生", "actual_controller", D("0.46")),
        ("NordHaus GmbH", "buyer", D("0.22")),
    ):
        draft.book.add("relations", customer_id="C002", related_name=name, relation=relation, share=share)


def _story(draft: Draft, ledger: Ledger, third: str) -> None:
    reckon, year = Reckoner(ledger), date(2025, 12, 31)
    growth, ratio = reckon.ytd_growth("revenue", Q26), reckon.ratio("debt_to_assets", H26)
    quarter, nine = reckon.flow("revenue", Q26, 3), reckon.flow("revenue", Q26, 9)
    overdue = draft.loans["L007"].overdue(draft.book_date)
    draft.stories.append(Story(
        borrower="C002", slug="healthy-exporter", title_zh="健康的出口企业（技术性逾期）", title_en="A healthy exporter with a technical overdue",
        what_zh="收入、出口报关、用电同步增长，约束条件全部满足，三季报提前送达。L007于10月27日因核心系统批量扣款失败逾期，原因已登记、不超过7天，不应下调分类。"
        "三季报利润表同时列示7-9月与1-9月，取数不可混淆。",
        what_en="Sales, customs value and power grow together, every covenant is met, Q3 accounts came early. L007 is past due since 27 October only because "
        "the bank's batch debit failed: recorded, under 8 days, so no downgrade. The Q3 income statement prints July-September beside January-September.",
        signals={"FIN-01": "clear", "OPS-01": "clear", "OPS-03": "clear", "DOC-01": "clear", "COV-01": "clear", "BEH-01": "clear (technical)"},
        covenants={"CV201": f"compliant {rounded(ratio)}", "CV202": f"compliant {rounded(reckon.ratio('icr_ebitda', year))}"},
        loans={"L007": {"dpd": overdue[0], "overdue": str(overdue[1]), "floors": [], "exempt": "CLS-10-1 technical"},
               "L006": {"balance": "2000000.00", "currency": "USD", "dpd": 0}, "L005": {"balance": "15000000.00", "dpd": 0}},
        figures=(
            Expected(name="revenue", period_end="2026-09-30", value=rounded(nine, 2), unit="currency", basis="ytd"),
            Expected(name="debt_to_assets", period_end="2026-06-30", value=rounded(ratio), basis="point"),
            Expected(name="icr_ebitda", period_end="2025-12-31", value=rounded(reckon.ratio("icr_ebitda", year)), basis="fy"),
        ),
        questions=(
            Question(kind="figure", zh="启航电器2026年前三季度收入是多少，同比如何？", en="What was Qihang's revenue for the first nine months of 2026, and how does it compare?",
                     answer_zh=f"{in_wan(nine)}万元，同比增长{in_percent(growth)}。", answer_en=f"CNY {nine / 1000000:,.2f} million, up {in_percent(growth)}.",
                     must=(f"{in_wan(nine)}|{nine:,.2f}|{nine / 1000000:,.2f}", in_percent(growth)), documents=(third,)),
            Question(kind="figure", zh="启航电器2026年第三季度单季收入呢？", en="And Qihang's revenue in the third quarter of 2026 alone?",
                     answer_zh=f"7-9月{in_wan(quarter)}万元。", answer_en=f"CNY {quarter / 1000000:,.2f} million in July to September.",
                     must=(f"{in_wan(quarter)}|{quarter:,.2f}|{quarter / 1000000:,.2f}",), documents=(third,)),
            Question(kind="loans", zh="启航电器有逾期吗，要不要下调分类？", en="Is Qihang past due, and must its class go down?",
                     answer_zh=f"L007逾期{overdue[0]}天、{overdue[1]:,.2f}元，系核心系统批量扣款失败，有登记原因且未超过7天，不适用CLS-10-1，不下调。",
                     answer_en=f"L007 is {overdue[0]} days past due with CNY {overdue[1]:,.2f}, a failed batch debit with a recorded reason and not over 7 days: "
                     "CLS-10-1 does not apply.", must=(str(overdue[0]), "技术|批量|technical|batch")),
            Question(kind="loans", zh="启航电器的贷款合计多少？", en="What do Qihang's loans add up to?",
                     answer_zh="人民币与美元不能直接相加：L006为200万美元；人民币部分按余额列示，折算须注明汇率、日期和来源。",
                     answer_en="Yuan and dollars do not add without a rate: L006 is USD 2.00 million; the yuan loans are shown apart.",
                     must=("USD|美元",)),
        ),
    ))  # fmt: skip
