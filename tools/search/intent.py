"""What a question asks for, as far as its words tell: line items, statements, years, and whether it wants a reason.

Names come from the rulebook in both languages; a ratio stands for the lines it is computed from, because those are on the page that
answers. Nothing here decides: it only says which pages to look at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from tools.domain.definitions import Rulebook
from tools.domain.tree import names
from tools.errors import RulebookError

FILE = Path(__file__).resolve().parents[1] / "rulebook" / "statement_words" / "questions.yaml"
YEAR = re.compile(r"(?<!\d)(?:fy\s?)?((?:19|20)\d\d)(?!\d)|\bfy\s?(\d\d)\b|((?:19|20)\d\d)年", re.I)


@dataclass(frozen=True, slots=True)
class Intent:
    """`items` named or needed, `statements` spoken of, `years` named; `reasons`: the question asks why."""

    items: frozenset[str]
    statements: frozenset[str]
    years: frozenset[int]
    reasons: bool

    @property
    def on_statements(self) -> bool:
        """Whether the pages of the statements may answer."""
        return bool(self.items or self.statements)


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """Compiled wording."""

    statements: Mapping[str, re.Pattern[str]]
    reasons: re.Pattern[str]


@lru_cache(maxsize=4)
def load_question_words(path: Path = FILE) -> QuestionWords:
    """The wording in `path`. Raises RulebookError when it cannot be used."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        statements = {name: re.compile("|".join(words)) for name, words in data["statements"].items()}
        return QuestionWords(statements, re.compile("|".join(data["reasons"])))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, re.error) as error:
        raise RulebookError(f"the words of questions cannot be used: {error!r}", where=path.name, fix="Correct it") from error


def leaves_of(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """Every item, ratio, block and score with the line items it stands on."""
    formulas = {**rulebook.blocks, **rulebook.ratios, **rulebook.scores}
    found: dict[str, frozenset[str]] = {item: frozenset([item]) for item in rulebook.items}

    def leaves(id: str, above: frozenset[str]) -> frozenset[str]:
        if id not in found and id in formulas and id not in above:
            trees = [tree for _, tree in formulas[id].formulas.values()]
            parts = [leaves(name, above | {id}) for tree in trees for name in names(tree)]
            found[id] = frozenset().union(*parts)
        return found.get(id, frozenset())

    for id in formulas:
        leaves(id, frozenset())
    return found


class Intents:
    """`words`: what is named → the words it goes by; `leaves`: a ratio or score → its line items (an item is its own leaf)."""

    def __init__(self, words: Mapping[str, Iterable[str]], leaves: Mapping[str, frozenset[str]]) -> None:
        self._leaves = leaves
        self._named: dict[str, set[str]] = {}
        for id, said in words.items():
            for word in said:
                self._named.setdefault(word, set()).add(id)
        parts = []
        for word in sorted(self._named, key=len, reverse=True):
            head = r"(?<![a-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
            tail = r"(?![a-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
            parts.append(head + re.escape(word) + tail)
        self._pattern = re.compile("|".join(parts) or r"(?!x)x")

    def of(self, query: str) -> Intent:
        """The intent of one question."""
        text = query.lower()
        words = load_question_words()
        items: set[str] = set()
        for match in self._pattern.finditer(text):
            for id in self._named[match.group()]:
                items |= self._leaves.get(id, frozenset())
        statements = frozenset(name for name, pattern in words.statements.items() if pattern.search(text))
        years = frozenset(int(a or c) if a or c else 2000 + int(b) for a, b, c in YEAR.findall(text))
        return Intent(frozenset(items), statements, years, bool(words.reasons.search(text)))
