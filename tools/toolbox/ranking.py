"""The caller's borrowers ordered and filtered by a metric or by a measure of their loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from tools.domain.facts import Fact, Row
from tools.domain.figures import Figure
from tools.domain.money import plain
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.figures import known, look_up, metric_id
from tools.toolbox.loan_states import loan_row, running, views_of
from tools.toolbox.ranked import Given, Ranked, Scored, Screened, latest_column, value_of
from tools.toolbox.references import mark

Order = Literal["asc", "desc"]
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
    people = {b.id: b for b in desk.index().borrowers}
    table: dict[str, Ranked] = {name: _ranked(desk, name, periods, people) for name in {main, *(c[0] for c in conditions)}}
    kept = table[main].people()
    for name, operator, value in conditions:
        kept &= table[name].meeting(operator, value)
    shown = table[main].top(kept, min(limit, MOST), descending=order == "desc")
    nodes = [node for one in shown for name in table if (node := table[name].node(one)) is not None]
    when = desk.clocks.as_of
    counts = [
        count_of("matches", len(kept)), count_of("with_figure", len(table[main].people())),
        count_of("without_figure", len(people) - len(table[main].people())),
    ]  # fmt: skip
    limits = [
        Value(f"asked_limit:{name}:{value}", "asked_limit", None, _unit(desk, name), value, None, when, about=name, state=operator)
        for name, operator, value in conditions
    ]  # fmt: skip
    artifact = Artifact(
        "rank_borrowers", {"measure": main, "order": order, "limit": limit, "where": [dict(c) for c in where], "periods": list(periods)},
        tuple(desk.ref(people[one]) for one in shown), tuple(n for n in nodes if isinstance(n, Figure)), tuple(n for n in nodes if isinstance(n, Fact)),
        tuple(_rows(desk, nodes)), (*(n for n in nodes if isinstance(n, Value)), *counts, *limits),
    )  # fmt: skip
    lines = [f"{len(kept)} borrowers match; {len(table[main].people())} of {len(people)} have {main}"]
    for place, one in enumerate(shown, 1):
        node = table[main].node(one)
        assert node is not None
        lines.append(f"{place}. {one} {people[one].name}: {plain(value_of(node))} {mark(node.id)}")
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


def _ranked(desk: Desk, name: str, periods: Sequence[str], people: Collection[str]) -> Ranked:
    if name in LOAN_MEASURES:
        return Given({one: node for one, node in _loan_column(desk, name).items() if one in people})

    def make(borrower: str) -> Scored | None:
        answers = [a.answer for a in look_up(desk, borrower, [name], periods) if known(a.answer) is not None]
        return answers[-1] if answers else None

    if tuple(periods) == ("latest",):
        return Screened(latest_column(desk, name), people, make)
    with_facts = desk.portfolio().table.borrowers
    return Given({one: node for one in with_facts if one in people and (node := make(one)) is not None})


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
