"""C010 Huayue International Holdings: an English-reporting holding that loses money, so that its leverage has no meaning and must still fail."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.agreements import english_facility
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.contract import Clause
from eval.sample_bank.papers.report import Company, Note, Period
from eval.sample_bank.papers.visit_note import VisitNote
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.registers import bureau, covenant, enrol
from eval.sample_bank.reporting import annual, interim
from eval.sample_bank.simulation import simulate
from eval.sample_bank.stories import Expected, Question, Story
from eval.sample_bank.tills import run_account
from eval.sample_bank.truth import Reckoner, rounded

WAN = Decimal(10000)
Y24, Y25, H26 = date(2024, 12, 31), date(2025, 12, 31), date(2026, 6, 30)
LEVERAGE = (
    "The Borrower shall ensure that the ratio of Total Debt to EBITDA for each Relevant Period shall not exceed 6.00:1, tested on each 30 June and "
    "31 December by reference to the consolidated accounts."
)
WORTH = "Tangible Net Worth shall at all times be not less than RMB 70,000,000."


def add(draft: Draft) -> None:
    """Adds the borrower."""
    company = Company(
        id="C010", name="华岳国际控股有限公司", name_en="Huayue International Holdings Limited", short="华岳国际", registration="HK2810457",
        address="香港九龙观塘海滨道88号", address_en="Unit 1806, 88 Hoi Bun Road, Kwun Tong, Hong Kong", legal_representative="Yeung Wah Ngok",
        finance_head="Catherine Lau", accountant="Simon Tse", signatory_en="Yeung Wah Ngok",
    )  # fmt: skip
    enrol(
        draft, company, "S003", "B02", type="corporate", industry_code="L7212", country_code="HK", incorporation_date=date(2014, 3, 12),
        enterprise_size="medium", internal_rating="B+", aliases="华岳国际;华岳;Huayue;Huayue Holdings", in_financial_difficulty=False,
    )  # fmt: skip
    ledger = _books(draft)
    kept = (
        Lent(
            id="L025", customer="C010", kind="working_capital", purpose="支付附属公司展馆租金及运营费用", amount=2500 * WAN, rate=D("0.0520"),
            start=date(2026, 2, 11), end=date(2027, 2, 11), repayment="interest_only", frequency="quarterly", account="A010",
            row={"product_name": "Revolving loan", "payment_control": "self", "secured": False, "limit_amount": 3000 * WAN, "facility_id": "F025"},
        ),
        Lent(
            id="L026", customer="C010", kind="commercial_mortgage", purpose="购置北川会展中心办公楼", amount=3000 * WAN, rate=D("0.0495"), start=date(2022, 11, 8),
            end=date(2032, 11, 8), repayment="equal_instalment", frequency="monthly", account="A010",
            row={"product_name": "Commercial mortgage", "payment_control": "entrusted", "secured": True, "facility_id": "F026"},
        ),
    )  # fmt: skip
    for lent in kept:
        draft.lend(lent)
    draft.book.add(
        "collateral", loan_ids="L026", type="real_estate", description="北川会展中心办公楼4至6层", value=3100 * WAN, currency_code="CNY", value_date=date(2024, 10, 22),
        valuation_type="market", orig_value=4600 * WAN, owner_id="C010", charge="抵押", insurance_end_date=date(2026, 11, 8), lien_rank=1,
    )  # fmt: skip
    facility = english_facility(
        company, kept[0], "JHB-RF-2026-0205", date(2026, 2, 5), facility="a revolving loan facility", amount=3000 * WAN,
        purpose="rents and running costs of the exhibition halls of its subsidiaries", security="The Facility is unsecured.",
        clauses=[Clause(LEVERAGE, "CV1001"), Clause(WORTH, "CV1002")], law="Hong Kong", governing_law="the laws of Hong Kong",
        rate_terms="being a margin of 2.10 per cent. over one-year LPR at the date of this Agreement",
    )  # fmt: skip
    path = draft.contract(facility, "Revolving_Facility_Agreement_2026-02-05.pdf", date(2026, 2, 6))
    shared = {"facility_id": "F025", "source_document": path, "scope": "consolidated", "frequency": "semi_annually"}
    covenant(draft, "CV1001", "Leverage", definition=LEVERAGE, metric="debt_to_ebitda", operator="<=", threshold="6.0", basis="ltm", first_test_date=Y25,
             due_days=120, source_page=facility.pages["CV1001"], **shared)  # fmt: skip
    covenant(draft, "CV1002", "Tangible Net Worth", definition=WORTH, metric="tnw", operator=">=", threshold="70000000", currency_code="CNY", basis="point",
             first_test_date=Y25, due_days=120, source_page=facility.pages["CV1002"], **shared)  # fmt: skip
    whole = {"consolidated": ledger}
    auditor = "Lok Fung CPA Limited"
    names = {2024: date(2025, 4, 25), 2025: date(2026, 4, 24)}
    files = [
        annual(
            draft, company, whole, year, "international", "RMB'000", received, auditor=auditor, notes=_notes(ledger, date(year, 12, 31)),
            name=f"Huayue_International_Annual_Report_{year}.pdf", title=f"Annual Report {year}",
        )
        for year, received in names.items()
    ]  # fmt: skip
    half = interim(
        draft, company, whole, H26, "international", "RMB'000", date(2026, 8, 27), due=date(2026, 8, 29), name="Huayue_International_Interim_Report_2026.pdf",
        title="Interim Report 2026",
    )  # fmt: skip
    visit = VisitNote(
        company=company, language="en", day=date(2026, 9, 3), hour="11:00", place="Beichuan Exhibition Centre", visitors=("Emma Hartley", "Zhao Minyi"),
        met="Ms Catherine Lau, chief financial officer", purpose="Interim loss; outlook for the second half",
        seen=["Two of the four halls closed, the other two set up for a local trade fair.", "Office floors 4 to 6 (our collateral): floor 5 vacant."],
        checked=["Booking sheet: 38 exhibition days contracted for Q4, against 71 a year ago."],
        said=["\"We expect to break even in 2027.\"", "\"The shareholders will lend HKD 20 million if needed.\""],
        differences=["No shareholder loan agreement could be shown."], collateral="Office floors in fair order, one of three vacant; last valuation October 2024.",
        view="Operating losses continue and EBITDA is negative; covenant breached. Ask for a funded plan before any further drawing.",
        follow_ups=["Shareholder support letter by 30 September.", "New valuation by 31 October."],
    )  # fmt: skip
    note = draft.note(visit, "Site_visit_note_2026-09-03.pdf", date(2026, 9, 4))
    run_account(
        draft, company, ledger, ["L025", "L026"], opening="4800000", target="3400000", wages="900000", taxes="120000", power="260000", share="0.42", words="en",
        buyers=("Beichuan Trade Fairs Ltd", "Eastline Events Co.", "Municipal Convention Office"), suppliers=("Hall Property Management Co.", "StageCraft Services"),
    )  # fmt: skip
    bureau(draft, company, date(2026, 9, 30), other_bank_count=2, other_bank_balance=4100 * WAN, other_bank_overdue=D(0), max_overdue_days=0,
           guarantee_balance=D(0), enquiries_6m=4, limits_total=7800 * WAN, new_lenders_3m=1)  # fmt: skip
    for name, relation, share in (
        ("Yeung Wah Ngok", "actual_controller", D("0.58")),
        ("Beichuan Exhibition Operations Ltd", "subsidiary", D("0.80")),
    ):
        draft.book.add("relations", customer_id="C010", related_name=name, relation=relation, share=share)
    _story(draft, ledger, (files[1], half, note))


def _books(draft: Draft) -> Ledger:
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY", scale=D(1000), unit=D(1000), start=start,
        opening=decimals(
            free_cash="46000", ppe_net="118000", construction_in_progress="0", right_of_use_assets="22000", intangible_assets="9000", goodwill="31000",
            investment_property="42000", long_term_equity_investments="18000", share_capital="120000", capital_surplus="86000", lease_liabilities="19000",
            minority_interest="11000",
        ),
        sales={(day("2023-12-31"), 12): D(168000), (Y24, 12): D(142000), **year_of(2025, "104000"), **quarters_of(2026, "19000", "21000")},
        rates={
            start: decimals(gross_margin="0.30", selling="0.09", admin="0.15", rnd="0", surtax="0.004", vat="0", tax_rate="0.165", np_days="0", notes_days="0",
                            financing_days="0", inventory_days="12", ar_days="58", depreciation="0.07", minority="0.08", bank_charges="0", labour="0.2"),
            Y24: decimals(gross_margin="0.21", admin="0.17"),
            day("2025-03-31"): decimals(gross_margin="0.08", admin="0.21", selling="0.10", bad_debt="0.02", tax_rate="0"),
            day("2026-03-31"): decimals(gross_margin="0.05", admin="0.24", selling="0.11"),
        },
        debt={start: (D(22000), D(6000), D(58000)), Y24: (D(26000), D(7000), D(52000)), Y25: (D(30000), D(7000), D(45000)), H26: (D(41000), D(7000), D(41500))},
        spend={day("2023-12-31"): D(5000), Y24: D(2400), Y25: D(900), H26: D(300)}, one_off={Y24: decimals(investment_income="1200")},
        lease=decimals(principal="4000", interest="700"), transfer=D(0),
    )  # fmt: skip
    return simulate(plan, draft.chance("C010", "books"))


def _notes(ledger: Ledger, end: date) -> tuple[Note, ...]:
    before = end.replace(year=end.year - 1)
    points: tuple[Period, ...] = ((end, 0), (before, 0))
    current = tuple(ledger.balances[d].get("current_portion_lt_debt", 0) for d, _ in points)
    lease = tuple(
        ledger.balances[d]["current_portion_noncurrent_liabilities"] - c for (d, _), c in zip(points, current, strict=True)
    )
    debt = tuple(ledger.balances[d]["short_term_borrowings"] for d, _ in points)
    long = tuple(ledger.balances[d]["long_term_borrowings"] for d, _ in points)
    heads = (str(end.year), str(before.year))
    return (
        Note(title="1. General information", text=(
            "The Company is incorporated in Hong Kong with limited liability. The Group operates exhibition halls and holds offices for rental in the Chinese "
            "mainland. These consolidated financial statements are presented in Renminbi and all values are rounded to the nearest thousand (RMB'000).",)),
        Note(title="22. Bank and other borrowings", rows=(
            ("Bank loans repayable on demand or within one year", "", debt), ("Current portion of long-term bank loans", "current_portion_lt_debt", current),
            ("Current portion of lease liabilities", "", lease), ("Bank loans repayable after one year", "", long)), columns=heads, periods=points),
        Note(title="30. Going concern", text=(
            f"The Group incurred a loss for the year ended 31 December {end.year}. The directors consider that, taking account of banking facilities and expected "
            "shareholder support, the Group has adequate resources to continue in operation for the next twelve months.",)),
    )  # fmt: skip


def _story(draft: Draft, ledger: Ledger, papers: tuple[str, str, str]) -> None:
    reckon = Reckoner(ledger)
    ebitda, debt, year = reckon.ebitda(H26), reckon.total_debt(H26), reckon.ebitda(Y25)
    naive = debt / ebitda
    draft.stories.append(Story(
        borrower="C010", slug="negative-ebitda", title_zh="EBITDA为负，杠杆约束必须判为突破", title_en="Negative EBITDA: the leverage covenant must fail",
        what_zh=f"英文（IFRS）合并报表，千元人民币。LTM EBITDA为{ebitda / 10000:,.2f}万元，机械相除得{rounded(naive, 2)}倍“不高于6.00倍”会误判合格；应判为突破、比率无意义。"
        "半年末有形净资产仍满足。抵押物估值已超过12个月。",
        what_en=f"English IFRS accounts in RMB'000. LTM EBITDA is {ebitda / 1000000:,.2f}m; a naive {rounded(naive, 2)}x <= 6.00x would pass. The ratio is not meaningful and the "
        "covenant breached. Tangible net worth still passes. The collateral was last valued more than twelve months ago.",
        signals={"COV-01": "hit R", "FIN-03": "hit R", "FIN-01": "hit O", "FIN-09": "hit O", "COL-03": "hit Y", "DOC-01": "clear"},
        covenants={"CV1001": "breach (not_meaningful: EBITDA <= 0)", "CV1002": f"compliant {rounded(reckon.ratio('tnw', H26), 0)}"},
        loans={"L025": {"balance": "25000000.00", "dpd": 0}, "L026": {"balance": str(draft.loans['L026'].balance), "dpd": 0}},
        figures=(
            Expected(name="debt_to_ebitda", period_end="2026-06-30", value="", status="not_meaningful", basis="ltm"),
            Expected(name="ebitda", period_end="2026-06-30", value=rounded(ebitda, 2), unit="currency", basis="ltm"),
            Expected(name="ebitda", period_end="2025-12-31", value=rounded(year, 2), unit="currency", basis="fy"),
            Expected(name="tnw", period_end="2026-06-30", value=rounded(reckon.ratio("tnw", H26), 2), unit="currency"),
        ),
        questions=(
            Question(kind="covenant", zh="华岳国际的杠杆约束达标吗？", en="Does Huayue meet its leverage covenant?",
                     answer_zh=f"未达标：LTM EBITDA为负（{ebitda / 10000:,.2f}万元），比率无意义，按最差处理，判为突破。",
                     answer_en=f"No: LTM EBITDA is negative ({ebitda / 1000000:,.2f}m), so the ratio is not meaningful and counts as breached.",
                     must=("负|negative", "突破|未达标|breach"), documents=(papers[1],)),
            Question(kind="figure", zh="华岳国际2025年亏损多少？", en="How large was Huayue's loss for 2025?",
                     answer_zh=f"{-reckon.flow('net_profit', Y25, 12) / 10000:,.2f}万元。", answer_en=f"RMB {-reckon.flow('net_profit', Y25, 12) / 1000000:,.2f} million.",
                     must=(f"{-reckon.flow('net_profit', Y25, 12) / 1000:,.0f}|{-reckon.flow('net_profit', Y25, 12) / 10000:,.2f}|{-reckon.flow('net_profit', Y25, 12) / 1000000:,.2f}|{-reckon.flow('net_profit', Y25, 12) / 1000000:,.3f}",),
                     documents=(papers[0],)),
            Question(kind="notes", zh="华岳的展馆开了几个？", en="How many of Huayue's halls were open at the last visit?",
                     answer_zh="四个展馆开放两个（2026年9月3日）。", answer_en="Two of four (3 September 2026).", must=("two|2|两|二",), documents=(papers[2],)),
        ),
    ))  # fmt: skip
