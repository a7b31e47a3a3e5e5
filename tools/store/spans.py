"""Keeps `fact_spans` equal to what the supersession rule says of the facts stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from tools.store.schema import corrections, fact_spans, facts
from tools.store.supersession import Claim, Span, spans

Slot = tuple[str, Any, int, str]
"""item, period_end, period_months, scope: what two facts of one borrower must share to compete."""

_NEEDED = (
    facts.c.id, facts.c.borrower, facts.c.item, facts.c.period_end, facts.c.period_months, facts.c.scope, facts.c.value, facts.c.currency,
    facts.c.document_period_end, facts.c.recorded_at, facts.c.confidence, facts.c.page,
)  # fmt: skip
_CHUNK = 200

Withdrawals = dict[str, list[tuple[datetime, datetime | None]]]


def refold(connection: Connection, borrower: str, slots: Iterable[Slot] | None = None) -> None:
    """Works out anew who is in force in `slots` of `borrower` (None: all of them) and stores it."""
    set_aside = withdrawals(connection, borrower)
    if slots is None:
        _store(connection, _claims(connection, facts.c.borrower == borrower, set_aside))
        return
    wanted = sorted(set(slots))
    place = tuple_(facts.c.item, facts.c.period_end, facts.c.period_months, facts.c.scope)
    for start in range(0, len(wanted), _CHUNK):
        condition = (facts.c.borrower == borrower) & place.in_(wanted[start : start + _CHUNK])
        _store(connection, _claims(connection, condition, set_aside))


def withdrawals(connection: Connection, borrower: str | None = None) -> Withdrawals:
    """When corrections set facts aside: the corrected one from the correction until it is reversed, its replacement from then on."""
    query = select(corrections.c.fact_id, corrections.c.new_fact_id, corrections.c.at, corrections.c.reversed_at)
    if borrower is not None:
        query = query.where(corrections.c.borrower == borrower)
    found: Withdrawals = {}
    for row in connection.execute(query):
        found.setdefault(row.fact_id, []).append((row.at, row.reversed_at))
        if row.new_fact_id and row.reversed_at:
            found.setdefault(row.new_fact_id, []).append((row.reversed_at, None))
    return found


def claim_of(row: Any, set_aside: Withdrawals) -> Claim:
    """A row of `facts` as a claim to its slot."""
    return Claim(
        row.id, row.value, row.currency, row.document_period_end, row.recorded_at, row.confidence, row.page, tuple(set_aside.get(row.id, ()))
    )  # fmt: skip


def slots_of(rows: Iterable[Any], set_aside: Withdrawals) -> Iterator[tuple[str, list[Claim]]]:
    """(borrower, claims) per slot of rows ordered by borrower and slot, streaming."""
    for key, group in groupby(rows, key=lambda r: (r.borrower, r.item, r.period_end, r.period_months, r.scope)):
        yield key[0], [claim_of(row, set_aside) for row in group]


def in_slot_order() -> Any:
    """The query whose rows `slots_of` reads."""
    slot = (facts.c.borrower, facts.c.item, facts.c.period_end, facts.c.period_months, facts.c.scope)
    return select(*_NEEDED).order_by(*slot, facts.c.id)


def _claims(connection: Connection, condition: Any, set_aside: Withdrawals) -> list[list[Claim]]:
    rows = connection.execute(in_slot_order().where(condition))
    return [claims for _, claims in slots_of(rows, set_aside)]


def _store(connection: Connection, slots: Sequence[Sequence[Claim]]) -> None:
    ids = [claim.id for claims in slots for claim in claims]
    before: dict[str, set[Span]] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(fact_spans).where(fact_spans.c.fact_id.in_(ids[start : start + _CHUNK]))
        for row in connection.execute(query):
            before.setdefault(row.fact_id, set()).add(Span(row.fact_id, row.active_from, row.active_to))
    after: dict[str, set[Span]] = {}
    for claims in slots:
        for span in spans(claims):
            after.setdefault(span.claim, set()).add(span)
    changed = [id for id in ids if before.get(id, set()) != after.get(id, set())]
    stale = [id for id in changed if id in before]
    for start in range(0, len(stale), _CHUNK):
        connection.execute(delete(fact_spans).where(fact_spans.c.fact_id.in_(stale[start : start + _CHUNK])))
    rows = [
        {"fact_id": span.claim, "active_from": span.start, "active_to": span.end}
        for id in changed
        for span in sorted(after.get(id, ()), key=lambda s: s.start)
    ]
    if rows:
        connection.execute(fact_spans.insert(), rows)
