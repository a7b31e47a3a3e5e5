"""Proof by addition: what a statement's own subtotal says about lines that are not printed.

A line with no fact is zero only when the subtotal above it equals the sum of what is printed; that is how a blank is told
from an omission (handbook, "a blank cell is not zero until the subtotal proves it"). The same sum tells whether an of-which
row, such as the current portion of long-term debt on a US balance sheet, stands as a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from tools.domain.definitions import Sections
from tools.domain.facts import Fact

MOST_CHANGES = 3
"""How many lines at once may stand elsewhere than expected: more would tie by accident."""

Lookup = Callable[[str], Fact | None]
Parts = tuple[tuple[int, Fact], ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A subtotal that equals its printed lines. `absent` are the lines not printed, each proven zero when `proves`; `opened`
    are subtotals not printed themselves, with the lines that make them; `own_lines` are of-which items that had to be added
    as lines."""

    section: str
    total: Fact
    parts: Parts
    absent: frozenset[str]
    opened: Mapping[str, Parts]
    own_lines: frozenset[str]
    proves: bool


@dataclass(slots=True)
class _Lines:
    """What lies under a section: lines with their sign in the section, lines not printed, subtotals opened."""

    expected: list[tuple[int, Fact]] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    opened: dict[str, Parts] = field(default_factory=dict)
    doubtful: dict[str, tuple[int, Fact]] = field(default_factory=dict)


class Addition:
    """The sums of one statement: `lookup` gives the fact of an item there or None."""

    def __init__(self, sections: Sections, lookup: Lookup) -> None:
        self._sections, self._lookup = sections, lookup
        self._ties: dict[str, Tie | None] = {}

    def tie(self, section: str) -> Tie | None:
        """How `section` adds up, or None when its total is not printed or the lines do not reach it."""
        if section not in self._ties:
            self._ties[section] = self._find(section)
        return self._ties[section]

    def above(self, item: str) -> Tie | None:
        """The tie of the nearest printed subtotal that `item` adds into; None when there is none or it does not tie."""
        place = self._sections.parents.get(item)
        while place is not None:
            if self._lookup(place[0]) is not None:
                return self.tie(place[0])
            place = self._sections.parents.get(place[0])
        return None

    def _find(self, section: str) -> Tie | None:
        total = self._lookup(section)
        if total is None:
            return None
        found = _Lines()
        self._expand(section, 1, found)
        expected, doubtful = found.expected, found.doubtful
        held = {fact.item for _, fact in expected}
        if not expected and not (total.value == 0 and self._all_positive(section)):
            return None
        for changed in self._changes(list(doubtful)):
            parts = [part for part in expected if part[1].item not in changed]
            parts += [doubtful[item] for item in changed if item not in held]
            if not parts and expected:
                continue
            if self._ties_out(total, parts):
                own = frozenset(item for item in changed if item not in held)
                flags = {flag for _, fact in parts for flag in fact.flags}
                proves = not flags & self._sections.unproving_flags
                return Tie(
                    section, total, tuple(parts), frozenset(found.absent), found.opened if not changed else {}, own, proves
                )
        return None

    def _expand(self, section: str, sign: int, found: _Lines) -> bool:
        """Collects printed lines of `section`, opening subtotals that are not printed themselves; whether there were any."""
        optional = self._sections.optional.get(section, {})
        start = len(found.expected)
        for item, own_sign in self._sections.members(section):
            fact = self._lookup(item)
            if fact is not None:
                found.expected.append((sign * own_sign, fact))
                if item in optional:
                    found.doubtful[item] = (sign * own_sign, fact)
                continue
            before = len(found.expected)
            if self._sections.members(item) and self._expand(item, sign * own_sign, found):
                found.opened[item] = tuple((part_sign * sign * own_sign, part) for part_sign, part in found.expected[before:])
            else:
                found.absent.add(item)
        for item, own_sign in optional.items():
            fact = self._lookup(item)
            if fact is not None and item not in found.doubtful:
                found.doubtful[item] = (sign * own_sign, fact)
        return len(found.expected) > start

    @staticmethod
    def _changes(items: list[str]) -> Iterator[tuple[str, ...]]:
        """No change first, then every one, two, three of the doubtful items moved in or out."""
        for count in range(min(len(items), MOST_CHANGES) + 1):
            yield from combinations(items, count)

    def _ties_out(self, total: Fact, parts: list[tuple[int, Fact]]) -> bool:
        reached = sum((sign * fact.value for sign, fact in parts), Decimal(0))
        units = sum((presentation_unit(fact) for _, fact in parts), Decimal(0))
        allowed = min(units, abs(total.value) * self._sections.largest_share)
        return abs(reached - total.value) <= allowed

    def _all_positive(self, section: str) -> bool:
        return all(sign > 0 and item in self._sections.unsigned for item, sign in self._sections.members(section))


def presentation_unit(fact: Fact) -> Decimal:
    """The smallest step the page can show: its scale, divided by ten for each printed decimal."""
    digits = fact.raw.strip().rstrip(")）%-−－ ")
    _, point, decimals = digits.rpartition(".")
    places = len(decimals) if point and decimals.isdigit() else 0
    return fact.scale.scaleb(-places)
