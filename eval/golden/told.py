"""Questions the author of the sample bank wrote beside each story, with what a right answer must contain; the product never reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from eval.golden.questions import Question


def story_questions(sample: Path) -> Iterator[Question]:
    """Every story's questions in both languages. `must` lists alternatives by "|", as `says` does; the status is not told there."""
    data = yaml.safe_load((sample / "stories.yaml").read_text(encoding="utf-8"))
    for story in data["stories"]:
        for entry in story["questions"]:
            for language in ("zh", "en"):
                yield Question(
                    f"story-{entry['id']}-{language}",
                    str(entry[language]),
                    language,
                    "",
                    says=tuple(str(m) for m in entry.get("must") or ()),
                )
