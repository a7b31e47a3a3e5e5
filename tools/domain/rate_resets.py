"""The rates a floating loan bore and will bear: a base-rate series plus the loan's spread, set anew on its repricing dates.

A path counts only when it is proven: at the book's date it must give the base rate and the rate the book states. What lies beyond the
newest base rate is expected at that rate, and marked so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tools.domain.loans import LoanTerms, RateReset
from tools.domain.periods import add_months

Anchor = Literal["anniversary", "january"]
Points = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class Index:
    """A base-rate series for loans of a currency and a term of up to `up_to_months` (None: any longer one)."""

    currency: str
    series: str
    up_to_months: int | None


@dataclass(frozen=True, slots=True)
class Repricing:
    """See the head of rulebook/conventions/repricing.yaml."""

    every_months: int
    anchor: Anchor
    lag_days: int
    indices: tuple[Index, ...]
    units: Mapping[str, Decimal]

    def dates(self, start: date, end: date) -> list[date]:
        """The start and every repricing date before `end`."""
        found = [start]
        for number in range(1, 12 * 100 // self.every_months):
            day = (
                add_months(start, number * self.every_months) if self.anchor == "anniversary" else self._january(start, number)
            )
            if day >= end:
                break
            found.append(day)
        return found

    def _january(self, start: date, number: int) -> date:
        return add_months(date(start.year, 1, 1), 12 if number == 1 else 12 + (number - 1) * self.every_months)


@dataclass(frozen=True, slots=True)
class ProvenPath:
    """`resets` from the start on (or, when `partial`, from the first repricing the series covers), equal rates in a row once. `expected_from`:
    the first repricing whose base rate is not published yet."""

    series: str
    spread: Decimal
    resets: tuple[RateReset, ...]
    partial: bool
    expected_from: date | None

    def on(self, day: date) -> Decimal | None:
        """The rate on a day, None before the path begins."""
        begun = [reset for reset in self.resets if reset.from_date <= day]
        return begun[-1].rate if begun else None


def proven_path(
    terms: LoanTerms,
    base_rate: Decimal | None,
    spread: Decimal | None,
    series: Mapping[str, Points],
    rule: Repricing,
    stated_on: date,
    as_of: date,
) -> ProvenPath | None:
    """The path of a floating loan, None when no index proves it. `stated_on`: the date of the book that states the loan's rate."""
    if spread is None:
        spread = None if base_rate is None else terms.rate - base_rate
    if spread is None or terms.rate_type != "variable":
        return None
    dates = rule.dates(terms.start_date, terms.end_date)
    for index in _by_fit(rule.indices, terms):
        points = sorted(series.get(index.series, ()))
        lag = timedelta(days=rule.lag_days)
        stated = _newest(points, max(day for day in dates if day <= max(stated_on, terms.start_date)) - lag)
        if stated is None or stated + spread != terms.rate or base_rate not in (None, stated):
            continue
        based = [(day, _newest(points, min(day - lag, as_of))) for day in dates]
        resets: list[RateReset] = []
        for day, base in based:
            if base is not None and (not resets or resets[-1].rate != base + spread):
                resets.append(RateReset(day, base + spread, expected=day > as_of))
        ahead = [day for day in dates if day > as_of]
        return ProvenPath(index.series, spread, tuple(resets), based[0][1] is None, ahead[0] if ahead else None)
    return None


def _by_fit(indices: Sequence[Index], terms: LoanTerms) -> list[Index]:
    """Indices of the loan's currency, the one for its term first."""
    own = [index for index in indices if index.currency == terms.currency]
    fits = [i for i in own if i.up_to_months is None or terms.end_date <= add_months(terms.start_date, i.up_to_months)]
    return [*fits, *(index for index in own if index not in fits)]


def _newest(points: Points, day: date) -> Decimal | None:
    place = bisect_right(points, (day, Decimal("Infinity")))
    return points[place - 1][1] if place else None
