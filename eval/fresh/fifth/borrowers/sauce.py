"""C501 晒场酱业: a soy-sauce brewer in good order that sends accounts every quarter; its land is pledged and a glassmaker stands surety."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.house import (
    H26,
    M26,
    S26,
    WAN,
    Y23,
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
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

QUICK = "借款人每季末扣除存货与预付款项后的流动资产，应当不少于流动负债的百分之九十。"
SHARE = "借款人每季末的负债总额应控制在资产总额的百分之四十五以内（含百分之四十五）。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C501",
        name="泊云晒场酱业酿造有限公司",
        name_en="Boyun Shaichang Soy Sauce Brewing Co., Ltd.",
        short="晒场酱业",
        registration=credit_code(draft.chance("C501", "code"), "360199"),
        address="泊云市酱园街12号",
        legal_representative="豆启明",
        finance_head="乔霁月",
        accountant="乔霁月",
        signatory_en="Dou Qiming",
    )
    enrol(
        draft,
        company,
        "P11",
        "BY",
        type="corporate",
        industry_code="C1462",
        incorporation_date=date(1998, 5, 6),
        enterprise_size="medium",
        internal_rating="A-",
        aliases="晒场酱业;晒场;晒场酿造;Shaichang",
    )
    ledger = _books(draft)
    books = {"consolidated": ledger}
    tanks = Lent(
        id="L5011",
        customer="C501",
        kind="fixed_asset",
        purpose="扩建高盐稀态发酵罐区",
        amount=3600 * WAN,
        rate=D("0.0410"),
        start=date(2025, 3, 20),
        end=date(2028, 3, 20),
        repayment="equal_principal",
        frequency="quarterly",
        account="A5011",
        row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True},
    )
    beans = Lent(
        id="L5012",
        customer="C501",
        kind="working_capital",
        purpose="收购大豆和小麦",
        amount=1500 * WAN,
        rate=D("0.0375"),
        start=date(2026, 2, 10),
        end=date(2027, 2, 10),
        repayment="bullet",
        frequency="at_maturity",
        account="A5011",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )
    draft.lend(tanks)
    draft.lend(beans)
    draft.book.add(
        "collateral",
        loan_ids="L5011",
        type="real_estate",
        description="酱园街12号厂区土地及发酵车间",
        value=5100 * WAN,
        currency_code="CNY",
        value_date=date(2026, 1, 22),
        valuation_type="market",
        owner_id="C501",
        charge="抵押",
        insurance_end_date=date(2027, 6, 30),
        lien_rank=1,
    )
    draft.book.add(
        "guarantors",
        loan_ids="L5012",
        name="泊云晶澈节能玻璃有限公司",
        customer_id="C502",
        amount=1500 * WAN,
        currency_code="CNY",
        start_date=date(2026, 2, 10),
        end_date=date(2030, 2, 10),
    )
    deed = chinese_deed(
        company,
        "BY",
        tanks,
        "沧泊固字2025第019号",
        date(2025, 3, 12),
        title="固定资产借款合同",
        tests=[(QUICK, "K5011"), (SHARE, "K5012")],
        reports="借款人应于每季度结束后三十日内报送季度报表，于每年4月30日前报送审计报告。",
        promises=[
            ("借款人新增对外担保超过人民币二千万元的，须事先取得贷款行书面同意。", ""),
            ("抵押物保险到期前三十日应办妥续保。", ""),
        ],
        security="以酱园街12号厂区土地及发酵车间作抵押。",
        late="百分之五十",
    )
    path = file_deed(draft, deed, "固定资产借款合同_2025第019号.pdf", date(2025, 3, 14))
    test(
        draft,
        deed,
        path,
        "K5011",
        "速动比率",
        "quick_ratio",
        ">=",
        "0.90",
        basis="point",
        frequency="quarterly",
        first_test_date=Y25,
        due_days=31,
        loan_id="L5011",
    )
    test(
        draft,
        deed,
        path,
        "K5012",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.45",
        basis="point",
        frequency="quarterly",
        first_test_date=Y25,
        due_days=31,
        loan_id="L5011",
    )
    remarks = ["存货主要为发酵期六个月以上的酱醪和成品酱油。"]
    for end, came in ((Y24, date(2025, 4, 16)), (Y25, date(2026, 4, 14))):
        statement(
            draft,
            company,
            books,
            end,
            "banded",
            "元",
            came,
            date(end.year + 1, 4, 30),
            auditor="泊云正源会计师事务所",
            notes=remarks,
        )
    for end, months, came, due in (
        (M26, 3, date(2026, 4, 27), date(2026, 4, 30)),
        (H26, 6, date(2026, 7, 28), date(2026, 7, 30)),
        (S26, 9, date(2026, 10, 27), date(2026, 10, 30)),
    ):
        statement(draft, company, books, end, "banded", "元", came, due, months=months, quarter=True, notes=remarks)
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 9, 10),
            who=["沈砚", "葛怀瑾"],
            met="财务经理乔霁月",
            where="酱园街厂区",
            seen=["八十只发酵罐满罐，其中十六只为新罐。", "灌装线两班运转。"],
            checked=["酱醪库存账面6,300吨，抽盘三罐与账相符。", "8月社保缴费人数214人。"],
            told=["明年打算上蚝油生产线，投资大约两千六百万元", "大豆已锁价到春节"],
            view="经营稳健，扩建罐区已投产，可维持正常类。",
            next=["11月20日前报送蚝油项目可研报告"],
        ),
        "form",
        "现场检查表_晒场酱业_20260910.docx",
    )
    keep_account(
        draft,
        company,
        ["L5011", "L5012"],
        "A5011",
        opening="9200000",
        target="7400000",
        monthly={"2025-11": "14200000", "2026-04": "15100000"},
        wages="1460000",
        taxes="690000",
        power="310000",
        buyers=("鲜达连锁超市", "泊云粮油批发市场", "味来餐饮供应链"),
        suppliers=("北疆大豆合作社", "泊云玻璃瓶厂"),
    )
    reading(
        draft,
        company,
        "electricity_kwh",
        "kWh",
        "泊云供电公司",
        {"2024-10": "512000", "2026-01": "561000", "!2025-09": "520000", "!2026-09": "572000"},
    )
    reading(draft, company, "tax_paid", "元", "税务局", {"2024-10": "880000", "2026-01": "955000"})
    bureau(
        draft,
        company,
        date(2026, 9, 30),
        other_bank_count=2,
        other_bank_balance=1100 * WAN,
        other_bank_overdue=D(0),
        max_overdue_days=0,
        guarantee_balance=1800 * WAN,
        enquiries_6m=2,
        limits_total=4200 * WAN,
        new_lenders_3m=0,
    )
    own(draft, company, "豆启明", "0.73")
    return {"C501": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    quarters = {
        day("2025-03-31"): (D(2100), D(1200), D(2400)),
        day("2025-06-30"): (D(2100), D(1200), D(2100)),
        day("2025-09-30"): (D(2100), D(1200), D(1800)),
        Y25: (D(2300), D(1200), D(1500)),
        M26: (D(2600), D(1200), D(1200)),
        H26: (D(2600), D(1200), D(900)),
        S26: (D(2600), D(1200), D(600)),
    }
    plan = Plan(
        currency="CNY",
        scale=WAN,
        unit=D("0.01"),
        start=start,
        opening=decimals(
            free_cash="1250", ppe_net="5800", intangible_assets="1150", share_capital="4200", surplus_reserve="520"
        ),
        sales={(Y23, 12): D(15200), (Y24, 12): D(16400), **year_of(2025, "17900"), **quarters_of(2026, "4350", "4720", "4680")},
        rates={
            start: decimals(
                gross_margin="0.312",
                selling="0.098",
                admin="0.057",
                rnd="0.011",
                ar_days="38",
                inventory_days="146",
                ap_days="52",
                np_days="0",
                notes_days="4",
                financing_days="0",
            )
        },
        debt={start: (D(2000), D(0), D(0)), Y24: (D(2100), D(0), D(0)), **quarters},
        spend={
            Y23: D(520),
            Y24: D(900),
            day("2025-03-31"): D(2100),
            day("2025-06-30"): D(900),
            day("2025-09-30"): D(300),
            Y25: D(260),
            H26: D(180),
            S26: D(150),
        },
        dividends={Y24: D(450), day("2025-06-30"): D(450), H26: D(500)},
    )
    return simulate(plan, draft.chance("C501", "books"))
