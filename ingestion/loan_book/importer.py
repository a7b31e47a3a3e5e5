"""Importing a loan book: a folder of files becomes a new snapshot, or nothing happens.

Everything is read, typed and checked in a scratch database; shard files are written; then one transaction writes the manifest,
the borrowers and the trail record. Killed at any moment, the store has the old snapshot or the new one, and the next import
clears what was left behind.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.loan_book.checks import check
from ingestion.loan_book.folder import BookFolder, open_folder
from ingestion.loan_book.placement import Placement
from ingestion.loan_book.report import ImportReport
from ingestion.loan_book.restating import restate
from ingestion.loan_book.shards import ShardWriter
from ingestion.loan_book.staging import Progress, Staging, quoted
from tools.domain.callers import Caller
from tools.errors import StoreError
from tools.store.book_contract import BookTable, book_contract
from tools.store.database import Store
from tools.store.home import Home
from tools.store.permissions import must_see_everything, must_write
from tools.store.snapshots import ShardFile, ShardShelf, Snapshot, Snapshots, content_of, enough_shards
from tools.store.trail import Act

WORKSHOP = ".import"
"""Where an import keeps its scratch files, inside the shards folder."""


def import_loan_book(
    caller: Caller,
    folder: Path,
    store: Store,
    home: Home,
    book_date: date | None,
    now: datetime,
    full: bool = False,
    progress: Progress = lambda _line: None,
) -> ImportReport:
    """Imports the loan-book files in `folder`. `book_date` None means today by `now` (aware): the bank knows the book from `now`
    on; given, it knew it from the start of that day. `full` makes tables that are not in the folder empty.

    The same content again changes nothing, except that a later `book_date` is kept as a snapshot of the same shards. A book known
    from before books that were imported already is also brought under those (`restating`). Broken rows are in the report.

    Raises NotPermitted, BadRequest for a folder that is none, ImportRefused for a broken file, StoreError when another import is
    running or a shard cannot be read: in all these cases nothing was changed."""
    must_write(caller)
    must_see_everything(caller, "importing a loan book")
    known_from = now if book_date is None else min(datetime(book_date.year, book_date.month, book_date.day, tzinfo=UTC), now)
    with _workshop(home, Snapshots(store.database), ShardShelf(home.shards_dir)) as scratch:
        try:
            run = _Import(caller, store, home, scratch, folder, full, progress)
            with run.staging:
                return run.finish(book_date, known_from, now)
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            raise StoreError(f"the import stopped and changed nothing ({said})", where=str(home.root),
                             fix="Check the disk, and the shards with `loanward trail verify`") from error  # fmt: skip


class _Import:
    """One import, from the folder to the commit."""

    def __init__(
        self, caller: Caller, store: Store, home: Home, scratch: Path, folder: Path, full: bool, progress: Progress
    ) -> None:
        self.caller, self.store, self.folder, self.full, self.progress = caller, store, folder, full, progress
        self.snapshots = Snapshots(store.database)
        self.shelf = ShardShelf(home.shards_dir)
        self.contract = book_contract()
        self.claims = scratch / "claims"
        self.staging = Staging(scratch, self.contract)

    def finish(self, book_date: date | None, known_from: datetime, now: datetime) -> ImportReport:
        """Reads, checks, writes and commits."""
        base = self.snapshots.at(known_from)
        book = open_folder(self.folder, self.contract, first=base is None)
        former = self.snapshots.files(base.id) if base else []
        for table in self.contract.tables.values():
            self.staging.show_old(table, [str(self.shelf.path(file.sha256)) for file in former if file.table == table.name])
        for book_file in book.files.values():
            self.staging.stage(book_file, self.progress)
        self.progress("checking")
        check(self.staging, full=self.full)
        count = enough_shards(max(_sizes(self.staging).values()), base.shard_count if base else 0)
        placement = Placement(self.staging, full=self.full)
        writer = ShardWriter(self.staging, placement, self.shelf, count, self._claim, self.progress)
        regrown = base is not None and base.shard_count != count
        files = [
            file
            for table in self.contract.tables.values()
            for file in writer.write(table, [f for f in former if f.table == table.name], regrown=regrown, full=self.full)
        ]
        same = base is not None and content_of(files) == base.content_sha256
        if base is not None and same and (book_date is None or book_date <= base.book_date):
            return _report(self.staging, book, base, unchanged=True)
        later = self.snapshots.after(known_from)
        restated = (
            restate(self.staging, placement, later, self.snapshots, self.shelf, self._claim, self.progress) if later else []
        )
        self.progress("recording")
        with self.store.transaction():
            snapshot = self.snapshots.record(
                self.caller, files, book_date=book_date or now.date(), known_from=known_from, recorded_at=now, shard_count=count,
                report=_summary(self.staging, book, self.full),
            )  # fmt: skip
            again = [
                self.snapshots.record(
                    self.caller, one.files, book_date=one.snapshot.book_date, known_from=one.snapshot.known_from, recorded_at=now,
                    shard_count=one.snapshot.shard_count,
                    report={**one.snapshot.report, "restates": one.snapshot.id, "because_of": snapshot.id},
                )
                for one in restated
            ]  # fmt: skip
            _register(self.caller, self.store, self.staging, snapshot, self.full)
            payload = _payload(self.staging, book, snapshot, files, self.full)
            payload["restated"] = {one.snapshot.id: new.id for one, new in zip(restated, again, strict=True)}
            self.store.trail.append(self.caller, Act.IMPORT, snapshot.id, payload, now)
        return _report(self.staging, book, snapshot, unchanged=same)

    def _claim(self, sha256: str) -> None:
        """Notes a shard file before it is written, so that a killed import can be cleared away."""
        with self.claims.open("a", encoding="ascii") as claims:
            claims.write(sha256 + "\n")


@contextmanager
def _workshop(home: Home, snapshots: Snapshots, shelf: ShardShelf) -> Iterator[Path]:
    """A scratch folder that one import at a time may hold. What a killed import left is cleared first: its scratch files, and
    shard files that no snapshot mentions."""
    scratch = home.shards_dir / WORKSHOP
    with (home.shards_dir / f"{WORKSHOP}.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError("another import is running", where=str(home.root), fix="Wait for it to end") from error
        _clear(scratch, snapshots, shelf)
        scratch.mkdir(mode=0o700)
        try:
            yield scratch
        finally:
            _clear(scratch, snapshots, shelf)


def _clear(scratch: Path, snapshots: Snapshots, shelf: ShardShelf) -> None:
    claims = scratch / "claims"
    if claims.exists():
        # a line cut short by a kill was claimed but never written
        claimed = {line for line in claims.read_text(encoding="ascii").split("\n") if len(line) == 64}
        for sha256 in claimed - snapshots.mentioned(claimed):
            shelf.drop(sha256)
    if scratch.exists():
        shutil.rmtree(scratch)


def _sizes(staging: Staging) -> dict[str, int]:
    """Upper bounds of the rows of each table after the import."""
    sizes = {}
    for name, table in staging.contract.tables.items():
        handed = staging.count(f"staged_{name}") if staging.staged(name) else 0
        kept = staging.count(f"old_{name}") if table.content == "event" or not handed else 0
        sizes[name] = max(handed, kept) if table.content == "state" else _union_size(staging, table, handed, kept)
    return sizes


def _union_size(staging: Staging, table: BookTable, handed: int, kept: int) -> int:
    if not handed or not kept:
        return handed + kept
    return kept + staging.count(f"(SELECT id FROM staged_{table.name} ANTI JOIN old_{table.name} USING (id))")


def _register(caller: Caller, store: Store, staging: Staging, snapshot: Snapshot, full: bool) -> None:
    """Tells the registry of borrowers and the staff list what this book says; they know when a later book said otherwise."""
    staff_known = staging.staged("staff") or full
    if staging.staged("customers") or staff_known:
        store.borrowers.upsert_from_book(
            caller,
            _current_rows(staging, "customers", full),
            snapshot.id,
            known_from=snapshot.known_from,
            recorded_at=snapshot.recorded_at,
            staff=_current_rows(staging, "staff", full) if staff_known else None,
        )


def _current_rows(staging: Staging, table: str, full: bool) -> Iterator[Mapping[str, Any]]:
    if not staging.staged(table) and full:
        return
    source = f"staged_{table}" if staging.staged(table) else f"old_{table}"
    names = list(staging.contract.tables[table].columns)
    found = staging.db.cursor().execute(f"SELECT {', '.join(quoted(name) for name in names)} FROM {source} ORDER BY id")
    while rows := found.fetchmany(10_000):
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _summary(staging: Staging, book: BookFolder, full: bool) -> dict[str, Any]:
    """What later imports and auditors need to know of this one."""
    rejected, _ = staging.rejections()
    return {
        "tables": sorted(book.files),
        "full": full,
        "rows": {name: staging.count(f"staged_{name}") for name in book.files},
        "rejected_rows": rejected,
        "unused_columns": {name: file.unused for name, file in book.files.items() if file.unused},
        "contract": staging.contract.version,
    }


def _payload(staging: Staging, book: BookFolder, snapshot: Snapshot, files: list[ShardFile], full: bool) -> dict[str, Any]:
    return {
        "snapshot": snapshot.id,
        "book_date": snapshot.book_date,
        "folder": book.path.name,
        "full": full,
        "files": {file.name: file.file.sha256 for file in book.files.values()},
        "rows": dict(snapshot.rows),
        "rejected_rows": staging.rejections()[0],
        "shards": sorted({file.sha256 for file in files}),
    }


def _report(staging: Staging, book: BookFolder, snapshot: Snapshot, *, unchanged: bool) -> ImportReport:
    total, listed = staging.rejections()
    return ImportReport(
        snapshot=snapshot.id,
        book_date=snapshot.book_date,
        unchanged=unchanged,
        rows={name: staging.count(f"staged_{name}") for name in book.files},
        rejected=tuple(listed),
        rejected_rows=total,
        unused_columns={name: file.unused for name, file in book.files.items() if file.unused},
        ignored_files=book.ignored,
    )
