"""Periods as a caller of the tools asks for them, and the period ends of a borrower they stand for.

A request is a short string, the same for a model, the API and the command line: `latest`, `2025`, `2025-12-31`, `2025-06`,
`2025H1`, `2025Q3`, `2025M9` (first nine months), `last3y`, `last4p`, `2023..2025`, `since 2026-06-01`. Years are the borrower's
fiscal years, named by the calendar year they end in; a year that ends within ten days of New Year belongs to the older one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tools.domain.periods import add_months, month_end
from tools.errors import BadRequest

Kind = Literal["latest", "year", "day", "month", "half", "quarter", "ytd", "last", "span", "since"]
NEAR = timedelta(days=7)
"""52/53-week years end on the weekday nearest the month's end."""
_FORMS: tuple[tuple[Kind, str], ...] = (
    ("latest", r"latest"),
    ("year", r"(?:FY)?(?P<a>\d{4})(?:FY)?"),
    ("day", r"(?P<day>\d{4}-\d{2}-\d{2})"),
    ("month", r"(?P<a>\d{4})-(?P<n>\d{2})"),
    ("half", r"(?P<a>\d{4})-?H(?P<n>[12])"),
    ("quarter", r"(?P<a>\d{4})-?Q(?P<n>[1-4])"),
    ("ytd", r"(?P<a>\d{4})-?M(?P<n>\d{1,2})"),
    ("last", r"last\s*(?P<n>\d{1,2})(?P<grain>[yp])"),
    ("span", r"(?P<a>\d{4})\.\.(?P<b>\d{4})"),
    ("since", r"since\s*(?P<day>\d{4}-\d{2}-\d{2})"),
)
_SHAPES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _FORMS)


@dataclass(frozen=True, slots=True)
class PeriodRequest:
    """`year`, `number` (half, quarter, month or how many), `day` (a date), `until` (last year of a span), `grain` y or p."""

    kind: Kind
    year: int = 0
    number: int = 0
    day: date | None = None
    until: int = 0
    grain: str = ""

    @classmethod
    def parse(cls, text: str) -> PeriodRequest:
        """Read the short form; BadRequest names the forms when it is none of them."""
        for kind, pattern in _SHAPES:
            match = pattern.fullmatch(text.strip())
            if match:
                found = match.groupdict()
                try:
                    return cls(
                        kind, int(found.get("a") or 0), int(found.get("n") or 0),
                        date.fromisoformat(found["day"]) if found.get("day") else None,
                        int(found.get("b") or 0), (found.get("grain") or "").lower(),
                    )  # fmt: skip
                except ValueError:
                    break
        raise BadRequest(
            f"{text!r} is not a period",
            fix="Write latest, 2025, 2025-12-31, 2025-06, 2025H1, 2025Q3, 2025M9, last3y, 2023..2025 or since 2026-06-01",
        )

    def __str__(self) -> str:
        match self.kind:
            case "latest":
                return "latest"
            case "year":
                return f"{self.year}"
            case "day":
                return self.day.isoformat() if self.day else ""
            case "month":
                return f"{self.year}-{self.number:02d}"
            case "half" | "quarter" | "ytd":
                return f"{self.year}{ {'half': 'H', 'quarter': 'Q', 'ytd': 'M'}[self.kind] }{self.number}"
            case "last":
                return f"last{self.number}{self.grain}"
            case "span":
                return f"{self.year}..{self.until}"
            case "since":
                return f"since {self.day}"

    @property
    def is_series(self) -> bool:
        """More than one period by its nature."""
        return self.kind in ("last", "span", "since")


@dataclass(frozen=True, slots=True)
class Target:
    """One period end to evaluate at; `months` when the request names a length (12 a year, 6 a half, 3 a quarter, n first months)."""

    end: date
    months: int | None = None


def fiscal_year(end: date) -> int:
    """The fiscal year a year end belongs to: its calendar year, or the year before within ten days after New Year."""
    return end.year - 1 if end.month == 1 and end.day <= 10 else end.year


def is_year_end(end: date, fye_month: int, fye_day: int) -> bool:
    """Whether `end` closes a fiscal year that ends around fye_month/fye_day (±7 days for 52/53-week years)."""
    for year in (end.year - 1, end.year, end.year + 1):
        anchor = date(year, fye_month, 1)
        anchor = month_end(anchor) if fye_day >= 28 else anchor.replace(day=fye_day)
        if abs(end - anchor) <= NEAR:
            return True
    return False


def targets(request: PeriodRequest, ends: Sequence[date], fye: tuple[int, int]) -> list[Target]:
    """Period ends for a request, oldest first; a named period that no statement covers stays as asked, so that it is
    reported as missing and not swapped for another. `ends` are the ends available; `latest` gives all of them, newest first."""
    known = sorted(set(ends))
    years = [end for end in known if is_year_end(end, *fye)]
    match request.kind:
        case "latest":
            return [Target(end) for end in reversed(known)]
        case "day":
            assert request.day is not None
            return [Target(_near(request.day, known))]
        case "month":
            return [Target(_near(month_end(date(request.year, request.number, 1)), known))]
        case "year":
            return [_year(request.year, years, known, fye)]
        case "half":
            return _part(request.year, request.number * 6, 6, known, fye)
        case "quarter":
            return _part(request.year, request.number * 3, 3, known, fye)
        case "ytd":
            return _part(request.year, request.number, request.number, known, fye)
        case "last":
            pool = years if request.grain == "y" else known
            return [Target(end, 12 if request.grain == "y" else None) for end in pool[-request.number :]]
        case "span":
            return [_year(year, years, known, fye) for year in range(request.year, request.until + 1)]
        case "since":
            assert request.day is not None
            before = [end for end in known if end <= request.day + NEAR]
            start = before[-1] if before else (known[0] if known else request.day)
            return [Target(end) for end in known if end >= start]


def _near(day: date, known: Sequence[date]) -> date:
    close = [end for end in known if abs(end - day) <= NEAR]
    return min(close, key=lambda end: abs(end - day)) if close else day


def _year(year: int, years: Sequence[date], known: Sequence[date], fye: tuple[int, int]) -> Target:
    match = [end for end in years if fiscal_year(end) == year]
    if match:
        return Target(match[-1], 12)
    inside = [end for end in known if end.year == year]
    if inside and (not years or inside[-1] > years[-1]):
        return Target(inside[-1])  # the running year: its newest interim
    anchor = date(year, fye[0], 1)
    return Target(month_end(anchor) if fye[1] >= 28 else anchor.replace(day=fye[1]), 12)


def _part(year: int, months_in: int, length: int, known: Sequence[date], fye: tuple[int, int]) -> list[Target]:
    calendar_end = month_end(date(year, months_in, 1)) if months_in <= 12 else date(year, 12, 31)
    fiscal_start = add_months(date(year, fye[0], 1), -12)
    fiscal_end = month_end(add_months(fiscal_start, months_in))
    for candidate in (calendar_end, fiscal_end):
        close = _near(candidate, known)
        if close in known:
            return [Target(close, length)]
    return [Target(calendar_end, length)]


def day_given(text: str) -> date:
    """A day as a caller of the tools writes it. BadRequest says how days are written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"{text!r} is not a date", fix="Write it as 2026-06-30") from None


def day_asked(text: str | None) -> date | None:
    """The same where a day may be left out."""
    return day_given(text) if text else None
