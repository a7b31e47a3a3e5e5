"""Proof that nothing was altered since it was recorded, read in one streaming pass per table.

The chain proves the records; the records' digests prove documents, facts, passages, corrections and snapshots; the rule of
supersession, worked out again, proves which fact is in force; the anchors beside the database prove that no record was cut off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from tools.errors import StoreError
from tools.store.connection import Database
from tools.store.dialects import guards_present
from tools.store.digests import joint_hash, row_hash
from tools.store.files import file_sha256
from tools.store.home import Home
from tools.store.schema import corrections, documents, fact_spans, facts, passages, snapshot_files, snapshots, trail, trail_keys
from tools.store.sealing import live_keys, unseal
from tools.store.spans import in_slot_order, slots_of, withdrawals
from tools.store.supersession import spans
from tools.store.trail import GENESIS, chain_hash, record_id

_SLACK = 1024


@dataclass(frozen=True, slots=True)
class Bad:
    """The first thing wrong: the position and id of the record that proves it, and what it is."""

    position: int
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`records` and `head` as found; `unanchored` newest records have no line in the side file (a crash, or the file was copied
    back); `notes` say what weakens the proof without disproving anything."""

    ok: bool
    records: int
    head: str
    first_bad: Bad | None
    unanchored: int = 0
    notes: tuple[str, ...] = ()

    def shape(self) -> dict[str, Any]:
        """The `trail verify` shape."""
        bad = self.first_bad
        first = {"position": bad.position, "id": bad.id, "reason": bad.reason} if bad else None
        return {"ok": self.ok, "records": self.records, "head": self.head, "first_bad": first, "unanchored": self.unanchored,
                "notes": list(self.notes)}  # fmt: skip


@dataclass(slots=True)
class _Voucher:
    position: int
    id: str
    digest: dict[str, Any]


@dataclass(slots=True)
class _Findings:
    bad: Bad | None = None
    records: int = 0
    head: str = GENESIS
    head_id: str | None = None
    unanchored: int = 0
    vouchers: dict[str, _Voucher] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    shredded: set[str] = field(default_factory=set)

    def add(self, position: int, id: str | None, reason: str) -> None:
        if self.bad is None or position < self.bad.position:
            self.bad = Bad(position, id, reason)

    def against(self, batch: str | None, reason: str) -> None:
        """Something about `batch` is wrong: blamed on the record that vouches for it, or on the head when none does."""
        voucher = self.vouchers.get(batch or "")
        self.add(*((voucher.position, voucher.id) if voucher else (self.records, self.head_id)), reason)

    def root(self, borrower: str | None) -> str | None:
        while borrower in self.merged:
            borrower = self.merged[borrower]
        return borrower


def verify(database: Database, home: Home, progress: Callable[[int], None] | None = None) -> Verification:
    """Everything that can be proved, the earliest fault first."""
    anchored = home.anchors.size()
    found = _Findings()
    with database.reading() as connection:
        whole = _check_chain(connection, home, anchored, found, progress)
        if whole:
            _check_own_rows(connection, home, found)
            _check_rows(connection, facts, facts.c.batch, "facts", found)
            _check_rows(connection, passages, passages.c.sha256, "passages", found)
            _check_force(connection, found)
            _check_snapshots(connection, home, found)
        missing = guards_present(connection, ["trail", "facts", "passages"])
    notes = (f"append-only triggers are missing: {', '.join(missing)}",) if missing else ()
    return Verification(found.bad is None, found.records, found.head, found.bad, found.unanchored, notes)


def _check_chain(
    connection: Connection, home: Home, anchored: int | None, found: _Findings, progress: Callable[[int], None] | None
) -> bool:
    """True when the chain itself holds from end to end."""
    heads = _Heads(home.anchors.read(anchored or 0))
    keys = live_keys(connection)
    made = set(connection.scalars(select(trail_keys.c.id)))
    sealed: dict[str, tuple[int, str]] = {}
    for row in _stream(connection, select(trail).order_by(trail.c.position)):
        expected = found.records + 1
        reason = _fault(row, expected, found.head, heads, keys)
        if reason:
            found.add(expected, row.id if row.position == expected else None, reason)
            found.records, found.head, found.head_id = _rest(connection)
            return False
        found.records, found.head, found.head_id = row.position, row.hash, row.id
        sealed.setdefault(row.key_id, (row.position, row.id))
        for digest in row.digests:
            _note(digest, row, found)
        if progress and found.records % 1000 == 0:
            progress(found.records)
    for key_id, (position, id) in sealed.items():
        if key_id not in keys and key_id not in found.shredded:
            gone = "was destroyed" if key_id in made else "is gone"
            found.add(position, id, f"the key {key_id} of this record {gone} without a record saying so")
    left = heads.left()
    if left is not None and left > found.records:
        found.add(found.records + 1, None, f"records are missing at the end: the anchors know one at position {left}")
    elif left is not None:
        found.add(left, None, f"the anchors know another record at position {left}")
    if anchored is None and found.records:
        found.add(found.records, found.head_id, "the file of anchors is gone: whether records were cut off cannot be told")
    found.unanchored = found.records - heads.highest if heads.highest < found.records else 0
    return found.bad is None


