"""What a borrower does that a contract restricts: a dividend, new debt, a guarantee, a disposal, a charge.

A bank learns of an act on its day (a payment, a notice) or only that it happened within a window (between two statements or two credit
reports). A window that began before the contract proves nothing about the contract; an act nobody dated is of any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

ZERO = Decimal(0)
EVER = date.min
LimbStatus = Literal["compliant", "breach", "not_evidenced"]


@dataclass(frozen=True, slots=True)
class Act:
    """Something a covenant bites on. `kind` as in rulebook/covenants/acts.yaml; `day`: when, or the last day it can have been; `since`:
    the first day it can have been (None: on `day`). `source`: table:id or a fact's id."""

    kind: str
    day: date
    amount: Decimal | None = None
    currency: str | None = None
    since: date | None = None
    source: str = ""
    detail: str = ""

    @property
    def first(self) -> date:
        """The first day it can have been."""
        return self.since or self.day

    @property
    def when(self) -> str:
        """Its day or window in words."""
        if self.since is None or self.since == self.day:
            return f"on {self.day}"
        return f"by {self.day}" if self.since == EVER else f"between {self.since} and {self.day}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person found on `day`: the duty is kept (`kept`) or not, and why."""

    kept: bool
    day: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class Limb:
    """One part of what a clause asks of an act: ratio, cap, no_default. The whole holds when every part does."""

    id: str
    status: LimbStatus
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A flow reported from `since` to `until`: cumulative within its year."""

    since: date
    until: date
    amount: Decimal
    currency: str | None
    source: str


def acts_of_flows(kind: str, windows: Iterable[Window], detail: str = "") -> tuple[Act, ...]:
    """Acts a cumulative flow proves: what each longer window of a year adds to the one before. A year that adds nothing had none."""
    found: list[Act] = []
    years: dict[date, list[Window]] = {}
    for window in windows:
        years.setdefault(window.since, []).append(window)
    for first, reported in sorted(years.items()):
        told, begun = ZERO, first
        for window in sorted(reported, key=lambda one: one.until):
            if window.amount > told:
                found.append(Act(kind, window.until, window.amount - told, window.currency, begun, window.source, detail))
                told = window.amount
            begun = window.until + timedelta(days=1)
    return tuple(found)


def acts_of_rises(kind: str, points: Sequence[Window], detail: str = "") -> tuple[Act, ...]:
    """Acts a balance proves by being higher than at the point before, each of the days between; currencies that differ prove nothing."""
    found: list[Act] = []
    for before, now in pairwise(points):
        if now.amount > before.amount and now.currency == before.currency:
            since = before.until + timedelta(days=1)
            found.append(Act(kind, now.until, now.amount - before.amount, now.currency, since, now.source, detail))
    return tuple(found)


def together(act: Act, acts: Iterable[Act], year_start: date) -> Decimal | None:
    """What `act` and the acts of its kind in the same year before it come to; of acts that may be the same one (overlapping windows)
    the larger amount counts. None when one states no amount, or in several currencies."""
    same = [one for one in acts if one.kind == act.kind and one.day >= year_start and one.day <= act.day]
    same = same if act in same else [*same, act]
    if any(one.amount is None or one.currency != act.currency for one in same):
        return None
    return sum((_amount(group) for group in _overlapping(same)), ZERO)


def _overlapping(acts: Iterable[Act]) -> list[list[Act]]:
    groups: list[list[Act]] = []
    for act in sorted(acts, key=lambda one: (one.first, one.day)):
        if groups and act.first <= max(one.day for one in groups[-1]):
            groups[-1].append(act)
        else:
            groups.append([act])
    return groups


def _amount(group: Sequence[Act]) -> Decimal:
    """Payments on their days are so many acts; a statement's window over them may be the same money told again: the larger counts."""
    told: dict[str, Decimal] = {}
    for act in group:
        teller = "" if act.since is None else act.detail
        told[teller] = told.get(teller, ZERO) + (act.amount or ZERO)
    return max(told.values())


def worst_of(limbs: Iterable[Limb]) -> LimbStatus:
    """Broken when one part is; kept only when every part is shown to be."""
    found = {limb.status for limb in limbs}
    return "breach" if "breach" in found else "not_evidenced" if "not_evidenced" in found or not found else "compliant"
