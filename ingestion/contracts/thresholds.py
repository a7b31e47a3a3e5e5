"""Which numbers of a text can be a limit: money, multiples and shares, days, and bare numbers right behind their bound.

The kind of the number tells measures apart: what is bounded by an amount is no ratio, what is bounded by a multiple is no amount.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ingestion.quantities import Quantity, dates, quantities

DAY_COUNT = re.compile(r"(?<![\d.,:])(?P<n>\d{1,3})\s*(?:个)?(?:自然|日历)?(?:天|日(?!期)|days?\b)", re.I)


def limits(text: str, unit: str) -> list[Quantity]:
    """Every number of `text` that can be a limit of a measure in `unit`."""
    if unit == "days":
        found = DAY_COUNT.finditer(_undated(text))
        plain = [q for q in quantities(text) if q.unit == "number" and _behind(q, text)][:1]
        return [Quantity(Decimal(m["n"]), "number", None, m.start(), m.end()) for m in found] or plain
    return [q for q in quantities(text) if fits(q, unit) or (unit in ("x", "ratio") and _bare_limit(q, text))]


def _bare_limit(value: Quantity, text: str) -> bool:
    """「不得低于3；」: a whole number right behind the bound that counts nothing; 「4次」 is a turnover."""
    if value.unit != "number" or value.value >= 100:
        return False
    return bool(re.match(r"\s*次", text[value.end :])) or _behind(value, text)


def _behind(value: Quantity, text: str) -> bool:
    """Right behind the bound, counting nothing."""
    counts = re.match(
        r"\s*(?:[%％]|(?![及或且和与并自以在时（])[一-鿿]|(?!(?:and|or|as|at|in|on|for|if|until|from|by|with|throughout|during)\b)[A-Za-z])",
        text[value.end :],
    )
    return not text[: value.start].strip(" :：为是于至到") and not counts


def _undated(text: str) -> str:
    """`text` with its dates blanked: 「6月30日」 is no number of days."""
    for hit in dates(text, 2000):
        text = text[: hit.start] + " " * (hit.end - hit.start) + text[hit.end :]
    return text


def kind_of(text: str) -> str | None:
    """What kind of limit stands first in `text`: money, ratio (multiples too), days, or a bare number."""
    days = DAY_COUNT.search(_undated(text)[:40])
    for value in quantities(text[:200]):
        if days is not None and days.start() <= value.start:
            return "days"
        if value.unit in ("money", "x", "ratio"):
            return "money" if value.unit == "money" else "ratio"
        if value.value < 100 and value.value.as_tuple().exponent != 0:
            return "ratio"
        if value.unit == "number" and (_bare_limit(value, text) or (value.value < 1000 and _behind(value, text))):
            return "bare"
    return None


def bare(text: str, unit: str) -> list[Quantity]:
    """Plain numbers of a cell: a table states its unit once, in the header or the first row."""
    return [value for value in quantities(text) if bare_number(value, unit)]


def bare_number(value: Quantity, unit: str) -> bool:
    """Whether a plain number of a table can be a limit in `unit`."""
    return value.unit == "number" and (unit != "money" or value.value >= 1000)


def fits(value: Quantity, unit: str) -> bool:
    """Whether a quantity can be a limit of a measure in `unit`: multiples and percentages may stand for each other."""
    if unit == "money":
        return value.unit == "money"
    return value.unit in ("x", "ratio") or (
        value.unit == "number" and value.value < 100 and value.value.as_tuple().exponent != 0
    )
