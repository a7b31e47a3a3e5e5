"""What a borrower can bear: DSCR, interest cover and twelve months of cash under named shocks, and the break-even fall.

A fall of revenue takes its gross margin with it and leaves the other costs; a longer collection period ties up
revenue / 365 per day; a rate rise hits floating debt only; without refinancing short-term debt has to be paid from cash.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tools.domain.arithmetic import ONE, ZERO, divide

YEAR_DAYS = Decimal(365)


@dataclass(frozen=True, slots=True)
class Capacity:
    """A borrower's year, one currency; None is missing. `principal` and `interest` are what falls due; `top_customer` is the
    largest customer's share of revenue; `net_fx` the net exposure in foreign currency, converted."""

    ebitda: Decimal | None
    tax: Decimal | None
    principal: Decimal | None
    interest: Decimal | None
    floating_debt: Decimal | None = None
    revenue: Decimal | None = None
    gross_margin: Decimal | None = None
    top_customer: Decimal | None = None
    net_fx: Decimal | None = None
    short_term_debt: Decimal | None = None
    free_cash: Decimal | None = None
    total_debt: Decimal | None = None
    ebit: Decimal | None = None
    cost_of_sales: Decimal | None = None
    liabilities: Decimal | None = None
    assets: Decimal | None = None
    net_debt: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Shocks as shares (0.2 is 20 %), rate as a rise of the annual rate (0.02 is 200 bp), days of collection, stock and payment;
    `debt_change` is money borrowed (negative: repaid from cash)."""

    id: str
    revenue_fall: Decimal = ZERO
    ebitda_fall: Decimal = ZERO
    rate_rise: Decimal = ZERO
    dso_days: Decimal = ZERO
    lose_top_customer: bool = False
    fx_move: Decimal = ZERO
    no_refinancing: bool = False
    dio_days: Decimal = ZERO
    dpo_days: Decimal = ZERO
    debt_change: Decimal = ZERO
    gross_profit_fall: Decimal = ZERO
    ebit_fall: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Stressed:
    """`cash_gap`: how much is missing after twelve months, zero when nothing is. `missing` names what kept a value None.
    `released`: cash that other days of collection, stock or payment set free (negative: tie up)."""

    scenario: str
    ebitda: Decimal | None
    interest: Decimal | None
    dscr: Decimal | None
    icr: Decimal | None
    cash_after: Decimal | None
    cash_gap: Decimal | None
    missing: tuple[str, ...]
    icr_ebit: Decimal | None = None
    leverage: Decimal | None = None
    debt_to_assets: Decimal | None = None
    released: Decimal | None = None
    net_leverage: Decimal | None = None


def stressed(base: Capacity, scenario: Scenario) -> Stressed:
    """`base` under `scenario`; a value whose inputs are missing is None."""
    missing: list[str] = []

    def need(*names: str) -> bool:
        lacking = [name for name in names if getattr(base, name) is None]
        missing.extend(lacking)
        return not lacking

    ebitda = _ebitda(base, scenario) if need(*_ebitda_needs(scenario)) else None
    interest = None
    if need("interest", *(("floating_debt",) if scenario.rate_rise else ())):
        interest = _of(base.interest) + (base.floating_debt or ZERO) * scenario.rate_rise
    dscr = icr = None
    if ebitda is not None and interest is not None and need("tax", "principal"):
        service = _of(base.principal) + interest
        dscr = divide(ebitda - _of(base.tax), service) if service else None
    if ebitda is not None and interest is not None:
        icr = divide(ebitda, interest) if interest else None
    cash = _cash(base, scenario, ebitda, interest) if need(*_cash_needs(scenario)) else None
    gap = None if cash is None else max(-cash, ZERO)
    released = _released(base, scenario) if _turns(scenario) and need(*_turn_needs(scenario)) else None
    return Stressed(
        scenario.id, ebitda, interest, dscr, icr, cash, gap, tuple(dict.fromkeys(missing)), _icr_ebit(base, ebitda, interest),
        _leverage(base, scenario, ebitda), _debt_to_assets(base, scenario), released, _net_leverage(base, ebitda),
    )  # fmt: skip


def break_even_fall(base: Capacity, dscr: Decimal = ONE) -> Decimal | None:
    """Share EBITDA may fall before DSCR reaches `dscr`; negative when it is below already. None without positive EBITDA or
    with a missing input."""
    if base.ebitda is None or base.tax is None or base.principal is None or base.interest is None or base.ebitda <= 0:
        return None
    return ONE - divide(dscr * (base.principal + base.interest) + base.tax, base.ebitda)


def _ebitda_needs(scenario: Scenario) -> tuple[str, ...]:
    needs = ["ebitda"]
    if scenario.revenue_fall or scenario.lose_top_customer or scenario.gross_profit_fall:
        needs += ["revenue", "gross_margin"]
    if scenario.ebit_fall:
        needs.append("ebit")
    if scenario.lose_top_customer:
        needs.append("top_customer")
    if scenario.fx_move:
        needs.append("net_fx")
    return tuple(needs)


def _cash_needs(scenario: Scenario) -> tuple[str, ...]:
    needs = ["tax", "principal", "free_cash", *_turn_needs(scenario)]
    if scenario.no_refinancing:
        needs.append("short_term_debt")
    return tuple(needs)


def _turns(scenario: Scenario) -> bool:
    return bool(scenario.dso_days or scenario.dio_days or scenario.dpo_days)


def _turn_needs(scenario: Scenario) -> tuple[str, ...]:
    return (
        *(("revenue",) if scenario.dso_days else ()),
        *(("cost_of_sales",) if scenario.dio_days or scenario.dpo_days else ()),
    )


def _released(base: Capacity, scenario: Scenario) -> Decimal:
    """Customers pay on revenue; stock is held and suppliers are paid at cost."""
    cash = ZERO
    if scenario.dso_days:
        cash -= divide(_of(base.revenue) * scenario.dso_days, YEAR_DAYS)
    if scenario.dio_days or scenario.dpo_days:
        cash += divide(_of(base.cost_of_sales) * (scenario.dpo_days - scenario.dio_days), YEAR_DAYS)
    return cash


def _icr_ebit(base: Capacity, ebitda: Decimal | None, interest: Decimal | None) -> Decimal | None:
    """Depreciation stays as it is: what EBITDA loses, EBIT loses."""
    if base.ebit is None or base.ebitda is None or ebitda is None or not interest:
        return None
    return divide(base.ebit - (base.ebitda - ebitda), interest)


def _leverage(base: Capacity, scenario: Scenario, ebitda: Decimal | None) -> Decimal | None:
    if base.total_debt is None or ebitda is None or ebitda <= 0:
        return None
    return divide(base.total_debt + scenario.debt_change, ebitda)


def _net_leverage(base: Capacity, ebitda: Decimal | None) -> Decimal | None:
    """Money borrowed lies in cash and money repaid comes from it: net debt stays as it is."""
    if base.net_debt is None or ebitda is None or ebitda <= 0:
        return None
    return divide(base.net_debt, ebitda)


def _debt_to_assets(base: Capacity, scenario: Scenario) -> Decimal | None:
    """Money borrowed lies on both sides of the balance sheet, money repaid leaves both."""
    if base.liabilities is None or base.assets is None or base.assets + scenario.debt_change <= 0:
        return None
    return divide(base.liabilities + scenario.debt_change, base.assets + scenario.debt_change)


def _ebitda(base: Capacity, scenario: Scenario) -> Decimal:
    lost = scenario.revenue_fall + (_of(base.top_customer) if scenario.lose_top_customer else ZERO)
    ebitda = _of(base.ebitda) * (ONE - scenario.ebitda_fall)
    if scenario.gross_profit_fall:
        ebitda -= _of(base.revenue) * _of(base.gross_margin) * scenario.gross_profit_fall
    if scenario.ebit_fall:
        ebitda -= _of(base.ebit) * scenario.ebit_fall
    if lost:
        ebitda -= _of(base.revenue) * min(lost, ONE) * _of(base.gross_margin)
    return ebitda - abs(base.net_fx or ZERO) * scenario.fx_move


def _cash(base: Capacity, scenario: Scenario, ebitda: Decimal | None, interest: Decimal | None) -> Decimal | None:
    if ebitda is None or interest is None:
        return None
    cash = _of(base.free_cash) + ebitda - _of(base.tax) - interest
    cash += _released(base, scenario) + scenario.debt_change
    # what is due within the year is part of the short-term debt: without refinancing all of it is paid, once
    return cash - (max(_of(base.short_term_debt), _of(base.principal)) if scenario.no_refinancing else _of(base.principal))


def _of(value: Decimal | None) -> Decimal:
    assert value is not None
    return value
