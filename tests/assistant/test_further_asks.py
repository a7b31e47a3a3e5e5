"""What goes on about something just told, is asked in one breath, or is about the other side of a paper: on the small bank."""

from __future__ import annotations

import pytest

from assistant.analyst.loanwords import event_kinds
from assistant.analyst.threads import aside, held
from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank

CUT = ("已略去", "is left out", "已全部撤下", "withdrawn")


@pytest.mark.parametrize(
    ("thread", "turns"),
    [
        ("late", [("恒泰逾期了吗", "72天"), ("多久了", "72天"), ("欠多少利息", "逾期利息"), ("为什么", "72天"), ("还有吗", "72天")]),
        ("due", [("When is the next payment on L001?", "next payment on"), ("interest part?", "interest CNY"), ("and the one after that", "L001:")]),
        ("cover", [("恒泰的保证人是谁", "2027年6月20日"), ("到什么时候", "2027年6月20日"), ("金额呢", "26.00万元")]),
    ],
)  # fmt: skip
def test_a_few_words_go_on_with_what_was_just_told(small: SmallBank, thread: str, turns: list[tuple[str, str]]) -> None:
    for question, shown in turns:
        said = ask(small, question, thread=f"further-{thread}").answer
        assert shown in said, (question, said)
        assert not any(words in said for words in CUT), said


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("next instalment on L001: date, principal, interest", ("L001: next payment on", "interest CNY")),
        ("What's the rate and end date on L001?", ("4.35%", "1 March 2027|2 March 2027")),
        ("恒泰 余额 逾期 谁担保", ("余额", "72天", "海州东方化工有限公司")),
        ("L001还款计划", ("期间应还合计", "L001:")),
        ("哪些押品被查封了", ("没有被查封的押品",)),
    ],
)
def test_each_thing_asked_is_answered(small: SmallBank, question: str, shown: tuple[str, ...]) -> None:
    said = ask(small, question).answer
    assert all(any(one in said for one in words.split("|")) for words in shown), said
    assert not any(words in said for words in CUT), said


def test_how_a_guarantor_out_of_sight_stands_is_not_told(small: SmallBank) -> None:
    said = ask(small, "恒泰的保证人是谁,保证人自己现在有没有问题").answer
    assert "海州东方化工有限公司" in said and "目前" not in said and "900.00万元" not in said


def test_a_bureau_thread_stays_with_the_bureau_until_our_own_loans_are_named() -> None:
    assert held("逾期的有多少", "arrears", "bureau") and not held("我行逾期多少", "arrears", "bureau")
    assert not held("how much is overdue with us", "arrears", "bureau")


def test_words_with_a_question_of_their_own_are_no_aside() -> None:
    assert aside("什么时候", "guarantors") == ("guarantors", "")
    assert aside("and the one after that", "dues") == ("dues", "following")
    assert aside("what is the limit", "value") == ("covenants", "")
    assert aside("什么时候到期", "loans") == ("", "") and aside("上半年收入多少", "guarantors") == ("", "")


def test_the_kind_of_event_is_heard() -> None:
    assert "court_case" in event_kinds("any court cases against it?") and "court_case" in event_kinds("有没有官司")
    assert event_kinds("谁被限高了") == ("consumption_limit",) and event_kinds("有什么负面消息") == ()
