"""From hints to periods: which dates the columns of one statement stand for.

A column rarely says everything: the year stands over it, the day in the title, the length in "Year Ended". What is missing
is taken from the title, then from the other statements of the document, never from the order of the columns alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ingestion.statements.model import Column, ColumnPeriod, Statement
from ingestion.statements.periods import TO_DATE, Hint, days_in_order, read_hint
from tools.domain.periods import add_months, month_end

YEAR, QUARTER = 12, 3


@dataclass(slots=True)
class Calendar:
    """What the whole document says about time. `report`: the hint of its title; `mentions` counts its full dates, which is
    asked for only when a year has no date of its own."""

    report: Hint = field(default_factory=Hint)
    chinese: bool = False
    balance_dates: list[date] = field(default_factory=list)
    mentions: Callable[[], Counter[date]] = Counter
    _mentioned: Counter[date] | None = None

    @property
    def mentioned(self) -> Counter[date]:
        """Full dates of the document and how often it names them."""
        if self._mentioned is None:
            self._mentioned = self.mentions()
        return self._mentioned

    @property
    def end(self) -> date | None:
        """The date the document reports to."""
        return self.report.full or (max(self.balance_dates) if self.balance_dates else None)


def give_periods(statement: Statement, calendar: Calendar) -> None:
    """Fills `period` of every value column that the page lets one date."""
    stub = read_hint(_stub(statement))
    columns = [c for c in statement.columns if c.kind == "value"]
    hints = [read_hint(" ".join(c.header)) for c in columns]
    for column, hint in zip(columns, hints, strict=True):
        column.restated = hint.restated
    if statement.kind == "balance_sheet":
        for column, hint in zip(columns, hints, strict=True):
            column.period = _balance(hint, stub, hints, calendar)
    else:
        _flows(columns, hints, stub, calendar)


def _stub(statement: Statement) -> str:
    """The words over the statement. A line that names several days says nothing of any one column."""
    table = next((t for t in statement.tables if t.columns), statement.tables[0])
    lines = [
        statement.tables[0].title_text,
        *statement.tables[0].above,
        *(table.above if table is not statement.tables[0] else []),
        # the day of a form is printed over its middle, which may fall to the side with the liabilities
        *(line for other in statement.tables if other.beside and other is not table for line in other.above),
    ]
    return " ".join(line for line in lines if len(set(days_in_order(line))) < 2)


def _balance(hint: Hint, stub: Hint, every: Sequence[Hint], calendar: Calendar) -> ColumnPeriod | None:
    if hint.year is None and hint.relative:
        end = stub.full or calendar.end
        if end is None:
            return None
        if hint.relative == "current":
            return ColumnPeriod(end, 0, sure=stub.full is not None)
        return ColumnPeriod(
            date(end.year - 1, 12, 31) if calendar.chinese else _year_before(end), 0, sure=stub.full is not None
        )
    filled = hint.over(replace(stub, months=None, year=stub.year if len(every) == 1 else None, relative=None))
    if filled.year and filled.month is None:
        known = [d for d in calendar.balance_dates if d.year == filled.year]
        model = calendar.report if calendar.report.month else None
        if known:
            return ColumnPeriod(known[0], 0)
        if model is None:
            return None
        filled = replace(filled, month=model.month, day=model.day)
    end = filled.full
    if end is None:
        return None
    if (end.month, end.day) == (1, 1) and (calendar.chinese or any((h.month, h.day) == (12, 31) for h in (*every, stub))):
        end = date(end.year - 1, 12, 31)
    return ColumnPeriod(end, 0)


def _year_before(end: date) -> date:
    earlier = add_months(end, -YEAR)
    return month_end(earlier) if end == month_end(end) else earlier


def _flows(columns: Sequence[Column], hints: Sequence[Hint], stub: Hint, calendar: Calendar) -> None:
    months = next((h.months for h in (stub, calendar.report) if h.months and h.months != TO_DATE), None)
    if months is None and any(h.months == TO_DATE for h in (*hints, stub)):
        months = TO_DATE
    by_order = _by_order(hints, stub, calendar)
    lengths = _lengths(columns, hints, stub)
    for index, (column, hint) in enumerate(zip(columns, hints, strict=True)):
        length = lengths[index] or months
        end: date | None
        sure = True
        if hint.year is None and hint.relative:
            base = stub.full or calendar.end
            end = base if base is None or hint.relative == "current" else _year_before(base)
            sure = stub.full is not None or calendar.report.full is not None
        else:
            filled = hint.over(replace(stub, year=stub.year if len(columns) == 1 else None, relative=None))
            if filled.year and filled.month is None:
                end, sure = by_order.get(index), index in by_order
                if end is None and calendar.report.month:
                    end = replace(filled, month=calendar.report.month, day=calendar.report.day).full
                    sure = calendar.report.full is not None
            else:
                end = filled.full
        if length is None and end is not None and calendar.report.months is None and _yearly(hints, end, calendar):
            length, sure = YEAR, False
        if length == TO_DATE:
            # beside a quarter or a month in the title, "since the year began" is longer than the title says
            length = months if months not in (None, TO_DATE, 1, 3) else end.month if end else None
        if end is not None and length:
            column.period = ColumnPeriod(end, length, _start(end, length, hint, stub), sure)
    _starts_from_neighbours(columns)


def _lengths(columns: Sequence[Column], hints: Sequence[Hint], stub: Hint) -> list[int | None]:
    """Lengths the headers state, among them those that follow from their neighbours: 本报告期 beside 年初至报告期末 is the quarter,
    本期 beside 本年累计 in the statement of a month is the month, 上年同期 is as long as the column it stands beside."""
    lengths = [hint.months for hint in hints]
    if TO_DATE not in lengths:
        return lengths
    for index, (column, hint) in enumerate(zip(columns, hints, strict=True)):
        if lengths[index] is not None or hint.year is not None:
            continue
        if hint.relative == "current":
            quarter = any("报告期" in text or "季" in text for text in column.header)
            month = stub.months is None and stub.month is not None and stub.day is None
            lengths[index] = QUARTER if quarter else 1 if month else None
        elif hint.relative == "prior":
            beside = next((i for i in range(index - 1, -1, -1) if hints[i].relative == "current"), None)
            lengths[index] = lengths[beside] if beside is not None else None
    return lengths


def _yearly(hints: Sequence[Hint], end: date, calendar: Calendar) -> bool:
    """A flow without a stated length is a year when its columns are bare years and its end is the balance date."""
    return all(h.year and h.months is None for h in hints) and (end in calendar.balance_dates or not calendar.balance_dates)


def _by_order(hints: Sequence[Hint], stub: Hint, calendar: Calendar) -> dict[int, date]:
    """Fiscal years named only by their number: newest column = newest balance date, older ones a year back each, as true
    dates (a 52/53-week year named 2021 may end on 29 January 2022)."""
    if stub.month is not None or any(h.month for h in hints) or not calendar.balance_dates:
        return {}
    years = sorted({h.year for h in hints if h.year}, reverse=True)
    newest = max(calendar.balance_dates)
    if not years or not 0 <= newest.year - years[0] <= 1:
        return {}
    ends = [newest]
    for _ in years[1:]:
        ends.append(_previous_end(ends[-1], calendar))
    by_year = dict(zip(years, ends, strict=True))
    return {i: by_year[h.year] for i, h in enumerate(hints) if h.year}


def _previous_end(end: date, calendar: Calendar) -> date:
    """The year end before `end`: a balance date or the most often mentioned date 52 or 53 weeks earlier, else the calendar date."""
    if end == month_end(end) and all(day == month_end(day) for day in calendar.balance_dates):
        return _year_before(end)
    window = [end - timedelta(days=days) for days in (364, 371, 365, 366)]
    for day in window:
        if day in calendar.balance_dates:
            return day
    known = [d for d in window if calendar.mentioned[d]]
    if known:
        return max(known, key=lambda d: calendar.mentioned[d])
    return _year_before(end)


def _start(end: date, months: int, hint: Hint, stub: Hint) -> date | None:
    if hint.start or stub.start:
        return hint.start or stub.start
    weeks = hint.weeks or stub.weeks
    if weeks and end != month_end(end):
        return end - timedelta(days=7 * weeks - 1)
    if end == month_end(end):
        return month_end(add_months(end, -months)) + timedelta(days=1)
    return None


def _starts_from_neighbours(columns: Sequence[Column]) -> None:
    """A 52/53-week year starts the day after the year before it ends, also when it happens to end with its month."""
    ends = {c.period.end for c in columns if c.period and c.period.months == YEAR}
    for column in columns:
        if column.period and column.period.months == YEAR:
            before = [e for e in ends if 357 <= (column.period.end - e).days <= 378]
            if before and (column.period.start is None or before[0] != month_end(before[0])):
                column.period.start = before[0] + timedelta(days=1)
