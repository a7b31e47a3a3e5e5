"""Documents: the list, one document, its pages with the number outlined, files without pages as tables and text, and uploading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from ingestion.cell_names import column_letters
from ingestion.viewing import Grid, View, view_of
from integrations.api.console.frame import Acting, Looking, render
from integrations.api.pictures import Box
from integrations.api.problems import Refused, not_found
from integrations.api.rest.papers import KINDS, bytes_of, handed_out, known_document, numbers_of, take_in
from integrations.api.visits import Visit
from tools.domain.facts import Fact
from tools.store.documents import Document

routes = APIRouter(include_in_schema=False)
ZOOMS = {"fit": 1.5, "1": 1.5, "2": 2.0, "3": 3.0}
A_PAGE = 50
MOST_BOXES = 50


@routes.get("/documents")
def documents(request: Request, visit: Looking, q: str = "", kind: str = "", borrower: str = "", start: int = 0) -> Response:
    """Documents the bank had received, newest first."""
    start = max(0, min(start, 1_000_000))
    who = visit.desk.borrower(borrower).id if borrower else None
    found = visit.bank.store.documents.named(
        visit.caller, q.split()[:10], visit.clocks, borrower=who, kind=kind or None, limit=A_PAGE + 1, offset=start
    )
    return render(
        request, "documents.html", visit, documents=found[:A_PAGE], more=len(found) > A_PAGE, q=q, kind=kind, kinds=KINDS, start=start,
        size=A_PAGE, borrower=borrower,
    )  # fmt: skip


@routes.get("/upload")
def upload_page(request: Request, visit: Looking) -> Response:
    """The form that brings a document in."""
    return render(request, "upload.html", visit, results=None, kinds=KINDS, limit=visit.bank.settings.upload_limit)


@routes.post("/upload")
def upload(
    request: Request, visit: Acting, file: Annotated[UploadFile, File()], borrower: Annotated[str, Form(max_length=200)] = "",
    kind: Annotated[str, Form(max_length=50)] = "", received: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Reads it and says what became of it."""
    results = take_in(visit, file, borrower or None, kind or None, received or None)
    return render(request, "upload.html", visit, results=results, kinds=KINDS, limit=visit.bank.settings.upload_limit)


@routes.get("/documents/{sha256}")
def document(request: Request, visit: Looking, sha256: str) -> Response:
    """What a document is, what was read from it, and what was not."""
    found = known_document(visit, sha256)
    facts = sorted(visit.bank.store.facts.of_document(visit.caller, found.sha256), key=_reading_order)
    report: dict[str, Any] = dict(found.report)
    checks = [check for check in report.get("checks", ()) if isinstance(check, dict)]
    return render(
        request, "document.html", visit, document=found, facts=_in_force(visit, facts), report=report, sound=_sound(visit, found),
        checks={state: sum(c.get("status") == state for c in checks) for state in ("ok", "failed", "cannot_tell")},
        failed=[check for check in checks if check.get("status") == "failed"],
    )  # fmt: skip


def _reading_order(fact: Fact) -> tuple[int, float, float]:
    """Page by page, line by line."""
    box = fact.source.box or (0.0, 0.0, 0.0, 0.0)
    return fact.source.page or 0, round(box[1] / 4), box[0]


def _sound(visit: Visit, document: Document) -> Refused | None:
    """Why its bytes cannot be shown, None when they can."""
    try:
        bytes_of(visit, document)
    except Refused as problem:
        return problem
    return None


def _in_force(visit: Visit, facts: Sequence[Fact]) -> list[tuple[Fact, bool]]:
    """Each fact known by then, with whether it is in force."""
    known = [fact for fact in facts if fact.recorded_at is None or fact.recorded_at <= visit.clocks.known_at]
    active: set[str] = set()
    for borrower in {fact.borrower for fact in known}:
        active |= {fact.id for fact in visit.desk.store.facts.active(visit.caller, borrower, visit.clocks)}
    return [(fact, fact.id in active) for fact in known]


@routes.get("/documents/{sha256}/original")
def original(visit: Looking, sha256: str) -> Response:
    """The bytes as received, as a download."""
    return handed_out(visit, known_document(visit, sha256))


