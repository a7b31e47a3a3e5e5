"""K2104 栖云酒店: a mortgage instalment unpaid since August, debt service below its covenant, insurance lapsed, an old valuation."""

from __future__ import annotations

from datetime import date

from eval.fresh.bank.borrowers.solar import AUDITOR
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
SERVICE = "每一会计年度，借款企业的偿债备付率（DSCR）应达到1.25以上（含1.25）。"
SHARE = "任一会计年度末，借款企业资产负债率不得突破75%。"


def add(draft: Draft) -> Ledger:
    """Adds the borrower."""
    company = Company(
        id="K2104", name="栖云国际酒店管理有限公司", name_en="Qiyun International Hotel Management Co., Ltd.", short="栖云酒店",
        registration=credit_code(draft.chance("K2104", "code"), "411399"), address="临岳市湖滨路1号", legal_representative="秦望舒", finance_head="霍然",
        accountant="纪宁", signatory_en="Qin Wangshu",
    )  # fmt: skip
    enrol(
        draft, company, "U12", "LY", type="corporate", industry_code="H6110", incorporation_date=date(2010, 11, 11), enterprise_size="medium",
        internal_rating="BB", aliases="栖云酒店;栖云;Qiyun;Qiyun Hotel",
    )  # fmt: skip
    ledger = _books(draft)
    kept = (
        Lent(
            id="LN6401", customer="K2104", kind="commercial_mortgage", purpose="收购湖滨路酒店大楼", amount=12000 * WAN, rate=D("0.0460"), start=date(2022, 8, 12),
            end=date(2032, 8, 12), repayment="equal_principal", frequency="quarterly", account="A2104", unpaid_from=date(2026, 8, 12),
            row={"product_name": "经营性物业贷款", "payment_control": "entrusted", "secured": True},
        ),
        Lent(
            id="LN6402", customer="K2104", kind="working_capital", purpose="支付酒店布草、食材及人员工资", amount=800 * WAN, rate=D("0.0435"), start=date(2025, 12, 3),
            end=date(2026, 12, 3), repayment="interest_only", frequency="quarterly", account="A2104",
            row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="LN6401", type="real_estate", description="湖滨路1号酒店大楼（23层）", value=15800 * WAN, currency_code="CNY", value_date=date(2024, 6, 28),
        valuation_type="market", orig_value=21000 * WAN, owner_id="K2104", charge="抵押", insurance_end_date=date(2026, 8, 31), lien_rank=1,
    )  # fmt: skip
    draft.book.add(
        "guarantors",
        loan_ids="LN6401",
        name="秦望舒",
        amount=12000 * WAN,
        currency_code="CNY",
        start_date=date(2022, 8, 12),
        end_date=date(2026, 11, 15),
    )
    contract = agreement(
        company, kept[0], "沧银临物2022-0009", date(2022, 8, 5), title="经营性物业贷款合同", reason="收购酒店大楼", lender=WEST, place="临岳",
        security="湖滨路1号酒店大楼抵押，并由秦望舒提供连带保证", clauses=[Clause(SERVICE, "QV401"), Clause(SHARE, "QV402"),
        Clause("借款企业应保证抵押大楼的财产保险不中断，并于保单到期前三十日提交续保单。", "", "undertakings"),
        Clause("借款企业应于每年4月30日前报送审计报告，每季度结束后45日内报送财务报表和客房出租率统计。", "", "undertakings")], cure="六十日",
    )  # fmt: skip
    path = draft.contract(contract, "经营性物业贷款合同_2022-0009.pdf", date(2022, 8, 10))
    for number, name, definition, metric, operator, limit, basis in (
        ("QV401", "偿债备付率", SERVICE, "dscr", ">=", "1.25", "annual"), ("QV402", "资产负债率", SHARE, "debt_to_assets", "<=", "0.75", "point"),
    ):  # fmt: skip
        covenant(draft, number, name, definition=definition, metric=metric, operator=operator, threshold=limit, basis=basis, scope="consolidated", frequency="annually",
                 first_test_date=date(2024, 12, 31), due_days=120, loan_id="LN6401", source_document=path, source_page=contract.pages[number])  # fmt: skip
    whole = {"consolidated": ledger}
    for year, came in ((2024, date(2025, 4, 28)), (2025, date(2026, 5, 22))):
        annual(draft, company, whole, year, "ruled", "万元", came, auditor=AUDITOR)
    interim(draft, company, whole, H26, "ruled", "万元", date(2026, 8, 12), due=date(2026, 8, 14))
    draft.note(VisitNote(
        company=company, language="zh", day=date(2026, 9, 16), hour="15:30", place="湖滨路1号", visitors=("罗子昂", "沈国梁"), met="董事长秦望舒", purpose="LN6401逾期催收",
        seen=["前台登记当日在住63间，共218间客房。", "宴会厅在装修，二层餐厅停业。"], checked=["1至8月平均出租率41%，上年同期58%。", "大楼财产险保单8月31日到期，未见续保单。"],
        said=["“十月黄金周回款后先还利息，本金想申请展期半年。”"], differences=["对方称拖欠是银行系统问题，实际账户余额不足。"], collateral="大楼主体完好，估值报告已超过两年。",
        view="还款意愿尚可，能力不足；建议下调分类并要求立即续保。", follow_ups=["10月10日前付清8月利息。", "9月25日前提交续保单。", "启动押品重估。"],
    ), "现场回访_栖云酒店_20260916.docx", date(2026, 9, 17))  # fmt: skip
    keep_account(
        draft, company, ["LN6401", "LN6402"], "A2104", opening="2300000", target="620000", ledger=ledger, share="0.3", wages="820000", taxes="90000", power="260000",
        buyers=("银联商户结算", "途远在线旅行", "临岳会展服务公司"), suppliers=("洁美布草服务部", "鲜达食材配送有限公司"),
    )  # fmt: skip
    monthly_reading(draft, company, "electricity_kwh", "310000", "kWh", "临岳供电局", until={date(2026, 1, 31): "262000"})
    bureau(draft, company, date(2026, 8, 31), other_bank_count=1, other_bank_balance=2600 * WAN, other_bank_overdue=D(0), max_overdue_days=0, guarantee_balance=D(0),
           enquiries_6m=6, limits_total=3000 * WAN, new_lenders_3m=1)  # fmt: skip
    draft.book.add("events", customer_id="K2104", date=date(2026, 9, 11), type="administrative_penalty", title="消防设施维护不到位处罚", detail="罚款8万元，责令限期整改",
                   amount=8 * WAN, currency_code="CNY", source="临岳市消防救援支队", subject="company")  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("0.90"))):
        draft.book.add("relations", customer_id="K2104", related_name="秦望舒", relation=relation, share=share)
    return ledger


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="1300", ppe_net="26400", intangible_assets="900", long_term_deferred_expenses="600", share_capital="9000", surplus_reserve="120"),
        sales={(day("2023-12-31"), 12): D(8200), (day("2024-12-31"), 12): D(8900), **year_of(2025, "8050", (D("0.21"), D("0.25"), D("0.30"), D("0.24"))),
               **quarters_of(2026, "1480", "1620")},
        rates={
            start: decimals(gross_margin="0.42", selling="0.10", admin="0.145", rnd="0", ar_days="24", inventory_days="14", ap_days="48", np_days="0", notes_days="0",
                            financing_days="0", depreciation="0.045", vat="0.06", labour="0.35", write_down="0", advance_days="30"),
            day("2025-03-31"): decimals(gross_margin="0.375"), day("2026-03-31"): decimals(gross_margin="0.29", ap_days="66"),
        },
        debt={start: (D(1500), D(1200), D(12600)), day("2024-12-31"): (D(1900), D(1200), D(10900)), Y25: (D(2700), D(1200), D(9900)), H26: (D(3300), D(1200), D(9300))},
        spend={day("2023-12-31"): D(300), day("2024-12-31"): D(1420), Y25: D(2160), H26: D(1500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("K2104", "books"))
