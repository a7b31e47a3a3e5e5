"""How far a ratio is from a value somebody names, or from the limits in force on it: what would bring it there, what may still move.

Each way is taken alone, everything else as it stands: debt repaid, earnings made up, or the fall of earnings the limit still bears.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

from tools.domain.arithmetic import divide
from tools.domain.book_evidence import evidence
from tools.domain.covenant_measures import EvaluatorMeasure
from tools.domain.covenants import Limit, Operator
from tools.domain.facts import Row, Scope
from tools.domain.figures import Basis, Figure
from tools.domain.headroom import Cure, amount_cures, headroom, passes, ratio_cures, ratio_room
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import available, metric_id
from tools.toolbox.references import mark
from tools.toolbox.what_if import maintained, start_of

BASES: dict[str, Basis] = {"annual": "fy", "ltm": "ltm", "ytd": "ytd", "quarter": "quarter", "annualised": "annualised"}
DRIVERS = {"dscr": ("ebitda", "debt_service"), "fccr": ("ebitda", "debt_service"), "debt_to_ebitda": ("total_debt", "ebitda"),
           "net_debt_to_ebitda": ("net_debt", "ebitda")}  # fmt: skip
"""What moves a ratio whose parts are sums: earnings after tax move with EBITDA."""
ASKED = "asked"
"""Key of a value named in a question."""
EARNINGS = frozenset({"ebitda", "ebit"})


@dataclass(frozen=True, slots=True)
class Goal:
    """One limit to hold a ratio against. `key`: the covenant, or ASKED; `begins`: when a stricter or looser step of it starts."""

    key: str
    metric: str
    operator: Operator
    limit: Limit
    end: date
    basis: Basis | None = None
    scope: Scope = "consolidated"
    begins: date | None = None

    @property
    def about(self) -> str:
        """The key, with the day a later step begins."""
        return f"{self.key}@{self.begins}" if self.begins else self.key


def reach(
    desk: Desk, borrower: str, metrics: Sequence[str] = (), target: str | None = None, operator: str | None = None, period: str | None = None
) -> ToolResult:  # fmt: skip
    """The tool: from where a ratio stands to `target`, or to the covenants in force on it: the repayment or earnings it takes, or the
    fall it still bears. Without `metrics`: every covenant whose ratio hangs on earnings. Of several ratios a target may be for it is
    the one an agreement limits."""
    owner = desk.borrower(borrower)
    ids = list(dict.fromkeys(metric_id(desk, metric) for metric in metrics))
    if target is not None and not ids:
        raise BadRequest("a target needs a metric", where="metrics", fix="Name the ratio the target is for")
    arguments: dict[str, object] = {
        "borrower": owner.id,
        "metrics": ids,
        "target": target,
        "operator": operator,
        "period": period,
    }
    end = start_of(desk, owner.id, period)
    if end is None:
        missing = (f"{owner.id}: no statements" + (f" for {period}" if period else ""),)
        empty = Artifact("reach", arguments, (desk.ref(owner),), values=tuple(available(desk, owner.id)), missing=missing)
        return ToolResult(missing[0], empty)
    measure = EvaluatorMeasure(lambda scope: desk.evaluator(owner.id, scope))
    if target and len(ids) > 1:
        tested = {one.covenant.metric: one.latest.limit.single for one in maintained(desk, owner.id) if one.latest.limit}
        named = [id for id in ids if id in tested and tested[id] == Decimal(target)] or [id for id in ids if id in tested]
        ids = named[:1] or ids[:1]
    if target and not period:
        newest = desk.evaluator(owner.id).newest(ids[0], None, desk.clocks.as_of)
        end = newest.period_end if newest is not None else end
    goals = [_asked(desk, ids[0], target, operator, end)] if target else _in_force(desk, owner.id, ids, period, end)
    rows = {row["id"]: evidence("covenants", row) for row in desk.loan_book.rows(desk.caller, "covenants", desk.clocks, borrower=owner.id)
            if row["id"] in {goal.key for goal in goals}}  # fmt: skip
    figures: dict[str, Figure] = {}
    values: list[Value] = []
    for goal in goals:
        values += _held(owner.id, goal, measure, figures, rows, earnings=not ids)
    artifact = Artifact(
        "reach", arguments, (desk.ref(owner),), tuple(figures.values()), rows=tuple(rows.values()), values=tuple(values),
        missing=tuple(f"{f.name}: {', '.join(f.missing)}" for f in figures.values() if f.missing),
    )  # fmt: skip
    lines = [
        f"{v.name} {v.about}: {v.value if v.value is not None else v.state} {v.unit} {v.state} {mark(v.id)}" for v in values
    ]
    return ToolResult("\n".join(lines) or "No limit in force on it, and none was named.", artifact)


def _asked(desk: Desk, metric: str, target: str, operator: str | None, end: date) -> Goal:
    try:
        value = Decimal(target)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite():
        raise BadRequest(f"{target!r} is not a number", where="target", fix="Write a plain decimal such as 4.0")
    definition = desk.rulebook.definition(metric)
    higher = definition is not None and definition.better == "higher"
    side = ">=" if (operator or (">" if higher else "<")) in (">", ">=") else "<="
    return Goal(ASKED, metric, cast(Operator, side), Limit(value, None) if side == ">=" else Limit(None, value), end)


def _in_force(desk: Desk, borrower: str, metrics: Sequence[str], period: str | None, end: date) -> list[Goal]:
    """The covenants on the metrics, each where it was last tested unless a period was asked for."""
    found = []
    for one in maintained(desk, borrower):
        covenant, test = one.covenant, one.latest
        if test.limit is None or test.limit.single is None or covenant.operator not in ("<=", ">=") or covenant.metric is None:
            continue
        if not metrics or covenant.metric in metrics:
            day = end if period or test.test_date is None else test.test_date
            basis = None if period else BASES.get(covenant.basis or "")
            made = Goal(covenant.id, covenant.metric, covenant.operator, test.limit, day, basis, covenant.scope)
            ahead = [
                step
                for step in covenant.steps
                if step.from_date > max(day, desk.clocks.as_of) and step.limit.single is not None
            ]
            found += [made, *(replace(made, limit=step.limit, begins=step.from_date) for step in ahead[:1])]
    return found


def _held(
    borrower: str, goal: Goal, measure: EvaluatorMeasure, figures: dict[str, Figure], rows: dict[str, Row], *, earnings: bool
) -> Iterator[Value]:  # fmt: skip
    figure = measure.figure(goal.metric, goal.end, goal.basis, goal.scope)
    parts = measure.parts(goal.metric, goal.end, goal.basis, goal.scope)
    names = _names(goal.metric, parts) if parts else ("", "")
    if earnings and not EARNINGS & set(names):
        return
    figures[figure.id] = figure
    limit = goal.limit.single
    if figure.value is None or limit is None:
        return
    for part in parts or ():
        figures[part.id] = part
    row = (f"covenants:{goal.key}",) if goal.key in rows else ()
    inputs = (figure.id, *row)
    met = passes(figure.value, goal.operator, goal.limit)
    status = "compliant" if met else "breach"
    yield Value(f"reach_limit:{goal.about}", "threshold", borrower, figure.unit, limit, None, goal.begins or goal.end, about=goal.about, state=goal.operator,
                inputs=inputs)  # fmt: skip
    yield Value(f"reach_status:{goal.about}", "reach_status", borrower, "state", about=goal.about, state=status, inputs=inputs)
    room = headroom(figure.value, goal.operator, goal.limit)
    if room is not None:
        yield Value(
            f"reach_headroom:{goal.about}", "headroom", borrower, "ratio", room, when=goal.end, about=goal.about, inputs=inputs
        )
    yield from _moves(borrower, goal, figure, parts, names, inputs, met=met)


def _moves(
    borrower: str, goal: Goal, figure: Figure, parts: tuple[Figure, Figure] | None, names: tuple[str, str], inputs: Sequence[str], *,
    met: bool,
) -> Iterable[Value]:  # fmt: skip
    limit = goal.limit.single
    assert limit is not None
    pair = (parts[0].value, parts[1].value) if parts else (None, None)
    moves: tuple[Cure, ...] = ()
    if pair[0] is not None and pair[1] is not None:
        moves = (ratio_room if met else ratio_cures)(pair[0], pair[1], goal.operator, limit, names)
        if goal.metric == "debt_to_assets" and not met and limit < 1:
            # money repaid leaves both sides of the balance sheet
            moves = (*moves, Cure("cut", "cash", divide(pair[0] - limit * pair[1], 1 - limit)))
    elif figure.unit == "currency" and not met:
        moves = amount_cures(figure.value or Decimal(0), goal.operator, goal.limit, goal.metric)
    money = next((f.currency for part in (figure, *(parts or ())) for f in part.facts() if f.currency), None)
    name = "room_amount" if met else "cure_amount"
    for move in moves:
        yield Value(f"{name}:{goal.about}:{move.measure}", name, borrower, "currency", move.amount, money, goal.end, about=goal.about,
                    state=move.kind, inputs=tuple(inputs))  # fmt: skip
        base = pair[names.index(move.measure)] if move.measure in names else None
        if base is not None and goal.metric not in ("dscr", "fccr"):
            level = base + (move.amount if move.kind == "raise" else -move.amount)
            yield Value(f"needed_level:{goal.about}:{move.measure}", "needed_level", borrower, "currency", level, money, goal.end, about=goal.about,
                        state=move.kind, inputs=tuple(inputs))  # fmt: skip
        if (
            met
            and move.measure in EARNINGS
            and move.kind == "cut"
            and base is not None
            and base > 0
            and goal.metric not in ("dscr", "fccr")
        ):
            yield Value(f"cushion:{goal.about}:{move.measure}", "cushion", borrower, "ratio", divide(move.amount, base), when=goal.end,
                        about=goal.about, inputs=tuple(inputs))  # fmt: skip


def _names(metric: str, parts: tuple[Figure, Figure]) -> tuple[str, str]:
    known = DRIVERS.get(metric, ("", ""))
    over, under = (
        part.name if part.name not in ("numerator", "denominator") else fallback
        for part, fallback in zip(parts, known, strict=True)
    )
    return over or "numerator", under or "denominator"
