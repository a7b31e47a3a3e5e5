"""Questions about papers: when they came and whether late, what the contract says, what the note says."""

from __future__ import annotations

import pytest

from assistant.analyst.clausewords import topics_of
from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank
from tools.toolbox.clauses import sentences_on


def tools_of(small: SmallBank, question: str) -> list[str]:
    return [used.name for used in ask(small, question).used]


@pytest.mark.parametrize(
    "question", ["半年报晚了多少天", "三季报收到没有", "was the half-year report on time?", "上年审计报告哪天收到的"]
)
def test_a_paper_and_its_coming_is_one_kind_of_question(small: SmallBank, question: str) -> None:
    assert "deliveries" in tools_of(small, f"C001 {question}")


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("交叉违约门槛多少", ["cross_default"]),
        ("which law governs it, and what is the governing law?", ["governing_law"]),
        ("合同约束破了有多少天整改期", ["cure_period"]),
        ("Can it pay a dividend next year?", ["dividend"]),
        ("年度审计报告多少天内提交", ["information"]),
        ("when must it deliver quarterly accounts", ["information"]),
        ("审计报告是什么意见", ["audit_opinion"]),
        ("利率多少", []),
        ("抵押物有哪些", []),
    ],
)
def test_topics_of_contracts_are_heard_in_either_language(question: str, topics: list[str]) -> None:
    assert list(topics_of(question, False)) == topics


def test_a_clause_is_quoted_or_said_not_to_be_there(small: SmallBank) -> None:
    assert "clauses" in tools_of(small, "C001合同里罚息怎么约定的")
    none = ask(small, "what is the negative pledge in C001's contract?")
    assert none.status == "not_available" and "negative pledge" in none.answer


def test_sentences_on_a_topic_are_ranked_by_how_telling_they_are() -> None:
    text = "5.2 费用、利息（含罚息、复利）、本金的顺序抵充。\n3.3 乙方逾期还款的，自逾期之日起按本合同利率上浮50%计收罚息；其余不变。"
    assert [rank for rank, _ in sentences_on("default_interest", text)] == [0, 0]
    assert sentences_on("contract_no", "合同编号：江海银（2026）流贷字第0302号\n住所 江州") == [
        (0, "合同编号：江海银（2026）流贷字第0302号")
    ]
    assert not sentences_on("governing_law", text)


@pytest.mark.parametrize(
    "question",
    ["C001怎么解释用电下降的", "what did we see at C001?", "C001还有哪些跟进事项没完成", "C001 stock count: books vs counted"],
)
def test_a_section_of_the_note_answers_not_the_figures(small: SmallBank, question: str) -> None:
    assert tools_of(small, question) == ["find_borrower", "visit_notes"]


def test_a_restated_figure_is_asked_of_the_figures(small: SmallBank) -> None:
    assert "restatements" in tools_of(small, "C001 2025年净利润(重述后)")
    assert "没有被重述" in ask(small, "C001 2025年净利润重述前后分别是多少").answer


@pytest.mark.parametrize(
    "question",
    ["gap between its VAT sales and its books in H1", "开票和报表收入对得上吗", "do the VAT returns agree with the accounts?"],
)
def test_tax_returns_against_the_books_is_a_check_of_its_own(small: SmallBank, question: str) -> None:
    assert "cross_check" in tools_of(small, f"C001: {question}")


@pytest.mark.parametrize("question", ["罚息多少", "有没有仲裁案件", "any disputes?", "有没有提前还款"])
def test_what_happened_is_not_taken_for_what_the_contract_says(question: str) -> None:
    assert topics_of(question, False) == ()
