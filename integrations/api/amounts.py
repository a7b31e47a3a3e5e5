"""Numbers as people read them: 4.57亿元, 456.92 million, 60.80 %, with the exact value behind them for who points at it.

Only what is shown is rounded (half up); nothing is computed from it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from markupsafe import Markup, escape

from tools.domain.money import plain, shown

WAN, YI, MILLION, BILLION = Decimal(10_000), Decimal(100_000_000), Decimal(1_000_000), Decimal(1_000_000_000)
DASH = "–"


def decimal_of(value: Decimal | str | int | None) -> Decimal | None:
    """A Decimal from what a shape holds; None for what is no number."""
    if value is None or isinstance(value, Decimal):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def grouped(value: Decimal, places: int) -> str:
    """`value` rounded half up, with separators of thousands."""
    return f"{Decimal(shown(value, places)):,.{places}f}".replace("-", "−")


def money_text(value: Decimal, currency: str | None, language: str) -> str:
    """In the unit people use for its size: 万元 and 亿元 in Chinese, million and billion in English."""
    size = abs(value)
    if language == "zh":
        unit = "元" if currency in (None, "CNY") else f" {currency}"
        if size >= YI:
            return f"{grouped(value / YI, 2)} 亿{unit}"
        if size >= WAN:
            return f"{grouped(value / WAN, 2)} 万{unit}"
        return f"{grouped(value, 2)} {unit.strip()}"
    prefix = f"{currency} " if currency else ""
    if size >= BILLION:
        return f"{prefix}{grouped(value / BILLION, 2)} billion"
    if size >= MILLION:
        return f"{prefix}{grouped(value / MILLION, 2)} million"
    return f"{prefix}{grouped(value, 2)}"


def number_text(value: Decimal, unit: str, currency: str | None, language: str) -> str:
    """A figure's value by its unit: a ratio as per cent, a multiple with ×, days, money, a score."""
    if unit == "currency":
        return money_text(value, currency, language)
    if unit == "ratio":
        return f"{grouped(value * 100, 2)} %"
    if unit == "x":
        return f"{grouped(value, 2)} ×"
    if unit == "days":
        return f"{grouped(value, 0 if value == value.to_integral_value() else 1)} {'天' if language == 'zh' else 'days'}"
    if unit in ("count", "months"):
        return grouped(value, 0 if value == value.to_integral_value() else 2)
    return grouped(value, 2)


def short_text(value: Decimal, unit: str, language: str) -> str:
    """The same where there is little room: three digits and the unit's letter."""
    if unit != "currency":
        return number_text(value, unit, None, language).replace(" ", "")
    steps = ((YI, "亿"), (WAN, "万")) if language == "zh" else ((BILLION, "bn"), (MILLION, "m"), (Decimal(1000), "k"))
    step, letter = next(((step, letter) for step, letter in steps if abs(value) >= step), (Decimal(1), ""))
    size = abs(value / step)
    return grouped(value / step, 2 if size < 10 else 1 if size < 100 else 0) + letter


def exact_text(value: Decimal, unit: str = "currency", currency: str | None = None) -> str:
    """The whole value, for pointing at: separators, no rounding."""
    text = plain(value.normalize() if value == value.to_integral_value() else value)
    whole, dot, rest = text.lstrip("-").partition(".")
    sign = "−" if text.startswith("-") else ""
    return f"{sign}{int(whole or 0):,}{dot}{rest}" + (f" {currency}" if currency and unit == "currency" else "")


def amount(value: Decimal | str | int | None, unit: str, currency: str | None, language: str) -> Markup:
    """As HTML: what people read, with the exact value in `value` and in the tip; a dash for what is not known."""
    number = decimal_of(value)
    if number is None:
        return Markup('<span class="none">{}</span>').format(DASH)
    said = escape(number_text(number, unit, currency, language))
    return Markup('<data value="{}" title="{}">{}</data>').format(plain(number), exact_text(number, unit, currency), said)
