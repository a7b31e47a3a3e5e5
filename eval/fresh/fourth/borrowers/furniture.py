"""C402 木岸家居 and its board mill C403: group accounts beside the parent's, and a subsidiary in the other branch that stopped paying interest."""

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
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

LEVERAGE = "合并口径有息债务总额不得超过最近十二个月息税折旧摊销前利润（EBITDA）的3.20倍，自2026年12月31日起不得超过2.80倍，每半年测算一次；"
OWN = "借款人母公司口径资产负债率每半年末不得超过百分之五十；"
COVER = "合并口径EBITDA利息保障倍数每半年末应达到5.00倍；"
CROSS = "借款人或其控股子公司对任何债权人的债务逾期本金累计达到人民币三百万元（含）的，构成本合同项下违约。"
MILL = "板材公司每年末流动比率不得低于0.90；"


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds parent and subsidiary."""
    group = Company(
        id="C402", name="木岸家居集团有限公司", name_en="Mu'an Home Furnishing Group Co., Ltd.", short="木岸集团",
        registration=credit_code(draft.chance("C402", "code"), "410399"), address="槐岭市东郊家具大道1号", legal_representative="阮松涛",
        finance_head="闵汝安", accountant="闵汝安", signatory_en="Ruan Songtao",
    )  # fmt: skip
    mill = Company(
        id="C403", name="木岸板材（汀浦）有限公司", name_en="Mu'an Panel Board (Tingpu) Co., Ltd.", short="木岸板材",
        registration=credit_code(draft.chance("C403", "code"), "450699"), address="汀浦市临港路57号", legal_representative="阮松涛",
        finance_head="车玉珂", accountant="车玉珂", signatory_en="Ruan Songtao",
    )  # fmt: skip
    enrol(draft, group, "U12", "HL", type="corporate", industry_code="C2110", incorporation_date=date(2005, 8, 18), enterprise_size="large",
          internal_rating="A-", group_id="GRP-MA", aliases="木岸集团;木岸家居;Mu'an Group;Muan Home")  # fmt: skip
    whole, alone = _whole(draft), _alone(draft)
    _group(draft, group, {"consolidated": whole, "parent": alone})
    enrol(draft, mill, "U21", "TP", type="sme", industry_code="C2029", incorporation_date=date(2016, 10, 9), enterprise_size="small",
          internal_rating="BB-", group_id="GRP-MA", aliases="木岸板材;板材公司;Mu'an Panel")  # fmt: skip
    boards = _boards(draft)
    _mill(draft, mill, boards)
    for one, other, relation in (("C402", mill, "subsidiary"), ("C403", group, "parent")):
        draft.book.add(
            "relations",
            customer_id=one,
            related_name=other.name,
            related_customer_id=other.id,
            relation=relation,
            share=D("0.90"),
        )
    own(draft, group, "阮松涛", "0.62")
    draft.book.add("guarantors", loan_ids="L4031", name=group.name, customer_id="C402", amount=1500 * WAN, currency_code="CNY",
                   start_date=date(2026, 2, 18), end_date=date(2030, 2, 18))  # fmt: skip
    for one, other, relation in (("C402", mill, "guarantee_given"), ("C403", group, "guarantee_received")):
        draft.book.add("relations", customer_id=one, related_name=other.name, related_customer_id=other.id, relation=relation, amount=1500 * WAN,
                       start_date=date(2026, 2, 18), end_date=date(2030, 2, 18))  # fmt: skip
    return {"C402": whole, "C402-parent": alone, "C403": boards}


def _group(draft: Draft, group: Company, books: dict[str, Ledger]) -> None:
    works = Lent(
        id="L4021", customer="C402", kind="fixed_asset", purpose="建设定制家具智能工厂", amount=12000 * WAN, rate=D("0.0395"), start=date(2024, 9, 12),
        end=date(2031, 9, 12), repayment="equal_principal", frequency="semi_annually", account="A4021",
        row={"product_name": "固定资产贷款", "payment_control": "entrusted", "secured": True},
    )  # fmt: skip
    timber = Lent(
        id="L4022", customer="C402", kind="working_capital", purpose="采购木材和五金", amount=5000 * WAN, rate=D("0.0345"), start=date(2025, 12, 4),
        end=date(2026, 12, 4), repayment="interest_only", frequency="monthly", account="A4021",
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False, "limit_amount": 8000 * WAN},
    )  # fmt: skip
    draft.lend(works)
    draft.lend(timber)
    draft.book.add("collateral", loan_ids="L4021", type="real_estate", description="家具大道1号智能工厂土地及厂房", value=17600 * WAN, currency_code="CNY",
                   value_date=date(2025, 12, 10), valuation_type="market", owner_id="C402", charge="抵押", insurance_end_date=date(2027, 9, 30),
                   lien_rank=1)  # fmt: skip
    agreement = chinese_agreement(
        group, "HL", works, "霁槐固贷2024-0067", date(2024, 9, 5), title="固定资产贷款合同", tests=[(LEVERAGE, "V4021"), (OWN, "V4022"), (COVER, "V4023")],
        papers="借款人应在4月30日前提供合并及母公司审计报告，8月31日前提供合并及母公司半年度报表，并随附合规证明。",
        duties=["未经贷款人书面同意，借款人对外提供担保的余额不得超过合并净资产的百分之二十五。", "当年分配利润不得超过上年度净利润的百分之四十。"],
        security="以家具大道1号智能工厂土地及厂房抵押。", penalty="百分之五十", cure="四十五日", cross=(CROSS, "V4024"),
    )  # fmt: skip
    path = file_agreement(draft, agreement, "固贷合同_2024-0067.pdf", date(2024, 9, 6))
    second = chinese_agreement(
        group, "HL", timber, "霁槐流贷2025-0141", date(2025, 11, 28), title="流动资金贷款合同", tests=[], papers="借款人应按月提供应收账款账龄表。",
        duties=["借款人在贷款人处的销售回款占比不低于百分之三十。"], security="信用方式。", penalty="百分之三十", cure="三十日",
    )  # fmt: skip
    file_agreement(draft, second, "流贷合同_2025-0141.docx", date(2025, 11, 29))
    first = date(2025, 6, 30)
    test(draft, agreement, path, "V4021", "合并有息债务/EBITDA", "debt_to_ebitda", "<=", "3.2", threshold_steps="2026-12-31:2.8", first_test_date=first,
         loan_id="L4021")  # fmt: skip
    test(
        draft,
        agreement,
        path,
        "V4022",
        "母公司资产负债率",
        "debt_to_assets",
        "<=",
        "0.50",
        basis="point",
        scope="parent",
        first_test_date=first,
        loan_id="L4021",
    )
    test(
        draft, agreement, path, "V4023", "EBITDA利息保障倍数", "icr_ebitda", ">=", "5.0", first_test_date=first, loan_id="L4021"
    )
    covenant(draft, "V4024", "交叉违约", definition=CROSS, type="cross_default", frequency="quarterly", first_test_date=first, threshold="3000000",
             operator=">=", currency_code="CNY", loan_id="L4021", source_document=path, source_page=agreement.pages["V4024"])  # fmt: skip
    auditor = "东陆联合会计师事务所（特殊普通合伙）"
    year(draft, group, books, Y24, "group", "万元", date(2025, 4, 25), date(2025, 4, 30), auditor=auditor)
    year(draft, group, books, Y25, "group", "万元", date(2026, 4, 27), date(2026, 4, 30), auditor=auditor)
    part(draft, group, books, H26, "group", "万元", date(2026, 8, 28), date(2026, 8, 31))
    proof = draft.file(group, "合规证明_木岸集团_202606.docx", "other", "zh", date(2026, 8, 28), layout="certificate", period_end=H26, due=date(2026, 8, 31),
                       asked_as="compliance_certificate")  # fmt: skip
    table = [["约定指标", "约定值", "我司测算", "是否满足"], ["合并有息债务/EBITDA", "≤3.20倍", "2.51倍", "满足"], ["母公司资产负债率", "≤50%", "见报表", "满足"],
             ["EBITDA利息保障倍数", "≥5.00倍", "见报表", "满足"]]  # fmt: skip
    blocks = [("p", "致：霁川银行股份有限公司槐岭支行"), ("p", "现就霁槐固贷2024-0067号合同2026年6月30日的财务指标出具本证明。"),
              ("p", "有息债务未包含尚未使用完毕的募投专户借款。"), ("p", "木岸家居集团有限公司　财务负责人闵汝安　2026年8月27日")]  # fmt: skip
    draft.writer(
        proof, lambda target: letter("财务指标合规证明", "闵汝安", date(2026, 8, 27), blocks, target, tables={2: table})
    )
    file_call(draft, Call(
        company=group, day=date(2026, 10, 13), who=["程砚秋", "邵长庚"], met="财务总监闵汝安、厂长祁连成", where="东郊智能工厂",
        seen=["一号车间六条封边线全部在转，两班。", "二号车间设备到货未安装，木箱没拆。"],
        checked=["在手订单台账9月末合计3.1亿元，去年同期3.6亿元。", "精装房客户润宏地产欠款4,200万元，账龄超过一年。"],
        told=["板材公司那边不会不管，11月底前补上利息", "年底前想把流贷展期半年"],
        view="主业尚可，地产客户回款慢，要盯12月31日杠杆上限降到2.80倍。", next=["11月12日前提交润宏地产回款计划", "11月20日前上报12月4日5,000万元到期的续作方案"],
    ), "mail", "走访邮件_木岸集团_20261013.eml", "木岸集团10月走访情况")  # fmt: skip
    keep_account(draft, group, ["L4021", "L4022"], "A4021", opening="28000000", target="21000000", monthly={"2025-11": "36500000", "2026-05": "31000000"},
                 wages="7300000", taxes="1600000", power="880000", buyers=("润宏地产集团", "安栖家装平台", "宜和百货"),
                 suppliers=("北林木业有限公司", "海蒂五金制品厂", "木岸板材（汀浦）有限公司"))  # fmt: skip
    reading(
        draft,
        group,
        "order_backlog",
        "元",
        "销售台账",
        {"2024-10": "355000000", "2026-03": "325000000", "!2025-09": "360000000", "!2026-09": "310000000"},
    )
    bureau(draft, group, date(2026, 9, 30), other_bank_count=4, other_bank_balance=23600 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=1500 * WAN, enquiries_6m=7, limits_total=48000 * WAN, new_lenders_3m=1)  # fmt: skip


def _mill(draft: Draft, mill: Company, boards: Ledger) -> None:
    loan = Lent(
        id="L4031", customer="C403", kind="working_capital", purpose="采购枝丫材和脲醛胶", amount=1500 * WAN, rate=D("0.0460"), start=date(2026, 2, 18),
        end=date(2027, 2, 18), repayment="interest_only", frequency="monthly", account="A4031", unpaid_from=date(2026, 9, 18),
        row={"product_name": "流动资金贷款", "payment_control": "self", "secured": False},
    )  # fmt: skip
    draft.lend(loan)
    agreement = chinese_agreement(
        mill, "TP", loan, "霁汀流贷2026-0021", date(2026, 2, 11), title="流动资金贷款合同", tests=[(MILL, "V4031")],
        papers="借款人应于每年5月31日前提供年度报表，于9月30日前提供半年度报表。", duties=["借款人停产超过五日的，应于次日告知贷款人。"],
        security="由木岸家居集团有限公司提供连带责任保证，保证金额壹仟伍佰万元。", penalty="百分之五十", cure="十五日",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "流贷合同_2026-0021.docx", date(2026, 2, 12))
    test(draft, agreement, path, "V4031", "流动比率", "current_ratio", ">=", "0.90", basis="point", frequency="annually", first_test_date=Y25, due_days=151,
         loan_id="L4031")  # fmt: skip
    books = {"parent": boards}
    year(draft, mill, books, Y25, "one_sheet", "元", date(2026, 5, 29), date(2026, 5, 31))
    part(draft, mill, books, H26, "one_sheet", "元", date(2026, 9, 28), date(2026, 9, 30))
    file_call(draft, Call(
        company=mill, day=date(2026, 10, 20), who=["陆时雨", "陶令仪"], met="副厂长车玉珂", where="汀浦临港路厂区",
        seen=["热压机停着，车间地面有积水。", "原料场枝丫材不到两百吨。"], checked=["9月工资未发，欠薪三个月合计96万元。", "电表9月走字21.4万度。"],
        told=["集团的钱月底到", "等环保胶水新配方过检就复工"], view="已停产，利息靠集团，应向保证人木岸集团发函。", next=["10月30日前向木岸集团发代偿函", "11月5日前复核分类"],
    ), "text", "走访_木岸板材_20261020.txt")  # fmt: skip
    keep_account(draft, mill, ["L4031"], "A4031", opening="1900000", target="210000", monthly={"2025-11": "3900000", "2026-05": "1700000", "2026-09": "420000"},
                 wages="330000", power="160000", buyers=("木岸家居集团有限公司", "汀浦装饰材料城"), suppliers=("临江胶粘剂厂",))  # fmt: skip
    reading(draft, mill, "electricity_kwh", "kWh", "汀浦供电局", {"2024-10": "598000", "2026-03": "441000", "2026-07": "286000", "!2025-09": "602000",
            "!2026-09": "214000"})  # fmt: skip


def _whole(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="8600", ppe_net="24800", construction_in_progress="1800", intangible_assets="5300", goodwill="900", share_capital="16000",
                         capital_surplus="2400", surplus_reserve="1500", minority_interest="480"),
        sales={(Y23, 12): D(61500), (Y24, 12): D(66200), **year_of(2025, "68400"), **quarters_of(2026, "14600", "16300")},
        rates={start: decimals(gross_margin="0.268", selling="0.078", admin="0.061", rnd="0.021", ar_days="71", inventory_days="82", ap_days="74", np_days="16", minority="0.03"),
               H26: decimals(gross_margin="0.251", ar_days="84", inventory_days="91")},
        debt={start: (D(9800), D(600), D(4200)), Y24: (D(10500), D(1714), D(13800)), Y25: (D(12600), D(1714), D(12100)), H26: (D(14100), D(1714), D(11250))},
        levels={Y24: decimals(construction_in_progress="7400"), Y25: decimals(construction_in_progress="11900"), H26: decimals(construction_in_progress="13200")},
        spend={Y23: D(2300), Y24: D(11800), day("2025-06-30"): D(4700), Y25: D(3600), H26: D(1700)}, dividends={Y24: D(1200), Y25: D(1200)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C402", "books"))


def _alone(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D(100), start=start,
        opening=decimals(free_cash="5200", ppe_net="15600", construction_in_progress="1800", intangible_assets="3500", long_term_equity_investments="7200",
                         share_capital="16000", capital_surplus="2400", surplus_reserve="1300"),
        sales={(Y23, 12): D(43200), (Y24, 12): D(46100), **year_of(2025, "47900"), **quarters_of(2026, "10100", "11200")},
        rates={start: decimals(gross_margin="0.251", selling="0.07", admin="0.058", rnd="0.024", ar_days="66", inventory_days="71", ap_days="69", np_days="14"),
               H26: decimals(gross_margin="0.238", ar_days="79")},
        debt={start: (D(6900), D(400), D(3100)), Y24: (D(7300), D(1714), D(12600)), Y25: (D(9100), D(1714), D(10900)), H26: (D(10400), D(1714), D(10050))},
        levels={start: decimals(long_term_equity_investments="7200"), Y24: decimals(construction_in_progress="7400"),
                Y25: decimals(construction_in_progress="11900"), H26: decimals(construction_in_progress="13200")},
        spend={Y23: D(1500), Y24: D(10600), day("2025-06-30"): D(4300), Y25: D(3300), H26: D(1600)}, dividends={Y24: D(1200), Y25: D(1200)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C402", "parent"))


def _boards(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="460", ppe_net="3900", intangible_assets="610", share_capital="2000", surplus_reserve="30"),
        sales={(Y23, 12): D(5600), (Y24, 12): D(5450), **year_of(2025, "4720"), **quarters_of(2026, "720", "610")},
        rates={start: decimals(gross_margin="0.145", selling="0.022", admin="0.062", rnd="0", ar_days="63", inventory_days="66", ap_days="88", np_days="0", notes_days="0",
                               financing_days="0"),
               day("2025-03-31"): decimals(gross_margin="0.061"), day("2026-03-31"): decimals(gross_margin="-0.085", inventory_days="41")},
        debt={start: (D(1200), D(0), D(900)), Y24: (D(1400), D(0), D(900)), Y25: (D(1500), D(0), D(900)), H26: (D(1500), D(0), D(900))},
        spend={Y23: D(180), Y24: D(120), Y25: D(40)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C403", "books"))
