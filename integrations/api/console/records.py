"""Answers and the trail: what was asked and said, on which sources, who did what, and proof that none of it was altered."""

from __future__ import annotations

import re
from difflib import ndiff
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from markupsafe import Markup, escape

from integrations.api.console.frame import Acting, Looking, go, language_of, render
from integrations.api.problems import Refused, not_found
from integrations.api.rest.asking import Question, answered
from integrations.api.rest.records import known_record
from integrations.api.visits import parse_moment
from integrations.links import Links
from tools.store.trail import Act

routes = APIRouter(include_in_schema=False)
A_PAGE = 50
MOST_READ = 20_000
_NUMBERED = re.compile(r"\[(\d{1,3})\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@routes.get("/ask")
def ask_page(request: Request, visit: Looking, q: str = "", borrower: str = "") -> Response:
    """The form to ask from, with the visitor's own latest questions."""
    own = visit.bank.store.trail.search(visit.caller, user=visit.caller.user, act="answer", limit=10)
    asked = [(record, visit.bank.store.trail.show(visit.caller, record.id)) for record in own]
    return render(
        request, "ask.html", visit, q=q[:4000], borrower=borrower, own=[(r, (s or {}).get("payload") or {}) for r, s in asked]
    )


@routes.post("/ask")
def ask(
    visit: Acting, question: Annotated[str, Form(max_length=4000)] = "", borrower: Annotated[str, Form(max_length=200)] = "",
    thread: Annotated[str, Form(max_length=200)] = "",
) -> Response:  # fmt: skip
    """Asks; the answer's own page shows it."""
    if not question.strip():
        raise Refused(
            422,
            "invalid",
            "the question is empty",
            where="question",
            fix="Ask something, for example about a borrower's ratios",
        )
    result = answered(visit, Question(question=question, borrower=borrower.strip() or None, thread=thread.strip() or None))
    return go(visit.links.answer(result.trail_id))


@routes.get("/answers/{record}")
def answer_page(request: Request, visit: Looking, record: str) -> Response:
    """An answer as it was given: text with its sources, tools, model, rules, the gate's verdict and the hashes."""
    found = known_record(visit, record)
    if found["act"] != "answer":
        raise not_found(f"no answer {record!r}")
    payload: dict[str, Any] = found["payload"] or {}
    citations = payload.get("citations") or []
    places = {str(c.get("id")): place_of(visit.links, c) for c in citations}
    return render(
        request, "answer.html", visit, record=found, payload=payload, citations=citations, places=places,
        text=with_sources(str(payload.get("answer", "")), places), spoken=language_of(request),
        same_rules=payload.get("rulebook") == visit.bank.rulebook.digest,
    )  # fmt: skip


@routes.get("/answers/{record}/replay")
def replay_page(request: Request, visit: Looking, record: str) -> Response:
    """The same question asked again at its own clocks with the rights its asker had: the same, or what differs. Records nothing."""
    from assistant.replay import replay

    shown = known_record(visit, record)
    if shown["act"] != "answer":
        raise not_found(f"no answer {record!r}")
    if shown["withheld"] or shown["shredded"]:
        return go(visit.links.answer(record))
    found = replay(visit.bank, visit.caller, record)
    before, after = compared(found.then, found.again or found.then)
    return render(
        request, "replay.html", visit, record=shown, found=found, then=with_sources(found.then, {}), before=before, after=after
    )


def compared(then: str, now: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """The lines of two texts, each with whether only its own text has it."""
    lines = [line for line in ndiff(then.split("\n"), now.split("\n")) if line[:2] != "? "]
    before = [(line[0] == "-", line[2:]) for line in lines if line[0] != "+"]
    after = [(line[0] == "+", line[2:]) for line in lines if line[0] != "-"]
    return before, after


def place_of(links: Links, citation: dict[str, Any]) -> str | None:
    """Where a citation opens; None for one that stands on the loan book or the rulebook."""
    sha256 = citation.get("sha256")
    if (
        not sha256
        or not re.fullmatch(r"[0-9a-f]{64}", str(sha256))
        or str(citation.get("document", "")).startswith("rulebook/")
    ):
        return None
    boxes = citation.get("boxes") or ([citation["box"]] if citation.get("box") else [])
    page, locator = citation.get("page"), citation.get("locator")
    if page is None:
        return links.page(sha256, None, None, locator=locator) if locator else None
    if len(boxes) > 1:
        joined = ";".join(",".join(f"{edge:g}" for edge in box) for box in boxes[:20])
        return links.path(f"/documents/{sha256}/pages/{page}", box=joined)
    return links.page(sha256, page, boxes[0] if boxes else None)


def with_sources(text: str, places: dict[str, str | None]) -> Markup:
    """The answer's text as HTML: paragraphs, lists, tables as written, and every [1] a link to its page."""
    safe = str(escape(text))

    def link(match: re.Match[str]) -> str:
        number = match[1]
        if number not in places:
            return match[0]
        return f'<a class="ref" href="#source-{number}">[{number}]</a>'

    safe = _BOLD.sub(r"<strong>\1</strong>", _NUMBERED.sub(link, safe))
    out: list[str] = []
    block = ""
    for line in safe.split("\n"):
        kind = (
            "ul" if re.match(r"\s*[-*•] ", line) else "table" if line.strip().startswith("|") else "p" if line.strip() else ""
        )
        if kind != block:
            out += [f"</{block}>"] if block in ("ul", "table") else []
            out += [f"<{kind}>"] if kind in ("ul", "table") else []
            block = kind
        if kind == "ul":
            out.append("<li>" + re.sub(r"^\s*[-*•] ", "", line) + "</li>")
        elif kind == "table":
            if not re.fullmatch(r"[|\s:\-]+", line):
                out.append(
                    "<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in line.strip().strip("|").split("|")) + "</tr>"
                )
        elif kind == "p":
            out.append(f"<p>{line}</p>")
    out += [f"</{block}>"] if block in ("ul", "table") else []
    return Markup("".join(out))


@routes.get("/trail")
def trail(
    request: Request, visit: Looking, q: str = "", act: str = "", by: str = "", borrower: str = "", since: str = "", until: str = "",
    before: str = "",
) -> Response:  # fmt: skip
    """Who did what and when, newest first."""
    times = []
    for name, text in (("since", since), ("until", until)):
        try:
            times.append(parse_moment(text))
        except (ValueError, OverflowError):
            raise Refused(422, "invalid", f"{text[:40]!r} is not a day", where=name, fix="Write 2026-10-31") from None
    who = visit.desk.borrower(borrower).id if borrower else None
    position = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    ends = [moment for moment in (times[1], visit.asked_known_at) if moment]
    found = visit.bank.store.trail.search(
        visit.caller, user=by or None, act=act or None, borrower=who, from_=times[0], to=min(ends) if ends else None, text=q[:200] or None,
        limit=A_PAGE + 1, before=position, most_read=MOST_READ,
    )  # fmt: skip
    return render(
        request, "trail.html", visit, records=found[:A_PAGE], more=len(found) > A_PAGE, q=q, act=act, by=by, borrower=borrower, since=since,
        until=until, acts=[str(one) for one in Act], head=visit.bank.store.trail.head() if visit.caller.everything else None,
    )  # fmt: skip


@routes.get("/trail/verify")
def verify(request: Request, visit: Looking) -> Response:
    """Reads everything and says whether anything was altered."""
    found = visit.bank.store.trail.verify(visit.caller)
    return render(request, "verify.html", visit, found=found)


@routes.get("/trail/{record}")
def record_page(request: Request, visit: Looking, record: str) -> Response:
    """One record with everything it says."""
    return render(request, "record.html", visit, record=known_record(visit, record))
