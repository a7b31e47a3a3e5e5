"""A question cut into the questions it holds: "2025年末的流动比率是多少?契约都达标吗?" is two."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ENDS = re.compile(
    r"[?？;;。!！\n]+|(?:[,,、]|\s)*(?:另外|此外|还有就是|同时请|顺便|以及请问|再告诉我|还想知道|并且告诉我|然后)[,,]?"
    r"|(?:,\s*|\s)(?:and also|also tell me|as well as tell me|plus,|in addition,?)\s"
    r"|,?\s+and\s+(?=(?:is|are|was|were|what|how|which|does|do|did|has|have|who|when|why|can|tell|show|must|should)\b)"
    r"|(?<=[a-z0-9]{3})\.\s+(?=[A-Z])|[,,](?=(?:有没有|是否|哪些|什么时候|为什么|怎么|契约|逾期|它的))",
    re.IGNORECASE | re.ASCII,
)


def cut(text: str, whole: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Spans of the parts of a normalised text; a border never falls inside one of the `whole` spans (names)."""
    spans, start = [], 0
    for match in _ENDS.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in whole):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if re.search(r"\w", text[a:b])]
