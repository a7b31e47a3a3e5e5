"""A third fictional bank, written apart from the first two: other trades, other papers, other contract wordings, two branches that do not see each other.

Only the bookkeeping is shared (ledger, simulation, loans, accounts, press). The same bytes each time, its truth beside it.
"""

from __future__ import annotations

from eval.fresh.third.making import BOOK_DATE, generate

__all__ = ["BOOK_DATE", "generate"]
