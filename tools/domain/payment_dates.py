"""When a loan pays: the periods between its payment dates.

Dates keep the day of month they start from (31 Jan, 28 Feb, 31 Mar). The last period ends at maturity, however long it
is; equal instalments take a stub shorter than half a period into the last one, since nobody collects an instalment for
one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tools.domain.loans import MONTHS, Frequency
from tools.domain.periods import add_months, month_end


@dataclass(frozen=True, slots=True)
class PaymentPeriod:
    """Interest runs from `start` to `end`, the payment date. `months` when the period is whole months, else None."""

    start: date
    end: date
    months: int | None


def payment_periods(
    start: date, end: date, frequency: Frequency, first: date | None = None, *, merge_stub: bool = False
) -> tuple[PaymentPeriod, ...]:
    """Periods from `start` to `end`. `first` is the first payment date (default: one period after the start).

    Raises ValueError when the loan ends before it starts or `first` is not after the start.
    """
    if end <= start:
        raise ValueError(f"end_date {end} is not after start_date {start}")
    if first is not None and first <= start:
        raise ValueError(f"first_payment_date {first} is not after start_date {start}")
    step = MONTHS[frequency]
    if step is None:
        return (PaymentPeriod(start, end, whole_months(start, end)),)
    dates = _dates(start, end, step, first)
    if merge_stub and len(dates) > 1:
        before = dates[-3] if len(dates) > 2 else start
        stub = dates[-1] - dates[-2]
        if whole_months(dates[-2], end) is None and stub * 2 < dates[-2] - before and not _day_short(dates[-2], end, step):
            dates = [*dates[:-2], end]
    periods = []
    opened = start
    for day in dates:
        months = whole_months(opened, day)
        if months is None and day == end and _day_short(opened, day, step):
            months = step
        periods.append(PaymentPeriod(opened, day, months))
        opened = day
    return tuple(periods)


def whole_months(start: date, end: date) -> int | None:
    """Months between two dates when they are whole (month ends match month ends), else None."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months < 1:
        return None
    if add_months(start, months) == end or add_months(end, -months) == start:
        return months
    return months if start == month_end(start) and end == month_end(end) else None


def _day_short(start: date, end: date, step: int) -> bool:
    """A loan that ends the day before its anniversary still has a whole last period."""
    return add_months(start, step) - timedelta(days=1) == end


def _dates(start: date, end: date, step: int, first: date | None) -> list[date]:
    if first is None:
        anchor, offset = start, step
    else:
        months = whole_months(start, first)
        # the start keeps the day of month that a short February has clipped off the first payment date
        anchor, offset = (start, months) if months and add_months(start, months) == first else (first, 0)
    dates: list[date] = []
    count = 0
    while (day := add_months(anchor, offset + count * step)) < end:
        dates.append(day)
        count += 1
    return [*dates, end]
