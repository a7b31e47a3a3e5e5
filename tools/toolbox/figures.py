"""Line items and ratios of borrowers over periods, and how they moved: what the tools `figures` and the `figure` command share.

A line item comes back as the fact that reports it, a ratio as a figure over facts. With two or more periods of one name, the
change between them is computed here, exactly, so that nobody has to subtract rounded numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import cast

from tools.domain.arithmetic import divide
from tools.domain.facts import Fact, Scope
from tools.domain.figures import Basis, Figure
from tools.domain.money import plain
from tools.domain.names import Borrower
from tools.errors import BadRequest
from tools.rulebook.vocabulary import normalised
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days
from tools.toolbox.desk import Desk
from tools.toolbox.periods import PeriodRequest, Target, day_asked, day_given, targets
from tools.toolbox.references import mark

Answer = Fact | Figure
MOST_NAMES = 24
MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """One value asked for: whose, what, where, and what came of it."""

    borrower: str
    name: str
    target: Target
    answer: Answer


def metric_id(desk: Desk, name: str) -> str:
    """The rulebook id a name stands for: an id itself, or a name or synonym in either language. BadRequest with near names."""
    book = desk.rulebook
    if book.definition(name) is not None or name in book.items:
        return name
    found = book.metric_index.get(normalised(name))
    if found:
        return found
    near = get_close_matches(name.casefold(), [*book.metric_index, *book.items, *book.ratios], 3)
    raise BadRequest(
        f"no figure or line item is called {name!r}",
        fix=f"Close: {', '.join(near)}" if near else "`loanward explain` and explain_rule know the names",
    )


def value_at(
    desk: Desk, borrower: str, name: str, target: Target, basis: Basis | None = None, scope: Scope = "consolidated"
) -> Answer:
    """One metric at one period end. A line item over a named length of period is the value reported for exactly that length."""
    evaluator = desk.evaluator(borrower, scope)
    item = desk.rulebook.items.get(name)
    if item is not None and desk.rulebook.definition(name) is None and basis is None and not item.stock:
        basis = _item_basis(desk, borrower, target)
        if target.months:
            exact = desk.book(borrower).get(name, target.end, target.months, scope)
            if exact is not None:
                return exact
    return _unwrapped(evaluator.figure(name, target.end, basis), name)


def _item_basis(desk: Desk, borrower: str, target: Target) -> Basis | None:
    """Reported values are not rolled: the year at its end, else the year to date; a quarter when a quarter was asked for."""
    book = desk.book(borrower)
    if target.months == 3:
        return "quarter"
    return "fy" if book.is_fiscal_year_end(target.end) else "ytd"


def _unwrapped(figure: Figure, name: str) -> Answer:
    """A figure that only hands on one reported value is that value."""
    only = figure.inputs[0] if len(figure.inputs) == 1 else None
    if figure.status == "ok" and isinstance(only, Fact) and only.item == name and only.value == figure.value:
        return only
    return figure


def known(answer: Answer) -> Decimal | None:
    """The value, or None when there is none."""
    return answer.value


def end_of(answer: Answer) -> date:
    """The period end of a fact or figure."""
    return answer.period.end if isinstance(answer, Fact) else answer.period_end


def name_of(answer: Answer) -> str:
    """The metric of a fact or figure."""
    return answer.item if isinstance(answer, Fact) else answer.name


def look_up(
    desk: Desk,
    borrower: str,
    names: Sequence[str],
    periods: Sequence[str],
    basis: Basis | None = None,
    scope: Scope = "consolidated",
) -> list[Asked]:
    """Every name at every period, oldest first. `latest` is, for each name, the newest period that has its inputs."""
    book = desk.book(borrower)
    ends = [end for end in book.period_ends(scope) if end <= desk.clocks.as_of]
    fye = desk.fiscal_end(borrower)
    asked: list[Asked] = []
    for name in names:
        seen: set[Target] = set()
        for text in periods or ("latest",):
            request = PeriodRequest.parse(text)
            wanted = targets(request, ends, fye)
            if request.kind == "latest":
                newest = _newest(desk, borrower, name, wanted, basis, scope)
                wanted = [newest] if newest else []
            for target in wanted[-MOST_PERIODS:]:
                if target not in seen:
                    seen.add(target)
                    asked.append(Asked(borrower, name, target, value_at(desk, borrower, name, target, basis, scope)))
                    asked += _of_the_part(desk, asked[-1], basis, scope)
    return asked


def _of_the_part(desk: Desk, asked: Asked, basis: Basis | None, scope: Scope) -> list[Asked]:
    """A share (a margin, a growth rate) asked for a half or a quarter: beside the rolling year, that part of the year itself."""
    answer, months = asked.answer, asked.target.months
    if basis or not isinstance(answer, Figure) or answer.unit != "ratio" or answer.basis == "point" or months in (None, 12):
        return []
    own = desk.evaluator(asked.borrower, scope).figure(asked.name, asked.target.end, "quarter" if months == 3 else "ytd")
    return [Asked(asked.borrower, asked.name, asked.target, own)] if own.value is not None else []


def _newest(desk: Desk, borrower: str, name: str, ends: Sequence[Target], basis: Basis | None, scope: Scope) -> Target | None:
    first = None
    for target in ends:
        answer = value_at(desk, borrower, name, target, basis, scope)
        if not (isinstance(answer, Figure) and answer.status == "not_computable"):
            return target
        first = first or target
    return first


def figure_of(
    desk: Desk, name: str, borrower: str, period: date | None = None, basis: str | None = None, scope: str = "consolidated"
) -> Figure:
    """The `figure` command: one figure with its whole provenance; without `period` the newest period that has the inputs."""
    id, who = metric_id(desk, name), desk.borrower(borrower)
    at: Scope = "parent" if scope == "parent" else "consolidated"
    wanted = cast(Basis | None, basis)
    evaluator = desk.evaluator(who.id, at)
    if period is not None:
        ends = desk.book(who.id).period_ends(at)
        return evaluator.figure(id, targets(PeriodRequest("day", day=period), ends, desk.fiscal_end(who.id))[0].end, wanted)
    found = evaluator.newest(id, wanted, desk.clocks.as_of)
    if found is None:
        raise BadRequest(f"{who.id} has no statements", fix="Ingest its statements first")
    return found


def figures(
    desk: Desk, borrowers: Sequence[str], names: Sequence[str], periods: Sequence[str] = ("latest",), basis: Basis | None = None,
    scope: Scope = "consolidated", known_at: str | None = None, share_of: str | None = None, total: bool = False, both: bool = False,
) -> ToolResult:  # fmt: skip
    """The tool: values with their units, periods and what is missing; changes when a name has several periods. `share_of`: each as a
    share of this one; `total`: the periods of one name added up; `both`: of the parent company alone too, and how far the group's is off it."""
    desk = desk.at(known_at=datetime.combine(day_given(known_at), time.max, UTC)) if known_at else desk
    ids = list(dict.fromkeys(metric_id(desk, name) for name in names))[:MOST_NAMES]
    if not ids:
        raise BadRequest("no figure was named", fix="Name at least one metric or line item")
    who = list(dict.fromkeys(desk.borrower(id).id for id in borrowers))
    if not who:
        raise BadRequest("no borrower was named", fix="Use find_borrower first")
    people = {id: desk.borrower(id) for id in who}
    asked = [entry for id in who for entry in look_up(desk, id, ids, periods, basis, scope)]
    changes = [
        value
        for id in who
        for name in ids
        for value in changes_of([a for a in asked if a.borrower == id and a.name == name], name)
    ]
    if share_of:
        below = [entry for id in who for entry in look_up(desk, id, [metric_id(desk, share_of)], periods, basis, scope)]
        changes += [value for entry in asked for value in _share(entry.answer, below)]
        asked += below
    if total:
        changes += [
            value
            for id in who
            for name in ids
            for value in _sums([a.answer for a in asked if a.borrower == id and a.name == name])
        ]
    if both:
        alone = [entry for id in who for entry in look_up(desk, id, ids, periods, basis, "parent")]
        changes += [value for entry in asked for value in _gap(entry, alone)]
        asked += alone
    made = [entry.answer for entry in asked]
    missing = tuple(f"{id}: no statements" for id in who if not desk.book(id).period_ends(scope))
    if any(known(answer) is None for answer in made):
        changes += [value for id in who for value in available(desk, id, scope)]
    changes += asked_days(*(PeriodRequest.parse(text).day for text in periods), day_asked(known_at))
    artifact = Artifact(
        "figures", {"borrowers": who, "names": ids, "periods": list(periods), "basis": basis, "scope": scope, "known_at": known_at,
         **({"share_of": share_of} if share_of else {}), **({"total": total} if total else {}), **({"both": both} if both else {})},
        tuple(desk.ref(people[id]) for id in who), tuple(a for a in made if isinstance(a, Figure)),
        tuple(a for a in made if isinstance(a, Fact)), (), tuple(changes), (), (), missing,
    )  # fmt: skip
    return ToolResult(_text(desk, asked, changes, people, missing), artifact)


