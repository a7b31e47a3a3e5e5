"""What a thread remembers beside the trail: the business date it speaks of, what was asked before, and forgetting.

The trail is the record and keeps every answer; a thread is only talk and can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from assistant.analyst.timewords import time_phrases
from assistant.analyst.words import normalise
from prompts.library import phrase_book

SHORTEST, LONGEST_LINE, MOST_LINES = 6, 80, 12


def thread_date(question: str, history: Sequence[Mapping[str, Any]], as_of: date) -> date | None:
    """The earlier business date the thread stands on: set by this question, kept from an earlier one, or None for the caller's own."""
    text = normalise(question)
    if _pattern("thread_date_end").search(text):
        return None
    if _pattern("thread_date").search(text):
        days = [
            t.request.day
            for t in time_phrases(text, as_of)
            if t.request is not None and t.request.kind == "day" and t.request.day
        ]
        if days and days[0] <= as_of:
            return days[0]
    kept = next((m["as_of"] for m in reversed(history) if m.get("role") == "assistant" and "as_of" in m), None)
    return date.fromisoformat(kept) if kept else None


def wants_forgetting(question: str) -> bool:
    """Whether the question asks to forget the talk."""
    return _pattern("forget").search(normalise(question)) is not None


def told_before(history: Sequence[Mapping[str, Any]], recent: int) -> str:
    """Questions older than the `recent` messages a model is given word for word; empty when there are none."""
    older = [str(m["text"]) for m in history[:-recent] if m.get("role") == "user"]
    if not older:
        return ""
    lines = [f"- {text[:LONGEST_LINE]}" for text in older[-MOST_LINES:]]
    return "Earlier in this conversation the same person asked:\n" + "\n".join(lines)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in phrase_book("threads")[name]), re.IGNORECASE)
