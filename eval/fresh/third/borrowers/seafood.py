"""KH08 Tideline Seafood: an exporter whose year ends in March; international accounts in dollars; credit insurance; leverage at its limit."""

from __future__ import annotations

from datetime import date, timedelta

from eval.fresh.third.house import file_accounts, file_deed, file_visit, keep_account, lend, reading, stepped, test
from eval.fresh.third.papers.accounts import Accounts
from eval.fresh.third.papers.deeds import english_deed
from eval.fresh.third.papers.notes import Visit
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import covenant, enrol
from eval.sample_bank.simulation import simulate

M25, M26, J26, J25 = date(2025, 3, 31), date(2026, 3, 31), date(2026, 6, 30), date(2025, 6, 30)
LEVERAGE = "The Company must keep Net Debt at or below 2.00 times EBITDA, tested on 31 March and 30 September."
COVER = "EBITDA must cover interest expense not less than 4.00 times, tested on 31 March and 30 September."
WORTH = "Tangible Net Worth must not fall under US$22,000,000 on any 31 March or 30 September."
PAPERS = "The Company must deliver audited accounts within 120 days after 31 March and unaudited quarterly accounts within 60 days after each other quarter."


def later(ledger: Ledger, months: int = 3) -> Ledger:
    """The same books with every date so many months later, for a year that does not end in December."""

    def moved(end: date) -> date:
        index = end.year * 12 + end.month + months
        return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)

    out = Ledger(ledger.currency, ledger.unit)
    out.balances = {moved(end): sheet for end, sheet in ledger.balances.items()}
    out.flows = {(moved(end), span): flow for (end, span), flow in ledger.flows.items()}
    return out


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH08", name="Tideline Seafood Exports Limited", name_en="Tideline Seafood Exports Limited", short="Tideline Seafood", registration="HK-2718834",
        address="Unit 9, Aberdeen Fish Wharf, Hong Kong", address_en="Unit 9, Aberdeen Fish Wharf, Hong Kong", legal_representative="Marcus Yuen",
        finance_head="Irene Falk", accountant="Irene Falk", signatory_en="Marcus Yuen",
    )  # fmt: skip
    enrol(draft, company, "E03", "YG", type="corporate", industry_code="A0412", country_code="HK", incorporation_date=date(2012, 4, 4), enterprise_size="medium",
          internal_rating="BB+", aliases="Tideline;Tideline Seafood;TSE")  # fmt: skip
    ledger = later(_books(draft))
    trade = Lent(
        id="JK0801", customer="KH08", kind="trade", purpose="buying shrimp and fish fillets against export orders", amount=D(5_500_000), rate=D("0.0610"),
        start=date(2026, 4, 9), end=date(2026, 10, 9), repayment="bullet", frequency="at_maturity", currency="USD", account="A0801",
        row={"product_name": "Export trade loan", "payment_control": "self", "secured": True, "limit_amount": D(7_000_000), "facility_id": "SX08"},
    )  # fmt: skip
    freezers = Lent(
        id="JK0802", customer="KH08", kind="fixed_asset", purpose="a blast-freezing line", amount=D(6_000_000), rate=D("0.0640"), start=date(2024, 2, 28),
        end=date(2029, 2, 28), repayment="step", frequency="semi_annually", flows=stepped("6000000", "0.0640", date(2024, 2, 28), ["400000"] * 4 + ["600000"] * 5 + ["0"], 6),
        currency="USD", account="A0801", row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "SX08"},
    )  # fmt: skip
    lend(draft, trade, freezers)
    draft.book.add("collateral", loan_ids="JK0801;JK0802", type="inventory", description="Frozen seafood in the Aberdeen and Yangang cold stores", value=D(6_900_000),
                   currency_code="USD", value_date=date(2026, 6, 30), valuation_type="market", owner_id="KH08", charge="floating charge",
                   insurance_end_date=date(2027, 3, 15), lien_rank=1)  # fmt: skip
    draft.book.add("mitigants", loan_ids="JK0801", kind="credit_insurance", provider="Harbourline Trade Credit", cover=D(4_950_000), cover_share=D("0.90"),
                   start_date=date(2026, 1, 1), end_date=date(2026, 12, 31), claim_deadline_days=90)  # fmt: skip
    draft.book.add("guarantors", loan_ids="JK0801", name="Marcus Yuen", amount=D(2_000_000), currency_code="USD", start_date=date(2024, 2, 28),
                   end_date=date(2029, 8, 28))  # fmt: skip
    deed = english_deed(
        company, "YG", "YXB/YG/FL/24-031", date(2024, 2, 20), title="Facility Letter",
        money="A revolving export trade facility of US$7,000,000 and a term facility of US$6,000,000.",
        purpose="The trade facility is for buying seafood against confirmed orders; the term facility is for a blast-freezing line.",
        rate="6.10% a year on trade drawings and 6.40% a year on the term facility, on a 360-day year. Late amounts bear 2.00% more.",
        repayment="Trade drawings within 180 days; the term facility in the half-yearly instalments below.",
        security="A floating charge over stocks, assignment of the credit insurance and a personal guarantee of Mr Marcus Yuen limited to US$2,000,000.",
        tests=[(LEVERAGE, "YD0801"), (COVER, "YD0802"), (WORTH, "YD0803")], duties=[(PAPERS, "YD0804"), ("The credit insurance must not lapse.", "")],
        defaults=[("It is an event of default if any sum is unpaid five business days after its due date.", ""),
                  ("It is an event of default if other debt above US$500,000 is not paid when due.", "")],
        law="the laws of Hong Kong", schedule=[(f"{due.day.day} {due.day:%B %Y}", f"US${due.principal:,.0f}") for due in freezers.flows],
    )  # fmt: skip
    path = file_deed(draft, deed, "Facility_Letter_24-031.pdf", date(2024, 2, 22))
    for number, name, metric, operator, limit, more in (
        ("YD0801", "Net leverage", "net_debt_to_ebitda", "<=", "2.0", {}), ("YD0802", "Interest cover", "icr_ebitda", ">=", "4.0", {}),
        ("YD0803", "Tangible net worth", "tnw", ">=", "22000000", {"basis": "point", "currency_code": "USD"}),
    ):  # fmt: skip
        test(
            draft,
            deed,
            path,
            number,
            name,
            metric,
            operator,
            limit,
            first_test_date=M25,
            due_days=120,
            facility_id="SX08",
            **more,
        )
    covenant(draft, "YD0804", "Accounts", definition=PAPERS, type="reporting", frequency="quarterly", first_test_date=M25, due_days=120, facility_id="SX08",
             source_document=path, source_page=deed.pages["YD0804"])  # fmt: skip
    _accounts(draft, company, ledger)
    file_visit(draft, Visit(
        company=company, day=date(2026, 9, 3), who="Grace Whitfield, Helena Brandt", met="Irene Falk, chief financial officer",
        seen=["The new freezing line ran one shift out of two.", "Pallets of shrimp were stacked in the aisles of the Aberdeen store."],
        checked=["Stock count: 1,140 tonnes on the books, 1,128 tonnes counted.", "August export declarations came to US$4.1 million against US$5.6 million a year earlier."],
        told=["The American duty cost us our second buyer.", "We expect to roll the October drawing."], pledge="Stock is dated; about a fifth is older than nine months.",
        view="Sales to the United States are gone for now. A roll-over of JK0801 should come with a smaller limit.",
        next=["Cash-flow forecast by 18 September.", "Decision on the roll-over before 9 October."],
    ), "memo", "Memo_Tideline_2026-09-03.pdf")  # fmt: skip
    keep_account(draft, company, ["JK0801", "JK0802"], "A0801", opening="1900000", target="900000", monthly={"2025-10": "3300000", "2026-03": "2500000"}, wages="260000",
                 taxes="30000", power="85000", buyers=("Pacific Pantry Inc.", "Marelli Ittica SpA", "Kansai Foods KK"), suppliers=("Mekong Aqua JSC", "Palk Bay Traders"),
                 english=True, currency="USD")  # fmt: skip
    reading(draft, company, "export_customs_value", "USD", "customs", {"2024-09": "5600000", "2026-03": "4000000", "!2025-08": "5600000", "!2026-08": "4100000",
            "!2025-07": "5500000", "!2026-07": "3900000"})  # fmt: skip
    draft.book.add("events", customer_id="KH08", date=date(2026, 3, 20), type="news", title="United States raises duty on farmed shrimp", detail="Pacific Pantry halves its orders",
                   source="trade press", subject="company")  # fmt: skip
    draft.book.add("relations", customer_id="KH08", related_name="Marcus Yuen", relation="actual_controller", share=D("0.75"))
    draft.book.add("relations", customer_id="KH08", related_name="Pacific Pantry Inc.", relation="buyer", share=D("0.36"))
    return {"KH08": ledger}


