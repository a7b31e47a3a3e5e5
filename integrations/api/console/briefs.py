"""Monthly briefs: those that were written, as the trail has them, and a new one on the spot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from integrations.api.console.frame import Acting, Looking, language_of, render
from integrations.api.problems import Refused, not_found

if TYPE_CHECKING:
    from assistant.briefs.service import Format

routes = APIRouter(include_in_schema=False)
KINDS = {
    "html": "text/html; charset=utf-8", "pdf": "application/pdf", "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
FORMATS: dict[str, Format] = {"html": "html", "pdf": "pdf", "docx": "docx", "md": "md"}
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A brief is a file of its own with its style inside; it may do nothing else."""


@routes.get("/briefs/{borrower}/{month}")
def brief_page(request: Request, visit: Looking, borrower: str, month: str) -> Response:
    """The newest brief of a month the visitor may read, as it was recorded, the records of all, and the form for a new one."""
    who, month = visit.desk.borrower(borrower), _month(month)
    trail = visit.bank.store.trail
    records = trail.search(visit.caller, act="brief", object=f"{who.id}:{month}", to=visit.asked_known_at, limit=20)
    readable = (shown for record in records if (shown := trail.show(visit.caller, record.id)) and shown["payload"])
    texts = next((shown["payload"].get("texts") for shown in readable), None) or {}
    language = language_of(request)
    text = str(texts.get(language) or next(iter(texts.values()), ""))
    return render(
        request, "brief.html", visit, who=who, month=month, records=records, text=text, formats=tuple(FORMATS), may_write=visit.caller.can_write,
        language_of_text="zh" if text is texts.get("zh") else "en",
    )  # fmt: skip


@routes.post("/briefs/{borrower}/{month}")
def write(
    visit: Acting, borrower: str, month: str, format: Annotated[str, Form(max_length=10)] = "html", language: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Writes it, records it, hands it over."""
    who, month = visit.desk.borrower(borrower), _month(month)
    chosen = FORMATS.get(format)
    if chosen is None:
        raise Refused(422, "invalid", f"{format!r} is no format", where="format", fix="Use html, pdf, docx or md")
    spoken = language if language in ("zh", "en", "both") else None
    written = visit.bank.briefs.write(visit.caller, who.id, month, visit.clocks, visit.now, spoken)  # type: ignore[arg-type]
    headers = {"Content-Security-Policy": ALONE}
    if chosen != "html":
        headers["Content-Disposition"] = f'attachment; filename="{who.id}-{month}.{chosen}"'
    return Response(written.content(chosen), media_type=KINDS[chosen], headers=headers)


def _month(text: str) -> str:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        raise not_found(f"no month {text[:20]!r}", fix="Write it as 2026-10")
    return text
