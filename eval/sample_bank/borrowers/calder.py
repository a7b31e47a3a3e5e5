"""C011 Calder Ridge Packaging: an American borrower in dollars, with covenants in dollars and one of them close to its limit."""

from __future__ import annotations

from datetime import date

from eval.sample_bank.agreements import english_facility
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents, months_later
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company, Note
from eval.sample_bank.papers.slips import Certificate, certificate_paper
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import LENDER_EN, covenant, enrol
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, rounded, verdict

Y25, H26, Q26 = date(2025, 12, 31), date(2026, 6, 30), date(2026, 9, 30)
WORTH = "Tangible Net Worth shall at all times be not less than USD 40,000,000."
COVER = "The ratio of EBITDA to interest expense for each Relevant Period shall not be less than 4.00:1, tested quarterly."
LIQUID = "The ratio of current assets to current liabilities shall not be less than 1.50:1 on the last day of each financial quarter."
REPORTS = (
    "The Borrower shall deliver audited accounts within 120 days of each year end, and unaudited quarterly accounts with a Compliance Certificate within 45 days "
    "of each quarter end."
)


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C011", name="Calder Ridge Packaging, Inc.", name_en="Calder Ridge Packaging, Inc.", short="Calder Ridge", registration="OH-2067731",
        address="1200 Mill Street, Dayton, Ohio", address_en="1200 Mill Street, Dayton, Ohio 45402", legal_representative="Martha Ellison",
        finance_head="Paul Okafor", accountant="Dana Whitfield", signatory_en="Martha Ellison",
    )  # fmt: skip
    enrol(
        draft, company, "S003", "B02", type="corporate", industry_code="C2231", country_code="US", incorporation_date=date(1998, 2, 17), enterprise_size="medium",
        internal_rating="BBB+", aliases="Calder Ridge;CRP",
    )  # fmt: skip
    ledger = _books(draft)
    rate, start, amount = D("0.0640"), date(2024, 6, 24), D(9_000_000)
    dues, balance = [], amount
    for number in range(1, 21):
        opened, due = months_later(start, 3 * (number - 1)), months_later(start, 3 * number)
        principal = D(300_000) if number < 20 else balance
        dues.append(Due(due, principal, cents(balance * rate * (due - opened).days / 360)))
        balance -= principal
    kept = (
        Lent(
            id="L027", customer="C011", kind="fixed_asset", purpose="corrugating line no. 3", amount=amount, rate=rate, start=start, end=dues[-1].day,
            repayment="step", frequency="quarterly", flows=dues, currency="USD", account="A011",
            row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "F027"},
        ),
        Lent(
            id="L028", customer="C011", kind="working_capital", purpose="containerboard purchases", amount=D(3_000_000), rate=D("0.0615"), start=date(2026, 3, 16),
            end=date(2027, 3, 16), repayment="interest_only", frequency="quarterly", currency="USD", account="A011",
            row={"product_name": "Revolving loan", "payment_control": "self", "secured": True, "limit_amount": D(5_000_000), "facility_id": "F027"},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L027;L028", type="equipment", description="Corrugating lines nos. 1 to 3, Dayton plant", value=D(16_500_000), currency_code="USD",
        value_date=date(2026, 1, 30), valuation_type="liquidation", orig_value=D(24_000_000), owner_id="C011", charge="first lien",
        insurance_end_date=date(2027, 1, 31), lien_rank=1,
    )  # fmt: skip
    agreement = english_facility(
        company, kept[0], "JHB-FA-2024-0618", date(2024, 6, 18), facility="a term loan facility and a revolving facility of up to USD 5,000,000,",
        purpose="the purchase of corrugating line no. 3 and working capital", security="The Facility is secured by a first lien on the Borrower's corrugating lines.",
        clauses=[Clause(WORTH, "CV1101"), Clause(COVER, "CV1102"), Clause(LIQUID, "CV1103"), Clause(REPORTS, "CV1104", "undertakings")],
        law="the State of Ohio", governing_law="the laws of the State of New York", rate_terms="fixed until the Termination Date",
    )  # fmt: skip
    path = draft.contract(agreement, "Facility_Agreement_2024-06-18.html", date(2024, 6, 20))
    shared: dict[str, Value] = {
        "facility_id": "F027",
        "source_document": path,
        "scope": "consolidated",
        "first_test_date": Y25,
        "due_days": 45,
    }
    covenant(
        draft,
        "CV1101",
        "Tangible Net Worth",
        definition=WORTH,
        frequency="quarterly",
        metric="tnw",
        operator=">=",
        threshold="40000000",
        currency_code="USD",
        basis="point",
        **shared,
    )
    covenant(
        draft,
        "CV1102",
        "Interest cover",
        definition=COVER,
        frequency="quarterly",
        metric="icr_ebitda",
        operator=">=",
        threshold="4.0",
        basis="ltm",
        **shared,
    )
    covenant(
        draft,
        "CV1103",
        "Current ratio",
        definition=LIQUID,
        frequency="quarterly",
        metric="current_ratio",
        operator=">=",
        threshold="1.5",
        basis="point",
        **shared,
    )
    covenant(draft, "CV1104", "Accounts and certificate", definition=REPORTS, type="reporting", facility_id="F027", source_document=path, frequency="quarterly",
             first_test_date=Y25, due_days=45, grace_days=14)  # fmt: skip
    whole, scale = {"consolidated": ledger}, "US$'000"
    for year, received in ((2024, date(2025, 3, 20)), (2025, date(2026, 3, 19))):
        annual(
            draft, company, whole, year, "american", scale, received, auditor="Harlan Pierce LLP", notes=_notes(ledger, year),
            name=f"Calder_Ridge_Consolidated_Financial_Statements_{year}.pdf", title="Consolidated Financial Statements",
        )  # fmt: skip
    half = interim(draft, company, whole, H26, "american", scale, date(2026, 8, 7), due=date(2026, 8, 14), name="Calder_Ridge_Q2_2026_Financial_Statements.pdf",
            title="Interim Consolidated Financial Statements")  # fmt: skip
    third = interim(draft, company, whole, Q26, "american", scale, date(2026, 10, 26), due=date(2026, 11, 14), quarter_columns=True,
                    name="Calder_Ridge_Q3_2026_Financial_Statements.pdf", title="Interim Consolidated Financial Statements")  # fmt: skip
    _certificate(draft, company, Reckoner(ledger))
    visit = VisitNote(
        company=company, language="en", day=date(2026, 9, 22), hour="09:00", place="Dayton plant (video walk-through)", visitors=("Emma Hartley", "Zhao Minyi"),
        met="Paul Okafor, chief financial officer", purpose="Annual review of the term loan",
        seen=["All three corrugating lines running, two shifts.", "About nine days of containerboard in the roll store."],
        checked=["August shipments 41.2 million square feet, +3% yoy.", "Insurance certificate to 31 January 2027, lender named as loss payee."],
        said=["\"Board prices are up, we pass it on with a lag of a quarter.\""], collateral="Lines 1 to 3 in good order.",
        view="Sound. Watch the current ratio, which is near its limit after the line was paid for.", follow_ups=["Q3 accounts by 14 November."],
    )  # fmt: skip
    note = draft.note(visit, "Visit_note_2026-09-22.docx", date(2026, 9, 23))
    run_account(
        draft, company, ledger, ["L027", "L028"], opening="1450000", target="1300000", wages="610000", taxes="140000", power="95000", share="0.28", words="en",
        currency="USD", buyers=("Great Lakes Foods LLC", "Miami Valley Beverages", "Northfield Retail Co."), suppliers=("Lakeshore Containerboard Corp.", "Ohio Starch & Adhesives"),
    )  # fmt: skip
    draft.book.add(
        "relations", customer_id="C011", related_name="Martha Ellison", relation="actual_controller", share=D("0.55")
    )
    _story(draft, ledger, half, (third, note, path))


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="USD", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(
            free_cash="20300", ppe_net="39500", construction_in_progress="900", intangible_assets="3900", goodwill="6500", other_noncurrent_assets="700",
            share_capital="120", capital_surplus="18000", deferred_tax_liabilities="1900",
        ),
        sales={(day("2023-12-31"), 12): D(98000), (day("2024-12-31"), 12): D(101500), **year_of(2025, "104800"), **quarters_of(2026, "25100", "27300", "27600")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.185", selling="0.045", admin="0.055",
                               rnd="0.012", ar_days="44", inventory_days="46", ap_days="52", interest_rate="0.063", tax_rate="0.24", deposit_rate="0.01")},
        debt={start: (D(5000), D(2400), D(19000)), day("2024-12-31"): (D(5200), D(2600), D(23500)), Y25: (D(5600), D(2600), D(20900)), Q26: (D(6200), D(2600), D(18950))},
        spend={day("2023-12-31"): D(4200), day("2024-12-31"): D(11800), day("2025-06-30"): D(3100), Y25: D(3000), H26: D(2400), Q26: D(1100)},
        dividends={day("2023-12-31"): D(1500), day("2024-12-31"): D(1500), day("2025-06-30"): D(2500), Y25: D(2500), H26: D(3000)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("C011", "books"))


