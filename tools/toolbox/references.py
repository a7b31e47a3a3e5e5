"""Short handles by which a text points at what a tool found: `{a1b2c3}` after a number, turned into [1], [2] for the reader.

A handle is made from the id alone, so it is the same in the tool's text, in a model's answer and in a replay. Braces, so that
no reader's citation and no Markdown is mistaken for one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_MARK = re.compile(r"\s?\{([0-9a-f]{6}(?:\s*[,;]\s*[0-9a-f]{6})*)\}")


def handle(id: str) -> str:
    """Six hexadecimal digits for an id."""
    return hashlib.sha256(id.encode()).hexdigest()[:6]


def mark(*ids: str) -> str:
    """What is written after a number or quote: `{a1b2c3}`, several joined by commas."""
    return "{" + ",".join(dict.fromkeys(handle(id) for id in ids)) + "}"


def handles(ids: Iterable[str]) -> dict[str, str]:
    """handle → id."""
    return {handle(id): id for id in ids}


def marks(text: str) -> Iterable[re.Match[str]]:
    """Every mark in a text; group 1 holds its handles."""
    return _MARK.finditer(text)


def split(group: str) -> list[str]:
    """The handles of one mark."""
    return re.split(r"\s*[,;]\s*", group)
