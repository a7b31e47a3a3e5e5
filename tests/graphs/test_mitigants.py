"""What collateral, insurance, funds and guarantors are worth, how they are spread, and what is left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.mitigants import Need, Rate, collateral_of, cover, cover_of, guarantee_of, spread
from tools.rulebook.mitigant_rules import load_mitigants

AS_OF = date(2026, 10, 31)
RULES = load_mitigants(AS_OF)
D = Decimal


def need(loan: str = "L1", balance: str = "100.00", currency: str = "CNY", **more: Any) -> Need:
    given = {"undrawn": D(0), "category": "normal", "booked": None, "rating": "BBB", "stage": 1, "dpd": 0, **more}
    return Need(loan, currency, D(balance), **given)


def land(value: str = "100.00", **more: Any) -> dict[str, Any]:
    return {
        "id": "K1", "loan_ids": ["L1"], "type": "real_estate", "value": D(value), "currency_code": "CNY", "value_date": date(2026, 6, 1),
        "insurance_end_date": date(2027, 6, 1), **more,
    }  # fmt: skip


def no_rate(first: str, second: str) -> Rate | None:
    return None


def test_a_fresh_insured_building_loses_its_haircut_only() -> None:
    found = collateral_of(land(), RULES, AS_OF)
    assert (found.counts, found.flags) == (D("70.00"), ())


@pytest.mark.parametrize(
    ("changes", "counts", "flag"),
    [
        ({"value_date": date(2024, 10, 31)}, "65.00", "stale_value"),
        ({"insurance_end_date": date(2026, 10, 30)}, "60.00", "uninsured"),
        ({"insurance_end_date": None}, "60.00", "insurance_unknown"),
        ({"insurance_end_date": date(2026, 11, 30)}, "70.00", "insurance_ending"),
        ({"seized_on": date(2026, 10, 9)}, "0", "seized"),
        ({"lien_rank": 2}, "0.00", "second_lien"),
        ({"type": "equipment"}, "50.00", ""),
        ({"type": "unheard of"}, "20.00", ""),
        ({"type": "存单质押", "insurance_end_date": None, "value_date": date(2020, 1, 1)}, "100.00", ""),
    ],
)
def test_age_insurance_seizure_and_rank_cost_what_the_rulebook_says(changes: dict[str, Any], counts: str, flag: str) -> None:
    found = collateral_of(land(**changes), RULES, AS_OF)
    assert found.counts == D(counts)
    assert ((flag in found.flags) if flag else (found.flags == ())) is True


def test_risk_sharing_is_a_share_of_what_is_left_after_collateral_and_never_more_than_its_cover() -> None:
    share = {
        "id": "M1",
        "loan_ids": ["L1"],
        "kind": "risk_sharing",
        "cover": D("4.00"),
        "cover_share": D("0.20"),
        "end_date": None,
    }
    (loan,), _ = cover(
        [need()], [collateral_of(land("120.00"), RULES, AS_OF), cover_of(share, RULES, AS_OF, {})], RULES, no_rate
    )
    assert [(p.kind, p.amount) for p in loan.covered] == [("collateral", D("84.00")), ("risk_sharing", D("3.20"))]
    assert loan.uncovered == D("12.80")
    (bare,), _ = cover([need()], [cover_of(share, RULES, AS_OF, {})], RULES, no_rate)
    assert bare.of("risk_sharing") == D("4.00")


def test_insurance_that_ended_or_whose_claim_is_late_covers_nothing() -> None:
    row = {
        "id": "M1",
        "loan_ids": ["L1"],
        "kind": "credit_insurance",
        "cover": D(90),
        "cover_share": D("0.9"),
        "claim_deadline_days": 60,
    }
    good = cover_of({**row, "end_date": date(2026, 12, 1)}, RULES, AS_OF, {"L1": date(2026, 9, 15)})
    late = cover_of(row, RULES, AS_OF, {"L1": date(2026, 8, 1)})
    over = cover_of({**row, "end_date": date(2026, 10, 30)}, RULES, AS_OF, {})
    assert (good.claim_by, good.flags) == (date(2026, 11, 14), ("ending",))
    assert (late.counts, late.flags) == (D(0), ("claim_late",))
    assert (over.counts, over.flags) == (D(0), ("ended",))


def test_a_guarantor_in_the_same_circle_or_in_trouble_is_worth_nothing() -> None:
    row = {"id": "G1", "loan_ids": ["L1"], "name": "X", "amount": D(80)}
    told = {
        name: guarantee_of(
            row, RULES, AS_OF, person=name == "person", in_circle=name == "circle", troubled=name == "troubled"
        ).counts
        for name in ("firm", "person", "circle", "troubled")
    }
    assert told == {"firm": D("40.00"), "person": D("16.00"), "circle": D(0), "troubled": D(0)}
    unlimited = guarantee_of({**row, "amount": None}, RULES, AS_OF, person=False, in_circle=False, troubled=False)
    (loan,), _ = cover([need()], [unlimited], RULES, no_rate)
    assert loan.of("guarantee") == D("50.00")


def test_another_currency_counts_with_its_rate_and_not_without() -> None:
    dollars = collateral_of(land("10.00", currency_code="USD"), RULES, AS_OF)
    (bare,), (told,) = cover([need()], [dollars], RULES, no_rate)
    assert (bare.uncovered, "rate_missing" in told.flags) == (D("100.00"), True)
    rate = Rate(D("7.2"), date(2026, 10, 30), "USDCNY")
    (loan,), _ = cover([need()], [dollars], RULES, lambda first, second: rate)
    assert (loan.of("collateral"), loan.covered[0].rate) == (D("45.36"), rate)


def test_provisions_follow_the_category_and_the_undrawn_limit_counts_in_part() -> None:
    (loan,), _ = cover([need(category="substandard", booked=D("20.00"), undrawn=D("50.00"))], [], RULES, no_rate)
    assert (loan.exposure, loan.required, loan.shortfall, loan.expected_loss) == (
        D("120.00"),
        D("25.00"),
        D("5.00"),
        D("120.00"),
    )
    (good,), _ = cover([need(rating="BBB+")], [], RULES, no_rate)
    assert good.expected_loss == D("0.80")
    (unknown,), _ = cover([need(rating=None, category=None)], [], RULES, no_rate)
    assert (unknown.required, unknown.expected_loss) == (None, None)


@given(st.decimals(0, 10**7, places=2), st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=6))
def test_spreading_gives_every_cent_away_and_nobody_more_than_he_needs(amount: Decimal, needs: list[Decimal]) -> None:
    wanted = {f"L{number}": value for number, value in enumerate(needs)}
    found = spread(amount, wanted)
    assert sum(found.values(), D(0)) == min(amount, sum(needs, D(0)))
    assert all(part <= wanted[loan] for loan, part in found.items())
