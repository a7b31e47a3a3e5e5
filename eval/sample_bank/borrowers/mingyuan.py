"""C001 江州明远精密机械: the handbook's company. Proceeds misused and sent back, leverage past its limit, a visit that contradicts the books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.agreements import chinese_contract, english_facility
from eval.sample_bank.book import Value
from eval.sample_bank.borrowers.mingyuan_books import mingyuan_ledger
from eval.sample_bank.borrowers.mingyuan_money import ESTATE, HONGDA, SHUNTONG, WAN, add_accounts
from eval.sample_bank.borrowers.mingyuan_papers import add_other_papers, add_statements, parent_ledger
from eval.sample_bank.borrowers.mingyuan_story import story
from eval.sample_bank.draft import Draft
from eval.sample_bank.lending import Due, Lent, cents
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, day
from eval.sample_bank.registers import bureau, covenant, enrol, meter, season
from eval.sample_bank.registration import credit_code

Y24, Y25, H26 = date(2024, 12, 31), date(2025, 12, 31), date(2026, 6, 30)
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
    ledger, parent = mingyuan_ledger(), parent_ledger(draft)
    loans = _loans(draft)
    papers = _contracts(draft, company)
    _covenants(draft, papers)
    keys = add_accounts(draft, company, [draft.loans[name] for name in loans])
    _evidence(draft, keys)
    add_statements(draft, company, ledger, parent)
    add_other_papers(draft, company)
    _registers(draft, company)
    draft.stories.append(story(ledger, papers))


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
