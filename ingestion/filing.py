"""One read document filed: routed, compared with what is known, and stored with its facts, passages and trail record at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingestion.extraction import Extraction
from ingestion.reading import newest_period
from ingestion.routing import Assignment, Route, route
from ingestion.shapes import check_shape, message_shape, unmapped_shape
from tools.domain.callers import Caller
from tools.domain.facts import Fact
from tools.domain.money import plain
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.trail import Act

MOST_UNMAPPED = 2000
MOST_NOTES = 2
"""Warnings of the reading that fit in one line; all are in the document's report."""


@dataclass(frozen=True, slots=True)
class Filed:
    """How it was filed. `message` says all a person should know in one line."""

    borrower: str | None
    facts: int
    passages: int
    message: str
    newer_version_of: str | None = None


def file_extraction(
    store: Store, caller: Caller, extraction: Extraction, data: bytes, *, received_at: datetime, at: datetime,
    given: str | None = None, listed: Assignment | None = None,
) -> Filed:  # fmt: skip
    """Stores everything in one transaction. `received_at` is when the bank learned of it, `at` the time now. A document stored
    before without a borrower gets the one that is known now. Raises LoanwardError when the store refuses it."""
    if listed is not None and listed.assurance and extraction.assurance == "unknown":
        extraction.assurance = listed.assurance
    with store.transaction():
        chosen = route(store, caller, extraction, at, given=given, listed=listed)
        version, differing = _earlier_version(store, caller, extraction, chosen)
        message = _message(extraction, chosen, version, differing)
        document = Document(
            extraction.sha256, extraction.name, extraction.kind, extraction.language, chosen.borrower, extraction.pages,
            extraction.status, received_at, at, message, extraction.entity, newest_period(extraction), extraction.document_date,
            extraction.assurance, _report(extraction, chosen, version),
        )  # fmt: skip
        known = store.documents.get(caller, extraction.sha256)
        if known is None:
            store.documents.add(caller, document, data)
        elif known.borrower is None and chosen.borrower is not None:
            store.documents.amend(
                caller, extraction.sha256, at, borrower=chosen.borrower, message=message, report=dict(document.report)
            )
            store.passages.assign(caller, extraction.sha256, chosen.borrower, at)
        facts = [replace(fact, borrower=chosen.borrower) for fact in extraction.facts] if chosen.borrower else []
        stored = store.facts.record(caller, facts, received_at) if facts else 0
        pieces = [replace(piece, borrower=chosen.borrower or "", kind=extraction.kind) for piece in extraction.passages]
        store.passages.add(caller, pieces, received_at)
        lines = store.papers.add_lines(caller, extraction.account_lines, received_at)
        records = store.papers.add_records(caller, extraction.paper_records, received_at)
        payload = {
            "file": extraction.name, "kind": extraction.kind, "status": extraction.status, "facts": stored, "passages": len(pieces),
            "transactions": lines, "records": records, "routed_by": chosen.how, "received_at": received_at.isoformat(), "message": message,
        }  # fmt: skip
        store.trail.append(caller, Act.INGEST, extraction.sha256, payload, at, chosen.borrower)
    return Filed(chosen.borrower, len(facts), len(pieces), message, version.name if version else None)


def _earlier_version(store: Store, caller: Caller, extraction: Extraction, chosen: Route) -> tuple[Document | None, int]:
    """The stored statement of the same borrower and period this one replaces, and how many of its values differ."""
    period = newest_period(extraction)
    if extraction.kind != "statement" or chosen.borrower is None or period is None or not extraction.facts:
        return None, 0
    mine = {_place(fact): fact.value for fact in extraction.facts}
    for other in store.documents.list(caller, chosen.borrower, "statement"):
        if other.sha256 == extraction.sha256 or other.period_end != period:
            continue
        theirs = {_place(fact): fact.value for fact in store.facts.of_document(caller, other.sha256)}
        shared = [place for place in mine if place in theirs]
        if len(shared) * 2 >= min(len(mine), len(theirs)) and shared:
            return other, sum(mine[place] != theirs[place] for place in shared)
    return None, 0


def _place(fact: Fact) -> tuple[object, ...]:
    return (fact.item, fact.period.end, fact.period.months, fact.scope)


def _message(extraction: Extraction, chosen: Route, version: Document | None, differing: int) -> str:
    parts = [chosen.message] if chosen.message else []
    if version is not None:
        day = version.received_at.date().isoformat()
        parts.append(f"a newer version of {version.name} (received {day}): {differing} values differ")
    if chosen.borrower is None and extraction.facts:
        parts.append(f"its {len(extraction.facts)} values are kept aside until it has a borrower")
    failed = [check for check in extraction.checks if check.status == "failed"]
    if failed:
        parts.append(f"{len(failed)} checks failed: {', '.join(dict.fromkeys(check.id for check in failed))}")
    other = extraction.kind == "other"  # what is kept as text only says so
    notes = [message.text for message in extraction.messages if message.level != "info" or other]
    parts += notes[:MOST_NOTES]
    if len(notes) > MOST_NOTES:
        parts.append(f"and {len(notes) - MOST_NOTES} more, kept with the document")
    return "; ".join(part.rstrip(". ") for part in parts)


def _report(extraction: Extraction, chosen: Route, version: Document | None) -> dict[str, Any]:
    return {
        "checks": [check_shape(check) for check in extraction.checks],
        "unmapped": [unmapped_shape(row) for row in extraction.unmapped[:MOST_UNMAPPED]],
        "messages": [message_shape(message) for message in extraction.messages],
        "covenants": [covenant | {"borrower": chosen.borrower} for covenant in extraction.covenants],
        "observations": extraction.observations, "details": extraction.details,
        "currency": extraction.currency, "scale": plain(extraction.scale) if extraction.scale is not None else None,
        "standard": extraction.standard, "registration_id": extraction.registration_id, "routed_by": chosen.how,
        "newer_version_of": version.sha256 if version else None,
    }  # fmt: skip
