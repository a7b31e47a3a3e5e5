"""Numbers in words, Chinese and English: 三百二十万, 陆仟肆佰, 一点五; "sixty-five", "two hundred and ten", "one point two five".

Read in one place because questions, contracts, notes and the gate must read the same words alike. What is no number is None, never a guess.
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for sign in signs
}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
UNITS = {word: value for value, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
     "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)}  # fmt: skip
TENS = {
    word: 10 * n for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral, in daily or in financial characters, with an optional 点 fraction; None when it is none."""
    whole, point, fraction = text.partition("点")
    total = section = digit = 0
    for sign in whole:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in SMALL:
            section, digit = section + (digit or 1) * SMALL[sign], 0
        elif sign in LARGE:
            section += digit
            total = (total + section) * LARGE[sign] if LARGE[sign] > 10_000 else total + section * LARGE[sign]
            section = digit = 0
        else:
            return None
    if not whole or (point and not (fraction and all(sign in DIGITS for sign in fraction))):
        return None
    value = Decimal(total + section + digit)
    return value + Decimal("0." + "".join(str(DIGITS[sign]) for sign in fraction)) if point else value


def english_number(text: str) -> tuple[Decimal, int] | None:
    """Value and decimal places of a spelled number; None when the words make none."""
    whole, _, fraction = re.sub(r"[ -]and[ -]", " ", text.lower()).partition(" point ")
    total = current = 0
    for word in re.split(r"[ -]+", whole.strip()):
        if word in UNITS:
            current += UNITS[word]
        elif word in TENS:
            current += TENS[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = total + (current or 1) * 1000, 0
        else:
            return None
    digits = [word for word in fraction.split(" ") if word]
    if any(UNITS.get(word, 10) > 9 for word in digits):
        return None
    value = Decimal(total + current)
    return (value + Decimal("0." + "".join(str(UNITS[word]) for word in digits)) if digits else value), len(digits)
