"""Measured things of statements that no single period can say: losses in a row, stocks against flows since the last comparable date.

Where no balance of a year before was ever reported, the last balance sheet at least five months older stands in for it: receivables
that doubled since December are a sign in June, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain import arithmetic
from tools.domain.figures import Figure
from tools.domain.periods import add_months, month_end
from tools.domain.signal_case import ZERO, Case, unknown
from tools.domain.signals import Measured

Params = Mapping[str, Any]
LEAST_MONTHS = 5


def periods_below_zero(case: Case, params: Params) -> Measured:
    """How many of the newest reported periods in a row show the flow below zero, each taken from the start of its year."""
    if case.figure is None:
        return unknown("statements")
    found: list[Figure] = []
    for end in reversed(case.statement_ends):
        made = case.figure(params["flow"], end, "ytd")
        if made.value is None:
            continue
        if not found and end < add_months(case.as_of, -params["stale_months"]):
            return unknown("statements of late")
        found.append(made)
        if made.value >= 0:
            break
    if not found:
        return unknown(params["flow"])
    losses = [made for made in found if made.value is not None and made.value < 0]
    return Measured(Decimal(len(losses)), when=found[0].period_end, figures=tuple(found[: max(len(losses), 1)]))


def stock_gap(case: Case, params: Params) -> Measured:
    """Growth of a balance less growth of the flow it belongs to, at the newest period that has both."""
    for end, now, before in _stocks(case, params["stock"], params["stale_months"]):
        flow, then = _flows(case, params["flow"], end)
        if flow is None or then is None or not then.value or then.value <= 0 or flow.value is None:
            continue
        assert now.value is not None and before.value is not None
        gap = arithmetic.subtract(_growth(now.value, before.value), _growth(flow.value, then.value))
        return Measured(gap, when=end, figures=(now, before, flow, then))
    return unknown("statements" if case.figure is None else params["stock"])


def ratio_change(case: Case, params: Params) -> Measured:
    """A ratio at the newest period over its value at the last comparable one, less one (`mode` share), or the difference, or either value."""
    for end, now, before in _stocks(case, params["ratio"], params["stale_months"]):
        assert now.value is not None and before.value is not None
        value = {
            "share": _growth(now.value, before.value),
            "difference": arithmetic.subtract(now.value, before.value),
            "now": now.value,
            "before": before.value,
        }[params["mode"]]
        when = before.period_end if params["mode"] == "before" else end
        return Measured(value, when=when, figures=(now, before))
    return unknown("statements" if case.figure is None else params["ratio"])


def _stocks(case: Case, name: str, stale_months: int) -> list[tuple[date, Figure, Figure]]:
    """(period end, value there, value a year before or at the last date at least five months older), newest first."""
    if case.figure is None:
        return []
    found = []
    for end in reversed(case.statement_ends):
        if end < add_months(case.as_of, -stale_months):
            break
        now = case.figure(name, end, None)
        if now.value is None:
            continue
        year = add_months(end, -12)
        year = month_end(year) if end == month_end(end) else year
        older = [
            year,
            *(e for e in reversed(case.statement_ends) if e <= add_months(end, -LEAST_MONTHS) and e > add_months(end, -13)),
        ]
        for then in older:
            before = case.figure(name, then, None)
            if before.value is not None and before.value > ZERO and before.basis != "annualised":
                found.append((end, now, before))
                break
    return found


def _flows(case: Case, name: str, end: date) -> tuple[Figure | None, Figure | None]:
    assert case.figure is not None
    year = add_months(end, -12)
    year = month_end(year) if end == month_end(end) else year
    return case.figure(name, end, "ytd"), case.figure(name, year, "ytd")


def _growth(now: Decimal, before: Decimal) -> Decimal:
    return arithmetic.subtract(arithmetic.divide(now, before), Decimal(1))
