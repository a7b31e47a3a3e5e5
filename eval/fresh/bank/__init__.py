"""A second fictional bank, kept away from those who build the product: other borrowers, papers and stories than the sample bank's.

Only the machinery is shared (typesetters, ledger, simulation). Written as the sample bank is, with its truth beside it; same bytes each time.
"""

from __future__ import annotations

from eval.fresh.bank.making import BOOK_DATE, generate

__all__ = ["BOOK_DATE", "generate"]
