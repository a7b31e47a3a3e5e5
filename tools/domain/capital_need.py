"""流动资金贷款需求量测算: how much working capital a firm needs and how much of it a new loan may cover.

The regulator's annex (handbook 1.3), with days of 360. A missing input is named; a cycle that funds itself (days that do not
add up to more than zero) has no need that can be computed. A negative new loan is shown as zero and means over-lent (FIN-21).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from tools.domain.arithmetic import ONE, ZERO, divide

DAYS = Decimal(360)


@dataclass(frozen=True, slots=True)
class NeedInputs:
    """Averages of opening and closing balances, flows of the last full year, all in one currency; None is missing.

    `advances` are advances received (advances_from_customers + contract_liabilities). `margin` is profit before tax over
    revenue unless the bank defines it otherwise. `growth` is the expected growth of revenue (0.08 is 8 %).
    """

    revenue: Decimal | None
    cost_of_sales: Decimal | None
    margin: Decimal | None
    growth: Decimal | None
    receivables: Decimal | None
    inventories: Decimal | None
    payables: Decimal | None
    prepayments: Decimal | None
    advances: Decimal | None
    own_funds: Decimal | None = None
    existing_loans: Decimal | None = None
    other_funding: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Need:
    """`days` of the cash cycle, `turnover` of working capital a year, `need`, and `new_loan` as shown (never negative).
    `room` is the new loan before it is floored at zero. `flags`: over_lent, growth_capped. Values are None when `missing` or
    `reason` says why."""

    days: Decimal | None = None
    turnover: Decimal | None = None
    need: Decimal | None = None
    room: Decimal | None = None
    new_loan: Decimal | None = None
    missing: tuple[str, ...] = ()
    reason: str = ""
    flags: tuple[str, ...] = ()


def working_capital_need(inputs: NeedInputs, growth_cap: Decimal | None = None) -> Need:
    """The need, and the new loan when own funds and existing loans are known. `growth_cap`: the bank's limit on growth."""
    optional = ("own_funds", "existing_loans")
    missing = tuple(f.name for f in fields(inputs) if f.name not in optional and getattr(inputs, f.name) is None)
    if missing:
        return Need(missing=missing, reason=f"not computable because {', '.join(missing)} is missing")
    revenue, cost = _given(inputs.revenue), _given(inputs.cost_of_sales)
    if revenue <= 0 or cost <= 0:
        return Need(reason="not meaningful: revenue and cost of sales must be positive")
    by_cost = _given(inputs.inventories) - _given(inputs.payables) + _given(inputs.prepayments)
    by_revenue = _given(inputs.receivables) - _given(inputs.advances)
    days = divide(DAYS * by_cost, cost) + divide(DAYS * by_revenue, revenue)
    if days <= 0:
        return Need(days=days, reason="not computable: the operating cycle funds itself")
    growth, flags = _given(inputs.growth), []
    if growth_cap is not None and growth > growth_cap:
        growth, flags = growth_cap, ["growth_capped"]
    turnover = divide(DAYS, days)
    need = divide(revenue * (ONE - _given(inputs.margin)) * (ONE + growth), turnover)
    if inputs.own_funds is None or inputs.existing_loans is None:
        lacking = tuple(name for name in optional if getattr(inputs, name) is None)
        reason = f"new loan not computable because {', '.join(lacking)} is missing"
        return Need(days, turnover, need, missing=lacking, reason=reason, flags=tuple(flags))
    room = need - inputs.own_funds - inputs.existing_loans - inputs.other_funding
    if room < 0:
        flags.append("over_lent")
    return Need(days, turnover, need, room, max(room, ZERO), flags=tuple(flags))


def _given(value: Decimal | None) -> Decimal:
    assert value is not None
    return value
