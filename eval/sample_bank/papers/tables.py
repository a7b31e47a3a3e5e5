"""Tables on a page: ruled Chinese grids and open English columns, cells cut or wrapped to fit, continued on the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eval.sample_bank.papers.sheet import Align, Box, Colour, Page, Paper, wrapped
from tools.typesetting.fonts import Face, text_width

SHADE: Colour = (236, 236, 236)


@dataclass(frozen=True, slots=True)
class Column:
    """Width in points and how its cells stand."""

    header: str
    width: float
    align: Align = "left"


@dataclass(slots=True)
class Cell:
    """A text; `seen` is called with the page number and box once it is printed."""

    text: str
    seen: Callable[[int, Box], None] | None = None


@dataclass(slots=True)
class TableRow:
    cells: Sequence[Cell | str]
    bold: bool = False
    indent: float = 0.0
    shaded: bool = False


@dataclass(slots=True)
class Grid:
    """A ruled table. `again` is called with each new page and returns where the table goes on; `height` is of a one-line row."""

    columns: Sequence[Column]
    left: float
    size: float = 9.0
    face: Face = Face.SERIF
    height: float = 15.6
    rules: bool = True
    bottom: float = 780.0
    header_height: float = 18.0
    again: Callable[[Page], float] | None = None
    _edges: list[float] = field(default_factory=list)

    def draw(self, paper: Paper, page: Page, top: float, rows: Sequence[TableRow]) -> tuple[Page, float]:
        """Prints header and rows from `top` down; returns the page it ended on and the y below the table."""
        self._edges = [self.left]
        for column in self.columns:
            self._edges.append(self._edges[-1] + column.width)
        if top + self.header_height + self.height > self.bottom:
            page = paper.page()
            top = self.again(page) if self.again else 60.0
        y = self._header(page, top)
        start = top
        for row in rows:
            lines = self._lines(row)
            tall = max(self.height, self.height + (max(map(len, lines)) - 1) * self.size * 1.25)
            if y + tall > self.bottom:
                self._verticals(page, start, y)
                page = paper.page()
                start = self.again(page) if self.again else 60.0
                y = self._header(page, start)
            self._row(paper, page, y, tall, row, lines)
            y += tall
        self._verticals(page, start, y)
        return page, y

    def _header(self, page: Page, y: float) -> float:
        if not any(column.header for column in self.columns):
            if self.rules:
                page.rule(self._edges[0], y, self._edges[-1], y)
            return y
        parts = [column.header.split("\n") for column in self.columns]
        tall = self.header_height + (max(map(len, parts)) - 1) * self.size * 1.2
        if self.rules:
            page.area(self._edges[0], y, self._edges[-1] - self._edges[0], tall, SHADE)
            page.rule(self._edges[0], y, self._edges[-1], y, 0.8)
        for index, lines in enumerate(parts):
            middle = (self._edges[index] + self._edges[index + 1]) / 2
            base = y + tall / 2 - (len(lines) - 1) * self.size * 0.6 + self.size * 0.35
            for number, line in enumerate(lines):
                page.text(middle, base + number * self.size * 1.2, line, self.size, align="centre", bold=True)
        if self.rules:
            page.rule(self._edges[0], y + tall, self._edges[-1], y + tall)
        return y + tall

    def _lines(self, row: TableRow) -> list[list[str]]:
        got = []
        for index, cell in enumerate(row.cells):
            text = cell.text if isinstance(cell, Cell) else cell
            column = self.columns[index]
            room = column.width - 6 - (row.indent if index == 0 else 0)
            fits = text_width(text, self.size, self.face) <= room or column.align == "right"
            got.append([text] if fits else wrapped(text, room, self.size, self.face))
        return got

    def _row(self, paper: Paper, page: Page, y: float, tall: float, row: TableRow, lines: list[list[str]]) -> None:
        if row.shaded:
            page.area(self._edges[0], y, self._edges[-1] - self._edges[0], tall, SHADE)
        for index, (cell, texts) in enumerate(zip(row.cells, lines, strict=True)):
            column = self.columns[index]
            left, right = self._edges[index] + 3 + (row.indent if index == 0 else 0), self._edges[index + 1] - 3
            x = left if column.align == "left" else right if column.align == "right" else (left + right) / 2
            base = y + tall / 2 - (len(texts) - 1) * self.size * 0.625 + self.size * 0.36
            box: Box | None = None
            for number, text in enumerate(texts):
                box = page.text(x, base + number * self.size * 1.25, text, self.size, align=column.align, bold=row.bold)
            if isinstance(cell, Cell) and cell.seen and box and cell.text:
                cell.seen(paper.page_number, box)
        if self.rules:
            page.rule(self._edges[0], y + tall, self._edges[-1], y + tall, 0.4)

    def _verticals(self, page: Page, top: float, bottom: float) -> None:
        if not self.rules:
            return
        for number, edge in enumerate(self._edges):
            outer = number in (0, len(self._edges) - 1)
            page.rule(edge, top, edge, bottom, 0.8 if outer else 0.4)
        page.rule(self._edges[0], bottom, self._edges[-1], bottom, 0.8)
