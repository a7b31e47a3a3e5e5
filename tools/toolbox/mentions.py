"""Where a name that is no borrower's stands in the papers the caller may see: a person met, a ship, a customer of a borrower.

A search by likeness proposes, only passages that hold the name word for word are kept: a name nobody wrote down, or only in papers of
others, finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.domain.facts import Passage
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult
from tools.toolbox.desk import Desk
from tools.toolbox.passages import inert
from tools.toolbox.references import mark
from tools.toolbox.steering import without_steering

PROPOSED = 40
MOST_CHARACTERS = 500


def mentions(desk: Desk, name: str, limit: int = 30) -> ToolResult:
    """The tool: passages that hold a name word for word, visit notes first and whole."""
    from tools.search.passages import Filter  # NumPy comes with it; only a search needs it

    if not name.strip():
        raise BadRequest("the name is empty", fix="Say which name to look for")
    found: dict[str, Passage] = {}
    for kind in ("visit_note", None):
        for passage in desk.search.search(desk.caller, name, desk.clocks, within=Filter(kind=kind), k=PROPOSED):
            if holds(passage.text, name):
                found.setdefault(passage.id, passage)
    for note in [p for p in found.values() if p.kind == "visit_note" and p.source.sha256][:2]:
        # whom a note names it may be about: the rest of it is read with it
        for passage in sorted(desk.store.passages.of_document(desk.caller, note.source.sha256), key=lambda p: p.ordinal):
            found.setdefault(passage.id, passage)
    chosen = list(found.values())[:limit]
    owners = sorted({p.borrower for p in chosen if p.borrower})
    refs = tuple(desk.ref(b) for b in (desk.store.borrowers.get(desk.caller, id) for id in owners) if b)
    return ToolResult(_text(chosen), Artifact("mentions", {"name": name, "limit": limit}, refs, passages=tuple(chosen)))


def holds(text: str, name: str) -> bool:
    """Whether the name stands in the text, a Latin one as whole words."""
    return re.search(pattern_of(name), text, re.IGNORECASE) is not None


def pattern_of(name: str) -> str:
    """A pattern for the name: whole words where it is written in Latin letters."""
    said = re.escape(name.strip())
    return rf"(?<![A-Za-z]){said}(?![A-Za-z])" if name.strip()[:1].isascii() else said


def _text(chosen: Sequence[Passage]) -> str:
    lines = [
        f"<document name={inert(p.source.document)!r} {mark(p.id)}>\n{inert(without_steering(p.text)[:MOST_CHARACTERS])}\n</document>" for p in chosen
    ]  # fmt: skip
    return "\n".join(lines) or "Nothing found."
