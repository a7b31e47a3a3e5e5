"""Hashes of stored rows, so that a trail record can vouch for them.

A batch is what one digest vouches for: a document with its facts, passages and paper records, a correction with its facts, a snapshot with its
manifest, a grant, a provisional borrower, or the whole registry of the book (its borrowers, its staff). Whatever may lawfully
change without a new record (the borrower after a merge, the embedding mark, which fact is in force) is outside the hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from tools.domain.callers import Caller
from tools.store.columns import canonical_json
from tools.store.schema import borrowers, corrections, documents, facts, grants, passages, snapshot_files, snapshots, staff
from tools.store.schema_papers import account_lines, paper_records

_LOOSE = {
    facts: {"borrower", "content_sha256"},
    passages: {"borrower", "content_sha256", "embedded", "seq"},
    account_lines: {"borrower", "content_sha256"},
    paper_records: {"borrower", "content_sha256"},
    documents: {"borrower"},
    corrections: {"borrower"},
    grants: {"borrower"},
}
_TABLES = (
    facts,
    passages,
    account_lines,
    paper_records,
    documents,
    corrections,
    grants,
    borrowers,
    staff,
    snapshots,
    snapshot_files,
)
_FIXED = {table: [c.name for c in table.columns if c.name not in _LOOSE.get(table, ())] for table in _TABLES}

OWN_ROW = {
    "document": (documents, documents.c.sha256),
    "correction": (corrections, corrections.c.id),
    "grant": (grants, grants.c.id),
    "borrower": (borrowers, borrowers.c.id),
    "snapshot": (snapshots, snapshots.c.id),
}
"""Kinds of batches that have a row of their own, and the column that names it."""

PAPERS = {"account_lines": account_lines, "paper_records": paper_records}
"""Members of a document that most documents have none of: a digest names them only when there are some."""

REGISTRY = {"borrowers": (borrowers, borrowers.c.provisional.is_(False)), "staff": (staff, None)}
"""Batches of kind `registry`: all rows of a table that come from books."""


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


def registry_hashes(connection: Connection, batch: str) -> list[str]:
    """The hashes of all rows of one registry."""
    table, condition = REGISTRY[batch]
    query = select(table) if condition is None else select(table).where(condition)
    return [row_hash(table, row) for row in connection.execute(query, execution_options={"yield_per": 500}).mappings()]


def batch_digest(connection: Connection, kind: str, batch: str) -> dict[str, Any]:
    """What a trail record says about `batch`: hashes and counts only, readable without a key."""
    digest: dict[str, Any] = {"kind": kind, "batch": batch}
    if kind == "registry":
        hashes = registry_hashes(connection, batch)
        return digest | {"rows": len(hashes), "rows_sha256": joint_hash(hashes)}
    table, key = OWN_ROW[kind]
    row = connection.execute(select(table).where(key == batch)).mappings().one_or_none()
    digest["row"] = row_hash(table, row) if row else None
    if kind == "snapshot":
        files = connection.execute(select(snapshot_files).where(snapshot_files.c.snapshot_id == batch)).mappings()
        hashes = [row_hash(snapshot_files, file) for file in files]
        return digest | {"files": len(hashes), "files_sha256": joint_hash(hashes)}
    if kind != "borrower":
        digest["borrower"] = row["borrower"] if row else None
    if kind in ("document", "correction"):
        own = list(connection.scalars(select(facts.c.content_sha256).where(facts.c.batch == batch)))
        digest |= {"facts": len(own), "facts_sha256": joint_hash(own)}
    if kind == "document":
        texts = list(connection.scalars(select(passages.c.content_sha256).where(passages.c.sha256 == batch)))
        digest |= {"passages": len(texts), "passages_sha256": joint_hash(texts)}
        for name, member in PAPERS.items():
            hashes = list(connection.scalars(select(member.c.content_sha256).where(member.c.sha256 == batch)))
            if hashes:
                digest |= {name: len(hashes), f"{name}_sha256": joint_hash(hashes)}
    return digest


def take_digests(connection: Connection, pending: dict[str, tuple[str, Caller, Any]]) -> list[dict[str, Any]]:
    """Digests of all pending batches, which are pending no more."""
    taken = [batch_digest(connection, kind, batch) for batch, (kind, _, _) in sorted(pending.items())]
    pending.clear()
    return taken
