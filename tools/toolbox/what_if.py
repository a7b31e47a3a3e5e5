"""What if: a borrower's cover, leverage and cash under the shock somebody names, beside how it stands without, and the limits in force.

The year it starts from is the newest one, or the one asked for, and is said. What a covenant allows is held against the stressed
value here, so that nobody has to compare two numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from tools.domain.book_evidence import evidence
from tools.domain.covenant_tests import Assessment
from tools.domain.facts import Row
from tools.domain.headroom import headroom, passes
from tools.domain.stress import Scenario, Stressed, stressed
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.capacities import CapacityView, called, capacity_of
from tools.toolbox.covenant_desk import assessments
from tools.toolbox.desk import Desk
from tools.toolbox.figures import available
from tools.toolbox.periods import PeriodRequest, targets
from tools.toolbox.references import mark

SHARES = ("revenue_fall", "ebitda_fall", "gross_profit_fall", "ebit_fall")
BASE, ASKED = "base", "asked"
UNITS = {"rate_rise": "percent_points", "dso_days": "days", "dio_days": "days", "dpo_days": "days", "debt_change": "currency",
         "ebitda_to": "currency", "revenue_to": "currency"}  # fmt: skip
RESULTS = (("dscr", "x"), ("icr", "x"), ("icr_ebit", "x"), ("leverage", "x"), ("net_leverage", "x"), ("debt_to_assets", "ratio"), ("ebitda", "currency"),
           ("cash_after", "currency"), ("cash_gap", "currency"))  # fmt: skip
BACK = {"revenue_fall": "revenue_rise", "ebitda_fall": "ebitda_rise", "gross_profit_fall": "gross_profit_rise", "ebit_fall": "ebit_rise", "rate_rise": "rate_fall", "dso_days": "dso_sooner",
        "dio_days": "dio_sooner", "dpo_days": "dpo_sooner", "debt_change": "debt_repaid"}  # fmt: skip
"""What a shock with a minus is called."""
MADE_OF = {
    "dscr": ("ebitda", "tax", "principal", "interest"), "icr": ("ebitda", "interest"), "icr_ebit": ("ebit", "interest"),
    "leverage": ("total_debt", "ebitda"), "net_leverage": ("net_debt", "ebitda"), "debt_to_assets": ("liabilities", "assets"), "ebitda": ("ebitda",),
    "cash_after": ("free_cash", "ebitda", "tax", "interest", "principal"), "cash_gap": ("free_cash", "ebitda", "tax", "interest", "principal"),
}  # fmt: skip
SHOCKED_BY = {"revenue_fall": ("revenue", "gross_margin"), "revenue_to": ("revenue", "gross_margin"), "gross_profit_fall": ("revenue", "gross_margin"),
              "ebit_fall": ("ebit",), "rate_rise": ("total_debt",),
              "dso_days": ("revenue",), "dio_days": ("cost_of_sales",), "dpo_days": ("cost_of_sales",),
              "lose_top_customer": ("revenue", "gross_margin"), "no_refinancing": ("short_term_debt",)}  # fmt: skip
"""The figures a result rests on, and those a shock brings in."""
MEASURED_BY = {
    "dscr": "dscr",
    "icr_ebitda": "icr",
    "icr_ebit": "icr_ebit",
    "debt_to_ebitda": "leverage",
    "net_debt_to_ebitda": "net_leverage",
    "debt_to_assets": "debt_to_assets",
}
"""Which stressed value a covenant's metric is held against."""


