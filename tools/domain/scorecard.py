"""A points scorecard: what each characteristic earns, the grade of the sum, caps, and why not more, in the order of points lost.

The card is data. A missing measure earns nothing and is named; when too much is missing there is no grade, because a grade of what
happened to be on file would order borrowers by their papers. The result is a proposal and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tools.domain.arithmetic import divide
from tools.domain.definitions import Names, Origin
from tools.domain.interpreter import truth
from tools.domain.outcomes import Outcome, missing
from tools.domain.tree import Node

ReadsAs = Callable[[str], str]
Find = Callable[[str], Outcome]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """`bins` are (limit, points), best first; `id` is the reason code of what is lost on it."""

    id: str
    measure: str
    better: Literal["higher", "lower"]
    bins: tuple[tuple[Decimal, int], ...]
    name: Names

    @property
    def most(self) -> int:
        """Points of the best bin."""
        return self.bins[0][1]

    def points(self, found: Outcome, reads_as: ReadsAs) -> int:
        """What a value earns; a value that is not meaningful is read as its reason says."""
        value = found.number
        if value is None:
            return self.most if found.reason and reads_as(found.reason) == "best" else 0
        for limit, points in self.bins:
            if value >= limit if self.better == "higher" else value <= limit:
                return points
        return 0


@dataclass(frozen=True, slots=True)
class Cap:
    """While `condition` holds the grade is `grade` at best."""

    id: str
    text: str
    condition: Node
    grade: str
    name: Names


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One version of a card. `grades` are (grade, least points), best first; `worst` those that only a cap gives."""

    id: str
    name: Names
    characteristics: tuple[Characteristic, ...]
    grades: tuple[tuple[str, int], ...]
    worst: tuple[str, ...]
    caps: tuple[Cap, ...]
    least_known: Decimal
    stale_months: int
    reasons: int
    compare: str
    worse_by: int
    origin: Origin
    tests: tuple[Mapping[str, object], ...] = ()

    @property
    def key(self) -> str:
        """id@version."""
        return f"{self.id}@{self.origin.version}"

    @property
    def order(self) -> tuple[str, ...]:
        """Every grade, best first."""
        return (*(grade for grade, _ in self.grades), *self.worst)

    def rank(self, rating: str | None) -> int | None:
        """Place of a rating on the card's scale, 0 the best; None when it is not on it."""
        bare = (rating or "").strip().upper().rstrip(self.compare)
        return self.order.index(bare) if bare in self.order else None


@dataclass(frozen=True, slots=True)
class Earned:
    """One characteristic: its value, what it earned of `most`, and why there is no value."""

    characteristic: Characteristic
    found: Outcome
    points: int

    @property
    def lost(self) -> int:
        """Points short of the best bin."""
        return self.characteristic.most - self.points


@dataclass(frozen=True, slots=True)
class Rating:
    """`grade` None: too much is missing. `capped_by`: caps that hold, the hardest first; `untold`: caps whose measures are missing.
    `known`: share of points whose measures are known."""

    card: Scorecard
    points: int
    grade: str | None
    by_points: str | None
    earned: tuple[Earned, ...]
    capped_by: tuple[Cap, ...]
    untold: tuple[Cap, ...]
    known: Decimal
    missing: tuple[str, ...]

    @property
    def reasons(self) -> tuple[Earned, ...]:
        """Where most points were lost, the most first."""
        short = sorted((one for one in self.earned if one.lost), key=lambda one: -one.lost)
        return tuple(short[: self.card.reasons])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where conditions of caps run: measures of today only."""

    find: Find | None

    def measure(self, name: str) -> Outcome:
        return self.find(name) if self.find is not None else missing(name)

    def prior(self) -> _Place:
        return _Place(None)

    def opening(self) -> _Place:
        return _Place(None)


def rate(card: Scorecard, find: Find, reads_as: ReadsAs = lambda reason: "neutral") -> Rating:
    """The rating of one borrower. `find` gives a measure by name, `reads_as` how a ratio without a value is taken."""
    earned = tuple(_earned(one, find(one.measure), reads_as) for one in card.characteristics)
    whole = sum(one.characteristic.most for one in earned)
    lacking = [one for one in earned if one.found.missing]
    known = divide(Decimal(whole - sum(one.characteristic.most for one in lacking)), Decimal(whole))
    points = sum(one.points for one in earned)
    tests = [(cap, truth(cap.condition, _Place(find))) for cap in card.caps]
    holding = sorted((cap for cap, test in tests if test.value is True), key=lambda cap: -card.order.index(cap.grade))
    by_points = next(grade for grade, least in card.grades if points >= least)
    grade = max((by_points, *(cap.grade for cap in holding)), key=card.order.index)
    enough = known >= card.least_known
    return Rating(
        card, points, grade if enough else None, by_points if enough else None, earned, tuple(holding),
        tuple(cap for cap, test in tests if test.missing), known, tuple(one.characteristic.measure for one in lacking),
    )  # fmt: skip


def _earned(characteristic: Characteristic, found: Outcome, reads_as: ReadsAs) -> Earned:
    return Earned(characteristic, found, characteristic.points(found, reads_as))


def refused(characteristics: Sequence[Characteristic], grades: Sequence[tuple[str, int]]) -> str | None:
    """What is wrong with a card, in words: bins or grades that do not fall, points that do not reach a grade; None when sound."""
    for one in characteristics:
        limits = [limit if one.better == "lower" else -limit for limit, _ in one.bins]
        points = [earned for _, earned in one.bins]
        if limits != sorted(set(limits)) or points != sorted(set(points), reverse=True) or points[-1] < 0:
            return f"the bins of {one.id} do not go from best to worst"
    least = [points for _, points in grades]
    if least != sorted(set(least), reverse=True) or not least or least[-1] != 0:
        return "the grades do not fall to 0 points"
    if least[0] > sum(one.most for one in characteristics):
        return f"nobody reaches {grades[0][0]}"
    return None
