"""Figures as engines spell them: letters that look like digits, separators mixed up, spaces inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_NUMBERISH = re.compile(r"[\d.,，。．:;()（）\-—–−OoIl|'’$¥￥%\s]+")
_MIXED = re.compile(r"(\(?-?)(\d{1,3}(?:[.,]\d{3})+)(?:([.,])(\d{2}))?(\)?)")
_THOUSANDS = re.compile(r"([£$€¥￥]?)(?:['’‘`]0{2,4}['’‘`]?\w?|0{2,3}['’‘`]\w?)")
"""£'000 in small print, its apostrophe misplaced or an end cut off."""
_GROUPED = re.compile(r"(?<!\d)\d{1,3}([.,])\d{3}(?!\d)")
_ALIKE = {mark: re.compile(rf"[(-]?\d{{1,3}}(?:\{mark}\d{{3}})+\)?") for mark in ".,"}
_LIKE_DIGITS = str.maketrans(
    {"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "，": ",", "。": ".", "．": ".", "（": "(", "）": ")"}
)


def cleaned(text: str) -> str:
    """A figure with its digits and separators put right; other words as they are."""
    thousands = _THOUSANDS.fullmatch(text)
    if thousands:
        return f"{thousands[1]}'000"
    digits = sum(c.isdigit() for c in text)
    if digits < 2 or digits * 2 < len(text) or not _NUMBERISH.fullmatch(text):
        return text
    fixed = "".join(text.split()).translate(_LIKE_DIGITS)
    match = _MIXED.fullmatch(fixed)
    if match and ({*match[2]} >= {".", ","} or (match[3] == "," and "," in match[2])):
        fixed = f"{match[1]}{match[2].replace('.', ',')}{'.' + match[4] if match[4] else ''}{match[5]}"
    return fixed


def mark_of_thousands(texts: Iterable[str]) -> str:
    """The mark that parts thousands on a page, "," or ".", by what most of its figures have; "" when they do not tell."""
    found = Counter(mark for text in texts for mark in _GROUPED.findall(text))
    (mark, most), (_, fewer) = [*found.most_common(2), ("", 0), ("", 0)][:2]
    return mark if most >= 4 and most > 2 * fewer else ""


def with_mark(text: str, mark: str) -> str:
    """A figure whose groups of three are parted by the page's mark: in small print a comma and a point look alike."""
    other = {",": ".", ".": ","}.get(mark)
    return text.replace(other, mark) if other and _ALIKE[other].fullmatch(text) else text


def one_misread(first: str, second: str) -> bool:
    """Whether two figures differ by what an engine confuses: one digit, one lost or doubled digit, two neighbours swapped, or a
    lost sign or bracket."""
    a, b = re.sub(r"\D", "", first), re.sub(r"\D", "", second)
    if a == b:
        return first != second
    if len(a) == len(b):
        differ = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        swapped = (
            len(differ) == 2 and differ[1] == differ[0] + 1 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
        )
        return len(differ) == 1 or swapped
    short, long = sorted((a, b), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
