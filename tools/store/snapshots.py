"""Snapshots of the loan book: which shard files made it up, and from when the bank knew it.

A snapshot is a manifest in SQL over immutable Parquet files named by their SHA-256, so that what did not change is shared
between snapshots. The manifest is written last, in the transaction of its trail record: a file without a manifest is nothing.

Shards. A borrower's rows of every table lie in the shard that the MD5 of its id names, out of `shard_count`: 4, doubled until the
largest table has at most 100,000 rows a shard, at most 256, never fewer than before. Tables without a borrower have the shard -1.
An event table's shard may have several parts; no id is in two of them, so that reading is a plain union.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import StoreError
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.files import file_sha256, sync_directory
from tools.store.permissions import must_write
from tools.store.schema import snapshot_files, snapshots

UNOWNED = -1
"""The shard of tables whose rows belong to no borrower."""

FEWEST, MOST, ROWS_PER_SHARD = 4, 256, 100_000

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ShardFile:
    """One Parquet file of a snapshot; `size` in bytes."""

    table: str
    shard: int
    part: int
    sha256: str
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The loan book as handed over for `book_date` and known from `known_from`. `rows` counts rows per table."""

    id: str
    position: int
    book_date: date
    known_from: datetime
    recorded_at: datetime
    content_sha256: str
    shard_count: int
    rows: Mapping[str, int]
    report: Mapping[str, Any]


def shard_of(borrower: str, shard_count: int) -> int:
    """The shard that holds a borrower's rows."""
    return int(hashlib.md5(borrower.encode(), usedforsecurity=False).hexdigest()[:8], 16) % shard_count


def shard_sql(column: str, shard_count: int) -> str:
    """The same in DuckDB SQL; rows without a borrower are in the shard of the unowned."""
    return f"coalesce((('0x' || left(md5({column}), 8))::UBIGINT % {shard_count})::INTEGER, {UNOWNED})"


def enough_shards(rows: int, former: int) -> int:
    """How many shards a book needs whose largest table has `rows` rows, having had `former` before (0: none)."""
    count = max(FEWEST, former)
    while count < MOST and rows > count * ROWS_PER_SHARD:
        count *= 2
    return count


class ShardShelf:
    """The shard files under the home: `ab/<sha256>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file is, or would be."""
        return self.folder / sha256[:2] / sha256

    def put(self, content: memoryview, sha256: str) -> None:
        """Stores the bytes durably and whole, or not at all; a file that is there but damaged is replaced."""
        target = self.path(sha256)
        if target.exists() and file_sha256(target) == sha256:
            return
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            sync_directory(self.folder)
        part = target.with_name(f".{sha256}.part")
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
        sync_directory(target.parent)

    def drop(self, sha256: str) -> None:
        """Removes a file that no manifest mentions, and what a killed process left of writing it."""
        self.path(sha256).unlink(missing_ok=True)
        self.path(sha256).with_name(f".{sha256}.part").unlink(missing_ok=True)


