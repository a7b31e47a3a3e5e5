"""Answers about whom a borrower stands behind: the guarantees it has given, or those between two borrowers."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.warnings import artifact_of, count_in
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value

MOST = 12


def write_given(draft: Draft, part: Part) -> None:
    """Each guarantee given, with its amount and end; of two borrowers named, only what one has given for the other."""
    pair = [heard.id for heard in part.borrowers] if len(part.borrowers) == 2 else []
    between = 0
    silent: list[str] = []
    for heard in part.borrowers:
        artifact = artifact_of(draft, "guarantees", heard.id)
        if artifact is None:
            continue
        found = [v for v in artifact.values if v.name == "guarantee_given" and (not pair or v.about in pair)]
        between += len(found)
        if found:
            _head(draft, heard.id, artifact, found, whole=not pair)
            for value in found[:MOST]:
                _line(draft, artifact, value)
        elif pair:
            silent.append(heard.id)
        else:
            draft.say("given_none", who=draft.who(heard.id), date=draft.day(draft.as_of))
        draft.is_("answered")
    for one in silent if between else ():
        other = next(id for id in pair if id != one)
        draft.say("given_none_for", who=draft.who(one), other=draft.who(other), date=draft.day(draft.as_of))
    if pair and not between:
        draft.say(
            "given_none_between",
            who=draft.listed([draft.who(heard.id) for heard in part.borrowers]),
            date=draft.day(draft.as_of),
        )


def _head(draft: Draft, who: str, artifact: Artifact, found: list[Value], *, whole: bool) -> None:
    count = count_in(artifact, "guarantees_given") if whole else None
    if count is None or len(found) == 1:
        draft.say("given_head_between", who=draft.who(who))
        return
    totals = [v for v in artifact.values if v.name == "guarantees_given"] if len(found) > 1 else []
    total = draft.phrase("given_total", total=draft.listed([draft.number(v) for v in totals])) if totals else ""
    draft.say("given_head", who=draft.who(who), n=draft.number(count, marked=False), total=total)


def _line(draft: Draft, artifact: Artifact, value: Value) -> None:
    rows = [row for row in artifact.rows if f"{row.table}:{row.id}" in value.inputs]
    end = next((row.columns["end_date"] for row in rows if row.columns.get("end_date")), None)
    term = draft.phrase("row_term", end_date=draft.day_of(end), left="") if end else ""
    told = draft.number(value) if value.value is not None else draft.phrase("given_unlimited", mark=draft.mark(value))
    draft.say("given_line", debtor=_debtor(draft, value, rows), amount=told, term=term)


def _debtor(draft: Draft, value: Value, rows: list[Row]) -> str:
    if draft.ref(value.about) is not None:
        return draft.who(value.about)
    named = (row.columns.get("related_name") for row in rows if row.columns.get("relation") == "guarantee_given")
    return next((name for name in named if name), value.about)
