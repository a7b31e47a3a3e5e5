"""Answers from the bank's market series: what a thing costs now, and how far that is from a year before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from prompts.library import phrase_book
from tools.domain.facts import Row
from tools.toolbox.rendering import grouped, ratio

POINTS = "percent_points"


def write_market(draft: Draft, part: Part) -> None:
    """One line per series; when no series fits, what there is."""
    for artifact in [a for a in draft.artifacts if a.tool == "market"]:
        if artifact.missing or not artifact.rows:
            names = [f"“{row.columns.get('name') or row.columns['series']}”" for row in artifact.rows[:12]]
            draft.say("market_none", names=draft.listed(names) or draft.phrase("none_word"))
            draft.is_("not_available")
            continue
        rows = {row.id: row for row in artifact.rows}
        newest: dict[str, Row] = {}
        for row in artifact.rows:
            newest.setdefault(str(row.columns["series"]), row)
        for code, row in newest.items():
            c = row.columns
            change = next((v for v in artifact.values if v.name == "change" and v.id == f"market_change:{code}"), None)
            share = next((v for v in artifact.values if v.name == "change_share" and v.id == f"market_share:{code}"), None)
            slots = {
                "name": c.get("name") or code,
                "series": code,
                "date": _day(draft, row),
                "value": _value(draft, row),
                "mark": draft.mark(row),
            }
            if change is None or change.value is None:
                draft.say("market_line", **slots)
                continue
            before = rows[change.inputs[1].partition(":")[2]]
            size = (
                ratio(abs(change.value), POINTS, draft.language) if change.unit == POINTS else grouped(abs(change.value), 0, 4)
            )
            told = (
                draft.phrase(f"market_share_{change.direction}", share=draft.size(share))
                if share is not None and change.value
                else ""
            )
            draft.say(f"market_{change.direction}", **slots, then=_day(draft, before), earlier=_value(draft, before), before=draft.mark(before),
                      size=size + draft.mark(change), share=told)  # fmt: skip
        draft.is_("answered")


def _value(draft: Draft, row: Row) -> str:
    value, unit = Decimal(row.columns["value"] or "0"), row.columns.get("unit") or ""
    if unit == "share":
        return ratio(value, "ratio", draft.language)
    words = phrase_book("market")["units"].get(unit, [unit, unit])[0 if draft.language == "zh" else 1]
    return f"{grouped(value, 0, 4)}{words}" if draft.language == "zh" else f"{grouped(value, 0, 4)} {words}".strip()


def _day(draft: Draft, row: Row) -> str:
    return draft.day(date.fromisoformat(row.columns["date"] or ""))
