"""The search page: one box for numbers, names, words and answers, with filters that are links."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from integrations.api.console.frame import Looking, render
from integrations.api.finding import PARTS, Found, Wanted, find
from integrations.api.problems import Refused
from integrations.api.rest.papers import KINDS
from integrations.api.visits import Visit, parse_day
from tools.domain.facts import Passage
from tools.errors import BadRequest, UnknownBorrower
from tools.store.trail import TrailRecord

routes = APIRouter(include_in_schema=False)
FEW, MANY = 8, 30


def quoted(visit: Visit, passage: Passage) -> str:
    """Where a passage stands, all its lines outlined."""
    source = passage.source
    if source.page is None:
        return visit.links.page(source.sha256, None, None, locator=source.locator)
    boxes = ";".join(",".join(f"{edge:g}" for edge in box) for box in passage.boxes[:40])
    return visit.links.path(f"/documents/{source.sha256}/pages/{source.page}", box=boxes)


def _questions(visit: Visit, found: Found) -> list[tuple[TrailRecord, str]]:
    """Each answer with the question it answered."""
    shown = [(record, visit.bank.store.trail.show(visit.caller, record.id)) for record in found.answers]
    return [(record, str(((opened or {}).get("payload") or {}).get("question", ""))) for record, opened in shown]


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
        since=since, until=until, trouble=trouble, few=limit, start=wanted.offset, asked_answers=_questions(visit, found), quoted=lambda passage: quoted(visit, passage),
    )  # fmt: skip
