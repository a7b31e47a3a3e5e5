"""Hashes of stored rows, so that a trail record can vouch for them.

A batch is what one trail record vouches for: a document with its facts and passages, a correction with its facts, or a
snapshot with its shards. Whatever may lawfully change later (the borrower after a merge, the embedding mark, which fact is in
force) is outside the hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from tools.domain.callers import Caller
from tools.store.columns import canonical_json
from tools.store.schema import corrections, documents, facts, passages, snapshot_files, snapshots

_LOOSE = {
    facts: {"borrower", "content_sha256"},
    passages: {"borrower", "content_sha256", "embedded", "seq"},
    documents: {"borrower"},
    corrections: {"borrower"},
    snapshots: set[str](),
    snapshot_files: set[str](),
}
_FIXED = {table: [c.name for c in table.columns if c.name not in loose] for table, loose in _LOOSE.items()}
_OWN = {
    "document": (documents, documents.c.sha256),
    "correction": (corrections, corrections.c.id),
    "snapshot": (snapshots, snapshots.c.id),
}


def fixed_columns(table: Table) -> list[str]:
    """The columns of `table` that never change once recorded."""
    return _FIXED[table]


def row_hash(table: Table, row: RowMapping | dict[str, Any]) -> str:
    """SHA-256 over the fixed columns of one row."""
    values = [row[name] for name in _FIXED[table]]
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()


def joint_hash(hashes: Iterable[str]) -> str:
    """One hash for a set of rows, whatever their order."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def batch_digest(connection: Connection, kind: str, batch: str) -> dict[str, Any]:
    """What a trail record says about `batch`: hashes and counts only, readable without a key."""
    table, key = _OWN[kind]
    row = connection.execute(select(table).where(key == batch)).mappings().one_or_none()
    digest: dict[str, Any] = {"kind": kind, "batch": batch, "row": row_hash(table, row) if row else None}
    if kind == "snapshot":
        files = connection.execute(select(snapshot_files).where(snapshot_files.c.snapshot_id == batch)).mappings()
        hashes = [row_hash(snapshot_files, file) for file in files]
        return digest | {"files": len(hashes), "files_sha256": joint_hash(hashes)}
    own_facts = list(connection.scalars(select(facts.c.content_sha256).where(facts.c.batch == batch)))
    digest |= {"borrower": row["borrower"] if row else None, "facts": len(own_facts), "facts_sha256": joint_hash(own_facts)}
    if kind == "document":
        texts = list(connection.scalars(select(passages.c.content_sha256).where(passages.c.sha256 == batch)))
        digest |= {"passages": len(texts), "passages_sha256": joint_hash(texts)}
    return digest


def take_digests(connection: Connection, pending: dict[str, tuple[str, Caller, Any]]) -> list[dict[str, Any]]:
    """Digests of all pending batches, which are pending no more."""
    taken = [batch_digest(connection, kind, batch) for batch, (kind, _, _) in sorted(pending.items())]
    pending.clear()
    return taken
