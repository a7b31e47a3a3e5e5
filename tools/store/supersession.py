"""Which of several reported values of one line is in force, as the bank learned them one after the other.

The value of the document with the later own period end wins; between two of the same period end the one received later. A
value that only repeats the one in force changes nothing but how strongly it is held, so that the first source stays. Worked out
from when each was known, never from the order of ingestion. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Claim:
    """One reported value of a slot. `withdrawn`: spans [from, to) in which a correction sets it aside (to None: for good)."""

    id: str
    value: Decimal
    currency: str | None
    document_period_end: date
    known: datetime
    confidence: Decimal
    page: int | None
    withdrawn: tuple[tuple[datetime, datetime | None], ...] = ()

    @property
    def strength(self) -> tuple[date, datetime, Decimal, int, str]:
        """Greater wins. Inside one document: read with more confidence, then on the earlier page, then by id."""
        return (self.document_period_end, self.known, self.confidence, -(self.page or 1 << 30), self.id)

    def standing(self, at: datetime) -> bool:
        """Known and not withdrawn at `at`."""
        return self.known <= at and not any(start <= at and (end is None or at < end) for start, end in self.withdrawn)


@dataclass(frozen=True, slots=True)
class Span:
    """`claim` is in force from `start` inclusive to `end` exclusive (None: until further notice)."""

    claim: str
    start: datetime
    end: datetime | None


def spans(claims: Sequence[Claim]) -> list[Span]:
    """Who is in force when: spans in time order that never overlap."""
    turns = {claim.known for claim in claims}
    for claim in claims:
        for start, end in claim.withdrawn:
            turns |= {max(start, claim.known)} | ({max(end, claim.known)} if end else set())
    ordered = sorted(claims, key=_arrival)
    result: list[Span] = []
    for at in sorted(turns):
        winner = _in_force([claim for claim in ordered if claim.standing(at)])
        last = result[-1] if result and result[-1].end is None else None
        if last and winner and last.claim == winner:
            continue
        if last:
            result[-1] = Span(last.claim, last.start, at)
        if winner:
            result.append(Span(winner, at, None))
    return result


def _arrival(claim: Claim) -> tuple[object, ...]:
    # Of those learned at the same instant the strongest comes first, so that the others never flicker on.
    end, known, confidence, page, identity = claim.strength
    return (known, -end.toordinal(), -confidence, -page, identity)


def _in_force(standing: Sequence[Claim]) -> str | None:
    holder: Claim | None = None
    strength = None
    for claim in standing:
        if holder is None or strength is None:
            holder, strength = claim, claim.strength
        elif (claim.value, claim.currency) == (holder.value, holder.currency):
            strength = max(strength, claim.strength)
        elif claim.strength > strength:
            holder, strength = claim, claim.strength
    return holder.id if holder else None
