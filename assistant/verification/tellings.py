"""Explanations of alerts and signals said nearly word for word: the same numbers, days, directions and states, in the same order.

The rules wrote them from values; where only a date's form or a synonym differs they stand, where a number or a direction does they fall.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from assistant.verification.anchors import Anchors
from assistant.verification.classes import class_names
from assistant.verification.dates import date_mentions
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.quantities import quantities
from assistant.verification.vocabulary import vocabulary, word_pattern

NEAR = 80
TABLES = ("directions", "states", "comparisons")


def near_tellings(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Findings for tellings that changed what is said; those that did not are added to the verbatim spans."""
    by_id: dict[str, list[tuple[str, str]]] = {}
    for said, owner, id in evidence.told:
        by_id.setdefault(id, []).append((said, owner))
    before = 0
    for place, ids in anchors:
        start, before = max(before, text.rfind("\n", 0, place) + 1), place
        if any(start <= a and b <= place + 1 for a, b, _ in mentions.verbatim):
            continue
        line = text[start:place]
        told = [pair for id in ids for pair in by_id.get(id.partition(":")[2], ())]
        for said, owner in told:
            at = fuzz.partial_ratio_alignment(said.rstrip("。."), line, score_cutoff=NEAR)
            if at is None:
                continue
            first, last = start + at.dest_start, place
            spoken, meant = _signature(text[first:last]), _signature(said)
            if _within(meant, spoken):
                mentions.verbatim.append((start, last, owner))
            else:
                yield first, last, "the explanation says other numbers, days or directions"
            break


def _signature(text: str) -> list[tuple[str, str]]:
    days = list(date_mentions(text))
    found = [(d.start, ("day", f"{d.first}{d.last}")) for d in days]
    found += [
        (q.start, (q.unit, f"{q.number.normalize()}{'-' if q.negative else ''}{q.multiplier}"))
        for q in quantities(text, [(d.start, d.end) for d in days])
    ]
    for table in TABLES:
        pattern, keys = vocabulary().groups[table]
        found += [(m.start(), (table, keys[m.group().lower()])) for m in pattern.finditer(text)]
    names = class_names()
    found += [(m.start(), ("class", names[m.group().lower()])) for m in word_pattern(list(names)).finditer(text)]
    return [value for _, value in sorted(found)]


def _within(meant: list[tuple[str, str]], spoken: list[tuple[str, str]]) -> bool:
    """Everything meant is said, in order, and nothing else between."""
    size = len(meant)
    return any(spoken[i : i + size] == meant for i in range(len(spoken) - size + 1))
