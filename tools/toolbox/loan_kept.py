"""The loans of a whole portfolio, kept between questions: working out ten thousand borrowers' arrears takes longer than any question about them.

Kept is only what follows from the loan book and the rules alone; borrowers whose use of money is traced (papers bear on it, and papers
change between books) are worked out anew each time. A new book, another day, other rights or other rules are another entry.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any

from tools.domain.callers import Caller
from tools.domain.loan_views import LoanView

if TYPE_CHECKING:
    from tools.toolbox.desk import Desk

KEPT = 2
MOST = 60_000
"""Loans beyond which nothing is kept: memory is worth more than a second question's wait."""
Key = tuple[Caller, date, str, date, str, int]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Views by borrower, the rows they were made of, and the loans left out because their money is traced, with their borrower.
    `rules` is held so that nothing else can take its place in memory."""

    views: Mapping[str, Sequence[LoanView]]
    rows: Mapping[str, Mapping[str, Any]]
    traced: Mapping[str, str]
    rules: object


@dataclass
class LoanPortfolios:
    """Portfolios by caller, day, loan book and rules."""

    kept: OrderedDict[Key, Portfolio] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, desk: Desk, make: Callable[[], Portfolio | None]) -> Portfolio | None:
        """What `make` gives, kept while nothing it was made of changes; None when it may not be kept."""
        key = self._key(desk)
        if key is None:
            return None
        with self._lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        made = make()
        if made is not None and key == self._key(desk) and len(made.rows) <= MOST:
            with self._lock:
                self.kept[key] = made
                while len(self.kept) > KEPT:
                    self.kept.popitem(last=False)
        return made

    def _key(self, desk: Desk) -> Key | None:
        """None while a transaction is open: what it has not committed must not be kept."""
        snapshot = desk.loan_book.snapshot(desk.clocks)
        if snapshot is None or desk.store.database.current is not None:
            return None
        known = desk.clocks.known_at
        return (desk.caller, desk.clocks.as_of, snapshot.id, known.date(), desk.store.borrowers.revision(), id(desk.rulebook))
