"""What kind of paper a file is, measured: the sample bank by its truth, filings by their folder, and papers typeset anew.

    rows = recognition_rows(bank=Path("bank"), filings=Path("../shared/filings"))

Only the first look is taken (nothing is read into facts), so that hundreds of files are measured in a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.blocks import Reading
from ingestion.pdf.document import PdfDocument
from ingestion.readers.decoding import decoded
from ingestion.readers.docx import docx_reading
from ingestion.readers.email import email_reading
from ingestion.readers.html import html_reading
from ingestion.readers.pdf_prose import blocks_of_pages
from ingestion.readers.plain import markdown_reading, text_reading
from ingestion.readers.workbook import workbook_reading
from ingestion.recognition import Recognised, recognise
from ingestion.sniffing import sniff

LOOKED_AT = 50
"""Pages of a PDF that the first look sees."""
LEAST_PAGES = 6
"""A shorter filing may be a notice of something else: which it is, its folder does not say."""
CONTRACT_SUFFIXES = (".htm", ".html", ".txt")


@dataclass(frozen=True, slots=True)
class Seen:
    """One file: what it is, and what it was taken for."""

    file: str
    expected: str
    found: str
    entity: str | None
    points: dict[str, int]

    @property
    def right(self) -> bool:
        """Whether both agree."""
        return self.expected == self.found


def recognition_rows(bank: Path | None = None, filings: Path | None = None) -> Iterator[Seen]:
    """The sample bank's documents by its truth, then filings: credit agreements by their folder, everything else a statement."""
    if bank is not None:
        with (bank / "truth" / "documents.jsonl").open(encoding="utf-8") as stream:
            for line in stream:
                entry = json.loads(line)
                yield _seen(bank / "documents" / entry["file"], entry["kind"])
    if filings is not None and filings.is_dir():
        for path in sorted(filings.rglob("*")):
            scanned = path.parent.name == "scanned"
            if path.suffix.lower() == ".pdf" and not scanned and _pages(path) >= LEAST_PAGES:
                yield _seen(path, "statement")
            elif path.parent.name == "contracts" and path.suffix.lower() in CONTRACT_SUFFIXES:
                yield _seen(path, "contract")


def _pages(path: Path) -> int:
    with PdfDocument.open(path) as document:
        return document.page_count


def first_look(path: Path) -> Recognised:
    """What recognition says of one file."""
    reading, lines = _reading(path)
    return recognise(reading, lines)


def _seen(path: Path, expected: str) -> Seen:
    found = first_look(path)
    return Seen(path.name, expected, found.kind, found.entity, dict(found.points))


def _reading(path: Path) -> tuple[Reading, list[str]]:
    data = path.read_bytes()
    form = sniff(data, path.name).format
    if form == "pdf":
        with PdfDocument.open(path) as document:
            texts = [document.text(index) for index in range(min(document.page_count, LOOKED_AT))]
        return blocks_of_pages(texts), [line for text in texts for line in text.splitlines()]
    if form == "docx":
        return docx_reading(data, path.name), []
    if form == "html":
        return html_reading(data, path.name), []
    if form == "email":
        return email_reading(data, path.name), []
    if form in ("xlsx", "xls", "csv"):
        return workbook_reading(data, path.name, form), []
    text, _ = decoded(data)
    return (markdown_reading(text) if form == "markdown" else text_reading(text)), []
