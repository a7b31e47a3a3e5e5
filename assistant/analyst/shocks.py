"""The shock a what-if question names: revenue down 20 %, rates up 100 bp, customers paying 30 days later, the largest one lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from assistant.analyst.reading import Reading

PROFITS = frozenset({"ebitda", "ebit", "operating_profit", "net_profit", "gross_profit"})
SALES = frozenset({"revenue", "revenue_growth"})
_DOWN = re.compile(
    r"下降|下滑|减少|下跌|降低|跌|萎缩|降息|下调|少了|\b(?:fall|fell|drop|decline|decrease|lower|down|cut|lose|shrink)",
    re.IGNORECASE,
)
_UP = re.compile(r"上升|上涨|增长|增加|提高|加息|上调|多了|\b(?:rise|rose|grow|grew|increase|up|higher|gain)", re.IGNORECASE)
_RATE = re.compile(r"利率|加息|降息|LPR|interest rate|\brates?\b|base rate|borrowing cost|cost of debt", re.IGNORECASE)


def shocks_of(reading: Reading) -> Mapping[str, str | bool]:
    """Arguments of the what_if tool; empty when the question names no shock."""
    found: dict[str, str | bool] = {}
    text = reading.text
    sign = Decimal(-1) if _UP.search(text) and not _DOWN.search(text) else Decimal(1)
    for amount in reading.amounts:
        near = text[max(0, amount.start - 24) : amount.start]
        if amount.unit in ("bp", "points") or (amount.unit == "percent" and _RATE.search(near) and not reading.metrics):
            if _RATE.search(text):
                cut = re.search(r"下降|下调|降息|\b(?:fall|drop|lower|cut|decrease)", near, re.IGNORECASE)
                found["rate_rise"] = str(-amount.value if cut else amount.value)
        elif amount.unit == "percent":
            metrics = [hit.ids("metric")[0] for hit in reading.hits if hit.ids("metric") and hit.start < amount.end]
            metric = metrics[-1] if metrics else (reading.metrics[0] if reading.metrics else "")
            if metric in SALES:
                found["revenue_fall"] = str(amount.value * sign)
            elif metric in PROFITS:
                found["ebitda_fall"] = str(amount.value * sign)
        elif amount.unit == "days" and "shock_dso" in reading.cues:
            found["dso_days"] = str(amount.value)
    if "shock_customer" in reading.cues:
        found["lose_top_customer"] = True
    if "shock_refinancing" in reading.cues:
        found["no_refinancing"] = True
    return found
