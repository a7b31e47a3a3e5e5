"""Alerts: the list, one alert with its life, and what a person may do about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from integrations.api.console.frame import Acting, Looking, go, language_of, render
from integrations.api.problems import Refused
from integrations.api.rest.work import known_alert, working
from integrations.api.visits import parse_day
from tools.store.alert_records import OUTCOMES, SEVERITIES, STATES, WORKING_ROLES

routes = APIRouter(include_in_schema=False)
Said = Annotated[str, Form(max_length=2000)]


@routes.get("/alerts")
def alerts(request: Request, visit: Looking, state: str = "", severity: str = "", borrower: str = "") -> Response:
    """Alerts, worst first."""
    who = visit.desk.borrower(borrower).id if borrower else None
    found = visit.bank.store.alerts.list(
        visit.caller, borrower=who, states=(state,) if state in STATES else None, severities=(severity,) if severity in SEVERITIES else None,
        clocks=visit.clocks,
    )  # fmt: skip
    return render(
        request, "alerts.html", visit, alerts=found, state=state, severity=severity, borrower=borrower, spoken=language_of(request),
        states=("open", "taken", "snoozed", "cleared", "closed"), severities=SEVERITIES[::-1],
    )  # fmt: skip


@routes.get("/alerts/{alert}")
def alert_page(request: Request, visit: Looking, alert: str) -> Response:
    """One alert: why, since when, on what evidence, and everything that happened to it."""
    found = known_alert(visit, alert)
    return render(
        request, "alert.html", visit, alert=found, shape=found.shape(language_of(request)), spoken=language_of(request),
        history=visit.bank.store.alerts.history(visit.caller, alert, visit.clocks), outcomes=sorted(OUTCOMES),
        may_work=visit.caller.can_write and visit.caller.role in WORKING_ROLES and found.live and visit.asked_known_at is None,
    )  # fmt: skip


@routes.post("/alerts/{alert}/take")
def take(visit: Acting, alert: str, owner: Said = "") -> Response:
    """Somebody works on it from now on."""
    visit.bank.store.alerts.take(visit.caller, working(visit, alert), visit.now, owner.strip() or None)
    return go(visit.links.alert(alert))


@routes.post("/alerts/{alert}/snooze")
def snooze(visit: Acting, alert: str, until: Said = "", reason: Said = "") -> Response:
    """Quiet until a day."""
    try:
        day = parse_day(until)
    except ValueError:
        day = None
    if day is None:
        raise Refused(422, "invalid", f"{until[:40]!r} is not a day", where="until", fix="Write 2026-12-31")
    visit.bank.store.alerts.snooze(visit.caller, working(visit, alert), day, reason, visit.now)
    return go(visit.links.alert(alert))


@routes.post("/alerts/{alert}/close")
def close(visit: Acting, alert: str, outcome: Said = "", reason: Said = "") -> Response:
    """Done, with its outcome."""
    visit.bank.store.alerts.close(visit.caller, working(visit, alert), outcome, reason, visit.now)
    return go(visit.links.alert(alert))
