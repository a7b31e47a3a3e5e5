"""K2102 牧禾乳业: sound and growing, to see that quiet borrowers stay quiet; it guarantees a loan of a hotel that is late."""

from __future__ import annotations

from datetime import date

from eval.fresh.bank.house import WAN, WEST, agreement, keep_account, monthly_reading
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate

Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
SHARE = "借款企业的资产负债率（负债总额÷资产总额）在每个半年度末均不超过55%。"
COVER = "借款企业每一会计年度的息税前利润应至少为当年利息费用的3.50倍。"


def add(draft: Draft) -> Ledger:
    """Adds the borrower."""
    company = Company(
        id="K2102", name="牧禾乳业集团有限公司", name_en="Muhe Dairy Group Co., Ltd.", short="牧禾乳业",
        registration=credit_code(draft.chance("K2102", "code"), "411399"), address="临岳市南郊区草甸路9号",
        legal_representative="裴青禾", finance_head="乔雨", accountant="闵静怡", signatory_en="Pei Qinghe",
    )  # fmt: skip
    enrol(
        draft, company, "U12", "LY", type="corporate", industry_code="C1440", incorporation_date=date(2006, 9, 1), enterprise_size="medium",
        internal_rating="A", aliases="牧禾乳业;牧禾;Muhe;Muhe Dairy",
    )  # fmt: skip
    ledger = _books(draft)
    kept = (
        Lent(
            id="LN6201", customer="K2102", kind="working_capital", purpose="收购生鲜乳及辅料", amount=2000 * WAN, rate=D("0.0330"), start=date(2026, 3, 18),
            end=date(2027, 3, 18), repayment="interest_only", frequency="monthly", account="A2102",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False, "limit_amount": 3000 * WAN},
        ),
        Lent(
            id="LN6202", customer="K2102", kind="fixed_asset", purpose="购置低温鲜奶灌装线", amount=3600 * WAN, rate=D("0.0375"), start=date(2025, 1, 15),
            end=date(2030, 1, 15), repayment="equal_instalment", frequency="monthly", account="A2102",
            row={"product_name": "设备贷款", "payment_control": "entrusted", "secured": True},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="LN6202", type="equipment", description="低温鲜奶灌装线两条", value=4300 * WAN, currency_code="CNY", value_date=date(2026, 1, 20),
        valuation_type="cost", orig_value=4800 * WAN, owner_id="K2102", charge="抵押", insurance_end_date=date(2027, 1, 20), lien_rank=1,
    )  # fmt: skip
    draft.book.add("mitigants", loan_ids="LN6201", kind="guarantee_fund", provider="临岳市农业信贷担保基金", cover=600 * WAN, cover_share=D("0.30"),
                   start_date=date(2026, 3, 18), end_date=date(2027, 6, 18), claim_deadline_days=90)  # fmt: skip
    contract = agreement(
        company, kept[0], "沧银临流借2026-0058", date(2026, 3, 16), title="流动资金贷款合同", reason="收奶旺季", lender=WEST, place="临岳", amount=3000 * WAN,
        security="信用方式，另由临岳市农业信贷担保基金分担百分之三十", clauses=[Clause(SHARE, "QV201"), Clause(COVER, "QV202"),
        Clause("借款企业应在每季度结束后三十日内报送财务报表，并在每年五月十日前报送审计报告。", "", "undertakings")],
    )  # fmt: skip
    path = draft.contract(contract, "流动资金贷款合同_2026-0058.html", date(2026, 3, 17))
    covenant(draft, "QV201", "资产负债率", definition=SHARE, metric="debt_to_assets", operator="<=", threshold="0.55", basis="point", scope="consolidated",
             frequency="semi_annually", first_test_date=H26, due_days=60, loan_id="LN6201", source_document=path)  # fmt: skip
    covenant(draft, "QV202", "利息保障倍数", definition=COVER, metric="icr_ebit", operator=">=", threshold="3.5", basis="annual", scope="consolidated",
             frequency="annually", first_test_date=Y25, due_days=130, loan_id="LN6201", source_document=path)  # fmt: skip
    whole = {"consolidated": ledger}
    for year, came in ((2024, date(2025, 4, 10)), (2025, date(2026, 4, 8))):
        annual(draft, company, whole, year, "two_column", "元", came)
    interim(draft, company, whole, H26, "two_column", "元", date(2026, 7, 24), due=date(2026, 7, 30))
    draft.note(VisitNote(
        company=company, language="zh", day=date(2026, 8, 5), hour="14:10", place="草甸路工厂", visitors=("罗子昂", "沈国梁"), met="财务负责人乔雨", purpose="半年例行回访",
        seen=["两条灌装线满负荷，冷库库位占用约八成。"], checked=["7月收奶2,940吨，同比增加6%。", "抽查12笔商超回款，账期均在45天以内。"],
        said=["“学生奶订单签到了明年六月。”", "“给栖云酒店担保是老板的个人交情，我们不太赞成。”"], differences=[], collateral="灌装线正常运行。",
        view="经营正常，维持现有额度；关注为栖云酒店提供的担保。", follow_ups=["下次回访前了解栖云酒店还款情况。"],
    ), "现场回访_牧禾乳业_20260805.md", date(2026, 8, 6))  # fmt: skip
    keep_account(
        draft, company, ["LN6201", "LN6202"], "A2102", opening="8600000", target="9000000", ledger=ledger, share="0.35", wages="1900000", taxes="730000",
        power="390000", buyers=("万家鲜连锁超市", "临岳教育后勤集团", "乐购优选电商"), suppliers=("北坡牧场合作社", "源泰包装有限公司"),
    )  # fmt: skip
    monthly_reading(draft, company, "electricity_kwh", "560000", "kWh", "临岳供电局", until={date(2025, 9, 30): "598000"})
    monthly_reading(draft, company, "vat_invoiced_sales", "30400000", "CNY", "税务局", until={date(2026, 1, 31): "32000000"})
    bureau(draft, company, date(2026, 8, 31), other_bank_count=2, other_bank_balance=2100 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=800 * WAN, enquiries_6m=2, limits_total=5200 * WAN, new_lenders_3m=0)  # fmt: skip
    for name, relation, share in (
        ("裴青禾", "legal_representative", None),
        ("裴青禾", "actual_controller", D("0.51")),
        ("牧禾牧场有限公司", "subsidiary", D("0.80")),
    ):
        draft.book.add("relations", customer_id="K2102", related_name=name, relation=relation, share=share)
    return ledger


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="3900", ppe_net="9800", construction_in_progress="400", intangible_assets="1100", share_capital="6000", capital_surplus="1500",
                         surplus_reserve="700", minority_interest="620"),
        sales={(day("2023-12-31"), 12): D(31500), (day("2024-12-31"), 12): D(34200), **year_of(2025, "36900"), **quarters_of(2026, "9300", "9900")},
        rates={start: decimals(gross_margin="0.272", selling="0.115", admin="0.045", rnd="0.008", ar_days="34", inventory_days="38", ap_days="46", minority="0.06", vat="0.09")},
        debt={start: (D(2300), D(300), D(900)), day("2024-12-31"): (D(2200), D(300), D(600)), day("2025-03-31"): (D(2200), D(680), D(3500)), Y25: (D(2300), D(690), D(2800)),
              H26: (D(2600), D(700), D(2440))},
        spend={day("2023-12-31"): D(1100), day("2024-12-31"): D(1300), day("2025-03-31"): D(3500), day("2025-09-30"): D(600), H26: D(420)},
        dividends={day("2023-12-31"): D(600), day("2024-12-31"): D(700), day("2025-06-30"): D(800), H26: D(800)},
    )  # fmt: skip
    return simulate(plan, draft.chance("K2102", "books"))


def tie(draft: Draft) -> None:
    """The guarantee for the hotel's working-capital loan."""
    start, end, amount = date(2025, 12, 3), date(2028, 12, 3), 800 * WAN
    draft.book.add(
        "guarantors",
        loan_ids="LN6402",
        name="牧禾乳业集团有限公司",
        customer_id="K2102",
        amount=amount,
        currency_code="CNY",
        start_date=start,
        end_date=end,
    )
    for one, other, name, relation in (
        ("K2102", "K2104", "栖云国际酒店管理有限公司", "guarantee_given"),
        ("K2104", "K2102", "牧禾乳业集团有限公司", "guarantee_received"),
    ):
        draft.book.add(
            "relations",
            customer_id=one,
            related_name=name,
            related_customer_id=other,
            relation=relation,
            amount=amount,
            start_date=start,
            end_date=end,
        )
