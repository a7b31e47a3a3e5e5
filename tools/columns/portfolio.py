"""One figure of every borrower at once, and the verdicts that need it.

Columns say which borrowers certainly are above or below a limit; whoever is within reach of it, or in doubt for any other
reason, is named in `doubt` and decided in Decimal by the caller's evaluator. How many that were is part of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from tools.columns.column import KNOWN, MISSING, Column, compared, literal
from tools.columns.table import FactTable, Group, groups
from tools.columns.windows import WindowColumns
from tools.domain.definitions import Rulebook
from tools.domain.factbook import FactBook
from tools.domain.facts import Scope
from tools.domain.figures import Basis, Figure
from tools.domain.interpreter import COMPARE
from tools.domain.tree import names

NO_PERIOD = -1
SCREENING = 1e-9
"""How far a screened value is trusted, relative to itself."""
Exact = Callable[[str, date], Figure]
"""The Decimal evaluator's figure of a borrower at a period end."""
BasisChoice = Callable[[FactBook, date], Basis]


@dataclass(slots=True)
class FigureColumn:
    """`name` of every borrower. `end` numbers `ends` (NO_PERIOD: nothing reported). `state` as in Column; `doubt`: only the
    Decimal evaluator can tell; `values` are for sorting and screening, never for showing."""

    name: str
    borrowers: list[str]
    ends: list[date]
    end: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    state: npt.NDArray[np.uint8]
    doubt: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Screened:
    """Borrowers that meet a condition, and how many had to be looked at again in Decimal."""

    met: list[str]
    known: int
    looked_again: int


class Portfolio:
    """Every borrower of a table. Windows already computed are kept, so that one figure after another costs little. `told`: of whom the
    bank itself knows an item that no document may report; figures over such an item are left to the Decimal evaluator."""

    def __init__(
        self,
        rulebook: Rulebook,
        table: FactTable,
        scope: Scope = "consolidated",
        told: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.rulebook, self.table, self.scope, self.told = rulebook, table, scope, told or {}
        self._groups = [(group, WindowColumns(group.statements, scope)) for group in groups(table, rulebook, scope)]

    def at(self, name: str, period_end: date, basis: Basis | None = None) -> FigureColumn:
        """`name` at one period end."""
        return self._gather(name, lambda group, columns: [(period_end, columns.figure(name, period_end, basis))])

    def newest(self, name: str, not_after: date | None = None, basis: BasisChoice | None = None) -> FigureColumn:
        """`name` at each borrower's newest period that has its inputs, else at its newest period. `basis` chooses one for a
        period end of borrowers with a common calendar."""

        def ends(group: Group, columns: WindowColumns) -> list[tuple[date, Column]]:
            found: list[tuple[date, Column]] = []
            left = np.ones(columns.rows, np.bool_)
            for end in reversed(group.statements.book.period_ends(self.scope)):
                if (not_after is not None and end > not_after) or not left.any():
                    continue
                chosen = basis(group.statements.book, end) if basis else None
                found.append((end, columns.figure(name, end, chosen)))
                left &= (found[-1][1].state == MISSING) | found[-1][1].doubt
            return found

        return self._gather(name, ends)

    def screen(self, column: FigureColumn, operator: str, limit: Decimal, exact: Exact) -> Screened:
        """Borrowers whose figure stands in `operator` to `limit`; those too near to tell are computed by `exact`."""
        plain = np.where(column.state == KNOWN, column.values, 0.0)
        told = Column(plain, column.state, 0, np.abs(plain) * SCREENING, column.doubt)
        test = compared(operator, told, literal(limit, len(column.borrowers)))
        met = {column.borrowers[row] for row in np.flatnonzero(test.holds & ~test.doubt)}
        again = np.flatnonzero(test.doubt & (column.end != NO_PERIOD))
        known = int(((column.state == KNOWN) & ~test.doubt).sum())
        for row in again:
            figure = exact(column.borrowers[row], column.ends[column.end[row]])
            if figure.value is not None:
                known += 1
                if COMPARE[operator](figure.value, limit):
                    met.add(column.borrowers[row])
        return Screened([one for one in column.borrowers if one in met], known, len(again))

    def _gather(self, name: str, make: Callable[[Group, WindowColumns], list[tuple[date, Column]]]) -> FigureColumn:
        size = len(self.table.borrowers)
        ends: dict[date, int] = {}
        # Borrowers in no group (two currencies) are for the other evaluator from the start.
        made = FigureColumn(
            name, self.table.borrowers, [], np.full(size, NO_PERIOD), np.full(size, np.nan), np.full(size, MISSING), np.ones(size, np.bool_)
        )  # fmt: skip
        for group, columns in self._groups:
            made.doubt[group.members] = False
            for place, (end, column) in enumerate(make(group, columns)):
                number = ends.setdefault(end, len(ends))
                take = np.ones(columns.rows, np.bool_) if not place else made.state[group.members] == MISSING
                if place:
                    take &= ~made.doubt[group.members] & ((column.state != MISSING) | column.doubt)
                rows = group.members[take]
                made.end[rows], made.values[rows] = number, column.numbers()[take]
                made.state[rows], made.doubt[rows] = column.state[take], column.doubt[take]
        made.ends = list(ends)
        for item in self._items(name) & self.told.keys():
            made.doubt |= np.isin(np.array(self.table.borrowers), list(self.told[item]))
        return made

    def _items(self, name: str) -> set[str]:
        """Every line item `name` may rest on."""
        definition = self.rulebook.definition(name) if name not in self.rulebook.items else None
        if definition is None:
            return {name}
        found: set[str] = set()
        for _, node in definition.formulas.values():
            for part in (*names(node), *(inner for guard in definition.guards for inner in names(guard.condition))):
                found |= self._items(part)
        return found
