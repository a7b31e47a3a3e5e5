"""Proof that nothing was altered since it was recorded.

The chain proves the records; the records' digests prove documents, facts, passages, corrections, borrowers and snapshots; the rule
of supersession, worked out again, proves which fact is in force; the anchors beside the database prove that no record was cut off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from tools.errors import StoreError
from tools.store.chain import GENESIS, chain_hash, record_id
from tools.store.connection import Database
from tools.store.dialects import guards_present, structural_fault
from tools.store.findings import UNREADABLE, Bad, Findings, stream, unreadable_key
from tools.store.home import Home
from tools.store.row_checks import check_rows
from tools.store.schema import trail, trail_keys
from tools.store.schema_monitor import INSERT_ONLY
from tools.store.sealing import live_keys, unseal

_SLACK = 1024
APPEND_ONLY = ("trail", "facts", "passages", "account_lines", "paper_records", *INSERT_ONLY)
"""Tables whose rows nothing may take away."""


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


def verify(database: Database, home: Home, progress: Callable[[int], None] | None = None) -> Verification:
    """Everything that can be proved, the earliest fault first. A broken chain is reported at once: what its records vouch for
    cannot be trusted. A database too damaged to be read is a finding too."""
    # Before the trail is read: heads anchored while it is being read belong to records this view does not have.
    anchored = home.anchors.size()
    found = Findings(head=GENESIS)
    missing: list[str] = []
    try:
        with database.reading() as connection:
            if _sound_chain(connection, home, anchored, found, progress):
                check_rows(connection, home, found)
                fault = structural_fault(connection)
                if fault:
                    found.against(None, f"the database file is damaged: {fault}")
            missing = guards_present(connection, APPEND_ONLY)
    except StoreError as error:
        found.against(None, error.what)
    notes = (f"append-only triggers are missing: {', '.join(missing)}",) if missing else ()
    return Verification(found.bad is None, found.records, found.head, found.bad, found.unanchored, notes)


def _sound_chain(
    connection: Connection, home: Home, anchored: int | None, found: Findings, progress: Callable[[int], None] | None
) -> bool:
    try:
        return _chain(connection, home, anchored, found, progress)
    except UNREADABLE:
        position = unreadable_key(connection, trail)
        found.add(int(position or found.records + 1), None, "the record cannot be read: it was changed")
        found.records, found.head, found.head_id = _rest(connection)
        return False


def _chain(
    connection: Connection, home: Home, anchored: int | None, found: Findings, progress: Callable[[int], None] | None
) -> bool:
    """True when the chain itself holds from end to end."""
    heads = _Heads(home.anchors.read(anchored or 0))
    keys = live_keys(connection)
    made = set(connection.scalars(select(trail_keys.c.id)))
    first_use: dict[str, tuple[int, str]] = {}
    for row in stream(connection, select(trail).order_by(trail.c.position)):
        expected = found.records + 1
        reason = _fault(row, expected, found.head, heads, keys)
        if reason:
            found.add(expected, row.id if row.position == expected else None, reason)
            found.records, found.head, found.head_id = _rest(connection)
            return False
        found.records, found.head, found.head_id = row.position, row.hash, row.id
        first_use.setdefault(row.key_id, (row.position, row.id))
        for digest in row.digests:
            found.note(digest, row.position, row.id)
        if progress and found.records % 1000 == 0:
            progress(found.records)
    left = heads.left()
    if left is not None and left > found.records:
        found.add(found.records + 1, None, f"records are missing at the end: the anchors know one at position {left}")
    elif left is not None:
        found.add(left, None, f"the anchors know another record at position {left}")
    if anchored is None and found.records:
        found.add(found.records, found.head_id, "the file of anchors is gone: whether records were cut off cannot be told")
    found.unanchored = max(found.records - heads.highest, 0)
    if found.bad is not None:
        # Without the end of the trail, a key destroyed lawfully looks destroyed in secret.
        return False
    for key_id, (position, id) in first_use.items():
        if key_id not in keys and key_id not in found.shredded:
            gone = "was destroyed" if key_id in made else "is gone"
            found.add(position, id, f"the key {key_id} of this record {gone} without a record saying so")
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


def _rest(connection: Connection) -> tuple[int, str, str | None]:
    """How many records there are, and the newest, when the chain is broken before it."""
    count = connection.scalar(select(func.count()).select_from(trail)) or 0
    row = connection.execute(select(trail.c.hash, trail.c.id).order_by(trail.c.position.desc()).limit(1)).one_or_none()
    return count, row.hash if row else GENESIS, row.id if row else None
