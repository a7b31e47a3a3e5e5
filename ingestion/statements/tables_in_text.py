"""Tables of Word, HTML and text documents as grids.

A table takes along the lines before it since the last table: title, date and unit usually stand there. Cells that only
hold a currency sign or a closing bracket, as converters make them, are joined to the amount they belong to.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from lxml import etree, html

from ingestion.blocks import Block
from ingestion.readers.decoding import decoded
from ingestion.readers.docx import W, body_level, node_text, package_parts
from ingestion.statements.grid import MAX_COLUMNS, MAX_ROWS, Grid, GridCell
from ingestion.statements.numbers import is_currency_mark

LINES_ABOVE = 8
MAX_TABLES = 400
_CLOSING = re.compile(r"[)%）％]{1,2}")
_OPENING = re.compile(r"[(（]")
_BREAKING = frozenset({"p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "li", "hr", "center", "section", "article", "tr"})


def block_grids(blocks: Sequence[Block]) -> list[Grid]:
    """Every table of `blocks` with at least two columns. The locator of a cell is that of its row."""
    grids: list[Grid] = []
    above: list[str] = []
    for table, group in itertools.groupby(blocks, key=lambda b: b.table):
        if not table:
            above += [block.text for block in group]
            continue
        rows = [_joined([(text, 1) for text in block.cells], block.locator or "") for block in group]
        above = _take(grids, rows, above)
    return grids


def docx_grids(data: bytes, name: str) -> list[Grid]:
    """Every table of the body. Raises UnreadableFile when the package is broken or too large."""
    body = etree.fromstring(
        package_parts(data, name)[0], etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    )
    grids: list[Grid] = []
    above: list[str] = []
    number = 0
    for node in body_level(body) if body is not None else ():
        if node.tag != f"{W}tbl":
            above.append(node_text(node).strip())
            continue
        number += 1
        rows = [_joined(_word_cells(row), f"table {number} row {at}") for at, row in enumerate(node.iter(f"{W}tr"), 1)]
        above = _take(grids, rows, [text for text in above if text])
    return grids


def _word_cells(row: etree._Element) -> list[tuple[str, int]]:
    out = []
    for cell in row.iterchildren(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        text = " ".join(node_text(part).rstrip() for part in cell.iter(f"{W}p")).rstrip()
        out.append((text, _span(span.get(f"{W}val") if span is not None else None)))
    return out


def html_grids(data: bytes) -> list[Grid]:
    """Every innermost table of an HTML page."""
    text, _ = decoded(data, html=True)
    if not text.strip():
        return []
    # bytes again: lxml refuses a decoded string that still carries an encoding declaration
    root = html.document_fromstring(text.encode("utf-8"), html.HTMLParser(encoding="utf-8", huge_tree=True))
    grids: list[Grid] = []
    above: list[str] = []
    number = 0
    for kind, value in _flow(root):
        if kind == "line":
            above.append(str(value))
            continue
        number += 1
        assert not isinstance(value, str)
        held: dict[int, int] = {}
        rows = [_joined(_html_cells(row, held), f"table {number} row {at}") for at, row in enumerate(value.iter("tr"), 1)]
        above = _take(grids, rows, above)
        if len(grids) >= MAX_TABLES:
            break
    return grids


def _flow(root: etree._Element) -> Iterator[tuple[str, str | etree._Element]]:
    """Lines of text and innermost tables in reading order."""
    words: list[str] = []

    def line() -> Iterator[tuple[str, str | etree._Element]]:
        text = " ".join(" ".join(words).split())
        words.clear()
        if text:
            yield "line", text

    inside: etree._Element | None = None
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if inside is not None:
            if event == "end" and node is inside:
                inside = None
                words.append(node.tail or "")
            continue
        if event == "end":
            if tag in _BREAKING:
                yield from line()
            words.append(node.tail or "")
        elif tag == "table" and node.find(".//table") is None:
            yield from line()
            yield "table", node
            inside = node
        elif tag in ("script", "style", "head"):
            inside = node
        else:
            if tag in _BREAKING:
                yield from line()
            words.append(node.text or "" if tag else "")
    yield from line()


def _html_cells(row: etree._Element, held: dict[int, int]) -> list[tuple[str, int]]:
    """Cells with their spans; columns still held by a cell of a row above (rowspan) are left empty."""
    out: list[tuple[str, int]] = []
    column = 0
    for cell in row.iterchildren("td", "th"):
        while held.get(column, 0) > 0:
            held[column] -= 1
            out.append(("", 1))
            column += 1
        span, rows = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        out.append((" ".join(" ".join(str(part) for part in cell.itertext()).split()), span))
        for index in range(column, column + span):
            held[index] = rows - 1
        column += span
    for index in held:
        held[index] -= index >= column
    return out


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MAX_COLUMNS) if value and value.isdigit() else 1


def _joined(cells: Sequence[tuple[str, int]], locator: str) -> list[GridCell | None]:
    """The cells of one row by column, signs and brackets joined to their amounts."""
    out: list[GridCell | None] = []
    last = -1
    opened = ""
    for text, span in cells:
        bare = text.strip()
        if bare and last >= 0 and _CLOSING.fullmatch(bare):
            held = out[last]
            assert held is not None
            out[last] = GridCell(held.text + bare, held.locator, held.span)
            bare = ""
        elif bare and (is_currency_mark(bare) or _OPENING.fullmatch(bare)):
            opened, bare = opened + bare, ""
        if bare:
            out.append(GridCell(opened + text if opened else text, locator, span))
            last, opened = len(out) - 1, ""
        else:
            out.append(None)
        out += [None] * (span - 1)
    return out


def _take(grids: list[Grid], rows: list[list[GridCell | None]], above: list[str]) -> list[str]:
    """Adds a table of at least two columns; returns the lines that stay open for the next table."""
    filled = [row for row in rows[:MAX_ROWS] if any(row)]
    if max((sum(1 for cell in row if cell) for row in filled), default=0) < 2:
        return [*above, *(cell.text for row in filled for cell in row if cell)]
    grids.append(Grid("", filled, above[-LINES_ABOVE:]))
    return []
