"""Values as people read them, in Chinese and English, always a rounding (half up) of the exact value.

An amount is written in the unit its size calls for (亿元, 万元, million); when that rounds it, the exact amount follows in
brackets, so that what is shown can be found on the page. Shares are per cent with two decimals; a multiple shows two decimals and, in
brackets, four when those differ.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from prompts.library import phrase_book
from tools.domain.figures import Basis

HUNDRED = Decimal(100)
SHARE_PLACES = 2
MULTIPLE_PLACES = 4
EXACT_PLACES = 4
RATE_PLACES = 4
FEN_PLACES = 2
MULTIPLES = frozenset({"x", "score"})


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, as every value is displayed."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def grouped(value: Decimal, least: int = 0, most: int = EXACT_PLACES) -> str:
    """Digits with thousands separators, between `least` and `most` decimals, no trailing zeros beyond `least`."""
    text = f"{rounded(value, most):,f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def amount(value: Decimal, currency: str | None, language: str, *, exact: bool = True) -> str:
    """An amount with its currency; `exact` False leaves out the exact amount in brackets when rounding hides digits."""
    book = phrase_book("display")
    size = abs(value)
    scale, word = next((Decimal(by), word) for least, by, word in book["scales"][language] if size >= Decimal(least))
    unit = value / scale
    whole = rounded(unit, EXACT_PLACES) == unit
    digits = grouped(unit, 2 if value else 0, EXACT_PLACES if whole else 2)
    if language == "zh":
        name = book["currencies"]["zh"].get(currency or "", currency or "")
        shown = f"{digits}{word}{name}"
        full = f"{grouped(value, 0, FEN_PLACES)}{name}"
    else:
        code = f"{currency} " if currency else ""
        shown = f"{code}{digits}{word}"
        full = f"{code}{grouped(value, 0, FEN_PLACES)}"
    if whole or not exact or scale == 1:
        return shown
    return f"{shown}({full})" if language == "zh" else f"{shown} ({full})"


def ratio(value: Decimal, unit: str, language: str) -> str:
    """A value that is not money: per cent for shares, four decimals for multiples, two for days."""
    words = phrase_book("display")["units"][language]
    if unit in ("ratio", "percent_points"):
        digits = f"{rounded(value * HUNDRED, SHARE_PLACES):,f}"
        return digits + ("%" if unit == "ratio" else words["percent_points"])
    if unit in MULTIPLES:
        short, long = grouped(value, SHARE_PLACES, SHARE_PLACES), grouped(value, SHARE_PLACES, MULTIPLE_PLACES)
        rest = "" if short == long else f"({long})" if language == "zh" else f" ({long})"
        return f"{short}{words[unit]}{rest}"
    if unit == "fx":
        return grouped(value, RATE_PLACES, RATE_PLACES)
    places = 0 if value == value.to_integral_value() else 2
    return grouped(value, 0, places) + str(words.get(unit, ""))


def basis_points(value: Decimal, language: str) -> str:
    """A move of a rate as people who lend say it: 200 basis points."""
    return f"{grouped(value * HUNDRED * HUNDRED, 0, 2)}{phrase_book('display')['units'][language]['basis_points']}"


def shown(value: Decimal, unit: str, currency: str | None, language: str, *, exact: bool = True) -> str:
    """Any value by its unit."""
    return amount(value, currency, language, exact=exact) if unit == "currency" else ratio(value, unit, language)


def day(value: date, language: str) -> str:
    """2025年12月31日 or 31 December 2025."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B} {value.year}"


def period(end: date, months: int | None, language: str, *, year_end: bool) -> str:
    """A reporting period: a balance's day, a fiscal year, a half, the first months of a year, a quarter."""
    calendar_year = year_end and end.month == 12
    if months == 0 or months is None:
        return day(end, language)
    if months == 12 and calendar_year:
        return f"{end.year}年度" if language == "zh" else f"FY{end.year}"
    if months == 12:
        return f"截至{day(end, language)}的年度" if language == "zh" else f"the year ended {day(end, language)}"
    if months == 6 and end.month == 6:
        return f"{end.year}年上半年" if language == "zh" else f"H1 {end.year}"
    if months == 9 and end.month == 9:
        return f"{end.year}年前三季度" if language == "zh" else f"the nine months ended {day(end, language)}"
    if months == 3 and end.month % 3 == 0:
        return f"{end.year}年第{'一二三四'[end.month // 3 - 1]}季度" if language == "zh" else f"Q{end.month // 3} {end.year}"
    return f"截至{day(end, language)}的{months}个月" if language == "zh" else f"the {months} months ended {day(end, language)}"


def basis_word(basis: Basis, language: str) -> str:
    """The name of a basis; empty for a balance."""
    return str(phrase_book("display")["bases"][language].get(basis, basis))
