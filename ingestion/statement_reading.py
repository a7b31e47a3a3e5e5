"""The statement reader put at the service of one document: what its statements say, moved into the Extraction.

A file recognised as a statement in which no statement is found keeps its text and says so; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.blocks import Block
from ingestion.extraction import Extraction, Message
from ingestion.pdf.document import PdfDocument
from ingestion.recognition import plausible_entity
from ingestion.scans.reading import Scans
from ingestion.statements.grid import read_grid
from ingestion.statements.outcome import StatementReading
from ingestion.statements.own_labels import LabelledItems, OwnLabel
from ingestion.statements.reading import read_statements
from ingestion.statements.sheets import Sheets, workbook_grids
from ingestion.statements.tables_in_text import block_grids, docx_grids, html_grids
from tools.domain.names import label_key
from tools.rulebook.loader import load_rulebook

WORKBOOKS = frozenset({"xlsx", "xls", "csv"})


def read_statement_file(
    source: PdfDocument | Path, form: str, extraction: Extraction, blocks: Sequence[Block] = (), scans: Scans | None = None,
    labels: Sequence[OwnLabel] = (),
) -> None:  # fmt: skip
    """Fills `extraction` from the statements in `source`, a PDF that is open (`scans`: its pages read from pictures) or the path of a
    file in `form`, whose text is in `blocks`; `labels` go before the chart's captions. Raises UnreadableFile when a workbook or Word file is damaged."""
    rulebook = load_rulebook()
    items = LabelledItems(rulebook.items, labels) if labels else rulebook.items
    if isinstance(source, PdfDocument):
        reading = read_statements(
            source,
            rulebook_items=items,
            name=extraction.name,
            sha256=extraction.sha256,
            identities=rulebook.identities,
            scans=scans,
        )
    else:
        sheets = _sheets(source, form, extraction.name, blocks)
        reading = read_grid(
            sheets.grids,
            rulebook_items=items,
            name=extraction.name,
            sha256=extraction.sha256,
            identities=rulebook.identities,
        )
        reading.messages[:0] = sheets.messages
        if any(m.level == "error" for m in sheets.messages):
            reading.status = "partial"
    _take(reading, extraction)
    _name_teachers(extraction, labels)


def _name_teachers(extraction: Extraction, labels: Sequence[OwnLabel]) -> None:
    """Facts that stand where a taught label put them say so."""
    taught = {(own.statement, label_key(own.label), own.item): own.by for own in labels}
    used: dict[str, str] = {}
    for at, fact in enumerate(extraction.facts):
        by = taught.get((fact.statement, label_key(fact.label), fact.item))
        if by is not None:
            extraction.facts[at] = replace(fact, flags=(*fact.flags, "taught"))
            used.setdefault(f"{fact.label} is taken as {fact.item}", by)
    for what, by in used.items():
        extraction.messages.append(Message("info", None, f"{extraction.name}: {what}, as taught by {by}"))


def _sheets(path: Path, form: str, name: str, blocks: Sequence[Block]) -> Sheets:
    if form in WORKBOOKS:
        return workbook_grids(path.read_bytes(), name, form)
    if form == "docx":
        return Sheets(docx_grids(path.read_bytes(), name))
    return Sheets(html_grids(path.read_bytes()) if form == "html" else block_grids(blocks))


def _take(reading: StatementReading, extraction: Extraction) -> None:
    extraction.facts, extraction.checks, extraction.unmapped = reading.facts, reading.checks, reading.unmapped
    if plausible_entity(reading.entity):
        extraction.entity = reading.entity
    extraction.registration_id = reading.registration_id or extraction.registration_id
    extraction.currency, extraction.scale, extraction.standard = reading.currency, reading.scale, reading.standard
    extraction.assurance, extraction.period_end = reading.assurance, reading.period_end
    extraction.language = reading.language
    extraction.status = reading.status
    extraction.messages += [Message(m.level, m.page, _located(m, extraction.name)) for m in reading.messages]
    if not reading.facts and not reading.statement_pages:
        text = (
            f"{extraction.name}: no balance sheet, income statement or cash flow statement was found in it; it is kept as text"
        )
        extraction.messages.append(Message("warning", None, f"{text}. If it holds one, read its pages by eye"))
    if not reading.facts:
        extraction.status = "partial"


def _located(message: Message, name: str) -> str:
    """A message that says its file and page."""
    if message.text.startswith(name):
        return message.text
    return f"{name}, page {message.page}: {message.text}" if message.page else f"{name}: {message.text}"
