"""Signals as a brief reads them: what fires, one trouble per family, and everything the gate needs to check the words.

A signal explains itself, and its sentences are held against it alone; its evidence comes along so that they can be opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.domain.signals import SEVERITIES, SignalVerdict, reference
from tools.toolbox.artifacts import Artifact, BorrowerRef, count_of

MOST_MARKS = 4
"""Pieces of evidence a sentence points at; the rest opens from the signal itself."""


ALONE = frozenset({"COV-05"})
"""Signals that nothing else in a brief tells: findings and tables on covenants are of tests that are due."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Signals of one family that fire, gravest first."""

    family: str
    verdicts: tuple[SignalVerdict, ...]

    @property
    def worst(self) -> SignalVerdict:
        """The gravest of them."""
        return self.verdicts[0]


def troubles(verdicts: Sequence[SignalVerdict]) -> list[Trouble]:
    """Families with a signal that fires, gravest first, then as the rulebook lists them."""
    families: dict[str, list[SignalVerdict]] = {}
    for verdict in verdicts:
        if verdict.fires:
            families.setdefault(verdict.family, []).append(verdict)
    found = [Trouble(name, tuple(sorted(group, key=_rank))) for name, group in families.items()]
    return sorted(found, key=lambda trouble: _rank(trouble.worst))


def _rank(verdict: SignalVerdict) -> int:
    return -SEVERITIES.index(verdict.severity)


def marks_of(verdict: SignalVerdict) -> tuple[str, ...]:
    """What a sentence about it points at: its evidence, one row per table."""
    kept: dict[str, str] = {}
    for item in verdict.evidence:
        key = item.table if isinstance(item, Row) else item.id
        kept.setdefault(key, reference(item))
    return tuple(kept.values())[:MOST_MARKS]


def artifact_of(ref: BorrowerRef, verdicts: Sequence[SignalVerdict]) -> Artifact:
    """What the signals found, as the record and the evidence list read it."""
    figures: dict[str, Figure] = {}
    facts: dict[str, Fact] = {}
    rows: dict[str, Row] = {}
    passages: dict[str, Passage] = {}
    for verdict in verdicts:
        if verdict.verdict != "hit":
            continue
        for item in verdict.evidence:
            match item:
                case Figure():
                    figures[item.id] = item
                case Fact():
                    facts[item.id] = item
                case Row():
                    rows[f"{item.table}:{item.id}"] = item
                case Passage():
                    passages[item.id] = item
    counts = {state: sum(1 for v in verdicts if v.verdict == state) for state in ("hit", "clear", "unknown")}
    values = [count_of(f"signals_{state}", number, ref.id) for state, number in counts.items()]
    named = tuple(
        Row("signals", verdict.signal, {"severity": verdict.severity}) for verdict in verdicts if verdict.verdict != "clear"
    )
    return Artifact(
        "signals", {"borrower": ref.id}, (ref,), tuple(figures.values()), tuple(facts.values()), (*rows.values(), *named), tuple(values),
        tuple(passages.values()),
    )  # fmt: skip
