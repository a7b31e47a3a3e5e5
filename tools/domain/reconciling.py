"""A statement of account against the bank's own book of the same account, movement by movement.

Matched one to one by direction and amount within a day; what is left over within the days both cover is a difference. A pair on
one day with one party and two amounts is named as such: that is what an altered statement looks like.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.account_lines import AccountLine, Direction

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BookMovement:
    """One row of the book's `account_transactions`."""

    id: str
    value_date: date
    direction: Direction
    amount: Decimal
    counterparty: str | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`first` to `last` are the days both sides cover; `altered` are pairs that agree in all but the amount."""

    first: date | None
    last: date | None
    matched: tuple[tuple[AccountLine, BookMovement], ...] = ()
    only_paper: tuple[AccountLine, ...] = ()
    only_book: tuple[BookMovement, ...] = ()
    altered: tuple[tuple[AccountLine, BookMovement], ...] = ()


@dataclass(slots=True)
class _Pool:
    """Book movements not matched yet, by side and amount."""

    by_amount: dict[tuple[str, Decimal], list[BookMovement]] = field(default_factory=lambda: defaultdict(list))

    def take(self, line: AccountLine, slack: timedelta) -> BookMovement | None:
        waiting = self.by_amount[(line.direction, line.amount)]
        near = [one for one in waiting if abs(one.value_date - line.value_date) <= slack]
        best = min(near, key=lambda one: (abs((one.value_date - line.value_date).days), one.value_date, one.id), default=None)
        if best is not None:
            waiting.remove(best)
        return best


Spell = tuple[date, date]
"""First and last day, both inclusive."""


def reconcile(
    lines: Sequence[AccountLine], book: Sequence[BookMovement], *, covered: Sequence[Spell] = (), known_to: date | None = None
) -> Reconciliation:
    """`lines` without duplicates. `covered` are the periods the statements cover (else their first to last line); `known_to` is the last
    day the book is complete for (else its last movement). Days that no statement covers are not compared."""
    if not lines or not book:
        return Reconciliation(None, None)
    spells = list(covered) or [(min(line.value_date for line in lines), max(line.value_date for line in lines))]
    began, ended = min(one.value_date for one in book), known_to or max(one.value_date for one in book)
    spells = [(max(start, began), min(end, ended)) for start, end in spells if start <= ended and end >= began]
    if not spells:
        return Reconciliation(None, None)
    first, last = min(start for start, _ in spells), max(end for _, end in spells)

    def compared(day: date) -> bool:
        return any(start <= day <= end for start, end in spells)

    pool = _Pool()
    for one in book:
        pool.by_amount[(one.direction, one.amount)].append(one)
    matched: list[tuple[AccountLine, BookMovement]] = []
    left = list(lines)
    for slack in (timedelta(0), DAY):  # same day first, so that twins of one amount pair with their own day
        rest = []
        for line in left:
            found = pool.take(line, slack)
            if found is None:
                rest.append(line)
            else:
                matched.append((line, found))
        left = rest
    paper = [line for line in left if compared(line.value_date)]
    others = sorted(
        (one for waiting in pool.by_amount.values() for one in waiting if compared(one.value_date)),
        key=lambda one: (one.value_date, one.id),
    )
    altered = _altered(paper, others)
    taken = {line.id for line, _ in altered}, {one.id for _, one in altered}
    return Reconciliation(
        first, last, tuple(matched), tuple(line for line in paper if line.id not in taken[0]),
        tuple(one for one in others if one.id not in taken[1]), tuple(altered),
    )  # fmt: skip


def _altered(lines: Sequence[AccountLine], book: Sequence[BookMovement]) -> list[tuple[AccountLine, BookMovement]]:
    pairs: list[tuple[AccountLine, BookMovement]] = []
    used: set[str] = set()
    for line in lines:
        for one in book:
            same = one.direction == line.direction and abs(one.value_date - line.value_date) <= DAY
            named = (
                bool(one.counterparty)
                and bool(line.counterparty_name)
                and _bare(one.counterparty) == _bare(line.counterparty_name)
            )
            if same and named and one.id not in used:
                pairs.append((line, one))
                used.add(one.id)
                break
    return pairs


def _bare(name: str | None) -> str:
    return "".join(sign for sign in (name or "").casefold() if sign.isalnum())
