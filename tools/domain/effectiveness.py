"""How good warnings were: of those warned how many fell, of those that fell how many were warned, and how long before.

A unit is one borrower at one month end while he stood; he falls when an event comes within the horizon. A month whose horizon is not
over and that has seen no event is undecided and counts for nothing. Without a unit of the needed kind a measure is None, never zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median, quantiles

from tools.domain.arithmetic import divide
from tools.domain.periods import add_months


@dataclass(frozen=True, slots=True)
class Confusion:
    """Units warned that fell, warned that did not, fell without a warning, and neither."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    true_negative: int = 0

    @property
    def precision(self) -> Decimal | None:
        """Share of the warned that fell."""
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> Decimal | None:
        """Share of the fallen that were warned."""
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> Decimal | None:
        """Harmonic mean of precision and recall, which is 2 TP / (2 TP + FP + FN)."""
        return _share(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)

    @property
    def false_alert_rate(self) -> Decimal | None:
        """Share of those that stood which were warned."""
        return _share(self.false_positive, self.false_positive + self.true_negative)


def _share(part: int, whole: int) -> Decimal | None:
    return divide(Decimal(part), Decimal(whole)) if whole else None


@dataclass(frozen=True, slots=True)
class Record:
    """What warnings were worth. `leads`: days from the first warning of a spell to the event, one per event that was warned of; `events`
    all that came to somebody who stood."""

    found: Confusion
    undecided: int
    events: int
    leads: tuple[int, ...]

    @property
    def median_lead(self) -> Decimal | None:
        """Middle of the leads, in days."""
        return Decimal(str(median(self.leads))) if self.leads else None

    @property
    def quarter_lead(self) -> Decimal | None:
        """A quarter of the events came sooner after the warning than this, in days; of fewer than two events, the only one."""
        if not self.leads:
            return None
        return Decimal(str(quantiles(self.leads, n=4, method="inclusive")[0] if len(self.leads) > 1 else self.leads[0]))


def measured(
    months: Sequence[date],
    standing: Mapping[date, Collection[str]],
    warned: Mapping[date, Collection[str]],
    events: Mapping[str, Collection[date]],
    as_of: date,
    horizon: int = 12,
) -> Record:
    """`standing`: month end → borrowers who had loans and had not fallen; `warned`: month end → borrowers with a warning; `events`:
    borrower → days on which he fell. `horizon` in months."""
    counts, undecided = [0, 0, 0, 0], 0
    for month in months:
        until = add_months(month, horizon)
        for borrower in standing.get(month, ()):
            fell = any(month < day <= min(until, as_of) for day in events.get(borrower, ()))
            if not fell and until > as_of:
                undecided += 1
                continue
            told = borrower in warned.get(month, ())
            counts[(0 if fell else 1) if told else (2 if fell else 3)] += 1
    first = [(borrower, day) for borrower, days in events.items() for day in days if _stood(borrower, day, months, standing)]
    leads = [lead for borrower, day in first if (lead := _lead(borrower, day, months, warned, horizon)) is not None]
    return Record(Confusion(*counts), undecided, len(first), tuple(sorted(leads)))


def _stood(borrower: str, day: date, months: Sequence[date], standing: Mapping[date, Collection[str]]) -> bool:
    before = [month for month in months if month < day]
    return bool(before) and borrower in standing.get(before[-1], ())


def _lead(borrower: str, day: date, months: Sequence[date], warned: Mapping[date, Collection[str]], horizon: int) -> int | None:
    """Days from the first month end of the unbroken spell of warnings before `day`, within the horizon."""
    began: date | None = None
    for month in reversed([m for m in months if add_months(day, -horizon) <= m < day]):
        if borrower not in warned.get(month, ()):
            break
        began = month
    return (day - began).days if began is not None else None
