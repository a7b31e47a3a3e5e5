"""Questions about rules and words that need no borrower, with the thresholds of the rulebook filled in."""

from __future__ import annotations

import pytest

from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("逾期270天和271天分类有什么不同?", ("至少归为次级类", "至少归为可疑类")),
        ("what category is a loan 361 days past due", ("loss",)),
        ("借新还旧的贷款为什么要归为关注", ("CLS-10-3", "关注类")),
        ("什么情况下要认定为可疑类", ("CLS-12-1", "超过270天")),
        ("what is meant by a covenant being at risk?", ("10%", "headroom")),
        ("红色预警和黄色预警有什么区别", ("1个工作日", "5个工作日")),
        ("What is the difference between the quick ratio and the cash ratio?", ("Quick ratio", "Cash ratio")),
        ("FIN-02是什么信号", ("FIN-02", "≤")),
        ("五级分类怎么理解", ("正常、关注、次级、可疑、损失",)),
    ],
)
def test_a_teaching_question_asks_for_no_borrower(small: SmallBank, question: str, said: tuple[str, ...]) -> None:
    told = ask(small, question)
    assert told.status == "answered", told.answer
    assert "哪家借款人" not in told.answer and "Which borrower" not in told.answer
    assert all(word in told.answer for word in said), told.answer


def test_rules_are_told_without_holes(small: SmallBank) -> None:
    for question in ("CLS-12-3是什么规定", "explain CLS-13-1", "explain STG-2-DPD"):
        told = ask(small, question).answer
        assert "若干" not in told and "so many" not in told and "{" not in told


def test_a_warning_level_is_told_in_words(small: SmallBank) -> None:
    told = ask(small, "偿债备付率怎么算,警戒线是多少").answer
    assert "偿债备付率 < 1.2(通用" in told and "EBITDA" in told and "dscr <" not in told


def test_what_no_rule_speaks_of_still_asks_for_the_borrower(small: SmallBank) -> None:
    assert ask(small, "为什么亮红灯").status == "clarify"
