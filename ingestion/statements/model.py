"""What a statement is between the page and the facts: cells, rows, columns, tables.

A `Table` is one block of one page (or one sheet range): its rows share a label column and value columns. A `Statement` is
the tables that continue one another under one title.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ingestion.statements.lines import Line
from ingestion.statements.numbers import Number
from ingestion.statements.titles import Title
from tools.domain.facts import Box

ColumnKind = Literal["value", "notes", "other"]


@dataclass(slots=True)
class Cell:
    """One amount as printed, with its place: a box on a page or a locator without one."""

    raw: str
    number: Number
    box: Box | None
    page: int | None
    locator: str | None = None


@dataclass(slots=True)
class Row:
    """A label with its cells by column index. `heading` rows have none; `label` is "" for a total without a label."""

    label: str
    label_box: Box | None
    cells: dict[int, Cell]
    page: int | None
    indent: float = 0.0
    locator: str | None = None

    @property
    def heading(self) -> bool:
        """True when no column holds anything."""
        return not self.cells


@dataclass(slots=True)
class ColumnPeriod:
    """What a column covers: a balance (months 0) or a flow. `sure` when the page says so without inference."""

    end: date
    months: int
    start: date | None = None
    sure: bool = True


@dataclass(slots=True)
class Column:
    """One column of numbers. `header` holds the words above it from top to bottom; the rest is worked out from them."""

    index: int
    x0: float
    x1: float
    right: float
    header: list[str] = field(default_factory=list)
    kind: ColumnKind = "value"
    period: ColumnPeriod | None = None
    scope: str | None = None
    currency: str | None = None
    factor: Decimal | None = None
    part: bool = False
    restated: bool = False
    convenience: bool = False


@dataclass(slots=True)
class Table:
    """`above`: lines between the title and the first row, top to bottom (dates, units); `closed`: an end line was met.
    `beside`: the right half of a table set in two halves. `marks`: currency marks among the amounts. `head`: those lines with their places, when the rows they head stand on the next page."""

    page: int | None
    title: Title | None
    above: list[str]
    columns: list[Column]
    rows: list[Row]
    closed: bool = False
    title_text: str = ""
    before: list[str] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    beside: bool = False
    lost: int = 0
    """Amounts printed among the rows that stand in none of the columns."""

    @property
    def values(self) -> list[Column]:
        """The columns that may hold amounts of a period."""
        return [c for c in self.columns if c.kind == "value"]


@dataclass(slots=True)
class Statement:
    """Tables under one title. All of them share the columns of the first (`columns`)."""

    kind: str
    scope: str | None
    title: Title | None
    tables: list[Table]
    columns: list[Column]

    @property
    def rows(self) -> list[Row]:
        """Every row, in reading order."""
        return [row for table in self.tables for row in table.rows]

    @property
    def pages(self) -> list[int]:
        """Pages the statement stands on."""
        return sorted({t.page for t in self.tables if t.page is not None})


def printed_places(statement: Statement) -> int:
    """Decimal places of its amounts: those most of them have, so that per-share figures do not count."""
    places = Counter(
        c.number.places
        for r in statement.rows
        for c in r.cells.values()
        if not c.number.nil and not c.number.unit and not c.number.percent
    )
    return places.most_common(1)[0][0] if places else 0
