"""Why a figure moved: a subtotal by the lines that add into it, a ratio by the measures in its formula.

The parts of a subtotal add up to its change exactly; what the statements do not break down is named as unexplained, never
spread over the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tools.domain.facts import Fact, Scope
from tools.domain.figures import Basis, Figure
from tools.domain.money import plain
from tools.domain.tree import names as names_in
from tools.errors import BadRequest
from tools.rulebook.cash_rules import load_working_lines
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import Answer, change, changes_of, end_of, known, look_up, metric_id, months_of, unit_of, value_at
from tools.toolbox.movements import year_end_before
from tools.toolbox.periods import Target
from tools.toolbox.references import mark

DEEPEST = 6
MOST = 8
MOST_TIED = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A line's effect on the total: `effect` is signed as it moves the total."""

    name: str
    then: Answer
    now: Answer
    effect: Decimal


def drivers(
    desk: Desk, borrower: str, name: str, periods: Sequence[str] = (), basis: Basis | None = None, scope: Scope = "consolidated"
) -> ToolResult:
    """The tool: the change of one metric between two periods, broken into its largest drivers.

    `periods`: one (compared with the year before) or two; none: the newest two comparable ones."""
    id = metric_id(desk, name)
    who = desk.borrower(borrower)
    series = _two(desk, who.id, id, periods, basis, scope)
    artifact_base = {"borrower": who.id, "name": id, "periods": list(periods), "scope": scope}
    if len(series) < 2:
        made = [s for s in series]
        missing = (f"{who.id}: {id} of an earlier period",)
        artifact = Artifact("drivers", artifact_base, (desk.ref(who),), tuple(a for a in made if isinstance(a, Figure)),
                            tuple(a for a in made if isinstance(a, Fact)), missing=missing)  # fmt: skip
        return ToolResult(f"{id}: no two comparable periods of {who.name}.", artifact)
    then, now = series[0], series[-1]
    values = change(then, now, id)
    parts = _parts(desk, who.id, id, then, now, scope)
    for part in parts:
        values += change(part.then, part.now, part.name)
        values.append(_effect(part, id, now, then))
    if parts and unit_of(now) == "currency":
        left = (known(now) or Decimal(0)) - (known(then) or Decimal(0)) - sum((p.effect for p in parts), Decimal(0))
        if left:
            values.append(Value(f"unexplained:{then.id}:{now.id}", "unexplained", who.id, "currency", left, now.currency, end_of(now),
                                end_of(then), id, "", "rise" if left > 0 else "fall", (then.id, now.id)))  # fmt: skip
    shown = parts[:MOST]
    tied = _tied_up(desk, who.id, id, now, scope)
    for part in tied:
        values += change(part.then, part.now, part.name)
        effect = _effect(part, id, part.now, part.then)
        values.append(replace(effect, id=f"tied_up:{part.now.id}", name="tied_up"))
    made = [then, now, *(a for part in (*shown, *tied) for a in (part.then, part.now))]
    unique = list({a.id: a for a in made}.values())
    artifact = Artifact(
        "drivers", artifact_base, (desk.ref(who),), tuple(a for a in unique if isinstance(a, Figure)),
        tuple(a for a in unique if isinstance(a, Fact)), (), tuple(values),
    )  # fmt: skip
    lines = [
        f"{id} of {who.name}: {plain(known(then) or Decimal(0))} ({end_of(then)}) to {plain(known(now) or Decimal(0))} ({end_of(now)})"
    ]
    lines += [f"{v.name} {v.about}: {plain(v.value)} {v.unit} {mark(v.id)}" for v in values if v.value is not None]
    return ToolResult("\n".join(lines), artifact)


def _tied_up(desk: Desk, borrower: str, name: str, now: Answer, scope: Scope) -> list[Part]:
    """For an operating cash flow: what receivables, stock and payables did over its period, largest first. `effect` as it moves cash."""
    lines = load_working_lines(desk.clocks.as_of)
    months = months_of(now) or 0
    if name not in lines.explains or not months:
        return []
    opening = desk.book(borrower).months_before(end_of(now), months)
    items = [(item, -1) for item in lines.hold] + [(item, 1) for item in lines.free]
    found = [
        _balance(desk, borrower, item, sign, opening, end_of(now), scope) for item, sign in items if item in desk.rulebook.items
    ]
    return sorted((part for part in found if part is not None and part.effect), key=lambda part: -abs(part.effect))[:MOST_TIED]


