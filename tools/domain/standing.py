"""Where a figure stands: its level and path over time, and its place among comparable borrowers.

The slope is the least-squares line through the points, per year, by exact day distances. The percentile is the share of peers whose
value is lower, equals counted half (mid-rank), so that the middle of a group is at 0.5 whatever its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.arithmetic import ONE, TWO, ZERO, add, divide, multiply, subtract

DAYS_A_YEAR = Decimal("365.25")
FEWEST_POINTS, FEWEST_PEERS = 3, 5
Direction = Literal["rise", "fall", "flat"]


@dataclass(frozen=True, slots=True)
class Trend:
    """`points` oldest first; `change` from the point before the last to the last; `slope` per year, None with fewer than three points."""

    points: tuple[tuple[date, Decimal], ...]
    change: Decimal | None
    slope: Decimal | None
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class Place:
    """`percentile` 0 to 1 of peers below (mid-rank); None when there are fewer than five peers. `median`, `low` and `high` quartiles are
    of the peers, the borrower not among them."""

    peers: int
    percentile: Decimal | None
    low: Decimal | None
    median: Decimal | None
    high: Decimal | None


def trend(points: Sequence[tuple[date, Decimal]]) -> Trend | None:
    """Of values at comparable period ends, in any order; None without any."""
    path = tuple(sorted(points))
    if not path:
        return None
    step = subtract(path[-1][1], path[-2][1]) if len(path) > 1 else None
    direction: Direction | None = None if step is None else "rise" if step > 0 else "fall" if step < 0 else "flat"
    return Trend(path, step, _slope(path) if len(path) >= FEWEST_POINTS else None, direction)


def _slope(path: Sequence[tuple[date, Decimal]]) -> Decimal | None:
    start, count = path[0][0], Decimal(len(path))
    years = [divide(Decimal((day - start).days), DAYS_A_YEAR) for day, _ in path]
    sum_x = sum_y = sum_xy = sum_xx = ZERO
    for x, (_, y) in zip(years, path, strict=True):
        sum_x, sum_y = add(sum_x, x), add(sum_y, y)
        sum_xy, sum_xx = add(sum_xy, multiply(x, y)), add(sum_xx, multiply(x, x))
    bottom = subtract(multiply(count, sum_xx), multiply(sum_x, sum_x))
    return divide(subtract(multiply(count, sum_xy), multiply(sum_x, sum_y)), bottom) if bottom else None


def place(value: Decimal, peers: Sequence[Decimal]) -> Place:
    """Of `value` among the values of others."""
    if len(peers) < FEWEST_PEERS:
        return Place(len(peers), None, None, None, None)
    below = sum(1 for other in peers if other < value)
    level = sum(1 for other in peers if other == value)
    share = divide(add(Decimal(below), divide(Decimal(level), TWO)), Decimal(len(peers)))
    ordered = sorted(peers)
    return Place(len(peers), share, *(_quantile(ordered, part) for part in (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))))


def _quantile(ordered: Sequence[Decimal], part: Decimal) -> Decimal:
    """Linear between the closest ranks, as spreadsheets do (type 7)."""
    spot = multiply(Decimal(len(ordered) - 1), part)
    under = int(spot)
    over = min(under + 1, len(ordered) - 1)
    rest = subtract(spot, Decimal(under))
    return add(multiply(ordered[under], subtract(ONE, rest)), multiply(ordered[over], rest))