def what_if(
    desk: Desk, borrower: str, revenue_fall: str | None = None, ebitda_fall: str | None = None, rate_rise: str | None = None,
    gross_profit_fall: str | None = None, ebit_fall: str | None = None, dso_days: str | None = None, dio_days: str | None = None, dpo_days: str | None = None, debt_change: str | None = None,
    ebitda_to: str | None = None, revenue_to: str | None = None, no_refinancing: bool = False, lose_top_customer: bool = False,
    period: str | None = None,
) -> ToolResult:  # fmt: skip
    """The tool: DSCR, interest cover, leverage, EBITDA and cash as they are and under one named shock (0.2 is a fall of 20 %, 0.01 a rise of 100 bp)."""
    texts = {
        "revenue_fall": revenue_fall, "ebitda_fall": ebitda_fall, "rate_rise": rate_rise,
        "gross_profit_fall": gross_profit_fall, "ebit_fall": ebit_fall, "dso_days": dso_days, "dio_days": dio_days,
        "dpo_days": dpo_days, "debt_change": debt_change, "ebitda_to": ebitda_to, "revenue_to": revenue_to,
    }  # fmt: skip
    given = {name: _number(text, name) for name, text in texts.items() if text is not None}
    flags = {"no_refinancing": no_refinancing, "lose_top_customer": lose_top_customer}
    if not given and not any(flags.values()):
        raise BadRequest("no shock is named", fix=f"Give {', '.join(texts)}, no_refinancing or lose_top_customer")
    if any(abs(given.get(name, Decimal(0))) > 1 for name in SHARES):
        raise BadRequest("a fall of more than all of it", fix="Write 20 % as 0.2")
    owner = desk.borrower(borrower)
    arguments: dict[str, object] = {
        "borrower": owner.id, "period": period, **{name: str(value) for name, value in given.items()}, **flags,
    }  # fmt: skip
    end = start_of(desk, owner.id, period)
    if period and end is None:
        none = f"{owner.id}: no statements for {period}"
        artifact = Artifact("what_if", arguments, (desk.ref(owner),), values=tuple(available(desk, owner.id)), missing=(none,))
        return ToolResult(none, artifact)
    view = capacity_of(desk, owner.id, (BASE,), end=end)
    asked = stressed(view.base, Scenario(ASKED, **_shock(view, given), **{name: True for name, on in flags.items() if on}))  # type: ignore[arg-type]
    before = stressed(view.base, Scenario(BASE))
    figures = tuple(f for f in view.figures.values() if f.value is not None)
    limits = [one for one in maintained(desk, owner.id) if one.covenant.metric in MEASURED_BY]
    rows = {
        row["id"]: evidence("covenants", row) for row in desk.loan_book.rows(desk.caller, "covenants", desk.clocks, borrower=owner.id)
        if row["id"] in {one.covenant.id for one in limits}
    }  # fmt: skip
    values = [*_starts(view), *_shocks(view, given, flags), *_results(view, before, asked, [*given, *(name for name, on in flags.items() if on)]),
              *_limits(view, limits, asked, rows)]  # fmt: skip
    lacking = [*asked.missing, *(name for name in ("total_debt",) if getattr(view.base, name) is None)]
    missing = tuple(f"{view.borrower}: {called(name)} is missing" for name in dict.fromkeys(lacking))
    lines = [
        f"{v.name} {v.about}: {v.value if v.value is not None else v.state} {v.unit} {v.state} {mark(v.id)}" for v in values
    ]
    return ToolResult(
        "\n".join([*lines, *missing]),
        Artifact(
            "what_if", arguments, (desk.ref(owner),), figures, rows=tuple(rows.values()), values=tuple(values), missing=missing
        ),
    )


