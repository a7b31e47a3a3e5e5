"""A column of operands: a number, *missing* or *not meaningful* in each row, and how far each number can be trusted.

Money is held as whole cents in float64, where sums are exact up to 2**53. A column is exact until something is divided; from
then on `error` bounds what rounding may have moved. A comparison that the bound cannot decide, or that lies within 1e-9 of
equality, puts its row in `doubt` instead of answering.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
States = npt.NDArray[np.uint8]

KNOWN, MISSING, MEANINGLESS = np.uint8(0), np.uint8(1), np.uint8(2)
EXACT_LIMIT = 2.0**53
ROUNDING = 2.0**-52
NEAR = 1e-9


@dataclass(slots=True)
class Column:
    """Numbers: the value in a row is `value / 10**power`, undefined unless `state` is KNOWN. `error` None: exact whole numbers."""

    value: Floats
    state: States
    power: int
    error: Floats | None
    doubt: Bools

    def numbers(self) -> Floats:
        """The values in their own units, NaN where there is none."""
        return np.where(self.state == KNOWN, self.value / 10.0**self.power, np.nan)

    def take(self, rows: npt.NDArray[np.intp]) -> Column:
        """Only `rows`."""
        error = None if self.error is None else self.error[rows]
        return Column(self.value[rows], self.state[rows], self.power, error, self.doubt[rows])


@dataclass(slots=True)
class TruthColumn:
    """Yes or no in each row; `state` says whether it is known."""

    value: Bools
    state: States
    doubt: Bools

    @property
    def holds(self) -> Bools:
        """Known and true."""
        made: Bools = np.logical_and(self.value, self.state == KNOWN)
        return made

    @property
    def fails(self) -> Bools:
        """Known and false."""
        made: Bools = np.logical_and(~self.value, self.state == KNOWN)
        return made


AnyColumn = Column | TruthColumn


def literal(value: Decimal, rows: int) -> Column:
    """The same number in every row."""
    exponent = value.normalize().as_tuple().exponent
    power = max(0, -int(exponent))
    scaled = float(value.scaleb(power))
    error = None if abs(scaled) < EXACT_LIMIT else np.full(rows, abs(scaled) * ROUNDING)
    return Column(np.full(rows, scaled), np.zeros(rows, np.uint8), power, error, np.zeros(rows, np.bool_))


def absent(rows: int) -> Column:
    """Missing in every row."""
    return Column(np.zeros(rows), np.full(rows, MISSING), 0, None, np.zeros(rows, np.bool_))


def united(*states: States) -> States:
    """The state of something made of several operands: missing wins over not meaningful."""
    made = states[0]
    for state in states[1:]:
        made = np.where((made == MISSING) | (state == MISSING), MISSING, np.maximum(made, state))
    return made.astype(np.uint8, copy=False)


def aligned(left: Column, right: Column) -> tuple[Column, Column]:
    """Both at the same power of ten."""
    if left.power == right.power:
        return left, right
    if left.power < right.power:
        return _raised(left, right.power), right
    return left, _raised(right, left.power)


def _raised(column: Column, power: int) -> Column:
    factor = 10.0 ** (power - column.power)
    error = None if column.error is None else column.error * factor
    return settled(Column(column.value * factor, column.state, power, error, column.doubt))


def settled(column: Column) -> Column:
    """Gives an exact column an error bound once its numbers outgrow what float64 holds exactly."""
    if column.error is None and column.value.size and np.abs(column.value).max() >= EXACT_LIMIT:
        column.error = np.abs(column.value) * ROUNDING
    return column


def added(left: Column, right: Column, sign: int = 1) -> Column:
    """left + right, or left − right when `sign` is −1."""
    left, right = aligned(left, right)
    value = left.value + right.value if sign > 0 else left.value - right.value
    error = None
    if left.error is not None or right.error is not None:
        error = _error(left) + _error(right) + np.abs(value) * ROUNDING
    made = Column(value, united(left.state, right.state), left.power, error, left.doubt | right.doubt)
    return settled(made)


def multiplied(left: Column, right: Column) -> Column:
    """left × right."""
    with np.errstate(over="ignore", invalid="ignore"):
        value = left.value * right.value
        error = None
        if left.error is not None or right.error is not None:
            one, two = _error(left), _error(right)
            error = np.abs(left.value) * two + np.abs(right.value) * one + one * two + np.abs(value) * ROUNDING
    made = Column(value, united(left.state, right.state), left.power + right.power, error, left.doubt | right.doubt)
    return _in_range(settled(made))


def divided(left: Column, right: Column) -> Column:
    """left ÷ right; not meaningful over zero."""
    state = united(left.state, right.state)
    zero = right.value == 0
    doubt = left.doubt | right.doubt
    if right.error is not None:
        unsure = np.abs(right.value) <= right.error
        doubt = doubt | (unsure & (state == KNOWN))
        zero = zero & ~unsure
    state = np.where((state == KNOWN) & zero, MEANINGLESS, state).astype(np.uint8)
    with np.errstate(all="ignore"):
        bottom = np.where(right.value == 0, 1.0, right.value)
        value = left.value / bottom
        error = np.abs(value) * ROUNDING
        if left.error is not None or right.error is not None:
            room = np.maximum(np.abs(bottom) - _error(right), np.finfo(np.float64).tiny)
            error = error + (_error(left) + np.abs(value) * _error(right)) / room
    return _in_range(Column(value, state, left.power - right.power, error, doubt))


def compared(operator: str, left: Column, right: Column) -> TruthColumn:
    """left `operator` right; rows too close to call are in doubt."""
    left, right = aligned(left, right)
    apply: Any = {
        "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    }[operator]  # fmt: skip
    state, doubt = united(left.state, right.state), left.doubt | right.doubt
    if left.error is not None or right.error is not None:
        reach = _error(left) + _error(right) + NEAR * np.maximum(np.abs(left.value), np.abs(right.value))
        doubt = doubt | ((np.abs(left.value - right.value) <= reach) & (state == KNOWN))
    return TruthColumn(apply(left.value, right.value), state, doubt)


def chosen(rows: Bools, yes: AnyColumn, no: AnyColumn) -> AnyColumn:
    """`yes` in `rows`, `no` elsewhere, states and doubts included."""
    state = np.where(rows, yes.state, no.state).astype(np.uint8)
    doubt = np.where(rows, yes.doubt, no.doubt)
    if isinstance(yes, TruthColumn) and isinstance(no, TruthColumn):
        return TruthColumn(np.where(rows, yes.value, no.value), state, doubt)
    if isinstance(yes, TruthColumn) or isinstance(no, TruthColumn):
        raise TypeError("a number and a yes/no stand for each other")
    yes, no = aligned(yes, no)
    error = None
    if yes.error is not None or no.error is not None:
        error = np.where(rows, _error(yes), _error(no))
    return Column(np.where(rows, yes.value, no.value), state, yes.power, error, doubt)


def picked(rows: Bools, yes: Column, no: Column) -> Column:
    """`chosen` for numbers."""
    made = chosen(rows, yes, no)
    assert isinstance(made, Column)
    return made


def mapped(column: Column, value: Floats, slope: Floats) -> Column:
    """A smooth function of `column`, `value` its results in plain units and `slope` bounding its derivative there."""
    inner = (column.error if column.error is not None else 0.0) / 10.0**column.power
    with np.errstate(all="ignore"):
        error = np.abs(value) * 64 * ROUNDING + np.abs(slope) * (inner + np.abs(column.value / 10.0**column.power) * ROUNDING)
    return _in_range(Column(value, column.state.copy(), 0, error, column.doubt.copy()))


def _error(column: Column) -> Floats:
    return column.error if column.error is not None else np.zeros_like(column.value)


def _in_range(column: Column) -> Column:
    """What float64 cannot hold is left to the other evaluator."""
    wild = ~np.isfinite(column.value)
    if column.error is not None:
        wild = wild | ~np.isfinite(column.error)
    if wild.any():
        column.doubt = column.doubt | (wild & (column.state == KNOWN))
        column.value = np.where(wild, 0.0, column.value)
        if column.error is not None:
            column.error = np.where(wild, 0.0, column.error)
    return column
