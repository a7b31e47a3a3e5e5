"""One definition, two evaluators: columns and Decimal give the same status and value, or columns say they cannot tell."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.domain.test_ratios_against_reference import statements
from tests.vectors import fact
from tools.columns.portfolio import FigureColumn, Portfolio
from tools.columns.table import FactTable
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.rulebook.loader import load_rulebook

RULES = load_rulebook()
NAMES = [*RULES.ratios, *RULES.scores, *RULES.blocks]
STATES = {"ok": 0, "not_computable": 1, "not_meaningful": 2}
YEAR, HALF = date(2025, 12, 31), date(2026, 6, 30)


def portfolio(people: dict[str, list[Fact]], standard: str | None = "CAS") -> Portfolio:
    table = FactTable.of((f for facts in people.values() for f in facts), RULES, dict.fromkeys(people, standard))
    return Portfolio(RULES, table)


def agree(column: FigureColumn, row: int, figure: Figure) -> bool:
    if column.doubt[row]:
        return True
    if column.state[row] != STATES[figure.status]:
        return False
    return figure.value is None or abs(float(figure.value) - column.values[row]) <= 1e-9 * max(1.0, abs(float(figure.value)))


def compare(people: dict[str, list[Fact]], end: date, names: Sequence[str] = NAMES, standard: str | None = "CAS") -> float:
    """Asserts agreement everywhere; returns the share left in doubt."""
    columns = portfolio(people, standard)
    doubts = total = 0
    made = {name: columns.at(name, end) for name in names}
    place = {one: row for row, one in enumerate(columns.table.borrowers)}
    for one, facts in people.items():
        evaluator = Evaluator(RULES, FactBook(facts, standard=standard))
        for name in names:
            figure = evaluator.figure(name, end)
            assert agree(made[name], place[one], figure), (one, name, figure.status, figure.value, made[name].state[place[one]])
            doubts += int(made[name].doubt[place[one]])
            total += 1
    return doubts / total


def owned(seed: int) -> list[Fact]:
    return [replace(f, borrower=f"B{seed}") for f in statements(seed)]


def test_random_statements_with_gaps_zeros_and_losses_agree() -> None:
    assert compare({f"B{seed}": owned(seed) for seed in range(40)}, YEAR) < 0.02


def interim(seed: int) -> list[Fact]:
    """Half-years and years, so that rolling and annualised years, quarters and lengths are exercised; some lines missing."""
    chance = random.Random(seed)
    gaps = chance.choice([0.0, 0.05, 0.2])
    spells = [(YEAR, 12), (date(2024, 12, 31), 12), (HALF, 6), (date(2025, 6, 30), 6)]
    if seed % 3 == 0:
        spells = spells[:1] + spells[2:3]
    made = []
    for item in RULES.items.values():
        for end, months in spells:
            if chance.random() >= gaps:
                amount = chance.randint(-300, 900) if chance.random() < 0.2 else chance.randint(0, 5000)
                made.append(fact(item.id, amount, end, 0 if item.stock else months, scale=Decimal("0.01")))
    return [replace(f, borrower=f"I{seed}") for f in made]


def test_rolling_and_annualised_years_agree() -> None:
    compare({f"I{seed}": interim(seed) for seed in range(30)}, HALF)


@pytest.mark.parametrize("standard", ["US_GAAP", "IFRS", None])
def test_every_standard_agrees(standard: str | None) -> None:
    compare({f"B{seed}": owned(seed) for seed in range(100, 108)}, YEAR, standard=standard)


def balanced(seed: int) -> list[Fact]:
    """Statements that add up, with nil lines left out: only the proof by addition makes them zero."""
    chance = random.Random(seed)
    rules = RULES.sections
    made: dict[str, int] = {}

    def grow(section: str, sign: int) -> int:
        members = rules.members(section)
        if not members:
            value = 0 if chance.random() < 0.35 else chance.randint(1, 4000)
            if value:
                made[section] = value
            return sign * value
        total = sum(grow(item, own) for item, own in members)
        if section in ("total_assets", "total_liabilities", "total_equity") or chance.random() < 0.8:
            made[section] = total
        return sign * total

    grow("total_assets", 1)
    made["total_liabilities_and_equity"] = grow("total_liabilities_and_equity", 1)
    grow("net_profit", 1)
    facts = []
    for item, value in made.items():
        stock = RULES.items[item].stock
        facts.append(replace(fact(item, value, YEAR, 0 if stock else 12, scale=Decimal(1)), borrower=f"T{seed}"))
    return facts


def test_lines_proven_zero_by_addition_agree_and_are_known() -> None:
    people = {f"T{seed}": balanced(seed) for seed in range(40)}
    compare(people, YEAR, [*NAMES, *(item for item in RULES.items)])
    columns = portfolio(people).at("total_debt", YEAR)
    assert (columns.state == 0).sum() > 5


def test_newest_takes_the_period_that_has_the_inputs() -> None:
    people = {f"I{seed}": interim(seed) for seed in range(24)} | {f"B{seed}": owned(seed) for seed in range(200, 206)}
    columns = portfolio(people).newest("current_ratio")
    flows = portfolio(people).newest("dscr")
    for made, name in ((columns, "current_ratio"), (flows, "dscr")):
        for row, one in enumerate(made.borrowers):
            if made.doubt[row]:
                continue
            figure = Evaluator(RULES, FactBook(people[one], standard="CAS")).newest(name)
            assert figure is not None
            assert agree(made, row, figure)
            assert made.ends[made.end[row]] == figure.period_end


def exactly_at(limit: Decimal, seed: int) -> list[Fact]:
    chance = random.Random(seed)
    base = chance.randint(1, 10**9)
    facts = [fact("total_current_liabilities", base, YEAR, 0), fact("total_current_assets", 0, YEAR, 0)]
    facts[1] = replace(facts[1], value=facts[0].value * limit + (seed % 3 - 1) * Decimal("0.01"))
    return [replace(f, borrower=f"L{seed}", id=f"L{seed}{f.id}") for f in facts]


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "=="])
def test_figures_at_the_limit_are_decided_in_decimal(operator: str) -> None:
    limit = Decimal("1.1")
    people = {f"L{seed}": exactly_at(limit, seed) for seed in range(60)}
    columns = portfolio(people)

    def exact(one: str, end: date) -> Figure:
        return Evaluator(RULES, FactBook(people[one], standard="CAS")).figure("current_ratio", end)

    found = columns.screen(columns.at("current_ratio", YEAR), operator, limit, exact)
    from tools.domain.interpreter import COMPARE

    right = [one for one in people if COMPARE[operator](exact(one, YEAR).value or Decimal(-1), limit)]
    assert sorted(found.met) == sorted(right)
    assert found.looked_again >= 20


def test_a_borrower_with_two_currencies_is_left_to_decimal() -> None:
    facts = owned(3)
    facts[5] = replace(facts[5], currency="USD")
    assert portfolio({"B3": facts, "B4": owned(4)}).at("current_ratio", YEAR).doubt.tolist() == [True, False]


def test_an_empty_portfolio_has_no_figures() -> None:
    assert portfolio({}).newest("current_ratio").borrowers == []


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(20))
def test_ten_thousand_random_statements_agree(batch: int) -> None:
    seeds = range(5000 + batch * 500, 5500 + batch * 500)
    assert compare({f"B{seed}": owned(seed) for seed in seeds}, YEAR) < 0.02
