"""Vintages: of what was lent in one quarter, how much had ever been 30 or 90 days past due after so many months on book.

Handbook 5: cumulative 30+ or 90+ amount by months on book over the disbursed amount of the cohort. A loan counts with what it owed
when it first reached the threshold. A cohort's curve ends where its youngest loan's history ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.arithmetic import divide
from tools.domain.loan_states_in_time import StateThen

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Vintage:
    """One cohort ("2025Q1"). `curve` maps months on book to the cumulative share (0 to 1). `unknown` loans have no history."""

    cohort: str
    disbursed: Decimal
    loans: int
    threshold: int
    curve: Mapping[int, Decimal]
    unknown: int


def cohort_of(day: date) -> str:
    """The quarter a loan was paid out in."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def vintages(
    loans: Mapping[str, tuple[date, Decimal]], states: Iterable[StateThen], threshold: int, as_of: date
) -> list[Vintage]:
    """`loans`: id → (start date, disbursed), all in one currency; `states` of their month ends, in any order."""
    first: dict[str, tuple[int, Decimal]] = {}
    unknown: set[str] = set()
    for state in sorted(states, key=lambda s: (s.loan, s.day)):
        if state.loan not in loans or not state.begun or state.loan in first:
            continue
        if state.dpd is None or state.outstanding is None:
            unknown.add(state.loan)
        elif state.dpd > threshold - 1:
            first[state.loan] = (months_between(loans[state.loan][0], state.day), state.outstanding)
    groups: dict[str, list[str]] = defaultdict(list)
    for loan, (start, _) in loans.items():
        groups[cohort_of(start)].append(loan)
    made = []
    for cohort, members in sorted(groups.items()):
        disbursed = sum((loans[one][1] for one in members), ZERO)
        length = min(months_between(loans[one][0], as_of) for one in members)
        curve: dict[int, Decimal] = {}
        for month in range(1, length + 1):
            reached = sum((first[one][1] for one in members if one in first and first[one][0] <= month), ZERO)
            curve[month] = divide(reached, disbursed) if disbursed else ZERO
        made.append(Vintage(cohort, disbursed, len(members), threshold, curve, len(unknown & set(members))))
    return made


def months_between(start: date, day: date) -> int:
    """Whole months on book at the end of `day`; a month begun counts from its end."""
    return max((day.year - start.year) * 12 + day.month - start.month, 0)
