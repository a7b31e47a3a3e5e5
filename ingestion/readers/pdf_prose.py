"""Blocks of a PDF from the text of its pages, without geometry.

Geometry is spent only on statement pages and on passages that are cited (ingestion.quote_boxes); prose needs the reading
order that pypdfium2 already gives. Running heads and page numbers are dropped because they would sit in every passage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from ingestion.blocks import Block, Reading
from ingestion.language import joined
from ingestion.readers.lines import (
    BULLET,
    LABEL,
    LINES_KEPT,
    SENTENCE_END,
    heading_level,
    is_row,
    is_title_case,
    numbers_in,
    only_dates,
    width,
)

PAGE_NUMBER = re.compile(
    r"^(?:[-–— ]*\d{1,4}[-–— ]*|\d{1,4}\s*/\s*\d{1,4}|第\s*\d+\s*页.*|Page\s+\d+.*|[ivxlc]{1,6}|[A-Z]-\d{1,3})$"
)
SECTION_LINE = re.compile(
    r"^(?:SECTION|Section|ARTICLE|Article|Clause)\s+[\dIVX][\d.IVX]*\b|^§\s*\d|^\d{1,2}\.\d{1,3}\s+[A-Z]|^第[一二三四五六七八九十百\d]{1,5}[条章]"
)
"""A numbered clause begins a block of its own where the line before it ended."""
EDGE = 3
HEADER_LINES = 6
GAP = 3
TAIL = 500
HEADER_WORD = re.compile(
    r"(?i)(?:19|20)\d\d|单位|币种|项目|附注|期末|期初|本期|上期|金额|余额|note|ended|december|in (?:thousands|millions)"
)


def blocks_of_pages(texts: Sequence[str]) -> Reading:
    """Blocks of all pages in order; rows of one table share `table` and carry the column header lines in `header`."""
    pages = [[line for line in (raw.strip() for raw in text.splitlines()) if line] for text in texts]
    running = _running_lines(pages)
    blocks: list[Block] = []
    for number, lines in enumerate(pages, 1):
        kept = [
            line
            for at, line in enumerate(lines)
            if not (
                (at < _edge(lines) or at >= len(lines) - _edge(lines)) and (_shape(line) in running or PAGE_NUMBER.match(line))
            )
        ]
        page_blocks = _page_blocks(kept, number)
        if blocks and page_blocks:
            _carry_sentence(blocks, page_blocks)
        blocks += page_blocks
    title = next((block.text for block in blocks if block.page == 1), "")
    return Reading(blocks=blocks, pages=len(pages), title=title)


def _edge(lines: list[str]) -> int:
    """How many lines at the top and bottom may be running heads: fewer on a short page."""
    return min(EDGE, (len(lines) + 1) // 4)


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _running_lines(pages: Sequence[list[str]]) -> frozenset[str]:
    seen: Counter[str] = Counter()
    for lines in pages:
        edge = _edge(lines)
        seen.update({_shape(line) for line in (*lines[:edge], *lines[len(lines) - edge :])})
    enough = max(3, len(pages) // 4)
    return frozenset(line for line, count in seen.items() if count >= enough)


def _page_blocks(lines: list[str], page: int) -> list[Block]:
    blocks: list[Block] = []
    full = _full_width(lines)
    rows_at = [is_row(line) for line in lines]
    next_row = _next_rows(rows_at)
    at = table = 0
    prose = header = last = ""

    def flush() -> None:
        nonlocal prose
        if prose:
            blocks.append(Block(prose, page=page))
        prose = ""

    while at < len(lines):
        zone = _table_from(lines, at, rows_at) if next_row[at] - at <= HEADER_LINES else None
        if zone is not None:
            flush()
            table += 1
            rows = _table_blocks(lines[at : zone[1]], zone[0] - at, page, f"p{page}t{table}", header)
            header = rows[0].header
            blocks += rows
            at = zone[1]
            continue
        line = lines[at]
        following = lines[at + 1] if at + 1 < len(lines) else ""
        level = heading_level(line)
        if not level and is_title_case(line) and (not prose or SENTENCE_END.search(prose)) and width(following) > 50:
            level = 4
        if level:
            flush()
            blocks.append(Block(line, role="heading", page=page, level=level))
        else:
            if prose and _begins(line, last, full):
                flush()
            last = line
            prose = joined(prose, line)
            if SENTENCE_END.search(line) and width(line) < 0.85 * full:
                flush()
        at += 1
    flush()
    return blocks


def _next_rows(rows_at: Sequence[bool]) -> list[int]:
    """For every line, the place of the row at it or next after it; far beyond the page where none follows."""
    places, following = [], len(rows_at) + HEADER_LINES + 1
    for at in range(len(rows_at) - 1, -1, -1):
        following = at if rows_at[at] else following
        places.append(following)
    return places[::-1]


def _begins(line: str, last: str, full: float) -> bool:
    """Whether `line` starts something of its own instead of running on from `last`."""
    if BULLET.match(line) or LABEL.match(line):
        return True
    if line[0].islower():
        return False
    ended = bool(SENTENCE_END.search(last))
    if SECTION_LINE.match(line) and (ended or last.endswith((":", "："))):
        return True
    alone = width(line) <= 0.4 * full and not SENTENCE_END.search(line)
    return width(last) < 0.6 * full or (alone and (ended or width(last) < 0.85 * full))


def _full_width(lines: list[str]) -> float:
    """How wide a full line of this page's text is: three lines in four are no wider."""
    widths = sorted(width(line) for line in lines)
    return float(max(widths[(3 * len(widths)) // 4], 30)) if widths else 80.0


@lru_cache(maxsize=LINES_KEPT)
def _says_header(line: str) -> bool:
    return HEADER_WORD.search(line) is not None


def _table_from(lines: list[str], start: int, rows_at: Sequence[bool]) -> tuple[int, int] | None:
    """(first row, end) of a table whose header lines begin at `start`, or None. `rows_at` tells which lines are rows."""
    first = start
    while first < len(lines) and first - start < HEADER_LINES and not rows_at[first]:
        if width(lines[first]) > 60 or (SENTENCE_END.search(lines[first]) and not _says_header(lines[first])):
            return None
        if first == start and not _says_header(lines[first]) and heading_level(lines[first]):
            return None
        first += 1
    if first >= len(lines) or not rows_at[first]:
        return None
    if first > start and not any(_says_header(line) for line in lines[start:first]):
        return None
    rows, end, gap, at = 0, first, 0, first
    while at < len(lines):
        if rows_at[at]:
            rows, gap, end = rows + 1, 0, at + 1
        elif width(lines[at]) <= 60 and not SENTENCE_END.search(lines[at]) and gap < GAP:
            gap += 1
        else:
            break
        at += 1
    return (first, end) if rows >= 3 else None


def _table_blocks(lines: list[str], first: int, page: int, table: str, above: str) -> list[Block]:
    """Rows of one table; without a header of its own it continues the table `above` it on the page."""
    while first + 1 < len(lines) and only_dates(lines[first]):
        first += 1  # a line of bare dates or years is a header, not a row
    header = " | ".join(lines[:first]) or above
    blocks, label = [], ""
    for line in lines[first:]:
        if numbers_in(line) == 0:
            label = joined(label, line)
            continue
        blocks.append(Block(joined(label, line), role="row", page=page, table=table, header=header))
        label = ""
    if label:
        blocks.append(Block(label, role="row", page=page, table=table, header=header))
    return blocks


def _carry_sentence(before: list[Block], after: list[Block]) -> None:
    """A sentence broken by the page edge stays whole on the page where it begins."""
    last, first = before[-1], after[0]
    if last.role != "paragraph" or first.role != "paragraph" or SENTENCE_END.search(last.text):
        return
    if first.text[0].isupper() or BULLET.match(first.text):
        return
    end = re.search(r"[。！？；]|[.!?](?=\s|$)", first.text[:TAIL])
    if end is None:
        return
    before[-1] = Block(joined(last.text, first.text[: end.end()]), page=last.page)
    rest = first.text[end.end() :].strip()
    after[0:1] = [Block(rest, page=first.page)] if rest else []
