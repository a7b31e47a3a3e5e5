"""What a thread remembers between questions: whom and what it spoke of, and a choice it is waiting for. Plain JSON both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.analyst.reading import Limit, Reading
from tools.toolbox.periods import PeriodRequest


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that named several borrowers at once and waits for one to be chosen. `start`..`end`: the words that did."""

    question: str
    choices: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """`focus`: borrowers last spoken of. The rest is what a follow-up may take over. `waiting`: a borrower was asked for.
    `listed`: borrowers of the list last shown, in its order; `answered`: the newest period end last told; `asked`: the last question,
    in `language`, and `before`: the thread as it stood when that was asked; `loans`: those last spoken of by number;
    `later`: the period from which a question stepped back; `spoken`: the periods of the same metrics asked for one after another;
    `within`: the part of the book spoken of, and its name."""

    focus: tuple[str, ...] = ()
    frame: str = ""
    metrics: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    periods: tuple[PeriodRequest, ...] = ()
    windows: tuple[tuple[date, date], ...] = ()
    cues: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    top: int | None = None
    topic: tuple[str, ...] = ()
    pending: Pending | None = None
    waiting: bool = False
    identifiers: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    answered: date | None = None
    asked: str = ""
    language: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    loans: tuple[str, ...] = ()
    later: PeriodRequest | None = None
    spoken: tuple[PeriodRequest, ...] = ()
    within: tuple[str, str] = ("", "")

    @classmethod
    def after(cls, frame: str, reading: Reading, focus: tuple[str, ...]) -> Conversation:
        """What to remember once a part of a question has been planned."""
        return cls(
            focus, frame, reading.metrics, reading.families, reading.measures, reading.periods, reading.windows, reading.cues,
            reading.limits, reading.top, reading.topic, identifiers=reading.identifiers,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """JSON types only."""
        return {
            "focus": list(self.focus), "frame": self.frame, "metrics": list(self.metrics), "families": list(self.families),
            "measures": list(self.measures), "periods": [str(p) for p in self.periods],
            "windows": [[a.isoformat(), b.isoformat()] for a, b in self.windows], "cues": sorted(self.cues),
            "waiting": self.waiting, "limits": [[limit.operator, str(limit.value), limit.unit] for limit in self.limits], "top": self.top, "topic": list(self.topic),
            "identifiers": list(self.identifiers), "listed": list(self.listed), "asked": self.asked, "language": self.language, "loans": list(self.loans),
            "within": list(self.within), "later": str(self.later) if self.later else None, "spoken": [str(p) for p in self.spoken],
            "answered": self.answered.isoformat() if self.answered else None, "before": dict(self.before),
            "pending": None if self.pending is None else
            {"question": self.pending.question, "choices": list(self.pending.choices), "start": self.pending.start, "end": self.pending.end},
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Conversation:
        """The reverse; an empty conversation for None."""
        if not data:
            return cls()
        pending = data.get("pending")
        return cls(
            tuple(data["focus"]), data["frame"], tuple(data["metrics"]), tuple(data["families"]), tuple(data["measures"]),
            tuple(PeriodRequest.parse(p) for p in data["periods"]),
            tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in data["windows"]), frozenset(data["cues"]),
            tuple(Limit(o, Decimal(v), u, "", 0) for o, v, u in data["limits"]), data["top"], tuple(data["topic"]),
            Pending(pending["question"], tuple(pending["choices"]), pending["start"], pending["end"]) if pending else None,
            bool(data.get("waiting")), tuple(data.get("identifiers", ())), tuple(data.get("listed", ())),
            date.fromisoformat(data["answered"]) if data.get("answered") else None, data.get("asked", ""), data.get("language", ""),
            data.get("before") or {}, tuple(data.get("loans", ())), PeriodRequest.parse(data["later"]) if data.get("later") else None,
            tuple(PeriodRequest.parse(p) for p in data.get("spoken", ())), _pair(data.get("within")),
        )  # fmt: skip


def _pair(data: Any) -> tuple[str, str]:
    return (str(data[0]), str(data[1])) if data else ("", "")
