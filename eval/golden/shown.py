"""Numbers as an answer shows them, read without the product's own gate: value, and how far its last digit reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {"亿": Decimal(10**8), "万": Decimal(10**4), "billion": Decimal(10**9), "million": Decimal(10**6), "": Decimal(1)}
_NUMBER = re.compile(
    r"(?P<sign>[-−]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<scale>亿|万|billion|million)?(?P<percent>\s?%)?"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`low` <= true value < `high` when the number is its rounding half up."""

    low: Decimal
    high: Decimal
    exact: Decimal

    def stands_for(self, value: Decimal) -> bool:
        """Whether |value| may be shown so: words around it may carry the sign."""
        return self.low <= abs(value) < self.high or self.exact == abs(value)


def numbers_in(text: str) -> list[Shown]:
    """Every number of a text, citation marks left out."""
    found = []
    for match in _NUMBER.finditer(re.sub(r"\[\d+\]", "", text)):
        digits = match["digits"].replace(",", "")
        scale = _SCALES[match["scale"] or ""] / (100 if match["percent"] else 1)
        places = len(digits.partition(".")[2])
        value, half = Decimal(digits) * scale, Decimal(5).scaleb(-places - 1) * scale
        found.append(Shown(value - half, value + half, value))
    return found


def expected(text: str) -> Decimal:
    """A number of the golden set: plain, or per cent."""
    return Decimal(text.rstrip("%").replace(",", "")) / (100 if text.endswith("%") else 1)


def shows(text: str, value: Decimal) -> bool:
    """Whether some number of the text is a rounding of the value that keeps at least three digits or is exact."""
    return any(number.stands_for(value) and _fine(number, value) for number in numbers_in(text))


def _fine(number: Shown, value: Decimal) -> bool:
    width = number.high - number.low
    return number.exact == abs(value) or width <= abs(value) / 100
