"""Statements in cells instead of on paper: a grid is laid out as a page, so that the same reading serves both.

Every cell gets a place by its row and column; numbers stand at the right of their column as on paper, merged cells in the
middle of the columns they cover, and a line is drawn round each cell. What leaves the reader names the cell, not the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingestion.pdf.words import PageLayout, Rule, Word
from ingestion.statements.assembly import statements_of
from ingestion.statements.captions import captions_of
from ingestion.statements.facts import Origin, fact_id
from ingestion.statements.model import Cell, Row, Statement
from ingestion.statements.note_sheets import sheet_facts
from ingestion.statements.notes import note_facts
from ingestion.statements.numbers import read_number
from ingestion.statements.outcome import StatementReading
from ingestion.statements.reading import read_parts
from ingestion.statements.titles import title_of
from ingestion.statements.triage import look_at, seeds_of
from ingestion.statements.units import Unit
from ingestion.statements.vocabulary import CompactTexts, words
from tools.domain.definitions import Identity, LineItem
from tools.domain.facts import Box, Fact, Source

SIZE, PITCH, PADDING = 10.0, 16.0, 24.0
MARGIN = 40.0
MAX_ROWS, MAX_COLUMNS = 3000, 64
"""A statement has some hundred rows and a dozen columns; what lies beyond is a ledger."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One filled cell: its text as shown, where it is ("Sheet1!C12"), and how many columns it covers."""

    text: str
    locator: str
    span: int = 1


@dataclass(slots=True)
class Grid:
    """One sheet or table. `rows` hold cells by column, None where empty; `above` are lines of text before the first row."""

    name: str
    rows: list[list[GridCell | None]]
    above: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Laid:
    """A grid as a page, and the way back from a place on it to the cell."""

    layout: PageLayout
    text: str
    tops: list[float]
    cells: list[list[GridCell | None]]
    edges: list[float]

    def at(self, box: Box) -> str | None:
        """The locator of the cell at the middle of `box`, or of the nearest one to its left in that row."""
        row = sum(1 for top in self.tops if top <= (box[1] + box[3]) / 2) - 1
        if not 0 <= row < len(self.cells):
            return None
        column = sum(1 for edge in self.edges if edge <= (box[0] + box[2]) / 2) - 1
        for index in range(min(column, len(self.cells[row]) - 1), -1, -1):
            cell = self.cells[row][index]
            if cell is not None:
                return cell.locator
        return None


def read_grid(
    grids: Sequence[Grid],
    *,
    rulebook_items: Mapping[str, LineItem],
    name: str,
    sha256: str,
    identities: Mapping[str, Identity] | None = None,
    unit: Unit | None = None,
) -> StatementReading:
    """Reads the statements in `grids`, the sheets or tables of one file. Facts have a locator instead of page and box."""
    laid = [_lay(number, _titled(grid)) for number, grid in enumerate(grids, 1)]
    texts = [one.text for one in laid]
    tight = CompactTexts(texts)
    looks = [look_at(index, text, tight) for index, text in enumerate(texts)]
    captions = captions_of(rulebook_items)
    seeds = seeds_of(looks)
    statements = statements_of(seeds, lambda i: laid[i].layout, [look.rows for look in looks], captions.known)
    for statement in statements:
        _place(statement, laid)
    origin = Origin(name, sha256)
    reading = read_parts(statements, texts, tight, captions, origin, identities or {}, unit or Unit())
    found = note_facts(lambda page: laid[page].layout, texts, reading.facts, origin)
    reading.facts += [_in_its_cell(fact, laid, origin) for fact in found]
    reading.facts += sheet_facts(grids, reading.facts, origin)
    reading.texts = texts
    return reading


def _in_its_cell(fact: Fact, laid: Sequence[_Laid], origin: Origin) -> Fact:
    """A fact found on a laid page, with the cell it stands in instead of page and box."""
    assert fact.source.page is not None and fact.source.box is not None
    locator = laid[fact.source.page - 1].at(fact.source.box)
    source = Source(origin.name, origin.sha256, None, None, None, locator)
    identifier = fact_id(origin.sha256, fact.item, fact.period, fact.scope, None, None, locator)
    return replace(fact, id=identifier, source=source)


def _titled(grid: Grid) -> Grid:
    """The grid with its name above it when that is a title and the first rows have none."""
    head = [*grid.above, *(cell.text for row in grid.rows[:8] for cell in row if cell is not None)]
    named = title_of(grid.name) is not None or any(p.fullmatch(grid.name.strip()) for p in words().sheet_names.values())
    if not named or any(title_of(text) for text in head):
        return grid
    kind = next((k for k, p in words().sheet_names.items() if p.fullmatch(grid.name.strip())), None)
    return Grid(grid.name, grid.rows, [words().plain_titles[kind] if kind else grid.name, *grid.above])


