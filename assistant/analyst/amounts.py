"""Numbers in a question: "1.2", "70%", "5000万元", "CNY 50 million", "五千万", "30 days", "3.5倍"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.number_words import chinese_number

_SCALES = {"亿": 100_000_000, "千万": 10_000_000, "百万": 1_000_000, "万": 10_000, "千": 1000, "billion": 10**9, "bn": 10**9, "million": 10**6,
           "mn": 10**6, "m": 10**6, "thousand": 1000, "k": 1000}  # fmt: skip
_UNITS = {"%": "percent", "成": "tenths", "percent": "percent", "per cent": "percent", "倍": "x", "x": "x", "times": "x", "天": "days", "日": "days", "days": "days",
          "day": "days", "元": "money", "块": "money", "个百分点": "points", "个点": "points", "percentage points": "points", "percentage point": "points", "百分点": "points",
          "个月": "months", "months": "months", "month": "months", "年": "years", "years": "years", "year": "years",
          "bp": "bp", "bps": "bp", "基点": "bp", "个基点": "bp", "basis points": "bp", "basis point": "bp"}  # fmt: skip
_CURRENCY = r"CNY|RMB|USD|EUR|GBP|HKD|JPY|CAD|¥|\$|€|£"
_NUMBER = re.compile(
    rf"(?P<currency>(?:{_CURRENCY})\s?)?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+(?=[万亿千倍成年]|个月)|半(?=年))"
    r"\s?(?P<scale>亿|千万|百万|万|千|billion|bn|million|mn|thousand|m(?![a-z])|k(?![a-z]))?"
    r"\s?(?P<unit>成(?![立为本员长果功])|%|percent|per cent|倍|x(?![a-z])|times|天|日|days?|个月|months?|年|years?|元|块|个?百分点|个点|percentage points?|个?基点|basis points?|bps?(?![a-z]))?"
    rf"(?P<after>\s?(?:{_CURRENCY}|yuan|dollars))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` with its scale applied; per cent as a share (70 % is 0.70). `unit`: percent, points, bp, x, days, money or bare."""

    value: Decimal
    unit: str
    start: int
    end: int


def amounts(text: str, hidden: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every number of a normalised text outside the hidden spans."""
    found = []
    for match in _NUMBER.finditer(text):
        if any(match.start() < b and a < match.end() for a, b in hidden) or _part_of_word(text, match):
            continue
        digits = match["digits"]
        value = (
            Decimal(digits.replace(",", ""))
            if digits[0].isdigit()
            else Decimal("0.5")
            if digits == "半"
            else chinese_number(digits) or Decimal(0)
        )
        unit = _UNITS.get((match["unit"] or "").lower(), "bare")
        if unit == "years" and text[match.end() : match.end() + 1] == "半":
            value += Decimal("0.5")
        if match["scale"]:
            value *= _SCALES[match["scale"].lower()]
            unit = "money" if unit == "bare" else unit
        if match["currency"] or match["after"]:
            unit = "money"
        if unit in ("percent", "points"):
            value /= 100
        if unit == "tenths":
            value, unit = value / 10, "percent"
        if unit == "bp":
            value /= 10_000
        found.append(Amount(value, unit, match.start(), match.end()))
    return found


def _part_of_word(text: str, match: re.Match[str]) -> bool:
    before = text[match.start("digits") - 1 : match.start("digits")]
    return bool(before) and before.isascii() and before.isalpha() and not match["currency"]
