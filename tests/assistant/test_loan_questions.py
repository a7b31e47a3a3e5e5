"""Officers' questions about loans, security and several things at once, in wordings of their own, on the small bank."""

from __future__ import annotations

import pytest

from tests.assistant.asking import ask
from tests.assistant.bank import OFFICER, SmallBank
from tools.domain.callers import LOCAL, Caller
from tools.toolbox.registry import registry

CUT = ("已略去", "is left out")


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("恒泰的保证人是谁,担保到哪天?", ("海州东方化工有限公司", "26.00万元", "2027年6月20日")),
        ("Who guarantees Hengtai's loan?", ("海州东方化工有限公司", "CNY 260,000.00", "20 June 2027")),
    ],
)
def test_a_guarantor_who_is_anothers_borrower_is_named_from_the_loan_alone(
    small: SmallBank, question: str, shown: tuple[str, ...]
) -> None:
    said = ask(small, question)
    assert all(words in said.answer for words in shown), said.answer
    assert not any(words in said.answer for words in CUT)
    hidden = ask(small, "东方化工逾期了吗?")
    assert hidden.status == "not_found" and "无逾期" not in hidden.answer


def test_the_guarantors_row_does_not_tell_that_he_is_a_customer(small: SmallBank) -> None:
    def known(caller: Caller) -> list[str | None]:
        rows = registry()["book_rows"].call(small.bank.desk(caller, small.clocks), {"table": "guarantors"}).artifact.rows
        return [row.columns["customer_id"] for row in rows if row.id == "G2"]

    assert known(OFFICER) == [None] and known(LOCAL) == ["C009"]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("L002逾期几天?", ("L002已逾期", "72天")),
        ("When does l001 mature?", ("L001 matures on 2 March 2027",)),
        ("L001的押品", ("厂房及土地",)),
        ("what was the last payment on L002", ("25 August 2026", "CNY 50,000.00")),
        ("明远精密的押品上次评估到现在多久了", ("2026年2月20日", "8个月")),
        ("L002最后一期要还多少", ("2026年12月20日", "10.10万元")),
        ("How much may still be drawn on L001? Is anything undrawn?", ("undrawn CNY 5.00 million",)),
    ],
)
def test_a_loan_is_a_subject_by_its_number_alone(small: SmallBank, question: str, shown: tuple[str, ...]) -> None:
    said = ask(small, question).answer
    assert all(words in said for words in shown), said
    assert not any(words in said for words in CUT), said


def test_a_loan_out_of_sight_is_like_one_that_does_not_exist(small: SmallBank) -> None:
    hidden, unknown = (ask(small, f"{id}逾期了吗?") for id in ("L009", "L777"))
    assert hidden.status == unknown.status == "not_found"
    assert hidden.answer.replace("L009", "L777") == unknown.answer


def test_a_thread_goes_on_about_the_loan(small: SmallBank) -> None:
    ask(small, "L001的利率是多少", thread="loan")
    said = ask(small, "它什么时候到期", thread="loan").answer
    assert "L001到期日2027年3月2日" in said


@pytest.mark.parametrize(
    ("question", "shown", "hidden"),
    [
        ("loans more than 30 days past due", ("L002",), ("L001",)),
        ("who is late in my branch?", ("L002", "72 days"), ("L001",)),
        ("loans maturing before 31 January 2027", ("L002",), ("L001", "L003")),
        ("哪些押品评估超过半年了", ("超过6个月", "K1"), ()),
        ("哪些押品的评估已经超过一年半", ("没有评估超过18个月",), ()),
        ("collateral valuations older than 6 months", ("K1", "8 months"), ()),
        ("which documents arrived in September 2026?", ("借款合同.pdf",), ("东方化工",)),
        ("互保圈有哪几家", ("没有发现担保圈",), ()),
        ("有没有展期或者借新还旧的贷款", ("没有续贷",), ()),
        ("total book", ("Total balance CNY 25.15 million",), ()),
    ],
)
def test_no_name_means_everyone_when_a_list_is_asked_for(
    small: SmallBank, question: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    said = ask(small, question).answer
    assert all(words in said for words in shown), said
    assert not any(words in said for words in (*hidden, *CUT)), said


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("恒泰的余额、逾期、资产负债率分别多少", ("余额合计15.00万元", "逾期72天", "资产负债率")),
        ("Hengtai's guarantors, net profit and arrears", ("Guarantors of", "Net income", "72 days")),
        (
            "Total liabilities, total assets and the ratio of Mingyuan Precision at the end of 2025",
            ("Liabilities to assets: 60.80%",),
        ),
        ("明远精密负债合计/资产总计 2025年末", ("60.80%",)),
    ],
)
def test_every_ask_of_several_is_answered(small: SmallBank, question: str, shown: tuple[str, ...]) -> None:
    said = ask(small, question).answer
    assert all(words in said for words in shown), said


def test_parts_of_one_amount_are_one_question(small: SmallBank) -> None:
    said = ask(small, "恒泰的逾期本金和利息").answer
    assert "逾期本金" in said and "利息费用" not in said


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("恒泰7月底贷款余额多少?", ("2026年7月31日", "余额合计")),
        ("How much did Hengtai still owe on L002 at the end of July 2026?", ("as of 31 July 2026",)),
        ("恒泰今年一共还了我们多少", ("2026年1月1日至2026年10月31日", "15.10万元", "利息1,000.00元", "本金15.00万元")),
        ("How much principal has Hengtai repaid this year?", ("principal CNY 150,000.00",)),
        ("L002按计划还完12月那期还剩多少", ("还后余额",)),
        ("What will be left on L002 after the December instalment?", ("balance after it",)),
        ("What will Hengtai pay in December?", ("From 1 December 2026 to 31 December 2026",)),
        ("L001什么时候到期?还有几天?", ("2027年3月2日(还剩122天)",)),
        ("陈明远是哪家的老板,占股多少", ("实际控制人:陈明远(持股62.00%)",)),
        ("明远精密厂房的抵押率", ("相当于估价",)),
        ("Loan to value of Mingyuan Precision's plant?", ("Loan to value",)),
    ],
)
def test_what_was_paid_what_is_left_and_who_stands_beside(small: SmallBank, question: str, shown: tuple[str, ...]) -> None:
    said = ask(small, question).answer
    assert all(words in said for words in shown), said
    assert not any(words in said for words in CUT), said
