"""CSV files of the loan book as batches of text columns, each row with its physical line.

A file in which every line is one row goes through Arrow's reader, several times faster. Any other goes through Python's csv
reader, which counts lines inside quotes and tells what is wrong with a row. Both give the same rows, lines and faults.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pv

from ingestion.loan_book.encoding import FIX, LONGEST, TextNature, examine
from tools.errors import ImportRefused

ROWS = 32_768
"""Rows of a batch: enough for columnar work to pay, few enough to stay small in memory."""

BLOCK = 1 << 22
"""Bytes Arrow reads at once: many times the longest line of a plain file."""


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
    """An opened CSV file whose header, on line `header_line`, is in order."""

    path: Path
    nature: TextNature
    header: tuple[str, ...]
    header_line: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes."""
        return self.nature.sha256

    def batches(self) -> Iterator[TextBatch]:
        """All rows after the header, in order. Raises ImportRefused for a quote that never closes."""
        if not self.nature.plain:
            yield from self._quoted_batches()
        elif self.nature.lines > self.header_line:
            try:
                yield from self._plain_batches()
            except pa.ArrowInvalid as error:
                raise ImportRefused(f"cannot be split into rows ({error})", where=self.path.name, fix=FIX) from error

    def _plain_batches(self) -> Iterator[TextBatch]:
        skipped: deque[Any] = deque()

        def skip(row: Any) -> str:
            skipped.append(row)
            return "skip"

        reader = pv.open_csv(
            self.path,
            pv.ReadOptions(
                encoding="gb18030" if self.nature.codec == "gb18030" else "utf8",
                column_names=list(self.header),
                skip_rows=self.header_line,
                block_size=BLOCK,
                # row numbers are only given to a single thread
                use_threads=False,
            ),
            pv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=skip),
            pv.ConvertOptions(column_types=dict.fromkeys(self.header, pa.string()), strings_can_be_null=False),
        )
        line = self.header_line + 1
        for batch in reader:
            lines: list[int] = []
            broken: list[BrokenRow] = []
            while len(lines) < batch.num_rows:
                if not skipped:
                    missing = batch.num_rows - len(lines)
                    lines += range(line, line + missing)
                    line += missing
                elif skipped[0].number == line:
                    broken += self._broken(line, skipped.popleft().text)
                    line += 1
                else:
                    lines.append(line)
                    line += 1
            yield TextBatch(pa.array(lines, pa.int64()), dict(zip(self.header, batch.columns, strict=True)), tuple(broken))
        broken = [fault for row in skipped for fault in self._broken(row.number, row.text)]
        if broken:
            nothing = {name: pa.array([], pa.string()) for name in self.header}
            yield TextBatch(pa.array([], pa.int64()), nothing, tuple(broken))

    def _quoted_batches(self) -> Iterator[TextBatch]:
        with self.path.open(encoding=self.nature.codec, newline="") as stream:
            rows = _Rows(self.path, stream)
            next(rows)
            width = len(self.header)
            while True:
                lines: list[int] = []
                whole: list[list[str]] = []
                broken: list[BrokenRow] = []
                taken = 0
                for line, cells, reason in islice(rows, ROWS):
                    taken += 1
                    if reason:
                        broken.append(BrokenRow(line, tuple(cells), reason))
                    elif len(cells) == width:
                        lines.append(line)
                        whole.append(cells)
                    else:
                        broken += self._ragged(line, cells)
                if not taken:
                    return
                columns = zip(*whole, strict=True) if whole else [()] * width
                yield TextBatch(
                    pa.array(lines, pa.int64()),
                    {name: pa.array(values, pa.string()) for name, values in zip(self.header, columns, strict=True)},
                    tuple(broken),
                )

    def _broken(self, line: int, text: str) -> list[BrokenRow]:
        return self._ragged(line, next(csv.reader([text]), []))

    def _ragged(self, line: int, cells: list[str]) -> list[BrokenRow]:
        """A row with too few or too many fields, unless nothing is in it."""
        if not any(cell.strip() for cell in cells):
            return []
        return [BrokenRow(line, tuple(cells), f"{len(cells)} fields where the header has {len(self.header)}")]


def open_csv(path: Path) -> CsvFile:
    """Finds the encoding and reads the header. Raises ImportRefused when the file is not CSV or the header is broken."""
    nature = examine(path)
    with path.open(encoding=nature.codec, newline="") as stream:
        rows = _Rows(path, stream)
        first = next(rows, None)
        last_line = rows.last_line
    if first is None:
        raise ImportRefused("empty: not even a header row", where=path.name, fix=FIX)
    line, cells, reason = first
    if reason:
        raise ImportRefused(reason, where=f"{path.name} line {line}", fix=FIX)
    return CsvFile(path, nature, header_of(path.name, cells), last_line)


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
    """(line, cells, reason) per row that is not a blank line. A quote that opens and never closes ends the file: what follows it
    cannot be told apart from its text."""

    def __init__(self, path: Path, stream: Any) -> None:
        self._path = path
        self._reader = csv.reader(stream, strict=True)

    @property
    def last_line(self) -> int:
        """The last physical line read so far."""
        return int(self._reader.line_num)

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
                        f"a quote opens and is not closed within {LONGEST:,} characters",
                        where=f"{self._path.name} line {line}",
                        fix="Close the quote, or double it where it is part of the text",
                    ) from error
                return line, [], f"not CSV: {error}"
            if cells:
                return line, cells, ""
