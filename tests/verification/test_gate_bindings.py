"""What a mark, a label or a rule binds: one alteration each that once got through."""

from __future__ import annotations

import re

import pytest

from eval.gate.material import spoken
from tests.assistant.bank import OFFICER, SmallBank


@pytest.mark.parametrize(
    ("question", "was", "now"),
    [
        ("CLS-11-1是什么规定", "归为次级类", "归为正常类"),
        ("explain CLS-12-1", "more than 270", "more than 360"),
        ("按流动比率给客户排名", "\n3. ", "\n1. "),
        ("恒泰贸易2025年净利润同比", "的-523", "的523"),
        ("明远精密的杠杆约束", "限额不超过4.00", "限额不低于4.00"),
        ("Which borrowers do I have?", r"\(C002\)", "(C003)"),
        ("明远精密的担保人", "- 江州明远置业有限公司", "- 临江恒泰贸易有限公司"),
        ("how is a loan 91 days past due classified", "at least substandard", "at least doubtful"),
    ],
)
def test_an_alteration_is_caught(small: SmallBank, question: str, was: str, now: str) -> None:
    said = spoken(small.bank, question, OFFICER, small.clocks)
    assert said is not None and not said.findings(said.text)
    altered, changes = re.subn(was, now, said.text, count=1)
    assert changes, said.text
    assert said.findings(altered)
