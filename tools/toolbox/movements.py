"""How metrics moved against the year before or the quarter before: pairs of comparable values with their exact change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from tools.domain.facts import Fact, Scope
from tools.domain.figures import Basis, Figure
from tools.domain.money import plain
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import Answer, Asked, available, change, end_of, known, look_up, metric_id, months_of, value_at
from tools.toolbox.periods import Target
from tools.toolbox.references import mark

Against = Literal["year_before", "quarter_before"]
MONTHS_BACK = {"year_before": 12, "quarter_before": 3}


def changes(
    desk: Desk,
    borrowers: Sequence[str],
    names: Sequence[str],
    periods: Sequence[str] = ("latest",),
    against: Against = "year_before",
    basis: Basis | None = None,
    scope: Scope = "consolidated",
) -> ToolResult:
    """The tool: each metric at each period beside the same metric a year (or a quarter) earlier, with change and share."""
    if against not in MONTHS_BACK:
        raise BadRequest(f"{against!r} is no comparison", fix=f"Use one of {', '.join(MONTHS_BACK)}")
    who = [desk.borrower(id) for id in dict.fromkeys(borrowers)]
    ids = list(dict.fromkeys(metric_id(desk, name) for name in names))
    if not who or not ids:
        raise BadRequest("a borrower and a figure must be named", fix="Use find_borrower, then name a metric")
    made: list[Answer] = []
    values: list[Value] = []
    for borrower in who:
        for name in ids:
            for asked in look_up(desk, borrower.id, [name], periods, basis, scope):
                earlier = before(desk, asked, against, basis, scope)
                made += [earlier, asked.answer] if earlier is not None else [asked.answer]
                values += change(earlier, asked.answer, name) if earlier is not None else []
        if any(known(a) is None for a in made if a.borrower == borrower.id):
            values += available(desk, borrower.id, scope)
    unique = list({a.id: a for a in made}.values())
    arguments = {
        "borrowers": [b.id for b in who],
        "names": ids,
        "periods": list(periods),
        "against": against,
        "basis": basis,
        "scope": scope,
    }
    missing = tuple(f"{b.id}: no statements" for b in who if not desk.book(b.id).period_ends(scope))
    artifact = Artifact(
        "changes", arguments, tuple(desk.ref(b) for b in who), tuple(a for a in unique if isinstance(a, Figure)),
        tuple(a for a in unique if isinstance(a, Fact)), (), tuple({v.id: v for v in values}.values()), missing=missing,
    )  # fmt: skip
    lines = [f"{a.borrower} {end_of(a)}: {_plain(known(a))} {mark(a.id)}" for a in unique]
    lines += [
        f"{v.name} of {v.about} {v.since} to {v.when}: {_plain(v.value)} {v.unit} ({v.direction}) {mark(v.id)}" for v in values
    ]
    return ToolResult("\n".join([*lines, *missing]), artifact)


def before(desk: Desk, asked: Asked, against: Against, basis: Basis | None, scope: Scope) -> Answer | None:
    """The comparable value a year or a quarter earlier; None when there is none."""
    answer = asked.answer
    if known(answer) is None:
        return None
    back = desk.book(asked.borrower).months_before(end_of(answer), MONTHS_BACK[against])
    length = answer.period.months if isinstance(answer, Fact) and answer.period.months else asked.target.months
    same = answer.basis if isinstance(answer, Figure) and answer.basis not in ("point",) else basis
    earlier = value_at(desk, asked.borrower, asked.name, Target(back, length), same, scope)
    scaled = isinstance(earlier, Figure) and isinstance(answer, Figure) and earlier.basis == "annualised" != answer.basis
    if (known(earlier) is None or scaled) and against == "year_before":
        return year_end_before(desk, answer, asked.name, scope)
    return earlier if known(earlier) is not None else None


def year_end_before(desk: Desk, answer: Answer, name: str, scope: Scope) -> Answer | None:
    """At the last year end before: a balance, or the year itself beside twelve rolling months. Interim statements print the year end as
    their opening column, so a year ago is often not on file where the year end is. None for what only compares with equal months."""
    if months_of(answer) not in (0, 12):
        return None
    end = desk.book(answer.borrower).last_year_end(end_of(answer))
    if end is None or end >= end_of(answer):
        return None
    basis: Basis | None = "fy" if isinstance(answer, Figure) and answer.basis in ("fy", "ltm") else None
    found = value_at(desk, answer.borrower, name, Target(end, months_of(answer) or None), basis, scope)
    return found if change(found, answer, name) else None


def _plain(value: Decimal | None) -> str:
    return "none" if value is None else plain(value)
