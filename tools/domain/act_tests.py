"""Covenants that bite when the borrower acts: incurrence tests, and undertakings not to do something.

An act is tested on the newest statements before it. It must be certain that it fell into the covenant's life; where a clause asks more
than the ratio (a cap, no default) every part is judged, and a part nobody can judge leaves the whole unproven. That no act is known is
said as such: it is not due when the bank would have learnt of one, never compliant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tools.domain.covenant_dates import CovenantSettings, FiscalYear, dates_of_tests, due_date
from tools.domain.covenant_tests import COMPUTED, Assessment, CovenantTest, Measure, ReadsAs, TestStatus, one_test
from tools.domain.covenants import Covenant
from tools.domain.restricted_acts import ZERO, Act, Limb, LimbStatus, together, worst_of

UNKNOWN_BEFORE = "whether it was before or after the covenant began is not known"


@dataclass(frozen=True, slots=True)
class Watch:
    """`acts` the bank knows of that bear on the covenant, None: it keeps no record of such; `until`: up to when it would have learnt
    of one, by kind."""

    acts: tuple[Act, ...] | None = None
    until: Mapping[str, date] = field(default_factory=dict)


def incurrence(
    covenant: Covenant,
    measure: Measure,
    as_of: date,
    settings: CovenantSettings,
    reads_as: ReadsAs,
    watch: Watch,
    since: date | None,
    year: FiscalYear,
) -> Assessment:
    """One test per act of the covenant's life, oldest first; without one the numbers say what an act would meet today (`early`)."""
    periodic = settings.frequency(covenant.test_frequency) in settings.months
    often = covenant.test_frequency if periodic else "quarterly"
    calendar = replace(covenant, test_frequency=often, first_test_date=None, waivers=())
    begun = since or as_of - timedelta(days=3 * 366)
    dates = [day for day in dates_of_tests(calendar, settings, begun - timedelta(days=500), as_of, year) if day <= as_of]

    def at(day: date) -> CovenantTest:
        return replace(
            one_test(replace(calendar, due_days=0), day, measure, as_of, settings, reads_as, year), covenant=covenant
        )

    sure, unsure = _in_life(watch.acts or (), begun, as_of)

    def newest(act: Act) -> CovenantTest | None:
        """The newest statements before the act; those that were due by then and are not there leave it unproven."""
        for day in (day for day in reversed(dates) if day < act.first):
            test = at(day)
            if test.status != "not_evidenced" or due_date(calendar, settings, day, year) <= act.day:
                return test
        return None

    tests = [_act_test(act, newest(act), covenant, measure, sure, year) for act in sure]
    if tests:
        return Assessment(covenant, tuple(tests), tests[-1], None)
    now = next((test for day in reversed(dates) if (test := at(day)).status != "not_evidenced"), None)
    now = now or CovenantTest(covenant, None, None, "not_evidenced", covenant.limit_on(as_of))
    now = replace(now, early=now.status if now.status in COMPUTED else None, cures=(), grace_until=None, cure_until=None)
    if unsure:
        reason = f"{unsure[-1].kind} {unsure[-1].when}: {UNKNOWN_BEFORE}"
        now = replace(now, status="not_evidenced", reason=reason, missing=("acts",), acts=unsure)
    elif watch.acts is None:
        reason = "no record of the acts it restricts; the figure says what an act would meet"
        now = replace(now, status="not_evidenced", missing=("acts",), reason=reason)
    else:
        now = replace(now, status="not_due", reason=_none_known(watch) or "the borrower has not acted", missing=())
    return Assessment(covenant, (now,), now, None)


