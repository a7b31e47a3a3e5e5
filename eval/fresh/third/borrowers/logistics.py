"""KH02 恒川集团 and its cold stores KH03: a group whose parent owes less than the whole, a subsidiary in the other branch that pays late."""

from __future__ import annotations

from datetime import date

from eval.fresh.third.house import (
    H26,
    WAN,
    Y23,
    Y24,
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
from eval.fresh.third.papers.word import words
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

LEVERAGE = "每半年末，乙方合并报表总债务与EBITDA的倍数不得高于4.50；从2026年12月31日起不得高于4.00。"
SHARE = "每半年末，乙方合并报表资产负债率应保持在68%以下（含68%）。"
OWN = "每半年末，乙方母公司报表资产负债率应保持在60%以下（含60%）。"
COVER = "每半年末，乙方合并报表EBITDA对利息支出的保障倍数不低于4.00。"
CROSS = "乙方或其子公司在任何金融机构的债务逾期本金合计达到人民币五百万元（含）的，构成乙方违约。"
COLD = "冷链公司每年末资产负债率不得超过65%。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds parent and subsidiary."""
    group = Company(
        id="KH02", name="恒川供应链集团有限公司", name_en="Hengchuan Supply Chain Group Co., Ltd.", short="恒川集团",
        registration=credit_code(draft.chance("KH02", "code"), "610399"), address="青浔市港东大道300号", legal_representative="骆以恒",
        finance_head="许青禾", accountant="佟越", signatory_en="Luo Yiheng",
    )  # fmt: skip
    cold = Company(
        id="KH03", name="恒川冷链仓储（砚港）有限公司", name_en="Hengchuan Cold Chain Storage (Yangang) Co., Ltd.", short="恒川冷链",
        registration=credit_code(draft.chance("KH03", "code"), "620599"), address="砚港市渔港路18号", legal_representative="骆以恒",
        finance_head="毕然", accountant="毕然", signatory_en="Luo Yiheng",
    )  # fmt: skip
    enrol(draft, group, "E02", "QX", type="corporate", industry_code="G5431", incorporation_date=date(2009, 9, 2), enterprise_size="large",
          internal_rating="A-", group_id="GRP-HC", aliases="恒川集团;恒川供应链;Hengchuan Group")  # fmt: skip
    whole, alone = _whole(draft), _alone(draft)
    _lend_group(draft, group)
    _paper_group(draft, group, {"consolidated": whole, "parent": alone})
    enrol(draft, cold, "E04", "YG", type="sme", industry_code="G5930", incorporation_date=date(2017, 2, 15), enterprise_size="small",
          internal_rating="BB", group_id="GRP-HC", aliases="恒川冷链;冷链公司;Hengchuan Cold")  # fmt: skip
    stores = _stores(draft)
    _cold(draft, cold, stores)
    for one, other, relation in (("KH02", cold, "subsidiary"), ("KH03", group, "parent")):
        draft.book.add(
            "relations",
            customer_id=one,
            related_name=other.name,
            related_customer_id=other.id,
            relation=relation,
            share=D("0.85"),
        )
    draft.book.add("relations", customer_id="KH02", related_name="骆以恒", relation="actual_controller", share=D("0.58"))
    draft.book.add("relations", customer_id="KH02", related_name="骆以恒", relation="legal_representative")
    draft.book.add("guarantors", loan_ids="JK0301", name=group.name, customer_id="KH02", amount=2000 * WAN, currency_code="CNY",
                   start_date=date(2025, 11, 21), end_date=date(2028, 11, 21))  # fmt: skip
    for one, other, relation in (("KH02", cold, "guarantee_given"), ("KH03", group, "guarantee_received")):
        draft.book.add("relations", customer_id=one, related_name=other.name, related_customer_id=other.id, relation=relation, amount=2000 * WAN,
                       start_date=date(2025, 11, 21), end_date=date(2028, 11, 21))  # fmt: skip
    return {"KH02": whole, "KH02-parent": alone, "KH03": stores}


def _lend_group(draft: Draft, group: Company) -> None:
    lend(
        draft,
        Lent(id="JK0201", customer="KH02", kind="working_capital", purpose="支付运费、装卸费及燃油款", amount=6000 * WAN, rate=D("0.0345"),
             start=date(2025, 11, 12), end=date(2026, 11, 12), repayment="interest_only", frequency="monthly", account="A0201",
             row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False, "limit_amount": 8000 * WAN}),
        Lent(id="JK0202", customer="KH02", kind="fixed_asset", purpose="建设青浔多式联运仓储中心", amount=15000 * WAN, rate=D("0.0390"),
             start=date(2024, 6, 20), end=date(2032, 6, 20), repayment="equal_principal", frequency="semi_annually", account="A0201",
             row={"product_name": "项目贷款", "payment_control": "entrusted", "secured": True}),
    )  # fmt: skip
    draft.book.add("collateral", loan_ids="JK0202", type="real_estate", description="青浔多式联运仓储中心土地及在建库房", value=21800 * WAN,
                   currency_code="CNY", value_date=date(2026, 1, 15), valuation_type="market", owner_id="KH02", charge="抵押",
                   insurance_end_date=date(2027, 6, 30), lien_rank=1)  # fmt: skip


