"""K2201 Harrow Point: American statements in dollars, leverage just inside its limit, one test waived for the year."""

from __future__ import annotations

from datetime import date

from eval.fresh.bank.house import EAST_EN, facility, keep_account
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents, months_later
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company, Note
from eval.sample_bank.papers.slips import Certificate, certificate_paper
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import covenant, enrol
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate

Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
LEVERAGE = (
    "At the end of every financial quarter Borrowings shall be no more than 3.00 times EBITDA of the Test Period then ended."
)
COVER = "EBITDA of each Test Period shall be at least 3.50 times interest expense of the same period, tested quarterly."
WORTH = "Tangible Net Worth shall be at least USD 30,000,000 at each quarter end."
LIQUID = "At each quarter end current assets shall be at least 1.75 times current liabilities."
REPORTS = "The borrower shall send its audited accounts within 100 days of each year end and its quarterly accounts within 50 days of each quarter end."


def add(draft: Draft) -> Ledger:
    """Adds the borrower."""
    company = Company(
        id="K2201", name="Harrow Point Auto Components, Inc.", name_en="Harrow Point Auto Components, Inc.", short="Harrow Point", registration="MI-8014467",
        address="4410 Foundry Road, Saginaw, Michigan", address_en="4410 Foundry Road; Saginaw, Michigan 48601", legal_representative="Lydia Marchetti",
        finance_head="Tom Abernathy", accountant="Grace Liu", signatory_en="Lydia Marchetti",
    )  # fmt: skip
    enrol(
        draft, company, "U13", "WC", type="corporate", industry_code="C3670", country_code="US", incorporation_date=date(1987, 6, 3), enterprise_size="large",
        internal_rating="BBB", aliases="Harrow Point;Harrow;HPAC",
    )  # fmt: skip
    ledger = _books(draft)
    rate, start, left = D("0.0670"), date(2025, 3, 27), D(12_000_000)
    dues = []
    for number in range(1, 21):
        opened, falls = months_later(start, 3 * (number - 1)), months_later(start, 3 * number)
        principal = D(400_000) if number < 20 else left
        dues.append(Due(falls, principal, cents(left * rate * (falls - opened).days / 360)))
        left -= principal
    kept = (
        Lent(
            id="LN7101", customer="K2201", kind="fixed_asset", purpose="a forging press", amount=D(12_000_000), rate=rate, start=start, end=dues[-1].day,
            repayment="step", frequency="quarterly", flows=dues, currency="USD", account="A2201",
            row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "FC71"},
        ),
        Lent(
            id="LN7102", customer="K2201", kind="working_capital", purpose="steel bar and castings", amount=D(4_000_000), rate=D("0.0645"), start=date(2026, 1, 22),
            end=date(2027, 1, 22), repayment="interest_only", frequency="quarterly", currency="USD", account="A2201",
            row={"product_name": "Revolving credit", "payment_control": "self", "secured": True, "limit_amount": D(6_000_000), "facility_id": "FC71"},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="LN7101;LN7102", type="equipment", description="Forging presses 1 to 4, Saginaw", value=D(21_000_000), currency_code="USD",
        value_date=date(2026, 2, 27), valuation_type="liquidation", orig_value=D(34_000_000), owner_id="K2201", charge="first lien",
        insurance_end_date=date(2026, 10, 20), lien_rank=1,
    )  # fmt: skip
    contract = facility(
        company, kept[0], "CLB/WC/LA/25-014", date(2025, 3, 20), money="a term loan and a revolving credit", amount=D(18_000_000),
        purpose="buying a forging press and paying for steel bar and castings", security="Repayment is secured by a first lien on forging presses 1 to 4.",
        clauses=[Clause(LEVERAGE, "QV501"), Clause(COVER, "QV502"), Clause(WORTH, "QV503"), Clause(LIQUID, "QV504"), Clause(REPORTS, "QV505", "undertakings")],
        law="Michigan", governing_law="Michigan law", rate_terms="fixed for the life of the loan", default_rate="2.50 per cent.", cure="thirty days", claim="USD 750,000",
    )  # fmt: skip
    path = draft.contract(contract, "Loan_Agreement_25-014.pdf", date(2025, 3, 21))
    tests: tuple[tuple[str, str, str, dict[str, Value]], ...] = (
        ("QV501", "Leverage", LEVERAGE, {"metric": "debt_to_ebitda", "operator": "<=", "threshold": "3.0", "basis": "ltm"}),
        ("QV502", "Interest cover", COVER, {"metric": "icr_ebitda", "operator": ">=", "threshold": "3.5", "basis": "ltm"}),
        ("QV503", "Tangible Net Worth", WORTH, {"metric": "tnw", "operator": ">=", "threshold": "30000000", "currency_code": "USD", "basis": "point"}),
        ("QV504", "Current ratio", LIQUID, {"metric": "current_ratio", "operator": ">=", "threshold": "1.75", "basis": "point", "status": "waived",
                                            "waived_until": date(2026, 12, 30)}),
    )  # fmt: skip
    for code, name, definition, terms in tests:
        covenant(draft, code, name, definition=definition, frequency="quarterly", first_test_date=Y25, due_days=50, facility_id="FC71", scope="consolidated",
                 source_document=path, source_page=contract.pages[code], **terms)  # fmt: skip
    covenant(draft, "QV505", "Accounts", definition=REPORTS, type="reporting", frequency="quarterly", first_test_date=Y25, due_days=50, facility_id="FC71",
             source_document=path, source_page=contract.pages["QV505"])  # fmt: skip
    whole, scale = {"consolidated": ledger}, "US$'000"
    for year, came in ((2024, date(2025, 4, 2)), (2025, date(2026, 3, 30))):
        annual(draft, company, whole, year, "american", scale, came, auditor="Brandt & Olmos PC", notes=_notes(ledger, year), due=date(year + 1, 4, 10),
               name=f"HPAC_Audited_Statements_FY{year}.pdf", title="Consolidated Financial Statements")  # fmt: skip
    interim(draft, company, whole, H26, "american", scale, date(2026, 8, 11), due=date(2026, 8, 19), quarter_columns=True, name="HPAC_Q2_2026.pdf",
            title="Condensed Consolidated Financial Statements")  # fmt: skip
    _certificate(draft, company)
    draft.note(VisitNote(
        company=company, language="en", day=date(2026, 8, 26), hour="10:00", place="Saginaw (video call)", visitors=("Daniel Okoro", "Priya Raman"),
        met="Tom Abernathy, CFO", purpose="Leverage close to its limit", seen=["Presses 1, 2 and 4 running; press 3 in pieces for an overhaul until mid October."],
        checked=["July shipments USD 11.1 million against USD 12.4 million a year ago.", "Order book USD 58 million, 70% of it with two car makers."],
        said=["\"We will be under three times by Christmas.\"", "\"Kestrel Motors wants a 3% price cut from January.\""], collateral="Press 3 dismantled; insurance runs out on 20 October.",
        view="Tight. No further drawings on the revolver until the Q3 test is passed.", follow_ups=["Q3 accounts by 19 November.", "Insurance renewal by 16 October."],
    ), "Visit_Harrow_Point_2026-08-26.docx", date(2026, 8, 27))  # fmt: skip
    keep_account(
        draft, company, ["LN7101", "LN7102"], "A2201", opening="2100000", target="1700000", ledger=ledger, share="0.2", words="en", currency="USD", wages="820000",
        taxes="160000", power="140000", buyers=("Kestrel Motors Corp.", "Tri-Lakes Axle LLC", "Norwood Drivetrain"), suppliers=("Bay City Steel Bar", "Great Bend Castings"),
    )  # fmt: skip
    draft.book.add(
        "relations", customer_id="K2201", related_name="Lydia Marchetti", relation="actual_controller", share=D("0.44")
    )
    draft.book.add("relations", customer_id="K2201", related_name="Kestrel Motors Corp.", relation="buyer", share=D("0.41"))
    return ledger


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="USD", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(free_cash="11800", ppe_net="47200", construction_in_progress="600", intangible_assets="2800", goodwill="5900", share_capital="210",
                         capital_surplus="14500", deferred_tax_liabilities="1400"),
        sales={(day("2023-12-31"), 12): D(142000), (day("2024-12-31"), 12): D(150500), **year_of(2025, "146200"), **quarters_of(2026, "33100", "34400")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.152", selling="0.032", admin="0.049",
                               rnd="0.014", ar_days="47", inventory_days="55", ap_days="50", interest_rate="0.066", tax_rate="0.23"),
               day("2026-03-31"): decimals(gross_margin="0.139")},
        debt={start: (D(6100), D(1600), D(21500)), day("2024-12-31"): (D(6800), D(1600), D(20400)), day("2025-03-31"): (D(6900), D(3200), D(29500)), Y25: (D(7400), D(3200), D(26300)),
              H26: (D(8600), D(3200), D(24700))},
        spend={day("2023-12-31"): D(5600), day("2024-12-31"): D(6100), day("2025-03-31"): D(12400), Y25: D(2200), H26: D(1500)},
        dividends={day("2023-12-31"): D(900), day("2024-12-31"): D(900)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("K2201", "books"))


