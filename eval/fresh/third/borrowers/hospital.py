"""KH01 慈恒医院: the insurance fund pays it later and later, instalments come late twice, its annual report came five weeks late."""

from __future__ import annotations

from datetime import date

from eval.fresh.third.house import (
    WAN,
    Y25,
    chinese_half,
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
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

DSCR = "每个会计年度，乙方偿债备付率（EBITDA扣除所得税后与当年应还本金及利息之比）须达到1.20以上。"
LIQUID = "每年6月末和12月末，乙方流动比率不得跌破1.10。"
DAYS = "乙方应收帐款周转天数超过150天时，应在二十日内向甲方说明原因。"
PAPERS = "乙方应在每年4月30日前提供上一年度审计报告，在8月31日前提供半年度报表。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH01", name="青浔慈恒康复医院有限公司", name_en="Qingxun Ciheng Rehabilitation Hospital Co., Ltd.", short="慈恒医院",
        registration=credit_code(draft.chance("KH01", "code"), "610399"), address="青浔市仁济路9号", legal_representative="沈慕白",
        finance_head="梁晚晴", accountant="柯明", signatory_en="Shen Mubai",
    )  # fmt: skip
    enrol(draft, company, "E01", "QX", type="corporate", industry_code="Q8415", incorporation_date=date(2014, 3, 11), enterprise_size="medium",
          internal_rating="BBB", aliases="慈恒医院;慈恒;Ciheng;Ciheng Hospital")  # fmt: skip
    books = {"consolidated": _books(draft)}
    equipment = Lent(
        id="JK0101", customer="KH01", kind="fixed_asset", purpose="购置核磁共振仪及康复训练设备", amount=4800 * WAN, rate=D("0.0420"),
        start=date(2023, 4, 18), end=date(2029, 4, 18), repayment="equal_principal", frequency="quarterly", account="A0101",
        delays={date(2026, 4, 18): 4, date(2026, 7, 18): 12},
        row={"product_name": "设备购置贷款", "payment_control": "entrusted", "secured": True, "facility_id": "SX01"},
    )  # fmt: skip
    drugs = Lent(
        id="JK0102", customer="KH01", kind="working_capital", purpose="采购药品和医用耗材", amount=1200 * WAN, rate=D("0.0385"),
        start=date(2026, 3, 16), end=date(2027, 3, 16), repayment="interest_only", frequency="quarterly", account="A0101",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    lend(draft, equipment, drugs)
    draft.book.add("collateral", loan_ids="JK0101", type="equipment", description="核磁共振仪2台及康复机器人12套", value=3900 * WAN, currency_code="CNY",
                   value_date=date(2025, 11, 20), valuation_type="market", orig_value=5600 * WAN, owner_id="KH01", charge="抵押",
                   insurance_end_date=date(2026, 10, 24), lien_rank=1)  # fmt: skip
    draft.book.add("collateral", loan_ids="JK0101", type="receivable", description="医保结算款收费权", value=2600 * WAN, currency_code="CNY",
                   value_date=date(2026, 3, 31), valuation_type="book", owner_id="KH01", charge="质押", lien_rank=1)  # fmt: skip
    draft.book.add("guarantors", loan_ids="JK0101;JK0102", name="沈慕白", amount=3000 * WAN, currency_code="CNY", start_date=date(2023, 4, 18),
                   end_date=date(2031, 4, 18))  # fmt: skip
    deed = chinese_deed(
        company, "QX", equipment, "云青固借字（2023）第0018号", date(2023, 4, 11), title="固定资产借款合同",
        tests=[(DSCR, "YD0101"), (LIQUID, "YD0102"), (DAYS, "")],
        duties=[(PAPERS, "YD0103"), ("乙方应为抵押设备投保财产一切险，甲方为第一受益人，保险不得中断。", ""),
                ("乙方被取消医保定点资格或者被暂停结算的，应在两个工作日内告知甲方。", "")],
        security="以乙方核磁共振仪及康复设备抵押、医保结算款收费权质押，并由沈慕白承担连带责任保证，保证金额叁仟万元。", penalty="50%", grace="三十日",
        others=[("乙方在其他金融机构的债务逾期超过人民币三百万元的，视为乙方在本合同项下违约。", "")],
    )  # fmt: skip
    path = file_deed(draft, deed, "固定资产借款合同_0018.pdf", date(2023, 4, 12))
    second = chinese_deed(
        company, "QX", drugs, "云青流借字（2026）第0027号", date(2026, 3, 12), title="流动资金借款合同", tests=[(LIQUID, "")], duties=[(PAPERS, "")],
        security="由沈慕白承担连带责任保证。", penalty="40%", grace="三十日",
    )  # fmt: skip
    file_deed(draft, second, "流动资金借款合同_0027.docx", date(2026, 3, 13))
    test(draft, deed, path, "YD0101", "偿债备付率", "dscr", ">=", "1.20", basis="annual", frequency="annually", first_test_date=date(2024, 12, 31),
         due_days=120, loan_id="JK0101")  # fmt: skip
    test(
        draft,
        deed,
        path,
        "YD0102",
        "流动比率",
        "current_ratio",
        ">=",
        "1.10",
        basis="point",
        first_test_date=Y25,
        loan_id="JK0101",
    )
    covenant(draft, "YD0103", "报表报送", definition=PAPERS, type="reporting", frequency="semi_annually", first_test_date=Y25, due_days=120,
             loan_id="JK0101", source_document=path, source_page=deed.pages["YD0103"])  # fmt: skip
    auditor = "青浔明衡会计师事务所（普通合伙）"
    chinese_year(draft, company, books, 2024, "open", "元", date(2025, 4, 25), date(2025, 4, 30), auditor=auditor)
    chinese_year(draft, company, books, 2025, "open", "元", date(2026, 6, 5), date(2026, 4, 30), auditor=auditor)
    chinese_half(draft, company, books, "open", "元", date(2026, 8, 27), date(2026, 8, 31))
    file_visit(draft, Visit(
        company=company, day=date(2026, 9, 4), who="方若琳、聂怀山", met="财务总监梁晚晴",
        seen=["门诊候诊约60人。", "康复病区开放320张床，在院241人。", "1号核磁共振仪停机待修，2号正常。"],
        checked=["医保局6月结算款至9月4日未到，欠付合计2,150万元。", "抽查8月工资单，应发412万元，已发放。", "医保扣款通知书：违规结算扣回380万元。"],
        told=["“医保从60天拖到了150天，不是我们一家。”", "“10月底前肯定能收到一笔一千万。”"], pledge="1号核磁停机；设备保单10月24日到期。",
        view="偿还来源没有问题，但回款节奏拖慢，连续两期晚还，建议列入关注名单。", next=["10月15日前提交医保应收账龄表", "10月20日前续保并交保单复印件"],
    ), "checklist", "贷后检查表_慈恒医院_2026-09-04.docx")  # fmt: skip
    keep_account(draft, company, ["JK0101", "JK0102"], "A0101", opening="9600000", target="4200000",
                 monthly={"2025-10": "12600000", "2026-04": "9300000"}, wages="3950000", taxes="120000", power="310000",
                 buyers=("青浔市医疗保障局", "银联商户清算", "泰岳人寿保险"), suppliers=("青浔康源医药配送有限公司", "博岳医疗器械有限公司"))  # fmt: skip
    reading(draft, company, "electricity_kwh", "kWh", "青浔供电局", {"2024-09": "386000", "2026-01": "402000"})
    reading(
        draft, company, "social_security_headcount", "人", "社保中心", {"2024-09": "512", "2026-03": "498", "!2026-08": "495"}
    )
    bureau(draft, company, date(2026, 8, 31), other_bank_count=2, other_bank_balance=2300 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=3, limits_total=4000 * WAN, new_lenders_3m=0)  # fmt: skip
    draft.book.add("events", customer_id="KH01", date=date(2026, 8, 14), type="administrative_penalty", title="医保违规结算扣回",
                   detail="追回违规结算医保基金380万元", amount=380 * WAN, currency_code="CNY", source="青浔市医疗保障局", subject="company")  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("0.71"))):
        draft.book.add("relations", customer_id="KH01", related_name="沈慕白", relation=relation, share=share)
    return {"KH01": books["consolidated"]}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="2100", ppe_net="14200", intangible_assets="1150", long_term_deferred_expenses="820", share_capital="6000", surplus_reserve="310"),
        sales={(day("2023-12-31"), 12): D(15200), (day("2024-12-31"), 12): D(16900), **year_of(2025, "17450"), **quarters_of(2026, "3980", "4120")},
        rates={
            start: decimals(gross_margin="0.335", selling="0.012", admin="0.152", rnd="0", ar_days="92", inventory_days="31", ap_days="118", np_days="0",
                            notes_days="0", financing_days="0", vat="0", surtax="0.001", depreciation="0.085", labour="0.38", write_down="0", advance_days="4"),
            day("2025-06-30"): decimals(ar_days="108"), Y25: decimals(ar_days="121", gross_margin="0.318"),
            day("2026-06-30"): decimals(ar_days="143", ap_days="131"),
        },
        debt={start: (D(1500), D(0), D(600)), day("2023-12-31"): (D(1700), D(800), D(3600)), day("2024-12-31"): (D(1800), D(800), D(2800)),
              Y25: (D(2300), D(800), D(2000)), day("2026-06-30"): (D(3100), D(800), D(1600))},
        spend={day("2023-12-31"): D(5200), day("2024-12-31"): D(900), Y25: D(700), day("2026-06-30"): D(260)}, dividends={day("2024-12-31"): D(400)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH01", "books"))
