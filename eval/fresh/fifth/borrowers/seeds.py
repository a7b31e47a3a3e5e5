"""C509 Verdance Seeds: money lent for seed went to a related developer, a broker and the owner; only the seed purchase has papers."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.borrowers import plans
from eval.fresh.fifth.house import H26, WAN, Y24, Y25, file_deed, file_visit, keep_account, own, reading, statement, test
from eval.fresh.fifth.papers.agreements import english_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.sample_bank.accounts import Move
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code

CURRENT = "The Borrower's current ratio on 30 June and 31 December is to be 1.20 or higher."
SHARE = "Liabilities in total are to stay within 65% of total assets, looked at on 30 June and 31 December."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C509",
        name="翠野种业（雀湾）有限公司",
        name_en="Verdance Seeds (Wren Bay) Limited",
        short="Verdance",
        registration=credit_code(draft.chance("C509", "code"), "360299"),
        address="雀湾市良种路6号",
        address_en="6 Liangzhong Road, Wren Bay",
        legal_representative="Callum Straker",
        finance_head="Beth Nakamura",
        accountant="Beth Nakamura",
        signatory_en="Callum Straker",
    )
    enrol(
        draft,
        company,
        "P21",
        "QW",
        type="corporate",
        industry_code="A0511",
        incorporation_date=date(2010, 11, 30),
        enterprise_size="medium",
        internal_rating="BBB-",
        aliases="Verdance;Verdance Seeds;翠野种业;翠野",
    )
    ledger = plans.seeds(draft)
    books = {"consolidated": ledger}
    seed = Lent(
        id="L5091",
        customer="C509",
        kind="working_capital",
        purpose="purchase of parent seed and packaging",
        amount=1800 * WAN,
        rate=D("0.0440"),
        start=date(2026, 5, 18),
        end=date(2027, 5, 18),
        repayment="interest_only",
        frequency="quarterly",
        account="A5091",
        row={"product_name": "Working capital loan", "payment_control": "self", "secured": True},
    )
    draft.lend(seed)
    draft.book.add(
        "collateral",
        loan_ids="L5091",
        type="real_estate",
        description="Seed processing hall, 6 Liangzhong Road",
        value=2150 * WAN,
        currency_code="CNY",
        value_date=date(2026, 4, 28),
        valuation_type="market",
        owner_id="C509",
        charge="mortgage",
        insurance_end_date=date(2027, 4, 30),
        lien_rank=1,
    )
    deed = english_deed(
        company,
        "QW",
        "CMB-QW-2026-023",
        date(2026, 5, 11),
        title="Working Capital Loan Agreement",
        parts=[
            (
                "The loan",
                [
                    ("RMB 18,000,000 from 18 May 2026 to 18 May 2027 at 4.40% a year.", ""),
                    (
                        "It pays for parent seed and packaging and for nothing else; real estate, securities and loans to owners are excluded.",
                        "",
                    ),
                    ("Money used otherwise bears twice the rate from the day it was so used.", ""),
                ],
            ),
            ("Security", [("A mortgage of the seed processing hall at 6 Liangzhong Road.", "")]),
            ("Ratios", [(CURRENT, "K5091"), (SHARE, "K5092")]),
            (
                "Evidence and reports",
                [
                    (
                        "Contracts and invoices for each payment within 30 days; audited accounts by 30 April and half-year accounts by 31 August.",
                        "",
                    )
                ],
            ),
            ("Default", [("Use of the money against section 1, or non-payment for five Business Days.", "")]),
        ],
    )
    path = file_deed(draft, deed, "Working_Capital_Agreement_2026-023.pdf", date(2026, 5, 12))
    test(
        draft,
        deed,
        path,
        "K5091",
        "Current ratio",
        "current_ratio",
        ">=",
        "1.20",
        basis="point",
        first_test_date=H26,
        loan_id="L5091",
    )
    test(
        draft,
        deed,
        path,
        "K5092",
        "Liabilities to assets",
        "debt_to_assets",
        "<=",
        "0.65",
        basis="point",
        first_test_date=H26,
        loan_id="L5091",
    )
    notes = ["Verdance breeds and sells rice and vegetable seed.", "Most seed is sold in the second quarter of the year."]
    for end, came in ((Y24, date(2025, 4, 24)), (Y25, date(2026, 4, 22))):
        statement(
            draft,
            company,
            books,
            end,
            "word",
            "RMB'000",
            came,
            date(end.year + 1, 4, 30),
            auditor="Seabright CPA Limited",
            notes=notes,
            places=0,
            name=f"Verdance_Accounts_{end.year}.docx",
            title=f"Accounts for the year to 31 December {end.year}",
        )
    statement(
        draft,
        company,
        books,
        H26,
        "word",
        "RMB'000",
        date(2026, 8, 28),
        date(2026, 8, 31),
        months=6,
        notes=notes,
        places=0,
        name="Verdance_Half_Year_2026.docx",
        title="Half-year accounts to 30 June 2026",
    )
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 10, 8),
            who=["骆青阳", "Tobias Lindqvist"],
            met="Beth Nakamura, accountant",
            where="Liangzhong Road",
            seen=["The processing hall was clean and idle between seasons.", "No new parent seed was in the cold store."],
            checked=[
                "Only the invoice of Golden Ear Breeding for RMB 6 million was produced.",
                "Rice seed stock 310 tonnes on the list, 305 tonnes weighed.",
            ],
            told=["The payment to the property company was a loan between friends.", "It will come back before the New Year."],
            view="The loan was not used as agreed; drawings are stopped and repayment of the diverted part is to be demanded.",
            next=["Demand letter by 23 October 2026.", "Report misuse to the risk department by 30 October 2026."],
        ),
        "memo",
        "Visit_Memo_Verdance_2026-10-08.pdf",
    )
    _money(draft, company)
    draft.book.add(
        "relations",
        customer_id="C509",
        related_name="Wren Bay Verdance Property Limited",
        relation="subsidiary",
        share=D("0.60"),
    )
    own(draft, company, "Callum Straker", "0.71")
    bureau(
        draft,
        company,
        date(2026, 9, 30),
        other_bank_count=1,
        other_bank_balance=900 * WAN,
        other_bank_overdue=D(0),
        max_overdue_days=0,
        guarantee_balance=D(0),
        enquiries_6m=9,
        limits_total=1200 * WAN,
        new_lenders_3m=2,
    )
    reading(draft, company, "inventory_count", "t", "stock list", {"2024-10": "420", "2026-05": "300", "!2026-09": "310"})
    return {"C509": ledger}


def _money(draft: Draft, company: Company) -> None:
    moves = (
        Move(
            day=date(2026, 5, 15),
            way="out",
            amount=390 * WAN,
            party="Paperleaf Packaging",
            memo="Packaging of the spring season",
            time="16:00",
        ),
        Move(
            day=date(2026, 5, 19),
            way="out",
            amount=600 * WAN,
            party="Golden Ear Breeding",
            memo="Parent seed",
            time="10:10",
            key="seed",
        ),
        Move(
            day=date(2026, 5, 20),
            way="out",
            amount=500 * WAN,
            party="Wren Bay Verdance Property Limited",
            memo="Current account",
            time="11:30",
            key="estate",
        ),
        Move(
            day=date(2026, 5, 21),
            way="out",
            amount=250 * WAN,
            party="Eastfield Securities client account",
            memo="Transfer to broker",
            time="09:20",
            key="broker",
        ),
        Move(
            day=date(2026, 5, 22),
            way="out",
            amount=150 * WAN,
            party="Callum Straker",
            memo="Loan to shareholder",
            time="15:45",
            key="owner",
        ),
    )
    keys = keep_account(
        draft,
        company,
        ["L5091"],
        "A5091",
        opening="2900000",
        target="1800000",
        monthly={"2025-11": "6900000", "2026-03": "14200000", "2026-05": "3600000", "2026-07": "5200000"},
        wages="690000",
        taxes="110000",
        buyers=("Riverdelta Farm Supplies", "Wren Bay Growers Union"),
        suppliers=("Paperleaf Packaging", "Golden Ear Breeding"),
        english=True,
        moves=moves,
        ends={(2026, 4): "1400000"},
    )
    for name, kind, scope, since in (
        ("Golden Ear Breeding", "company", "seed breeding", date(2008, 7, 14)),
        ("Wren Bay Verdance Property Limited", "company", "real estate development", date(2021, 1, 19)),
        ("Eastfield Securities client account", "financial", "securities brokerage", None),
        ("Callum Straker", "person", None, None),
    ):
        draft.book.add("counterparties", name=name, kind=kind, business_scope=scope, registered_on=since)
    for kind, when in (("contract", date(2026, 5, 13)), ("invoice", date(2026, 6, 2))):
        draft.book.add(
            "evidence",
            loan_id="L5091",
            transaction_id=keys["seed"],
            kind=kind,
            party="Golden Ear Breeding",
            amount=600 * WAN,
            date=when,
        )
