"""Covenants that are not a ratio on a date: reporting, incurrence, affirmative, negative, cross default.

Each is decided from what the bank recorded (deliveries, acts, unpaid debt elsewhere, a person's finding). Where nothing is
recorded the covenant is not evidenced: silence is never compliance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.act_tests import Watch, incurrence, undertaking
from tools.domain.covenant_dates import CALENDAR_YEAR, CovenantSettings, FiscalYear, dates_of_tests, due_date, grace_after
from tools.domain.covenant_tests import (
    Assessment,
    CovenantTest,
    Measure,
    ReadsAs,
    TestStatus,
    assess,
    latest_due,
)
from tools.domain.covenants import Covenant
from tools.domain.periods import add_months
from tools.domain.restricted_acts import Act, Finding

LEAST_MONTHS = 12
"""A person's finding holds for a year, or until the next test when those lie further apart."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A document asked for or received (the `documents` table). `received` None: not yet."""

    kind: str
    period_end: date | None
    due: date | None
    received: date | None
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the bank recorded of one borrower. None: it keeps no such record, so silence proves nothing. `acts`: those that bear on the
    covenant judged; `watched`: up to when the bank would have learnt of one, by kind."""

    deliveries: tuple[Delivery, ...] | None = None
    acts: tuple[Act, ...] | None = None
    watched: Mapping[str, date] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unpaid_elsewhere: Decimal | None = None
    unpaid_on: date | None = None
    unpaid_currency: str | None = None


NOTHING_RECORDED = Recorded()


def assess_any(
    covenant: Covenant,
    measure: Measure,
    as_of: date,
    settings: CovenantSettings,
    reads_as: ReadsAs,
    *,
    recorded: Recorded = NOTHING_RECORDED,
    since: date | None = None,
    year: FiscalYear = CALENDAR_YEAR,
) -> Assessment:
    """Any covenant at `as_of`; `recorded` is what bears on this one."""
    if covenant.type == "reporting":
        return _reporting(covenant, as_of, settings, recorded, since, year)
    if covenant.type == "incurrence":
        watch = Watch(recorded.acts, recorded.watched)
        return incurrence(covenant, measure, as_of, settings, reads_as, watch, since, year)
    if covenant.type == "cross_default" and covenant.metric is None:
        return _alone(_cross_default(covenant, as_of, recorded))
    if covenant.metric is None:
        known = (
            undertaking(covenant, as_of, Watch(recorded.acts, recorded.watched), since) if covenant.type == "negative" else None
        )
        return _alone(known or _found(covenant, as_of, recorded, settings=settings))
    dues = _statement_dues(recorded)
    made = assess(covenant, measure, as_of, settings, reads_as, since=since, year=year, statement_dues=dues)
    return with_acts(made, recorded.acts or ())


def with_acts(made: Assessment, acts: tuple[Act, ...]) -> Assessment:
    """A numeric undertaking with the acts that bear on it beside its number."""
    return replace(made, latest=replace(made.latest, acts=acts)) if acts and made.covenant.type == "negative" else made


def _statement_dues(recorded: Recorded) -> dict[date, date]:
    """Days on which the bank asked for the statements of a period; the latest ask counts."""
    dues: dict[date, date] = {}
    for delivery in recorded.deliveries or ():
        if delivery.kind == "statement" and delivery.period_end and delivery.due:
            dues[delivery.period_end] = max(delivery.due, dues.get(delivery.period_end, delivery.due))
    return dues


def _reporting(
    covenant: Covenant,
    as_of: date,
    settings: CovenantSettings,
    recorded: Recorded,
    since: date | None,
    year: FiscalYear,
) -> Assessment:
    begun = since or as_of - timedelta(days=3 * 366)
    ahead = as_of + timedelta(days=800)
    dates = dates_of_tests(covenant, settings, begun, ahead, year)
    tests = [_delivery_test(covenant, day, as_of, settings, recorded, year) for day in dates if day <= as_of]
    tests += [CovenantTest(covenant, day, due_date(covenant, settings, day, year), "not_due") for day in dates if day > as_of][
        :1
    ]
    if not tests:
        return _alone(CovenantTest(covenant, None, None, "not_due", reason="no delivery date falls into its life yet"))
    return Assessment(covenant, tuple(tests), latest_due(tests), None)


def _delivery_test(
    covenant: Covenant, day: date, as_of: date, settings: CovenantSettings, recorded: Recorded, year: FiscalYear
) -> CovenantTest:
    """Every paper it asks for must have come; the last to come counts."""
    needs = _papers(covenant, settings)
    of_period = [delivery for delivery in recorded.deliveries or () if delivery.period_end == day]
    asked = [[d for d in of_period if d.kind == kind and assurance in (None, d.assurance)] for kind, assurance in needs]
    due = due_date(covenant, settings, day, year)
    if covenant.due_days is None:
        due = max((d.due for papers in asked for d in papers if d.due), default=due)
    test = CovenantTest(covenant, day, due, "not_due")
    came = [min((d.received for d in papers if d.received and d.received <= as_of), default=None) for papers in asked]
    received = max((found for found in came if found), default=None) if all(came) else None
    if received is not None:
        late = max((received - due).days, 0)
        status: TestStatus = "compliant" if received <= (grace_after(covenant, due, settings) or due) else "breach"
        test = replace(test, status=status, late_days=late)
    elif due >= as_of:
        return test
    elif recorded.deliveries is None:
        return replace(test, status="not_evidenced", missing=("documents",), reason="no record of what was delivered")
    else:
        absent = tuple(kind for (kind, _), found in zip(needs, came, strict=True) if found is None)
        reason = f"not delivered: {', '.join(absent)}"
        test = replace(test, status="breach", late_days=(as_of - due).days, missing=absent, reason=reason)
    if test.status == "breach":
        test = replace(test, grace_until=grace_after(covenant, due, settings))
    if covenant.waived(day):
        return replace(test, status="waived", status_before_waiver=test.status)
    return test


def _papers(covenant: Covenant, settings: CovenantSettings) -> list[tuple[str, str | None]]:
    """(kind, assurance) asked for: `metric` as kind or kind:assurance, else by the words of the name, else statements."""
    if covenant.metric:
        kind, _, assurance = covenant.metric.partition(":")
        return [(kind, assurance or None)]
    name = covenant.name.lower()
    found = [(need.kind, need.assurance) for need in settings.papers if any(word in name for word in need.words)]
    return found or [("statement", None)]


def _cross_default(covenant: Covenant, as_of: date, recorded: Recorded) -> CovenantTest:
    """Unpaid debt elsewhere at or above the threshold is a breach; a threshold nobody wrote means any amount."""
    limit = covenant.limit_on(as_of)
    test = CovenantTest(covenant, recorded.unpaid_on, recorded.unpaid_on, "not_evidenced", limit)
    if recorded.unpaid_elsewhere is None:
        return _found(covenant, as_of, recorded, ("bureau",), "no report of unpaid debt elsewhere")
    if covenant.currency and recorded.unpaid_currency and covenant.currency != recorded.unpaid_currency:
        reason = f"the threshold is in {covenant.currency}, the debt in {recorded.unpaid_currency}, and no dated rate is given"
        return replace(test, missing=("exchange_rate",), reason=reason)
    unpaid = recorded.unpaid_elsewhere
    level = (limit.single if limit else None) or Decimal(0)
    hit = unpaid >= level if level else unpaid > 0
    return replace(test, status="breach" if hit else "compliant", actual=unpaid)


def _found(
    covenant: Covenant,
    as_of: date,
    recorded: Recorded,
    missing: tuple[str, ...] = ("finding",),
    reason: str = "nobody has recorded whether it is kept",
    settings: CovenantSettings | None = None,
) -> CovenantTest:
    told = (*recorded.findings, *covenant.findings)
    known = sorted((finding for finding in told if finding.day <= as_of), key=lambda finding: finding.day)
    if not known:
        return CovenantTest(
            covenant, None, None, "not_evidenced", covenant.limit_on(as_of), missing=missing, reason=reason
        )  # fmt: skip
    last = known[-1]
    status: TestStatus = "compliant" if last.kept else "breach"
    test = CovenantTest(covenant, last.day, last.day, status, covenant.limit_on(as_of), reason=last.why)
    step = settings.months.get(settings.frequency(covenant.test_frequency) or "", LEAST_MONTHS) if settings else None
    if status == "compliant" and step is not None and as_of > add_months(last.day, max(step, LEAST_MONTHS)):
        return replace(test, status="stale", missing=missing, reason=last.why or "found longer ago than it is tested")
    if covenant.waived(last.day):
        return replace(test, status="waived", status_before_waiver=status)
    return test


def _alone(test: CovenantTest) -> Assessment:
    return Assessment(test.covenant, (test,), test, None)
