"""Red flags of the use of proceeds as dated rules: conditions over measures by severity, the gravest that holds counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain import tree
from tools.domain.definitions import Origin
from tools.domain.interpreter import PlainValues, truth

Severity = Literal["yellow", "orange", "red"]
SEVERITIES: tuple[Severity, ...] = ("red", "orange", "yellow")
Measure = Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure with what stands behind it: `share` is what the rule compares (None: unknown), `amount` in cents, payments, payees."""

    share: Measure
    amount: int = 0
    transactions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One version of one flag. `when`: conditions, gravest first. `shows`: the measure it carries. `asks`: measures it looks at."""

    id: str
    name: Mapping[str, str]
    shows: str
    when: tuple[tuple[Severity, tree.Node], ...]
    asks: tuple[str, ...]
    explain: Mapping[str, str]
    origin: Origin
    tests: tuple[Mapping[str, object], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag's verdict: `severity` when hit; None and no `missing` when clear; `missing` measures that would decide it."""

    rule: FlagRule
    severity: Severity | None
    missing: tuple[str, ...]
    measured: Measured

    @property
    def verdict(self) -> Literal["hit", "clear", "unknown"]:
        """hit, clear or unknown."""
        return "hit" if self.severity else "unknown" if self.missing else "clear"


def judge_flags(rules: Iterable[FlagRule], measures: Mapping[str, Measured], day: date) -> tuple[Raised, ...]:
    """Every flag in force on `day`, in the order given."""
    values = PlainValues({name: measured.share for name, measured in measures.items()})
    return tuple(raised(rule, measures, values) for rule in rules if rule.origin.in_force(day))


def raised(rule: FlagRule, measures: Mapping[str, Measured], values: PlainValues) -> Raised:
    """One flag. A gravest condition that is unknown does not hide a lesser one that holds."""
    missing: dict[str, None] = {}
    shown = measures.get(rule.shows, Measured(None))
    for severity, condition in rule.when:
        outcome = truth(condition, values)
        if outcome.value is True:
            return Raised(rule, severity, (), shown)
        missing.update(dict.fromkeys(outcome.missing))
    return Raised(rule, None, tuple(missing), shown)
