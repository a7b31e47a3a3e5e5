"""The examination: alterations the gate must catch, right answers it must let through, and what it did with them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.citing import Nodes, cite
from eval.gate.alterations import Altered, alterations
from eval.gate.material import Spoken
from eval.gate.wordings import rewordings

CAUGHT = Decimal("0.999")
BLOCKED = Decimal("0.01")
SEED = 20261031


@dataclass(slots=True)
class GateReport:
    """`altered` and `missed` by kind of alteration; `blocked` right answers with the first finding."""

    answers: int = 0
    altered: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    through: list[str] = field(default_factory=list)
    reworded: int = 0
    blocked: list[str] = field(default_factory=list)

    @property
    def caught(self) -> Decimal:
        """Share of alterations caught."""
        total = self.altered.total()
        return Decimal(total - self.missed.total()) / total if total else Decimal(1)

    @property
    def blocked_share(self) -> Decimal:
        """Share of right answers blocked."""
        return Decimal(len(self.blocked)) / self.reworded if self.reworded else Decimal(0)

    @property
    def met(self) -> bool:
        """Both targets."""
        return self.caught >= CAUGHT and self.blocked_share < BLOCKED

    def lines(self) -> list[str]:
        """For the terminal."""
        return [
            f"{self.answers} answers; {self.altered.total()} alterations, {self.altered.total() - self.missed.total()} caught ({self.caught:.3%})",
            *(f"  {kind}: {number - self.missed[kind]} of {number}" for kind, number in sorted(self.altered.items())),
            *(f"  MISSED {line}" for line in self.through),
            f"{self.reworded} right answers in other words, {len(self.blocked)} blocked ({self.blocked_share:.3%})",
            *(f"  BLOCKED {line}" for line in self.blocked),
        ]


def examine(
    answers: Sequence[Spoken], altered: int, reworded: int, seen: Callable[[int], None] = lambda _: None, seed: int = SEED
) -> GateReport:
    """So many alterations and rewordings, spread evenly over the answers."""
    report = GateReport(len(answers))
    rng = random.Random(seed)
    for number, said in enumerate(answers, 1):
        for change in alterations(said, rng, _share(altered, len(answers), number)):
            report.altered[change.kind] += 1
            if not said.findings(change.text):
                report.missed[change.kind] += 1
                report.through.append(_told(change))
        for text in rewordings(said, rng, _share(reworded, len(answers), number)):
            report.reworded += 1
            if findings := said.findings(text):
                first = findings[0]
                cited = cite(text, Nodes(said.run.artifacts)).text
                line = cited[cited.rfind("\n", 0, first.start) + 1 :].split("\n")[0]
                report.blocked.append(f"{first.kind} {first.text!r}: {first.why} | {line[:200]}")
        seen(number)
    return report


def _share(total: int, parts: int, number: int) -> int:
    return total * number // parts - total * (number - 1) // parts


def _told(change: Altered) -> str:
    line = change.text[change.text.rfind("\n", 0, change.start) + 1 :].split("\n")[0]
    return f"{change.kind} {change.was!r} -> {change.now!r} | {line[:200]}"
