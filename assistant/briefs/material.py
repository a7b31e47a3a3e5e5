"""Everything a brief is written from, read once: today's desk, the desk of the month before, and what the tools found at both.

All of it comes through the toolbox under the caller's rights, so that a brief can say nothing its reader could not ask for. The
artifacts are kept: they are what the gate holds every sentence against and what the trail records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from assistant.briefs.series import Series, artifact_of, series_of
from assistant.briefs.warnings import artifact_of as signals_artifact
from tools.domain.covenant_tests import Assessment
from tools.domain.disagreements import Disagreement
from tools.domain.facts import Passage, Row
from tools.domain.loan_views import LoanView
from tools.domain.names import Borrower
from tools.domain.signals import SignalVerdict
from tools.domain.usage import owners_on_the_way
from tools.domain.use_case import Usage
from tools.store.alert_records import Alert
from tools.store.documents import Document
from tools.toolbox.advice import Advice, advice, advice_for
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days
from tools.toolbox.book_rows import book_rows
from tools.toolbox.contradictions import contradictions_tool
from tools.toolbox.covenant_desk import assessments, proposed_covenants
from tools.toolbox.covenants import covenants
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.loans import loans
from tools.toolbox.passages import documents, visit_notes
from tools.toolbox.proceeds import usage

TABLES = ("customers", "collateral", "guarantors", "mitigants", "events", "bureau", "operations")


@dataclass
class Material:
    """`since`: the last day of the month before; `then` the desk of that day. `hits_then`: signals that fired in the last recorded run before
    this month, None when there was none."""

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
    signals: list[SignalVerdict] = field(default_factory=list)
    hits_then: frozenset[str] | None = None
    arrivals: list[date] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    alert_rows: list[Row] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)
    usage_artifacts: dict[str, Artifact] = field(default_factory=dict)
    contradictions: list[Disagreement] = field(default_factory=list)

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

    def totals(self, name: str) -> list[Value]:
        """Balances, overdue amounts or dues of the running loans per currency: of those begun by the business date, which a book of a later
        day may hold more than."""
        sums: dict[str, Decimal] = {}
        for view in self.running:
            value = self.value("loans", name, view.terms.id)
            if value is not None and value.value is not None and value.currency:
                sums[value.currency] = sums.get(value.currency, Decimal(0)) + value.value
        inputs = tuple(f"loans:{view.terms.id}" for view in self.running)
        made = [
            Value(f"brief:{name}:{currency}", name, self.borrower.id, "currency", total, currency, self.as_of, about="total", inputs=inputs)
            for currency, total in sorted(sums.items())
        ]  # fmt: skip
        self.state(made)
        return made

    @property
    def tells_of(self) -> list[str]:
        """Other customers whose data stands in the brief: guarantors and group members, payees whose accounts the money went through."""
        found = {owner for alert in self.alerts for owner in alert.owners} | {o for v in self.signals for o in v.owners}
        found |= {owner for usage in self.usage.values() for owners in owners_on_the_way(usage).values() for owner in owners}
        for artifact in self.artifacts:
            found |= {ref.id for ref in artifact.borrowers} | {value.borrower for value in artifact.values if value.borrower}
        return sorted(found - {self.borrower.id})

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
    made.views = [view for view in views_of(desk, who.id) if view.terms.start_date <= desk.clocks.as_of]
    made.views_then = [view for view in views_of(then, who.id) if view.terms.start_date <= since]
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
    snapshot = desk.loan_book.snapshot(desk.clocks)
    made.arrivals = [paper.received_at.date() for paper in made.papers] + ([snapshot.book_date] if snapshot else [])
    made.state(asked_days(since, desk.clocks.as_of, max(made.arrivals, default=None), snapshot.book_date if snapshot else None))
    made.keep(advice(desk, who.id))
    made.advice = advice_for(desk, who.id)
    _warnings(made)
    for view in made.running:
        made.usage[view.terms.id] = desk.usage(view.terms.id)
        made.usage_artifacts[view.terms.id] = made.keep(usage(desk, view.terms.id))
    made.keep(contradictions_tool(desk, who.id))
    made.contradictions = desk.contradictions(who.id)
    return made


def _warnings(made: Material) -> None:
    """Signals now, those of the last run before this month, and alerts that are still open."""
    desk, who = made.desk, made.borrower
    made.signals = desk.signals(who.id)
    made.artifacts.append(signals_artifact(desk.ref(who), made.signals))
    first = made.since + timedelta(days=1)
    recorded = desk.store.signal_results.before(desk.caller, first, [who.id], desk.clocks.known_at).get(who.id)
    if recorded is not None:
        hits = (v for v in recorded.verdicts if v["verdict"] == "hit" and v.get("material", True))
        made.hits_then = frozenset(str(v["signal"]) for v in hits)
    live = desk.store.alerts.list(desk.caller, borrower=who.id, clocks=desk.clocks)
    made.alerts = [alert for alert in live if alert.opened <= desk.clocks.as_of]
    made.alert_rows = [
        Row("alerts", alert.id, {
            "title_zh": alert.title["zh"], "title_en": alert.title["en"], "state": alert.state, "owner": alert.owner,
            "due": alert.due.isoformat() if alert.due else None, "opened": alert.opened.isoformat(),
        })
        for alert in made.alerts
    ]  # fmt: skip
    made.state((), made.alert_rows)


def _by_then(row: Row, as_of: date) -> bool:
    """Rows of a day after the business date do not exist yet."""
    text = row.columns.get("date") or ""
    return not text or text[:10] <= as_of.isoformat()


def observations(paper: Document) -> list[dict[str, Any]]:
    """What a visit note says, topic by topic."""
    return [dict(one) for one in paper.report.get("observations") or ()]
