"""Messages that have to go out: stored first, sent later, each once.

The id is given by the writer and says what the message is (this answer, this alert of this person), so that writing it twice is
writing it once. `unsure` tells a sender that an earlier attempt may have reached the other side: it then looks before it sends.
Like the inbox these rows are read by the sender only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, select, update

from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.schema_messages import outbox

OPEN, SENDING, SENT, FAILED = "open", "sending", "sent", "failed"
LEASE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Messages of one line (a channel or a person) go out in the order they were put."""

    id: str
    line: str
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message a sender has in hand; `result` is what earlier attempts or steps left."""

    id: str
    line: str
    kind: str
    payload: Mapping[str, Any]
    result: Mapping[str, Any]
    attempts: int
    unsure: bool
    created_at: datetime


class Outbox:
    """Put, take, settle."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, messages: Sequence[Message], at: datetime) -> int:
        """Stores those whose id is new, inside the caller's transaction when there is one; how many were."""
        if not messages:
            return 0
        moment = utc(at)
        with self.database.writing() as unit:
            known = set(unit.connection.scalars(select(outbox.c.id).where(outbox.c.id.in_([m.id for m in messages]))))
            fresh = {message.id: message for message in messages if message.id not in known}
            rows = [
                {"id": m.id, "line": m.line, "kind": m.kind, "payload": dict(m.payload), "result": {}, "state": OPEN, "attempts": 0,
                 "not_before": moment, "created_at": moment}
                for m in fresh.values()
            ]  # fmt: skip
            if rows:
                unit.connection.execute(outbox.insert(), rows)
        return len(rows)

    def take(self, owner: str, at: datetime, lease: timedelta = LEASE) -> Outgoing | None:
        """The oldest message that may go out now; None when there is none."""
        now = utc(at)
        with self.database.reading() as connection:
            if connection.execute(self._next(now)).first() is None:
                return None
        with self.database.writing() as unit:
            row = unit.connection.execute(self._next(now)).first()
            if row is None:
                return None
            values = {"state": SENDING, "owner": owner, "not_before": now + lease, "attempts": row.attempts + 1}
            unit.connection.execute(update(outbox).where(outbox.c.seq == row.seq).values(values))
        unsure = row.state == SENDING or bool(row.result.get("unsure"))
        return Outgoing(row.id, row.line, row.kind, row.payload, row.result, row.attempts + 1, unsure, row.created_at)

    def renew(self, owner: str, at: datetime, lease: timedelta = LEASE) -> int:
        """Holds what `owner` is sending for another lease; how many messages that is."""
        held = and_(outbox.c.state == SENDING, outbox.c.owner == owner)
        with self.database.reading() as connection:
            if connection.scalar(select(func.count()).select_from(outbox).where(held)) == 0:
                return 0
        with self.database.writing() as unit:
            return unit.connection.execute(update(outbox).where(held).values(not_before=utc(at) + lease)).rowcount

    def note(self, id: str, result: Mapping[str, Any]) -> None:
        """Keeps what a step of sending gave, before the next step."""
        with self.database.writing() as unit:
            unit.connection.execute(update(outbox).where(outbox.c.id == id).values(result=dict(result)))

    def sent(self, id: str, result: Mapping[str, Any], at: datetime) -> None:
        """Gone out: the payload is let go, the id and where it went stay."""
        values = {"state": SENT, "result": dict(result), "settled_at": utc(at), "payload": {}, "owner": None, "error": None}
        self._settle(id, values)

    def put_back(self, id: str, not_before: datetime, error: str, *, unsure: bool, result: Mapping[str, Any]) -> None:
        """To be tried again; `unsure` when this attempt may have got through."""
        values = {"state": OPEN, "owner": None, "not_before": utc(not_before), "error": error,
                  "result": {**result, "unsure": True} if unsure else dict(result)}  # fmt: skip
        self._settle(id, values)

    def fail(self, id: str, at: datetime, error: str) -> None:
        """Refused for good (the channel is gone, for example); the payload stays for whoever looks into it."""
        self._settle(id, {"state": FAILED, "settled_at": utc(at), "owner": None, "error": error})

    def release(self, owner: str, at: datetime) -> None:
        """Lets go of what a sender that stops in good order had not begun to send."""
        with self.database.writing() as unit:
            held = and_(outbox.c.state == SENDING, outbox.c.owner == owner)
            unit.connection.execute(update(outbox).where(held).values(not_before=utc(at)))

    def result(self, id: str) -> Mapping[str, Any] | None:
        """Where a message went; None while it has not been sent."""
        with self.database.reading() as connection:
            found: Mapping[str, Any] | None = connection.scalar(
                select(outbox.c.result).where(outbox.c.id == id, outbox.c.state == SENT)
            )
        return found

    def known(self, ids: Sequence[str]) -> set[str]:
        """Which of these ids were ever put."""
        with self.database.reading() as connection:
            return set(connection.scalars(select(outbox.c.id).where(outbox.c.id.in_(list(ids)))))

    def count(self) -> dict[str, int]:
        """How many messages are in each state."""
        with self.database.reading() as connection:
            return {state: n for state, n in connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))}

    def _next(self, now: datetime) -> Any:
        earlier = outbox.alias("earlier")
        blocked = exists().where(
            earlier.c.line == outbox.c.line, earlier.c.seq < outbox.c.seq, earlier.c.state.in_((OPEN, SENDING))
        )
        free = and_(outbox.c.state.in_((OPEN, SENDING)), outbox.c.not_before <= now)
        return select(outbox).where(free, ~blocked).order_by(outbox.c.seq).limit(1)

    def _settle(self, id: str, values: Mapping[str, Any]) -> None:
        with self.database.writing() as unit:
            unit.connection.execute(update(outbox).where(outbox.c.id == id, outbox.c.state != SENT).values(dict(values)))
