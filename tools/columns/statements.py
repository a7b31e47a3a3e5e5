"""Reported lines of many borrowers with the same periods, as columns, and how a line that is not printed is found.

The twin of `tools.domain.lines`: reported, own line, derived, summed, proven zero, missing, in that order. What depends only
on which lines are printed is worked out once per pattern of printed lines, by the same code that serves one borrower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tools.columns.column import KNOWN, MISSING, NEAR, AnyColumn, Bools, Column, Floats, absent, added, picked
from tools.columns.interpreter import number
from tools.domain.definitions import Rulebook
from tools.domain.factbook import FactBook
from tools.domain.sections import Shape, all_positive, shape_of

CENTS = 2
CHINESE = ("CAS", "CAS_SMALL")
NOBODY: frozenset[str] = frozenset()
Rows = npt.NDArray[np.intp]


@dataclass(slots=True)
class Reported:
    """One line at one period: whole cents where `printed`, the step the page can show in cents, and whether the value was put
    together from captions nobody recognised (`unproving`). `rough`: rows whose value has more than two decimals."""

    cents: Floats
    printed: Bools
    unit: Floats
    unproving: Bools
    rough: Bools

    def take(self, rows: Rows) -> Reported:
        """Only `rows`."""
        return Reported(self.cents[rows], self.printed[rows], self.unit[rows], self.unproving[rows], self.rough[rows])


Spell = tuple[str, date, int]
"""Line item, period end, months (0 for a balance)."""


@dataclass
class Statements:
    """Borrowers whose reports cover the same periods (`book` stands for all of them where only dates matter)."""

    rulebook: Rulebook
    book: FactBook
    standard: str | None
    lines: Mapping[Spell, Reported]
    rows: int

    @cached_property
    def ends(self) -> dict[date, list[int]]:
        """Lengths of the spells that end on a day: 0 first, then the longest."""
        found: dict[date, set[int]] = {}
        for _, end, months in self.lines:
            found.setdefault(end, set()).add(months)
        return {end: sorted(lengths, key=lambda m: (m != 0, -m)) for end, lengths in found.items()}

    def printed(self, item: str, end: date, months: int) -> Reported | None:
        """The reported column; a balance may stand in a statement of any length, the balance sheet first."""
        if not self.rulebook.items[item].stock:
            return self.lines.get((item, end, months))
        found = [line for length in self.ends.get(end, ()) if (line := self.lines.get((item, end, length))) is not None]
        if len(found) < 2:
            return found[0] if found else None
        made = found[0]
        for other in found[1:]:
            own = made.printed
            made = Reported(
                np.where(own, made.cents, other.cents), own | other.printed, np.where(own, made.unit, other.unit),
                np.where(own, made.unproving, other.unproving), np.where(own, made.rough, other.rough),
            )  # fmt: skip
        return made

    def take(self, rows: Rows) -> Statements:
        """Only `rows`."""
        lines = {spell: line.take(rows) for spell, line in self.lines.items()}
        return Statements(self.rulebook, self.book, self.standard, lines, len(rows))


@dataclass(slots=True)
class Segment:
    """Rows with one pattern of printed lines whose section adds up with the same lines moved."""

    rows: Rows
    shape: Shape
    moved: bool
    own_lines: frozenset[str]
    proves: Bools
    doubt: Bools


class LineColumns:
    """Every line item of the statements, found as the Decimal evaluator finds it."""

    def __init__(self, statements: Statements) -> None:
        self._of = statements
        self._rules = statements.rulebook
        self._known: dict[Spell, Column] = {}
        self._ties: dict[tuple[str, date, int], list[Segment]] = {}
        self._parts = {owner: part for part, owner in self._rules.sections.own_lines.items()}

    def resolve(self, item: str, end: date, months: int, busy: frozenset[str] = NOBODY) -> Column:
        """`item` at `end` or over `months` to `end`. `busy`: items already being derived."""
        months = 0 if self._rules.items[item].stock else months
        place = (item, end, months)
        if place in self._known:
            return self._known[place]
        made = self._reported(item, end, months)
        for step in (self._derived, self._summed, self._zero):
            lacking = np.flatnonzero(made.state == MISSING)
            if not len(lacking):
                break
            made = step(made, lacking, item, end, months, busy)
        if not busy:
            self._known[place] = made
        return made

    def _reported(self, item: str, end: date, months: int) -> Column:
        made = self._column(self._of.printed(item, end, months))
        part = self._parts.get(item)
        extra = self._of.printed(part, end, months) if part else None
        if part is None or extra is None or not extra.printed.any():
            return made
        alone = extra.printed & (made.state == MISSING)
        beside = extra.printed & (made.state == KNOWN)
        doubt = np.zeros(self._of.rows, np.bool_)
        if self._of.standard not in CHINESE and beside.any():
            told = np.zeros(self._of.rows, np.bool_)
            for segment in self._above(item, end, months):
                told[segment.rows] = True
                doubt[segment.rows] |= segment.doubt & beside[segment.rows]
                if part in segment.own_lines:
                    alone[segment.rows] |= beside[segment.rows]
            alone |= beside & ~told & (extra.cents > made.value)
        other = self._column(extra)
        both = added(made, other)
        both.state = np.where(made.state == MISSING, other.state, both.state).astype(np.uint8)
        both.value = np.where(made.state == MISSING, other.value, both.value)
        made = picked(alone, both, made)
        made.doubt = made.doubt | doubt
        return made

    def _column(self, line: Reported | None) -> Column:
        if line is None:
            return absent(self._of.rows)
        state = np.where(line.printed, KNOWN, MISSING).astype(np.uint8)
        return Column(np.where(line.printed, line.cents, 0.0), state, CENTS, None, line.rough & line.printed)

    def _derived(self, made: Column, rows: Rows, item: str, end: date, months: int, busy: frozenset[str]) -> Column:
        rule = self._rules.derivations.get(item)
        if rule is None or item in busy:
            return made
        for _, node in rule.alternatives:
            rows = np.flatnonzero(made.state == MISSING)
            if not len(rows):
                break
            lines = self if len(rows) == self._of.rows else LineColumns(self._of.take(rows))
            found = number(node, _Spelled(lines, end, months, busy | {item}))
            made = _filled(made, rows, found)
        return made

    def _summed(self, made: Column, rows: Rows, item: str, end: date, months: int, busy: frozenset[str]) -> Column:
        wanted = np.zeros(self._of.rows, np.bool_)
        wanted[rows] = True
        for segment in self._above(item, end, months):
            made_of = None if segment.moved else segment.shape.opened.get(item)
            here = segment.rows[wanted[segment.rows]]
            if made_of is None or not len(here):
                continue
            total = np.zeros(len(here))
            for sign, part in made_of:
                line = self._of.printed(part, end, months)
                assert line is not None
                total += sign * line.cents[here]
            doubt = segment.doubt[wanted[segment.rows]]
            made = _filled(made, here, Column(total, np.zeros(len(here), np.uint8), CENTS, None, doubt))
        return made

    def _zero(self, made: Column, rows: Rows, item: str, end: date, months: int, busy: frozenset[str]) -> Column:
        if self._rules.items[item].kind == "memo" or item in self._rules.sections.never_zero:
            return made
        wanted = np.zeros(self._of.rows, np.bool_)
        wanted[rows] = True
        for segment in self._above(item, end, months):
            if item not in segment.shape.absent:
                continue
            kept = wanted[segment.rows]
            state = np.where(segment.proves[kept], KNOWN, MISSING).astype(np.uint8)
            zero = Column(np.zeros(int(kept.sum())), state, CENTS, None, segment.doubt[kept])
            made = _filled(made, segment.rows[kept], zero)
        return made

    def _above(self, item: str, end: date, months: int) -> Iterator[Segment]:
        """Segments of the nearest printed subtotal above `item`, row by row."""
        left = np.ones(self._of.rows, np.bool_)
        place = self._rules.sections.parents.get(item)
        while place is not None and left.any():
            line = self._of.printed(place[0], end, months)
            here = left & line.printed if line is not None else np.zeros(self._of.rows, np.bool_)
            if here.any():
                for segment in self._tied(place[0], end, months):
                    kept = here[segment.rows]
                    if kept.all():
                        yield segment
                    elif kept.any():
                        yield Segment(
                            segment.rows[kept], segment.shape, segment.moved, segment.own_lines, segment.proves[kept], segment.doubt[kept]
                        )  # fmt: skip
                left &= ~here
            place = self._rules.sections.parents.get(place[0])

    def _tied(self, section: str, end: date, months: int) -> list[Segment]:
        place = (section, end, months)
        if place not in self._ties:
            self._ties[place] = list(self._find(section, end, months))
        return self._ties[place]

    def _find(self, section: str, end: date, months: int) -> Iterator[Segment]:
        total = self._of.printed(section, end, months)
        assert total is not None
        items = sorted(_below(self._rules, section))
        lines = {item: self._of.printed(item, end, months) for item in items}
        held = [item for item in items if lines[item] is not None]
        start = np.flatnonzero(total.printed)
        bits = np.zeros((len(start), len(held)), np.bool_)
        for column, item in enumerate(held):
            line = lines[item]
            assert line is not None
            bits[:, column] = line.printed[start]
        for pattern, rows in _patterns(bits):
            printed = {item for item, there in zip(held, pattern, strict=True) if there}
            shape = shape_of(self._rules.sections, section, printed.__contains__)
            yield from self._attempts(section, shape, total, lines, start[rows])

    def _attempts(
        self, section: str, shape: Shape, total: Reported, lines: Mapping[str, Reported | None], rows: Rows
    ) -> Iterator[Segment]:
        """Tries the choices of one shape in order; each row takes the first that adds up."""
        rules = self._rules.sections
        expected = {item for _, item in shape.expected}
        if not shape.expected:
            rows = rows[total.cents[rows] == 0] if all_positive(rules, section) else rows[:0]
        share = float(rules.largest_share)
        unsure = np.zeros(len(rows), np.bool_)
        for changed, parts in shape.choices():
            if not len(rows):
                break
            reached, units, rough = np.zeros(len(rows)), np.zeros(len(rows)), total.rough[rows].copy()
            unproving = np.zeros(len(rows), np.bool_)
            for sign, item in parts:
                line = lines[item]
                assert line is not None
                reached += sign * line.cents[rows]
                units += line.unit[rows]
                unproving |= line.unproving[rows]
                rough |= line.rough[rows]
            limit, off = np.abs(total.cents[rows]) * share, np.abs(reached - total.cents[rows])
            ties = (off <= units) & (off <= limit)
            unsure |= rough | ((np.abs(off - limit) <= NEAR * limit) & (off > 0) & (off <= units))
            own = frozenset(item for item in changed if item not in expected)
            if ties.any():
                yield Segment(rows[ties], shape, bool(changed), own, ~unproving[ties], unsure[ties])
            rows, unsure = rows[~ties], unsure[~ties]
        if unsure.any():
            # A sum too close to call left these rows without a tie: what depends on it is for the other evaluator.
            yield Segment(rows[unsure], shape, False, NOBODY, np.zeros(int(unsure.sum()), np.bool_), unsure[unsure])


@dataclass(slots=True)
class _Spelled:
    """The environment of a derivation: other line items of the same period."""

    lines: LineColumns
    end: date
    months: int
    busy: frozenset[str]

    @property
    def rows(self) -> int:
        return self.lines._of.rows

    def measure(self, name: str) -> AnyColumn:
        return self.lines.resolve(name, self.end, self.months, self.busy)

    def prior(self) -> _Spelled:
        return self

    def opening(self) -> _Spelled:
        return self


def _filled(made: Column, rows: Rows, found: Column) -> Column:
    """`made` with `found` put into `rows` where it is known; its doubts are kept either way."""
    if made.power != found.power or found.error is not None or made.error is not None:
        spread = absent(len(made.value))
        spread = Column(
            spread.value, spread.state, found.power, None if found.error is None else np.zeros(len(made.value)), spread.doubt
        )
        spread.value[rows], spread.state[rows], spread.doubt[rows] = found.value, found.state, found.doubt
        if spread.error is not None and found.error is not None:
            spread.error[rows] = found.error
        known = np.zeros(len(made.value), np.bool_)
        known[rows] = found.state == KNOWN
        doubt = made.doubt | spread.doubt
        made = picked(known, spread, made)
        made.doubt = doubt
        return made
    value, state, doubt = made.value.copy(), made.state.copy(), made.doubt.copy()
    known = found.state == KNOWN
    value[rows[known]], state[rows[known]] = found.value[known], KNOWN
    doubt[rows] |= found.doubt
    return Column(value, state, made.power, made.error, doubt)


def _below(rules: Rulebook, section: str) -> set[str]:
    """Every item whose being printed matters to the shape of `section`."""
    found: set[str] = set(rules.sections.optional.get(section, {}))
    for item, _ in rules.sections.members(section):
        found.add(item)
        found |= _below(rules, item)
    return found


def _patterns(bits: npt.NDArray[np.bool_]) -> Iterator[tuple[Sequence[bool], Rows]]:
    """Each distinct row of `bits` with the rows that have it."""
    if not len(bits):
        return
    packed = np.packbits(bits, axis=1) if bits.shape[1] else np.zeros((len(bits), 1), np.uint8)
    _, first, inverse = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    cuts = np.searchsorted(inverse.ravel()[order], np.arange(len(first) + 1))
    for number_, place in enumerate(first):
        yield bits[place].tolist(), order[cuts[number_] : cuts[number_ + 1]]
