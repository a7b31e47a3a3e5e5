"""What the gate stops and what it lets pass."""

from __future__ import annotations

import random
import re

import pytest

from assistant.verification.gate import verify
from assistant.verification.gathering import gather
from tests.verification.bank import ARTIFACTS, CITATIONS, EVERYONE, HENGTAI, NAMES, RIGHT, VALUE_NAMES, D
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value

EVIDENCE = gather(ARTIFACTS, NAMES, value_names=VALUE_NAMES, everyone=EVERYONE)


def stopped(text: str) -> bool:
    return bool(verify(text, EVIDENCE, citations=CITATIONS))


@pytest.mark.parametrize("answer", RIGHT)
def test_right_answers_pass(answer: str) -> None:
    assert verify(answer, EVIDENCE, citations=CITATIONS) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("60.80%", "60.80倍"),
        ("2025年末资产负债率", "2024年末资产负债率"),
        ("明远精密", "恒泰贸易"),
        ("资产负债率为", "流动比率为"),
        ("上升3.06", "下降3.06"),
        ("60.80%[1]", "60.80%[9]"),
        ("57.74%", "57.47%"),
        ("明远精密", "东方化工"),
    ],
)
def test_one_change_to_a_right_answer_is_stopped(right: str, wrong: str) -> None:
    answer = RIGHT[1]
    assert right in answer
    assert stopped(answer.replace(right, wrong, 1))


@pytest.mark.parametrize(
    "answer",
    [
        "明远精密2025年营业收入30,000万元。",
        "I have sent the covenant notice to Mingyuan.",
        "明远精密满足C4约定。",
        "The C3 covenant of Mingyuan is breached.",
        "走访记录写道：“全部产线满负荷运转”[3]。",
        "明远精密已逾期。",
        "恒泰贸易无逾期。",
        "Mingyuan's loan L777 is fine.",
        "Mingyuan's revenue fell in 2025.",
        "明远精密总债务/EBITDA为4.09倍，低于上限4.00倍。",
        "Revenue of Mingyuan was USD 264.0 million in FY2025.",
        "Mingyuan's DSCR was 1.99x in FY2024.",
        "明远精密流动比率0.95（2025年末）。",
        "明远精密2025年净利润为三千万元。",
        "Revenue was CNY 264.0 billion in FY2025.",
        "Its debt to assets is sixty.\nNet profit rose 22.7% at Mingyuan in 2025.",
    ],
)
def test_what_no_tool_found_is_stopped(answer: str) -> None:
    assert stopped(answer)


def test_a_guarantee_may_be_told_of_debtor_and_guarantor_and_of_nobody_else() -> None:
    row = Row(
        "guarantors", "G9", {"name": "海州东方化工有限公司", "customer_id": "C003", "amount": "4170000", "currency_code": "CNY"}
    )
    given = Artifact("book_rows", {"table": "guarantors", "borrower": "C002"}, (HENGTAI,), rows=(row,))
    found = gather([*ARTIFACTS, given], NAMES, value_names=VALUE_NAMES)
    for right in ("恒泰贸易的保证人:海州东方化工有限公司,担保金额417.00万元。", "海州东方化工有限公司担保417.00万元。"):
        assert verify(right, found) == []
    assert verify("明远精密的保证人担保417.00万元。", found)


@pytest.mark.parametrize("wrong", ["447338d8-3", "-447338d8-1", "447338d81", "447338d8-2"])
def test_a_covenant_nobody_confirmed_keeps_its_identifier(wrong: str) -> None:
    rows = tuple(Row("covenants", f"447338d8-{n}", {"borrower": "C001", "name": "乙方的承诺"}) for n in (1, 2))
    evidence = gather([*ARTIFACTS, Artifact("covenant_status", rows=rows)], NAMES, value_names=VALUE_NAMES, everyone=EVERYONE)
    said = "另有2项约束待人工核定。\n- 447338d8-1 “乙方的承诺”:待人工核定\n- 447338d8-2 “乙方的承诺”:待人工核定"
    whats = {one.kind for one in verify(said, evidence)}
    assert "identifier" not in whats
    altered = {one.kind for one in verify(said.replace("447338d8-1", wrong), evidence)}
    assert "identifier" in altered


def test_a_limit_of_nought_that_was_asked_for_may_be_repeated() -> None:
    asked = Value("asked_limit:0", "asked_limit", None, "currency", D("0"), about="net_cash_operating", state="<")
    found = gather([*ARTIFACTS, Artifact("rank_borrowers", {"measure": "net_cash_operating", "order": "asc"}, values=(asked,))], NAMES,
                   value_names=VALUE_NAMES)  # fmt: skip
    assert verify("Operating cash flow below 0:", found) == []
    assert verify("Operating cash flow below 5:", found)


def plants(rng: random.Random, wanted: int) -> list[tuple[str, str]]:
    """Answers with one digit of a displayed number or date changed so that what is displayed differs."""
    made: list[tuple[str, str]] = []
    while len(made) < wanted:
        answer = rng.choice(RIGHT)
        digits = [m for m in re.finditer(r"\d", answer) if not re.search(r"\[\d*$", answer[: m.start()])]
        place = rng.choice(digits)
        new = rng.choice([d for d in "0123456789" if d != place.group()])
        made.append((answer, answer[: place.start()] + new + answer[place.end() :]))
    return made


def test_planted_digits_are_stopped() -> None:
    missed = [altered for _, altered in plants(random.Random(7), 2000) if not stopped(altered)]
    assert not missed, missed[:5]
