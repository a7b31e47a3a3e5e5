"""What if: a borrower's cover and cash under the shock somebody names, beside how it stands without."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tools.domain.stress import Scenario, Stressed, stressed
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.capacities import CapacityView, capacity_of
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark

SHARES = ("revenue_fall", "ebitda_fall")
BASE, ASKED = "base", "asked"


def what_if(
    desk: Desk, borrower: str, revenue_fall: str | None = None, ebitda_fall: str | None = None, rate_rise: str | None = None,
    dso_days: str | None = None, no_refinancing: bool = False, lose_top_customer: bool = False,
) -> ToolResult:  # fmt: skip
    """The tool: DSCR, interest cover, EBITDA and the cash gap as they are and under one named shock (0.2 is a fall of 20 %, 0.01 a rise of 100 bp)."""
    given = {name: _number(text, name) for name, text in
             (("revenue_fall", revenue_fall), ("ebitda_fall", ebitda_fall), ("rate_rise", rate_rise), ("dso_days", dso_days)) if text is not None}  # fmt: skip
    flags = {"no_refinancing": no_refinancing, "lose_top_customer": lose_top_customer}
    if not given and not any(flags.values()):
        raise BadRequest(
            "no shock is named", fix="Give revenue_fall, ebitda_fall, rate_rise, dso_days, no_refinancing or lose_top_customer"
        )
    if any(abs(given.get(name, Decimal(0))) > 1 for name in SHARES):
        raise BadRequest("a fall of more than all of it", fix="Write 20 % as 0.2")
    view = capacity_of(desk, borrower, (BASE,))
    asked = stressed(view.base, Scenario(ASKED, **given, **{name: True for name, on in flags.items() if on}))  # type: ignore[arg-type]
    owner = desk.borrower(view.borrower)
    figures = tuple(f for f in view.figures.values() if f.value is not None)
    values = [*_shocks(view, given, flags), *_results(view, stressed(view.base, Scenario(BASE)), asked)]
    missing = tuple(f"{view.borrower}: {name} is missing" for name in asked.missing)
    arguments: dict[str, object] = {"borrower": view.borrower, **{name: str(value) for name, value in given.items()}, **flags}
    lines = [f"{v.name} {v.about}: {v.value if v.value is not None else v.state} {v.unit} {mark(v.id)}" for v in values]
    return ToolResult(
        "\n".join([*lines, *missing]),
        Artifact("what_if", arguments, (desk.ref(owner),), figures, values=tuple(values), missing=missing),
    )


def _number(text: str, name: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise BadRequest(f"{text!r} is not a number", where=name, fix="Write a plain decimal such as 0.2") from None


def _shocks(view: CapacityView, given: dict[str, Decimal], flags: dict[str, bool]) -> Iterable[Value]:
    for name, value in given.items():
        unit = "days" if name == "dso_days" else "percent_points" if name == "rate_rise" else "ratio"
        yield Value(f"shock:{view.borrower}:{name}:{value}", "shock", view.borrower, unit, value, about=name)
    for name, on in flags.items():
        if on:
            yield Value(f"shock:{view.borrower}:{name}", "shock", view.borrower, "state", about=name, state=name)


def _results(view: CapacityView, base: Stressed, asked: Stressed) -> Iterable[Value]:
    inputs = tuple(f.id for f in view.figures.values() if f.value is not None)
    for name, unit in (
        ("dscr", "x"),
        ("icr", "x"),
        ("ebitda", "currency"),
        ("cash_after", "currency"),
        ("cash_gap", "currency"),
    ):
        before, after = getattr(base, name), getattr(asked, name)
        for about, value in ((BASE, before), (ASKED, after)):
            if value is not None:
                way = (
                    ""
                    if before is None or after is None or about == BASE
                    else "flat"
                    if after == before
                    else "fall"
                    if after < before
                    else "rise"
                )
                yield Value(
                    f"stressed_{name}:{view.borrower}:{about}", f"stressed_{name}", view.borrower, unit, value,
                    view.currency if unit == "currency" else None, view.period_end, about=about, direction=way, inputs=inputs,
                )  # fmt: skip
