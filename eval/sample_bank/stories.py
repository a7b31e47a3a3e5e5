"""What is hidden in the sample bank and how one would know it was found: the author's knowledge, written beside the bank, never read by the product.

Signals use the ids of handbook 7, floors those of handbook 1. A question says what a right answer must contain, in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`must`: strings one of whose alternatives ("a|b") has to be in a right answer; `kind` as in the ask shape or the topic."""

    zh: str
    en: str
    answer_zh: str
    answer_en: str
    kind: str
    must: Sequence[str] = ()
    documents: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One figure with its exact display: `value` to four decimals for ratios, two for money in currency units."""

    name: str
    period_end: str
    value: str
    unit: str = "ratio"
    scope: str = "consolidated"
    basis: str = ""
    status: str = "ok"


@dataclass(slots=True, kw_only=True)
class Story:
    """One borrower's story. `signals` map id to verdict and severity, `covenants` id to verdict, `loans` id to what is true of it."""

    borrower: str
    slug: str
    title_zh: str
    title_en: str
    what_zh: str
    what_en: str
    signals: Mapping[str, str] = field(default_factory=dict)
    covenants: Mapping[str, str] = field(default_factory=dict)
    loans: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Sequence[Expected] = ()
    questions: Sequence[Question] = ()


def satisfied(must: Sequence[str], answer: str) -> list[str]:
    """The demands of a question (`must` of the truth file) that an answer does not meet; empty for a right one."""
    return [demand for demand in must if not any(way in answer for way in demand.split("|"))]


def write_stories(path: Path, seed: int, book_date: str, stories: Sequence[Story]) -> None:
    """The truth file."""
    content = {
        "seed": seed,
        "book_date": book_date,
        "note": "Truth about the sample bank. Nothing that reads the bank may read this file.",
        "stories": [_plain(story) for story in stories],
    }
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")


def _plain(story: Story) -> dict[str, Any]:
    return {
        "borrower": story.borrower,
        "slug": story.slug,
        "title": {"zh": story.title_zh, "en": story.title_en},
        "what": {"zh": story.what_zh, "en": story.what_en},
        "signals": dict(story.signals),
        "covenants": dict(story.covenants),
        "loans": {loan: dict(facts) for loan, facts in story.loans.items()},
        "figures": [_drop_empty(figure) for figure in story.figures],
        "questions": [
            {
                "id": f"{story.borrower}-{story.slug}-{number}",
                "kind": question.kind,
                "zh": question.zh,
                "en": question.en,
                "answer": {"zh": question.answer_zh, "en": question.answer_en},
                "must": list(question.must),
                "documents": list(question.documents),
            }
            for number, question in enumerate(story.questions, 1)
        ],
    }


def _drop_empty(figure: Expected) -> dict[str, str]:
    named = {name: getattr(figure, name) for name in ("name", "period_end", "value", "unit", "scope", "basis", "status")}
    return {name: value for name, value in named.items() if value}
