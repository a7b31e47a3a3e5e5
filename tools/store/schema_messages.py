"""Tables of what came in from a chat and what goes out to it: the inbox claims an event once, the outbox sends a message once.

`payload` is emptied when a row is settled: what people asked and were told is kept in the trail and in threads, not here.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from tools.store.columns import Json, UtcTime
from tools.store.schema import metadata

inbox = Table(
    "inbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("lane", String, nullable=False),
    Column("line", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("payload", Json, nullable=False),
    Column("note", Json, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String),
    Column("not_before", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("error", Text),
    Index("ix_inbox_state_lane", "state", "lane"),
    sqlite_autoincrement=True,
)
"""`note` is what the handler has to remember between two attempts, such as the message it began to write in."""

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("line", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("payload", Json, nullable=False),
    Column("result", Json, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String),
    Column("not_before", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("error", Text),
    Index("ix_outbox_state", "state"),
    sqlite_autoincrement=True,
)