def _fault(row: Any, expected: int, previous: str, heads: _Heads, keys: dict[str, bytes]) -> str | None:
    if row.position != expected:
        return f"record {expected} is missing" if row.position > expected else f"a record stands at position {row.position}"
    if row.previous != previous:
        return "it does not follow the record before it: one was changed, removed, inserted or moved"
    stored = bytes(row.payload)
    if hashlib.sha256(stored).hexdigest() != row.payload_sha256:
        return "the payload was changed"
    own = chain_hash(row.position, row.at, row.user, row.role, row.act, row.object, row.borrower, row.digests, row.payload_sha256,
                     row.key_id, row.previous)  # fmt: skip
    if own != row.hash or row.id != record_id(own):
        return "the record was changed"
    if not heads.agree(row.position, row.hash):
        return "the anchors know another record at this position: the chain was written anew"
    key = keys.get(row.key_id)
    if key is not None:
        try:
            unseal(key, row.key_id, stored)
        except StoreError:
            return f"the payload does not open with its key {row.key_id}: the key was changed"
    return None


class _Heads:
    """Anchors met in nearly rising order, matched against a rising sequence of positions with bounded memory."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self.lines = lines
        self.waiting: dict[int, set[str]] = {}
        self.highest = 0
        self.done = False

    def agree(self, position: int, head: str) -> bool:
        while not self.done and self.highest < position + _SLACK:
            self._pull()
        return self.waiting.pop(position, {head}) == {head}

    def left(self) -> int | None:
        """The lowest anchored position that met no record."""
        while not self.done:
            self._pull()
        return min(self.waiting, default=None)

    def _pull(self) -> None:
        line = next(self.lines, None)
        if line is None:
            self.done = True
            return
        self.waiting.setdefault(line[0], set()).add(line[1])
        self.highest = max(self.highest, line[0])


def _note(digest: dict[str, Any], row: Any, found: _Findings) -> None:
    if digest["kind"] == "merge":
        found.merged[digest["batch"]] = digest["into"]
    elif digest["kind"] == "shred":
        found.shredded.add(digest["batch"])
    else:
        found.vouchers[digest["batch"]] = _Voucher(row.position, row.id, digest)


def _rest(connection: Connection) -> tuple[int, str, str | None]:
    """How many records there are, and the newest, when the chain is broken before it."""
    count = connection.scalar(select(func.count()).select_from(trail)) or 0
    row = connection.execute(select(trail.c.hash, trail.c.id).order_by(trail.c.position.desc()).limit(1)).one_or_none()
    return count, row.hash if row else GENESIS, row.id if row else None


def _check_own_rows(connection: Connection, home: Home, found: _Findings) -> None:
    """Rows of documents and corrections, their borrowers, and the documents' bytes."""
    seen = set()
    for table, kind, key in ((documents, "document", documents.c.sha256), (corrections, "correction", corrections.c.id)):
        for row in _stream(connection, select(table).order_by(key)):
            batch = row._mapping[key]
            voucher = found.vouchers.get(batch)
            seen.add(batch)
            if voucher is None:
                found.against(batch, f"no record vouches for the {kind} {batch[:16]}: it was inserted")
            elif voucher.digest["row"] != row_hash(table, row._mapping):
                found.against(batch, f"what is stored of the {kind} {batch[:16]} was changed")
            elif row.borrower != found.root(voucher.digest["borrower"]):
                found.against(batch, f"the {kind} {batch[:16]} was moved to another borrower")
            if kind == "document":
                path = home.shelf.path(batch)
                if not path.exists():
                    found.against(batch, f"the bytes of document {batch[:16]} are missing")
                elif file_sha256(path) != batch:
                    found.against(batch, f"the bytes of document {batch[:16]} were changed")
    for batch, voucher in found.vouchers.items():
        if voucher.digest["kind"] in ("document", "correction") and voucher.digest["row"] is not None and batch not in seen:
            found.against(batch, f"the {voucher.digest['kind']} {batch[:16]} was deleted")


