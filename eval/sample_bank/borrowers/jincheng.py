"""C009 锦程重装集团: the covenant names the parent company, whose ratio is far worse than the group's; and last year was restated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from eval.sample_bank.agreements import chinese_contract
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents, months_later
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company, Note
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
Y24, Y25, H26 = date(2024, 12, 31), date(2025, 12, 31), date(2026, 6, 30)
PARENT = "借款人母公司口径资产负债率不得高于70%，每半年末以母公司财务报表测算。"
GROUP = "借款人合并口径有形净资产不得低于人民币1.60亿元，每年末测算。"
OVERSTATED = D(600)


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C009", name="锦程重装集团股份有限公司", name_en="Jincheng Heavy Equipment Group Co., Ltd.", short="锦程重装",
        registration=credit_code(draft.chance("C009", "code"), "330899"), address="北川市装备园锦程大道9号", legal_representative="贺锦程", finance_head="卢旭",
        accountant="方圆", signatory_en="He Jincheng",
    )  # fmt: skip
    enrol(
        draft, company, "S003", "B02", type="corporate", industry_code="C3511", incorporation_date=date(2006, 1, 19), enterprise_size="large",
        internal_rating="BBB-", aliases="锦程重装;锦程;锦程集团;Jincheng", group_id="GRP-JC",
    )  # fmt: skip
    first, restated, parent = _group(draft, restated=False), _group(draft, restated=True), _parent(draft)
    rate, start = D("0.0465"), date(2024, 9, 12)
    dues, balance = [], 3600 * WAN
    for number in range(1, 11):
        opened, due = months_later(start, 6 * (number - 1)), months_later(start, 6 * number)
        principal = (180 if number < 10 else 1980) * WAN
        dues.append(Due(due, principal, cents(balance * rate * (due - opened).days / 360)))
        balance -= principal
    kept = (
        Lent(
            id="L023", customer="C009", kind="fixed_asset", purpose="大型破碎机装配基地建设", amount=3600 * WAN, rate=rate, start=start, end=dues[-1].day,
            repayment="balloon", frequency="semi_annually", flows=dues, account="A109",
            row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True, "facility_id": "F023"},
        ),
        Lent(
            id="L024", customer="C009", kind="working_capital", purpose="采购铸锻件", amount=1000 * WAN, rate=D("0.0440"), start=date(2026, 3, 18),
            end=date(2027, 3, 18), repayment="interest_only", frequency="monthly", account="A109",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": True, "facility_id": "F023"},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L023;L024", type="real_estate", description="装备园装配基地厂房及土地", value=6400 * WAN, currency_code="CNY",
        value_date=date(2025, 9, 30), valuation_type="market", orig_value=6100 * WAN, owner_id="C009", charge="抵押", insurance_end_date=date(2027, 9, 11), lien_rank=1,
    )  # fmt: skip
    contract = chinese_contract(
        company, [kept[0]], "江海银北（2024）固贷字第0905号", date(2024, 9, 5), reason="建设大型破碎机装配基地", purpose="大型破碎机装配基地建设", lender="江海银行股份有限公司北川分行",
        security="由乙方以装备园装配基地厂房及土地使用权提供抵押担保", clauses=[Clause(PARENT, "CV901"), Clause(GROUP, "CV902")],
    )  # fmt: skip
    path = draft.contract(contract, "固定资产借款合同_江海银北2024固贷字第0905号.pdf", date(2024, 9, 9))
    covenant(
        draft, "CV901", "资产负债率（母公司）", definition=PARENT, metric="debt_to_assets", operator="<=", threshold="0.70", basis="point", scope="parent",
        frequency="semi_annually", first_test_date=Y24, due_days=60, loan_id="L023", source_document=path, source_page=contract.pages["CV901"],
    )  # fmt: skip
    covenant(
        draft, "CV902", "有形净资产", definition=GROUP, metric="tnw", operator=">=", threshold="160000000", currency_code="CNY", basis="point",
        scope="consolidated", frequency="annually", first_test_date=Y24, due_days=120, loan_id="L023", source_document=path, source_page=contract.pages["CV902"],
    )  # fmt: skip
    old = annual(draft, company, {"consolidated": first, "parent": parent}, 2024, "ruled", "元", date(2025, 4, 20))
    correction = Note(
        title="十一、前期会计差错更正",
        text=(
            "本公司本年发现子公司北川锦程铸造有限公司2024年末存货多计600万元，系在产品成本结转不及时所致。本公司已采用追溯重述法更正，调减2024年末存货600万元，"
            "调增2024年度营业成本600万元，调增递延所得税资产150万元，调减2024年度净利润450万元。本报告上年年末余额及上期金额均为重述后金额。",
        ),
    )  # fmt: skip
    new = annual(
        draft,
        company,
        {"consolidated": restated, "parent": parent},
        2025,
        "ruled",
        "元",
        date(2026, 4, 22),
        restated=frozenset({"consolidated"}),
        notes=(correction,),
    )
    half = interim(
        draft,
        company,
        {"consolidated": restated, "parent": parent},
        H26,
        "ruled",
        "元",
        date(2026, 8, 11),
        due=date(2026, 8, 14),
    )
    visit = VisitNote(
        company=company, language="zh", day=date(2026, 8, 26), hour="09:00", place="装备园装配基地", visitors=("Emma Hartley", "赵敏仪"), met="财务总监卢旭",
        purpose="差错更正核实及半年检查", seen=["装配基地两跨投产，一跨在装。", "子公司铸造车间正常生产。"], checked=["核对更正前后存货明细，差异600万元集中于在产品。"],
        said=["“差错是铸造子公司成本员离职造成的，母公司报表不受影响。”"], collateral="抵押厂房在用。", view="差错更正属实；母公司负债率持续偏高，关注集团资金归集。",
        follow_ups=["提供母公司与子公司往来款明细。"],
    )  # fmt: skip
    note = draft.note(visit, "贷后走访记录_20260826.docx", date(2026, 8, 27))
    _registers(draft, company, restated)
    _story(draft, first, restated, parent, (old, new, half, note))


def _group(draft: Draft, *, restated: bool) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(
            free_cash="5200", ppe_net="11800", construction_in_progress="900", intangible_assets="2100", goodwill="700", long_term_equity_investments="800",
            deferred_income="350", share_capital="9000", capital_surplus="2600", surplus_reserve="1100", minority_interest="1600",
        ),
        sales={(day("2023-12-31"), 12): D(34000), (Y24, 12): D(36200), **year_of(2025, "38100"), **quarters_of(2026, "8700", "9800")},
        rates={start: decimals(gross_margin="0.232", selling="0.045", admin="0.055", rnd="0.038", ar_days="105", inventory_days="118", ap_days="88", np_days="30",
                               advance_days="26", minority="0.09", contract_asset_days="12")},
        debt={start: (D(8200), D(900), D(4300)), Y24: (D(8600), D(1100), D(5600)), Y25: (D(9000), D(1260), D(5300)), H26: (D(9300), D(1260), D(5100))},
        spend={day("2023-12-31"): D(1500), Y24: D(2600), Y25: D(1500), H26: D(700)}, dividends={Y24: D(500), Y25: D(500)},
    )  # fmt: skip
    if restated:
        plan = replace(
            plan,
            adjust={Y24: {"inventories": -OVERSTATED}},
            one_off={Y24: {"cost_of_sales": OVERSTATED, "x_deferred_asset": OVERSTATED / 4}},
        )
    return simulate(plan, draft.chance("C009", "group"))


def _parent(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(
            free_cash="1600", ppe_net="4200", construction_in_progress="900", intangible_assets="1500", long_term_equity_investments="8600", share_capital="9000",
            capital_surplus="2600", surplus_reserve="1100",
        ),
        sales={(day("2023-12-31"), 12): D(15500), (Y24, 12): D(16400), **year_of(2025, "17200"), **quarters_of(2026, "3900", "4400")},
        rates={start: decimals(gross_margin="0.178", selling="0.035", admin="0.062", rnd="0.035", ar_days="110", inventory_days="95", ap_days="95", np_days="40",
                               advance_days="30", other_payable_days="150", other_receivable_days="185")},
        debt={start: (D(8000), D(900), D(4300)), Y24: (D(8400), D(1100), D(5600)), Y25: (D(8800), D(1260), D(5300)), H26: (D(9100), D(1260), D(5100))},
        levels={Y25: decimals(other_noncurrent_assets="500")},
        spend={day("2023-12-31"): D(900), Y24: D(1900), Y25: D(600), H26: D(400)}, dividends={Y24: D(500), Y25: D(500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C009", "parent"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    run_account(
        draft, company, ledger, ["L023", "L024"], opening="5200000", target="4800000", wages="2400000", taxes="640000", power="380000", share="0.25", number="A109",
        buyers=("华北矿山集团有限公司", "西部水泥装备有限公司", "江州路桥建设集团"), suppliers=("北川锦程铸造有限公司", "新川锻压有限公司", "北川轴承有限公司"),
    )  # fmt: skip
    meter(draft, company, "electricity_kwh", lambda end: D(760_000) * season(end, date(2026, 1, 1), "1.02"), "kWh", "供电公司")
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(31_500_000) * season(end, date(2026, 1, 1), "1.01"), "CNY", "税务局"
    )
    meter(draft, company, "order_backlog", lambda end: D(182_000_000), "CNY", "企业报送", wobble="0.05")
    bureau(draft, company, date(2026, 9, 30), other_bank_count=5, other_bank_balance=11200 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=1500 * WAN, enquiries_6m=3, limits_total=21000 * WAN, new_lenders_3m=0)  # fmt: skip
    for name, relation, share in (("贺锦程", "legal_representative", None), ("贺锦程", "actual_controller", D("0.44")), ("北川锦程铸造有限公司", "subsidiary", D("0.85")),
                                  ("北川锦程智能科技有限公司", "subsidiary", D("1.0"))):  # fmt: skip
        draft.book.add("relations", customer_id="C009", related_name=name, relation=relation, share=share)


def _story(draft: Draft, first: Ledger, restated: Ledger, parent: Ledger, papers: tuple[str, str, str, str]) -> None:
    group, alone, before = Reckoner(restated), Reckoner(parent), Reckoner(first)
    of_group, of_parent = group.ratio("debt_to_assets", H26), alone.ratio("debt_to_assets", H26)
    old, new = before.point("inventories", Y24), group.point("inventories", Y24)
    worth = {"then": before.ratio("tnw", Y24), "now": group.ratio("tnw", Y24)}
    profit = {"then": before.flow("net_profit", Y24, 12), "now": group.flow("net_profit", Y24, 12)}
    draft.stories.append(Story(
        borrower="C009", slug="parent-scope-and-restatement", title_zh="母公司口径陷阱与上年重述", title_en="The parent-scope trap and a restated year",
        what_zh=f"约束条件约定母公司口径：母公司资产负债率{in_percent(of_parent)}，超过70%；合并口径仅{in_percent(of_group)}，取错口径会误判为合格。"
        f"2025年报重述了2024年：存货由{in_wan(old)}万元调为{in_wan(new)}万元；按当时所知与按现在所知的2024年数不同，两版都要保留。",
        what_en=f"The covenant names the parent company: its liabilities/assets are {in_percent(of_parent)}, over 70 %, while the group's are {in_percent(of_group)}. The FY2025 "
        f"report restated 2024: inventories from {old / 1000000:,.2f}m to {new / 1000000:,.2f}m, so 2024 as known then and as known now differ.",
        signals={"COV-01": "hit R", "FIN-01": "clear", "DOC-01": "clear", "OPS-01": "clear"},
        covenants={"CV901": verdict(of_parent, "<=", D("0.7")), "CV902": verdict(group.ratio("tnw", Y25), ">=", D(160_000_000))},
        loans={"L023": {"balance": str(draft.loans["L023"].balance), "dpd": 0}, "L024": {"balance": "10000000.00", "dpd": 0}},
        figures=(
            Expected(name="debt_to_assets", period_end="2026-06-30", value=rounded(of_parent), scope="parent", basis="point"),
            Expected(name="debt_to_assets", period_end="2026-06-30", value=rounded(of_group), basis="point"),
            Expected(name="inventories", period_end="2024-12-31", value=rounded(new, 2), unit="currency"),
            Expected(name="net_profit", period_end="2024-12-31", value=rounded(profit["now"], 2), unit="currency", basis="fy"),
            Expected(name="tnw", period_end="2024-12-31", value=rounded(worth["now"], 2), unit="currency"),
        ),
        questions=(
            Question(kind="covenant", zh="锦程重装的资产负债率约束达标吗？", en="Does Jincheng meet its liabilities-to-assets covenant?",
                     answer_zh=f"未达标：合同约定母公司口径，2026年6月末{in_percent(of_parent)}，高于70%；合并口径{in_percent(of_group)}不适用。",
                     answer_en=f"No: the contract tests the parent company, {in_percent(of_parent)} at June 2026 against 70 %; the group's {in_percent(of_group)} does not count.",
                     must=(in_percent(of_parent),), documents=(papers[2],)),
            Question(kind="figure", zh="锦程2024年末存货是多少？", en="What were Jincheng's inventories at the end of 2024?",
                     answer_zh=f"{in_wan(new)}万元（2025年报重述后）；2024年报原列{in_wan(old)}万元。", answer_en=f"CNY {new / 1000000:,.2f}m as restated in the FY2025 report; "
                     f"{old / 1000000:,.2f}m as first reported.", must=(f"{in_wan(new)}|{new:,.2f}|{new / 1000000:,.2f}",), documents=(papers[1], papers[0])),
            Question(kind="notes", zh="锦程为什么重述2024年？", en="Why was Jincheng's 2024 restated?",
                     answer_zh="子公司北川锦程铸造2024年末存货多计600万元，差错更正。", answer_en="A subsidiary had overstated its inventories by 6.0m at the end of 2024.",
                     must=("600|6.0|6 million",), documents=(papers[1], papers[3])),
            Question(kind="as_known", zh="2025年12月时我们知道的锦程2024年净利润是多少？", en="What did the bank know in December 2025 of Jincheng's 2024 net profit?",
                     answer_zh=f"{in_wan(profit['then'])}万元（2024年报，重述前）。", answer_en=f"CNY {profit['then'] / 1000000:,.2f}m (FY2024 report, before the restatement).",
                     must=(f"{in_wan(profit['then'])}|{profit['then']:,.2f}|{profit['then'] / 1000000:,.2f}",), documents=(papers[0],)),
        ),
    ))  # fmt: skip
