"""A fifth fictional bank with two branches, written and kept blind beside its questions, so that accuracy on an unseen bank is measured once.

Only the bookkeeping is shared with the others (ledger, simulation, loans, accounts, press). The same bytes each time, its truth beside it.
"""

from __future__ import annotations

from eval.fresh.fifth.making import BOOK_DATE, generate

__all__ = ["BOOK_DATE", "generate"]
