"""What reading the statements of one file came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ingestion.extraction import Check, Message, ReadStatus, Unmapped
from tools.domain.facts import Fact


@dataclass(slots=True)
class StatementReading:
    """What the statements of one file say. `statement_pages` count from 1; `scale` and `currency` are the statements' own,
    None when they do not say. `texts` are the page texts, so that nobody needs to read them again."""

    facts: list[Fact] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    entity: str | None = None
    registration_id: str | None = None
    currency: str | None = None
    scale: Decimal | None = None
    standard: str | None = None
    language: str = "en"
    assurance: str = "unknown"
    period_end: date | None = None
    messages: list[Message] = field(default_factory=list)
    statement_pages: list[int] = field(default_factory=list)
    status: ReadStatus = "ok"
    texts: list[str] = field(default_factory=list)
