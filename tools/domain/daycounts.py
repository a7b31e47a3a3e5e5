"""Day counts: what part of a year lies between two dates.

The start date counts, the end date does not. A fraction is a pair of integers so that interest is one exact product and
one division, and a half cent rounds the way it does on paper.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tools.domain.loans import DayCount
from tools.domain.money import CENT


class YearFraction(NamedTuple):
    """`numerator / denominator` of a year."""

    numerator: int
    denominator: int

    def decimal(self) -> Decimal:
        """The fraction as a Decimal of the context's precision."""
        return Decimal(self.numerator) / Decimal(self.denominator)


def year_fraction(start: date, end: date, day_count: DayCount) -> YearFraction:
    """Part of a year from `start` (counted) to `end` (not counted). Raises ValueError when `end` is before `start`.

    act_act splits at the turn of the year (ISDA); std_30_360 is the bond basis (ISDA 2006 4.16(f)).
    """
    if end < start:
        raise ValueError(f"a period cannot end ({end}) before it starts ({start})")
    if day_count == "act_360":
        return YearFraction((end - start).days, 360)
    if day_count == "act_365":
        return YearFraction((end - start).days, 365)
    if day_count == "std_30_360":
        first = min(start.day, 30)
        last = 30 if end.day == 31 and first == 30 else end.day
        days = 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
        return YearFraction(days, 360)
    if day_count == "act_act":
        return _act_act(start, end)
    raise ValueError(f"unknown day count {day_count!r}")


def interest(principal: Decimal, rate: Decimal, fraction: YearFraction) -> Decimal:
    """Interest on `principal` at the annual `rate`, unrounded."""
    return principal * rate * fraction.numerator / fraction.denominator


def cents(value: Decimal) -> Decimal:
    """Rounded half up to two places, as every instalment is."""
    return value.quantize(CENT, ROUND_HALF_UP)


def _act_act(start: date, end: date) -> YearFraction:
    common = leap = 0
    day = start
    while day < end:
        stop = min(end, date(day.year + 1, 1, 1))
        if date(day.year, 12, 31).timetuple().tm_yday == 366:
            leap += (stop - day).days
        else:
            common += (stop - day).days
        day = stop
    return YearFraction(common * 366 + leap * 365, 365 * 366)
