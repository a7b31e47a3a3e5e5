"""Measures over a window: flows for a year, the last twelve months, the year to date or a quarter; balances at its ends.

A window is an end date and a basis. Rolling years are built line by line and shown as figures of their own, so that each of
the three statements behind "last twelve months" opens to its page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from tools.domain import arithmetic
from tools.domain.building import Builder
from tools.domain.definitions import PERIOD_DAYS, Rulebook
from tools.domain.factbook import YEAR, FactBook
from tools.domain.facts import Scope
from tools.domain.figures import Basis
from tools.domain.interpreter import Environment, numbers
from tools.domain.lines import Lines
from tools.domain.outcomes import Outcome, merged, missing

ANNUALISED = "annualised"
QUARTER = 3
YEARLY: frozenset[str] = frozenset({"fy", "ltm", "annualised", "point"})


@dataclass(frozen=True, slots=True)
class Window:
    """`end` and how long the flows are; `point` for balances only."""

    end: date
    basis: Basis


class Defined(Protocol):
    """Whoever computes ratios and building blocks."""

    def defined(self, name: str, window: Window) -> Outcome:
        """The definition `name` over `window`."""
        ...


class Measures:
    """Line items and parameters of one borrower over any window."""

    def __init__(self, rulebook: Rulebook, book: FactBook, scope: Scope) -> None:
        self.rulebook, self.book, self.scope = rulebook, book, scope
        self.builder = Builder(book.borrower, scope)
        self.lines = Lines(rulebook, book, scope)

    def item(self, name: str, window: Window) -> Outcome:
        """A line item: a balance at the window's end, or a flow over it."""
        end = window.end
        if self.rulebook.items[name].stock:
            return self.lines.resolve(name, end, 0)
        match window.basis:
            case "ltm":
                return self._year(name, end) if self.book.is_fiscal_year_end(end) else self._rolling(name, end)
            case "annualised":
                return self._annualised(name, end)
            case "ytd":
                return self.lines.resolve(name, end, self.months_to_date(end))
            case "quarter":
                return self._quarter(name, end)
            case _:
                return self._year(name, end)

    def parameter(self, name: str, window: Window, currencies: frozenset[str]) -> Outcome:
        """A named number of the rulebook, by the borrower's currency where that matters."""
        found = self.rulebook.parameters[name]
        value = found.value
        if found.by_currency:
            value = found.by_currency.get(next(iter(currencies))) if len(currencies) == 1 else None
        if value is None:
            return missing(name, f"{name} has no value for {' and '.join(sorted(currencies)) or 'an unknown currency'}")
        return self.builder.outcome(
            name, Outcome(value), unit=found.unit, formula=str(value), rule=found.rule, period_end=window.end, basis="point"
        )  # fmt: skip

    def period_days(self, window: Window) -> Outcome:
        """365 for a year of any kind, else the days since the period began."""
        if window.basis in YEARLY:
            return self.parameter("days_in_year", window, frozenset())
        start = self.book.months_before(window.end, self.length(window))
        return self.builder.outcome(
            PERIOD_DAYS, Outcome(Decimal((window.end - start).days)), unit="days", formula=f"{window.end} - {start}",
            rule="period_days@1", period_end=window.end, basis=window.basis,
        )  # fmt: skip

    def length(self, window: Window) -> int:
        """Months between the window's opening and closing balance."""
        if window.basis in YEARLY:
            return YEAR
        return QUARTER if window.basis == "quarter" else self.months_to_date(window.end)

    def months_to_date(self, end: date) -> int:
        """Length of the year-to-date flows ending at `end`."""
        months, lengths = self.book.months_into_year(end), self.book.flow_lengths(end, self.scope)
        if months is not None and (months in lengths or not lengths):
            return months
        return max(lengths, default=YEAR)

    def default_basis(self, end: date) -> Basis:
        """Fiscal year at a fiscal year end, else the last twelve months."""
        return "fy" if self.book.is_fiscal_year_end(end) else "ltm"

    def _year(self, name: str, end: date) -> Outcome:
        """A full year as reported, else its four quarters."""
        year = self.lines.resolve(name, end, YEAR)
        quarters = self._four_quarters(name, end) if year.missing else year
        return (
            year
            if quarters is year or not quarters.known
            else self._spanned(name, quarters, self._added(name, end), end, "ltm")
        )

    def _rolling(self, name: str, end: date) -> Outcome:
        months, before = self.months_to_date(end), self.book.months_before(end, YEAR)
        year_end = self.book.last_year_end(end)
        if year_end is None:
            return missing(name, f"{name}: no full year before {end} is reported")
        full, now, then = (
            self.lines.resolve(name, year_end, YEAR),
            self.lines.resolve(name, end, months),
            self.lines.resolve(name, before, months),
        )
        formula = f"{name}[12m to {year_end}] + {name}[{months}m to {end}] - {name}[{months}m to {before}]"
        total = numbers([full, now, then], lambda v: arithmetic.subtract(arithmetic.add(v[0], v[1]), v[2]))
        if not total.known:
            quarters = self._four_quarters(name, end)
            if quarters.known:
                total, formula = quarters, self._added(name, end)
        return self._spanned(name, total, formula, end, "ltm") if total.known else total

    def _quarter_ends(self, end: date) -> list[date]:
        return [self.book.months_before(end, back) for back in (9, 6, 3)] + [end]

    def _added(self, name: str, end: date) -> str:
        return " + ".join(f"{name}[3m to {day}]" for day in self._quarter_ends(end))

    def _four_quarters(self, name: str, end: date) -> Outcome:
        parts = [self.lines.resolve(name, day, QUARTER) for day in self._quarter_ends(end)]
        return numbers(parts, lambda values: sum(values, Decimal(0)))

    def _annualised(self, name: str, end: date) -> Outcome:
        months = self.months_to_date(end)
        flow = self.lines.resolve(name, end, months)
        if months >= YEAR or not flow.known:
            return flow
        yearly = numbers(
            [flow], lambda v: arithmetic.divide(arithmetic.multiply(v[0], Decimal(YEAR)), Decimal(months))
        )  # fmt: skip
        flagged = merged(yearly.value, [yearly], flag=ANNUALISED)
        return self._spanned(name, flagged, f"{name}[{months}m to {end}] * 12 / {months}", end, "annualised")

    def _quarter(self, name: str, end: date) -> Outcome:
        direct = self.lines.resolve(name, end, QUARTER)
        months = self.months_to_date(end)
        if direct.known or months <= QUARTER:
            return direct
        before = self.book.months_before(end, QUARTER)
        now, then = self.lines.resolve(name, end, months), self.lines.resolve(name, before, months - QUARTER)
        total = numbers([now, then], lambda v: arithmetic.subtract(v[0], v[1]))
        formula = f"{name}[{months}m to {end}] - {name}[{months - QUARTER}m to {before}]"
        return self._spanned(name, total, formula, end, "quarter") if total.known else direct

    def _spanned(self, name: str, outcome: Outcome, formula: str, end: date, basis: Basis) -> Outcome:
        return self.builder.outcome(
            name, outcome, unit="currency", formula=formula, rule=f"{basis}@1", period_end=end, basis=basis
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WindowMeasures:
    """The environment a definition runs in."""

    measures: Measures
    defined: Defined
    window: Window

    def measure(self, name: str) -> Outcome:
        """A line item, parameter or definition over this window."""
        if name in self.measures.rulebook.items:
            return self.measures.item(name, self.window)
        if name == PERIOD_DAYS:
            return self.measures.period_days(self.window)
        if name in self.measures.rulebook.parameters:
            return self.measures.parameter(name, self.window, frozenset(self.measures.book.currencies()))
        return self.defined.defined(name, self.window)

    def prior(self) -> Environment:
        """One year earlier, same basis."""
        before = self.measures.book.months_before(self.window.end, YEAR)
        return WindowMeasures(self.measures, self.defined, Window(before, self.window.basis))

    def opening(self) -> Environment:
        """Balances where the window's flows begin."""
        start = self.measures.book.months_before(self.window.end, self.measures.length(self.window))
        return WindowMeasures(self.measures, self.defined, Window(start, "point"))
