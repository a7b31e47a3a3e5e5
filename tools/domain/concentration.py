"""How much of a book stands with whom: shares, the largest names, and the Herfindahl-Hirschman index.

Amounts of different currencies are never added; the caller asks once per currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from tools.domain.arithmetic import add, divide, multiply

ZERO = Decimal(0)
UNKNOWN = ""
"""The key of those whose group, industry or region nobody stated."""


@dataclass(frozen=True, slots=True)
class Share:
    """One name with its amount (currency units), its share of the total (0 to 1) and how many loans make it."""

    key: str
    amount: Decimal
    share: Decimal
    loans: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """`shares` largest first. `hhi`: the sum of squared shares, 0 to 1; an unknown key counts as one name, so that `hhi` is an upper
    bound when `unknown_share` is not zero. `top` sums the largest ten."""

    total: Decimal
    shares: tuple[Share, ...]
    hhi: Decimal
    top: Decimal
    unknown_share: Decimal


TOP = 10


def concentration(amounts: Iterable[tuple[str, Decimal]]) -> Concentration | None:
    """Of (key, amount) per loan, all in one currency; None when nothing is outstanding."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    count: dict[str, int] = defaultdict(int)
    for key, amount in amounts:
        sums[key] += amount
        count[key] += 1
    total = sum(sums.values(), ZERO)
    if total <= 0:
        return None
    shares = tuple(
        Share(key, amount, divide(amount, total), count[key])
        for key, amount in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    hhi = reduce(add, (multiply(share.share, share.share) for share in shares), ZERO)
    top = reduce(add, (share.amount for share in shares[:TOP]), ZERO)
    return Concentration(total, shares, hhi, divide(top, total), divide(sums.get(UNKNOWN, ZERO), total))
