"""C003 临河新纺纺织: sales fall for a year and a half, the visit finds five of eight lines idle, the firm says it is high season."""

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
from eval.sample_bank.truth import Reckoner, in_percent, in_wan, rounded, verdict

WAN = Decimal(10000)
H26, H25 = date(2026, 6, 30), date(2025, 6, 30)
CLAUSE = "借款人应确保利息保障倍数（（利润总额＋利息费用）/利息费用，按最近十二个月计算）不低于4.00倍，每半年末测算。"
LIQUID = "借款人流动比率不得低于1.00，每半年末测算。"


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C003", name="临河新纺纺织有限公司", name_en="Linhe Xinfang Textile Co., Ltd.", short="新纺纺织",
        registration=credit_code(draft.chance("C003", "code"), "330499"), address="临河县纺织工业园2号", legal_representative="沈国梁",
        finance_head="陆文娟", accountant="钱小燕", signatory_en="Shen Guoliang",
    )  # fmt: skip
    enrol(
        draft, company, "S001", "B01", type="sme", industry_code="C1711", incorporation_date=date(2011, 5, 20), enterprise_size="medium",
        internal_rating="BBB-", aliases="新纺纺织;新纺;Xinfang",
    )  # fmt: skip
    ledger = _books(draft)
    for lent in (
        Lent(
            id="L008", customer="C003", kind="working_capital", purpose="采购棉纱、化纤原料", amount=1800 * WAN, rate=Decimal("0.0445"),
            start=date(2025, 12, 10), end=date(2026, 12, 10), repayment="interest_only", frequency="quarterly", account="A003",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": True, "limit_amount": 1800 * WAN, "facility_id": "F008",
                 "origin": "renewal", "replaces_loan_id": "L08H"},
        ),
        Lent(
            id="L009", customer="C003", kind="fixed_asset", purpose="喷气织机更新", amount=1200 * WAN, rate=Decimal("0.0465"),
            start=date(2023, 9, 15), end=date(2028, 9, 15), repayment="equal_principal", frequency="quarterly", account="A003",
            delays={date(2026, 6, 15): 4, date(2026, 9, 15): 9},
            row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True, "facility_id": "F008"},
        ),
    ):  # fmt: skip
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L008;L009", type="real_estate", description="临河县纺织工业园2号厂房", value=3600 * WAN, currency_code="CNY",
        value_date=date(2025, 3, 18), valuation_type="market", orig_value=4100 * WAN, owner_id="C003", charge="抵押",
        insurance_end_date=date(2027, 3, 17), lien_rank=1,
    )  # fmt: skip
    contract = chinese_contract(
        company, [draft.loans["L008"].lent], "江海银（2025）流贷字第1206号", date(2025, 12, 6), reason="原料采购周转需要", purpose="采购棉纱、化纤原料",
        security="由乙方以其名下临河县纺织工业园2号厂房提供抵押担保", clauses=[Clause(CLAUSE, "CV301"), Clause(LIQUID, "CV302")],
        payment="采用借款人自主支付方式。",
    )  # fmt: skip
    path = draft.contract(contract, "流动资金借款合同_江海银2025流贷字第1206号.pdf", date(2025, 12, 8))
    for number, name, text, metric, limit, basis in (
        ("CV301", "利息保障倍数", CLAUSE, "icr_ebit", "4.0", "ltm"), ("CV302", "流动比率", LIQUID, "current_ratio", "1.0", "point"),
    ):  # fmt: skip
        covenant(
            draft, number, name, definition=text, metric=metric, operator=">=", threshold=limit, basis=basis, frequency="semi_annually",
            first_test_date=date(2025, 12, 31), due_days=60, loan_id="L008", source_document=path, source_page=contract.pages[number],
            scope="consolidated",
        )  # fmt: skip
    whole = {"consolidated": ledger}
    for year, received in ((2024, date(2025, 4, 25)), (2025, date(2026, 4, 28))):
        annual(draft, company, whole, year, "workbook", "万元", received)
    interim(draft, company, whole, H25, "workbook", "万元", date(2025, 8, 12), due=date(2025, 8, 14))
    half = interim(draft, company, whole, H26, "workbook", "万元", date(2026, 8, 14), due=date(2026, 8, 14))
    visit = VisitNote(
        company=company, language="zh", day=date(2026, 9, 24), hour="10:20", place="临河县纺织工业园", visitors=("李晓峰", "张岚"),
        met="总经理沈国梁、财务经理陆文娟", purpose="二季度收入下滑核实",
        seen=["8条织造线仅3条开机，5条停机且机台有积尘。", "白班约60人在岗，夜班已取消。", "坯布仓库堆放至通道，标签多为2026年3月以前。"],
        checked=["8月用电21.4万度，同比-41%。", "社保9月参保318人，年初为412人。", "抽查8月工资发放，较合同约定晚发12天。"],
        said=["“现在是旺季，订单很满，停机是在换品种。”", "“四季度收入能追回来。”"],
        differences=["报表存货账面金额未计提跌价，现场坯布库龄超过180天。", "对方称订单饱满，与开机率不足四成、用电下降四成不符。"],
        collateral="抵押厂房在用。", view="产能大量闲置，收入下滑属实，还款来源减弱，建议上调至重点关注。",
        follow_ups=["10月15日前提供在手订单清单。", "10月31日前提供存货库龄表。"],
    )  # fmt: skip
    note = draft.note(visit, "贷后走访记录_20260924.docx", date(2026, 9, 25))
    _registers(draft, company, ledger)
    _story(draft, ledger, half, note)


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    weak = day("2026-03-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="1500", ppe_net="6400", construction_in_progress="80", intangible_assets="620", share_capital="3000", surplus_reserve="310"),
        sales={
            (day("2023-12-31"), 12): D(21000), **year_of(2024, "20400"), **year_of(2025, "18900"), **quarters_of(2026, "3000", "3200", "3000"),
        },
        rates={
            start: decimals(gross_margin="0.165", selling="0.025", admin="0.042", rnd="0.02", ar_days="68", inventory_days="95"),
            weak: decimals(gross_margin="0.098", admin="0.055", ar_days="88", inventory_days="150", ap_days="82"),
        },
        debt={start: (D(2700), D(240), D(960)), day("2024-12-31"): (D(2700), D(240), D(720)), day("2025-12-31"): (D(3000), D(240), D(480)),
              weak: (D(3400), D(240), D(420)), H26: (D(3700), D(240), D(360))},
        spend={day("2023-12-31"): D(900), day("2024-12-31"): D(320), day("2025-12-31"): D(200)},
        dividends={day("2024-12-31"): D(200), day("2025-12-31"): D(150)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C003", "books"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    run_account(
        draft, company, ledger, ["L008", "L009"], opening="3100000", target="2300000", wages="1500000", taxes="260000", power="190000", share="0.5",
        buyers=("锦绣服饰有限公司", "南湾印染有限公司", "丽源家纺有限公司"), suppliers=("临河棉纱有限公司", "海川化纤有限公司"),
    )  # fmt: skip
    fall = date(2026, 3, 1)
    meter(draft, company, "electricity_kwh", lambda end: D(350_000) * season(end, fall, "0.61"), "kWh", "供电公司",
          exact={date(2025, 8, 31): D(362_700), date(2026, 8, 31): D(214_000)})  # fmt: skip
    meter(draft, company, "social_security_headcount", lambda end: D(412) if end < fall else D(360) if end < date(2026, 7, 1) else D(322), "人",
          "社保局", exact={date(2026, 9, 30): D(318), date(2026, 1, 31): D(412)}, wobble="0.006")  # fmt: skip
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(15_600_000) * season(end, date(2026, 1, 1), "0.68"), "CNY", "税务局"
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=2, other_bank_balance=1900 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=7, limits_total=5200 * WAN, new_lenders_3m=1)  # fmt: skip
    for name, relation, share in (
        ("沈国梁", "legal_representative", None),
        ("沈国梁", "actual_controller", D("0.70")),
        ("锦绣服饰有限公司", "buyer", D("0.31")),
    ):
        draft.book.add("relations", customer_id="C003", related_name=name, relation=relation, share=share)


