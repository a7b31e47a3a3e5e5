"""Rows of cells with their places, the same from a spreadsheet, a Word or HTML table, and a printed page.

A ruled table on a page is cut along its rules, so that what is wrapped inside a cell stays together; other lines are cut at wide
gaps. Columns of a grid count 0, 1, 2 …; cells of an unruled line keep their edges in points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingestion.blocks import Block
from ingestion.language import joined
from ingestion.pdf.document import PdfDocument
from ingestion.pdf.words import PageLayout, Rule, Word, union
from tools.domain.facts import Box

GAP_SHARE = 1.0
"""A gap wider than this share of the font size ends a cell of an unruled line."""
BASELINE_SHARE = 0.45
TOUCH = 2.0
LEAST_RULES = 3
LONGEST_PAGES = 400
CELL = re.compile(r"^(?:(?P<sheet>.*)!)?(?P<column>[A-Z]{1,3})(?P<row>\d+)$")


@dataclass(frozen=True, slots=True)
class PaperCell:
    """One filled cell; `x0` and `x1` are column numbers in a grid, points on an unruled line."""

    text: str
    x0: float
    x1: float
    page: int | None = None
    box: Box | None = None
    locator: str | None = None
    words: tuple[Word, ...] = ()
    shown: Callable[[Box], Box] | None = None

    def box_of(self, start: int, end: int) -> Box | None:
        """The box of some characters of the text, of the whole cell where they cannot be told apart."""
        boxes: list[Box] = []
        at = 0
        for word in self.words:
            found = self.text.find(word.text, at)
            if found < 0:
                return self.box
            at = found + len(word.text)
            if found < end and at > start:
                boxes.append(word.cut(max(start - found, 0), min(end, at) - found).box)
        return self.shown(union(boxes)) if boxes and self.shown is not None else self.box


@dataclass(frozen=True, slots=True)
class PaperRow:
    """Filled cells, left to right. `table` is "" for what stands in no grid; `top` orders lines of a page."""

    cells: tuple[PaperCell, ...]
    table: str = ""
    page: int | None = None
    locator: str | None = None

    @property
    def text(self) -> str:
        """All cells with a bar between them."""
        return " | ".join(cell.text for cell in self.cells)

    @property
    def box(self) -> Box | None:
        """Around all cells."""
        boxes = [cell.box for cell in self.cells if cell.box is not None]
        return union(boxes) if boxes else None


def rows_of_blocks(blocks: Iterable[Block]) -> Iterator[PaperRow]:
    """Rows of a file that has no pages; text outside tables is a row of one cell."""
    for block in blocks:
        if block.cells:
            cells = tuple(
                PaperCell(text.strip(), float(at), at + 1.0, block.page, None, _cell_locator(block, at))
                for at, text in enumerate(block.cells)
                if text.strip()
            )
        else:
            cells = tuple(
                PaperCell(text.strip(), float(at), at + 1.0, block.page, None, block.locator)
                for at, text in enumerate(block.text.split("\n"))
                if text.strip()
            )
        if cells:
            yield PaperRow(cells, block.table, block.page, block.locator)


def _cell_locator(block: Block, column: int) -> str | None:
    """ "Sheet1!C12" for a cell of a sheet, else the locator of its row."""
    found = CELL.match(block.locator or "")
    if found is None:
        return block.locator
    name = ""
    index = column + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    sheet = f"{found['sheet']}!" if found["sheet"] is not None else ""
    return f"{sheet}{name}{found['row']}"


def rows_of_pdf(document: PdfDocument) -> Iterator[PaperRow]:
    """Rows of every page, top to bottom."""
    for index in range(min(document.page_count, LONGEST_PAGES)):
        yield from rows_of_page(document.layout(index))


def rows_of_page(layout: PageLayout) -> list[PaperRow]:
    """Ruled rows and free lines of one page in reading order."""
    grids = _grids(layout)
    inside: dict[int, list[Word]] = {}
    free: list[Word] = []
    for word in layout.words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        at = next((n for n, grid in enumerate(grids) if grid.holds(x, y)), None)
        if at is None:
            free.append(word)
        else:
            inside.setdefault(at, []).append(word)
    found: list[tuple[float, float, PaperRow]] = []
    for at, words in inside.items():
        found += [(top, x, row) for top, x, row in grids[at].rows(words, layout, f"p{layout.page}t{at + 1}")]
    found += _free_rows(free, layout)
    return [row for _, _, row in sorted(found, key=lambda entry: (entry[0], entry[1]))]


@dataclass(frozen=True, slots=True)
class _Grid:
    """The cell edges of one ruled table, and the rules that make them: a rule that does not cross a row does not cut it."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    rules: tuple[Rule, ...]

    def holds(self, x: float, y: float) -> bool:
        return self.across[0] - TOUCH <= x <= self.across[-1] + TOUCH and self.down[0] - TOUCH <= y <= self.down[-1] + TOUCH

    def rows(self, words: Sequence[Word], layout: PageLayout, table: str) -> Iterator[tuple[float, float, PaperRow]]:
        held: dict[int, list[Word]] = {}
        for word in words:
            held.setdefault(sum(1 for y in self.down[1:-1] if y < (word.top + word.bottom) / 2), []).append(word)
        for row, inside in sorted(held.items()):
            edges = self._edges(row)
            if len(edges) < LEAST_RULES:
                yield from _free_rows(inside, layout)
                continue
            cells: dict[int, list[Word]] = {}
            for word in inside:
                cells.setdefault(sum(1 for at in edges[1:-1] if self.across[at] < (word.x0 + word.x1) / 2), []).append(word)
            filled = tuple(
                _cell(cells[at], float(edges[at]), float(edges[at + 1]), layout) for at in range(len(edges) - 1) if at in cells
            )
            yield self.down[row], self.across[0], PaperRow(filled, table, layout.page)

    def _edges(self, row: int) -> list[int]:
        """Numbers of the edges whose rules cross the middle of a row, the outer ones always."""
        middle = (self.down[row] + self.down[row + 1]) / 2
        xs = [(rule.x0 + rule.x1) / 2 for rule in self.rules if rule.top - TOUCH <= middle <= rule.bottom + TOUCH]
        last = len(self.across) - 1
        return [at for at, x in enumerate(self.across) if at in (0, last) or any(abs(x - other) <= TOUCH * 1.5 for other in xs)]