def _notes(ledger: Ledger, year: int) -> tuple[Note, ...]:
    end, before = date(year, 12, 31), date(year - 1, 12, 31)
    flows, points = ((end, 12), (before, 12)), ((end, 0), (before, 0))
    heads = (str(year), str(year - 1))
    wear, tear = (tuple(ledger.flows[p][name] for p in flows) for name in ("depreciation_ppe", "amortization_intangibles"))
    owed = {
        name: tuple(ledger.balances[p[0]][name] for p in points) for name in ("current_portion_lt_debt", "long_term_borrowings")
    }
    return (
        Note(title="Note 1. Organization and basis of presentation", text=(
            "Calder Ridge Packaging, Inc. and its subsidiaries manufacture corrugated packaging in Ohio. The consolidated financial statements are prepared in accordance "
            "with accounting principles generally accepted in the United States of America. Amounts are in thousands of U.S. dollars.",)),
        Note(title="Note 4. Property, plant and equipment", rows=(
            ("Depreciation expense", "depreciation_ppe", wear), ("Amortization of intangible assets", "amortization_intangibles", tear)), columns=heads, periods=flows),
        Note(title="Note 6. Long-term debt", rows=(
            ("Current maturities of long-term debt", "current_portion_lt_debt", owed["current_portion_lt_debt"]),
            ("Long-term debt, net of current maturities", "long_term_borrowings", owed["long_term_borrowings"])), columns=heads, periods=points),
        Note(title="Note 9. Commitments and contingencies", text=("The Company is not a party to any litigation that would have a material effect on its financial position.",)),
    )  # fmt: skip


