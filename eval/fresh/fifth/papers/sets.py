"""A set of accounts to be printed: the fourth bank's, with this bank's own moneys."""

from __future__ import annotations

from decimal import Decimal

from eval.fresh.fourth.papers.sets import SCALES, Row, chinese_rows, of
from eval.fresh.fourth.papers.sets import Accounts as Shared

__all__ = ["Accounts", "Row", "chinese_rows", "of"]
_MONEYS = {**SCALES, "£ thousand": 1000, "US dollars": 1}


class Accounts(Shared):
    """Accounts whose money may be pounds in thousands or plain dollars."""

    def scaled(self, value: Decimal) -> Decimal:
        """In the money of the paper."""
        return value / _MONEYS[self.money]
