"""Working-capital need and stress: handbook vectors T30, T31, T35, T36."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tools.domain.capital_need import NeedInputs, working_capital_need
from tools.domain.money import shown
from tools.domain.stress import Capacity, break_even_fall, stressed
from tools.rulebook.loan_rules import load_scenarios


def D(text: str) -> Decimal:
    return Decimal(text)


COMPANY = NeedInputs(
    revenue=D("26400"), cost_of_sales=D("20856"), margin=D("1360") / D("26400"), growth=D("0.08"), receivables=D("6210"),
    inventories=D("5350"), payables=D("4100"), prepayments=D("660"), advances=D("630"), own_funds=D("1000"),
    existing_loans=D("6400"),
)  # fmt: skip
BASE = Capacity(
    D("2940"), D("200"), D("840"), D("540"), floating_debt=D("9000"), revenue=D("26400"), gross_margin=D("0.21"),
    top_customer=D("0.25"), net_fx=D("-500"), short_term_debt=D("7500"), free_cash=D("1800"),
)  # fmt: skip
SCENARIOS = {scenario.id: scenario for scenario in load_scenarios()}


def text(value: Decimal | None) -> str | None:
    return None if value is None else shown(value)


def test_working_capital_need() -> None:
    """T30 and T31."""
    found = working_capital_need(COMPANY)
    assert [text(v) for v in (found.turnover, found.need, found.room, found.new_loan)] == [
        "3.3009", "8192.5751", "792.5751", "792.5751",
    ]  # fmt: skip
    over = working_capital_need(replace(COMPANY, own_funds=D("2800")))
    assert (text(over.room), over.new_loan, over.flags) == ("-1007.4249", 0, ("over_lent",))


def test_need_says_what_is_missing_and_what_cannot_be() -> None:
    assert working_capital_need(replace(COMPANY, inventories=None)).missing == ("inventories",)
    half = working_capital_need(replace(COMPANY, own_funds=None))
    assert (text(half.need), half.new_loan, half.missing) == ("8192.5751", None, ("own_funds",))
    assert "funds itself" in working_capital_need(replace(COMPANY, payables=D("99999"))).reason
    capped = working_capital_need(replace(COMPANY, growth=D("0.5")), growth_cap=D("0.08"))
    assert (text(capped.need), capped.flags) == ("8192.5751", ("growth_capped",))


def test_stressed_coverage() -> None:
    """T35 and T36."""
    assert text(stressed(BASE, SCENARIOS["combined"]).dscr) == "1.3795"
    assert text(break_even_fall(BASE)) == "0.4626"
    assert text(stressed(BASE, SCENARIOS["base"]).dscr) == "1.9855"


def test_every_scenario_hurts_and_none_is_guessed() -> None:
    base = stressed(BASE, SCENARIOS["base"])
    assert base.cash_after is not None
    for id, scenario in SCENARIOS.items():
        hit = stressed(BASE, scenario)
        assert hit.cash_after is not None and not hit.missing, id
        assert hit.cash_after < base.cash_after or id == "base", id
    assert stressed(BASE, SCENARIOS["no_refinancing"]).cash_gap == D("7500") - (D("1800") + D("2940") - D("200") - D("540"))
    blind = stressed(replace(BASE, gross_margin=None), SCENARIOS["revenue_10"])
    assert (blind.dscr, blind.cash_gap, blind.missing) == (None, None, ("gross_margin",))
    assert text(stressed(BASE, SCENARIOS["dso_30"]).cash_after) == text(base.cash_after - D("26400") / 365 * 30)
