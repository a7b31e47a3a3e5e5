"""Decimal arithmetic wide enough that no ratio depends on rounding, and the few functions scores need.

50 significant digits hold every sum of money exactly; a quotient is cut at the 50th. Overflow gives a non-finite value
instead of an exception, and callers report it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation

CONTEXT = Context(prec=50, rounding=ROUND_HALF_EVEN, Emin=-999999, Emax=999999, traps=[InvalidOperation, DivisionByZero])
ZERO, ONE, TWO = Decimal(0), Decimal(1), Decimal(2)
_TAU = Decimal("6.2831853071795864769252867665590057683943387987502116")
_FAR = Decimal(16)
"""Beyond 16 standard deviations the tail is under 1e-56, smaller than the last digit kept."""


def add(left: Decimal, right: Decimal) -> Decimal:
    """left + right."""
    return CONTEXT.add(left, right)


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """left − right."""
    return CONTEXT.subtract(left, right)


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """left × right."""
    return CONTEXT.multiply(left, right)


def divide(left: Decimal, right: Decimal) -> Decimal:
    """left ÷ right; `right` must not be zero."""
    return CONTEXT.divide(left, right)


def ln(value: Decimal) -> Decimal:
    """Natural logarithm of a positive number."""
    return CONTEXT.ln(value)


def exp(value: Decimal) -> Decimal:
    """e to the power of `value`; infinite or zero when out of range."""
    return CONTEXT.exp(value)


def phi(value: Decimal) -> Decimal:
    """Standard normal distribution function, by the series x + x³/3 + x⁵/(3·5) + … times the density.

    Right to at least 45 decimal places: the terms all have one sign, so only the difference from a half cancels, and the
    working precision is far above the one kept.
    """
    if abs(value) > _FAR:
        return ONE if value > 0 else ZERO
    wide = Context(prec=120, Emin=-999999, Emax=999999)
    square = wide.multiply(value, value)
    term = total = value
    odd = 1
    while term != 0 and abs(term) > abs(total).scaleb(-110):
        odd += 2
        term = wide.divide(wide.multiply(term, square), Decimal(odd))
        total = wide.add(total, term)
    density = wide.divide(wide.exp(wide.divide(-square, TWO)), wide.sqrt(_TAU))
    return CONTEXT.plus(wide.add(Decimal("0.5"), wide.multiply(density, total)))
