"""KH06 康源医药: part of a loan for medicines went to a property firm and a broker; 2024 was restated; no half-year accounts; third of the circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from eval.fresh.third.house import (
    H26,
    WAN,
    Y23,
    Y24,
    Y25,
    chinese_year,
    file_deed,
    file_visit,
    keep_account,
    lend,
    reading,
    test,
)
from eval.fresh.third.papers.deeds import chinese_deed
from eval.fresh.third.papers.notes import Visit
from eval.sample_bank.accounts import Move
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

SHARE = "乙方资产负债率于每半年末不得超过70%。"
COVER = "每年末乙方EBITDA不得低于当年利息支出的2倍。"
PAPERS = "乙方须于4月30日前提交上年度审计报告，于8月31日前提交上半年财务报表。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH06", name="青浔康源医药配送有限公司", name_en="Qingxun Kangyuan Pharmaceutical Distribution Co., Ltd.", short="康源医药",
        registration=credit_code(draft.chance("KH06", "code"), "610399"), address="青浔市医药产业园11号", legal_representative="尚君泽",
        finance_head="鲍蕾", accountant="鲍蕾", signatory_en="Shang Junze",
    )  # fmt: skip
    enrol(draft, company, "E02", "QX", type="corporate", industry_code="F5151", incorporation_date=date(2011, 5, 30), enterprise_size="medium",
          internal_rating="BBB-", aliases="康源医药;康源;Kangyuan;Kangyuan Pharma")  # fmt: skip
    plan = _plan()
    first = simulate(replace(plan, sales={**plan.sales, (Y24, 12): D(58600)}), draft.chance("KH06", "books"))
    ledger = simulate(plan, draft.chance("KH06", "books"))
    stock = Lent(
        id="JK0601", customer="KH06", kind="working_capital", purpose="采购药品", amount=3000 * WAN, rate=D("0.0410"), start=date(2026, 5, 18),
        end=date(2027, 5, 18), repayment="interest_only", frequency="quarterly", account="A0601",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    bills = Lent(
        id="JK0602", customer="KH06", kind="trade", purpose="支付药品进口货款", amount=1500 * WAN, rate=D("0.0395"), start=date(2026, 7, 8),
        end=date(2027, 1, 8), repayment="bullet", frequency="at_maturity", account="A0601",
        row={"product_name": "进口押汇", "payment_control": "entrusted", "secured": True, "limit_amount": 2000 * WAN},
    )  # fmt: skip
    lend(draft, stock, bills)
    draft.book.add("collateral", loan_ids="JK0602", type="inventory", description="医药产业园1号库药品存货（动态质押）", value=2250 * WAN, currency_code="CNY",
                   value_date=date(2026, 7, 1), valuation_type="cost", owner_id="KH06", charge="质押", insurance_end_date=date(2027, 1, 31), lien_rank=1)  # fmt: skip
    deed = chinese_deed(
        company, "QX", stock, "云青流借字（2026）第0056号", date(2026, 5, 13), title="流动资金借款合同", tests=[(SHARE, "YD0601"), (COVER, "YD0602")],
        duties=[(PAPERS, "YD0603"), ("乙方应在提款后三十日内提交购销合同和增值税发票。", "")], penalty="50%", grace="十日",
        security="由砚港砚山水泥有限公司提供连带责任保证，保证金额贰仟伍佰万元。",
    )  # fmt: skip
    path = file_deed(draft, deed, "流动资金借款合同_0056.pdf", date(2026, 5, 14))
    test(
        draft,
        deed,
        path,
        "YD0601",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.70",
        basis="point",
        first_test_date=Y25,
        loan_id="JK0601",
    )
    test(draft, deed, path, "YD0602", "EBITDA利息保障", "icr_ebitda", ">=", "2.0", basis="annual", frequency="annually", first_test_date=Y25, due_days=120,
         loan_id="JK0601")  # fmt: skip
    covenant(draft, "YD0603", "报表报送", definition=PAPERS, type="reporting", frequency="semi_annually", first_test_date=H26, due_days=62,
             loan_id="JK0601", source_document=path, source_page=deed.pages["YD0603"])  # fmt: skip
    auditor = "东渡会计师事务所（特殊普通合伙）"
    chinese_year(
        draft, company, {"consolidated": first}, 2024, "open", "万元", date(2025, 4, 22), date(2025, 4, 30), auditor=auditor
    )
    chinese_year(draft, company, {"consolidated": ledger}, 2025, "open", "万元", date(2026, 4, 28), date(2026, 4, 30), auditor=auditor,
                 remark="前期差错更正：公司对2024年度跨期确认的收入进行追溯重述，2024年度比较数据已按更正后金额列示。")  # fmt: skip
    draft.missing(company, "康源医药_2026半年报.pdf", "statement", H26, date(2026, 8, 31))
    file_visit(draft, Visit(
        company=company, day=date(2026, 9, 15), who="戴维远、聂怀山", met="财务负责人鲍蕾",
        seen=["1号库货架空了一半，近效期药品单独堆着。", "办公楼一层租给了瑞景置业当售楼处。"],
        checked=["盘点1号库：账面2,250万元，实点1,870万元。", "要5月贷款的购销合同，只拿出了联诚制药一份，1,000万元。"],
        told=["瑞景那笔是借给兄弟公司周转的，年底还", "半年报审计师还在弄，9月底给"],
        view="JK0601用途明显不对，质押药品也短了一截，应立即停止提款并重新认定分类。", next=["三日内上报资金挪用情况", "9月25日前补足质押物或者还款380万元"],
    ), "story", "走访小记_康源医药_20260915.txt")  # fmt: skip
    _money(draft, company)
    reading(draft, company, "vat_invoiced_sales", "元", "税务局", {"2024-09": "47000000", "2026-01": "43000000"})
    bureau(draft, company, date(2026, 8, 31), other_bank_count=6, other_bank_balance=11200 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2000 * WAN, enquiries_6m=14, limits_total=14500 * WAN, new_lenders_3m=3)  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("0.66"))):
        draft.book.add("relations", customer_id="KH06", related_name="尚君泽", relation=relation, share=share)
    draft.book.add("relations", customer_id="KH06", related_name="青浔瑞景置业有限公司", relation="subsidiary", share=D("0.40"))
    return {"KH06": ledger, "KH06-first": first}


def _money(draft: Draft, company: Company) -> None:
    may = date(2026, 5, 18)
    keys = keep_account(
        draft, company, ["JK0601", "JK0602"], "A0601", opening="5200000", target="2400000", monthly="26000000", wages="640000", taxes="350000",
        power="70000", buyers=("青浔慈恒康复医院有限公司", "青浔市第一医院", "同裕堂连锁药店"), suppliers=("联诚制药有限公司", "华岳生物药业有限公司"),
        moves=(
            Move(day=may, way="out", amount=1000 * WAN, party="联诚制药有限公司", memo="药品采购款", time="10:20", key="stock"),
            Move(day=date(2026, 5, 19), way="out", amount=900 * WAN, party="青浔瑞景置业有限公司", memo="往来款", key="estate"),
            Move(day=date(2026, 5, 20), way="out", amount=400 * WAN, party="东渡证券客户交易结算资金", memo="银证转账", key="broker"),
            Move(day=date(2026, 7, 8), way="out", amount=1500 * WAN, party="Helvane Pharma AG", memo="进口货款", entrusted=True, time="11:00", key="import"),
        ),
    )  # fmt: skip
    for name, kind, scope, since in (
        ("联诚制药有限公司", "company", "药品生产", date(2005, 3, 1)), ("青浔瑞景置业有限公司", "company", "房地产开发与销售", date(2019, 10, 10)),
        ("东渡证券客户交易结算资金", "financial", "证券经纪", None), ("Helvane Pharma AG", "company", "药品生产", date(1998, 1, 1)),
    ):  # fmt: skip
        draft.book.add("counterparties", name=name, kind=kind, business_scope=scope, registered_on=since)
    for loan, key, kind, party, amount, when in (
        ("JK0601", "stock", "contract", "联诚制药有限公司", 1000, date(2026, 5, 15)), ("JK0601", "stock", "invoice", "联诚制药有限公司", 1000, date(2026, 5, 28)),
        ("JK0602", "import", "invoice", "Helvane Pharma AG", 1500, date(2026, 7, 2)),
    ):  # fmt: skip
        draft.book.add(
            "evidence", loan_id=loan, transaction_id=keys[key], kind=kind, party=party, amount=amount * WAN, date=when
        )


def _plan() -> Plan:
    start = day("2022-12-31")
    return Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="3100", ppe_net="3600", intangible_assets="420", share_capital="5000", surplus_reserve="330"),
        sales={(Y23, 12): D(50200), (Y24, 12): D(54100), **year_of(2025, "57300")},
        rates={start: decimals(gross_margin="0.094", selling="0.031", admin="0.018", rnd="0", ar_days="112", inventory_days="49", ap_days="70", np_days="24"),
               Y25: decimals(ar_days="126", inventory_days="58")},
        debt={start: (D(8200), D(0), D(0)), Y23: (D(9300), D(0), D(0)), Y24: (D(11200), D(0), D(0)), Y25: (D(14100), D(0), D(0))},
        spend={Y23: D(300), Y24: D(260), Y25: D(410)},
    )  # fmt: skip
