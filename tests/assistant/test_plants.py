"""A model that says what no tool found: two hundred altered digits, and what an honest answer must not be stopped for."""

from __future__ import annotations

import random
import re

import pytest
from langchain_core.messages import AIMessage

from tests.assistant.asking import ask_model, record, transcript
from tests.assistant.bank import SmallBank

QUESTIONS = (
    "江州明远2025年末的流动比率是多少?", "江州明远2024和2025年的营业收入、净利润", "What was Mingyuan Precision's debt to assets at the end of 2025?",
    "恒泰贸易逾期了吗", "Is Hengtai overdue, and by how much?", "江州明远的贷款", "江州明远的财务约束是否满足?", "Are Mingyuan Precision's covenants met?",
    "Harbor Lane current ratio and total assets 2024 and 2025", "江州明远和恒泰贸易谁的资产负债率更高", "which of my borrowers are past due?",
    "江州明远走访时看到了什么", "为什么江州明远2025年净利润下降", "资产负债率最高的客户", "未来一年到期的贷款", "Rank my borrowers by current ratio",
)  # fmt: skip
PLANTS = 200


def text_of(message: AIMessage) -> str:
    return str(message.content)


def plant(text: str, rng: random.Random) -> str:
    """One digit changed where a reader would see it: not inside a mark."""
    marks = [m.span() for m in re.finditer(r"\{[0-9a-f]{6}\}", text)]
    places = [m for m in re.finditer(r"\d", text) if not any(a <= m.start() < b for a, b in marks)]
    place = rng.choice(places)
    new = rng.choice([d for d in "0123456789" if d != place.group()])
    return text[: place.start()] + new + text[place.end() :]


@pytest.fixture(scope="module")
def transcripts(small: SmallBank) -> dict[str, list[AIMessage]]:
    return {question: transcript(small, question) for question in QUESTIONS}


def test_the_right_answer_passes_as_the_models_own(small: SmallBank, transcripts: dict[str, list[AIMessage]]) -> None:
    for question, said in transcripts.items():
        result = ask_model(small, question, said)
        assert (result.model, result.verified) == ("replay:model", True), (question, record(small, result)["fallback"])


@pytest.mark.parametrize("plants", [60, pytest.param(PLANTS, marks=pytest.mark.slow)])
def test_no_planted_digit_reaches_the_reader(small: SmallBank, transcripts: dict[str, list[AIMessage]], plants: int) -> None:
    rng = random.Random(20261031)
    through = []
    for number in range(plants):
        question = QUESTIONS[number % len(QUESTIONS)]
        said = transcripts[question]
        wrong = plant(text_of(said[-1]), rng)
        result = ask_model(small, question, [*said[:-1], AIMessage(wrong)])
        if result.model != "analyst":
            through.append((question, wrong))
    assert not through, through[:3]


@pytest.mark.parametrize(
    "added",
    [
        "资产负债率为61.80%。", "另据了解,该公司2026年已还清全部贷款。", "北京星河电子科技有限公司是其关联方。", "详见[7]。", "该公司已违约。", "评级为AAA,逾期0天。",
        "Its leverage is 2.1x.", "The current ratio improved to one point five.", "海州东方化工有限公司情况类似。",
    ],
)  # fmt: skip
def test_what_no_tool_found_is_not_added(small: SmallBank, transcripts: dict[str, list[AIMessage]], added: str) -> None:
    question = QUESTIONS[0]
    said = transcripts[question]
    result = ask_model(small, question, [*said[:-1], AIMessage(text_of(said[-1]) + added)])
    assert result.model == "analyst"
    assert added not in result.answer


def test_numbers_without_any_tool_call_are_not_believed(small: SmallBank) -> None:
    result = ask_model(small, QUESTIONS[0], [AIMessage("江州明远精密机械有限公司2025年12月31日流动比率为1.18。")])
    assert result.model == "analyst"
