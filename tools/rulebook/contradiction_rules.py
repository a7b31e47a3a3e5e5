"""Loads the rules by which notes, statements, readings and papers contradict each other; a rule whose tests fail is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tools.domain.contradictions import ContradictionRule, Measured, Noted, Side, Trend, judge_pair
from tools.domain.disagreements import Claim, Severity
from tools.errors import RulebookError

FOLDER = Path(__file__).resolve().parent / "contradictions"
SEVERITIES = ("yellow", "orange", "red")
BOUNDS = frozenset({"above", "at_least", "at_most", "below"})
SIDE_KEYS = frozenset({"source", "topics", "known", "item", "measures", "value", "share", "change", "flag", "against"})
RULE_KEYS = frozenset(
    {"id", "title", "severity", "left", "right", "within_days", "gap", "below", "same_topic", "same_unit", "opposite", "tests"}
)
SOME_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """When something a note says was promised counts as overdue."""

    id: str
    title: Mapping[str, str]
    severity: Severity
    grace_days: int


@lru_cache(maxsize=4)
def load_contradictions(folder: Path = FOLDER) -> tuple[tuple[ContradictionRule, ...], PromiseRule]:
    """All rules and the one about promises. Raises RulebookError naming the rule that is wrong."""
    rules: list[ContradictionRule] = []
    promise: PromiseRule | None = None
    for path in sorted(folder.glob("*.yaml")):
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            for entry in data["rules"]:
                rules.append(_tested(_rule(entry), entry["tests"], path))
            if "promises" in data:
                said = data["promises"]
                promise = PromiseRule(said["id"], said["title"], said["severity"], int(said["grace_days"]))
        except (OSError, yaml.YAMLError, KeyError, TypeError, ArithmeticError, ValueError) as error:
            raise RulebookError(
                f"a rule of contradictions cannot be used: {error!r}", where=path.name, fix="Correct it"
            ) from error
    if promise is None or len({rule.id for rule in rules}) != len(rules):
        raise RulebookError(
            "rules of contradictions repeat an id or say nothing of promises", where=folder.name, fix="Correct it"
        )
    return tuple(rules), promise


def _rule(entry: Mapping[str, Any]) -> ContradictionRule:
    unknown = set(entry) - RULE_KEYS
    if unknown or entry["severity"] not in SEVERITIES:
        raise ValueError(f"{entry.get('id')}: unknown {', '.join(sorted(unknown)) or 'severity'}")
    gap = Decimal(entry["gap"]) if "gap" in entry else None
    return ContradictionRule(
        entry["id"], entry["title"], entry["severity"], _side(entry["left"]), _side(entry["right"]), int(entry.get("within_days", 400)), gap,
        bool(entry.get("below")), bool(entry.get("same_topic")), bool(entry.get("same_unit")), bool(entry.get("opposite")),
    )  # fmt: skip


def _side(said: Mapping[str, Any]) -> Side:
    if set(said) - SIDE_KEYS:
        raise ValueError(f"unknown {', '.join(sorted(set(said) - SIDE_KEYS))}")
    bounds = {name: {key: Decimal(value) for key, value in said.get(name, {}).items()} for name in ("value", "share", "change")}
    if any(set(one) - BOUNDS for one in bounds.values()):
        raise ValueError("a bound is above, at_least, at_most or below")
    return Side(
        said["source"], tuple(said.get("topics", ())), tuple(said.get("known", ())), said.get("item", ""), tuple(said.get("measures", ())),
        bounds["value"], bounds["share"], bounds["change"], said.get("flag", ""), said.get("against", ""),
    )  # fmt: skip


def _tested(rule: ContradictionRule, tests: Any, path: Path) -> ContradictionRule:
    if not tests:
        raise RulebookError(f"{rule.id} has no tests", where=path.name, fix="Give one that hits and one that does not")
    for test in tests:
        left, right = _example(rule.left, test["left"], "left"), _example(rule.right, test["right"], "right")
        assert not isinstance(left, Trend)
        hit = judge_pair(rule, left, right, "test") is not None
        if hit is not test["hit"]:
            raise RulebookError(f"{rule.id}: its test {test} gives {hit}", where=path.name, fix="Correct the rule or the test")
    return rule


def _example(side: Side, said: Mapping[str, Any], name: str) -> Noted | Trend | Measured:
    claim = Claim("observation", name, name, name)
    if side.source == "statement":
        return Trend(said["item"], SOME_DAY, Decimal(said["change"]), (claim,))
    if side.source != "note":
        return Measured(side.source, said.get("topic", ""), Decimal(said["value"]), SOME_DAY, claim)
    raw = str(said["value"])
    flag = raw if raw in ("yes", "no") else None
    return Noted(
        said["topic"], said["said_by"], SOME_DAY, "note", claim, None if flag else Decimal(raw), flag, _decimal(said.get("of")),
        _decimal(said.get("change")), said.get("unit"), bool(said.get("negated")), bool(said.get("planned")),
    )  # fmt: skip


def _decimal(text: Any) -> Decimal | None:
    return Decimal(text) if text is not None else None
