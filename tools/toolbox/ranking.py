"""The caller's borrowers ordered and filtered by a metric or by a measure of their loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from tools.domain.facts import Fact, Row
from tools.domain.figures import Figure
from tools.domain.interpreter import COMPARE
from tools.domain.money import plain
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.figures import known, look_up, metric_id
from tools.toolbox.loan_states import loan_row, running, views_of
from tools.toolbox.references import mark

Order = Literal["asc", "desc"]
Scored = Fact | Figure | Value
OPERATORS = ("<", "<=", ">", ">=", "==")
LOAN_MEASURES: Mapping[str, str] = {
    "balance": "currency",
    "overdue_total": "currency",
    "dues_12m": "currency",
    "dpd": "days",
    "rate": "ratio",
}
MOST = 200


def rank_borrowers(
    desk: Desk,
    measure: str,
    order: Order = "desc",
    limit: int = 10,
    where: Sequence[Mapping[str, str]] = (),
    periods: Sequence[str] = ("latest",),
) -> ToolResult:
    """The tool: borrowers by one measure, after `where` conditions {measure, operator, value} (a share as 0.7 for 70 %).

    A borrower without the figure is left out and counted, never ranked."""
    if order not in ("asc", "desc"):
        raise BadRequest(f"{order!r} is no order", fix="Use asc or desc")
    main = _measure(desk, measure)
    conditions = [(_measure(desk, c["measure"]), _operator(c["operator"]), _number(c["value"])) for c in where]
    people = desk.index().borrowers
    table: dict[str, dict[str, Scored]] = {name: _column(desk, name, periods) for name in {main, *(c[0] for c in conditions)}}
    kept = [b for b in people if b.id in table[main]]
    for name, operator, value in conditions:
        kept = [b for b in kept if b.id in table[name] and COMPARE[operator](_value(table[name][b.id]), value)]
    kept.sort(key=lambda b: b.id)
    kept.sort(key=lambda b: _value(table[main][b.id]), reverse=order == "desc")
    shown = kept[: min(limit, MOST)]
    nodes = [table[name][b.id] for b in shown for name in table if b.id in table[name]]
    when = desk.clocks.as_of
    counts = [
        count_of("matches", len(kept)), count_of("with_figure", len(table[main])), count_of("without_figure", len(people) - len(table[main])),
    ]  # fmt: skip
    limits = [
        Value(f"asked_limit:{name}:{value}", "asked_limit", None, _unit(desk, name), value, None, when, about=name, state=operator)
        for name, operator, value in conditions
    ]  # fmt: skip
    artifact = Artifact(
        "rank_borrowers", {"measure": main, "order": order, "limit": limit, "where": [dict(c) for c in where], "periods": list(periods)},
        tuple(desk.ref(b) for b in shown), tuple(n for n in nodes if isinstance(n, Figure)), tuple(n for n in nodes if isinstance(n, Fact)),
        tuple(_rows(desk, nodes)), (*(n for n in nodes if isinstance(n, Value)), *counts, *limits),
    )  # fmt: skip
    lines = [f"{len(kept)} borrowers match; {len(table[main])} of {len(people)} have {main}"]
    lines += [
        f"{place}. {b.id} {b.name}: {plain(_value(table[main][b.id]))} {mark(table[main][b.id].id)}"
        for place, b in enumerate(shown, 1)
    ]
    return ToolResult("\n".join(lines), artifact)


def _rows(desk: Desk, nodes: Sequence[Scored]) -> Iterator[Row]:
    """The loans behind loan measures."""
    for node in nodes:
        for source in node.inputs if isinstance(node, Value) else ():
            row = loan_row(desk, source.partition(":")[2])
            if row is not None:
                yield row


def _measure(desk: Desk, name: str) -> str:
    return name if name in LOAN_MEASURES or name == "maturity" else metric_id(desk, name)


def _unit(desk: Desk, name: str) -> str:
    if name in LOAN_MEASURES:
        return LOAN_MEASURES[name]
    definition = desk.rulebook.definition(name)
    return definition.unit if definition else "currency"


def _operator(text: str) -> str:
    if text not in OPERATORS:
        raise BadRequest(f"{text!r} is no comparison", fix=f"Use one of {', '.join(OPERATORS)}")
    return text


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadRequest(f"{text!r} is not a number", fix="Write it as a plain decimal") from None


def _value(node: Scored) -> Decimal:
    value = node.value
    assert value is not None
    return value


def _column(desk: Desk, name: str, periods: Sequence[str]) -> dict[str, Scored]:
    if name in LOAN_MEASURES:
        return dict(_loan_column(desk, name))
    found: dict[str, Scored] = {}
    with_facts = {fact.borrower for fact in desk.active_facts()}
    for borrower in desk.index().borrowers:
        if borrower.id not in with_facts:
            continue
        answers = [a.answer for a in look_up(desk, borrower.id, [name], periods) if known(a.answer) is not None]
        if answers:
            found[borrower.id] = answers[-1]
    return found


def _loan_column(desk: Desk, name: str) -> dict[str, Value]:
    """Loan measures per borrower: sums of one currency, the longest arrears, the highest rate."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for view in views_of(desk):
        if running(view):
            groups[view.terms.borrower].append(view)
    take: Mapping[str, Callable[[Any], Decimal | None]] = {
        "balance": lambda v: v.terms.balance,
        "overdue_total": lambda v: v.overdue.total if v.overdue else None,
        "dues_12m": lambda v: v.dues_12m.total if v.dues_12m else None,
        "dpd": lambda v: None if v.dpd is None else Decimal(v.dpd),
        "rate": lambda v: v.terms.rate,
    }
    found: dict[str, Value] = {}
    for borrower, views in groups.items():
        numbers = [take[name](view) for view in views]
        currencies = {view.terms.currency for view in views}
        if any(number is None for number in numbers) or (LOAN_MEASURES[name] == "currency" and len(currencies) > 1):
            continue
        known_numbers = [number for number in numbers if number is not None]
        total = max(known_numbers) if name in ("dpd", "rate") else sum(known_numbers, Decimal(0))
        currency = next(iter(currencies)) if LOAN_MEASURES[name] == "currency" else None
        found[borrower] = Value(
            f"{name}:borrower:{borrower}", name, borrower, LOAN_MEASURES[name], total, currency, desk.clocks.as_of, about="total",
            inputs=tuple(f"loans:{view.terms.id}" for view in views),
        )  # fmt: skip
    return found