def _paper_group(draft: Draft, group: Company, books: dict[str, Ledger]) -> None:
    loan = draft.loans["JK0202"].lent
    deed = chinese_deed(
        group, "QX", loan, "云青项借字（2024）第0006号", date(2024, 6, 14), title="项目借款合同",
        tests=[(LEVERAGE, "YD0201"), (SHARE, "YD0202"), (OWN, "YD0203"), (COVER, "YD0204")],
        duties=[("乙方应于每年4月30日前报送合并及母公司审计报告，于8月31日前报送合并及母公司半年报。", "YD0205"),
                ("未经甲方书面同意，乙方对外担保余额不得超过净资产的20%。", "")],
        security="以青浔多式联运仓储中心土地及在建库房抵押。", penalty="50%", grace="四十五日", others=[(CROSS, "YD0206")],
    )  # fmt: skip
    path = file_deed(draft, deed, "项目借款合同_0006.pdf", date(2024, 6, 17))
    first = date(2025, 6, 30)
    for number, name, metric, operator, limit, more in (
        ("YD0201", "合并总债务/EBITDA", "debt_to_ebitda", "<=", "4.5", {"threshold_steps": "2026-12-31:4.0"}),
        ("YD0202", "合并资产负债率", "debt_to_assets", "<=", "0.68", {"basis": "point"}),
        ("YD0203", "母公司资产负债率", "debt_to_assets", "<=", "0.60", {"basis": "point", "scope": "parent"}),
        ("YD0204", "EBITDA利息保障倍数", "icr_ebitda", ">=", "4.0", {}),
    ):
        test(draft, deed, path, number, name, metric, operator, limit, first_test_date=first, loan_id="JK0202", **more)
    covenant(draft, "YD0206", "交叉违约", definition=CROSS, type="cross_default", frequency="quarterly", first_test_date=first, threshold="5000000",
             operator=">=", currency_code="CNY", loan_id="JK0202", source_document=path, source_page=deed.pages["YD0206"])  # fmt: skip
    covenant(draft, "YD0205", "报表报送", definition="合并及母公司审计报告4月30日前、半年报8月31日前报送", type="reporting", frequency="semi_annually",
             first_test_date=Y25, due_days=120, loan_id="JK0202", source_document=path, source_page=deed.pages["YD0205"])  # fmt: skip
    auditor = "东渡会计师事务所（特殊普通合伙）"
    chinese_year(draft, group, books, 2024, "group", "万元", date(2025, 4, 28), date(2025, 4, 30), auditor=auditor)
    chinese_year(draft, group, books, 2025, "group", "万元", date(2026, 4, 24), date(2026, 4, 30), auditor=auditor)
    chinese_half(draft, group, books, "group", "万元", date(2026, 8, 26), date(2026, 8, 31))
    _certificate(draft, group)
    file_visit(draft, Visit(
        company=group, day=date(2026, 9, 10), who="戴维远、聂怀山", met="总裁助理骆珂、许青禾",
        seen=["仓储中心一期已封顶，二期只打了桩，工地上三十来人。", "堆场空了大约三分之一。"],
        checked=["前八大客户合同看了五份，海岳家电的合同9月30日到期还没续。", "台账上8月集装箱吞吐2.1万标箱，去年同期2.6万。"],
        told=["二期缓一缓，等运价回来", "冷链那边的利息我们会帮着还"], pledge="在建库房一期完工，二期停在桩基。",
        view="集团还能撑，但是冷链在拖后腿，11月12日6,000万到期前要把续贷方案定下来", next=["9月30日前拿到海岳家电续约情况", "10月20日前上报续贷方案"],
    ), "story", "走访小记_恒川集团_20260910.txt")  # fmt: skip
    keep_account(draft, group, ["JK0201", "JK0202"], "A0201", opening="31000000", target="24000000",
                 monthly={"2025-10": "38000000", "2026-06": "30500000"}, wages="6100000", taxes="1900000", power="540000",
                 buyers=("海岳家电股份有限公司", "沃野粮食贸易有限公司", "青浔港务局"), suppliers=("顺捷运输车队", "中岭石化青浔分公司"))  # fmt: skip
    reading(draft, group, "vat_invoiced_sales", "元", "税务局", {"2024-09": "78000000", "2026-01": "76500000"})
    bureau(draft, group, date(2026, 8, 31), other_bank_count=5, other_bank_balance=21400 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2000 * WAN, enquiries_6m=8, limits_total=52000 * WAN, new_lenders_3m=1)  # fmt: skip


