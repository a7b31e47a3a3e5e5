"""Fiscal years, twelve months to a quarter, year to date, quarters, and years of 52 or 53 weeks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.vectors import fact, mingyuan_facts
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.rulebook.loader import load_rulebook

RULES = load_rulebook()
END, HALF, HALF_BEFORE = date(2025, 12, 31), date(2026, 6, 30), date(2025, 6, 30)


def evaluator(facts: list[Fact], standard: str | None = None) -> Evaluator:
    return Evaluator(RULES, FactBook(facts, standard=standard))


def flow(item: str, value: int, end: date, months: int) -> Fact:
    return fact(item, value, end, months, scale=Decimal(1), statement="income_statement")


def test_the_fiscal_year_end_takes_the_year_and_other_dates_the_last_twelve_months() -> None:
    desk = evaluator(mingyuan_facts())
    assert desk.figure("gross_margin", END).basis == "fy"
    assert desk.figure("ebit", HALF).basis == "ltm"
    assert desk.figure("current_ratio", END).basis == "point"


def test_twelve_months_open_to_the_three_statements_behind_them() -> None:
    revenue = evaluator(mingyuan_facts()).figure("revenue", HALF)
    assert revenue.value == Decimal(258000000)
    assert [(f.period.end, f.period.months) for f in revenue.facts()] == [(END, 12), (HALF, 6), (HALF_BEFORE, 6)]
    assert revenue.formula == "revenue[12m to 2025-12-31] + revenue[6m to 2026-06-30] - revenue[6m to 2025-06-30]"


def test_ltm_equals_the_fiscal_year_at_its_end() -> None:
    desk = evaluator(mingyuan_facts())
    assert desk.figure("ebitda", END, "ltm").value == desk.figure("ebitda", END, "fy").value


def test_without_the_prior_year_to_date_the_year_is_scaled_up_and_flagged() -> None:
    desk = evaluator([f for f in mingyuan_facts() if f.period.end != HALF_BEFORE])
    found = desk.figure("ebitda", HALF)
    assert (found.value, found.basis) == (Decimal(25200000), "annualised")
    assert "annualised" in found.flags


def test_one_missing_line_makes_the_whole_figure_annualised_rather_than_mixed() -> None:
    desk = evaluator([f for f in mingyuan_facts() if not (f.period.end == HALF_BEFORE and f.item == "interest_expense")])
    found = desk.figure("ebitda", HALF)
    bases = {node.basis for node in walk(found)}
    assert bases == {"annualised"} and found.value == Decimal(25200000)


def walk(figure: Figure) -> list[Figure]:
    below = [part for node in figure.inputs if isinstance(node, Figure) for part in walk(node)]
    return [figure, *below]


def test_year_to_date_keeps_its_own_days() -> None:
    facts = [*mingyuan_facts(), fact("accounts_receivable", 6000, HALF)]
    found = evaluator(facts).figure("dso", HALF, "ytd")
    expected = (Decimal(6000) + 7020) / 2 / Decimal(12000) * 181
    assert found.value is not None and abs(found.value - expected) < Decimal("1e-20")


def test_a_quarter_is_reported_or_the_difference_of_two_sums_to_date() -> None:
    facts = [
        flow("revenue", 100, date(2025, 12, 31), 12),
        flow("revenue", 70, date(2026, 9, 30), 9),
        flow("revenue", 45, HALF, 6),
    ]
    desk = evaluator(facts)
    assert desk.figure("revenue", date(2026, 9, 30), "quarter").value == 25
    reported = evaluator([*facts, flow("revenue", 24, date(2026, 9, 30), 3)])
    assert reported.figure("revenue", date(2026, 9, 30), "quarter").value == 24


def test_four_reported_quarters_make_a_year_when_sums_to_date_are_missing() -> None:
    ends = [date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), HALF]
    facts = [flow("revenue", 10 + n, end, 3) for n, end in enumerate(ends)]
    facts.append(flow("net_profit", 1, date(2025, 12, 31), 12))
    found = evaluator(facts).figure("revenue", HALF)
    assert (found.value, found.basis) == (46, "ltm")


def test_a_year_of_quarters_only() -> None:
    ends = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), END]
    facts = [flow("revenue", 10 + n, end, 3) for n, end in enumerate(ends)]
    found = evaluator(facts, "CAS").figure("revenue", END)
    assert found.value == 46 and found.formula.startswith("revenue[3m to 2025-03-31] + ")


def test_a_year_end_in_june() -> None:
    facts = [
        flow("revenue", 100, date(2025, 6, 30), 12), flow("revenue", 60, date(2025, 12, 31), 6),
        flow("revenue", 50, date(2024, 12, 31), 6),
    ]  # fmt: skip
    desk = evaluator(facts)
    assert desk.figure("revenue", date(2025, 6, 30)).basis == "fy"
    assert (desk.figure("revenue", date(2025, 12, 31)).value, desk.figure("revenue", date(2025, 12, 31)).basis) == (110, "ltm")


def test_years_of_52_or_53_weeks_use_their_dates() -> None:
    ends = [date(2022, 1, 1), date(2022, 12, 31)]
    facts = [flow("revenue", 100, ends[0], 12), flow("revenue", 120, ends[1], 12)]
    facts += [flow("revenue", 30, date(2023, 4, 1), 3), flow("revenue", 25, date(2022, 4, 2), 3)]
    desk = evaluator(facts)
    growth = desk.figure("revenue_growth", ends[1])
    assert (growth.value, growth.basis) == (Decimal("0.2"), "fy")
    rolled = desk.figure("revenue", date(2023, 4, 1))
    assert (rolled.value, rolled.basis) == (125, "ltm")


def test_the_newest_period_with_inputs_is_found() -> None:
    desk = evaluator([*mingyuan_facts(), fact("total_current_assets", 1, date(2026, 9, 30))])
    found = desk.newest("current_ratio")
    assert found is not None and (found.period_end, found.status) == (END, "ok")
    later = desk.newest("ebitda")
    assert later is not None and later.period_end == HALF
    earlier = desk.newest("ebitda", not_after=date(2026, 1, 31))
    assert earlier is not None and earlier.period_end == END
    nothing = desk.newest("contingent_ratio")
    assert nothing is not None and nothing.status == "not_computable"
    assert evaluator([]).newest("current_ratio") is None


@pytest.mark.parametrize(("end", "months"), [(date(2026, 3, 31), 3), (HALF, 6), (date(2026, 9, 30), 9), (END, 12)])
def test_months_into_the_year(end: date, months: int) -> None:
    assert FactBook(mingyuan_facts()).months_into_year(end) == months


def test_a_book_without_years_takes_the_calendar_year_for_chinese_statements_only() -> None:
    facts = [f for f in mingyuan_facts() if f.period.months != 12]
    assert FactBook(facts, standard="CAS").is_fiscal_year_end(END)
    assert not FactBook(facts, standard="US_GAAP").is_fiscal_year_end(END)


def test_chinese_labels_tell_the_standard_when_no_document_does() -> None:
    assert FactBook(mingyuan_facts()).standard == "CAS"
    assert FactBook([fact("revenue", 1, END, 12, label="Revenue")]).standard is None
    assert FactBook([], standard="IFRS").standard == "IFRS"
