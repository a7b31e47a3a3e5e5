"""Examples that others published, worked by our code: level payments, interest parts, day counts, concentration, distress."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.vectors import fact
from tools.domain.concentration import concentration
from tools.domain.daycounts import cents, year_fraction
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.instalments import annuity_payment
from tools.domain.loans import LoanTerms
from tools.domain.money import shown
from tools.domain.schedules import build_schedule
from tools.rulebook.loader import load_rulebook

D = Decimal
END = date(2025, 12, 31)
NUMPY_TABLE = [
    ("200.58", "17.17"), ("201.96", "15.79"), ("203.35", "14.40"), ("204.74", "13.01"), ("206.15", "11.60"), ("207.56", "10.18"),
    ("208.99", "8.76"), ("210.42", "7.32"), ("211.87", "5.88"), ("213.32", "4.42"), ("214.79", "2.96"), ("216.26", "1.49"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("principal", "rate", "months", "payment"),
    [
        (10_000, "0.08", 10, "1037.03"),  # Microsoft Excel help, PMT
        (200_000, "0.075", 180, "1854.02"),  # numpy-financial documentation, pmt
    ],
)
def test_level_payments_of_spreadsheet_manuals(principal: int, rate: str, months: int, payment: str) -> None:
    assert cents(annuity_payment(D(principal), D(rate) / 12, months)) == D(payment)


def test_the_first_months_interest_of_the_spreadsheet_manual() -> None:
    """Microsoft Excel help, IPMT: 8,000 over three years at 10 %."""
    terms = LoanTerms("L", "B", "USD", D(8000), D("0.10"), date(2026, 1, 1), date(2029, 1, 1), "equal_instalment", "monthly")
    assert build_schedule(terms).instalments[0].interest == D("66.67")


def test_a_years_amortisation_table_of_a_library_manual() -> None:
    """numpy-financial documentation, ipmt: 2,500 over a year at 8.24 %, interest 112.98 in all. The manual never rounds an instalment;
    we round each to the cent, so that a part may differ by a cent, and the last instalment absorbs what is left."""
    terms = LoanTerms("L", "B", "USD", D(2500), D("0.0824"), date(2026, 1, 1), date(2027, 1, 1), "equal_instalment", "monthly")
    rows = build_schedule(terms).instalments
    for row, (principal, interest) in zip(rows, NUMPY_TABLE, strict=True):
        assert abs(row.principal - D(principal)) <= D("0.02") and abs(row.interest - D(interest)) <= D("0.01")
    assert sum(row.principal for row in rows) == 2500
    assert abs(sum(row.interest for row in rows) - D("112.98")) <= D("0.01")


@pytest.mark.parametrize(
    ("start", "end", "fraction"),
    [
        (date(2003, 11, 1), date(2004, 5, 1), "0.497724380567"),
        (date(1999, 2, 1), date(1999, 7, 1), "0.410958904110"),
        (date(1999, 7, 1), date(2000, 7, 1), "1.001377348604"),
        (date(2002, 8, 15), date(2003, 7, 15), "0.915068493151"),
        (date(2003, 7, 15), date(2004, 1, 15), "0.504004790778"),
    ],
)
def test_actual_actual_as_in_isdas_paper(start: date, end: date, fraction: str) -> None:
    """ISDA, The Actual/Actual Day Count Fraction (1999): the ISDA method's column."""
    assert shown(year_fraction(start, end, "act_act").decimal(), 12) == fraction


def test_days_of_a_textbook() -> None:
    """Tuckman and Serrat, Fixed Income Securities, on day counts: 1 June to 15 August is 75 days, and 74 by 30/360."""
    start, end = date(2010, 6, 1), date(2010, 8, 15)
    assert year_fraction(start, end, "act_360") == (75, 360)
    assert year_fraction(start, end, "std_30_360") == (74, 360)


@pytest.mark.parametrize(
    ("shares", "hhi"),
    [
        ((30, 30, 20, 20), 2600),  # U.S. Department of Justice, Herfindahl-Hirschman Index
        ((30, 20, 15, 15, 10, 10), 1950),  # an examination question of six firms
        ((32, 25, 19, 9, 8, 7), 2204),  # another, of six firms
    ],
)
def test_concentration_of_published_markets(shares: tuple[int, ...], hhi: int) -> None:
    found = concentration([(str(place), D(share)) for place, share in enumerate(shares)])
    assert found is not None and found.hhi * 10_000 == hhi


def test_a_published_z_score() -> None:
    """A textbook exercise: X1 0.34, X2 0.15, X3 0, X4 0.80, X5 1.6 give 2.70."""
    values = {"total_current_assets": 44, "total_current_liabilities": 10, "surplus_reserve": 0, "undistributed_profit": 15, "total_assets": 100,
              "total_liabilities": 50, "market_cap": 40}  # fmt: skip
    facts = [fact(item, value, END) for item, value in values.items()]
    facts += [
        fact(item, value, END, 12) for item, value in (("revenue", 160), ("profit_before_tax", 0), ("interest_expense", 0))
    ]
    found = Evaluator(load_rulebook(), FactBook(facts, standard="CAS")).figure("altman_z", END)
    assert found.value is not None and shown(found.value, 2) == "2.70"
