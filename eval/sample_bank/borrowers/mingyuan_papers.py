"""What C001 sent the bank and what the bank wrote about it: statements, certificates, notes, another bank's lines."""

from __future__ import annotations

from datetime import date

from eval.sample_bank.borrowers.mingyuan_books import HUNDREDTH_OF_WAN
from eval.sample_bank.borrowers.mingyuan_money import CHENGHE, ESTATE, WAN
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.papers.chinese_ruled import supplement_note
from eval.sample_bank.papers.report import Company, Note, Period, Report
from eval.sample_bank.papers.slips import Certificate, bank_flow_csv, certificate_paper
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import LENDER
from eval.sample_bank.simulation import simulate

Y24, Y25, H26 = date(2024, 12, 31), date(2025, 12, 31), date(2026, 6, 30)
AUDITOR = "江州衡信会计师事务所（普通合伙）"


def parent_ledger(draft: Draft) -> Ledger:
    """The company alone: most of the sales, all of the debt, its stake in subsidiaries at cost."""
    year = day("2023-12-31")
    plan = Plan(
        currency="CNY", scale=WAN, unit=HUNDREDTH_OF_WAN, start=year,
        opening=decimals(
            free_cash="1900", ppe_net="6900", construction_in_progress="320", intangible_assets="1010",
            long_term_equity_investments="1800", share_capital="5000", capital_surplus="1200", surplus_reserve="355",
        ),
        sales={(Y24, 12): D(19800), **year_of(2025, "21600"), **quarters_of(2026, "4600", "5200")},
        rates={year: decimals(gross_margin="0.225", inventory_days="82", interest_rate="0.055", np_days="26")},
        debt={
            year: (D(4700), D(640), D(2100)), Y24: (D(5000), D(840), D(2400)), Y25: (D(6400), D(1040), D(2500)),
            H26: (D(7190), D(1040), D(1980)),
        },
        spend={Y24: D(1200), Y25: D(1500), H26: D(420)}, dividends={Y24: D(500), Y25: D(600)},
    )  # fmt: skip
    return simulate(plan, draft.chance("C001", "parent"))


def add_statements(draft: Draft, company: Company, ledger: Ledger, parent: Ledger) -> None:
    """Two audited years and an unaudited half year; the third quarter is missing."""
    y23 = date(2023, 12, 31)
    numbered = {"cash_and_equivalents": "五、1", "accounts_receivable": "五、3", "other_receivables": "五、6", "inventories": "五、7",
                "short_term_borrowings": "五、18", "current_portion_noncurrent_liabilities": "五、20", "long_term_borrowings": "五、21",
                "revenue": "五、30", "finance_costs_net": "五、34", "dividends_interest_paid": "五、40"}  # fmt: skip
    for end, before, made, received, due in (
        (Y24, y23, date(2025, 4, 16), date(2025, 4, 22), date(2025, 4, 30)),
        (Y25, Y24, date(2026, 4, 17), date(2026, 4, 24), date(2026, 4, 30)),
    ):
        both = {"consolidated": ledger, "parent": parent} if end == Y25 else {"consolidated": ledger}
        report = Report(
            company=company, title=f"{company.name}{end.year}年度审计报告", ledgers=both, balances=(end, before), flows=((end, 12), (before, 12)),
            denomination="万元", made_on=made, auditor=AUDITOR, numbered=numbered,
        )  # fmt: skip
        report.notes = _notes(report)
        draft.statements(report, f"{company.name}{end.year}年度审计报告.pdf", "ruled", received, due)
    half = Report(
        company=company, title=f"{company.name}2026年半年度财务报表", ledgers={"consolidated": ledger, "parent": parent}, balances=(H26, Y25),
        flows=((H26, 6), (day("2025-06-30"), 6)), denomination="万元", made_on=date(2026, 8, 6),
    )  # fmt: skip
    half.notes = _notes(half)
    draft.statements(half, f"{company.name}2026年半年度财务报表（未经审计）.pdf", "ruled", date(2026, 8, 12), date(2026, 8, 14))
    draft.missing(company, f"{company.name}2026年第三季度财务报表.pdf", "statement", date(2026, 9, 30), date(2026, 10, 15))


