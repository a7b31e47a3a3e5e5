"""CSV files of the loan book as batches of text columns, each row with its physical line.

Python's own csv reader does the splitting: it counts lines inside quotes, tells ragged rows from whole ones and reads any
codec, at a speed that leaves typing and checking as the larger part of an import.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.loan_book.encoding import FIX, TextEncoding, detect
from tools.errors import ImportRefused

ROWS = 32_768
"""Rows of a batch: enough for columnar work to pay, few enough to stay small in memory."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not even be split: `cells` is what there was of it."""

    line: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Some rows: `lines` are 1-based, `columns` one string array per header cell; `broken` rows are not among them."""

    lines: pa.Array
    columns: dict[str, pa.Array]
    broken: tuple[BrokenRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CsvFile:
    """An opened CSV file whose header is in order."""

    path: Path
    encoding: TextEncoding
    header: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes."""
        return self.encoding.sha256

    def batches(self) -> Iterator[TextBatch]:
        """All rows after the header, in order. Raises ImportRefused for a quote that never closes."""
        with self.path.open(encoding=self.encoding.codec, newline="") as stream:
            rows = _Rows(self.path, stream)
            next(rows)
            width = len(self.header)
            while True:
                lines: list[int] = []
                whole: list[list[str]] = []
                broken: list[BrokenRow] = []
                for line, cells, reason in islice(rows, ROWS):
                    if reason:
                        broken.append(BrokenRow(line, tuple(cells), reason))
                    elif len(cells) == width:
                        lines.append(line)
                        whole.append(cells)
                    else:
                        broken.append(BrokenRow(line, tuple(cells), f"{len(cells)} fields where the header has {width}"))
                if not lines and not broken:
                    return
                columns = zip(*whole, strict=True) if whole else [()] * width
                yield TextBatch(
                    pa.array(lines, pa.int64()),
                    {name: pa.array(values, pa.string()) for name, values in zip(self.header, columns, strict=True)},
                    tuple(broken),
                )


def open_csv(path: Path) -> CsvFile:
    """Finds the encoding and reads the header. Raises ImportRefused when the file is not CSV or the header is broken."""
    encoding = detect(path)
    with path.open(encoding=encoding.codec, newline="") as stream:
        first = next(_Rows(path, stream), None)
    if first is None:
        raise ImportRefused("empty: not even a header row", where=path.name, fix=FIX)
    line, cells, reason = first
    if reason:
        raise ImportRefused(f"not CSV ({reason})", where=f"{path.name} line {line}", fix=FIX)
    return CsvFile(path, encoding, header_of(path.name, cells))


def header_of(file: str, cells: list[str]) -> tuple[str, ...]:
    """Column names without surrounding blanks. Raises ImportRefused when one is empty or comes twice."""
    header = tuple(cell.strip() for cell in cells)
    for position, name in enumerate(header, 1):
        if not name:
            raise ImportRefused(f"column {position} has no name", where=f"{file} header", fix="Give every column a name")
        if header.count(name) > 1:
            raise ImportRefused(f"the column {name!r} comes twice", where=f"{file} header", fix="Remove one of them")
    return header


class _Rows:
    """(line, cells, reason) per row with anything in it. A quote that opens and never closes ends the file: what follows it
    cannot be told apart from its text."""

    def __init__(self, path: Path, stream: Any) -> None:
        self._path = path
        self._reader = csv.reader(stream, strict=True)

    def __iter__(self) -> _Rows:
        return self

    def __next__(self) -> tuple[int, list[str], str]:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except csv.Error as error:
                if "unexpected end" in str(error) or "field limit" in str(error):
                    raise ImportRefused(
                        f"a quote opens and is not closed within {csv.field_size_limit()} characters",
                        where=f"{self._path.name} line {line}",
                        fix="Close the quote, or double it where it is part of the text",
                    ) from error
                return line, [], f"not CSV: {error}"
            if any(cells):
                return line, cells, ""
