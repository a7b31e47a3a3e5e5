"""K2101 曜能光伏: module prices fall, lines stand idle, leverage passes its limit between two tests; it and a trader guarantee each other."""

from __future__ import annotations

from datetime import date

from eval.fresh.bank.house import WAN, WEST, agreement, keep_account, monthly_reading
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate

Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
AUDITOR = "临岳岳正会计师事务所（特殊普通合伙）"
LOAD = "每半年末，借款企业合并口径的有息负债与EBITDA之比最高为5.00倍；自2026年12月31日起，该上限下调为4.50倍。"
SHARE = "每半年末，借款企业负债总额占资产总额的比重应控制在70%以内。"
LIQUID = "每半年末，借款企业流动资产对流动负债的比率应维持在1.00以上（含）。"
PAPERS = "借款企业应于每年4月30日前报送上年度审计报告，于每年8月31日前报送半年度财务报表。"


def add(draft: Draft) -> Ledger:
    """Adds the borrower."""
    company = Company(
        id="K2101", name="临岳曜能光伏组件有限公司", name_en="Linyue Yaoneng Solar Modules Co., Ltd.", short="曜能光伏",
        registration=credit_code(draft.chance("K2101", "code"), "411399"), address="临岳市高新区逐日大道66号",
        legal_representative="傅长庚", finance_head="邓可心", accountant="彭悦", signatory_en="Fu Changgeng",
    )  # fmt: skip
    enrol(
        draft, company, "U11", "LY", type="corporate", industry_code="C3825", incorporation_date=date(2012, 5, 18), enterprise_size="large",
        internal_rating="BBB-", aliases="曜能光伏;曜能;Yaoneng;Yaoneng Solar",
    )  # fmt: skip
    ledger = _books(draft)
    kept = (
        Lent(
            id="LN6101", customer="K2101", kind="working_capital", purpose="采购光伏玻璃、胶膜和电池片", amount=4500 * WAN, rate=D("0.0395"),
            start=date(2026, 2, 10), end=date(2027, 2, 10), repayment="interest_only", frequency="quarterly", account="A2101",
            row={"product_name": "流动资金贷款", "payment_control": "entrusted", "secured": False},
        ),
        Lent(
            id="LN6102", customer="K2101", kind="fixed_asset", purpose="建设五号组件车间", amount=9000 * WAN, rate=D("0.0410"),
            start=date(2024, 5, 20), end=date(2030, 5, 20), repayment="equal_principal", frequency="quarterly", account="A2101",
            delays={date(2026, 5, 20): 6, date(2026, 8, 20): 11},
            row={"product_name": "项目贷款", "payment_control": "entrusted", "secured": True},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="LN6102", type="real_estate", description="逐日大道66号工业用地及一至四号车间", value=12500 * WAN,
        currency_code="CNY", value_date=date(2025, 2, 18), valuation_type="market", orig_value=14200 * WAN, owner_id="K2101", charge="抵押",
        insurance_end_date=date(2027, 3, 31), lien_rank=1,
    )  # fmt: skip
    first = agreement(
        company, kept[0], "沧银临流借2026-0031", date(2026, 2, 6), title="流动资金贷款合同", reason="备料周转", lender=WEST, place="临岳",
        security="汇澄化工贸易（临岳）有限公司提供连带保证，保证金额人民币叁仟万元", clauses=[Clause(SHARE, "QV101"), Clause(LIQUID, "QV102"), Clause(PAPERS, "QV104", "undertakings")],
        penalty="百分之四十",
    )  # fmt: skip
    path = draft.contract(first, "流动资金贷款合同_2026-0031.pdf", date(2026, 2, 9))
    second = agreement(
        company, kept[1], "沧银临固借2024-0117", date(2024, 5, 14), title="项目贷款合同", reason="扩建产能", lender=WEST, place="临岳",
        security="借款企业以逐日大道66号工业用地及一至四号车间抵押", clauses=[Clause(LOAD, "QV103"), Clause(PAPERS, "", "undertakings")], cure="三十日",
    )  # fmt: skip
    project = draft.contract(second, "项目贷款合同_2024-0117.pdf", date(2024, 5, 16))
    covenant(draft, "QV101", "资产负债率", definition=SHARE, metric="debt_to_assets", operator="<=", threshold="0.70", basis="point", scope="consolidated",
             frequency="semi_annually", first_test_date=H26, due_days=62, loan_id="LN6101", source_document=path, source_page=first.pages["QV101"])  # fmt: skip
    covenant(draft, "QV102", "流动比率", definition=LIQUID, metric="current_ratio", operator=">=", threshold="1.00", basis="point", scope="consolidated",
             frequency="semi_annually", first_test_date=H26, due_days=62, loan_id="LN6101", source_document=path, source_page=first.pages["QV102"])  # fmt: skip
    covenant(draft, "QV103", "有息负债/EBITDA", definition=LOAD, metric="debt_to_ebitda", operator="<=", threshold="5.0", threshold_steps="2026-12-31:4.5",
             basis="ltm", scope="consolidated", frequency="semi_annually", first_test_date=date(2024, 12, 31), due_days=62, loan_id="LN6102",
             source_document=project, source_page=second.pages["QV103"])  # fmt: skip
    covenant(draft, "QV104", "报表报送", definition=PAPERS, type="reporting", frequency="semi_annually", first_test_date=H26, due_days=62, loan_id="LN6101",
             source_document=path, source_page=first.pages["QV104"])  # fmt: skip
    whole = {"consolidated": ledger}
    for year, came in ((2024, date(2025, 4, 21)), (2025, date(2026, 4, 27))):
        annual(draft, company, whole, year, "ruled", "元", came, auditor=AUDITOR)
    interim(draft, company, whole, H26, "ruled", "元", date(2026, 8, 25), due=date(2026, 8, 31))
    draft.note(VisitNote(
        company=company, language="zh", day=date(2026, 9, 8), hour="09:40", place="临岳高新区厂区", visitors=("顾婉清", "沈国梁"),
        met="副总经理傅小满、财务负责人邓可心", purpose="半年度回访，了解减产情况",
        seen=["9条组件线有4条在转，其余5条罩布封存。", "成品仓堆满，叉车通道被占，仓管说约有31万块组件未发。"],
        checked=["调阅电费发票，8月用电412万度，上年同期664万度，降38%。", "抽查应付账款：有7家供应商超期，合计2,380万元。"],
        said=["“价格战打到年底就差不多了。”", "“五号车间先不投设备了，省1,500万。”"],
        differences=["半年报存货跌价计提明显低于同行。"], collateral="抵押厂房正常使用，估值报告已超过一年，需重估。",
        view="产能利用不足一半，现金消耗快，建议压缩敞口并尽快重估押品。", follow_ups=["10月20日前提供减产计划和资金缺口表。", "10月底前完成押品重估。"],
    ), "现场回访_曜能光伏_20260908.docx", date(2026, 9, 9))  # fmt: skip
    _registers(draft, company, ledger)
    return ledger


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=D("0.01"), start=start,
        opening=decimals(free_cash="6800", ppe_net="25200", construction_in_progress="1900", intangible_assets="2600", share_capital="15000", surplus_reserve="820"),
        sales={(day("2023-12-31"), 12): D(68000), (day("2024-12-31"), 12): D(73500), **year_of(2025, "59200"), **quarters_of(2026, "11800", "12900")},
        rates={
            start: decimals(gross_margin="0.178", selling="0.022", admin="0.03", rnd="0.032", ar_days="82", inventory_days="58", ap_days="88", np_days="30", tax_rate="0.15"),
            day("2024-12-31"): decimals(gross_margin="0.162"), day("2025-06-30"): decimals(gross_margin="0.138"),
            day("2025-09-30"): decimals(gross_margin="0.120", inventory_days="74"),
            day("2026-03-31"): decimals(gross_margin="0.098", inventory_days="96", ar_days="97", write_down="0.006"),
        },
        debt={start: (D(9200), D(1000), D(4000)), day("2024-12-31"): (D(9800), D(2500), D(10500)), Y25: (D(9600), D(2500), D(9000)), H26: (D(10900), D(2500), D(8250))},
        spend={day("2023-12-31"): D(3200), day("2024-12-31"): D(8600), day("2025-06-30"): D(1800), Y25: D(900), H26: D(350)},
        dividends={day("2024-12-31"): D(1200)},
    )  # fmt: skip
    return simulate(plan, draft.chance("K2101", "books"))


