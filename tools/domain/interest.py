"""Interest over a period in which the balance and the rate may move.

The period is cut at every prepayment, drawing and rate reset; each piece runs at its own balance and rate.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tools.domain.daycounts import YearFraction, year_fraction
from tools.domain.instalments import ZERO
from tools.domain.loans import DayCount, LoanTerms, RateReset
from tools.domain.payment_dates import PaymentPeriod


class RatePath:
    """The annual rate in force on each day: the loan's rate before the first reset."""

    def __init__(self, rate: Decimal, resets: Iterable[RateReset] = ()) -> None:
        ordered = sorted(resets, key=lambda reset: reset.from_date)
        self.days = [reset.from_date for reset in ordered]
        self._rates = [rate, *(reset.rate for reset in ordered)]

    def on(self, day: date) -> Decimal:
        """Rate of the night that starts on `day`."""
        return self._rates[bisect_right(self.days, day)]


class BalancePath:
    """Principal outstanding after each change; a change counts from its own day on."""

    def __init__(self, opening: Decimal, changes: Iterable[tuple[date, Decimal]] = ()) -> None:
        self.days: list[date] = []
        self._balances = [opening]
        for day, change in sorted(changes):
            if self.days and self.days[-1] == day:
                self._balances[-1] += change
            else:
                self.days.append(day)
                self._balances.append(self._balances[-1] + change)

    def on(self, day: date) -> Decimal:
        """Balance of the night that starts on `day`, never below zero."""
        return max(self._balances[bisect_right(self.days, day)], ZERO)

    def weight(self, start: date, end: date) -> Decimal:
        """Balance times nights over [start, end): what interest is proportional to."""
        return sum((self.on(a) * (b - a).days for a, b in cut(start, end, self.days)), ZERO)


def cut(start: date, end: date, *days: Sequence[date]) -> list[tuple[date, date]]:
    """[start, end) in pieces, cut at every one of the sorted `days` inside."""
    inside = {day for series in days for day in series[bisect_right(series, start) : bisect_left(series, end)]}
    points = [start, *sorted(inside), end]
    return list(pairwise(points))


def period_interest(
    period: PaymentPeriod, balances: BalancePath, rates: RatePath, day_count: DayCount | None, fallback: DayCount = "act_360"
) -> Decimal:
    """Interest of one period, unrounded. Without a day count whole months count as months / 12, other periods by `fallback`."""
    total = ZERO
    for start, end in cut(period.start, period.end, balances.days, rates.days):
        fraction = piece_fraction(period, start, end, day_count, fallback)
        total += balances.on(start) * rates.on(start) * fraction.numerator / fraction.denominator
    return total


def period_rate(period: PaymentPeriod, rate: Decimal, day_count: DayCount | None, fallback: DayCount = "act_360") -> Decimal:
    """The annual `rate` as the rate of this one period."""
    fraction = piece_fraction(period, period.start, period.end, day_count, fallback)
    return rate * fraction.numerator / fraction.denominator


def piece_fraction(
    period: PaymentPeriod, start: date, end: date, day_count: DayCount | None, fallback: DayCount
) -> YearFraction:
    """Part of a year that [start, end) is inside `period`; pieces of a whole month share it by days."""
    if day_count is None and period.months is not None:
        return YearFraction(period.months * (end - start).days, 12 * (period.end - period.start).days)
    return year_fraction(start, end, day_count or fallback)


def convention(terms: LoanTerms) -> DayCount | None:
    """The loan's day count: as contracted, else months / 12 (None) for the equal types and ACT/360 for the others."""
    if terms.day_count is not None:
        return terms.day_count
    return None if terms.repayment_type in ("equal_instalment", "equal_principal") else "act_360"
