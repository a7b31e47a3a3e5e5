"""One file read into an Extraction: recognised by content, read by its format and its kind, nothing stored.

    extraction = extract_file(Path("report.pdf"))
    extraction.facts, extraction.passages, extraction.messages

A file that cannot be read gives a `rejected` extraction with one error message, so that a folder of files never stops at one.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingestion.blocks import Block, Reading
from ingestion.contracts.printed_tables import blocks_with_tables
from ingestion.contracts.reading import read_contract
from ingestion.contracts.terms import borrower_of, debtor_of, signed_on
from ingestion.extraction import Extraction, Message
from ingestion.language import language_of
from ingestion.notes.reading import read_note
from ingestion.papers.reading import read_papers
from ingestion.pdf.document import PdfDocument
from ingestion.quote_boxes import boxes_among
from ingestion.readers.decoding import decoded
from ingestion.readers.docx import docx_reading
from ingestion.readers.email import email_reading
from ingestion.readers.html import html_reading
from ingestion.readers.pdf_prose import blocks_of_pages
from ingestion.readers.plain import markdown_reading, text_reading
from ingestion.readers.workbook import workbook_reading
from ingestion.recognition import KINDS, Recognised, recognise
from ingestion.scans.engine import EngineName
from ingestion.scans.reading import Scans, read_pictures
from ingestion.sniffing import sniff
from ingestion.statement_reading import read_statement_file
from ingestion.statements.own_labels import OwnLabel
from ingestion.statements.scans import unread_pages
from ingestion.text_passages import cut_passages
from tools.domain.facts import Passage
from tools.errors import BadRequest, UnreadableFile

MAX_BYTES = 400_000_000
"""A longer file is refused as too_large before anything is read."""
NO_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]{0,80}/Count\s+0\b|/Count\s+0\b[^>]{0,80}/Type\s*/Pages\b")
TABULAR = frozenset({"xlsx", "xls", "csv"})

Progress = Callable[[str, int, int], None]
"""(stage, page, pages): stage is "text", "statements" or "passages"; called as work goes on."""


@dataclass(slots=True)
class _File:
    """What the format reader gave, and the way back to the open file for the statement reader."""

    name: str
    sha256: str
    form: str
    path: Path
    reading: Reading
    pdf: PdfDocument | None = None
    texts: Sequence[str] = ()
    scans: Scans | None = None


def extract_file(
    path: Path, *, kind: str | None = None, progress: Progress | None = None, engine: EngineName = "rapidocr",
    labels: Sequence[OwnLabel] = (),
) -> Extraction:  # fmt: skip
    """Reads the file at `path`. `kind` overrides recognition, `engine` reads its pictures, `labels` are the bank's and the borrower's own. Raises BadRequest when there is no such
    file or kind."""
    if not path.is_file():
        raise BadRequest("there is no such file", where=str(path), fix="Check the path")
    if path.stat().st_size > MAX_BYTES:
        return rejected(path.name, "", too_large(path.name, path.stat().st_size))
    return extract_bytes(path.read_bytes(), path.name, kind=kind, progress=progress, engine=engine, labels=labels)


def extract_bytes(
    data: bytes, name: str, *, kind: str | None = None, progress: Progress | None = None, engine: EngineName = "rapidocr",
    labels: Sequence[OwnLabel] = (),
) -> Extraction:  # fmt: skip
    """Reads a file held in memory; never raises for what is in it (see `rejected`)."""
    if kind is not None and kind not in KINDS:
        raise BadRequest(f"{kind!r} is no kind of document", fix=f"Use one of {', '.join(KINDS)}")
    sha256 = hashlib.sha256(data).hexdigest()
    report = progress or _silent
    try:
        if len(data) > MAX_BYTES:
            raise too_large(name, len(data))
        sniffed = sniff(data, name)
        with tempfile.TemporaryDirectory(prefix="loanward-") as folder:
            path = Path(folder) / f"file.{sniffed.format}"
            path.write_bytes(data)
            file = _read(data, name, sha256, sniffed.format, path, report, engine)
            try:
                extraction = _understand(file, kind, report, labels)
            finally:
                if file.pdf is not None:
                    file.pdf.close()
    except UnreadableFile as error:
        return rejected(name, sha256, error)
    if sniffed.note:
        extraction.messages.insert(0, Message("warning", None, f"{name}: {sniffed.note}"))
    return extraction


def rejected(name: str, sha256: str, error: UnreadableFile) -> Extraction:
    """An extraction that says only why the file was not read; the stable reason is in `details["reason"]`."""
    extraction = Extraction(name, sha256, "other", "en", 0, "rejected")
    extraction.messages.append(Message("error", None, str(error)))
    extraction.details = {"reason": error.reason}
    return extraction


def too_large(name: str, size: int) -> UnreadableFile:
    """The refusal of a file beyond MAX_BYTES."""
    return UnreadableFile(
        f"{size:,} bytes is more than the {MAX_BYTES:,} one document may have", reason="too_large", where=name,
        fix="Split it, or send the pages that matter",
    )  # fmt: skip


def _silent(stage: str, page: int, pages: int) -> None:
    return None


def _read(data: bytes, name: str, sha256: str, form: str, path: Path, report: Progress, engine: EngineName) -> _File:
    if form in ("pdf", "image"):
        return _read_pdf(name, sha256, path, report, engine)
    report("text", 1, 1)
    if form == "docx":
        reading = docx_reading(data, name)
    elif form == "html":
        reading = html_reading(data, name)
    elif form == "email":
        reading = email_reading(data, name)
    elif form in TABULAR:
        reading = workbook_reading(data, name, form)
    elif form in ("text", "markdown"):
        text, note = decoded(data)
        reading = markdown_reading(text) if form == "markdown" else text_reading(text)
        if note:
            reading.messages.append(Message("warning", None, f"{name}: {note}"))
    else:
        raise UnreadableFile(
            f"{form} files are opened, not read", reason="unsupported", where=name, fix="Ingest the archive itself"
        )
    if not reading.blocks:
        raise UnreadableFile("there is no text in it", reason="empty", where=name, fix="Ask for the file again")
    return _File(name, sha256, form, path, reading)


def _read_pdf(name: str, sha256: str, path: Path, report: Progress, engine: EngineName) -> _File:
    try:
        document = PdfDocument.open(path)
    except UnreadableFile as error:
        raise _judged(error, path, name) from error
    texts: list[str] = []
    for index in range(document.page_count):
        report("text", index + 1, document.page_count)
        texts.append(document.text(index))
    scans = read_pictures(document, texts, engine, report)
    texts = document.texts() if scans else texts
    reading = blocks_of_pages(texts)
    if scans is not None:
        reading.messages += [Message(m.level, m.page, f"{name}: {m.text}") for m in scans.messages]
    return _File(name, sha256, "pdf", path, reading, document, texts, scans)


def _judged(error: UnreadableFile, path: Path, name: str) -> UnreadableFile:
    """The refusal under the name the sender knows. The PDF library remembers its last error, so what it says of a file is
    checked against the file: only one with an encryption dictionary is locked, and an empty page tree is no damage."""
    reason, what, fix = error.reason, error.what, error.fix
    if reason in ("encrypted", "truncated"):
        data = path.read_bytes()
        if NO_PAGES.search(data):
            reason, what, fix = "no_pages", "the file has no pages", "Ask for it again"
        elif reason == "encrypted" and b"/Encrypt" not in data:
            reason, what, fix = (
                "truncated",
                "the file is cut off or damaged",
                "Ask for it again, or open and save it as a new PDF",
            )
    return UnreadableFile(what, reason=reason, where=name, fix=fix)


def _understand(file: _File, kind: str | None, report: Progress, labels: Sequence[OwnLabel]) -> Extraction:
    lines = [line for text in file.texts[:50] for line in text.splitlines()]
    first = recognise(file.reading, lines)
    chosen = kind or first.kind
    extraction = Extraction(
        file.name,
        file.sha256,
        chosen,
        language_of(file.reading.text),
        file.reading.pages,
        "ok",
        first.entity,
        first.registration_id,
    )
    extraction.document_date = file.reading.written or first.dated
    extraction.messages += file.reading.messages
    blocks = _by_kind(file, extraction, first, report, labels)
    _pictures(file, extraction)
    report("passages", file.reading.pages, file.reading.pages)
    extraction.passages = cut_passages(
        blocks, document=file.name, sha256=file.sha256, kind=extraction.kind, dated=extraction.document_date or extraction.period_end,
        apart=extraction.kind in ("contract", "visit_note"),
    )  # fmt: skip
    if file.scans is not None and file.pdf is not None:
        extraction.passages = [_outlined(passage, file.pdf) for passage in extraction.passages]
    return extraction


def _outlined(passage: Passage, document: PdfDocument) -> Passage:
    """A passage of a page read from its picture with its boxes: nobody will find them later in a text layer."""
    page = (passage.source.page or 0) - 1
    return replace(passage, boxes=boxes_among(document.words(page), passage.text)) if page in document.pictures else passage


def _by_kind(
    file: _File, extraction: Extraction, first: Recognised, report: Progress, labels: Sequence[OwnLabel]
) -> Sequence[Block]:
    """Fills what the kind gives and returns the blocks passages are cut from."""
    if extraction.kind == "contract":
        printed = file.pdf is not None and file.scans is None
        said = blocks_with_tables(file.pdf, file.texts) if file.pdf is not None and printed else file.reading.blocks
        contract = read_contract(said, file.sha256, file.name)
        extraction.covenants = contract.covenants
        extraction.details = {"terms": [term.shape() for term in contract.terms], "edits": contract.edits}
        secures, debtor = debtor_of(file.reading.text, contract.terms)
        extraction.entity = borrower_of(contract.terms) or (debtor if secures else extraction.entity)
        extraction.document_date = signed_on(contract.terms) or extraction.document_date
        return contract.blocks
    if extraction.kind == "visit_note":
        note = read_note(file.reading.blocks, file.reading.written)
        extraction.observations, extraction.details = note.observations, note.details
        extraction.document_date = note.visited or extraction.document_date
        extraction.entity = note.details["visit"]["borrower"] or extraction.entity
        return note.blocks
    if extraction.kind != "statement":
        read_papers(file.pdf, extraction, file.reading.blocks, file.reading.text)
        return file.reading.blocks
    pages = max(file.reading.pages, 1)
    report("statements", pages, pages)
    read_statement_file(file.pdf or file.path, file.form, extraction, file.reading.blocks, file.scans, labels)
    return file.reading.blocks


def _pictures(file: _File, extraction: Extraction) -> None:
    """Pages without text, or with text that makes no sense, are named; a document that is mostly such is only partly read."""
    if file.pdf is None or extraction.kind == "statement":
        return  # the statement reader has named them
    for place, message in enumerate(unread_pages(file.pdf, file.texts)):
        # before what the readers say of the rest: who reads one message reads this one
        extraction.messages.insert(place, Message(message.level, message.page, f"{file.name}: {message.text}"))
        if message.level == "warning":
            extraction.status = "partial"


def newest_period(extraction: Extraction) -> date | None:
    """The period the document is about: what the statement reader said, else the newest of its facts."""
    return extraction.period_end or max((fact.period.end for fact in extraction.facts), default=None)