def _certificate(draft: Draft, group: Company) -> None:
    """The borrower's own count, which takes the year's EBITDA for the last twelve months'."""
    path = draft.file(group, "合规证明_恒川集团_2026年6月.docx", "other", "zh", date(2026, 8, 26), layout="certificate", period_end=H26, due=date(2026, 8, 31),
                      asked_as="compliance_certificate")  # fmt: skip
    rows = [["指标", "要求", "本公司计算", "结论"], ["合并总债务/EBITDA", "不高于4.50倍", "3.71倍", "符合"], ["合并资产负债率", "不高于68%", "54.54%", "符合"],
            ["母公司资产负债率", "不高于60%", "54.12%", "符合"]]  # fmt: skip
    blocks = [("p", "致：云岫银行股份有限公司青浔分行"), ("p", "就云青项借字（2024）第0006号合同，2026年6月30日各项财务约束执行情况如下。"),
              ("p", "EBITDA采用2025年全年数。"), ("p", "恒川供应链集团有限公司　财务负责人许青禾　2026年8月25日")]  # fmt: skip
    draft.writer(path, lambda target: words("财务约束合规证明", "许青禾", date(2026, 8, 25), blocks, {2: rows}, target))


def _cold(draft: Draft, cold: Company, stores: Ledger) -> None:
    loan = Lent(
        id="JK0301", customer="KH03", kind="working_capital", purpose="支付制冷电费及设备维保费", amount=2000 * WAN, rate=D("0.0465"),
        start=date(2025, 11, 21), end=date(2026, 11, 21), repayment="interest_only", frequency="monthly", account="A0301",
        unpaid_from=date(2026, 8, 21), row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    lend(draft, loan)
    deed = chinese_deed(
        cold, "YG", loan, "云砚流借字（2025）第0093号", date(2025, 11, 18), title="流动资金借款合同", tests=[(COLD, "YD0301")],
        duties=[("乙方应于每年5月31日前报送年度财务报表，于9月15日前报送半年度财务报表。", "")], security="由恒川供应链集团有限公司承担连带责任保证。",
        penalty="30%", grace="十五日",
    )  # fmt: skip
    path = file_deed(draft, deed, "流动资金借款合同_0093.docx", date(2025, 11, 19))
    test(draft, deed, path, "YD0301", "资产负债率", "debt_to_assets", "<=", "0.65", basis="point", frequency="annually", first_test_date=Y25,
         due_days=151, loan_id="JK0301")  # fmt: skip
    books = {"parent": stores}
    chinese_year(draft, cold, books, 2025, "years", "万元", date(2026, 5, 28), date(2026, 5, 31), years=3)
    chinese_half(draft, cold, books, "years", "万元", date(2026, 9, 14), date(2026, 9, 15))
    file_visit(draft, Visit(
        company=cold, day=date(2026, 9, 17), who="欧阳骏、Helena Brandt", met="副总经理毕然",
        seen=["四座冷库开了两座，二号库温度显示零下十二度，标准是零下十八度。", "卸货口没有车。"],
        checked=["8月电费单41万元尚未缴，供电公司发了催缴函。", "库存单上的货主只剩三家。"], told=["集团答应9月底打钱过来还利息"],
        view="现金已经断了，还款全靠母公司，应正式通知保证人。", next=["9月25日前向恒川集团发代偿通知", "10月8日前复核分类"],
    ), "story", "走访小记_恒川冷链_20260917.txt")  # fmt: skip
    keep_account(draft, cold, ["JK0301"], "A0301", opening="2600000", target="260000", monthly={"2025-10": "2900000", "2026-04": "1500000"}, wages="420000",
                 power="390000", buyers=("砚港远洋渔业公司", "鲜达食材配送有限公司"), suppliers=("冰川制冷设备公司",))  # fmt: skip
    reading(draft, cold, "electricity_kwh", "kWh", "砚港供电局", {"2024-09": "640000", "2026-03": "455000", "2026-06": "352000", "!2025-08": "668000",
                                                                   "!2026-08": "341000"})  # fmt: skip


def _whole(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="9800", ppe_net="31500", construction_in_progress="2400", intangible_assets="6200", goodwill="1500", share_capital="20000",
                         capital_surplus="3000", surplus_reserve="1900", minority_interest="620"),
        sales={(Y23, 12): D(84000), (Y24, 12): D(91200), **year_of(2025, "96400"), **quarters_of(2026, "21500", "23100")},
        rates={start: decimals(gross_margin="0.152", selling="0.021", admin="0.045", rnd="0.004", ar_days="68", inventory_days="6", ap_days="52", np_days="12",
                               minority="0.03", depreciation="0.078", vat="0.09", labour="0.2", write_down="0"),
               day("2026-03-31"): decimals(gross_margin="0.131", ar_days="81")},
        debt={start: (D(12000), D(1200), D(6000)), Y24: (D(12500), D(3100), D(17500)), Y25: (D(14800), D(3100), D(21500)), H26: (D(15600), D(3100), D(20600))},
        levels={Y24: decimals(construction_in_progress="9600"), Y25: decimals(construction_in_progress="17800"), H26: decimals(construction_in_progress="19900")},
        spend={Y23: D(3400), Y24: D(13500), day("2025-06-30"): D(6200), Y25: D(5100), H26: D(2600)}, dividends={Y24: D(1500), Y25: D(1500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH02", "books"))


def _alone(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="6100", ppe_net="19800", construction_in_progress="2400", intangible_assets="4100", long_term_equity_investments="9400",
                         share_capital="20000", capital_surplus="3000", surplus_reserve="1700"),
        sales={(Y23, 12): D(52300), (Y24, 12): D(55900), **year_of(2025, "58100"), **quarters_of(2026, "12900", "13600")},
        rates={start: decimals(gross_margin="0.146", selling="0.019", admin="0.043", rnd="0.005", ar_days="61", inventory_days="4", ap_days="46", np_days="10",
                               depreciation="0.08", vat="0.09", labour="0.2", write_down="0"), day("2026-03-31"): decimals(gross_margin="0.128")},
        debt={start: (D(8000), D(800), D(4200)), Y24: (D(8400), D(2700), D(15600)), Y25: (D(9700), D(2700), D(19900)), H26: (D(10200), D(2700), D(19100))},
        levels={start: decimals(long_term_equity_investments="9400"), Y24: decimals(construction_in_progress="9600"),
                Y25: decimals(construction_in_progress="17800"), H26: decimals(construction_in_progress="19900")},
        spend={Y23: D(1900), Y24: D(11800), day("2025-06-30"): D(5700), Y25: D(4800), H26: D(2400)}, dividends={Y24: D(1500), Y25: D(1500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH02", "parent"))


def _stores(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="520", ppe_net="5100", intangible_assets="760", share_capital="2500", surplus_reserve="40"),
        sales={(Y23, 12): D(4300), (Y24, 12): D(4150), **year_of(2025, "3480"), **quarters_of(2026, "560", "490")},
        rates={start: decimals(gross_margin="0.225", selling="0.02", admin="0.09", rnd="0", ar_days="58", inventory_days="5", ap_days="60", np_days="0",
                               notes_days="0", financing_days="0", depreciation="0.07", vat="0.09", write_down="0"),
               day("2025-03-31"): decimals(gross_margin="0.11"), day("2026-03-31"): decimals(gross_margin="-0.06")},
        debt={start: (D(1500), D(0), D(1400)), Y24: (D(1800), D(0), D(1400)), Y25: (D(2000), D(0), D(1400)), H26: (D(2000), D(0), D(1400))},
        spend={Y23: D(200), Y24: D(150), Y25: D(60)}, dividends={Y25: D(1500)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH03", "books"))
