"""Text as the analyst sees it: one normal form, and tokens in which Chinese and English phrases match alike.

A Chinese character is a token, a run of letters is a token in its singular, a run of digits is a token. Phrases are found
as runs of tokens, so "Current Ratios", "current-ratio" and "流动比率" need no pattern of their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from prompts.library import simplified

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_TOKEN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff]|[A-Za-zÀ-ɏ]+(?:['’](?:s|S|re|ve|ll|t)\b)?|\d+(?:,\d{3})*(?:\.\d+)?|[^\s\w]|_"
)
_DROPPED = frozenset("-_'’")
_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "。": "。", "–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True, slots=True)
class Token:
    """`norm` is what phrases are compared by; `start`..`end` index the normalised text."""

    norm: str
    start: int
    end: int


def normalise(text: str) -> str:
    """Full-width to half-width (NFKC), plain quotes and dashes, single spaces, one Chinese script. Case is kept: names need it."""
    return re.sub(r"\s+", " ", simplified(unicodedata.normalize("NFKC", text).translate(_FOLD))).strip()


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """A lower-case English word without possessive and plural ending; enough for matching, not a stemmer."""
    word = re.sub(r"'s$", "", word.lower())
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def tokens(text: str) -> list[Token]:
    """Tokens of a normalised text, hyphens and underscores left out."""
    found = []
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece in _DROPPED:
            continue
        found.append(Token(singular(piece) if piece[0].isalpha() else piece, match.start(), match.end()))
    return found


def phrase_key(phrase: str) -> tuple[str, ...]:
    """The token key under which a phrase is found in any text."""
    return tuple(token.norm for token in tokens(normalise(phrase)))


def has_cjk(text: str) -> bool:
    """True when at least one Chinese character stands in `text`."""
    return CJK.search(text) is not None
