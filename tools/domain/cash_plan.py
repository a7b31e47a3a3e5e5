"""Twelve months of cash ahead: sales by season, collected and paid with the delays of the last year, less tax, investment and dues.

Sales of a month come in after the collection period; what they cost is paid as much earlier or later as stock and suppliers allow, so
that a season swings cash and not only profit. Dues come from the schedules. Debt that is renewed as a rule is shown as renewed, and
falls due in full when a scenario says that nobody renews it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from tools.domain.arithmetic import ONE, ZERO, divide
from tools.domain.periods import add_months, month_end
from tools.domain.stress import Scenario

MONTHS = 12
CENT = Decimal("0.01")
MONTH_DAYS = divide(Decimal(365), Decimal(MONTHS))


@dataclass(frozen=True, slots=True)
class MonthDues:
    """What contracts say falls due in one month: interest, instalments, and principal at maturity that is renewed as a rule."""

    interest: Decimal = ZERO
    principal: Decimal = ZERO
    renewed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """A borrower's last year and what is known of the next, one currency. `season`: each calendar month's share of a year's sales;
    `dso`, `dio`, `dpo` in days; `dues` by month end; `other_*`: yearly amounts to other lenders, spread evenly."""

    opening_cash: Decimal
    revenue: Decimal
    ebitda: Decimal
    cost_of_sales: Decimal
    tax: Decimal
    capex: Decimal
    season: Mapping[int, Decimal]
    dso: Decimal
    dio: Decimal
    dpo: Decimal
    dues: Mapping[date, MonthDues]
    other_interest: Decimal = ZERO
    other_principal: Decimal = ZERO
    other_renewed: Decimal = ZERO
    floating_debt: Decimal | None = None
    top_customer: Decimal | None = None
    net_fx: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """One month; payments are positive amounts. `renewed` falls due and is lent again; `cash` is what is left at its end."""

    end: date
    sales: Decimal
    receipts: Decimal
    costs: Decimal
    tax: Decimal
    capex: Decimal
    interest: Decimal
    principal: Decimal
    renewed: Decimal
    cash: Decimal


@dataclass(frozen=True, slots=True)
class CashPlan:
    """`lowest` cash and the month it falls in; `gap`: what is missing then, zero when nothing is. `missing`: what the scenario needs
    and nobody knows, in which case there are no months."""

    scenario: str
    months: tuple[PlanMonth, ...]
    lowest: Decimal | None
    lowest_on: date | None
    gap: Decimal | None
    missing: tuple[str, ...] = ()


BASE = Scenario("base")


def cash_plan(inputs: PlanInputs, as_of: date, scenario: Scenario = BASE) -> CashPlan:
    """The twelve months after `as_of` under a scenario."""
    needs = (
        ("floating_debt", bool(scenario.rate_rise)),
        ("top_customer", scenario.lose_top_customer),
        ("net_fx", bool(scenario.fx_move)),
    )
    missing = tuple(name for name, asked in needs if asked and getattr(inputs, name) is None)
    if missing:
        return CashPlan(scenario.id, (), None, None, None, missing)
    numbers = range(1, MONTHS + 1)
    sales = [_at(inputs, as_of, Decimal(n), inputs.revenue) for n in numbers]
    receipts = [_at(inputs, as_of, n - divide(inputs.dso, MONTH_DAYS), inputs.revenue) for n in numbers]
    bought = max(inputs.cost_of_sales, ZERO)
    costs = [_at(inputs, as_of, n + divide(inputs.dio - inputs.dpo, MONTH_DAYS), bought) for n in numbers]
    lost = min(scenario.revenue_fall + (_of(inputs.top_customer) if scenario.lose_top_customer else ZERO), ONE)
    # a sale that is lost costs its margin in its month: that stock and claims shrink with it is nothing to count on in a crisis
    receipts = [max(came - lost * sold, ZERO) for came, sold in zip(receipts, sales, strict=True)]
    costs = [
        max(paid - lost * divide(bought * sold, inputs.revenue), ZERO) if inputs.revenue > 0 else paid
        for paid, sold in zip(costs, sales, strict=True)
    ]
    receipts = delayed(receipts, divide(scenario.dso_days, MONTH_DAYS))
    cash, months = inputs.opening_cash, []
    for number, sold, came, paid in zip(numbers, sales, receipts, costs, strict=True):
        made = _month(inputs, scenario, as_of, number, (sold * (ONE - lost), came, paid), cash)
        cash = made.cash
        months.append(made)
    lowest = min(months, key=lambda month: (month.cash, month.end))
    return CashPlan(scenario.id, tuple(months), lowest.cash, lowest.end, max(-lowest.cash, ZERO))


def delayed(stream: Sequence[Decimal], months: Decimal) -> list[Decimal]:
    """Every receipt that much later, parts of a month by interpolation: what would have come at first is what is missing."""
    whole = int(months.to_integral_value(ROUND_FLOOR))
    part = months - whole

    def of(index: int) -> Decimal:
        return stream[index] if index >= 0 else ZERO

    return [(ONE - part) * of(n - whole) + part * of(n - whole - 1) for n in range(len(stream))]


def season_of(history: Sequence[tuple[date, Decimal]]) -> dict[int, Decimal]:
    """Each calendar month's share of a year from monthly amounts: its mean over the mean of all months, over twelve. Even without a
    full year."""
    by_month: dict[int, list[Decimal]] = {}
    for day, amount in history:
        by_month.setdefault(day.month, []).append(amount)
    means = {month: divide(sum(amounts, ZERO), Decimal(len(amounts))) for month, amounts in by_month.items()}
    total = sum(means.values(), ZERO)
    if len(means) < MONTHS or total <= 0 or min(means.values()) < 0:
        return dict.fromkeys(range(1, MONTHS + 1), divide(ONE, Decimal(MONTHS)))
    return {month: divide(mean, total) for month, mean in means.items()}


def _month(
    inputs: PlanInputs, scenario: Scenario, as_of: date, number: int, trade: tuple[Decimal, Decimal, Decimal], cash: Decimal
) -> PlanMonth:
    """One month from its sales, receipts and purchases."""
    sales, receipts, bought = trade
    end = month_end(add_months(as_of.replace(day=1), number))
    flat = inputs.revenue - inputs.ebitda - max(inputs.cost_of_sales, ZERO)
    flat += inputs.ebitda * scenario.ebitda_fall + abs(inputs.net_fx or ZERO) * scenario.fx_move
    tax = _at(inputs, as_of, Decimal(number), inputs.tax) if inputs.tax > 0 else ZERO
    due = inputs.dues.get(end, MonthDues())
    interest = due.interest + divide(
        inputs.other_interest + (inputs.floating_debt or ZERO) * scenario.rate_rise, Decimal(MONTHS)
    )
    principal = due.principal + divide(inputs.other_principal, Decimal(MONTHS))
    renewed = due.renewed + divide(inputs.other_renewed, Decimal(MONTHS))
    if scenario.no_refinancing:
        principal, renewed = principal + renewed, ZERO
    costs = bought + divide(flat, Decimal(MONTHS))
    capex = divide(inputs.capex, Decimal(MONTHS))
    received, paid = _cents(receipts), [_cents(part) for part in (costs, tax, capex, interest, principal)]
    return PlanMonth(
        end,
        _cents(sales),
        received,
        paid[0],
        paid[1],
        paid[2],
        paid[3],
        paid[4],
        _cents(renewed),
        cash + received - sum(paid, ZERO),
    )


def _at(inputs: PlanInputs, as_of: date, number: Decimal, yearly: Decimal) -> Decimal:
    """A yearly amount's part in a month counted from today's (1 is the first planned one), between months by interpolation."""
    low = number.to_integral_value(ROUND_FLOOR)
    part = number - low
    first, second = (add_months(as_of.replace(day=1), int(low) + more).month for more in (0, 1))
    return yearly * ((ONE - part) * inputs.season[first] + part * inputs.season[second])


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _of(value: Decimal | None) -> Decimal:
    assert value is not None
    return value