def _share(part: Answer, wholes: Sequence[Asked]) -> list[Value]:
    """One amount as a share of the other of the same period end; a flow of a balance's day and the other way round too."""
    for whole in (entry.answer for entry in wholes):
        first, second = known(part), known(whole)
        lengths = {months_of(part), months_of(whole)} - {0}
        if (
            part.borrower == whole.borrower and end_of(part) == end_of(whole) and part.currency == whole.currency and len(lengths) < 2
            and first is not None and second is not None and second > 0 and unit_of(part) == unit_of(whole) == "currency"
        ):  # fmt: skip
            key = f"{part.borrower}:{name_of(part)}:{name_of(whole)}:{end_of(part)}:{months_of(part)}"
            return [Value(f"share:{key}", "share", part.borrower, "ratio", divide(first, second), None, end_of(part), about=name_of(part),
                          inputs=(part.id, whole.id))]  # fmt: skip
    return []


def _gap(group: Asked, alone: Sequence[Asked]) -> list[Value]:
    """How far the group's value is above (or below) the parent company's of the same day."""
    for other in alone:
        same = (other.borrower, other.name, end_of(other.answer)) == (group.borrower, group.name, end_of(group.answer))
        above, below, unit = known(group.answer), known(other.answer), unit_of(group.answer)
        if same and above is not None and below is not None and above != below:
            points = "percent_points" if unit == "ratio" else unit
            day = end_of(group.answer)
            return [Value(f"scope_gap:{group.borrower}:{group.name}:{day}", "change", group.borrower, points, above - below,
                          group.answer.currency, day, about=group.name, state="rise" if above > below else "fall",
                          inputs=(group.answer.id, other.answer.id))]  # fmt: skip
    return []


