"""Workbooks as grids: values as the sheet shows them, with the cell each one stands in.

Formulas count by the value the spreadsheet program last stored; a formula without one cannot be read and is reported. A
display format that hides thousands is applied, because the unit printed above the sheet is meant for what is shown.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ingestion.cell_names import column_letters
from ingestion.extraction import Message
from ingestion.readers.decoding import decoded
from ingestion.readers.workbook import DAMAGED
from ingestion.statements.grid import MAX_COLUMNS, MAX_ROWS, Grid, GridCell
from tools.errors import UnreadableFile

MAX_UNPACKED = 60 * 1024 * 1024
"""Bytes of XML in a workbook that is read cell by cell: a set of statements has a hundredth of it."""
MAX_SHEETS = 60
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(slots=True)
class Sheets:
    """The grids of a workbook and what could not be read in it."""

    grids: list[Grid] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def workbook_grids(data: bytes, name: str, form: str) -> Sheets:
    """`form` is xlsx, xls or csv. Raises UnreadableFile (truncated, encrypted, too_large)."""
    if form == "csv":
        return _csv(data)
    return _xlsx(data, name) if form == "xlsx" else _xls(data, name)


def _csv(data: bytes) -> Sheets:
    text, note = decoded(data)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows: list[list[GridCell | None]] = []
    for number, line in enumerate(itertools.islice(csv.reader(io.StringIO(text, newline=""), dialect), MAX_ROWS), 1):
        rows.append(
            [
                GridCell(value, f"line {number} column {column}") if value.strip() else None
                for column, value in enumerate(line[:MAX_COLUMNS], 1)
            ]
        )
    return Sheets([Grid("", rows)], [Message("warning", None, note)] if note else [])


def _xlsx(data: bytes, name: str) -> Sheets:
    import openpyxl

    sheets = Sheets()
    try:
        total = sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist())
        if total > MAX_UNPACKED:
            raise UnreadableFile(
                f"the workbook unpacks to {total} bytes", reason="too_large", where=name, fix="Send only the sheets that matter"
            )
        shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        written = openpyxl.load_workbook(io.BytesIO(data))
        for sheet in shown.worksheets[:MAX_SHEETS]:
            sheets.grids.append(_sheet(sheet))
            missing = _without_value(sheet, written[sheet.title])
            if missing:
                sheets.messages.append(_never_calculated(name, sheet.title, missing))
    except DAMAGED as error:
        raise UnreadableFile("the workbook is damaged", reason="truncated", where=name, fix="Ask for it again") from error
    return sheets


def _sheet(sheet: Any) -> Grid:
    spans = {(r.min_row, r.min_col): r.max_col - r.min_col + 1 for r in sheet.merged_cells.ranges}
    rows: list[list[GridCell | None]] = []
    for row in sheet.iter_rows(max_row=min(sheet.max_row, MAX_ROWS), max_col=min(sheet.max_column, MAX_COLUMNS)):
        cells: list[GridCell | None] = []
        for cell in row:
            text = shown_text(cell.value, cell.number_format or "")
            if text and isinstance(cell.value, str) and cell.alignment is not None and cell.alignment.indent:
                text = "  " * int(cell.alignment.indent) + text
            place = f"{sheet.title}!{column_letters(cell.column - 1)}{cell.row}" if text.strip() else ""
            cells.append(GridCell(text, place, spans.get((cell.row, cell.column), 1)) if place else None)
        rows.append(cells)
    return Grid(sheet.title, rows)


def _without_value(shown: Any, written: Any) -> list[str]:
    """Cells with a formula and no stored value."""
    bottom, right = min(written.max_row, MAX_ROWS), min(written.max_column, MAX_COLUMNS)
    return [
        f"{column_letters(cell.column - 1)}{cell.row}"
        for row in written.iter_rows(max_row=bottom, max_col=right)
        for cell in row
        if cell.data_type == "f" and shown.cell(cell.row, cell.column).value is None
    ]


def _never_calculated(name: str, sheet: str, cells: list[str]) -> Message:
    text = f"{name}, sheet {sheet}: {len(cells)} formulas have no stored value ({', '.join(cells[:3])}), so they are not read"
    return Message("error", None, f"{text}. Open the workbook in a spreadsheet program, save it and send it again")


def _xls(data: bytes, name: str) -> Sheets:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=True)
        return Sheets([_old_sheet(book, sheet) for sheet in book.sheets()[:MAX_SHEETS]])
    except xlrd.XLRDError as error:
        encrypted = "encrypted" in str(error).lower()
        raise UnreadableFile(
            "the workbook is encrypted" if encrypted else "the workbook is damaged",
            reason="encrypted" if encrypted else "truncated",
            where=name,
            fix="Ask for it again without a password",
        ) from error
    except DAMAGED as error:
        raise UnreadableFile("the workbook is damaged", reason="truncated", where=name, fix="Ask for it again") from error


def _old_sheet(book: Any, sheet: Any) -> Grid:
    spans = {(r0, c0): c1 - c0 for r0, _, c0, c1 in sheet.merged_cells}
    rows: list[list[GridCell | None]] = []
    for at in range(min(sheet.nrows, MAX_ROWS)):
        cells: list[GridCell | None] = []
        for column, (value, pattern) in enumerate(_old_values(book, sheet, at)):
            text = shown_text(value, pattern)
            place = f"{sheet.name}!{column_letters(column)}{at + 1}"
            cells.append(GridCell(text, place, spans.get((at, column), 1)) if text.strip() else None)
        rows.append(cells)
    return Grid(sheet.name, rows)


def _old_values(book: Any, sheet: Any, at: int) -> Iterator[tuple[Any, str]]:
    import xlrd

    for cell in sheet.row(at)[:MAX_COLUMNS]:
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                yield xlrd.xldate_as_datetime(cell.value, book.datemode), ""
            except (ValueError, OverflowError):
                yield str(cell.value), ""
        elif cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_BOOLEAN):
            yield None, ""
        else:
            yield cell.value, book.format_map[book.xf_list[cell.xf_index].format_key].format_str


def shown_text(value: Any, pattern: str = "") -> str:
    """A cell as its number format `pattern` shows it, without rounding what is stored."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, int | float):
        return " ".join(str(value).splitlines()).rstrip() if isinstance(value, str) else ""
    try:
        amount = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        return ""
    plain = _QUOTED.sub("", pattern.split(";")[0])
    if "%" in plain:
        return f"{amount * 100:f}%"
    amount = amount.scaleb(-3 * _hidden_thousands(plain))
    if amount != amount.to_integral_value():
        amount = round(amount, max(6, _places(plain)))
        text = f"{amount:,f}" if "," in plain else f"{amount:f}"
        kept = _places(plain)
        head, _, tail = text.partition(".")
        return f"{head}.{tail.rstrip('0').ljust(kept, '0')}"
    places = _places(plain)
    # a plain number of four digits and more is an amount unless it can be a year: it is shown as amounts are
    grouped = "," in plain or (plain in ("", "General") and abs(amount) >= 1000 and not 1900 <= amount <= 2100)
    return f"{amount:,.{places}f}" if grouped else f"{amount:.{places}f}"


def _hidden_thousands(pattern: str) -> int:
    """How many thousands a format drops: "#,##0," shows 1,234,567 as 1,235."""
    found = re.search(r"[0#?](,+)(?=[^0#?,]*$)", pattern)
    return len(found.group(1)) if found else 0


def _places(pattern: str) -> int:
    found = re.search(r"\.([0#?]+)", pattern)
    return found.group(1).count("0") if found else 0
