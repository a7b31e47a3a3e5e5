"""C411 Lumenara Lighting: English reports of a company in renminbi; all conditions met; the use of its new loan is not evidenced yet."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import (
    H26,
    WAN,
    Y23,
    Y24,
    Y25,
    file_agreement,
    file_call,
    keep_account,
    own,
    part,
    reading,
    test,
    year,
)
from eval.fresh.fourth.papers.agreements import english_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.sample_bank.accounts import Move
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, enrol
from eval.sample_bank.registration import credit_code
from eval.sample_bank.simulation import simulate

SHARE = "Total liabilities shall at each half-year end amount to no more than 55% of total assets."
CASH = "Cash and cash equivalents shall at each half-year end amount to RMB 25,000,000 or more."
COVER = "EBITDA for the last twelve months shall cover interest expense at least five times, measured at each half-year end."


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C411", name="澜曜照明（艾湾）有限公司", name_en="Lumenara Lighting (Alder Bay) Limited", short="Lumenara",
        registration=credit_code(draft.chance("C411", "code"), "460899"), address="艾湾市光谷路20号", address_en="20 Guanggu Road, Alder Bay",
        legal_representative="Rowena Lim", finance_head="Theo Baxter", accountant="Theo Baxter", signatory_en="Rowena Lim",
    )  # fmt: skip
    enrol(draft, company, "U31", "AW", type="corporate", industry_code="C3872", incorporation_date=date(2013, 12, 2), enterprise_size="medium",
          internal_rating="BBB+", aliases="Lumenara;Lumenara Lighting;澜曜照明;澜曜")  # fmt: skip
    ledger = _books(draft)
    books = {"consolidated": ledger}
    chips = Lent(
        id="L4111", customer="C411", kind="working_capital", purpose="purchase of LED chips and drivers", amount=3000 * WAN, rate=D("0.0360"), start=date(2026, 5, 12),
        end=date(2027, 5, 12), repayment="interest_only", frequency="quarterly", account="A4111",
        row={"product_name": "Working capital loan", "payment_control": "self", "secured": True, "limit_amount": 5000 * WAN},
    )  # fmt: skip
    draft.lend(chips)
    draft.book.add("collateral", loan_ids="L4111", type="receivable", description="Receivables from Brightmart Retail and Northline Rail", value=4400 * WAN,
                   currency_code="CNY", value_date=date(2026, 6, 30), valuation_type="book", owner_id="C411", charge="pledge", lien_rank=1)  # fmt: skip
    agreement = english_agreement(
        company, "AW", "JCB-AW-2026-044", date(2026, 5, 6), title="Working Capital Loan Agreement",
        terms=["The Lender lends RMB 30,000,000 out of a limit of RMB 50,000,000 from 12 May 2026 to 12 May 2027.",
               "The loan pays for LED chips and drivers; the Borrower shall hand in invoices within 45 days after the drawing.",
               "Interest is 3.60% a year, paid every quarter; overdue sums bear one and a half times that rate.", "Principal is repaid in one sum on 12 May 2027.",
               "The loan is secured by a pledge of receivables from Brightmart Retail and Northline Rail."],
        definitions=["\"EBITDA\" means profit before tax with interest expense, depreciation and amortisation added back."],
        tests=[(SHARE, "V4111"), (CASH, "V4112"), (COVER, "V4113")],
        undertakings=[("Annual audited accounts reach the Lender by 30 April and half-year accounts by 31 August.", ""),
                      ("No new guarantee for third parties without the Lender's written consent.", "")],
        defaults=[("Non-payment for five Business Days.", ""), ("Other debt of RMB 5,000,000 or more falls overdue.", "")], law="the laws of the People's Republic of China",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "Working_Capital_Agreement_2026-044.pdf", date(2026, 5, 7))
    test(
        draft,
        agreement,
        path,
        "V4111",
        "Liabilities to assets",
        "debt_to_assets",
        "<=",
        "0.55",
        basis="point",
        first_test_date=H26,
        loan_id="L4111",
    )
    test(
        draft,
        agreement,
        path,
        "V4112",
        "Minimum cash",
        "cash_and_equivalents",
        ">=",
        "25000000",
        basis="point",
        currency_code="CNY",
        first_test_date=H26,
        loan_id="L4111",
    )
    test(draft, agreement, path, "V4113", "Interest cover", "icr_ebitda", ">=", "5.0", first_test_date=H26, loan_id="L4111")
    notes = [
        "1. The Company makes LED luminaires for shops and railways.",
        "2. Bank borrowings carry fixed interest. Amounts are rounded to thousands of renminbi.",
    ]
    for end, came in ((Y24, date(2025, 4, 18)), (Y25, date(2026, 4, 15))):
        year(draft, company, books, end, "interim", "RMB'000", came, date(end.year + 1, 4, 30), auditor="Castellan CPA Limited", notes=notes, places=0,
             name=f"Lumenara_Report_{end.year}.docx", title=f"Annual report {end.year}")  # fmt: skip
    part(draft, company, books, H26, "interim", "RMB'000", date(2026, 8, 19), date(2026, 8, 31), notes=notes, places=0, name="Lumenara_Interim_Report_2026.docx",
         title="Interim report for the six months to 30 June 2026")  # fmt: skip
    file_call(draft, Call(
        company=company, day=date(2026, 10, 22), who=["Oliver Marsh", "Ingrid Solberg"], met="Theo Baxter, finance director", where="Alder Bay plant",
        seen=["All four assembly lines ran on two shifts.", "A new test chamber was being fitted."],
        checked=["Order book RMB 86 million, up from RMB 71 million a year ago.", "Invoices for the May drawing were not ready."],
        told=["Northline Rail has given us a frame order for three years.", "We will send the chip invoices next week."],
        view="Good business; only the papers for the May drawing are missing.", next=["Invoices for L4111 by 6 November."],
    ), "english_mail", "Mail_Lumenara_2026-10-22.eml", "Lumenara, October visit")  # fmt: skip
    keys = keep_account(
        draft, company, ["L4111"], "A4111", opening="9800000", target="8200000", monthly="21500000", wages="3200000", taxes="700000", power="380000",
        buyers=("Brightmart Retail", "Northline Rail", "Harbour City Council"), suppliers=("Kyoei Chip Trading", "Delta Drivers Co."), english=True,
        moves=(Move(day=date(2026, 5, 13), way="out", amount=1900 * WAN, party="Kyoei Chip Trading", memo="LED chips", time="10:00", key="chips"),),
    )  # fmt: skip
    draft.book.add(
        "evidence",
        loan_id="L4111",
        transaction_id=keys["chips"],
        kind="contract",
        party="Kyoei Chip Trading",
        amount=1900 * WAN,
        date=date(2026, 5, 8),
    )
    draft.book.add(
        "counterparties",
        name="Kyoei Chip Trading",
        kind="company",
        business_scope="electronic components",
        registered_on=date(2006, 8, 30),
    )
    reading(
        draft,
        company,
        "order_backlog",
        "元",
        "order book",
        {"2024-10": "68000000", "2026-01": "82000000", "!2025-09": "71000000", "!2026-09": "86000000"},
    )
    bureau(draft, company, date(2026, 9, 30), other_bank_count=1, other_bank_balance=1500 * WAN, other_bank_overdue=D(0), max_overdue_days=0, guarantee_balance=D(0),
           enquiries_6m=2, limits_total=4000 * WAN, new_lenders_3m=0)  # fmt: skip
    own(draft, company, "Rowena Lim", "0.47")
    return {"C411": ledger}


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(free_cash="28000", ppe_net="61000", intangible_assets="9000", share_capital="50000", capital_surplus="22000"),
        sales={(Y23, 12): D(198000), (Y24, 12): D(221000), **year_of(2025, "247000"), **quarters_of(2026, "61000", "70500")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.288", selling="0.066", admin="0.058", rnd="0.047",
                               ar_days="68", inventory_days="61", ap_days="57", tax_rate="0.15", depreciation="0.11")},
        debt={start: (D(22000), D(0), D(0)), Y24: (D(25000), D(0), D(0)), Y25: (D(27000), D(0), D(0)), H26: (D(45000), D(0), D(0))},
        spend={Y23: D(9000), Y24: D(11000), Y25: D(14000), H26: D(8000)}, dividends={Y24: D(6000), Y25: D(8000)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("C411", "books"))
