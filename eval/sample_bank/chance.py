"""Seeded chance in named streams: adding a borrower or a document shifts nobody else's dice.

Only integer draws of Python's own generator are used, so that the same seed gives the same bank on every platform.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream named by the seed and a path such as ("C003", "statements")."""

    def __init__(self, seed: int, *path: object) -> None:
        self._seed, self._path = seed, path
        digest = sha256(repr((seed, *map(str, path))).encode()).digest()
        self._random = Random(int.from_bytes(digest[:16], "big"))

    def stream(self, *path: object) -> Chance:
        """A child stream; drawing from it never moves this one."""
        return Chance(self._seed, *self._path, *path)

    def whole(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        return low + self._random.getrandbits(62) % (high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.whole(0, len(options) - 1)]

    def share(self, low: str, high: str, places: int = 4) -> Decimal:
        """A decimal between low and high with so many places."""
        step = Decimal(1).scaleb(-places)
        lowest, highest = int(Decimal(low) / step), int(Decimal(high) / step)
        return self.whole(lowest, highest) * step

    def near(self, value: Decimal, wobble: str = "0.015") -> Decimal:
        """`value` give or take a share of itself."""
        return value * (1 + self.share(f"-{wobble}", wobble, 6))
