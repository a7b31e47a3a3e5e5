"""A borrower's facts with what else is known of them: the accounting standard, doubtful statements, balances from the bank's own book.

What a statement's notes leave out the bank may know itself: guarantees its customers gave and what their shares are worth. Such a
value counts only where no document reports one, and carries its row.

Reading a borrower's facts costs more than the figures made of them, and several people look at the same borrower: his book is kept
until what it was made of changes (papers, corrections, mergers, the loan book, both clocks), so that it is never older than the store.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, Any

from tools.domain.book_evidence import evidence
from tools.domain.callers import Caller
from tools.domain.factbook import FactBook, Given
from tools.domain.facts import Fact, Row
from tools.domain.money import plain
from tools.domain.periods import Clocks

if TYPE_CHECKING:
    from tools.toolbox.desk import Desk

BookRow = Mapping[str, Any]
KEPT = 48
Key = tuple[Caller, str, str, date, datetime | None, str]


@dataclass
class FactBooks:
    """Books by caller, borrower and state of the store."""

    kept: OrderedDict[Key, FactBook] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, desk: Desk, borrower: str) -> FactBook:
        """The facts of `borrower` in force at the desk's clocks."""
        key = self._key(desk, borrower)
        with self._lock:
            if key is not None and key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        made = fact_book(desk, borrower, desk.store.facts.active(desk.caller, borrower, desk.clocks))
        # what came in between may be in the book already, and must not be taken for the state before
        if key is not None and key == self._key(desk, borrower):
            with self._lock:
                self.kept[key] = made
                while len(self.kept) > KEPT:
                    self.kept.popitem(last=False)
        return made

    def _key(self, desk: Desk, borrower: str) -> Key | None:
        """None for what must not be kept: a borrower the caller may not see now, and what a transaction has not committed."""
        seen = desk.store.borrowers.get(desk.caller, borrower)
        if seen is None or desk.store.database.current is not None:
            return None
        revision, newest = desk.store.facts.revision()
        # once the newest change is known, a later knowledge date changes nothing
        known_at = None if newest is None or desk.clocks.known_at >= newest else desk.clocks.known_at
        snapshot = desk.loan_book.snapshot(desk.clocks)
        made_of = (desk.store.borrowers.revision(), revision, snapshot.id if snapshot else "")
        return desk.caller, borrower, seen.id, desk.clocks.as_of, known_at, "/".join(made_of)


def fact_book(desk: Desk, borrower: str, facts: Sequence[Fact], papers: Clocks | None = None) -> FactBook:
    """The book of `facts`, as the loan book and the documents (those known at `papers`, else at the desk's clocks) tell more of them."""
    if not facts:
        return FactBook(facts)
    standard, doubtful = _told_by_documents(desk, borrower, {fact.id for fact in facts}, papers or desk.clocks)
    return FactBook(facts, standard=standard, doubtful=doubtful, given=_given(desk, borrower, facts, desk.clocks))


def _told_by_documents(desk: Desk, borrower: str, ids: set[str], clocks: Clocks) -> tuple[str | None, frozenset[str]]:
    """The standard the newest statement states, and facts that are part of an identity which does not hold."""
    standard: str | None = None
    doubtful: set[str] = set()
    listed = desk.store.documents.list(desk.caller, borrower, "statement", clocks)
    for document in sorted(listed, key=lambda one: (one.period_end or date.min, one.received_at), reverse=True):
        standard = standard or document.report.get("standard")
        for check in document.report.get("checks") or ():
            if check.get("status") == "failed":
                doubtful |= {_id(entry) for entry in check.get("facts") or ()} & ids
    return standard, frozenset(doubtful)


def _id(entry: Any) -> str:
    return str(entry.get("id")) if isinstance(entry, Mapping) else str(entry)


def _given(desk: Desk, borrower: str, facts: Sequence[Fact], clocks: Clocks) -> list[Given]:
    ends = sorted({fact.period.end for fact in facts if fact.period.end <= clocks.as_of})
    if not ends:
        return []
    currencies = {fact.currency for fact in facts if fact.currency}
    currency = currencies.pop() if len(currencies) == 1 else None
    found = _guarantees(desk.loan_book.rows(desk.caller, "relations", clocks, borrower=borrower), borrower, ends, currency)
    for row in desk.loan_book.rows(desk.caller, "customers", clocks, borrower=borrower, limit=1):
        if row.get("market_cap") is not None:
            # what shares are worth is worth today: it says nothing about older statements
            found.append(Given("market_cap", row["market_cap"], currency, ends[-1], evidence("customers", row)))
    return found


def _guarantees(rows: Sequence[BookRow], borrower: str, ends: Sequence[date], currency: str | None) -> list[Given]:
    """What the borrower guaranteed for others on each day its statements end."""
    given = [row for row in rows if row["relation"] == "guarantee_given" and row["amount"] is not None]
    found = []
    for end in ends:
        holding = [
            row for row in given
            if (row["start_date"] is None or row["start_date"] <= end) and (row["end_date"] is None or row["end_date"] >= end)
        ]  # fmt: skip
        if holding:
            total = sum((row["amount"] for row in holding), Decimal(0))
            found.append(Given("contingent_guarantees", total, currency, end, _together(holding, borrower, total)))
    return found


def _together(rows: Sequence[BookRow], borrower: str, total: Decimal) -> Row:
    """The row itself, or one that lists several."""
    if len(rows) == 1:
        return evidence("relations", rows[0])
    listed: dict[str, str | None] = {str(row["related_name"]): plain(row["amount"]) for row in rows}
    return Row("relations", f"{borrower}:guarantee_given", {"relation": "guarantee_given", **listed, "amount": plain(total)})
