"""Which topics of a contract (or audit report) a question names, and which clause by its number: words in prompts/clauses.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from prompts.library import phrase_book

MOST_TOPICS = 3


@cache
def _topics() -> tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None], ...]:
    """Per topic: what means it anywhere, and what means it beside a word for the contract."""
    found = []
    for entry in phrase_book("clauses")["topics"]:
        alone = [*map(_phrase, entry.get("ask", ())), *entry.get("patterns", ())]
        found.append((str(entry["id"]), _either(alone), _either([_phrase(word) for word in entry.get("with", ())])))
    return tuple(found)


@cache
def _numbers() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in phrase_book("clauses")["numbers"])


def _phrase(word: object) -> str:
    text = re.escape(str(word))
    return rf"(?<![a-z]){text}(?:s|es)?(?![a-z])" if str(word)[0].isascii() else text


def _either(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE) if patterns else None


def topics_of(text: str, of_contract: bool) -> tuple[str, ...]:
    """Topics a question names; beside a word for the contract also those that mean something only there. At most three."""
    text = f"{text}\n{text.replace('-', ' ')}" if "-" in text else text
    alone = [id for id, pattern, _ in _topics() if pattern is not None and pattern.search(text)]
    beside = [
        id for id, _, pattern in _topics() if of_contract and pattern is not None and pattern.search(text) and id not in alone
    ]
    return tuple([*alone, *beside][:MOST_TOPICS])


def clause_of(text: str) -> str | None:
    """The number of the clause a question names."""
    for pattern in _numbers():
        match = pattern.search(text)
        if match:
            return match.group(1)
    return None


def topic(id: str) -> Mapping[str, Any]:
    """One topic's entry."""
    found: Mapping[str, Any] = next(entry for entry in phrase_book("clauses")["topics"] if entry["id"] == id)
    return found
