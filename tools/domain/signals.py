"""Early-warning signals: a dated rule, one borrower's measures, and a verdict that says why.

A signal is data (rulebook/signals): levels of severity, each a condition of the rulebook's grammar over figures and measured
things. A level whose condition cannot be told leaves the signal unknown unless a worse level already fires; unknown is never
clear. A level may be harder to leave than to reach: `clears` must hold before a signal that fired is clear again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tools.domain.building import one_currency
from tools.domain.definitions import Names, Origin
from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.domain.interpreter import Environment, run, truth
from tools.domain.money import plain
from tools.domain.outcomes import Outcome
from tools.domain.shapes import node_shape, passage_shape
from tools.domain.tree import Node

Severity = Literal["yellow", "orange", "red"]
Verdict = Literal["hit", "clear", "unknown"]
Subject = Literal["borrower", "loan"]
SEVERITIES: tuple[Severity, ...] = ("yellow", "orange", "red")
EVERYBODY = "default"
Evidence = Figure | Fact | Row | Passage


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured thing: a number or yes/no with the rows it stands on. `value` None: unknown, and `missing` names the data that would
    tell. `when` is the day it belongs to, `text` a name or word it carries (a payee, a court). `owners`: customers other than the
    borrower whose accounts or standing it tells of."""

    value: Decimal | bool | None
    rows: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()
    when: date | None = None
    currency: str | None = None
    text: str = ""
    figures: tuple[Figure, ...] = ()
    passages: tuple[Passage, ...] = ()
    owners: frozenset[str] = frozenset()

    @property
    def outcome(self) -> Outcome:
        """As an expression sees it."""
        currencies = frozenset({self.currency}) if self.currency else frozenset()
        if self.value is None:
            return Outcome(missing=self.missing or ("data",), inputs=(*self.figures, *self.rows))
        return Outcome(self.value, inputs=(*self.figures, *self.rows), currencies=currencies)


@dataclass(frozen=True, slots=True)
class Level:
    """One severity: fires when `condition` holds, clears when `clears` holds (None: when the condition does not). `threshold` is the
    limit a reader is shown; `set`: the borrowers (rulebook/sets.yaml) it is for."""

    severity: Severity
    text: str
    condition: Node
    threshold: Decimal | None
    clears: Node | None = None
    set: str = EVERYBODY


