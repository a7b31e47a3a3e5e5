"""Facts from settled entries: value, period, scope, source and how far each can be trusted.

Confidence 0.95 and more means: the caption is one the chart names, the column's period is stated, and either a sum of the
statement holds with this very cell in it or the rest of its column is proven and nothing about the cell is in doubt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from ingestion.statements.captions import EXACT, PATTERN
from ingestion.statements.entries import Entry, kind_of
from ingestion.statements.frames import Frame, usable
from ingestion.statements.model import Cell, Column, Statement
from ingestion.statements.sections import CASH
from tools.domain.definitions import LineItem
from tools.domain.facts import Box, Fact, Scope, Source
from tools.domain.periods import Period

PROVEN, PROVEN_PATTERN, NEIGHBOURS, PLAIN = Decimal("0.99"), Decimal("0.97"), Decimal("0.96"), Decimal("0.90")
DOUBT, BROKEN = Decimal("0.12"), Decimal("0.50")


@dataclass(frozen=True, slots=True)
class Origin:
    """The file the facts come from."""

    name: str
    sha256: str


def fact_id(sha256: str, item: str, period: Period, scope: str, page: int | None, box: Box | None, locator: str | None) -> str:
    """A stable id: the same cell of the same file read as the same item has the same id."""
    place = ",".join(f"{v:.1f}" for v in box) if box else locator or ""
    key = "|".join([sha256, item, period.end.isoformat(), str(period.months), scope, str(page or 0), place])
    return "F" + hashlib.sha256(key.encode()).hexdigest()[:20]


@dataclass(slots=True)
class Draft:
    """A fact with the row and column it was read from, until its confidence is settled."""

    fact: Fact
    entry: Entry
    column: Column
    statement: Statement


def drafts_of(statement: Statement, entries: Sequence[Entry], scope: Scope, frame: Frame, origin: Origin) -> list[Draft]:
    """Every fact of one statement; none for columns without a unit."""
    out: list[Draft] = []
    for column in usable(statement):
        if column.factor is None:
            continue
        for entry in entries:
            cell = entry.row.cells.get(column.index)
            if entry.item is None or cell is None or cell.number.percent or cell.number.unit:
                continue
            fact = _fact(statement, entry, entry.item, column, cell, cast(Scope, column.scope or scope), frame, origin)
            out.append(Draft(fact, entry, column, statement))
    return out


def _fact(
    statement: Statement,
    entry: Entry,
    item: LineItem,
    column: Column,
    cell: Cell,
    scope: Scope,
    frame: Frame,
    origin: Origin,
) -> Fact:
    assert column.period is not None and column.factor is not None
    period = Period(column.period.end, column.period.months, column.period.start)
    value = cell.number.value * column.factor * entry.multiplier
    if item.id == "treasury_stock":
        value = abs(value)
    source = Source(origin.name, origin.sha256, cell.page, cell.box, entry.row.label_box, cell.locator)
    return Fact(
        id=fact_id(origin.sha256, item.id, period, scope, cell.page, cell.box, cell.locator),
        item=item.id,
        value=_plain(value),
        currency=column.currency,
        period=period,
        scope=scope,
        assurance=frame.assurance,
        statement=kind_of(statement),
        borrower="",
        source=source,
        label=entry.row.label or entry.label.raw,
        raw=cell.raw,
        scale=column.factor,
        confidence=Decimal(0),
        flags=tuple(sorted(entry.flags | ({"restated"} if column.restated else set()))),
    )


def _plain(value: Decimal) -> Decimal:
    """Whole amounts without places, no negative zero."""
    return value.quantize(Decimal(1)) + 0 if value == value.to_integral_value() else value


def settle_confidence(drafts: Sequence[Draft], agreed: set[str], broken: set[str]) -> list[Fact]:
    """The facts with their confidence. `agreed` and `broken` are ids of facts whose identities hold or fail."""
    shares: dict[tuple[int, int], list[bool]] = {}
    for draft in drafts:
        sure = draft.column.index in draft.entry.proven or draft.fact.id in agreed
        shares.setdefault((id(draft.statement), draft.column.index), []).append(sure)
    out = []
    for draft in drafts:
        found = shares[(id(draft.statement), draft.column.index)]
        share = Decimal(sum(found)) / len(found)
        confidence = _confidence(draft, share, draft.fact.id in agreed)
        out.append(replace(draft.fact, confidence=min(confidence, BROKEN) if draft.fact.id in broken else confidence))
    return out


def _confidence(draft: Draft, share: Decimal, agreed: bool) -> Decimal:
    entry, column = draft.entry, draft.column
    assert column.period is not None
    exact = entry.quality == EXACT or entry.named == "sum"
    if column.index in entry.proven or agreed:
        confidence = PROVEN if exact else PROVEN_PATTERN
    elif share >= Decimal("0.4") and exact:
        confidence = NEIGHBOURS
    else:
        confidence = PLAIN if exact else PLAIN - Decimal("0.03")
    if entry.quality == PATTERN and draft.fact.statement == CASH and entry.item is not None and entry.item.kind == "line":
        confidence = min(confidence, PLAIN) if entry.item.id not in ("capex", "fx_effect_on_cash") else confidence
    if not entry.sign_sure and not agreed and draft.fact.value:
        confidence -= DOUBT
    if not column.period.sure:
        confidence -= DOUBT
    if not entry.row.label and not entry.named:
        confidence -= DOUBT
    return confidence if column.currency else confidence - Decimal("0.05")
