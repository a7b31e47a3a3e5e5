"""The search page: one box for numbers, names, words and answers, with filters that are links."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from integrations.api.console.frame import Looking, render
from integrations.api.finding import PARTS, Found, Wanted, find
from integrations.api.problems import Refused
from integrations.api.rest.papers import KINDS
from integrations.api.visits import parse_day
from tools.errors import BadRequest, UnknownBorrower

routes = APIRouter(include_in_schema=False)
FEW, MANY = 8, 30


@routes.get("/search")
def search_page(
    request: Request, visit: Looking, q: str = "", part: str = "", borrower: str = "", kind: str = "", since: str = "", until: str = "",
    start: int = 0,
) -> Response:  # fmt: skip
    """Everything a query finds, or more of one part of it."""
    trouble = ""
    days = []
    for name, text in (("since", since), ("until", until)):
        try:
            days.append(parse_day(text))
        except ValueError:
            raise Refused(422, "invalid", f"{text[:40]!r} is not a day", where=name, fix="Write 2026-10-31") from None
    parts = (part,) if part in PARTS else ()
    limit = MANY if parts else FEW
    wanted = Wanted(q, borrower or None, kind or None, days[0], days[1], parts, limit, max(0, min(start, 100_000)))
    try:
        found = find(visit, wanted)
    except UnknownBorrower as problem:
        found, trouble = Found(q), str(problem)
    except BadRequest as problem:
        raise Refused(400, "bad_request", problem.what, fix=problem.fix) from problem
    return render(
        request, "search.html", visit, q=q, part=part if parts else "", parts=PARTS, found=found, kinds=KINDS, borrower=borrower, kind=kind,
        since=since, until=until, trouble=trouble, few=limit, start=wanted.offset,
    )  # fmt: skip
