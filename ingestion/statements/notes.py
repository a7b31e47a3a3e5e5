"""Items that stand only in the notes: depreciation in the supplement to a Chinese cash flow statement, the part of long-term
loans due within a year, interest paid.

Each is taken only beside a row whose amounts are already known from the face: the supplement begins with the net profit, a
note ends with the total the face shows. That row tells the columns' periods, the scope and the unit, so nothing is assumed; a
table that ties to nothing is left alone. Which rows and anchors is data (statement_words/note_rows.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import tools.rulebook
from ingestion.pdf.words import PageLayout
from ingestion.statements.facts import Origin, fact_id
from ingestion.statements.lines import Atom, Line, lines_of
from ingestion.statements.numbers import read_number
from ingestion.statements.vocabulary import compact
from tools.domain.facts import Box, Fact, Source

SCALES = tuple(Decimal(10) ** power for power in (0, 3, 4, 6, 8))
SURE, LIKELY = Decimal("0.97"), Decimal("0.92")
COLUMN_REACH = 14.0
"""Points within which the right edges of one column of amounts lie."""
WRAPPED = 10
"""Characters a label line has at least when it goes on in the next."""
_LEAD = re.compile(r"^(?:加|减)[:：]?")


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One entry of note_rows.yaml."""

    item: str
    rows: tuple[str, ...]
    anchor: str
    anchor_rows: tuple[str, ...]
    after: bool
    reach: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with amounts; `labels` are the ways its label may read (a wrapped label stands on the lines beside it)."""

    place: int
    line: Line
    labels: tuple[str, ...]
    amounts: tuple[tuple[Atom, Decimal], ...]

    def begins(self, words: Sequence[str]) -> str | None:
        """The label when it begins with one of `words`."""
        return next((label for label in self.labels if any(_LEAD.sub("", label).startswith(w) for w in words)), None)


@dataclass(frozen=True, slots=True)
class _Column:
    right: float
    like: Fact
    scale: Decimal


@cache
def note_rows() -> tuple[NoteRow, ...]:
    """The entries of note_rows.yaml."""
    path = Path(tools.rulebook.__file__).parent / "statement_words" / "note_rows.yaml"
    data: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        NoteRow(e["item"], tuple(e["rows"]), e["anchor"], tuple(e["anchor_rows"]), bool(e["after"]), int(e["reach"]))
        for e in data["notes"]
    )


def note_facts(layout: Callable[[int], PageLayout], texts: Sequence[str], facts: Sequence[Fact], origin: Origin) -> list[Fact]:
    """Facts of the notes that `facts` (read from the face) do not hold. `texts` are the page texts: only pages on which a wanted
    row and its anchor's words both stand are measured by `layout`, which is asked by the page from 0."""
    held = {(f.item, f.period, f.scope) for f in facts}
    known = {entry.anchor: [f for f in facts if f.item == entry.anchor] for entry in note_rows()}
    found: dict[tuple[object, ...], Fact] = {}
    for index, raw in enumerate(texts):
        if raw.isascii():
            continue
        text = "".join(raw.split()).replace("：", ":")
        wanted = [
            entry
            for entry in note_rows()
            if known[entry.anchor] and any(w in text for w in entry.rows) and any(w in text for w in entry.anchor_rows)
        ]
        if not wanted:
            continue
        rows = list(_rows(lines_of(layout(index).words, index)))
        for entry in wanted:
            for fact in _entry_facts(entry, rows, known[entry.anchor], index, origin):
                if (fact.item, fact.period, fact.scope) not in held:
                    found.setdefault((fact.item, fact.period, fact.scope), fact)
    return list(found.values())


def _rows(lines: Sequence[Line]) -> Iterator[_Row]:
    place = 0
    for position, line in enumerate(lines):
        amounts = _amounts(line)
        if not amounts:
            continue
        own = compact("".join(a.text for a in line.atoms if a.kind != "number"))
        lead = _beside(lines, position, -1)
        tail = _beside(lines, position, 1)
        # A short label above a full row is a row of its own with nothing in it; a wrapped label fills its line.
        labels = (own, *((lead + own,) if len(lead) >= WRAPPED else ())) if own else (lead + tail,)
        yield _Row(place, line, labels, amounts)
        place += 1


def _beside(lines: Sequence[Line], position: int, step: int) -> str:
    """The text of the neighbouring line when it is a label alone and close enough to belong to this row."""
    other = lines[position + step] if 0 <= position + step < len(lines) else None
    line = lines[position]
    close = other is not None and abs(other.baseline - line.baseline) < 1.6 * line.size
    return compact(other.text) if other is not None and close and not _amounts(other) else ""


def _amounts(line: Line) -> tuple[tuple[Atom, Decimal], ...]:
    numbers = ((a, read_number(a.text)) for a in line.atoms if a.kind == "number" and re.search(r"\d{3}|\.\d", a.text))
    return tuple((atom, number.value) for atom, number in numbers if number is not None)


def _entry_facts(entry: NoteRow, rows: Sequence[_Row], known: Sequence[Fact], page: int, origin: Origin) -> Iterator[Fact]:
    for anchor in rows:
        columns = _columns(anchor, known) if anchor.begins(entry.anchor_rows) is not None else []
        if not columns:
            continue
        low, high = (anchor.place, anchor.place + entry.reach) if entry.after else (anchor.place - entry.reach, anchor.place)
        for row in rows:
            label = row.begins(entry.rows)
            if label is None or row is anchor or not low <= row.place <= high:
                continue
            for atom, value in row.amounts:
                column = min(columns, key=lambda c: abs(c.right - atom.x1))
                if abs(column.right - atom.x1) <= COLUMN_REACH:
                    yield _fact(entry.item, value, atom, row, label, column, page, origin, len(columns))
            break


def _columns(row: _Row, known: Sequence[Fact]) -> list[_Column]:
    """The columns of an anchor row, by which known values its amounts are; empty when they are not all known. A table of the group
    and its parent side by side is taken when each amount is just one of the known ones."""
    for scope in ("consolidated", "parent", None):
        for scale in SCALES:
            fitting = [
                [f for f in known if scope in (None, f.scope) and value and abs(value * scale - f.value) < f.scale]
                for _, value in row.amounts
            ]
            if not fitting or any(not facts or (scope is None and len(facts) > 1) for facts in fitting):
                continue
            matched = [_Column(a.x1, f, scale) for (a, _), facts in zip(row.amounts, fitting, strict=True) for f in facts]
            if len({(c.like.period, c.like.scope) for c in matched}) == len(matched) == len(row.amounts):
                return matched
    return []


def _fact(
    item: str, value: Decimal, atom: Atom, row: _Row, label: str, column: _Column, page: int, origin: Origin, columns: int
) -> Fact:
    like, box = column.like, _rounded(atom.box)
    words = [a.box for a in row.line.atoms if a.kind != "number"]
    label_box = _rounded(words[0]) if words else None
    return Fact(
        id=fact_id(origin.sha256, item, like.period, like.scope, page + 1, box, None),
        item=item,
        value=value * column.scale + 0,
        currency=like.currency,
        period=like.period,
        scope=like.scope,
        assurance=like.assurance,
        statement="notes",
        borrower="",
        source=Source(origin.name, origin.sha256, page + 1, box, label_box, None),
        label=label,
        raw=atom.text,
        scale=column.scale,
        confidence=SURE if columns > 1 else LIKELY,
        flags=("from_notes",),
    )


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(edge, 2) for edge in box)
    return (x0, top, x1, bottom)
