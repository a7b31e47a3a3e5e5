"""Compliance certificates and equity cures: the borrower's numbers against ours, and whether a cure is still allowed.

A certificate is a claim. Every number in it is recomputed, and every difference is reported with both values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.covenant_dates import CovenantSettings
from tools.domain.covenant_tests import CovenantTest
from tools.domain.headroom import passes


@dataclass(frozen=True, slots=True)
class Stated:
    """What a certificate says about one covenant on one test date. `places`: decimals it is printed with. `step`: what its last
    printed place is worth, when that is more than a decimal (an amount in ten thousands)."""

    covenant: str
    test_date: date
    value: Decimal
    compliant: bool | None = None
    step: Decimal | None = None

    @property
    def places(self) -> int:
        """Decimals of the stated value."""
        exponent = self.value.as_tuple().exponent
        return max(-exponent, 0) if isinstance(exponent, int) else 0

    @property
    def slack(self) -> Decimal:
        """How far the true value may lie from the printed one: half of the last place."""
        return self.step / 2 if self.step is not None else Decimal(5).scaleb(-self.places - 1)


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind`: value (the numbers differ by more than the certificate's rounding), verdict (it claims to pass and does not, or
    the reverse), unverified (we cannot compute it), unknown (it speaks of a test we do not have)."""

    stated: Stated
    kind: Literal["value", "verdict", "unverified", "unknown"]
    ours: Decimal | None
    difference: Decimal | None
    reason: str = ""


def certificate_differences(stated: Iterable[Stated], tests: Iterable[CovenantTest]) -> list[Difference]:
    """Every difference between a certificate and our tests; an empty list means that all of it was recomputed and agrees."""
    ours = {(test.covenant.id, test.test_date): test for test in tests}
    found: list[Difference] = []
    for claim in stated:
        test = ours.get((claim.covenant, claim.test_date))
        if test is None:
            found.append(Difference(claim, "unknown", None, None, "no such test"))
            continue
        if test.actual is None:
            found.append(Difference(claim, "unverified", None, None, test.reason))
            continue
        gap = claim.value - test.actual
        if abs(gap) > claim.slack:
            found.append(Difference(claim, "value", test.actual, gap))
        if claim.compliant is not None and claim.compliant != _passes(test):
            found.append(Difference(claim, "verdict", test.actual, gap))
    return found


def cure_allowed(cured: Sequence[date], test_date: date, dates: Sequence[date], settings: CovenantSettings) -> bool:
    """Whether the test of `test_date` may be cured with the owner's money: not too often in a row, not too often in all.
    `cured` are test dates cured before, `dates` all test dates in order."""
    before = [day for day in cured if day < test_date]
    if len(before) >= settings.cures_per_life:
        return False
    earlier = [day for day in dates if day < test_date][-settings.cures_in_a_row :]
    return len(earlier) < settings.cures_in_a_row or not all(day in before for day in earlier)


def _passes(test: CovenantTest) -> bool:
    operator, limit = test.covenant.operator, test.limit
    return operator is not None and limit is not None and test.actual is not None and passes(test.actual, operator, limit)
