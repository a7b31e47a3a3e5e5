"""Writing the book as Parquet shards: whole shards for what was replaced, one more part for what only grew.

State tables are written anew and what did not change turns out to have the same hash. An event shard that only received new rows
gets a part with them; neighbouring parts are merged when the newer is at least half as long as the older, so that a shard has
few parts and a row is rewritten only a few times in its life. A shard in which a row changed or left is written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.loan_book.placement import Placement
from ingestion.loan_book.staging import Progress, Staging, quoted
from ingestion.loan_book.values import ARROW
from tools.store.book_contract import BookTable
from tools.store.snapshots import UNOWNED, ShardFile, ShardShelf, shard_sql

ROW_GROUP = 16_384
"""Rows between two sets of minima and maxima: one borrower's rows are found without reading the shard."""


class ShardWriter:
    """Turns the checked book into shard files. `claim` is told a hash before its file is written."""

    def __init__(
        self,
        staging: Staging,
        placement: Placement,
        shelf: ShardShelf,
        shard_count: int,
        claim: Callable[[str], None],
        progress: Progress,
    ) -> None:
        self.staging = staging
        self.placement = placement
        self.shelf = shelf
        self.shard_count = shard_count
        self.claim = claim
        self.progress = progress

    def write(self, table: BookTable, former: list[ShardFile], *, regrown: bool, full: bool) -> list[ShardFile]:
        """The files of `table` in the new snapshot. `former` are those of the book so far, `regrown` when the number of shards
        changed, `full` when a table not handed over is empty."""
        staged = self.staging.staged(table.name)
        if full and not staged:
            return []
        if table.content == "event" and former and not regrown:
            return self._grown(table, former)
        if not staged and not regrown and not self.placement.owners_changed(table):
            return former
        if table.content == "event" and staged:
            fresh = f"SELECT id FROM staged_{table.name}"
            rows = f"{self.placement.staged_rows(table)} UNION ALL SELECT * FROM ({self.placement.former_rows(table)}) WHERE id NOT IN ({fresh})"
        else:
            rows = self.placement.staged_rows(table) if staged else self.placement.former_rows(table)
        self._lay_out(table, rows)
        files = [self._file(table, shard, 0, self._laid_out(table, shard)) for shard in self._shards(table)]
        self.staging.db.execute(f"DROP TABLE laid_{table.name}")
        return files

    def _grown(self, table: BookTable, former: list[ShardFile]) -> list[ShardFile]:
        news = self.placement.news(table)
        if not news:
            return former
        self._lay_out(table, news)
        changed = self.staging.db.execute(
            f"""SELECT DISTINCT {shard_sql("o._borrower", self.shard_count) if table.owned else UNOWNED}
                FROM old_{table.name} o JOIN laid_{table.name} n ON n.id = o.id"""
        ).fetchall()
        rewritten = {shard for (shard,) in changed}
        files = []
        touched = set(self._shards(table)) | rewritten
        for shard in sorted(touched | {file.shard for file in former}):
            parts = [file for file in former if file.shard == shard]
            if shard not in touched:
                files += parts
                continue
            rows = self._laid_out(table, shard)
            if shard in rewritten:
                kept = f"SELECT * FROM ({self._stored(table, parts)}) WHERE id NOT IN (SELECT id FROM laid_{table.name})"
                file = self._file(table, shard, 0, f"{kept} UNION ALL {rows}")
                files += [file] if file.rows else []
                continue
            count = self.staging.count(f"({rows})")
            absorbed: list[ShardFile] = []
            while parts and parts[-1].rows < 2 * count:
                absorbed.append(parts.pop())
                count += absorbed[-1].rows
            if absorbed:
                rows = f"{rows} UNION ALL {self._stored(table, absorbed)}"
            files += [*parts, self._file(table, shard, len(parts), rows)]
        self.staging.db.execute(f"DROP TABLE laid_{table.name}")
        return files

    def _lay_out(self, table: BookTable, rows: str) -> None:
        """`laid_<table>`: the rows to write, sorted by shard so that reading one shard of them skips the others."""
        shard = shard_sql("_borrower", self.shard_count) if table.owned else str(UNOWNED)
        self.staging.db.execute(f"CREATE TABLE laid_{table.name} AS SELECT *, {shard} AS _shard FROM ({rows}) ORDER BY _shard")

    def _laid_out(self, table: BookTable, shard: int) -> str:
        return f"SELECT {_columns(table)} FROM laid_{table.name} WHERE _shard = {shard}"

    def _shards(self, table: BookTable) -> list[int]:
        found = self.staging.db.execute(f"SELECT DISTINCT _shard FROM laid_{table.name} ORDER BY _shard").fetchall()
        return [shard for (shard,) in found]

    def _stored(self, table: BookTable, files: Iterable[ShardFile]) -> str:
        listed = ", ".join(literal(self.shelf.path(file.sha256)) for file in files)
        return f"SELECT {_columns(table)} FROM read_parquet([{listed}])"

    def _file(self, table: BookTable, shard: int, part: int, rows: str) -> ShardFile:
        order = ", ".join(["_borrower", *([quoted(table.order)] if table.order else []), "id"])
        schema = arrow_schema(table)
        reader = self.staging.db.sql(f"SELECT {_columns(table)} FROM ({rows}) ORDER BY {order}").to_arrow_reader(ROW_GROUP)
        content, count = parquet_bytes(schema, reader)
        sha256 = hashlib.sha256(content).hexdigest()
        self.claim(sha256)
        self.shelf.put(content, sha256)
        self.progress(f"{table.name}: shard {shard} written, {count:,} rows")
        return ShardFile(table.name, shard, part, sha256, count, len(content))


def arrow_schema(table: BookTable) -> pa.Schema:
    """The stored columns of a table as Arrow types."""
    columns = {name: ARROW[column.type] for name, column in table.columns.items()}
    return pa.schema([(name, columns.get(name, pa.string())) for name, _ in table.fields()])


def parquet_bytes(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> tuple[memoryview, int]:
    """One Parquet file in memory and its number of rows. The same rows give the same bytes."""
    sink = pa.BufferOutputStream()
    count = 0
    with pq.ParquetWriter(sink, schema, compression="zstd", store_decimal_as_integer=True) as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=ROW_GROUP)
            count += batch.num_rows
    return memoryview(sink.getvalue()), count


def literal(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def _columns(table: BookTable) -> str:
    return ", ".join(quoted(name) for name, _ in table.fields())
