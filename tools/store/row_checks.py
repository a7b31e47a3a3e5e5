"""The rows of a store against the digests in its trail, one streaming pass per table."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select

from tools.store.digests import OWN_ROW, PAPERS, REGISTRY, joint_hash, registry_hashes, row_hash
from tools.store.files import file_sha256
from tools.store.findings import UNREADABLE, Findings, stream, unreadable_key
from tools.store.home import Home
from tools.store.schema import borrowers, corrections, documents, fact_spans, facts, passages, snapshot_files, snapshots
from tools.store.spans import in_slot_order, slots_of, withdrawals
from tools.store.supersession import spans


def check_rows(connection: Connection, home: Home, found: Findings) -> None:
    """Everything the trail vouches for. A row that cannot even be decoded is a finding like any other."""

    def derived() -> None:
        _in_force(connection, found)

    def papers() -> None:
        for name, table in PAPERS.items():
            _members(connection, table, table.c.sha256, name, found)

    steps: list[tuple[Any, tuple[Table, ...]]] = [
        (lambda: _own_rows(connection, home, found), (documents, corrections, OWN_ROW["grant"][0], borrowers)),
        (lambda: _registries(connection, found), tuple(table for table, _ in REGISTRY.values())),
        (lambda: _members(connection, facts, facts.c.batch, "facts", found), (facts,)),
        (lambda: _members(connection, passages, passages.c.sha256, "passages", found), (passages,)),
        (papers, tuple(PAPERS.values())),
        (derived, (facts, fact_spans, corrections)),
        (lambda: _snapshots(connection, home, found), (snapshots, snapshot_files)),
    ]
    for step, tables in steps:
        if step is derived and found.bad is not None:
            # What is in force follows from facts and corrections: the fault is theirs, and named already.
            continue
        try:
            step()
        except UNREADABLE:
            named = [(table, key) for table in tables if (key := unreadable_key(connection, table)) is not None]
            for table, key in named:
                found.against(
                    _batch_of(connection, table, key), f"a row of {table.name} ({key}) cannot be read: it was changed"
                )
            if not named:
                found.against(None, f"rows of {tables[0].name} cannot be read: they were changed")


def _batch_of(connection: Connection, table: Table, key: Any) -> str | None:
    column = {facts: facts.c.batch, passages: passages.c.sha256, **{t: t.c.sha256 for t in PAPERS.values()}}.get(table)
    if column is not None:
        batch: str | None = connection.scalar(select(column).where(next(iter(table.primary_key)) == key))
        return batch
    if table is fact_spans:
        return _batch_of(connection, facts, key)
    return next((name for name, (member, _) in REGISTRY.items() if member is table), str(key))


def _own_rows(connection: Connection, home: Home, found: Findings) -> None:
    """Rows that are a batch of their own, whose they are, and the documents' bytes."""
    seen = set()
    for kind in ("document", "correction", "grant", "borrower"):
        table, key = OWN_ROW[kind]
        query = select(table).order_by(key)
        for row in stream(connection, query if kind != "borrower" else query.where(borrowers.c.provisional)):
            batch = row._mapping[key]
            voucher = found.vouchers.get(batch)
            seen.add(batch)
            if voucher is None:
                found.against(None, f"no record vouches for the {kind} {batch[:16]}: it was inserted")
                continue
            if voucher.digest["row"] != row_hash(table, row._mapping):
                found.against(batch, f"what is stored of the {kind} {batch[:16]} was changed")
            elif kind != "borrower" and row.borrower != found.root(voucher.digest["borrower"]):
                found.against(batch, f"the {kind} {batch[:16]} was moved to another borrower")
            if kind == "document":
                fault = _file_fault(home.shelf.path(batch), batch)
                if fault:
                    found.against(batch, f"the bytes of document {batch[:16]} {fault}")
    for batch, voucher in found.vouchers.items():
        kind = voucher.digest["kind"]
        gone = kind in OWN_ROW and kind != "snapshot" and voucher.digest["row"] is not None and batch not in seen
        # A provisional borrower that was merged belongs to the registry now.
        if gone and batch not in found.merged:
            found.against(batch, f"the {kind} {batch[:16]} was deleted")


