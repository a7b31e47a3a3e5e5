"""C503 岚山茶业 and its tea shops C504: group beside parent accounts, and a subsidiary in the other branch three months in arrears."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.borrowers import tea_books, tea_shops
from eval.fresh.fifth.house import (
    H25,
    H26,
    WAN,
    Y24,
    Y25,
    file_deed,
    file_visit,
    keep_account,
    own,
    planned,
    reading,
    statement,
    test,
)
from eval.fresh.fifth.papers.agreements import chinese_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code

DEBT = "集团合并有息债务相当于最近十二个月EBITDA的倍数，每半年末以3.9倍为限；2026年12月31日及以后以3.2倍为限。"
OWN = "母公司报表的资产负债率在每半年末应低于或等于百分之五十五。"
COVER = "集团合并EBITDA应不少于同期利息费用的四倍，每半年末按最近十二个月测算。"
CROSS = "乙方或并表子公司在任何金融机构的借款逾期本息合计达到人民币一百万元及以上的，视同乙方在本合同项下违约。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds parent and subsidiary."""
    group = Company(
        id="C503",
        name="岚山茶业集团有限公司",
        name_en="Lanshan Tea Group Co., Ltd.",
        short="岚山茶业",
        registration=credit_code(draft.chance("C503", "code"), "360199"),
        address="泊云市岚山镇茶源大道1号",
        legal_representative="晏知秋",
        finance_head="茅澄",
        accountant="茅澄",
        signatory_en="Yan Zhiqiu",
    )
    shops = Company(
        id="C504",
        name="岚山茶饮连锁（雀湾）有限公司",
        name_en="Lanshan Tea Shops (Wren Bay) Co., Ltd.",
        short="岚山茶饮",
        registration=credit_code(draft.chance("C504", "code"), "360299"),
        address="雀湾市滨海路88号",
        legal_representative="晏知夏",
        finance_head="蒲小满",
        accountant="蒲小满",
        signatory_en="Yan Zhixia",
    )
    enrol(
        draft,
        group,
        "P12",
        "BY",
        type="corporate",
        industry_code="C1530",
        incorporation_date=date(2003, 3, 28),
        enterprise_size="large",
        internal_rating="BBB+",
        group_id="GRP-LS",
        aliases="岚山茶业;岚山集团;岚山茶业集团;Lanshan Tea Group",
    )
    whole, alone = tea_books.whole(draft), tea_books.alone(draft)
    _group(draft, group, {"consolidated": whole, "parent": alone})
    enrol(
        draft,
        shops,
        "P21",
        "QW",
        type="sme",
        industry_code="H6231",
        incorporation_date=date(2019, 7, 2),
        enterprise_size="small",
        internal_rating="B",
        group_id="GRP-LS",
        aliases="岚山茶饮;茶饮公司;Lanshan Tea Shops",
    )
    bars = tea_shops.books(draft)
    tea_shops.fill(draft, shops, bars)
    for one, other, relation in (("C503", shops, "subsidiary"), ("C504", group, "parent")):
        draft.book.add(
            "relations",
            customer_id=one,
            related_name=other.name,
            related_customer_id=other.id,
            relation=relation,
            share=D("0.80"),
        )
    for one, other, relation in (("C503", shops, "guarantee_given"), ("C504", group, "guarantee_received")):
        draft.book.add(
            "relations",
            customer_id=one,
            related_name=other.name,
            related_customer_id=other.id,
            relation=relation,
            amount=1200 * WAN,
        )
    draft.book.add(
        "guarantors",
        loan_ids="L5041",
        name=group.name,
        customer_id="C503",
        amount=1200 * WAN,
        currency_code="CNY",
        start_date=date(2025, 9, 15),
        end_date=date(2031, 9, 15),
    )
    own(draft, group, "晏知秋", "0.58")
    return {"C503": whole, "C503-parent": alone, "C504": bars}


