"""Finance synonyms as search terms: a question in one language finds pages that say the same thing in the other.

The words come from the rulebook (names, labels and synonyms of line items and ratios); they count less than the asker's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from tools.search.tokens import STOP, tokens

SYNONYM_WEIGHT = 0.4
_MOST_TERMS = 40


class Synonyms:
    """`groups`: each holds all the words one thing goes by, in both languages."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._groups = [tuple(dict.fromkeys(w for w in group if len(w) > 1)) for group in groups]

    def expand(self, query: str) -> Mapping[str, float]:
        """Further tokens for `query` with their weight; the query's own tokens are left to the caller."""
        found: dict[str, float] = {}
        for match in self._pattern.finditer(query.lower()):
            for index in self._index[match.group()]:
                for word in self._groups[index]:
                    for token in tokens(word):
                        if token not in STOP and len(found) < _MOST_TERMS:
                            found.setdefault(token, SYNONYM_WEIGHT)
        return found

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for position, group in enumerate(self._groups):
            for word in group:
                index.setdefault(word.lower(), []).append(position)
        return index

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = []
        for word in sorted(self._index, key=len, reverse=True):
            edge = word[0].isascii() and word[0].isalnum()
            tail = word[-1].isascii() and word[-1].isalnum()
            parts.append((r"(?<![a-z0-9])" if edge else "") + re.escape(word) + (r"(?![a-z0-9])" if tail else ""))
        return re.compile("|".join(parts) or r"(?!x)x")
