"""The gate's words, loaded once from prompts/gate.yaml and compiled into patterns.

Chinese words match anywhere; English words only at word borders, so that "met" is not found in "metal".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from prompts.library import phrase_book


def word_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """One alternation, longest first; borders only where a word starts or ends with a letter."""
    parts = []
    for word in sorted(set(words), key=len, reverse=True):
        escaped = re.escape(word)
        head = r"(?<![A-Za-z])" if word[0].isascii() and word[0].isalpha() else ""
        tail = r"(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
        parts.append(head + escaped + tail)
    return re.compile("|".join(parts) or r"(?!x)x", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Compiled words. `groups` maps a table (directions, states, comparisons) to word → key."""

    multipliers: Mapping[str, Decimal]
    multiplier_words: re.Pattern[str]
    currencies: Mapping[str, str]
    units: Mapping[str, str]
    approximate: re.Pattern[str]
    over: re.Pattern[str]
    negative: re.Pattern[str]
    done_acts: re.Pattern[str]
    limit_words: re.Pattern[str]
    groups: Mapping[str, tuple[re.Pattern[str], Mapping[str, str]]]
    value_names: Mapping[str, frozenset[str]]


def _group(table: Mapping[str, Sequence[str]]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    keys = {word.lower(): key for key, words in table.items() for word in words}
    return word_pattern(list(keys)), keys


@cache
def vocabulary() -> Vocabulary:
    """The words of prompts/gate.yaml."""
    data: Mapping[str, Any] = phrase_book("gate")
    return Vocabulary(
        multipliers={word: Decimal(value) for word, value in data["multipliers"].items()},
        multiplier_words=word_pattern(list(data["multipliers"])),
        currencies=dict(data["currencies"]),
        units={word: unit for unit, words in data["units"].items() for word in words},
        approximate=word_pattern(data["approximate"]),
        over=word_pattern(data["over"]),
        negative=word_pattern(data["negative_words"]),
        done_acts=word_pattern(data["done_acts"]),
        limit_words=word_pattern(data["limit_words"]),
        groups={
            table: _group(data[table])
            for table in ("directions", "comparisons", "states", "superlatives", "cure_words", "bases", "results")
        },
        value_names=_value_names(data["value_names"], data["plain_labels"]),
    )


def _value_names(told: Mapping[str, Sequence[str]], plain: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The gate's own words for a tool's values, and what the sheets call them."""
    names = {name: {word.lower() for word in words} for name, words in told.items()}
    for sheet in phrase_book("sheets")["sheets"].values():
        for line in (line for line in sheet if line["name"] not in plain):
            parts = (part for tongue in ("zh", "en") for part in str(line[tongue]).split("{about}"))
            words = {re.split(r"[（(]", part)[0].strip(" :：,，").lower() for part in parts}
            names.setdefault(line["name"], set()).update(word for word in words if len(word) > 1)
    return {name: frozenset(words) for name, words in names.items()}
