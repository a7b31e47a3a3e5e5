"""Numbers in words: "two covenants", "sixty per cent", "one point five", "by a third", "三分之一", "六成", "doubled", "翻番".

A model that may not write 1.5 could write it out; here it is read and held against the claims like digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from tools.domain.number_words import TENS, UNITS, chinese_number

CHARACTERS = "零〇一二两三四五六七八九十百千点"
"""Of which a numeral in an answer is made. Only these stand in officers' answers; others stay unread, so they are never silently accepted."""


class Sized(Protocol):
    """A claim, as far as a share in words is held against it."""

    @property
    def value(self) -> Decimal:
        """Its value."""
        ...

    @property
    def unit(self) -> str:
        """Its unit."""
        ...


_WORD = "|".join([*sorted((*UNITS, *TENS), key=len, reverse=True), "hundred", "thousand"])
SPELLED = re.compile(
    rf"(?<![A-Za-z])(?<![A-Za-z]-)(?:{_WORD})(?:(?:[ -]and[ -]|[ -])(?:{_WORD}))*(?: point (?:{_WORD})(?: (?:{_WORD}))*)?(?![A-Za-z])",
    re.IGNORECASE,
)
_SHARES: tuple[tuple[re.Pattern[str], Decimal | None], ...] = (
    (re.compile(rf"(?P<below>[{CHARACTERS}]+|\d+)分之(?P<above>[{CHARACTERS}]+|\d+)"), None),
    (re.compile(rf"(?<![{CHARACTERS}完构形现])(?P<tenths>[一二两三四五六七八九])成(?P<hundredths>[一二三四五六七八九])?(?![立为本员长果功效交都的])"), None),
    (re.compile(r"(?<!第)一半|减半|腰斩|过半|\bhalved\b|\bby half\b|\bhalf of (?:its|the|all)\b", re.IGNORECASE), Decimal("0.5")),
    (re.compile(r"\b(?:one|by a|a|about a|nearly a|over a)[ -]third\b(?![ -](?:part|quarter|year|time))", re.IGNORECASE), Decimal(1) / 3),
    (re.compile(r"\b(?:one|a)[ -]fifth\b(?![ -](?:part|year|time))", re.IGNORECASE), Decimal("0.2")),
    (re.compile(r"\b(?:one|a)[ -]tenth\b(?![ -](?:part|year|time))", re.IGNORECASE), Decimal("0.1")),
    (re.compile(r"\btwo[ -]thirds\b", re.IGNORECASE), Decimal(2) / 3),
    (re.compile(r"\b(?:by a|one|about a|nearly a) quarter\b(?! of (?:19|20))", re.IGNORECASE), Decimal("0.25")),
    (re.compile(r"\bthree[ -]quarters\b", re.IGNORECASE), Decimal("0.75")),
    (re.compile(r"翻了?一番|翻番|翻倍|翻了一倍|\bdoubled\b|\btwice (?:the|as)\b", re.IGNORECASE), Decimal(1)),
    (re.compile(r"\btripled\b|\bthree times as\b", re.IGNORECASE), Decimal(2)),
)  # fmt: skip
TOLERANCE = Decimal("0.06")
"""A share in words is said roughly; it may be off by this part of itself."""
BEYOND = Decimal("1.25")
"""More than a fifth is less than a quarter."""
EXACT = Decimal("0.006")
"""六成五 is said to the hundredth."""


def shares(text: str, masked: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, Decimal]]:
    """Shares said in words: place and size. 百分之 is per cent and read with the numbers."""
    for pattern, fixed in _SHARES:
        for match in pattern.finditer(text):
            if any(match.start() < b and a < match.end() for a, b in masked):
                continue
            size = fixed
            named = match.groupdict()
            if named.get("below"):
                below, above = (_small(named[key]) for key in ("below", "above"))
                if not below or above is None or below == 100:
                    continue
                size = above / below
            elif named.get("tenths"):
                size = (chinese_number(named["tenths"]) or Decimal(0)) / 10 + (
                    chinese_number(named["hundredths"] or "零") or Decimal(0)
                ) / 100
            if size is not None:
                yield match.start(), match.end(), size


def borne_out(size: Decimal, claims: Sequence[Sized], over: bool = False) -> bool:
    """Whether some share or multiple is about so large; `over`: or, as is said, somewhat larger."""
    return any(
        claim.unit in ("ratio", "x", "percent_points", "any")
        and (abs(abs(claim.value) - size) <= size * TOLERANCE or (over and size <= abs(claim.value) < size * BEYOND))
        for claim in claims
    )


def _small(text: str) -> Decimal | None:
    return Decimal(text) if text.isdigit() else chinese_number(text)
