"""Missing, zero and negative: every figure says which, and nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.vectors import fact, mingyuan_facts
from tools.domain.evaluation import Evaluator, evaluate
from tools.domain.factbook import FactBook, Given
from tools.domain.facts import Fact, Row
from tools.domain.figures import Basis, Figure
from tools.domain.grammar import parse
from tools.errors import BadRequest
from tools.rulebook.loader import load_rulebook

END = date(2025, 12, 31)
HALF = date(2026, 6, 30)
RULES = load_rulebook()


def changed(**values: int) -> list[Fact]:
    """The vector company with some year-end values replaced, in 万元."""
    kept = [f for f in mingyuan_facts() if not (f.item in values and f.period.end == END)]
    months = {f.item: f.period.months for f in mingyuan_facts(interim=False)}
    return [*kept, *(fact(item, value, END, months.get(item, 0)) for item, value in values.items())]


def figure(name: str, facts: list[Fact], end: date = END, basis: Basis | None = None, standard: str | None = "CAS") -> Figure:
    return evaluate(RULES, name, FactBook(facts, standard=standard), end, basis)


def test_a_missing_input_is_named() -> None:
    found = figure("icr_ebit", mingyuan_facts(without=("interest_expense",)))
    assert (found.status, found.value, found.missing) == ("not_computable", None, ("interest_expense",))
    assert found.reason == "interest_expense for 12 months to 2025-12-31 is missing"


def test_missing_names_go_through_building_blocks() -> None:
    without = ("interest_expense", "depreciation_ppe", "depreciation_rou", "amortization_intangibles")
    found = figure("debt_to_ebitda", mingyuan_facts(without=without))
    assert set(found.missing) == {"depreciation_amortization", "interest_expense"}


def test_net_finance_costs_never_stand_in_for_interest() -> None:
    assert figure("dscr", mingyuan_facts(without=("interest_expense",))).status == "not_computable"


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("icr_ebit", {"interest_expense": 0}, "no_interest"),
        ("icr_ebitda", {"interest_expense": 0}, "no_interest"),
        ("debt_to_ebitda", {"profit_before_tax": -1630}, "negative_ebitda"),
        ("debt_to_ebitda", {"profit_before_tax": -1580}, "negative_ebitda"),
        ("net_debt_to_ebitda", {"profit_before_tax": -1630}, "negative_ebitda"),
        ("debt_to_equity", {"total_equity": -10}, "negative_equity"),
        ("debt_to_equity", {"total_equity": 0}, "zero_denominator"),
        ("equity_multiplier", {"total_equity": -10}, "negative_equity"),
        ("cash_earnings", {"net_profit": 0}, "net_profit_not_positive"),
        ("effective_tax", {"profit_before_tax": -1}, "loss_before_tax"),
        ("current_ratio", {"total_current_liabilities": 0}, "zero_denominator"),
        ("gross_margin", {"revenue": 0}, "zero_denominator"),
        ("cash_to_st_debt", {"short_term_borrowings": 0, "current_portion_noncurrent_liabilities": 0}, "no_short_term_debt"),
    ],
)
def test_not_meaningful_has_a_reason_and_no_value(name: str, values: dict[str, int], reason: str) -> None:
    found = figure(name, changed(**values))
    assert (found.status, found.value, found.reason) == ("not_meaningful", None, reason)
    assert reason in RULES.reasons


def test_negative_ebitda_reads_as_the_worst_and_no_interest_as_the_best() -> None:
    assert RULES.reasons["negative_ebitda"].reads_as == "worst"
    assert RULES.reasons["no_interest"].reads_as == "best"


def test_negative_equity_raises_a_flag() -> None:
    assert "negative_equity" in figure("debt_to_equity", changed(total_equity=-10)).flags


def test_growth_from_a_loss_is_not_meaningful() -> None:
    facts = [f for f in mingyuan_facts() if (f.item, f.period.end.year) != ("net_profit", 2024)]
    found = figure("net_profit_growth", [*facts, fact("net_profit", -5, date(2024, 12, 31), 12)])
    assert (found.status, found.reason) == ("not_meaningful", "base_not_positive")


def test_without_an_opening_balance_the_closing_one_is_used_and_flagged() -> None:
    facts = [f for f in mingyuan_facts() if not (f.item == "accounts_receivable" and f.period.end.year == 2024)]
    facts = [f for f in facts if not (f.item == "total_current_assets" and f.period.end.year == 2024)]
    found = figure("dso", facts)
    assert found.status == "ok" and "end_of_period" in found.flags
    assert found.value is not None and round(found.value, 4) == Decimal("97.0568")


def test_flags_of_facts_are_carried_to_every_figure_above() -> None:
    facts = [f for f in mingyuan_facts() if not (f.item == "total_assets" and f.period.end == END)]
    facts.append(fact("total_assets", 30000, END, flags=("failed_check",)))
    assert "failed_check" in figure("z_prime", facts).flags


def test_a_fact_of_a_statement_that_failed_an_identity_marks_its_figures() -> None:
    facts = mingyuan_facts()
    suspect = next(f for f in facts if f.item == "total_assets" and f.period.end == END)
    book = FactBook(facts, doubtful={suspect.id})
    assert "failed_check" in evaluate(RULES, "debt_to_assets", book, END).flags
    assert "failed_check" not in evaluate(RULES, "current_ratio", book, END).flags


def test_two_currencies_are_never_mixed() -> None:
    facts = [f for f in mingyuan_facts() if f.item != "market_cap"]
    found = figure("altman_z", [*facts, fact("market_cap", 15000, END, currency="HKD")])
    assert (found.status, found.missing) == ("not_computable", ("exchange_rate",))
    assert "CNY and HKD" in found.reason


def test_a_value_from_the_loan_book_carries_its_row() -> None:
    row = Row("customers", "C001", {"market_cap": "150000000.00"})
    given = Given("market_cap", Decimal(150000000), "CNY", date(2025, 12, 1), row)
    found = evaluate(RULES, "altman_z", FactBook(mingyuan_facts(), given=[given]), END)
    assert found.value is not None and round(found.value, 4) == Decimal("1.9371")
    assert row in found.inputs and "from_loan_book" in found.flags
    later = Given("market_cap", Decimal(1), "CNY", date(2026, 1, 1), row)
    assert evaluate(RULES, "altman_z", FactBook(mingyuan_facts(), given=[later]), END).missing == ("market_cap",)


def test_interest_in_operating_cash_flow_depends_on_the_standard() -> None:
    facts = mingyuan_facts()
    assert figure("cfo_pre_interest", facts, standard="CAS").value == Decimal(3760000)
    assert figure("cfo_pre_interest", facts, standard="US_GAAP").value == Decimal(9160000)
    split = [f for f in facts if f.item != "dividends_interest_paid"]
    unknown = figure("cfo_pre_interest", [f for f in split if f.item != "net_cash_financing"], standard="IFRS")
    assert unknown.missing == ("interest_paid_in_operating",)


def test_restricted_cash_follows_from_the_cash_tie_of_a_chinese_statement() -> None:
    found = figure("free_cash", mingyuan_facts(without=("restricted_cash",)))
    assert (found.value, found.status) == (Decimal(18000000), "ok") and "derived" in found.flags
    none = figure("free_cash", mingyuan_facts(without=("restricted_cash", "cash_ending")))
    assert none.missing == ("restricted_cash",)


def test_beneish_takes_one_for_an_index_without_data_and_says_so() -> None:
    found = figure("beneish_m", mingyuan_facts(without=("depreciation_ppe", "depreciation_rou")))
    assert found.status == "ok" and "substitute_for:beneish_depi" in found.flags


def test_an_unknown_name_is_refused_with_near_ones() -> None:
    with pytest.raises(BadRequest, match=r"curent_ratio.*current_ratio"):
        figure("curent_ratio", mingyuan_facts())


def test_a_contract_formula_is_a_figure_too() -> None:
    evaluator = Evaluator(RULES, FactBook(mingyuan_facts()))
    text = "(total_liabilities - contract_liabilities) / total_assets"
    found = evaluator.formula("covenant C9", text, parse(text), END)
    assert (found.name, found.rule, found.basis) == ("covenant C9", "formula@1", "point")
    assert found.value is not None and round(found.value, 4) == Decimal("0.5893")
    with pytest.raises(BadRequest, match="goodwil"):
        evaluator.formula("x", "goodwil / total_assets", parse("goodwil / total_assets"), END)


def test_warning_levels_follow_the_set_of_the_borrower() -> None:
    evaluator = Evaluator(RULES, FactBook(mingyuan_facts()))
    ratio = evaluator.figure("current_ratio", END)
    assert [(level.set, verdict.holds) for level, verdict in evaluator.warnings(ratio)] == [("default", False)]
    assert [(level.set, verdict.holds) for level, verdict in evaluator.warnings(ratio, "manufacturing")] == [
        ("manufacturing", True)
    ]
    growing = evaluator.figure("dso", END)
    ((_, verdict),) = evaluator.warnings(growing)
    assert verdict.holds is False and "end_of_period" in verdict.flags


def test_scores_fall_into_bands() -> None:
    evaluator = Evaluator(RULES, FactBook(mingyuan_facts(market=True)))
    assert evaluator.band(evaluator.figure("altman_z", END)) == "grey"
    assert evaluator.band(evaluator.figure("springate", END)) == "distress"
    assert evaluator.band(evaluator.figure("piotroski_f", END)) == "middling"
    assert evaluator.band(evaluator.figure("current_ratio", END)) is None
