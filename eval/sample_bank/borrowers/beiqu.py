"""C008 北渠管业: sales rise on paper while the electricity meter, the tax returns and the cash say otherwise."""

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
from eval.sample_bank.reporting import ZHENGDE, annual, interim
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, in_percent, in_wan, rounded, verdict

WAN = Decimal(10000)
Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
CLAUSE = "借款人应确保利息保障倍数（EBITDA/利息费用，按最近十二个月计算）不低于3.00倍，每半年末测算。"


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C008", name="北渠管业有限公司", name_en="Beiqu Pipe Co., Ltd.", short="北渠管业", registration=credit_code(draft.chance("C008", "code"), "330799"),
        address="北川市北渠镇管业路3号", legal_representative="苗北川", finance_head="石磊", accountant="秦楠", signatory_en="Miao Beichuan",
    )  # fmt: skip
    enrol(
        draft, company, "S003", "B02", type="sme", industry_code="C2922", incorporation_date=date(2013, 7, 15), enterprise_size="medium",
        internal_rating="BB+", aliases="北渠管业;北渠;Beiqu",
    )  # fmt: skip
    ledger = _books(draft)
    common: dict[str, Value] = {
        "payment_control": "entrusted",
        "secured": False,
        "facility_id": "F021",
        "product_name": "流动资金贷款",
    }
    kept = (
        Lent(id="L021", customer="C008", kind="working_capital", purpose="采购聚乙烯树脂", amount=1400 * WAN, rate=D("0.0455"), start=date(2025, 12, 5),
             end=date(2026, 12, 5), repayment="interest_only", frequency="quarterly", account="A008", row=common),
        Lent(id="L022", customer="C008", kind="working_capital", purpose="采购管材配件", amount=800 * WAN, rate=D("0.0455"), start=date(2026, 5, 12),
             end=date(2027, 5, 12), repayment="interest_only", frequency="quarterly", account="A008", row=common),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    contract = chinese_contract(
        company, list(kept[:1]), "江海银北（2025）流贷字第1201号", date(2025, 12, 1), reason="采购原料周转需要", purpose="采购聚乙烯树脂", lender="江海银行股份有限公司北川分行",
        security="由西岭电缆有限公司提供连带责任保证", clauses=[Clause(CLAUSE, "CV801")],
    )  # fmt: skip
    path = draft.contract(contract, "流动资金借款合同_江海银北2025流贷字第1201号.pdf", date(2025, 12, 3))
    covenant(
        draft, "CV801", "利息保障倍数", definition=CLAUSE, metric="icr_ebitda", operator=">=", threshold="3.0", basis="ltm", scope="consolidated",
        frequency="semi_annually", first_test_date=Y25, due_days=60, loan_id="L021", source_document=path, source_page=contract.pages["CV801"],
    )  # fmt: skip
    whole = {"consolidated": ledger}
    annual(draft, company, whole, 2024, "ruled", "元", date(2025, 4, 23), auditor=ZHENGDE)
    annual(draft, company, whole, 2025, "ruled", "元", date(2026, 4, 21), auditor=ZHENGDE)
    half = interim(draft, company, whole, H26, "two_column", "元", date(2026, 8, 12), due=date(2026, 8, 14))
    visit = VisitNote(
        company=company, language="zh", day=date(2026, 9, 16), hour="13:30", place="北渠镇管业路3号", visitors=("Emma Hartley", "赵敏仪"), met="总经理苗北川",
        purpose="电费与收入背离核实",
        seen=["9条挤出线开工3条。", "厂区成品堆场空置约三分之二，门卫登记当日无发货车辆。"],
        checked=["8月用电17.5万度，同比-36%。", "1-6月增值税申报销售额与报表收入差异约27%。", "L022项下北川管件经营部800万元发票，税务平台显示已于8月11日红冲。"],
        said=["“我们改成委托加工了，用电少很正常。”", "“红冲是开错税号，马上重开。”"],
        differences=["报表收入同比上升，用电、开票、发货均下降。", "委托加工合同未能提供。"], collateral="无抵押，西岭电缆保证。", view="收入真实性存疑，建议调取税控及物流数据并暂停提款。",
        follow_ups=["9月30日前提供委托加工合同及物流单据。", "9月25日前提供重开发票。"],
    )  # fmt: skip
    note = draft.note(visit, "贷后走访记录_20260916.pdf", date(2026, 9, 17))
    _registers(draft, company, ledger)
    _story(draft, ledger, half, note)


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="900", ppe_net="3300", intangible_assets="480", share_capital="3000", surplus_reserve="150"),
        sales={(day("2023-12-31"), 12): D(15200), (day("2024-12-31"), 12): D(15800), **year_of(2025, "16300"), **quarters_of(2026, "4350", "4800")},
        rates={start: decimals(gross_margin="0.165", selling="0.03", admin="0.04", rnd="0.02", ar_days="70", inventory_days="62"),
               day("2026-03-31"): decimals(gross_margin="0.185", ar_days="118", inventory_days="80", ap_days="48")},
        debt={start: (D(2300), D(150), D(450)), Y25: (D(2700), D(150), D(300)), H26: (D(3500), D(150), D(225))},
        spend={day("2023-12-31"): D(260), day("2024-12-31"): D(240)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C008", "books"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    pay = Move(
        day=date(2026, 5, 12), way="out", amount=800 * WAN, party="北川管件经营部", memo="受托支付 管材配件款", entrusted=True, channel="系统", time="16:00", key="pay",
        party_bank="他行",
    )  # fmt: skip
    keys = run_account(
        draft, company, ledger, ["L021", "L022"], opening="2100000", target="1500000", wages="620000", taxes="110000", power="115000", share="0.26",
        buyers=("北川水务工程有限公司", "丰谷农业灌溉有限公司", "江州安装集团有限公司"), suppliers=("滨海石化销售有限公司", "北川模具有限公司"), moves=(pay,),
    )  # fmt: skip
    for kind, when, flushed in (("contract", "2026-05-08", None), ("invoice", "2026-05-20", date(2026, 8, 11))):
        draft.book.add("evidence", loan_id="L022", transaction_id=keys["pay"], kind=kind, document=f"{kind}_北川管件经营部.pdf", party="北川管件经营部",
                       amount=800 * WAN, date=day(when), red_flushed_on=flushed)  # fmt: skip
    draft.book.add(
        "counterparties",
        name="北川管件经营部",
        kind="company",
        registered_on=date(2026, 2, 24),
        business_scope="管件零售",
        industry_code="F5283",
    )
    fall = date(2026, 2, 1)
    meter(draft, company, "electricity_kwh", lambda end: D(262_000) * season(end, fall, "0.645"), "kWh", "供电公司",
          exact={date(2025, 8, 31): D(273_500), date(2026, 8, 31): D(175_000)})  # fmt: skip
    # Half-year tax returns show 27 % less than the income statement claims.
    claimed = ledger.flows[H26, 6]["revenue"] * ledger.unit
    shares = (D("0.171"), D("0.129"), D("0.175"), D("0.172"), D("0.175"), D("0.178"))
    exact = {date(2026, m, (31, 28, 31, 30, 31, 30)[m - 1]): claimed * D("0.73") * share for m, share in enumerate(shares, 1)}
    meter(
        draft,
        company,
        "vat_invoiced_sales",
        lambda end: D(13_700_000) * season(end, fall, "0.80"),
        "CNY",
        "税务局",
        exact=exact,
    )
    meter(
        draft, company, "social_security_headcount", lambda end: D(164) if end < fall else D(139), "人", "社保局", wobble="0.01"
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=2, other_bank_balance=1480 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=4000 * WAN, enquiries_6m=5, limits_total=4600 * WAN, new_lenders_3m=1)  # fmt: skip
    for name, relation, share in (
        ("苗北川", "legal_representative", None),
        ("苗北川", "actual_controller", D("0.75")),
        ("北川水务工程有限公司", "buyer", D("0.28")),
    ):
        draft.book.add("relations", customer_id="C008", related_name=name, relation=relation, share=share)


