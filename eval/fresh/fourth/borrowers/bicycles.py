"""C406 Velmont Bicycles: Dutch accounts in thousands of euros to 30 June; interest cover waived until the end of the year after a bad season."""

from __future__ import annotations

from datetime import date

from eval.fresh.fourth.house import file_agreement, file_call, keep_account, own, planned, reading, test, year
from eval.fresh.fourth.papers.agreements import english_agreement
from eval.fresh.fourth.papers.notes import Call
from eval.fresh.fourth.papers.word import letter
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.report import Company
from eval.sample_bank.plan import D, Plan, decimals
from eval.sample_bank.registers import enrol
from eval.sample_bank.simulation import simulate

J22, J23, J24, J25, J26 = (date(year_, 6, 30) for year_ in range(2022, 2027))
COVER = "Interest Cover: EBITDA for the financial year shall be no lower than four and a half times Interest Expense for that year, tested each 30 June."
GEARING = "Net Leverage: Net Debt on 30 June of each year shall stay at or under 2.00 times EBITDA for the financial year then ended, and at or under 1.75 times from 30 June 2027."
WORTH = (
    "Equity: total equity less goodwill and intangible assets shall never fall short of EUR 17,000,000, tested each 30 June."
)
WAIVER = (
    "At the Borrower's request of 3 July 2026 the Lender waives the Interest Cover test of 30 June 2026. The waiver ends on 31 December 2026. A fee of EUR 30,000 "
    "is payable within ten days, and no dividend may be paid while the waiver is in force."
)


