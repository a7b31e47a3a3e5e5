"""What each column of a statement is: period, scope, currency and scale, and which columns are not facts at all.

Columns left out are parts of another column (before exceptional items), translations for convenience, and columns that
several readings fit; the last are reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ingestion.extraction import Message
from ingestion.statements.calendar import Calendar, give_periods
from ingestion.statements.model import Column, Row, Statement
from ingestion.statements.units import Unit, column_unit, read_unit, says_dollars, statement_unit, symbols
from ingestion.statements.vocabulary import compact, words

SUB_COLUMN_SHARE = 0.12
"""Two columns that share fewer rows than this hold detail and totals of one period (inner and outer column)."""


@dataclass(slots=True)
class Frame:
    """What the document says for all its statements. `fixed`: a unit given from outside, which wins over the page. `pictures`: pages, from 1,
    that were read from their pictures, where a unit may stand and not have been made out."""

    calendar: Calendar
    chinese: bool
    unit: Unit = field(default_factory=Unit)
    fixed: Unit = field(default_factory=Unit)
    dollars: str | None = None
    assurance: str = "unknown"
    standard: str | None = None
    pictures: frozenset[int] = frozenset()


def frame_statement(statement: Statement, frame: Frame, messages: list[Message]) -> None:
    """Fills period, scope, currency and factor of the columns and drops those that are no facts of their own."""
    give_periods(statement, frame.calendar)
    _scopes(statement)
    _units(statement, frame)
    _other_currencies(statement)
    _duplicates(statement, messages)
    page = statement.pages[0] if statement.pages else None
    for column in statement.columns:
        if (
            column.kind == "value"
            and not column.part
            and not column.convenience
            and column.period is None
            and _filled(statement, column)
        ):
            head = " ".join(column.header) or "without a header"
            text = f"{statement.kind}: the period of column {column.index + 1} ({head[:60]}) is not stated, so its amounts are not used"
            messages.append(Message("warning", page, text))


def usable(statement: Statement) -> list[Column]:
    """Columns whose amounts become facts."""
    return [c for c in statement.columns if c.kind == "value" and c.period and not c.part and not c.convenience]


def _filled(statement: Statement, column: Column) -> bool:
    return sum(1 for r in statement.rows if column.index in r.cells) >= 3


def _scopes(statement: Statement) -> None:
    patterns = words().scopes
    said: dict[int, str] = {}
    for column in statement.columns:
        text = [compact(t) for t in column.header]
        if any(patterns["parent"].search(t) and not patterns["consolidated"].search(t) for t in text):
            said[column.index] = "parent"
        elif any(patterns["consolidated"].search(t) for t in text):
            said[column.index] = "consolidated"
    both = len(set(said.values())) == 2
    for column in statement.columns:
        column.scope = said.get(column.index) if both or (statement.scope is None and said) else None


def _units(statement: Statement, frame: Frame) -> None:
    own = statement_unit(statement)
    marks = symbols(statement)
    currency = _by_symbol(marks, frame) or (frame.dollars if says_dollars(statement) else None)
    for column in statement.columns:
        if column.kind != "value":
            continue
        said = column_unit(column)
        if said.factor == 1 and own.factor not in (None, Decimal(1)):
            said = Unit(own.factor, said.currency)
        unit = frame.fixed.over(said.over(own).over(Unit(None, currency)).over(frame.unit))
        column.factor, column.currency = unit.factor, unit.currency


def _by_symbol(marks: Counter[str], frame: Frame) -> str | None:
    if not marks:
        return None
    mark = marks.most_common(1)[0][0]
    if mark == "$":
        return frame.dollars
    if mark == "¥":
        return "CNY" if frame.chinese else None
    return read_unit(mark).currency


def _other_currencies(statement: Statement) -> None:
    """With columns in two currencies the one with more columns is reported; the other is a translation for convenience."""
    counts = Counter(c.currency for c in statement.columns if c.kind == "value" and c.currency)
    if len(counts) < 2:
        return
    (main, most), (_, next_most) = counts.most_common(2)
    if most == next_most:
        return
    for column in statement.columns:
        if column.kind == "value" and column.currency not in (None, main):
            column.convenience = True


def _duplicates(statement: Statement, messages: list[Message]) -> None:
    groups: dict[tuple[date, int, str | None], list[Column]] = {}
    for column in usable(statement):
        assert column.period is not None
        groups.setdefault((column.period.end, column.period.months, column.scope), []).append(column)
    for (end, _, _), columns in groups.items():
        if len(columns) < 2:
            continue
        if _sub_columns(statement, columns):
            _fold(statement, columns)
            continue
        keep = _whole(statement, columns)
        for column in columns:
            column.part = column is not keep
        if keep is None:
            page = statement.pages[0] if statement.pages else None
            text = f"{statement.kind}: {len(columns)} columns end on {end} and none is marked as the total, so none is used"
            messages.append(Message("warning", page, text))


def _sub_columns(statement: Statement, columns: Sequence[Column]) -> bool:
    indexes = {c.index for c in columns}
    shared = sum(1 for r in statement.rows if len(indexes & set(r.cells)) > 1)
    rows = sum(1 for r in statement.rows if indexes & set(r.cells))
    return shared <= SUB_COLUMN_SHARE * rows


def _fold(statement: Statement, columns: Sequence[Column]) -> None:
    """Inner and outer column of one period become one. Where a row has both, the outer amount is the total of the rows so far."""
    first, *others = columns
    for column in others:
        column.part = True
    for table in statement.tables:
        rows: list[Row] = []
        for row in table.rows:
            found = [row.cells.pop(c.index) for c in columns if c.index in row.cells]
            rows.append(row)
            if found:
                row.cells[first.index] = found[0]
            for cell in found[1:]:
                rows.append(Row("", None, {first.index: cell}, row.page, row.indent))
        table.rows = rows


def _whole(statement: Statement, columns: Sequence[Column]) -> Column | None:
    """The column that is the whole: restated, headed total, or the sum of the others."""
    restated = [c for c in columns if c.restated]
    if len(restated) == 1:
        return restated[0]
    vocabulary = words()
    totals = [c for c in columns if any(vocabulary.total_column.search(compact(t)) for t in c.header)]
    if len(totals) == 1:
        return totals[0]
    for candidate in (columns[-1], columns[0]):
        if _sums_others(statement, candidate, [c for c in columns if c is not candidate]):
            return candidate
    plain = [c for c in columns if not any(vocabulary.part_column.search(compact(t)) for t in c.header)]
    return plain[0] if len(plain) == 1 else None


def _sums_others(statement: Statement, whole: Column, others: Sequence[Column]) -> bool:
    good = bad = 0
    for row in statement.rows:
        cells = row.cells
        if whole.index not in cells or not any(c.index in cells for c in others):
            continue
        parts = sum((cells[c.index].number.value for c in others if c.index in cells), Decimal(0))
        if abs(parts - cells[whole.index].number.value) <= 1:
            good += cells[whole.index].number.value != 0
        else:
            bad += 1
    return good >= 3 and bad <= 0.2 * good
