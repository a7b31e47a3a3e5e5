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
