"""K2202 Straits Lantern: two ships, falling freight, money put into a terminal, a balloon to come; international statements in thousands of dollars."""

from __future__ import annotations

from datetime import date

from eval.fresh.bank.house import facility, keep_account
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Due, Lent, cents, months_later
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company, Note
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import covenant, enrol
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate

Y25, H26 = date(2025, 12, 31), date(2026, 6, 30)
LEVERAGE = (
    "Net Borrowings shall not be greater than 2.90 times EBITDA for the Test Period ending on each 30 June and 31 December."
)
COVER = "For every Test Period the ratio of EBITDA to interest expense shall be 3.50 to 1 or higher."
CASH = "The Group shall hold cash and bank balances of USD 8,000,000 or more on each 30 June and 31 December."
VALUE = "The fair market value of the ships shall at all times be 140 per cent. or more of the loan."


def add(draft: Draft) -> Ledger:
    """Adds the borrower."""
    company = Company(
        id="K2202", name="Straits Lantern Shipping Pte. Ltd.", name_en="Straits Lantern Shipping Pte. Ltd.", short="Straits Lantern", registration="201533871K",
        address="60 Anson Quay #14-02, Singapore", address_en="60 Anson Quay #14-02; Singapore 079914", legal_representative="Haridas Menon", finance_head="Chloe Tan",
        accountant="Vincent Ong", signatory_en="Haridas Menon",
    )  # fmt: skip
    enrol(
        draft, company, "U13", "WC", type="corporate", industry_code="G5521", country_code="SG", incorporation_date=date(2015, 10, 2), enterprise_size="medium",
        internal_rating="BB+", aliases="Straits Lantern;SLS;Lantern Shipping",
    )  # fmt: skip
    ledger = _books(draft)
    rate, start, left = D("0.0685"), date(2023, 6, 15), D(24_000_000)
    dues = []
    for number in range(1, 21):
        opened, falls = months_later(start, 3 * (number - 1)), months_later(start, 3 * number)
        principal = D(600_000) if number < 20 else left
        dues.append(Due(falls, principal, cents(left * rate * (falls - opened).days / 360)))
        left -= principal
    loan = Lent(
        id="LN7201", customer="K2202", kind="fixed_asset", purpose="refinancing the purchase price of MV Lantern Dawn and MV Lantern Tide", amount=D(24_000_000), rate=rate,
        start=start, end=dues[-1].day, repayment="balloon", frequency="quarterly", flows=dues, currency="USD", account="A2202",
        row={"product_name": "Ship mortgage loan", "payment_control": "entrusted", "secured": True, "facility_id": "FC72"},
    )  # fmt: skip
    draft.lend(loan)
    for name, value, built in (("MV Lantern Dawn", 13_400_000, 2012), ("MV Lantern Tide", 10_900_000, 2010)):
        draft.book.add(
            "collateral", loan_ids="LN7201", type="vessel", description=f"{name}, supramax bulk carrier built {built}", value=D(value), currency_code="USD",
            value_date=date(2026, 6, 30), valuation_type="market", owner_id="K2202", charge="first preferred mortgage", insurance_end_date=date(2027, 2, 20), lien_rank=1,
        )  # fmt: skip
    contract = facility(
        company, loan, "CLB/WC/SM/23-006", date(2023, 6, 8), money="a term loan", amount=D(24_000_000), purpose="refinancing the two ships",
        security="The loan is secured by first preferred mortgages on MV Lantern Dawn and MV Lantern Tide and by assignment of their earnings and insurances.",
        clauses=[Clause(LEVERAGE, "QV601"), Clause(COVER, "QV602"), Clause(CASH, "QV603"), Clause(VALUE, "QV604"),
                 Clause("The borrower shall send audited accounts within 150 days of year end, half-year accounts within 75 days and a broker's valuation of each ship every six months.", "", "undertakings")],
        law="Singapore", governing_law="English law", rate_terms="fixed", default_rate="3.00 per cent.", cure="forty-five days", claim="USD 1,000,000", prepay="fifteen",
    )  # fmt: skip
    path = draft.contract(contract, "Ship_Mortgage_Loan_23-006.html", date(2023, 6, 9))
    tests: tuple[tuple[str, str, str, dict[str, Value]], ...] = (
        ("QV601", "Net leverage", LEVERAGE, {"metric": "net_debt_to_ebitda", "operator": "<=", "threshold": "2.9", "basis": "ltm"}),
        ("QV602", "Interest cover", COVER, {"metric": "icr_ebitda", "operator": ">=", "threshold": "3.5", "basis": "ltm"}),
        ("QV603", "Minimum cash", CASH, {"metric": "cash_and_equivalents", "operator": ">=", "threshold": "8000000", "currency_code": "USD", "basis": "point"}),
    )  # fmt: skip
    for code, name, definition, terms in tests:
        covenant(draft, code, name, definition=definition, frequency="semi_annually", first_test_date=date(2024, 12, 31), due_days=75, facility_id="FC72", scope="consolidated",
                 source_document=path, **terms)  # fmt: skip
    covenant(
        draft,
        "QV604",
        "Ship value",
        definition=VALUE,
        type="affirmative",
        frequency="semi_annually",
        first_test_date=date(2024, 12, 31),
        facility_id="FC72",
        source_document=path,
    )
    whole, scale = {"consolidated": ledger}, "US$'000"
    for year, came in ((2024, date(2025, 5, 20)), (2025, date(2026, 5, 26))):
        annual(draft, company, whole, year, "international", scale, came, auditor="Temasek Row Assurance LLP", notes=_notes(ledger, date(year, 12, 31)), due=date(year + 1, 5, 30),
               name=f"Straits_Lantern_Annual_Report_FY{year}.pdf", title=f"Annual Report {year}")  # fmt: skip
    interim(
        draft,
        company,
        whole,
        H26,
        "international",
        scale,
        date(2026, 9, 9),
        due=date(2026, 9, 13),
        name="Straits_Lantern_Half_Year_2026.pdf",
        title="Half-Year Report 2026",
    )
    draft.note(VisitNote(
        company=company, language="en", day=date(2026, 9, 22), hour="16:00", place="Singapore office", visitors=("Daniel Okoro", "Priya Raman"), met="Chloe Tan, finance director",
        purpose="Half-year results; charter renewals", seen=["Small office, eleven staff; both ships shown as trading on the tracking screen."],
        checked=["Charter of MV Lantern Tide ends on 30 November 2026, no follow-on fixture yet.", "Lantern Dawn fixed at USD 11,800 a day to March 2027, down from USD 14,500."],
        said=["\"We could sell the Tide if the price is right.\"", "\"The balloon will be refinanced, several banks are keen.\""],
        differences=["No term sheet from any other bank could be shown."], collateral="Broker's values of 30 June 2026: Dawn USD 13.4 million, Tide USD 10.9 million.",
        view="Earnings are thin and the Tide may lie idle in winter. Ask for a cash sweep.", follow_ups=["Fixture or sale plan for the Tide by 31 October.", "Cash-flow forecast to 2028 by 15 October."],
    ), "Visit_Straits_Lantern_2026-09-22.pdf", date(2026, 9, 23))  # fmt: skip
    keep_account(
        draft, company, ["LN7201"], "A2202", opening="1600000", target="1300000", ledger=ledger, share="0.35", words="en", currency="USD", wages="310000", taxes="20000",
        buyers=("Pelican Grain Charterers", "Orient Bulk Pool"), suppliers=("Keppel Bay Bunkers", "Harbour Crew Managers"),
    )  # fmt: skip
    draft.book.add(
        "relations", customer_id="K2202", related_name="Haridas Menon", relation="actual_controller", share=D("0.68")
    )
    draft.book.add("events", customer_id="K2202", date=date(2026, 5, 17), type="accident", title="MV Lantern Tide touched a berth at Port Klang", detail="Hull repair of USD 420,000, insured",
                   amount=D(420_000), currency_code="USD", source="P&I club", subject="company")  # fmt: skip
    return ledger


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="USD", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(free_cash="9400", ppe_net="96000", intangible_assets="400", share_capital="22000", capital_surplus="0"),
        sales={(day("2023-12-31"), 12): D(61000), (day("2024-12-31"), 12): D(55400), **year_of(2025, "47800"), **quarters_of(2026, "10400", "10900")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.30", selling="0.012", admin="0.055", rnd="0",
                               ar_days="28", inventory_days="9", ap_days="35", interest_rate="0.0675", tax_rate="0.05", depreciation="0.062", write_down="0"),
               day("2024-12-31"): decimals(gross_margin="0.262"), day("2025-03-31"): decimals(gross_margin="0.205"), day("2026-03-31"): decimals(gross_margin="0.185")},
        debt={start: (D(2500), D(5200), D(46000)), day("2024-12-31"): (D(2500), D(5200), D(38000)), Y25: (D(3000), D(5200), D(33500)), H26: (D(3500), D(5200), D(31200))},
        spend={day("2023-12-31"): D(1800), day("2024-12-31"): D(2100), Y25: D(1300), H26: D(400)},
        levels={day(when): decimals(long_term_equity_investments=held) for when, held in (
            ("2023-12-31", "6000"), ("2024-12-31", "14000"), ("2025-12-31", "20000"), ("2026-06-30", "21700"))},
        transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("K2202", "books"))


