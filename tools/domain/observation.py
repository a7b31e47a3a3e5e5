"""Clocks of recovery: upgrading a non-performing loan (Art. 14) and observing a restructured one (Art. 17-23).

Both count from the schedule and what was paid on it. The model only says what is met, what is not and what a person must
judge; it never upgrades.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tools.domain.ledger import Ledger, SettledInstalment
from tools.domain.periods import add_months


@dataclass(frozen=True, slots=True)
class ObservationSettings:
    """How long recovery takes; the numbers are dated rulebook data."""

    upgrade_periods: int = 2
    upgrade_months: int = 6
    observation_periods: int = 2
    observation_months: int = 12
    late_days: int = 1


DEFAULT_OBSERVATION = ObservationSettings()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Whether a loan may be proposed for 正常 or 关注. `earliest`: the first day on which the paying condition can be met,
    None while something is overdue. `met`, `unmet` and `unknown` name the conditions: all_paid, paid_in_time, able_to_perform,
    no_credit_impaired_asset."""

    earliest: date | None
    met: tuple[str, ...]
    unmet: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def allowed(self) -> bool | None:
        """True only when every condition is met; None while a person has to judge one."""
        return False if self.unmet else None if self.unknown else True


@dataclass(frozen=True, slots=True)
class Observation:
    """A restructured loan's observation. `started` is the first repayment date after the change, or the due date of the miss
    that restarted the clock; `ends` the earliest end, None when no second period is scheduled yet. `misses` are due dates."""

    state: Literal["not_started", "running", "served"]
    started: date | None
    ends: date | None
    misses: tuple[date, ...]

    @property
    def running(self) -> bool:
        """True until observation has been served."""
        return self.state != "served"


def assess_upgrade(
    ledger: Ledger,
    settings: ObservationSettings,
    *,
    able_to_perform: bool | None = None,
    no_credit_impaired_asset: bool | None = None,
) -> Upgrade:
    """Art. 14 at the ledger's date. What only a person knows is passed in, None when nobody has said."""
    verdicts: dict[str, bool | None] = {
        "all_paid": ledger.dpd == 0,
        "able_to_perform": able_to_perform,
        "no_credit_impaired_asset": no_credit_impaired_asset,
    }
    earliest = None
    if ledger.dpd == 0:
        cured = max((line.settled_on for line in ledger.lines if line.settled_on and line.days_late), default=None)
        earliest = _served(ledger.lines, cured, settings.upgrade_periods, settings.upgrade_months) if cured else ledger.as_of
    verdicts["paid_in_time"] = earliest is not None and earliest <= ledger.as_of
    return Upgrade(
        earliest,
        tuple(name for name, verdict in verdicts.items() if verdict is True),
        tuple(name for name, verdict in verdicts.items() if verdict is False),
        tuple(name for name, verdict in verdicts.items() if verdict is None),
    )


def observe(ledger: Ledger, restructured: date, settings: ObservationSettings) -> Observation:
    """The observation of a loan whose contract changed on `restructured`, at the ledger's date. A missed due restarts the
    clock at that due date; two consecutive periods and a year must pass without one."""
    after = [line for line in ledger.lines if line.date > restructured and (line.principal or line.interest)]
    fallen = [line for line in after if line.date <= ledger.as_of]
    if not fallen:
        return Observation("not_started", after[0].date if after else None, None, ())
    misses = tuple(line.date for line in fallen if _missed(line, ledger.as_of, settings.late_days))
    started = misses[-1] if misses else fallen[0].date
    ends = _served(after, started, settings.observation_periods, settings.observation_months)
    served = ends is not None and ends <= ledger.as_of
    # a clock that had run out before a later miss stays served: the loan had left the list
    for number, miss in enumerate(misses):
        begun = misses[number - 1] if number else fallen[0].date
        ended = _served(after, begun, settings.observation_periods, settings.observation_months)
        if ended is not None and ended < miss:
            return Observation("served", begun, ended, misses[:number])
    return Observation("served" if served else "running", started, ends, misses)


def _missed(line: SettledInstalment, as_of: date, late_days: int) -> bool:
    late = line.days_late if line.settled_on else (as_of - line.date).days
    return late >= late_days


def _served(lines: Sequence[SettledInstalment], started: date, periods: int, months: int) -> date | None:
    """The later of so many months and the so-many-th due after `started`."""
    following = [line.date for line in lines if line.date > started and (line.principal or line.interest)]
    by_time = add_months(started, months)
    if len(following) < periods:
        # a loan that ends earlier has no further period to wait for
        return max([by_time, *following])
    return max(by_time, following[periods - 1])
