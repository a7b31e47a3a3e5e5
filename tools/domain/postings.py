"""Which postings count: two clocks, and reversals carried out.

A posting counts when its value date is not after the business date and the bank had recorded it by the knowledge date, so
a back-dated posting changes what is known from the day it was posted and not before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from tools.domain.loans import LoanTransaction
from tools.domain.periods import Clocks
from tools.domain.reversals import reversals

_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Postings:
    """`kept`: what counts, oldest first, a partly reversed posting with what is left of it. `undone`: posting id to the
    reversal that undid it. `orphans`: reversals that name or match nothing."""

    kept: tuple[LoanTransaction, ...]
    undone: dict[str, str]
    orphans: tuple[str, ...]

    def amounts(self, kind: str) -> list[tuple[date, Decimal]]:
        """(value date, amount) of one type."""
        return [(posting.value_date, posting.amount) for posting in self.kept if posting.type == kind]

    def total(self, *kinds: str) -> Decimal:
        """Sum over some types."""
        return sum((posting.amount for posting in self.kept if posting.type in kinds), Decimal(0))


def effective(transactions: Iterable[LoanTransaction], clocks: Clocks) -> Postings:
    """The postings of one loan that count at `clocks`. Of two with the same id the one given last wins (a correction)."""
    known = {
        posting.id: posting
        for posting in transactions
        if posting.value_date <= clocks.as_of and recorded(posting) <= clocks.known_at
    }
    ordered = sorted(known.values(), key=_order)
    if not any(posting.type == "reversal" for posting in ordered):
        return Postings(tuple(ordered), {}, ())
    settled = reversals(ordered)
    left = {posting.id: posting.amount for posting in ordered}
    for reversal, undone in settled.by.items():
        left[undone] = max(left[undone] - known[reversal].amount, Decimal(0))
    kept = tuple(
        posting if left[posting.id] == posting.amount else replace(posting, amount=left[posting.id])
        for posting in ordered
        if posting.type != "reversal" and left[posting.id] > 0
    )
    return Postings(kept, {undone: reversal for reversal, undone in settled.by.items()}, settled.unmatched)


def recorded(posting: LoanTransaction) -> datetime:
    """When the bank knew of the posting; a time without zone is UTC, no time means always."""
    if posting.posted_at is None:
        return _ALWAYS
    return posting.posted_at if posting.posted_at.tzinfo else posting.posted_at.replace(tzinfo=UTC)


def _order(posting: LoanTransaction) -> tuple[date, datetime, str]:
    return posting.value_date, recorded(posting), posting.id
