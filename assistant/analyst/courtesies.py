"""A question without its greetings, lead-ins and thanks: they ask nothing, and read as parts of their own they would answer for it.

Pure; the words are data (prompts/courtesies.yaml).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from prompts.library import phrase_book

MOST = 4
"""How many courtesies may stand one after the other."""
SAYING = re.compile(r"\w")


def without_courtesies(text: str) -> str:
    """A normalised question from its first asking word to its last; unchanged when it is nothing but courtesies."""
    bare = text
    for _ in range(MOST):
        before = bare
        for pattern in _compiled("openings"):
            if (match := pattern.match(bare)) and SAYING.search(bare, match.end()):
                bare = bare[match.end() :]
        for pattern in _compiled("closings"):
            if (match := pattern.search(bare)) and SAYING.search(bare[: match.start()]):
                bare = bare[: match.start()]
        if bare == before:
            break
    return bare


def tells_why(sentence: str) -> bool:
    """Whether a sentence only says why somebody asks ("I am going into committee."): nothing by itself before a question."""
    return any(pattern.search(sentence) for pattern in _compiled("lead_ins"))


@cache
def _compiled(place: str) -> Sequence[re.Pattern[str]]:
    """The patterns of `openings`, `closings` or `lead_ins`, in the order of the phrase book."""
    head = r"\s*" if place == "openings" else ""
    return tuple(re.compile(rf"{head}(?:{pattern})", re.IGNORECASE) for pattern in phrase_book("courtesies")[place])