def add(draft: Draft) -> dict[str, Ledger]:
    """Adds the borrower."""
    company = Company(
        id="C406", name="Velmont Bicycles B.V.", name_en="Velmont Bicycles B.V.", short="Velmont", registration="KVK-68120477",
        address="Rijwielkade 12, Nijmegen", address_en="Rijwielkade 12, Nijmegen", legal_representative="Joost van Elden", finance_head="Annelies Vos",
        accountant="Annelies Vos", signatory_en="Joost van Elden",
    )  # fmt: skip
    enrol(draft, company, "U32", "AW", type="corporate", industry_code="C3761", country_code="NL", incorporation_date=date(2011, 2, 14), enterprise_size="medium",
          internal_rating="BB-", aliases="Velmont;Velmont Bicycles;Velmont BV")  # fmt: skip
    ledger = _books(draft)
    flows = planned("8000000", "0.0590", date(2024, 3, 25), ["500000"] * 9 + ["0"], 6)
    term = Lent(
        id="L4061", customer="C406", kind="fixed_asset", purpose="frame painting plant in Nijmegen", amount=D(8_000_000), rate=D("0.0590"), start=date(2024, 3, 25),
        end=date(2029, 3, 25), repayment="balloon", frequency="semi_annually", flows=flows, currency="EUR", account="A4061",
        row={"product_name": "Term facility", "payment_control": "entrusted", "secured": True, "facility_id": "F406"},
    )  # fmt: skip
    trade = Lent(
        id="L4062", customer="C406", kind="trade", purpose="import of e-bike motors and batteries", amount=D(3_500_000), rate=D("0.0565"), start=date(2026, 6, 11),
        end=date(2026, 12, 8), repayment="bullet", frequency="at_maturity", currency="EUR", account="A4061",
        row={"product_name": "Trade loan", "payment_control": "entrusted", "secured": True, "limit_amount": D(4_000_000), "facility_id": "F406"},
    )  # fmt: skip
    draft.lend(term)
    draft.lend(trade)
    draft.book.add("collateral", loan_ids="L4062", type="inventory", description="E-bikes and components in the Nijmegen warehouse", value=D(5_200_000),
                   currency_code="EUR", value_date=date(2026, 6, 30), valuation_type="market", owner_id="C406", charge="pledge",
                   insurance_end_date=date(2027, 2, 28), lien_rank=1)  # fmt: skip
    draft.book.add("collateral", loan_ids="L4061", type="equipment", description="Painting plant, Nijmegen", value=D(4_100_000), currency_code="EUR",
                   value_date=date(2025, 5, 20), valuation_type="market", orig_value=D(8_600_000), owner_id="C406", charge="pledge",
                   insurance_end_date=date(2027, 2, 28), lien_rank=1)  # fmt: skip
    draft.book.add("guarantors", loan_ids="L4061;L4062", name="Joost van Elden", amount=D(1_500_000), currency_code="EUR", start_date=date(2024, 3, 25),
                   end_date=date(2029, 9, 25))  # fmt: skip
    draft.book.add("mitigants", loan_ids="L4062", kind="credit_insurance", provider="Rheinkredit Assurance", cover=D(2_800_000), cover_share=D("0.80"),
                   start_date=date(2026, 6, 1), end_date=date(2027, 5, 31), claim_deadline_days=60)  # fmt: skip
    agreement = english_agreement(
        company, "AW", "JCB-AW-2024-031", date(2024, 3, 18), title="Facilities Agreement",
        terms=["The Lender grants a term facility of EUR 8,000,000 and a trade facility of EUR 4,000,000.",
               "The term facility pays for a frame painting plant; each trade drawing pays for imports of motors and batteries and is repaid within 180 days.",
               "Interest runs at 5.90% a year on the term facility and 5.65% a year on trade drawings. Default interest is 2.00% above these rates.",
               "The term facility is repaid in nine half-yearly instalments of EUR 500,000 and a last one of EUR 3,500,000 on 25 March 2029.",
               "Security: a pledge of the painting plant and of stocks, and a personal guarantee of Mr Joost van Elden up to EUR 1,500,000."],
        definitions=["\"EBITDA\": profit before tax plus Interest Expense, depreciation and amortisation.", "\"Net Debt\": all borrowings less cash and cash equivalents."],
        tests=[(COVER, "V4061"), (GEARING, "V4062"), (WORTH, "V4063")],
        undertakings=[("The Borrower delivers audited accounts within 120 days after 30 June.", ""), ("Stocks stay insured for their replacement value.", ""),
                      ("The Borrower tells the Lender within five Business Days if it loses a customer that brought more than 15% of revenue.", "")],
        defaults=[("A payment is more than three Business Days late.", ""), ("Other financial debt above EUR 400,000 is not paid when due.", "")],
        law="the laws of the Netherlands",
    )  # fmt: skip
    path = file_agreement(draft, agreement, "Facilities_Agreement_2024-031.docx", date(2024, 3, 20))
    test(draft, agreement, path, "V4061", "Interest cover", "icr_ebitda", ">=", "4.5", basis="annual", frequency="annually", first_test_date=J24, due_days=120,
         facility_id="F406", status="waived", waived_until=date(2026, 12, 31))  # fmt: skip
    test(draft, agreement, path, "V4062", "Net leverage", "net_debt_to_ebitda", "<=", "2.0", threshold_steps="2027-06-30:1.75", basis="annual",
         frequency="annually", first_test_date=J24, due_days=120, facility_id="F406")  # fmt: skip
    test(draft, agreement, path, "V4063", "Tangible net worth", "tnw", ">=", "17000000", basis="point", currency_code="EUR", frequency="annually", first_test_date=J24,
         due_days=120, facility_id="F406")  # fmt: skip
    notes = ["1. Velmont Bicycles B.V. designs and sells electric and city bicycles. The financial year ends on 30 June.",
             "2. Stocks are stated at the lower of cost and net realisable value; a write-down was made on 2023 models."]  # fmt: skip
    for end, came in ((J25, date(2025, 10, 20)), (J26, date(2026, 10, 19))):
        year(draft, company, {"consolidated": ledger}, end, "european", "€ thousand", came, date(end.year, 10, 28), auditor="Brouwer Audit N.V.", notes=notes,
             places=0, name=f"Velmont_FY{end.year}_Accounts.xlsx", title=f"Annual accounts for the year ended 30 June {end.year}")  # fmt: skip
    waiver = draft.file(company, "Velmont_Waiver_2026-07-14.docx", "contract", "en", date(2026, 7, 15), layout="letter")
    text = [("p", "To: Velmont Bicycles B.V."), ("p", "Facilities Agreement JCB-AW-2024-031, section 3.01."), ("p", WAIVER), ("p", "Nothing else is changed."),
            ("p", "Jichuan Bank Co., Ltd., Alder Bay Branch, 14 July 2026")]  # fmt: skip
    draft.writer(waiver, lambda target: letter("Waiver", "Jichuan Bank", date(2026, 7, 14), text, target, english=True))
    file_call(draft, Call(
        company=company, day=date(2026, 9, 9), who=["Priya Raman", "Ingrid Solberg"], met="Annelies Vos, finance director", where="Nijmegen warehouse",
        seen=["The painting plant worked four days a week.", "About 2,300 finished e-bikes stood in the hall, most of them 2024 models."],
        checked=["Stock list 6,140 frames, counted 5,980.", "The order book for spring 2027 stands at EUR 9.4 million against EUR 13.1 million a year before."],
        told=["Dealers still sit on old stock.", "We will repay the trade loan from the December dealer payments."], pledge="Pledged stock is slow moving.",
        view="Recovery is a year away. Repayment of L4062 on 8 December depends on dealers paying in time.",
        next=["Dealer payment list by 20 November.", "Stock ageing report by 31 October."],
    ), "english_mail", "Mail_Velmont_2026-09-09.eml", "Velmont Bicycles, September visit")  # fmt: skip
    keep_account(draft, company, ["L4061", "L4062"], "A4061", opening="1500000", target="700000", monthly={"2025-11": "2100000", "2026-05": "1800000"}, wages="310000",
                 taxes="60000", power="40000", buyers=("Fietsplein Groep", "Radwerk Handels GmbH", "Velocentre SARL"),
                 suppliers=("Torvik Drive Systems", "Lithium Cell Europe"), english=True, currency="EUR")  # fmt: skip
    reading(
        draft,
        company,
        "order_backlog",
        "EUR",
        "order book",
        {"2024-10": "12600000", "2026-04": "10200000", "!2025-09": "13100000", "!2026-09": "9400000"},
    )
    own(draft, company, "Joost van Elden", "0.85")
    return {"C406": ledger}


