"""Headroom, cushion, cures and add-back caps: handbook vectors T28, T38, T45, T46."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.covenants import Limit, parse_limit
from tools.domain.headroom import (
    AddBack,
    add_back_cap,
    adjusted_ebitda,
    amount_cures,
    cushion,
    headroom,
    passes,
    ratio_cures,
)
from tools.domain.money import shown


def D(text: str) -> Decimal:
    return Decimal(text)


def test_add_back_caps() -> None:
    """T28."""
    assert shown(add_back_cap(D("2940"), D("0.2"), "before")) == "588.0000"
    assert shown(add_back_cap(D("2940"), D("0.2"), "after")) == "735.0000"
    assert add_back_cap(D("-50"), D("0.2"), "before") == 0
    with pytest.raises(ValueError, match="not a share"):
        add_back_cap(D("1"), D("1"), "after")


def test_add_backs_expire_and_are_capped() -> None:
    items = [
        AddBack("restructuring", D("700"), D("0.2"), "before"),
        AddBack("synergies", D("100"), until=date(2025, 6, 30)),
        AddBack("non-cash", D("10")),
    ]
    total, allowed = adjusted_ebitda(D("2940"), items, date(2025, 12, 31))
    assert total == D("3538")
    assert [(item.allowed, item.cut_by) for item in allowed] == [(588, "cap"), (0, "expired"), (10, "")]


def test_cures() -> None:
    """T38."""
    at_350 = ratio_cures(D("10400"), D("2540"), "<=", D("3.5"), ("total_debt", "ebitda"))
    assert [(c.kind, c.measure, shown(c.amount)) for c in at_350] == [
        ("raise", "ebitda", "431.4286"),
        ("cut", "total_debt", "1510.0000"),
    ]
    assert shown(ratio_cures(D("10400"), D("2540"), "<=", D("4"), ("d", "e"))[0].amount) == "60.0000"
    coverage = ratio_cures(D("100"), D("100"), ">=", D("1.2"), ("cash", "service"))
    assert [(c.kind, c.measure, shown(c.amount)) for c in coverage] == [
        ("raise", "cash", "20.0000"),
        ("cut", "service", "16.6667"),
    ]
    assert amount_cures(D("90"), ">=", Limit(D("100"), None), "tnw")[0].amount == 10
    assert ratio_cures(D("1"), D("1"), "<=", D("3"), ("a", "b")) == ()


def test_debt_can_be_cut_to_nothing_at_most_when_ebitda_is_negative() -> None:
    cures = ratio_cures(D("100"), D("-50"), "<=", D("2"), ("debt", "ebitda"))
    assert [(c.kind, c.amount) for c in cures] == [("raise", 100), ("cut", 100)]


@pytest.mark.parametrize(
    ("actual", "operator", "limit", "expected"),
    [
        (Decimal(10160) / 2940, "<=", "3.5", "0.0126"),
        (Decimal(2740) / 1380, ">=", "1.2", "0.6546"),
        (Decimal("0.608"), "<=", "0.65", "0.0646"),
        (Decimal("107000000"), ">=", "100000000", "0.0700"),
        (Decimal("4.0945"), "<=", "4.0", "-0.0236"),
        (Decimal("0.5"), "between", "0.4..0.6", "0.1667"),
    ],
)
def test_headroom(actual: Decimal, operator: str, limit: str, expected: str) -> None:
    """T45 and C5."""
    left = headroom(actual, operator, parse_limit(limit, operator))  # type: ignore[arg-type]
    assert left is not None
    assert shown(left) == expected


def test_cushion() -> None:
    """T46."""
    left = cushion(Decimal(2740) / 1380, ">=", Limit(D("1.2"), None))
    assert left is not None
    assert shown(left) == "0.3956"
    assert cushion(D("-1"), ">=", Limit(D("1"), None)) is None


def test_a_zero_threshold_has_no_headroom_but_a_verdict() -> None:
    zero = Limit(D("0"), None)
    assert headroom(D("5"), ">=", zero) is None
    assert passes(D("0"), ">=", zero)
    assert not passes(D("-0.01"), ">=", zero)
    assert cushion(D("5"), ">=", zero) is None


@given(
    actual=st.decimals(-1000, 1000, places=6),
    limit=st.decimals(-1000, 1000, places=3).filter(bool),
    operator=st.sampled_from(["<=", ">="]),
)
def test_headroom_is_not_negative_exactly_when_the_test_passes(actual: Decimal, limit: Decimal, operator: str) -> None:
    made = Limit(limit if operator == ">=" else None, limit if operator == "<=" else None)
    left = headroom(actual, operator, made)  # type: ignore[arg-type]
    assert left is not None
    assert (left >= 0) == passes(actual, operator, made)  # type: ignore[arg-type]


@given(
    numerator=st.decimals(1, 10_000, places=2), denominator=st.decimals(1, 10_000, places=2),
    limit=st.decimals(Decimal("0.1"), 10, places=2), operator=st.sampled_from(["<=", ">="]),
)  # fmt: skip
def test_every_cure_brings_the_ratio_to_its_limit(
    numerator: Decimal, denominator: Decimal, limit: Decimal, operator: str
) -> None:
    for cure in ratio_cures(numerator, denominator, operator, limit, ("n", "d")):  # type: ignore[arg-type]
        sign = 1 if cure.kind == "raise" else -1
        over = numerator + sign * cure.amount if cure.measure == "n" else numerator
        under = denominator + sign * cure.amount if cure.measure == "d" else denominator
        assert abs(over - limit * under) < Decimal("1e-20")
