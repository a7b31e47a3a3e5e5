"""Advice: arithmetic a borrower can check."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tools.domain.advice import freed_by_days, to_balance, to_bring_back, to_term_out
from tools.rulebook.acts import load_acts

AMOUNTS = st.decimals(Decimal(0), Decimal("1e12"), allow_nan=False, allow_infinity=False, places=2)


def test_ten_days_of_a_year_of_revenue() -> None:
    assert freed_by_days(Decimal(365_000_000), Decimal(10)) == Decimal(10_000_000)
    assert freed_by_days(Decimal(-5), Decimal(10)) == 0
    assert to_bring_back(Decimal(90), Decimal(60), Decimal(365)) == Decimal(30)
    assert to_bring_back(Decimal(50), Decimal(60), Decimal(365)) == 0


@given(AMOUNTS, AMOUNTS)
def test_termed_out_debt_lands_on_the_share(short: Decimal, long: Decimal) -> None:
    total, share = short + long, Decimal("0.7")
    moved = to_term_out(short, total, share)
    assert moved >= 0 and short - moved <= share * total + Decimal("0.01")
    assert moved == 0 or short - moved == share * total


@given(AMOUNTS, AMOUNTS)
def test_what_runs_longer_closes_the_gap(debts: Decimal, assets: Decimal) -> None:
    moved = to_balance(debts, assets)
    assert moved >= 0 and (moved == 0 or debts - moved == assets)


def test_every_act_has_an_owner_and_a_day_in_both_languages() -> None:
    acts = load_acts()
    assert [f"A{n}" for n in range(1, 13)] == sorted(acts, key=lambda id: int(id[1:]))
    assert all(set(act.name) == set(act.owner) == {"zh", "en"} for act in acts.values())
