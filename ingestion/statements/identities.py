"""The identities of handbook 2.2 run on the facts of each column, as the rulebook's data states them.

Three verdicts: ok; failed, when every operand was read and the sides differ; cannot_tell, when an operand is missing, a gap
may have a reason no statement shows, or rows nobody recognised stand between. A sum that holds is ok whatever it is made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ingestion.extraction import Check, CheckStatus
from ingestion.statements.arithmetic import tolerance
from ingestion.statements.captions import Captions
from tools.domain.definitions import Identity
from tools.domain.facts import Fact

ZERO = Decimal(0)
Key = tuple[str, date, int]
"""scope, period end, months."""


@dataclass(slots=True)
class ColumnFacts:
    """The facts of one statement column; `units` is the smallest printed step in currency units; `loose` are amounts of rows
    without an item that may belong to an identity, by kind (mezzanine, after_tax, other_cash)."""

    statement: str
    key: Key
    facts: dict[str, Fact] = field(default_factory=dict)
    unit: Decimal = Decimal(1)
    loose: dict[str, list[Decimal]] = field(default_factory=dict)
    sums: dict[str, bool | None] = field(default_factory=dict)
    gaps: dict[str, Decimal] = field(default_factory=dict)


def run_identities(
    columns: Sequence[ColumnFacts], identities: Mapping[str, Identity], captions: Captions, standard: str | None
) -> list[Check]:
    """Every identity on every column it concerns, then the sum of every section total."""
    checks: list[Check] = []
    cash = {c.key[:2]: c.facts.get("cash_and_equivalents") for c in columns if c.statement == "balance_sheet"}
    for column in columns:
        for identity in identities.values():
            data = identity.data
            if data.get("statement") != column.statement or (data.get("standards") and standard not in data["standards"]):
                continue
            check = _check(identity.id, data, column, columns, cash)
            if check is not None:
                checks.append(check)
        checks += _sections(column, captions)
    return checks


def _check(
    id: str, data: Mapping[str, Any], column: ColumnFacts, columns: Sequence[ColumnFacts], cash: Mapping[Any, Fact | None]
) -> Check | None:
    if data.get("rows"):
        total = data["left"][0][1]
        return _row_sum(id, total, column) if total in column.facts else None
    left = [(sign, column.facts.get(item)) for sign, item in data["left"]]
    if not any(fact for _, fact in left):
        return None
    prior = _prior(column, columns) if data.get("prior") else None
    if data.get("prior") and prior is None:
        return None
    where = prior.facts if prior is not None else column.facts
    right = [
        (sign, where.get(item) or (cash.get(column.key[:2]) if item == "cash_and_equivalents" else None))
        for sign, item in data["right"]
    ]
    if data.get("plus"):
        return None
    absent = data.get("absent_zero")
    zero = absent is True or bool(
        absent and all(f for (_, i), (_, f) in zip(data["right"], right, strict=True) if i not in absent)
    )
    known = [fact for _, fact in (*left, *right) if fact]
    missing = any(fact is None for _, fact in left) or (any(fact is None for _, fact in right) and not zero)
    if missing or not any(fact for _, fact in right):
        if len(known) < 2:
            return None
        return _verdict(id, column, "cannot_tell", None, known, "a part is not on the page")
    gap = min(
        (_total(left) - _total(way) for way in (right, *_alternatives(data, column))),
        key=abs,
    )
    limit = tolerance(len(left) + len(right), column.unit, _total(left))
    if abs(gap) > limit:
        gap, explained = _explained(gap, column.loose.get(str(data.get("optional")), []), limit)
        if explained:
            return _verdict(id, column, "ok", ZERO, known, "with rows that have no item of their own")
    if abs(gap) <= limit:
        return _verdict(id, column, "ok", gap, known)
    if (
        data.get("finding")
        or (zero and any(fact is None for _, fact in right))
        or (data.get("optional") and column.loose.get(str(data["optional"])))
    ):
        return _verdict(id, column, "cannot_tell", gap, known, "the sides differ; other lines may explain it")
    return _verdict(id, column, "failed", gap, known)


def _alternatives(data: Mapping[str, Any], column: ColumnFacts) -> list[list[tuple[int, Fact | None]]]:
    """Other ways to state the right side (exchange effects above or below the change in cash), where all of it was read."""
    ways = [[(sign, column.facts.get(item)) for sign, item in way] for way in data.get("or", ())]
    return [way for way in ways if all(fact for _, fact in way)]


def _explained(gap: Decimal, loose: Sequence[Decimal], limit: Decimal) -> tuple[Decimal, bool]:
    """Whether one or all of the loose amounts close the gap."""
    for extra in (*loose, sum(loose, ZERO)) if loose else ():
        if abs(gap - extra) <= limit or abs(gap + extra) <= limit:
            return ZERO, True
    return gap, False


def _total(side: Sequence[tuple[int, Fact | None]]) -> Decimal:
    return sum((sign * fact.value for sign, fact in side if fact), ZERO)


def _prior(column: ColumnFacts, columns: Sequence[ColumnFacts]) -> ColumnFacts | None:
    scope, end, months = column.key
    found = [
        c
        for c in columns
        if c.statement == column.statement and c.key[0] == scope and c.key[2] == months and 355 <= (end - c.key[1]).days <= 380
    ]
    return found[0] if found and months in (0, 12) else None


def _sections(column: ColumnFacts, captions: Captions) -> list[Check]:
    """Section totals against their rows: proven by the rows of the page, else by the chart's `into`."""
    out: list[Check] = []
    for total, fact in column.facts.items():
        item = captions.items[total]
        if item.kind != "subtotal" or total not in column.sums:
            continue
        check = _row_sum(f"sum:{total}", total, column)
        if check.status != "ok":
            check = _by_chart(total, fact, column, captions) or check
        out.append(check)
    return out


def _row_sum(id: str, total: str, column: ColumnFacts) -> Check:
    proven = column.sums.get(total)
    fact = column.facts[total]
    if proven:
        return _verdict(id, column, "ok", ZERO, [fact])
    if proven is False:
        return _verdict(id, column, "failed", column.gaps.get(total), [fact], "the same rows add up in another column")
    return _verdict(id, column, "cannot_tell", None, [fact], "its rows could not be told apart")


def _by_chart(total: str, fact: Fact, column: ColumnFacts, captions: Captions) -> Check | None:
    parts = [(captions.items[i].sign, f) for i, f in column.facts.items() if captions.items[i].into == total]
    if len(parts) < 2:
        return None
    gap = fact.value - _total(parts)
    if abs(gap) <= tolerance(len(parts) + 1, column.unit, fact.value):
        return _verdict(f"sum:{total}", column, "ok", gap, [fact, *(f for _, f in parts)])
    return None


def _verdict(
    id: str, column: ColumnFacts, status: CheckStatus, gap: Decimal | None, facts: Sequence[Fact], detail: str = ""
) -> Check:
    return Check(id, column.key[1], status, gap, tuple(dict.fromkeys(f.id for f in facts)), column.key[0], detail)
