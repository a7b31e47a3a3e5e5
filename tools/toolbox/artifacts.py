"""What a tool hands to the verification gate beside its short text for the model.

The text a model sees is small; the artifact is complete. Every number, date, name or state a reader may be shown must be
found here, tied to a borrower, a name and a period, or the gate stops the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure


@dataclass(frozen=True, slots=True)
class BorrowerRef:
    """A borrower an artifact speaks of, with every name a reader may know it by."""

    id: str
    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A number or state that is neither a Figure nor a Fact: a count, days past due, an overdue amount, a headroom, a rank.

    `name` is a rulebook or interface name (dpd, overdue_total, headroom, threshold, balance, dues_12m, count, change,
    change_share ...); `about` narrows it (covenant id, loan id, metric id). `unit` as in Figure plus percent_points, date,
    state and count. `value` None for a state, whose word is in `state`. `when` is the date the value belongs to.
    `direction` compares two periods: rise, fall or flat, between `since` and `when`.
    """

    id: str
    name: str
    borrower: str | None
    unit: str
    value: Decimal | None = None
    currency: str | None = None
    when: date | None = None
    since: date | None = None
    about: str = ""
    state: str = ""
    direction: str = ""
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """Everything one tool call found. `borrowers` lists whom it speaks of; `acts` names what was actually done (proposals)."""

    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    borrowers: tuple[BorrowerRef, ...] = ()
    figures: tuple[Figure, ...] = ()
    facts: tuple[Fact, ...] = ()
    rows: tuple[Row, ...] = ()
    values: tuple[Value, ...] = ()
    passages: tuple[Passage, ...] = ()
    acts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolResult:
    """`text` is what the model reads (short, document text wrapped as data); `artifact` is what the gate reads."""

    text: str
    artifact: Artifact


def asked_days(*days: date | None) -> tuple[Value, ...]:
    """The days a question itself named, so that an answer may repeat them."""
    return tuple(Value(f"asked:{day}", "asked", None, "date", when=day) for day in days if day is not None)


def count_of(about: str, number: int, borrower: str | None = None) -> Value:
    """How many there are of something; a count belongs to no date of its own."""
    return Value(f"count:{about}:{borrower or 'all'}", "count", borrower, "count", Decimal(number), about=about)
