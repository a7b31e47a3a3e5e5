"""C001 江州明远精密机械: the handbook's company. Proceeds misused and sent back, leverage past its limit, a visit that contradicts the books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.agreements import chinese_contract, english_facility
from eval.sample_bank.book import Value
from eval.sample_bank.borrowers.mingyuan_books import HUNDREDTH_OF_WAN, mingyuan_ledger
from eval.sample_bank.borrowers.mingyuan_money import CHENGHE, ESTATE, HONGDA, SHUNTONG, WAN, add_accounts
from eval.sample_bank.borrowers.mingyuan_story import story
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents
from eval.sample_bank.papers.chinese_ruled import supplement_note
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company, Note, Period, Report
from eval.sample_bank.papers.slips import Certificate, bank_flow_csv, certificate_paper
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import LENDER, bureau, covenant, enrol, meter, season
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

Y24, Y25, H26 = date(2024, 12, 31), date(2025, 12, 31), date(2026, 6, 30)
AUDITOR = "江州衡信会计师事务所（普通合伙）"
C = {
    "C1": "The Borrower shall ensure that the ratio of Total Debt to EBITDA for any Relevant Period shall not exceed 3.50:1, tested quarterly "
    "on a consolidated basis.",
    "C2": "借款人应确保每个会计年度末偿债备付率（EBITDA减所得税）/（当期应还本金＋利息）不低于1.20。",
    "C3": "贷款存续期内，借款人合并口径资产负债率不得高于65%，每半年末测算。",
    "C4": "Leverage (the ratio of Total Debt to EBITDA for the Relevant Period) shall not exceed 4.00:1 to 31 December 2026, 3.75:1 to 31 "
    "December 2027 and 3.50:1 thereafter, tested on each 30 June and 31 December on a consolidated basis.",
    "C5": "Tangible Net Worth shall at all times be not less than RMB 100,000,000.",
    "C6": "未经贷款人书面同意，借款人年度对外担保余额合计不得超过净资产的30%，不得为关联方以外第三方提供担保。",
    "C7": "The Borrower shall deliver audited accounts within 120 days of each year end, and quarterly accounts and a Compliance Certificate "
    "within 45 days of each quarter end, beginning with the quarter ending 30 June 2026; failure unremedied for 10 Business Days is an Event "
    "of Default.",
    "C8a": "借款人仅在最近一期总债务/EBITDA不高于3.0倍且无违约事件时方可分红，且分红不超过上一年度净利润的50%。",
    "C8b": "借款人其他债务逾期本金达500万元（含）以上视为本合同项下违约。",
}


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C001", name="江州明远精密机械有限公司", name_en="Jiangzhou Mingyuan Precision Machinery Co., Ltd.", short="明远精密",
        registration=credit_code(draft.chance("C001", "code")), address="江州市高新区明远路66号",
        address_en="66 Mingyuan Road, Jiangzhou", legal_representative="陈明远", finance_head="周立", accountant="吴敏",
        signatory_en="Chen Mingyuan",
    )  # fmt: skip
    enrol(
        draft, company, "S001", "B01", type="corporate", industry_code="C3421", incorporation_date=date(2008, 6, 18),
        enterprise_size="medium", internal_rating="BBB", aliases="明远精密;明远;Mingyuan;Mingyuan Precision", group_id="GRP-MY",
    )  # fmt: skip
    ledger, parent = mingyuan_ledger(), _parent(draft)
    loans = _loans(draft)
    papers = _contracts(draft, company)
    _covenants(draft, papers)
    keys = add_accounts(draft, company, [draft.loans[name] for name in loans])
    _evidence(draft, keys)
    _statements(draft, company, ledger, parent)
    _other_papers(draft, company)
    _registers(draft, company)
    draft.stories.append(story(ledger, papers))


def _parent(draft: Draft) -> Ledger:
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


def _loans(draft: Draft) -> list[str]:
    project = [
        (day, D(amount) * WAN)
        for day, amount in (
            (date(2024, 6, 20), 320), (date(2024, 12, 20), 320), (date(2025, 6, 20), 420), (date(2025, 12, 20), 420),
            (date(2026, 6, 20), 520), (date(2026, 12, 20), 520), (date(2027, 6, 20), 520), (date(2027, 12, 20), 520),
            (date(2028, 6, 20), 490), (date(2028, 12, 20), 490), (date(2029, 6, 20), 480),
        )
    ]  # fmt: skip
    draws = [(date(2023, 6, 20), 2740 * WAN), (date(2024, 7, 1), 1140 * WAN), (date(2025, 7, 1), 1140 * WAN)]
    rate = Decimal("0.0475")
    common: dict[str, Value] = {
        "classification_date": date(2026, 9, 30),
        "facility_id": "F001",
        "payment_control": "entrusted",
        "secured": True,
    }
    kept = [
        Lent(
            id="L001", customer="C001", kind="working_capital", purpose="采购钢材等生产用原材料", amount=2000 * WAN, rate=Decimal("0.0435"),
            start=date(2026, 3, 2), end=date(2027, 3, 1), repayment="interest_only", frequency="quarterly", first=date(2026, 6, 20), account="A001",
            row={**common, "product_name": "流动资金贷款", "limit_amount": 3000 * WAN, "base_rate": Decimal("0.03"), "spread": Decimal("0.0135")},
        ),
        Lent(
            id="L002", customer="C001", kind="working_capital", purpose="支付日常经营周转货款", amount=1380 * WAN, rate=Decimal("0.0435"),
            start=date(2025, 11, 20), end=date(2026, 11, 20), repayment="interest_only", frequency="quarterly", first=date(2026, 2, 20),
            account="A001", row={**common, "product_name": "流动资金贷款", "payment_control": "self"},
        ),
        Lent(
            id="L003", customer="C001", kind="fixed_asset", purpose="精密传动部件扩产项目设备及厂房建设", amount=5020 * WAN, rate=rate,
            start=date(2023, 6, 20), end=date(2029, 6, 20), repayment="step", frequency="semi_annually", flows=_project_dues(draws, project, rate),
            draws=draws, account="A001", row={**common, "facility_id": "F003", "product_name": "固定资产贷款", "interest_frequency": "semi_annually"},
        ),
        Lent(
            id="L004", customer="C001", kind="working_capital", purpose="采购原材料", amount=1000 * WAN, rate=Decimal("0.0445"),
            start=date(2025, 1, 22), end=date(2026, 1, 22), repayment="interest_only", frequency="quarterly", first=date(2025, 4, 22),
            account="A001", row={**common, "product_name": "流动资金贷款"},
        ),
    ]  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", id="COL001", loan_ids="L001;L002;L003", type="real_estate", description="江州市高新区明远路66号工业厂房及土地，建筑面积18,600平方米",
        value=7800 * WAN, currency_code="CNY", value_date=date(2025, 6, 10), valuation_type="market", orig_value=8200 * WAN, owner_id="C001",
        charge="抵押", insurance_end_date=date(2026, 11, 18), lien_rank=1,
    )  # fmt: skip
    draft.book.add(
        "guarantors", id="G001", loan_ids="L001;L002;L003", name="陈明远", amount=8000 * WAN, currency_code="CNY", start_date=date(2023, 6, 20),
        end_date=date(2029, 12, 20),
    )  # fmt: skip
    return [lent.id for lent in kept]


def _project_dues(draws: list[tuple[date, Decimal]], plan: list[tuple[date, Decimal]], rate: Decimal) -> list[Due]:
    dues, before = [], draws[0][0]
    balance, drawn = draws[0][1], draws[1:]
    for due, principal in plan:
        interest, since = Decimal(0), before
        for when, more in [d for d in drawn if before < d[0] <= due]:
            interest += balance * rate * (when - since).days / 360
            balance, since = balance + more, when
        interest += balance * rate * (due - since).days / 360
        dues.append(Due(due, principal, cents(interest)))
        balance, before = balance - principal, due
    return dues


def _contracts(draft: Draft, company: Company) -> dict[str, tuple[str, int | None]]:
    """Files the three contracts; where each clause is, by covenant."""
    lent = {name: draft.loans[name].lent for name in ("L001", "L003")}
    china = "the People's Republic of China"
    security = "The Facility is secured by a first-ranking mortgage over the Borrower's plant at 66 Mingyuan Road and guaranteed by Mr Chen Mingyuan."
    first = english_facility(
        company, lent["L003"], "JHB-FA-2023-0615", date(2023, 6, 15), facility="a term loan facility, available in up to three drawings,",
        purpose="the expansion of its precision transmission plant", clauses=[Clause(C["C1"], "C1")],
        rate_terms="fixed for the life of the Facility", law=china, governing_law=f"the laws of {china}", security=security,
    )  # fmt: skip
    second = english_facility(
        company, lent["L003"], "JHB-FA-2023-0615/AR1", date(2026, 3, 1), facility="a term loan facility, fully drawn,",
        purpose="the expansion of its precision transmission plant",
        clauses=[Clause(C["C4"], "C4"), Clause(C["C5"], "C5"), Clause(C["C7"], "C7", "undertakings")],
        rate_terms="fixed for the life of the Facility",
        supersedes="This Agreement amends and restates the agreement numbered JHB-FA-2023-0615 dated 15 June 2023 with effect from 1 March 2026. "
        "Clause 6.2 of that agreement (Total Debt to EBITDA not exceeding 3.50:1) ceases to apply for Relevant Periods ending after 28 February 2026.",
        law=china, governing_law=f"the laws of {china}", security=security,
    )  # fmt: skip
    third = chinese_contract(
        company, [lent["L001"]], "江海银（2026）流贷字第0302号", date(2026, 2, 28), reason="生产经营周转需要", amount=3000 * WAN,
        purpose="采购钢材等生产用原材料",
        security="由乙方以其名下位于江州市高新区明远路66号的工业厂房及土地使用权提供抵押担保，由陈明远提供连带责任保证",
        clauses=[
            Clause(C["C2"], "C2"), Clause(C["C3"], "C3"), Clause(C["C6"], "C6", "undertakings"), Clause(C["C8a"], "C8a", "undertakings"),
            Clause(C["C8b"], "C8b", "cross_default"),
        ],
        supersedes="本合同为编号江海银（2025）授字第1101号《综合授信合同》项下的单项合同。",
    )  # fmt: skip
    where: dict[str, tuple[str, int | None]] = {}
    for contract, name in (
        (first, "Facility_Agreement_2023-06-15.pdf"),
        (second, "Amended_and_Restated_Facility_Agreement_2026-03-01.html"),
        (third, "流动资金借款合同_江海银2026流贷字第0302号.pdf"),
    ):
        path = draft.contract(contract, name, contract.signed)
        where.update({key: (path, contract.pages.get(key)) for key in (*contract.pages, *contract.anchors)})
    return where


def _covenants(draft: Draft, papers: dict[str, tuple[str, int | None]]) -> None:
    def put(number: str, name: str, clause: str = "", **columns: object) -> None:
        path, page = papers[clause or number]
        covenant(
            draft, number, name, definition=C[clause or number], source_document=path, source_page=page, **columns,  # type: ignore[arg-type]
        )  # fmt: skip

    project, working = {"facility_id": "F003"}, {"facility_id": "F001"}
    put("C1", "Total Debt to EBITDA", metric="debt_to_ebitda", operator="<=", threshold="3.5", scope="consolidated", basis="ltm",
        frequency="quarterly", first_test_date=date(2023, 9, 30), due_days=120, end_date=date(2026, 2, 28), **project)  # fmt: skip
    put("C2", "偿债备付率", metric="dscr", operator=">=", threshold="1.2", basis="annual", scope="consolidated", frequency="annually",
        first_test_date=date(2025, 12, 31), due_days=120, cure_days=30, **working)  # fmt: skip
    put("C3", "资产负债率", metric="debt_to_assets", operator="<=", threshold="0.65", basis="point", scope="consolidated",
        frequency="semi_annually", first_test_date=date(2025, 12, 31), due_days=60, **working)  # fmt: skip
    put("C4", "Leverage", metric="debt_to_ebitda", operator="<=", threshold="4.0", threshold_steps="2027-01-01:3.75;2028-01-01:3.5", basis="ltm",
        scope="consolidated", frequency="semi_annually", first_test_date=date(2026, 6, 30), due_days=60, **project)  # fmt: skip
    put("C5", "Tangible Net Worth", metric="tnw", operator=">=", threshold="100000000", currency_code="CNY", basis="point",
        scope="consolidated", frequency="semi_annually", first_test_date=date(2025, 12, 31), due_days=60, **project)  # fmt: skip
    put("C6", "对外担保", type="negative", metric="contingent_ratio", operator="<=", threshold="0.30", basis="point", scope="consolidated",
        frequency="annually", first_test_date=date(2025, 12, 31), due_days=120, **working)  # fmt: skip
    for number, name, days, often, first in (
        ("C7a", "Audited accounts", 120, "annually", date(2025, 12, 31)),
        ("C7b", "Quarterly accounts", 45, "quarterly", date(2026, 6, 30)),
        ("C7c", "Compliance Certificate", 45, "quarterly", date(2026, 6, 30)),
    ):
        put(
            number,
            name,
            "C7",
            type="reporting",
            due_days=days,
            frequency=often,
            first_test_date=first,
            grace_days=14,
            **project,
        )
    put("C8a", "分红限制", type="incurrence", metric="debt_to_ebitda", operator="<=", threshold="3.0", basis="ltm", scope="consolidated",
        frequency="annually", first_test_date=date(2025, 12, 31), due_days=120, **working)  # fmt: skip
    put("C8b", "交叉违约", type="cross_default", threshold="5000000", currency_code="CNY", frequency="quarterly", **working)


def _evidence(draft: Draft, keys: dict[str, str]) -> None:
    for kind, party, amount, when, row in (
        ("contract", HONGDA, 1200, "2026-02-26", "1"), ("invoice", HONGDA, 1200, "2026-03-06", "1"), ("contract", SHUNTONG, 350, "2026-03-08", "7"),
    ):  # fmt: skip
        word = {"contract": "购销合同", "invoice": "增值税专用发票"}[kind]
        draft.book.add(
            "evidence", loan_id="L001", transaction_id=keys[row], kind=kind, document=f"{word}_{party}.pdf", party=party, amount=amount * WAN,
            date=day(when),
        )  # fmt: skip


def _statements(draft: Draft, company: Company, ledger: Ledger, parent: Ledger) -> None:
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
            text=("租赁负债的利息计入“支付其他与筹资活动有关的现金”，与下表偿付利息合计为本期支付的全部利息。",),
            rows=(
                ("分配股利", "dividends_paid", of("dividends_paid")),
                ("偿付利息", "", tuple(i - x for i, x in zip(of("interest_paid"), lease, strict=True))),
                ("合  计", "", of("dividends_interest_paid")),
                ("租赁负债的利息", "", lease),
                ("本期支付的全部利息", "interest_paid", of("interest_paid")),
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


def _other_papers(draft: Draft, company: Company) -> None:
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


def _registers(draft: Draft, company: Company) -> None:
    book = draft.book
    meter(
        draft, company, "electricity_kwh", lambda end: D(440_000) * season(end, date(2026, 7, 1), "0.69"), "kWh", "供电公司",
        exact={date(2025, 9, 30): D(472_700), date(2026, 9, 30): D(312_000), date(2026, 3, 31): D(416_000), date(2025, 3, 31): D(424_500)},
    )  # fmt: skip
    meter(draft, company, "social_security_headcount", lambda end: D(352) if end < date(2026, 7, 1) else D(320), "人", "社保局",
          exact={date(2026, 9, 30): D(318)}, wobble="0.01")  # fmt: skip
    meter(
        draft, company, "vat_invoiced_sales", lambda end: D(21_800_000) * season(end, date(2026, 1, 1), "0.93"), "CNY", "税务局"
    )
    meter(draft, company, "tax_paid", lambda end: D(1_300_000) * season(end, date(2026, 1, 1), "0.88"), "CNY", "税务局")
    book.add(
        "operations",
        customer_id="C001",
        date=date(2026, 10, 20),
        measure="inventory_count",
        value=D("0.90"),
        unit="实盘/账面（钢材）",
        source="走访抽盘",
    )
    book.add(
        "operations",
        customer_id="C001",
        date=date(2026, 10, 20),
        measure="capacity_utilisation",
        value=D("0.6667"),
        unit="share",
        source="走访",
    )
    for name, relation, share, amount, other in (
        ("陈明远", "legal_representative", None, None, None), ("陈明远", "actual_controller", D("0.62"), None, None),
        (ESTATE, "shareholder", D("0.12"), None, None), (ESTATE, "same_address", None, None, None),
        ("江州明远工具有限公司", "subsidiary", D("0.80"), None, None), (HONGDA, "supplier", None, None, "C901"),
        (SHUNTONG, "supplier", None, None, None), ("海陵重机有限公司", "buyer", D("0.18"), None, None),
        ("江州恒泰模具有限公司", "guarantee_given", None, 1600 * WAN, None), (ESTATE, "guarantee_given", None, 800 * WAN, None),
    ):  # fmt: skip
        book.add(
            "relations",
            customer_id="C001",
            related_name=name,
            relation=relation,
            share=share,
            amount=amount,
            related_customer_id=other,
            start_date=date(2024, 1, 1),
        )
    bureau(draft, company, date(2026, 3, 31), other_bank_count=3, other_bank_balance=3960 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2400 * WAN, enquiries_6m=3, limits_total=14000 * WAN, new_lenders_3m=0)  # fmt: skip
    bureau(draft, company, date(2026, 9, 30), other_bank_count=4, other_bank_balance=3810 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=2400 * WAN, enquiries_6m=5, limits_total=13600 * WAN, new_lenders_3m=1)  # fmt: skip
    book.add("mitigants", id="M001", loan_ids="L001", kind="risk_sharing", provider="江州市融资担保基金", cover=400 * WAN, cover_share=D("0.20"),
             start_date=date(2026, 3, 2), end_date=date(2027, 3, 1), claim_deadline_days=60)  # fmt: skip
