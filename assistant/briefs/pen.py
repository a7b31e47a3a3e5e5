"""How a brief says things: the phrases of prompts/brief_<language>.yaml, filled with values that keep their marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assistant.analyst.drafting import Draft
from prompts.library import phrase_book
from tools.domain.figures import Figure
from tools.toolbox.artifacts import Value
from tools.toolbox.figures import Answer, end_of, months_of, unit_of
from tools.toolbox.references import mark
from tools.toolbox.rendering import MULTIPLES, grouped, shown


class Pen(Draft):
    """A draft that speaks with the brief's own phrases."""

    def phrase(self, key: str, **slots: object) -> str:
        """A phrase of the brief's book with its slots filled. KeyError for one that does not exist: a bug, not data."""
        template: str = phrase_book(f"brief_{self.language}")["phrases"][key]
        return template.format(**slots)

    def word(self, key: str) -> str:
        """A title or column head."""
        return str(phrase_book(f"brief_{self.language}")["words"][key])

    def metric(self, id: str) -> str:
        """A metric's name, the short one where a column needs it."""
        short: dict[str, str] = phrase_book(f"brief_{self.language}")["short_names"]
        return short.get(id) or super().metric(id)

    def has(self, key: str) -> bool:
        """Whether the book has such a phrase."""
        return key in phrase_book(f"brief_{self.language}")["phrases"]

    def code(self, table: str, id: str | None) -> str:
        """A code of the loan book or of a status in words."""
        return self.glossary.word(table, id, self.language)

    def short(self, answer: Answer | Value, *, marked: bool = True) -> str:
        """The value without the exact amount behind it."""
        value = answer.value
        if value is None:
            return ""
        unit = answer.unit if isinstance(answer, Value | Figure) else unit_of(answer)
        return self.written(value, unit, answer.currency) + (mark(answer.id) if marked else "")

    def written(self, value: Decimal, unit: str, currency: str | None) -> str:
        """A value in the shortest form a page can hold: two decimals at most, the unit its size calls for."""
        if unit != "currency":
            text = (
                shown(value, unit, currency, self.language, exact=False).replace("-", "−").replace(" percentage points", " pp")
            )
            return re.split(r"\s?\(", text)[0] if unit in MULTIPLES else text
        display = phrase_book("display")
        scale, word = next(
            (Decimal(by), word) for least, by, word in display["scales"][self.language] if abs(value) >= Decimal(least)
        )
        digits = grouped(value / scale, 0, 2).replace("-", "−")
        if self.language == "zh":
            return f"{digits}{word}{display['currencies']['zh'].get(currency or '', currency or '')}"
        word = {" million": "m", " billion": "bn"}.get(word, word)
        return f"{currency} {digits}{word}" if currency else f"{digits}{word}"

    def label(self, answer: Answer) -> str:
        """A period in a column: FY2025, 2026-06 LTM, 2026-06."""
        end, months = end_of(answer), months_of(answer)
        if isinstance(answer, Figure) and answer.basis in ("ltm", "ytd", "annualised", "quarter"):
            word = self.phrase(f"basis_{answer.basis}")
            return f"{end:%Y-%m} {word}"
        if months == 12 and end.month == 12:
            return f"{end.year}年度" if self.language == "zh" else f"FY{end.year}"
        return f"{end:%Y-%m}"

    def tick(self, answer: Answer, year_end: bool) -> str:
        """A period under a chart."""
        end = end_of(answer)
        return f"{end.year}" if year_end and end.month == 12 else f"{end:%Y-%m}"

    def paper(self, name: str | None) -> str:
        """A document by its name without the borrower's own in front and the ending behind: a page is narrow."""
        text = re.sub(r"\.(?:pdf|docx?|xlsx?|csv|md|txt|html?|eml)$", "", name or "", flags=re.IGNORECASE)
        for artifact in self.artifacts[:1]:
            for known in (artifact.borrowers[0].name, artifact.borrowers[0].name_en):
                if known and text.startswith(known) and len(text) > len(known):
                    text = text[len(known) :].lstrip("_ ")
        return text

    def date(self, value: date) -> str:
        """A date in a column."""
        return value.isoformat()

    def sum(self, values: Sequence[Value]) -> str:
        """Amounts of several currencies side by side: they are never added."""
        return self.listed([self.short(value) for value in values])

    def plain(self, value: Decimal | int) -> str:
        """A count."""
        return f"{value:,}"