def _books(draft: Draft) -> Ledger:
    plan = Plan(
        currency="EUR", scale=D(1000), unit=D(1000), start=J22,
        opening=decimals(free_cash="1700", ppe_net="7400", intangible_assets="1300", goodwill="600", share_capital="2000", capital_surplus="3600"),
        sales={(J23, 12): D(36800), (J24, 12): D(38900), (J25, 12): D(33100), (J26, 12): D(28400)},
        rates={J22: decimals(vat="0", surtax="0", np_days="0", notes_days="0", financing_days="0", bank_charges="0", gross_margin="0.298", selling="0.118", admin="0.072", rnd="0.022",
                             ar_days="46", inventory_days="108", ap_days="58", interest_rate="0.054", tax_rate="0.25", depreciation="0.09", write_down="0.004"),
               J25: decimals(gross_margin="0.281", inventory_days="131"), J26: decimals(gross_margin="0.262", inventory_days="152", write_down="0.012")},
        debt={J22: (D(2100), D(0), D(1500)), J23: (D(2400), D(0), D(2200)), J24: (D(2800), D(1000), D(6500)), J25: (D(3400), D(1000), D(5500)), J26: (D(4600), D(1000), D(4500))},
        spend={J23: D(800), J24: D(7300), J25: D(700), J26: D(260)}, dividends={J23: D(900), J24: D(900)}, transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("C406", "books"))
