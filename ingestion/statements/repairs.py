"""Misread digits of scans put right by arithmetic, and how far the figures of a scan may be trusted.

A figure is changed only when exactly one other reading of its print makes an identity hold that failed (or a sum hold that could
not be shown) and breaks none; the fact says so in its flags and the document in its messages.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingestion.extraction import Check, Message
from ingestion.scans.figures import one_misread
from ingestion.scans.reading import Doubt, Scans
from ingestion.statements.facts import PROVEN_PATTERN
from ingestion.statements.model import Cell, Statement
from ingestion.statements.numbers import read_number
from ingestion.statements.outcome import StatementReading
from tools.domain.facts import Box, Fact

Place = tuple[int, Box]
Run = Callable[[Sequence[Statement]], "StatementReading"]
MOST_TRIES = 80
SURE_CHARACTER = 0.9
UNSURE, REPAIRED, SCANNED = Decimal("0.85"), Decimal("0.95"), Decimal("0.96")


@dataclass(frozen=True, slots=True)
class Repair:
    """A figure taken otherwise than it was read first."""

    place: Place
    read: str
    taken: str


def read_scanned(statements: Sequence[Statement], scans: Scans, run: Run) -> StatementReading:
    """Runs the reading of `statements`, some on pages read from pictures: numbers are read twice, misread ones repaired."""
    doubts = scans.doubts([(c.page, c.box) for c in _cells(statements) if c.page is not None and c.box is not None])
    for cell in _cells(statements):
        doubt = doubts.get(_place(cell)) if cell.box is not None else None
        if doubt is not None and doubt.text != cell.raw:
            _retake(cell, doubt.text)
    reading = run(copy.deepcopy(statements))
    reading, repairs = repaired(reading, statements, doubts, run)
    pages = {index + 1 for index in scans.pages}
    changed = {repair.place: repair for repair in repairs}
    reading.facts = [_judged(fact, pages, doubts, changed) for fact in reading.facts]
    for repair in repairs:
        text = f"a figure was read as {repair.read} and is taken as {repair.taken}: only so do the sums of the statement hold"
        reading.messages.append(Message("warning", repair.place[0], text))
    return reading


def _cells(statements: Sequence[Statement]) -> Iterator[Cell]:
    for statement in statements:
        for row in statement.rows:
            yield from row.cells.values()


def _place(cell: Cell) -> Place:
    assert cell.page is not None and cell.box is not None
    return (cell.page, cell.box)


def _retake(cell: Cell, text: str) -> bool:
    number = read_number(text)
    if number is None or number.value == cell.number.value:
        return False
    cell.raw, cell.number = text, number
    return True


def _worth(reading: StatementReading) -> tuple[int, int, int]:
    """Fewer failed checks first, then more that hold, then more figures proven by sums."""
    failed = sum(1 for check in reading.checks if check.status == "failed")
    held = sum(1 for check in reading.checks if check.status == "ok")
    return (-failed, held, sum(1 for fact in reading.facts if fact.confidence >= PROVEN_PATTERN))


def repaired(
    reading: StatementReading, statements: Sequence[Statement], doubts: Mapping[Place, Doubt], run: Run
) -> tuple[StatementReading, list[Repair]]:
    done: list[Repair] = []
    tries = MOST_TRIES

    def attempt(options: Sequence[tuple[Place, str]]) -> bool:
        """Takes the one option that is better than all others and than what there is."""
        nonlocal reading, tries
        held = _worth(reading)
        found: list[tuple[tuple[int, int, int], Place, str, StatementReading]] = []
        for place, text in options:
            if tries <= 0:
                return False
            tries -= 1
            trial = copy.deepcopy(statements)
            cell = next((c for c in _cells(trial) if c.box is not None and _place(c) == place), None)
            if cell is not None and _retake(cell, text):
                new = run(trial)
                if _worth(new) > held:
                    found.append((_worth(new), place, text, new))
        found.sort(key=lambda f: f[0], reverse=True)
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return False
        _, place, text, reading = found[0]
        cell = next(c for c in _cells(statements) if c.box is not None and _place(c) == place)
        done.append(Repair(place, cell.raw, text))
        _retake(cell, text)
        return True

    for place, doubt in sorted(doubts.items(), key=lambda item: item[1].least):
        if doubt.others and not _proven(reading, place):
            attempt([(place, other) for other in doubt.others])
    for _ in range(6):
        failed = [check for check in reading.checks if check.status == "failed" and check.difference]
        if not any(attempt(list(_by_gap(check, reading, doubts))) for check in failed):
            break
    return reading, done


def _proven(reading: StatementReading, place: Place) -> bool:
    return any(fact.confidence >= PROVEN_PATTERN and (fact.source.page, fact.source.box) == place for fact in reading.facts)


def _by_gap(check: Check, reading: StatementReading, doubts: Mapping[Place, Doubt]) -> Iterator[tuple[Place, str]]:
    """Readings of the figures of a failed check that close its gap and are one misreading away from what was read."""
    assert check.difference is not None
    for fact in reading.facts:
        source = fact.source
        if fact.id not in check.facts or source.page is None or source.box is None or (source.page, source.box) not in doubts:
            continue
        printed = read_number(fact.raw)
        if printed is None or not fact.scale:
            continue
        for gap in (check.difference, -check.difference):
            value = printed.value + gap / fact.scale
            text = f"{value:,.{printed.places}f}"
            if read_number(text) is not None and one_misread(fact.raw, text):
                yield (source.page, source.box), text


def _judged(fact: Fact, pages: set[int], doubts: Mapping[Place, Doubt], repairs: Mapping[Place, Repair]) -> Fact:
    """A fact of a scan is flagged; what no sum proves is trusted only as far as two readings agree on clear characters."""
    if fact.source.page not in pages:
        return fact
    place = (fact.source.page, fact.source.box) if fact.source.box is not None else None
    flags, confidence = {*fact.flags, "scanned"}, fact.confidence
    doubt = doubts.get(place) if place is not None else None
    if place is not None and place in repairs:
        flags.add("repaired_digit" if abs(_value(repairs[place].read)) != abs(fact.value) else "repaired_sign")
        confidence = min(confidence, REPAIRED)
    elif confidence < PROVEN_PATTERN:
        clear = doubt is not None and doubt.agreed and doubt.least >= SURE_CHARACTER
        confidence = min(confidence, SCANNED if clear else UNSURE)
        if not clear:
            flags.add("unclear_print")
    return replace(fact, flags=tuple(sorted(flags)), confidence=confidence)


def _value(text: str) -> Decimal:
    number = read_number(text)
    return number.value if number is not None else Decimal(0)
