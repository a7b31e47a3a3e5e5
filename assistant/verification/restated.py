"""A value said twice ("4.31x (4.3051)", "1,350.09万元(13,500,915.5元)"): both numbers must be the same value.

Each alone could be right of something else; together they say one thing twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.verification.evidence import Claim
from assistant.verification.quantities import Quantity

_OPENS = re.compile(r"\s?[(（]\s?(?:约|about )?(?:[A-Z]{3} ?|[¥$€£]|人民币)?[-−]?\s?$")
_EXACT = 3
"""Decimals from which a bare number behind a multiple or a share is that value written out."""


def check_restated(text: str, matched: Sequence[tuple[Quantity, list[Claim]]]) -> Iterator[tuple[int, int, str]]:
    """Numbers in brackets right behind another one of the same kind that are not the same value."""
    for (one, first), (other, second) in pairwise(matched):
        if not _OPENS.fullmatch(text[one.end : other.start]) or text[other.end : other.end + 1] not in (")", "）"):
            continue
        if not first or not second or not _alike(one, other):
            continue
        if not {(c.metric, c.value) for c in first} & {(c.metric, c.value) for c in second}:
            yield other.start, other.end, "it restates the number before it, which is another value"


def _alike(one: Quantity, other: Quantity) -> bool:
    if one.unit == other.unit:
        known = {one.currency, other.currency} - {None}
        return one.unit in ("money", "percent", "x", "bare") and len(known) < 2
    return other.unit == "bare" and other.places >= _EXACT and one.unit in ("x", "percent", "bare", "days")