def _sums(answers: Sequence[Answer]) -> list[Value]:
    """Periods of one length that do not overlap, added up."""
    lengths: dict[int | None, list[Answer]] = {}
    for answer in answers:
        if known(answer) is not None and unit_of(answer) == "currency" and months_of(answer):
            lengths.setdefault(months_of(answer), []).append(answer)
    found = []
    for months, points in lengths.items():
        points.sort(key=end_of)
        apart = all((b - a).days >= 28 * (months or 0) for a, b in pairwise(end_of(p) for p in points))
        if len(points) > 1 and apart and len({p.currency for p in points}) == 1:
            first, last = points[0], points[-1]
            found.append(
                Value(f"sum:{last.borrower}:{name_of(last)}:{end_of(first)}:{end_of(last)}", "sum", last.borrower, "currency",
                      sum((known(p) or Decimal(0) for p in points), Decimal(0)), last.currency, end_of(last), end_of(first), name_of(last),
                      inputs=tuple(p.id for p in points))
            )  # fmt: skip
    return found


def available(desk: Desk, borrower: str, scope: Scope = "consolidated") -> list[Value]:
    """The period ends there are statements for, newest first: what to ask for instead."""
    ends = [end for end in desk.book(borrower).period_ends(scope) if end <= desk.clocks.as_of]
    return [
        Value(f"period:{borrower}:{end}", "period_available", borrower, "date", when=end, about="statements")
        for end in list(reversed(ends))[:MOST_PERIODS]
    ]  # fmt: skip