def _registers(draft: Draft, company: Company, ledger: Ledger) -> None:
    keep_account(
        draft, company, ["LN6101", "LN6102"], "A2101", opening="11800000", target="7200000", ledger=ledger, share="0.22", wages="2600000", taxes="640000",
        power="2450000", buyers=("中岭新能源工程有限公司", "海昌电力建设有限公司", "Solvarra Energia SpA"), suppliers=("泓光玻璃有限公司", "丰胶新材料有限公司"),
    )  # fmt: skip
    monthly_reading(draft, company, "electricity_kwh", "6500000", "kWh", "临岳供电局", until={date(2026, 1, 31): "4900000", date(2026, 6, 30): "4250000"},
                    exact={date(2025, 8, 31): "6640000", date(2026, 8, 31): "4120000"})  # fmt: skip
    monthly_reading(
        draft,
        company,
        "social_security_headcount",
        "1120",
        "人",
        "社保中心",
        until={date(2026, 3, 31): "930"},
        exact={date(2026, 8, 31): "846"},
    )
    bureau(draft, company, date(2026, 8, 31), other_bank_count=4, other_bank_balance=7650 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2500 * WAN, enquiries_6m=9, limits_total=16800 * WAN, new_lenders_3m=1)  # fmt: skip
    draft.book.add("events", customer_id="K2101", date=date(2026, 7, 22), type="court_case", title="泓光玻璃有限公司诉临岳曜能光伏组件有限公司买卖合同纠纷",
                   detail="原告主张货款1,260万元，一审尚未开庭", amount=1260 * WAN, currency_code="CNY", source="法院公告", subject="company")  # fmt: skip
    for name, relation, share in (
        ("傅长庚", "legal_representative", None),
        ("傅长庚", "actual_controller", D("0.62")),
        ("泓光玻璃有限公司", "supplier", D("0.21")),
    ):
        draft.book.add("relations", customer_id="K2101", related_name=name, relation=relation, share=share)


def tie(draft: Draft) -> None:
    """The two guarantees the solar firm and the trader give each other."""
    names = {"K2101": "临岳曜能光伏组件有限公司", "K2103": "汇澄化工贸易（临岳）有限公司"}
    for giver, taker, loan, amount, start, end in (
        ("K2103", "K2101", "LN6101", 3000, date(2026, 2, 10), date(2029, 2, 10)),
        ("K2101", "K2103", "LN6302", 2500, date(2025, 11, 25), date(2027, 11, 25)),
    ):
        draft.book.add(
            "guarantors",
            loan_ids=loan,
            name=names[giver],
            customer_id=giver,
            amount=amount * WAN,
            currency_code="CNY",
            start_date=start,
            end_date=end,
        )
        for one, other, relation in ((giver, taker, "guarantee_given"), (taker, giver, "guarantee_received")):
            draft.book.add("relations", customer_id=one, related_name=names[other], related_customer_id=other, relation=relation, amount=amount * WAN,
                           start_date=start, end_date=end)  # fmt: skip
