"""Tests of numeric covenants: one per test date, and the latest due one as the covenant's status.

compliant · at_risk (passes, headroom under 10 %) · breach (also when the denominator makes the ratio not meaningful in the bad
direction) · waived · not_due (the test date or the day its statements are due is ahead) · not_evidenced (due, an input is
missing) · stale (only an older test can be computed and a newer one is due). Unknown is never compliant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from tools.domain.covenant_dates import (
    ANY_TIME,
    CALENDAR_YEAR,
    CovenantSettings,
    FiscalYear,
    cure_end,
    dates_of_tests,
    due_date,
    grace_end,
)
from tools.domain.covenant_definitions import Counted, defined
from tools.domain.covenants import Covenant, Cured, Limit
from tools.domain.facts import Scope
from tools.domain.figures import Basis, Figure
from tools.domain.headroom import Cure, amount_cures, cushion, headroom, passes, ratio_cures
from tools.domain.projection import Projection, project
from tools.domain.restricted_acts import Act, Limb

TestStatus = Literal["compliant", "at_risk", "breach", "waived", "not_due", "not_evidenced", "stale"]
ReadsAs = Callable[[str], str]
"""A figure's reason to best, worst or neutral (rulebook/reasons.yaml)."""

BASES: Mapping[str, Basis] = {"annual": "fy", "ltm": "ltm", "ytd": "ytd", "quarter": "quarter", "point": "point"}
COMPUTED = ("compliant", "at_risk", "breach")


class Measure(Protocol):
    """Where a covenant's numbers come from: rulebook metrics, or a formula over line items, of one borrower."""

    def figure(self, metric: str, period_end: date, basis: Basis | None, scope: Scope) -> Figure:
        """The metric at a period end; a metric that cannot be had is a figure that says why."""
        ...

    def statement_ends(self, scope: Scope) -> list[date]:
        """Period ends for which there is a statement, oldest first."""
        ...

    def parts(self, metric: str, period_end: date, basis: Basis | None, scope: Scope) -> tuple[Figure, Figure] | None:
        """Numerator and denominator when the metric is a ratio, else None."""
        ...


