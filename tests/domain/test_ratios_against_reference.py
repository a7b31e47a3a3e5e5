"""All 56 ratios on random statements, against a second implementation in exact fractions that shares no code with the first.

Items may be missing, zero or negative. Line items are taken from the evaluator (how they are found is tested elsewhere), so
this compares formulas, averages, guards and the rules for missing and not-meaningful values.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.vectors import fact
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.facts import Fact
from tools.domain.figures import Figure
from tools.rulebook.loader import load_rulebook

RULES = load_rulebook()
YEARS = [date(2025, 12, 31), date(2024, 12, 31), date(2023, 12, 31)]


class V:
    """A number, a set of missing names, or a reason; arithmetic written out plainly."""

    def __init__(self, number: Fraction | None = None, lacks: frozenset[str] = frozenset(), why: str = "") -> None:
        self.number, self.lacks, self.why = number, lacks, why

    def _with(self, other: V | int, apply: Callable[[Fraction, Fraction], Fraction | None]) -> V:
        two = other if isinstance(other, V) else V(Fraction(other))
        if self.lacks or two.lacks:
            return V(lacks=self.lacks | two.lacks)
        if self.why or two.why:
            return V(why=self.why or two.why)
        assert self.number is not None and two.number is not None
        made = apply(self.number, two.number)
        return V(why="zero_denominator") if made is None else V(made)

    def __add__(self, other: V | int) -> V:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: V | int) -> V:
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: V | int) -> V:
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other: V | int) -> V:
        return self._with(other, lambda a, b: a / b if b else None)

    def unless(self, test: V, holds: Callable[[Fraction], bool], reason: str) -> V:
        """Not meaningful when `holds` for `test`, once nothing is missing."""
        if self.lacks or test.lacks:
            return V(lacks=self.lacks | test.lacks)
        if test.number is not None and holds(test.number):
            return V(why=reason)
        return self


def negative(n: Fraction) -> bool:
    return n < 0


def not_positive(n: Fraction) -> bool:
    return n <= 0


def zero(n: Fraction) -> bool:
    return n == 0


class Reference:
    """The handbook's table, by hand. `x(item, year)`: 0 this year, 1 the year before."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def x(self, item: str, year: int = 0) -> V:
        found = self.evaluator.figure(item, YEARS[year])
        if found.value is None:
            return V(lacks=frozenset(found.missing))
        return V(Fraction(found.value))

    def either(self, one: str, other: str, year: int = 0) -> V:
        """The first item unless it is missing."""
        first, second = self.x(one, year), self.x(other, year)
        if not first.lacks:
            return first
        return V(lacks=first.lacks | second.lacks) if second.lacks else second

    def avg(self, of: Callable[[int], V], year: int = 0) -> V:
        closing, opening = of(year), of(year + 1)
        return closing if not closing.lacks and opening.lacks else (closing + opening) / 2

    def growth(self, item: str) -> V:
        now, before = self.x(item), self.x(item, 1)
        return (now / before - 1).unless(before, not_positive, "base_not_positive")

    def short(self, y: int = 0) -> V:
        return self.x("short_term_borrowings", y) + self.x("current_portion_noncurrent_liabilities", y)

    def debt(self, y: int = 0) -> V:
        return self.short(y) + self.x("long_term_borrowings", y) + self.x("bonds_payable", y) + self.x("lease_liabilities", y)

    def free(self) -> V:
        return self.x("cash_and_equivalents") - self.x("restricted_cash")

    def ebit(self) -> V:
        return self.x("profit_before_tax") + self.x("interest_expense")

    def ebitda(self) -> V:
        return self.ebit() + self.x("depreciation_amortization")

    def sga(self) -> V:
        combined = self.x("sga_expenses")
        return self.x("selling_expenses") + self.x("admin_expenses") if combined.lacks else combined

    def core(self) -> V:
        return (
            self.x("revenue") - self.x("cost_of_sales") - self.x("taxes_and_surcharges") - self.sga() - self.x("rnd_expenses")
        )

    def capital(self, y: int = 0) -> V:
        return self.x("total_current_assets", y) - self.x("total_current_liabilities", y)

    def principal(self) -> V:
        return self.either("current_portion_lt_debt", "current_portion_noncurrent_liabilities", 1)

    def tax_rate(self) -> V:
        profit = self.x("profit_before_tax")
        if profit.number is not None and profit.number <= 0:
            return V(Fraction(1, 4))
        return V(lacks=profit.lacks) if profit.lacks else self.x("income_tax_expense") / profit

    def roe(self) -> V:
        held = self.avg(lambda y: self.x("equity_attributable_to_parent", y))
        return (self.x("net_profit_to_parent") / held).unless(held, negative, "negative_equity")

    def days(self, item: str, flow: str) -> V:
        return self.avg(lambda y: self.x(item, y)) / self.x(flow) * 365

    def covered(self, earned: V, due: V, nothing: str) -> V:
        made = (earned / due).unless(due, negative, "negative_interest")
        return made.unless(due, zero, nothing)

    def table(self) -> dict[str, V]:
        x, avg = self.x, self.avg
        tca, tcl, ta, tl, te = (
            x("total_current_assets"), x("total_current_liabilities"), x("total_assets"), x("total_liabilities"), x("total_equity"),
        )  # fmt: skip
        cfo, revenue, profit, interest = x("net_cash_operating"), x("revenue"), x("net_profit"), x("interest_expense")
        ebit, ebitda, debt, cost = self.ebit(), self.ebitda(), self.debt(), x("cost_of_sales")
        tnw = te - x("goodwill") - x("intangible_assets") - x("development_costs")
        service, tax = self.principal() + interest, x("income_tax_expense")
        paid, lease = x("interest_paid"), x("depreciation_rou")
        wc = avg(self.capital)
        invested = avg(lambda y: self.debt(y) + x("total_equity", y))
        parent = x("net_profit_to_parent")
        loans = x("short_term_borrowings") + self.either("current_portion_lt_debt", "current_portion_noncurrent_liabilities")
        return {
            "current_ratio": tca / tcl,
            "quick_ratio": (tca - x("inventories") - x("prepayments")) / tcl,
            "cash_ratio": self.free() / tcl,
            "working_capital": tca - tcl,
            "cash_to_st_debt": (self.free() / self.short()).unless(self.short(), zero, "no_short_term_debt"),
            "debt_to_assets": tl / ta,
            "debt_to_equity": (tl / te).unless(te, negative, "negative_equity"),
            "interest_bearing_ratio": debt / ta,
            "net_gearing": ((debt - self.free()) / te).unless(te, negative, "negative_equity"),
            "debt_to_capital": (debt / (debt + te)).unless(te, negative, "negative_equity"),
            "debt_to_ebitda": (debt / ebitda).unless(ebitda, not_positive, "negative_ebitda"),
            "net_debt_to_ebitda": ((debt - self.free()) / ebitda).unless(ebitda, not_positive, "negative_ebitda"),
            "st_debt_share": (self.short() / debt).unless(debt, zero, "no_debt"),
            "liabilities_to_tnw": (tl / tnw).unless(tnw, negative, "negative_tnw"),
            "equity_multiplier": (ta / te).unless(te, negative, "negative_equity"),
            "contingent_ratio": (x("contingent_guarantees") / te).unless(te, negative, "negative_equity"),
            "icr_ebit": self.covered(ebit, interest, "no_interest"),
            "icr_ebitda": self.covered(ebitda, interest, "no_interest"),
            "cfo_interest_cover": self.covered(cfo, paid, "no_interest"),
            "dscr": self.covered(ebitda - tax, service, "no_debt_service"),
            "dscr_cash": self.covered(cfo, self.principal() + paid, "no_debt_service"),
            "fccr": self.covered(ebitda - x("capex") - tax, service, "no_debt_service"),
            "lease_fccr": ((ebit + lease) / (interest + lease)).unless(interest + lease, zero, "no_interest"),
            "cfo_to_debt": (cfo / debt).unless(debt, zero, "no_debt"),
            "cfo_to_tcl": cfo / tcl,
            "cash_earnings": (cfo / profit).unless(profit, not_positive, "net_profit_not_positive"),
            "cash_receipts": x("cash_from_customers") / revenue,
            "fcf": cfo - x("capex"),
            "accruals": (profit - cfo) / avg(lambda y: x("total_assets", y)),
            "capex_to_dep": x("capex") / x("depreciation_amortization"),
            "dso": self.days("accounts_receivable", "revenue"),
            "dio": self.days("inventories", "cost_of_sales"),
            "dpo": self.days("accounts_payable", "cost_of_sales"),
            "ccc": self.days("accounts_receivable", "revenue") + self.days("inventories", "cost_of_sales")
            - self.days("accounts_payable", "cost_of_sales"),
            "ar_turnover": revenue / avg(lambda y: x("accounts_receivable", y)),
            "inventory_turnover": cost / avg(lambda y: x("inventories", y)),
            "asset_turnover": revenue / avg(lambda y: x("total_assets", y)),
            "wc_turnover": (revenue / wc).unless(wc, not_positive, "working_capital_not_positive"),
            "gross_margin": (revenue - cost) / revenue,
            "operating_margin": x("operating_profit") / revenue,
            "ebitda_margin": ebitda / revenue,
            "net_margin": profit / revenue,
            "roa": profit / avg(lambda y: x("total_assets", y)),
            "roe": self.roe(),
            "roic": (ebit * (V(Fraction(1)) - self.tax_rate()) / invested).unless(invested, negative, "negative_capital"),
            "effective_tax": (tax / x("profit_before_tax")).unless(x("profit_before_tax"), negative, "loss_before_tax"),
            "expense_ratio": (self.sga() + x("rnd_expenses") + x("finance_costs_net")) / revenue,
            "core_profit_share": (self.core() / ebit).unless(ebit, not_positive, "ebit_not_positive"),
            "revenue_growth": self.growth("revenue"),
            "net_profit_growth": self.growth("net_profit"),
            "ar_vs_revenue_gap": self.growth("accounts_receivable") - self.growth("revenue"),
            "inv_vs_cogs_gap": self.growth("inventories") - self.growth("cost_of_sales"),
            "other_recv_share": x("other_receivables") / ta,
            "goodwill_share": (x("goodwill") / te).unless(te, negative, "negative_equity"),
            "sustainable_growth": (self.roe() * (V(Fraction(1)) - x("dividends_paid") / parent)).unless(
                parent, not_positive, "net_profit_not_positive"
            ),
            "bank_loan_to_revenue": (loans + x("long_term_borrowings")) / revenue,
            "contract_receivables_share": (x("contract_assets") + x("accounts_receivable")) / ta,
        }  # fmt: skip


