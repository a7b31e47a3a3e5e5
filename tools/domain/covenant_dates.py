"""When a covenant is tested, when its statements are due, and what falls due when.

Test dates step from the first one and keep month ends; without a first date they are the fiscal year ends and the month,
quarter or half-year ends between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.calendars import WEEKENDS, BusinessCalendar
from tools.domain.covenants import Covenant
from tools.domain.periods import add_months, month_end


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """A paper a reporting covenant asks for when one of `words` (lower case) stands in its name."""

    kind: str
    assurance: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CovenantSettings:
    """Dated defaults of testing (rulebook/covenants/testing.yaml). `frequencies`: how each frequency may be written;
    `months` between its tests; `due_days` after the test date by frequency; `calendar` counts business days of grace."""

    at_risk_below: Decimal = Decimal("0.10")
    watch_below: Decimal = Decimal("0.20")
    due_days: Mapping[str, int] = field(default_factory=dict)
    frequencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    least_points: int = 4
    window: int = 8
    horizon: int = 8
    cures_in_a_row: int = 1
    cures_per_life: int = 4
    calendar: BusinessCalendar = WEEKENDS
    papers: tuple[PaperNeed, ...] = ()

    def frequency(self, text: str) -> str | None:
        """The frequency `text` means, None when nobody knows."""
        key = text.strip().lower().replace("-", "_").replace(" ", "_")
        for id, spellings in self.frequencies.items():
            if key == id or key in spellings:
                return id
        return None


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """When the borrower's year ends: month and day (31 December unless told)."""

    month: int = 12
    day: int = 31

    def end_in(self, year: int) -> date:
        """The year end that falls in `year`."""
        return date(year, self.month, min(self.day, month_end(date(year, self.month, 1)).day))


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something that falls due on `day`. `what`: test, statements, grace_ends, cure_ends, waiver_ends, limit_changes."""

    day: date
    covenant: str
    what: str
    test_date: date | None = None


CALENDAR_YEAR = FiscalYear()
ANY_TIME = "any"


def dates_of_tests(
    covenant: Covenant,
    settings: CovenantSettings,
    since: date,
    until: date,
    year: FiscalYear = CALENDAR_YEAR,
    statement_ends: Iterable[date] = (),
) -> list[date]:
    """Test dates from `since` to `until`, both inclusive, not after the covenant's end. `since` only matters when the covenant
    names no first test date. Empty for a frequency nobody knows and for tests that happen on an event. What must hold at any
    time is tested on every statement there is (`statement_ends`), at least each fiscal year end."""
    frequency = settings.frequency(covenant.test_frequency)
    last = min(until, covenant.end_date) if covenant.end_date else until
    if frequency == "at_maturity":
        only = covenant.end_date or covenant.first_test_date
        return [only] if only and only <= until else []
    step = settings.months.get(frequency or "")
    if step is None:
        return []
    if frequency == ANY_TIME:
        begun = covenant.first_test_date or since
        grid = {year.end_in(number) for number in range(begun.year, last.year + 1)}
        return sorted(day for day in grid.union(statement_ends) if begun <= day <= last)
    if covenant.first_test_date is not None:
        first = covenant.first_test_date
        at_end = first == month_end(first)
        moved = (add_months(first, step * number) for number in range(12 * 100 // step))
        return _up_to((month_end(day) if at_end else day for day in moved), first, last)
    anchor = year.end_in(since.year - 1)
    at_end = anchor == month_end(anchor)
    moved = (add_months(anchor, step * number) for number in range(12 * 100 // step))
    return _up_to((month_end(day) if at_end else day for day in moved), since, last)


def due_date(
    covenant: Covenant,
    settings: CovenantSettings,
    test_date: date,
    year: FiscalYear = CALENDAR_YEAR,
    statement_dues: Mapping[date, date] | None = None,
) -> date:
    """When the statements of a test are due: by contract, else as the bank asked for them (documents table), else by frequency;
    those of a fiscal year end, which are audited, as annual ones."""
    days = covenant.due_days
    if days is None and statement_dues and test_date in statement_dues:
        return statement_dues[test_date]
    if days is None:
        frequency = "annually" if test_date == year.end_in(test_date.year) else settings.frequency(covenant.test_frequency)
        days = settings.due_days.get(frequency or "", 0)
    return test_date + timedelta(days=days)


def grace_end(covenant: Covenant, test_date: date, settings: CovenantSettings) -> date | None:
    """Last day on which a breach of the test is not yet a default; counted from the contractual day of delivery."""
    return grace_after(covenant, test_date + timedelta(days=covenant.due_days or 0), settings)


def grace_after(covenant: Covenant, due: date, settings: CovenantSettings) -> date | None:
    """The grace period's last day when it begins on `due`; business days by the settings' calendar. None without grace."""
    if covenant.grace_days is None:
        return None
    if covenant.grace_business_days:
        return settings.calendar.add_business_days(due, covenant.grace_days)
    return due + timedelta(days=covenant.grace_days)


def cure_end(covenant: Covenant, test_date: date) -> date | None:
    """Last day for a cure; counted from the contractual day of delivery."""
    if covenant.cure_days is None:
        return None
    return test_date + timedelta(days=(covenant.due_days or 0) + covenant.cure_days)


def covenant_calendar(
    covenants: Iterable[Covenant],
    settings: CovenantSettings,
    since: date,
    until: date,
    year: FiscalYear = CALENDAR_YEAR,
    statement_dues: Mapping[date, date] | None = None,
) -> list[Appointment]:
    """What falls due from `since` to `until` for covenants in force (proposed and retired ones are not), oldest first."""
    found: list[Appointment] = []
    for covenant in covenants:
        if covenant.state in ("proposed", "retired"):
            continue
        early = since - timedelta(days=400)
        for day in dates_of_tests(covenant, settings, early, until, year):
            marks = {"test": day, "statements": due_date(covenant, settings, day, year, statement_dues)}
            for what, ends in (("grace_ends", grace_end(covenant, day, settings)), ("cure_ends", cure_end(covenant, day))):
                if ends is not None:
                    marks[what] = ends
            found += [Appointment(when, covenant.id, what, day) for what, when in marks.items()]
        found += [Appointment(waiver.until, covenant.id, "waiver_ends") for waiver in covenant.waivers if waiver.until]
        found += [Appointment(step.from_date, covenant.id, "limit_changes") for step in covenant.steps]
    inside = [entry for entry in found if since <= entry.day <= until]
    return sorted(inside, key=lambda entry: (entry.day, entry.covenant, entry.what))


def _up_to(days: Iterable[date], since: date, last: date) -> list[date]:
    found: list[date] = []
    for day in days:
        if day > last:
            break
        if day >= since:
            found.append(day)
    return found
