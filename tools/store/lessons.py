"""Labels taught for one borrower's statements where the chart knew no line and so no fact could be corrected.

Recorded with a reason, in the trail, reversible; the borrower's next statement is read by them (ingestion.pipeline).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, or_, select, update

from tools.domain.callers import Caller
from tools.domain.names import label_key
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.store.columns import utc
from tools.store.connection import Database
from tools.store.permissions import must_write, root_of, roots, visible
from tools.store.schema_papers import label_lessons
from tools.store.trail import Act, Trail

PREFIX = "Y-"


@dataclass(frozen=True, slots=True)
class Lesson:
    """`label` on `statement` of `borrower` means `item`."""

    id: str
    borrower: str
    statement: str
    label: str
    item: str
    reason: str
    by: str
    at: datetime
    reversed_at: datetime | None = None
    reversed_by: str | None = None


Found = list[Lesson]


class Lessons:
    """Teaching, taking back and listing."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database, self.trail = database, trail

    def teach(self, caller: Caller, borrower: str, statement: str, label: str, item: str, reason: str, at: datetime) -> Lesson:
        """Raises UnknownBorrower, and BadRequest without a reason or when the label is taught already."""
        must_write(caller)
        if not reason.strip() or not label_key(label):
            raise BadRequest("a lesson needs a label and a reason", fix="Say what the page shows")
        with self.database.writing() as unit:
            owner = roots(unit.connection, caller, [borrower])[borrower]
            before = [
                one for one in self.list(caller, owner)
                if one.reversed_at is None and (one.statement, label_key(one.label)) == (statement, label_key(label))
            ]  # fmt: skip
            if before:
                raise BadRequest(
                    f"{before[0].id} says already what {label!r} means: {before[0].item}", fix="Reverse that one first"
                )
            made = Lesson(
                f"{PREFIX}{uuid4().hex[:12]}", owner, statement, label.strip(), item, reason.strip(), caller.user, utc(at)
            )
            unit.connection.execute(
                label_lessons.insert(), {column.name: getattr(made, column.name) for column in label_lessons.c}
            )
            payload = {"kind": "label", "statement": statement, "label": made.label, "item": item, "reason": made.reason}
            self.trail.append(caller, Act.CORRECT, made.id, payload, utc(at), owner)
            return made

    def reverse(self, caller: Caller, id: str, reason: str, at: datetime) -> Lesson:
        """Takes a lesson back. Raises BadRequest when there is none in force."""
        must_write(caller)
        if not reason.strip():
            raise BadRequest("taking a lesson back needs a reason", fix="Say why")
        with self.database.writing() as unit:
            found = [one for one in self._read(caller, label_lessons.c.id == id) if one.reversed_at is None]
            if not found:
                raise BadRequest(f"no lesson {id} in force", fix="List the corrections of the borrower")
            moment = utc(at)
            unit.connection.execute(
                update(label_lessons).where(label_lessons.c.id == id).values(reversed_at=moment, reversed_by=caller.user)
            )
            payload = {"reversed": id, "reason": reason.strip()}
            self.trail.append(caller, Act.CORRECT, id, payload, moment, found[0].borrower)
            return replace(found[0], reversed_at=moment, reversed_by=caller.user)

    def list(self, caller: Caller, borrower: str | None = None) -> Found:
        """Lessons of visible borrowers, oldest first, reversed ones among them."""
        return self._read(
            caller, label_lessons.c.borrower == root_of(borrower) if borrower else label_lessons.c.id.is_not(None)
        )

    def in_force(self, caller: Caller, borrower: str, clocks: Clocks) -> Found:
        """What this borrower's statements are read by at `clocks.known_at`."""
        moment, column = clocks.known_at, label_lessons.c
        running = and_(column.at <= moment, or_(column.reversed_at.is_(None), column.reversed_at > moment))
        return self._read(caller, running & (column.borrower == root_of(borrower)))

    def _read(self, caller: Caller, condition: Any) -> Found:
        if caller.sees_nothing:
            return []
        query = select(label_lessons).where(condition, visible(caller, label_lessons.c.borrower))
        with self.database.reading() as connection:
            return [
                Lesson(**row._mapping) for row in connection.execute(query.order_by(label_lessons.c.at, label_lessons.c.id))
            ]
