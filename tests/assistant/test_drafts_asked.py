"""Drafts asked for in people's own words: which letter, a visit sheet, or the brief's verdict."""

from __future__ import annotations

import pytest

from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("给明远精密出一份违约告知函", "约束条件通知函草稿"),
        ("帮我拟个杠杆超标的通知给明远精密", "约束条件通知函草稿"),
        ("给恒泰贸易弄个还款提醒函", "还款提示函草稿"),
        ("恒泰贸易缺的报表,写个函催一下", "资料补充函草稿"),
        ("I need a letter to Hengtai about the missing statements", "Draft of the information request"),
        ("Write Hengtai a notice of default on its covenants", "Draft of the covenant notice"),
        ("compose an arrears letter for Hengtai", "Draft of the payment reminder"),
    ],
)
def test_a_letter_is_drafted_in_the_words_asked_for(small: SmallBank, question: str, kind: str) -> None:
    said = ask(small, question)
    assert said.status == "answered" and kind in said.answer, said.answer


@pytest.mark.parametrize(
    "question",
    [
        "周四要去恒泰贸易下户,要问什么",
        "去拜访恒泰贸易之前我该准备哪些问题",
        "get me ready for my trip to Hengtai",
        "What should I check when visiting Hengtai?",
    ],
)
def test_a_visit_is_prepared_with_open_questions(small: SmallBank, question: str) -> None:
    said = ask(small, question)
    assert said.status == "answered" and ("走访问题单" in said.answer or "Questions for the visit" in said.answer), said.answer


def test_a_visit_asks_about_covenants_at_their_limit(small: SmallBank) -> None:
    said = ask(small, "准备走访明远精密").answer
    assert "V002" in said and "请问以下约束的原因和安排" in said and "符合但临界" in said


@pytest.mark.parametrize(
    ("question", "month"), [("write the September brief for Mingyuan Precision", "2026-09"), ("给明远精密做个月报", "2026-10")]
)
def test_a_brief_asked_for_in_talk_is_its_verdict_and_the_command(small: SmallBank, question: str, month: str) -> None:
    said = ask(small, question).answer
    assert f"loanward brief C001 --month {month}" in said and "草稿" not in said and "Draft of" not in said
