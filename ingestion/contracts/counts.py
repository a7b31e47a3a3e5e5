"""Counts of days and times as contracts print them: "30", "thirty (30)", "forty-five", 「二十」."""

from __future__ import annotations

import re

from tools.domain import number_words
from tools.domain.number_words import chinese_number

UNITS = {word: value for word, value in number_words.UNITS.items() if value}
TENS = {word: value // 10 for word, value in number_words.TENS.items()}
SPELLED = (
    rf"(?:(?:one|a) hundred(?:\s+and\s+(?:{'|'.join(TENS)}))?|(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(list(UNITS)[:9])}))?"
    rf"|{'|'.join(sorted(UNITS, key=len, reverse=True))})"
)
CHINESE = "[一二三四五六七八九十百两]{1,6}"
COUNT = rf"(?:{SPELLED}\s*[（(]\s*\d{{1,3}}\s*[）)]|\d{{1,3}}|{SPELLED}|{CHINESE})"
"""A pattern without groups, to be put into others."""


def count_of(raw: str) -> int | None:
    """The number printed in `raw`; None when it is none."""
    digits = re.search(r"\d{1,3}", raw)
    if digits:
        return int(digits.group())
    words = re.findall(r"[a-z]+", raw.lower())
    if words:
        hundred = 100 if "hundred" in words else 0
        rest = [word for word in words if word not in ("a", "and", "hundred")][1 if words[0] == "one" and hundred else 0 :]
        total = hundred + sum(10 * TENS.get(word, 0) + UNITS.get(word, 0) for word in rest)
        return total or None
    value = chinese_number(raw.strip())
    return int(value) if value else None