def _free_rows(words: Iterable[Word], layout: PageLayout) -> Iterator[tuple[float, float, PaperRow]]:
    for line in _lines(words):
        cells = tuple(_segment(piece, layout) for piece in _segments(line))
        yield min(word.top for word in line), line[0].x0, PaperRow(cells, "", layout.page)


def _grids(layout: PageLayout) -> list[_Grid]:
    """Ruled tables: groups of touching rules with at least three lines each way."""
    down = [rule for rule in layout.rules if not rule.horizontal and rule.bottom - rule.top > 6]
    flat = [rule for rule in layout.rules if rule.horizontal and rule.x1 - rule.x0 > 12]
    if len(down) < LEAST_RULES or len(flat) < LEAST_RULES:
        return []
    bands: list[list[float]] = []
    for rule in sorted(down, key=lambda r: r.top):
        band = next((b for b in bands if rule.top <= b[1] + TOUCH and rule.bottom >= b[0] - TOUCH), None)
        if band is None:
            bands.append([rule.top, rule.bottom])
        else:
            band[0], band[1] = min(band[0], rule.top), max(band[1], rule.bottom)
    grids = []
    for top, bottom in bands:
        ys = _merged(
            [(r.top + r.bottom) / 2 for r in flat if top - TOUCH <= (r.top + r.bottom) / 2 <= bottom + TOUCH] + [top, bottom]
        )
        xs = _merged([(r.x0 + r.x1) / 2 for r in down if r.top < bottom and r.bottom > top])
        if len(xs) >= LEAST_RULES and len(ys) >= LEAST_RULES:
            own = tuple(rule for rule in down if rule.top < bottom and rule.bottom > top)
            grids.append(_Grid(tuple(xs), tuple(ys), own))
    return grids


def _merged(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > TOUCH * 1.5:
            out.append(value)
    return out


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.baseline, w.x0)):
        last = lines[-1] if lines else None
        if last is not None and abs(last[0].baseline - word.baseline) <= BASELINE_SHARE * max(last[0].size, word.size):
            last.append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.x0) for line in lines]


def _segments(line: Sequence[Word]) -> Iterator[list[Word]]:
    piece: list[Word] = []
    for word in line:
        if piece and word.x0 - piece[-1].x1 > GAP_SHARE * max(word.size, piece[-1].size):
            yield piece
            piece = []
        piece.append(word)
    if piece:
        yield piece


def _segment(words: Sequence[Word], layout: PageLayout) -> PaperCell:
    return _cell(words, min(w.x0 for w in words), max(w.x1 for w in words), layout)


def _cell(words: Sequence[Word], x0: float, x1: float, layout: PageLayout) -> PaperCell:
    text = ""
    lines = _lines(words)
    for line in lines:
        piece = ""
        for word in line:
            piece = joined(piece, word.text)
        text = _wrapped(text, piece)
    box = layout.displayed(union(word.box for word in words))
    return PaperCell(
        text.strip(), x0, x1, layout.page, box, None, tuple(word for line in lines for word in line), layout.displayed
    )


def _wrapped(first: str, second: str) -> str:
    """Two lines of one cell: digits broken by the edge of a narrow cell go together again."""
    if first and second and first[-1].isdigit() and second[0].isdigit():
        return first + second
    return joined(first, second)
