"""Answers about papers the bank waits for: when one was due, when it came, how many days late; which have not come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import last_day
from assistant.analyst.writers.warnings import artifact_of
from prompts.library import phrase_book
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value

MOST = 6


def write_receipt(draft: Draft, part: Part) -> None:
    """The paper named, of the period named, else the newest of its kind; all statements when none is named."""
    for heard in part.borrowers:
        artifact = artifact_of(draft, "deliveries", heard.id)
        if artifact is None:
            continue
        wanted = paper_of(part.reading.text)
        rows = _of_kind(artifact.rows, wanted)
        found = (
            _of_period(rows, part)
            if part.reading.periods
            else rows[: 1 if wanted and wanted.get("id") != "statements" else MOST]
        )
        if not found:
            draft.say("receipt_none", who=draft.who(heard.id))
            found = rows[:1]
        for row in found[:MOST]:
            _delivery(draft, heard.id, artifact, row)
        draft.is_("answered" if found else "not_available")


def paper_of(text: str) -> Mapping[str, Any] | None:
    """The entry of prompts/papers.yaml whose words stand in the text."""
    lowered = text.lower()
    for entry in phrase_book("papers")["papers"]:
        if any(_stands(str(word), lowered) for word in entry["words"]):
            found: Mapping[str, Any] = entry
            return found
    return None


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z])", text) is not None if word[0].isascii() else word in text


def _of_kind(rows: Sequence[Row], wanted: Mapping[str, Any] | None) -> list[Row]:
    kinds = (wanted or {}).get("kinds", ("statement",))
    covers = (wanted or {}).get("covers")
    return [row for row in rows if row.columns["kind"] in kinds and (covers is None or row.columns["covers"] in covers)]


def _of_period(rows: Sequence[Row], part: Part) -> list[Row]:
    """Those whose period ends on the last day of a period named, else within its year."""
    ends = [last_day(period) for period in part.reading.periods]
    exact = [row for row in rows if any(end and row.columns["period_end"] == end.isoformat() for end in ends)]
    years = {str(period.year) for period in part.reading.periods if period.kind == "year"}
    return exact or [row for row in rows if (row.columns["period_end"] or "")[:4] in years]


def _delivery(draft: Draft, who: str, artifact: Artifact, row: Row) -> None:
    c = row.columns
    state = next(v for v in artifact.values if v.name == "paper_late" and f"deliveries:{row.id}" in v.inputs)
    slots = {
        "who": draft.who(who), "name": c["name"], "period": draft.phrase("documents_period", end=draft.day_of(c["period_end"])) if c["period_end"] else "",
        "due": draft.day_of(c["due"]), "received": draft.day_of(c["received"]), "days": _days(draft, state), "mark": draft.mark(row),
    }  # fmt: skip
    draft.say(f"receipt_{state.state}", **slots)


def _days(draft: Draft, state: Value) -> str:
    return draft.number(state, marked=False) if state.value is not None else ""
