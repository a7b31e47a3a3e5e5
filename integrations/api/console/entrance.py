"""Coming in and out, choosing language and theme, and the page one begins with."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, Response

from integrations.api.console.frame import (
    HERE,
    LANGUAGE_COOKIE,
    LANGUAGES,
    THEME_COOKIE,
    THEMES,
    YEAR,
    Acting,
    Looking,
    go,
    language_of,
    local,
    own_letters,
    render,
)
from integrations.api.lettering import slice_of, stylesheet
from integrations.api.problems import Refused
from integrations.api.visits import COOKIE, Visit, address_of, shop_of, wall_clock
from tools.domain.names import Borrower
from tools.store.tokens import csrf_of

routes = APIRouter(include_in_schema=False)
DOOR = "loanward_door"
"""A cookie of the login page alone: nobody can log somebody else in by a form on another site."""
ASSETS = {"console.css": "text/css", "console.js": "text/javascript", "mark.svg": "image/svg+xml"}
WATCHED, TOLD, FEW_LOANS = 60, 12, 200


@routes.get("/static/{name}")
def asset(name: str) -> Response:
    """The stylesheets, the small script, the mark, and letters for machines that cannot write Chinese."""
    headers = {"Cache-Control": "public, max-age=3600"}
    if name == "han.css":
        return Response(stylesheet(own_letters()), media_type="text/css", headers=headers)
    if name.startswith("han-") and name.endswith(".woff"):
        font = slice_of(own_letters(), name.removeprefix("han-").removesuffix(".woff"))
        if font is not None:
            return Response(font, media_type="font/woff", headers={"Cache-Control": "public, max-age=31536000, immutable"})
    if name not in ASSETS:
        raise Refused(404, "not_found", "no such file")
    return FileResponse(HERE / "static" / name, media_type=ASSETS[name], headers=headers)


@routes.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever a page says."""
    return asset("mark.svg")


@routes.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """Where a token becomes a session."""
    return _door(request, local(next))


def _door(request: Request, back: str, refused: str = "", status: int = 200) -> Response:
    secret = request.cookies.get(DOOR) or secrets.token_urlsafe(24)
    page = render(request, "login.html", None, status, next=back, door=csrf_of(secret), refused=refused)
    _set(request, page, DOOR, secret, 3600)
    return page


@routes.post("/login")
def login(
    request: Request, token: Annotated[str, Form(max_length=300)] = "", door: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:  # fmt: skip
    """Opens a session when the token is valid; otherwise says only that it is not."""
    shop = shop_of(request)
    shop.logins.take(address_of(request))
    secret = request.cookies.get(DOOR)
    if not secret or not secrets.compare_digest(csrf_of(secret).encode(), door.encode("utf-8", "replace")):
        return _door(request, local(next), "door", 403)
    opened = shop.bank.store.tokens.open_session(token, wall_clock())
    if opened is None:
        return _door(request, local(next), "token", 401)
    session, cookie = opened
    answer = go(local(next))
    _set(request, answer, COOKIE, cookie, int((session.expires_at - wall_clock()).total_seconds()))
    answer.delete_cookie(DOOR)
    return answer


@routes.post("/logout")
def logout(request: Request, visit: Acting) -> Response:
    """Ends the session on the server too."""
    visit.bank.store.tokens.end_session(request.cookies.get(COOKIE, ""), visit.now)
    answer = go("/login")
    answer.delete_cookie(COOKIE)
    return answer


@routes.get("/preferences")
def preferences(request: Request, language: str = "", theme: str = "", back: str = "/") -> Response:
    """Language and theme, kept by the browser; nothing about anybody is in them."""
    answer = go(local(back))
    for name, value, known in ((LANGUAGE_COOKIE, language, LANGUAGES), (THEME_COOKIE, theme, THEMES)):
        if value in known:
            answer.set_cookie(name, value, max_age=YEAR, samesite="lax", secure=request.url.scheme == "https")
    return answer


def _set(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https" or shop_of(request).bank.settings.console_url.startswith("https://")
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure)


@routes.get("/")
def home(request: Request, visit: Looking) -> Response:
    """For an officer the watch-list, for a manager the branch, for an auditor the search and the trail."""
    store = visit.bank.store
    alerts = list(store.alerts.list(visit.caller, clocks=visit.clocks))
    proposals = list(store.proposals.list(visit.caller, clocks=visit.clocks))
    everyone = visit.desk.index().borrowers
    by_borrower = _watch(everyone, alerts)
    records = store.trail.search(visit.caller, limit=TOLD, to=visit.asked_known_at) if visit.caller.role != "officer" else []
    documents = store.documents.named(visit.caller, [], visit.clocks, limit=TOLD)
    return render(
        request, "home.html", visit, alerts=alerts, proposals=proposals, watch=by_borrower[:WATCHED], borrowers=everyone,
        records=records, documents=documents, dues=_dues(visit), spoken=language_of(request),
    )  # fmt: skip


def _watch(everyone: Iterable[Borrower], alerts: list[Any]) -> list[dict[str, Any]]:
    """Borrowers, those with the worst alerts first."""
    rank = {"red": 0, "orange": 1, "yellow": 2}
    mine: dict[str, list[Any]] = {}
    for alert in alerts:
        mine.setdefault(alert.borrower, []).append(alert)
    rows = [{"borrower": b, "alerts": mine.get(b.id, [])} for b in everyone]
    return sorted(
        rows,
        key=lambda row: (min((rank[a.severity] for a in row["alerts"]), default=3), -len(row["alerts"]), row["borrower"].id),
    )


def _dues(visit: Visit) -> list[dict[str, Any]]:
    """Loans past due, then what falls due within a month. Only for a book small enough to judge loan by loan at once: for a large
    one the monitor's alerts say it."""
    if visit.caller.sees_nothing:
        return []
    snapshot = visit.bank.loan_book.snapshot(visit.clocks)
    if snapshot is None:
        return []
    key = ("dues", visit.caller, snapshot.id, visit.clocks.as_of, visit.asked_known_at)
    found: list[dict[str, Any]] = visit.shop.kept.get(key, lambda: _worked_out(visit))
    return found


def _worked_out(visit: Visit) -> list[dict[str, Any]]:
    from tools.domain.loan_shapes import loan_shape
    from tools.toolbox.loan_states import rulings, running, views_of

    if len(visit.bank.loan_book.rows(visit.caller, "loans", visit.clocks, limit=FEW_LOANS + 1)) > FEW_LOANS:
        return []
    soon = visit.clocks.as_of + timedelta(days=31)
    states = [state for state in views_of(visit.desk) if running(state)]
    late = sorted((s for s in states if (s.dpd or 0) > 0), key=lambda s: (-(s.dpd or 0), s.terms.id))
    coming = [s for s in states if not s.dpd and s.next_due and s.next_due.date <= soon]
    coming.sort(key=lambda s: (s.next_due.date if s.next_due else soon, s.terms.id))
    tasks = rulings(visit.desk).classification.tasks
    return [dict(loan_shape(state, tasks, schedule=False)) for state in (*late, *coming)[:TOLD]]
