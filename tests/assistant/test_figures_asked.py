"""Figures asked for in people's own wordings: short words, shares, sums, goals, filters by growth, and threads over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.analyst.conversation import Conversation
from assistant.analyst.framing import choose, features
from assistant.analyst.glossary import tongue_of
from assistant.analyst.lexicon import Lexicon
from assistant.analyst.plans import Heard, Part
from assistant.analyst.reading import Reading, read
from assistant.analyst.recipes import calls_for, metric_names
from assistant.analyst.shocks import shocks_of
from assistant.analyst.threads import other_of, place_in_list, same_periods
from assistant.analyst.timewords import time_phrases
from assistant.analyst.words import normalise
from tests.assistant.asking import ask
from tests.assistant.bank import SmallBank
from tools.domain.names import Borrower
from tools.rulebook.loader import load_rulebook
from tools.toolbox.linking import NameIndex
from tools.toolbox.periods import PeriodRequest

AS_OF = date(2026, 10, 31)
LEXICON: Lexicon = tongue_of(load_rulebook()).lexicon


def reading(text: str) -> Reading:
    return read(text, AS_OF, LEXICON)


def frame_of(text: str, named: int = 1) -> str:
    return choose(features(reading(text), named, False))[0]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("FY25 rev and NI", ("revenue", "net_profit")), ("int cover", ("icr_ebit",)), ("cur ratio", ("current_ratio",)),
        ("goodwill and intangibles", ("goodwill", "intangible_assets")), ("who made more in 2025", ("net_profit",)),
        ("6月底账上还剩几个钱", ("cash_and_equivalents",)), ("is the business still growing", ("revenue",)),
        ("debt vs EBITDA", ("debt_to_ebitda",)), ("total liabs / total assets", ("debt_to_assets",)), ("which lost money in H1", ("net_profit",)),
        ("一共放了多少款", ()), ("存货周转", ("dio",)), ("interest cover (EBITDA)", ("icr_ebitda",)),
    ],
)  # fmt: skip
def test_figures_are_read_in_short_and_spoken_words(text: str, metrics: tuple[str, ...]) -> None:
    assert reading(text).metrics == metrics


def test_a_plain_word_for_a_cover_is_answered_both_ways() -> None:
    assert metric_names(reading("interest cover"), "value") == ["icr_ebit", "icr_ebitda"]
    assert metric_names(reading("EBIT interest cover"), "value") == ["icr_ebit"]
    assert metric_names(reading("利息保障倍数"), "value") == ["icr_ebit"]
    assert metric_names(reading("毛利这几年的走势"), "change") == ["gross_profit", "gross_margin"]


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("9M26", PeriodRequest("ytd", 2026, 9)), ("h1 last year", PeriodRequest("half", 2025, 1)), ("last year's Q3", PeriodRequest("quarter", 2025, 3)),
        ("26H1", PeriodRequest("half", 2026, 1)), ("at 30 June", PeriodRequest("day", day=date(2026, 6, 30))), ("6月30日", PeriodRequest("day", day=date(2026, 6, 30))),
        ("12月5日", PeriodRequest("day", day=date(2025, 12, 5))), ("ltm june", PeriodRequest("month", 2026, 6)), ("全年的", PeriodRequest("year", 2025)),
        ("LTM到六月", PeriodRequest("month", 2026, 6)), ("the June quarter", PeriodRequest("quarter", 2026, 2)),
        ("the June quarter before", PeriodRequest("quarter", 2025, 2)), ("半年收入", PeriodRequest("half", 2026, 1)), ("last 3 yrs", PeriodRequest("last", number=3, grain="y")),
    ],
)  # fmt: skip
def test_periods_are_read_in_short_words(text: str, request_: PeriodRequest) -> None:
    assert [phrase.request for phrase in time_phrases(text, AS_OF)] == [request_]


def test_a_month_that_is_a_stretch_of_time_is_no_month() -> None:
    assert not [p for p in time_phrases("三个月的账期", AS_OF) if p.request is not None and p.request.kind == "month"]


@pytest.mark.parametrize(
    ("text", "metrics", "whole"),
    [
        ("研发投入占收入多少", ("rnd_expenses",), "revenue"), ("应收账款占总资产的比例", ("accounts_receivable",), "total_assets"),
        ("R&D as a % of sales", ("rnd_expenses",), "revenue"), ("what share of revenue goes to selling expenses", ("selling_expenses",), "revenue"),
        ("收入和净利润", ("revenue", "net_profit"), ""),
    ],
)  # fmt: skip
def test_one_amount_as_a_share_of_another(text: str, metrics: tuple[str, ...], whole: str) -> None:
    said = reading(text)
    assert (said.metrics, said.share_of) == (metrics, whole)


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("what EBITDA does it need for 4.5x with today's debt", "reach"), ("by how much can EBITDA drop before interest cover goes under 3.5 times", "reach"),
        ("2025年DSCR想到1.25,EBITDA得再多多少", "reach"), ("负债还能增加多少才碰65%", "reach"), ("息税前利润要补多少万才能够4倍", "reach"),
        ("先还1000万,杠杆能下来吗,到多少", "stress"), ("收入掉两成还付得起利息吗", "stress"), ("net leverage if EBITDA drops 10%", "stress"),
        ("利率加1个点利息保障倍数多少", "stress"), ("要是EBITDA涨回4500万,够不够5倍", "stress"), ("下个月要还多少", "dues"), ("exposure in CNY", "worth"),
        ("收入涨了怎么现金流反而是负的", "why"), ("研发投入占收入多少", "value"),
    ],
)  # fmt: skip
def test_goals_and_suppositions_are_told_from_what_is_due(question: str, frame: str) -> None:
    assert frame_of(question) == frame


def test_what_falls_by_half_or_rises_to_a_level_is_a_shock() -> None:
    assert dict(shocks_of(reading("if EBITDA halves"))) == {"ebitda_fall": "0.5"}
    assert dict(shocks_of(reading("收入腰斩会怎样"))) == {"revenue_fall": "0.5"}
    assert dict(shocks_of(reading("要是EBITDA涨回4500万"))) == {"ebitda_to": "45000000"}


def _ranking(question: str) -> dict[str, object]:
    return dict(calls_for(Part("portfolio_rank", reading(question)))[0].arguments)


def test_filters_by_growth_between_two_values_and_averages() -> None:
    fell = _ranking("list borrowers whose revenue fell more than 10%")
    assert fell["measure"] == "revenue_growth" and fell["where"] == [
        {"measure": "revenue_growth", "operator": "<", "value": "-0.1"}
    ]
    assert _ranking("收入下滑的客户有哪些")["where"] == [{"measure": "revenue_growth", "operator": "<", "value": "0"}]
    fastest = _ranking("收入增长最快的客户")
    assert (fastest["measure"], fastest["order"], fastest["limit"], fastest["where"]) == ("revenue_growth", "desc", 1, [])
    between = reading("负债率在50%到60%之间的客户").limits
    assert [(one.operator, one.value) for one in between] == [(">=", Decimal("0.5")), ("<=", Decimal("0.6"))]
    assert _ranking("平均资产负债率多少").get("average") is True
    assert _ranking("谁的毛利率最低").get("average") is None


def test_ones_own_customers_are_many_even_with_a_word_for_them() -> None:
    for question in ("Anyone of mine overdue?", "Customers with a debt ratio above 60% at their last balance sheet"):
        assert "portfolio_scope" in features(reading(question), 0, False)


def test_a_name_with_a_year_right_behind_it_and_in_the_other_script_is_found() -> None:
    one = Borrower("X1", "海澜航运有限公司", "Hailan Shipping Ltd.", ("HLS",))
    index = NameIndex([one])
    for text in ("HLS25年营收", "HLS2025H1 revenue", "海瀾航運的負債率"):
        (mention,) = index.mentions(text)
        assert mention.sure == one and not mention.text[-1].isdigit()
    assert normalise("請問2025年末總資產") == "请问2025年末总资产"


def test_the_other_one_the_former_and_the_same_years() -> None:
    memory = Conversation(focus=("B",), listed=("A", "B"), spoken=(PeriodRequest("year", 2024), PeriodRequest("year", 2025)))
    assert place_in_list("后面那家今年上半年呢") == -1 and place_in_list("the former's net income?") == 0
    assert (
        other_of("and the other one", memory) == "A"
        and other_of("and the other one", replace(memory, listed=("A", "B", "C"))) is None
    )
    assert same_periods("same two years for Harbour", memory) == memory.spoken


def test_shares_sums_and_losses_are_worked_out_and_cited(small: SmallBank) -> None:
    share = ask(small, "C001 2025年存货占总资产的比例").answer
    assert "占资产总计的比例为" in share and "略去" not in share
    thread = "figures-asked"
    first = ask(small, "C001 revenue 2024", thread=thread).answer
    then = ask(small, "and 2025?", thread=thread).answer
    grown = ask(small, "in percent", thread=thread).answer
    assert "FY2024" in first and "FY2025" in then and "%" in grown and "FY2024" in grown


def test_a_share_of_nothing_said_is_no_share() -> None:
    part = Part("value", reading("revenue and net profit 2025"), (Heard("C001", "id"),))
    assert "share_of" not in calls_for(part)[0].arguments
