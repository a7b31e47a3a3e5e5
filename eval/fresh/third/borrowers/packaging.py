"""KH09 Ridgeway Packaging: American accounts in Word, a fixed-charge test waived to year end, a certificate that flatters leverage."""

from __future__ import annotations

from datetime import date, timedelta

from eval.fresh.third.house import (
    H25,
    H26,
    Y23,
    Y24,
    Y25,
    file_accounts,
    file_deed,
    file_visit,
    keep_account,
    lend,
    stepped,
    test,
)
from eval.fresh.third.papers.accounts import Accounts
from eval.fresh.third.papers.deeds import english_deed
from eval.fresh.third.papers.notes import Visit
from eval.fresh.third.papers.word import words
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import covenant, enrol
from eval.sample_bank.simulation import simulate

LEVERAGE = "Debt must not exceed 3.50 times EBITDA at the end of any June or December."
CHARGES = "EBITDA less capital expenditure and income tax must be at least 1.15 times the sum of scheduled principal and interest, tested each June and December."
LIQUID = "The Company must have cash and cash equivalents of not less than $3,000,000 at the end of any June or December."
PAPERS = "Audited accounts within 105 days of 31 December and half-year accounts, each with a compliance certificate, within 50 days of 30 June."
WAIVER = (
    "At the Company's request the Bank waives the fixed charge test for the test dates falling on or before 31 December 2026. "
    "In return the Company pays a waiver fee of $45,000 and makes no dividend before 30 June 2027."
)


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="KH09", name="Ridgeway Packaging, Inc.", name_en="Ridgeway Packaging, Inc.", short="Ridgeway Packaging", registration="OH-4471920",
        address="1200 Mill Creek Drive, Dayton, Ohio", address_en="1200 Mill Creek Drive, Dayton, Ohio", legal_representative="Walter Simms",
        finance_head="Nora Petrakis", accountant="Nora Petrakis", signatory_en="Walter Simms",
    )  # fmt: skip
    enrol(draft, company, "E03", "YG", type="corporate", industry_code="C2231", country_code="US", incorporation_date=date(1994, 1, 12), enterprise_size="medium",
          internal_rating="BB", aliases="Ridgeway;Ridgeway Packaging;RPI")  # fmt: skip
    ledger = _books(draft)
    term = Lent(
        id="JK0901", customer="KH09", kind="fixed_asset", purpose="two corrugator lines", amount=D(16_000_000), rate=D("0.0675"), start=date(2024, 9, 16),
        end=date(2029, 9, 16), repayment="balloon", frequency="quarterly", flows=stepped("16000000", "0.0675", date(2024, 9, 16), ["500000"] * 19 + ["0"], 3),
        currency="USD", account="A0901", delays={}, row={"product_name": "Term loan", "payment_control": "entrusted", "secured": True, "facility_id": "SX09"},
    )  # fmt: skip
    revolver = Lent(
        id="JK0902", customer="KH09", kind="working_capital", purpose="paper rolls and inks", amount=D(3_800_000), rate=D("0.0660"), start=date(2026, 2, 10),
        end=date(2027, 2, 10), repayment="interest_only", frequency="quarterly", currency="USD", account="A0901",
        row={"product_name": "Revolver", "payment_control": "self", "secured": True, "limit_amount": D(4_000_000), "facility_id": "SX09"},
    )  # fmt: skip
    lend(draft, term, revolver)
    draft.book.add("collateral", loan_ids="JK0901;JK0902", type="equipment", description="Corrugator lines A and B, Dayton", value=D(13_200_000), currency_code="USD",
                   value_date=date(2025, 6, 12), valuation_type="liquidation", orig_value=D(19_000_000), owner_id="KH09", charge="first lien",
                   insurance_end_date=date(2027, 1, 31), lien_rank=1)  # fmt: skip
    deed = english_deed(
        company, "YG", "YXB/YG/FL/24-088", date(2024, 9, 9), title="Facility Letter", money="A term loan of $16,000,000 and a revolving credit of $4,000,000.",
        purpose="The term loan pays for two corrugator lines; the revolving credit buys paper rolls and inks.",
        rate="6.75% a year on the term loan and 6.60% a year on the revolving credit. Late amounts bear 3.00% more.",
        repayment="Nineteen quarterly instalments of $500,000 and the balance of $6,500,000 on 16 September 2029; drawings on the revolving credit within one year.",
        security="A first lien on corrugator lines A and B.", tests=[(LEVERAGE, "YD0901"), (CHARGES, "YD0902"), (LIQUID, "YD0903")],
        duties=[(PAPERS, "YD0904"), ("The Company must not pay a dividend while Debt exceeds 3.25 times EBITDA.", "")],
        defaults=[("Non-payment for three business days, breach of Part C not remedied in thirty days, or insolvency.", ""),
                  ("Default by the Company on other debt of $1,000,000 or more.", "YD0905")], law="the laws of Ohio",
    )  # fmt: skip
    path = file_deed(draft, deed, "Facility_Letter_24-088.docx", date(2024, 9, 11))
    for number, name, metric, operator, limit, more in (
        ("YD0901", "Leverage", "debt_to_ebitda", "<=", "3.5", {}),
        ("YD0902", "Fixed charge cover", "fccr", ">=", "1.15", {"status": "waived", "waived_until": date(2026, 12, 31)}),
        ("YD0903", "Minimum cash", "cash_and_equivalents", ">=", "3000000", {"basis": "point", "currency_code": "USD"}),
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
            first_test_date=Y24,
            due_days=105,
            facility_id="SX09",
            **more,
        )
    covenant(draft, "YD0904", "Accounts and certificate", definition=PAPERS, type="reporting", frequency="semi_annually", first_test_date=Y24, due_days=50,
             facility_id="SX09", source_document=path)  # fmt: skip
    _papers(draft, company, ledger)
    file_visit(draft, Visit(
        company=company, day=date(2026, 8, 31), who="Grace Whitfield, Helena Brandt", met="Nora Petrakis, chief financial officer, and Walter Simms, president",
        seen=["Line A ran all day; line B stood for want of orders.", "The yard held about 400 rolls of linerboard."],
        checked=["Order intake January to August was $31.5 million, $36.9 million a year before.", "Linerboard is bought at $865 a ton under a contract ending in December."],
        told=["Line B will be full by spring.", "We count the revolver as trade finance, not as debt."], pledge="Valuation of June 2025 is more than a year old.",
        view="Leverage on our own count is over the limit once the revolver is in. Do not rely on the certificate.",
        next=["Revaluation of the lines by 31 October.", "Corrected certificate by 15 September."],
    ), "memo", "Memo_Ridgeway_2026-08-31.pdf")  # fmt: skip
    keep_account(draft, company, ["JK0901", "JK0902"], "A0901", opening="2300000", target="1200000", monthly={"2025-10": "3000000", "2026-03": "2400000"}, wages="610000",
                 taxes="70000", power="120000", buyers=("Great Lakes Grocers", "Buckeye Bottling Co.", "Parcelway Logistics"), suppliers=("Tri-County Linerboard", "Ohio Ink Works"),
                 english=True, currency="USD")  # fmt: skip
    draft.book.add("relations", customer_id="KH09", related_name="Walter Simms", relation="actual_controller", share=D("0.52"))
    draft.book.add("relations", customer_id="KH09", related_name="Buckeye Bottling Co.", relation="buyer", share=D("0.28"))
    return {"KH09": ledger}


