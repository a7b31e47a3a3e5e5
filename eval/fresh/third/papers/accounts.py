"""A set of accounts to be printed: which books, which columns, in what money; and the lines Chinese accounts of this bank's borrowers show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eval.sample_bank.ledger import Ledger
from eval.sample_bank.papers.cas_lines import ASSETS, CASH, EQUITY, INCOME, LIABILITIES, SUPPLEMENT, Line
from eval.sample_bank.papers.report import Company, Period

SCALES = {"元": 1, "千元": 1000, "万元": 10000, "US$'000": 1000, "$ thousands": 1000}
_OLD = {
    "应收账款": "应收帐款", "预付款项": "预付账款", "应交税费": "应交税费", "实收资本（或股本）": "实收资本", "固定资产": "固定资产净额",
    "所有者权益（或股东权益）：": "股东权益：", "所有者权益合计": "股东权益合计", "负债和所有者权益总计": "负债和股东权益总计",
    "归属于母公司所有者权益合计": "归属于母公司股东权益合计", "其中：利息费用": "其中:利息支出", "减：营业成本": "减:营业成本",
}  # fmt: skip
_GROUP = {"equity_attributable_to_parent", "minority_interest", "net_profit_to_parent", "minority_profit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """`books` by scope; `points` and `flows` are the columns in printing order; the first point is the date reported on."""

    company: Company
    title: str
    books: Mapping[str, Ledger]
    points: Sequence[date]
    flows: Sequence[Period]
    money: str
    places: int
    made_on: date
    auditor: str = ""
    remark: str = ""

    @property
    def end(self) -> date:
        """The newest date."""
        return max(self.points)

    @property
    def group(self) -> bool:
        """True where there is more than one scope."""
        return len(self.books) > 1

    def amount(self, scope: str, parts: Mapping[str, int], period: Period) -> Decimal | None:
        """Sum of signed items in currency units; None where the books have nothing."""
        ledger = self.books[scope]
        end, months = period
        source = ledger.flows[end, months] if months else ledger.balances[end]
        units = sum(sign * source.get(item, 0) for item, sign in parts.items())
        return units * ledger.unit if units else None

    def scaled(self, value: Decimal) -> Decimal:
        """In the money the accounts are printed in."""
        return value / SCALES[self.money]

    def shown(self, value: Decimal | None, *, brackets: bool = False, none: str = "") -> str:
        """As printed."""
        if value is None:
            return none
        text = f"{abs(self.scaled(value)):,.{self.places}f}"
        return text if value >= 0 else f"({text})" if brackets else f"-{text}"


def chinese_lines(statement: str, accounts: Accounts, *, old: bool = False, group: bool = False) -> list[Line]:
    """Lines of a Chinese statement that have an amount in any column, with totals and headings; `old` takes older captions."""
    forms = {"balance": (*ASSETS, *LIABILITIES, *EQUITY), "income": INCOME, "cash": CASH, "supplement": SUPPLEMENT}
    periods = [(day, 0) for day in accounts.points] if statement == "balance" else list(accounts.flows)
    kept = []
    for line in forms[statement]:
        owners = line.item in _GROUP
        unasked = line.kind == "of" and not owners and line.item not in ("interest_expense", "interest_income")
        if (owners and not group) or unasked or (line.kind == "head" and "分类" in line.label):
            continue
        if line.kind != "head" and not any(
            line.item and accounts.amount(scope, {line.item: 1}, period) for scope in accounts.books for period in periods
        ):
            continue
        kept.append(Line(_OLD.get(line.label, line.label) if old else line.label, line.item, line.kind, line.sign))
    return kept


def column_head(period: Period) -> str:
    """2025年12月31日, 2025年度, 2026年1—6月."""
    end, months = period
    if not months:
        return f"{end.year}年{end.month}月{end.day}日"
    return f"{end.year}年度" if months == 12 else f"{end.year}年{end.month - months + 1}—{end.month}月"
