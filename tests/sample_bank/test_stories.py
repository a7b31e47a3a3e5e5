"""The truth file says enough to judge an answer, and does not contradict itself."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from eval.sample_bank import SampleBank
from eval.sample_bank.stories import satisfied


@pytest.fixture(scope="module")
def stories(bank: SampleBank) -> list[dict[str, Any]]:
    return list(yaml.safe_load(bank.stories.read_text(encoding="utf-8"))["stories"])


def test_each_borrower_has_a_story_in_both_languages(stories: list[dict[str, Any]]) -> None:
    assert {story["borrower"] for story in stories} == {f"C{number:03d}" for number in range(1, 13)}
    for story in stories:
        assert all(story[part][language] for part in ("title", "what") for language in ("zh", "en"))


def test_there_are_enough_questions_and_each_has_its_answer(stories: list[dict[str, Any]]) -> None:
    questions = [question for story in stories for question in story["questions"]]
    assert len(questions) >= 40
    assert len({question["id"] for question in questions}) == len(questions)
    for question in questions:
        assert question["zh"] and question["en"] and question["answer"]["zh"] and question["answer"]["en"]


def test_what_an_answer_must_say_is_said_by_the_model_answer(stories: list[dict[str, Any]]) -> None:
    for story in stories:
        for question in story["questions"]:
            for language in ("zh", "en"):
                answer = question["answer"][language]
                assert satisfied(question["must"], answer) == [], (question["id"], language, answer)


def test_named_documents_exist(bank: SampleBank, stories: list[dict[str, Any]]) -> None:
    for story in stories:
        for question in story["questions"]:
            for name in question["documents"]:
                assert (bank.documents_dir / name).is_file(), name


@pytest.mark.parametrize(
    ("borrower", "covenant", "verdict"),
    [
        ("C001", "C4", "breach"), ("C003", "CV301", "breach"), ("C004", "CV401 2025-12-31", "at_risk"), ("C004", "CV401 2026-06-30", "breach"),
        ("C002", "CV201", "compliant"), ("C009", "CV901", "breach"), ("C010", "CV1001", "breach"), ("C011", "CV1101", "compliant"),
    ],
)  # fmt: skip
def test_stories_end_as_meant(stories: list[dict[str, Any]], borrower: str, covenant: str, verdict: str) -> None:
    story = next(s for s in stories if s["borrower"] == borrower)
    assert story["covenants"][covenant].startswith(verdict)


def test_signals_are_those_of_the_handbook(stories: list[dict[str, Any]]) -> None:
    for story in stories:
        for signal, verdict in story["signals"].items():
            assert signal[:4] in {
                "FIN-",
                "COV-",
                "BEH-",
                "ACC-",
                "TXN-",
                "OPS-",
                "INV-",
                "LEG-",
                "MGT-",
                "COL-",
                "GUA-",
                "DOC-",
            }
            assert verdict.split()[0] in {"hit", "clear", "unknown"}
