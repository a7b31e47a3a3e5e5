"""Cells of rows: what a line says of the row it marks must stand in that row and not in another one of the same table.

Identifiers, file names and masked account numbers have no value to be held against; here they are held against the row cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.verification.anchors import Anchors
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mentions

_MASKED = re.compile(r"\*{2,}\d{2,}")
_LISTED = re.compile(r"^\s*- ([0-9a-f]{8}-\d{1,3})(?= )", re.MULTILINE)
_PARTS = re.compile(r"[\n;；]")


def strange_cells(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Identifiers in front of a row's mark that only another row of its table holds."""
    spoken = [(m.start, m.end) for m in mentions.identifiers] + [m.span() for m in _MASKED.finditer(text)]
    if not spoken:
        return
    tables: dict[str, dict[str, list[str]]] = {}
    for key, words in evidence.texts.items():
        table, _, rest = key.partition(":")
        row, _, column = rest.rpartition(":")
        if column and column.isidentifier():
            tables.setdefault(table, {}).setdefault(f"{table}:{row}", []).append(words)
    last = 0
    for place, ids in anchors:
        start = max([last, *(m.end() for m in _PARTS.finditer(text, 0, place))])
        last = place
        rows = [id for id in ids if id in tables.get(id.partition(":")[0], {})]
        if not rows or len(rows) < len(ids):
            continue
        line = text.rfind("\n", 0, place) + 1
        marked = {id for other, named in anchors if line <= other <= place for id in named}
        for begin, end in spoken:
            if not start <= begin < place:
                continue
            said = text[begin:end]
            for id in rows:
                holders = {
                    row for row, cells in tables[id.partition(":")[0]].items() if any(said in cell for cell in (*cells, row))
                }
                if holders and id not in holders and not holders & marked:
                    yield begin, end, "the row cited says another one"
                    break


def listed_twice(text: str) -> Iterator[tuple[int, int, str]]:
    """A covenant waiting for a person that heads two items of a list: one of them is another covenant."""
    seen: set[str] = set()
    for match in _LISTED.finditer(text):
        if match[1] in seen:
            yield match.start(1), match.end(1), "another item of the list has this identifier"
        seen.add(match[1])