def _group(draft: Draft, group: Company, books: dict[str, Ledger]) -> None:
    flows = planned("90000000", "0.0420", date(2024, 5, 22), ["4000000"] * 4 + ["8000000"] * 6 + ["0"] * 4, 6)[:14]
    garden = Lent(
        id="L5031",
        customer="C503",
        kind="fixed_asset",
        purpose="建设精制茶加工园区",
        amount=9000 * WAN,
        rate=D("0.0420"),
        start=date(2024, 5, 22),
        end=date(2031, 5, 22),
        repayment="step",
        frequency="semi_annually",
        flows=flows,
        account="A5031",
        row={"product_name": "项目贷款", "payment_control": "entrusted", "secured": True},
    )
    leaf = Lent(
        id="L5032",
        customer="C503",
        kind="working_capital",
        purpose="收购春茶毛茶",
        amount=4000 * WAN,
        rate=D("0.0365"),
        start=date(2026, 3, 25),
        end=date(2027, 3, 25),
        repayment="interest_only",
        frequency="monthly",
        account="A5031",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False, "limit_amount": 6000 * WAN},
    )
    old = Lent(
        id="L5033",
        customer="C503",
        kind="working_capital",
        purpose="收购秋茶",
        amount=1800 * WAN,
        rate=D("0.0370"),
        start=date(2025, 8, 19),
        end=date(2026, 8, 19),
        repayment="bullet",
        frequency="at_maturity",
        account="A5031",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )
    for loan in (garden, leaf, old):
        draft.lend(loan)
    draft.book.add(
        "collateral",
        loan_ids="L5031",
        type="real_estate",
        description="茶源大道1号加工园区土地及厂房",
        value=13800 * WAN,
        currency_code="CNY",
        value_date=date(2026, 4, 16),
        valuation_type="market",
        owner_id="C503",
        charge="抵押",
        insurance_end_date=date(2027, 5, 31),
        lien_rank=1,
    )
    draft.book.add(
        "collateral",
        loan_ids="L5032",
        type="inventory",
        description="仓储精制茶420吨",
        value=2600 * WAN,
        currency_code="CNY",
        value_date=date(2026, 8, 31),
        valuation_type="market",
        owner_id="C503",
        charge="质押",
        insurance_end_date=date(2027, 3, 31),
        lien_rank=1,
    )
    deed = chinese_deed(
        group,
        "BY",
        garden,
        "沧泊项字2024第033号",
        date(2024, 5, 15),
        title="项目借款合同",
        tests=[(DEBT, "K5031"), (OWN, "K5032"), (COVER, "K5033")],
        reports="乙方应于每年4月30日前报送合并及母公司审计报告，于8月31日前报送合并及母公司半年报。",
        promises=[("乙方每年现金分红不得高于上年合并净利润的三成。", ""), (CROSS, "K5034")],
        security="以茶源大道1号加工园区土地及厂房抵押。",
        late="百分之五十",
    )
    path = file_deed(draft, deed, "项目借款合同_2024第033号.pdf", date(2024, 5, 17))
    second = chinese_deed(
        group,
        "BY",
        leaf,
        "沧泊流字2026第041号",
        date(2026, 3, 18),
        title="流动资金借款合同",
        tests=[],
        reports="乙方应按月报送毛茶收购台账。",
        promises=[("质押茶叶的库存价值不得低于贷款余额的六成。", "")],
        security="以仓储精制茶420吨质押。",
        late="百分之三十",
    )
    file_deed(draft, second, "流动资金借款合同_2026第041号.docx", date(2026, 3, 19))
    test(
        draft,
        deed,
        path,
        "K5031",
        "合并有息债务/EBITDA",
        "debt_to_ebitda",
        "<=",
        "3.9",
        threshold_steps="2026-12-31:3.2",
        first_test_date=H25,
        loan_id="L5031",
    )
    test(
        draft,
        deed,
        path,
        "K5032",
        "母公司资产负债率",
        "debt_to_assets",
        "<=",
        "0.55",
        basis="point",
        scope="parent",
        first_test_date=H25,
        loan_id="L5031",
    )
    test(draft, deed, path, "K5033", "EBITDA利息保障", "icr_ebitda", ">=", "4.0", first_test_date=H25, loan_id="L5031")
    covenant(
        draft,
        "K5034",
        "交叉违约",
        definition=CROSS,
        type="cross_default",
        frequency="quarterly",
        first_test_date=H25,
        threshold="1000000",
        operator=">=",
        currency_code="CNY",
        loan_id="L5031",
        source_document=path,
        source_page=deed.pages["K5034"],
    )
    for end, came in ((Y24, date(2025, 4, 22)), (Y25, date(2026, 4, 28))):
        statement(
            draft,
            group,
            books,
            end,
            "group",
            "万元",
            came,
            date(end.year + 1, 4, 30),
            auditor="沧溟天衡会计师事务所（特殊普通合伙）",
        )
    statement(draft, group, books, H26, "group", "万元", date(2026, 8, 27), date(2026, 8, 31), months=6)
    file_visit(
        draft,
        Visit(
            company=group,
            day=date(2026, 10, 14),
            who=["裴知微", "葛怀瑾"],
            met="财务总监茅澄",
            where="茶源大道加工园区",
            seen=["精制一车间满负荷，二车间空着没有装机。", "质押仓茶叶码放整齐，标签齐全。"],
            checked=["质押仓盘点精制茶418吨，账面420吨。", "礼盒订单9月末1.1亿元，去年同期1.4亿元。"],
            told=["茶饮公司的欠款集团年底前统一解决", "二车间设备推迟到明年"],
            view="主业可以，拖累在茶饮子公司；12月31日起债务上限降到3.2倍，压力较大。",
            next=["11月18日前取得集团对茶饮公司的还款承诺函", "11月25日前测算年末杠杆"],
        ),
        "form",
        "现场检查表_岚山茶业_20261014.docx",
    )
    keep_account(
        draft,
        group,
        ["L5031", "L5032", "L5033"],
        "A5031",
        opening="21500000",
        target="14200000",
        monthly={"2025-11": "27400000", "2026-03": "19800000"},
        wages="4100000",
        taxes="980000",
        power="260000",
        buyers=("金茗礼品公司", "四海茶叶出口公司", "岚山茶饮连锁（雀湾）有限公司"),
        suppliers=("岚山镇茶农合作社", "泊云彩盒包装厂"),
    )
    reading(
        draft,
        group,
        "order_backlog",
        "元",
        "销售部",
        {"2024-10": "138000000", "2026-03": "116000000", "!2025-09": "140000000", "!2026-09": "110000000"},
    )
    bureau(
        draft,
        group,
        date(2026, 9, 30),
        other_bank_count=3,
        other_bank_balance=9800 * WAN,
        other_bank_overdue=D(0),
        max_overdue_days=0,
        guarantee_balance=1200 * WAN,
        enquiries_6m=5,
        limits_total=16000 * WAN,
        new_lenders_3m=1,
    )
