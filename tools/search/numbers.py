"""A number as people type it into a search box: "45,692,206", "4.57亿", "456.92 million", "(3.2)", "¥1,200 万".

What is meant is every value that would be written so: a number with few digits stands for all that round to it. Without a unit it
may also be the number as a page prints it, in thousands or in 万元, so that it is compared with both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from tools.store.facts import ValueRange

_SCALES = {
    "亿": 100_000_000, "千万": 10_000_000, "百万": 1_000_000, "万": 10_000, "千": 1_000,
    "billion": 1_000_000_000, "bn": 1_000_000_000, "b": 1_000_000_000, "million": 1_000_000, "mn": 1_000_000, "mm": 1_000_000,
    "m": 1_000_000, "thousand": 1_000, "k": 1_000,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,16}(?:\.\d{1,8})?)\s*"
    r"(?P<scale>亿|千万|百万|万|千|billion|bn|million|mn|mm|thousand|[bmk](?![a-z]))?(?:元|圆)?(?P<percent>\s*%)?(?![\d.]*\d|[A-Za-z])",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d\d(?:[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|年|H[12]|Q[1-4])", re.IGNORECASE)
_YEAR = range(1980, 2100)


@dataclass(frozen=True, slots=True)
class SoughtNumber:
    """One number of a query: as written, the values it may stand for, and whether it is a percentage."""

    text: str
    value: Decimal
    ranges: tuple[ValueRange, ...]
    percent: bool = False

    def holds(self, value: Decimal) -> bool:
        """Whether a value of no unit (a ratio) would be written so."""
        return any(one.low <= abs(value) < one.high for one in self.ranges if not one.printed)


def sought_numbers(query: str) -> tuple[list[SoughtNumber], str]:
    """The numbers of a query, and the rest of its words. A bare year beside words is a year, not a number."""
    text = unicodedata.normalize("NFKC", query)
    for sign in "¥$€£":
        text = text.replace(sign, " ")
    days = [match.span() for match in _DATE.finditer(text)]
    found: list[SoughtNumber] = []
    rest: list[str] = []
    place = 0
    for match in _NUMBER.finditer(text):
        if any(start <= match.start() < end for start, end in days) or _is_year(match, text):
            continue
        found.append(_sought(match))
        rest.append(text[place : match.start()])
        place = match.end()
    rest.append(text[place:])
    words = " ".join(" ".join(rest).replace("()", " ").split())
    return found, words.strip(" -()")


def _is_year(match: re.Match[str], text: str) -> bool:
    digits = match["digits"]
    bare = not match["scale"] and not match["percent"] and digits.isdigit()
    return bare and int(digits) in _YEAR and text.strip() != match[0].strip()


def _sought(match: re.Match[str]) -> SoughtNumber:
    digits, scale, percent = match["digits"].replace(",", ""), (match["scale"] or "").lower(), bool(match["percent"])
    value = Decimal(digits)
    # The last digit that was typed is the one that was rounded.
    unit = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    factor = Decimal("0.01") if percent else Decimal(_SCALES.get(scale, 1))
    ranges = [_range(value, unit, factor)]
    if not percent and not scale:
        ranges.append(_range(value, unit, Decimal(1), printed=True))
    return SoughtNumber(match[0].strip(), value * factor, tuple(ranges), percent)


def _range(value: Decimal, unit: Decimal, factor: Decimal, *, printed: bool = False) -> ValueRange:
    half = unit / 2
    return ValueRange(max(value - half, Decimal(0)) * factor, (value + half) * factor, printed)
