"""Twelve months of cash: seasons, delays, renewals and shocks; further debt and break-evens against numpy-financial."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy_financial as npf  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.cash_plan import CENT, MonthDues, PlanInputs, cash_plan, delayed, season_of
from tools.domain.debt_capacity import break_evens, debt_capacity, present_value
from tools.domain.stress import Capacity, Scenario, stressed
from tools.rulebook.loan_rules import load_scenarios

D = Decimal
AS_OF = date(2026, 10, 31)
EVEN = season_of([])
FLAT = PlanInputs(
    opening_cash=D(100), revenue=D(1200), ebitda=D(240), cost_of_sales=D(840), tax=D(60), capex=D(24), season=EVEN, dso=D(0), dio=D(0),
    dpo=D(0), dues={date(2026, 12, 31): MonthDues(D(10), D(30), D(200))}, floating_debt=D(600), top_customer=D("0.25"), net_fx=D(120),
)  # fmt: skip
BASE = Capacity(
    D("2940"), D("200"), D("840"), D("540"), floating_debt=D("9000"), revenue=D("26400"), gross_margin=D("0.21"), top_customer=D("0.25"),
    net_fx=D("-500"), short_term_debt=D("7500"), free_cash=D("1800"),
)  # fmt: skip


def test_an_even_year_is_the_sum_of_its_parts() -> None:
    plan = cash_plan(FLAT, AS_OF)
    assert [m.end for m in plan.months[:2]] == [date(2026, 11, 30), date(2026, 12, 31)]
    first = plan.months[0]
    assert (first.receipts, first.costs, first.tax, first.capex) == (D("100.00"), D("80.00"), D("5.00"), D("2.00"))
    assert plan.months[-1].cash == D(100) + 1200 - 960 - 60 - 24 - 10 - 30
    assert (plan.lowest, plan.lowest_on, plan.gap) == (D("86.00"), date(2026, 12, 31), D(0))


def test_maturing_money_is_renewed_until_a_scenario_says_it_is_not() -> None:
    plan = cash_plan(FLAT, AS_OF, Scenario("no", no_refinancing=True))
    assert (plan.months[1].principal, plan.months[1].renewed) == (D("230.00"), D(0))
    assert (plan.lowest, plan.gap) == (D("-114.00"), D("114.00"))


def test_a_month_of_slower_collection_is_a_month_of_receipts_missing() -> None:
    month = D(365) / 12
    plan = cash_plan(FLAT, AS_OF, Scenario("slow", dso_days=month))
    assert [m.receipts for m in plan.months[:3]] == [D("0.00"), D("100.00"), D("100.00")]
    assert delayed([D(100)] * 3, D("0.25")) == [D("75.00"), D("100.00"), D("100.00")]


def test_a_season_moves_cash_by_the_collection_period() -> None:
    season = dict.fromkeys(range(1, 13), D(0)) | {10: D("0.5"), 11: D("0.5")}
    plan = cash_plan(replace(FLAT, season=season, dso=D(365) / 12), AS_OF)
    assert [m.sales for m in plan.months[:2]] == [D("600.00"), D("0.00")]
    assert [m.receipts for m in plan.months[:3]] == [D("600.00"), D("600.00"), D("0.00")]
    assert round(season_of([(date(2026, month, 1), D(month)) for month in range(1, 13)])[12], 20) == round(D(12) / 78, 20)
    assert season_of([(date(2026, 1, 1), D(5))]) == EVEN


@pytest.mark.parametrize("scenario", [s for s in load_scenarios() if s.id != "base"], ids=lambda s: s.id)
def test_every_scenario_leaves_less_cash_than_none(scenario: Scenario) -> None:
    base, hit = cash_plan(FLAT, AS_OF), cash_plan(FLAT, AS_OF, scenario)
    assert all(worse.cash <= better.cash for worse, better in zip(hit.months, base.months, strict=True))
    assert hit.months[-1].cash < base.months[-1].cash


def test_what_a_scenario_needs_and_nobody_knows_is_named() -> None:
    blank = replace(FLAT, floating_debt=None, top_customer=None, net_fx=None)
    told = {s.id: cash_plan(blank, AS_OF, s).missing for s in load_scenarios()}
    assert (told["rate_100"], told["top_customer"], told["fx_10"], told["revenue_10"]) == (
        ("floating_debt",), ("top_customer",), ("net_fx",), (),
    )  # fmt: skip


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 300), st.integers(0, 60))
def test_cash_at_the_end_is_cash_at_the_start_and_every_month_between(dso: int, dio: int, dpo: int, slow: int) -> None:
    inputs = replace(FLAT, dso=D(dso), dio=D(dio), dpo=D(dpo))
    plan = cash_plan(inputs, AS_OF, Scenario("s", dso_days=D(slow)))
    flows = sum((m.receipts - m.costs - m.tax - m.capex - m.interest - m.principal for m in plan.months), D(0))
    assert plan.months[-1].cash == inputs.opening_cash + flows
    year = sum((m.receipts for m in cash_plan(inputs, AS_OF).months), D(0))
    assert abs(year - inputs.revenue) <= 12 * CENT


@pytest.mark.parametrize(("payment", "rate", "periods"), [("350", "0.0435", 3), ("100.5", "0.08", 10), ("-40", "0.05", 5)])
def test_present_value_agrees_with_numpy_financial(payment: str, rate: str, periods: int) -> None:
    theirs = -npf.pv(float(rate), periods, float(payment))
    assert abs(float(present_value(D(payment), D(rate), periods)) - theirs) < 1e-9 * max(1, abs(theirs))
    assert present_value(D(90), D(0), 7) == 630


def test_further_debt_is_what_coverage_and_leverage_both_allow() -> None:
    found = debt_capacity(BASE, D("10160"), D("0.0435"), 3, D("1.2"), D("4"))
    assert found.by_leverage == D("1600")
    assert found.by_coverage is not None
    assert round(found.by_coverage, 2) == round(D("903.3333333333") * present_value(D(1), D("0.0435"), 3), 2)
    assert found.further == D("1600")
    assert debt_capacity(replace(BASE, ebitda=D("1000")), D("10160"), D("0.04"), 3, D("1.2"), D("4")).further == 0
    assert debt_capacity(replace(BASE, ebitda=None), None, None, 3, D("1.2"), D("4")).missing == (
        "ebitda",
        "total_debt",
        "rate",
    )


def test_at_its_break_even_a_driver_gives_a_coverage_of_just_one() -> None:
    falls = break_evens(BASE)
    assert falls["ebitda_fall"] is not None
    assert round(falls["ebitda_fall"], 4) == D("0.4626")
    for name in ("ebitda_fall", "revenue_fall", "rate_rise"):
        shock: dict[str, Decimal] = {name: falls[name] or D(0)}
        dscr = stressed(BASE, Scenario("b", **shock)).dscr  # type: ignore[arg-type]
        assert dscr is not None
        assert round(dscr, 20) == 1
    slow = stressed(BASE, Scenario("b", dso_days=falls["dso_days"] or D(0)))
    assert slow.cash_after is not None
    assert round(slow.cash_after, 20) == 0
    assert break_evens(replace(BASE, tax=None)) == dict.fromkeys(falls)
