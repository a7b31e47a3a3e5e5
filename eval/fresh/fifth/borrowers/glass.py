"""C502 晶澈玻璃: half-year sales up while a furnace is cold, gas and power halve and invoices fall: a note against the statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.fresh.fifth.borrowers import plans
from eval.fresh.fifth.house import (
    H26,
    WAN,
    Y24,
    Y25,
    file_deed,
    file_visit,
    keep_account,
    own,
    reading,
    statement,
    test,
)
from eval.fresh.fifth.papers.agreements import chinese_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.fresh.fifth.papers.slips import utility_bill, vat_list
from eval.sample_bank.accounts import Move
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code

NET = "扣除货币资金后的有息债务，每半年末测算，最高不得高于最近十二个月EBITDA的1.2倍。"
COVER = "最近十二个月的息税前利润应达到同期利息费用的4.5倍，每半年末测算。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C502",
        name="泊云晶澈节能玻璃有限公司",
        name_en="Boyun Jingche Energy-saving Glass Co., Ltd.",
        short="晶澈玻璃",
        registration=credit_code(draft.chance("C502", "code"), "360199"),
        address="泊云市窑湾工业区7号",
        legal_representative="邬炽",
        finance_head="向晚晴",
        accountant="向晚晴",
        signatory_en="Wu Chi",
    )
    enrol(
        draft,
        company,
        "P11",
        "BY",
        type="corporate",
        industry_code="C3041",
        incorporation_date=date(2009, 9, 18),
        enterprise_size="medium",
        internal_rating="BBB-",
        aliases="晶澈玻璃;晶澈;晶澈节能;Jingche Glass",
    )
    ledger = plans.glass(draft)
    books = {"consolidated": ledger}
    soda = Lent(
        id="L5021",
        customer="C502",
        kind="working_capital",
        purpose="采购纯碱和石英砂",
        amount=2400 * WAN,
        rate=D("0.0430"),
        start=date(2026, 3, 17),
        end=date(2027, 3, 17),
        repayment="interest_only",
        frequency="quarterly",
        account="A5021",
        row={"product_name": "流动资金贷款", "payment_control": "entrusted", "secured": False},
    )
    line = Lent(
        id="L5022",
        customer="C502",
        kind="fixed_asset",
        purpose="购置镀膜生产线",
        amount=2000 * WAN,
        rate=D("0.0450"),
        start=date(2024, 12, 10),
        end=date(2027, 12, 10),
        repayment="equal_instalment",
        frequency="monthly",
        account="A5021",
        row={"product_name": "设备贷款", "payment_control": "entrusted", "secured": True},
    )
    draft.lend(soda)
    draft.lend(line)
    draft.book.add(
        "collateral",
        loan_ids="L5022",
        type="equipment",
        description="双银镀膜生产线一条",
        value=1720 * WAN,
        currency_code="CNY",
        value_date=date(2026, 3, 4),
        valuation_type="market",
        orig_value=2900 * WAN,
        owner_id="C502",
        charge="抵押",
        insurance_end_date=date(2026, 12, 9),
        lien_rank=1,
    )
    draft.book.add(
        "guarantors",
        loan_ids="L5021",
        name="泊云晒场酱业酿造有限公司",
        customer_id="C501",
        amount=1800 * WAN,
        currency_code="CNY",
        start_date=date(2026, 3, 17),
        end_date=date(2030, 3, 17),
    )
    _bonds(draft)
    deed = chinese_deed(
        company,
        "BY",
        line,
        "沧泊设字2024第087号",
        date(2024, 12, 3),
        title="设备借款合同",
        tests=[(NET, "K5021"), (COVER, "K5022")],
        reports="借款人应于每年4月30日前报送审计报告，于8月31日前报送半年报，并按月报送增值税开票清单。",
        promises=[("窑炉冷修或停火的，借款人应提前十五日告知贷款行。", "")],
        security="以双银镀膜生产线抵押。",
        late="百分之五十",
    )
    path = file_deed(draft, deed, "设备借款合同_2024第087号.docx", date(2024, 12, 5))
    test(draft, deed, path, "K5021", "净债务/EBITDA", "net_debt_to_ebitda", "<=", "1.2", first_test_date=Y25, loan_id="L5022")
    test(draft, deed, path, "K5022", "利息保障倍数（EBIT）", "icr_ebit", ">=", "4.5", first_test_date=Y25, loan_id="L5022")
    for end, came in ((Y24, date(2025, 4, 25)), (Y25, date(2026, 4, 24))):
        statement(draft, company, books, end, "sided", "千元", came, date(end.year + 1, 4, 30), auditor="泊云正源会计师事务所")
    statement(draft, company, books, H26, "sided", "千元", date(2026, 8, 24), date(2026, 8, 31), months=6)
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 9, 23),
            who=["沈砚", "葛怀瑾"],
            met="厂长纪炉生",
            where="窑湾工业区厂区",
            seen=["一号窑已停火冷却，二号窑维持半产。", "成品库只堆了三成。"],
            checked=[
                "8月天然气账单61万方，去年8月128万方。",
                "8月开票清单合计1,246万元，去年8月2,980万元。",
                "二季度产量统计表18.2万重量箱，同比下降47%。",
            ],
            told=["房地产没单子，先保一座窑", "报表上的收入含了库存商品的代销"],
            view="报表收入增长与停窑、用气和开票背离，二季度收入可能虚增，需逐户函证。",
            next=["10月20日前完成前三大客户函证", "11月10日前要求补充代销合同"],
        ),
        "post",
        "走访邮件_晶澈玻璃_20260923.eml",
        "晶澈玻璃九月走访",
    )
    _papers(draft, company)
    keys = keep_account(
        draft,
        company,
        ["L5021", "L5022"],
        "A5021",
        opening="11800000",
        target="5200000",
        monthly={"2025-11": "30500000", "2026-03": "22400000", "2026-07": "15800000"},
        wages="1980000",
        taxes="420000",
        power="1650000",
        buyers=("宏厦幕墙工程公司", "泊云门窗产业园", "远景建材贸易行"),
        suppliers=("碱都化工销售公司", "白沙石英矿业"),
        moves=(
            Move(
                day=date(2026, 3, 17),
                way="out",
                amount=1500 * WAN,
                party="碱都化工销售公司",
                memo="纯碱货款",
                entrusted=True,
                time="10:30",
                key="soda",
            ),
            Move(
                day=date(2026, 3, 17),
                way="out",
                amount=900 * WAN,
                party="白沙石英矿业",
                memo="石英砂货款",
                entrusted=True,
                time="10:40",
                key="sand",
            ),
        ),
    )
    for key, party, amount in (("soda", "碱都化工销售公司", 1500), ("sand", "白沙石英矿业", 900)):
        draft.book.add(
            "counterparties", name=party, kind="company", business_scope="化工原料及矿产品销售", registered_on=date(2006, 4, 3)
        )
        for kind, when in (("contract", date(2026, 3, 9)), ("invoice", date(2026, 3, 30))):
            draft.book.add(
                "evidence", loan_id="L5021", transaction_id=keys[key], kind=kind, party=party, amount=amount * WAN, date=when
            )
    reading(
        draft,
        company,
        "electricity_kwh",
        "kWh",
        "泊云供电公司",
        {"2024-10": "2950000", "2026-04": "1720000", "!2025-08": "3010000", "!2026-08": "1490000"},
    )
    reading(
        draft,
        company,
        "vat_invoiced_sales",
        "元",
        "税务局",
        {"2024-10": "29200000", "2026-03": "19500000", "2026-07": "12900000", "!2025-08": "29800000", "!2026-08": "12460000"},
    )
    for end, value in ((date(2025, 9, 30), "0.86"), (date(2026, 3, 31), "0.70"), (date(2026, 9, 30), "0.39")):
        draft.book.add(
            "operations",
            customer_id="C502",
            date=end,
            measure="capacity_utilisation",
            value=D(value),
            unit="share",
            source="生产报表",
        )
    bureau(
        draft,
        company,
        date(2026, 9, 30),
        other_bank_count=3,
        other_bank_balance=5200 * WAN,
        other_bank_overdue=D(0),
        max_overdue_days=0,
        guarantee_balance=1500 * WAN,
        enquiries_6m=8,
        limits_total=6500 * WAN,
        new_lenders_3m=2,
    )
    own(draft, company, "邬炽", "0.66")
    return {"C502": ledger}


def _bonds(draft: Draft) -> None:
    """The two companies that stand surety for each other."""
    for giver, taker, name, back, amount in (
        ("C501", "C502", "泊云晶澈节能玻璃有限公司", "泊云晒场酱业酿造有限公司", 1800),
        ("C502", "C501", "泊云晒场酱业酿造有限公司", "泊云晶澈节能玻璃有限公司", 1500),
    ):
        draft.book.add(
            "relations",
            customer_id=giver,
            related_name=name,
            related_customer_id=taker,
            relation="guarantee_given",
            amount=amount * WAN,
        )
        draft.book.add(
            "relations",
            customer_id=taker,
            related_name=back,
            related_customer_id=giver,
            relation="guarantee_received",
            amount=amount * WAN,
        )


def _papers(draft: Draft, company: Company) -> None:
    bill = utility_bill(
        company.name,
        "360071204",
        "泊云燃气集团",
        date(2026, 8, 1),
        [("天然气（方）", "610,000", "1,280,000", "3.12元/方")],
        Decimal("1903200.00"),
    )
    path = draft.file(
        company, "燃气账单_202608.pdf", "evidence", "zh", date(2026, 9, 11), layout="bill", asked_as="utility_bill"
    )
    draft.paper(path, bill)
    chance = draft.chance("C502", "invoices")
    rows, left = [], Decimal(12460000)
    for at in range(16):
        net = left if at == 15 else chance.near(left / (16 - at), "0.3").quantize(Decimal("0.01"))
        left -= net
        buyer = ("宏厦幕墙工程公司", "泊云门窗产业园", "远景建材贸易行")[at % 3]
        rows.append(
            (date(2026, 8, 2 + at), f"2636{at + 70241:08d}", buyer, net, (net * Decimal("0.13")).quantize(Decimal("0.01")))
        )
    listing = draft.file(
        company, "增值税开票清单_202608.xlsx", "other", "zh", date(2026, 9, 9), layout="vat", asked_as="vat_list"
    )
    draft.writer(listing, lambda target: vat_list(company.name, company.registration, rows, date(2026, 9, 8), target))
