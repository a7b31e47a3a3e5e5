"""The caller's whole portfolio as columns, kept between questions until the facts in force change.

Reading ten thousand borrowers' facts takes seconds, a figure over them milliseconds: the table is worth keeping, and what it was
made from (papers, corrections, mergers, the loan book, both clocks) is its key, so that it is never older than the store.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from tools.domain.callers import Caller
from tools.domain.definitions import Rulebook
from tools.domain.periods import Clocks

if TYPE_CHECKING:
    from tools.columns.portfolio import Portfolio
    from tools.store.database import Store
    from tools.store.loan_book import LoanBook

KEPT = 4
Key = tuple[Caller, str, date, datetime | None]


@dataclass
class Portfolios:
    """Portfolios by caller and state of the store."""

    kept: OrderedDict[Key, Portfolio] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, store: Store, loan_book: LoanBook, caller: Caller, clocks: Clocks, rulebook: Rulebook) -> Portfolio:
        """The portfolio of what `caller` may see at `clocks`."""
        from tools.columns.portfolio import Portfolio
        from tools.columns.table import table_of_columns

        revision, newest = store.facts.revision()
        # Once the newest change is known, a later knowledge date changes nothing.
        known_at = None if newest is None or clocks.known_at >= newest else clocks.known_at
        snapshot = loan_book.snapshot(clocks)
        made_of = (rulebook.digest, store.borrowers.revision(), revision, snapshot.id if snapshot else "")
        key = (caller, "/".join(made_of), clocks.as_of, known_at)
        with self._lock:
            if key not in self.kept:
                table = table_of_columns(
                    store.facts.columns(caller, clocks), rulebook, store.documents.standards(caller, clocks)
                )
                self.kept[key] = Portfolio(rulebook, table, told=_told(loan_book, caller, clocks))
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
            return self.kept[key]


def _told(loan_book: LoanBook, caller: Caller, clocks: Clocks) -> dict[str, frozenset[str]]:
    """Items the bank's own book may know of a borrower when no document reports them (see `fact_books`), and of whom it does."""
    given = loan_book.rows(caller, "relations", clocks, where={"relation": "guarantee_given"})
    customers = loan_book.table(caller, "customers", clocks, columns=["_borrower", "market_cap"])
    valued = zip(customers.column("_borrower").to_pylist(), customers.column("market_cap").to_pylist(), strict=True)
    return {
        "contingent_guarantees": frozenset(str(row["_borrower"]) for row in given),
        "market_cap": frozenset(str(one) for one, value in valued if value is not None),
    }
