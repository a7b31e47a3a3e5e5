"""A set of accounts to be printed, and its lines: Chinese ones from the official form, in several sorts of captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from eval.sample_bank.ledger import Ledger
from eval.sample_bank.papers.cas_lines import ASSETS, CASH, EQUITY, INCOME, LIABILITIES, SUPPLEMENT
from eval.sample_bank.papers.report import Company, Period

SCALES = {"元": 1, "千元": 1000, "万元": 10000, "RMB'000": 1000, "€ thousand": 1000, "in thousands": 1000}
_GROUP = {"equity_attributable_to_parent", "minority_interest", "net_profit_to_parent", "minority_profit"}
_KEPT_OF = {"interest_expense", "interest_income", "net_profit_to_parent", "minority_profit"}


@dataclass(frozen=True, slots=True)
class Row:
    """`parts`: item to sign, none for a heading; `strong` for totals; `of` for rows that add to nothing."""

    label: str
    parts: Mapping[str, int] = field(default_factory=dict)
    strong: bool = False
    of: bool = False


def of(*names: str, sign: int = 1) -> dict[str, int]:
    """Several items with one sign."""
    return dict.fromkeys(names, sign)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """`books` by scope; `points` and `flows` are the columns in printing order, the reported one first."""

    company: Company
    title: str
    books: Mapping[str, Ledger]
    points: Sequence[date]
    flows: Sequence[Period]
    money: str
    places: int
    made_on: date
    auditor: str = ""
    remarks: Sequence[str] = ()

    @property
    def end(self) -> date:
        """The date reported on."""
        return self.points[0]

    @property
    def scope(self) -> str:
        """The first scope."""
        return next(iter(self.books))

    def columns(self, statement: str) -> list[Period]:
        """Balance dates or periods."""
        return [(day, 0) for day in self.points] if statement == "balance" else list(self.flows)

    def amount(self, scope: str, parts: Mapping[str, int], period: Period) -> Decimal | None:
        """Sum of signed items in currency units; None where there is nothing."""
        ledger = self.books[scope]
        source = ledger.flows[period] if period[1] else ledger.balances[period[0]]
        units = sum(sign * source.get(item, 0) for item, sign in parts.items())
        return units * ledger.unit if units else None

    def scaled(self, value: Decimal) -> Decimal:
        """In the money of the paper."""
        return value / SCALES[self.money]

    def shown(self, value: Decimal | None, *, brackets: bool = False, none: str = "") -> str:
        """As printed."""
        if value is None:
            return none
        text = f"{abs(self.scaled(value)):,.{self.places}f}"
        return text if value >= 0 else f"({text})" if brackets else f"-{text}"

    def row(self, scope: str, row: Row, statement: str, *, brackets: bool = False, none: str = "") -> list[str]:
        """The printed cells of a row."""
        if not row.parts:
            return ["" for _ in self.columns(statement)]
        return [
            self.shown(self.amount(scope, row.parts, period), brackets=brackets, none=none)
            for period in self.columns(statement)
        ]


def chinese_rows(
    accounts: Accounts, statement: str, *, group: bool = False, captions: Mapping[str, str] | None = None
) -> list[Row]:
    """Lines that have an amount in any column, with headings and totals; `captions` replaces some of the form's."""
    forms = {"assets": ASSETS, "claims": (*LIABILITIES, *EQUITY), "balance": (*ASSETS, *LIABILITIES, *EQUITY), "income": INCOME,
             "cash": CASH, "supplement": SUPPLEMENT}  # fmt: skip
    columns = accounts.columns("balance" if statement in ("assets", "claims") else statement)
    rows: list[Row] = []
    for line in forms[statement]:
        if "分类" in line.label or (line.item in _GROUP and not group) or (line.kind == "of" and line.item not in _KEPT_OF):
            continue
        seen = line.item and any(
            accounts.amount(scope, {line.item: 1}, column) for scope in accounts.books for column in columns
        )
        if line.kind != "head" and not seen:
            continue
        label = (captions or {}).get(line.label, line.label)
        rows.append(
            Row(label, {line.item: line.sign} if line.item else {}, line.kind in ("head", "sub", "total"), line.kind == "of")
        )
    return rows
