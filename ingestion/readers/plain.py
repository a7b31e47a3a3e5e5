"""Plain text and Markdown, and the fixed-width <pre> text of old electronic filings.

Paragraphs are numbered from 1 ("#p3") and tables apart ("table 1 row 2"), so that a quote can be found again by hand.
"""

from __future__ import annotations

import re
from itertools import groupby

from ingestion.blocks import Block, Reading
from ingestion.language import joined
from ingestion.readers.lines import BULLET, LABEL, LEADERS, NUMBER, SENTENCE_END, heading_level, width

PAGE_BREAK = re.compile(r"(?im)^[ \t]*<PAGE>[ \t]*(?:\d{1,4})?[ \t]*(.*)$|\f")
FILING_TAG = re.compile(r"(?i)</?(?:PAGE|TABLE|CAPTION|S|C|FN|F\d+|PRE|HTML|BODY)>")
RULE = re.compile(r"^[\s\-=_|+:]{3,}$")
LONE_NUMBER = re.compile(r"^\s*-?\s*\d{1,4}\s*-?\s*$")
COLUMNS = re.compile(r"^\s*(\S.*?)(?:\s{2,}|\t)\s*([$€£¥]?\s*\(?\d[\d,.]*(?::\d[\d.]*)?\)?%?x?[\"”]?)\s*$")
MARK = re.compile(r"\*\*|__|`")
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


CLAUSE_LINE = re.compile(
    r"^\s*(?:\d{1,2}(?:\.\d{1,3}){1,3}[\s、一-鿿]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z]{1,2}|[ivx]{1,4})[）)]|第[一二三四五六七八九十百\d]{1,4}[条章]"
    r"|[\"“][^\"”]{2,60}[\"”]\s*(?:shall\s+mean|means?\b|是指|系指|指))"
)
"""A numbered clause or a definition begins a paragraph, blank line before it or not."""


class _Numbering:
    """Counts paragraphs and tables for the locators."""

    def __init__(self) -> None:
        self.paragraphs = self.tables = self.rows = 0

    def paragraph(self) -> str:
        self.paragraphs += 1
        return f"#p{self.paragraphs}"

    def table(self) -> str:
        self.tables, self.rows = self.tables + 1, 0
        return f"t{self.tables}"

    def row(self) -> str:
        self.rows += 1
        return f"table {self.tables} row {self.rows}"


def text_reading(text: str) -> Reading:
    """Blocks of plain text. Wrapped lines are joined; short or labelled lines stay apart."""
    numbering = _Numbering()
    blocks: list[Block] = []
    for lines in _paragraphs(_without_page_breaks(text)):
        blocks += _layout_blocks(lines, numbering)
    return Reading(blocks=blocks, title=blocks[0].text if blocks else "")


