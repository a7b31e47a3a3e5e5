"""The questions, and which half each belongs to: weights are chosen on one half and checked on the other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("questions.yaml")


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """`file` is relative to the folder of filings; any of `pages` answers `text`."""

    file: str
    text: str
    pages: frozenset[int]

    @property
    def held_out(self) -> bool:
        """Whether no weight was chosen with this question in view."""
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 2 == 1


def load_questions(filings: Path, path: Path = FILE) -> list[PageQuestion]:
    """Questions whose filing is there."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
    made = [PageQuestion(entry["f"], entry["q"], frozenset(entry["p"])) for entry in entries]
    return [question for question in made if (filings / question.file).is_file()]
