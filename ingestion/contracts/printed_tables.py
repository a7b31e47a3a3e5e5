"""Tables of a printed contract as rows of cells, in the place where they stand among its clauses.

The text of a page runs a table's cells together line by line; where its rules (or the wide gaps of at least three lines) show a grid, the
rows are read from the page and take the place of those lines. A table whose text is not found whole is left as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingestion.blocks import Block
from ingestion.papers.rows import PaperRow, rows_of_page
from ingestion.pdf.document import PdfDocument
from ingestion.readers.lines import SENTENCE_END
from ingestion.readers.pdf_prose import blocks_of_pages

LEAST_LINES = 3
MOST_PAGES = 400
DIGIT = re.compile(r"\d")
MARK = "• printed table {}."


def blocks_with_tables(document: PdfDocument, texts: Sequence[str]) -> list[Block]:
    """The blocks of all pages, each table that was made out as rows with cells."""
    tables: dict[str, list[Block]] = {}
    marked: list[str] = []
    for index, text in enumerate(texts):
        found = _tables(document, index) if index < MOST_PAGES and _may_hold_one(text) else ()
        for rows in found:
            mark = MARK.format(len(tables) + 1)
            changed = _without(text, rows, mark)
            if changed is not None:
                text = changed
                tables[mark] = _blocks(rows, index + 1, f"p{index + 1}g{len(tables) + 1}")
        marked.append(text)
    out: list[Block] = []
    for block in blocks_of_pages(marked).blocks:
        out += tables.get(block.text, [block])
    return out


def _may_hold_one(text: str) -> bool:
    """Two lines with a figure that end like no sentence: geometry is spent only on such pages."""
    lines = [line.strip() for line in text.splitlines()]
    return sum(1 for line in lines if DIGIT.search(line) and len(line) < 90 and not SENTENCE_END.search(line)) >= 2


def _tables(document: PdfDocument, index: int) -> Iterator[list[PaperRow]]:
    rows = rows_of_page(document.layout(index))
    for table, group in groupby(rows, key=lambda row: row.table or ("gaps" if len(row.cells) > 1 else "")):
        held = list(group)
        figures = sum(1 for row in held if any(char.isdigit() for char in row.text))
        ruled = table not in ("", "gaps")
        if table and figures >= 1 and len(held) >= (2 if ruled else LEAST_LINES) and max(len(row.cells) for row in held) > 1:
            yield held


def _without(text: str, rows: Sequence[PaperRow], mark: str) -> str | None:
    """`text` with the lines of the table replaced by `mark`; None where they do not stand together."""
    cells = [cell.text for row in rows for cell in row.cells]
    wanted = Counter(char for cell in cells for char in cell if not char.isspace())
    size = wanted.total()
    lines = text.splitlines()
    bare = ["".join(line.split()) for line in lines]
    opening = "".join(cells[0].split())[:4]
    for at, line in enumerate(bare):
        if not line.startswith(opening):
            continue
        end, length = at, 0
        while end < len(bare) and length < size:
            length += len(bare[end])
            end += 1
        if length == size and Counter("".join(bare[at:end])) == wanted:
            return "\n".join([*lines[:at], mark, *lines[end:]])
    return None


def _blocks(rows: Sequence[PaperRow], page: int, table: str) -> list[Block]:
    """Rows with a cell for every column; the first row heads the others."""
    edges = sorted({cell.x0 for row in rows for cell in row.cells}) if rows[0].table else [cell.x0 for cell in rows[0].cells]
    out: list[Block] = []
    header = ""
    for row in rows:
        cells = [""] * len(edges)
        for cell in row.cells:
            near = min(range(len(edges)), key=lambda at: abs(edges[at] - cell.x0))
            cells[near] = f"{cells[near]} {cell.text}".strip()
        text = " | ".join(cells)
        out.append(Block(text, "row", page=page, table=table, header=header, cells=tuple(cells)))
        header = header or text
    return out