def _lay(number: int, grid: Grid) -> _Laid:
    rows = [row[:MAX_COLUMNS] for row in grid.rows[:MAX_ROWS]]
    count = max((len(row) for row in rows), default=0)
    numeric = [_numeric(rows, index) for index in range(count)]
    edges = [MARGIN]
    for width in _widths(rows, count):
        edges.append(edges[-1] + width)
    # room above and below, as a page has: lines at the very edge are taken for page numbers
    start = max(MARGIN, 0.12 * PITCH * (len(rows) + len(grid.above)))
    drawn: list[Word] = []
    rules: list[Rule] = []
    for at, line in enumerate(grid.above):
        drawn += _text(line, MARGIN, start + at * PITCH)
    first = start + len(grid.above) * PITCH
    tops = [first + at * PITCH for at in range(len(rows))]
    for top, row in zip(tops, rows, strict=True):
        alone = sum(1 for cell in row if cell is not None) == 1
        open_to = -1
        for index, cell in enumerate(row):
            if index > open_to:
                rules.append(Rule(edges[index], top, edges[index], top + PITCH))
            if cell is None:
                continue
            span = min(cell.span, count - index)
            open_to = max(open_to, count if alone else index + span - 1)
            drawn += _in_cell(cell, edges[index], edges[index + span], top, numeric[index], span > 1)
        rules.append(Rule(edges[0], top, edges[-1], top))
    rules.append(Rule(edges[0], first + len(rows) * PITCH, edges[-1], first + len(rows) * PITCH))
    height = first + len(rows) * PITCH + start
    texts = [*grid.above, *("  ".join(cell.text.strip() for cell in row if cell is not None) for row in rows)]
    layout = PageLayout(number, max(edges[-1] + MARGIN, 1.0), height, tuple(drawn), tuple(rules))
    return _Laid(layout, "\n".join(texts), tops, rows, edges)


def _numeric(rows: Sequence[Sequence[GridCell | None]], index: int) -> bool:
    """Whether a column holds amounts: its words then stand to the right over them."""
    cells = [row[index] for row in rows if index < len(row)]
    texts = [cell.text for cell in cells if cell is not None]
    return sum(1 for text in texts if read_number(text)) > 0.3 * len(texts)


def _widths(rows: Sequence[Sequence[GridCell | None]], count: int) -> list[float]:
    """Widths of the columns, with room for the headers that stand over several of them."""
    widths = [_column_width(rows, index) for index in range(count)]
    for row in rows:
        if sum(1 for cell in row if cell is not None) < 2:
            continue
        for index, cell in enumerate(row):
            span = min(cell.span, count - index) if cell is not None else 1
            lacking = _width(cell.text.strip()) + PADDING - sum(widths[index : index + span]) if cell is not None else 0.0
            if span > 1 and lacking > 0:
                widths[index : index + span] = [width + lacking / span for width in widths[index : index + span]]
    return widths


def _column_width(rows: Sequence[Sequence[GridCell | None]], index: int) -> float:
    """Wide enough for every cell, but not for a caption that stands alone in its row."""
    widest = 0.0
    for row in rows:
        cell = row[index] if index < len(row) else None
        if cell is not None and cell.span == 1 and (sum(1 for c in row if c is not None) > 1 or index > 0):
            widest = max(widest, _width(cell.text))
    return min(widest, 400.0) + PADDING


def _in_cell(cell: GridCell, left: float, right: float, top: float, numeric: bool, merged: bool) -> list[Word]:
    width = _width(cell.text.strip())
    room = right - left - PADDING
    if merged and width < room:
        x = (left + right - width) / 2
    elif (numeric or read_number(cell.text) is not None) and width <= room:
        x = right - PADDING / 2 - width
    else:
        x = left + 4 + _width(cell.text[: len(cell.text) - len(cell.text.lstrip())])
    return _text(cell.text, x, top)


def _text(text: str, x: float, top: float) -> list[Word]:
    """The words of one line from `x` on, each with its character edges."""
    out = []
    for part in text.split():
        edges = [x]
        for character in part:
            edges.append(edges[-1] + _advance(character))
        box = (x, top + 3, edges[-1], top + 3 + SIZE)
        out.append(Word(part, *box, baseline=top + 11, size=SIZE, edges=tuple(edges)))
        x = edges[-1] + 0.28 * SIZE
    return out


def _width(text: str) -> float:
    return sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    return SIZE if ord(character) >= 0x2E80 else 0.28 * SIZE if character.isspace() else 0.55 * SIZE


def _place(statement: Statement, laid: Sequence[_Laid]) -> None:
    """Locators instead of pages and boxes, for every row and cell."""
    for table in statement.tables:
        assert table.page is not None
        page = laid[table.page - 1]
        for row in table.rows:
            _place_row(row, page)
        table.page = None


def _place_row(row: Row, page: _Laid) -> None:
    for index, cell in row.cells.items():
        if cell.box is not None:
            row.cells[index] = Cell(cell.raw, cell.number, None, None, page.at(cell.box))
    if row.label_box is not None:
        row.locator = page.at(row.label_box)
    row.label_box, row.page = None, None
