"""Dates and periods as an answer writes them, Chinese and English, each with the days it covers.

A mention is a span of days and a grain; whether an artifact's date fits it is decided by `covers`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_Q = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
FISCAL_SLACK = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class DateMention:
    """`first`..`last` as covered days; `grain` day, month, quarter, half, ytd, year, monthday (any year), or none: written as a day
    that no calendar has."""

    start: int
    end: int
    first: date
    last: date
    grain: str

    def covers(self, day: date, months: int | None = None) -> bool:
        """Whether a value dated `day` and spanning `months` (0 a balance, None unknown) may be called by this mention."""
        if self.grain == "none":
            return False
        if self.grain == "monthday":
            return (day.month, day.day) == (self.first.month, self.first.day)
        if self.grain == "year":
            if months not in (0, 12, None):
                return False
            late = self.last < day <= self.last + FISCAL_SLACK and day.year == self.last.year + 1 and months in (0, 12, None)
            return self.first <= day <= self.last or late
        if self.grain == "half" and months not in (0, 6, None):
            return False
        if self.grain == "quarter" and months in (6, 12) and not (day.month in (6, 12) and months is None):
            return False
        return self.first <= day <= self.last


def _span(year: int, first_month: int, last_month: int) -> tuple[date, date]:
    return date(year, first_month, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])


_Y = r"(?P<y>(?:19|20)\d{2})"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("day", rf"{_Y}\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*日?"),
        ("day", rf"(?<![\d.]){_Y}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)"),
        ("day", rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<mn>{_MONTH})\.?,?\s+{_Y}(?!\d)"),
        ("day", rf"(?<![A-Za-z])(?P<mn>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_Y}(?!\d)"),
        ("ytd", rf"{_Y}\s*年\s*前(?P<n>[一二三四1234])个?季度?"),
        ("ytd", rf"{_Y}\s*年\s*1\s*[-–—至到]\s*(?P<m>\d{{1,2}})\s*月"),
        ("ytd", rf"(?<![A-Za-z\d])(?P<nine>9M|(?:first )?(?:nine|9) months(?: of| to| ended)?)\s*{_Y}"),
        ("ytd", rf"{_Y}\s*年?\s*前(?P<mw>九|9|六|6|三|3)个月"),
        ("half", rf"(?<![A-Za-z\d])first (?:six|6) months (?:of )?{_Y}"),
        ("half", rf"{_Y}\s*年?\s*(?P<h>上半年|下半年|半年度|中期|中报|半年报)"),
        ("half", r"(?<![A-Za-z\d])(?:H(?P<h1>[12])|(?P<h2>[12])H)\s*['’]?(?P<y2>(?:19|20)?\d{2})(?!\d)"),
        ("half", rf"(?<!\d){_Y}\s*H(?P<h1>[12])(?!\d)"),
        ("half", rf"(?P<hw>first|second) half (?:of )?{_Y}"),
        ("quarter", rf"{_Y}\s*年?\s*第?(?P<q>[一二三四1234])季[度报]?"),
        ("quarter", r"(?<![A-Za-z\d])Q(?P<q>[1234])\s*['’]?(?P<y2>(?:19|20)?\d{2})(?!\d)"),
        ("quarter", rf"(?<!\d){_Y}\s*Q(?P<q>[1234])(?!\d)"),
        ("quarter", rf"(?P<qw>first|second|third|fourth) quarter (?:of )?{_Y}"),
        ("month", rf"{_Y}\s*年\s*(?P<m>\d{{1,2}})\s*月"),
        ("month", rf"(?<![A-Za-z])(?P<mn>{_MONTH})\.?,?\s+{_Y}(?!\d)"),
        ("month", rf"(?<![\d.,]){_Y}-(?P<m>0[1-9]|1[0-2])(?![\d-])"),
        ("year", r"(?<![A-Za-z])FY\s*['’]?(?P<y2>(?:19|20)?\d{2})(?!\d)"),
        ("year", rf"(?<![\d.,-]){_Y}\s*(?:年度?|财年)(?:末|底|全年|年报)?"),
        ("monthday", r"(?<![\d年])(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
        ("monthday", rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<mn>{_MONTH})(?![A-Za-z])"),
        ("monthday", rf"(?<![A-Za-z])(?P<mn>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,.]*\d)"),
        ("year", rf"(?<![\d.,/$¥€£-]){_Y}(?![\d,]*\d|\.\d|[%％万亿倍天元]|\s*(?:million|billion|thousand|bn|m\b|x\b|%|days))"),
    )
)
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def _read(grain: str, match: re.Match[str]) -> tuple[date, date] | None:
    found = {k: v for k, v in match.groupdict().items() if v}
    raw_year = found.get("y") or found.get("y2") or ""
    year = int(raw_year) + (2000 if len(raw_year) == 2 else 0) if raw_year else 2000
    month = int(found["m"]) if "m" in found else MONTHS.get(found.get("mn", "").lower(), 0)
    try:
        if grain in ("day", "monthday"):
            day = date(year, month, int(found["d"]))
            return day, day
        if grain == "month":
            return _span(year, month, month)
        if grain == "quarter":
            quarter = _Q.get(found.get("q", "")) or _WORDS[found["qw"].lower()]
            return _span(year, quarter * 3 - 2, quarter * 3)
        if grain == "half":
            word = found.get("h", "")
            half = int(
                found.get("h1") or found.get("h2") or _WORDS.get(found.get("hw", "").lower(), 2 if word == "下半年" else 1)
            )
            return _span(year, 1 if half == 1 else 7, 6 if half == 1 else 12)
        if grain == "ytd":
            spoken = {"九": 9, "9": 9, "六": 6, "6": 6, "三": 3, "3": 3}.get(found.get("mw", ""))
            last = 9 if "nine" in found else spoken or month or _Q[found["n"]] * 3
            return _span(year, last, last)
        return _span(year, 1, 12)
    except (ValueError, KeyError):
        return None


def date_mentions(text: str) -> Iterator[DateMention]:
    """Every date or period in `text`, leftmost and most exact first, without overlaps, in order of position."""
    taken: list[DateMention] = []
    for grain, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < m.end and m.start < match.end() for m in taken):
                continue
            span = _read(grain, match)
            if span:
                taken.append(DateMention(match.start(), match.end(), span[0], span[1], grain))
            elif grain == "day":
                taken.append(DateMention(match.start(), match.end(), date.min, date.min, "none"))
    yield from sorted(taken, key=lambda m: m.start)
