"""How loans move between arrears buckets from month to month, and between risk categories from book to book.

Roll rate M(k)→M(k+1): the amount in M(k+1) now over the amount in M(k) a month ago; the flow to non-performing is the product of
the rates up to M4, where 91 days begin (handbook 5). The matrix follows each loan and weighs it with what it owed at the start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tools.domain.arithmetic import divide, multiply
from tools.domain.arrears import bucket
from tools.domain.loan_states_in_time import StateThen

ZERO, ONE = Decimal(0), Decimal(1)
BUCKETS = ("current", "M1", "M2", "M3", "M4")
UNKNOWN, GONE, NEW = "unknown", "repaid", "new"
OLDER = "M5+"


@dataclass(frozen=True, slots=True)
class Roll:
    """From one bucket to the next worse, between two month ends. `rate` None: nothing was in the bucket a month ago."""

    start: str
    end: str
    before: date
    after: date
    amount_before: Decimal
    amount_after: Decimal
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Rolls:
    """`steps` per month and bucket; `mean` of each step over the months that have it (weighted by amount); `flow` to
    non-performing, None with the name of the step that is not computable in `missing`."""

    steps: tuple[Roll, ...]
    mean: Mapping[str, Decimal | None]
    flow: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Loans and amount that went from `start` to `end`; `share` is of everything that started there."""

    start: str
    end: str
    loans: int
    amount: Decimal
    share: Decimal | None


def state_bucket(state: StateThen) -> str:
    """current, M1, M2, M3, M4 (91 to 120 days), M5+, repaid, new (not paid out yet) or unknown."""
    if not state.begun:
        return NEW
    if state.outstanding is None or state.dpd is None:
        return UNKNOWN
    if not state.outstanding and not state.dpd:
        return GONE
    name = bucket(state.dpd)
    return name if name in BUCKETS else OLDER


def roll_rates(states: Iterable[StateThen]) -> Rolls:
    """Over states of one currency at successive month ends."""
    sums: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for state in states:
        sums[state.day][state_bucket(state)] += state.outstanding or ZERO
    days = sorted(sums)
    steps: list[Roll] = []
    for before, after in pairwise(days):
        for start, end in pairwise(BUCKETS):
            was, now = sums[before][start], sums[after][end]
            steps.append(Roll(start, end, before, after, was, now, divide(now, was) if was else None))
    mean: dict[str, Decimal | None] = {}
    flow: Decimal | None = ONE
    missing: list[str] = []
    for start, end in pairwise(BUCKETS):
        told = [step for step in steps if step.start == start and step.rate is not None]
        base = sum((step.amount_before for step in told), ZERO)
        mean[f"{start}→{end}"] = divide(sum((step.amount_after for step in told), ZERO), base) if base else None
    for step, rate in mean.items():
        if rate is None:
            missing.append(step)
        elif flow is not None:
            flow = multiply(flow, rate)
    return Rolls(tuple(steps), mean, None if missing else flow, tuple(missing))


def moves(before: Mapping[str, tuple[str, Decimal]], after: Mapping[str, tuple[str, Decimal]]) -> list[Move]:
    """From (state, amount) of each loan then to its state now; a loan that is not there any more is repaid, one that was not there new.
    Amounts are those at the start, of a new loan those at the end."""
    loans: dict[tuple[str, str], int] = defaultdict(int)
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for loan in {*before, *after}:
        start, amount = before.get(loan, (NEW, ZERO))
        end, later = after.get(loan, (GONE, ZERO))
        loans[start, end] += 1
        amounts[start, end] += amount if loan in before else later
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for (start, _), amount in amounts.items():
        totals[start] += amount
    return [
        Move(start, end, loans[start, end], amounts[start, end], divide(amounts[start, end], totals[start]) if totals[start] else None)
        for start, end in sorted(loans)
    ]  # fmt: skip


def bucket_moves(before: Sequence[StateThen], after: Sequence[StateThen]) -> list[Move]:
    """`moves` between arrears buckets at two days; loans not paid out or repaid by then are not there."""

    def told(states: Sequence[StateThen]) -> dict[str, tuple[str, Decimal]]:
        named = {state.loan: (state_bucket(state), state.outstanding or ZERO) for state in states}
        return {loan: found for loan, found in named.items() if found[0] not in (GONE, NEW)}

    return moves(told(before), told(after))
