"""Reporting periods and the two clocks.

A balance is a period of 0 months with no start; a flow has a start, an end and a length in months. 52/53-week years keep
their true dates and 12 months.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`end` always; `months` 0 for a balance; `start` None for a balance or when the page does not say."""

    end: date
    months: int
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """`as_of`: the business date asked about. `known_at` (timezone-aware UTC): only what the bank had recorded by then."""

    as_of: date
    known_at: datetime


def month_end(day: date) -> date:
    """Last day of `day`'s month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months, clipped to the length of the month reached."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
