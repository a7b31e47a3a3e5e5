"""Borrowers and their loans: who they are, what they owe, what they promised, what the papers say, and what happened when."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from integrations.api.amounts import WAN, decimal_of
from integrations.api.console.frame import Looking, language_of, render
from integrations.api.problems import not_found
from integrations.api.trends import history, trend_of
from integrations.api.visits import Visit
from tools.domain.figures import Figure
from tools.domain.use_shapes import usage_shape

routes = APIRouter(include_in_schema=False)
KEY_FIGURES = (
    "revenue", "net_profit", "total_assets", "total_debt", "debt_to_assets", "current_ratio", "debt_to_ebitda", "icr_ebitda", "net_cash_operating", "dscr",
)  # fmt: skip
PERIODS = 8
MOST_EVENTS = 40
A_PAGE = 100


@routes.get("/borrowers")
def borrowers(request: Request, visit: Looking, q: str = "", start: int = 0) -> Response:
    """The borrowers the visitor may see."""
    start = max(0, min(start, 1_000_000))
    everyone = visit.bank.store.borrowers.find(visit.caller, q[:200], 500) if q.strip() else visit.desk.index().borrowers
    shown = list(everyone)[start : start + A_PAGE]
    count: dict[str, int] = {}
    for alert in visit.bank.store.alerts.list(visit.caller, clocks=visit.clocks):
        count[alert.borrower] = count.get(alert.borrower, 0) + 1
    return render(
        request,
        "borrowers.html",
        visit,
        borrowers=shown,
        q=q,
        start=start,
        size=A_PAGE,
        more=len(everyone) > start + A_PAGE,
        alerts=count,
    )


@routes.get("/borrowers/{borrower}")
def borrower_page(request: Request, visit: Looking, borrower: str) -> Response:
    """Everything about one borrower on one page."""
    from tools.toolbox.covenants import covenant_views
    from tools.toolbox.loan_states import loan_shapes

    who = visit.desk.borrower(borrower)
    store, language = visit.bank.store, language_of(request)
    documents = store.documents.named(visit.caller, [], visit.clocks, borrower=who.id, limit=A_PAGE)
    loans = loan_shapes(visit.desk, borrower=who.id)
    alerts = list(store.alerts.list(visit.caller, borrower=who.id, states=(), clocks=visit.clocks))
    figures = [(past[-1], trend_of(past, language)) for past in _key_figures(visit, who.id) if past]
    return render(
        request, "borrower.html", visit, who=who, loans=loans, covenants=[_with_unit(visit, c) for c in covenant_views(visit.desk, borrower=who.id)],
        proposed=covenant_views(visit.desk, borrower=who.id, proposed=True), alerts=[a for a in alerts if a.live], past_alerts=[a for a in alerts if not a.live],
        figures=figures, documents=documents, events=_time_line(visit, who.id, documents, alerts), spoken=language,
        signals=_signals(visit, who.id, language), months=_months(visit), periods=_ends(visit, who.id),
    )  # fmt: skip


def _signals(visit: Visit, borrower: str, language: str) -> dict[str, list[dict[str, Any]]]:
    """Every signal by its verdict, in the reader's words."""
    found: dict[str, list[dict[str, Any]]] = {"hit": [], "unknown": [], "clear": []}
    for verdict in visit.desk.signals(borrower):
        shape = verdict.shape()
        found[verdict.verdict].append({**shape, "text": shape.get("explanation", {}).get(language, "")})
    return found


def _key_figures(visit: Visit, borrower: str) -> list[list[Figure]]:
    known = [name for name in KEY_FIGURES if visit.bank.rulebook.definition(name) or name in visit.bank.rulebook.items]
    return [history(visit, borrower, name, PERIODS) for name in known]


def _with_unit(visit: Visit, covenant: dict[str, Any]) -> dict[str, Any]:
    """The covenant with the unit its numbers are read in: its figure's, its metric's, or money when it has a currency."""
    figure, held = covenant.get("figure"), visit.bank.rulebook.definition(str(covenant.get("metric")))
    size = decimal_of(covenant.get("threshold"))
    unit = figure["unit"] if figure else held.unit if held is not None else "x"
    if not figure and held is None and (covenant.get("currency") or (size is not None and abs(size) >= WAN)):
        unit = "currency"
    return {
        **covenant,
        "unit": unit,
        "operator": {"<=": "≤", ">=": "≥"}.get(covenant.get("operator") or "", covenant.get("operator")),
    }


def _ends(visit: Visit, borrower: str) -> list[date]:
    return [end for end in visit.desk.book(borrower).period_ends("consolidated") if end <= visit.clocks.as_of][-PERIODS:]


def _months(visit: Visit) -> list[str]:
    """The newest months a brief may be asked for."""
    year, month = visit.clocks.as_of.year, visit.clocks.as_of.month
    found = []
    for back in range(6):
        index = year * 12 + month - 1 - back
        found.append(f"{index // 12:04d}-{index % 12 + 1:02d}")
    return found


def _time_line(visit: Visit, borrower: str, documents: list[Any], alerts: list[Any]) -> list[dict[str, Any]]:
    """What happened, newest first: papers received, alerts, events of the book, acts of the trail."""
    events: list[dict[str, Any]] = [
        {"on": d.received_at.date(), "what": "received", "text": d.name, "link": visit.links.document(d.sha256)} for d in documents
    ]  # fmt: skip
    events += [{"on": a.opened, "what": "alert", "text": a, "link": visit.links.alert(a.id)} for a in alerts]
    for row in visit.desk.loan_book.rows(visit.caller, "events", visit.clocks, borrower=borrower):
        day = row.get("date") or row.get("event_date")
        if day is not None:
            events.append({"on": day, "what": "event", "text": " · ".join(str(row[k]) for k in ("kind", "type", "text", "description", "title") if row.get(k)), "link": None})  # fmt: skip
    for record in visit.bank.store.trail.search(visit.caller, borrower=borrower, limit=MOST_EVENTS, to=visit.asked_known_at):
        if record.act not in ("ingest", "answer", "record", "alert"):
            events.append(
                {"on": record.at.date(), "what": record.act, "text": record.object, "link": visit.links.record(record.id)}
            )
    return sorted(events, key=lambda event: event["on"], reverse=True)[:MOST_EVENTS]


@routes.get("/loans/{loan}")
def loan_page(request: Request, visit: Looking, loan: str) -> Response:
    """One loan: terms, arrears, classification and schedule."""
    from tools.toolbox.loan_states import loan_row, loan_shapes, views_of

    if not views_of(visit.desk, None, loan):
        raise not_found(f"no loan {loan!r}")
    shape = loan_shapes(visit.desk, loan=loan)[0]
    usage = usage_shape(visit.desk.usage(loan))
    return render(
        request, "loan.html", visit, loan=shape, row=loan_row(visit.desk, loan), usage=usage, spoken=language_of(request)
    )
