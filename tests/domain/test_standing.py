"""Trends and percentiles against numpy and against what must always hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.standing import place, trend

VALUE = st.integers(-(10**7), 10**7).map(lambda n: Decimal(n) / 1000)
YEARS = [date(year, 12, 31) for year in range(2019, 2027)]


@given(st.lists(VALUE, min_size=3, max_size=8))
def test_the_slope_is_least_squares_per_year(values: list[Decimal]) -> None:
    points = list(zip(YEARS, values, strict=False))
    found = trend(list(reversed(points)))
    assert found is not None and found.slope is not None
    x = [(day - YEARS[0]).days / 365.25 for day, _ in points]
    exact = np.polyfit(x, [float(v) for v in values], 1)[0]
    assert abs(float(found.slope) - exact) <= 1e-6 * max(1.0, max(abs(float(v)) for v in values))
    assert found.change == values[-1] - values[-2]
    assert found.direction == ("rise" if values[-1] > values[-2] else "fall" if values[-1] < values[-2] else "flat")


def test_too_few_points_have_no_slope() -> None:
    assert trend([]) is None
    two = trend([(YEARS[0], Decimal(1)), (YEARS[1], Decimal(2))])
    assert two is not None and (two.slope, two.change) == (None, Decimal(1))
    one = trend([(YEARS[0], Decimal(1))])
    assert one is not None and (one.change, one.direction) == (None, None)


@given(VALUE, st.lists(VALUE, min_size=5, max_size=40))
def test_quartiles_are_numpys_and_the_percentile_is_symmetric(value: Decimal, peers: list[Decimal]) -> None:
    found = place(value, peers)
    for mine, part in ((found.low, 25), (found.median, 50), (found.high, 75)):
        assert mine is not None
        assert abs(float(mine) - np.percentile([float(p) for p in peers], part)) < 1e-6
    mirrored = place(-value, [-peer for peer in peers])
    assert found.percentile is not None and mirrored.percentile is not None
    assert abs(found.percentile + mirrored.percentile - 1) < Decimal("1e-20")


def test_fewer_than_five_peers_give_no_percentile() -> None:
    assert place(Decimal(1), [Decimal(1)] * 4).percentile is None
    assert place(Decimal(1), [Decimal(1)] * 5).percentile == Decimal("0.5")
