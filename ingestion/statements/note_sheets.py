"""Depreciation that stands on a sheet of its own: small companies print no supplement to their cash flow statement.

Such a sheet repeats no figure of the face, so nothing ties it to the statements; it is taken only where the sheet itself says all
of it: a period over every column that the income statement also has, and the unit. Its facts are never quite sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ingestion.statements.facts import Origin, fact_id
from ingestion.statements.notes import LIKELY, note_rows
from ingestion.statements.numbers import read_number
from ingestion.statements.periods import read_hint
from ingestion.statements.units import read_unit
from ingestion.statements.vocabulary import compact
from tools.domain.facts import Fact, Source

if TYPE_CHECKING:
    from ingestion.statements.grid import Grid, GridCell

TIED_TO = "net_profit"
"""The face item whose periods (and note rows) are looked for."""


def sheet_facts(grids: Sequence[Grid], facts: Sequence[Fact], origin: Origin) -> list[Fact]:
    """Facts of sheets without a tie to the face that `facts` (read from face and notes) do not hold."""
    held = {(f.item, f.period, f.scope) for f in facts}
    likes = {(f.period.end.year, f.period.months): f for f in facts if f.item == TIED_TO and f.scope == "consolidated"}
    found: dict[tuple[object, ...], Fact] = {}
    for grid in grids:
        for fact in _of_sheet(grid, likes, origin):
            if (fact.item, fact.period, fact.scope) not in held:
                found.setdefault((fact.item, fact.period, fact.scope), fact)
    return list(found.values())


def _of_sheet(grid: Grid, likes: Mapping[tuple[int, int], Fact], origin: Origin) -> Iterator[Fact]:
    entries = [entry for entry in note_rows() if entry.anchor == TIED_TO]
    said = list(grid.above)
    columns: dict[int, Fact] = {}
    factor: Decimal | None = None
    for row in grid.rows:
        label = next((cell for cell in row if cell is not None), None)
        if label is None:
            continue
        if not columns:
            columns = _periods(row, likes)
            said += [cell.text for cell in row if cell is not None]
            factor = next((unit.factor for unit in map(read_unit, reversed(said)) if unit.factor is not None), None)
            continue
        entry = next((e for e in entries if any(compact(label.text).startswith(words) for words in e.rows)), None)
        if entry is None or factor is None:
            continue
        for index, like in columns.items():
            cell = row[index] if index < len(row) else None
            number = read_number(cell.text) if cell is not None else None
            if cell is not None and number is not None and not number.nil:
                yield _fact(entry.item, number.value, factor, cell, label, like, origin)


def _periods(row: Sequence[GridCell | None], likes: Mapping[tuple[int, int], Fact]) -> dict[int, Fact]:
    """Which columns a header row gives a period that the income statement has too; empty when it gives any column another one."""
    columns: dict[int, Fact] = {}
    for index, cell in enumerate(row):
        hint = read_hint(cell.text) if cell is not None else None
        if hint is None or hint.year is None:
            continue
        like = likes.get((hint.year, hint.months or 0))
        if like is None or (hint.full is not None and hint.full != like.period.end):
            return {}
        columns[index] = like
    return columns


def _fact(item: str, value: Decimal, factor: Decimal, cell: GridCell, label: GridCell, like: Fact, origin: Origin) -> Fact:
    return Fact(
        id=fact_id(origin.sha256, item, like.period, like.scope, None, None, cell.locator),
        item=item,
        value=value * factor + 0,
        currency=like.currency,
        period=like.period,
        scope=like.scope,
        assurance=like.assurance,
        statement="notes",
        borrower="",
        source=Source(origin.name, origin.sha256, None, None, None, cell.locator),
        label=label.text,
        raw=cell.text,
        scale=factor,
        confidence=LIKELY,
        flags=("from_notes", "untied"),
    )
