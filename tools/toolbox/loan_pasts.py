"""What earlier books say of a loan that changed: the rates it bore and the schedule that held before it was extended or restructured.

A core system hands over how a loan stands. That a floating rate was another one, or a due date lay earlier, only the older snapshots
still know; arrears of a replaced schedule stay arrears.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tools.domain.loan_rows import flows_of, terms_of
from tools.domain.loan_views import LoanInput, Predecessor
from tools.domain.loans import RateReset
from tools.domain.periods import Clocks

if TYPE_CHECKING:
    from tools.store.snapshots import Snapshot
    from tools.toolbox.desk import Desk

BookRow = Mapping[str, Any]
SCHEDULE = (
    "end_date",
    "repayment_type",
    "repayment_frequency",
    "first_payment_date",
    "interest_frequency",
    "restructured_date",
)
"""Columns whose change means another schedule."""


@dataclass(frozen=True, slots=True)
class Before:
    """How a loan stood in an older book: its row and its flows, and the book it was replaced in."""

    row: BookRow
    flows: tuple[BookRow, ...]
    until: date


@dataclass(frozen=True, slots=True)
class LoanPast:
    """`resets`: the rates it bore, from its start on. `before`: the schedule that held last before the present one."""

    resets: tuple[RateReset, ...] = ()
    before: Before | None = None


def loan_pasts(desk: Desk, loans: Iterable[BookRow]) -> dict[str, LoanPast]:
    """The past of every loan that may have one: floating, restructured or extended. Nothing is read when none is."""
    wanted = {str(row["id"]): row for row in loans if _may_have_changed(row)}
    older = _older(desk) if wanted else []
    if not older:
        return {}
    seen: dict[str, list[tuple[Snapshot, BookRow]]] = defaultdict(list)
    for snapshot in older:
        clocks = Clocks(desk.clocks.as_of, snapshot.known_from)
        for row in desk.loan_book.rows(desk.caller, "loans", clocks, where={"id": sorted(wanted)}):
            seen[str(row["id"])].append((snapshot, row))
    newest = desk.loan_book.snapshot(desk.clocks)
    assert newest is not None
    return {
        id: LoanPast(_resets(row, seen[id], newest.book_date), _before(desk, row, seen[id], newest.book_date))
        for id, row in wanted.items()
        if seen[id]
    }


def with_past(loan: LoanInput, past: LoanPast | None) -> LoanInput:
    """The loan as handed over, with what older books add. A replaced schedule's flows are not the present one's; what is made from
    the terms begins with what was left on the day of the change."""
    if past is None:
        return loan
    loan = replace(loan, resets=past.resets or loan.resets)
    before = past.before
    if before is None:
        return loan
    terms = terms_of(before.row)
    earlier = Predecessor(terms, before.until, flows_of(before.flows))
    known = {str(row["id"]) for row in before.flows}
    fresh = tuple(flow for flow in loan.flows if flow.id not in known)
    flows = tuple(flow for flow in fresh or loan.flows if flow.payment_date >= before.until)
    left: Decimal | None = before.row["balance"]
    if left:
        loan = replace(loan, terms=replace(loan.terms, principal=left, start_date=before.until, first_payment_date=None))
    return replace(loan, flows=flows, predecessors=(*loan.predecessors, earlier))


def _may_have_changed(row: BookRow) -> bool:
    return row["rate_type"] == "variable" or row["restructured_date"] is not None or bool(row["extension_count"])


def _older(desk: Desk) -> list[Snapshot]:
    """Books known at the desk's clocks before the one in use, oldest first."""
    now = desk.loan_book.snapshot(desk.clocks)
    known = [one for one in desk.loan_book.snapshots.all() if one.known_from <= desk.clocks.known_at]
    return [one for one in known if now is not None and (one.known_from, one.position) < (now.known_from, now.position)]


def _resets(row: BookRow, seen: Sequence[tuple[Snapshot, BookRow]], today: date) -> tuple[RateReset, ...]:
    if row["rate_type"] != "variable":
        return ()
    path: list[RateReset] = [RateReset(row["start_date"], seen[0][1]["rate"], stated_on=seen[0][0].book_date)]
    for day, rate in [(snapshot.book_date, old["rate"]) for snapshot, old in seen[1:]] + [(today, row["rate"])]:
        if rate != path[-1].rate:
            path.append(RateReset(max(day, row["start_date"]), rate, stated_on=day))
    return tuple(path)


def _before(desk: Desk, row: BookRow, seen: Sequence[tuple[Snapshot, BookRow]], today: date) -> Before | None:
    """The newest older book in which the loan's schedule was another, and the day from which the present one holds."""
    changed = [(snapshot, old) for snapshot, old in seen if any(old[name] != row[name] for name in SCHEDULE)]
    if not changed:
        return None
    snapshot, old = changed[-1]
    since = [
        later.book_date for later, _ in seen if (later.known_from, later.position) > (snapshot.known_from, snapshot.position)
    ]
    until = row["restructured_date"] or min(since, default=today)
    if until <= old["start_date"]:
        return None
    clocks = Clocks(desk.clocks.as_of, snapshot.known_from)
    flows = desk.loan_book.rows(
        desk.caller, "loan_cash_flows", clocks, borrower=str(old["_borrower"]), where={"loan_id": row["id"]}
    )
    return Before(old, tuple(flows), until)
