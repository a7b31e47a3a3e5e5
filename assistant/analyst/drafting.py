"""The page an answer is written on: phrases of one language filled with values that keep their marks.

Writers never format a number themselves: they hand over a fact, figure or value and get its text with its mark, so that each
displayed number is the rounding of something a tool found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.analyst.glossary import Glossary
from prompts.library import phrase_book
from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Artifact, BorrowerRef, Value
from tools.toolbox.figures import Answer, answers_in, end_of, months_of, name_of, unit_of
from tools.toolbox.references import mark
from tools.toolbox.rendering import basis_word, day, period, shown

_ONE = re.compile(r"(?<![\d.,])1 (running loan|loan|contradiction|alert|borrower|covenant|document|test|period|piece)s\b")


@dataclass
class Draft:
    """One answer being written. `status` starts as answered; the worst part does not decide, the writer does."""

    language: str
    glossary: Glossary
    artifacts: Sequence[Artifact]
    as_of: date
    lines: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)

    def phrase(self, key: str, **slots: object) -> str:
        """A phrase of the book with its slots filled. KeyError for a phrase that does not exist: a bug, not data."""
        template: str = phrase_book(f"phrases_{self.language}")["phrases"][key]
        return template.format(**slots)

    def say(self, key: str, **slots: object) -> None:
        """Add a phrase as a line."""
        self.lines.append(self.phrase(key, **slots))

    def add(self, line: str) -> None:
        """Add a line as it is."""
        self.lines.append(line)

    def quote(self, passage: Passage, quote: str) -> None:
        """Add words of a document, with its name, page and date."""
        self.say(
            "passages_quote", name=passage.source.document, where=self.place_of(passage), quote=quote, mark=self.mark(passage)
        )

    def is_(self, status: str) -> None:
        """Record how one part went."""
        self.statuses.append(status)

    @property
    def status(self) -> str:
        """Answered when any part was; otherwise the first part's status."""
        if not self.statuses:
            return "answered"
        return "answered" if "answered" in self.statuses else self.statuses[0]

    def text(self) -> str:
        """All lines."""
        whole = "\n".join(self.lines).strip()
        return _ONE.sub(r"1 \1", whole) if self.language == "en" else whole

    def place_of(self, passage: Passage) -> str:
        """Page and date of a passage, as far as it has them."""
        page = self.phrase("passages_where_page", page=passage.source.page) if passage.source.page else ""
        return page + (self.phrase("passages_dated", date=self.day_of(passage.date)) if passage.date else "")

    def day_of(self, text: str | None) -> str:
        """A document's own date, as it stands when it is none."""
        try:
            return self.day(date.fromisoformat(text or ""))
        except ValueError:
            return text or ""

    # names

    def who(self, id: str | None) -> str:
        """The borrower's name in this language: the English name for English when there is one."""
        ref = self.ref(id)
        if ref is None:
            return id or ""
        if self.language == "en":
            return ref.name_en or ref.name
        return ref.name + (" " if ref.name.endswith(".") else "")

    def ref(self, id: str | None) -> BorrowerRef | None:
        """The borrower as the artifacts name it."""
        return next((b for artifact in self.artifacts for b in artifact.borrowers if b.id == id), None)

    def metric(self, id: str) -> str:
        """A metric's name; in English inside a sentence with a small first letter unless it is an abbreviation."""
        name = self.glossary.metric(id, self.language)
        if self.language == "en" and name[:2] != name[:2].upper():
            return name[0].lower() + name[1:]
        return name

    def Metric(self, id: str) -> str:
        """A metric's name at the start of a sentence or a table row."""
        name = self.metric(id)
        return name[0].upper() + name[1:]

    def named(self, answer: Answer) -> str:
        """The metric's name; of the parent company alone, or of the group where both are told, with that said beside it."""
        both = len({a.scope for artifact in self.artifacts for a in answers_in(artifact)}) > 1
        return self.metric(name_of(answer)) + (self.phrase(f"scope_{answer.scope}") if both or answer.scope == "parent" else "")

    def Named(self, answer: Answer) -> str:
        """The same at the start of a sentence or a table row."""
        name = self.named(answer)
        return name[0].upper() + name[1:]

    def measure(self, id: str) -> str:
        """A loan measure's name, or a metric's."""
        key = f"measure_{id}"
        book: dict[str, str] = phrase_book(f"phrases_{self.language}")["phrases"]
        return book[key] if key in book else self.metric(id)

    def listed(self, words: Sequence[str]) -> str:
        """Words joined as the language joins them."""
        kept = [word for word in words if word]
        if self.language == "zh":
            return "、".join(kept)
        if len(kept) < 3:
            return " and ".join(kept)
        return ", ".join(kept[:-1]) + " and " + kept[-1]

    # values

    def day(self, value: date) -> str:
        """A date."""
        return day(value, self.language)

    def number(self, answer: Answer | Value, *, exact: bool = True, marked: bool = True) -> str:
        """The value with its mark; minus signs as they are. An answer without value gives an empty text."""
        value = answer.value
        if value is None:
            return ""
        unit = answer.unit if isinstance(answer, Value | Figure) else unit_of(answer)
        text = shown(value, unit, answer.currency, self.language, exact=exact)
        return text + (mark(answer.id) if marked else "")

    def size(self, value: Value, *, marked: bool = True) -> str:
        """A change without its sign: the word beside it says the direction."""
        if value.value is None:
            return ""
        text = shown(abs(value.value), value.unit, value.currency, self.language, exact=False)
        return text + (mark(value.id) if marked else "")

    def when(self, answer: Answer, *, brief: bool = False) -> str:
        """The period of a fact or figure, in the words of the language."""
        end, months = end_of(answer), months_of(answer)
        year_end = months == 12 and not (
            isinstance(answer, Figure) and answer.basis in ("ltm", "annualised") and not self._closes_year(answer)
        )
        if isinstance(answer, Figure) and answer.basis in ("ltm", "annualised", "ytd"):
            if answer.basis == "ltm" and self._closes_year(answer):
                return period(end, 12, self.language, year_end=True)
            if answer.basis == "ytd":
                # A fiscal year need not begin in January: the flows below tell how long it has run.
                run = max((f.period.months or 0 for f in answer.facts() if f.period.end == end), default=0) or end.month
                if run in (3, 6, 9) and end.month % 3 == 0:
                    return period(end, run, self.language, year_end=False)
            word = basis_word(answer.basis, self.language)
            return self.phrase("when_basis", end=day(end, self.language), basis=word)
        return period(end, months, self.language, year_end=year_end)

    def at(self, answer: Answer) -> str:
        """The period with its preposition: "at 31 December 2025", "in FY2025", "for the nine months ended ..."."""
        said = self.when(answer)
        if self.language == "zh":
            return said
        return f"{'for' if said.startswith('the ') else 'in' if said[0] in 'FHQ' else 'at'} {said}"

    def _closes_year(self, figure: Figure) -> bool:
        return figure.basis == "fy"

    def answer_of(self, name: str, borrower: str | None = None) -> list[Answer]:
        """Facts and figures the tools returned under a name, oldest first."""
        pool: list[Answer] = [a for artifact in self.artifacts for a in answers_in(artifact)]
        found = [a for a in pool if name_of(a) == name and (borrower is None or a.borrower == borrower)]
        unique = {a.id: a for a in found}
        return sorted(unique.values(), key=lambda a: (end_of(a), months_of(a) or 0))

    def mark(self, *nodes: Fact | Figure | Row | Passage | Value) -> str:
        """The mark of some nodes."""
        return mark(*(f"{n.table}:{n.id}" if isinstance(n, Row) else n.id for n in nodes))