def _notes(ledger: Ledger, year: int) -> tuple[Note, ...]:
    ends = (date(year, 12, 31), date(year - 1, 12, 31))
    heads, flows, points = (str(year), str(year - 1)), tuple((end, 12) for end in ends), tuple((end, 0) for end in ends)

    def row(label: str, item: str, months: int) -> tuple[str, str, tuple[int | None, ...]]:
        return label, item, tuple((ledger.flows[end, months] if months else ledger.balances[end])[item] for end in ends)

    return (
        Note(title="Note 1. The Company", text=("Harrow Point Auto Components, Inc. forges and machines axle and steering parts for makers of passenger cars. Amounts are in thousands of "
                                                "U.S. dollars and follow accounting principles generally accepted in the United States of America.",)),
        Note(title="Note 5. Property, plant and equipment", rows=(row("Depreciation expense", "depreciation_ppe", 12), row("Amortization of intangible assets", "amortization_intangibles", 12)),
             columns=heads, periods=flows),
        Note(title="Note 7. Debt", rows=(row("Current maturities of long-term debt", "current_portion_lt_debt", 0), row("Long-term debt, net of current maturities", "long_term_borrowings", 0)),
             columns=heads, periods=points),
    )  # fmt: skip


def _certificate(draft: Draft, company: Company) -> None:
    """The borrower's own certificate, which counts its leverage too low by leaving out the revolver."""
    paper = certificate_paper(Certificate(
        company=company, language="en", lender=EAST_EN, agreement="Loan Agreement CLB/WC/LA/25-014", period="the quarter ended 30 June 2026", day=date(2026, 8, 10),
        rows=[("Borrowings to EBITDA", "no more than 3.00 times", "2.17x", "Yes"), ("Interest cover", "at least 3.50 times", "See accounts", "Yes")],
        workings=["Borrowings exclude short-term bank lines."],
    ))  # fmt: skip
    path = draft.file(company, "HPAC_Compliance_Certificate_Q2_2026.pdf", "other", "en", date(2026, 8, 11), layout="certificate", period_end=H26, due=date(2026, 8, 19),
                      asked_as="compliance_certificate")  # fmt: skip
    draft.paper(path, paper)
