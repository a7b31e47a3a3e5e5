"""Amounts for a form: drawn by lot, adding up to the last digit, in the unit that is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from eval.layouts.forms import FORMS, Form, Row

_TAKEN_OFF = {"treasury_stock", "depreciation"}
_SHARES = {
    "cost_of_sales": (0.55, 0.8), "taxes_and_surcharges": (0.002, 0.01), "selling_expenses": (0.02, 0.06), "admin_expenses": (0.02, 0.06),
    "sga_expenses": (0.08, 0.16), "rnd_expenses": (0.01, 0.04), "finance_costs_net": (0.004, 0.02), "interest_expense": (0.004, 0.02),
    "income_tax_expense": (0.01, 0.02), "minority_profit": (0.001, 0.004),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """What one column covers. `months` 0 is a balance."""

    end: date
    months: int
    scope: str = "consolidated"


Amounts = dict[str, Decimal]


@dataclass(slots=True)
class Book:
    """The statements of one company: for each form its rows (those it has) and, by span, its amounts in printed units."""

    family: str
    rows: dict[str, list[Row]]
    words: dict[str, str]
    amounts: dict[tuple[str, Span], Amounts]


def keep_book(family: str, spans: Mapping[str, Sequence[Span]], size: Decimal, places: int, draw: Random) -> Book:
    """A company's books. `size` is about its revenue in printed units, `places` the decimals printed."""
    rows: dict[str, list[Row]] = {}
    words: dict[str, str] = {}
    for form in FORMS[family]:
        rows[form.statement] = [r for r in form.rows if r.kind == "head" or draw.random() < r.often]
        for row in rows[form.statement]:
            if row.name:
                words[f"{form.statement}:{row.name}"] = draw.choice(row.words)
    amounts: dict[tuple[str, Span], Amounts] = {}
    for form in FORMS[family]:
        for span in spans[form.statement]:
            part = size * (Decimal(span.months) / 12 if span.months else 1)
            part *= Decimal("0.6") if span.scope == "parent" else 1
            made = _filled(form, rows[form.statement], part, places, draw)
            if span.scope == "parent":
                _without_minorities(made, form.statement)
            amounts[(form.statement, span)] = made
    return Book(family, rows, words, amounts)


def _amount(size: Decimal, low: float, high: float, places: int, draw: Random) -> Decimal:
    value = size * Decimal(str(round(draw.uniform(low, high), 9)))
    return value.quantize(Decimal(1).scaleb(-places)) or Decimal(1).scaleb(-places)


def _filled(form: Form, rows: Sequence[Row], size: Decimal, places: int, draw: Random) -> Amounts:
    out: Amounts = {}
    for row in rows:
        if row.kind not in ("line", "of"):
            continue
        low, high = _SHARES.get(row.name, (0.005, 0.12))
        value = size if row.name == "revenue" else _amount(size, low, high, places, draw)
        if row.kind == "of" and row.name not in _SHARES:
            value = _amount(size, 0.0004, 0.002, places, draw)
        if row.name == "cost_of_assets":
            value = _amount(size, 0.3, 0.5, places, draw)
        if row.signed and draw.random() < 0.35:
            value = -value
        out[row.name] = value.quantize(Decimal(1).scaleb(-places))
    if "cost_of_assets" in out and "depreciation" in out:
        out["ppe_net"] = out["cost_of_assets"] - out["depreciation"]
    if form.statement == "balance_sheet":
        _balanced(rows, out)
    _totals(rows, out)
    return out


def _totals(rows: Sequence[Row], out: Amounts) -> None:
    run, last = Decimal(0), Decimal(0)
    for row in rows:
        if row.kind == "line":
            run += out[row.name] * (-1 if row.name in _TAKEN_OFF else 1)
        elif row.kind == "total":
            if row.adds == ("^",):
                out[row.name] = last + run
            elif row.adds:
                out[row.name] = sum(
                    (out.get(a.lstrip("-"), Decimal(0)) * (-1 if a[0] == "-" else 1) for a in row.adds), Decimal(0)
                )
            else:
                out[row.name] = run
            run, last = Decimal(0), out[row.name]


def _balanced(rows: Sequence[Row], out: Amounts) -> None:
    """Profit carried forward takes what the balance needs."""
    _totals(rows, out)
    owned = out["total_assets"]
    owed = out["total_liabilities"] + out["total_equity"]
    out["undistributed_profit"] += owned - owed


def _without_minorities(made: Amounts, statement: str) -> None:
    for name in ("minority_interest", "minority_profit"):
        gone = made.pop(name, None)
        if gone is None:
            continue
        if name == "minority_interest":
            made["undistributed_profit"] += gone
            made["equity_attributable_to_parent"] = made["total_equity"]
        else:
            made["net_profit_to_parent"] = made["net_profit"]
    made.pop("equity_attributable_to_parent", None)
    made.pop("net_profit_to_parent", None)
