"""One set of statements to be typeset, and what was printed where.

`Printed` rows are the truth file: the value in currency units, its printed form, page and box. A reader that disagrees is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from eval.sample_bank.ledger import Amounts, Ledger
from eval.sample_bank.papers.cas_lines import Line
from eval.sample_bank.papers.sheet import Box

Period = tuple[date, int]
"""End and months; 0 months is a balance."""

Show = Callable[[Decimal], str]
"""Currency units to the printed form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who a paper is about and who signs it. `short` is what people in the bank call it."""

    id: str
    name: str
    name_en: str
    short: str
    registration: str
    address: str
    address_en: str = ""
    legal_representative: str = ""
    finance_head: str = ""
    accountant: str = ""
    signatory_en: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure on paper. `page` is None for sheets, where `locator` is like "资产负债表!C7"."""

    item: str
    end: date
    months: int
    value: Decimal
    scope: str
    statement: str
    label: str
    raw: str
    page: int | None
    box: Box | None
    locator: str | None = None


@dataclass(slots=True, kw_only=True)
class Note:
    """A note to the accounts: prose, or a table of labelled amounts that may feed memo items."""

    title: str
    text: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, tuple[int | None, ...]], ...] = ()
    """(label, canonical item or "", one amount per column in ledger units)."""
    columns: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(slots=True, kw_only=True)
class Report:
    """`ledgers` by scope in printing order. The first balance and flow column is the reported period."""

    company: Company
    title: str
    ledgers: Mapping[str, Ledger]
    balances: tuple[date, ...]
    flows: tuple[Period, ...]
    denomination: str
    made_on: date
    auditor: str = ""
    opinion: str = ""
    restated: frozenset[str] = frozenset()
    """Scopes whose opening balances and comparatives were restated."""
    notes: list[Note] = field(default_factory=list)
    numbered: Mapping[str, str] = field(default_factory=dict)
    """Canonical item to the number of its note."""
    printed: list[Printed] = field(default_factory=list)

    @property
    def end(self) -> date:
        """The reported date."""
        return self.balances[0]

    @property
    def group(self) -> bool:
        """True when its statements are consolidated and say so."""
        first = next(iter(self.ledgers.values()))
        return len(self.ledgers) > 1 or bool(first.balances[self.end].get("minority_interest"))

    def amounts(self, scope: str, period: Period) -> Amounts:
        """Everything the books say for a column."""
        ledger = self.ledgers[scope]
        end, months = period
        if not months:
            return ledger.balances[end]
        flow = ledger.flows[end, months]
        return {**flow, "x_continuing": flow["net_profit"]}

    def money(self, line: Line, scope: str, period: Period, show: Show) -> tuple[str, Decimal | None]:
        """Printed form and stored value (currency units) of a cell; a blank cell has no value."""
        units = self.amounts(scope, period).get(line.item) if line.item else None
        if not units:
            return "", None
        value = units * self.ledgers[scope].unit
        return show(line.sign * value), value

    def recorder(
        self, line: Line, scope: str, period: Period, value: Decimal | None, raw: str, statement: str
    ) -> Callable[[int, Box], None] | None:
        """What a cell calls once it is printed; None for cells without a canonical item."""
        if value is None or not line.item or line.item.startswith("x_"):
            return None

        def seen(page: int, box: Box) -> None:
            self.printed.append(Printed(line.item, *period, value, scope, statement, line.label, raw, page, box))

        return seen

    def record_cell(
        self, line: Line, scope: str, period: Period, value: Decimal | None, raw: str, statement: str, locator: str
    ) -> None:
        """The same for a sheet cell, which has a locator and no page."""
        if value is not None and line.item and not line.item.startswith("x_"):
            self.printed.append(Printed(line.item, *period, value, scope, statement, line.label, raw, None, None, locator))


SCALES = {
    "元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "RMB'000": Decimal(1000), "US$'000": Decimal(1000),
}  # fmt: skip


def plain_money(denomination: str, places: int, brackets: bool = False) -> Show:
    """A formatter of currency units: `1,234.56`, negative as -1 or (1)."""
    scale = SCALES[denomination]

    def show(value: Decimal) -> str:
        text = f"{abs(value) / scale:,.{places}f}"
        if value >= 0:
            return text
        return f"({text})" if brackets else f"-{text}"

    return show


def chinese_date(day: date) -> str:
    """2025年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_period(period: Period) -> str:
    """2025年度, 2026年1-6月, 2026年7-9月."""
    end, months = period
    if months == 12:
        return f"{end.year}年度"
    return f"{end.year}年{end.month - months + 1}-{end.month}月"
