"""How many planted errors the checks of statements find, and how often they cry wolf.

    python -m eval.checks                       # ../shared/filings and its folder more
    python -m eval.checks --errors 20           # planted errors of each kind in each file

One figure of a digital filing is spoiled as a typist or a careless reader would (a digit, the sign, the neighbouring column, the
scale, the row below); the error counts as found when a check fails that held before, as noticed when the spoiled figure is at
least no longer among those to rely on. False alarms are failed checks on the filings as they are.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from eval.extraction import SHARED, SURE
from ingestion.pdf.document import PdfDocument
from ingestion.statements.captions import captions_of
from ingestion.statements.facts import Origin
from ingestion.statements.model import Cell, Row, Statement
from ingestion.statements.outcome import StatementReading
from ingestion.statements.reading import taken_apart
from ingestion.statements.units import Unit
from tools.rulebook.loader import load_rulebook

KINDS = ("digit", "sign", "column", "scale", "row")


@dataclass(slots=True)
class Tally:
    """Counts by kind of error; `clean` checks and which of them failed."""

    planted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    noticed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    missed: list[str] = field(default_factory=list)
    clean: int = 0
    alarms: list[str] = field(default_factory=list)


def plant_in(path: Path, tally: Tally, errors: int, seed: int = 1) -> None:
    """Reads `path` clean and with `errors` errors of each kind, one at a time."""
    rulebook = load_rulebook()
    data = path.read_bytes()
    chance = random.Random(f"{seed} {hashlib.sha256(data).hexdigest()}")
    with PdfDocument.open(path) as document:
        origin = Origin(path.name, hashlib.sha256(data).hexdigest())
        statements, run = taken_apart(
            document, document.texts(), captions_of(rulebook.items), origin, rulebook.identities, Unit()
        )
        clean = run(copy.deepcopy(statements))
        tally.clean += len(clean.checks)
        before = {_name(c) for c in clean.checks if c.status == "failed"}
        tally.alarms += [f"{path.name}: {name}" for name in sorted(before)]
        places = [
            (f.source.page, f.source.box)
            for f in clean.facts
            if f.value and f.statement != "notes" and "derived" not in f.flags
        ]
        if not places:
            return
        for kind in KINDS:
            for _ in range(errors):
                spoiled = copy.deepcopy(statements)
                place = chance.choice(places)
                what = _spoil(spoiled, place, kind, chance)
                if what is None:
                    continue
                tally.planted[kind] += 1
                reading = run(spoiled)
                _count(tally, kind, reading, before, place, f"{path.name} p{place[0]} {kind}: {what}")


def _count(tally: Tally, kind: str, reading: StatementReading, before: set[str], place: object, what: str) -> None:
    if any(c.status == "failed" and _name(c) not in before for c in reading.checks):
        tally.found[kind] += 1
        tally.noticed[kind] += 1
        return
    spoiled = [f for f in reading.facts if (f.source.page, f.source.box) == place]
    if all(f.confidence < SURE for f in spoiled):
        tally.noticed[kind] += 1
    tally.missed.append(what)


def _name(check: object) -> str:
    return " ".join(str(getattr(check, part)) for part in ("id", "period_end", "scope", "difference"))


def _cells(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Row, int, Cell]]:
    for statement in statements:
        for row in statement.rows:
            for index, cell in row.cells.items():
                yield statement, row, index, cell


def _spoil(statements: Sequence[Statement], place: object, kind: str, chance: random.Random) -> str | None:
    """Changes the figure at `place`; what was done, None when this kind of error does not show on it."""
    statement, row, index, cell = next(t for t in _cells(statements) if (t[3].page, t[3].box) == place)
    old = cell.number.value
    new = _spoilt(statement, row, index, old, kind, chance)
    if new is None or new == old or abs(new - old) * 1000 < abs(old):
        return None  # an error within rounding is none
    row.cells[index] = replace(cell, number=replace(cell.number, value=new))
    return f"{row.label[:40]} {old} -> {new}"


def _spoilt(statement: Statement, row: Row, index: int, old: Decimal, kind: str, chance: random.Random) -> Decimal | None:
    if kind == "sign":
        return -old
    if kind == "scale":
        return old * chance.choice((Decimal(10), Decimal(1000), Decimal("0.001")))
    if kind == "digit":
        text = str(old)
        spots = [i for i, c in enumerate(text) if c.isdigit()][:4]
        at = chance.choice(spots)
        digit = chance.choice([d for d in "0123456789" if d != text[at]])
        return Decimal(text[:at] + digit + text[at + 1 :])
    if kind == "column":
        others = [c.number.value for i, c in row.cells.items() if i != index]
        return chance.choice(others) if others else None
    rows = [r for r in statement.rows if index in r.cells]
    after = rows.index(row) + 1
    return rows[after].cells[index].number.value if after < len(rows) else None


def table(tally: Tally) -> str:
    """The counts as text."""
    lines = [f"{'error':8} {'planted':>7} {'found':>6} {'share':>6} {'noticed':>7} {'share':>6}"]
    for kind in (*KINDS, "all"):
        planted, found, noticed = (
            sum(counts.values()) if kind == "all" else counts[kind] for counts in (tally.planted, tally.found, tally.noticed)
        )
        share = max(planted, 1)
        lines.append(f"{kind:8} {planted:7} {found:6} {found / share:6.1%} {noticed:7} {noticed / share:6.1%}")
    lines.append(f"{len(tally.alarms)} of {tally.clean} checks failed on the filings as they are")
    return "\n".join([*lines, *(f"    {alarm}" for alarm in tally.alarms)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the counts."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.checks", description="Plants errors in statements and counts those found"
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[SHARED, SHARED / "more"])
    parser.add_argument("--errors", type=int, default=5, help="planted errors of each kind in each file")
    parser.add_argument("--missed", action="store_true", help="name the errors not found")
    options = parser.parse_args(arguments)
    tally = Tally()
    for folder in options.folders:
        for path in sorted(folder.glob("*.pdf")):
            plant_in(path, tally, options.errors)
    sys.stdout.write(table(tally) + "\n")
    if options.missed:
        sys.stdout.write("\n".join(tally.missed) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
