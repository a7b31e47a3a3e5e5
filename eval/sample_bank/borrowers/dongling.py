"""C006 东陵铜材: one loan 91 days past due and one 90, which is the whole difference; a court has come for the money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, in_percent, rounded, verdict

WAN = Decimal(10000)
Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
CLAUSE = "借款人资产负债率不得高于70%，每半年末测算。"


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C006", name="东陵铜材有限公司", name_en="Dongling Copper Co., Ltd.", short="东陵铜材", registration=credit_code(draft.chance("C006", "code"), "330699"),
        address="江州市东陵区铜业路18号", legal_representative="邵东升", finance_head="马俊", accountant="叶青", signatory_en="Shao Dongsheng",
    )  # fmt: skip
    enrol(
        draft, company, "S001", "B01", type="corporate", industry_code="C3251", incorporation_date=date(2009, 11, 3), enterprise_size="medium",
        internal_rating="CCC", rating_date=date(2026, 9, 30), aliases="东陵铜材;东陵;Dongling", in_financial_difficulty=True,
    )  # fmt: skip
    ledger = _books(draft)
    common: dict[str, Value] = {"payment_control": "entrusted", "secured": True, "facility_id": "F015"}
    kept = (
        Lent(
            id="L015", customer="C006", kind="working_capital", purpose="采购电解铜", amount=1600 * WAN, rate=D("0.0470"), start=date(2025, 8, 1),
            end=date(2026, 8, 1), repayment="interest_only", frequency="quarterly", account="A006", unpaid_from=date(2026, 8, 1),
            row={**common, "product_name": "流动资金贷款", "classification": "special_mention", "stage": 2},
        ),
        Lent(
            id="L016", customer="C006", kind="working_capital", purpose="采购铜杆辅料", amount=900 * WAN, rate=D("0.0470"), start=date(2025, 8, 2),
            end=date(2026, 8, 2), repayment="interest_only", frequency="quarterly", account="A006", unpaid_from=date(2026, 8, 2),
            row={**common, "product_name": "流动资金贷款", "classification": "special_mention", "stage": 2},
        ),
        Lent(
            id="L017", customer="C006", kind="fixed_asset", purpose="连铸连轧生产线技改", amount=1500 * WAN, rate=D("0.0490"), start=date(2023, 9, 20),
            end=date(2028, 9, 20), repayment="equal_principal", frequency="quarterly", account="A006",
            row={**common, "product_name": "固定资产贷款", "classification": "normal", "stage": 1},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L017", type="equipment", description="连铸连轧生产线一套", value=1100 * WAN, currency_code="CNY", value_date=date(2025, 6, 30),
        valuation_type="cost", orig_value=2100 * WAN, owner_id="C006", charge="抵押", insurance_end_date=date(2026, 12, 31), lien_rank=1,
        seized_on=date(2026, 10, 9),
    )  # fmt: skip
    contract = chinese_contract(
        company, [kept[0]], "江海银（2025）流贷字第0728号", date(2025, 7, 28), reason="铜材加工订单备料需要", purpose="采购电解铜",
        security="由北渠管业有限公司提供连带责任保证", clauses=[Clause(CLAUSE, "CV601")],
    )  # fmt: skip
    path = draft.contract(contract, "流动资金借款合同_江海银2025流贷字第0728号.pdf", date(2025, 7, 30))
    covenant(
        draft, "CV601", "资产负债率", definition=CLAUSE, metric="debt_to_assets", operator="<=", threshold="0.70", basis="point", scope="consolidated",
        frequency="semi_annually", first_test_date=Y25, due_days=60, loan_id="L015", source_document=path, source_page=contract.pages["CV601"],
    )  # fmt: skip
    whole = {"consolidated": ledger}
    annual(draft, company, whole, 2024, "ruled", "元", date(2025, 4, 28))
    annual(
        draft, company, whole, 2025, "ruled", "元", date(2026, 4, 30),
        opinion="我们认为，除“形成保留意见的基础”部分所述事项可能产生的影响外，后附的财务报表在所有重大方面按照企业会计准则的规定编制。我们未能就期末应收账款中"
        "1,240万元的可收回性获取充分、适当的审计证据。",
    )  # fmt: skip
    half = interim(draft, company, whole, H26, "two_column", "元", date(2026, 8, 31), due=date(2026, 8, 14))
    visit = VisitNote(
        company=company, language="zh", day=date(2026, 10, 14), hour="09:40", place="东陵区铜业路18号", visitors=("李晓峰", "王建国"), met="财务负责人马俊",
        purpose="逾期催收、查封情况核实",
        seen=["连铸线停机，门上贴有江州市东陵区人民法院封条，日期2026年10月9日。", "拉丝车间2台机开工，其余停产。", "电解铜库存约12吨。"],
        checked=["9月用电9.8万度，同比-61%。", "法院执行裁定书：申请人为华东金属贸易有限公司，执行标的680万元。"],
        said=["“老板在外地谈重组，手机打不通很正常。”"], differences=["法定代表人邵东升未到场，电话自10月10日起无人接听。"],
        collateral="连铸连轧生产线被法院查封。", view="已实质停产，还款能力丧失，建议申请财产保全并通知担保人。",
        follow_ups=["立即通知担保人北渠管业履行保证责任。", "24小时内报法律部。"],
    )  # fmt: skip
    note = draft.note(visit, "贷后走访记录_20261014.pdf", date(2026, 10, 14))
    _registers(draft, company, ledger)
    _story(draft, ledger, half, note)


def _books(draft: Draft) -> Ledger:
    start, weak = day("2022-12-31"), day("2025-09-30")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="1300", ppe_net="5200", construction_in_progress="150", intangible_assets="700", share_capital="5000", surplus_reserve="260"),
        sales={(day("2023-12-31"), 12): D(39000), (day("2024-12-31"), 12): D(41000), **year_of(2025, "36500"), **quarters_of(2026, "5600", "4300")},
        rates={
            start: decimals(gross_margin="0.075", selling="0.008", admin="0.018", rnd="0.012", ar_days="52", inventory_days="38", ap_days="28"),
            weak: decimals(gross_margin="0.03", bad_debt="0.012", write_down="0.008", ar_days="66"),
            day("2026-03-31"): decimals(gross_margin="0.012", admin="0.034", bad_debt="0.02", write_down="0.012", ar_days="92", inventory_days="48", ap_days="46", tax_rate="0"),
        },
        debt={start: (D(6200), D(300), D(1200)), day("2024-12-31"): (D(6600), D(300), D(900)), Y25: (D(7000), D(300), D(600)), H26: (D(7100), D(300), D(450))},
        spend={day("2023-12-31"): D(500), day("2024-12-31"): D(300)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C006", "books"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    run_account(
        draft, company, ledger, ["L015", "L016", "L017"], opening="3900000", target="1500000", wages="900000", taxes="180000", power="120000", share="0.16",
        buyers=("西岭电缆有限公司", "江州电机配件有限公司"), suppliers=("华东金属贸易有限公司", "江州再生铜业有限公司"),
    )  # fmt: skip
    fall = date(2026, 5, 1)
    meter(draft, company, "electricity_kwh", lambda end: D(240_000) * season(end, fall, "0.45"), "kWh", "供电公司",
          exact={date(2025, 9, 30): D(251_300), date(2026, 9, 30): D(98_000)})  # fmt: skip
    meter(
        draft, company, "social_security_headcount", lambda end: D(210) if end < fall else D(122), "人", "社保局", wobble="0.01"
    )
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(29_500_000) * season(end, date(2026, 1, 1), "0.55"), "CNY", "税务局"
    )
    add = draft.book.add
    add("events", customer_id="C006", date=date(2026, 6, 22), type="court_case", title="买卖合同纠纷被诉", detail="华东金属贸易有限公司诉东陵铜材有限公司买卖合同纠纷，"
        "（2026）江0106民初1187号", amount=D(6_800_000), currency_code="CNY", source="裁判文书网", subject="company")  # fmt: skip
    add("events", customer_id="C006", date=date(2026, 9, 18), type="enforcement", title="被执行人", detail="（2026）江0106执2093号，执行法院：江州市东陵区人民法院",
        amount=D(6_800_000), currency_code="CNY", source="执行信息公开网", subject="company")  # fmt: skip
    add("events", customer_id="C006", date=date(2026, 10, 12), type="consumption_limit", title="限制高消费", detail="法定代表人邵东升被限制高消费",
        source="执行信息公开网", subject="legal_representative")  # fmt: skip
    bureau(draft, company, date(2026, 3, 31), other_bank_count=3, other_bank_balance=4300 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2700 * WAN, enquiries_6m=6, limits_total=8200 * WAN, new_lenders_3m=1)  # fmt: skip
    bureau(draft, company, date(2026, 9, 30), other_bank_count=3, other_bank_balance=4150 * WAN, other_bank_overdue=620 * WAN, max_overdue_days=48,
           guarantee_balance=2700 * WAN, enquiries_6m=11, limits_total=5100 * WAN, new_lenders_3m=2, other_bank_overdue_90=D(0), other_bank_npl=D(0))  # fmt: skip
    for name, relation, share in (
        ("邵东升", "legal_representative", None),
        ("邵东升", "actual_controller", D("0.80")),
        ("西岭电缆有限公司", "buyer", D("0.35")),
    ):
        add(
            "relations",
            customer_id="C006",
            related_name=name,
            relation=relation,
            share=share,
            related_customer_id="C007" if relation == "buyer" else None,
        )


def _story(draft: Draft, ledger: Ledger, half: str, note: str) -> None:
    reckon, when = Reckoner(ledger), draft.book_date
    late = {loan: draft.loans[loan].overdue(when) for loan in ("L015", "L016", "L017")}
    balance = {loan: draft.loans[loan].balance for loan in late}
    total = sum(balance.values(), D(0))
    npl = balance["L015"] / total
    draft.stories.append(Story(
        borrower="C006", slug="ninety-one-days", title_zh="逾期91天与90天、法院执行", title_en="Ninety-one and ninety days, and the court",
        what_zh="L015截至10月31日逾期91天（次级底线），L016逾期90天（仍为关注底线）；L015占我行敞口"
        f"{in_percent(npl)}，超过10%，非零售借款人全部贷款应划为不良（CLS-7-1）。现行分类仍为关注/正常。9月18日成为被执行人680万元，10月9日抵押生产线被查封，法定代表人被限高。",
        what_en="At 31 October L015 is 91 days past due (substandard floor), L016 90 days (special mention by itself). L015 is "
        f"{in_percent(npl)} of our exposure, over 10 %, so all loans of this non-retail debtor become non-performing (CLS-7-1). Enforcement of 6.8m on 18 September, "
        "the pledged line seized on 9 October, the legal representative under a consumption limit.",
        signals={"BEH-02": "hit R", "LEG-01": "hit R", "LEG-03": "hit R", "LEG-04": "hit O", "COL-02": "hit R", "BEH-08": "hit O", "FIN-03": "hit R", "OPS-01": "hit O",
                 "MGT-06": "hit O", "MGT-03": "hit R (note)", "FIN-01": "hit O", "GUA-04": "hit O (guarantee of C008 ends 2026-12-20)"},
        covenants={"CV601": verdict(reckon.ratio("debt_to_assets", H26), "<=", D("0.7"))},
        loans={
            "L015": {"dpd": late["L015"][0], "overdue": str(late["L015"][1]), "floors": ["CLS-10-1", "CLS-10-4", "CLS-11-1", "CLS-11-4", "CLS-7-1"], "proposed": "substandard", "current": "special_mention"},
            "L016": {"dpd": late["L016"][0], "overdue": str(late["L016"][1]), "floors": ["CLS-10-1", "CLS-10-4", "CLS-11-4", "CLS-7-1"], "proposed": "substandard"},
            "L017": {"dpd": late["L017"][0], "floors": ["CLS-10-4", "CLS-11-4", "CLS-7-1"], "proposed": "substandard"},
        },
        figures=(
            Expected(name="debt_to_assets", period_end="2026-06-30", value=rounded(reckon.ratio("debt_to_assets", H26)), basis="point"),
            Expected(name="profit_before_tax", period_end="2026-06-30", value=rounded(reckon.flow("profit_before_tax", H26, 6), 2), unit="currency", basis="ytd"),
        ),
        questions=(
            Question(kind="classification", zh="东陵铜材的贷款应该怎么分类？", en="How should Dongling's loans be classified?",
                     answer_zh="L015逾期91天，底线次级；其余贷款因本行敞口中不良超过10%（CLS-7-1）同划次级。只能建议，由认定、审批人决定。",
                     answer_en="L015 is 91 days past due: substandard at least; the others follow because over 10 % of our exposure is non-performing (CLS-7-1). A proposal only.",
                     must=("次级|substandard", "91", "CLS-7-1|10%|10 %")),
            Question(kind="loans", zh="L016逾期多少天？单看天数是不良吗？", en="How many days past due is L016, and is that alone non-performing?",
                     answer_zh="90天，单看天数不是：超过90天指91天及以上。", answer_en="90 days; not by days alone, as over 90 means 91 or more.", must=("90",)),
            Question(kind="events", zh="东陵铜材有被执行吗？金额多少？", en="Is Dongling under enforcement, and for how much?",
                     answer_zh="有：2026年9月18日被江州市东陵区人民法院列为被执行人，标的680万元。", answer_en="Yes: since 18 September 2026, for CNY 6.8 million.",
                     must=("680|6.8|6,800,000",)),
            Question(kind="notes", zh="东陵的抵押物还在吗？", en="What has become of Dongling's collateral?",
                     answer_zh="连铸连轧生产线10月9日被法院查封（10月14日走访见封条）。", answer_en="The casting line was seized by the court on 9 October (seals seen on 14 October).",
                     must=("查封|seiz",), documents=(note,)),
        ),
    ))  # fmt: skip