def _registries(connection: Connection, found: Findings) -> None:
    """Borrowers and staff as the newest book left them: they decide who sees what."""
    for batch in REGISTRY:
        hashes = registry_hashes(connection, batch)
        voucher = found.vouchers.get(batch)
        if voucher is None:
            if hashes:
                found.against(None, f"no record vouches for the {batch}: they were inserted")
        elif len(hashes) != voucher.digest["rows"] or joint_hash(hashes) != voucher.digest["rows_sha256"]:
            found.against(batch, f"the {batch} were changed since the book was imported")


def _members(connection: Connection, table: Table, key: Any, name: str, found: Findings) -> None:
    """Facts or passages against the digest of the batch they came in."""
    owed = {batch for batch, voucher in found.vouchers.items() if voucher.digest.get(name)}
    for batch, group in groupby(stream(connection, select(table).order_by(key)), key=lambda row: row._mapping[key]):
        hashes = []
        owed.discard(batch)
        voucher = found.vouchers.get(batch)
        owner = found.root(voucher.digest["borrower"]) if voucher else None
        for row in group:
            hashes.append(row_hash(table, row._mapping))
            if hashes[-1] != row.content_sha256:
                found.against(batch, f"the {name[:-1]} {row.id} was changed")
            elif voucher and row.borrower != owner:
                found.against(batch, f"the {name[:-1]} {row.id} was moved to another borrower")
        if voucher is None:
            found.against(None, f"no record vouches for the {name} of {batch[:16]}: they were inserted")
            continue
        due = voucher.digest.get(name, 0)
        if len(hashes) != due:
            found.against(batch, f"{name} of {batch[:16]} were {'inserted' if len(hashes) > due else 'deleted'}")
        elif joint_hash(hashes) != voucher.digest[f"{name}_sha256"]:
            found.against(batch, f"{name} of {batch[:16]} were replaced")
    for batch in owed:
        found.against(batch, f"all {name} of {batch[:16]} were deleted")


def _in_force(connection: Connection, found: Findings) -> None:
    """Which fact is in force when, worked out again."""
    set_aside = withdrawals(connection)
    stored: dict[str, set[tuple[Any, Any]]] = {}
    for row in stream(connection, select(fact_spans)):
        stored.setdefault(row.fact_id, set()).add((row.active_from, row.active_to))
    for _, claims in slots_of(stream(connection, in_slot_order()), set_aside):
        right: dict[str, set[tuple[Any, Any]]] = {claim.id: set() for claim in claims}
        for span in spans(claims):
            right[span.claim].add((span.start, span.end))
        for id, expected in right.items():
            if stored.pop(id, set()) != expected:
                found.against(_batch_of(connection, facts, id), f"when the fact {id} is in force was altered")
    if stored:
        found.against(None, f"spans of facts that do not exist: {', '.join(sorted(stored)[:3])}")


def _snapshots(connection: Connection, home: Home, found: Findings) -> None:
    """Snapshots, their manifests and the bytes of their shards; a shard shared by several is read once."""
    faults: dict[str, str | None] = {}
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
            if file.sha256 not in faults:
                faults[file.sha256] = _file_fault(home.shard_path(file.sha256), file.sha256)
            if faults[file.sha256]:
                found.against(row.id, f"the bytes of {file.table_name}, shard {file.shard}, {faults[file.sha256]}")
        if joint_hash(hashes) != voucher.digest["files_sha256"]:
            found.against(row.id, f"the manifest of the snapshot {row.id} was changed")
    for batch, voucher in found.vouchers.items():
        if voucher.digest["kind"] == "snapshot" and voucher.digest["row"] is not None and batch not in seen:
            found.against(batch, f"the snapshot {batch} was deleted")


def _file_fault(path: Any, sha256: str) -> str | None:
    if not path.is_file():
        return "are missing"
    return None if file_sha256(path) == sha256 else "were changed"
