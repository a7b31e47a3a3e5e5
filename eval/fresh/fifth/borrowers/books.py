"""C510 Quillfeather Books: a chain of bookshops in thousands of dollars; two instalments of its term loan are unpaid; stock is pledged and insured."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.borrowers import plans
from eval.fresh.fifth.house import H26, Y24, Y25, file_deed, file_visit, keep_account, own, reading, statement, test
from eval.fresh.fifth.papers.agreements import english_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D
from eval.sample_bank.registers import enrol

SERVICE = "For every calendar year, EBITDA after income tax shall cover scheduled principal and interest of that year at least 1.10 times."
EQUITY = "Total liabilities may not top 1.25 times stockholders' equity when each June and each December closes."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C510",
        name="Quillfeather Books, Inc.",
        name_en="Quillfeather Books, Inc.",
        short="Quillfeather",
        registration="VT-3361805",
        address="9 Printers Row, Burlington, Vermont",
        address_en="9 Printers Row, Burlington, Vermont",
        legal_representative="Delphine Marsden",
        finance_head="Owen Tully",
        accountant="Owen Tully",
        signatory_en="Delphine Marsden",
    )
    enrol(
        draft,
        company,
        "P22",
        "QW",
        type="corporate",
        industry_code="F5243",
        country_code="US",
        incorporation_date=date(2005, 9, 9),
        enterprise_size="medium",
        internal_rating="B+",
        aliases="Quillfeather;Quillfeather Books;QFB",
        in_financial_difficulty=True,
    )
    ledger = plans.books(draft)
    shops = Lent(
        id="L5101",
        customer="C510",
        kind="fixed_asset",
        purpose="refit of fourteen shops",
        amount=D(4_800_000),
        rate=D("0.0690"),
        start=date(2024, 10, 22),
        end=date(2028, 10, 22),
        repayment="equal_principal",
        frequency="monthly",
        currency="USD",
        account="A5101",
        unpaid_from=date(2026, 9, 22),
        row={
            "product_name": "Term loan",
            "payment_control": "entrusted",
            "secured": False,
            "classification": "special_mention",
            "facility_id": "F510",
        },
    )
    stock = Lent(
        id="L5102",
        customer="C510",
        kind="trade",
        purpose="holiday season stock",
        amount=D(1_500_000),
        rate=D("0.0675"),
        start=date(2026, 8, 4),
        end=date(2027, 1, 28),
        repayment="bullet",
        frequency="at_maturity",
        currency="USD",
        account="A5101",
        row={"product_name": "Seasonal loan", "payment_control": "self", "secured": True, "facility_id": "F510"},
    )
    draft.lend(shops)
    draft.lend(stock)
    draft.book.add(
        "collateral",
        loan_ids="L5102",
        type="inventory",
        description="Books and stationery in the Burlington warehouse",
        value=D(2_100_000),
        currency_code="USD",
        value_date=date(2026, 8, 15),
        valuation_type="liquidation",
        owner_id="C510",
        charge="pledge",
        insurance_end_date=date(2027, 8, 31),
        lien_rank=1,
    )
    draft.book.add(
        "guarantors",
        loan_ids="L5101",
        name="Delphine Marsden",
        amount=D(1_000_000),
        currency_code="USD",
        start_date=date(2024, 10, 22),
        end_date=date(2029, 4, 22),
    )
    draft.book.add(
        "mitigants",
        loan_ids="L5102",
        kind="credit_insurance",
        provider="Harbor Mutual",
        cover=D(900_000),
        cover_share=D("0.60"),
        start_date=date(2026, 8, 4),
        end_date=date(2027, 3, 31),
        claim_deadline_days=45,
    )
    deed = english_deed(
        company,
        "QW",
        "CMB-QW-2024-071",
        date(2024, 10, 15),
        title="Loan Agreement",
        parts=[
            (
                "Money",
                [
                    (
                        "$4,800,000 to refit fourteen shops, repaid in forty-eight equal monthly parts with interest at 6.90% a year.",
                        "",
                    ),
                    ("Seasonal loans of up to $1,500,000 for stock, each repaid by the end of January.", ""),
                ],
            ),
            ("Support", [("Ms Delphine Marsden guarantees $1,000,000. Seasonal loans are secured by a pledge of stock.", "")]),
            ("Ratios", [(SERVICE, "K5101"), (EQUITY, "K5102")]),
            ("Statements", [("Audited statements 120 days after the year; June statements by August 31.", "")]),
            ("Duties", [("The Company tells the Bank ten days before it closes a shop.", "")]),
            ("Default", [("A payment more than ten days late.", ""), ("A judgment of more than $250,000.", "")]),
        ],
    )
    path = file_deed(draft, deed, "Loan_Agreement_2024-071.docx", date(2024, 10, 16))
    test(
        draft,
        deed,
        path,
        "K5101",
        "Debt service coverage",
        "dscr",
        ">=",
        "1.10",
        basis="annual",
        frequency="annually",
        first_test_date=Y25,
        due_days=120,
        facility_id="F510",
    )
    test(
        draft,
        deed,
        path,
        "K5102",
        "Liabilities to equity",
        "debt_to_equity",
        "<=",
        "1.25",
        basis="point",
        first_test_date=Y25,
        facility_id="F510",
    )
    notes = ["The Company runs fourteen bookshops in New England.", "A shop lease in Albany was ended early in March 2026."]
    for end, came in ((Y24, date(2025, 4, 18)), (Y25, date(2026, 4, 27))):
        statement(
            draft,
            company,
            {"consolidated": ledger},
            end,
            "american",
            "in thousands",
            came,
            date(end.year + 1, 4, 30),
            auditor="Maple & Stone CPAs",
            notes=notes,
            places=0,
            name=f"Quillfeather_{end.year}_Statements.pdf",
            title=f"Annual financial statements {end.year}",
        )
    statement(
        draft,
        company,
        {"consolidated": ledger},
        H26,
        "american",
        "in thousands",
        date(2026, 8, 30),
        date(2026, 8, 31),
        months=6,
        notes=notes,
        places=0,
        name="Quillfeather_June_2026.pdf",
        title="Interim financial statements June 30, 2026",
    )
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 10, 15),
            who=["Hannah Osei"],
            met="Owen Tully, controller",
            where="the Burlington store",
            seen=[
                "The Burlington store was half empty on a Thursday afternoon.",
                "Boxes for the holiday season filled the back room.",
            ],
            checked=[
                "Twelve of fourteen shops are open; Albany and Troy are closed.",
                "Sales of September were $1.9 million, against $2.6 million a year before.",
            ],
            told=["We will pay the two instalments from November sales.", "No publisher has stopped deliveries."],
            view="The term loan cannot be brought up to date before the holidays; ask for a standstill only against more security.",
            next=["Weekly sales list from 2 November 2026.", "Offer of further security by 13 November 2026."],
        ),
        "markdown",
        "Quillfeather_visit_2026-10-15.md",
    )
    keep_account(
        draft,
        company,
        ["L5101", "L5102"],
        "A5101",
        opening="900000",
        target="260000",
        monthly={"2025-11": "3600000", "2026-01": "2500000", "2026-06": "2000000"},
        wages="560000",
        taxes="25000",
        power="41000",
        buyers=("Card settlements", "School district orders"),
        suppliers=("Atlas Book Distribution", "Paper Lantern Press"),
        english=True,
        currency="USD",
    )
    reading(draft, company, "headcount", "persons", "payroll", {"2024-10": "236", "2026-03": "198", "!2026-09": "181"})
    draft.book.add(
        "events",
        customer_id="C510",
        date=date(2026, 9, 25),
        type="shareholder_change",
        title="Marsden Family Trust sells 12% of Quillfeather to Tully Holdings",
        source="registry",
        subject="company",
    )
    own(draft, company, "Delphine Marsden", "0.52")
    return {"C510": ledger}
