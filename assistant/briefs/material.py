"""Everything a brief is written from, read once: today's desk, the desk of the month before, and what the tools found at both.

All of it comes through the toolbox under the caller's rights, so that a brief can say nothing its reader could not ask for. The
artifacts are kept: they are what the gate holds every sentence against and what the trail records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from assistant.briefs.series import Series, artifact_of, series_of
from tools.domain.covenant_tests import Assessment
from tools.domain.facts import Passage, Row
from tools.domain.loan_views import LoanView
from tools.domain.names import Borrower
from tools.store.documents import Document
from tools.toolbox.advice import Advice, advice, advice_for
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days
from tools.toolbox.book_rows import book_rows
from tools.toolbox.covenant_desk import assessments, proposed_covenants
from tools.toolbox.covenants import covenants
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.loans import loans
from tools.toolbox.passages import documents, visit_notes

TABLES = ("customers", "collateral", "guarantors", "mitigants", "events", "bureau", "operations")


@dataclass
class Material:
    """`since`: the last day of the month before; `then` the desk of that day, None when the bank knew nothing of the borrower yet."""

    desk: Desk
    then: Desk
    borrower: Borrower
    month: date
    artifacts: list[Artifact] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    series_then: list[Series] = field(default_factory=list)
    views: list[LoanView] = field(default_factory=list)
    views_then: list[LoanView] = field(default_factory=list)
    covenants: list[Assessment] = field(default_factory=list)
    covenants_then: list[Assessment] = field(default_factory=list)
    waiting: int = 0
    rows: dict[str, list[Row]] = field(default_factory=dict)
    papers: list[Document] = field(default_factory=list)
    notes: list[Passage] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    due_papers: list[Row] = field(default_factory=list)

    @property
    def as_of(self) -> date:
        """The business date."""
        return self.desk.clocks.as_of

    @property
    def since(self) -> date:
        """The last day of the month before."""
        return self.then.clocks.as_of

    def find(self, tool: str) -> Artifact | None:
        """What one tool found today."""
        return next((artifact for artifact in self.artifacts if artifact.tool == tool), None)

    def values(self, tool: str, name: str, about: str | None = None) -> list[Value]:
        """Values of one name one tool found."""
        found = self.find(tool)
        pool = found.values if found is not None else ()
        return [v for v in pool if v.name == name and (about is None or v.about == about)]

    def value(self, tool: str, name: str, about: str) -> Value | None:
        """The first of them."""
        return next(iter(self.values(tool, name, about)), None)

    def keep(self, result: ToolResult) -> Artifact:
        """Keeps what a tool found."""
        self.artifacts.append(result.artifact)
        return result.artifact

    def state(self, values: Sequence[Value], rows: Sequence[Row] = ()) -> None:
        """Keeps what the brief itself worked out from what tools found."""
        if values or rows:
            self.artifacts.append(
                Artifact(
                    "brief",
                    {"borrower": self.borrower.id},
                    (self.desk.ref(self.borrower),),
                    rows=tuple(rows),
                    values=tuple(values),
                )
            )

    @property
    def running(self) -> list[LoanView]:
        """Loans that are neither closed nor written off."""
        return [view for view in self.views if running(view)]

    @property
    def has_statements(self) -> bool:
        """Whether any statement of the borrower is known."""
        return bool(self.series)

    @property
    def new_papers(self) -> list[Document]:
        """Papers received since the month before, oldest first."""
        floor = datetime.combine(self.since + timedelta(days=1), time.min, UTC)
        return sorted((d for d in self.papers if d.received_at >= floor), key=lambda d: (d.received_at, d.name))

    @property
    def first_brief(self) -> bool:
        """Nothing of this borrower was known a month ago: there is no earlier state to compare with."""
        return not self.series_then and not any(view.terms.start_date <= self.since for view in self.views)


def gather(desk: Desk, borrower: str, since: date, month: date) -> Material:
    """Reads everything. UnknownBorrower for one the caller cannot see."""
    who = desk.borrower(borrower)
    then = desk.earlier(since, who.id)
    made = Material(desk, then, who, month)
    made.series = series_of(desk, who.id)
    made.artifacts.append(artifact_of(desk, who.id, made.series))
    if any(d for d in desk.book(who.id).period_ends()) and desk.book(who.id).recorded() != then.book(who.id).recorded():
        made.series_then = series_of(then, who.id)
        made.artifacts.append(artifact_of(then, who.id, made.series_then))
    elif then.book(who.id).period_ends():
        made.series_then = made.series
    made.keep(loans(desk, who.id))
    made.views = views_of(desk, who.id)
    made.views_then = [v for v in views_of(then, who.id) if v.terms.start_date <= since]
    made.keep(covenants(desk, who.id))
    made.covenants = assessments(desk, who.id)
    made.covenants_then = assessments(then, who.id)
    made.waiting = len(proposed_covenants(desk, who.id))
    for table in TABLES:
        kept = made.keep(book_rows(desk, table, who.id))
        made.rows[table] = [row for row in kept.rows if _by_then(row, desk.clocks.as_of)]
    papers = made.keep(documents(desk, who.id))
    made.due_papers = [row for row in papers.rows if row.table == "documents_due"]
    made.papers = desk.store.documents.list(desk.caller, who.id, None, desk.clocks)
    made.notes = list(made.keep(visit_notes(desk, who.id, limit=1)).passages)
    made.state(asked_days(since, desk.clocks.as_of))
    made.keep(advice(desk, who.id))
    made.advice = advice_for(desk, who.id)
    return made


def _by_then(row: Row, as_of: date) -> bool:
    """Rows of a day after the business date do not exist yet."""
    text = row.columns.get("date") or ""
    return not text or text[:10] <= as_of.isoformat()


def observations(paper: Document) -> list[dict[str, Any]]:
    """What a visit note says, topic by topic."""
    return [dict(one) for one in paper.report.get("observations") or ()]
