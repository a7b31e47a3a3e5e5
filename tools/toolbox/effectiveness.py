"""How good the bank's warnings were: alerts that stood at each month end against what happened within a year, over all and by root cause.

Alerts are taken from their own history as of each month end, never worked out again with what is known now. An event is more than 30
days past due, a restructuring, or enforcement in the register. Signals later than their data do not count, because the history says
when an alert was opened.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from tools.domain.effectiveness import Record, measured
from tools.domain.loan_states_in_time import states_then
from tools.domain.money import plain_or_none
from tools.domain.periods import add_months, month_end
from tools.rulebook.signal_rules import signals_under
from tools.store.alert_states import first_run, standing_on
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import loan_inputs, rulings

HORIZON = 12
FALLEN = 30
"""Days past due beyond which a borrower has fallen."""
ENFORCED = ("enforcement", "dishonest_debtor", "bankruptcy", "account_freeze")
WARNING = ("orange", "red")
MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """Months looked at, the record of all warnings, and of each root cause; `missing` says why there is none."""

    as_of: date
    months: tuple[date, ...]
    overall: Record | None
    families: tuple[tuple[str, str, Record], ...]
    missing: tuple[str, ...]

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "as_of": self.as_of.isoformat(), "months": [month.isoformat() for month in self.months], "horizon_months": HORIZON,
            "overall": _record(self.overall) if self.overall else None, "missing": list(self.missing),
            "families": [{"family": id, "name": name, **_record(record)} for id, name, record in self.families],
        }  # fmt: skip


def effectiveness_of(desk: Desk, since: date | None = None) -> Effectiveness:
    """Over every borrower the caller may see, from the first month end with a run on (or `since`, the latest three years)."""
    clocks = desk.clocks
    first = first_run(desk.store.alerts.database, clocks.known_at)
    begun = max(filter(None, (first, since, add_months(clocks.as_of, -MOST_MONTHS))), default=clocks.as_of)
    months = _month_ends(begun, clocks.as_of) if first is not None else []
    if not months:
        return Effectiveness(clocks.as_of, (), None, (), ("monitor runs at the end of an earlier month",))
    late = _late(desk, [*months, clocks.as_of])
    events = _events(desk, late)
    warned: dict[date, dict[str, set[str]]] = {}
    for month in months:
        stood = standing_on(desk.caller, desk.store.alerts.database, month, clocks.known_at)
        warned[month] = {b: {f for f, severity in found if severity in WARNING} for b, found in stood.items()}
    standing = {month: {b for b, dpd in late[month].items() if dpd is not None and dpd <= FALLEN} for month in months}
    told = {month: {b for b, families in found.items() if families} for month, found in warned.items()}
    book = signals_under(desk.rulebook, clocks.known_at.date())
    each = []
    for id in sorted({f for found in warned.values() for families in found.values() for f in families}):
        mine = {month: {b for b, families in found.items() if id in families} for month, found in warned.items()}
        each.append((id, book.family(id).name["en"], measured(months, standing, mine, events, clocks.as_of, HORIZON)))
    return Effectiveness(
        clocks.as_of, tuple(months), measured(months, standing, told, events, clocks.as_of, HORIZON), tuple(each), ()
    )


def _month_ends(begun: date, as_of: date) -> list[date]:
    found, day = [], month_end(begun)
    while day < as_of:
        found.append(day)
        day = month_end(add_months(day.replace(day=1), 1))
    return found


def _late(desk: Desk, days: list[date]) -> dict[date, dict[str, int | None]]:
    """Day → borrower with something outstanding → worst days past due; None where no posting tells."""
    settings = rulings(desk)
    found: dict[date, dict[str, int | None]] = {day: {} for day in days}
    for loan in loan_inputs(desk):
        for state in states_then(loan, days, desk.clocks.known_at, settings.repayment, settings.calendar):
            if state.begun and (state.outstanding is None or state.outstanding > 0):
                held = found[state.day].get(state.borrower, 0)
                found[state.day][state.borrower] = None if state.dpd is None or held is None else max(held, state.dpd)
    return found


def _events(desk: Desk, late: dict[date, dict[str, int | None]]) -> dict[str, set[date]]:
    """Borrower → days on which he fell; arrears on the first month end that shows them."""
    found: dict[str, set[date]] = defaultdict(set)
    days = sorted(late)
    for before, day in pairwise(days):
        for borrower, dpd in late[day].items():
            earlier = late[before].get(borrower)
            if dpd is not None and dpd > FALLEN and (earlier is None or earlier <= FALLEN):
                found[borrower].add(day)
    for row in desk.loan_book.rows(desk.caller, "events", desk.clocks):
        if row["type"] in ENFORCED and row["date"] <= desk.clocks.as_of:
            found[str(row["_borrower"])].add(row["date"])
    for row in desk.loan_book.rows(desk.caller, "loans", desk.clocks):
        if row["restructured_date"] is not None and row["restructured_date"] <= desk.clocks.as_of:
            found[str(row["_borrower"])].add(row["restructured_date"])
    return dict(found)


def _record(record: Record) -> dict[str, Any]:
    found = record.found
    return {
        "true_positive": found.true_positive, "false_positive": found.false_positive, "false_negative": found.false_negative,
        "true_negative": found.true_negative, "undecided": record.undecided, "precision": plain_or_none(found.precision),
        "recall": plain_or_none(found.recall), "f1": plain_or_none(found.f1), "false_alert_rate": plain_or_none(found.false_alert_rate),
        "events": record.events, "events_warned": len(record.leads), "median_lead_days": plain_or_none(record.median_lead),
        "quarter_lead_days": plain_or_none(record.quarter_lead),
    }  # fmt: skip
