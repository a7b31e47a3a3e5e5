"""What the trail keeps of an answer: enough to see, and to run again, how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.context import Run
from assistant.results import AskResult
from prompts.library import digest
from tools.domain.money import plain


def payload_of(
    result: AskResult, run: Run, rulebook: str, thread: str | None, tried: Sequence[str], before: Mapping[str, Any],
    borrower: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Question, calls, the ids and values found, the answer, the words and rules it was made with, clocks and verdict; with what the
    talk was about before it, so that it can be asked again when the thread is gone."""
    return {
        "question": run.question, "before": dict(before), "borrower": borrower, "answer": result.answer, "status": result.status, "language": result.language, "verified": result.verified,
        "model": result.model, "fallback": list(tried), "thread": thread,
        "clocks": {"as_of": result.clocks.as_of.isoformat(), "known_at": result.clocks.known_at.isoformat()},
        "prompts": digest(), "rulebook": rulebook, "ms": result.ms,
        "tools": [{**used.shape(), "found": found_in(used.artifact)} for used in run.used],
        "citations": [citation.shape() for citation in result.citations],
        "gate": [[{"kind": u.kind, "text": u.text, "why": u.why} for u in verdict] for verdict in run.checks],
    }  # fmt: skip


def found_in(artifact: Any) -> dict[str, Any]:
    """Ids and plain values of everything one call found."""
    if artifact is None:
        return {}
    return {
        "figures": {f.id: plain(f.value) if f.value is not None else f.status for f in artifact.figures},
        "facts": {f.id: plain(f.value) for f in artifact.facts},
        "values": {v.id: plain(v.value) if v.value is not None else v.state or str(v.when) for v in artifact.values},
        "rows": [f"{r.table}:{r.id}" for r in artifact.rows],
        "passages": [p.id for p in artifact.passages],
        "missing": list(artifact.missing),
    }  # fmt: skip
