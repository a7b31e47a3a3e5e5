"""Compliance certificates are recomputed, and every difference is reported; equity cures have limits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.covenants.numbers import SETTINGS, Written, covenant, reads_as
from tools.domain.certificates import Stated, certificate_differences, cure_allowed
from tools.domain.covenant_tests import assess

Q3, Q4 = date(2025, 9, 30), date(2025, 12, 31)
TESTS = assess(
    covenant(due_days=0), Written({Q4: "3.5549"}), date(2026, 1, 2), SETTINGS, reads_as, since=date(2025, 7, 1)
).tests


def kinds(value: str, compliant: bool | None = None, day: date = Q4, id: str = "V1") -> list[str]:
    return [d.kind for d in certificate_differences([Stated(id, day, Decimal(value), compliant)], TESTS)]


def test_differences_beyond_the_certificates_own_rounding() -> None:
    assert kinds("3.55") == []
    assert kinds("3.56") == ["value"]
    assert kinds("3.5549", compliant=False) == []
    assert kinds("3.50", compliant=True) == ["value", "verdict"]


def test_what_cannot_be_recomputed_is_said_so() -> None:
    assert kinds("3.0", day=Q3) == ["unverified"]
    assert kinds("3.0", id="V9") == ["unknown"]


def test_cures_are_not_allowed_twice_running_nor_without_end() -> None:
    dates = [date(2025, 3, 31), date(2025, 6, 30), Q3, Q4]
    assert cure_allowed([], Q4, dates, SETTINGS)
    assert not cure_allowed([Q3], Q4, dates, SETTINGS)
    assert cure_allowed([date(2025, 6, 30)], Q4, dates, SETTINGS)
    assert not cure_allowed([date(2021, 3, 31), date(2022, 3, 31), date(2023, 3, 31), date(2024, 3, 31)], Q4, dates, SETTINGS)