def _notes(ledger: Ledger, end: date) -> tuple[Note, ...]:
    ends = (end, end.replace(year=end.year - 1))
    heads, flows, points = tuple(str(e.year) for e in ends), tuple((e, 12) for e in ends), tuple((e, 0) for e in ends)

    def row(label: str, item: str, months: int) -> tuple[str, str, tuple[int | None, ...]]:
        return label, item, tuple((ledger.flows[e, months] if months else ledger.balances[e])[item] for e in ends)

    return (
        Note(title="1. Corporate information", text=("Straits Lantern Shipping Pte. Ltd. is incorporated in Singapore and owns and charters out dry bulk ships. These consolidated financial "
                                                     "statements are presented in United States dollars, rounded to the nearest thousand (US$'000).",)),
        Note(title="8. Profit before taxation", rows=(row("Depreciation of vessels", "depreciation_ppe", 12), row("Amortisation of intangible assets", "amortization_intangibles", 12),
                                                     row("Interest on bank borrowings", "interest_expense", 12)), columns=heads, periods=flows),
        Note(title="15. Bank borrowings", rows=(row("Repayable within one year: term loans", "current_portion_lt_debt", 0), row("Short-term bank loans", "short_term_borrowings", 0),
                                               row("Repayable after one year", "long_term_borrowings", 0)), columns=heads, periods=points),
    )  # fmt: skip
