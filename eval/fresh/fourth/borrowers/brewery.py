"""C405 Fenwick Hollow Brewing: American accounts in thousands, leverage over its limit in June, a certificate that adds back a launch campaign."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import (
    H26,
    Y23,
    Y24,
    Y25,
    file_agreement,
    file_call,
    keep_account,
    own,
    part,
    planned,
    reading,
    test,
    year,
)
from eval.fresh.fourth.papers.agreements import english_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import covenant, enrol
from eval.sample_bank.simulation import simulate

LEVERAGE = (
    "Total Leverage. As of the last day of each June and December the Borrower shall not permit the ratio of Total Debt to EBITDA to be greater than "
    "2.75 to 1.00."
)
CHARGES = (
    "Fixed Charges. For each twelve-month period ending on the last day of June or December, (EBITDA minus Capital Expenditures minus income taxes) shall be "
    "at least 1.10 times the sum of scheduled principal payments and interest expense."
)
CASH = (
    "Liquidity. The Borrower shall hold cash and cash equivalents of no less than $4,000,000 on each 30 June and 31 December."
)
PAPERS = "The Borrower shall deliver audited statements within 110 days after each fiscal year and unaudited statements with a compliance certificate within 60 days after each 30 June."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C405", name="Fenwick Hollow Brewing Company", name_en="Fenwick Hollow Brewing Company", short="Fenwick Hollow", registration="OR-7710326",
        address="88 Hopyard Lane, Salem, Oregon", address_en="88 Hopyard Lane, Salem, Oregon", legal_representative="Amos Fenwick",
        finance_head="Delia Storrs", accountant="Delia Storrs", signatory_en="Amos Fenwick",
    )  # fmt: skip
    enrol(draft, company, "U31", "AW", type="corporate", industry_code="C1513", country_code="US", incorporation_date=date(2001, 6, 11), enterprise_size="medium",
          internal_rating="BB", aliases="Fenwick;Fenwick Hollow;FHB;Fenwick Brewing")  # fmt: skip
    ledger = _books(draft)
    flows = planned("12000000", "0.0680", date(2024, 10, 15), ["300000"] * 19 + ["0"], 3)
    term = Lent(
        id="L4051", customer="C405", kind="fixed_asset", purpose="canning hall and packaging line", amount=D(12_000_000), rate=D("0.0680"), start=date(2024, 10, 15),
        end=date(2029, 10, 15), repayment="balloon", frequency="quarterly", flows=flows, currency="USD", account="A4051",
        row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "F405"},
    )  # fmt: skip
    revolver = Lent(
        id="L4052", customer="C405", kind="working_capital", purpose="malt, hops and cans", amount=D(2_600_000), rate=D("0.0655"), start=date(2026, 4, 16),
        end=date(2027, 4, 16), repayment="interest_only", frequency="quarterly", currency="USD", account="A4051",
        row={"product_name": "Revolver", "payment_control": "self", "secured": True, "limit_amount": D(3_000_000), "facility_id": "F405"},
    )  # fmt: skip
    draft.lend(term)
    draft.lend(revolver)
    draft.book.add("collateral", loan_ids="L4051;L4052", type="equipment", description="Brewhouse and canning hall, Salem", value=D(10_900_000), currency_code="USD",
                   value_date=date(2025, 9, 4), valuation_type="liquidation", orig_value=D(14_500_000), owner_id="C405", charge="first lien",
                   insurance_end_date=date(2027, 4, 30), lien_rank=1)  # fmt: skip
    agreement = english_agreement(
        company, "AW", "JCB-AW-2024-117", date(2024, 10, 8), title="Loan Agreement",
        terms=["The Lender makes a term loan of $12,000,000 and a revolving commitment of $3,000,000.",
               "The term loan finances a canning hall and packaging line; the revolver finances malt, hops and cans. Proceeds shall not be used for distributions or investments.",
               "The term loan bears 6.80% per annum and the revolver 6.55% per annum, on a 360-day year; overdue sums bear a further 2.50%.",
               "The term loan is repaid in nineteen quarterly instalments of $300,000 and a final payment of $6,300,000 on 15 October 2029.",
               "The loans are secured by a first lien on the brewhouse and the canning hall."],
        definitions=["\"EBITDA\" means income before income taxes plus interest expense, depreciation and amortization for the twelve months then ended.",
                     "\"Total Debt\" means all indebtedness for borrowed money, including the revolver."],
        tests=[(LEVERAGE, "V4051"), (CHARGES, "V4052"), (CASH, "V4053")],
        undertakings=[(PAPERS, "V4054"), ("The Borrower shall make no distribution while Total Debt exceeds 2.50 times EBITDA.", ""),
                      ("The Borrower shall give notice of any recall of product within two Business Days.", "")],
        defaults=[("Any payment is not made within four Business Days after its due date.", ""),
                  ("A breach of Article III is not cured within twenty Business Days after notice.", ""), ("Other indebtedness of $750,000 or more is not paid when due.", "")],
        law="the laws of the State of Oregon",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "Loan_Agreement_2024-117.pdf", date(2024, 10, 9))
    test(
        draft,
        agreement,
        path,
        "V4051",
        "Total leverage",
        "debt_to_ebitda",
        "<=",
        "2.75",
        first_test_date=Y24,
        facility_id="F405",
    )
    test(
        draft,
        agreement,
        path,
        "V4052",
        "Fixed charge cover",
        "fccr",
        ">=",
        "1.10",
        frequency="annually",
        first_test_date=Y25,
        due_days=110,
        facility_id="F405",
    )
    test(draft, agreement, path, "V4053", "Minimum cash", "cash_and_equivalents", ">=", "4000000", basis="point", currency_code="USD", first_test_date=Y24,
         facility_id="F405")  # fmt: skip
    covenant(draft, "V4054", "Reporting", definition=PAPERS, type="reporting", frequency="semi_annually", first_test_date=Y24, due_days=60, facility_id="F405",
             source_document=path, source_page=agreement.pages["V4054"])  # fmt: skip
    notes = ["1. Business. The Company brews and packages beer in Salem, Oregon. Statements follow US GAAP; amounts are in thousands of dollars.",
             "2. Debt. The term loan is repayable in quarterly instalments of $300 and a final payment in October 2029; the revolver matures within one year."]  # fmt: skip
    books = {"consolidated": ledger}
    for end, came in ((Y24, date(2025, 4, 15)), (Y25, date(2026, 4, 16))):
        year(draft, company, books, end, "american", "in thousands", came, date(end.year + 1, 4, 20), auditor="Tolliver & Reyes, P.C.", notes=notes, places=0,
             name=f"Fenwick_Hollow_{end.year}_Annual_Report.pdf", title=f"{end.year} Annual Report")  # fmt: skip
    part(draft, company, books, H26, "american", "in thousands", date(2026, 8, 27), date(2026, 8, 29), notes=notes, places=0,
         name="Fenwick_Hollow_June_2026.pdf", title="Interim Financial Statements, June 30, 2026")  # fmt: skip
    proof = draft.file(company, "Fenwick_Compliance_Certificate_June_2026.docx", "other", "en", date(2026, 8, 27), layout="certificate", period_end=H26,
                       due=date(2026, 8, 29), asked_as="compliance_certificate")  # fmt: skip
    table = [["Covenant", "Required", "Reported", "In compliance"], ["Total Leverage", "not greater than 2.75x", "2.48x", "Yes"],
             ["Liquidity", "no less than $4,000,000", "as reported", "Yes"]]  # fmt: skip
    blocks = [("p", "To Jichuan Bank Co., Ltd., Alder Bay Branch, under Loan Agreement JCB-AW-2024-117"), ("p", "Test date: 30 June 2026"),
              ("p", "EBITDA includes an add-back of $620,000 for the launch campaign of the seltzer brand."), ("p", "Delia Storrs, Chief Financial Officer, 26 August 2026")]  # fmt: skip
    draft.missing(company, "Fenwick_Corrected_Certificate_June_2026.docx", "compliance_certificate", H26, date(2026, 10, 15))
    draft.writer(
        proof,
        lambda target: letter(
            "Compliance Certificate", "Delia Storrs", date(2026, 8, 26), blocks, target, english=True, tables={2: table}
        ),
    )
    file_call(draft, Call(
        company=company, day=date(2026, 9, 24), who=["Oliver Marsh", "Ingrid Solberg"], met="Delia Storrs, chief financial officer", where="Salem brewery",
        seen=["One of the two canning lines was running.", "About 3,100 kegs stood in the yard."],
        checked=["Depletions January to August were 41,200 barrels against 47,900 a year before.", "The malt contract is fixed at $262 a ton until March 2027."],
        told=["The seltzer launch will pay back next summer.", "We may close the Bend taproom in November."],
        view="Leverage is over 2.75x on the agreement's own definition, which allows no add-back. A waiver request should be expected.",
        next=["Corrected certificate, asked for by 15 October, is still missing.", "Twelve-month cash forecast by 30 November."],
    ), "page", "Call_Report_Fenwick_2026-09-24.pdf")  # fmt: skip
    keep_account(draft, company, ["L4051", "L4052"], "A4051", opening="1800000", target="900000", monthly={"2025-11": "2350000", "2026-03": "2050000"}, wages="540000",
                 taxes="90000", power="110000", buyers=("Cascade Beverage Distributors", "Rivermark Grocers", "Pinecrest Taverns"),
                 suppliers=("Willamette Hop Growers", "Great Basin Malting"), english=True, currency="USD")  # fmt: skip
    reading(draft, company, "headcount", "people", "payroll", {"2024-10": "168", "2026-03": "154", "!2026-09": "149"})
    own(draft, company, "Amos Fenwick", "0.58")
    draft.book.add(
        "relations", customer_id="C405", related_name="Cascade Beverage Distributors", relation="buyer", share=D("0.41")
    )
    return {"C405": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="USD", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(free_cash="2200", ppe_net="17800", intangible_assets="900", goodwill="1700", share_capital="500", capital_surplus="6100",
                         deferred_tax_liabilities="400"),
        sales={(Y23, 12): D(31200), (Y24, 12): D(33800), **year_of(2025, "31500"), **quarters_of(2026, "6400", "7500")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.342", selling="0.128", admin="0.089", rnd="0",
                               ar_days="34", inventory_days="57", ap_days="44", interest_rate="0.066", tax_rate="0.25", depreciation="0.082"),
               day("2025-03-31"): decimals(gross_margin="0.322"), day("2026-03-31"): decimals(gross_margin="0.291", selling="0.134", inventory_days="66")},
        debt={start: (D(900), D(400), D(2600)), Y24: (D(1400), D(1200), D(11900)), Y25: (D(1900), D(1200), D(10700)), H26: (D(2600), D(1200), D(10100))},
        spend={Y23: D(1900), Y24: D(12800), Y25: D(1350), H26: D(480)}, dividends={Y23: D(800), Y24: D(800), Y25: D(500)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("C405", "books"))
