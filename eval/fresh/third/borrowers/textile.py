"""KH04 锦澜印染: orders gone, losses, a halt order for waste water, an instalment unpaid since June; first of a circle of guarantees."""

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
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

LIQUID = "乙方流动比率在每年6月30日和12月31日均不得小于1.20。"
SHARE = "乙方负债总额与资产总额之比在每年6月30日和12月31日均不得大于70%。"
COVER = "每年末，乙方EBITDA与利息支出之比不得小于3.50。"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH04", name="青浔锦澜纺织印染有限公司", name_en="Qingxun Jinlan Textile Dyeing Co., Ltd.", short="锦澜印染",
        registration=credit_code(draft.chance("KH04", "code"), "610399"), address="青浔市纺织工业园3路7号", legal_representative="殷怀瑾",
        finance_head="苗慧", accountant="苗慧", signatory_en="Yin Huaijin",
    )  # fmt: skip
    enrol(draft, company, "E01", "QX", type="corporate", industry_code="C1713", incorporation_date=date(2006, 12, 1), enterprise_size="medium",
          internal_rating="B+", aliases="锦澜印染;锦澜;锦澜纺织;Jinlan")  # fmt: skip
    books = {"consolidated": _books(draft)}
    yarn = Lent(
        id="JK0401", customer="KH04", kind="working_capital", purpose="采购坯布及染化料", amount=2800 * WAN, rate=D("0.0455"), start=date(2026, 1, 15),
        end=date(2027, 1, 15), repayment="bullet", frequency="at_maturity", account="A0401",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    works = Lent(
        id="JK0402", customer="KH04", kind="fixed_asset", purpose="印染线节能改造", amount=3600 * WAN, rate=D("0.0480"), start=date(2023, 9, 5),
        end=date(2028, 9, 5), repayment="equal_principal", frequency="quarterly", account="A0401", unpaid_from=date(2026, 6, 5),
        row={"product_name": "技改贷款", "payment_control": "entrusted", "secured": True, "classification": "special_mention"},
    )  # fmt: skip
    lend(draft, yarn, works)
    draft.book.add("collateral", loan_ids="JK0402", type="real_estate", description="纺织工业园3路7号厂房及土地", value=3100 * WAN, currency_code="CNY",
                   value_date=date(2024, 8, 9), valuation_type="market", orig_value=4200 * WAN, owner_id="KH04", charge="抵押",
                   insurance_end_date=date(2026, 7, 31), lien_rank=1, seized_on=date(2026, 9, 2))  # fmt: skip
    deed = chinese_deed(
        company, "QX", works, "云青技借字（2023）第0041号", date(2023, 8, 30), title="技术改造借款合同",
        tests=[(LIQUID, "YD0401"), (SHARE, "YD0402"), (COVER, "YD0403")],
        duties=[("乙方应于每年4月底前交来上年度审计报告，于每年8月底前交来中期报表。", ""), ("乙方排污许可证被吊销或者被责令停产的，应于当日告知甲方。", "")],
        security="以乙方厂房及土地抵押。", penalty="50%", grace="二十日",
    )  # fmt: skip
    path = file_deed(draft, deed, "技术改造借款合同_0041.pdf", date(2023, 8, 31))
    other = chinese_deed(
        company, "QX", yarn, "云青流借字（2026）第0004号", date(2026, 1, 12), title="流动资金借款合同", tests=[], duties=[("乙方应按月提供用电、用水缴费凭证。", "")],
        security="由青浔康源医药配送有限公司提供连带责任保证，保证金额贰仟万元。", penalty="50%", grace="十日",
    )  # fmt: skip
    file_deed(draft, other, "流动资金借款合同_0004.docx", date(2026, 1, 13))
    test(
        draft,
        deed,
        path,
        "YD0401",
        "流动比率",
        "current_ratio",
        ">=",
        "1.20",
        basis="point",
        first_test_date=Y24,
        loan_id="JK0402",
    )
    test(
        draft,
        deed,
        path,
        "YD0402",
        "资产负债率",
        "debt_to_assets",
        "<=",
        "0.70",
        basis="point",
        first_test_date=Y24,
        loan_id="JK0402",
    )
    test(draft, deed, path, "YD0403", "EBITDA利息倍数", "icr_ebitda", ">=", "3.50", frequency="annually", basis="annual", first_test_date=Y24, due_days=120,
         loan_id="JK0402")  # fmt: skip
    chinese_year(
        draft,
        company,
        books,
        2024,
        "open",
        "万元",
        date(2025, 4, 27),
        date(2025, 4, 30),
        auditor="青浔明衡会计师事务所（普通合伙）",
    )
    chinese_year(
        draft,
        company,
        books,
        2025,
        "open",
        "万元",
        date(2026, 4, 29),
        date(2026, 4, 30),
        auditor="青浔明衡会计师事务所（普通合伙）",
    )
    chinese_half(draft, company, books, "open", "万元", date(2026, 8, 31), date(2026, 8, 31))
    file_visit(draft, Visit(
        company=company, day=date(2026, 9, 7), who="方若琳、聂怀山", met="总经理殷怀瑾",
        seen=["12台染缸开3台，定型机全停。", "成品库堆放坯布约38万米，标签多为去年。", "厂门口贴有法院封条（厂房南侧）。"],
        checked=["8月电费单62,400度，去年8月101,000度。", "生态环境局责令停产整治决定书，8月19日签发。", "社保缴费人数136人，年初208人。"],
        told=["“环保设备一装好就复产，最迟11月。”", "“康源那边会帮我们还。”"], pledge="厂房被查封（9月2日），保单7月31日已到期，未续保。",
        view="已实质停产，第一还款来源消失，建议下调为次级并准备诉讼保全。", next=["9月20日前完成分类下调报批", "9月15日前向保证人康源医药发函"],
    ), "checklist", "贷后检查表_锦澜印染_2026-09-07.docx")  # fmt: skip
    keep_account(draft, company, ["JK0401", "JK0402"], "A0401", opening="4100000", target="310000", monthly={"2025-10": "6900000", "2026-05": "2100000"},
                 wages="900000", taxes="60000", power="170000", buyers=("岚衣服饰集团", "海棠家纺有限公司"), suppliers=("新棉纱线公司", "丰染化工有限公司"))  # fmt: skip
    reading(draft, company, "electricity_kwh", "kWh", "青浔供电局", {"2024-09": "104000", "2026-01": "81000", "2026-06": "66000", "!2025-07": "102500",
            "!2025-08": "101000", "!2026-07": "65100", "!2026-08": "62400"})  # fmt: skip
    reading(draft, company, "water_m3", "m3", "青浔水务", {"2024-09": "52000", "2026-05": "27000"})
    reading(
        draft,
        company,
        "social_security_headcount",
        "人",
        "社保中心",
        {"2024-09": "212", "2026-01": "208", "2026-04": "171", "!2026-08": "136"},
    )
    bureau(draft, company, date(2026, 8, 31), other_bank_count=3, other_bank_balance=4100 * WAN, other_bank_overdue=260 * WAN, max_overdue_days=48,
           guarantee_balance=1500 * WAN, enquiries_6m=11, limits_total=4200 * WAN, new_lenders_3m=2)  # fmt: skip
    for when, kind, title, detail, amount, source in (
        (
            date(2026, 8, 19),
            "administrative_penalty",
            "责令停产整治",
            "废水超标排放，责令停产整治并罚款96万元",
            96 * WAN,
            "青浔市生态环境局",
        ),
        (
            date(2026, 9, 2),
            "enforcement",
            "新棉纱线公司申请执行",
            "执行标的740万元，查封厂房南侧",
            740 * WAN,
            "青浔市中级人民法院",
        ),
    ):
        draft.book.add("events", customer_id="KH04", date=when, type=kind, title=title, detail=detail, amount=amount, currency_code="CNY", source=source,
                       subject="company")  # fmt: skip
    for relation, share in (("legal_representative", None), ("actual_controller", D("0.80"))):
        draft.book.add("relations", customer_id="KH04", related_name="殷怀瑾", relation=relation, share=share)
    return {"KH04": books["consolidated"]}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="1600", ppe_net="9700", intangible_assets="880", share_capital="5000", surplus_reserve="260"),
        sales={(Y23, 12): D(31200), (Y24, 12): D(29800), **year_of(2025, "24600"), **quarters_of(2026, "4300", "3200")},
        rates={start: decimals(gross_margin="0.138", selling="0.024", admin="0.041", rnd="0.015", ar_days="64", inventory_days="70", ap_days="72", np_days="14"),
               day("2025-03-31"): decimals(gross_margin="0.092", inventory_days="88"), day("2026-03-31"): decimals(gross_margin="0.021", inventory_days="121", ar_days="79")},
        debt={start: (D(4800), D(400), D(900)), Y23: (D(5000), D(720), D(3100)), Y24: (D(5400), D(720), D(2400)), Y25: (D(6300), D(720), D(1700)), H26: (D(6900), D(720), D(1500))},
        spend={Y23: D(3900), Y24: D(420), Y25: D(150), H26: D(30)},
    )  # fmt: skip
    return simulate(plan, draft.chance("KH04", "books"))