def _certificate(draft: Draft, company: Company, reckon: Reckoner) -> None:
    worth, cover, liquid = (reckon.ratio(name, H26) for name in ("tnw", "icr_ebitda", "current_ratio"))
    certificate = Certificate(
        company=company, language="en", lender=LENDER_EN, agreement="the Facility Agreement No. JHB-FA-2024-0618", period="the quarter ended 30 June 2026",
        day=date(2026, 8, 6),
        rows=[
            ("Tangible Net Worth", "not less than USD 40,000,000", f"USD {worth:,.0f}", "Yes"), ("EBITDA to interest expense", "not less than 4.00:1", f"{rounded(cover, 2)}x", "Yes"),
            ("Current ratio", "not less than 1.50:1", f"{rounded(liquid, 2)}x", "Yes"),
        ],
        workings=[
            f"Total equity {reckon.point('total_equity', H26) / 1000:,.0f} less goodwill {reckon.point('goodwill', H26) / 1000:,.0f} and intangible assets "
            f"{reckon.point('intangible_assets', H26) / 1000:,.0f}.",
            f"Twelve months' EBITDA {reckon.ebitda(H26) / 1000:,.0f}; interest expense {reckon.ltm('interest_expense', H26) / 1000:,.0f}.",
        ],
    )  # fmt: skip
    path = draft.file(company, "Compliance_Certificate_Q2_2026.pdf", "other", "en", date(2026, 8, 7), layout="certificate", period_end=H26, due=date(2026, 8, 14),
                      asked_as="compliance_certificate")  # fmt: skip
    draft.paper(path, certificate_paper(certificate))