def changes_of(series: Sequence[Asked], name: str) -> list[Value]:
    """Change from each period to the next, and from first to last, among periods of one length: years with years, halves with
    halves. Shares of a positive base only; ratios in points."""
    lengths: dict[int | None, list[Answer]] = {}
    for asked in series:
        if known(asked.answer) is not None:
            lengths.setdefault(months_of(asked.answer), []).append(asked.answer)
    found: list[Value] = []
    for points in lengths.values():
        points.sort(key=end_of)
        pairs = [*pairwise(points), *([(points[0], points[-1])] if len(points) > 2 else [])]
        found += [value for then, now in pairs for value in change(then, now, name)]
    return found


def change(then: Answer, now: Answer, name: str) -> list[Value]:
    """`now` less `then` as values with direction; nothing when lengths, units or currencies differ."""
    before, after = known(then), known(now)
    if before is None or after is None or not _comparable(then, now) or end_of(then) == end_of(now):
        return []
    difference = after - before
    direction = "rise" if difference > 0 else "fall" if difference < 0 else "flat"
    unit, currency = unit_of(now), now.currency
    key = f"{now.borrower}:{name}:{end_of(then)}:{end_of(now)}"
    points = "percent_points" if unit == "ratio" else unit
    found = [
        Value(f"change:{key}", "change", now.borrower, points, difference, currency, end_of(now), end_of(then), name, "", direction,
              (then.id, now.id))
    ]  # fmt: skip
    if unit == "currency" and before > 0:
        found.append(
            Value(f"change_share:{key}", "change_share", now.borrower, "ratio", difference / before, None, end_of(now), end_of(then),
                  name, "", direction, (then.id, now.id))
        )  # fmt: skip
    return found


def answers_in(artifact: Artifact) -> list[Answer]:
    """The figures and facts an artifact answers with."""
    found: list[Answer] = [*artifact.figures]
    found += artifact.facts
    return found


def unit_of(answer: Answer) -> str:
    """The unit of a fact (its currency, or a plain count) or figure."""
    if isinstance(answer, Figure):
        return answer.unit
    return "currency" if answer.currency else "count"


def months_of(answer: Answer) -> int | None:
    """Length of the period of a fact; of a figure by its basis, None when the basis does not fix it."""
    if isinstance(answer, Fact):
        return answer.period.months
    return {"point": 0, "fy": 12, "ltm": 12, "annualised": 12, "quarter": 3}.get(answer.basis)


def _comparable(then: Answer, now: Answer) -> bool:
    first, second = months_of(then), months_of(now)
    return (
        unit_of(then) == unit_of(now) and then.currency == now.currency and (first == second or first is None or second is None)
    )


def _text(
    desk: Desk, asked: Sequence[Asked], changes: Sequence[Value], people: dict[str, Borrower], missing: Sequence[str]
) -> str:
    lines = []
    for entry in asked:
        answer = entry.answer
        who = f"{people[entry.borrower].name} ({entry.borrower})"
        when = f"{end_of(answer)}" + (f" {months_of(answer)}m" if months_of(answer) else "")
        value = known(answer)
        if value is not None:
            unit = unit_of(answer)
            said = (
                f"{plain(value)} {answer.currency or ''}".strip() if unit == "currency" else f"{plain(round(value, 6))} {unit}"
            )
            basis = f" basis={answer.basis}" if isinstance(answer, Figure) else f" page={answer.source.page}"
            lines.append(f"{who} {entry.name} {when}: {said}{basis} {mark(answer.id)}")
        elif isinstance(answer, Figure):
            why = f"missing {', '.join(answer.missing)}" if answer.missing else answer.reason
            lines.append(f"{who} {entry.name} {when}: {answer.status} ({why}) {mark(answer.id)}")
    lines += [
        f"{v.name} of {v.about} {v.since} to {v.when}: {plain(round(v.value, 6)) if v.value is not None else ''} {v.unit} ({v.direction}) {mark(v.id)}"
        for v in changes
    ]
    return "\n".join([*lines, *missing]) or "No statements."
