"""The answer as other programs read it: the `ask` shape of interfaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.citing import Citation
from assistant.context import Run, Used
from tools.domain.facts import Fact, Row
from tools.domain.figures import Figure
from tools.domain.periods import Clocks
from tools.domain.shapes import fact_shape, figure_shape, row_shape


@dataclass(frozen=True, slots=True)
class AskResult:
    """One checked answer. `figures`, `facts` and `rows` are what it rests on; `trail_id` where it is recorded."""

    answer: str
    language: str
    status: str
    verified: bool
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]
    rows: tuple[Row, ...]
    citations: tuple[Citation, ...]
    used: tuple[Used, ...]
    model: str
    clocks: Clocks
    ms: int
    trail_id: str = ""

    @classmethod
    def made(cls, run: Run, told: Mapping[str, Any], model: str, clocks: Clocks, ms: int) -> AskResult:
        """From a finished run."""
        assert run.cited is not None
        figures = {f.id: f for artifact in run.artifacts for f in artifact.figures}
        facts = {f.id: f for artifact in run.artifacts for f in artifact.facts}
        for figure in figures.values():
            facts |= {fact.id: fact for fact in figure.facts() if fact.id not in facts}
        rows = {(r.table, r.id): r for artifact in run.artifacts for r in artifact.rows}
        return cls(
            run.cited.text, str(told.get("language", "en")), str(told.get("status", "answered")), not run.unsupported,
            tuple(figures.values()), tuple(facts.values()), tuple(rows.values()), tuple(run.cited.citations), tuple(run.used), model, clocks,
            ms,
        )  # fmt: skip

    def with_trail(self, trail_id: str) -> AskResult:
        """The same answer, recorded."""
        return replace(self, trail_id=trail_id)

    def shape(self) -> dict[str, Any]:
        """The `ask` shape."""
        return {
            "answer": self.answer, "language": self.language, "status": self.status, "verified": self.verified,
            "figures": [figure_shape(figure) for figure in self.figures], "facts": [fact_shape(fact) for fact in self.facts],
            "citations": [citation.shape() for citation in self.citations], "rows": [row_shape(row) for row in self.rows],
            "tools": [used.shape() for used in self.used], "model": self.model, "trail_id": self.trail_id,
            "as_of": self.clocks.as_of.isoformat(), "known_at": self.clocks.known_at.isoformat(), "ms": self.ms,
        }  # fmt: skip