@routes.get("/documents/{sha256}/pages/{page}.png")
def picture(visit: Looking, sha256: str, page: str, zoom: str = "1") -> Response:
    """The bare page; outlines are laid over it by whoever shows it."""
    found = known_document(visit, sha256)
    drawn = visit.shop.pictures.page(bytes_of(visit, found), found.sha256, _page_number(found, page), ZOOMS.get(zoom, 1.5))
    return Response(drawn.png, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


@routes.get("/documents/{sha256}/pages/{page}/cut.png")
def cut(visit: Looking, sha256: str, page: str, box: str, label: str = "") -> Response:
    """The strip of a page with one number and its label."""
    found = known_document(visit, sha256)
    number, words = numbers_of(box), numbers_of(label) if label else None
    png = visit.shop.pictures.cut(bytes_of(visit, found), found.sha256, _page_number(found, page), number, words)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


@routes.get("/documents/{sha256}/pages/{page}")
def page_view(
    request: Request, visit: Looking, sha256: str, page: str, box: str = "", label: str = "", zoom: str = "fit", fact: str = "",
) -> Response:  # fmt: skip
    """A page with numbers outlined, its facts beside it, and the pages before and after."""
    found = known_document(visit, sha256)
    number = _page_number(found, page)
    drawn = visit.shop.pictures.page(bytes_of(visit, found), found.sha256, number)
    facts = [f for f in visit.bank.store.facts.of_document(visit.caller, found.sha256) if f.source.page == number]
    facts.sort(key=_reading_order)
    boxes, labels = _boxes(box), _boxes(label)
    chosen = next((f for f in facts if f.id == fact or (boxes and _same(f.source.box, boxes[0]))), None)
    if chosen is not None and not boxes and chosen.source.box:
        boxes = [chosen.source.box]
    if chosen is not None and not labels and chosen.source.label_box:
        labels = [chosen.source.label_box]
    for one in (*boxes, *labels):
        if one[0] >= drawn.width or one[1] >= drawn.height or one[2] <= 0 or one[3] <= 0:
            raise Refused(422, "invalid", "the box lies outside the page", where="box",
                          fix=f"Page {number} is {drawn.width:.0f} by {drawn.height:.0f} points")  # fmt: skip
    return render(
        request, "page.html", visit, document=found, number=number, drawn=drawn, facts=_in_force(visit, facts), boxes=boxes, labels=labels,
        zoom=zoom if zoom in ZOOMS else "fit", chosen=chosen, pad=2.5,
    )  # fmt: skip


def _page_number(document: Document, text: str) -> int:
    """A page of a document with pages. Refused (404) for a page it does not have."""
    pages = document.pages
    if pages == 0:
        raise not_found("this document has no pages", fix="Open its text view instead")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= pages):
        raise not_found(f"no page {text[:20]!r}", fix=f"Pages run from 1 to {pages}")
    return int(text)


def _boxes(text: str) -> list[Box]:
    """Boxes as a link writes them, several joined by a semicolon."""
    return [numbers_of(part) for part in text.split(";")[:MOST_BOXES] if part]


def _same(one: Box | None, other: Box) -> bool:
    return one is not None and all(abs(a - b) < 0.05 for a, b in zip(one, other, strict=True))


@routes.get("/documents/{sha256}/text")
def text_view(request: Request, visit: Looking, sha256: str, at: str = "", sheet: str = "") -> Response:
    """A file without pages: its sheets, tables and paragraphs with the cited cell or paragraph marked."""
    found = known_document(visit, sha256)
    view = view_of(bytes_of(visit, found), found.name)
    facts = {f.source.locator: f for f in visit.bank.store.facts.of_document(visit.caller, found.sha256) if f.source.locator}
    sheets = [part.name for part in view if isinstance(part, Grid) and part.name and len(view) > 1 and _is_sheet(part)]
    chosen = sheet if sheet in sheets else next((s for s in sheets if at.startswith(f"{s}!")), sheets[0] if sheets else "")
    shown: View = [p for p in view if not sheets or (isinstance(p, Grid) and p.name == chosen)]
    return render(
        request, "text.html", visit, document=found, view=shown, at=at, marked=marked(shown, at), facts=facts, sheets=sheets, sheet=chosen,
        letters=[column_letters(i) for i in range(max((p.columns for p in shown if isinstance(p, Grid)), default=0))],
    )  # fmt: skip


def _is_sheet(grid: Grid) -> bool:
    return any(place.startswith(f"{grid.name}!") for place, _, _ in grid.rows[:1])


def marked(view: View, at: str) -> str:
    """The locator to mark: the cell or paragraph itself, else the row it lies in; empty when the view has no such place."""
    if not at:
        return ""
    places: set[str] = set()
    for part in view:
        if isinstance(part, Grid):
            for place, _, cells in part.rows:
                places.add(place)
                places.update(cell.locator for cell in cells)
        else:
            places.add(part.locator or "")
    if at in places:
        return at
    first = at.split(":")[0].split(" to ")[0]
    return first if first in places else ""
