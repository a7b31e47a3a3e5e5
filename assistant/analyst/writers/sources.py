"""Where what was just told stands: the paper with its page or cell, or the row of the loan book, said in the answer when it is asked for.

Every number carries its source anyway; somebody who asks "which file, which page?" wants to read it, not to follow a mark.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.analyst.drafting import Draft
from assistant.citing import Nodes
from tools.domain.facts import Fact, Passage, Row
from tools.toolbox.references import marks, split

MOST = 12


def say_sources(draft: Draft, lines: Sequence[str]) -> None:
    """One line per place that `lines` rest on: a fact by its caption, a quoted passage, a row of the book."""
    nodes = Nodes(draft.artifacts)
    found: dict[str, Fact | Row | Passage] = {}
    for line in lines:
        for match in marks(line):
            for id in (nodes.of_handle(part) for part in split(match.group(1))):
                for source in nodes.sources(id) if id else ():
                    found.setdefault(source.id, source)
    told = dict.fromkeys(_line(draft, source) for source in found.values())
    if not told:
        return
    draft.say("sources_head")
    for line in list(told)[:MOST]:
        draft.add(line)


def _line(draft: Draft, source: Fact | Row | Passage) -> str:
    if isinstance(source, Row):
        return draft.phrase("source_row", table=source.table, id=source.id, mark=draft.mark(source))
    where = source.source.page
    place = draft.phrase("passages_where_page", page=where) if where else ""
    if not place and source.source.locator:
        place = draft.phrase("source_locator", locator=source.source.locator)
    if isinstance(source, Passage):
        return draft.phrase("source_paper", name=source.source.document, where=place, mark=draft.mark(source))
    return draft.phrase("source_fact", item=draft.Metric(source.item), when=draft.when(source), name=source.source.document, where=place,
                        mark=draft.mark(source))  # fmt: skip
