"""The handbook's vectors, computed from the vector company's statements as facts, to four decimals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.vectors import fact, mingyuan_facts
from tools.domain.evaluation import Evaluator, evaluate
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.domain.money import shown
from tools.domain.shapes import figure_shape
from tools.rulebook.loader import load_rulebook

YEAR_END, HALF_YEAR = date(2025, 12, 31), date(2026, 6, 30)

VECTORS = [
    ("T1", "current_ratio", "1.1818"),
    ("T2", "quick_ratio", "0.7532"),
    ("T3", "cash_to_st_debt", "0.2400"),
    ("T4", "debt_to_assets", "0.6080"),
    ("T5", "debt_to_ebitda", "3.4558"),
    ("T6", "net_debt_to_ebitda", "2.8435"),
    ("T7", "icr_ebit", "3.5185"),
    ("T8", "dscr", "1.9855"),
    ("T9", "dscr_cash", "0.2725"),
    ("T10", "fccr", "0.7159"),
    ("T11", "cash_earnings", "0.3241"),
    ("T12", "accruals", "0.0278"),
    ("T13", "dso", "85.8580"),
    ("T14", "dio", "93.6301"),
    ("T15", "dpo", "71.7539"),
    ("T16", "ccc", "107.7342"),
    ("T17", "gross_margin", "0.2100"),
    ("T18", "roe", "0.1004"),
    ("T19", "roic", "0.0778"),
    ("T20", "altman_z", "1.9371"),
    ("T21", "z_prime", "1.5601"),
    ("T22", "z_em", "5.5321"),
    ("T23", "beneish_dsri", "1.1621"),
    ("T24", "beneish_aqi", "0.8637"),
    ("T25", "beneish_depi", "1.0315"),
    ("T26", "beneish_lvgi", "1.0551"),
    ("T27", "beneish_m", "-2.1386"),
    ("T30", "wc_need_turnover", "3.3009"),
    ("T41", "ohlson_o", "-2.4737"),
    ("T42", "ohlson_p", "0.0777"),
    ("T43", "zmijewski", "-1.0529"),
    ("T44", "springate", "0.7009"),
    ("Piotroski", "piotroski_f", "5.0000"),
]


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(load_rulebook(), FactBook(mingyuan_facts(market=True)))


@pytest.mark.parametrize(("vector", "name", "expected"), VECTORS)
def test_vector(evaluator: Evaluator, vector: str, name: str, expected: str) -> None:
    figure = evaluator.figure(name, YEAR_END)
    assert figure.status == "ok", f"{vector}: {figure.reason}"
    assert figure.value is not None
    assert shown(figure.value) == expected, vector


def test_every_ratio_of_the_handbook_is_there(evaluator: Evaluator) -> None:
    rows = {held.origin.source.get("row") for held in evaluator.rulebook.ratios.values()}
    assert set(range(1, 57)) <= rows


def test_every_ratio_but_the_guarantees_is_computable_from_the_statements(evaluator: Evaluator) -> None:
    lacking = {n for n in evaluator.rulebook.ratios if evaluator.figure(n, YEAR_END).status != "ok"}
    assert lacking == {"contingent_ratio"}


def test_the_nine_piotroski_points(evaluator: Evaluator) -> None:
    points = {n: evaluator.figure(n, YEAR_END).value for n in evaluator.rulebook.scores if n.startswith("piotroski_")}
    del points["piotroski_f"]
    assert {n.removeprefix("piotroski_") for n, value in points.items() if value == 1} == {
        "roa", "cfo", "leverage", "shares", "turnover",
    }  # fmt: skip
    assert len(points) == 9


def test_t37_twelve_months_to_june_and_the_leverage_on_them() -> None:
    debt = [fact("short_term_borrowings", 10400, HALF_YEAR)]
    debt += [
        fact(item, 0, HALF_YEAR)
        for item in ("current_portion_noncurrent_liabilities", "long_term_borrowings", "bonds_payable", "lease_liabilities")
    ]
    evaluator = Evaluator(load_rulebook(), FactBook([*mingyuan_facts(), *debt]))
    ebitda = evaluator.figure("ebitda", HALF_YEAR)
    leverage = evaluator.figure("debt_to_ebitda", HALF_YEAR)
    assert (ebitda.value, ebitda.basis) == (Decimal(25400000), "ltm")
    assert leverage.value is not None and shown(leverage.value) == "4.0945"


def test_t45_the_values_behind_the_headrooms(evaluator: Evaluator) -> None:
    def value(name: str) -> Decimal:
        found = evaluator.figure(name, YEAR_END).value
        assert found is not None
        return found

    assert shown((Decimal("3.5") - value("debt_to_ebitda")) / Decimal("3.5")) == "0.0126"
    assert shown((value("dscr") - Decimal("1.2")) / Decimal("1.2")) == "0.6546"
    assert shown((Decimal("0.65") - value("debt_to_assets")) / Decimal("0.65")) == "0.0646"
    assert value("tnw") == Decimal(107000000)


def test_a_figure_opens_down_to_the_facts(evaluator: Evaluator) -> None:
    figure = evaluator.figure("debt_to_ebitda", YEAR_END)
    assert [node.name for node in figure.inputs if isinstance(node, Figure)] == ["total_debt", "ebitda"]
    items = {found.item for found in figure.facts()}
    assert {"short_term_borrowings", "profit_before_tax", "interest_expense", "depreciation_ppe"} <= items
    assert figure.formula == "total_debt / ebitda"
    assert figure.rule == "debt_to_ebitda@1"
    shape = figure_shape(figure)
    assert shape["value"].startswith("3.45578")
    assert shape["inputs"][0]["inputs"][0]["kind"] == "fact"


def test_ids_depend_on_what_went_in_and_nothing_else() -> None:
    rulebook, facts = load_rulebook(), mingyuan_facts()
    once = evaluate(rulebook, "current_ratio", FactBook(facts), YEAR_END)
    again = evaluate(rulebook, "current_ratio", FactBook(list(reversed(facts))), YEAR_END)
    earlier = evaluate(rulebook, "current_ratio", FactBook(facts), date(2024, 12, 31))
    assert once == again
    assert once.id != earlier.id


def test_a_line_item_is_a_figure_over_its_fact(evaluator: Evaluator) -> None:
    figure = evaluator.figure("revenue", YEAR_END)
    assert (figure.value, figure.currency, figure.basis) == (Decimal(264000000), "CNY", "fy")
    only = figure.inputs[0]
    assert isinstance(only, Fact) and only.item == "revenue"
