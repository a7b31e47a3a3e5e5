"""The words this channel uses of its own, in the asker's language."""

from __future__ import annotations

import re
from typing import Literal

from prompts.library import phrase_book

Language = Literal["zh", "en"]
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


class Phrases:
    """`phrases("name", slot=...)`; the two books have the same names."""

    def __init__(self, language: str) -> None:
        self.language: Language = "zh" if language == "zh" else "en"
        self._book = phrase_book(f"slack_{self.language}")["phrases"]

    def __call__(self, name: str, /, **slots: object) -> str:
        return str(self._book[name]).format(**slots)

    @property
    def prompts(self) -> list[tuple[str, str]]:
        """Questions to begin with, as (title, question)."""
        return [(str(title), str(question)) for title, question in self._book["prompts"]]

    def tool(self, name: str) -> str:
        """What a tool of the assistant does, as a step of the work."""
        return str(self._book.get(f"tool_{name}", self._book["tool_any"]))

    def reason(self, code: str, otherwise: str) -> str:
        """Why a file could not be read."""
        return str(self._book.get(f"reason_{code}", otherwise))

    def kind(self, name: str) -> str:
        """A kind of document."""
        return str(self._book.get(f"kind_{name}", name))


def language_of(text: str, otherwise: str) -> Language:
    """The language somebody writes in; `otherwise` when the text has no letters."""
    if _HAN.search(text):
        return "zh"
    if _LATIN.search(text):
        return "en"
    return "zh" if otherwise == "zh" else "en"
