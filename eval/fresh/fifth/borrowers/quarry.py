"""C506 Stonebeck Quarries: British accounts in thousands of pounds to 31 March; interest cover waived to the end of the year."""

from __future__ import annotations

from datetime import date

from eval.fresh.fifth.house import file_deed, file_visit, keep_account, own, reading, statement, test
from eval.fresh.fifth.papers.agreements import english_deed
from eval.fresh.fifth.papers.notes import Visit
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, decimals
from eval.sample_bank.registers import enrol
from eval.sample_bank.simulation import simulate

E22, E23, E24, E25, E26 = (date(year, 3, 31) for year in range(2022, 2027))
COVER = "Profit before interest and tax for each financial year shall be 3.25 times interest expense or better."
DEBT = "Borrowings at each 31 March shall not go beyond 3.40 times the EBITDA of the financial year ending that day; from 31 March 2028 the figure is 3.00."
WORTH = "Shareholders' funds after taking off intangible assets shall stay above or at £16,500,000 on each 31 March."
WAIVER = (
    "We agree not to test interest cover for the financial year ended 31 March 2026. This waiver lasts until 31 December 2026, is granted against a fee of £18,000, "
    "and gives no right to another."
)


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C506",
        name="Stonebeck Quarries Limited",
        name_en="Stonebeck Quarries Limited",
        short="Stonebeck",
        registration="GB-05518842",
        address="Beck Lane, Kirkby",
        address_en="Beck Lane, Kirkby",
        legal_representative="Edwin Thackray",
        finance_head="Moira Pell",
        accountant="Moira Pell",
        signatory_en="Edwin Thackray",
    )
    enrol(
        draft,
        company,
        "P22",
        "QW",
        type="corporate",
        industry_code="B1019",
        country_code="GB",
        incorporation_date=date(1987, 4, 13),
        enterprise_size="medium",
        internal_rating="BB-",
        aliases="Stonebeck;Stonebeck Quarries",
    )
    ledger = _books(draft)
    term = Lent(
        id="L5061",
        customer="C506",
        kind="fixed_asset",
        purpose="crushing plant at Beck Lane",
        amount=D(9_000_000),
        rate=D("0.0620"),
        start=date(2024, 2, 14),
        end=date(2029, 2, 14),
        repayment="equal_principal",
        frequency="semi_annually",
        currency="GBP",
        account="A5061",
        row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "F506"},
    )
    draft.lend(term)
    draft.book.add(
        "collateral",
        loan_ids="L5061",
        type="land",
        description="Quarry land and mineral rights, Kirkby",
        value=D(8_400_000),
        currency_code="GBP",
        value_date=date(2025, 10, 30),
        valuation_type="market",
        owner_id="C506",
        charge="legal charge",
        lien_rank=2,
    )
    draft.book.add(
        "guarantors",
        loan_ids="L5061",
        name="Edwin Thackray",
        amount=D(2_000_000),
        currency_code="GBP",
        start_date=date(2024, 2, 14),
        end_date=date(2029, 8, 14),
    )
    deed = english_deed(
        company,
        "QW",
        "CMB-QW-2024-006",
        date(2024, 2, 7),
        title="Facility Letter",
        parts=[
            (
                "Facility",
                [
                    (
                        "A term loan of £9,000,000 for a crushing plant at Beck Lane, repaid in ten equal half-yearly parts from 14 August 2024.",
                        "",
                    ),
                    ("Interest is fixed at 6.20% a year, with 2.50% more on late sums.", ""),
                ],
            ),
            (
                "Security",
                [
                    (
                        "A second legal charge over the quarry land and mineral rights at Kirkby, and a guarantee by Mr Edwin Thackray for £2,000,000.",
                        "",
                    )
                ],
            ),
            ("Tests", [(COVER, "K5061"), (DEBT, "K5062"), (WORTH, "K5063")]),
            ("Papers", [("Audited accounts within 150 days of each 31 March.", "")]),
            (
                "Undertakings",
                [
                    ("Planning conditions are kept and restoration bonds renewed.", ""),
                    ("The Borrower reports any fatal accident on the day it happens.", ""),
                ],
            ),
            ("Events of default", [("Any sum unpaid five days after it is due; winding-up; loss of the quarry permit.", "")]),
        ],
    )
    path = file_deed(draft, deed, "Facility_Letter_2024-006.docx", date(2024, 2, 8))
    annual: dict[str, Value] = {
        "basis": "annual",
        "frequency": "annually",
        "first_test_date": E25,
        "due_days": 150,
        "facility_id": "F506",
    }
    test(
        draft,
        deed,
        path,
        "K5061",
        "Interest cover",
        "icr_ebit",
        ">=",
        "3.25",
        **{**annual, "status": "waived", "waived_until": date(2026, 12, 31)},
    )
    test(
        draft,
        deed,
        path,
        "K5062",
        "Debt to EBITDA",
        "debt_to_ebitda",
        "<=",
        "3.4",
        **{**annual, "threshold_steps": "2028-03-31:3.0"},
    )
    test(
        draft,
        deed,
        path,
        "K5063",
        "Tangible net worth",
        "tnw",
        ">=",
        "16500000",
        **{**annual, "basis": "point", "currency_code": "GBP"},
    )
    notes = [
        "The company quarries limestone and sells aggregates. Its financial year ends on 31 March.",
        "Bank loans are secured on land and mineral rights.",
    ]
    for end, came in ((E25, date(2025, 8, 12)), (E26, date(2026, 8, 19))):
        statement(
            draft,
            company,
            {"consolidated": ledger},
            end,
            "sheet",
            "£ thousand",
            came,
            date(end.year, 8, 28),
            auditor="Hartley & Moss",
            notes=notes,
            places=0,
            name=f"Stonebeck_Accounts_March_{end.year}.xlsx",
            title=f"Annual accounts, year ended 31 March {end.year}",
        )
    waiver = draft.file(company, "Stonebeck_Waiver_2026-09-02.docx", "contract", "en", date(2026, 9, 3), layout="letter")
    text = [
        ("p", "Stonebeck Quarries Limited"),
        ("p", "Facility Letter CMB-QW-2024-006, test 3(a)."),
        ("p", WAIVER),
        ("p", "All other terms stay as they are."),
        ("p", "Cangming Bank Co., Ltd., Wren Bay Branch, 2 September 2026"),
    ]
    draft.writer(
        waiver, lambda target: letter("Letter of waiver", "Cangming Bank", date(2026, 9, 2), text, target, english=True)
    )
    file_visit(
        draft,
        Visit(
            company=company,
            day=date(2026, 10, 6),
            who=["Hannah Osei"],
            met="Moira Pell, finance director",
            where="Beck Lane quarry",
            seen=["The crushing plant ran throughout our visit.", "The south face is not being worked."],
            checked=[
                "Weighbridge tonnage for August: 41,300 t, down from 52,700 t a year ago.",
                "The restoration bond is valid to 31 May 2027.",
            ],
            told=["The motorway contract starts in January.", "We do not plan any new machinery this year."],
            view="Volumes should recover with the motorway contract; watch cash until then.",
            next=["Signed motorway contract by 30 November 2026."],
        ),
        "markdown",
        "Stonebeck_visit_2026-10-06.md",
    )
    keep_account(
        draft,
        company,
        ["L5061"],
        "A5061",
        opening="1900000",
        target="900000",
        monthly={"2025-11": "1650000", "2026-04": "1450000"},
        wages="330000",
        taxes="70000",
        power="95000",
        buyers=("Pennine Roads plc", "Kirkby Readymix", "Dale Builders Merchants"),
        suppliers=("Nordex Explosives", "Quarryfuel Ltd"),
        english=True,
        currency="GBP",
    )
    reading(
        draft,
        company,
        "electricity_kwh",
        "kWh",
        "meter",
        {"2024-10": "612000", "2026-04": "498000", "!2025-08": "618000", "!2026-08": "487000"},
    )
    own(draft, company, "Edwin Thackray", "0.90")
    return {"C506": ledger}


