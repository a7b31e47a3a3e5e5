"""Use of money, arrears in their parts, limits left and security, asked in officers' own words, on the small bank."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.analyst.framing import choose, features
from assistant.analyst.glossary import tongue_of
from assistant.analyst.loanwords import picked
from assistant.analyst.reading import read
from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank
from tools.domain.facts import Row
from tools.rulebook.loader import load_rulebook

LEXICON = tongue_of(load_rulebook()).lexicon


@pytest.mark.parametrize(
    ("question", "named", "frame"),
    [
        ("那笔2000万真的买钢材了吗", 1, "use"),
        ("how were the proceeds spent", 1, "use"),
        ("有没有把钱转给关联公司", 1, "use"),
        ("他家还款及时吗", 1, "arrears"),
        ("did they ever miss an instalment", 1, "arrears"),
        ("拖欠的本金和利息各多少", 1, "arrears"),
        ("厂房值多少", 1, "collateral"),
        ("what are the trucks worth", 1, "collateral"),
        ("tangible net worth", 1, "value"),
        ("抵押率多少,哪天评估的", 1, "exposure"),
        ("额度还剩多少没提", 1, "loans"),
        ("leverage above 5x?", 0, "portfolio_rank"),
        ("谁家负债率超70%", 0, "portfolio_rank"),
        ("anything maturing in the fourth quarter?", 0, "portfolio_maturity"),
        ("抵押物估值超过一年没重估的", 0, "portfolio_securities"),
        ("any circular guarantees in the book?", 0, "portfolio_circles"),
    ],
)
def test_the_kind_of_question_is_heard_in_other_words(question: str, named: int, frame: str) -> None:
    reading = read(question, date(2026, 10, 31), LEXICON)
    assert choose(features(reading, named, False))[0] == frame


def test_a_coming_quarter_is_this_years() -> None:
    reading = read("第4季度到期的贷款", date(2026, 9, 30), LEXICON)
    assert reading.windows == ((date(2026, 10, 1), date(2026, 12, 31)),)


def test_a_limit_in_a_question_over_everyone_keeps_only_who_meets_it(small: SmallBank) -> None:
    said = ask(small, "谁家负债率超1%").answer
    assert "明远精密" in said and "高于1.00%" in said
    assert "明远精密" not in ask(small, "谁家负债率超99%").answer


@pytest.mark.parametrize(
    ("question", "shown", "hidden"),
    [
        ("恒泰的余额、利率和到期日", ("余额15.00万元", "利率5.00%", "到期日2026年12月20日"), ("起始日", "五级分类")),
        (
            "L001: rate, type of repayment and undrawn limit",
            ("rate 4.35%", "interest only", "undrawn CNY 5.00 million"),
            ("2 March 2027",),
        ),
        ("恒泰的放款金额、放款日、逾期天数", ("放款金额30.00万元", "起始日2026年5月20日", "逾期72天"), ("利率",)),
    ],
)
def test_facts_of_a_loan_asked_together_are_told_together(
    small: SmallBank, question: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    said = ask(small, question).answer
    assert all(words in said for words in shown), said
    assert not any(words in said for words in (*hidden, "已略去", "is left out")), said


def test_the_product_named_picks_the_loan() -> None:
    rows = [Row("loans", id, {"product_name": name, "type": kind}) for id, name, kind in (
        ("A", "设备贷款", "fixed_asset"), ("B", "Revolving credit", "working_capital"))]  # fmt: skip
    assert [row.id for row in picked(rows, "设备贷每月还多少")] == ["A"]
    assert [row.id for row in picked(rows, "balance and limit of the revolver")] == ["B"]
    assert [row.id for row in picked(rows, "the mortgage: rate and maturity")] == ["A", "B"]
