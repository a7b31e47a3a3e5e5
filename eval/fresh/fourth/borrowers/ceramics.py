"""C401 青瓯陶瓷: a porcelain maker that exports less each quarter; its debt ratio has come close to the limit; gas kilns paid on time."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import H26, WAN, Y24, Y25, file_agreement, file_call, keep_account, own, part, reading, test, year
from eval.fresh.fourth.papers.agreements import chinese_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

SHARE = "资产负债率（负债总额除以资产总额）在每年上半年末及年末均控制在百分之五十五以内；"
COVER = "利息保障倍数（息税折旧摊销前利润除以利息支出）按最近十二个月计算，每半年末不少于四倍；"
QUICK = "速动比率每半年末保持在0.80或以上；"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C401", name="槐岭青瓯陶瓷股份有限公司", name_en="Huailing Qing'ou Ceramics Co., Ltd.", short="青瓯陶瓷",
        registration=credit_code(draft.chance("C401", "code"), "410399"), address="槐岭市瓷坊街88号", legal_representative="窦怀仁",
        finance_head="简青黛", accountant="伍岳", signatory_en="Dou Huairen",
    )  # fmt: skip
    enrol(draft, company, "U11", "HL", type="corporate", industry_code="C3074", incorporation_date=date(1999, 4, 6), enterprise_size="medium",
          internal_rating="BBB", aliases="青瓯陶瓷;青瓯;Qing'ou Ceramics;Qingou")  # fmt: skip
    books = {"consolidated": _books(draft)}
    clay = Lent(
        id="L4011", customer="C401", kind="working_capital", purpose="采购高岭土、釉料及支付燃气费", amount=2400 * WAN, rate=D("0.0380"), start=date(2026, 1, 20),
        end=date(2027, 1, 20), repayment="interest_only", frequency="quarterly", account="A4011",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    kiln = Lent(
        id="L4012", customer="C401", kind="fixed_asset", purpose="购置两条节能隧道窑", amount=3200 * WAN, rate=D("0.0415"), start=date(2024, 5, 15),
        end=date(2029, 5, 15), repayment="equal_principal", frequency="quarterly", account="A4011",
        row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True},
    )  # fmt: skip
    draft.lend(clay)
    draft.lend(kiln)
    draft.book.add("collateral", loan_ids="L4012", type="real_estate", description="瓷坊街88号厂房及土地使用权", value=5200 * WAN, currency_code="CNY",
                   value_date=date(2026, 3, 18), valuation_type="market", orig_value=5600 * WAN, owner_id="C401", charge="抵押",
                   insurance_end_date=date(2026, 11, 20), lien_rank=1)  # fmt: skip
    draft.book.add("guarantors", loan_ids="L4011", name="窦怀仁", amount=2400 * WAN, currency_code="CNY", start_date=date(2026, 1, 20),
                   end_date=date(2030, 1, 20))  # fmt: skip
    agreement = chinese_agreement(
        company, "HL", kiln, "霁槐固贷2024-0032", date(2024, 5, 9), title="固定资产贷款合同", tests=[(SHARE, "V4011"), (COVER, "V4012"), (QUICK, "V4013")],
        papers="借款人应在每年4月30日前提供上年度经审计的财务报表，8月31日前提供半年度财务报表。",
        duties=["借款人出口订单连续两个季度同比下降超过百分之三十的，应在十个工作日内书面告知贷款人。", "抵押房产的财产保险不得中断，保单正本交贷款人保管。"],
        security="以借款人瓷坊街88号厂房及土地使用权提供抵押担保。", penalty="百分之五十", cure="三十个工作日",
        cross=("借款人在其他金融机构的任何一笔债务逾期超过人民币二百万元（含）的，视为本合同项下违约。", ""),
    )  # fmt: skip
    path = file_agreement(draft, agreement, "固贷合同_2024-0032.pdf", date(2024, 5, 10))
    working = chinese_agreement(
        company, "HL", clay, "霁槐流贷2026-0009", date(2026, 1, 15), title="流动资金贷款合同", tests=[], papers="借款人应按季报送出口报关单汇总表。", duties=[],
        security="由窦怀仁提供最高额连带责任保证。", penalty="百分之四十", cure="三十日",
    )  # fmt: skip
    file_agreement(draft, working, "流贷合同_2026-0009.docx", date(2026, 1, 16))
    test(
        draft,
        agreement,
        path,
        "V4011",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.55",
        basis="point",
        first_test_date=Y24,
        loan_id="L4012",
    )
    test(draft, agreement, path, "V4012", "利息保障倍数", "icr_ebitda", ">=", "4.0", first_test_date=Y24, loan_id="L4012")
    test(
        draft,
        agreement,
        path,
        "V4013",
        "速动比率",
        "quick_ratio",
        ">=",
        "0.80",
        basis="point",
        first_test_date=Y24,
        loan_id="L4012",
    )
    auditor = "槐岭公正会计师事务所（普通合伙）"
    year(draft, company, books, Y24, "sided", "万元", date(2025, 4, 26), date(2025, 4, 30), auditor=auditor)
    year(draft, company, books, Y25, "sided", "万元", date(2026, 4, 22), date(2026, 4, 30), auditor=auditor)
    part(draft, company, books, H26, "sided", "万元", date(2026, 8, 25), date(2026, 8, 31))
    file_call(draft, Call(
        company=company, day=date(2026, 9, 22), who=["顾南乔", "邵长庚"], met="总经理窦怀仁、财务部长简青黛", where="槐岭市瓷坊街厂区",
        seen=["四条隧道窑点火三条，三号窑停窑检修。", "成品仓外销纸箱堆到门口，标签多为去年四季度。"],
        checked=["报关单汇总：1至8月出口4,260万元，上年同期6,010万元。", "抽盘成品账面61.5万件，实盘60.9万件。"],
        told=["美国客户把订单分给越南了", "打算明年上半年开日用瓷电商渠道"], pledge="厂房使用正常，保单11月20日到期。",
        view="出口下滑明显，负债率逼近合同上限，建议提高走访频率并在年末前压降短期借款。", next=["11月10日前完成财产险续保", "11月15日前提供四季度在手订单清单"],
    ), "word", "走访报告_青瓯陶瓷_20260922.docx")  # fmt: skip
    keep_account(draft, company, ["L4011", "L4012"], "A4011", opening="6200000", target="3300000", monthly={"2025-11": "14200000", "2026-03": "12100000"},
                 wages="2350000", taxes="420000", power="690000", buyers=("Hearthline Imports LLC", "碧泉家居连锁", "广南陶瓷进出口公司"),
                 suppliers=("衡山高岭土矿业", "汀浦润泽燃气有限公司"))  # fmt: skip
    reading(draft, company, "export_customs_value", "元", "海关", {"2024-10": "7600000", "2025-11": "6300000", "2026-02": "5100000", "!2025-08": "7450000",
            "!2026-08": "4980000"})  # fmt: skip
    reading(
        draft,
        company,
        "electricity_kwh",
        "kWh",
        "槐岭供电局",
        {"2024-10": "905000", "2026-05": "812000", "!2025-09": "918000", "!2026-09": "801000"},
    )
    reading(draft, company, "social_security_headcount", "人", "社保中心", {"2024-10": "486", "!2026-09": "451"})
    bureau(draft, company, date(2026, 9, 30), other_bank_count=2, other_bank_balance=5100 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=4, limits_total=7000 * WAN, new_lenders_3m=0)  # fmt: skip
    own(draft, company, "窦怀仁", "0.54")
    return {"C401": books["consolidated"]}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="2600", ppe_net="9400", construction_in_progress="600", intangible_assets="1450", share_capital="6000", surplus_reserve="420"),
        sales={(day("2023-12-31"), 12): D(19800), (Y24, 12): D(20600), **year_of(2025, "18900"), **quarters_of(2026, "3750", "3980")},
        rates={start: decimals(gross_margin="0.262", selling="0.052", admin="0.071", rnd="0.034", ar_days="74", inventory_days="118", ap_days="96", np_days="22"),
               Y25: decimals(gross_margin="0.247", inventory_days="141"), H26: decimals(inventory_days="158", ar_days="81")},
        debt={start: (D(5200), D(0), D(800)), Y24: (D(6000), D(640), D(2880)), Y25: (D(7300), D(640), D(2240)), H26: (D(8200), D(640), D(1920))},
        spend={day("2023-12-31"): D(700), Y24: D(3900), Y25: D(520), H26: D(160)}, dividends={Y24: D(600), Y25: D(300)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C401", "books"))
