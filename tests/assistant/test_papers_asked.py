"""Questions about papers: when they came and whether late, what the contract says, what the note says."""

from __future__ import annotations

import pytest

from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank


def tools_of(small: SmallBank, question: str) -> list[str]:
    return [used.name for used in ask(small, question).used]


@pytest.mark.parametrize(
    "question", ["半年报晚了多少天", "三季报收到没有", "was the half-year report on time?", "上年审计报告哪天收到的"]
)
def test_a_paper_and_its_coming_is_one_kind_of_question(small: SmallBank, question: str) -> None:
    assert "deliveries" in tools_of(small, f"C001 {question}")