def statements(seed: int) -> list[Fact]:
    """Three years of random statements: about a tenth of the lines missing, some zero, some negative."""
    chance = random.Random(seed)
    gaps = chance.choice([0.0, 0.02, 0.1, 0.3])
    made: list[Fact] = []
    for item in RULES.items.values():
        for year in YEARS:
            if chance.random() < gaps:
                continue
            kind = chance.random()
            amount = 0 if kind < 0.06 else chance.randint(-900, 2000) if kind < 0.25 else chance.randint(1, 5000)
            made.append(fact(item.id, amount, year, 0 if item.stock else 12, scale=Decimal("0.01")))
    return made


def agree(mine: Figure, theirs: V) -> bool:
    if mine.status == "not_computable":
        return set(mine.missing) == set(theirs.lacks)
    if mine.status == "not_meaningful":
        return not theirs.lacks and mine.reason == theirs.why
    if mine.value is None or theirs.number is None:
        return False
    exact = Decimal(theirs.number.numerator) / Decimal(theirs.number.denominator) if theirs.number else Decimal(0)
    return abs(mine.value - exact) <= max(abs(exact), Decimal(1)) * Decimal("1e-25")


def compare(seed: int) -> None:
    evaluator = Evaluator(RULES, FactBook(statements(seed), standard="CAS"))
    for name, theirs in Reference(evaluator).table().items():
        mine = evaluator.figure(name, YEARS[0])
        expected = (theirs.number, sorted(theirs.lacks), theirs.why)
        assert agree(mine, theirs), (
            f"seed {seed}, {name}: {mine.status} {mine.value} {mine.missing} {mine.reason} not {expected}"
        )


def test_the_reference_covers_every_ratio() -> None:
    evaluator = Evaluator(RULES, FactBook(statements(0), standard="CAS"))
    assert set(Reference(evaluator).table()) == set(RULES.ratios)


@pytest.mark.parametrize("batch", range(4))
def test_ratios_agree_with_exact_fractions(batch: int) -> None:
    for seed in range(batch * 30, batch * 30 + 30):
        compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(20))
def test_ratios_agree_on_ten_thousand_statements(batch: int) -> None:
    for seed in range(batch * 500, batch * 500 + 500):
        compare(1000 + seed)


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_has_exactly_one_status_and_scores_never_raise(seed: int) -> None:
    evaluator = Evaluator(RULES, FactBook(statements(seed), standard="CAS"))
    for name in [*RULES.ratios, *RULES.blocks, *RULES.scores, *RULES.items]:
        made = evaluator.figure(name, YEARS[0])
        assert (made.status == "ok") == (made.value is not None)
        assert (made.status == "not_computable") == bool(made.missing)
        assert made.status == "ok" or made.reason
        assert made.status != "not_meaningful" or made.reason in RULES.reasons
        assert {flag.partition(":")[0] for flag in made.flags} <= set(RULES.flags)
