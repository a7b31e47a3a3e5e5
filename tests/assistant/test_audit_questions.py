"""What a person asked and whether the trail is intact: for those who see everything, and anyone for himself."""

from __future__ import annotations

import pytest

from tests.assistant.asking import ask
from tests.assistant.bank import OFFICER, SmallBank
from tools.domain.callers import Caller

AUDITOR = Caller(user="a1", role="auditor", everything=True)


def test_an_auditor_reads_what_a_colleague_asked(small: SmallBank) -> None:
    ask(small, "恒泰贸易2025年末的速动比率", caller=OFFICER)
    for question in ("王经理今天问了些什么?", "What did u1 look up today?"):
        said = ask(small, question, caller=AUDITOR)
        assert said.status == "answered", question
        assert "恒泰贸易2025年末的速动比率" in said.answer and "u1" in said.answer


def test_anyone_may_ask_what_he_asked_himself(small: SmallBank) -> None:
    ask(small, "明远精密有哪些约束", caller=OFFICER)
    said = ask(small, "我今天都问了什么", caller=OFFICER)
    assert said.status == "answered" and "明远精密有哪些约束" in said.answer


@pytest.mark.parametrize(
    "question", ["李经理昨天查了什么", "what has u2 asked this week?", "审计日志被人改过吗", "Is the audit trail intact?"]
)
def test_others_are_told_that_it_is_not_for_their_role(small: SmallBank, question: str) -> None:
    said = ask(small, question, caller=OFFICER)
    assert said.status == "not_available"
    assert said.answer in ("您的角色不能查看这一内容。", "Not available to your role.")


@pytest.mark.parametrize("question", ["留痕记录有没有被篡改?", "Has anyone tampered with the trail?"])
def test_an_auditor_is_told_that_the_trail_is_intact(small: SmallBank, question: str) -> None:
    said = ask(small, question, caller=AUDITOR)
    assert said.status == "answered" and ("审计链完整" in said.answer or "intact" in said.answer)
    assert small.bank.store.trail.verify(AUDITOR).ok
