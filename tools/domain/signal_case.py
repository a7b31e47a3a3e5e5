"""What the monitor knows of one borrower when it looks for signals: rows of the book, loans, covenants, papers, neighbours.

One borrower is a batch of one: kernels take a case and give a measured thing, whatever read the rows. A table the bank never
handed over is unknown; a borrower of whom no outside source has ever said anything was never asked about, so that an event
feed's silence about him proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence, masked
from tools.domain.capital_need import Need
from tools.domain.covenant_tests import Assessment
from tools.domain.facts import Passage, Row
from tools.domain.figures import Basis, Figure
from tools.domain.loan_views import LoanView
from tools.domain.signals import Measured

BookRow = Mapping[str, Any]
OUTSIDE = ("events", "bureau", "operations")
"""Tables that come from outside the bank: a row in one of them says that the borrower is being asked about."""
FINISHED = frozenset({"closed", "written_off"})
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document asked for or received. `received` None: not yet."""

    kind: str
    period_end: date | None
    due: date | None
    received: date | None
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class UseFlag:
    """The verdict of one use-of-proceeds rule on one loan: `severity` when hit; else clear, or unknown for what is `missing`. `owners`:
    other customers through whose accounts its money went."""

    loan: str
    rule: str
    severity: str | None
    amount: Decimal
    share: Decimal | None
    rows: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UseOfProceeds:
    """What tracing says of the borrower's loans; `blind`: loans whose money shows on no account we hold."""

    flags: tuple[UseFlag, ...] = ()
    blind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who stands around the borrower in guarantees. `sees_all` False: some parties are hidden from the asker, so that no circle is no
    proof. `severities`: worst severity by borrower id of what the monitor found on their own account; `names` of direct parties."""

    circle: tuple[str, ...] = ()
    component: tuple[str, ...] = ()
    guarantors: tuple[str, ...] = ()
    outsiders: int = 0
    sees_all: bool = True
    severities: Mapping[str, str | None] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    component_size: int = 5


@dataclass(frozen=True)
class Case:
    """One borrower. `handed`: tables the bank hands over at all. `figure`: a figure of the borrower at a period end, None without
    statements. `said`: passages found for each list of words. `loan`: the one a loan-level signal is about. `need`: the
    need for working capital, the loans that meet it and their figures, None without annual statements. `shown`: loan rows made evidence."""

    borrower: str
    as_of: date
    customer: BookRow
    views: Sequence[LoanView] = ()
    rows: Mapping[str, Sequence[BookRow]] = field(default_factory=dict)
    handed: frozenset[str] = frozenset()
    assessments: Sequence[Assessment] = ()
    papers: Sequence[Paper] = ()
    figure: Callable[[str, date, Basis | None], Figure] | None = None
    statement_ends: Sequence[date] = ()
    failed_checks: int | None = None
    said: Mapping[str, Sequence[Passage]] = field(default_factory=dict)
    has_documents: frozenset[str] = frozenset()
    usage: UseOfProceeds | None = None
    neighbours: Neighbours = Neighbours()
    loan: LoanView | None = None
    need: Callable[[], tuple[Need, Decimal | None, Sequence[Figure]]] | None = None
    shown: dict[str, tuple[Row, ...]] = field(default_factory=dict, compare=False, repr=False)

    def table(self, name: str) -> Sequence[BookRow]:
        """The borrower's rows of a table."""
        return self.rows.get(name, ())

    @property
    def running(self) -> list[LoanView]:
        """Loans neither closed nor written off."""
        return [view for view in self.views if view.terms.status not in FINISHED]

    @property
    def asked_about(self) -> bool:
        """Whether any outside source has ever said anything of the borrower."""
        return any(self.table(name) for name in OUTSIDE)

    def loan_row(self, id: str) -> tuple[Row, ...]:
        """The loan's row as evidence."""
        if id not in self.shown:
            self.shown[id] = tuple(row_of("loans", row) for row in self.table("loans") if row["id"] == id)
        return self.shown[id]


def unknown(*missing: str) -> Measured:
    """Not known because of `missing`."""
    return Measured(None, missing=missing)


def row_of(table: str, row: BookRow) -> Row:
    """A row as evidence: columns as text, account numbers cut to their last four digits."""
    return masked(evidence(table, row))


def rows_of(table: str, rows: Sequence[BookRow]) -> tuple[Row, ...]:
    """Several rows of a table as evidence."""
    return tuple(row_of(table, row) for row in rows)
