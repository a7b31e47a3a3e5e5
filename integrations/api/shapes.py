"""The shapes of interfaces.md as OpenAPI models. Fields beyond these may come with a later version: readers ignore what they do not know.

Money, rates and ratios are strings of plain decimals; dates ISO; pages from 1; boxes in points from the page's top left.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Box = list[float]


class Shape(BaseModel):
    """Fields are only ever added."""

    model_config = ConfigDict(extra="allow")


class FactShape(Shape):
    id: str
    kind: Literal["fact"]
    item: str
    value: str
    currency: str | None
    period_start: str | None
    period_end: str
    period_months: int
    scope: str
    assurance: str
    statement: str
    borrower: str
    document: str
    sha256: str
    page: int | None
    box: Box | None
    label_box: Box | None
    locator: str | None
    label: str
    raw: str
    confidence: str
    recorded_at: str | None
    superseded_by: str | None


class RowShape(Shape):
    kind: Literal["row"]
    table: str
    id: str
    columns: dict[str, str | None]


class FigureShape(Shape):
    id: str
    kind: Literal["figure"]
    name: str
    status: Literal["ok", "not_computable", "not_meaningful"]
    value: str | None
    unit: str
    currency: str | None
    period_end: str
    scope: str
    basis: str
    borrower: str
    formula: str
    rule: str
    missing: list[str]
    reason: str
    flags: list[str]
    inputs: list[FigureShape | FactShape | RowShape]


class PassageShape(Shape):
    id: str
    text: str
    document: str
    sha256: str
    kind: str
    borrower: str
    page: int | None
    boxes: list[Box]
    locator: str | None
    date: str | None
    score: str | None


class CitationShape(Shape):
    id: str
    supports: list[str]
    document: str
    sha256: str | None
    page: int | None
    box: Box | None
    locator: str | None
    quote: str


class ToolShape(Shape):
    name: str
    arguments: dict[str, Any]
    ms: int


class AskShape(Shape):
    answer: str
    language: str
    status: str
    verified: bool
    figures: list[FigureShape]
    facts: list[FactShape]
    citations: list[CitationShape]
    rows: list[RowShape]
    tools: list[ToolShape]
    model: str
    trail_id: str
    as_of: str
    known_at: str
    ms: int


class LoanShape(Shape):
    loan: str
    borrower: str
    currency: str
    balance: str | None
    rate: str | None
    start_date: str
    end_date: str
    as_of: str
    dpd: int | None
    bucket: str | None
    overdue: dict[str, str | None]
    next_due: dict[str, Any] | None
    dues_12m: str | None
    stage: int | None
    classification: dict[str, Any]


class CovenantShape(Shape):
    covenant: str
    borrower: str
    name: str
    type: str | None
    metric: str | None
    operator: str | None
    threshold: str | None
    test_date: str | None
    actual: str | None
    status: str | None
    headroom: str | None
    state: str


class SignalShape(Shape):
    borrower: str
    loan: str | None
    signal: str
    verdict: Literal["hit", "clear", "unknown"]
    severity: str | None


class AlertShape(Shape):
    alert: str
    borrower: str
    severity: str
    signals: list[Any]
    title: str
    explanation: str
    opened: str
    state: str
    owner: str | None
    due: str | None


class ProposalShape(Shape):
    proposal: str
    kind: str
    state: str


class BriefShape(Shape):
    borrower: str
    month: str
    sha256: str
    trail_id: str


class UsageShape(Shape):
    loan: str
    as_of: str


class DocumentShape(Shape):
    sha256: str
    name: str
    kind: str
    language: str
    borrower: str | None
    pages: int
    status: str
    message: str
    entity: str | None
    period_end: str | None
    date: str | None
    assurance: str | None
    bytes: int
    received_at: str
    recorded_at: str


class IngestShape(Shape):
    file: str
    sha256: str
    status: str
    kind: str
    borrower: str | None
    language: str
    facts: int
    passages: int
    checks: list[dict[str, Any]]
    message: str
    duplicate_of: str | None


class BorrowerShape(Shape):
    id: str
    name: str
    name_en: str | None
    aliases: list[str]
    type: str | None
    industry_code: str | None
    country_code: str | None
    status: str | None
    officer_id: str | None
    branch_id: str | None
    provisional: bool


class RecordShape(Shape):
    id: str
    position: int
    at: str
    user: str
    role: str
    act: str
    object: str
    borrower: str | None
    payload_sha256: str
    previous: str
    hash: str


class ShownRecordShape(RecordShape):
    payload: dict[str, Any] | None
    shredded: bool
    withheld: bool


class VerifyShape(Shape):
    ok: bool
    records: int
    head: str
    first_bad: dict[str, Any] | None


class RuleShape(Shape):
    id: str
    kind: str
    name: dict[str, str]


class FoundShape(Shape):
    numbers: list[str]
    borrowers: list[BorrowerShape]
    facts: list[FactShape]
    figures: list[FigureShape]
    documents: list[DocumentShape]
    passages: list[PassageShape]
    answers: list[RecordShape]


class MeShape(Shape):
    user: str
    role: str
    may_write: bool
    sees_everything: bool
    as_of: str
    known_at: str


class HealthShape(Shape):
    status: Literal["ok"]
    version: str


class ReadyShape(Shape):
    status: Literal["ready"]
    book_date: str | None
