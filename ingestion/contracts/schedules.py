"""Schedules of covenant levels: a column of limits for each measure and a row for each period, or the reverse.

The measure stands in the head of a column ("Net Debt / EBITDA not above", 「资产负债率上限」) or of a row, the days in the other. A table of
what the figures were, or of margins, has the same shape and is none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from ingestion.contracts.comparisons import comparisons
from ingestion.contracts.duties import HEADED, NOT_A_TEST, OBLIGED, PRICED
from ingestion.contracts.listings import ROW_LEAST, ROW_MOST
from ingestion.contracts.measures import defined, pair_in
from ingestion.contracts.steps import AFTER, Step, row_step, whens
from ingestion.contracts.thresholds import bare, limits
from ingestion.contracts.units import Unit
from ingestion.contracts.vocabulary import Metric, Vocabulary
from ingestion.quantities import Quantity

FIGURES = re.compile(r"实际|历史|审计数|报表数|\bactual\b|\bhistorical?\b|\baudited figures?\b|\bforecast\b|预测", re.I)
SPACING = {3: "quarterly", 6: "semi_annually", 12: "annually"}


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One measure of a schedule: the words that head it and its periods, how it is bounded, its limits, and how far its days lie apart."""

    head: str
    period: str
    metric: Metric
    definition: str
    operator: str
    steps: list[Step]
    frequency: str | None


def scheduled(unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Scheduled]:
    """Every measure whose limits stand in the unit's table."""
    grid = [row.cells for row in unit.rows if len(row.cells) > 1]
    header = next((row.header for row in unit.rows if row.header), "")
    heads = tuple(cell.strip() for cell in header.split("|")) if header else (grid[0] if grid else ())
    body = [cells for cells in grid if tuple(cell.strip() for cell in cells) != heads]
    said = f"{' '.join(heads)} {unit.clause.title} {unit.text}"
    labels = " ".join((*heads, *(cells[0] for cells in body)))
    if not body or NOT_A_TEST.search(said) or PRICED.search(said) or FIGURES.search(f"{said} {labels}"):
        return []
    if not (OBLIGED.search(said) or HEADED.search(said) or comparisons(labels)):
        return []
    columns = _named(heads, vocabulary, definitions)
    if columns:
        labelled = [(_label(cells, columns), cells) for cells in body]
        heading = _label(heads, columns)
        return _all(
            columns, heading, lambda at: [(label, cells[at]) for label, cells in labelled if at < len(cells)], vocabulary
        )
    periods = [at for at, head in enumerate(heads) if whens(head) or AFTER.search(head)]
    if len(periods) < 2:
        return []
    rows = [(cells, _named(cells[: periods[0]], vocabulary, definitions)) for cells in body]
    out: list[Scheduled] = []
    for cells, named in rows:
        pairs = [(heads[at], cells[at]) for at in periods if at < len(cells)]
        out += _all(named, "", partial(_same, pairs), vocabulary)
    return out


def _same(pairs: list[tuple[str, str]], _: int) -> list[tuple[str, str]]:
    return pairs


def _label(cells: Sequence[str], columns: dict[int, tuple[str, Metric, str]]) -> str:
    return " | ".join(cell for at, cell in enumerate(cells) if at not in columns and cell)


def _named(cells: Sequence[str], vocabulary: Vocabulary, definitions: dict[str, str]) -> dict[int, tuple[str, Metric, str]]:
    """Place, words, measure and its definition of every cell that names one."""
    out: dict[int, tuple[str, Metric, str]] = {}
    for at, cell in enumerate(cells):
        pair = pair_in(f"{cell} ", vocabulary)
        named = vocabulary.metric_at(cell)
        if pair is not None and (not named or named[-1][2].unit == "money"):
            out[at] = cell, pair[0], pair[2]
        elif named:
            start, end, metric = named[-1]
            found, definition = defined(metric, cell[start:end], vocabulary, definitions)
            out[at] = cell, found, definition
    return out


def _all(
    columns: dict[int, tuple[str, Metric, str]], period: str, cells_of: Callable[[int], list[tuple[str, str]]], vocabulary: Vocabulary
) -> list[Scheduled]:  # fmt: skip
    out: list[Scheduled] = []
    for at, (head, metric, definition) in columns.items():
        operator = _way(head, metric, vocabulary)
        steps = _steps(cells_of(at), metric.unit)
        if operator and vocabulary.bounds(metric.id, operator) and steps:
            out.append(Scheduled(head, period, metric, definition, operator, steps, _apart(steps)))
    return out


def _way(head: str, metric: Metric, vocabulary: Vocabulary) -> str | None:
    bounds = comparisons(head)
    if bounds:
        return bounds[0].operator
    most, least = bool(ROW_MOST.search(head)), bool(ROW_LEAST.search(head))
    return ("<=" if most else ">=") if most != least else vocabulary.directions.get(metric.id)


def _steps(cells: Sequence[tuple[str, str]], unit: str) -> list[Step]:
    """A step for each period that has a limit; none when a row has a limit and no period."""
    steps: list[Step] = []
    for label, cell in cells:
        value = _limit(cell, unit)
        when = whens(label)
        if value is None:
            continue
        if not when and not AFTER.search(label):
            return []
        step = row_step(value.value, label, when, steps)
        steps.append(step if steps or step.since != step.until or step.since is None else replace(step))
    return steps


def _limit(cell: str, unit: str) -> Quantity | None:
    found = limits(cell, unit) or [q for q in limits(cell, "x" if unit == "ratio" else unit) or bare(cell, unit)]
    return found[-1] if found else None


def _apart(steps: Sequence[Step]) -> str | None:
    """How often, where the rows are single days at equal distances."""
    days = [step.since for step in steps if step.since is not None and step.since == step.until]
    if len(days) < 2:
        return None
    gaps = {_months(later) - _months(earlier) for earlier, later in itertools.pairwise(days)}
    return SPACING.get(gaps.pop()) if len(gaps) == 1 else None


def _months(day: date) -> int:
    return day.year * 12 + day.month