def _check_rows(connection: Connection, table: Table, key: Any, name: str, found: _Findings) -> None:
    """Facts or passages against the digest of the batch they came in."""
    owed = {batch for batch, voucher in found.vouchers.items() if voucher.digest.get(name)}
    rows = _stream(connection, select(table).order_by(key))
    for batch, group in groupby(rows, key=lambda row: row._mapping[key]):
        hashes = []
        owed.discard(batch)
        voucher = found.vouchers.get(batch)
        owner = found.root(voucher.digest["borrower"]) if voucher else None
        for row in group:
            hashes.append(row_hash(table, row._mapping))
            if hashes[-1] != row.content_sha256:
                found.against(batch, f"the {name[:-1]} {row.id} was changed")
            # A passage may belong to no borrower; a fact always follows its document.
            elif voucher and row.borrower is not None and row.borrower != owner:
                found.against(batch, f"the {name[:-1]} {row.id} was moved to another borrower")
        if voucher is None:
            found.against(None, f"no record vouches for the {name} of {batch[:16]}: they were inserted")
        elif len(hashes) != voucher.digest.get(name):
            found.against(
                batch, f"{name} of {batch[:16]} were {'inserted' if len(hashes) > voucher.digest.get(name, 0) else 'deleted'}"
            )
        elif joint_hash(hashes) != voucher.digest[f"{name}_sha256"]:
            found.against(batch, f"{name} of {batch[:16]} were replaced")
    for batch in owed:
        found.against(batch, f"all {name} of {batch[:16]} were deleted")


def _check_force(connection: Connection, found: _Findings) -> None:
    """Which fact is in force when, worked out again."""
    set_aside = withdrawals(connection)
    stored: dict[str, set[tuple[Any, Any]]] = {}
    for row in _stream(connection, select(fact_spans)):
        stored.setdefault(row.fact_id, set()).add((row.active_from, row.active_to))
    for _, claims in slots_of(_stream(connection, in_slot_order()), set_aside):
        right: dict[str, set[tuple[Any, Any]]] = {claim.id: set() for claim in claims}
        for span in spans(claims):
            right[span.claim].add((span.start, span.end))
        for id, expected in right.items():
            if stored.pop(id, set()) != expected:
                batch = connection.scalar(select(facts.c.batch).where(facts.c.id == id))
                found.against(batch, f"when the fact {id} is in force was altered")
    if stored:
        found.against(None, f"spans of facts that do not exist: {', '.join(sorted(stored)[:3])}")


def _check_snapshots(connection: Connection, home: Home, found: _Findings) -> None:
    """Snapshots, their manifests and the bytes of their shards."""
    proved: dict[str, str | None] = {}
    seen = set()
    for row in connection.execute(select(snapshots).order_by(snapshots.c.known_from)).all():
        seen.add(row.id)
        voucher = found.vouchers.get(row.id)
        if voucher is None:
            found.against(None, f"no record vouches for the snapshot {row.id}: it was inserted")
            continue
        if voucher.digest["row"] != row_hash(snapshots, row._mapping):
            found.against(row.id, f"the snapshot {row.id} was changed")
        hashes = []
        for file in connection.execute(select(snapshot_files).where(snapshot_files.c.snapshot_id == row.id)):
            hashes.append(row_hash(snapshot_files, file._mapping))
            if file.sha256 not in proved:
                proved[file.sha256] = _shard_fault(home, file.sha256)
            if proved[file.sha256]:
                found.against(row.id, f"{file.table_name}, shard {file.shard}: {proved[file.sha256]}")
        if joint_hash(hashes) != voucher.digest["files_sha256"]:
            found.against(row.id, f"the manifest of the snapshot {row.id} was changed")
    for batch, voucher in found.vouchers.items():
        if voucher.digest["kind"] == "snapshot" and voucher.digest["row"] is not None and batch not in seen:
            found.against(batch, f"the snapshot {batch} was deleted")


def _shard_fault(home: Home, sha256: str) -> str | None:
    path = home.shard_path(sha256)
    if not path.exists():
        return f"the shard {sha256[:16]} is missing"
    return None if file_sha256(path) == sha256 else f"the bytes of the shard {sha256[:16]} were changed"


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    return iter(connection.execute(query, execution_options={"yield_per": 500}))
