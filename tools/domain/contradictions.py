"""Observations of visits against everything else the bank knows: the pure part, from rules and evidence to disagreements.

Seen and checked are knowledge, told is a claim: a rule says which it takes. A negated observation ("no lines idle") meets no
condition on a value, and what is only planned meets none at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.disagreements import Claim, Disagreement, Severity

Bounds = Mapping[str, Decimal]
"""above, at_least, at_most or below → limit."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One observation of one visit. `flag` for yes-or-no topics; `month` is the end of the month a reading is of."""

    topic: str
    said_by: str
    visited: date
    document: str
    claim: Claim
    value: Decimal | None = None
    flag: str | None = None
    of: Decimal | None = None
    change: Decimal | None = None
    unit: str | None = None
    negated: bool = False
    planned: bool = False
    month: date | None = None

    @property
    def share(self) -> Decimal | None:
        """4 of 6 as a share."""
        return self.value / self.of if self.value is not None and self.of else None


@dataclass(frozen=True, slots=True)
class Trend:
    """A line of the statements over a year. `change` is the share by which it rose or fell."""

    item: str
    end: date
    change: Decimal
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading for a month, from the loan book (`operations`) or from a paper (`record`)."""

    origin: Literal["operations", "record"]
    measure: str
    value: Decimal
    day: date
    claim: Claim


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a rule takes."""

    source: Literal["note", "statement", "operations", "record"]
    topics: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    item: str = ""
    measures: tuple[str, ...] = ()
    value: Bounds = field(default_factory=dict)
    share: Bounds = field(default_factory=dict)
    change: Bounds = field(default_factory=dict)
    flag: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class ContradictionRule:
    """`gap`: least difference as a share of the right value, `below` when only a left value under the right one counts."""

    id: str
    title: Mapping[str, str]
    severity: Severity
    left: Side
    right: Side
    within_days: int = 400
    gap: Decimal | None = None
    below: bool = False
    same_topic: bool = False
    same_unit: bool = False
    opposite: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known of one borrower at the clocks."""

    borrower: str
    noted: Sequence[Noted] = ()
    trends: Sequence[Trend] = ()
    measured: Sequence[Measured] = ()


def contradictions(rules: Sequence[ContradictionRule], evidence: Evidence) -> list[Disagreement]:
    """Every pair that a rule says cannot both be right; one per rule and pair of sources, the newest first."""
    found: dict[tuple[str, str, str], Disagreement] = {}
    for rule in rules:
        for left in _lefts(rule, evidence):
            for right in _rights(rule, left, evidence):
                made = judge_pair(rule, left, right, evidence.borrower)
                if made is not None:
                    found.setdefault((rule.id, _place(left), _place(right)), made)
    return sorted(found.values(), key=lambda one: (one.since or date.min, one.id), reverse=True)


def _place(one: Noted | Trend | Measured) -> str:
    """Two sentences of one note about one topic are one claim."""
    if isinstance(one, Noted):
        return f"{one.document}:{one.topic}"
    return f"{one.item}:{one.end}" if isinstance(one, Trend) else one.claim.id


def judge_pair(
    rule: ContradictionRule, left: Noted | Measured, right: Noted | Trend | Measured, borrower: str
) -> Disagreement | None:
    """The disagreement of one pair under one rule, or None."""
    if not _meets(rule.left, left) or not _meets(rule.right, right):
        return None
    if isinstance(left, Noted) and isinstance(right, Noted):
        if rule.same_topic and left.topic != right.topic:
            return None
        if rule.same_unit and (left.unit or right.unit) and left.unit != right.unit:
            return None
        if rule.opposite and not (left.flag and right.flag and left.flag != right.flag):
            return None
    gap: Decimal | None = None
    if rule.gap is not None:
        mine, other = left.value, None if isinstance(right, Trend) else right.value
        if mine is None or other is None or other == 0:
            return None
        gap = (mine - other) / abs(other)
        if abs(gap) < rule.gap or (rule.below and gap > 0):
            return None
    claims = (left.claim, *(right.claims if isinstance(right, Trend) else (right.claim,)))
    since = max((claim.when for claim in claims if claim.when), default=None)
    shown = gap if gap is not None else right.change if isinstance(right, Trend) else None
    texts = [_quoted(claim) for claim in claims[:2]]
    key = "+".join(claim.id for claim in claims)
    return Disagreement(
        f"{rule.id}:{key}", rule.id, borrower, rule.severity, rule.title,
        {"zh": f"{rule.title['zh']}：{texts[0]}；{texts[1]}", "en": f"{rule.title['en']}: {texts[0]}; {texts[1]}"}, claims, since, shown,
        "ratio" if shown is not None else None,
    )  # fmt: skip


def _quoted(claim: Claim) -> str:
    day = f" ({claim.when})" if claim.when else ""
    return f"{claim.text}{day}"


def _lefts(rule: ContradictionRule, evidence: Evidence) -> Iterator[Noted | Measured]:
    if rule.left.source == "note":
        yield from (one for one in evidence.noted if one.topic in rule.left.topics)
    else:
        yield from (one for one in evidence.measured if one.origin == rule.left.source and one.measure in rule.left.measures)


def _rights(rule: ContradictionRule, left: Noted | Measured, evidence: Evidence) -> Iterator[Noted | Trend | Measured]:
    side = rule.right
    if side.source == "statement":
        day = left.visited if isinstance(left, Noted) else left.day
        near = [t for t in evidence.trends if t.item == side.item and abs((t.end - day).days) <= rule.within_days]
        if near:  # the statement nearest to the visit speaks of the same time
            yield min(near, key=lambda t: (abs((t.end - day).days), t.end))
    elif side.source == "note":
        if not isinstance(left, Noted):
            return
        others = [one for one in evidence.noted if one.topic in side.topics and one.claim.id != left.claim.id]
        if side.against == "same_note":
            yield from (one for one in others if one.document == left.document)
        else:
            earlier = [
                one for one in others if one.visited < left.visited and (left.visited - one.visited).days <= rule.within_days
            ]
            if earlier:
                newest = max(one.visited for one in earlier)
                yield from (one for one in earlier if one.visited == newest)
    else:
        measure = left.topic if isinstance(left, Noted) else left.measure
        month = left.month if isinstance(left, Noted) else left.day
        if month is None:
            return
        yield from (
            one for one in evidence.measured
            if one.origin == side.source and one.measure == measure and (one.day.year, one.day.month) == (month.year, month.month)
        )  # fmt: skip


def _meets(side: Side, one: Noted | Trend | Measured) -> bool:
    if isinstance(one, Noted):
        if one.planned or (side.known and one.said_by not in side.known):
            return False
        if side.topics and one.topic not in side.topics:
            return False
        if side.flag and one.flag != side.flag:
            return False
        if one.negated and (side.value or side.share or side.change):
            return False
        return _within(one.value, side.value) and _within(one.share, side.share) and _within(one.change, side.change)
    if isinstance(one, Trend):
        return (not side.item or one.item == side.item) and _within(one.change, side.change)
    return (not side.measures or one.measure in side.measures) and _within(one.value, side.value)


def _within(value: Decimal | None, bounds: Bounds) -> bool:
    if not bounds:
        return True
    if value is None:
        return False
    return all(
        (name == "above" and value > limit) or (name == "at_least" and value >= limit) or (name == "at_most" and value <= limit)
        or (name == "below" and value < limit)
        for name, limit in bounds.items()
    )  # fmt: skip
