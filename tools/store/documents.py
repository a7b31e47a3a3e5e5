"""Documents: immutable bytes by their SHA-256, and what reading them gave.

The bytes are on disk, synced, before the row is committed; a crash in between leaves bytes nobody mentions, which the next
opening removes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, update

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest, StoreError
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.files import Shelf
from tools.store.merging import file_under
from tools.store.permissions import must_write, own_or_visible, root_of, roots, visible
from tools.store.schema import documents

_STANDARD = '"standard":"'
_LONGEST_STANDARD = 24


@dataclass(frozen=True, slots=True)
class Document:
    """One file as stored. `period_end` is the end of the newest period it reports on, `doc_date` its own date; `received_at` is when
    the bank learned of it, `recorded_at` the machine's time. `report` keeps what reading gave besides facts and passages
    (checks, unmapped rows, messages, proposed covenants, observations)."""

    sha256: str
    name: str
    kind: str
    language: str
    borrower: str | None
    pages: int
    status: str
    received_at: datetime
    recorded_at: datetime
    message: str = ""
    entity: str | None = None
    period_end: date | None = None
    doc_date: date | None = None
    assurance: str | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    bytes: int = 0
    added_by: str = ""


Found = list[Document]
MOST_NAMED = 500
"""More borrowers than these are not named in a query."""


class Documents:
    """Storing and listing documents. A document without a borrower is visible to who added it."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self.database = database
        self.shelf = shelf

    def add(self, caller: Caller, document: Document, content: bytes | Path) -> Document:
        """Stores the bytes and the row, and returns the row as stored. The same document again is returned as it was stored first.

        Raises BadRequest when the bytes are not those of `document.sha256`, UnknownBorrower for a borrower the caller cannot see."""
        must_write(caller)
        with self.database.writing() as unit:
            known = unit.connection.execute(select(documents).where(documents.c.sha256 == document.sha256)).one_or_none()
            if known is not None:
                seen = self.get(caller, document.sha256)
                # Whose document it is stays hidden from who merely has the same file.
                return seen or replace(document, borrower=None, bytes=known.bytes)
            owner = document.borrower or None
            if owner:
                owner = roots(unit.connection, caller, [owner])[owner]
            sha256, size = self._put(document, content)
            unit.at_end.append(lambda: self.shelf.settle(sha256, self._mentioned))
            if sha256 != document.sha256:
                raise BadRequest("the file changed while it was being read", where=document.name, fix="Ingest it again")
            stored = replace(document, borrower=owner, bytes=size, added_by=caller.user, received_at=utc(document.received_at),
                             recorded_at=utc(document.recorded_at))  # fmt: skip
            unit.connection.execute(documents.insert(), {column.name: getattr(stored, column.name) for column in documents.c})
            unit.touch("document", sha256, caller, document.recorded_at)
            return stored

    def amend(self, caller: Caller, sha256: str, at: datetime, **values: Any) -> Document:
        """Changes what reading said of a document (kind, language, status, message, report, borrower ...), never its bytes or times.
        A new borrower gets its facts, passages and corrections too. Raises BadRequest for a document the caller cannot see."""
        must_write(caller)
        fixed = {"sha256", "bytes", "received_at", "recorded_at", "added_by"} & set(values)
        if fixed:
            raise BadRequest(f"{', '.join(sorted(fixed))} of a document never change")
        with self.database.writing() as unit:
            known = self.get(caller, sha256)
            if known is None:
                raise BadRequest(f"no document {sha256[:12]}")
            if "borrower" in values and not values["borrower"] and known.borrower:
                raise BadRequest("a document that has a borrower keeps one", where=known.name)
            if values.get("borrower"):
                values["borrower"] = roots(unit.connection, caller, [values["borrower"]])[values["borrower"]]
                for correction in file_under(unit.connection, sha256, values["borrower"]):
                    unit.touch("correction", correction, caller, at)
            unit.connection.execute(update(documents).where(documents.c.sha256 == sha256).values(**values))
            unit.touch("document", sha256, caller, at)
            return _document(unit.connection.execute(select(documents).where(documents.c.sha256 == sha256)).one())

    def get(self, caller: Caller, sha256: str) -> Document | None:
        """One document; `sha256` may be its first 8 or more digits when they name only one."""
        found = self._read(
            caller, documents.c.sha256.startswith(sha256, autoescape=True) if len(sha256) >= 8 else documents.c.sha256 == sha256
        )
        return found[0] if len(found) == 1 else None

    def holds(self, caller: Caller, sha256: str) -> bool:
        """Whether these bytes are stored, by anyone: for duplicates, where a second copy must not be stored either way."""
        must_write(caller)
        with self.database.reading() as connection:
            return connection.scalar(select(documents.c.sha256).where(documents.c.sha256 == sha256)) is not None

    def list(
        self, caller: Caller, borrower: str | None = None, kind: str | None = None, clocks: Clocks | None = None
    ) -> list[Document]:
        """Newest received first. `clocks` leaves out what was received later than `known_at`."""
        condition: ColumnElement[bool] = documents.c.sha256.is_not(None)
        if borrower is not None:
            condition &= documents.c.borrower == root_of(borrower)
        if kind is not None:
            condition &= documents.c.kind == kind
        if clocks is not None:
            condition &= documents.c.received_at <= clocks.known_at
        return self._read(caller, condition)

    def standards(self, caller: Caller, clocks: Clocks) -> dict[str, str]:
        """The accounting standard the newest statement of each visible borrower states, of those received by `known_at`."""
        if caller.sees_nothing:
            return {}
        sqlite = self.database.engine.dialect.name == "sqlite"
        text = cast(documents.c.report, Text)
        place = func.instr(text, _STANDARD) if sqlite else func.strpos(text, _STANDARD)
        query = select(documents.c.borrower, func.substr(text, place + len(_STANDARD), _LONGEST_STANDARD).label("said")).where(
            documents.c.kind == "statement", documents.c.received_at <= clocks.known_at, documents.c.borrower.is_not(None),
            place > 0, visible(caller, documents.c.borrower),
        )  # fmt: skip
        oldest_first = query.order_by(documents.c.period_end.is_not(None), documents.c.period_end, documents.c.received_at)
        with self.database.reading() as connection:
            return {row.borrower: row.said.partition('"')[0] for row in connection.execute(oldest_first) if '"' in row.said}

    def named(
        self, caller: Caller, words: Sequence[str], clocks: Clocks, *, borrower: str | None = None, kind: str | None = None,
        limit: int = 50, offset: int = 0,
    ) -> Found:  # fmt: skip
        """Documents received by `known_at` whose name, company or hash holds every one of `words`, newest first."""
        condition: ColumnElement[bool] = documents.c.received_at <= clocks.known_at
        for word in words:
            places = (documents.c.name, documents.c.entity, documents.c.sha256)
            condition &= or_(*(place.icontains(word, autoescape=True) for place in places))
        if borrower is not None:
            condition &= documents.c.borrower == root_of(borrower)
        if kind is not None:
            condition &= documents.c.kind == kind
        return self._read(caller, condition, limit, offset)

    def holders(self, caller: Caller, borrowers: Sequence[str] | None = None) -> set[str]:
        """Borrowers of whom there is a document, of those asked about when some are."""
        if caller.sees_nothing:
            return set()
        query = (
            select(documents.c.borrower)
            .where(documents.c.borrower.is_not(None), visible(caller, documents.c.borrower))
            .distinct()
        )
        with self.database.reading() as connection:
            if borrowers is None or len(borrowers) > MOST_NAMED:
                found = set(connection.scalars(query))
                return found if borrowers is None else found & set(borrowers)
            return set(connection.scalars(query.where(documents.c.borrower.in_(list(borrowers)))))

    def path(self, caller: Caller, sha256: str) -> Path | None:
        """Where the bytes are, for a document the caller may see."""
        found = self.get(caller, sha256)
        return self.shelf.path(found.sha256) if found else None

    def _read(self, caller: Caller, condition: ColumnElement[bool], limit: int | None = None, offset: int = 0) -> Found:
        if caller.sees_nothing:
            return []
        query = select(documents).where(condition, own_or_visible(caller, documents.c.borrower, documents.c.added_by))
        with self.database.reading() as connection:
            ordered = query.order_by(documents.c.received_at.desc(), documents.c.sha256).limit(limit).offset(offset or None)
            return [_document(row) for row in connection.execute(ordered)]

    def _put(self, document: Document, content: bytes | Path) -> tuple[str, int]:
        try:
            return self.shelf.put(content)
        except OSError as error:
            raise StoreError(f"the file cannot be stored: {error.strerror}", where=document.name,
                             fix="Check that the file can be read and that the home has space") from error  # fmt: skip

    def _mentioned(self, sha256: str) -> bool:
        with self.database.reading() as connection:
            return connection.scalar(select(documents.c.sha256).where(documents.c.sha256 == sha256)) is not None


def _document(row: Any) -> Document:
    return Document(**row._mapping)
