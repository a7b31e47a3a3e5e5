"""Rows of XLSX, XLS and CSV files as blocks, so that a spreadsheet can be searched and quoted by cell.

Statement values come from the statement reader; this one only keeps the text: "Sheet1!A5" is the first filled cell of a
row. Limits on rows and columns hold however large a sheet says it is.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from ingestion.blocks import Block, Reading
from ingestion.cell_names import column_letters
from ingestion.extraction import Message
from ingestion.readers.decoding import decoded
from tools.errors import UnreadableFile

DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, IndexError, ValueError, ArithmeticError, OSError, EOFError, TypeError, AttributeError,
    SyntaxError, NotImplementedError, AssertionError,
)  # fmt: skip
"""What the libraries raise on a workbook whose parts are cut, spoiled or contradict each other."""
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_UNPACKED = 512 * 1024 * 1024


def workbook_reading(data: bytes, name: str, form: str) -> Reading:
    """`form` is xlsx, xls or csv. Raises UnreadableFile (truncated, encrypted, too_large)."""
    if form == "csv":
        return _csv(data)
    try:
        return _collect(_xlsx(data, name) if form == "xlsx" else _xls(data, name))
    except DAMAGED as error:  # rows are read as they are asked for, long after the file was opened
        raise UnreadableFile("the workbook is damaged", reason="truncated", where=name, fix="Ask for it again") from error


def _csv(data: bytes) -> Reading:
    text, note = decoded(data)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    reading = _collect([("", csv.reader(io.StringIO(text, newline=""), dialect))])
    if note:
        reading.messages.append(Message("warning", None, note))
    return reading


def _collect(sheets: Iterable[tuple[str, Iterable[Iterable[Any]]]]) -> Reading:
    reading = Reading([])
    total = 0
    for at, (sheet, rows) in enumerate(sheets, 1):
        header = ""
        for number, row in enumerate(rows, 1):
            cells = [_shown(value) for value in list(row)[:MAX_COLUMNS]]
            filled = [cell for cell in cells if cell]
            if not filled:
                continue
            total += 1
            if total > MAX_ROWS:
                reading.messages.append(Message("warning", None, f"only the first {MAX_ROWS} rows were read"))
                return reading
            first = next(place for place, cell in enumerate(cells) if cell)
            cell_name = f"{column_letters(first)}{number}"
            locator = f"{sheet}!{cell_name}" if sheet else f"line {number}"
            role = "row" if len(filled) > 1 else "paragraph"
            text = " | ".join(filled)
            reading.blocks.append(
                Block(text, "row", locator=locator, table=f"t{at}", header=header, cells=tuple(cells))
                if role == "row"
                else Block(text, locator=locator)
            )
            if not header and len(filled) >= 2:
                header = text
    reading.title = reading.blocks[0].text if reading.blocks else ""
    return reading


def _xlsx(data: bytes, name: str) -> Iterator[tuple[str, Iterable[Iterable[Any]]]]:
    import openpyxl

    try:
        total = sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist())
        if total > MAX_UNPACKED:
            raise UnreadableFile(
                f"the workbook unpacks to {total} bytes", reason="too_large", where=name, fix="Send only the sheets that matter"
            )
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield sheet.title, sheet.iter_rows(values_only=True, max_row=MAX_ROWS, max_col=MAX_COLUMNS)
    except DAMAGED as error:
        raise UnreadableFile("the workbook is damaged", reason="truncated", where=name, fix="Ask for it again") from error


def _xls(data: bytes, name: str) -> Iterator[tuple[str, Iterable[Iterable[Any]]]]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        encrypted = "encrypted" in str(error).lower()
        raise UnreadableFile(
            "the workbook is encrypted" if encrypted else "the workbook is damaged",
            reason="encrypted" if encrypted else "truncated", where=name, fix="Ask for it again without a password",
        ) from error  # fmt: skip
    except (IndexError, KeyError, ValueError, AssertionError, OSError, TypeError) as error:
        raise UnreadableFile("the workbook is damaged", reason="truncated", where=name, fix="Ask for it again") from error
    for sheet in book.sheets():
        yield sheet.name, (_xls_row(book, sheet, at) for at in range(min(sheet.nrows, MAX_ROWS)))


def _xls_row(book: Any, sheet: Any, at: int) -> list[Any]:
    import xlrd

    out: list[Any] = []
    for cell in sheet.row(at):
        value = cell.value
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                value = xlrd.xldate_as_datetime(value, book.datemode).date()
            except (ValueError, OverflowError):
                value = str(value)
        out.append(value)
    return out


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    return str(value).strip()