def _story(draft: Draft, ledger: Ledger, half: str, papers: tuple[str, str, str]) -> None:
    reckon = Reckoner(ledger)
    # The quarter to September is not due before 14 November: the latest test is that of June.
    worth, cover, liquid = (reckon.ratio(name, H26) for name in ("tnw", "icr_ebitda", "current_ratio"))
    newer = {name: reckon.ratio(name, Q26) for name in ("tnw", "icr_ebitda", "current_ratio")}
    sales = reckon.flow("revenue", Q26, 9)
    draft.stories.append(Story(
        borrower="C011", slug="dollar-covenants", title_zh="美元约束条件与英文报表", title_en="Covenants in dollars",
        what_zh="美国公认会计准则报表（千美元），约束条件以美元计。利息保障与有形净资产充足，流动比率接近1.50的下限。三季报同时列示三个月与九个月。美国准则经营现金流已扣利息，与国内口径不同。",
        what_en="US GAAP statements in thousands of dollars with covenants in dollars. Cover and net worth are ample, the current ratio is near its floor of 1.50. The Q3 income "
        "statement has three and nine months. Interest is inside operating cash flow here, unlike under CAS.",
        signals={"COV-01": "clear or Y by headroom", "FIN-01": "clear", "DOC-01": "clear", "OPS-01": "unknown (no meter data)"},
        covenants={"CV1101": verdict(worth, ">=", D(40_000_000)), "CV1102": verdict(cover, ">=", D(4)), "CV1103": verdict(liquid, ">=", D("1.5")),
                   "CV1101 2026-09-30": verdict(newer["tnw"], ">=", D(40_000_000)), "CV1103 2026-09-30": verdict(newer["current_ratio"], ">=", D("1.5")),
                   "CV1104": "compliant (2026-06-30); 2026-09-30 came on 2026-10-26, not due before 2026-11-14"},
        loans={"L027": {"balance": str(draft.loans["L027"].balance), "currency": "USD", "dpd": 0}, "L028": {"balance": "3000000.00", "currency": "USD", "dpd": 0}},
        figures=(
            Expected(name="tnw", period_end="2026-09-30", value=rounded(newer["tnw"], 2), unit="currency"),
            Expected(name="icr_ebitda", period_end="2026-09-30", value=rounded(newer["icr_ebitda"]), basis="ltm"),
            Expected(name="current_ratio", period_end="2026-09-30", value=rounded(newer["current_ratio"]), basis="point"),
            Expected(name="revenue", period_end="2026-09-30", value=rounded(sales, 2), unit="currency", basis="ytd"),
        ),
        questions=(
            Question(kind="figure", zh="Calder Ridge前三季度销售额是多少？", en="What were Calder Ridge's net sales for the first nine months of 2026?",
                     answer_zh=f"{sales / 1000000:,.2f}百万美元。", answer_en=f"USD {sales / 1000000:,.2f} million.",
                     must=(f"{sales / 1000000:,.2f}|{sales / 1000:,.0f}|{sales / 10000:,.2f}",), documents=(papers[0],)),
            Question(kind="covenant", zh="Calder Ridge的有形净资产约束是多少，达标吗？", en="Is Calder Ridge's tangible net worth covenant met?",
                     answer_zh=f"要求不低于4,000万美元，2026年6月末{worth / 10000:,.2f}万美元，达标。", answer_en=f"Yes: USD {worth / 1000000:,.2f} million at June 2026 against "
                     "a floor of USD 40 million.", must=(f"{worth / 1000000:,.2f}|{worth / 10000:,.2f}|{worth:,.0f}", "40|4,000"), documents=(half, papers[2])),
            Question(kind="covenant", zh="Calder Ridge哪项约束最紧？", en="Which of Calder Ridge's covenants is tightest?",
                     answer_zh=f"流动比率{rounded(liquid, 2)}，下限1.50。", answer_en=f"The current ratio: {rounded(liquid, 2)} against 1.50.", must=(rounded(liquid, 2),), documents=(half,)),
            Question(kind="notes", zh="最近一次走访Calder Ridge，产线都在运行吗？", en="Were all lines running at the last visit to Calder Ridge?",
                     answer_zh="是，三条瓦楞线全开，两班。", answer_en="Yes, all three corrugating lines, two shifts.", must=("three|三|3|all",), documents=(papers[1],)),
        ),
    ))  # fmt: skip
