"""Cutting text into search tokens, the same way for passages and for queries.

Latin words are lower-cased and lose a plural s; Chinese runs become overlapping pairs of characters, so that a two-character
word is found without a dictionary; numbers lose their separators, and 1.2345万 also becomes 12345.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<scale>\s?(?:亿|千万|百万|万|million|billion|thousand))?|"
    rf"(?P<han>[{_HAN}]+)|(?P<word>[a-z][a-z0-9]*)"
)
_SCALES = {
    "亿": 100_000_000,
    "千万": 10_000_000,
    "百万": 1_000_000,
    "万": 10_000,
    "billion": 1_000_000_000,
    "million": 1_000_000,
    "thousand": 1_000,
}
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "there",
        "these",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "should",
        "can",
        "could",
        "about",
        "any",
        "all",
        "our",
        "your",
        "his",
        "her",
        "than",
        "then",
        "also",
        "into",
        "over",
        "under",
        "between",
        "during",
        "per",
        "much",
        "many",
    ]
)


def tokens(text: str) -> Iterator[str]:
    """Every token of `text`, in order, stop words included; numbers as plain digits."""
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text).lower()):
        if match["number"]:
            yield from _number(match["number"].replace(",", ""), (match["scale"] or "").strip())
            if match["scale"] and match["scale"].strip() in ("亿", "千万", "百万", "万"):
                continue
        elif match["han"]:
            run = match["han"]
            yield from (run[i : i + 2] for i in range(len(run) - 1)) if len(run) > 1 else (run,)
        else:
            yield _stem(match["word"])


def query_tokens(text: str) -> list[str]:
    """Tokens of a query without stop words and repeats; all of them when nothing else is left."""
    found = list(dict.fromkeys(tokens(text)))
    return [t for t in found if t not in STOP] or found


def han_share(text: str) -> float:
    """Share of letters that are Chinese: a model that knows no Chinese is not asked about Chinese."""
    han = len(re.findall(f"[{_HAN}]", text))
    letters = len(re.findall(r"[A-Za-z]", text))
    return han / (han + letters) if han + letters else 0.0


def _number(digits: str, scale: str) -> Iterator[str]:
    yield digits
    if scale:
        full = Decimal(digits) * _SCALES[scale]
        yield format(full.normalize(), "f")
    elif digits.endswith(".00"):
        yield digits[:-3]


def _stem(word: str) -> str:
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