def _papers(draft: Draft, company: Company, ledger: Ledger) -> None:
    notes = [
        "1. Ridgeway Packaging, Inc. makes corrugated boxes and trays. Amounts are in thousands of dollars and follow US GAAP.",
        "2. Long-term debt is a term loan repayable in quarterly instalments of $500 and a balloon in 2029.",
    ]
    books = {"consolidated": ledger}
    for end, came in ((Y24, date(2025, 4, 9)), (Y25, date(2026, 4, 14))):
        before = end.replace(year=end.year - 1)
        accounts = Accounts(
            company=company, title=f"Annual Report {end.year}", books=books, points=[end, before], flows=[(end, 12), (before, 12)], money="$ thousands", places=0,
            made_on=came - timedelta(days=10), auditor="Halvorsen & Pike LLP",
        )  # fmt: skip
        file_accounts(draft, accounts, "american", f"Ridgeway_FY{end.year}.docx", came, date(end.year + 1, 4, 15), notes)
    half = Accounts(
        company=company, title="Condensed Statements, June 30, 2026", books=books, points=[H26, Y25], flows=[(H26, 6), (H25, 6)], money="$ thousands", places=0,
        made_on=date(2026, 8, 12),
    )  # fmt: skip
    file_accounts(draft, half, "american", "Ridgeway_H1_2026.docx", date(2026, 8, 17), date(2026, 8, 19), notes)
    path = draft.file(company, "Ridgeway_Compliance_Certificate_June_2026.docx", "other", "en", date(2026, 8, 17), layout="certificate", period_end=H26,
                      due=date(2026, 8, 19), asked_as="compliance_certificate")  # fmt: skip
    rows = [["Test", "Requirement", "Our figure", "Met"], ["Debt to EBITDA", "not more than 3.50x", "2.90x", "Yes"],
            ["Fixed charge cover", "not less than 1.15x", "Waived", "-"], ["Cash", "not less than $3,000,000", "See accounts", "Yes"]]  # fmt: skip
    blocks = [("p", "To: Yunxiu Bank Co., Ltd., Yangang Branch"), ("p", "Facility Letter YXB/YG/FL/24-088, test date 30 June 2026."),
              ("p", "Drawings on the revolving credit are treated as trade finance and left out of Debt. No event of default is continuing."),
              ("p", "Nora Petrakis, Chief Financial Officer, 14 August 2026")]  # fmt: skip
    draft.writer(
        path,
        lambda target: words(
            "Compliance Certificate", "Nora Petrakis", date(2026, 8, 14), blocks, {2: rows}, target, "Calibri"
        ),
    )
    waiver = draft.file(company, "Waiver_Letter_2026-06-22.docx", "contract", "en", date(2026, 6, 23), layout="letter")
    text = [("p", "To: Ridgeway Packaging, Inc."), ("p", "Facility Letter YXB/YG/FL/24-088, condition C3."), ("p", WAIVER), ("p", "All other terms stay as they are."),
            ("p", "Yunxiu Bank Co., Ltd., Yangang Branch, 22 June 2026")]  # fmt: skip
    draft.writer(waiver, lambda target: words("Waiver Letter", "Yunxiu Bank", date(2026, 6, 22), text, {}, target, "Calibri"))


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="USD", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(free_cash="3100", ppe_net="21500", intangible_assets="1400", goodwill="2600", share_capital="800", capital_surplus="7400", deferred_tax_liabilities="600"),
        sales={(Y23, 12): D(58300), (Y24, 12): D(61400), **year_of(2025, "57900"), **quarters_of(2026, "12600", "12900")},
        rates={start: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.204", selling="0.045", admin="0.063",
                               rnd="0.006", ar_days="43", inventory_days="48", ap_days="41", interest_rate="0.066", tax_rate="0.24", depreciation="0.11"),
               day("2025-03-31"): decimals(gross_margin="0.169"), day("2026-03-31"): decimals(gross_margin="0.146")},
        debt={start: (D(2500), D(900), D(8300)), Y24: (D(2800), D(2000), D(17100)), Y25: (D(3200), D(2000), D(15300)), H26: (D(3800), D(2000), D(14300))},
        spend={Y23: D(2100), Y24: D(13600), Y25: D(1700), H26: D(450)}, dividends={Y23: D(600), Y24: D(600)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("KH09", "books"))
