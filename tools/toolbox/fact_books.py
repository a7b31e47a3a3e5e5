"""A borrower's facts with what else is known of them: the accounting standard, doubtful statements, balances from the bank's own book.

What a statement's notes leave out the bank may know itself: guarantees its customers gave and what their shares are worth. Such a
value counts only where no document reports one, and carries its row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tools.domain.book_evidence import evidence
from tools.domain.factbook import FactBook, Given
from tools.domain.facts import Fact, Row
from tools.domain.money import plain
from tools.domain.periods import Clocks

if TYPE_CHECKING:
    from tools.toolbox.desk import Desk

BookRow = Mapping[str, Any]


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