@dataclass(frozen=True, slots=True)
class CovenantTest:
    """One test. `early`: what a test whose statements are not due yet would say. `status_before_waiver`: what a waived test
    would say. For stale, this is the older test that can be computed and `due_test` the newer one that is due. `cures`: what
    would bring a breach to its limit. `acts`: what the borrower did that the covenant restricts; `limbs`: the parts of what it asks then."""

    covenant: Covenant
    test_date: date | None
    due: date | None
    status: TestStatus
    limit: Limit | None = None
    actual: Decimal | None = None
    headroom: Decimal | None = None
    cushion: Decimal | None = None
    figure: Figure | None = None
    missing: tuple[str, ...] = ()
    reason: str = ""
    grace_until: date | None = None
    cure_until: date | None = None
    cures: tuple[Cure, ...] = ()
    early: TestStatus | None = None
    status_before_waiver: TestStatus | None = None
    due_test: date | None = None
    late_days: int | None = None
    cured: Cured | None = None
    counted: tuple[Counted, ...] = ()
    acts: tuple[Act, ...] = ()
    limbs: tuple[Limb, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A covenant at a business date: every test up to it (`tests`, oldest first, the next one last), and the `latest` due."""

    covenant: Covenant
    tests: tuple[CovenantTest, ...]
    latest: CovenantTest
    projection: Projection | None


def assess(
    covenant: Covenant,
    measure: Measure,
    as_of: date,
    settings: CovenantSettings,
    reads_as: ReadsAs,
    *,
    since: date | None = None,
    year: FiscalYear = CALENDAR_YEAR,
    statement_dues: Mapping[date, date] | None = None,
) -> Assessment:
    """A numeric covenant at `as_of`. `since`: when it began (default: three years back) if it names no first test date."""
    begun = since or as_of - timedelta(days=3 * 366)
    ahead = as_of + timedelta(days=(settings.horizon + 1) * 31 * 12)
    ends = [end for end in measure.statement_ends(covenant.scope) if end <= as_of]
    dates = dates_of_tests(covenant, settings, begun, ahead, year, ends)
    if not dates:
        nothing = _undated(covenant, settings)
        return Assessment(covenant, (), nothing, None)
    tested = [day for day in dates if day <= as_of]
    upcoming = [day for day in dates if day > as_of]
    tests = [one_test(covenant, day, measure, as_of, settings, reads_as, year, statement_dues) for day in tested]
    tests += [_not_due(covenant, day, settings, year, statement_dues) for day in upcoming[:1]]
    projection = _projection(covenant, tests, dates, settings)
    return Assessment(covenant, tuple(tests), latest_due(tests), projection)


def one_test(
    covenant: Covenant,
    day: date,
    measure: Measure,
    as_of: date,
    settings: CovenantSettings,
    reads_as: ReadsAs,
    year: FiscalYear = CALENDAR_YEAR,
    statement_dues: Mapping[date, date] | None = None,
) -> CovenantTest:
    """The test of one date."""
    test = _not_due(covenant, day, settings, year, statement_dues)
    if day > as_of or test.due is None:
        return test
    judged = _judged(test, measure, settings, reads_as)
    if covenant.waived(day):
        return replace(judged, status="waived", status_before_waiver=judged.status)
    if test.due > as_of:
        early = judged.status if judged.status in COMPUTED else None
        return replace(
            judged, status="not_due", early=early, cures=judged.cures if early else (), grace_until=None, cure_until=None
        )
    return judged


def latest_due(tests: Sequence[CovenantTest]) -> CovenantTest:
    """The status of a covenant out of its tests, oldest first: the newest that is due, or the first one still ahead."""
    due = [test for test in tests if test.status != "not_due"]
    if not due:
        return tests[0]
    newest = due[-1]
    if newest.status != "not_evidenced":
        return newest
    computed = [test for test in due if test.status in COMPUTED or test.status_before_waiver in COMPUTED]
    if not computed:
        return newest
    return replace(
        computed[-1], status="stale", due_test=newest.test_date, missing=newest.missing, reason=newest.reason, early=None
    )


def _judged(test: CovenantTest, measure: Measure, settings: CovenantSettings, reads_as: ReadsAs) -> CovenantTest:
    covenant, day = test.covenant, test.test_date
    lacking = [name for name, held in (("metric", covenant.metric), ("operator", covenant.operator)) if not held]
    if test.limit is None:
        lacking.append("threshold")
    if lacking or covenant.metric is None or covenant.operator is None or test.limit is None or day is None:
        return _unproven(test, tuple(lacking), f"not computable because {' and '.join(lacking)} of the covenant is missing")
    basis = BASES.get(covenant.basis or "")
    metric, counted = defined(
        covenant.metric, covenant.add_backs, day, lambda name: measure.figure(name, day, basis, covenant.scope)
    )
    figure = measure.figure(metric, day, basis, covenant.scope)
    limit, test = test.limit, replace(test, figure=figure, counted=counted)
    if figure.basis == "annualised":
        reason = "the last twelve months cannot be built from the statements at hand; a scaled year to date is no evidence"
        return _unproven(test, ("earlier statements",), reason)
    if figure.unit == "currency" and covenant.currency and figure.currency and covenant.currency != figure.currency:
        reason = f"the limit is in {covenant.currency}, the figure in {figure.currency}, and no dated rate is given"
        return _unproven(test, ("exchange_rate",), reason)
    if figure.status == "not_computable":
        return _unproven(test, figure.missing, figure.reason)
    if figure.status == "not_meaningful" or figure.value is None:
        return _without_value(test, figure, reads_as, settings, measure, basis)
    actual, operator = figure.value, covenant.operator
    left = headroom(actual, operator, limit)
    status: TestStatus = "breach"
    if passes(actual, operator, limit):
        status = "at_risk" if left is not None and left < settings.at_risk_below else "compliant"
    measured = replace(test, status=status, actual=actual, headroom=left, cushion=cushion(actual, operator, limit), reason="")
    return measured if status != "breach" else _breached(measured, measure, basis, settings)


def _without_value(
    test: CovenantTest, figure: Figure, reads_as: ReadsAs, settings: CovenantSettings, measure: Measure, basis: Basis | None
) -> CovenantTest:
    """A ratio without value passes when there is nothing to cover, fails when it is off the bad end of the scale. What is off it may be
    raised to the limit; cutting the debt to nothing is no cure of earnings below zero."""
    reading = reads_as(figure.reason)
    maximum = test.covenant.operator == "<=" and figure.reason in ("zero_denominator", "negative_denominator")
    if reading == "worst" or maximum:
        cures = tuple(cure for cure in _ratio_cures(test, measure, basis) if cure.kind == "raise")
        return replace(_consequences(test, settings), status="breach", reason=figure.reason, cures=cures)
    if reading == "best" and test.covenant.operator != "==":
        return replace(test, status="compliant", reason=figure.reason)
    return _unproven(test, (), figure.reason)


def _breached(test: CovenantTest, measure: Measure, basis: Basis | None, settings: CovenantSettings) -> CovenantTest:
    covenant, figure, limit = test.covenant, test.figure, test.limit
    assert covenant.metric and covenant.operator and figure and figure.value is not None and limit
    cures = _ratio_cures(test, measure, basis)
    if not cures and figure.unit == "currency":
        cures = amount_cures(figure.value, covenant.operator, limit, covenant.metric)
    return replace(_consequences(test, settings), cures=cures)


def _ratio_cures(test: CovenantTest, measure: Measure, basis: Basis | None) -> tuple[Cure, ...]:
    """What brings the parts of a ratio to its limit, each alone; nothing for what is no ratio or whose parts are not known."""
    covenant, figure, limit, day = test.covenant, test.figure, test.limit, test.test_date
    if not covenant.metric or not covenant.operator or figure is None or limit is None or limit.single is None or day is None:
        return ()
    metric = covenant.metric if not test.counted else figure.formula
    parts = measure.parts(metric, day, basis, covenant.scope)
    if parts is None or parts[0].value is None or parts[1].value is None:
        return ()
    fixed = parts[0].value if covenant.operator == "<=" else parts[1].value
    if fixed <= 0:
        return ()
    own = measure.parts(covenant.metric, day, basis, covenant.scope) or parts
    return ratio_cures(parts[0].value, parts[1].value, covenant.operator, limit.single, (own[0].name, own[1].name))


def _consequences(test: CovenantTest, settings: CovenantSettings) -> CovenantTest:
    assert test.test_date is not None
    return replace(
        test,
        grace_until=grace_end(test.covenant, test.test_date, settings),
        cure_until=cure_end(test.covenant, test.test_date),
    )


def _unproven(test: CovenantTest, missing: tuple[str, ...], reason: str) -> CovenantTest:
    return replace(test, status="not_evidenced", missing=missing, reason=reason)


def _not_due(
    covenant: Covenant,
    day: date,
    settings: CovenantSettings,
    year: FiscalYear,
    statement_dues: Mapping[date, date] | None,
) -> CovenantTest:
    due = due_date(covenant, settings, day, year, statement_dues)
    return CovenantTest(covenant, day, due, "not_due", covenant.limit_on(day))


def _undated(covenant: Covenant, settings: CovenantSettings) -> CovenantTest:
    if settings.frequency(covenant.test_frequency) is None:
        reason = f"test_frequency {covenant.test_frequency!r} is not understood"
        return CovenantTest(covenant, None, None, "not_evidenced", covenant.limit, missing=("test_frequency",), reason=reason)
    if settings.frequency(covenant.test_frequency) == "on_event":
        return CovenantTest(covenant, None, None, "not_due", covenant.limit, reason="tested when the borrower acts")
    return CovenantTest(covenant, None, None, "not_due", covenant.limit, reason="no test date falls into its life yet")


def _projection(
    covenant: Covenant, tests: Sequence[CovenantTest], dates: Sequence[date], settings: CovenantSettings
) -> Projection | None:
    if settings.frequency(covenant.test_frequency) == ANY_TIME:
        return None  # statements come at uneven distances: there is no step to count in
    step = {day: number for number, day in enumerate(dates)}
    past = [(step[test.test_date], test.actual) for test in tests if test.test_date and test.actual is not None]
    past = past[-settings.window :]
    if not past:
        return None
    future = [(step[day], day) for day in dates if step[day] > past[-1][0]][: settings.horizon]
    return project(covenant, past, future, settings.least_points)
