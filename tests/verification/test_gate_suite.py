"""The gate examined: alterations of real answers are caught, right answers in other words pass. The whole examination is `loanward eval gate`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.checking import check
from eval.gate.alterations import alterations
from eval.gate.material import Spoken, spoken
from eval.gate.suite import examine
from tests.assistant.bank import OFFICER, SmallBank, build
from tests.assistant.test_plants import QUESTIONS
from tools.domain.number_words import english_number

MORE = (
    "明远精密2025年末总资产、总负债和流动比率分别是多少", "恒泰贸易逾期多少天,欠多少?", "哪些客户资产负债率超过60%", "明远精密有哪些担保和抵押物?",
    "恒泰贸易的贷款应该怎么分类", "Which borrowers have a current ratio below 1.5?", "Why did Mingyuan Precision's net profit fall in 2025?",
    "Mingyuan Precision loans", "明远精密9月用电量", "介绍一下明远精密",
)  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    small = build(Path(tmp_path_factory.mktemp("gate")))
    yield small
    small.bank.close()


@pytest.fixture(scope="module")
def answers(bank: SmallBank) -> list[Spoken]:
    made = [spoken(bank.bank, question, OFFICER, bank.clocks) for question in (*QUESTIONS, *MORE)]
    return [said for said in made if said is not None]


def test_the_answers_themselves_pass(answers: list[Spoken]) -> None:
    assert len(answers) >= 12
    for said in answers:
        assert not said.findings(said.text), (said.question, said.findings(said.text))


def test_alterations_are_caught_and_right_answers_in_other_words_pass(answers: list[Spoken]) -> None:
    report = examine(answers, altered=200, reworded=100)
    assert report.altered.total() > 150 and report.reworded > 75
    assert not report.through, report.through[:5]
    assert not report.blocked, report.blocked[:5]


def test_every_kind_of_alteration_is_made(answers: list[Spoken]) -> None:
    import random

    kinds = {change.kind for said in answers for change in alterations(said, random.Random(1), 10)}
    assert kinds == {"number", "date", "period", "borrower", "unit", "direction"}


@pytest.mark.parametrize(
    "wrong",
    [
        "江州明远精密机械有限公司2025年12月31日资产负债率约为三分之二。", "江州明远精密机械有限公司2025年12月31日资产负债率接近四成。",
        "江州明远精密机械有限公司2025年12月31日资产负债率为百分之五十八。", "江州明远精密机械有限公司2025年12月31日资产负债率为５８．８０％。",
        "At 31 December 2025 the debt to assets ratio of Jiangzhou Mingyuan Precision Machinery Co., Ltd. was fifty-eight percent.",
        "At 31 December 2025 the debt to assets ratio of Jiangzhou Mingyuan Precision Machinery Co., Ltd. was about two thirds.",
    ],
)  # fmt: skip
def test_numbers_in_words_are_read(bank: SmallBank, answers: list[Spoken], wrong: str) -> None:
    said = spoken(bank.bank, "明远精密2025年末资产负债率", OFFICER, bank.clocks)
    assert said is not None
    assert said.findings(wrong)
    assert not said.findings("江州明远精密机械有限公司2025年12月31日资产负债率为百分之六十点八。")
    assert not said.findings("江州明远精密机械有限公司2025年12月31日资产负债率约六成。")


def test_the_number_before_a_mark_is_the_one_marked(bank: SmallBank) -> None:
    said = spoken(bank.bank, "明远精密2025年末总资产和总负债", OFFICER, bank.clocks)
    assert said is not None
    marks = [part for part in said.text.split("{")[1:]]
    swapped = (
        said.text.replace("{" + marks[0][:6], "{other")
        .replace("{" + marks[1][:6], "{" + marks[0][:6])
        .replace("{other", "{" + marks[1][:6])
    )
    assert check(said.run, swapped)


@pytest.mark.parametrize(
    ("words", "value"), [("two", "2"), ("one point five", "1.5"), ("sixty-five", "65"), ("one hundred and twenty", "120")]
)
def test_english_numbers(words: str, value: str) -> None:
    read = english_number(words)
    assert read is not None and str(read[0]) == value


@pytest.mark.slow
def test_the_examination_on_the_small_bank_meets_its_targets(answers: list[Spoken]) -> None:
    report = examine(answers, altered=2500, reworded=1200, seed=7)
    assert report.caught >= Decimal("0.995"), report.through[:10]
    assert report.blocked_share < Decimal("0.01"), report.blocked[:10]
