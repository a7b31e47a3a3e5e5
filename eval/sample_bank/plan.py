"""What a fictional firm intends: sales, margins, days, debt. `simulation` turns a plan into statements that agree.

Amounts are in the plan's `scale` (万元, thousands of dollars). A plan says everything but cash, which is what is left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

D = Decimal

TYPICAL: dict[str, Decimal] = {
    "gross_margin": D("0.21"), "surtax": D("0.006"), "selling": D("0.035"), "admin": D("0.05"), "rnd": D("0.03"),
    "interest_rate": D("0.045"), "deposit_rate": D("0.006"), "tax_rate": D("0.25"), "minority": D(0), "vat": D("0.13"),
    "ar_days": D(75), "notes_days": D(8), "financing_days": D(5), "prepay_days": D(10), "other_receivable_days": D(8),
    "inventory_days": D(80), "other_current_days": D(4), "contract_asset_days": D(0), "ap_days": D(65), "np_days": D(18),
    "advance_days": D(9), "wage_days": D(5), "tax_days": D(4), "other_payable_days": D(9), "other_liability_days": D(1),
    "depreciation": D("0.10"), "amortization": D("0.05"), "restricted": D("0.5"), "bad_debt": D("0.002"),
    "write_down": D("0.002"), "labour": D("0.14"), "bank_charges": D("0.0004"),
}  # fmt: skip
"""Shares of revenue or cost, days of yearly revenue or cost, and yearly rates, until a plan says otherwise."""

SEASONS = (D("0.225"), D("0.25"), D("0.25"), D("0.275"))
"""A manufacturer's quarters: slow around the Spring Festival, busy at year end."""


def day(text: str) -> date:
    """An ISO date, short enough to read in a table."""
    return date.fromisoformat(text)


def year_of(year: int, sales: str, seasons: tuple[Decimal, ...] = SEASONS) -> dict[tuple[date, int], Decimal]:
    """A year's sales spread over its quarters."""
    ends = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
    return {(end, 3): D(sales) * share for end, share in zip(ends, seasons, strict=True)}


def quarters_of(year: int, *sales: str) -> dict[tuple[date, int], Decimal]:
    """Quarters of a year still running."""
    ends = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
    return {(end, 3): D(amount) for end, amount in zip(ends, sales, strict=False)}


@dataclass(slots=True, kw_only=True)
class Plan:
    """`opening` needs free_cash and whatever noncurrent assets and equity there are; undistributed profit is what balances it.
    Entries of `rates`, `debt` and `levels` hold from their date on; `adjust` and `one_off` count on their date alone.

    debt: (short term, part of long term due within a year, the rest of long term).
    levels: fixes a balance line. adjust: adds to a balance line. one_off: adds to an income line; `x_book_value_sold`,
    `x_intangibles_bought` and `x_deferred_asset` (current tax turned into a deferred asset) are understood too.
    spend: capital expenditure. lease: `principal` and `interest` paid per year. minority: share of profit."""

    currency: str
    scale: Decimal
    unit: Decimal
    start: date
    opening: Mapping[str, Decimal]
    sales: Mapping[tuple[date, int], Decimal]
    rates: Mapping[date, Mapping[str, Decimal]] = field(default_factory=dict)
    debt: Mapping[date, tuple[Decimal, Decimal, Decimal]] = field(default_factory=dict)
    levels: Mapping[date, Mapping[str, Decimal]] = field(default_factory=dict)
    adjust: Mapping[date, Mapping[str, Decimal]] = field(default_factory=dict)
    one_off: Mapping[date, Mapping[str, Decimal]] = field(default_factory=dict)
    spend: Mapping[date, Decimal] = field(default_factory=dict)
    dividends: Mapping[date, Decimal] = field(default_factory=dict)
    capital: Mapping[date, Decimal] = field(default_factory=dict)
    lease: Mapping[str, Decimal] = field(default_factory=dict)
    transfer: Decimal = Decimal("0.10")
    vat_free_share: Decimal = Decimal(0)


def decimals(**amounts: str) -> dict[str, Decimal]:
    """Named decimals from text."""
    return {name: D(amount) for name, amount in amounts.items()}
