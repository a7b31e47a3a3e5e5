"""Signals as a tool and as the `signals` command: verdicts with value, limit, since when, and evidence that opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.domain.signals import SignalVerdict, reference
from tools.monitor.live import signals_of
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.references import mark
from tools.toolbox.rendering import grouped

Wanted = Literal["hit", "unknown", "clear", "all"]


def signal_views(desk: Desk, borrower: str | None, progress: Callable[[str], None] | None = None) -> list[dict[str, Any]]:
    """The `signals` command: shapes of interfaces, of one borrower or of everybody the caller may see."""
    if borrower is not None:
        return [verdict.shape() for verdict in signals_of(desk, borrower)]
    from tools.monitor.portfolio import every_verdict

    return [verdict.shape() for verdict in every_verdict(desk, progress)]


def signals(desk: Desk, borrower: str, signal: str | None = None, verdict: Wanted = "hit") -> ToolResult:
    """The tool: signals of one borrower. `verdict` hit, unknown, clear or all; `signal` one id."""
    who = desk.borrower(borrower)
    found = signals_of(desk, who.id)
    if signal is not None:
        found = [one for one in found if one.signal.lower() == signal.lower()]
    counted = {word: sum(1 for one in found if one.verdict == word) for word in ("hit", "clear", "unknown")}
    shown = [one for one in found if signal is not None or verdict in ("all", one.verdict)]
    values = [value for one in shown for value in verdict_values(one)]
    values += [count_of(f"signals_{word}", number, who.id) for word, number in counted.items()]
    figures, facts, rows, passages = _evidence(shown)
    rows += signal_rows(shown)
    missing = tuple(f"{one.signal}: {', '.join(one.missing) or one.reason}" for one in shown if one.verdict == "unknown")
    arguments = {"borrower": who.id, "signal": signal, "verdict": verdict}
    artifact = Artifact(
        "signals",
        arguments,
        (desk.ref(who),),
        tuple(figures),
        tuple(facts),
        tuple(rows),
        tuple(values),
        tuple(passages),
        missing=missing,
    )
    return ToolResult(_text(shown, counted), artifact)


def verdict_values(one: SignalVerdict) -> list[Value]:
    """What one verdict says, as values: its state, value, limit and everything its explanation shows."""
    key = f"{one.signal}:{one.loan or one.borrower}"
    inputs = tuple(dict.fromkeys(reference(item) for item in one.evidence))
    made = [
        Value(
            f"signal:{key}", "signal", one.borrower, "state", None, None, one.since, None, one.signal, one.verdict, "", inputs
        )
    ]
    if one.verdict == "hit":
        made.append(
            Value(
                f"severity:{key}",
                "severity",
                one.borrower,
                "state",
                None,
                None,
                one.since,
                None,
                one.signal,
                one.severity,
                "",
                inputs,
            )
        )
    if one.value is not None:
        unit = one.unit if one.unit in ("ratio", "x", "days", "currency", "score", "count") else "count"
        made.append(
            Value(
                f"signal_value:{key}",
                one.signal,
                one.borrower,
                unit,
                one.value,
                one.currency,
                one.when,
                None,
                one.signal,
                inputs=inputs,
            )
        )
    if one.threshold is not None and one.verdict == "hit":
        unit = one.unit if one.unit in ("ratio", "x", "days", "score") else "count"
        made.append(
            Value(f"threshold:{key}", "threshold", one.borrower, unit, abs(one.threshold), None, one.when, None, one.signal)
        )
    for place, slot in enumerate(one.slots):
        made.append(
            Value(
                f"slot:{key}:{place}", slot.name, one.borrower, slot.unit if slot.unit not in ("text", "rank") else "state", slot.value,
                slot.currency, slot.when, None, one.loan or one.signal, slot.text,
            )
        )  # fmt: skip
    return made


def signal_rows(verdicts: Sequence[SignalVerdict]) -> list[Row]:
    """The rules of the verdicts, so that their ids can be named and their sentences quoted."""
    made = []
    for one in verdicts:
        columns: dict[str, str | None] = {
            "signal": one.signal, "rule": one.rule, "severity": one.severity, "verdict": one.verdict, "family": one.family, "loan": one.loan,
            "explanation_zh": one.explanation.get("zh"), "explanation_en": one.explanation.get("en"),
            "since": one.since.isoformat() if one.since else None,
        }  # fmt: skip
        made.append(Row("signals", f"{one.signal}:{one.loan or one.borrower}", columns))
    return made


def _evidence(verdicts: Sequence[SignalVerdict]) -> tuple[list[Figure], list[Fact], list[Row], list[Passage]]:
    found = {reference(item): item for one in verdicts for item in one.evidence}
    return (
        [item for item in found.values() if isinstance(item, Figure)],
        [item for item in found.values() if isinstance(item, Fact)],
        [item for item in found.values() if isinstance(item, Row)],
        [item for item in found.values() if isinstance(item, Passage)],
    )


def _text(shown: Sequence[SignalVerdict], counted: dict[str, int]) -> str:
    lines = [f"{counted['hit']} hit, {counted['clear']} clear, {counted['unknown']} unknown"]
    for one in shown:
        key = f"signal:{one.signal}:{one.loan or one.borrower}"
        if one.verdict == "hit":
            lines.append(f"{one.signal} {one.severity} since {one.since}: {one.explanation.get('en', '')} {mark(key)}")
        elif one.verdict == "unknown":
            lines.append(f"{one.signal} unknown, missing {', '.join(one.missing) or one.reason} {mark(key)}")
        else:
            lines.append(f"{one.signal} clear {grouped(one.value) if one.value is not None else ''} {mark(key)}")
    return "\n".join(lines)
