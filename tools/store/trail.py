"""The audit trail: every act that matters, append-only, each record chained to the one before.

The chain runs over hashes of the stored payload bytes; payloads lie sealed under their borrower's key. A record also vouches for
the documents, facts, passages, corrections and snapshots written in its transaction, by their digests. What cannot be written
here does not happen: the record and what it records are committed together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from tools.domain.callers import Caller
from tools.errors import BadRequest, StoreError
from tools.store.chain import GENESIS, chain_hash, record_id
from tools.store.columns import canonical_json, time_text, utc
from tools.store.connection import Database, Unit
from tools.store.dialects import forget_deleted
from tools.store.digests import take_digests
from tools.store.home import Home
from tools.store.permissions import family, must_see_everything, must_write, own_or_visible, permitted, roots
from tools.store.schema import borrowers, trail, trail_keys
from tools.store.sealing import destroy, live_keys, seal, unseal
from tools.store.verification import Verification, verify


class Act(StrEnum):
    """The fixed list of acts. Reading stored data through a question is `ask` and `answer`; plain listing is not recorded."""

    INGEST = "ingest"  # a document, its facts and passages were stored
    EXTRACT = "extract"  # a file was read and nothing stored
    QUARANTINE = "quarantine"  # a file could not be read, was retried or dropped
    IMPORT = "import"  # a loan-book snapshot
    RECORD = "record"  # rows stored by a step that named no act of its own
    CORRECT = "correct"  # a fact or mapping corrected, or a correction reversed
    MERGE = "merge"  # a provisional borrower became one of the book
    ASK = "ask"  # a question came in
    ANSWER = "answer"  # an answer went out
    BRIEF = "brief"  # a monthly brief was written
    LETTER = "letter"  # a draft letter was written
    MONITOR = "monitor"  # a portfolio run
    ALERT = "alert"  # an alert opened, changed or closed
    PROPOSE = "propose"  # something for a second person to decide
    CONFIRM = "confirm"  # a covenant, mapping or proposal confirmed
    APPROVE = "approve"  # a proposal approved or rejected
    ACT = "act"  # an officer's action on an alert or covenant
    REVEAL = "reveal"  # masked data shown, with reason
    SHARE = "share"  # an answer was shown to others than the asker
    FEEDBACK = "feedback"  # somebody judged an answer
    EXPORT = "export"  # data left the program
    GRANT = "grant"  # access given or taken back
    SHRED = "shred"  # a borrower's keys destroyed
    RULE = "rule"  # the rulebook in use changed
    MODEL = "model"  # the model in use changed
    SETTINGS = "settings"  # settings changed
    LOGIN = "login"  # somebody came in, or was refused


TOLD = frozenset({Act.ASK, Act.ANSWER, Act.BRIEF, Act.LETTER, Act.ALERT})
"""Acts whose payload holds what was told to somebody with rights of his own. It may tell of borrowers another reader of the record
may not see, so only its author and those who see everything read it, and whoever sees every borrower named in its `tells_of`."""


@dataclass(frozen=True, slots=True)
class TrailRecord:
    """One record without its payload. `digests` are hashes of what it vouches for."""

    position: int
    id: str
    at: datetime
    user: str
    role: str
    act: str
    object: str
    borrower: str | None
    digests: tuple[Mapping[str, Any], ...]
    payload_sha256: str
    key_id: str
    previous: str
    hash: str

    def shape(self) -> dict[str, Any]:
        """The `trail` shape of search and show."""
        return {
            "id": self.id, "position": self.position, "at": time_text(self.at), "user": self.user, "role": self.role, "act": self.act,
            "object": self.object, "borrower": self.borrower, "payload_sha256": self.payload_sha256, "previous": self.previous,
            "hash": self.hash, "digests": [dict(digest) for digest in self.digests],
        }  # fmt: skip


def as_record(row: Row[Any]) -> TrailRecord:
    """A row of the trail without its payload."""
    return TrailRecord(
        row.position, row.id, row.at, row.user, row.role, row.act, row.object, row.borrower, tuple(row.digests),
        row.payload_sha256, row.key_id, row.previous, row.hash,
    )  # fmt: skip


_HEAD = [column for column in trail.c if column.name != "payload"]


class Trail:
    """Appending, finding, opening and verifying records."""

    def __init__(self, database: Database, home: Home) -> None:
        self.database = database
        self.home = home
        database.finish = self._vouch
        database.finished = self._anchor

    def append(self, caller: Caller, act: Act | str, object: str, payload: Mapping[str, Any], at: datetime,
               borrower: str | None = None) -> TrailRecord:  # fmt: skip
        """Adds one record, in the transaction that is open or its own. Anyone's act is recorded, whatever they may see. `object` is an id
        and stays readable for ever: free text and personal data belong into `payload`, which is sealed under `borrower`'s key.

        Raises BadRequest for an act that is not on the list, TypeError for a payload without a JSON form."""
        try:
            act = Act(act)
        except ValueError:
            raise BadRequest(f"{act!r} is not an act of the trail", fix=f"Use one of {', '.join(Act)}") from None
        with self.database.writing() as unit:
            return self.record(unit, caller, act, object, payload, utc(at), borrower)

    def search(self, caller: Caller, *, user: str | None = None, act: str | None = None, object: str | None = None,
               borrower: str | None = None, from_: datetime | None = None, to: datetime | None = None, text: str | None = None,
               limit: int = 50, before: int | None = None, most_read: int | None = None) -> list[TrailRecord]:  # fmt: skip
        """Newest first. `from_` inclusive, `to` exclusive; `text` is looked for in object and payload, whatever its case, in the newest
        `most_read` records that fit otherwise (None: all); `before` is the position to page on from. Records of borrowers the caller
        may not see are not there, and what `show` withholds is not looked in."""
        if caller.sees_nothing:
            return []
        query = select(trail) if text else select(*_HEAD)
        query = query.where(own_or_visible(caller, trail.c.borrower, trail.c.user)).order_by(trail.c.position.desc())
        for column, wanted in ((trail.c.user, user), (trail.c.act, act), (trail.c.object, object)):
            if wanted is not None:
                query = query.where(column == wanted)
        if borrower is not None:
            query = query.where(trail.c.borrower.in_(family(borrower)))
        if from_ is not None:
            query = query.where(trail.c.at >= from_)
        if to is not None:
            query = query.where(trail.c.at < to)
        if before is not None:
            query = query.where(trail.c.position < before)
        with self.database.reading() as connection:
            if not text:
                return [as_record(row) for row in connection.execute(query.limit(limit))]
            keys = live_keys(connection)
            needle = text.casefold()
            found: list[TrailRecord] = []
            for row in connection.execute(query.limit(most_read), execution_options={"yield_per": 200}):
                if needle in row.object.casefold() or needle in self._readable_text(connection, caller, row, keys).casefold():
                    found.append(as_record(row))
                    if len(found) == limit:
                        break
            return found

    def show(self, caller: Caller, id: str) -> dict[str, Any] | None:
        """One record with its payload, or None when there is none the caller may see. `payload` is null and `shredded` true when its
        key was destroyed; null and `withheld` true when it was told to somebody else (`TOLD`)."""
        if caller.sees_nothing:
            return None
        query = select(trail).where(trail.c.id == id, own_or_visible(caller, trail.c.borrower, trail.c.user))
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            key = connection.scalar(select(trail_keys.c.key).where(trail_keys.c.id == row.key_id))
            shape = as_record(row).shape()
            if key is None:
                return shape | {"payload": None, "shredded": True, "withheld": False}
            payload = json.loads(unseal(bytes(key), row.key_id, bytes(row.payload)))
            withheld = not _may_read(connection, caller, row, payload)
        return shape | {"payload": None if withheld else payload, "shredded": False, "withheld": withheld}

    def _readable_text(self, connection: Connection, caller: Caller, row: Row[Any], keys: Mapping[str, bytes]) -> str:
        text = _opened(row, keys)
        return text if text and _may_read(connection, caller, row, json.loads(text)) else ""

    def shred(self, caller: Caller, borrower: str, at: datetime, reason: str) -> TrailRecord:
        """Destroys the keys of `borrower` and of those merged into it, and records that: what the records of this borrower said can then be
        read by nobody, and the chain still verifies. Only who sees everything and may write. Raises UnknownBorrower."""
        must_see_everything(caller, "destroying keys")
        must_write(caller)
        with self.database.writing() as unit:
            borrower = roots(unit.connection, caller, [borrower])[borrower]
            ids = destroy(unit.connection, list(unit.connection.scalars(family(borrower))), utc(at))
            # The reason is kept under the general key: it must stay readable.
            payload = {"borrower": borrower, "keys": ids, "reason": reason}
            digests: list[dict[str, Any]] = [{"kind": "shred", "batch": key} for key in sorted(ids)]
            record = self.record(unit, caller, Act.SHRED, borrower, payload, utc(at), None, digests)
            unit.after_commit.append(lambda: forget_deleted(self.database.engine))
        return record

    def verify(self, caller: Caller, progress: Callable[[int], None] | None = None) -> Verification:
        """Proves that nothing was altered: chain, payloads, anchors, documents, facts, passages and shards. Streams; `progress` gets the
        number of records read so far. Only for those who see everything."""
        must_see_everything(caller, "verifying the trail")
        return verify(self.database, self.home, progress)

    def head(self) -> tuple[int, str]:
        """(position, hash) of the newest record; (0, zeros) for an empty trail."""
        with self.database.reading() as connection:
            row = connection.execute(
                select(trail.c.position, trail.c.hash).order_by(trail.c.position.desc()).limit(1)
            ).one_or_none()
        return (row.position, row.hash) if row else (0, GENESIS)

    def record(self, unit: Unit, caller: Caller, act: Act, object: str, payload: Mapping[str, Any], at: datetime,
               borrower: str | None, more: list[dict[str, Any]] | None = None) -> TrailRecord:  # fmt: skip
        """The same inside a transaction at hand; `more` are further digests the record carries in the clear."""
        connection = unit.connection
        head, previous = self.head()
        position = head + 1
        digests = take_digests(connection, unit.pending) + (more or [])
        key_id, stored = seal(connection, borrower or "", canonical_json(payload).encode(), at)
        payload_sha256 = hashlib.sha256(stored).hexdigest()
        own = chain_hash(
            position, at, caller.user, caller.role, act, object, borrower, digests, payload_sha256, key_id, previous
        )
        record = TrailRecord(position, record_id(own), at, caller.user, caller.role, str(act), object, borrower, tuple(digests),
                             payload_sha256, key_id, previous, own)  # fmt: skip
        values = {name: getattr(record, name) for name in record.__slots__} | {"digests": digests, "payload": stored}
        connection.execute(trail.insert(), values)
        unit.heads = (*unit.heads, (position, own))
        return record

    def _vouch(self, unit: Unit) -> None:
        """Before a commit: what no record of this transaction covers gets one, so that nothing is stored without its record."""
        if unit.pending:
            _, caller, at = next(iter(unit.pending.values()))
            names = sorted(unit.pending)
            self.record(unit, caller, Act.RECORD, names[0], {"batches": names}, utc(at), None)

    def _anchor(self, unit: Unit) -> None:
        if not unit.heads:
            return
        try:
            self.home.anchors.add(unit.heads)
        except OSError as error:
            raise StoreError(f"the step is stored, but its anchor is not: {error.strerror}", where=str(self.home.anchors.path),
                             fix="Free space or give the right to write; the next record anchors this one too") from error  # fmt: skip


def _may_read(connection: Connection, caller: Caller, row: Row[Any], payload: Any) -> bool:
    if caller.everything or row.user == caller.user:
        return True
    named = payload.get("tells_of") if isinstance(payload, dict) else None
    if named is None:
        return row.act not in TOLD
    seen = select(func.count()).select_from(borrowers).where(borrowers.c.id.in_(named), permitted(caller))
    return connection.scalar(seen) == len(set(named))


def _opened(row: Row[Any], keys: Mapping[str, bytes]) -> str:
    key = keys.get(row.key_id)
    return unseal(key, row.key_id, bytes(row.payload)).decode() if key else ""
