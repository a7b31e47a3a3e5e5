"""C409 丰穗饲料: its half-year sales rise while lines stand, power falls and invoices do not follow: a note against the statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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
from eval.fresh.fourth.papers.slips import invoice_list, power_bill, scanned
from eval.sample_bank.accounts import Move
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

LEVERAGE = "借款人的总债务与最近十二个月EBITDA的比值，每半年末以3.20为上限；"
WORTH = "净资产减除商誉和无形资产后的余额，在任一半年末均应在人民币12,000万元以上；"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C409", name="槐岭丰穗饲料股份有限公司", name_en="Huailing Fengsui Feed Co., Ltd.", short="丰穗饲料",
        registration=credit_code(draft.chance("C409", "code"), "410399"), address="槐岭市粮贸大道36号", legal_representative="麦长丰",
        finance_head="桑柔", accountant="桑柔", signatory_en="Mai Changfeng",
    )  # fmt: skip
    enrol(draft, company, "U12", "HL", type="corporate", industry_code="C1320", incorporation_date=date(2007, 1, 26), enterprise_size="medium",
          internal_rating="BBB-", aliases="丰穗饲料;丰穗;Fengsui Feed")  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    meal = Lent(
        id="L4091", customer="C409", kind="working_capital", purpose="采购豆粕和玉米", amount=2200 * WAN, rate=D("0.0395"), start=date(2026, 4, 8),
        end=date(2027, 4, 8), repayment="interest_only", frequency="quarterly", account="A4091",
        row={"product_name": "流动资金贷款", "payment_control": "entrusted", "secured": False},
    )  # fmt: skip
    line = Lent(
        id="L4092", customer="C409", kind="fixed_asset", purpose="新建膨化料生产线", amount=2800 * WAN, rate=D("0.0425"), start=date(2024, 11, 20),
        end=date(2029, 11, 20), repayment="equal_principal", frequency="quarterly", account="A4091",
        row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True},
    )  # fmt: skip
    draft.lend(meal)
    draft.lend(line)
    draft.book.add("collateral", loan_ids="L4092", type="equipment", description="膨化料生产线全套设备", value=2300 * WAN, currency_code="CNY",
                   value_date=date(2025, 8, 28), valuation_type="cost", orig_value=3300 * WAN, owner_id="C409", charge="抵押",
                   insurance_end_date=date(2027, 1, 15), lien_rank=1)  # fmt: skip
    draft.book.add("guarantors", loan_ids="L4091;L4092", name="麦长丰", amount=5000 * WAN, currency_code="CNY", start_date=date(2024, 11, 20),
                   end_date=date(2026, 12, 15))  # fmt: skip
    agreement = chinese_agreement(
        company, "HL", line, "霁槐固贷2024-0093", date(2024, 11, 13), title="固定资产贷款合同", tests=[(LEVERAGE, "V4091"), (WORTH, "V4092")],
        papers="借款人每年4月30日前提供审计报告，每年8月31日前提供半年度报表，每月15日前提供上月开票明细。", duties=["生产线停产超过七日的，应在三日内书面告知贷款人。"],
        security="以膨化料生产线全套设备抵押，由麦长丰提供连带责任保证。", penalty="百分之五十", cure="三十日",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "固贷合同_2024-0093.docx", date(2024, 11, 14))
    test(draft, agreement, path, "V4091", "总债务/EBITDA", "debt_to_ebitda", "<=", "3.2", first_test_date=Y25, loan_id="L4092")
    test(
        draft,
        agreement,
        path,
        "V4092",
        "有形净资产",
        "tnw",
        ">=",
        "120000000",
        basis="point",
        currency_code="CNY",
        first_test_date=Y25,
        loan_id="L4092",
    )
    year(draft, company, books, Y24, "noted", "万元", date(2025, 4, 21), date(2025, 4, 30), auditor="东陆联合会计师事务所（特殊普通合伙）",
         headed=[("1. 存货", "存货主要为豆粕、玉米和成品饲料。")])  # fmt: skip
    year(draft, company, books, Y25, "noted", "万元", date(2026, 4, 20), date(2026, 4, 30), auditor="东陆联合会计师事务所（特殊普通合伙）",
         headed=[("1. 存货", "存货主要为豆粕、玉米和成品饲料。")])  # fmt: skip
    part(
        draft,
        company,
        books,
        H26,
        "noted",
        "万元",
        date(2026, 8, 18),
        date(2026, 8, 31),
        headed=[("1. 说明", "本期未经审计。")],
    )
    file_call(draft, Call(
        company=company, day=date(2026, 9, 29), who=["程砚秋", "邵长庚"], met="生产副总麦长青", where="粮贸大道厂区",
        seen=["五条生产线只有两条在转，膨化线停机。", "成品库空置约六成。"],
        checked=["8月产量台账3,150吨，去年8月6,020吨。", "8月电费账单22.3万度，去年同月39.8万度。", "豆粕账面2,400吨，过磅抽查1,710吨。"],
        told=["养殖户压价，我们主动限产", "收入主要靠贸易，不靠产量"], view="半年报收入增长与停线、用电、开票都矛盾，怀疑虚增贸易收入，应逐笔核对贸易合同。",
        next=["10月31日前取得前五大贸易客户对账单", "11月6日前复盘豆粕库存"],
    ), "word", "走访报告_丰穗饲料_20260929.docx")  # fmt: skip
    _papers(draft, company)
    keep_account(
        draft, company, ["L4091", "L4092"], "A4091", opening="4700000", target="2900000", monthly={"2025-11": "15600000", "2026-03": "9800000"}, wages="920000",
        taxes="140000", power="210000", buyers=("牧野养殖合作社", "槐岭生猪养殖协会", "顺禾农资"), suppliers=("海陆粮油进出口公司", "北原玉米收储公司"),
        moves=(Move(day=date(2026, 4, 8), way="out", amount=2200 * WAN, party="海陆粮油进出口公司", memo="豆粕采购款", entrusted=True, time="11:30", key="meal"),),
    )  # fmt: skip
    reading(draft, company, "electricity_kwh", "kWh", "槐岭供电局", {"2024-10": "402000", "2026-02": "301000", "2026-06": "238000", "!2025-08": "398000",
            "!2026-08": "223000", "!2025-07": "401000", "!2026-07": "231000"})  # fmt: skip
    reading(
        draft,
        company,
        "vat_invoiced_sales",
        "元",
        "税务局",
        {"2024-10": "24000000", "2026-01": "16800000", "2026-07": "14900000"},
    )
    for end, value in ((date(2025, 8, 31), "0.83"), (date(2026, 3, 31), "0.61"), (date(2026, 8, 31), "0.43")):
        draft.book.add(
            "operations",
            customer_id="C409",
            date=end,
            measure="capacity_utilisation",
            value=D(value),
            unit="share",
            source="生产台账",
        )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=3, other_bank_balance=4600 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=7, limits_total=6200 * WAN, new_lenders_3m=1)  # fmt: skip
    draft.book.add(
        "counterparties", name="海陆粮油进出口公司", kind="company", business_scope="粮油批发", registered_on=date(2003, 6, 2)
    )
    own(draft, company, "麦长丰", "0.59")
    return {"C409": ledger}


def _papers(draft: Draft, company: Company) -> None:
    bill = power_bill(
        company.name, "410039917", date(2026, 8, 1), Decimal(223000), Decimal(398000), Decimal("0.7150"), "槐岭供电局"
    )
    path = draft.file(
        company, "电费账单扫描_202608.pdf", "evidence", "zh", date(2026, 9, 12), layout="scan", asked_as="utility_bill"
    )
    draft.writer(path, lambda target: scanned(bill, draft.chance("C409", "scan"), target))
    chance = draft.chance("C409", "invoices")
    rows = []
    for at in range(24):
        net = chance.near(Decimal(620000), "0.35").quantize(Decimal("0.01"))
        rows.append(
            (
                f"2641{at + 30017:08d}",
                date(2026, 8, 1 + at),
                ("牧野养殖合作社", "槐岭生猪养殖协会", "顺禾农资")[at % 3],
                net,
                (net * Decimal("0.09")).quantize(Decimal("0.01")),
            )
        )
    listing = draft.file(
        company, "销项发票明细_202608.xlsx", "other", "zh", date(2026, 9, 14), layout="invoices", asked_as="vat_list"
    )
    draft.writer(listing, lambda target: invoice_list(company.name, rows, date(2026, 9, 13), target))


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="1900", ppe_net="7600", intangible_assets="920", share_capital="6000", surplus_reserve="390"),
        sales={(Y23, 12): D(33800), (Y24, 12): D(32600), **year_of(2025, "31900"), **quarters_of(2026, "8600", "9450")},
        rates={start: decimals(gross_margin="0.112", selling="0.019", admin="0.024", rnd="0.008", ar_days="47", inventory_days="52", ap_days="49", np_days="9", vat="0.09"),
               Y25: decimals(ar_days="58"), H26: decimals(ar_days="96", inventory_days="61")},
        debt={start: (D(3200), D(0), D(0)), Y24: (D(3300), D(560), D(2240)), Y25: (D(4200), D(560), D(1680)), H26: (D(5600), D(560), D(1400))},
        spend={Y23: D(400), Y24: D(3200), Y25: D(260), H26: D(70)}, dividends={Y24: D(300), Y25: D(300)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C409", "books"))
