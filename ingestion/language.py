"""Chinese or English, decided by counting.

Only the two languages the product speaks are told apart. A page that mixes both is Chinese as soon as a quarter of its
letters are Han: one Han character says about as much as an English word, and English names inside Chinese papers are common.
"""

from __future__ import annotations

import re

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
SHARE_OF_HAN = 3


def language_of(text: str) -> str:
    """ "zh" or "en"; "en" when the text holds neither."""
    sample = text if len(text) <= 200_000 else text[:100_000] + text[-100_000:]
    han = len(HAN.findall(sample))
    latin = len(LATIN.findall(sample))
    return "zh" if han and han * SHARE_OF_HAN >= latin else "en"


def is_han(character: str) -> bool:
    """Whether one character is Han."""
    return bool(HAN.match(character))


def joined(first: str, second: str) -> str:
    """Two lines of one paragraph put together: a space between words, none between Han characters."""
    if not first or not second:
        return first + second
    if first.endswith("-") and len(first) > 1 and first[-2].isalpha() and second[0].islower():
        return first[:-1] + second
    tight = (is_han(first[-1]) or first[-1] in "，。；：、（《“") and (is_han(second[0]) or second[0] in "，。；：、）》”（《“")
    return first + second if tight else f"{first} {second}"