def _story(draft: Draft, ledger: Ledger, half: str, note: str) -> None:
    reckon = Reckoner(ledger)
    growth, revenue = reckon.ytd_growth("revenue", H26), reckon.flow("revenue", H26, 6)
    filed = sum((D(str(r["value"])) for r in draft.book.rows("operations", customer_id="C008", measure="vat_invoiced_sales")
                 if date(2026, 1, 1) <= _day(r["date"]) <= H26), D(0))  # fmt: skip
    gap = (revenue - filed) / revenue
    draft.stories.append(Story(
        borrower="C008", slug="meter-against-books", title_zh="电表与报表背离", title_en="The meter against the books",
        what_zh=f"上半年报表收入{in_wan(revenue)}万元、同比{in_percent(growth)}，同期增值税申报销售额{in_wan(filed)}万元，差异{in_percent(gap)}；8月用电同比-36%，应收账款大增，"
        "L022受托支付的800万元发票8月被红冲，收款方成立不足6个月。",
        what_en=f"First-half revenue is CNY {revenue / 1000000:,.2f}m, up {in_percent(growth)}, while VAT returns show {filed / 1000000:,.2f}m, {in_percent(gap)} less; August power "
        "is down 36 %, receivables swell, the 8.0m invoice behind L022 was red-flushed in August and its payee was under six months old.",
        signals={"OPS-01": "hit O", "FIN-18": "hit R", "FIN-05": "hit Y", "FIN-07": "hit Y", "INV-02": "hit O", "TXN-06": "hit Y", "FIN-01": "clear", "GUA-03": "hit R",
                 "DOC-02": "hit O"},
        covenants={"CV801": verdict(reckon.ratio("icr_ebitda", H26), ">=", D(3))},
        loans={"L021": {"balance": "14000000.00", "dpd": 0}, "L022": {"balance": "8000000.00", "dpd": 0, "evidence": "invoice red-flushed 2026-08-11"}},
        figures=(
            Expected(name="revenue", period_end="2026-06-30", value=rounded(revenue, 2), unit="currency", basis="ytd"),
            Expected(name="icr_ebitda", period_end="2026-06-30", value=rounded(reckon.ratio("icr_ebitda", H26)), basis="ltm"),
        ),
        questions=(
            Question(kind="operations", zh="北渠管业的用电和收入对得上吗？", en="Do Beiqu's power use and its sales agree?",
                     answer_zh=f"对不上：上半年收入同比{in_percent(growth)}，而8月用电17.5万度，同比-36%。",
                     answer_en=f"No: first-half sales are up {in_percent(growth)} while August power, 175,000 kWh, is down 36 %.", must=("36%|36 %|-36",), documents=(half, note)),
            Question(kind="operations", zh="北渠申报的销售额和报表差多少？", en="How far are Beiqu's VAT returns from its statements?",
                     answer_zh=f"1-6月申报{in_wan(filed)}万元，报表{in_wan(revenue)}万元，差异{in_percent(gap)}。",
                     answer_en=f"January to June: {filed / 1000000:,.2f}m filed against {revenue / 1000000:,.2f}m, a gap of {in_percent(gap)}.", must=(in_percent(gap, 0).rstrip("%"),)),
            Question(kind="usage", zh="L022的用途证据齐吗？", en="Is the evidence for L022 complete?",
                     answer_zh="不齐：800万元发票已于2026年8月11日红冲，收款方北川管件经营部成立于2026年2月24日。",
                     answer_en="No: the 8.0m invoice was red-flushed on 11 August 2026; the payee was registered on 24 February 2026.", must=("红冲|red-flush",), documents=(note,)),
        ),
    ))  # fmt: skip


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
