"""When a covenant will fail if it goes on like this: a least-squares line through past tests against future limits.

Tests are one step apart. Four points at least; each future date is judged against the limit in force on that date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.arithmetic import divide
from tools.domain.covenants import Covenant, Limit
from tools.domain.headroom import passes


@dataclass(frozen=True, slots=True)
class Line:
    """value = intercept + slope x step, steps counted from the first point."""

    intercept: Decimal
    slope: Decimal

    def at(self, step: Decimal | int) -> Decimal:
        """Value at `step`."""
        return self.intercept + self.slope * step

    def crossing(self, level: Decimal) -> Decimal | None:
        """Step at which the line meets `level`; None for a flat line."""
        return divide(level - self.intercept, self.slope) if self.slope else None


@dataclass(frozen=True, slots=True)
class Projection:
    """`breach` is the first future test date the line fails, `value` the line there. `steps_to_breach`: tests from the last
    one until the line meets the limit of that date (fractional; 0 when a lower limit will fail at once). Both None when no
    date within the horizon fails."""

    line: Line
    points: int
    breach: date | None
    value: Decimal | None
    steps_to_breach: Decimal | None


def fit(points: Sequence[tuple[int, Decimal]]) -> Line:
    """Least squares in Decimal over (step, value). Raises ValueError with fewer than two different steps."""
    count = Decimal(len(points))
    sum_x = sum((Decimal(x) for x, _ in points), Decimal(0))
    sum_y = sum((y for _, y in points), Decimal(0))
    spread = count * sum((Decimal(x * x) for x, _ in points), Decimal(0)) - sum_x * sum_x
    if not spread:
        raise ValueError("a line needs two different dates")
    slope = divide(count * sum((x * y for x, y in points), Decimal(0)) - sum_x * sum_y, spread)
    return Line(divide(sum_y - slope * sum_x, count), slope)


def project(
    covenant: Covenant, past: Sequence[tuple[int, Decimal]], future: Sequence[tuple[int, date]], least: int = 4
) -> Projection | None:
    """`past` is (step, actual), `future` (step, test date), steps counted alike. None with fewer than `least` points or
    without an operator."""
    if len(past) < least or covenant.operator is None:
        return None
    line = fit(past)
    last = past[-1][0]
    for step, day in future:
        limit = covenant.limit_on(day)
        value = line.at(step)
        if limit is not None and not passes(value, covenant.operator, limit):
            return Projection(line, len(past), day, value, _steps(line, limit, value, last))
    return Projection(line, len(past), None, None, None)


def _steps(line: Line, limit: Limit, value: Decimal, last: int) -> Decimal | None:
    level = limit.high if limit.high is not None and value > limit.high else limit.low
    met = line.crossing(level) if level is not None else None
    return None if met is None else max(met - last, Decimal(0))
