"""C507 Orrin Marine Coatings: IFRS reports of a company in renminbi; its gearing is close to the limit; fire cover on the pledge has run out."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.borrowers import plans
from eval.fresh.fifth.house import (
    H25,
    H26,
    WAN,
    Y24,
    Y25,
    file_deed,
    file_visit,
    keep_account,
    own,
    reading,
    statement,
    test,
)
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

SHARE = "Half-yearly, on 30 June and 31 December, total liabilities may take up 58 per cent of total assets and not a fraction more."
CURRENT = "Current assets shall be 110 per cent of current liabilities or above on each 30 June and 31 December."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C507",
        name="奥瑞船舶涂料（雀湾）有限公司",
        name_en="Orrin Marine Coatings (Wren Bay) Co., Ltd.",
        short="Orrin",
        registration=credit_code(draft.chance("C507", "code"), "360299"),
        address="雀湾市修船路15号",
        address_en="15 Shipyard Road, Wren Bay",
        legal_representative="Magnus Orrin",
        finance_head="Grace Tan",
        accountant="Grace Tan",
        signatory_en="Magnus Orrin",
    )
    enrol(
        draft,
        company,
        "P21",
        "QW",
        type="corporate",
        industry_code="C2641",
        incorporation_date=date(2012, 6, 25),
        enterprise_size="medium",
        internal_rating="BBB",
        aliases="Orrin;Orrin Marine;Orrin Coatings;奥瑞涂料;奥瑞",
    )
    ledger = plans.paints(draft)
    books = {"consolidated": ledger}
    resin = Lent(
        id="L5071",
        customer="C507",
        kind="working_capital",
        purpose="purchase of epoxy resin and copper oxide",
        amount=2800 * WAN,
        rate=D("0.0385"),
        start=date(2026, 5, 19),
        end=date(2027, 5, 19),
        repayment="interest_only",
        frequency="quarterly",
        account="A5071",
        row={"product_name": "Working capital loan", "payment_control": "self", "secured": False},
    )
    mill = Lent(
        id="L5072",
        customer="C507",
        kind="fixed_asset",
        purpose="bead mills and filling line",
        amount=3200 * WAN,
        rate=D("0.0415"),
        start=date(2024, 8, 8),
        end=date(2029, 8, 8),
        repayment="equal_principal",
        frequency="quarterly",
        account="A5071",
        row={"product_name": "Equipment loan", "payment_control": "entrusted", "secured": True},
    )
    draft.lend(resin)
    draft.lend(mill)
    draft.book.add(
        "collateral",
        loan_ids="L5072",
        type="equipment",
        description="Bead mills and filling line, Shipyard Road",
        value=2350 * WAN,
        currency_code="CNY",
        value_date=date(2025, 12, 18),
        valuation_type="cost",
        orig_value=3900 * WAN,
        owner_id="C507",
        charge="pledge",
        insurance_end_date=date(2026, 9, 15),
        lien_rank=1,
    )
    draft.book.add(
        "guarantors",
        loan_ids="L5071;L5072",
        name="Magnus Orrin",
        amount=6000 * WAN,
        currency_code="CNY",
        start_date=date(2024, 8, 8),
        end_date=date(2030, 8, 8),
    )
    deed = english_deed(
        company,
        "QW",
        "CMB-QW-2024-058",
        date(2024, 7, 31),
        title="Equipment Loan Agreement",
        parts=[
            (
                "The loan",
                [
                    (
                        "RMB 32,000,000 at 4.15% a year for bead mills and a filling line, repaid every quarter in twenty equal parts.",
                        "",
                    ),
                    ("Sums in arrears carry one and a half times the rate.", ""),
                ],
            ),
            (
                "Security",
                [
                    (
                        "A pledge of the equipment bought, insured against fire at all times, and the guarantee of Mr Magnus Orrin for RMB 60,000,000.",
                        "",
                    )
                ],
            ),
            ("Financial undertakings", [(SHARE, "K5071"), (CURRENT, "K5072")]),
            ("Reports", [("Audited annual report by 30 April; interim report by 31 August.", "")]),
            (
                "Other undertakings",
                [("The Borrower lends to no shareholder and pays no dividend above half of the year's profit.", "")],
            ),
            ("Default", [("Non-payment for ten days, or an untrue statement in a report.", "")]),
        ],
    )
    path = file_deed(draft, deed, "Equipment_Loan_Agreement_2024-058.pdf", date(2024, 8, 1))
    test(
        draft,
        deed,
        path,
        "K5071",
        "Liabilities to assets",
        "debt_to_assets",
        "<=",
        "0.58",
        basis="point",
        first_test_date=H25,
        loan_id="L5072",
    )
    test(
        draft,
        deed,
        path,
        "K5072",
        "Current ratio",
        "current_ratio",
        ">=",
        "1.10",
        basis="point",
        first_test_date=H25,
        loan_id="L5072",
    )
    notes = [
        "Orrin makes antifouling and anticorrosive coatings for ships.",
        "Bank loans bear fixed interest. Amounts are rounded to thousands of renminbi.",
    ]
    for end, came in ((Y24, date(2025, 4, 11)), (Y25, date(2026, 4, 17))):
        statement(
            draft,
            company,
            books,
            end,
            "international",
            "RMB'000",
            came,
            date(end.year + 1, 4, 30),
            auditor="Seabright CPA Limited",
            notes=notes,
            places=0,
            name=f"Orrin_Annual_Report_{end.year}.pdf",
            title=f"Annual report for the year ended 31 December {end.year}",
        )
    statement(
        draft,
        company,
        books,
        H26,
        "international",
        "RMB'000",
        date(2026, 8, 20),
        date(2026, 8, 31),
        months=6,
        notes=notes,
        places=0,
        name="Orrin_Interim_2026.pdf",
        title="Interim report for the six months ended 30 June 2026",
    )
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 9, 29),
            who=["骆青阳", "Tobias Lindqvist"],
            met="Grace Tan, finance manager",
            where="Shipyard Road plant",
            seen=["Three bead mills ran, one was under repair.", "Drums for two shipyards were ready for dispatch."],
            checked=[
                "The fire policy on the pledged equipment ended on 15 September 2026 and has not been renewed.",
                "Receivables older than 180 days: RMB 11.6 million.",
            ],
            told=["Our insurer asks for a sprinkler system first.", "Two yards pay only after delivery of the ship."],
            view="Gearing leaves little room; insist on the insurance before any new drawing.",
            next=["New fire policy by 10 November 2026.", "Ageing list of receivables by 20 November 2026."],
        ),
        "markdown",
        "Orrin_visit_2026-09-29.md",
    )
    keys = keep_account(
        draft,
        company,
        ["L5071", "L5072"],
        "A5071",
        opening="8400000",
        target="5100000",
        monthly={"2025-11": "14900000", "2026-05": "13600000"},
        wages="1720000",
        taxes="390000",
        power="240000",
        buyers=("Wren Bay Shipyard", "Northern Dockyard Group", "Blue Harbour Yachts"),
        suppliers=("Sanmar Resin Trading", "Copperline Chemicals"),
        english=True,
        moves=(
            Move(
                day=date(2026, 5, 18),
                way="out",
                amount=520 * WAN,
                party="Copperline Chemicals",
                memo="Balance of April",
                time="16:00",
            ),
            Move(
                day=date(2026, 5, 20),
                way="out",
                amount=1700 * WAN,
                party="Sanmar Resin Trading",
                memo="Epoxy resin",
                time="09:50",
                key="resin",
            ),
            Move(
                day=date(2026, 5, 21),
                way="out",
                amount=600 * WAN,
                party="Copperline Chemicals",
                memo="Copper oxide",
                time="11:15",
                key="copper",
            ),
        ),
        ends={(2026, 4): "4000000"},
    )
    for kind, when in (("contract", date(2026, 5, 11)), ("invoice", date(2026, 6, 5))):
        draft.book.add(
            "evidence",
            loan_id="L5071",
            transaction_id=keys["resin"],
            kind=kind,
            party="Sanmar Resin Trading",
            amount=1700 * WAN,
            date=when,
        )
    for party in ("Sanmar Resin Trading", "Copperline Chemicals"):
        draft.book.add(
            "counterparties",
            name=party,
            kind="company",
            business_scope="wholesale of chemicals",
            registered_on=date(2010, 3, 16),
        )
    reading(draft, company, "export_customs_value", "USD", "customs", {"2024-10": "640000", "2026-01": "520000"})
    bureau(
        draft,
        company,
        date(2026, 9, 30),
        other_bank_count=2,
        other_bank_balance=3900 * WAN,
        other_bank_overdue=D(0),
        max_overdue_days=0,
        guarantee_balance=D(0),
        enquiries_6m=4,
        limits_total=5500 * WAN,
        new_lenders_3m=1,
    )
    own(draft, company, "Magnus Orrin", "0.55")
    return {"C507": ledger}