def _number(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite():
        raise BadRequest(f"{text!r} is not a number", where=name, fix="Write a plain decimal such as 0.2")
    return value


def maintained(desk: Desk, borrower: str) -> list[Assessment]:
    """Covenants tested period by period that are still in force: neither ended nor tied to an act such as a dividend."""
    return [
        one for one in assessments(desk, borrower)
        if one.covenant.type == "maintenance" and one.latest.limit is not None
        and (one.covenant.end_date is None or one.covenant.end_date >= desk.clocks.as_of)
    ]  # fmt: skip


def start_of(desk: Desk, borrower: str, period: str | None) -> date | None:
    """The period end to start from: the one asked for, None when there are no statements of it. The newest one when none is
    asked for, or one still to come: a shock ahead starts from today."""
    ends = [end for end in desk.book(borrower).period_ends("consolidated") if end <= desk.clocks.as_of]
    newest = max(ends, default=None)
    if not period or period == "latest":
        return newest
    wanted = targets(PeriodRequest.parse(period), ends, desk.fiscal_end(borrower))
    if wanted and all(target.end > desk.clocks.as_of for target in wanted):
        return newest
    return next((target.end for target in reversed(wanted) if target.end in ends), None)


def _shock(view: CapacityView, given: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The shocks of the scenario; a level asked for is the fall that leads to it."""
    found = {name: value for name, value in given.items() if not name.endswith("_to")}
    for name, now in (("ebitda", view.base.ebitda), ("revenue", view.base.revenue)):
        level = given.get(f"{name}_to")
        if level is not None and now is not None and now > 0:
            found[f"{name}_fall"] = (now - level) / now
    return found


def _starts(view: CapacityView) -> Iterable[Value]:
    if view.period_end is not None:
        known = view.figures.get("ebitda")
        basis = known.basis if known is not None else "ltm"
        yield Value(
            f"base_period:{view.borrower}",
            "base_period",
            view.borrower,
            "date",
            when=view.period_end,
            about="base",
            state=basis,
        )


def _shocks(view: CapacityView, given: Mapping[str, Decimal], flags: Mapping[str, bool]) -> Iterable[Value]:
    for name, value in given.items():
        unit = UNITS.get(name, "ratio")
        currency = view.currency if unit == "currency" else None
        about = BACK[name] if value < 0 and name in BACK else name
        now = getattr(view.base, name.removesuffix("_to")) if name.endswith("_to") else None
        if now is not None and value > now:
            about = name.replace("_to", "_up_to")
        yield Value(
            f"shock:{view.borrower}:{about}:{abs(value)}", "shock", view.borrower, unit, abs(value), currency, about=about
        )
    for name, on in flags.items():
        if on:
            yield Value(f"shock:{view.borrower}:{name}", "shock", view.borrower, "state", about=name, state=name)


def _sources(view: CapacityView, *names: str) -> tuple[str, ...]:
    found = (view.figures.get(name) for name in names)
    return tuple(dict.fromkeys(f.id for f in found if f is not None and f.value is not None))


def _results(view: CapacityView, base: Stressed, asked: Stressed, shocks: Sequence[str]) -> Iterable[Value]:
    moved = [name for shock in shocks for name in SHOCKED_BY.get(shock, ())]
    for name, unit in RESULTS:
        before, after = getattr(base, name), getattr(asked, name)
        for about, value in ((BASE, before), (ASKED, after)):
            if value is not None:
                inputs = _sources(view, *MADE_OF[name], *(moved if about == ASKED and value != before else ()))
                compared = before is not None and after is not None and about == ASKED
                yield Value(
                    f"stressed_{name}:{view.borrower}:{about}", f"stressed_{name}", view.borrower, unit, value,
                    view.currency if unit == "currency" else None, view.period_end, about=about,
                    direction=_way(before, after) if compared else "", inputs=inputs,
                )  # fmt: skip
    if asked.released is not None:
        yield Value(
            f"cash_released:{view.borrower}", "cash_released", view.borrower, "currency", abs(asked.released), view.currency, view.period_end,
            about=ASKED, state="released" if asked.released >= 0 else "tied_up", inputs=_sources(view, *moved),
        )  # fmt: skip


def _way(before: Decimal, after: Decimal) -> str:
    return "flat" if after == before else "fall" if after < before else "rise"


def _limits(view: CapacityView, found: Sequence[Assessment], asked: Stressed, rows: Mapping[str, Row]) -> Iterable[Value]:
    """Each limit in force on a stressed ratio: the limit, and whether the stressed value would meet it."""
    for one in found:
        covenant, limit = one.covenant, one.latest.limit
        name = MEASURED_BY[covenant.metric or ""]
        value = getattr(asked, name)
        if (
            limit is None
            or limit.single is None
            or covenant.operator is None
            or value is None
            or covenant.scope != "consolidated"
        ):
            continue
        row = (f"covenants:{covenant.id}",) if covenant.id in rows else ()
        figures = _sources(view, *MADE_OF[name])
        inputs = (*figures, *row)
        unit = "ratio" if name == "debt_to_assets" else "x"
        yield Value(
            f"stressed_limit:{covenant.id}", "threshold", view.borrower, unit, limit.single, None, one.latest.test_date,
            about=covenant.id, state=covenant.operator, inputs=row or figures,
        )  # fmt: skip
        met = passes(value, covenant.operator, limit)
        yield Value(
            f"stressed_status:{covenant.id}", "stressed_status", view.borrower, "state", about=covenant.id, state="compliant" if met else "breach",
            direction="", inputs=(f"stressed_{name}", *inputs),
        )  # fmt: skip
        room = headroom(value, covenant.operator, limit)
        if room is not None:
            yield Value(
                f"stressed_headroom:{covenant.id}", "headroom", view.borrower, "ratio", room, about=covenant.id, inputs=inputs
            )
