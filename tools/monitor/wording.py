"""Explanations filled in: the rulebook's sentences with this borrower's numbers, in Chinese and English.

Every number shown is a slot, and every slot is handed on with its exact value, so that whoever checks the words finds it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tools.domain.interpreter import run, truth
from tools.domain.outcomes import Outcome
from tools.domain.signal_case import Case
from tools.domain.signals import Signal, Slot
from tools.domain.templates import Gap, Maybe, Template, Words
from tools.domain.tree import Name, names
from tools.monitor.environment import Place, SignalEnvironment
from tools.rulebook.signal_rules import SignalBook
from tools.toolbox import rendering

LANGUAGES = ("zh", "en")
WIDE = str.maketrans(",:;()", "，：；（）")
"""Rules are written with one keyboard; Chinese is printed with its own marks."""
PLAIN = frozenset({"count", "rank", "yesno"})


@dataclass(frozen=True, slots=True)
class Worded:
    """An explanation by language, and the values it shows."""

    text: Mapping[str, str]
    slots: tuple[Slot, ...]


@dataclass
class _Filling:
    """One explanation being filled in one language."""

    signal: Signal
    book: SignalBook
    env: SignalEnvironment
    place: Place
    case: Case
    language: str
    slots: dict[tuple[str, str], Slot] = field(default_factory=dict)

    def fill(self, template: Template) -> str | None:
        """The text; None when a slot outside an optional part cannot be told."""
        found = []
        for part in template:
            text: str | None
            match part:
                case Words(words):
                    text = words.translate(WIDE) if self.language == "zh" else words
                case Gap():
                    text = self._slot(part)
                case Maybe(condition, parts):
                    holds = condition is None or truth(condition, self.env).value is True
                    text = (self.fill(parts) if holds else "") or ""
            if text is None:
                return None
            found.append(text)
        return "".join(found)

    def _slot(self, gap: Gap) -> str | None:
        if gap.source == "period":
            return self._period()
        asked = names(gap.node)
        lead = asked[0] if asked else ""
        if gap.format in ("date", "text"):
            return self._word(gap, lead)
        outcome = run(gap.node, self.env)
        value = outcome.number
        if value is None:
            return None
        unit = gap.format or self._unit(gap, lead)
        currency = next(iter(outcome.currencies)) if len(outcome.currencies) == 1 else None
        self.slots[gap.source, unit] = Slot(lead or "threshold", unit, value, currency, self._when(outcome, lead))
        return self._limit(value, unit) if lead == "threshold" else self._shown(value, unit, currency)

    def _limit(self, value: Decimal, unit: str) -> str:
        """A limit without the zeros that only measured values need."""
        if unit in ("ratio", "percent_points"):
            words = rendering.shown(value, unit, None, self.language)
            tail = words.lstrip("-0123456789.,")
            return rendering.grouped(value * rendering.HUNDRED, 0, 2) + tail
        return self._shown(value, unit, None)

    def _shown(self, value: Decimal, unit: str, currency: str | None) -> str:
        """As short as a colleague would say it; four decimals where two would hide on which side of the limit a multiple is."""
        if unit in PLAIN:
            return rendering.grouped(value, 0, 4)
        if unit not in rendering.MULTIPLES:
            return rendering.shown(value, unit, currency, self.language, exact=False)
        limit = self.env.threshold
        hidden = limit is not None and value != limit and rendering.rounded(value, 2) == rendering.rounded(limit, 2)
        return rendering.grouped(value, 2, 4 if hidden else 2) + ("x" if self.language == "en" and unit == "x" else "")

    def _word(self, gap: Gap, lead: str) -> str | None:
        measured = self.env.measures.get(lead)
        if gap.format == "date":
            if measured.when is None:
                return None
            self.slots[gap.source, "date"] = Slot(lead, "date", None, None, measured.when)
            return rendering.day(measured.when, self.language)
        if not measured.text:
            return None
        self.slots[gap.source, "text"] = Slot(lead, "text", None, None, measured.when, measured.text)
        return measured.text.replace("、", ", ") if self.language == "en" else measured.text

    def _unit(self, gap: Gap, lead: str) -> str:
        if lead == "threshold":
            return self.signal.unit if self.signal.unit not in ("rank", "own") else "count"
        if lead in self.book.measures:
            unit = self.book.measures[lead].unit
            return self.env.measures.get(lead).text or "x" if unit == "own" else unit
        rulebook = self.env.rulebook
        known = rulebook.definition(lead) or rulebook.items.get(lead)
        if isinstance(gap.node, Name) or len(names(gap.node)) == 1 or known is not None:
            return known.unit if known is not None else "x"
        return self.signal.unit

    def _when(self, outcome: Outcome, lead: str) -> date | None:
        if lead in self.book.measures:
            return self.env.measures.get(lead).when
        return self.place.end

    def _period(self) -> str | None:
        end = self.place.end
        if end is None:
            return None
        self.slots["period", "date"] = Slot("period", "date", None, None, end)
        return self._span(end)

    def _span(self, end: date) -> str:
        if not _flows(self.signal, self.env):
            return rendering.day(end, self.language)
        if self.place.basis == "ytd":
            months = self.place.months or end.month
            return rendering.period(end, months, self.language, year_end=months == 12)
        if end.month == 12:
            return rendering.period(end, 12, self.language, year_end=True)
        if self.language == "zh":
            return f"截至{rendering.day(end, 'zh')}的近12个月"
        return f"the twelve months to {rendering.day(end, 'en')}"


def worded(signal: Signal, book: SignalBook, env: SignalEnvironment, place: Place, case: Case) -> Worded:
    """The signal's explanation in both languages."""
    text: dict[str, str] = {}
    slots: dict[tuple[str, str], Slot] = {}
    for language in LANGUAGES:
        filling = _Filling(signal, book, env, place, case, language)
        text[language] = filling.fill(book.template(signal, language)) or signal.name[language]
        slots |= filling.slots
    return Worded(text, tuple(slots.values()))


def _flows(signal: Signal, env: SignalEnvironment) -> list[str]:
    """What of the signal's value is a flow over a period rather than a balance."""
    rulebook = env.rulebook
    return [name for name in names(signal.value) if rulebook.knows(name) and not rulebook.is_point(name)]
