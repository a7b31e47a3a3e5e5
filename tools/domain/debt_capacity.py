"""How much debt a borrower's earnings carry, and how far each driver may fall before they no longer do.

Capacity by coverage: the loan whose level yearly instalment is what earnings after tax leave at the coverage wanted, once the present
debt is served. Capacity by leverage: the multiple of earnings less the debt there is. The smaller one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tools.domain.arithmetic import ONE, ZERO, divide
from tools.domain.stress import YEAR_DAYS, Capacity

Fall = dict[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class DebtCapacity:
    """`by_coverage` and `by_leverage`: further debt each allows, negative when there is too much already; None when an input is
    missing. `further`: the smaller of both, never below zero."""

    by_coverage: Decimal | None
    by_leverage: Decimal | None
    further: Decimal | None
    missing: tuple[str, ...]


def present_value(payment: Decimal, rate: Decimal, periods: int) -> Decimal:
    """What level payments at the end of each period are worth now."""
    if rate == 0:
        return payment * periods
    return divide(payment * (ONE - divide(ONE, (ONE + rate) ** periods)), rate)


def debt_capacity(
    base: Capacity, debt: Decimal | None, rate: Decimal | None, years: int, dscr: Decimal, leverage: Decimal
) -> DebtCapacity:
    """Further debt at `rate` over `years` with a DSCR of at least `dscr` and debt of at most `leverage` times EBITDA."""
    given = {
        "ebitda": base.ebitda, "tax": base.tax, "principal": base.principal, "interest": base.interest, "total_debt": debt, "rate": rate,
    }  # fmt: skip
    missing = tuple(name for name, value in given.items() if value is None)
    coverage = multiple = None
    if (
        base.ebitda is not None
        and base.tax is not None
        and base.principal is not None
        and base.interest is not None
        and rate is not None
    ):
        free = divide(base.ebitda - base.tax, dscr) - base.principal - base.interest
        coverage = present_value(free, rate, years)
    if base.ebitda is not None and debt is not None:
        multiple = leverage * max(base.ebitda, ZERO) - debt
    known = [value for value in (coverage, multiple) if value is not None]
    further = max(min(known), ZERO) if len(known) == 2 else None
    return DebtCapacity(coverage, multiple, further, missing)


def break_evens(base: Capacity, target: Decimal = ONE) -> Fall:
    """How far each driver may move, alone, before the DSCR is `target`: shares of EBITDA and revenue that may be lost, points of rate,
    and the days of collection that use up the cash. Negative where it is past already, None where an input is missing."""
    found: Fall = {"ebitda_fall": None, "revenue_fall": None, "margin_fall": None, "rate_rise": None, "dso_days": None}
    if base.ebitda is None or base.tax is None or base.principal is None or base.interest is None:
        return found
    room = base.ebitda - base.tax - target * (base.principal + base.interest)
    if base.ebitda > 0:
        found["ebitda_fall"] = divide(room, base.ebitda)
    if base.revenue is not None and base.revenue > 0:
        found["margin_fall"] = divide(room, base.revenue)
        if base.gross_margin is not None and base.gross_margin > 0:
            found["revenue_fall"] = divide(room, base.revenue * base.gross_margin)
        if base.free_cash is not None:
            left = base.free_cash + base.ebitda - base.tax - base.interest - base.principal
            found["dso_days"] = divide(left * YEAR_DAYS, base.revenue)
    if base.floating_debt is not None and base.floating_debt > 0:
        found["rate_rise"] = divide(room, target * base.floating_debt)
    return found