def _notes(report: Report) -> list[Note]:
    points: tuple[Period, ...] = tuple((end, 0) for end in report.balances)
    flows = report.flows[:2]
    heads = ("期末余额", "年初余额")

    def at(item: str) -> tuple[int, ...]:
        return tuple(report.amounts("consolidated", period).get(item, 0) for period in points)

    def of(item: str) -> tuple[int, ...]:
        return tuple(report.amounts("consolidated", period).get(item, 0) for period in flows)

    lease = tuple(600 for _ in flows) if report.flows[0][1] == 6 else tuple(1200 for _ in flows)
    cash, held = at("cash_and_equivalents"), at("restricted_cash")
    till = tuple(380 + 40 * index for index in range(len(points)))
    return [
        Note(
            title="五、1 货币资金",
            rows=(
                ("库存现金", "", till),
                ("银行存款", "", tuple(c - h - t for c, h, t in zip(cash, held, till, strict=True))),
                ("其他货币资金", "", held),
                ("合  计", "", cash),
                ("其中：使用受到限制的货币资金（票据保证金）", "restricted_cash", held),
            ),
            columns=heads, periods=points,
        ),
        Note(
            title="五、20 一年内到期的非流动负债",
            rows=(
                ("一年内到期的长期借款", "current_portion_lt_debt", at("current_portion_lt_debt")),
                ("一年内到期的租赁负债", "", tuple(6000 for _ in points)),
                ("合  计", "", at("current_portion_noncurrent_liabilities")),
            ),
            columns=heads, periods=points,
        ),
        Note(
            title="五、40 分配股利、利润或偿付利息支付的现金",
            rows=(
                ("分配股利", "dividends_paid", of("dividends_paid")),
                ("偿付借款利息", "", tuple(i - x for i, x in zip(of("interest_paid"), lease, strict=True))),
                ("合  计", "", of("dividends_interest_paid")),
            ),
            columns=("本期金额", "上期金额"), periods=flows,
        ),
        Note(
            title="五、41 偿付利息",
            text=("租赁负债的利息列示于“支付其他与筹资活动有关的现金”。",),
            rows=(
                ("偿付借款利息", "", tuple(i - x for i, x in zip(of("interest_paid"), lease, strict=True))),
                ("租赁负债的利息", "", lease),
                ("偿付利息", "interest_paid", of("interest_paid")),
            ),
            columns=("本期金额", "上期金额"), periods=flows,
        ),
        supplement_note(report, "五、42 现金流量表补充资料"),
        Note(
            title="九、或有事项",
            text=("截至期末，本公司对外提供担保的余额如下。除下列担保外，本公司无其他应披露的重大或有事项。",),
            rows=(("对外担保余额", "contingent_guarantees", at("contingent_guarantees")),),
            columns=heads, periods=points,
        ),
    ]  # fmt: skip


