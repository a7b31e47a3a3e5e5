"""Documents: listed, uploaded, handed back byte for byte, and shown as pages with a number outlined."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import File, Form, Query, UploadFile
from fastapi.responses import FileResponse, Response

from integrations.api.finding import document_shape
from integrations.api.problems import Refused, not_found
from integrations.api.rest.common import Limit, Offset, OneBorrower, PageNumber, Sha, router
from integrations.api.shapes import DocumentShape, FactShape, IngestShape
from integrations.api.visits import Visit, Visiting, parse_day
from tools.domain.shapes import fact_shape
from tools.errors import NotPermitted
from tools.store.documents import Document
from tools.store.trail import Act

routes = router("documents")
KINDS = ("statement", "contract", "visit_note", "bank_flow", "bureau", "evidence", "other")
LONGEST_NAME = 180
"""Bytes of a file name: with its folder it stays below what file systems take."""
BOX = r"^-?\d{1,5}(\.\d{1,4})?(,-?\d{1,5}(\.\d{1,4})?){3}$"
Boxes = Annotated[
    list[Annotated[str, Query(pattern=BOX)]] | None,
    Query(max_length=50, description="x0,top,x1,bottom in points; may be given several times"),
]
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
GONE: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, said in {409: "The bytes on disk were altered", 410: "The bytes are gone from disk"}.items()
}
_reading = BoundedSemaphore(2)
"""Uploads read at once: each takes a process."""


def known_document(visit: Visit, sha256: str) -> Document:
    """A document the visitor may see and the bank had by then; Refused (404) otherwise."""
    found = visit.bank.store.documents.get(visit.caller, sha256.lower())
    if found is None or found.received_at > visit.clocks.known_at:
        raise not_found(f"no document {sha256[:64]}")
    return found


def bytes_of(visit: Visit, document: Document) -> Path:
    """Where its bytes are, sound; Refused 410 or 409."""
    path = visit.bank.store.documents.path(visit.caller, document.sha256)
    assert path is not None
    visit.shop.pictures.check(path, document.sha256)
    return path


@routes.get("/documents", response_model=list[DocumentShape])
def documents(
    visit: Visiting, borrower: OneBorrower = None, kind: Annotated[str | None, Query(max_length=50)] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of the name or the company")] = None, limit: Limit = 100, offset: Offset = 0,
) -> Any:  # fmt: skip
    """Documents the bank had received, newest first."""
    who = visit.desk.borrower(borrower).id if borrower else None
    words = (q or "").split()
    found = visit.bank.store.documents.named(
        visit.caller, words, visit.clocks, borrower=who, kind=kind, limit=limit, offset=offset
    )
    return [document_shape(document) for document in found]


@routes.post("/documents", response_model=list[IngestShape], responses=GONE)
def upload(
    visit: Visiting, file: Annotated[UploadFile, File(description="A document or an archive of documents")],
    borrower: Annotated[str | None, Form(max_length=200)] = None, kind: Annotated[str | None, Form(max_length=50)] = None,
    received: Annotated[str | None, Form(max_length=10)] = None,
) -> Any:  # fmt: skip
    """Reads a document into facts and passages and reports what became of it."""
    return [result.shape() for result in take_in(visit, file, borrower or None, kind or None, received or None)]


def take_in(visit: Visit, file: UploadFile, borrower: str | None, kind: str | None, received: str | None) -> list[Any]:
    """Ingests an upload under its own name; the results name the file, not where it lay."""
    from dataclasses import replace

    from ingestion.pipeline import IngestOptions, ingest_paths
    from ingestion.routing import assignments_of

    if not visit.caller.can_write:
        raise NotPermitted(f"the role {visit.caller.role} may not store documents", where=f"user {visit.caller.user}")
    try:
        day = parse_day(received)
    except ValueError as problem:
        raise Refused(
            422, "invalid", f"{received!r} is not a day: {problem}", where="received", fix="Write 2026-10-31"
        ) from None
    if kind is not None and kind not in KINDS:
        raise Refused(422, "invalid", f"{kind!r} is no kind of document", where="kind", fix=f"Use one of {', '.join(KINDS)}")
    name = file_name(file.filename or "")
    rows = [dict(row) for row in visit.bank.loan_book.rows(visit.caller, "documents", visit.clocks)]
    options = IngestOptions(kind, borrower, day, 1, assignments_of(rows))  # type: ignore[arg-type]
    with _reading, tempfile.TemporaryDirectory(prefix="loanward-upload-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            while piece := file.file.read(1 << 20):
                out.write(piece)
        results = ingest_paths(visit.caller, [path], visit.bank.store, lambda: datetime.now(UTC), options)
        visit.bank.search.catch_up()
        return [
            replace(result, file=result.file.replace(f"{folder}/", ""), message=result.message.replace(f"{folder}/", ""))
            for result in results
        ]


def file_name(text: str) -> str:
    """The last part of whatever path a client sent, without what no file name may hold."""
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in ':*?"<>|').strip(" .")
    while len(kept.encode("utf-8", "replace")) > LONGEST_NAME:
        stem, dot, ending = kept.rpartition(".")
        kept = stem[:-1] + dot + ending if len(stem) > 1 else kept[:-1]
    return kept.encode("utf-8", "replace").decode() or "document"


@routes.get("/documents/{sha256}", response_model=DocumentShape)
def document(visit: Visiting, sha256: Sha) -> Any:
    """One document, with what reading it gave."""
    found = known_document(visit, sha256)
    return {**document_shape(found), "report": dict(found.report)}


@routes.get("/documents/{sha256}/facts", response_model=list[FactShape])
def facts_of(visit: Visiting, sha256: Sha) -> Any:
    """What one document reports, in page order."""
    return [fact_shape(fact) for fact in visit.bank.store.facts.of_document(visit.caller, known_document(visit, sha256).sha256)]


@routes.get("/documents/{sha256}/original", response_class=FileResponse, responses={**BYTES, **GONE})
def original(visit: Visiting, sha256: Sha) -> Response:
    """The bytes as they were received; handing them out is recorded."""
    return handed_out(visit, known_document(visit, sha256))


def handed_out(visit: Visit, found: Document) -> Response:
    """The original as a download that no browser opens by itself; recorded first."""
    path = bytes_of(visit, found)
    visit.bank.store.trail.append(visit.caller, Act.EXPORT, found.sha256, {"document": found.name}, visit.now, found.borrower)
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": "sandbox",
        "X-Document-SHA256": found.sha256,
    }
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


@routes.get("/documents/{sha256}/pages/{page}", response_class=Response, responses={**PNG, **GONE})
def page_image(
    visit: Visiting, sha256: Sha, page: PageNumber, box: Boxes = None, label_box: Boxes = None,
    scale: Annotated[float, Query(ge=1, le=3, description="Pixels to the point: 1, 1.5, 2 or 3")] = 1.5,
) -> Response:  # fmt: skip
    """A page of a PDF as PNG, numbers outlined in red and their labels in blue."""
    found = known_document(visit, sha256)
    if found.pages == 0:
        raise not_found("this document has no pages", fix="Read its facts: they have locators")
    boxes, labels = [numbers_of(b) for b in box or ()], [numbers_of(b) for b in label_box or ()]
    png = visit.shop.pictures.outlined(bytes_of(visit, found), found.sha256, page, boxes, labels, scale)
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


def numbers_of(text: str) -> tuple[float, ...]:
    """Four coordinates as a link writes them. Refused (422) for anything else."""
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != 4 or not all(abs(edge) < 1e5 for edge in found):
        raise Refused(
            422,
            "invalid",
            "a box is four numbers: x0,top,x1,bottom",
            where="box",
            fix="For example 372.61,141.25,408.57,149.62",
        )
    return found
