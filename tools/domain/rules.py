"""Regulation as dated rules: a condition over measures, an effect, and the exemptions that lift it.

A condition is an expression of the rulebook's grammar, so a measure nobody knows makes the rule unknown and never false.
An exemption that is itself unknown leaves the rule unknown too, unless it must be on record (`must_be_recorded`): then what
is not recorded does not exempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tools.domain import tree
from tools.domain.definitions import Origin
from tools.domain.interpreter import PlainValues, truth
from tools.domain.money import plain, shown

Scalar = Decimal | int | bool | date | None
Verdict = Literal["hit", "clear", "unknown"]
RowId = tuple[str, str]
"""(table, id) of a loan-book row."""


@dataclass(frozen=True, slots=True)
class Known:
    """A measure's value (None: unknown) and the loan-book rows it was read from. Dates compare as yyyymmdd."""

    value: Scalar
    rows: tuple[RowId, ...] = ()

    @property
    def number(self) -> Decimal | bool | None:
        """As an expression sees it."""
        if isinstance(self.value, bool) or self.value is None:
            return self.value
        if isinstance(self.value, date):
            return Decimal(self.value.strftime("%Y%m%d"))
        return Decimal(self.value)

    @property
    def text(self) -> str:
        """As a reader sees it."""
        if isinstance(self.value, Decimal):
            return plain(self.value)
        return "unknown" if self.value is None else str(self.value).lower() if isinstance(self.value, bool) else str(self.value)

    @property
    def short(self) -> str:
        """The same for a sentence: a share of many digits to four."""
        value = self.value
        if isinstance(value, Decimal) and len(self.text.partition(".")[2]) > 4:
            return shown(value).rstrip("0").rstrip(".")
        return self.text


Measures = Mapping[str, Known]
_UNKNOWN = Known(None)


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. `asks` are the measures its condition names. `effect` is (type, value): classification_floor and a category, stage and a number, task and
    a text id, exemption, or principle (a rule that is explained but has no condition)."""

    id: str
    effect: tuple[str, str]
    text: str
    condition: tree.Node | None
    exempt_by: tuple[str, ...]
    must_be_recorded: bool
    name: Mapping[str, str]
    explain: Mapping[str, str]
    origin: Origin
    asks: tuple[str, ...] = ()
    tests: tuple[Mapping[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """id@version, as results name it."""
        return f"{self.id}@{self.origin.version}"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """`verdict` of one rule on one case. `missing`: measures that would decide it. `exempted_by`: the exemption that lifted a
    condition which holds. `inputs`: every measure the rule asked for and its exemption used."""

    rule: Rule
    verdict: Verdict
    missing: tuple[str, ...] = ()
    exempted_by: str | None = None
    inputs: Mapping[str, Known] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """The rule's explanation with the values filled in, four decimals at most."""
        sentence = self.rule.explain.get(language) or self.rule.explain.get("en", "")
        for name, known in self.inputs.items():
            sentence = sentence.replace("{" + name + "}", known.short)
        return sentence


def judge(rule: Rule, measures: Measures, exemptions: Mapping[str, Rule], day: date) -> RuleResult:
    """`rule` on the case that `measures` describe, on the business date `day`."""
    return _judged(rule, measures, _values(measures), exemptions, day)


def judge_all(
    rules: Iterable[Rule], measures: Measures, day: date, known: Mapping[str, RuleResult] | None = None
) -> list[RuleResult]:
    """Every rule in force on `day` that has an effect of its own. `known`: results by rule key that need no second look."""
    listed: Sequence[Rule] = list(rules)
    exemptions = {rule.id: rule for rule in listed if rule.effect[0] == "exemption" and rule.origin.in_force(day)}
    values, found = _values(measures), known or {}
    return [
        found[rule.key] if rule.key in found else _judged(rule, measures, values, exemptions, day)
        for rule in listed
        if rule.effect[0] != "exemption" and rule.condition is not None and rule.origin.in_force(day)
    ]


def _judged(rule: Rule, measures: Measures, values: PlainValues, exemptions: Mapping[str, Rule], day: date) -> RuleResult:
    if rule.condition is None:
        return RuleResult(rule, "clear")
    holds, missing = _holds(rule, values)
    asked = {name: measures.get(name, _UNKNOWN) for name in rule.asks}
    if holds is False:
        return RuleResult(rule, "clear", inputs=asked)
    unproven: list[str] = []
    for id in rule.exempt_by:
        exemption = exemptions.get(id)
        if exemption is None or not exemption.origin.in_force(day):
            continue
        exempt, lacking = _holds(exemption, values)
        if exempt:
            asked |= {name: measures.get(name, _UNKNOWN) for name in exemption.asks}
            return RuleResult(rule, "clear", exempted_by=exemption.key, inputs=asked)
        if exempt is None and not exemption.must_be_recorded:
            unproven += lacking
    if holds is None or unproven:
        return RuleResult(rule, "unknown", missing or tuple(dict.fromkeys(unproven)), inputs=asked)
    return RuleResult(rule, "hit", inputs=asked)


def _values(measures: Measures) -> PlainValues:
    return PlainValues({name: known.number for name, known in measures.items()})


def _holds(rule: Rule, values: PlainValues) -> tuple[bool | None, tuple[str, ...]]:
    assert rule.condition is not None, rule.id
    outcome = truth(rule.condition, values)
    return (outcome.value if isinstance(outcome.value, bool) else None), outcome.missing
