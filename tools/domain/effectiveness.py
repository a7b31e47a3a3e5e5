"""How good warnings were, from counts: of those warned how many fell, of those that fell how many were warned.

A unit is one borrower in one month; what counts as falling and how long ahead a warning may come is the caller's to say. Without a
unit of the needed kind a measure is None, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tools.domain.arithmetic import divide


@dataclass(frozen=True, slots=True)
class Confusion:
    """Units warned that fell, warned that did not, fell without a warning, and neither."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    true_negative: int = 0

    @property
    def precision(self) -> Decimal | None:
        """Share of the warned that fell."""
        return _share(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> Decimal | None:
        """Share of the fallen that were warned."""
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> Decimal | None:
        """Harmonic mean of precision and recall, which is 2 TP / (2 TP + FP + FN)."""
        return _share(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)

    @property
    def false_alert_rate(self) -> Decimal | None:
        """Share of those that stood which were warned."""
        return _share(self.false_positive, self.false_positive + self.true_negative)


def _share(part: int, whole: int) -> Decimal | None:
    return divide(Decimal(part), Decimal(whole)) if whole else None
