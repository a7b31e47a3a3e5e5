"""What a brief is before it is HTML, Word, PDF or Markdown: sections of lines, tables and charts, and the evidence they cite.

Texts carry citation numbers in square brackets. `proof` is what the gate reads beside a text: the numbers a chart shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from assistant.briefs.own_words import Own
from assistant.charts.sheet import Sheet

Tone = Literal["", "good", "warn", "bad", "soft"]
Level = Literal["red", "orange", "yellow", "normal", "unknown"]
LEVELS: tuple[Level, ...] = ("normal", "unknown", "yellow", "orange", "red")
"""From light to grave."""
Link = Callable[["Source"], str | None]
"""Where a source can be opened, or None."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or two. `own`: it is a signal's own sentence, proven by that signal."""

    text: str
    tone: Tone = ""
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; with a chart, `text` may be empty. `note`: a second line in small."""

    text: str = ""
    tone: Tone = ""
    sheet: Sheet | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row. `proof`: what its chart shows, as a table the gate can read; `own`: its last cell is a signal's own sentence."""

    cells: tuple[Cell, ...]
    proof: str = ""
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the table; `numeric` columns are set flush right; `abreast`: how many parts of it stand side by side."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    widths: tuple[int, ...]
    numeric: frozenset[int] = frozenset()
    abreast: int = 1

    def parts(self) -> tuple[tuple[TableRow, ...], ...]:
        """The rows of each part, first part first; the parts before the last are equally long."""
        size = -(-len(self.rows) // self.abreast)
        return tuple(self.rows[start : start + size] for start in range(0, len(self.rows), size)) if size else ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by itself."""

    sheet: Sheet
    caption: str = ""


Block = Line | Table | Chart
ABREAST = ("usage", "support", "notes", "advice")
"""Sections of sentences, which follow one another and are set in two columns."""


@dataclass(frozen=True, slots=True)
class Section:
    """`key` names it for the record and for anchors."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the evidence list: a page of a document, or rows of a table of the loan book. `labels`: what stands there."""

    number: int
    title: str
    where: str
    labels: tuple[str, ...] = ()
    sha256: str | None = None
    page: int | None = None
    box: tuple[float, ...] | None = None
    locator: str | None = None
    ids: tuple[str, ...] = ()

    def shape(self) -> dict[str, Any]:
        """For the record and for --json."""
        return {
            "number": self.number, "title": self.title, "where": self.where, "labels": list(self.labels), "sha256": self.sha256,
            "page": self.page, "box": list(self.box) if self.box else None, "locator": self.locator,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brief:
    """One brief in one language. `head` are name and value pairs under the title; `dropped` are texts the gate stopped, with why."""

    borrower: str
    name: str
    month: str
    language: str
    as_of: date
    title: str
    level: Level
    level_text: str
    verdict: tuple[Line, ...]
    head: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    foot: tuple[str, ...]
    dropped: tuple[Mapping[str, str], ...] = ()
    figures: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)
    gaps: tuple[Mapping[str, Any], ...] = ()


def halves(sections: Sequence[Section], measure: Callable[[Section], float]) -> tuple[Sequence[Section], Sequence[Section]]:
    """Sections in two columns, in order, as evenly as their heights allow."""
    heights = [measure(section) for section in sections]
    best = min(range(1, len(sections) + 1), key=lambda cut: max(sum(heights[:cut]), sum(heights[cut:])), default=0)
    return sections[:best], sections[best:]


def grouped_sections(brief: Brief) -> Iterator[tuple[Section, ...]]:
    """Sections in order; those set in columns together."""
    waiting: list[Section] = []
    for section in brief.sections:
        if section.key in ABREAST and all(isinstance(block, Line) for block in section.blocks):
            waiting.append(section)
            continue
        if waiting:
            yield tuple(waiting)
            waiting = []
        yield (section,)
    if waiting:
        yield tuple(waiting)
