"""Sentences a signal says of itself, held against that signal alone.

Its explanation is a template of the rulebook with this borrower's values. So its numbers must be renderings of exactly these values, its
dates days of them, or figures that stand in the rulebook's own words; that such a number is true of something else does not help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.verification.dates import date_mentions
from assistant.verification.gate import Unsupported
from assistant.verification.quantities import Quantity, quantities
from tools.domain.signals import SignalVerdict, Slot
from tools.domain.templates import Maybe, Template, Words

HUNDRED = Decimal(100)
_CITED = re.compile(r"\[\d{1,3}\]")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
ROLLING = "12"
"""A flow over part of a year is told of the last twelve months; the rulebook's wording puts that in by itself."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a signal's sentence may show: its values, and the numbers of the rulebook's own words."""

    signal: str
    slots: tuple[Slot, ...]
    literals: frozenset[str]
    words: str = ""


def own_of(verdict: SignalVerdict, template: Template) -> Own:
    """What the sentence of `verdict` may show."""
    words = " ".join(_words(template))
    return Own(verdict.signal, verdict.slots, frozenset({*_DIGITS.findall(words), ROLLING}), words)


def _words(template: Template) -> Iterator[str]:
    for part in template:
        if isinstance(part, Words):
            yield part.text
        elif isinstance(part, Maybe):
            yield from _words(part.parts)


def strange_in(text: str, own: Own) -> list[Unsupported]:
    """Numbers and dates of `text` that are none of the signal's own."""
    hidden = [m.span() for m in _CITED.finditer(text)]
    for slot in own.slots:
        for name in {slot.text, slot.text.replace("、", ", "), *slot.text.split("、")} - {""}:
            hidden += [m.span() for m in re.finditer(re.escape(name), text)]
    dates = [d for d in date_mentions(text) if not any(a <= d.start and d.end <= b for a, b in hidden)]
    days = {slot.when for slot in own.slots if slot.when is not None}
    found = [
        Unsupported("date", d.start, d.end, text[d.start : d.end], f"{own.signal} found nothing dated so")
        for d in dates
        if not any(d.covers(day) for day in days)
    ]
    for number in quantities(text, hidden + [(d.start, d.end) for d in dates]):
        printed = text[number.start : number.end]
        plain = _DIGITS.search(printed.replace(",", ""))
        if (plain is not None and plain.group() in own.literals) or (plain is None and printed in own.words):
            continue
        if not any(_renders(number, slot) for slot in own.slots):
            found.append(Unsupported("number", number.start, number.end, printed, f"{own.signal} found no such number"))
    return found


def _renders(number: Quantity, slot: Slot) -> bool:
    if slot.value is None or (number.currency and slot.currency and number.currency != slot.currency):
        return False
    if number.unit in ("percent", "points"):
        return slot.unit in ("ratio", "percent_points", "percent") and number.renders(slot.value * HUNDRED)
    return number.renders(slot.value)
