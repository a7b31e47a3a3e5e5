"""What came in and has to be handled: claimed once by its id, worked on by one worker at a time, in order within a line.

A line is a conversation: its second question waits for the first. A worker holds a row for a lease and renews it; when the process
dies the lease runs out and another worker goes on. These rows belong to no borrower and are read by the worker only, so that they
take no Caller: whose rights count is worked out by the handler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from tools.store.columns import utc
from tools.store.connection import Database, Unit
from tools.store.schema_messages import inbox

OPEN, WORKING, DONE, FAILED = "open", "working", "done", "failed"
LEASE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as it came. `id` is the sender's own, the same for every retry of it."""

    id: str
    lane: str
    line: str
    kind: str
    payload: Mapping[str, Any]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """An event a worker has in hand; `note` is what an earlier attempt left."""

    id: str
    line: str
    kind: str
    payload: Mapping[str, Any]
    note: Mapping[str, Any]
    attempts: int
    received_at: datetime


class Inbox:
    """Claim, take, renew, settle."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, events: Sequence[Incoming]) -> set[str]:
        """Stores the events nobody stored before, in one transaction; the ids that were new."""
        if not events:
            return set()
        wanted = {event.id: event for event in reversed(events)}
        with self.database.writing() as unit:
            known = set(unit.connection.scalars(select(inbox.c.id).where(inbox.c.id.in_(sorted(wanted)))))
            fresh = [event for event in events if event.id not in known and wanted[event.id] is event]
            if fresh:
                unit.connection.execute(inbox.insert(), [_row(event) for event in fresh])
        return {event.id for event in fresh}

    def take(self, owner: str, lanes: Sequence[str], at: datetime, lease: timedelta = LEASE) -> Taken | None:
        """The oldest event of these lanes that may be worked on now; it is `owner`'s until the lease ends. Events left by a dead
        worker count as open once their lease is over; an event waits for the earlier ones of its line."""
        now = utc(at)
        if not self._any(lanes, now):
            return None
        with self.database.writing() as unit:
            row = unit.connection.execute(self._next(lanes, now)).first()
            if row is None:
                return None
            values = {"state": WORKING, "owner": owner, "not_before": now + lease, "attempts": row.attempts + 1}
            unit.connection.execute(update(inbox).where(inbox.c.seq == row.seq).values(values))
        return Taken(row.id, row.line, row.kind, row.payload, row.note, row.attempts + 1, row.received_at)

    def renew(self, owner: str, at: datetime, lease: timedelta = LEASE) -> int:
        """Holds everything `owner` works on for another lease; how many rows that is."""
        held = and_(inbox.c.state == WORKING, inbox.c.owner == owner)
        with self.database.reading() as connection:
            if connection.scalar(select(func.count()).select_from(inbox).where(held)) == 0:
                return 0
        with self.database.writing() as unit:
            return unit.connection.execute(update(inbox).where(held).values(not_before=utc(at) + lease)).rowcount

    def remember(self, id: str, note: Mapping[str, Any]) -> None:
        """Keeps what the next attempt has to know."""
        with self.database.writing() as unit:
            unit.connection.execute(update(inbox).where(inbox.c.id == id).values(note=dict(note)))

    def finish(self, id: str, at: datetime) -> None:
        """Done: the payload is let go, the id stays for ever so that a late retry is recognised."""
        self._settle(id, {"state": DONE, "settled_at": utc(at), "payload": {}, "owner": None})

    def fail(self, id: str, at: datetime, error: str) -> None:
        """Given up after its attempts; the payload stays for whoever looks into it."""
        self._settle(id, {"state": FAILED, "settled_at": utc(at), "owner": None, "error": error})

    def put_back(self, id: str, not_before: datetime, error: str = "", *, counts: bool = True) -> None:
        """To be tried again from `not_before`. `counts` false: the attempt was not the event's fault."""
        values: dict[Any, Any] = {"state": OPEN, "owner": None, "not_before": utc(not_before), "error": error or None}
        if not counts:
            values["attempts"] = inbox.c.attempts - 1
        self._settle(id, values)

    def release(self, owner: str, at: datetime) -> None:
        """Lets go of everything of a worker that stops in good order."""
        with self.database.writing() as unit:
            held = and_(inbox.c.state == WORKING, inbox.c.owner == owner)
            values = {"state": OPEN, "owner": None, "not_before": utc(at), "attempts": inbox.c.attempts - 1}
            unit.connection.execute(update(inbox).where(held).values(values))

    def count(self) -> dict[str, int]:
        """How many events are in each state."""
        with self.database.reading() as connection:
            return {state: n for state, n in connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))}

    def _any(self, lanes: Sequence[str], now: datetime) -> bool:
        # Looking costs no write lock: an idle worker must not stand in the way of those who write.
        with self.database.reading() as connection:
            return connection.execute(self._next(lanes, now)).first() is not None

    def _next(self, lanes: Sequence[str], now: datetime) -> Any:
        earlier = inbox.alias("earlier")
        blocked = exists().where(
            earlier.c.line == inbox.c.line, earlier.c.seq < inbox.c.seq, earlier.c.state.in_((OPEN, WORKING))
        )
        free: ColumnElement[bool] = and_(inbox.c.state.in_((OPEN, WORKING)), inbox.c.not_before <= now)
        return select(inbox).where(free, inbox.c.lane.in_(lanes), ~blocked).order_by(inbox.c.seq).limit(1)

    def _settle(self, id: str, values: Mapping[str, Any]) -> None:
        with self.database.writing() as unit:
            _update(unit, id, values)


def _update(unit: Unit, id: str, values: Mapping[str, Any]) -> None:
    unit.connection.execute(
        update(inbox).where(inbox.c.id == id, or_(inbox.c.state == OPEN, inbox.c.state == WORKING)).values(dict(values))
    )


def _row(event: Incoming) -> dict[str, Any]:
    moment = utc(event.received_at)
    return {
        "id": event.id, "lane": event.lane, "line": event.line, "kind": event.kind, "payload": dict(event.payload), "note": {},
        "state": OPEN, "attempts": 0, "not_before": moment, "received_at": moment,
    }  # fmt: skip
