"""The JSON of a borrower's capacity: base, scenarios, break-evens, the year of cash, the working-capital need, further debt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tools.domain.cash_plan import CashPlan
from tools.domain.money import cents_or_none, plain
from tools.domain.stress import Stressed
from tools.toolbox.capacities import CapacityView

PLACES = Decimal("0.0000000001")
MONEY = frozenset(
    {"ebitda", "tax", "principal", "interest", "revenue", "floating_debt", "short_term_debt", "free_cash", "net_fx"}
)


def capacity_shape(view: CapacityView) -> dict[str, Any]:
    """Money, ratios and shares as plain decimals, null with its missing inputs where nothing can be said; `figures` name the figures
    behind the base year."""
    base = view.base
    names = ("ebitda", "tax", "principal", "interest", "revenue", "gross_margin", "floating_debt", "top_customer", "net_fx", "short_term_debt",
             "free_cash")  # fmt: skip
    return {
        "borrower": view.borrower, "as_of": view.as_of.isoformat(), "currency": view.currency,
        "period_end": view.period_end.isoformat() if view.period_end else None,
        "base": {name: (cents_or_none if name in MONEY else _ratio)(getattr(base, name)) for name in names},
        "scenarios": [_scenario(result) for result in view.results],
        "break_even": {name: _ratio(value) for name, value in view.break_evens.items()},
        "plans": {id: _plan(plan) for id, plan in view.plans.items()}, "plan_missing": list(view.plan_missing),
        "need": {
            "days": _ratio(view.need.days), "turnover": _ratio(view.need.turnover), "need": cents_or_none(view.need.need), "room": cents_or_none(view.need.room),
            "new_loan": cents_or_none(view.need.new_loan), "missing": list(view.need.missing), "reason": view.need.reason, "flags": list(view.need.flags),
            "inputs": {name: None if f.value is None else plain(f.value.quantize(PLACES).normalize() + 0) for name, f in view.need_figures.items()},
        },
        "further_debt": {
            "by_coverage": cents_or_none(view.further.by_coverage), "by_leverage": cents_or_none(view.further.by_leverage),
            "further": cents_or_none(view.further.further), "missing": list(view.further.missing), "rate": _ratio(view.rate),
            "years": view.settings.years, "dscr": plain(view.settings.dscr), "leverage": plain(view.settings.leverage),
        },
        "assumed": list(view.assumed), "figures": {name: figure.id for name, figure in view.figures.items()},
    }  # fmt: skip


def _scenario(result: Stressed) -> dict[str, Any]:
    return {
        "scenario": result.scenario, "ebitda": cents_or_none(result.ebitda), "interest": cents_or_none(result.interest), "dscr": _ratio(result.dscr),
        "icr": _ratio(result.icr), "cash_after": cents_or_none(result.cash_after), "cash_gap": cents_or_none(result.cash_gap), "missing": list(result.missing),
    }  # fmt: skip


def _plan(plan: CashPlan) -> dict[str, Any]:
    return {
        "lowest": cents_or_none(plan.lowest), "lowest_on": plan.lowest_on.isoformat() if plan.lowest_on else None, "gap": cents_or_none(plan.gap),
        "missing": list(plan.missing),
        "months": [
            {"month": m.end.isoformat(), "sales": cents_or_none(m.sales), "receipts": cents_or_none(m.receipts), "costs": cents_or_none(m.costs), "tax": cents_or_none(m.tax),
             "capex": cents_or_none(m.capex), "interest": cents_or_none(m.interest), "principal": cents_or_none(m.principal), "renewed": cents_or_none(m.renewed),
             "cash": cents_or_none(m.cash)}
            for m in plan.months
        ],
    }  # fmt: skip


def _ratio(value: Decimal | None) -> str | None:
    return None if value is None else plain(value.quantize(PLACES).normalize() + 0)
