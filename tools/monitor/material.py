"""Everything signals need of many borrowers, read table by table and then handed out borrower by borrower.

A run reads each table once per piece of the book (its borrowers' shards alone), never once per borrower; one borrower is a piece
of one. What is kept lives as long as the piece, so that memory does not grow with the book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.capital_need import Need
from tools.domain.covenant_tests import Assessment
from tools.domain.facts import Passage
from tools.domain.figures import Basis, Figure
from tools.domain.loan_views import LoanView
from tools.domain.periods import add_months
from tools.domain.signal_case import FINISHED, Case, Neighbours, Paper, UseOfProceeds, row_of
from tools.monitor.neighbours import GIVEN, Neighbourhood
from tools.monitor.usage import use_of_proceeds
from tools.rulebook.signal_rules import SignalBook
from tools.toolbox.capital_rooms import need_of
from tools.toolbox.covenant_desk import assessments
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import views_over

BookRow = Mapping[str, Any]
MARKET_MONTHS = 26
NEED_MONTHS = 18
"""A fiscal year that ended longer ago says nothing of what is needed now."""
TABLES = (
    "customers", "loans", "loan_cash_flows", "loan_transactions", "accounts", "account_transactions", "collateral", "guarantors", "covenants",
    "events", "relations", "bureau", "operations", "documents", "evidence",
)  # fmt: skip
COLUMNS: Mapping[str, Sequence[str]] = {
    "account_transactions": (
        "account_id", "value_date", "direction", "amount", "currency_code", "balance_after", "counterparty_name", "memo", "channel", "sequence",
        "loan_id",
    ),
}  # fmt: skip
"""Tables of which a few columns are enough."""


@dataclass(frozen=True)
class Papers:
    """What is on file of one borrower beside its facts: documents by kind, failed identities, passages that say one of the words."""

    received: Sequence[Paper] = ()
    kinds: frozenset[str] = frozenset()
    failed_checks: int | None = None


class Material:
    """What is known of the borrowers of one piece."""

    def __init__(
        self, desk: Desk, book: SignalBook, borrowers: Collection[str], with_papers: frozenset[str], around: Neighbourhood
    ) -> None:
        """`with_papers`: borrowers of whom there is a document or fact, so that the others cause no query."""
        self.desk, self.book, self.around = desk, book, around
        self.borrowers = list(borrowers)
        self._with_papers = with_papers & set(borrowers)
        snapshot = desk.loan_book.snapshot(desk.clocks)
        self.handed = frozenset(name for name, count in (snapshot.rows if snapshot else {}).items() if count)
        self._rows = {table: self._read(table) for table in TABLES}
        self._market = self._series()
        self._views = _grouped(views_over(desk, self._all), lambda view: view.terms.borrower)
        self._said = self._passages()
        self._assessed = self._assessments()

    def case(self, borrower: str) -> Case:
        """One borrower as kernels see it."""
        rows = {table: found[borrower] for table, found in self._rows.items() if borrower in found}
        if self._market:
            rows["market"] = self._market
        customers = rows.get("customers", ())
        papers = self._papers(borrower, rows.get("documents", ()))
        figure, ends = self._figures(borrower)
        return Case(
            borrower=borrower, as_of=self.desk.clocks.as_of, customer=customers[0] if customers else {"id": borrower}, views=self._views.get(borrower, ()),
            rows=rows, handed=self.handed, assessments=self._assessed.get(borrower, ()), papers=papers.received, figure=figure,
            statement_ends=ends, failed_checks=papers.failed_checks, said=self._said.get(borrower, {}), has_documents=papers.kinds,
            usage=self._usage(borrower), neighbours=self.neighbours(borrower), need=self._need(borrower),
        )  # fmt: skip

    def neighbours(self, borrower: str) -> Neighbours:
        """Who stands around the borrower in guarantees."""
        rows = [row_of("guarantors", row) for row in self._rows["guarantors"].get(borrower, ())]
        rows += [row_of("relations", row) for row in self._rows["relations"].get(borrower, ()) if row["relation"] in GIVEN]
        return replace(self.around.of(borrower), rows=tuple(rows))

    def views(self, borrower: str) -> Sequence[LoanView]:
        """The borrower's loans."""
        return self._views.get(borrower, ())

    def assessed(self, borrower: str) -> Sequence[Assessment]:
        """The borrower's covenants, tested."""
        return self._assessed.get(borrower, ())

    def runs(self, borrower: str) -> bool:
        """Whether there is anything to watch: a loan that is still out, or papers on file."""
        return borrower in self._with_papers or any(view.terms.status not in FINISHED for view in self.views(borrower))

    def _read(self, table: str) -> dict[str, list[BookRow]]:
        if table not in self.handed:
            return {}
        given = COLUMNS.get(table)
        if len(self.borrowers) == 1:
            rows = self.desk.loan_book.rows(
                self.desk.caller, table, self.desk.clocks, borrower=self.borrowers[0], columns=given
            )
        else:
            rows = self.desk.loan_book.rows(self.desk.caller, table, self.desk.clocks, borrowers=self.borrowers, columns=given)
        return _grouped(rows, lambda row: str(row["_borrower"]))

    def _series(self) -> list[BookRow]:
        """What the market says of industries, of the last two years: the same for everybody."""
        if "market" not in self.handed:
            return []
        since = add_months(self.desk.clocks.as_of, -MARKET_MONTHS)
        rows = self.desk.loan_book.rows(self.desk.caller, "market", self.desk.clocks, since=since)
        return [row for row in rows if row["industry_code"]]

    def _need(self, borrower: str) -> Callable[[], tuple[Need, Decimal | None, Sequence[Figure]]] | None:
        """The need for working capital by the last fiscal year, worked out when a signal asks; None when no year of late is on file."""
        if borrower not in self._with_papers:
            return None
        day = self.desk.clocks.as_of
        ends = [end for end in self.desk.book(borrower).fiscal_year_ends if add_months(day, -NEED_MONTHS) <= end <= day]
        return (lambda: need_of(self.desk, borrower, ends[-1])) if ends else None

    def _all(self, table: str) -> list[BookRow]:
        return [row for rows in self._rows.get(table, {}).values() for row in rows]

    def _assessments(self) -> dict[str, list[Assessment]]:
        """Covenants tested, of borrowers that have any."""
        owners = [
            borrower for borrower in self.borrowers if self._rows["covenants"].get(borrower) or borrower in self._with_papers
        ]
        return {borrower: assessments(self.desk, borrower) for borrower in owners}

    def _figures(self, borrower: str) -> tuple[Callable[[str, date, Basis | None], Figure] | None, Sequence[date]]:
        if borrower not in self._with_papers:
            return None, ()
        held = self.desk.book(borrower)
        scopes = held.scopes()
        if not scopes:
            return None, ()
        evaluator = self.desk.evaluator(borrower, scopes[0])
        ends = [end for end in held.period_ends(scopes[0]) if end <= self.desk.clocks.as_of]
        return evaluator.figure, ends

    def _papers(self, borrower: str, asked: Sequence[BookRow]) -> Papers:
        """Documents asked for, with what came; documents that came without being asked for count as received."""
        clocks = self.desk.clocks
        came: list[Any] = []
        if borrower in self._with_papers:
            came = list(self.desk.store.documents.list(self.desk.caller, borrower, None, clocks))
        papers = []
        for row in asked:
            received = row.get("received_date")
            if received is not None and received > clocks.as_of:
                received = None
            if received is None and row.get("period_end") is not None:
                days = [d.received_at.date() for d in came if d.kind == row["kind"] and d.period_end == row["period_end"]]
                received = min((day for day in days if day <= clocks.as_of), default=None)
            papers.append(Paper(row["kind"], row.get("period_end"), row.get("due_date"), received, row_of("documents", row)))
        papers += [Paper(d.kind, d.period_end, None, d.received_at.date()) for d in came if not asked]
        checks = [check for d in came if d.kind == "statement" for check in d.report.get("checks") or ()]
        newest = max((check["period_end"] for check in checks if check.get("period_end")), default=None)
        failed = [check for check in checks if check.get("status") == "failed" and check.get("period_end") == newest]
        return Papers(papers, frozenset(d.kind for d in came), len(failed) if checks else None)

    def _passages(self) -> dict[str, dict[str, list[Passage]]]:
        """borrower → list of words → passages that say one of them, oldest document first."""
        found: dict[str, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
        if not self._with_papers:
            return {}
        store, clocks = self.desk.store, self.desk.clocks
        for words in self.book.words.values():
            pieces = store.passages.saying(
                self.desk.caller, words.any, words.none, words.kinds, sorted(self._with_papers), clocks
            )
            for piece in sorted(pieces, key=lambda p: (p.date or "", p.id)):
                if piece.date is None or piece.date[:10] <= clocks.as_of.isoformat():
                    found[piece.borrower][words.id].append(piece)
        return found

    def _usage(self, borrower: str) -> UseOfProceeds | None:
        views = self.views(borrower)
        return (
            use_of_proceeds(self.desk, borrower, views, self._rows["account_transactions"].get(borrower, ())) if views else None
        )


def _grouped(items: Iterable[Any], key: Callable[[Any], str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
