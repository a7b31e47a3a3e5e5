"""Numbered lists of borrowers: where tools ranked them, the values go one way, the way the ranking went.

Two right values in each other's place change what a reader learns as much as a wrong value does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.quantities import Quantity

_ITEM = re.compile(r"^[ \t]*(?P<n>\d{1,3})[.、)）]\s?(?P<body>[^\n]+)$", re.MULTILINE)
Key = tuple[str, str | None]
"""Unit and currency: only what has both in common is compared."""


def strange_orders(
    text: str, numbers: Sequence[Quantity], mentions: Mentions, evidence: Evidence
) -> Iterator[tuple[int, int, str]]:
    """Places of a ranking whose value does not stand between its neighbours."""
    ways = {way for orders in evidence.orders.values() for way in orders}
    if not ways:
        return
    for block in _blocks(text):
        values = [_values(text, match, numbers, mentions) for match in block]
        shared = set.intersection(*(set(found) for found in values))
        if len(block) < 2 or not shared:
            continue
        key = min(shared, key=lambda k: min(list(found).index(k) for found in values))
        series = [found[key] for found in values]
        wrong = [place for way in sorted(ways) if (place := _break(series, way)) is not None]
        if len(wrong) == len(ways):
            match = block[wrong[0]]
            yield match.start("body"), match.end("body"), "the list is not in the order of its values"


def _blocks(text: str) -> Iterator[list[re.Match[str]]]:
    """Runs of numbered lines right below each other."""
    run: list[re.Match[str]] = []
    for match in _ITEM.finditer(text):
        if run and (match.start() != run[-1].end() + 1 or int(match["n"]) != int(run[-1]["n"]) + 1):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


_CONVERTED = re.compile(r"(?:折合|worth)[^()（）]*$", re.IGNORECASE)
"""What is said to be the worth of all before it."""


def _values(text: str, match: re.Match[str], numbers: Sequence[Quantity], mentions: Mentions) -> dict[Key, Decimal]:
    """The first value of each unit and currency behind the borrower that opens the line."""
    opens = next((m for m in mentions.borrowers if match.start("body") <= m.start <= match.start("body") + 1), None)
    found: dict[Key, Decimal] = {}
    for number in numbers if opens else ():
        if opens and opens.end <= number.start < match.end() and (number.places or number.unit != "bare" or not found):
            value = number.number * number.multiplier * (-1 if number.negative else 1)
            unit = "x" if number.unit == "bare" and number.places else number.unit
            key = (unit, number.currency if unit == "money" else None)
            if _CONVERTED.search(text[match.start() : number.start]):
                found[key] = value
            found.setdefault(key, value)
    return found


def _break(series: Sequence[Decimal], way: str) -> int | None:
    """The first place that goes against the way; None where all go it."""
    for place in range(1, len(series)):
        one, other = series[place - 1], series[place]
        if (one < other) if way == "desc" else (one > other):
            return place
    return None
