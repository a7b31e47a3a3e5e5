"""Measures over a window for many borrowers with the same calendar: the twin of `tools.domain.measures` and `evaluation`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.columns.column import KNOWN, MISSING, AnyColumn, Column, absent, added, divided, literal, multiplied, picked
from tools.columns.interpreter import run_defined
from tools.columns.statements import LineColumns, Statements
from tools.domain.definitions import PERIOD_DAYS
from tools.domain.factbook import YEAR
from tools.domain.facts import Scope
from tools.domain.figures import Basis
from tools.domain.measures import QUARTER, YEARLY, Measures, Window


class WindowColumns:
    """Figures of every borrower in `statements`; dates come from the book that stands for them all."""

    def __init__(self, statements: Statements, scope: Scope) -> None:
        self.statements, self.rulebook, self.rows = statements, statements.rulebook, statements.rows
        self._dates = Measures(self.rulebook, statements.book, scope)
        self._lines = LineColumns(statements)
        self._made: dict[tuple[str, Window], AnyColumn] = {}

    def figure(self, name: str, period_end: date, basis: Basis | None = None) -> Column:
        """The metric or line item `name` at `period_end`, with the same choice of basis as for one borrower."""
        point, book = self.rulebook.is_point(name), self.statements.book
        chosen = Window(period_end, "point") if point else Window(period_end, self._basis(period_end, basis))
        made = self._number(name, chosen)
        if chosen.basis != "ltm" or book.is_fiscal_year_end(period_end) or not (made.state == MISSING).any():
            return made
        yearly = self._number(name, Window(period_end, "annualised"))
        better = (made.state == MISSING) & (yearly.state != MISSING)
        doubt = made.doubt | (yearly.doubt & (made.state == MISSING))
        made = picked(better, yearly, made)
        made.doubt = doubt
        return made

    def _basis(self, end: date, basis: Basis | None) -> Basis:
        return basis if basis and basis != "point" else self._dates.default_basis(end)

    def _number(self, name: str, window: Window) -> Column:
        made = self.measure(name, window)
        assert isinstance(made, Column)
        return made

    def measure(self, name: str, window: Window) -> AnyColumn:
        """A line item, parameter or definition over `window`."""
        definition = self.rulebook.definition(name) if name not in self.rulebook.items else None
        if definition is not None and definition.point:
            window = Window(window.end, "point")
        place = (name, window)
        if place not in self._made:
            if name in self.rulebook.items:
                self._made[place] = self._item(name, window)
            elif name == PERIOD_DAYS:
                self._made[place] = self._period_days(window)
            elif definition is None:
                self._made[place] = self._parameter(name)
            else:
                self._made[place] = run_defined(definition, self.statements.standard, _Environment(self, window))
        return self._made[place]

    def before(self, window: Window) -> Window:
        """The same a year earlier."""
        return Window(self.statements.book.months_before(window.end, YEAR), window.basis)

    def opening(self, window: Window) -> Window:
        """Balances where the window's flows begin."""
        return Window(self.statements.book.months_before(window.end, self._dates.length(window)), "point")

    def _parameter(self, name: str) -> Column:
        found, currencies = self.rulebook.parameters[name], self.statements.book.currencies()
        value = found.value
        if found.by_currency:
            value = found.by_currency.get(next(iter(currencies))) if len(currencies) == 1 else None
        return absent(self.rows) if value is None else literal(value, self.rows)

    def _period_days(self, window: Window) -> Column:
        if window.basis in YEARLY:
            return self._parameter("days_in_year")
        start = self.statements.book.months_before(window.end, self._dates.length(window))
        return literal(Decimal((window.end - start).days), self.rows)

    def _item(self, name: str, window: Window) -> Column:
        end = window.end
        if self.rulebook.items[name].stock:
            return self._lines.resolve(name, end, 0)
        match window.basis:
            case "ltm":
                return self._year(name, end) if self.statements.book.is_fiscal_year_end(end) else self._rolling(name, end)
            case "annualised":
                return self._annualised(name, end)
            case "ytd":
                return self._lines.resolve(name, end, self._dates.months_to_date(end))
            case "quarter":
                return self._quarter(name, end)
            case _:
                return self._year(name, end)

    def _year(self, name: str, end: date) -> Column:
        year = self._lines.resolve(name, end, YEAR)
        return self._or_quarters(year, name, end) if (year.state == MISSING).any() else year

    def _rolling(self, name: str, end: date) -> Column:
        book, months = self.statements.book, self._dates.months_to_date(end)
        year_end = book.last_year_end(end)
        if year_end is None:
            return absent(self.rows)
        then = self._lines.resolve(name, book.months_before(end, YEAR), months)
        now = self._lines.resolve(name, end, months)
        total = added(added(self._lines.resolve(name, year_end, YEAR), now), then, -1)
        return self._or_quarters(total, name, end) if (total.state != KNOWN).any() else total

    def _or_quarters(self, made: Column, name: str, end: date) -> Column:
        ends = [self.statements.book.months_before(end, back) for back in (9, 6, 3)] + [end]
        parts = [self._lines.resolve(name, day, QUARTER) for day in ends]
        total = parts[0]
        for part in parts[1:]:
            total = added(total, part)
        doubt = made.doubt | (total.doubt & (made.state != KNOWN))
        made = picked((made.state != KNOWN) & (total.state == KNOWN), total, made)
        made.doubt = doubt
        return made

    def _annualised(self, name: str, end: date) -> Column:
        months = self._dates.months_to_date(end)
        flow = self._lines.resolve(name, end, months)
        if months >= YEAR:
            return flow
        return divided(multiplied(flow, literal(Decimal(YEAR), self.rows)), literal(Decimal(months), self.rows))

    def _quarter(self, name: str, end: date) -> Column:
        direct = self._lines.resolve(name, end, QUARTER)
        months = self._dates.months_to_date(end)
        if months <= QUARTER or (direct.state == KNOWN).all():
            return direct
        then = self._lines.resolve(name, self.statements.book.months_before(end, QUARTER), months - QUARTER)
        total = added(self._lines.resolve(name, end, months), then, -1)
        doubt = direct.doubt | (total.doubt & (direct.state != KNOWN))
        made = picked((direct.state != KNOWN) & (total.state == KNOWN), total, direct)
        made.doubt = doubt
        return made


class _Environment:
    """What a definition sees of a window."""

    def __init__(self, columns: WindowColumns, window: Window) -> None:
        self._columns, self._window = columns, window
        self.rows = columns.rows

    def measure(self, name: str) -> AnyColumn:
        return self._columns.measure(name, self._window)

    def prior(self) -> _Environment:
        return _Environment(self._columns, self._columns.before(self._window))

    def opening(self) -> _Environment:
        return _Environment(self._columns, self._columns.opening(self._window))
