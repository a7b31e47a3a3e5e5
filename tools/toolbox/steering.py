"""Sentences in documents that speak to software. Evidence is quoted, but not these: they are left out and their place is told."""

from __future__ import annotations

import re
from functools import cache

from prompts.library import phrase_book

LEFT_OUT = "[a sentence addressed to software is left out here]"
_SENTENCE = re.compile(r"[^。！？!?;；\n]*?(?:[。！？!?;；\n]+|\.(?=\s|$)\s?|$)")


def steers(text: str) -> bool:
    """Whether a sentence tries to instruct the software that reads it (prompts/steering.yaml)."""
    return _patterns().search(text) is not None


def without_steering(text: str) -> str:
    """`text` with each such sentence replaced by a remark."""
    if not steers_anywhere(text):
        return text
    pieces = [LEFT_OUT if steers(m.group()) else m.group() for m in _SENTENCE.finditer(text) if m.group()]
    return re.sub(rf"(?:{re.escape(LEFT_OUT)}\s*)+", LEFT_OUT + " ", "".join(pieces)).strip()


def quotable(text: str) -> str:
    """The longest stretch of `text` that speaks to people, word for word; the whole of it as a rule."""
    if not steers_anywhere(text):
        return text
    stretches = [""]
    for found in _SENTENCE.finditer(text):
        if steers(found.group()):
            stretches.append("")
        else:
            stretches[-1] += found.group()
    return max(stretches, key=len).strip()


def steers_anywhere(text: str) -> bool:
    """Whether any sentence of `text` does."""
    return any(steers(m.group()) for m in _SENTENCE.finditer(text) if m.group())


@cache
def _patterns() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in phrase_book("steering")["patterns"]), re.IGNORECASE)
