"""Transactions: any number of readers, one writer at a time, and what has to happen when a writer ends.

A `Unit` is one writing transaction. It remembers which documents, corrections and snapshots it touched so that none is
committed without a trail record holding its digest, and which stored files wait for the outcome.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from tools.domain.callers import Caller
from tools.errors import StoreError
from tools.store.dialects import BUSY_SECONDS, take_write_lock

_ATTEMPTS = 4


class Unit:
    """One writing transaction. `pending` maps a batch (a document's sha256, a correction's or snapshot's id) to who touched it
    and when; the trail takes batches out as its records cover them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.pending: dict[str, tuple[str, Caller, datetime]] = {}
        self.heads: tuple[tuple[int, str], ...] = ()
        self.after_commit: list[Callable[[], None]] = []
        self.at_end: list[Callable[[], None]] = []

    def touch(self, kind: str, batch: str, caller: Caller, at: datetime) -> None:
        """`kind` is one of those of `digests`; `batch` will be digested into the next trail record of this unit."""
        self.pending[batch] = (kind, caller, at)


class Database:
    """Hands out connections. A write inside an open transaction of the same thread joins it. The trail hooks in: `finish` runs
    before every commit, `finished` after it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # One snapshot for all statements of a read, as SQLite gives by itself.
        snapshot = engine.dialect.name == "postgresql"
        self._readers = engine.execution_options(isolation_level="REPEATABLE READ") if snapshot else engine
        self.finish: Callable[[Unit], None] = _nothing
        self.finished: Callable[[Unit], None] = _nothing
        self._here = threading.local()

    @property
    def current(self) -> Unit | None:
        """The transaction this thread is in."""
        unit: Unit | None = getattr(self._here, "unit", None)
        return unit

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection with a consistent view; inside a transaction, that transaction's."""
        unit = self.current
        if unit is not None:
            yield unit.connection
            return
        with _said_plainly(), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Unit]:
        """A writing transaction: waits for other writers; commits at the end, rolls back on any exception. Raises StoreError when
        the store stays locked, is full or is read-only."""
        outer = self.current
        if outer is not None:
            # A step that fails and is caught must leave nothing behind in the transaction that goes on.
            before = dict(outer.pending), outer.heads
            try:
                with outer.connection.begin_nested():
                    yield outer
            except BaseException:
                outer.pending, outer.heads = before
                raise
            return
        with _said_plainly(), self.engine.connect().execution_options(loanward_write=True) as connection:
            _begin(connection)
            unit = self._here.unit = Unit(connection)
            try:
                yield unit
                self.finish(unit)
                connection.commit()
            except BaseException:
                self._here.unit = None
                connection.rollback()
                raise
            finally:
                self._here.unit = None
                for settle in unit.at_end:
                    settle()
        self.finished(unit)
        for act in unit.after_commit:
            act()


def _nothing(_unit: Unit) -> None:
    return None


def _begin(connection: Connection) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            connection.begin()
            take_write_lock(connection)
            return
        except OperationalError as error:
            connection.rollback()
            if attempt == _ATTEMPTS - 1 or "locked" not in str(error):
                raise
            time.sleep(0.05 * (attempt + 1))


_PLAIN = {
    "locked": (
        f"another process has been writing for more than {BUSY_SECONDS * _ATTEMPTS} seconds",
        "Wait for it, or end it, and try again",
    ),
    "readonly": ("the database is read-only", "Give this user the right to write the home folder"),
    "read-only": ("the database is read-only", "Give this user the right to write the home folder"),
    "disk is full": ("the disk is full; nothing of this step was stored", "Free some space and run the same command again"),
    "unable to open": (
        "the database file cannot be opened",
        "Check that the home folder exists and that this user may write it",
    ),
    "disk I/O error": ("the disk reported an error", "Check the disk; the store itself is left as it was before this step"),
    "malformed": ("the database file is damaged", "Restore the home folder from its backup"),
    "not a database": ("the file is not a Loanward database", "Point --home at a Loanward home or at an empty folder"),
}


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        for sign, (what, fix) in _PLAIN.items():
            if sign in str(error.orig):
                raise StoreError(what, where="store", fix=fix) from error
        if isinstance(error, OperationalError):
            raise StoreError(f"the database refused: {error.orig}", where="store", fix="Run `loanward doctor`") from error
        raise