def _story(draft: Draft, ledger: Ledger, half: str, note: str) -> None:
    reckon = Reckoner(ledger)
    growth, ytd = reckon.ratio("revenue_growth", H26), reckon.ytd_growth("revenue", H26)
    revenue, profit = reckon.flow("revenue", H26, 6), reckon.flow("profit_before_tax", H26, 6)
    draft.stories.append(Story(
        borrower="C003", slug="falling-sales-idle-lines", title_zh="收入下滑、产线闲置", title_en="Falling sales, idle lines",
        what_zh="2026年上半年收入同比下降三成并亏损，应收与存货周转变慢；9月24日走访8条线只开3条，用电同比-41%，社保人数半年减少两成以上，对方却称“旺季订单很满”。"
        "6月和9月的分期均迟付。",
        what_en="First-half 2026 sales fell by three tenths into a loss while receivables and stock slowed; the visit of 24 September found 3 of 8 lines running, "
        "power down 41 % and staff down by more than a fifth in half a year, against \"a full order book\". The June and September instalments came late.",
        signals={"FIN-01": "hit Y", "FIN-02": "hit Y", "FIN-03": "hit Y", "OPS-01": "hit O", "INV-01": "hit O", "BEH-03": "hit O", "ACC-05": "hit O (note)",
                 "DOC-01": "clear"},
        covenants={"CV301": verdict(reckon.ratio("icr_ebit", H26), ">=", D("4.0")), "CV302": verdict(reckon.ratio("current_ratio", H26), ">=", D(1))},
        loans={"L009": {"dpd": 0, "late": {"2026-06-15": 4, "2026-09-15": 9}}, "L008": {"balance": "18000000.00", "dpd": 0, "floors": [], "exempt": "CLS-10-3 renewal of a medium firm"}},
        figures=(
            Expected(name="revenue_growth", period_end="2026-06-30", value=rounded(growth), basis="ltm"),
            Expected(name="icr_ebit", period_end="2026-06-30", value=rounded(reckon.ratio("icr_ebit", H26)), basis="ltm"),
            Expected(name="current_ratio", period_end="2026-06-30", value=rounded(reckon.ratio("current_ratio", H26)), basis="point"),
            Expected(name="profit_before_tax", period_end="2026-06-30", value=rounded(profit, 2), unit="currency", basis="ytd"),
        ),
        questions=(
            Question(kind="figure", zh="新纺纺织上半年收入同比变化？", en="How did Xinfang's first-half 2026 revenue change on the year?",
                     answer_zh=f"2026年1-6月{in_wan(revenue)}万元，同比{in_percent(ytd)}；滚动12个月同比{in_percent(growth)}。",
                     answer_en=f"CNY {revenue / 1000000:,.2f} million for January to June 2026, {in_percent(ytd)} on the year; LTM {in_percent(growth)}.",
                     must=(in_percent(ytd).lstrip("-"),), documents=(half,)),
            Question(kind="notes", zh="新纺的产线开工情况怎么样？对方怎么说？", en="How many of Xinfang's lines were running, and what did they say?",
                     answer_zh="9月24日走访8条线仅开3条；对方称旺季换品种，与用电同比-41%不符。",
                     answer_en="3 of 8 on 24 September; they said it was high season and a change of product, which power at -41% contradicts.",
                     must=("3", "8", "41%"), documents=(note,)),
            Question(kind="covenant", zh="新纺的利息保障倍数约束还满足吗？", en="Does Xinfang still meet its interest cover covenant?",
                     answer_zh=f"2026年6月末（LTM）{rounded(reckon.ratio('icr_ebit', H26), 2)}倍，要求不低于4.00倍，"
                     f"{'突破' if reckon.ratio('icr_ebit', H26) < D('3.5') else '满足'}。",
                     answer_en=f"{rounded(reckon.ratio('icr_ebit', H26), 2)}x LTM to June 2026 against 4.00x: "
                     f"{'breached' if reckon.ratio('icr_ebit', H26) < D('3.5') else 'met'}.",
                     must=(rounded(reckon.ratio("icr_ebit", H26), 2),), documents=(half,)),
            Question(kind="loans", zh="新纺最近有没有迟付？", en="Has Xinfang paid late recently?",
                     answer_zh="L009在2026年6月15日、9月15日两期分别迟付4天、9天，目前无逾期。",
                     answer_en="Yes: the L009 instalments of 15 June and 15 September 2026 came 4 and 9 days late; nothing is past due now.", must=("L009",)),
        ),
    ))  # fmt: skip
