"""Lies in another form: two right values in each other's place, another base of comparison, sums that do not add up, numbers in words."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from assistant.verification.evidence import Evidence
from assistant.verification.gate import verify
from assistant.verification.gathering import gather
from assistant.verification.tallies import strange_tallies
from eval.gate.alterations import MARK, alterations
from eval.gate.disguises import DISGUISES, english
from eval.gate.material import Spoken, spoken
from tests.assistant.bank import OFFICER, SmallBank
from tests.verification.bank import ARTIFACTS, EVERYONE, NAMES, VALUE_NAMES

QUESTIONS = (
    "按流动比率给客户排名",
    "明远精密的杠杆约束",
    "恒泰贸易2025年净利润同比",
    "Mingyuan Precision current ratio 2024 and 2025",
    "恒泰贸易逾期多少天,欠多少?",
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return gather(ARTIFACTS, NAMES, value_names=VALUE_NAMES, everyone=EVERYONE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("明远精密2025年营业收入同比增长10.0%。", "明远精密2025年营业收入环比增长10.0%。"),
        ("明远精密净利润从2024年的1,500万元降至2025年的1,160万元。", "明远精密净利润从2024年的1,500万元升至2025年的1,160万元。"),
        ("Net profit of Mingyuan fell to CNY 11.6 million in 2025 from CNY 15.0 million in 2024.",
         "Net profit of Mingyuan rose to CNY 11.6 million in 2025 from CNY 15.0 million in 2024."),
        ("恒泰贸易2025年净利润为-523.00万元,为亏损。", "恒泰贸易2025年净利润为-523.00万元,为盈利。"),
        ("恒泰贸易2025年净利润为-523.00万元,为亏损。", "恒泰贸易2025年净利润为523.00万元,为亏损。"),
        ("Hengtai's net profit in 2025 was CNY -5.23 million.", "Hengtai's net profit in 2025 was CNY -six million."),
        ("明远精密2025年净利润下降22.7%。", "明远精密2025年净利润下降一半。"),
    ],
)  # fmt: skip
def test_a_lie_in_another_form_is_stopped(evidence: Evidence, right: str, wrong: str) -> None:
    assert verify(right, evidence) == []
    assert verify(wrong, evidence)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("24 alerts on 4 borrowers: 12 red, 11 orange and 1 yellow.", "24 alerts on 4 borrowers: 12 red, 11 orange and 6 yellow."),
        ("共9条预警:红色6条、橙色3条。", "共9条预警:红色6条、橙色4条。"),
        ("Running: two loans:\n- L1\n- L2", "Running: three loans:\n- L1\n- L2"),
        ("Period ends: 30 June 2026, 31 December 2025 and 31 December 2024.", "Period ends: 30 June 2026, 31 December 2024 and 31 December 2024."),
    ],
)  # fmt: skip
def test_parts_make_the_whole(right: str, wrong: str) -> None:
    assert not list(strange_tallies(right))
    assert list(strange_tallies(wrong))


@pytest.fixture(scope="module")
def answers(small: SmallBank) -> list[Spoken]:
    made = [spoken(small.bank, question, OFFICER, small.clocks) for question in QUESTIONS]
    return [said for said in made if said is not None]


def test_what_an_adversary_alters_is_caught_with_marks_and_without(answers: list[Spoken]) -> None:
    rng, through, made = random.Random(3), [], 0
    for said in answers:
        for one in (said, replace(said, text=MARK.sub("", said.text))):
            assert not one.findings(one.text)
            for change in alterations(one, rng, 6, DISGUISES):
                made += 1
                through += [] if one.findings(change.text) else [(change.kind, change.was, change.now)]
    assert made > 20 and not through


def test_a_ranking_keeps_its_order(answers: list[Spoken]) -> None:
    said = next(one for one in answers if "\n2. " in one.text)
    lines = said.text.split("\n")
    places = [i for i, line in enumerate(lines) if line[:3] in ("1. ", "2. ")]
    one, other = (lines[place] for place in places)
    lines[places[0]], lines[places[1]] = one[:3] + other[3:], other[:3] + one[3:]
    assert said.findings("\n".join(lines))


@pytest.mark.parametrize(("number", "words"), [(7, "seven"), (42, "forty-two"), (90, "ninety")])
def test_numbers_are_spelled(number: int, words: str) -> None:
    assert english(number) == words


@pytest.mark.parametrize(
    "said",
    [
        "Mingyuan's debt/EBITDA was just over 4x at 30 June 2026, above the 4.00x limit.",
        "明远精密2025年收入2.64亿元，同比增长一成；净利润1,160万元，同比下降两成多。",
        "Hengtai lost CNY 5.2 million in 2025.",
        "The covenant C4 (debt/EBITDA ≤ 4.00x) is breached; C3 (liabilities/assets ≤ 65%) is met with headroom of 6.5%.",
        "Revenue of Mingyuan rose by a tenth to CNY 264 million in 2025.",
    ],
)
def test_a_models_own_wording_passes(evidence: Evidence, said: str) -> None:
    assert verify(said, evidence) == []
