"""Chinese numerals as numbers: 三百二十万, 两, 十二, 一点五.

Only what follows stands in officers' answers; anything else is None and stays unread, so it is never silently accepted.
"""

from __future__ import annotations

from decimal import Decimal

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SMALL = {"十": 10, "百": 100, "千": 1000}
CHARACTERS = "".join(DIGITS) + "".join(SMALL) + "点"


def chinese_number(text: str) -> Decimal | None:
    """The value of a Chinese numeral below ten thousand (with an optional 点 fraction), or None."""
    whole, point, fraction = text.partition("点")
    total, current, seen = 0, 0, False
    for char in whole:
        if char in DIGITS:
            current, seen = DIGITS[char], True
        elif char in SMALL:
            total += (current if seen and current else 1) * SMALL[char]
            current, seen = 0, True
        else:
            return None
    if not seen or (point and not (fraction and all(c in DIGITS for c in fraction))):
        return None
    value = Decimal(total + current)
    if point:
        value += Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))
    return value
