"""Which posting a reversal undoes.

The bank's core system names it in `reverses_id`, or else in `reference`, or else means the newest posting of the same loan
and amount. Named reversals are settled first, so that an unnamed one never takes a posting that another reversal names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


class Posting(Protocol):
    """What is read of a posting; `tools.domain.loans.LoanTransaction` is one."""

    @property
    def id(self) -> str: ...
    @property
    def value_date(self) -> date: ...
    @property
    def type(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def posted_at(self) -> datetime | None: ...
    @property
    def reference(self) -> str | None: ...
    @property
    def reverses_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Reversals:
    """`by` maps each reversal's id to the posting it undoes; `unmatched` are reversals that undo nothing found."""

    by: dict[str, str]
    unmatched: tuple[str, ...]

    @property
    def undone(self) -> frozenset[str]:
        """Ids of the postings that no longer count. The reversals themselves never count either."""
        return frozenset(self.by.values())


def reversals(postings: Iterable[Posting]) -> Reversals:
    """Settles the reversals among the postings of ONE loan, in any order.

    `reverses_id` holds an id. `reference` holds an id, or else the reference of a posting with the same amount. Without a
    name: the newest posting of the same amount, not later than the reversal and not undone already (same day: the later
    posted, then the higher id). A reversal may itself be undone, but only by name. A `reverses_id` that is not there leaves the
    reversal unmatched; a `reference` that names nothing counts as no name.
    """
    known = sorted(postings, key=_order)
    by_id = {posting.id: posting for posting in known}
    by: dict[str, str] = {}
    unmatched: list[str] = []
    unnamed: list[Posting] = []
    for reversal in (posting for posting in known if posting.type == "reversal"):
        if reversal.reverses_id:
            named = by_id.get(reversal.reverses_id)
        elif reversal.reference and reversal.reference in by_id and reversal.reference != reversal.id:
            named = by_id[reversal.reference]
        elif reversal.reference and (
            same := _candidates(known, reversal, taken=set(by.values()), reference=reversal.reference)
        ):
            named = same[-1]
        else:
            unnamed.append(reversal)
            continue
        if named is None or named.id == reversal.id:
            unmatched.append(reversal.id)
        else:
            by[reversal.id] = named.id
    for reversal in unnamed:
        found = _candidates(known, reversal, taken=set(by.values()), reference=None)
        if found:
            by[reversal.id] = found[-1].id
        else:
            unmatched.append(reversal.id)
    effective = _effective(by)
    return Reversals({key: value for key, value in by.items() if key in effective}, tuple(sorted(unmatched)))


def _order(posting: Posting) -> tuple[date, str, str]:
    return posting.value_date, posting.posted_at.isoformat() if posting.posted_at else "", posting.id


def _effective(by: dict[str, str]) -> set[str]:
    """The reversals that stand: not undone by one that stands itself. Two that undo each other both fall."""
    undoers: dict[str, list[str]] = {}
    for reversal, undone in by.items():
        undoers.setdefault(undone, []).append(reversal)
    standing: set[str] = set()
    waiting = set(by)
    while ready := {key for key in waiting if not waiting.intersection(undoers.get(key, ()))}:
        standing |= {key for key in ready if not standing.intersection(undoers.get(key, ()))}
        waiting -= ready
    return standing


def _candidates(known: list[Posting], reversal: Posting, *, taken: set[str], reference: str | None) -> list[Posting]:
    return [
        posting
        for posting in known
        if posting.type != "reversal"
        and posting.amount == reversal.amount
        and posting.value_date <= reversal.value_date
        and posting.id not in taken
        and (reference is None or posting.reference == reference)
    ]
