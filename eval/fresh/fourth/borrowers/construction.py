"""C408 砥石建设: a contractor that moved a loan for steel and cement into a related developer, a broker and a term deposit."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import (
    H26,
    WAN,
    Y23,
    Y24,
    Y25,
    file_agreement,
    file_call,
    keep_account,
    own,
    part,
    reading,
    test,
    year,
)
from eval.fresh.fourth.papers.agreements import chinese_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.sample_bank.accounts import Move
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

SHARE = "资产负债率每半年末不得突破百分之七十；"
CURRENT = "每半年末流动资产须为流动负债的1.10倍以上；"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C408", name="汀浦砥石建设工程有限公司", name_en="Tingpu Dishi Construction Co., Ltd.", short="砥石建设",
        registration=credit_code(draft.chance("C408", "code"), "450699"), address="汀浦市建设路6号", legal_representative="石镇岳",
        finance_head="邬佩", accountant="邬佩", signatory_en="Shi Zhenyue",
    )  # fmt: skip
    enrol(draft, company, "U21", "TP", type="corporate", industry_code="E4790", incorporation_date=date(2004, 11, 3), enterprise_size="medium",
          internal_rating="BBB-", aliases="砥石建设;砥石;Dishi Construction")  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    steel = Lent(
        id="L4081", customer="C408", kind="working_capital", purpose="采购钢筋、水泥用于汀浦二中迁建项目", amount=2500 * WAN, rate=D("0.0405"), start=date(2026, 6, 15),
        end=date(2027, 6, 15), repayment="interest_only", frequency="quarterly", account="A4081",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    cranes = Lent(
        id="L4082", customer="C408", kind="fixed_asset", purpose="购置塔吊和混凝土泵车", amount=1600 * WAN, rate=D("0.0430"), start=date(2025, 8, 14),
        end=date(2028, 8, 14), repayment="equal_instalment", frequency="monthly", account="A4081",
        row={"product_name": "设备贷款", "payment_control": "entrusted", "secured": True},
    )  # fmt: skip
    draft.lend(steel)
    draft.lend(cranes)
    draft.book.add("collateral", loan_ids="L4082", type="equipment", description="塔吊6台、混凝土泵车4台", value=1250 * WAN, currency_code="CNY",
                   value_date=date(2026, 7, 30), valuation_type="market", orig_value=2000 * WAN, owner_id="C408", charge="抵押",
                   insurance_end_date=date(2027, 7, 31), lien_rank=1)  # fmt: skip
    agreement = chinese_agreement(
        company, "TP", steel, "霁汀流贷2026-0077", date(2026, 6, 9), title="流动资金贷款合同", tests=[(SHARE, "V4081"), (CURRENT, "V4082")],
        papers="借款人应在4月30日前提供年度审计报告，在8月31日前提供半年度报表。", duties=["借款人应在提款后三十日内提供采购合同和增值税发票。", "单个项目停工超过十五日应告知贷款人。"],
        security="由汀浦墨池印务有限公司提供连带责任保证，保证金额壹仟贰佰万元。", penalty="百分之五十", cure="十五个工作日",
        cross=("借款人为他人担保的债务发生逾期达到人民币一百万元（含）的，贷款人有权要求补充担保。", ""),
    )  # fmt: skip
    path = file_agreement(draft, agreement, "流贷合同_2026-0077.pdf", date(2026, 6, 10))
    test(
        draft,
        agreement,
        path,
        "V4081",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.70",
        basis="point",
        first_test_date=H26,
        loan_id="L4081",
    )
    test(
        draft,
        agreement,
        path,
        "V4082",
        "流动比率",
        "current_ratio",
        ">=",
        "1.10",
        basis="point",
        first_test_date=H26,
        loan_id="L4081",
    )
    year(draft, company, books, Y24, "one_sheet", "万元", date(2025, 4, 24), date(2025, 4, 30), auditor="汀浦众诚会计师事务所")
    year(draft, company, books, Y25, "one_sheet", "万元", date(2026, 4, 29), date(2026, 4, 30), auditor="汀浦众诚会计师事务所")
    part(draft, company, books, H26, "one_sheet", "万元", date(2026, 8, 31), date(2026, 8, 31))
    file_call(draft, Call(
        company=company, day=date(2026, 10, 16), who=["陆时雨", "陶令仪"], met="财务经理邬佩", where="汀浦二中迁建工地",
        seen=["工地停工，塔吊未动，留守人员五名。", "钢筋棚内钢筋约90吨。"],
        checked=["业主支付证书：二中项目累计计量1.12亿元，累计付款0.71亿元。", "6月贷款只提供了海陆钢铁的合同和发票，800万元。"],
        told=["转给砥石置业的是土地竞买保证金，流拍会退", "存单是开履约保函用的"], view="贷款用途与合同不符，应立即停止后续放款并要求退回。",
        next=["10月23日前要求追回砥石置业700万元", "10月30日前上报挪用情况"],
    ), "mail", "走访邮件_砥石建设_20261016.eml", "砥石建设二中项目走访")  # fmt: skip
    _money(draft, company)
    draft.book.add("guarantors", loan_ids="L4081", name="汀浦墨池印务有限公司", customer_id="C404", amount=1200 * WAN, currency_code="CNY",
                   start_date=date(2026, 6, 15), end_date=date(2029, 6, 15))  # fmt: skip
    draft.book.add("guarantors", loan_ids="L4041", name=company.name, customer_id="C408", amount=1000 * WAN, currency_code="CNY",
                   start_date=date(2024, 7, 10), end_date=date(2029, 7, 10))  # fmt: skip
    for one, other, name, amount, start, end in (
        ("C404", "C408", company.name, 1200, date(2026, 6, 15), date(2029, 6, 15)), ("C408", "C404", "汀浦墨池印务有限公司", 1000, date(2024, 7, 10), date(2029, 7, 10)),
    ):  # fmt: skip
        back = "汀浦墨池印务有限公司" if one == "C404" else company.name
        draft.book.add(
            "relations",
            customer_id=one,
            related_name=name,
            related_customer_id=other,
            relation="guarantee_given",
            amount=amount * WAN,
            start_date=start,
            end_date=end,
        )
        draft.book.add("relations", customer_id=other, related_name=back, related_customer_id=one, relation="guarantee_received", amount=amount * WAN, start_date=start, end_date=end)  # fmt: skip
    draft.book.add("relations", customer_id="C408", related_name="汀浦砥石置业有限公司", relation="subsidiary", share=D("0.55"))
    own(draft, company, "石镇岳", "0.68")
    reading(
        draft,
        company,
        "vat_invoiced_sales",
        "元",
        "税务局",
        {"2024-10": "32000000", "2026-01": "24500000", "2026-07": "12600000"},
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=5, other_bank_balance=9400 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=1000 * WAN, enquiries_6m=12, limits_total=12000 * WAN, new_lenders_3m=3)  # fmt: skip
    return {"C408": ledger}


def _money(draft: Draft, company: Company) -> None:
    moves = (
        Move(day=date(2026, 6, 16), way="out", amount=800 * WAN, party="海陆钢铁贸易有限公司", memo="钢筋采购款", time="10:05", key="steel"),
        Move(day=date(2026, 6, 17), way="out", amount=700 * WAN, party="汀浦砥石置业有限公司", memo="往来款", time="11:10", key="estate"),
        Move(day=date(2026, 6, 18), way="out", amount=300 * WAN, party="东陆证券客户资金专户", memo="银证转账", time="09:40", key="broker"),
        Move(day=date(2026, 6, 23), way="out", amount=200 * WAN, party="海川银行定期存款", memo="购买大额存单", time="14:30", key="deposit"),
    )  # fmt: skip
    keys = keep_account(
        draft, company, ["L4081", "L4082"], "A4081", opening="3600000", target="2500000", monthly={"2025-11": "19000000", "2026-06": "4000000", "2026-07": "8600000"}, wages="1250000",
        taxes="380000", buyers=("汀浦市教育基建中心", "润宏地产集团"), suppliers=("海陆钢铁贸易有限公司", "汀浦混凝土有限公司"), moves=moves,
        ends={(2026, 5): "3000000"},
    )  # fmt: skip
    for name, kind, scope, since in (
        ("海陆钢铁贸易有限公司", "company", "钢材批发", date(2009, 5, 8)), ("汀浦砥石置业有限公司", "company", "房地产开发经营", date(2020, 4, 17)),
        ("东陆证券客户资金专户", "financial", "证券经纪", None), ("海川银行定期存款", "financial", "银行", None),
    ):  # fmt: skip
        draft.book.add("counterparties", name=name, kind=kind, business_scope=scope, registered_on=since)
    for kind, when in (("contract", date(2026, 6, 12)), ("invoice", date(2026, 6, 29))):
        draft.book.add(
            "evidence",
            loan_id="L4081",
            transaction_id=keys["steel"],
            kind=kind,
            party="海陆钢铁贸易有限公司",
            amount=800 * WAN,
            date=when,
        )


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="2900", ppe_net="5200", intangible_assets="380", share_capital="8000", surplus_reserve="700"),
        sales={(Y23, 12): D(41800), (Y24, 12): D(39600), **year_of(2025, "36200"), **quarters_of(2026, "6700", "5900")},
        rates={start: decimals(gross_margin="0.104", selling="0.004", admin="0.033", rnd="0.006", ar_days="96", inventory_days="24", contract_asset_days="88", ap_days="112", np_days="18",
                               vat="0.09"),
               Y25: decimals(ar_days="118", contract_asset_days="104"), H26: decimals(gross_margin="0.087", ar_days="141", ap_days="138")},
        debt={start: (D(6200), D(0), D(0)), Y24: (D(7400), D(0), D(0)), Y25: (D(8900), D(510), D(900)), H26: (D(11400), D(520), D(640))},
        spend={Y23: D(400), Y24: D(300), Y25: D(1900), H26: D(90)}, dividends={Y23: D(500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C408", "books"))
