"""Amounts as contracts write them: Chinese capital numerals, grouped digits, 万元."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capital_amount(amount: Decimal, unit: str = "元") -> str:
    """贰仟万元整; whole units only, as loan amounts are."""
    whole, text, groups = int(amount), "", 0
    if not whole:
        return f"零{unit}整"
    while whole:
        whole, part = divmod(whole, 10000)
        if part:
            text = _four(part) + _GROUPS[groups] + text
        elif text and not text.startswith("零"):
            text = "零" + text
        if part and part < 1000 and whole:
            text = "零" + text
        groups += 1
    return f"{text}{unit}整"


def _four(number: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return text


def grouped(amount: Decimal, places: int = 2) -> str:
    """20,000,000.00"""
    return f"{amount:,.{places}f}"


def wan(amount: Decimal) -> str:
    """2,000万元; trailing zeros of a fraction dropped."""
    text = f"{amount / 10000:,.4f}".rstrip("0").rstrip(".")
    return f"{text}万元"


def percent(rate: Decimal, places: int = 2) -> str:
    """0.0435 as 4.35%."""
    return f"{rate * 100:.{places}f}%"
