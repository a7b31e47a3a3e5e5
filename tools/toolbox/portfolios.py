"""The caller's whole portfolio as columns, kept between questions until the facts in force change.

Reading ten thousand borrowers' facts takes seconds, a figure over them milliseconds: the table is worth keeping, and what it was
made from (papers, corrections, mergers, both clocks) is its key, so that it is never older than the store.
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

KEPT = 4
Key = tuple[Caller, str, date, datetime | None]


@dataclass
class Portfolios:
    """Portfolios by caller and state of the store."""

    kept: OrderedDict[Key, Portfolio] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, store: Store, caller: Caller, clocks: Clocks, rulebook: Rulebook) -> Portfolio:
        """The portfolio of what `caller` may see at `clocks`."""
        from tools.columns.portfolio import Portfolio
        from tools.columns.table import table_of_columns

        revision, newest = store.facts.revision()
        # Once the newest change is known, a later knowledge date changes nothing.
        known_at = None if newest is None or clocks.known_at >= newest else clocks.known_at
        key = (caller, f"{rulebook.digest}/{store.borrowers.revision()}/{revision}", clocks.as_of, known_at)
        with self._lock:
            if key not in self.kept:
                self.kept[key] = Portfolio(rulebook, table_of_columns(store.facts.columns(caller, clocks), rulebook))
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
            return self.kept[key]
