"""Explanations of alerts and signals said nearly word for word: the same numbers, days, directions and states, in the same order.

The rules wrote them from values; where only a date's form or a synonym differs they stand, where a number or a direction does they fall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from assistant.verification.anchors import Anchors
from assistant.verification.classes import class_names
from assistant.verification.dates import date_mentions
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions
from assistant.verification.quantities import quantities
from assistant.verification.vocabulary import vocabulary, word_pattern

NEAR = 80
SLACK = 16
Said = tuple[int, tuple[str, str]]
"""Where a number, day, direction, state or category ends, and what it is."""
TABLES = ("directions", "states", "comparisons", "bases")


def near_tellings(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Findings for tellings that changed what is said; those that did not are added to the verbatim spans."""
    by_id: dict[str, list[tuple[str, str]]] = {}
    for said, owner, id in evidence.told:
        by_id.setdefault(id, []).append((said, owner))
    before = 0
    for place, ids in anchors:
        start, before = max(before, text.rfind("\n", 0, place) + 1), place
        line = text[start:place]
        told = [pair for id in ids for pair in by_id.get(id.partition(":")[2], ())]
        for said, owner in sorted(told, key=lambda pair: -len(pair[0])):
            at = fuzz.partial_ratio_alignment(said.rstrip("。."), line, score_cutoff=NEAR)
            if at is None:
                continue
            first, last = start + at.dest_start, start + at.dest_end
            if any(a <= first and last <= b for a, b, _ in mentions.verbatim):
                break
            # The window is as long as what was meant: where more words say the same it begins too late.
            lead = min(SLACK, first - start)
            end = _end_of(_signature(said), _signature(text[first - lead : place]), at.dest_end - at.dest_start + lead)
            if end is None:
                yield first, place, "the explanation says other numbers, days or directions"
            elif _others(said, text[first:place], evidence):
                yield first, place, "the explanation names another company"
            else:
                mentions.verbatim.append((first, min(place, first - lead + end), owner))
            break


def near_words(text: str, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Names and explanations said word for word but for one word of direction, comparison, state, category or one number.

    One change leaves one half of what was said as it is, so halves are looked for."""
    start = 0
    for line in text.split("\n"):
        yield from _of_line(line, start, mentions, evidence)
        start += len(line) + 1


def _of_line(line: str, start: int, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    wrong: list[tuple[int, int]] = []
    right: list[tuple[int, int]] = []
    changed: list[tuple[int, int]] = []
    for said, named in evidence.phrases.items():
        at = line.find(said)
        half = len(said) // 2
        if at >= 0:
            right.append((start + at, start + at + len(said)))
            mentions.verbatim.append((start + at, start + at + len(said), ""))
            continue
        if said[:half] not in line and said[half:] not in line:
            continue
        near = fuzz.partial_ratio_alignment(said, line, score_cutoff=NEAR)
        if near is None:
            continue
        place, end = start + near.dest_start, start + min(len(line), near.dest_end + 2)
        window = line[near.dest_start : near.dest_end + (2 if named else SLACK)]
        meant, spoken = _kept(said, named), _kept(window, named)
        spoken = spoken if named else spoken[: len(meant)]
        if spoken != meant:
            wrong += [(place, end)] if len(spoken) == len(meant) else []
            continue
        right.append((place, end))
        whole, there = _kept(said, True), _kept(window, True)
        there = there[: len(whole)]
        if whole == there:
            mentions.verbatim.append((place, min(place + len(window), start + len(line)), ""))
        elif len(whole) == len(there) and [a for a, b in zip(whole, there, strict=True) if a != b and a[0] == b[0] == "day"]:
            changed.append((place, end))
    for place, end in changed:
        if not any(a < end and place < b for a, b, _ in (*mentions.verbatim, *mentions.quotes)):
            yield place, end, "the explanation says another day"
            return
    right += [(a, b) for a, b, _ in (*mentions.verbatim, *mentions.quotes)]
    for place, end in wrong:
        if not any(a < end and place < b for a, b in right):
            yield place, end, "this is said otherwise in the source"
            return


def _others(said: str, spoken: str, evidence: Evidence) -> bool:
    """A company of the explanation is missing and another one stands there."""
    names = [{name.lstrip("\0") for name in names if len(name) > 5} for names in evidence.borrowers.values()]
    meant, there = ([max((text.count(name) for name in known), default=0) for known in names] for text in (said, spoken))
    lost = any(a > b for a, b in zip(meant, there, strict=True))
    return lost and any(b > a for a, b in zip(meant, there, strict=True))


@lru_cache(maxsize=4096)
def _kept(text: str, named: bool) -> tuple[tuple[str, str], ...]:
    """The signature without places; without numbers and days where these are held against the values."""
    return tuple(said for _, said in _signature(text) if named or said[0] in (*TABLES, "class"))


def _signature(text: str) -> list[Said]:
    """What a text says that can be wrong, in order, each with the place where it ends."""
    days = list(date_mentions(text))
    # The end of a year is its last day.
    found = [(d.end, ("day", f"{d.last if text[d.end - 1] in '末底' else d.first}{d.last}")) for d in days]
    found += [
        (q.end, (q.unit, f"{q.number.normalize()}{'-' if q.negative else ''}{q.multiplier}{q.currency or ''}"))
        for q in quantities(text, [(d.start, d.end) for d in days])
    ]
    for table in TABLES:
        pattern, keys = vocabulary().groups[table]
        found += [(m.end(), (table, keys[m.group().lower()])) for m in pattern.finditer(text)]
    names = class_names()
    found += [(m.end(), ("class", names[m.group().lower()])) for m in word_pattern(list(names)).finditer(text)]
    return sorted(found)


def _end_of(meant: Sequence[Said], spoken: Sequence[Said], size: int) -> int | None:
    """Where what is meant ends in what is spoken: everything meant is said, in order, and nothing else between; None when it is not."""
    wanted, said = [value for _, value in meant], [value for _, value in spoken]
    if not wanted:
        return size
    for i in range(len(said) - len(wanted) + 1):
        if said[i : i + len(wanted)] == wanted:
            return max(size, spoken[i + len(wanted) - 1][0])
    return None