def markdown_reading(text: str) -> Reading:
    """Blocks of Markdown: headings, list items, table rows and paragraphs, marks removed."""
    numbering = _Numbering()
    blocks: list[Block] = []
    for lines in _tables_apart(_paragraphs(text)):
        if lines[0].lstrip().startswith("|") and len(lines) >= 2:
            blocks += _markdown_table(lines, numbering)
            continue
        prose = ""
        for line in lines:
            heading = re.match(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*$", line)
            fresh = (
                heading
                or CLAUSE_LINE.match(line)
                or re.match(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+|\s*>", line)
                or LABEL.match(_unmarked(line))
            )
            if prose and fresh:
                blocks.append(Block(prose, locator=numbering.paragraph()))
                prose = ""
            clean = _unmarked(re.sub(r"^\s*(?:>+\s*|[-*+]\s+)*", "", line).strip())
            if heading:
                level = len(heading.group(1))
                blocks.append(Block(_unmarked(heading.group(2)), "heading", locator=numbering.paragraph(), level=level))
            elif clean:
                prose = joined(prose, clean)
        if prose:
            blocks.append(Block(prose, locator=numbering.paragraph()))
    return Reading(blocks=blocks, title=blocks[0].text if blocks else "")


def _tables_apart(groups: list[list[str]]) -> list[list[str]]:
    """Lines of a table never share a group with prose, blank line between them or not."""
    return [list(run) for group in groups for _, run in groupby(group, key=lambda line: line.lstrip().startswith("|"))]


def _unmarked(text: str) -> str:
    return MARK.sub("", LINK.sub(r"\1", text)).strip()


def _markdown_table(lines: list[str], numbering: _Numbering) -> list[Block]:
    rows = [[_unmarked(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines if not RULE.match(line)]
    table = numbering.table()
    header = " | ".join(rows[0])
    blocks = [Block(header, "row", locator=numbering.row(), table=table, cells=tuple(rows[0]))]
    for cells in rows[1:]:
        text = " | ".join(cell for cell in cells if cell)
        blocks.append(Block(text, "row", locator=numbering.row(), table=table, header=header, cells=tuple(cells)))
    return blocks


def _paragraphs(text: str) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            groups[-1].append(line.rstrip())
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _without_page_breaks(text: str) -> str:
    """Page marks and lone page numbers removed, and a paragraph that ran over the edge closed up again."""
    if "<PAGE>" not in text.upper() and "\f" not in text:
        return text
    out: list[str] = []
    broken = False
    for line in text.splitlines():
        mark = PAGE_BREAK.match(line) or ("\f" in line and line.strip("\f ") == "")
        if mark:
            broken = True
            while out and (not out[-1].strip() or LONE_NUMBER.match(out[-1])):
                out.pop()
            rest = mark.group(1) if isinstance(mark, re.Match) and mark.group(1) else ""
            if rest.strip():
                out += ["", rest]
            continue
        if broken:
            if not line.strip() or LONE_NUMBER.match(line) or FILING_TAG.fullmatch(line.strip()):
                continue
            open_sentence = bool(out) and bool(out[-1].strip()) and not SENTENCE_END.search(out[-1].strip())
            same_table = bool(out) and bool(COLUMNS.match(out[-1])) and bool(COLUMNS.match(line))
            starts_low = line.strip()[0].islower() or line.strip()[0].isdigit()
            if not (same_table or (open_sentence and starts_low and not COLUMNS.match(out[-1]))):
                out.append("")
            broken = False
        out.append(line)
    return "\n".join(out)


def _layout_blocks(lines: list[str], numbering: _Numbering) -> list[Block]:
    """One blank-line group: a fixed-width table when its lines end in a column of numbers, else prose."""
    lines = [FILING_TAG.sub(" ", line) for line in lines]
    lines = [line for line in lines if line.strip() and not RULE.match(line)]
    rows = [at for at, line in enumerate(lines) if COLUMNS.match(line) and not LEADERS.search(line)]
    if rows and (len(rows) >= 2 or len(lines) == 1) and rows[-1] - rows[0] + 1 <= 2 * len(rows):
        return _layout_table(lines, rows, numbering)
    blocks: list[Block] = []
    longest = max((width(line.strip()) for line in lines), default=0)
    prose = last = ""
    for line in lines:
        clean = re.sub(r"\s{2,}", " ", line.strip())
        if prose and not _continues(prose, last, clean, longest):
            blocks.append(_text_block(prose, numbering))
            prose = ""
        prose, last = joined(prose, clean), clean
    if prose:
        blocks.append(_text_block(prose, numbering))
    return blocks


def _continues(prose: str, last: str, line: str, longest: int) -> bool:
    """Whether `line` runs on from `last`: the line before was full, and this one starts nothing of its own."""
    is_open = not SENTENCE_END.search(prose)
    if longest < 50 or (heading_level(line) and not (is_open and line[0].isdigit() and line[0].isascii())):
        return False
    if LABEL.match(line) and not (is_open and width(last) >= 0.8 * longest and line[0].isascii()):
        return False
    if BULLET.match(line) and not (is_open and width(last) >= 0.6 * longest):
        return False
    # Chinese wraps at any character, so that a wrapped line is all but full
    full = 0.85 if "一" <= last[-1] <= "鿿" else 0.6
    return width(last) >= full * longest or (is_open and line[0].islower())


def _text_block(text: str, numbering: _Numbering) -> Block:
    level = heading_level(text)
    return Block(text, "heading" if level else "paragraph", locator=numbering.paragraph(), level=level)


def _layout_table(lines: list[str], rows: list[int], numbering: _Numbering) -> list[Block]:
    blocks: list[Block] = []
    lead = lines[: rows[0]]
    header_at = next((at for at in range(len(lead)) if _is_header(lead[at:])), len(lead))
    if header_at:
        blocks += _layout_blocks(lead[:header_at], numbering)
    header = " | ".join(" ".join(re.split(r"\s{2,}", line.strip())) for line in lead[header_at:])
    table = numbering.table()
    for line in lines[rows[0] : rows[-1] + 1]:
        cells = tuple(part.strip() for part in re.split(r"\s{2,}|\t", line.strip()) if part.strip())
        blocks.append(Block(" | ".join(cells), "row", locator=numbering.row(), table=table, header=header, cells=cells))
    tail = lines[rows[-1] + 1 :]
    return blocks + (_layout_blocks(tail, numbering) if tail else [])


def _is_header(lines: list[str]) -> bool:
    return all(
        line.startswith("      ") and not SENTENCE_END.search(line.strip()) and not NUMBER.search(line) for line in lines
    )
