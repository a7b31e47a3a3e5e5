"""Citation numbers inside texts: runs of [3][4][5] as a reader sees them, and texts without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.briefs.model import Source

CITED = re.compile(r"(?:\[\d{1,3}\])+")


def runs(group: str) -> list[tuple[int, int]]:
    """First and last of each run of following numbers, in order."""
    found: list[tuple[int, int]] = []
    for number in sorted({int(text) for text in re.findall(r"\d+", group)}):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def compact(group: str) -> str:
    """3-5,9 for [3][4][5][9]."""
    return ",".join(
        f"{first}–{last}" if last > first + 1 else f"{first},{last}" if last > first else str(first)
        for first, last in runs(group)
    )


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Stretches of plain text (False) and of citations in their short form (True)."""
    last = 0
    for match in CITED.finditer(text):
        if match.start() > last:
            yield text[last : match.start()], False
        yield compact(match.group()), True
        last = match.end()
    if last < len(text):
        yield text[last:], False


def grouped(sources: Iterable[Source]) -> list[list[Source]]:
    """Sources of one document together, in the order the documents are first cited."""
    found: dict[str, list[Source]] = {}
    for source in sources:
        found.setdefault(source.sha256 or source.title, []).append(source)
    return list(found.values())
