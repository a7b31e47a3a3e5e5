"""Short questions in a talk: the other language, which is higher, one of the list, the period before, the same for another."""

from __future__ import annotations

import pytest

from assistant.analyst.courtesies import without_courtesies
from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank


def talk(small: SmallBank, thread: str, *questions: str) -> list[str]:
    return [ask(small, question, thread=thread).answer for question in questions]


def test_the_last_answer_is_told_again_in_the_other_language(small: SmallBank) -> None:
    first, english, back = talk(small, "tongue", "恒泰贸易的资产负债率", "麻烦翻译成英文", "再用中文说一遍")
    assert "Liabilities to assets" in english and "Linjiang Hengtai" in english
    assert back == first and "资产负债率" in first
    first, chinese = talk(small, "tongue2", "Total assets of Harbor Lane in 2025?", "the same in Chinese, please")
    assert "资产总计" in chinese and "Total assets" in first


def test_a_question_may_name_the_language_of_its_answer(small: SmallBank) -> None:
    assert ask(small, "用英文回答:恒泰贸易2025年营业收入是多少?").answer.startswith("Revenue of Linjiang")
    assert "翻译" not in ask(small, "翻译成英文").answer  # nothing was said yet


@pytest.mark.parametrize("question", ["明远精密 ROE", "恒泰贸易2025 EBITDA", "恒泰贸易 LTM DSCR?"])
def test_a_chinese_name_and_an_abbreviation_are_answered_in_chinese(small: SmallBank, question: str) -> None:
    assert ask(small, question).language == "zh"


def test_an_abbreviation_keeps_the_language_of_the_talk(small: SmallBank) -> None:
    assert ask(small, "Revenue of Harbor Lane in 2025?", thread="kept").language == "en"
    assert ask(small, "ROE?", thread="kept").language == "en"
    assert ask(small, "2024?", thread="kept").language == "en"


def test_of_two_borrowers_the_higher_is_named(small: SmallBank) -> None:
    _, said = talk(small, "higher", "恒泰贸易和明远精密2025年末的流动比率", "谁的更高?")
    assert said.splitlines()[0] == "流动比率方面,江州明远精密机械有限公司更高:"
    _, said = talk(small, "lower", "current ratio of Hengtai and Harbor Lane at year end 2025", "which one is lower?")
    assert "Linjiang Hengtai" in said.splitlines()[0] and "lower" in said.splitlines()[0]


def test_the_same_question_is_asked_of_another_borrower(small: SmallBank) -> None:
    _, said = talk(small, "same", "净利润2025年 恒泰贸易", "明远精密也看一下")
    assert said.startswith("江州明远精密机械有限公司2025年度净利润为")
    _, said = talk(small, "same2", "Harbor Lane revenue in FY2024", "same for Hengtai")
    assert said.startswith("Revenue of Linjiang Hengtai") and "FY2024" in said


def test_one_of_a_list_is_meant_by_its_place(small: SmallBank) -> None:
    listed, second, last = talk(small, "list", "按贷款余额给客户排名", "第二家的客户类型是什么,介绍一下", "最后一家有逾期吗")
    names = [line.split(". ")[1].split(":")[0] for line in listed.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert second.startswith(names[1]) and names[-1] in last


def test_the_period_before_counts_from_the_one_spoken_of(small: SmallBank) -> None:
    _, said = talk(small, "step", "恒泰贸易2025年营业收入", "再往前一年")
    assert said.startswith("临江恒泰贸易有限公司2024年度营业收入为9,456.00万元")
    _, said = talk(small, "step2", "Hengtai's revenue in FY2025?", "and the year before?")
    assert "FY2024" in said and "94.56" in said


def test_the_limit_of_the_ratio_just_told(small: SmallBank) -> None:
    _, said = talk(small, "limit", "明远精密2025年末流动比率", "限额呢?")
    assert "V003" in said and "1.15" in said and "V001" not in said


def test_growth_after_a_step_back_is_between_the_two_periods(small: SmallBank) -> None:
    said = talk(small, "between", "恒泰贸易2025年营业收入", "前一年呢", "增长了多少")[-1]
    assert "2024年度的9,456.00万元" in said and "2025年度的8,123.00万元" in said


def test_who_else_widens_to_all_borrowers(small: SmallBank) -> None:
    said = talk(small, "widen", "明远精密有逾期吗", "还有谁逾期?")[-1]
    assert "临江恒泰贸易有限公司" in said
    said = talk(small, "widen2", "Which covenants does Mingyuan Precision have?", "who else is in breach?")[-1]
    assert said.startswith("No breach among 3 covenants.")


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("Good morning! When was the audit report received?", "When was the audit report received?"),
        ("你好,请问,明远的流动比率?谢谢", "明远的流动比率?"),
        ("打扰一下,领导要,华越逾期没有,急", "华越逾期没有"),
        ("Hi there, one quick question: Xiling's DSCR, thanks a lot", "Xiling's DSCR"),
        ("Morning Star's DSCR", "Morning Star's DSCR"), ("Hi-Tech Parts leverage", "Hi-Tech Parts leverage"),
        ("早期预警有哪些", "早期预警有哪些"), ("谢谢", "谢谢"), ("Hello there", "Hello there"),
    ],
)  # fmt: skip
def test_greetings_and_thanks_are_taken_off_what_is_asked(said: str, asks: str) -> None:
    assert without_courtesies(said) == asks


def test_a_sentence_that_only_says_why_somebody_asks_is_no_question(small: SmallBank) -> None:
    asked = "What was the current ratio of C001 at the end of 2025?"
    assert "1." in ask(small, asked).answer
    assert ask(small, f"I'm going into credit committee in ten minutes. {asked}").answer == ask(small, asked).answer