def _balance(desk: Desk, borrower: str, item: str, sign: int, opening: date, closing: date, scope: Scope) -> Part | None:
    first, second = (value_at(desk, borrower, item, Target(day), None, scope) for day in (opening, closing))
    before, after = known(first), known(second)
    return None if before is None or after is None else Part(item, first, second, sign * (after - before))


def _two(desk: Desk, borrower: str, name: str, periods: Sequence[str], basis: Basis | None, scope: Scope) -> list[Answer]:
    """Two comparable values, older first."""
    asked = look_up(desk, borrower, [name], periods or ["latest"], basis, scope)
    found = [a for a in asked if known(a.answer) is not None]
    if not found:
        return [a.answer for a in asked][:1]
    if len({end_of(a.answer) for a in found}) == 1:
        found = found[-1:]  # of a half year the half itself, not the rolling year beside it
        now = found[0].answer
        before = desk.book(borrower).months_before(end_of(now), 12)
        target = Target(
            before, found[0].target.months or (months_of(now) if isinstance(now, Fact) and now.period.months else None)
        )
        earlier = value_at(
            desk, borrower, name, target, now.basis if isinstance(now, Figure) and now.basis != "point" else basis, scope
        )
        if known(earlier) is None or _basis(earlier) != _basis(now):
            # a scaled year to date beside twelve rolling months would compare two things
            year_end = year_end_before(desk, now, name, scope)
            return [year_end, now] if year_end is not None else [now]
        return [earlier, now]
    ordered = sorted((a.answer for a in found), key=end_of)
    return [ordered[0], ordered[-1]] if change(ordered[0], ordered[-1], name) else ordered[-1:]


def _parts(desk: Desk, borrower: str, name: str, then: Answer, now: Answer, scope: Scope) -> list[Part]:
    definition = desk.rulebook.definition(name)
    if definition is not None:
        _, node = definition.under(desk.book(borrower).standard)
        inputs = [
            n for n in dict.fromkeys(names_in(node)) if n in desk.rulebook.items or desk.rulebook.definition(n) is not None
        ]
        parts = [_pair(desk, borrower, n, 1, then, now, scope) for n in inputs]
        return [p for p in parts if p is not None]
    leaves = _leaves(desk, name)
    parts = [_pair(desk, borrower, item, sign, then, now, scope) for item, sign in leaves]
    return sorted((p for p in parts if p is not None and p.effect), key=lambda p: -abs(p.effect))


def _leaves(desk: Desk, name: str, sign: int = 1, depth: int = 0) -> Iterator[tuple[str, int]]:
    for member, own in desk.rulebook.sections.members(name):
        deeper = list(_leaves(desk, member, sign * own, depth + 1)) if depth < DEEPEST else []
        yield from deeper or [(member, sign * own)]


def _pair(desk: Desk, borrower: str, name: str, sign: int, then: Answer, now: Answer, scope: Scope) -> Part | None:
    basis: Basis | None = now.basis if isinstance(now, Figure) and now.basis != "point" else None
    first = value_at(desk, borrower, name, Target(end_of(then), _length(then)), basis, scope)
    second = value_at(desk, borrower, name, Target(end_of(now), _length(now)), basis, scope)
    before, after = known(first), known(second)
    if before is None or after is None:
        return None
    return Part(name, first, second, sign * (after - before))


def _basis(answer: Answer) -> str:
    return answer.basis if isinstance(answer, Figure) else ""


def _length(answer: Answer) -> int | None:
    return answer.period.months or None if isinstance(answer, Fact) else None


def _effect(part: Part, total: str, now: Answer, then: Answer) -> Value:
    return Value(
        f"effect:{total}:{part.now.id}", "effect", now.borrower, unit_of(part.now), part.effect, part.now.currency, end_of(now), end_of(then),
        part.name, "", "rise" if part.effect > 0 else "fall" if part.effect < 0 else "flat", (part.then.id, part.now.id),
    )  # fmt: skip


__all__ = ["BadRequest", "Part", "changes_of", "drivers"]
