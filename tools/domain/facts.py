"""Facts: one value each, as a document reports it, with the place it came from.

Values are in currency units (scale already applied) and positive in the item's named direction (handbook 2.1): a cost 80
is 80, a loss stored under a gains item is negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tools.domain.periods import Period

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in PDF points from the top-left of the page as displayed. Coordinates are not money: floats are fine."""

Scope = Literal["consolidated", "parent"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value or quote stands: a page with a box, or a locator ("Sheet1!C12", "table 2 row 5", "#p34") without one."""

    document: str
    sha256: str
    page: int | None = None
    box: Box | None = None
    label_box: Box | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One reported value. `label` and `raw` are as printed; `scale` is what raw was multiplied by; `assurance` is
    audited, reviewed, unaudited or unknown; `statement` is balance_sheet, income_statement, cash_flow or notes;
    `flags` name anything a reader of the figure should know (repaired_sign, derived, absent_zero, other_line ...)."""

    id: str
    item: str
    value: Decimal
    currency: str | None
    period: Period
    scope: Scope
    assurance: str
    statement: str
    borrower: str
    source: Source
    label: str
    raw: str
    scale: Decimal
    confidence: Decimal
    recorded_at: datetime | None = None
    superseded_by: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the loan book used as evidence; values as text, as the bank handed them over."""

    table: str
    id: str
    columns: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document's text that can be found and quoted. `date` is the document's own date."""

    id: str
    text: str
    source: Source
    kind: str
    borrower: str
    boxes: tuple[Box, ...] = ()
    date: str | None = None
    score: Decimal | None = None
    heading: str = ""
    ordinal: int = 0
