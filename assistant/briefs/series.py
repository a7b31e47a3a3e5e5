"""The key figures of a brief over their periods: up to three fiscal years and the newest period, comparable with one another.

Flows of a part-year are shown as the last twelve months where those can be had, so that a half year never stands beside a year as
if it were one. What cannot be had stays a gap with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.domain.facts import Fact
from tools.domain.figures import Basis, Figure
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.desk import Desk
from tools.toolbox.figures import Answer, change, end_of, value_at
from tools.toolbox.periods import Target, is_year_end

KEY_FIGURES = (
    "revenue", "gross_margin", "net_profit", "net_cash_operating", "ebitda", "debt_to_ebitda", "icr_ebitda", "debt_to_assets", "current_ratio",
    "cash_to_st_debt", "dso",
)  # fmt: skip
YEARS = 3


@dataclass(frozen=True, slots=True)
class Series:
    """One figure: `points` oldest first, each with whether it closes a fiscal year; `latest` and `before` the newest two with a value;
    `moved` the change between them; `lacking` the newest period's answer when it has no value."""

    name: str
    points: tuple[tuple[Answer, bool], ...]
    latest: Answer | None
    before: Answer | None
    moved: tuple[Value, ...]
    lacking: Answer | None = None


def series_of(desk: Desk, borrower: str, names: Sequence[str] = KEY_FIGURES) -> list[Series]:
    """Every name over the borrower's fiscal years and its newest period."""
    ends = [end for end in desk.book(borrower).period_ends() if end <= desk.clocks.as_of]
    if not ends:
        return []
    closing = desk.fiscal_end(borrower)
    years = [end for end in ends if is_year_end(end, *closing)][-YEARS:]
    later = [end for end in ends if not years or end > years[-1]]
    return [_one(desk, borrower, name, years, later) for name in names]


def _one(desk: Desk, borrower: str, name: str, years: Sequence[date], later: Sequence[date]) -> Series:
    """`later`: period ends after the last full year; the newest of them that has the figure stands for the running year."""
    points = [(value_at(desk, borrower, name, Target(end, 12)), True) for end in years]
    running = [value_at(desk, borrower, name, Target(end), _basis(desk, name)) for end in reversed(later)]
    chosen = next((answer for answer in running if answer.value is not None), running[0] if running else None)
    points += [(chosen, False)] if chosen is not None else []
    while len(points) > 1 and points[0][0].value is None:
        points = points[1:]
    known = [answer for answer, _ in points if answer.value is not None]
    latest = known[-1] if known else None
    before = known[-2] if len(known) > 1 else None
    moved = tuple(change(before, latest, name)) if before is not None and latest is not None else ()
    lacking = running[0] if running and running[0].value is None else None
    if lacking is None and points and points[-1][0].value is None:
        lacking = points[-1][0]
    return Series(name, tuple(points), latest, before, moved, lacking)


def _basis(desk: Desk, name: str) -> Basis | None:
    """A flow of a part-year rolls; a balance stands."""
    item = desk.rulebook.items.get(name)
    flow = item is not None and not item.stock and desk.rulebook.definition(name) is None
    return "ltm" if flow else None


def artifact_of(desk: Desk, borrower: str, found: Sequence[Series]) -> Artifact:
    """What the gate and the record read of them."""
    answers: dict[str, Answer] = {answer.id: answer for series in found for answer, _ in series.points}
    answers |= {series.lacking.id: series.lacking for series in found if series.lacking is not None}
    values = {value.id: value for series in found for value in series.moved}
    ends = {end_of(answer) for answer in answers.values()}
    values |= {
        f"period:{borrower}:{end}": Value(f"period:{borrower}:{end}", "period_available", borrower, "date", when=end)
        for end in ends
    }
    return Artifact(
        "key_figures", {"borrower": borrower, "names": [series.name for series in found]}, (desk.ref(desk.borrower(borrower)),),
        tuple(a for a in answers.values() if isinstance(a, Figure)), tuple(a for a in answers.values() if isinstance(a, Fact)),
        values=tuple(values.values()),
    )  # fmt: skip