@dataclass(frozen=True, slots=True)
class Signal:
    """One version of one signal. `levels` worst first. `value` is what is shown. `bases`: for signals over statements, the lengths of
    time tried in turn; empty for those over measured things alone. `stale_months`: how old a statement may be. `reads_reasons`: a
    ratio without a value is read as its reason says (EBITDA below zero is the worst leverage, no interest the best cover)."""

    id: str
    name: Names
    category: str
    family: str
    subject: Subject
    value_text: str
    value: Node
    unit: str
    levels: tuple[Level, ...]
    bases: tuple[str, ...]
    stale_months: int
    explain: Names
    material: Node | None
    actions: tuple[str, ...]
    lead_months: int | None
    origin: Origin
    reads_reasons: bool = False
    tests: tuple[Mapping[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """id@version, as verdicts name it."""
        return f"{self.id}@{self.origin.version}"

    def for_set(self, set: str) -> Signal:
        """The signal as it is for a borrower of `set`: a level of its own stands in place of everybody's of the same severity."""
        if all(level.set == EVERYBODY for level in self.levels):
            return self
        own = {level.severity for level in self.levels if level.set == set}
        kept = (one for one in self.levels if one.set == (set if one.severity in own else EVERYBODY))
        return replace(self, levels=tuple(kept))


@dataclass(frozen=True, slots=True)
class Slot:
    """A number or day an explanation shows, as evidence for whoever checks the words: `name` is the measure it renders."""

    name: str
    unit: str
    value: Decimal | None
    currency: str | None
    when: date | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SignalVerdict:
    """What one signal says of one borrower (or one of its loans). `severity` is that of the level hit, else the mildest one there is.
    `since`: first business date a run found this verdict. `held`: fired before and not yet clear enough. `material` False: true but
    too small to trouble anybody. `slots` are the values the explanation shows. `owners`: other customers whose data it tells of."""

    signal: str
    borrower: str
    loan: str | None
    verdict: Verdict
    severity: Severity
    value: Decimal | None
    threshold: Decimal | None
    since: date | None
    missing: tuple[str, ...]
    rule: str
    evidence: tuple[Evidence, ...] = ()
    family: str = ""
    unit: str = ""
    currency: str | None = None
    when: date | None = None
    held: bool = False
    material: bool = True
    reason: str = ""
    explanation: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    actions: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @property
    def fires(self) -> bool:
        """Hit and worth an alert."""
        return self.verdict == "hit" and self.material

    def shape(self) -> dict[str, Any]:
        """The `signals` shape."""
        return {
            "borrower": self.borrower, "loan": self.loan, "signal": self.signal, "verdict": self.verdict, "severity": self.severity,
            "value": plain(self.value) if self.value is not None else None,
            "threshold": plain(self.threshold) if self.threshold is not None else None,
            "since": self.since.isoformat() if self.since else None, "missing": list(self.missing), "rule": self.rule,
            "evidence": [evidence_shape(item) for item in self.evidence], "family": self.family, "unit": self.unit,
            "currency": self.currency, "when": self.when.isoformat() if self.when else None, "held": self.held, "material": self.material,
            "reason": self.reason, "explanation": dict(self.explanation),
        }  # fmt: skip

    def record(self) -> dict[str, Any]:
        """What a run keeps of it: everything but the evidence, which the same clocks give again."""
        kept = {
            "signal": self.signal, "loan": self.loan, "verdict": self.verdict, "severity": self.severity,
            "value": plain(self.value) if self.value is not None else None, "since": self.since.isoformat() if self.since else None,
            "missing": list(self.missing), "rule": self.rule, "held": self.held, "material": self.material,
            "evidence": [reference(item) for item in self.evidence] if self.verdict == "hit" else [],
        }  # fmt: skip
        return {name: value for name, value in kept.items() if value not in (None, [], False) or name == "verdict"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The bare verdict of one signal over one environment, before it is dated and put into words."""

    verdict: Verdict
    level: Level
    value: Decimal | None
    missing: tuple[str, ...]
    reason: str
    inputs: tuple[Any, ...]
    held: bool
    material: bool
    currency: str | None


def judge(
    signal: Signal, env: Environment, before: Severity | None = None, reads_as: Callable[[str], str] = lambda reason: "neutral"
) -> Judgement:
    """The verdict of `signal` in `env`. `before`: the severity it fired with last time, None when it did not. `reads_as`: how a ratio
    without a value is taken (best, worst, neutral) for a reason."""
    shown = one_currency(run(signal.value, env))
    missing: dict[str, None] = {}
    inputs: dict[str, Any] = {}
    reason = ""
    for level in signal.levels:
        test = one_currency(truth(level.condition, env))
        _keep(inputs, test.inputs)
        holds, held = test.value is True, False
        reading = reads_as(test.reason) if signal.reads_reasons and not test.known and not test.missing else ""
        if reading == "best":
            continue
        if reading == "worst":
            holds = True
        elif test.value is False and level.clears is not None and before is not None and _at_least(before, level.severity):
            cleared = truth(level.clears, env)
            holds = held = cleared.value is False
        if holds:
            _keep(inputs, shown.inputs)
            material = True
            if signal.material is not None:
                material = truth(signal.material, env).value is not False
            currency = next(iter(shown.currencies)) if len(shown.currencies) == 1 else None
            return Judgement("hit", level, shown.number, (), test.reason, tuple(inputs.values()), held, material, currency)
        if not test.known:
            # what the mildest level lacks is what would tell hit from clear
            missing, reason = dict.fromkeys(test.missing), test.reason
    _keep(inputs, shown.inputs)
    currency = next(iter(shown.currencies)) if len(shown.currencies) == 1 else None
    last = signal.levels[-1]
    if missing or reason:
        return Judgement("unknown", last, shown.number, tuple(missing), reason, tuple(inputs.values()), False, True, currency)
    return Judgement("clear", last, shown.number, (), "", tuple(inputs.values()), False, True, currency)


def worst(severities: Iterable[str]) -> Severity | None:
    """The worst of them, None of none."""
    found = set(severities)
    return next((severity for severity in reversed(SEVERITIES) if severity in found), None)


def _at_least(one: Severity, other: Severity) -> bool:
    return SEVERITIES.index(one) >= SEVERITIES.index(other)


def _keep(inputs: dict[str, Any], more: Sequence[Any]) -> None:
    for item in more:
        inputs.setdefault(reference(item), item)


def reference(item: Evidence) -> str:
    """What names a piece of evidence: a figure's, fact's or passage's id; table:id of a row."""
    return f"{item.table}:{item.id}" if isinstance(item, Row) else item.id


def evidence_shape(item: Evidence) -> dict[str, Any]:
    """One piece of evidence in its shape of interfaces; a passage says so in `kind` and names its document's kind beside."""
    if isinstance(item, Passage):
        return {**passage_shape(item), "kind": "passage", "document_kind": item.kind}
    return node_shape(item)
