"""Officers' questions about covenants, categories, clauses, warnings and who asked, in wordings of their own, on the small bank."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.analyst.clausewords import topics_of
from assistant.analyst.drafting import Draft
from assistant.analyst.framing import choose, features
from assistant.analyst.glossary import tongue_of
from assistant.analyst.reading import read
from assistant.analyst.writers.covenants import verdict_of
from assistant.verification.sentences import sentences
from tests.assistant.asking import ask
from tests.assistant.bank import OFFICER, SmallBank
from tools.domain.callers import Caller
from tools.rulebook.loader import load_rulebook
from tools.toolbox.artifacts import Value
from tools.toolbox.clauses import sentences_on

CUT = ("已略去", "is left out", "withdrawn")
AUDITOR = Caller(user="a1", role="auditor", everything=True)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("明远精密杠杆过没过,标准几倍", ("不超过4.00", "余量")),
        ("is Mingyuan Precision inside its leverage test? how tight", ("at most 4.00x", "headroom")),
        ("明远精密的资产负债率红线是多少,差多少", ("不超过65.00%", "余量")),
        ("When is Mingyuan Precision tested next?", ("V001", "V003", "next test date 31 December 2026")),
        ("which covenant in the book has the least headroom", ("least headroom", "V00")),
    ],
)
def test_a_ratio_asked_against_its_standard_is_answered_by_its_covenant(
    small: SmallBank, question: str, shown: tuple[str, ...]
) -> None:
    said = ask(small, question)
    assert said.status == "answered"
    assert all(words in said.answer for words in shown), said.answer
    assert not any(words in said.answer for words in CUT), said.answer


def test_the_ratio_asked_about_is_the_only_covenant_told(small: SmallBank) -> None:
    said = ask(small, "is Mingyuan Precision inside its leverage test? how tight").answer
    assert "V001" in said and "V003" not in said


@pytest.mark.parametrize("question", ["我今天最急的预警是哪个", "what is my most urgent alert"])
def test_ones_own_warnings_need_no_borrower(small: SmallBank, question: str) -> None:
    assert ask(small, question).status == "answered"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("恒泰该不该调关注,理由", ("L002", "关注", "CLS-10-1")),
        ("恒泰现在正常类,还站得住吗", ("L002", "关注", "CLS-10-1")),
        ("does normal still hold for Hengtai?", ("L002", "special mention")),
        ("what's CLS-10-2", ("CLS-10-2", "special mention")),
        ("cls-11-1 means what", ("CLS-11-1", "substandard")),
    ],
)
def test_a_category_put_in_doubt_is_answered_by_the_rules(small: SmallBank, question: str, shown: tuple[str, ...]) -> None:
    said = ask(small, question).answer
    assert all(words in said for words in shown), said


def test_a_margin_called_normal_is_no_category(small: SmallBank) -> None:
    said = ask(small, "明远精密毛利率算正常吗").answer
    assert "毛利率" in said and "五级分类" not in said


def test_a_ratio_explained_on_own_numbers_shows_them(small: SmallBank) -> None:
    said = ask(small, "explain Mingyuan Precision's debt to EBITDA on its own numbers").answer
    lines = said.splitlines()
    assert any(line.startswith("- Total debt: CNY") for line in lines) and any(
        line.startswith("- EBITDA: CNY") for line in lines
    ), said


@pytest.mark.parametrize(
    "question",
    ["what questions were asked about Hengtai and by whom", "都有谁问过恒泰,问了什么", "who has been looking at Hengtai"],
)
def test_who_asked_about_a_borrower_is_read_from_the_trail(small: SmallBank, question: str) -> None:
    ask(small, "恒泰贸易2025年末的速动比率")
    said = ask(small, question, caller=AUDITOR).answer
    assert "u1" in said and "恒泰贸易2025年末的速动比率" in said, said


def test_the_words_of_a_question_are_only_for_those_who_see_everything(small: SmallBank) -> None:
    said = ask(small, "who asked about Hengtai", caller=OFFICER).answer
    assert "速动比率" not in said


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("late payment interest in the agreement", "default_interest"),
        ("what extra interest is charged if it pays late", "default_interest"),
        ("合同里逾期加收多少", "default_interest"),
        ("how long do they have to cure a covenant breach", "cure_period"),
        ("违约了给几天整改", "cure_period"),
    ],
)
def test_a_clause_is_known_by_what_it_does(question: str, topic: str) -> None:
    assert topics_of(question, of_contract=False) == (topic,)


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [
        ("governing_law", "10.1 Michigan law governs this agreement."),
        ("default_interest", "3.2 Anything paid late carries 2.50 per cent. a year on top until it is paid."),
        ("cure_period", "It is a default if a test is failed and not remedied within thirty days."),
    ],
)
def test_a_clause_is_found_however_it_is_worded(topic: str, sentence: str) -> None:
    assert sentences_on(topic, sentence)


def test_a_covenant_that_is_waived_is_counted_apart() -> None:
    tongue = tongue_of(load_rulebook())
    states = [
        Value(f"covenant_status:{n}", "covenant_status", "C001", "state", about=n, state=state)
        for n, state in (("V1", "compliant"), ("V2", "at_risk"), ("V3", "waived"))
    ]
    for language, wanted in (
        ("en", "2 of 3 covenants of C001 are compliant, 1 waived."),
        ("zh", "C001的3项约束中2项符合约定,1项已豁免。"),
    ):
        draft = Draft(language, tongue.glossary, (), date(2026, 10, 31))
        verdict_of(draft, "C001", states)
        assert draft.lines == [wanted]


def test_the_foreign_form_of_a_companys_name_ends_no_sentence() -> None:
    text = "- V1: net debt to EBITDA of Straits Lantern Shipping Pte. Ltd. was 2.68x, limit at most 2.90x."
    assert len(list(sentences(text))) == 1


@pytest.mark.parametrize(
    "question", ["自己报的杠杆2.17倍,我们算的呢,为啥不一样", "the leverage they reported is 2.17x, why is ours higher"]
)
def test_the_borrowers_own_ratio_is_looked_for_in_its_certificate(question: str) -> None:
    reading = read(question, date(2026, 10, 31), tongue_of(load_rulebook()).lexicon)
    assert "certificate" in reading.cues and choose(features(reading, 1, False))[0] == "covenants"
