"""C505 Halvorsen Instruments: American accounts in dollars, net leverage over its limit in June, a certificate that says otherwise."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.borrowers import plans
from eval.fresh.fifth.house import (
    H26,
    Y24,
    Y25,
    file_deed,
    file_visit,
    keep_account,
    own,
    planned,
    reading,
    statement,
    test,
)
from eval.fresh.fifth.papers.agreements import english_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D
from eval.sample_bank.registers import enrol

NET = "Net borrowings (all bank debt after deducting cash and cash equivalents) measured each June 30 and December 31 may not be more than 3.00x EBITDA of the trailing twelve months."
COVER = "Trailing twelve-month EBITDA must come to 2.75 times interest expense or more, tested each June 30 and December 31."
CASH = "On every June 30 and December 31 the Company keeps at least $1,500,000 of cash and cash equivalents."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C505",
        name="Halvorsen Instruments, Inc.",
        name_en="Halvorsen Instruments, Inc.",
        short="Halvorsen",
        registration="MN-4402917",
        address="1200 Lake Drive, Duluth, Minnesota",
        address_en="1200 Lake Drive, Duluth, Minnesota",
        legal_representative="Ingrid Halvorsen",
        finance_head="Peter Abara",
        accountant="Peter Abara",
        signatory_en="Ingrid Halvorsen",
    )
    enrol(
        draft,
        company,
        "P22",
        "QW",
        type="corporate",
        industry_code="C3581",
        country_code="US",
        incorporation_date=date(1994, 10, 3),
        enterprise_size="medium",
        internal_rating="BB",
        aliases="Halvorsen;Halvorsen Instruments;HII",
    )
    ledger = plans.instruments(draft)
    flows = planned("18000000", "0.0670", date(2025, 4, 28), ["450000"] * 19 + ["0"], 3)
    term = Lent(
        id="L5051",
        customer="C505",
        kind="fixed_asset",
        purpose="clean room and sterilizer line",
        amount=D(18_000_000),
        rate=D("0.0670"),
        start=date(2025, 4, 28),
        end=date(2030, 4, 28),
        repayment="balloon",
        frequency="quarterly",
        flows=flows,
        currency="USD",
        account="A5051",
        row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "F505"},
    )
    revolver = Lent(
        id="L5052",
        customer="C505",
        kind="working_capital",
        purpose="titanium stock and wages",
        amount=D(3_200_000),
        rate=D("0.0640"),
        start=date(2026, 6, 9),
        end=date(2026, 12, 9),
        repayment="bullet",
        frequency="at_maturity",
        currency="USD",
        account="A5051",
        row={
            "product_name": "Revolving loan",
            "payment_control": "self",
            "secured": True,
            "limit_amount": D(5_000_000),
            "facility_id": "F505",
        },
    )
    draft.lend(term)
    draft.lend(revolver)
    draft.book.add(
        "collateral",
        loan_ids="L5051;L5052",
        type="equipment",
        description="Sterilizer line and machining centers, Duluth",
        value=D(13_600_000),
        currency_code="USD",
        value_date=date(2026, 2, 12),
        valuation_type="liquidation",
        orig_value=D(19_400_000),
        owner_id="C505",
        charge="first lien",
        insurance_end_date=date(2027, 1, 31),
        lien_rank=1,
    )
    deed = english_deed(
        company,
        "QW",
        "CMB-QW-2025-017",
        date(2025, 4, 21),
        title="Credit Agreement",
        parts=[
            (
                "Loans",
                [
                    (
                        "Term loan of $18,000,000 for a clean room and sterilizer line, repaid in nineteen quarterly parts of $450,000 and the rest on April 28, 2030.",
                        "",
                    ),
                    ("Revolving loans of up to $5,000,000, each repaid within six months.", ""),
                    (
                        "Interest: 6.70% a year on the term loan, 6.40% on revolving loans; 2.00% more on whatever is overdue.",
                        "",
                    ),
                ],
            ),
            (
                "Terms used",
                [
                    (
                        "EBITDA: income before provision for income taxes, plus interest expense, depreciation and amortization. Nothing else is added.",
                        "",
                    )
                ],
            ),
            (
                "Financial tests",
                [
                    (NET, "K5051"),
                    (COVER, "K5052"),
                    (CASH, "K5053"),
                    ("A missed test may be put right within 30 days after the certificate is due.", ""),
                ],
            ),
            (
                "Information",
                [
                    (
                        "Audited statements 120 days after each year; unaudited ones with a compliance certificate 60 days after June 30.",
                        "",
                    )
                ],
            ),
            (
                "Promises",
                [
                    ("No dividend while a financial test is missed.", ""),
                    ("No lien on the charged equipment for anyone else.", ""),
                ],
            ),
            ("Default", [("Any payment three Business Days late; any other debt above $750,000 unpaid when due.", "")]),
        ],
    )
    path = file_deed(draft, deed, "Credit_Agreement_2025-017.pdf", date(2025, 4, 22))
    for number, name, metric, operator, limit, basis in (
        ("K5051", "Net leverage", "net_debt_to_ebitda", "<=", "3.0", "ltm"),
        ("K5052", "Interest cover", "icr_ebitda", ">=", "2.75", "ltm"),
        ("K5053", "Minimum cash", "cash_and_equivalents", ">=", "1500000", "point"),
    ):
        test(
            draft,
            deed,
            path,
            number,
            name,
            metric,
            operator,
            limit,
            basis=basis,
            first_test_date=Y25,
            facility_id="F505",
            currency_code="USD" if basis == "point" else None,
        )
    notes = [
        "The Company makes surgical instruments and sterilization trays.",
        "Debt consists of a bank term loan and revolving bank loans.",
    ]
    for end, came in ((Y24, date(2025, 4, 2)), (Y25, date(2026, 4, 3))):
        statement(
            draft,
            company,
            {"consolidated": ledger},
            end,
            "american",
            "US dollars",
            came,
            date(end.year + 1, 4, 30),
            auditor="Northmark CPAs LLP",
            notes=notes,
            places=0,
            name=f"Halvorsen_{end.year}_Annual_Statements.pdf",
            title=f"Annual financial statements {end.year}",
        )
    statement(
        draft,
        company,
        {"consolidated": ledger},
        H26,
        "american",
        "US dollars",
        date(2026, 8, 25),
        date(2026, 8, 29),
        months=6,
        notes=notes,
        places=0,
        name="Halvorsen_June_2026.pdf",
        title="Interim financial statements June 30, 2026",
    )
    proof = draft.file(
        company,
        "Halvorsen_Compliance_Certificate_June_2026.docx",
        "other",
        "en",
        date(2026, 8, 25),
        layout="certificate",
        period_end=H26,
        due=date(2026, 8, 29),
        asked_as="compliance_certificate",
    )
    table = [
        ["Test", "Required", "As computed by the Company", "Met"],
        ["Net leverage", "not more than 3.00x", "2.56x", "Yes"],
        ["Interest cover", "2.75x or more", "see statements", "Yes"],
        ["Cash", "$1,500,000 or more", "see statements", "Yes"],
    ]
    blocks = [
        ("p", "To Cangming Bank, Wren Bay Branch"),
        ("p", "Credit Agreement CMB-QW-2025-017, tests of June 30, 2026."),
        ("p", "EBITDA includes $1,400,000 of costs for moving into the clean room, which we regard as non-recurring."),
        ("p", "Peter Abara, Chief Financial Officer, August 24, 2026"),
    ]
    draft.writer(
        proof,
        lambda target: letter(
            "Compliance Certificate", "Peter Abara", date(2026, 8, 24), blocks, target, english=True, tables={2: table}
        ),
    )
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 9, 17),
            who=["Hannah Osei", "Tobias Lindqvist"],
            met="Peter Abara, CFO",
            where="the Duluth plant",
            seen=["The new clean room was in use on one shift.", "Two of five machining centers stood idle."],
            checked=[
                "The order book on August 31 was $9.8 million, against $12.6 million a year earlier.",
                "Payroll lists 233 employees.",
            ],
            told=[
                "A hospital group has put off its order to next spring.",
                "We expect to be back under three times by year end.",
            ],
            view="The leverage test of June was missed on our figures; the certificate adds moving costs that the agreement does not allow.",
            next=["Send a breach notice by 2 October 2026.", "Obtain a cash forecast by 15 November 2026."],
        ),
        "memo",
        "Visit_Memo_Halvorsen_2026-09-17.pdf",
    )
    keep_account(
        draft,
        company,
        ["L5051", "L5052"],
        "A5051",
        opening="2600000",
        target="1500000",
        monthly={"2025-11": "4100000", "2026-02": "3500000"},
        wages="1240000",
        taxes="90000",
        power="70000",
        buyers=("Great Lakes Hospital Group", "Meridian Surgical Supply", "Prairie Health"),
        suppliers=("Timet Alloys", "Polymer Tray Works"),
        english=True,
        currency="USD",
    )
    reading(
        draft,
        company,
        "order_backlog",
        "USD",
        "order book",
        {"2024-10": "12900000", "2026-02": "10700000", "!2025-08": "12600000", "!2026-08": "9800000"},
    )
    draft.book.add(
        "events",
        customer_id="C505",
        date=date(2026, 9, 1),
        type="rating_change",
        title="Lakeshore Ratings lowers Halvorsen from BB to BB-",
        detail="Outlook negative",
        source="Lakeshore Ratings",
        subject="company",
    )
    own(draft, company, "Ingrid Halvorsen", "0.64")
    return {"C505": ledger}