def add_other_papers(draft: Draft, company: Company) -> None:
    """Compliance certificates, visit notes and another bank\'s account statement."""
    for period, made, received, actual, working in (
        ("2025年度", date(2026, 4, 27), date(2026, 4, 28), "3.38", "总债务 9,940.00（未含租赁负债220.00）；EBITDA 2,940.00；9,940.00÷2,940.00＝3.38。"),
        ("2026年半年度", date(2026, 8, 13), date(2026, 8, 14), "3.94",
         "总债务 10,210.00（未含租赁负债190.00）；最近十二个月EBITDA 2,590.00（加回一次性搬迁费用50.00）；10,210.00÷2,590.00＝3.94。"),
    ):  # fmt: skip
        limit = "不高于3.50倍" if period == "2025年度" else "不高于4.00倍"
        tested = [("总债务/EBITDA（合并）", limit, f"{actual}倍", "符合"), ("资产负债率（合并）", "不高于65%", "60.80%" if "半" not in period else "61.28%", "符合"),
                ("有形净资产", "不低于10,000万元", "10,700.00" if "半" not in period else "11,092.00", "符合")]  # fmt: skip
        certificate = Certificate(
            company=company, language="zh", lender=LENDER, agreement="编号JHB-FA-2023-0615的融资协议及其修订", period=period, day=made, rows=tested,
            workings=[working],
        )  # fmt: skip
        path = draft.file(
            company, f"财务指标合规证明_{period}.pdf", "other", "zh", received, layout="certificate",
            period_end=Y25 if "半" not in period else H26, due=date(2026, 4, 30) if "半" not in period else date(2026, 8, 14),
            asked_as="compliance_certificate",
        )  # fmt: skip
        draft.paper(path, certificate_paper(certificate))
    spring = VisitNote(
        company=company, language="zh", day=date(2026, 4, 9), hour="10:00", place="江州厂区", visitors=("李晓峰", "王建国"),
        met="财务负责人周立、生产部长郑海", purpose="首次用途检查及一季度贷后检查",
        seen=["6条产线开工6条，两班生产。", "原材料库堆放钢材约1,300吨，无明显呆滞。"],
        checked=["抽查宏达钢材购销合同及1,200万元发票，票货信息一致，未见入库单。", "3月用电41.6万度，同比-2%。"],
        said=["“宏达的货分批到，月底前到齐。”"], differences=["宏达钢材1,200万元尚无入库验收单。"],
        collateral="抵押厂房正常使用。", view="经营基本正常，用途待补证。", follow_ups=["4月30日前补交入库验收单。"],
    )  # fmt: skip
    draft.note(spring, "贷后走访记录_20260409.md", date(2026, 4, 10))
    autumn = VisitNote(
        company=company, language="zh", day=date(2026, 10, 20), hour="14:00", place="江州厂区", visitors=("李晓峰", "王建国"),
        met="财务负责人周立", purpose="三季度贷后检查，核实开工与资金用途",
        seen=["6条产线开工4条，单班生产。", "抽盘钢材账面1,180吨，实盘1,062吨（差10.0%）。", "成品库积压减速机约300台，较上次走访明显增加。"],
        checked=["9月用电31.2万度，同比-34%。", "核对银行流水：3月12日由A009账户支付土地款850万元，未提供土地合同。", "9月工资表在册318人，社保缴纳318人。"],
        said=["“两条线在检修。”", "“明年准备分红600万元，股东有要求。”"],
        differences=["付土地款850万元未说明，与合同约定的采购钢材用途不符。", "第三季度财务报表未按要求于10月15日前提供。"],
        collateral="抵押厂房在用，无查封标志；财产保险将于2026年11月18日到期，尚未续保。",
        view="经营收缩，用途存疑。建议冻结未用额度，启动分类复核。",
        follow_ups=["10月27日前提供检修单、土地合同。", "11月5日前完成分类复核。", "11月10日前办理续保。"],
    )  # fmt: skip
    draft.note(autumn, "贷后走访记录_20261020.docx", date(2026, 10, 21))
    lines = [
        (date(2026, 7, 6), "in", D(1_860_000), "东港船舶配套有限公司", "6222****3371", "货款"),
        (date(2026, 7, 15), "out", D(610_000), "国家金库江州市中心支库", "", "税款"),
        (date(2026, 7, 24), "out", D(980_000), ESTATE, "6217****0942", "往来款"),
        (date(2026, 8, 5), "in", D(1_420_000), "华川农机有限公司", "6222****1180", "货款"),
        (date(2026, 8, 21), "out", D(152_400), "江北银行", "", "贷款利息"),
        (date(2026, 9, 3), "in", D(1_130_000), "东港船舶配套有限公司", "6222****3371", "货款"),
        (date(2026, 9, 18), "out", D(1_200_000), CHENGHE, "6230****5512", "材料款"),
    ]
    path = draft.file(
        company,
        "江北银行_对公流水_2026年三季度.csv",
        "bank_flow",
        "zh",
        date(2026, 10, 16),
        layout="csv",
        period_end=date(2026, 9, 30),
    )
    draft.writer(
        path, lambda target: bank_flow_csv(target, company.name, "6222080200117762345", "江北银行", D(2_310_640), lines)
    )
