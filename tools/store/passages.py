"""Passages: the text of documents in pieces that can be found and quoted. SQL is the record; indexes are built from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from tools.domain.callers import Caller
from tools.domain.facts import Passage, Source
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.digests import row_hash
from tools.store.merging import owners_of_documents
from tools.store.permissions import must_see_everything, must_write, roots, visible
from tools.store.schema import passages

_CHUNK = 500


class Passages:
    """Recording and reading passages."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, caller: Caller, pieces: Iterable[Passage], recorded_at: datetime) -> int:
        """Stores passages of documents already added, known from `recorded_at`; ones stored before are left alone. Returns how many
        were new. A passage goes where its document is filed; that of a document without a borrower is visible only to those who see
        everything. Raises BadRequest for a borrower that is not the document's."""
        must_write(caller)
        given = {piece.id: piece for piece in pieces}
        with self.database.writing() as unit:
            owners = roots(unit.connection, caller, {piece.borrower for piece in given.values() if piece.borrower})
            ids = list(given)
            known: set[str] = set()
            for start in range(0, len(ids), _CHUNK):
                known |= set(
                    unit.connection.scalars(select(passages.c.id).where(passages.c.id.in_(ids[start : start + _CHUNK])))
                )
            fresh = [piece for id, piece in given.items() if id not in known]
            filed = owners_of_documents(unit.connection, {piece.source.sha256 for piece in fresh})
            for piece in fresh:
                if piece.source.sha256 not in filed:
                    raise BadRequest(
                        f"the document {piece.source.sha256[:12]} is not stored", fix="Add the document before its passages"
                    )
                if piece.borrower and owners[piece.borrower] != filed[piece.source.sha256]:
                    raise BadRequest("the document is filed under another borrower", where=piece.source.document)
            rows = [_row(piece, filed[piece.source.sha256], utc(recorded_at)) for piece in fresh]
            if rows:
                unit.connection.execute(passages.insert(), rows)
            for sha256 in {row["sha256"] for row in rows}:
                unit.touch("document", sha256, caller, recorded_at)
            return len(rows)

    def assign(self, caller: Caller, sha256: str, borrower: str, at: datetime) -> int:
        """Files the passages of a document that had no borrower under `borrower`; returns how many. Raises UnknownBorrower."""
        must_write(caller)
        with self.database.writing() as unit:
            owner = roots(unit.connection, caller, [borrower])[borrower]
            loose = (passages.c.sha256 == sha256) & passages.c.borrower.is_(None)
            changed = unit.connection.execute(update(passages).where(loose).values(borrower=owner)).rowcount
            unit.touch("document", sha256, caller, at)
            return int(changed)

    def of_document(self, caller: Caller, sha256: str) -> list[Passage]:
        """One document's passages in reading order."""
        return self._read(caller, passages.c.sha256 == sha256)

    def get(self, caller: Caller, ids: Sequence[str], clocks: Clocks | None = None) -> list[Passage]:
        """Those of `ids` the caller may see (and the bank knew by `clocks.known_at`), in the order asked for."""
        if not ids:
            return []
        condition: ColumnElement[bool] = passages.c.id.in_(list(ids))
        if clocks is not None:
            condition &= passages.c.recorded_at <= clocks.known_at
        found = {passage.id: passage for passage in self._read(caller, condition)}
        return [found[id] for id in ids if id in found]

    def saying(
        self,
        caller: Caller,
        any_of: Sequence[str],
        none_of: Sequence[str],
        kinds: Sequence[str],
        borrowers: Sequence[str],
        clocks: Clocks,
    ) -> list[Passage]:
        """Passages of these borrowers in documents of `kinds`, known by then, that hold one of `any_of` and none of `none_of`, whatever the
        case."""
        found: list[Passage] = []
        text = func.lower(passages.c.text)
        says = or_(*(text.contains(word.lower(), autoescape=True) for word in any_of))
        for start in range(0, len(borrowers), _CHUNK):
            condition = (
                passages.c.borrower.in_(list(borrowers[start : start + _CHUNK]))
                & (passages.c.recorded_at <= clocks.known_at)
                & passages.c.kind.in_(list(kinds))
                & says
            )
            found += [
                piece
                for piece in self._read(caller, condition)
                if not any(word.lower() in piece.text.lower() for word in none_of)
            ]
        return found

    def pending(self, caller: Caller, model: str, limit: int = 256) -> list[Passage]:
        """Passages the vector index of `model` does not hold yet, oldest first. Only for those who see everything."""
        must_see_everything(caller, "building the index")
        condition = passages.c.embedded.is_(None) | (passages.c.embedded != model)
        return self._read(caller, condition, limit)

    def mark_embedded(self, caller: Caller, ids: Sequence[str], model: str | None) -> None:
        """Notes that the index of `model` holds these passages (None: that no index does)."""
        must_see_everything(caller, "building the index")
        with self.database.writing() as unit:
            for start in range(0, len(ids), _CHUNK):
                part = list(ids[start : start + _CHUNK])
                unit.connection.execute(update(passages).where(passages.c.id.in_(part)).values(embedded=model))

    def _read(self, caller: Caller, condition: ColumnElement[bool], limit: int | None = None) -> list[Passage]:
        if caller.sees_nothing:
            return []
        query = select(passages).where(condition, visible(caller, passages.c.borrower))
        order = (passages.c.seq,) if limit else (passages.c.sha256, passages.c.ordinal, passages.c.seq)
        with self.database.reading() as connection:
            return [_passage(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def _row(piece: Passage, borrower: str | None, recorded_at: datetime) -> dict[str, Any]:
    source = piece.source
    row: dict[str, Any] = {
        "id": piece.id, "borrower": borrower, "document": source.document, "sha256": source.sha256, "kind": piece.kind,
        "ordinal": piece.ordinal, "page": source.page, "boxes": [[float(v) for v in box] for box in piece.boxes],
        "locator": source.locator, "heading": piece.heading, "text": piece.text, "date": piece.date, "recorded_at": recorded_at,
    }  # fmt: skip
    return row | {"content_sha256": row_hash(passages, row)}


def _passage(row: Any) -> Passage:
    boxes = tuple(tuple(box) for box in row.boxes)
    source = Source(row.document, row.sha256, row.page, boxes[0] if boxes else None, None, row.locator)
    return Passage(row.id, row.text, source, row.kind, row.borrower or "", boxes, row.date, None, row.heading, row.ordinal)
