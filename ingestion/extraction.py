"""What reading one file gives: facts, checks, unmapped rows, passages and messages, before anything is stored.

Readers fill `borrower` with "" because a reader never decides whose file it is; routing does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tools.domain.account_lines import AccountLine
from tools.domain.facts import Box, Fact, Passage
from tools.domain.paper_records import PaperRecord

ReadStatus = Literal["ok", "partial", "rejected"]
CheckStatus = Literal["ok", "failed", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Check:
    """One identity of handbook 2.2 on one statement column. `difference` in currency units, left minus right."""

    id: str
    period_end: date
    status: CheckStatus
    difference: Decimal | None
    facts: tuple[str, ...]
    scope: str = "consolidated"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A row of a statement no line item was found for: kept and shown, never dropped."""

    label: str
    raw: tuple[str, ...]
    page: int | None
    box: Box | None
    locator: str | None = None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person should know about the reading. `level` is info, warning or error."""

    level: str
    page: int | None
    text: str


@dataclass(slots=True)
class Extraction:
    """Everything read from one file. `currency` and `scale` are the statement's own; None when it does not say."""

    name: str
    sha256: str
    kind: str
    language: str
    pages: int
    status: ReadStatus
    entity: str | None = None
    registration_id: str | None = None
    period_end: date | None = None
    document_date: date | None = None
    currency: str | None = None
    scale: Decimal | None = None
    standard: str | None = None
    assurance: str = "unknown"
    facts: list[Fact] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    covenants: list[dict[str, Any]] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    """Structured parts of the whole paper: a contract's terms, a visit note's sections. Each part names its place."""
    messages: list[Message] = field(default_factory=list)
    account_lines: list[AccountLine] = field(default_factory=list)
    """What `transactions` shows, typed."""
    paper_records: list[PaperRecord] = field(default_factory=list)
