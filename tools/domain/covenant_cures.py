"""Breaches cured with the owner's money: counted as earnings or used to prepay, enough or not, and only as often as is usual.

A cure is a record of its own. It changes the verdict of its one test, never the figure, and what it lacks is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tools.domain.certificates import cure_allowed
from tools.domain.covenant_dates import CovenantSettings
from tools.domain.covenant_tests import Assessment, CovenantTest, latest_due
from tools.domain.covenants import Cured

ZERO = Decimal(0)


def with_cures(assessment: Assessment, settings: CovenantSettings) -> Assessment:
    """The assessment with recorded cures applied to its tests, oldest first: a cure counts against those after it."""
    covenant = assessment.covenant
    if not covenant.cures or not assessment.tests:
        return assessment
    dates = [test.test_date for test in assessment.tests if test.test_date is not None]
    done: list[date] = []
    tests: list[CovenantTest] = []
    for test in assessment.tests:
        given = [cure for cure in covenant.cures if cure.test_date == test.test_date]
        judged = _cured(test, given, done, dates, settings) if given else test
        if judged.cured is not None and judged.status == "compliant" and judged.test_date is not None:
            done.append(judged.test_date)
        tests.append(judged)
    return replace(assessment, tests=tuple(tests), latest=latest_due(tests))


def _cured(
    test: CovenantTest, given: Sequence[Cured], done: Sequence[date], dates: Sequence[date], settings: CovenantSettings
) -> CovenantTest:
    first = given[0]
    total = replace(first, amount=sum((cure.amount for cure in given if cure.kind == first.kind), ZERO))
    test = replace(test, cured=total)
    if test.status != "breach" or test.test_date is None:
        return test
    needed = next((option.amount for option in test.cures if option.kind == total.kind), None)
    if needed is None:
        return replace(test, reason=f"a cure by {_word(total)} does not fit this covenant")
    if not cure_allowed(done, test.test_date, dates, settings):
        return replace(
            test, reason=f"cured too often: at most {settings.cures_in_a_row} in a row and {settings.cures_per_life} in all"
        )
    if total.amount < needed:
        return replace(test, reason=f"the cure by {_word(total)} is short by {needed - total.amount:.2f}")
    return replace(test, status="compliant", reason=f"cured by {_word(total)}")


def _word(cure: Cured) -> str:
    return "the owner's money counted as earnings" if cure.kind == "raise" else "prepayment"
