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


Signed = tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Shape:
    """What lies under a section as printed: lines with their sign in the section, lines not printed, subtotals opened with the
    lines that make them, and optional items that may or may not count."""

    expected: list[tuple[int, str]] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    opened: dict[str, Signed] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)

    def choices(self) -> Iterator[tuple[tuple[str, ...], Signed]]:
        """(changed, lines to add up) in the order they are tried: nothing moved, then one, two, three doubtful items moved in
        or out. A choice that would leave nothing to add up is not one."""
        held = {item for _, item in self.expected}
        items = list(self.doubtful)
        for count in range(min(len(items), MOST_CHANGES) + 1):
            for changed in combinations(items, count):
                parts = [part for part in self.expected if part[1] not in changed]
                parts += [(self.doubtful[item], item) for item in changed if item not in held]
                if parts or not self.expected:
                    yield changed, tuple(parts)


def shape_of(sections: Sections, section: str, printed: Callable[[str], bool]) -> Shape:
    """The shape of `section` on a statement that prints the items for which `printed` is true."""
    found = Shape()
    _expand(sections, section, 1, printed, found)
    return found


def _expand(sections: Sections, section: str, sign: int, printed: Callable[[str], bool], found: Shape) -> bool:
    """Collects printed lines of `section`, opening subtotals that are not printed themselves; whether there were any."""
    optional = sections.optional.get(section, {})
    start = len(found.expected)
    for item, own_sign in sections.members(section):
        if printed(item):
            found.expected.append((sign * own_sign, item))
            if item in optional:
                found.doubtful[item] = sign * own_sign
            continue
        before = len(found.expected)
        if sections.members(item) and _expand(sections, item, sign * own_sign, printed, found):
            found.opened[item] = tuple((part_sign * sign * own_sign, part) for part_sign, part in found.expected[before:])
        else:
            found.absent.add(item)
    for item, own_sign in optional.items():
        if printed(item) and item not in found.doubtful:
            found.doubtful[item] = sign * own_sign
    return len(found.expected) > start


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
        shape = shape_of(self._sections, section, lambda item: self._lookup(item) is not None)
        held = {item for _, item in shape.expected}
        if not shape.expected and not (total.value == 0 and all_positive(self._sections, section)):
            return None
        for changed, lines in shape.choices():
            parts = self._facts(lines)
            if self._ties_out(total, parts):
                own = frozenset(item for item in changed if item not in held)
                flags = {flag for _, fact in parts for flag in fact.flags}
                proves = not flags & self._sections.unproving_flags
                opened = {} if changed else {item: self._facts(made_of) for item, made_of in shape.opened.items()}
                return Tie(section, total, parts, frozenset(shape.absent), opened, own, proves)
        return None

    def _facts(self, lines: Signed) -> Parts:
        found = ((sign, self._lookup(item)) for sign, item in lines)
        return tuple((sign, fact) for sign, fact in found if fact is not None)

    def _ties_out(self, total: Fact, parts: Parts) -> bool:
        reached = sum((sign * fact.value for sign, fact in parts), Decimal(0))
        units = sum((presentation_unit(fact) for _, fact in parts), Decimal(0))
        allowed = min(units, abs(total.value) * self._sections.largest_share)
        return abs(reached - total.value) <= allowed


def all_positive(sections: Sections, section: str) -> bool:
    """Whether nothing under `section` can be negative, so that a total of zero proves every line zero."""
    return all(sign > 0 and item in sections.unsigned for item, sign in sections.members(section))


def presentation_unit(fact: Fact) -> Decimal:
    """The smallest step the page can show: its scale, divided by ten for each printed decimal."""
    digits = fact.raw.strip().rstrip(")）%-−－ ")
    _, point, decimals = digits.rpartition(".")
    places = len(decimals) if point and decimals.isdigit() else 0
    return fact.scale.scaleb(-places)
