"""C404 墨池印务: a printer more than ninety days behind on its press loan, sued by a paper mill, tied to 砥石建设 by mutual guarantees."""

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
from eval.fresh.fourth.papers.slips import credit_report
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

LIQUID = "每半年末流动比率须在1.00以上（含）；"
COVER = "每年末，息税折旧摊销前利润须达到利息支出的2.50倍；"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C404", name="汀浦墨池印务有限公司", name_en="Tingpu Mochi Printing Co., Ltd.", short="墨池印务",
        registration=credit_code(draft.chance("C404", "code"), "450699"), address="汀浦市文昌路210号", legal_representative="邝守拙",
        finance_head="卫蓝", accountant="卫蓝", signatory_en="Kuang Shouzhuo",
    )  # fmt: skip
    enrol(draft, company, "U22", "TP", type="corporate", industry_code="C2319", incorporation_date=date(2008, 3, 27), enterprise_size="medium",
          internal_rating="B", aliases="墨池印务;墨池;Mochi Printing")  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    press = Lent(
        id="L4041", customer="C404", kind="fixed_asset", purpose="购置八色胶印机一台", amount=1800 * WAN, rate=D("0.0475"), start=date(2024, 7, 10),
        end=date(2027, 7, 10), repayment="equal_principal", frequency="monthly", account="A4041", unpaid_from=date(2026, 7, 10),
        row={"product_name": "设备贷款", "payment_control": "entrusted", "secured": True, "classification": "special_mention"},
    )  # fmt: skip
    paper = Lent(
        id="L4042", customer="C404", kind="working_capital", purpose="采购铜版纸和油墨", amount=900 * WAN, rate=D("0.0450"), start=date(2026, 3, 5),
        end=date(2027, 3, 5), repayment="bullet", frequency="at_maturity", account="A4041",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    draft.lend(press)
    draft.lend(paper)
    draft.book.add("collateral", loan_ids="L4041", type="equipment", description="八色胶印机一台（编号HX-8806）", value=760 * WAN, currency_code="CNY",
                   value_date=date(2025, 7, 15), valuation_type="market", orig_value=2100 * WAN, owner_id="C404", charge="抵押",
                   insurance_end_date=date(2026, 9, 10), lien_rank=1, seized_on=date(2026, 9, 28))  # fmt: skip
    agreement = chinese_agreement(
        company, "TP", press, "霁汀设贷2024-0015", date(2024, 7, 4), title="设备贷款合同", tests=[(LIQUID, "V4041"), (COVER, "V4042")],
        papers="借款人应在每年4月30日前提供年度报表，在8月31日前提供半年度报表。", duties=["借款人涉及标的额超过一百万元诉讼的，应在三日内告知贷款人。"],
        security="以八色胶印机抵押，并由汀浦砥石建设工程有限公司提供连带责任保证，保证金额壹仟万元。", penalty="百分之五十", cure="十日",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "设备贷款合同_2024-0015.pdf", date(2024, 7, 5))
    test(
        draft,
        agreement,
        path,
        "V4041",
        "流动比率",
        "current_ratio",
        ">=",
        "1.00",
        basis="point",
        first_test_date=Y24,
        loan_id="L4041",
    )
    test(draft, agreement, path, "V4042", "EBITDA利息保障", "icr_ebitda", ">=", "2.5", basis="annual", frequency="annually", first_test_date=Y24, due_days=120,
         loan_id="L4041")  # fmt: skip
    year(draft, company, books, Y24, "noted", "元", date(2025, 4, 28), date(2025, 4, 30), auditor="汀浦众诚会计师事务所",
         headed=[("1. 借款", "长期借款为设备贷款，按月偿还本金50万元。")])  # fmt: skip
    year(draft, company, books, Y25, "noted", "元", date(2026, 4, 30), date(2026, 4, 30), auditor="汀浦众诚会计师事务所",
         headed=[("1. 持续经营", "公司2025年度亏损，管理层认为持续经营能力存在不确定性。"), ("2. 对外担保", "为汀浦砥石建设工程有限公司提供担保1,200万元。")])  # fmt: skip
    part(
        draft,
        company,
        books,
        H26,
        "noted",
        "元",
        date(2026, 9, 9),
        date(2026, 8, 31),
        headed=[("1. 说明", "本期报表未经审计。")],
    )
    file_call(draft, Call(
        company=company, day=date(2026, 10, 15), who=["宋知遥", "陶令仪"], met="法定代表人邝守拙", where="文昌路210号车间",
        seen=["八色胶印机贴着法院封条，没有开机。", "两台旧四色机一台在印教辅。"], checked=["社保缴费人数88人，年初143人。", "9月电费单54,600度，去年9月96,300度。"],
        told=["教辅款11月结，先还利息", "砥石那边也困难，帮不上"], pledge="胶印机9月28日被查封，保险9月10日已到期未续。",
        view="第一还款来源基本断裂，建议下调至次级，尽快起诉并向保证人砥石建设主张权利。", next=["10月25日前提交分类下调申请", "10月28日前向砥石建设发函"],
    ), "text", "走访_墨池印务_20261015.txt")  # fmt: skip
    slip = draft.file(
        company, "征信报告_墨池印务_20260930.pdf", "bureau", "zh", date(2026, 10, 8), layout="credit_report", asked_as="bureau"
    )
    draft.paper(slip, credit_report(
        company.name, company.registration, date(2026, 9, 30),
        [("汀浦农商银行", "流动资金贷款", "850.00", "关注", "120.00"), ("海川银行", "银行承兑汇票", "400.00", "正常", "0.00")],
        [("他行授信机构数", "2家"), ("他行未结清余额", "1,250.00"), ("他行逾期金额", "120.00"), ("对外担保余额", "1,200.00"), ("近六个月查询次数", "9次")],
    ))  # fmt: skip
    keep_account(draft, company, ["L4041", "L4042"], "A4041", opening="2300000", target="160000", monthly={"2025-11": "4100000", "2026-05": "1250000"},
                 wages="610000", taxes="60000", power="78000", buyers=("文渊教育出版社", "彩翼包装公司"), suppliers=("太行纸业股份有限公司", "玄彩油墨公司"))  # fmt: skip
    reading(draft, company, "electricity_kwh", "kWh", "汀浦供电局", {"2024-10": "97000", "2026-02": "78000", "2026-07": "57000", "!2025-09": "96300",
            "!2025-08": "95100", "!2026-08": "55900", "!2026-09": "54600"})  # fmt: skip
    reading(
        draft,
        company,
        "social_security_headcount",
        "人",
        "社保中心",
        {"2024-10": "146", "2026-04": "112", "!2026-01": "143", "!2026-09": "88"},
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=2, other_bank_balance=1250 * WAN, other_bank_overdue=120 * WAN, max_overdue_days=37,
           guarantee_balance=1200 * WAN, enquiries_6m=9, limits_total=1500 * WAN, new_lenders_3m=1)  # fmt: skip
    for when, kind, title, detail, amount in (
        (date(2026, 8, 21), "court_case", "太行纸业诉墨池印务买卖合同纠纷", "被告，请求支付货款", 486), (date(2026, 9, 28), "enforcement", "被执行人", "执行标的，胶印机被查封", 486),
        (date(2026, 10, 12), "consumption_limit", "限制消费令", "对邝守拙限制高消费", None),
    ):  # fmt: skip
        draft.book.add("events", customer_id="C404", date=when, type=kind, title=title, detail=detail, amount=amount * WAN if amount else None,
                       currency_code="CNY" if amount else None, source="汀浦市人民法院",
                       subject="legal_representative" if kind == "consumption_limit" else "company")  # fmt: skip
    own(draft, company, "邝守拙", "0.77")
    return {"C404": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="640", ppe_net="3800", intangible_assets="240", share_capital="2000", surplus_reserve="110"),
        sales={(Y23, 12): D(8200), (Y24, 12): D(7900), **year_of(2025, "6100"), **quarters_of(2026, "1050", "820")},
        rates={start: decimals(gross_margin="0.182", selling="0.03", admin="0.078", rnd="0.01", ar_days="82", inventory_days="47", ap_days="79", np_days="12"),
               day("2025-03-31"): decimals(gross_margin="0.118", ar_days="99"), day("2026-03-31"): decimals(gross_margin="0.022", ar_days="121", ap_days="128")},
        debt={start: (D(1900), D(0), D(0)), Y23: (D(2000), D(0), D(0)), Y24: (D(2050), D(600), D(950)), Y25: (D(2150), D(600), D(350)), H26: (D(2150), D(600), D(50))},
        spend={Y23: D(150), Y24: D(2250), Y25: D(80), H26: D(10)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C404", "books"))
