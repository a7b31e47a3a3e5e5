"""A metric over the caller's portfolio, to filter and order by: columns find who matters, the evaluator says what is shown.

A figure is only made for a borrower that is shown, that stands too near a limit or a neighbour to tell apart, or that columns
leave in doubt. Loan measures and series of periods come as values already made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.figures import Basis, Figure
from tools.domain.interpreter import COMPARE
from tools.toolbox.artifacts import Value
from tools.toolbox.desk import Desk

if TYPE_CHECKING:
    from tools.columns.portfolio import FigureColumn

Scored = Fact | Figure | Value
Worth = Callable[[Scored], Decimal | None]
"""The number a value is compared by: its own, or what it comes to in the currency of the comparison."""
NEAR = 1e-9


class Ranked(Protocol):
    """A measure of every borrower."""

    def people(self) -> set[str]:
        """Borrowers that have it."""
        ...

    def meeting(self, operator: str, limit: Decimal) -> set[str]:
        """Borrowers whose value stands in `operator` to `limit`."""
        ...

    def top(self, people: Iterable[str], count: int, *, descending: bool) -> list[str]:
        """The first `count` of `people` by value; equals by id."""
        ...

    def node(self, borrower: str) -> Scored | None:
        """The value itself, with its provenance."""
        ...

    @property
    def senseless(self) -> frozenset[str]:
        """Borrowers for whom it means nothing (a negative denominator): they have no number, and are not without the figure."""
        ...


@dataclass(frozen=True)
class Given:
    """Values already made, compared by `worth`; what has none (no exchange rate) is not among the people."""

    nodes: Mapping[str, Scored]
    worth: Worth
    senseless: frozenset[str] = frozenset()
    parts: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    """Of a sum over several currencies the amounts it was made from."""

    def people(self) -> set[str]:
        """Borrowers that have it."""
        return {one for one, node in self.nodes.items() if self.worth(node) is not None}

    def meeting(self, operator: str, limit: Decimal) -> set[str]:
        """Exact."""
        return {one for one in self.people() if COMPARE[operator](self._exact(one), limit)}

    def top(self, people: Iterable[str], count: int, *, descending: bool) -> list[str]:
        """Exact."""
        return exact_order({one: self._exact(one) for one in people}, descending)[:count]

    def _exact(self, borrower: str) -> Decimal:
        value = self.worth(self.nodes[borrower])
        assert value is not None
        return value

    def node(self, borrower: str) -> Scored | None:
        """As given."""
        return self.nodes.get(borrower)


class Screened:
    """A figure over columns; `make` gives one borrower's exact value, `worth` its number in one currency; `foreign` borrowers report in
    another, so that columns cannot place them."""

    def __init__(
        self, column: FigureColumn, visible: Iterable[str], make: Callable[[str], Scored | None], worth: Worth, foreign: Collection[str] = ()
    ) -> None:  # fmt: skip
        import numpy as np

        self._column, self._make, self._worth = column, make, worth
        self._foreign = frozenset(foreign)
        self._row = {one: row for row, one in enumerate(column.borrowers)}
        self._nodes: dict[str, Scored | None] = {}
        seen = set(visible)
        doubtful = {column.borrowers[row] for row in np.flatnonzero(column.doubt)} & seen
        sure = {column.borrowers[row] for row in np.flatnonzero((column.state == 0) & ~column.doubt)} & seen
        abroad = self._foreign & (sure | doubtful)
        self._doubtful = {one for one in doubtful | abroad if (node := self.node(one)) is not None and worth(node) is not None}
        self._sure = sure - abroad
        self.senseless = frozenset(
            {column.borrowers[row] for row in np.flatnonzero((column.state == 2) & ~column.doubt)} & seen
        ) | (doubtful - self._doubtful - abroad)

    def people(self) -> set[str]:
        """Borrowers that have it."""
        return self._sure | self._doubtful

    def meeting(self, operator: str, limit: Decimal) -> set[str]:
        """By columns where they are sure, else exactly."""
        test, bound = COMPARE[operator], float(limit)
        met: set[str] = set()
        for one in self.people():
            value = self._rough(one)
            if value is None or abs(value - bound) <= NEAR * max(abs(value), abs(bound)):
                if test(self._exact(one), limit):
                    met.add(one)
            elif test(Decimal(value), limit):
                met.add(one)
        return met

    def top(self, people: Iterable[str], count: int, *, descending: bool) -> list[str]:
        """Everyone who may be among the first `count` is compared exactly."""
        wanted = list(people)
        values = {one: value for one in wanted if (value := self._rough(one)) is not None}
        ordered = sorted(values.values(), reverse=descending)
        if count < len(ordered):
            last = ordered[count - 1] if count else 0.0
            room = NEAR * max(1.0, abs(last))
            near = {one for one, value in values.items() if (value >= last - room if descending else value <= last + room)}
        else:
            near = set(values)
        near |= {one for one in wanted if one not in values}
        return exact_order({one: self._exact(one) for one in near}, descending)[:count]

    def node(self, borrower: str) -> Scored | None:
        """Made when first asked for."""
        if borrower not in self._nodes:
            self._nodes[borrower] = self._make(borrower)
        return self._nodes[borrower]

    def _rough(self, borrower: str) -> float | None:
        row = self._row[borrower]
        return None if self._column.doubt[row] or borrower in self._foreign else float(self._column.values[row])

    def _exact(self, borrower: str) -> Decimal:
        node = self.node(borrower)
        value = self._worth(node) if node is not None else None
        assert value is not None
        return value


def value_of(node: Scored) -> Decimal:
    """The number of a node that has one."""
    value = node.value
    assert value is not None
    return value


def exact_order(values: Mapping[str, Decimal], descending: bool) -> list[str]:
    """Ids by value; equals by id."""
    people = sorted(values)
    people.sort(key=lambda one: values[one], reverse=descending)
    return people


def latest_column(desk: Desk, name: str) -> FigureColumn:
    """`name` at everyone's newest period that has its inputs, in the basis the tools show it in: a reported line is not rolled."""
    item = desk.rulebook.items.get(name) if desk.rulebook.definition(name) is None else None
    basis = _item_basis if item is not None and not item.stock else None
    return desk.portfolio().newest(name, desk.clocks.as_of, basis)


def _item_basis(book: FactBook, end: date) -> Basis:
    return "fy" if book.is_fiscal_year_end(end) else "ytd"
