"""Corrections people make to what was read: recorded, with a reason, and reversible.

The fact that was read stays as it was; from the correction on it is set aside and a new fact, flagged `corrected`, stands in its
place with the same source. Reversing sets the new one aside and brings the first back. A mapping correction also teaches which
line item a label means for this borrower's next documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, or_, select, update

from tools.domain.callers import Caller
from tools.domain.facts import Fact
from tools.domain.money import plain
from tools.domain.names import label_key
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.store.columns import utc
from tools.store.connection import Database, Unit
from tools.store.facts import Facts, fact_row, insert_facts
from tools.store.permissions import must_write, root_of, visible
from tools.store.schema import corrections, facts
from tools.store.spans import refold
from tools.store.trail import Act, Trail


@dataclass(frozen=True, slots=True)
class Correction:
    """`kind` value, mapping or withdrawal; `old` and `new` as text; `new_fact_id` is the fact that stands instead (None: none)."""

    id: str
    kind: str
    borrower: str
    fact_id: str
    new_fact_id: str | None
    label: str | None
    statement: str | None
    item: str | None
    old: str
    new: str | None
    reason: str
    by: str
    at: datetime
    reversed_at: datetime | None = None
    reversed_by: str | None = None


Found = list[Correction]


class Corrections:
    """Making, reversing and listing corrections."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail
        self.facts = Facts(database)

    def value(self, caller: Caller, fact_id: str, value: Decimal, reason: str, at: datetime) -> Correction:
        """The page says `value` (currency units), not what was read."""
        return self._correct(caller, fact_id, "value", reason, at, value=value)

    def mapping(self, caller: Caller, fact_id: str, item: str, reason: str, at: datetime) -> Correction:
        """The line means `item`; remembered for this borrower's label in this statement."""
        return self._correct(caller, fact_id, "mapping", reason, at, item=item)

    def withdraw(self, caller: Caller, fact_id: str, reason: str, at: datetime) -> Correction:
        """The page says no such thing: the fact is set aside with nothing in its place."""
        return self._correct(caller, fact_id, "withdrawal", reason, at)

    def reverse(self, caller: Caller, id: str, reason: str, at: datetime) -> Correction:
        """Takes a correction back from `at` on. Raises BadRequest when there is none in force, or when its fact was corrected again."""
        _needs(caller, reason)
        moment = utc(at)
        with self.database.writing() as unit:
            found = [c for c in self._read(caller, corrections.c.id == id) if c.reversed_at is None]
            if not found:
                raise BadRequest(f"no correction {id} in force", fix="List the corrections of the borrower")
            later = self._read(caller, (corrections.c.fact_id == found[0].new_fact_id) & corrections.c.reversed_at.is_(None))
            if later:
                raise BadRequest(f"the corrected fact was corrected again by {later[0].id}", fix="Reverse that one first")
            if moment <= found[0].at:
                raise BadRequest("a correction can only be reversed after it was made")
            unit.connection.execute(
                update(corrections).where(corrections.c.id == id).values(reversed_at=moment, reversed_by=caller.user)
            )
            done = replace(found[0], reversed_at=moment, reversed_by=caller.user)
            self._settle(unit, caller, done, {"reversed": id, "reason": reason.strip()}, moment)
            return done

    def list(self, caller: Caller, borrower: str | None = None) -> list[Correction]:
        """Corrections of visible borrowers, oldest first, reversed ones among them."""
        return self._read(caller, corrections.c.borrower == root_of(borrower) if borrower else corrections.c.id.is_not(None))

    def mappings(self, caller: Caller, borrower: str, clocks: Clocks) -> dict[tuple[str, str], str]:
        """(statement, label as `label_key` spells it) → line item, as taught for this borrower and in force at `clocks.known_at`."""
        moment = clocks.known_at
        running = and_(corrections.c.at <= moment, or_(corrections.c.reversed_at.is_(None), corrections.c.reversed_at > moment))
        found = self._read(caller, running & (corrections.c.kind == "mapping") & (corrections.c.borrower == root_of(borrower)))
        return {(c.statement or "", label_key(c.label or "")): c.item for c in found if c.item}

    def lessons(self, caller: Caller, borrower: str, clocks: Clocks) -> Found:
        """The mapping corrections of this borrower in force at `clocks.known_at`, oldest first: what its next statements are read by."""
        moment = clocks.known_at
        running = and_(corrections.c.at <= moment, or_(corrections.c.reversed_at.is_(None), corrections.c.reversed_at > moment))
        return self._read(caller, running & (corrections.c.kind == "mapping") & (corrections.c.borrower == root_of(borrower)))

    def _correct(self, caller: Caller, fact_id: str, kind: str, reason: str, at: datetime, value: Decimal | None = None,
                 item: str | None = None) -> Correction:  # fmt: skip
        _needs(caller, reason)
        moment = utc(at)
        with self.database.writing() as unit:
            fact = self.facts.get(caller, fact_id)
            if fact is None:
                raise BadRequest(f"no fact {fact_id}", fix="List the borrower's facts")
            already = self._read(caller, (corrections.c.fact_id == fact_id) & corrections.c.reversed_at.is_(None))
            if already:
                raise BadRequest(
                    f"{fact_id} was corrected by {already[0].id}", fix="Correct the fact that stands instead, or reverse it"
                )
            id = f"X-{uuid4().hex[:12]}"
            new = self._replacement(unit, caller, fact, id, value, item, moment)
            done = Correction(
                id, kind, fact.borrower, fact_id, new, fact.label if item else None, fact.statement if item else None, item,
                fact.item if item else plain(fact.value), item or (plain(value) if value is not None else None), reason.strip(), caller.user, moment,
            )  # fmt: skip
            unit.connection.execute(corrections.insert(), {column.name: getattr(done, column.name) for column in corrections.c})
            self._settle(
                unit,
                caller,
                done,
                {"kind": kind, "fact": fact_id, "old": done.old, "new": done.new, "reason": done.reason},
                moment,
            )
            return done

    def _replacement(self, unit: Unit, caller: Caller, fact: Fact, batch: str, value: Decimal | None, item: str | None,
                     at: datetime) -> str | None:  # fmt: skip
        if value is None and item is None:
            return None
        query = select(facts.c.document_period_end).where(facts.c.id == fact.id)
        new = replace(
            fact, id=f"{fact.id}~{batch}", value=fact.value if value is None else value, item=item or fact.item,
            confidence=Decimal(1), flags=(*(flag for flag in fact.flags if flag != "corrected"), "corrected"),
        )  # fmt: skip
        row = fact_row(new, fact.borrower, unit.connection.execute(query).scalar_one(), batch, at)
        insert_facts(unit, [row], caller, "correction", at)
        return new.id

    def _settle(self, unit: Unit, caller: Caller, done: Correction, payload: Mapping[str, Any], at: datetime) -> None:
        for fact_id in filter(None, (done.fact_id, done.new_fact_id)):
            query = select(facts.c.item, facts.c.period_end, facts.c.period_months, facts.c.scope).where(facts.c.id == fact_id)
            refold(unit.connection, done.borrower, [tuple(row) for row in unit.connection.execute(query)])
        unit.touch("correction", done.id, caller, at)
        self.trail.append(caller, Act.CORRECT, done.fact_id, payload, at, done.borrower)

    def _read(self, caller: Caller, condition: Any) -> Found:
        if caller.sees_nothing:
            return []
        query = (
            select(corrections)
            .where(condition, visible(caller, corrections.c.borrower))
            .order_by(corrections.c.at, corrections.c.id)
        )
        with self.database.reading() as connection:
            return [Correction(**row._mapping) for row in connection.execute(query)]


def _needs(caller: Caller, reason: str) -> None:
    must_write(caller)
    if not reason.strip():
        raise BadRequest("a correction needs a reason", fix="Say what the page shows")
