"""One record per invoice, contract of purchase, bill, return or report: what it says, each value with its place on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from decimal import Decimal
from typing import Any

from tools.domain.facts import Box, Source
from tools.domain.money import plain, plain_or_none

EVIDENCE_KINDS: Mapping[str, str] = {
    "vat_invoice": "invoice",
    "commercial_invoice": "invoice",
    "purchase_contract": "contract",
    "delivery_note": "delivery",
    "receipt": "receipt",
}
"""Which papers are evidence for the use of a loan, by the kinds of the loan book's `evidence` table."""


@dataclass(frozen=True, slots=True)
class PaperField:
    """One value as printed. `value` is text: a plain decimal, an ISO date, or words."""

    name: str
    value: str
    unit: str | None = None
    page: int | None = None
    box: Box | None = None
    locator: str | None = None
    text: str = ""

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "name": self.name, "value": self.value, "unit": self.unit, "page": self.page, "box": list(self.box) if self.box else None,
            "locator": self.locator, "text": self.text,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """A reading for a period: `measure` as in the loan book's `operations` or `bureau` tables, `date` the end of its period."""

    measure: str
    value: Decimal
    unit: str | None
    date: Day
    field: str

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "measure": self.measure, "value": plain(self.value), "unit": self.unit, "date": self.date.isoformat(),
            "field": self.field,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """`party` is the side the borrower dealt with, `counterparty` the other side printed (usually the borrower itself)."""

    id: str
    kind: str
    source: Source
    number: str | None = None
    date: Day | None = None
    period_start: Day | None = None
    period_end: Day | None = None
    party: str | None = None
    party_role: str | None = None
    counterparty: str | None = None
    amount: Decimal | None = None
    tax: Decimal | None = None
    currency: str | None = None
    state: str = "normal"
    fields: tuple[PaperField, ...] = ()
    measures: tuple[Measure, ...] = ()
    text: str = ""
    confidence: Decimal = Decimal("0.9")
    borrower: str = ""
    recorded_at: datetime | None = field(default=None)

    @property
    def evidence_kind(self) -> str | None:
        """contract, invoice, delivery or receipt; None for papers that are no evidence of a purchase."""
        return EVIDENCE_KINDS.get(self.kind)

    def field_named(self, name: str) -> PaperField | None:
        """The field of this name."""
        return next((found for found in self.fields if found.name == name), None)


def record_shape(record: PaperRecord) -> dict[str, Any]:
    """As JSON."""
    source = record.source
    return {
        "id": record.id, "kind": record.kind, "evidence": record.evidence_kind, "borrower": record.borrower or None,
        "number": record.number, "date": _iso(record.date), "period_start": _iso(record.period_start),
        "period_end": _iso(record.period_end), "party": record.party, "party_role": record.party_role,
        "counterparty": record.counterparty, "amount": plain_or_none(record.amount), "tax": plain_or_none(record.tax), "currency": record.currency,
        "state": record.state, "fields": [found.shape() for found in record.fields],
        "measures": [measure.shape() for measure in record.measures], "document": source.document, "sha256": source.sha256,
        "page": source.page, "box": list(source.box) if source.box else None, "locator": source.locator, "text": record.text,
        "confidence": plain(record.confidence),
    }  # fmt: skip


def _iso(day: Day | None) -> str | None:
    return day.isoformat() if day else None
