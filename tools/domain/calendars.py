"""Business days: a calendar as data, and the rules that move a payment date off a closed day.

A calendar is weekends, holidays and the working weekends that Chinese make-up days (调休) create. It says how far its
holidays are known; beyond that only weekends are, and the answer carries that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tools.domain.loans import BusinessDayRule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """`holidays` are closed weekdays (weekend dates may be listed too); `workdays` are weekend days that are open.
    `known_from`/`known_to` bound the years whose holidays are listed; None on either side means none are."""

    id: str = "weekends"
    holidays: frozenset[date] = field(default_factory=frozenset)
    workdays: frozenset[date] = field(default_factory=frozenset)
    known_from: date | None = None
    known_to: date | None = None

    def is_business_day(self, day: date) -> bool:
        """True when banks are open on `day`."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def knows(self, day: date) -> bool:
        """False when the holidays of that time are not listed, so that only weekends were considered."""
        return self.known_from is not None and self.known_to is not None and self.known_from <= day <= self.known_to

    def adjust(self, day: date, rule: BusinessDayRule) -> date:
        """`day` moved by `rule`: none leaves it, modified_following stays inside the month."""
        if rule == "none" or self.is_business_day(day):
            return day
        if rule == "preceding":
            return self._seek(day, -_DAY)
        moved = self._seek(day, _DAY)
        if rule == "modified_following" and moved.month != day.month:
            return self._seek(day, -_DAY)
        return moved

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th business day after `day` (`day` itself when 0). Raises ValueError when negative."""
        if count < 0:
            raise ValueError("business days are counted forwards only")
        for _ in range(count):
            day = self._seek(day + _DAY, _DAY)
        return day

    def _seek(self, day: date, step: timedelta) -> date:
        while not self.is_business_day(day):
            day += step
        return day


WEEKENDS = BusinessCalendar()
"""Saturdays and Sundays only: what is left when no holiday list is given."""