def _accounts(draft: Draft, company: Company, ledger: Ledger) -> None:
    notes = ["1. General. The Group buys, freezes and exports seafood. Its financial year ends on 31 March.",
             "2. Revenue is recognised when goods are loaded on board.", "3. Bank borrowings carry fixed interest and are secured on stocks."]  # fmt: skip
    for end, came in ((M25, date(2025, 7, 22)), (M26, date(2026, 8, 19))):
        before = end.replace(year=end.year - 1)
        accounts = Accounts(
            company=company, title=f"Annual accounts for the year ended 31 March {end.year}", books={"consolidated": ledger}, points=[end, before],
            flows=[(end, 12), (before, 12)], money="US$'000", places=0, made_on=came - timedelta(days=6), auditor="Lockhart Chan CPA Limited",
        )  # fmt: skip
        file_accounts(
            draft, accounts, "international", f"Tideline_Annual_Accounts_{end.year}.pdf", came, date(end.year, 7, 29), notes
        )
    quarter = Accounts(
        company=company, title="Quarterly accounts to 30 June 2026", books={"consolidated": ledger}, points=[J26, M26], flows=[(J26, 3), (J25, 3)], money="US$'000",
        places=0, made_on=date(2026, 8, 24),
    )  # fmt: skip
    file_accounts(
        draft, quarter, "international", "Tideline_Quarter_June_2026.pdf", date(2026, 8, 27), date(2026, 8, 29), notes
    )


