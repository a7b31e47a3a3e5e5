"""A stored file without pages as people see it again: its blocks, read once more from the bytes, each with the locator facts cite.

The same readers that found the facts write the view, so that a locator always leads to what was read there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.blocks import Block, Reading
from ingestion.cell_names import column_index, column_letters
from ingestion.sniffing import sniff
from tools.errors import UnreadableFile

MOST_BLOCKS = 20_000
_CELL = re.compile(r"^(?:(?P<sheet>.*)!)?(?P<column>[A-Z]{1,3})(?P<row>\d+)$")
_LINE = re.compile(r"^line (?P<row>\d+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, with the locator that names it and whether it reads as a number."""

    text: str
    locator: str
    number: bool = False


@dataclass(slots=True)
class Grid:
    """A table or a sheet: its name, and rows of (locator, label, cells)."""

    name: str
    columns: int = 0
    rows: list[tuple[str, str, list[Cell]]] = field(default_factory=list)


View = list[Block | Grid]


def view_of(path: Path, name: str) -> View:
    """Paragraphs and tables in reading order. Raises UnreadableFile when the bytes cannot be read (any more)."""
    data = path.read_bytes()
    form = sniff(data, name).format
    reading = _reading(data, name, form)
    made: View = []
    sheets = form in ("xlsx", "xls", "csv")
    for block in reading.blocks[:MOST_BLOCKS]:
        if sheets:
            _into_sheet(made, block)
        elif block.role == "row":
            _into_table(made, block)
        else:
            made.append(block)
    return made


def _reading(data: bytes, name: str, form: str) -> Reading:
    """Which reader, as in `ingestion.reading`."""
    if form == "docx":
        from ingestion.readers.docx import docx_reading

        return docx_reading(data, name)
    if form == "html":
        from ingestion.readers.html import html_reading

        return html_reading(data, name)
    if form == "email":
        from ingestion.readers.email import email_reading

        return email_reading(data, name)
    if form in ("xlsx", "xls", "csv"):
        from ingestion.readers.workbook import workbook_reading

        return workbook_reading(data, name, form)
    if form in ("text", "markdown"):
        from ingestion.readers.decoding import decoded
        from ingestion.readers.plain import markdown_reading, text_reading

        text, _ = decoded(data)
        return markdown_reading(text) if form == "markdown" else text_reading(text)
    raise UnreadableFile(f"{form} files have no text view", reason="unsupported", where=name, fix="Download the original")


def _into_sheet(made: View, block: Block) -> None:
    """A row goes into the grid of its sheet, every cell under its own name."""
    place = block.locator or ""
    cell = _CELL.match(place)
    line = _LINE.match(place)
    sheet = (cell["sheet"] or "") if cell else ""
    grid = made[-1] if made and isinstance(made[-1], Grid) and made[-1].name == sheet else None
    if grid is None:
        grid = Grid(sheet)
        made.append(grid)
    row = cell["row"] if cell else line["row"] if line else ""
    texts = list(block.cells)
    if not texts:
        first = column_index(cell["column"]) if cell else 0
        texts = [""] * first + [block.text]
    while texts and not texts[-1]:
        texts.pop()
    prefix = f"{sheet}!" if sheet else ""
    cells = [Cell(text, f"{prefix}{column_letters(at)}{row}", _numeric(text)) for at, text in enumerate(texts)]
    grid.columns = max(grid.columns, len(cells))
    grid.rows.append((place, row, cells))


def _into_table(made: View, block: Block) -> None:
    grid = made[-1] if made and isinstance(made[-1], Grid) and made[-1].name == block.table else None
    if grid is None:
        grid = Grid(block.table)
        made.append(grid)
    cells = [
        Cell(text, f"{block.locator} column {at}", _numeric(text)) for at, text in enumerate(block.cells or (block.text,), 1)
    ]
    grid.columns = max(grid.columns, len(cells))
    grid.rows.append((block.locator or "", "", cells))


def _numeric(text: str) -> bool:
    return bool(re.fullmatch(r"[-−(（]?\s*[¥$€]?\d[\d,.\s]*%?[)）]?", text.strip())) if text else False