class Snapshots:
    """Reading and writing manifests. They hold no business data, so reading them needs no Caller."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def at(self, known_at: datetime) -> Snapshot | None:
        """What the bank knew at `known_at`: the newest snapshot known by then, the later recorded of two from the same instant."""
        query = (
            select(snapshots)
            .where(snapshots.c.known_from <= utc(known_at))
            .order_by(snapshots.c.known_from.desc(), snapshots.c.position.desc())
            .limit(1)
        )
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _snapshot(row) if row else None

    def known(self, clocks: Clocks) -> Snapshot | None:
        """`at` the knowledge clock. The business date never chooses a snapshot: it limits rows."""
        return self.at(clocks.known_at)

    def all(self) -> list[Snapshot]:
        """Every snapshot in the order in which the bank knew them."""
        with self.database.reading() as connection:
            rows = connection.execute(select(snapshots).order_by(snapshots.c.known_from, snapshots.c.position)).all()
        return [_snapshot(row) for row in rows]

    def after(self, known_from: datetime) -> list[Snapshot]:
        """Snapshots that the bank knew only after `known_from`, in that order."""
        return [snapshot for snapshot in self.all() if snapshot.known_from > utc(known_from)]

    def newest_book_date(self, known_at: datetime | None = None) -> date | None:
        """The latest date any book was handed over for (known by `known_at` when given): the default business date."""
        query = select(snapshots.c.book_date).order_by(snapshots.c.book_date.desc()).limit(1)
        if known_at is not None:
            query = query.where(snapshots.c.known_from <= utc(known_at))
        with self.database.reading() as connection:
            found: date | None = connection.scalar(query)
        return found

    def files(self, snapshot: str, tables: Iterable[str] | None = None, shards: Iterable[int] | None = None) -> list[ShardFile]:
        """The files of a snapshot, of some tables and shards when given, in order."""
        columns = snapshot_files.c
        query = select(snapshot_files).where(columns.snapshot_id == snapshot)
        if tables is not None:
            query = query.where(columns.table_name.in_(list(tables)))
        if shards is not None:
            query = query.where(columns.shard.in_(list(shards)))
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(columns.table_name, columns.shard, columns.part)).all()
        return [ShardFile(row.table_name, row.shard, row.part, row.sha256, row.rows, row.bytes) for row in rows]

    def mentioned(self, hashes: Iterable[str]) -> set[str]:
        """Those of `hashes` that some snapshot has."""
        wanted = sorted(hashes)
        found: set[str] = set()
        with self.database.reading() as connection:
            for start in range(0, len(wanted), _CHUNK):
                part = wanted[start : start + _CHUNK]
                found.update(connection.scalars(select(snapshot_files.c.sha256).where(snapshot_files.c.sha256.in_(part))))
        return found

    def record(self, caller: Caller, files: Iterable[ShardFile], *, book_date: date, known_from: datetime, recorded_at: datetime,
               shard_count: int, report: Mapping[str, Any]) -> Snapshot:  # fmt: skip
        """Writes the manifest in the transaction that is open, or its own. Raises NotPermitted for a caller who may not write."""
        must_write(caller)
        files = list(files)
        content = content_of(files)
        rows: dict[str, int] = {}
        for file in files:
            rows[file.table] = rows.get(file.table, 0) + file.rows
        with self.database.writing() as unit:
            position = _next_position(unit.connection)
            values = {
                "id": f"S{position:04d}-{content[:8]}", "position": position, "book_date": book_date, "known_from": utc(known_from),
                "recorded_at": utc(recorded_at), "content_sha256": content, "shard_count": shard_count, "rows": rows, "report": dict(report),
            }  # fmt: skip
            unit.connection.execute(snapshots.insert(), values)
            entries = [
                {"snapshot_id": values["id"], "table_name": f.table, "shard": f.shard, "part": f.part, "sha256": f.sha256,
                 "rows": f.rows, "bytes": f.size}
                for f in files
            ]  # fmt: skip
            if entries:
                unit.connection.execute(snapshot_files.insert(), entries)
            unit.touch("snapshot", str(values["id"]), caller, utc(recorded_at))
        found = self._get(str(values["id"]))
        if found is None:
            raise StoreError("the snapshot just written is not there", where=str(values["id"]), fix="Import again")
        return found

    def _get(self, id: str) -> Snapshot | None:
        with self.database.reading() as connection:
            row = connection.execute(select(snapshots).where(snapshots.c.id == id)).one_or_none()
        return _snapshot(row) if row else None


def content_of(files: Iterable[ShardFile]) -> str:
    """One hash for everything a snapshot holds."""
    lines = sorted(f"{file.table} {file.shard} {file.part} {file.sha256}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _next_position(connection: Connection) -> int:
    last = connection.scalar(select(snapshots.c.position).order_by(snapshots.c.position.desc()).limit(1))
    return (last or 0) + 1


def _snapshot(row: Any) -> Snapshot:
    return Snapshot(
        row.id, row.position, row.book_date, row.known_from, row.recorded_at, row.content_sha256, row.shard_count, row.rows, row.report
    )  # fmt: skip
