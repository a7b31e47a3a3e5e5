"""Where a name that is no borrower's stands in the papers the caller may see: a person met, a ship, a customer of a borrower.

A search by likeness proposes, only passages that hold the name word for word are kept: a name nobody wrote down, or only in papers of
others, finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from tools.domain.book_evidence import evidence
from tools.domain.facts import Passage, Row
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.passages import inert
from tools.toolbox.references import mark
from tools.toolbox.steering import without_steering

PROPOSED = 40
MOST_CHARACTERS = 500
NAMED = (("guarantors", "name"), ("relations", "related_name"), ("events", "detail"))
"""Where the loan book names people: a guarantor and a party by the whole cell, an event anywhere in its words."""


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
    rows = list(_in_book(desk, name))[:limit]
    left = [
        Value(f"days_left:{row.id}", "days_left", None, "days", Decimal((ends - desk.clocks.as_of).days), None, ends, about=row.id, inputs=(f"{row.table}:{row.id}",))
        for row, _ in rows
        if row.table == "guarantors" and (ends := _day(row.columns.get("end_date"))) and ends >= desk.clocks.as_of
    ]  # fmt: skip
    owners = sorted({p.borrower for p in chosen if p.borrower} | {owner for _, owner in rows if owner})
    refs = tuple(desk.ref(b) for b in (desk.store.borrowers.get(desk.caller, id) for id in owners) if b)
    values = tuple(
        Value(
            f"named:{row.table}:{row.id}",
            "named_in",
            owner,
            "state",
            about=row.id,
            state=row.table,
            inputs=(f"{row.table}:{row.id}",),
        )
        for row, owner in rows
    )
    artifact = Artifact(
        "mentions",
        {"name": name, "limit": limit},
        refs,
        rows=tuple(row for row, _ in rows),
        values=(*values, *left),
        passages=tuple(chosen),
    )
    return ToolResult(_text(chosen), artifact)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _in_book(desk: Desk, name: str) -> Iterator[tuple[Row, str]]:
    """Rows of the loan book that name somebody: a guarantor, a shareholder, whom an event is about; with whose row it is."""
    said = name.strip()
    for table, column in NAMED:
        where = None if table == "events" else {column: said}
        for place, row in enumerate(desk.loan_book.rows(desk.caller, table, desk.clocks, where=where)):
            if table == "events" and not holds(str(row.get(column) or ""), said):
                continue
            id = row.get("id") or f"{table}:{row.get('customer_id')}/{row.get('relation')}/{said}/{place}"
            hidden = {k: v for k, v in row.items() if not k.endswith("customer_id") or v == row.get("_borrower")}
            yield evidence(table, {**hidden, "id": id}), str(row.get("_borrower") or "")


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
