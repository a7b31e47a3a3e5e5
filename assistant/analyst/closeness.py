"""Which sentences of a borrower's papers come closest to a question: by the characters and words they share, the rare ones first.

Nothing has to be foreseen: "关了几家店" finds "17家门店中已关闭5家". Words of asking, names and what every sentence holds count for nothing;
the words of prompts/topics.yaml carry a question into the other language.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from assistant.analyst.words import singular
from prompts.library import phrase_book

LEAST = 0.34
NEAR = 0.62
MOST = 4


@cache
def _asking() -> frozenset[str]:
    """Characters and words that ask rather than name."""
    book = phrase_book("topics")["asking"]
    return frozenset(book["zh"]) | frozenset(book["en"])


def terms(text: str) -> Counter[str]:
    """Chinese characters and pairs of them, words and numbers of a text, asking words left out."""
    lowered, asking = text.lower(), _asking()
    found: Counter[str] = Counter()
    for run in re.findall(r"[\u3400-\u9fff]+", lowered):
        kept = [c for c in run if c not in asking]
        found.update(kept)
        found.update(a + b for a, b in pairwise(run) if a not in asking and b not in asking)
    found.update(singular(w) for w in re.findall(r"[a-z][a-z'-]*[a-z]", lowered) if w not in asking)
    found.update(re.findall(r"\d[\d,.]*\d|\d", lowered))
    return found


def _topics(text: str) -> set[str]:
    """Topics a text speaks of, in either language."""
    lowered = text.lower()
    found = set()
    for place, group in enumerate(phrase_book("topics")["groups"]):
        for word in group:
            said = str(word).lower()
            if re.search(rf"(?<![a-z]){re.escape(said)}(?![a-z])", lowered) if said[0].isascii() else said in lowered:
                found.add(f"topic {place}")
                break
    return found


def closest(question: str, sentences: Sequence[str], hidden: Iterable[tuple[int, int]] = (), least: float = LEAST) -> list[int]:
    """Places of the sentences closest to a question, best first; none when nothing comes close. `hidden`: spans that do not count;
    `least`: the share of what is asked for that a sentence has to hold."""
    spans = list(hidden)
    asked = "".join(" " if any(a <= i < b for a, b in spans) else c for i, c in enumerate(question))
    wanted = set(terms(asked)) | _topics(asked)
    held = [set(terms(s)) | _topics(s) for s in sentences]
    spread = Counter(term for one in held for term in one)
    weights = {t: _size(t) * math.log(1 + len(sentences) / spread[t]) for t in wanted if spread[t]}
    whole = sum(weights.values())
    if not whole or not sentences:
        return []
    scored = [(sum(weights[t] for t in one if t in weights) / whole, place) for place, one in enumerate(held)]
    best = max(score for score, _ in scored)
    strong = [
        place for score, place in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= max(least, best * NEAR)
    ]
    return [place for place in strong if _enough(held[place] & wanted)][:MOST]


def _size(term: str) -> float:
    """Pairs of characters and words say more than a single character."""
    if term.startswith("topic"):
        return 1.0
    return 0.6 if len(term) == 1 else 1.0 if "\u3400" <= term[0] <= "\u9fff" else 1.4


def _enough(shared: set[str]) -> bool:
    """Two characters or one word at least are shared."""
    han = [t for t in shared if len(t) == 1 and "\u3400" <= t <= "\u9fff"]
    return (
        len(han) >= 2
        or any(t[0].isascii() and t[0].isalpha() and not t.startswith("topic") for t in shared)
        or (bool(han) and any(t.startswith("topic") for t in shared))
    )
