"""The shock a what-if question names: revenue down 20 %, rates up 100 bp, customers paying 30 days later, ten million repaid."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.analyst.amounts import Amount
from assistant.analyst.reading import Reading

FALLS = {
    "revenue": "revenue_fall",
    "revenue_growth": "revenue_fall",
    "ebitda": "ebitda_fall",
    "ebit": "ebit_fall",
    "gross_profit": "gross_profit_fall",
}
"""The shock a fall of a metric is; a fall of net profit says nothing of what fell."""
LEVELS = {"revenue": "revenue_to", "ebitda": "ebitda_to"}
TURNS = {"dso": "dso_days", "accounts_receivable": "dso_days", "ar_turnover": "dso_days", "dio": "dio_days", "inventories": "dio_days",
         "inventory_turnover": "dio_days", "dpo": "dpo_days", "accounts_payable": "dpo_days"}  # fmt: skip
_DOWN = re.compile(
    r"下降|下滑|减少|下跌|降低|跌|萎缩|降息|下调|少了|掉|缩水|\b(?:fall|fell|drop|decline|decrease|lower|down|cut|lose|shrink)",
    re.IGNORECASE,
)
_UP = re.compile(r"上升|上涨|增长|增加|提高|加息|上调|多了|\b(?:rise|rose|grow|grew|increase|up|higher|gain)", re.IGNORECASE)
_RATE = re.compile(
    r"利率|加息|降息|LPR|interest rate|(?<!tax )(?<!growth )(?<!utilisation )\brates?\b|base rate|borrowing cost|cost of debt",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*(?:of|off|in|from|的)\b|\s*的", re.IGNORECASE)
_CUT = re.compile(r"下降|下调|降息|降低|\b(?:fall|drop|lower|cut|decrease)|[-−–]\s*$", re.IGNORECASE)


def shocks_of(reading: Reading) -> Mapping[str, str | bool]:
    """Arguments of the what_if tool; empty when the question names no shock."""
    found: dict[str, str | bool] = {}
    for amount in reading.amounts:
        found.update(_rate(reading, amount) or _share(reading, amount) or _days(reading, amount) or _money(reading, amount))
    if _HALVED.search(reading.text) and not found:
        found.update(_halved(reading))
    if "shock_customer" in reading.cues:
        found["lose_top_customer"] = True
    if "shock_refinancing" in reading.cues:
        found["no_refinancing"] = True
    return found


_HALVED = re.compile(
    r"减半|腰斩|砍半|打对折|打五折|少一半|(?:掉|跌|降|下降|下跌|减少)一半|\b(?:halves|halved|halve|is cut in half|falls? by half|drops? by half|down by half)\b",
    re.IGNORECASE,
)


def _halved(reading: Reading) -> dict[str, str | bool]:
    match = _HALVED.search(reading.text)
    before = [hit.ids("metric")[0] for hit in reading.hits if hit.ids("metric") and match and hit.start < match.start()]
    moved = next((m for m in (*reversed(before), *reading.metrics) if m in FALLS), "")
    return {FALLS[moved]: "0.5"} if moved else {}


def _rate(reading: Reading, amount: Amount) -> dict[str, str | bool]:
    """Basis points are points of interest wherever they stand; per cent only beside a word for rates."""
    near = reading.text[max(0, amount.start - 24) : amount.start]
    plain = amount.unit == "points" and _RATE.search(reading.text)
    if amount.unit == "bp" or plain or (amount.unit == "percent" and _RATE.search(near) and not _falls_in(reading, amount)):
        return {"rate_rise": str(-amount.value if _CUT.search(near) else amount.value)}
    return {}


def _falls_in(reading: Reading, amount: Amount) -> bool:
    """A metric that may fall stands between the word for rates and the number."""
    return any(
        hit.ids("metric")[:1] and hit.ids("metric")[0] in FALLS and amount.start - 24 <= hit.start < amount.start
        for hit in reading.hits
    )


def _share(reading: Reading, amount: Amount) -> dict[str, str | bool]:
    if amount.unit != "percent":
        return {}
    signed = reading.text[max(0, amount.start - 1) : amount.start]
    up = signed in ("+", "＋") or (
        signed not in ("-", "−", "–") and _UP.search(reading.text) and not _DOWN.search(reading.text)
    )
    value = str(-amount.value if up else amount.value)
    before = [hit.ids("metric")[0] for hit in reading.hits if hit.ids("metric") and hit.start < amount.end]
    tail = reading.text[amount.end :]
    named = [hit.ids("metric")[0] for hit in reading.hits if hit.ids("metric") and hit.start >= amount.end and _OF.match(tail)]
    moved = next((m for m in (*named[:1], *reversed(before), *reading.metrics) if m in FALLS), "")
    return {FALLS[moved]: value} if moved else {}


def _days(reading: Reading, amount: Amount) -> dict[str, str | bool]:
    if amount.unit != "days":
        return {}
    turn = next(
        (TURNS[m] for m in reading.metrics if m in TURNS),
        "dso_days" if reading.cues & {"shock_dso", "shock_dso_faster"} else "",
    )
    faster, slower = bool(reading.cues & {"faster", "shock_dso_faster"}), bool(reading.cues & {"slower", "shock_dso"})
    if not turn or faster == slower:
        return {}
    return {turn: str(-amount.value if faster else amount.value)}


def _money(reading: Reading, amount: Amount) -> dict[str, str | bool]:
    if amount.unit != "money":
        return {}
    if "level_to" in reading.cues:
        before = [hit.ids("metric")[0] for hit in reading.hits if hit.ids("metric") and hit.start < amount.start]
        if before and before[-1] in LEVELS:
            return {LEVELS[before[-1]]: str(amount.value)}
    if "shock_repay" in reading.cues:
        return {"debt_change": str(-amount.value)}
    if "shock_borrow" in reading.cues:
        return {"debt_change": str(amount.value)}
    return {}
