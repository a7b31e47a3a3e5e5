"""Words of the trade explained, with the thresholds the rulebook has today: for `explain`, by id, name, or as part of a question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tools.domain.definitions import Rulebook
from tools.rulebook.entries import HERE, read_file
from tools.rulebook.loan_rules import classification_under, covenant_settings_under

EVER = date(9998, 12, 31)
GENERAL = 100
"""A word for the whole subject ("五级分类") gives way to any narrower one beside it."""


def describe_term(text: str, rulebook: Rulebook) -> dict[str, Any] | None:
    """The term called so; failing that, the longest one the text speaks of; None when it speaks of none."""
    wanted = text.strip().casefold()
    found: Mapping[str, Any] | None = None
    longest = -GENERAL
    for term in _terms():
        said = [str(word) for words in ((term["id"],), term["name"].values(), *term["said"].values()) for word in words]
        for word in (one.casefold() for one in said):
            if word == wanted:
                return _described(term, rulebook)
            size = len(word) - (GENERAL if term.get("general") else 0)
            if size > longest and _stands(word, wanted):
                found, longest = term, size
    return _described(found, rulebook) if found is not None else None


def _stands(word: str, text: str) -> bool:
    at = text.find(word)
    if at < 0 or not word.isascii():
        return at >= 0 and len(word) > 1
    ends = text[at - 1 : at] + text[at + len(word) : at + len(word) + 1]
    return not any(letter.isascii() and letter.isalnum() for letter in ends)


@lru_cache(maxsize=1)
def _terms() -> tuple[Mapping[str, Any], ...]:
    return tuple(read_file(HERE / "terms.yaml")["terms"])


def _described(term: Mapping[str, Any], rulebook: Rulebook) -> dict[str, Any]:
    data = read_file(HERE / "terms.yaml")
    slots = {language: _slots(rulebook, language) for language in ("en", "zh")}
    return {
        "id": term["id"], "kind": "term", "rule": f"{term['id']}@{data['version']}", "name": dict(term["name"]),
        "explain": {language: said.format(**slots[language]) for language, said in term["explain"].items()},
        "source": dict(term.get("source") or data["source"]), "file": "terms.yaml",
    }  # fmt: skip


def _slots(rulebook: Rulebook, language: str) -> dict[str, str]:
    """What the braces stand for, under the rules in force."""
    settings = covenant_settings_under(rulebook, rulebook.as_of or EVER)
    categories = classification_under(rulebook, EVER).categories
    levels = read_file(HERE / "playbook" / "levels.yaml")
    within = levels["take_within"]
    joint = "、" if language == "zh" else ", "
    clocks = read_file(HERE / "classification" / "observation.yaml")
    return {
        "upgrade_periods": str(clocks["upgrade"]["periods"]), "upgrade_months": str(clocks["upgrade"]["months"]),
        "obs_periods": str(clocks["observation"]["periods"]), "obs_months": str(clocks["observation"]["months"]),
        "at_risk": _percent(settings.at_risk_below), "watch": _percent(settings.watch_below),
        "cure_row": str(settings.cures_in_a_row), "cure_life": str(settings.cures_per_life),
        "categories": joint.join(c.name[language] for c in categories), "npl": joint.join(c.name[language] for c in categories if c.npl),
        "red": str(within["red"]), "orange": str(within["orange"]), "yellow": str(within["yellow"]),
        "levels": joint.join(f"{level['id']} {level['name'][language]}" for level in reversed(levels["levels"])),
    }  # fmt: skip


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
