"""What a plan is: parts of a question, the tool calls each needs, and what to remember. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.analyst.conversation import Conversation
from assistant.analyst.reading import Reading

STATUS_OF = {
    "refused": "refused", "judgement": "refused", "off_topic": "out_of_scope", "out_of_scope": "out_of_scope", "unknown": "out_of_scope",
    "not_found": "not_found", "mention": "not_found", "clarify": "clarify",
}  # fmt: skip
"""The status of a question that gets no answer, by its frame."""


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call, as the agent will make it."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """A borrower heard in the question. `how`: id, name, part, spelling, sound, initials, loan (it is his), focus, only or given."""

    id: str
    how: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a question: its frame, what was read, whom it is about, and which of the plan's calls serve it. `loans`: those it
    names, or the thread speaks of; none means all of the borrower's."""

    frame: str
    reading: Reading
    borrowers: tuple[Heard, ...] = ()
    calls: tuple[int, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    loans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`calls` after find_borrower, in order. `then`: the thread's memory once this is answered. `brief`: the last answer again, in short."""

    language: str
    parts: tuple[Part, ...]
    calls: tuple[Call, ...]
    then: Conversation
    brief: bool = False
