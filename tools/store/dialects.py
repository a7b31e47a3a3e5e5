"""The few places where SQLite and PostgreSQL differ: connecting, taking the write lock, upserts and append-only triggers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

BUSY_SECONDS = 30
DRIVER_ERRORS = (SQLAlchemyError, sqlite3.Error)
"""What opening a database may raise: while a connection is being prepared, the driver's own errors come through unwrapped."""
_WRITE_LOCK = 0x6C6F616E  # "loan": the advisory lock every writing transaction takes on PostgreSQL


def make_engine(url: str) -> Engine:
    """An engine whose connections are ready: on SQLite foreign keys, full syncs and a busy timeout, and BEGIN under our control."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: it would start deferred ones, and two of those cannot both write.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("loanward_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_write_ahead_log(engine: Engine) -> None:
    """Readers and one writer at the same time. Kept in the file, so that it is set once, when the home is made."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()


def take_write_lock(connection: Connection) -> None:
    """One writing transaction at a time, so that the trail stays one line. SQLite has it already from BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})


def forget_deleted(engine: Engine) -> None:
    """Moves the write-ahead log into the file and empties it, so that overwritten key bytes are nowhere left in it."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts `rows`, replacing those whose primary key is there already. All rows must name the same columns."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    # Loading a dialect takes a while and most runs need one of them only.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    statement: Any = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    finished: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    connection.execute(finished, [dict(row) for row in rows])


def guard_statements(dialect: str, table: str, fixed: Sequence[str]) -> list[str]:
    """DDL that refuses DELETE on `table`, and UPDATE of the `fixed` columns (of any column when none is named)."""
    columns = " OF " + ", ".join(f'"{name}"' for name in fixed) if fixed else ""
    message = f"{table} is append-only"
    if dialect == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$",
            f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{table}()",
            f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()",
            f"CREATE TRIGGER {table}_keeps_values BEFORE UPDATE{columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}()",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return [
        f"CREATE TRIGGER {table}_keeps_rows BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_keeps_values BEFORE UPDATE{columns} ON {table} {refuse}",
    ]


def structural_fault(connection: Connection) -> str | None:
    """What SQLite's own check says of its pages and indexes, None when they are sound. PostgreSQL has none to ask."""
    if connection.dialect.name != "sqlite":
        return None
    said = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    return None if said == "ok" else str(said)


def guards_present(connection: Connection, tables: Sequence[str]) -> list[str]:
    """The append-only triggers of `tables` that are missing."""
    names = [f"{table}_keeps_{what}" for table in tables for what in ("rows", "values")]
    if connection.dialect.name == "postgresql":
        found = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")))
    else:
        found = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    return [name for name in names if name not in found]
