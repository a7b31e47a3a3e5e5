"""The handed-over rows, typed, in a scratch database that spills to disk, beside views of the book as it was.

DuckDB does what needs many rows at once (duplicates, references, comparing with the former book, sorting into shards) in
bounded memory; nothing of it outlives the import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.loan_book.csv_files import BrokenRow, TextBatch
from ingestion.loan_book.folder import BookFile
from ingestion.loan_book.report import SHOWN, Rejection
from ingestion.loan_book.values import read_column, trimmed, why_wrong
from tools.store.book_contract import BookContract, BookTable, Column

MEMORY = "1200MB"
"""What DuckDB may hold before it spills."""

BATCHES = 16
"""Batches of one scratch transaction: it holds its rows in memory outside that limit until it ends."""

LISTED = 100_000
"""Rejections per file that the report lists; further ones are counted."""

Progress = Callable[[str], None]


class _Fault(NamedTuple):
    """A row that stays out, and the id by which others may refer to it."""

    line: int
    column: str
    value: str | None
    reason: str
    key: str | None


class Staging:
    """`staged_<table>` holds the accepted rows of a handed-over file with their line, `old_<table>` shows the book so far."""

    def __init__(self, scratch: Path, contract: BookContract) -> None:
        self.contract = contract
        self.files: dict[str, BookFile] = {}
        self.db = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(scratch / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self.db.execute(
            "CREATE TABLE rejected (tbl VARCHAR, line BIGINT, col VARCHAR, value VARCHAR, reason VARCHAR, key VARCHAR)"
        )

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.db.close()

    def show_old(self, table: BookTable, files: Iterable[str]) -> None:
        """Makes `old_<table>` from the shard files of the book so far; empty without any."""
        names = ", ".join(quoted(name) for name, _ in table.fields())
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        if listed:
            source = f"SELECT {names} FROM read_parquet([{listed}])"
        else:
            source = f"SELECT {', '.join(f'NULL::{kind} AS {quoted(name)}' for name, kind in table.fields())} WHERE false"
        self.db.execute(f"CREATE OR REPLACE VIEW old_{table.name} AS {source}")

    def stage(self, book_file: BookFile, progress: Progress) -> None:
        """Reads one file into `staged_<table>`. Raises ImportRefused when it turns out broken half-way."""
        table = book_file.table
        self.files[table.name] = book_file
        fields = [(name, kind) for name, kind in table.fields() if name != "_borrower"]
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in [("_line", "BIGINT"), *fields])
        self.db.execute(f"CREATE TABLE staged_{table.name} ({columns})")
        done = 0
        self.db.execute("BEGIN")
        for number, batch in enumerate(book_file.file.batches(), 1):
            if number % BATCHES == 0:
                self.db.execute("COMMIT")
                self.db.execute("BEGIN")
            rows, faults = self._typed(book_file, batch)
            if rows.num_rows:
                self._append(f"staged_{table.name}", rows)
            if faults:
                self._append("rejected", _fault_table(table, faults))
            done += len(batch.lines) + len(batch.broken)
            progress(f"{book_file.name}: {done:,} rows read")
        self.db.execute("COMMIT")

    @contextmanager
    def under(self, given: Mapping[str, str], files: Mapping[str, list[str]]) -> Iterator[Staging]:
        """Another staging in the same database: the rows of the relations `given` over the book in `files`. An event that this book
        knows otherwise than the one it grew from is not given to it. Valid inside the block, in which this one must rest."""
        self.db.execute("CREATE SCHEMA beneath")
        self.db.execute("SET schema = 'beneath'")
        other = copy(self)
        other.files = {name: self.files[name] for name in given}
        try:
            for table in self.contract.tables.values():
                other.show_old(table, files.get(table.name, ()))
            for name, relation in given.items():
                event = self.contract.tables[name].content == "event"
                unseen = f"WHERE id NOT IN ({self._known_otherwise(name)})" if event else ""
                self.db.execute(f"CREATE TABLE staged_{name} AS SELECT * FROM {relation} {unseen}")
            yield other
        finally:
            self.db.execute("SET schema = 'main'")
            self.db.execute("DROP SCHEMA beneath CASCADE")

    def _known_otherwise(self, table: str) -> str:
        names = [quoted(name) for name, _ in self.contract.tables[table].fields() if name != "_borrower"]
        here, before = (", ".join(f"{side}.{name}" for name in names) for side in ("l", "b"))
        return f"""SELECT l.id FROM old_{table} l LEFT JOIN main.old_{table} b ON b.id = l.id
                   WHERE b.id IS NULL OR ({here}) IS DISTINCT FROM ({before})"""

    def staged(self, table: str) -> bool:
        """True when a file was handed over for `table`."""
        return table in self.files

    def count(self, relation: str) -> int:
        """Rows of a table or view."""
        ((number,),) = self.db.execute(f"SELECT count(*) FROM {relation}").fetchall()
        return int(number)

    def known(self, table: str) -> bool:
        """True when there is any row of `table`, handed over now or before."""
        return self.staged(table) or self.count(f"(SELECT 1 FROM old_{table} LIMIT 1)") > 0

    def reject_where(self, table: BookTable, column: str, faulty: str) -> int:
        """Moves rows to the rejections: `faulty` selects (line, value, reason) of them. Returns how many."""
        ((number,),) = self.db.execute(
            f"""INSERT INTO rejected
                SELECT '{table.name}', f.line, ?, left(f.value, {SHOWN}), f.reason, s.id
                FROM (SELECT line, min(value) AS value, arg_min(reason, coalesce(value, '')) AS reason FROM ({faulty}) GROUP BY line) f
                JOIN staged_{table.name} s ON s._line = f.line""",
            [column],
        ).fetchall()
        if number:
            gone = f"SELECT line FROM rejected WHERE tbl = '{table.name}'"
            self.db.execute(f"DELETE FROM staged_{table.name} WHERE _line IN ({gone})")
        return int(number)

    def rejections(self) -> tuple[int, list[Rejection]]:
        """How many rows were left out, and the list for the report in the order of files and lines."""
        listed = []
        for table, book_file in self.files.items():
            rows = self.db.execute(
                "SELECT line, col, value, reason FROM rejected WHERE tbl = ? ORDER BY line LIMIT ?", [table, LISTED]
            ).fetchall()
            listed += [Rejection(book_file.name, line, column, value, reason) for line, column, value, reason in rows]
        return self.count("rejected"), listed

    def _append(self, table: str, rows: pa.Table) -> None:
        self.db.register("arriving", rows)
        self.db.execute(f"INSERT INTO {table} SELECT * FROM arriving")
        self.db.unregister("arriving")

    def _typed(self, book_file: BookFile, batch: TextBatch) -> tuple[pa.Table, list[_Fault]]:
        table = book_file.table
        batch = _without_blanks(batch)
        texts = batch.columns
        nothing = pa.nulls(len(batch.lines), pa.string())
        wrong = pa.repeat(False, len(batch.lines))
        typed: dict[str, pa.Array] = {}
        for name, column in table.columns.items():
            typed[name], faulty = _column_of(texts.get(name, nothing), column, self.contract)
            wrong = pc.or_(wrong, faulty)
        keys = texts["id"] if table.keyed else _joined([texts.get(name, nothing) for name in table.key])
        arrays = {
            "_line": batch.lines,
            **({} if table.keyed else {"id": keys}),
            **typed,
            "_extra": _extra(texts, book_file.unused, nothing),
        }
        rows = pa.table(arrays)
        faults = [self._broken(table, book_file, row) for row in batch.broken]
        if pc.any(wrong).as_py():
            faults += self._faults(table, texts, keys, batch, wrong)
            rows = rows.filter(pc.invert(wrong))
        return rows, faults

    def _faults(
        self, table: BookTable, texts: Mapping[str, pa.Array], keys: pa.Array, batch: TextBatch, wrong: pa.Array
    ) -> list[_Fault]:
        at = pc.indices_nonzero(wrong)
        lines, ids = batch.lines.take(at).to_pylist(), keys.take(at).to_pylist()
        names = [name for name in table.columns if name in texts]
        cells = {name: texts[name].take(at).to_pylist() for name in names}
        faults = []
        for i, (line, key) in enumerate(zip(lines, ids, strict=True)):
            said = [
                (name, cells[name][i], reason)
                for name in names
                if (reason := why_wrong(cells[name][i], table.columns[name], self.contract))
            ]
            column, value, reason = said[0]
            more = "".join(f"; also {name}: {why}" for name, _, why in said[1:])
            faults.append(_Fault(line, column, value, reason + more, key))
        return faults

    @staticmethod
    def _broken(table: BookTable, book_file: BookFile, row: BrokenRow) -> _Fault:
        cells = dict(zip(book_file.file.header, row.cells, strict=False))
        return _Fault(row.line, "", ",".join(row.cells), row.reason, cells.get("id", "").strip() if table.keyed else None)


def _fault_table(table: BookTable, faults: list[_Fault]) -> pa.Table:
    lines, columns, values, reasons, keys = (list(part) for part in zip(*faults, strict=True))
    return pa.table(
        {
            "tbl": pa.array([table.name] * len(faults)),
            "line": pa.array(lines, pa.int64()),
            "col": pa.array(columns, pa.string()),
            "value": pa.array([value if value is None else value[:SHOWN] for value in values], pa.string()),
            "reason": pa.array(reasons, pa.string()),
            "key": pa.array(keys, pa.string()),
        }
    )


def quoted(name: str) -> str:
    """A column name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def _without_blanks(batch: TextBatch) -> TextBatch:
    """Trimmed cells, without the rows in which every cell is empty: spreadsheets leave such rows at the end."""
    columns = {name: trimmed(column) for name, column in batch.columns.items()}
    filled = pa.repeat(False, len(batch.lines))
    for column in columns.values():
        filled = pc.or_(filled, column.is_valid())
    if pc.all(filled).as_py() is not False:
        return TextBatch(batch.lines, columns, batch.broken)
    kept = {name: column.filter(filled) for name, column in columns.items()}
    return TextBatch(batch.lines.filter(filled), kept, batch.broken)


def _column_of(texts: pa.Array, column: Column, contract: BookContract) -> tuple[pa.Array, pa.Array]:
    read = read_column(texts, column, contract)
    return read.values, read.wrong


def _joined(columns: list[pa.Array]) -> pa.Array:
    return pc.binary_join_element_wise(*columns, "|", null_handling="replace", null_replacement="")


def _extra(texts: Mapping[str, pa.Array], unused: list[str], nothing: pa.Array) -> pa.Array:
    """What the bank added, as one JSON text per row, so that every shard has the contract's columns and no others."""
    if not unused:
        return nothing
    columns = [texts[name].to_pylist() for name in unused]
    return pa.array(
        [
            json.dumps(dict(zip(unused, cells, strict=True)), ensure_ascii=False, sort_keys=True) if any(cells) else None
            for cells in zip(*columns, strict=True)
        ],
        pa.string(),
    )