def _books(draft: Draft) -> Ledger:
    plan = Plan(
        currency="GBP",
        scale=D(1000),
        unit=D(1000),
        start=E22,
        opening=decimals(
            free_cash="1300", ppe_net="13900", intangible_assets="700", share_capital="2500", capital_surplus="4200"
        ),
        sales={(E23, 12): D(21800), (E24, 12): D(22600), (E25, 12): D(20900), (E26, 12): D(18200)},
        rates={
            E22: decimals(
                vat="0",
                surtax="0",
                np_days="0",
                notes_days="0",
                financing_days="0",
                bank_charges="0",
                gross_margin="0.262",
                selling="0.081",
                admin="0.069",
                rnd="0",
                ar_days="52",
                inventory_days="44",
                ap_days="49",
                interest_rate="0.058",
                tax_rate="0.25",
                depreciation="0.095",
            ),
            E25: decimals(gross_margin="0.236"),
            E26: decimals(gross_margin="0.201", ar_days="61"),
        },
        debt={
            E22: (D(900), D(0), D(1200)),
            E24: (D(1100), D(1800), D(7200)),
            E25: (D(1000), D(1800), D(5400)),
            E26: (D(1600), D(1800), D(3600)),
        },
        spend={E23: D(1100), E24: D(8600), E25: D(700), E26: D(400)},
        dividends={E23: D(700), E24: D(600)},
        transfer=D(0),
    )
    return simulate(plan, draft.chance("C506", "books"))