def undertaking(covenant: Covenant, as_of: date, watch: Watch, since: date | None) -> CovenantTest | None:
    """An undertaking not to act, judged by the acts the bank knows of: broken by one without the lender's leave (a waiver, or a person's
    finding, on or after its day), unproven otherwise. None when no act is known and nothing was watched."""
    if watch.acts is None:
        return None
    limit = covenant.limit_on(as_of)
    sure, unsure = _in_life(watch.acts, since or as_of - timedelta(days=3 * 366), as_of)
    open_ = [act for act in sure if not any(found.kept and found.day >= act.day for found in covenant.findings)]
    test = CovenantTest(covenant, None, None, "not_evidenced", limit, missing=("finding",), acts=(*sure, *unsure))
    if not open_:
        if any(found.day <= as_of for found in covenant.findings):
            return None
        told = f"{unsure[-1].kind} {unsure[-1].when}: {UNKNOWN_BEFORE}" if unsure else _none_known(watch)
        return replace(
            test, reason=f"{told}; nobody has recorded whether it is kept" if told else "nobody has recorded whether it is kept"
        )
    act = open_[-1]
    test = replace(test, test_date=act.day, due=act.day, actual=act.amount, acts=tuple(open_))
    said = f"{act.kind} {act.when}"
    if covenant.waived(act.day):
        return replace(test, status="waived", status_before_waiver="breach", reason=said, missing=())
    if covenant.excepted:
        return replace(test, actual=None, reason=f"{said}: whether the clause lets it pass is for a person")
    single = limit.single if limit else None
    if single is not None and (act.amount is None or (covenant.currency and act.currency != covenant.currency)):
        return replace(test, actual=None, reason=f"{said}: its amount cannot be held against the limit")
    if single is not None and act.amount is not None and act.amount <= single:
        return replace(test, reason=f"{said} is within the limit; nobody has recorded whether it is kept")
    return replace(test, status="breach", reason=f"{said}, and no leave of the lender is recorded", missing=())


def _in_life(acts: Sequence[Act], begun: date, as_of: date) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    """Acts that certainly fell into the covenant's life, and those that may have; oldest first."""
    known = sorted(
        (act for act in acts if act.day <= as_of and act.day >= begun), key=lambda act: (act.day, act.first, act.kind)
    )
    return tuple(act for act in known if act.first >= begun), tuple(act for act in known if act.first < begun)


def _act_test(
    act: Act,
    ratio_test: CovenantTest | None,
    covenant: Covenant,
    measure: Measure,
    acts: Sequence[Act],
    year: FiscalYear,
) -> CovenantTest:
    test = ratio_test or CovenantTest(
        covenant, None, act.day, "not_evidenced", covenant.limit_on(act.day), missing=("statements",), reason="there are no statements before it",
    )  # fmt: skip
    ratio: LimbStatus = "breach" if test.status == "breach" else "compliant" if test.status in COMPUTED else "not_evidenced"
    limbs = [Limb("ratio", ratio, test.reason)]
    if covenant.cap is not None:
        limbs.append(_cap(act, acts, covenant, measure, year))
    if covenant.no_default:
        limbs.append(Limb("no_default", "not_evidenced", "whether there was a default then is for a person to find"))
    found = [finding for finding in covenant.findings if finding.day >= act.day]
    status: TestStatus = worst_of(limbs)
    if found and status != "breach":
        status = "compliant" if found[-1].kept else "breach"
    if status == "compliant" and test.status == "at_risk":
        status = "at_risk"
    said = [f"{act.kind} {act.when}", *(limb.detail for limb in limbs if limb.detail and limb.status != "compliant")]
    test = replace(test, status=status, reason="; ".join(said), acts=(act,), limbs=tuple(limbs))
    if status != "breach":
        test = replace(test, cures=(), grace_until=None, cure_until=None)
    if covenant.waived(act.day):
        return replace(test, status="waived", status_before_waiver=status)
    return test


def _cap(act: Act, acts: Sequence[Act], covenant: Covenant, measure: Measure, year: FiscalYear) -> Limb:
    """The act, with those of its kind in the same year, against the share of the profit of the year before."""
    assert covenant.cap is not None
    end = year.end_in(act.first.year)
    end = end if end < act.first else year.end_in(act.first.year - 1)
    profit = measure.figure("net_profit", end, "fy", covenant.scope)
    if profit.value is None:
        return Limb("cap", "not_evidenced", f"the net profit of the year to {end} is not known")
    if act.currency and profit.currency and act.currency != profit.currency:
        return Limb(
            "cap", "not_evidenced", f"the act is in {act.currency}, the profit in {profit.currency}, and no dated rate is given"
        )
    most = max(profit.value * covenant.cap, ZERO)
    total = together(act, acts, end + timedelta(days=1))
    if total is None:
        if act.amount is not None and act.amount > most:
            total = act.amount
        else:
            return Limb("cap", "not_evidenced", "the amount is not known")
    return Limb(
        "cap",
        "breach" if total > most else "compliant",
        f"{total} of at most {most} ({covenant.cap} of the net profit to {end})",
    )


def _none_known(watch: Watch) -> str:
    if not watch.until:
        return ""
    return "; ".join(f"no {kind} is known up to {day}" for kind, day in sorted(watch.until.items()))
