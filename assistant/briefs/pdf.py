"""A brief as a PDF of A4 pages with its fonts inside and its charts as vectors.

The page is set here, line by line with exact widths, because two pages must hold it all. Same brief, same bytes: the dates of the file are
those of the brief.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.briefs.citations import grouped
from assistant.briefs.drawing import BODY, EDGE, WIDE, Drawing
from assistant.briefs.model import (
    Block,
    Brief,
    Cell,
    Chart,
    Level,
    Line,
    Link,
    Section,
    Table,
    TableRow,
    Tone,
    grouped_sections,
    halves,
)
from assistant.charts.sheet import Ink
from prompts.library import phrase_book
from tools.typesetting.cutting import cut
from tools.typesetting.fonts import text_width

SIZE, SMALL = 8.0, 6.5
SCALES = (1.0, 0.94, 0.88)
"""Tried in turn until two pages hold each brief."""
MOST_PAGES = 2
GAP = 16.0
TONES: dict[Tone, Ink] = {"bad": "bad", "warn": "warn", "good": "good", "soft": "soft", "": "ink"}
LEVELS: dict[Level, Ink] = {"red": "bad", "orange": "warn", "yellow": "warn", "normal": "good", "unknown": "soft"}


def pdf(briefs: Sequence[Brief], link: Link | None = None) -> bytes:
    """One PDF; each language begins on a page of its own."""
    with TemporaryDirectory() as folder:
        face = Path(folder) / "sans.otf"
        face.write_bytes(cut(_letters(briefs)))
        for scale in SCALES:
            paper = Paper(briefs[0], face, scale)
            longest = 0
            for brief in briefs:
                before = paper.pages
                paper.write(brief)
                longest = max(longest, paper.pages - before)
            if longest <= MOST_PAGES:
                break
        return paper.bytes()


def _letters(briefs: Sequence[Brief]) -> str:
    found = set("•0123456789–,;…[] ")
    for brief in briefs:
        stack: list[object] = [
            brief.name,
            brief.month,
            brief.title,
            brief.level_text,
            *brief.foot,
            phrase_book(f"brief_{brief.language}")["words"]["sources"],
        ]
        stack += [text for pair in brief.head for text in pair] + [line.text for line in brief.verdict]
        stack += [f"{s.title}{s.where}" for s in brief.sources]
        for section in brief.sections:
            stack.append(section.title)
            for block in section.blocks:
                stack += _texts(block)
        found.update("".join(str(text) for text in stack))
    return "".join(sorted(found))


def _texts(block: Block) -> list[str]:
    if isinstance(block, Line):
        return [block.text]
    if isinstance(block, Chart):
        return [block.caption, *(words.text for words in block.sheet.words)]
    cells = [cell for row in block.rows for cell in row.cells]
    return [*block.header, *(c.text + c.note for c in cells), *(w.text for c in cells if c.sheet for w in c.sheet.words)]


class Paper(Drawing):
    """The pages of briefs being set."""

    def __init__(self, brief: Brief, face: Path, scale: float = 1.0) -> None:
        super().__init__(face)
        self.size, self.small = SIZE * scale, SMALL * scale
        self.file.set_title(f"{brief.name} {brief.month} {brief.title}")
        self.file.set_lang("zh-CN" if brief.language == "zh" else "en")
        self.file.set_creation_date(datetime(brief.as_of.year, brief.as_of.month, brief.as_of.day, tzinfo=UTC))

    def write(self, brief: Brief) -> None:
        """One brief from a fresh page on."""
        words = phrase_book(f"brief_{brief.language}")["words"]
        self.page()
        self.line(f"{brief.title} · {brief.month}", EDGE, self.small + 0.8, "soft")
        self.y += 12
        self.line(brief.name, EDGE, 14.5, "ink", bold=True)
        level = brief.level_text
        width = text_width(level, 9.5) * 1.06 + 14
        ink = LEVELS[brief.level]
        self.stroke(((WIDE - EDGE - width, self.y + 1), (WIDE - EDGE, self.y + 1), (WIDE - EDGE, self.y + 17), (WIDE - EDGE - width, self.y + 17),
                      (WIDE - EDGE - width, self.y + 1)), ink, 1.1)  # fmt: skip
        self.line(level, WIDE - EDGE - width + 7, 9.5, ink, bold=True, drop=12.6)
        self.y += 21
        self.rule("accent", 1.4)
        self.y += 4
        self._facts(brief)
        self._verdict(brief, ink)
        for group in grouped_sections(brief):
            if len(group) > 1:
                self._abreast(group)
            else:
                self._section(group[0], EDGE, BODY)
        self._title(words["sources"], EDGE, BODY)
        for paper in grouped(brief.sources):
            pages = "; ".join(f"{source.number} {source.where}".strip() for source in paper)
            self.text(f"{paper[0].title}  {pages}", EDGE, BODY, self.small, "soft")
        self.y += 3
        self.rule("rule", 0.6)
        self.y += 2
        for said in brief.foot:
            if said:
                self.text(said, EDGE, BODY, self.small, "soft")

    def _facts(self, brief: Brief) -> None:
        share = BODY / 4
        for start in range(0, len(brief.head), 4):
            pairs = brief.head[start : start + 4]
            heights = [
                self.set(value, EDGE + i * share, share - 8, self.size, "ink", draw=False) for i, (_, value) in enumerate(pairs)
            ]
            top = self.y
            for i, (name, value) in enumerate(pairs):
                self.y = top
                self.line(name, EDGE + i * share, self.small, "soft")
                self.y += 8.5
                self.set(value, EDGE + i * share, share - 8, self.size, "ink")
            self.y = top + 8.5 + max(heights) + 1.5

    def _verdict(self, brief: Brief, ink: Ink) -> None:
        self.y += 4
        top = self.y
        for place, line in enumerate(brief.verdict):
            size = self.size + 1 if not place else self.size
            self.text(
                line.text,
                EDGE + 10,
                BODY - 10,
                size,
                ink if not place else "soft" if line.tone == "soft" else "ink",
                bold=not place,
            )
        self.fill(EDGE, top, 3, self.y - top + 1, ink)
        self.y += 2

    def _abreast(self, sections: Sequence[Section]) -> None:
        """Sections of sentences in two columns, on one page."""
        width = (BODY - GAP) / 2
        columns = halves(sections, lambda section: self._measured(section, width))
        self.room(max(sum(self._measured(section, width) for section in column) for column in columns))
        top, low = self.y, self.y
        for place, column in enumerate(columns):
            self.y = top
            for section in column:
                self._section(section, EDGE + place * (width + GAP), width)
            low = max(low, self.y)
        self.y = low

    def _measured(self, section: Section, width: float) -> float:
        lines = [block for block in section.blocks if isinstance(block, Line)]
        return 22 + sum(self.set(line.text, 0, width - 9, self.size, "ink", draw=False) + 1 for line in lines)

    def _section(self, section: Section, x: float, width: float) -> None:
        self._title(section.title, x, width)
        for block in section.blocks:
            if isinstance(block, Line):
                height = self.set(block.text, x + 9, width - 9, self.size, "ink", draw=False)
                self.room(height)
                self.line("•", x + 1, self.size, TONES[block.tone])
                self.set(block.text, x + 9, width - 9, self.size, "soft" if block.tone == "soft" else "ink")
                self.y += height + 1
            elif isinstance(block, Chart):
                self.room(block.sheet.height + 12)
                if block.caption:
                    self.y += 2
                    self.line(block.caption, x, self.small, "soft")
                    self.y += 9
                self.sheet(block.sheet, x, self.y, min(width / block.sheet.width, 1.06))
                self.y += block.sheet.height * min(width / block.sheet.width, 1.06) + 2
            else:
                self._table(block, x, width)

    def _title(self, text: str, x: float, width: float) -> None:
        self.room(36)
        self.y += 5
        self.line(text, x, 9, "accent", bold=True)
        self.y += 12
        self.stroke(((x, self.y), (x + width, self.y)), "rule", 0.7)
        self.y += 2.5

    def _table(self, table: Table, x: float, width: float) -> None:
        parts = table.parts()
        if not parts:
            return
        share = (width - GAP * (len(parts) - 1)) / len(parts)
        starts = [x + place * (share + GAP) for place in range(len(parts))]
        edges = [sum(table.widths[:i]) / sum(table.widths) * share for i in range(len(table.header) + 1)]
        self._head(table, starts, edges, share)
        for place in range(max(len(part) for part in parts)):
            rows = [part[place] if place < len(part) else None for part in parts]
            height = max(self._row_height(row, edges) for row in rows if row is not None)
            if self.room(height):
                self._head(table, starts, edges, share)
            for start, row in zip(starts, rows, strict=True):
                if row is not None:
                    self._row(row, table, start, edges, height)
                    self.stroke(((start, self.y + height), (start + share, self.y + height)), "rule", 0.5)
            self.y += height + 0.8

    def _head(self, table: Table, starts: Sequence[float], edges: Sequence[float], share: float) -> None:
        for start in starts:
            for column, title in enumerate(table.header):
                room = edges[column + 1] - edges[column] - 6
                at = start + edges[column] + (room - text_width(title, self.small) if column in table.numeric else 0)
                self.line(title, at, self.small, "soft")
        self.y += 9.5
        for start in starts:
            self.stroke(((start, self.y), (start + share, self.y)), "soft", 0.7)
        self.y += 0.8

    def _row_height(self, row: TableRow, edges: Sequence[float]) -> float:
        heights = []
        for column, cell in enumerate(row.cells):
            room = edges[column + 1] - edges[column] - 6
            drawn = cell.sheet.height * min(room / cell.sheet.width, 1) if cell.sheet is not None and cell.sheet.marks else 0.0
            beside = cell.sheet.width + 3 if cell.sheet is not None and drawn and cell.text else 0.0
            text = self.set(cell.text, 0, room - beside, self.size, "ink", draw=False) if cell.text else 0.0
            note = self.set(cell.note, 0, room, self.small, "soft", draw=False) if cell.note else 0.0
            heights.append(max(drawn, text + note))
        return max([*heights, self.size]) + 3

    def _row(self, row: TableRow, table: Table, x: float, edges: Sequence[float], height: float) -> None:
        top = self.y
        for column, cell in enumerate(row.cells):
            left, room = x + edges[column], edges[column + 1] - edges[column] - 6
            self.y = top
            self._cell(cell, left, room, height, right=column in table.numeric)
        self.y = top

    def _cell(self, cell: Cell, x: float, room: float, height: float, *, right: bool) -> None:
        top = self.y
        shift = 0.0
        if cell.sheet is not None and cell.sheet.marks:
            scale = min(room / cell.sheet.width, 1)
            self.sheet(cell.sheet, x, top + (height - cell.sheet.height * scale) / 2, scale)
            shift = cell.sheet.width * scale + 3
        text = self.set(cell.text, x + shift, room - shift, self.size, "ink", draw=False) if cell.text else 0.0
        note = self.set(cell.note, x, room, self.small, "soft", draw=False) if cell.note else 0.0
        self.y = top + (height - text - note) / 2
        if cell.text:
            self.set(
                cell.text, x + shift, room - shift, self.size, TONES[cell.tone], bold=cell.tone in ("bad", "warn"), right=right
            )
            self.y += text
        if cell.note:
            self.set(cell.note, x, room, self.small, "soft", right=right)
