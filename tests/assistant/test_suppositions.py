"""What-ifs: the shock in other words, the year it starts from, the metric asked, the limit in force, and the way back to it."""

from __future__ import annotations

import pytest

from assistant.analyst.framing import choose, features
from assistant.analyst.glossary import tongue_of
from assistant.analyst.reading import read
from assistant.analyst.shocks import shocks_of
from tests.assistant.asking import ask
from tests.assistant.bank import AS_OF, SmallBank


@pytest.mark.parametrize(
    ("question", "shock"),
    [
        ("EBITDA再降10%杠杆多少", {"ebitda_fall": "0.1"}),
        ("what is leverage with EBITDA -10%", {"ebitda_fall": "0.1"}),
        ("收入再跌一成会怎样", {"revenue_fall": "0.1"}),
        ("stress it with +200bp", {"rate_rise": "0.02"}),
        ("利率上调100个基点有什么影响", {"rate_rise": "0.01"}),
        ("假如降息50个基点", {"rate_rise": "-0.005"}),
        ("应收账款回收快10天,能腾出多少资金", {"dso_days": "-10"}),
        ("if stock is held 15 days longer", {"dio_days": "15"}),
        ("如果EBITDA降到2000万", {"ebitda_to": "20000000"}),
        ("if it repays CNY 20 million", {"debt_change": "-20000000"}),
        ("再借3000万,负债率会变成多少", {"debt_change": "30000000"}),
        ("营业收入增长10%", {"revenue_fall": "-0.1"}),
        ("suppose it loses 30% of its sales", {"revenue_fall": "0.3"}),
        ("如果毛利下降15%会怎样", {"gross_profit_fall": "0.15"}),
        ("如果净利润下降20%", {}),
        ("DSO up 15 days: cash impact?", {"dso_days": "15"}),
    ],
)
def test_a_shock_is_read_in_other_words(small: SmallBank, question: str, shock: dict[str, str]) -> None:
    lexicon = tongue_of(small.bank.rulebook).lexicon
    assert dict(shocks_of(read(question, AS_OF, lexicon))) == shock


def test_the_metric_asked_the_year_and_the_limit_are_said(small: SmallBank) -> None:
    english = ask(small, "If C001's EBITDA falls another 10%, what is leverage on 2025 figures?").answer
    assert "3.8398" in english and "limit at most 4.00x" in english and "would still be met" in english and "FY2025" in english
    chinese = ask(small, "如果EBITDA再掉20%,C001在2025年的DSCR还有多少").answer
    assert "1.5594" in chinese and "压力后不满足" in chinese and "2025年度" in chinese


def test_what_cannot_be_supposed_says_what_is_missing(small: SmallBank) -> None:
    assert "total debt" in ask(small, "If C001's EBITDA falls another 10%, what is leverage?").answer
    assert ask(small, "如果EBITDA下降10%,C001在2019年的杠杆是多少").status == "not_available"


def test_the_way_back_to_a_value_and_the_room_before_a_limit(small: SmallBank) -> None:
    back = ask(small, "C001还多少债杠杆能回到3倍以内").answer
    assert "1,340.00万元" in back and "446.67万元" in back and "V001" in back
    assert "最多还可减少" in ask(small, "C001的EBITDA还能跌多少才会破线").answer
    assert "7,068,493.15" in ask(small, "C001应收账款回收快10天,能腾出多少资金").answer


def test_money_that_runs_short_is_not_said_to_cover(small: SmallBank) -> None:
    said = ask(small, "如果银行抽贷,C001能撑得住吗,按2025年的数据").answer
    assert "资金缺口" in said and "仍能覆盖" not in said


def test_a_trend_compares_years_with_years_and_says_the_last_step(small: SmallBank) -> None:
    said = ask(small, "Is C001's operating cash flow deteriorating?").answer
    assert "in FY2024 to CNY 3.76 million" in said and "CNY 16.80 million" in said


def test_why_cash_fell_names_the_receivables_and_the_stock(small: SmallBank) -> None:
    said = ask(small, "C001 2025年经营现金流为什么掉这么多").answer
    assert "应收账款增加" in said and "存货增加" in said and "营运资金占用" in said


def test_a_margin_is_never_explained_by_a_scaled_part_of_a_year(small: SmallBank) -> None:
    said = ask(small, "Why did C001's margin collapse?").answer
    assert "annualised" not in said and "cost of" in said


def test_what_is_the_matter_asks_for_the_risks(small: SmallBank) -> None:
    lexicon = tongue_of(small.bank.rulebook).lexicon
    for question in ("怎么回事", "到底出了什么问题", "what is going on with it?"):
        assert choose(features(read(question, AS_OF, lexicon), 1, False))[0] == "risks"
