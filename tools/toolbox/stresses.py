"""Stress, cash ahead, working-capital need and further debt of a borrower, as a tool over its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.capacities import CapacityView, called, capacity_of
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark


def stress(
    desk: Desk, borrower: str, scenarios: Sequence[str] = (), growth: str | None = None, own_funds: str | None = None
) -> ToolResult:
    """The tool: DSCR, ICR and cash under scenarios, break-even falls, the leanest month ahead, need and room for further debt."""
    view = capacity_of(
        desk, borrower, tuple(scenarios), growth=number(growth, "growth"), own_funds=number(own_funds, "own_funds")
    )
    owner = desk.store.borrowers.get(desk.caller, view.borrower)
    figures = {f.id: f for f in (*view.figures.values(), *view.need_figures.values()) if f.value is not None}
    values = tuple(_values(view))
    lacking = dict.fromkeys([*view.plan_missing, *view.need.missing, *(name for r in view.results for name in r.missing)])
    missing = tuple(f"{view.borrower}: {called(name)} is missing" for name in lacking)
    arguments: dict[str, object] = {
        "borrower": view.borrower,
        "scenarios": list(scenarios),
        "growth": growth,
        "own_funds": own_funds,
    }
    artifact = Artifact(
        "stress", arguments, (desk.ref(owner),) if owner else (), tuple(figures.values()), values=values, missing=missing
    )
    return ToolResult("\n".join([*_lines(view, values), *missing]), artifact)


def number(text: str | None, name: str) -> Decimal | None:
    """A plain decimal from what a caller wrote; BadRequest when it is none."""
    if text is None:
        return None
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite():
        raise BadRequest(f"{text!r} is not a number", where=name, fix="Write a plain decimal such as 0.08")
    return value


def _values(view: CapacityView) -> Iterable[Value]:
    who, day, money = view.borrower, view.period_end or view.as_of, view.currency
    inputs = tuple(f.id for f in view.figures.values() if f.value is not None)

    def value(name: str, unit: str, amount: Decimal | None, about: str, given: tuple[str, ...] = inputs) -> Iterable[Value]:
        if amount is not None:
            yield Value(
                f"{name}:{who}:{about}",
                name,
                who,
                unit,
                amount,
                money if unit == "currency" else None,
                day,
                about=about,
                inputs=given,
            )

    for result in view.results:
        yield from value("stressed_dscr", "x", result.dscr, result.scenario)
        yield from value("stressed_icr", "x", result.icr, result.scenario)
        yield from value("stressed_ebitda", "currency", result.ebitda, result.scenario)
        yield from value("cash_gap", "currency", result.cash_gap, result.scenario)
    for name, fall in view.break_evens.items():
        yield from value("break_even", "days" if name == "dso_days" else "ratio", fall, name)
    for id, plan in view.plans.items():
        yield from value("lowest_cash", "currency", plan.lowest, id)
        if plan.lowest_on is not None:
            yield Value(
                f"lowest_cash_month:{who}:{id}",
                "lowest_cash_month",
                who,
                "date",
                None,
                None,
                plan.lowest_on,
                about=id,
                inputs=inputs,
            )
    needs = tuple(f.id for f in view.need_figures.values() if f.value is not None)
    yield from value("wc_need", "currency", view.need.need, "need", needs)
    yield from value("wc_new_loan", "currency", view.need.new_loan, "need", needs)
    yield from value("wc_room", "currency", view.need.room, "need", needs)
    yield from value("further_debt", "currency", view.further.further, "capacity")
    yield from value("further_debt_by_coverage", "currency", view.further.by_coverage, "capacity")
    yield from value("further_debt_by_leverage", "currency", view.further.by_leverage, "capacity")


def _lines(view: CapacityView, values: Sequence[Value]) -> Iterable[str]:
    yield f"{view.borrower}: year to {view.period_end}, amounts in {view.currency}; assumed: {', '.join(view.assumed) or 'nothing'}"
    for v in values:
        told = (
            v.when.isoformat()
            if v.value is None and v.when
            else f"{v.value:.10g}"
            if v.unit in ("x", "ratio", "days")
            else str(v.value)
        )
        yield f"{v.name} {v.about} {told} {v.currency or v.unit} {mark(v.id)}"
