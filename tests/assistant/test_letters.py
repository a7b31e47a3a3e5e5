"""Letters, rules on a borrower's numbers, and the quiz: from data, checked, recorded, nothing sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.letters import KINDS, write_letter
from assistant.teaching import on_borrower, quiz_of
from tests.assistant.asking import ask
from tests.assistant.bank import CLOCKS, NOW, OFFICER, OTHER, SmallBank, build
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, UnknownBorrower


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    small = build(Path(tmp_path_factory.mktemp("letters")))
    yield small
    small.bank.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_letter_is_drafted_checked_and_recorded(bank: SmallBank, kind: str, language: str) -> None:
    made = write_letter(bank.bank, OFFICER, "C002", kind, clocks=CLOCKS, now=NOW, language=language)
    assert made.verified and made.language == language
    record = bank.bank.store.trail.show(LOCAL, made.trail_id)
    assert record is not None and record["act"] == "letter" and record["payload"]["text"] == made.text
    assert made.shape()["state"] == "draft"


def test_a_reminder_names_what_is_owed(bank: SmallBank) -> None:
    text = write_letter(bank.bank, OFFICER, "C002", "reminder", clocks=CLOCKS, now=NOW).text
    assert "L002" in text and "逾期" in text and "草稿" in text


def test_who_may_not_see_the_borrower_gets_no_letter(bank: SmallBank) -> None:
    with pytest.raises(UnknownBorrower):
        write_letter(bank.bank, OTHER, "C002", "reminder", clocks=CLOCKS, now=NOW)
    with pytest.raises(BadRequest):
        write_letter(bank.bank, OFFICER, "C002", "love", clocks=CLOCKS, now=NOW)


def test_asked_in_talk_it_is_the_same_draft(bank: SmallBank) -> None:
    said = ask(bank, "给恒泰贸易起草一份还款提示函")
    assert said.verified and "L002" in said.answer and "不会自行发送" in said.answer


def test_a_rule_on_the_borrowers_own_numbers(bank: SmallBank) -> None:
    told = on_borrower(bank.bank.desk(OFFICER, CLOCKS), "current_ratio", "C001")
    assert any("1.18" in line for line in told["figures"]) and not any("{" in line for line in told["figures"])
    loans = on_borrower(bank.bank.desk(OFFICER, CLOCKS), "CLS-10-1", "C002")["loans"]
    assert [(one["loan"], one["verdict"]) for one in loans] == [("L002", "hit")]


def test_the_quiz_asks_only_about_the_callers_borrowers(bank: SmallBank) -> None:
    cases = quiz_of(bank.bank, OFFICER, CLOCKS, count=20, seed=1, language="zh")
    assert cases and all(0 <= case.answer < len(case.choices) for case in cases)
    assert not any("东方化工" in case.question for case in cases)
    assert quiz_of(bank.bank, Caller(user="nobody", role="none"), CLOCKS, count=5, seed=1, language="en") == []


@pytest.mark.parametrize(
    ("question", "act"),
    [("把L002的分类下调为次级", "五级分类"), ("Reclassify L002 to substandard", "classification"), ("请帮我豁免V001", "约束条件"), ("把还款提示函发给恒泰贸易", "函件")],
)  # fmt: skip
def test_asked_to_act_it_proposes_and_changes_nothing(bank: SmallBank, question: str, act: str) -> None:
    before = ask(bank, "L002的五级分类").answer
    said = ask(bank, question)
    assert said.verified and act in said.answer
    waiting = bank.bank.store.proposals.list(OFFICER, clocks=None)
    assert waiting and all(one.state == "open" and one.by == "u1" for one in waiting)
    assert ask(bank, "L002的五级分类").answer == before


@pytest.mark.parametrize("question", ["把L009的分类下调为次级", "把L777的分类下调为次级", "Reclassify L009 to loss"])
def test_nothing_is_proposed_for_what_may_not_be_seen(bank: SmallBank, question: str) -> None:
    count = len(bank.bank.store.proposals.list(LOCAL, clocks=None))
    said = ask(bank, question)
    assert said.status == "not_found"
    assert len(bank.bank.store.proposals.list(LOCAL, clocks=None)) == count


@pytest.mark.parametrize("question", ["批准L001的放款", "Delete the visit note", "把钱转账给恒泰", "Disburse L001"])
def test_other_acts_are_refused(bank: SmallBank, question: str) -> None:
    assert ask(bank, question).status == "refused"
