"""Facts under two clocks: everything ever reported is kept, and at any moment one value of a line is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Float, and_, cast, func, or_, select

from tools.domain.callers import Caller
from tools.domain.facts import Fact, Source
from tools.domain.periods import Clocks, Period
from tools.errors import BadRequest
from tools.store.columns import utc
from tools.store.connection import Database, Unit
from tools.store.digests import row_hash
from tools.store.fact_columns import fact_columns
from tools.store.merging import owners_of_documents
from tools.store.permissions import must_write, root_of, roots, visible
from tools.store.schema import corrections, documents, fact_spans, facts
from tools.store.spans import Slot, refold

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNK = 500
_CIRCUMSTANCES = ("document_period_end", "batch", "recorded_at")
"""What may differ when the same fact is brought again: the first time counts."""


_SCREEN = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class ValueRange:
    """From `low` up to but not including `high` (just `low` when they are equal), without sign; `printed`: compared with the number as the page has it, before its scale."""

    low: Decimal
    high: Decimal
    printed: bool = False

    def holds(self, fact: Fact) -> bool:
        """Exactly."""
        size = abs(fact.value / fact.scale if self.printed and fact.scale else fact.value)
        return self.low <= size < self.high if self.low < self.high else size == self.low


class Facts:
    """Recording and reading facts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(self, caller: Caller, reported: Iterable[Fact], recorded_at: datetime) -> int:
        """Stores facts of documents already added, known from `recorded_at` (when the bank received them), and works out what each
        supersedes. Facts stored before are left alone; returns how many were new.

        Raises UnknownBorrower for a borrower the caller cannot see, BadRequest for an id that stands for another fact a document
        that is not stored or is filed under another borrower."""
        must_write(caller)
        given = list(reported)
        with self.database.writing() as unit:
            owners = roots(unit.connection, caller, {fact.borrower for fact in given})
            ends = _document_ends(unit.connection, given)
            rows = [
                fact_row(fact, owners[fact.borrower], ends[fact.source.sha256], fact.source.sha256, recorded_at)
                for fact in given
            ]
            return insert_facts(unit, rows, caller, "document", recorded_at)

    def active(
        self, caller: Caller, borrower: str | None, clocks: Clocks, item: str | Sequence[str] | None = None
    ) -> list[Fact]:
        """The values in force at `clocks.known_at` for periods ended by `clocks.as_of`, by item and period; of every visible borrower
        when `borrower` is None."""
        return self._read(caller, _wanted(borrower, clocks, item), _running(clocks))

    def history(
        self, caller: Caller, borrower: str | None, clocks: Clocks, item: str | Sequence[str] | None = None
    ) -> list[Fact]:
        """Every value known at `clocks.known_at`, in force or not; `superseded_by` names the fact that is in force instead."""
        known = self._read(caller, _wanted(borrower, clocks, item) & (facts.c.recorded_at <= clocks.known_at))
        holders = {_place(fact): fact.id for fact in self.active(caller, borrower, clocks, item)}
        return [_with_holder(fact, holders.get(_place(fact))) for fact in known]

    def columns(self, caller: Caller, clocks: Clocks) -> pa.Table:
        """What `active` gives for every visible borrower, as Arrow columns (tools.store.fact_columns)."""
        return fact_columns(self.database, caller, clocks)

    def revision(self) -> tuple[str, datetime | None]:
        """A text that changes whenever the facts in force may have, and the newest moment at which any came into or out of force."""
        papers = select(func.count(), func.max(documents.c.recorded_at), func.max(documents.c.received_at))
        changes = select(func.count(), func.max(corrections.c.at), func.max(corrections.c.reversed_at))
        with self.database.reading() as connection:
            parts = [*connection.execute(papers).one(), *connection.execute(changes).one()]
        moments = [part for part in parts if isinstance(part, datetime)]
        return "/".join(str(part) for part in parts), max(moments, default=None)

    def get(self, caller: Caller, fact_id: str) -> Fact | None:
        """One fact, as it stands now."""
        found = self._read(caller, facts.c.id == fact_id)
        return found[0] if found else None

    def of_value(
        self, caller: Caller, clocks: Clocks, ranges: Sequence[ValueRange], *, borrowers: Sequence[str] = (),
        items: Sequence[str] = (), limit: int = 200,
    ) -> list[Fact]:  # fmt: skip
        """Facts in force whose value lies in one of `ranges`, whatever its sign, newest period first; of `borrowers` and `items` only,
        when any are named. Binary floats only screen: what is returned was compared exactly."""
        size, printed = func.abs(cast(facts.c.value, Float)), func.abs(cast(facts.c.value, Float) / cast(facts.c.scale, Float))
        near = [_about(printed if one.printed else size, one) for one in ranges]
        condition = _wanted(None, clocks, list(items) or None) & or_(*near)
        if borrowers:
            condition &= or_(*(facts.c.borrower == root_of(id) for id in borrowers))
        found = self._read(caller, condition, _running(clocks), order=(facts.c.period_end.desc(), facts.c.id), limit=limit * 2)
        return [fact for fact in found if any(one.holds(fact) for one in ranges)][:limit]

    def newest(
        self, caller: Caller, clocks: Clocks, items: Sequence[str], *, borrowers: Sequence[str] = (), limit: int = 50
    ) -> list[Fact]:
        """Facts in force of these items, newest period first; of `borrowers` only, when any are named."""
        condition = _wanted(None, clocks, list(items))
        if borrowers:
            condition &= or_(*(facts.c.borrower == root_of(id) for id in borrowers))
        return self._read(caller, condition, _running(clocks), order=(facts.c.period_end.desc(), facts.c.id), limit=limit)

    def of_document(self, caller: Caller, sha256: str) -> list[Fact]:
        """What one document reports, in or out of force, in page order."""
        return sorted(self._read(caller, facts.c.sha256 == sha256), key=lambda fact: fact.source.page or 0)

    def _read(
        self, caller: Caller, condition: ColumnElement[bool], running: ColumnElement[bool] | None = None, *,
        order: Sequence[ColumnElement[Any]] = (), limit: int | None = None,
    ) -> list[Fact]:  # fmt: skip
        if caller.sees_nothing:
            return []
        query = select(facts).where(condition, visible(caller, facts.c.borrower))
        if running is not None:
            query = query.join(fact_spans, running)
        order = order or (
            facts.c.borrower,
            facts.c.item,
            facts.c.period_end,
            facts.c.period_months,
            facts.c.scope,
            facts.c.recorded_at,
            facts.c.id,
        )
        with self.database.reading() as connection:
            return [_fact(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def insert_facts(unit: Unit, rows: list[dict[str, Any]], caller: Caller, kind: str, at: datetime) -> int:
    """Inserts rows of `facts` that are not there yet and refolds their slots; used for documents and for corrections."""
    known: dict[str, Mapping[str, Any]] = {}
    ids = [row["id"] for row in rows]
    columns = [facts.c[name] for name in ("id", "content_sha256", *_CIRCUMSTANCES)]
    for start in range(0, len(ids), _CHUNK):
        query = select(*columns).where(facts.c.id.in_(ids[start : start + _CHUNK]))
        known.update({row["id"]: dict(row) for row in unit.connection.execute(query).mappings()})
    fresh: dict[str, dict[str, Any]] = {}
    for row in rows:
        stored = known.get(row["id"]) or fresh.get(row["id"])
        if stored is None:
            fresh[row["id"]] = row
        elif row_hash(facts, row | {name: stored[name] for name in _CIRCUMSTANCES}) != stored["content_sha256"]:
            raise BadRequest(f"the fact id {row['id']} already stands for another fact", where=row["document"])
    if not fresh:
        return 0
    filed = owners_of_documents(unit.connection, {row["sha256"] for row in fresh.values()})
    for row in fresh.values():
        if filed.get(row["sha256"]) != row["borrower"]:
            raise BadRequest(
                "the document is filed under another borrower", where=row["document"], fix="Correct the document first"
            )
    unit.connection.execute(facts.insert(), list(fresh.values()))
    slots: dict[str, set[Slot]] = {}
    for row in fresh.values():
        slots.setdefault(row["borrower"], set()).add((row["item"], row["period_end"], row["period_months"], row["scope"]))
        unit.touch(kind, row["batch"], caller, at)
    for borrower, places in slots.items():
        refold(unit.connection, borrower, places)
    return len(fresh)


def fact_row(fact: Fact, borrower: str, document_period_end: date, batch: str, recorded_at: datetime) -> dict[str, Any]:
    """The columns of `facts` for `fact`."""
    source = fact.source
    row: dict[str, Any] = {
        "id": fact.id, "borrower": borrower, "item": fact.item, "period_start": fact.period.start, "period_end": fact.period.end,
        "period_months": fact.period.months, "scope": fact.scope, "value": fact.value if fact.value else abs(fact.value),
        "currency": fact.currency, "scale": fact.scale, "assurance": fact.assurance, "statement": fact.statement,
        "document": source.document, "sha256": source.sha256, "page": source.page, "box": _points(source.box),
        "label_box": _points(source.label_box), "locator": source.locator, "label": fact.label, "raw": fact.raw,
        "confidence": fact.confidence, "flags": list(fact.flags), "document_period_end": document_period_end, "batch": batch,
        "recorded_at": utc(recorded_at),
    }  # fmt: skip
    return row | {"content_sha256": row_hash(facts, row)}


def _points(box: Sequence[float] | None) -> list[float] | None:
    return None if box is None else [float(value) for value in box]


def _document_ends(connection: Connection, given: Sequence[Fact]) -> dict[str, date]:
    """The period end each document reports on; where its row does not say, the newest of its facts."""
    newest: dict[str, date] = {}
    for fact in given:
        newest[fact.source.sha256] = max(newest.get(fact.source.sha256, fact.period.end), fact.period.end)
    for sha256 in newest:
        row = connection.execute(select(documents.c.period_end).where(documents.c.sha256 == sha256)).one_or_none()
        if row is None:
            raise BadRequest(f"the document {sha256[:12]} is not stored", fix="Add the document before its facts")
        newest[sha256] = row.period_end or newest[sha256]
    return newest


def _running(clocks: Clocks) -> ColumnElement[bool]:
    """The span of a fact that is in force at `clocks.known_at`."""
    return and_(
        fact_spans.c.fact_id == facts.c.id,
        fact_spans.c.active_from <= clocks.known_at,
        or_(fact_spans.c.active_to.is_(None), fact_spans.c.active_to > clocks.known_at),
    )


def _about(size: ColumnElement[Any], wanted: ValueRange) -> ColumnElement[bool]:
    slack = max(abs(wanted.high), Decimal(1)) * _SCREEN
    return size.between(float(wanted.low - slack), float(wanted.high + slack))


def _wanted(borrower: str | None, clocks: Clocks, item: str | Sequence[str] | None) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = facts.c.period_end <= clocks.as_of
    if borrower is not None:
        condition &= facts.c.borrower == root_of(borrower)
    if isinstance(item, str):
        condition &= facts.c.item == item
    elif item is not None:
        condition &= facts.c.item.in_(list(item))
    return condition


def _place(fact: Fact) -> tuple[object, ...]:
    return (fact.borrower, fact.item, fact.period.end, fact.period.months, fact.scope)


def _with_holder(fact: Fact, holder: str | None) -> Fact:
    return fact if holder in (None, fact.id) else replace(fact, superseded_by=holder)


def _fact(row: Any) -> Fact:
    box = tuple(row.box) if row.box else None
    label_box = tuple(row.label_box) if row.label_box else None
    return Fact(
        row.id, row.item, row.value, row.currency, Period(row.period_end, row.period_months, row.period_start), row.scope, row.assurance,
        row.statement, row.borrower, Source(row.document, row.sha256, row.page, box, label_box, row.locator), row.label, row.raw,
        row.scale, row.confidence, row.recorded_at, None, tuple(row.flags),
    )  # fmt: skip
