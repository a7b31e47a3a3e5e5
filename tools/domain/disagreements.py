"""Two sources that cannot both be right: what each says, with its place, and by how much they differ.

A disagreement is a finding, never a verdict: it names both sources and leaves the question to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tools.domain.facts import Source
from tools.domain.money import plain

ClaimKind = Literal["observation", "fact", "row", "transaction", "record", "check"]
Severity = Literal["yellow", "orange", "red"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says. `id` opens it: a fact, a row of the book, an account line, a paper record, or a note's document.
    `said_by` is seen, checked or told for notes, else "". `text` are the source's own words."""

    kind: ClaimKind
    id: str
    name: str
    text: str
    value: Decimal | None = None
    unit: str | None = None
    when: date | None = None
    said_by: str = ""
    source: Source | None = None

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        source = self.source
        return {
            "kind": self.kind, "id": self.id, "name": self.name, "text": self.text, "value": plain(self.value) if self.value is not None else None,
            "unit": self.unit, "date": self.when.isoformat() if self.when else None, "said_by": self.said_by or None,
            "document": source.document if source else None, "sha256": source.sha256 if source else None,
            "page": source.page if source else None, "box": list(source.box) if source and source.box else None,
            "locator": source.locator if source else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`rule` is the rulebook's or the check's id; `gap` the difference as a share or an amount in `gap_unit`."""

    id: str
    rule: str
    borrower: str
    severity: Severity
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    claims: tuple[Claim, ...]
    since: date | None = None
    gap: Decimal | None = None
    gap_unit: str | None = None

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.id, "rule": self.rule, "borrower": self.borrower, "severity": self.severity, "title": dict(self.title),
            "explanation": dict(self.explanation), "since": self.since.isoformat() if self.since else None,
            "gap": plain(self.gap) if self.gap is not None else None, "gap_unit": self.gap_unit,
            "sources": [claim.shape() for claim in self.claims],
        }  # fmt: skip
