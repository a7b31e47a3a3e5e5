"""Threads of talk: what each user said and was told, so that a thread continues. The trail, not this, is the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from tools.domain.callers import Caller
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.schema import thread_messages, threads


class Threads:
    """A thread belongs to one user; the same name used by another user is another thread."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def read(self, caller: Caller, thread: str) -> list[dict[str, Any]]:
        """The messages of the caller's thread in order; empty when there is none. Who sees nothing (any more) gets nothing."""
        if caller.sees_nothing:
            return []
        column = thread_messages.c
        query = select(column.message).where(column.user == caller.user, column.thread_id == thread).order_by(column.ordinal)
        with self.database.reading() as connection:
            return list(connection.scalars(query))

    def append(self, caller: Caller, thread: str, messages: Sequence[Mapping[str, Any]], at: datetime) -> None:
        """Adds messages (any JSON objects) to the caller's thread, which begins when it is new."""
        moment = utc(at)
        mine = (thread_messages.c.user == caller.user) & (thread_messages.c.thread_id == thread)
        key = (threads.c.user == caller.user) & (threads.c.id == thread)
        with self.database.writing() as unit:
            if unit.connection.scalar(select(threads.c.id).where(key)) is None:
                unit.connection.execute(
                    threads.insert(), {"user": caller.user, "id": thread, "created_at": moment, "updated_at": moment}
                )
            else:
                unit.connection.execute(update(threads).where(key).values(updated_at=moment))
            used = unit.connection.scalar(select(func.max(thread_messages.c.ordinal)).where(mine))
            first = 0 if used is None else used + 1
            rows = [
                {"user": caller.user, "thread_id": thread, "ordinal": first + step, "at": moment, "message": dict(message)}
                for step, message in enumerate(messages)
            ]
            if rows:
                unit.connection.execute(thread_messages.insert(), rows)

    def list(self, caller: Caller, limit: int = 50) -> list[tuple[str, datetime]]:
        """(thread, last used) of the caller's threads, newest first."""
        if caller.sees_nothing:
            return []
        query = select(threads.c.id, threads.c.updated_at).where(threads.c.user == caller.user)
        with self.database.reading() as connection:
            return [
                (row.id, row.updated_at) for row in connection.execute(query.order_by(threads.c.updated_at.desc()).limit(limit))
            ]

    def forget(self, caller: Caller, thread: str) -> None:
        """Removes the caller's thread; what was answered stays in the trail."""
        with self.database.writing() as unit:
            mine = (thread_messages.c.user == caller.user) & (thread_messages.c.thread_id == thread)
            unit.connection.execute(delete(thread_messages).where(mine))
            unit.connection.execute(delete(threads).where((threads.c.user == caller.user) & (threads.c.id == thread)))
