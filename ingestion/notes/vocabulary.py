"""The wording of visit notes as data: loaded once, every topic's own examples checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tools.domain.number_words import TENS, UNITS
from tools.errors import RulebookError

FILE = Path(__file__).with_name("note_terms.yaml")
WORDS = {word: str(value) for word, value in (UNITS | TENS).items()}
NUMBER = (
    r"(?:约|about |around |some |nearly )?(?P<v>\d[\d,，]*(?:\.\d+)?|[一二两三四五六七八九十百]+|"
    + "|".join(sorted(WORDS, key=len, reverse=True))
    + ")"
)
SCALE = r"(?P<s>万|亿|千|百万|million|mn|thousand|k|m)?\s?"


DENIED = "denied"
"""Marks a pattern whose own words deny the topic: "no customer has been lost"."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing notes speak of. A flag topic is yes or no; `levels` give a fixed value per pattern; else group v is the value."""

    id: str
    unit: str
    flag: bool
    patterns: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True)
class NoteWords:
    """Compiled wording. `sections` maps a lower-case name to a part id; `label` finds one before a colon."""

    sections: Mapping[str, str]
    label: re.Pattern[str]
    told: re.Pattern[str]
    checked: re.Pattern[str]
    negation: re.Pattern[str]
    planned: re.Pattern[str]
    topics: tuple[Topic, ...]


@lru_cache(maxsize=4)
def load_note_words(path: Path = FILE) -> NoteWords:
    """The wording in `path`. Raises RulebookError naming the topic that is wrong."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        sections = {name.lower(): entry["id"] for entry in data["sections"] for name in (*entry["zh"], *entry["en"])}
        words = NoteWords(
            sections, _label(sections), _cue(data["told"]), _cue(data["checked"]), _cue(data["negation"]), _cue(data["planned"]),
            tuple(_topic(entry) for entry in data["topics"]),
        )  # fmt: skip
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise RulebookError(f"the note wording cannot be used: {error!r}", where=path.name, fix="Correct the entry") from error
    for entry, topic in zip(data["topics"], words.topics, strict=True):
        for expected, texts in ((True, entry["examples"]["match"]), (False, entry["examples"]["miss"])):
            for text in texts:
                if any(pattern.search(text) for pattern, _ in topic.patterns) is not expected:
                    raise RulebookError(
                        f"topic {topic.id} {'misses' if expected else 'wrongly finds'} its example {text!r}",
                        where=path.name, fix="Correct the pattern or the example",
                    )  # fmt: skip
    return words


def _topic(entry: Mapping[str, Any]) -> Topic:
    if "levels" in entry:
        patterns = [
            (re.compile(_edged(pattern), re.I), level["value"])
            for level in entry["levels"]
            for pattern in (*level["zh"], *level["en"])
        ]
    else:
        patterns = [(re.compile(_expanded(pattern), re.I), "") for pattern in (*entry["zh"], *entry["en"])]
    denied = [(re.compile(_expanded(p), re.I), DENIED) for p in entry.get("denied", ())]
    none = [(re.compile(_expanded(p), re.I), "0") for p in entry.get("none", ())]
    patterns = [*denied, *none, *patterns]
    return Topic(entry["id"], entry["unit"], bool(entry.get("flag")), tuple(patterns))


def _expanded(pattern: str) -> str:
    return pattern.replace("{N}", NUMBER).replace("{M}", SCALE)


def _edged(pattern: str) -> str:
    return rf"\b(?:{pattern})\b" if pattern.isascii() else pattern


def _cue(entry: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    english = "|".join(
        word if word == "n't" else rf"\b(?:{word})" + (r"\b" if word[-1].isalpha() else "") for word in entry["en"]
    )
    return re.compile("|".join((*entry["zh"], english)), re.I)


def _label(sections: Mapping[str, str]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(sections, key=len, reverse=True))
    return re.compile(
        rf"(?:^|(?<=[。；;.，,!?！？\s|”\"’」]))(?:[\d一二三四五六七八九十]{{1,2}}[、.．)）]\s*)?[【\[]?(?P<n>{names})(?:\s?[（(][^）)]{{0,16}}[)）])?\s*(?:[】\]]\s*[:：]?|[:：])\s*",
        re.I,
    )