def _books(draft: Draft) -> Ledger:
    start, y23, y24, y25 = day("2022-12-31"), day("2023-12-31"), day("2024-12-31"), day("2025-12-31")
    plan = Plan(
        currency="USD", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(free_cash="2600", ppe_net="16500", intangible_assets="600", share_capital="9000", capital_surplus="0"),
        sales={(y23, 12): D(61200), (y24, 12): D(65800), **year_of(2025, "63400", (D("0.26"), D("0.27"), D("0.25"), D("0.22"))), **quarters_of(2026, "12900")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.168", selling="0.041", admin="0.038", rnd="0",
                               ar_days="39", inventory_days="61", ap_days="37", interest_rate="0.062", tax_rate="0.165", depreciation="0.085", write_down="0.001"),
               day("2025-06-30"): decimals(gross_margin="0.138", inventory_days="74"), y25: decimals(gross_margin="0.129", inventory_days="88"), day("2026-03-31"): decimals(gross_margin="0.124", inventory_days="96")},
        debt={start: (D(4500), D(400), D(4600)), y23: (D(5000), D(800), D(8200)), y24: (D(6300), D(1000), D(9200)), y25: (D(9100), D(1200), D(8200)),
              day("2026-03-31"): (D(9600), D(1200), D(8200))},
        spend={y23: D(2100), y24: D(6900), y25: D(900), day("2026-03-31"): D(120)}, dividends={y23: D(1500), y24: D(1800), y25: D(1500)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("KH08", "books"))
