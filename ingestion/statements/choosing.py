"""Which of several readings of one statement counts: the real one, not the summary, the excerpt or the effect of a new standard.

One statement is taken for each kind and scope. A second one adds only periods the first does not cover (the quarter beside
the nine months), and a separate statement of comprehensive income adds the items it alone holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ingestion.extraction import Message
from ingestion.statements.entries import Entry, kind_of
from ingestion.statements.frames import usable
from ingestion.statements.model import Column, Statement
from ingestion.statements.sections import BALANCE, CASH, INCOME
from tools.domain.facts import Scope

_ESSENTIAL = {
    BALANCE: frozenset(
        {"total_assets", "total_equity", "total_liabilities_and_equity", "total_current_assets", "total_liabilities"}
    ),
    INCOME: frozenset({"revenue", "net_profit", "profit_before_tax", "net_profit_to_parent", "operating_profit"}),
    CASH: frozenset({"net_cash_operating", "cash_ending", "net_change_in_cash", "net_cash_financing"}),
}
_COMPREHENSIVE = frozenset({"other_comprehensive_income", "total_comprehensive_income"})
MIN_ITEMS = 3


@dataclass(slots=True)
class Candidate:
    """A statement with its rows mapped. `unclear`: items two rows claim, with the rows; `scope`: what it is taken as."""

    statement: Statement
    entries: list[Entry]
    unclear: dict[str, list[str]]
    scope: Scope = "consolidated"
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return kind_of(self.statement)

    @property
    def items(self) -> set[str]:
        """Items with amounts in a usable column."""
        columns = {c.index for c in usable(self.statement)} or {c.index for c in self.statement.columns if c.kind == "value"}
        return {e.item.id for e in self.entries if e.item is not None and columns & set(e.row.cells)}

    @property
    def rank(self) -> tuple[bool, bool, int, date, int]:
        """Better first when sorted down: with dated columns, not a summary, most items, newest, earliest page."""
        title = self.statement.title
        columns = usable(self.statement)
        newest = max((c.period.end for c in columns if c.period), default=date.min)
        page = self.statement.pages[0] if self.statement.pages else 0
        return (bool(columns), not (title and title.weak), _steps(len(self.items)), newest, -page)


def _steps(count: int) -> int:
    """Counts of items are compared roughly, so that dates decide between statements of about the same length."""
    return count if count < 8 else 8 + (count - 8) // 6


def choose(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates whose facts count, best first within kind and scope. Columns that must not count are marked as parts."""
    _give_scopes(candidates)
    chosen: list[Candidate] = []
    for kind in (BALANCE, INCOME, CASH):
        for scope in ("consolidated", "parent"):
            group = [c for c in candidates if c.kind == kind and c.scope == scope and _is_statement(c)]
            group.sort(key=lambda c: c.rank, reverse=True)
            if group:
                chosen += _with_seconds(group)
    return chosen


def _is_statement(candidate: Candidate) -> bool:
    items = candidate.items
    if candidate.statement.kind == "comprehensive" and items & _COMPREHENSIVE:
        return True
    return len(items) >= MIN_ITEMS and bool(items & _ESSENTIAL[candidate.kind])


def _with_seconds(group: list[Candidate]) -> list[Candidate]:
    main = group[0]
    taken = [main]
    covered = _periods(usable(main.statement))
    items = main.items
    for other in group[1:]:
        title = other.statement.title
        if title is None or title.weak:
            continue
        new = [c for c in usable(other.statement) if not _periods([c]) <= covered]
        extra = other.statement.kind == "comprehensive" and other.items & _COMPREHENSIVE - items
        if extra and not new:
            for entry in other.entries:
                if entry.item is not None and entry.item.id not in extra:
                    entry.item = None
            taken.append(other)
            items |= extra
        elif new and main.statement.columns and len(other.items) >= 0.6 * len(main.items):
            for column in usable(other.statement):
                column.part = column.part or not any(column is c for c in new)
            taken.append(other)
            covered |= _periods(new)
    return taken


def _periods(columns: Sequence[Column]) -> set[tuple[date, int, str | None]]:
    return {(c.period.end, c.period.months, c.scope) for c in columns if c.period}


def _give_scopes(candidates: Sequence[Candidate]) -> None:
    """What a title without a scope means: the parent's when the consolidated one is titled so in the same (Chinese) document,
    the group's when nothing else is there."""
    for candidate in candidates:
        statement = candidate.statement
        if statement.scope == "parent":
            candidate.scope = "parent"
            continue
        rivals = [
            c for c in candidates if c.kind == candidate.kind and c is not candidate and c.statement.scope == "consolidated"
        ]
        chinese = any(e.label.zh for e in candidate.entries)
        if statement.scope is None and rivals and chinese and not any(c.scope for c in statement.columns):
            candidate.scope = "parent" if statement.title and not statement.title.weak else "consolidated"
