"""Parquet files of the loan book as the same batches of text columns that CSV gives.

One way in for both formats means one set of rules. A binary float becomes the shortest decimal that names it, which is the
number the bank wrote before its exporter made it a float.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.loan_book.csv_files import ROWS, TextBatch, header_of
from tools.errors import ImportRefused

FIX = "Write it again as Parquet with plain columns, or as CSV in UTF-8"


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """An opened Parquet file. `line` of a row is its 1-based number."""

    path: Path
    sha256: str
    header: tuple[str, ...]

    def batches(self) -> Iterator[TextBatch]:
        """All rows in order. Raises ImportRefused when the data cannot be decoded."""
        line = 1
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=ROWS, use_threads=False):
                    batch.validate(full=True)
                    columns = {name: as_text(batch.column(i)) for i, name in enumerate(self.header)}
                    yield TextBatch(pa.array(range(line, line + batch.num_rows), pa.int64()), columns)
                    line += batch.num_rows
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            raise ImportRefused(
                f"damaged Parquet ({error})", where=f"{self.path.name} after row {line - 1}", fix=FIX
            ) from error


def open_parquet(path: Path) -> ParquetFile:
    """Reads the schema. Raises ImportRefused when the file is not Parquet or a column cannot be a table cell."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        schema = pq.read_schema(path)
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        raise ImportRefused(f"not a readable Parquet file ({error})", where=path.name, fix=FIX) from error
    for field in schema:
        kind = field.type.value_type if pa.types.is_list(field.type) else field.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise ImportRefused(f"the type {field.type} is not a table cell", where=f"{path.name} column {field.name}", fix=FIX)
    return ParquetFile(path, digest, header_of(path.name, schema.names))


def as_text(column: pa.Array) -> pa.Array:
    """Every value as the text that CSV would hold; lists joined by ";", NaN as empty."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_string(kind):
        return column
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_floating(kind):
        return pa.array([_shortest(value) for value in column.cast(pa.float64()).to_pylist()], pa.string())
    if pa.types.is_list(kind):
        return pa.array([None if v is None else ";".join(str(item) for item in v) for v in column.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind):
        return pa.array([_moment(value) for value in column.cast(pa.timestamp("us", kind.tz)).to_pylist()], pa.string())
    return pc.cast(column, pa.string())


def _shortest(value: float | None) -> str | None:
    if value is None or not math.isfinite(value):
        return None
    exact = Decimal(repr(value))
    return str(int(exact)) if value.is_integer() else format(exact, "f")


def _moment(value: Any) -> str | None:
    """A midnight is a date: exporters have no other way to write one."""
    if value is None:
        return None
    text: str = value.isoformat()
    return text[:10] if text[10:] == "T00:00:00" else text
