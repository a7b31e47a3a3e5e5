"""The statements of one PDF: pages found, tables measured, rows mapped, identities run.

    with PdfDocument.open(path) as document:
        reading = read_statements(document, rulebook_items=load_rulebook().items, name=path.name, sha256=digest)
    reading.facts, reading.checks, reading.unmapped, reading.messages

Geometry is spent only on statement pages. Nothing is guessed: what the page does not settle is in `messages`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ingestion.extraction import Message
from ingestion.pdf.document import PdfDocument
from ingestion.scans.reading import Scans
from ingestion.statements.assembly import statements_of
from ingestion.statements.calendar import Calendar, give_periods
from ingestion.statements.captions import Captions, captions_of
from ingestion.statements.choosing import Candidate, choose
from ingestion.statements.conclusions import conclude
from ingestion.statements.facts import Origin
from ingestion.statements.frames import Frame, frame_statement
from ingestion.statements.mapping import mapped
from ingestion.statements.model import Statement, printed_places
from ingestion.statements.notes import note_facts
from ingestion.statements.outcome import StatementReading
from ingestion.statements.parties import (
    assurance_of,
    dates_mentioned,
    entity_of,
    is_chinese,
    registration_id,
    report_hint,
    standard_of,
)
from ingestion.statements.repairs import Run, read_scanned
from ingestion.statements.scans import unread_pages
from ingestion.statements.sections import BALANCE
from ingestion.statements.signs import give_signs
from ingestion.statements.triage import look_at, seeds_of
from ingestion.statements.units import Unit, currencies_named, document_unit, dollar_currency
from ingestion.statements.vocabulary import CompactTexts
from tools.domain.definitions import Identity, LineItem


def read_statements(
    document: PdfDocument,
    *,
    rulebook_items: Mapping[str, LineItem],
    name: str,
    sha256: str,
    identities: Mapping[str, Identity] | None = None,
    unit: Unit | None = None,
    scans: Scans | None = None,
) -> StatementReading:
    """Reads the statements of `document`. `unit` (scale and currency) settles what the pages leave open, as a person answered;
    `scans` are its pages that were read from pictures."""
    texts = document.texts()
    origin = Origin(name, sha256)
    statements, run = taken_apart(document, texts, captions_of(rulebook_items), origin, identities or {}, unit or Unit())
    pictured = scans is not None and any(page - 1 in scans.pages for s in statements for page in s.pages)
    reading = read_scanned(statements, scans, run) if scans is not None and pictured else run(statements)
    reading.facts += note_facts(lambda page: document.layout(page, rules=False), texts, reading.facts, origin)
    unread = unread_pages(document, texts)
    reading.messages[:0] = unread
    if unread and any(m.level == "warning" for m in unread) and reading.status == "ok":
        reading.status = "partial"
    reading.texts = texts
    return reading


def taken_apart(
    document: PdfDocument,
    texts: Sequence[str],
    captions: Captions,
    origin: Origin,
    identities: Mapping[str, Identity],
    unit: Unit,
) -> tuple[list[Statement], Run]:
    """The statements of `document` as rows and columns, and what reads them. Reading changes them: who reads twice copies them."""
    tight = CompactTexts(texts)
    looks = [look_at(index, text, tight) for index, text in enumerate(texts)]
    statements = statements_of(seeds_of(looks), document.layout, [look.rows for look in looks], captions.known)

    def run(parts: Sequence[Statement]) -> StatementReading:
        pictures = frozenset(page + 1 for page in document.pictures)
        return read_parts(parts, texts, tight, captions, origin, identities, unit, pictures)

    return statements, run


def read_parts(
    statements: Sequence[Statement],
    texts: Sequence[str],
    tight: Sequence[str],
    captions: Captions,
    origin: Origin,
    identities: Mapping[str, Identity],
    unit: Unit,
    pictures: frozenset[int] = frozenset(),
) -> StatementReading:
    """Facts from statements already taken apart, whatever kind of file they come from. `texts` are its pages or sheets, `pictures` the pages, from 1,
    read from pictures."""
    chinese = is_chinese(texts)
    reading = StatementReading(language="zh" if chinese else "en")
    near = _window(tight, statements)
    reading.standard = standard_of(near, chinese=chinese)
    calendar = Calendar(report_hint(texts, chinese=chinese), chinese, mentions=lambda: dates_mentioned(texts))
    for statement in statements:
        if statement.kind == BALANCE:
            give_periods(statement, calendar)
    calendar.balance_dates = _balance_dates(statements)
    named = currencies_named(near)
    dollars = dollar_currency(named, reading.standard)
    frame = Frame(calendar, chinese, document_unit(near, named), unit, dollars, standard=reading.standard, pictures=pictures)
    if chinese and frame.unit.currency is None:
        frame.unit = Unit(frame.unit.factor, "CNY")
    reading.assurance = frame.assurance = assurance_of(near, texts, statements)
    candidates = [_candidate(s, frame, captions) for s in statements if s.kind != "equity"]
    chosen = choose(candidates)
    conclude(chosen, frame, captions, origin, identities, reading)
    reading.entity = entity_of(texts, statements, chinese=chinese)
    reading.registration_id = registration_id(texts)
    return reading


def _window(tight: Sequence[str], statements: Sequence[Statement]) -> list[str]:
    """The pages that say what holds for the statements: the first ones, the audit report before and the first notes after them."""
    pages = sorted(page for s in statements if s.kind != "equity" for page in s.pages)
    if not pages:
        return list(tight[:40])
    middle = pages[len(pages) // 2]
    kept = {*range(8), *range(max(middle - 30, 0), min(middle + 20, len(tight)))}
    return [tight[index] for index in sorted(kept) if index < len(tight)]


def _balance_dates(statements: Sequence[Statement]) -> list[date]:
    """Dates of the longest balance sheet: the others may be excerpts or older."""
    sheets = [s for s in statements if s.kind == BALANCE]
    if not sheets:
        return []
    longest = max(sheets, key=lambda s: (any(c.period for c in s.columns), s.scope != "parent", len(s.rows)))
    return sorted({c.period.end for c in longest.columns if c.period}, reverse=True)


def _candidate(statement: Statement, frame: Frame, captions: Captions) -> Candidate:
    messages: list[Message] = []
    frame_statement(statement, frame, messages)
    entries, unclear = mapped(statement, captions, Decimal(1).scaleb(-printed_places(statement)))
    candidate = Candidate(statement, entries, unclear, messages=messages)
    give_signs(entries, candidate.kind, [c.index for c in statement.columns if c.kind == "value"], captions)
    return candidate
