"""Signals, alerts, proposals, use of proceeds and briefs: what the bank watches and what people do about it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from integrations.api.problems import not_found
from integrations.api.rest.common import Id, OneBorrower, router
from integrations.api.shapes import AlertShape, BriefShape, ProposalShape, RecordShape, SignalShape, UsageShape
from integrations.api.visits import Visit, Visiting
from tools.domain.use_shapes import usage_shape
from tools.errors import BadRequest, NotPermitted
from tools.store.alert_records import Alert

routes = router("work")
Language = Annotated[Literal["zh", "en"] | None, Query(description="Of titles and explanations; default the borrower's")]
AlertState = Literal["open", "taken", "snoozed", "cleared", "closed"]
ProposalState = Literal["open", "approved", "rejected", "withdrawn"]
Severity = Literal["yellow", "orange", "red"]


class Act(BaseModel):
    """What a person does, and why."""

    model_config = ConfigDict(extra="forbid")


class Take(Act):
    owner: str | None = Field(default=None, max_length=100, description="Whom a manager gives it to; default yourself")


class Snooze(Act):
    until: date
    reason: str = Field(min_length=1, max_length=2000)


class Close(Act):
    outcome: Literal["true", "false", "duplicate", "accepted_risk"]
    reason: str = Field(min_length=1, max_length=2000)


class Confirmation(Act):
    reason: str = Field(min_length=1, max_length=2000)


class Decision(Act):
    approved: bool
    reason: str = Field(min_length=1, max_length=2000)


@routes.get("/alerts", response_model=list[AlertShape])
def alerts(
    visit: Visiting, borrower: OneBorrower = None,
    state: Annotated[list[AlertState] | None, Query(description="Default: open, taken and snoozed")] = None,
    severity: Annotated[list[Severity] | None, Query()] = None, language: Language = None,
) -> Any:  # fmt: skip
    """Alerts, worst first."""
    who = visit.desk.borrower(borrower).id if borrower else None
    found = visit.bank.store.alerts.list(visit.caller, borrower=who, states=state, severities=severity, clocks=visit.clocks)
    return [alert.shape(language) for alert in found]


@routes.get("/alerts/{alert}", response_model=AlertShape)
def alert(visit: Visiting, alert: Id, language: Language = None) -> Any:
    """One alert with everything that happened to it."""
    found = known_alert(visit, alert)
    history = visit.bank.store.alerts.history(visit.caller, alert, visit.clocks)
    return {**found.shape(language), "history": [event.shape() for event in history]}


def known_alert(visit: Visit, id: str) -> Alert:
    """An alert of the visitor's; Refused (404) otherwise."""
    found = visit.bank.store.alerts.get(visit.caller, id, visit.clocks)
    if found is None:
        raise not_found(f"no alert {id!r}")
    return found


def working(visit: Visit, id: str) -> str:
    """Checks the role first, then that the alert is there: the same order for every alert."""
    if not visit.caller.can_write:
        raise NotPermitted(f"the role {visit.caller.role} may not work alerts", where=f"user {visit.caller.user}")
    if visit.bank.store.alerts.get(visit.caller, id) is None:
        raise not_found(f"no alert {id!r}")
    return id


@routes.post("/alerts/{alert}/take", response_model=AlertShape)
def take(visit: Visiting, alert: Id, act: Take) -> Any:
    """Take it, or, as a manager, give it to somebody."""
    return visit.bank.store.alerts.take(visit.caller, working(visit, alert), visit.now, act.owner).shape()


@routes.post("/alerts/{alert}/snooze", response_model=AlertShape)
def snooze(visit: Visiting, alert: Id, act: Snooze) -> Any:
    """Quiet until a day, with the reason."""
    return visit.bank.store.alerts.snooze(visit.caller, working(visit, alert), act.until, act.reason, visit.now).shape()


@routes.post("/alerts/{alert}/close", response_model=AlertShape)
def close(visit: Visiting, alert: Id, act: Close) -> Any:
    """Close it with its outcome and the reason."""
    return visit.bank.store.alerts.close(visit.caller, working(visit, alert), act.outcome, act.reason, visit.now).shape()


@routes.get("/signals", response_model=list[SignalShape])
def signals(visit: Visiting, borrower: Annotated[str, Query(min_length=1, max_length=200)]) -> Any:
    """Every early-warning signal of one borrower: hit, clear or unknown, with its evidence."""
    return [verdict.shape() for verdict in visit.desk.signals(visit.desk.borrower(borrower).id)]


@routes.get("/usage/{loan}", response_model=UsageShape)
def usage(visit: Visiting, loan: Id) -> Any:
    """Where a loan's money went: evidenced, misused, sent back, unspent."""
    try:
        return usage_shape(visit.desk.usage(loan))
    except BadRequest as problem:
        raise not_found(
            problem.what, fix="Check the id; what you may not see looks the same as what does not exist"
        ) from problem


class Month(Act):
    borrower: str = Field(min_length=1, max_length=200)
    month: str = Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="2026-10")
    language: Literal["zh", "en", "both"] | None = None


@routes.get("/briefs", response_model=list[RecordShape])
def briefs(visit: Visiting, borrower: OneBorrower = None) -> Any:
    """Briefs that were written, newest first; each record holds its text."""
    who = visit.desk.borrower(borrower).id if borrower else None
    found = visit.bank.store.trail.search(visit.caller, act="brief", borrower=who, to=visit.asked_known_at, limit=200)
    return [record.shape() for record in found]


@routes.post("/briefs", response_model=BriefShape)
def write_brief(visit: Visiting, order: Month) -> Any:
    """Write the brief of a month; it is recorded. The text comes as Markdown and as one self-contained HTML page."""
    who = visit.desk.borrower(order.borrower)
    written = visit.bank.briefs.write(visit.caller, who.id, order.month, visit.clocks, visit.now, order.language)
    return {**written.shape(), "markdown": written.markdown, "html": written.html}


@routes.get("/proposals", response_model=list[ProposalShape])
def proposals(
    visit: Visiting, borrower: OneBorrower = None,
    state: Annotated[list[ProposalState] | None, Query(description="Default: open ones")] = None,
) -> Any:  # fmt: skip
    """What waits for a second person."""
    who = visit.desk.borrower(borrower).id if borrower else None
    found = visit.bank.store.proposals.list(visit.caller, borrower=who, states=state or ("open",), clocks=visit.clocks)
    return [proposal.shape() for proposal in found]


@routes.post("/proposals/{proposal}/confirmation", response_model=ProposalShape)
def confirm(visit: Visiting, proposal: Id, confirmation: Confirmation) -> Any:
    """Stand by what somebody else proposed, before a third person decides."""
    if not visit.caller.can_write:
        raise NotPermitted(f"the role {visit.caller.role} may not confirm", where=f"user {visit.caller.user}")
    if visit.bank.store.proposals.get(visit.caller, proposal) is None:
        raise not_found(f"no proposal {proposal!r}")
    return visit.bank.store.proposals.confirm(visit.caller, proposal, confirmation.reason, visit.now).shape()


@routes.post("/proposals/{proposal}/decision", response_model=ProposalShape)
def decide(visit: Visiting, proposal: Id, decision: Decision) -> Any:
    """Approve or reject what somebody else proposed."""
    if not visit.caller.can_write:
        raise NotPermitted(f"the role {visit.caller.role} may not decide", where=f"user {visit.caller.user}")
    if visit.bank.store.proposals.get(visit.caller, proposal) is None:
        raise not_found(f"no proposal {proposal!r}")
    return visit.bank.store.proposals.decide(visit.caller, proposal, decision.approved, decision.reason, visit.now).shape()
