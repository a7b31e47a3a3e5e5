"""Dates and lengths of periods as statements word them, in English and Chinese.

`read_hint` takes what stands over a column (or in a title) apart without deciding anything: a year without a day, a day
without a year, "three months ended", 期初余额. `ingestion.statements.calendar` turns hints into periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ingestion.statements.numbers import plain_text
from ingestion.statements.vocabulary import simplified
from tools.domain.periods import month_end

Relative = Literal["current", "prior", "opening"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?:\d(?!\d))?(?!\d)"
_FULL = (
    re.compile(rf"\b{_MONTH}\s*{_DAY}\s*,?\s*{_YEAR}"),
    re.compile(rf"(?<!\d){_DAY}\s*(?:of\s+)?{_MONTH}\s*,?\s*{_YEAR}"),
    re.compile(r"(?<!\d)(?P<month>1[0-2]|0?[1-9])/(?P<day>[0-3]?\d)/(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>[0-3]?\d)/(?P<month>1[0-2]|0?[1-9])/(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>[0-3]?\d)\.(?P<month>1[0-2]|0?[1-9])\.(?P<year>(?:19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-./](?P<month>1[0-2]|0?[1-9])[-./](?P<day>[0-3]?\d)(?!\d)"),
    re.compile(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>[0-3]?\d)\s*日"),
)
_MONTH_YEAR = (
    re.compile(rf"\b{_MONTH}\s*,?\s*{_YEAR}"),
    re.compile(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月(?!\s*[0-9至到—-])"),
)
_MONTH_DAY = (
    re.compile(rf"\b{_MONTH}\s*{_DAY}(?!\d)(?!\s*,?\s*(?:19|20)\d\d)"),
    re.compile(rf"(?<!\d){_DAY}\s*(?:of\s+)?{_MONTH}(?!\s*,?\s*(?:19|20)\d\d)"),
    re.compile(r"(?<![年\d])(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>[0-3]?\d)\s*日"),
)
_RANGE = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*年?\s*(?:前三季度|度|半年度)?\s*[(（]?\s*0?(?P<first>1?\d)\s*月?\s*[-—–~至到]+\s*(?:(?P=year)\s*年\s*)?(?P<last>1[0-2]|0?\d)\s*月(?!\s*\d)"
)
_BARE_RANGE = re.compile(r"(?<!\d)0?(?P<first>1?\d)\s*月?\s*[-—–~至到]+\s*(?P<last>1[0-2]|0?[2-9])\s*月(?!\s*\d)")
_SPAN = (
    re.compile(
        r"(?P<y1>(?:19|20)\d\d)\s*年\s*(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*日?\s*(?:[-—–~]+|至|到)\s*"
        r"(?:(?P<y2>(?:19|20)\d\d)\s*年)?\s*(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*日?"
    ),
    re.compile(
        r"(?<!\d)(?P<y1>(?:19|20)\d\d)[-./](?P<m1>\d{1,2})[-./](?P<d1>\d{1,2})\s*(?:~|—|–|--|至|到|\bto\b)\s*"
        r"(?P<y2>(?:19|20)\d\d)[-./](?P<m2>\d{1,2})[-./](?P<d2>\d{1,2})(?!\d)"
    ),
)
_FROM_TO = re.compile(r"from\s+(?P<a>.{6,24}?)\s+(?:to|through)\s+(?P<b>.{3,20}?(?:19|20)\d\d)")
_COUNT = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_CN_COUNT = {"三": 3, "六": 6, "九": 9, "十二": 12}
_N_MONTHS = re.compile(r"\b(?P<n>\d{1,2}|" + "|".join(_COUNT) + r")[\s-]*months?\b")
_N_WEEKS = re.compile(
    r"\b(?P<n>\d{1,2}|twelve|thirteen|fourteen|twenty-four|twenty-six|thirty-six|thirty-nine|fifty-two|fifty-three)[\s-]*weeks?\b"
)
_WEEK_WORDS = {
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "twenty-four": 24,
    "twenty-six": 26,
    "thirty-six": 36,
    "thirty-nine": 39,
}
_WEEK_WORDS |= {"fifty-two": 52, "fifty-three": 53}
_YEARLY = re.compile(
    r"\b(?:fiscal\s+)?years?\s*(?:ended|ending|to)\b|\byear-ended\b|\bfor the (?:fiscal )?years?\b|\bannual\b|年度|全年|止年度"
)
_TO_DATE = re.compile(r"累计|年初[至到]|本年金额|上年金额|本年数|上年数")
TO_DATE = -1
"""A length that is the number of months since the year began."""
_SINCE_JANUARY = re.compile(r"(?P<before>上年|去年)?(?:同期)?(?:年)?初[至到]")
_QUARTER = re.compile(r"\bquarters?\s*(?:ended|ending)?\b|\bfirst quarter\b|第[一二三四]季度|本季度|一季度")
_HALF = re.compile(r"\bhalf[\s-]*years?\b|\bsix-month\b|半年度?|上半年|止六个月")
_CLOSING = re.compile(r"期末|年末(?!.*上年)|本年末|本期末|期末数")
_OPENING = re.compile(r"期初|年初|上年(?:年)?末|上期期末|上年度末|年初数")
_CURRENT = re.compile(r"本期|本年|本报告期|年初至报告期|本季|本月|当月|\bcurrent (?:year|period)\b|\bthis (?:year|period)\b")
_PRIOR = re.compile(r"上期|上年|去年|\bprior (?:year|period)\b|\bprevious (?:year|period)\b|\blast year\b")
_CN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


@dataclass(frozen=True, slots=True)
class Hint:
    """What one piece of text says about a period. `months`: length of a flow, or TO_DATE; `weeks` as printed; `start`: first day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    months: int | None = None
    weeks: int | None = None
    relative: Relative | None = None
    start: date | None = None
    first_month: int | None = None
    restated: bool = False

    @property
    def full(self) -> date | None:
        """The date, when year, month and day are all said (a month without a day means its end)."""
        if self.year and self.month:
            try:
                return date(self.year, self.month, self.day) if self.day else month_end(date(self.year, self.month, 1))
            except ValueError:
                return None
        return None

    def over(self, under: Hint) -> Hint:
        """This hint with what it leaves open filled from `under`; a day without a year keeps its year open."""
        filled = self
        if filled.month is None and under.month is not None:
            filled = replace(filled, month=under.month, day=under.day)
        if filled.year is None and filled.relative is None:
            filled = replace(filled, year=under.year, relative=under.relative)
        if filled.months is None:
            filled = replace(filled, months=under.months, weeks=filled.weeks or under.weeks)
        return filled


def read_hint(raw: str) -> Hint:
    """Everything `raw` says about a period; an empty hint when it says nothing."""
    text = _plain(raw)
    hint = Hint(restated=bool(re.search(r"restated|as adjusted|重述|调整后|经重列", text)))
    months, weeks = _length(text)
    hint = replace(hint, months=months, weeks=weeks)
    span = _FROM_TO.search(text)
    if span:
        first, last = read_hint(span["a"]).full, read_hint(span["b"]).full
        if first and last and first < last:
            length = round((last - first).days / 30.44)
            return replace(hint, year=last.year, month=last.month, day=last.day, months=max(length, 1), start=first)
    for pattern in _SPAN:
        spelt = pattern.search(text)
        found = _spanned(spelt) if spelt else None
        if found:
            return replace(hint, year=found[1].year, month=found[1].month, day=found[1].day, months=found[2], start=found[0])
    ranged = _RANGE.search(text)
    if ranged:
        first_month, last_month = int(ranged["first"]), int(ranged["last"])
        if 1 <= first_month <= last_month <= 12:
            return replace(
                hint,
                year=int(ranged["year"]),
                month=last_month,
                months=last_month - first_month + 1,
                first_month=first_month,
            )
    year, month, day = _dated(text)
    hint = replace(hint, year=year, month=month, day=day)
    bare = _BARE_RANGE.search(text)
    if bare and hint.month is None and 1 <= int(bare["first"]) < int(bare["last"]):
        hint = replace(hint, month=int(bare["last"]), months=int(bare["last"]) - int(bare["first"]) + 1)
    if hint.months is not None and hint.month is None and re.search(r"[年度季]", text):
        ends = {3: _quarter_end(text), 6: 6, 9: 9, 12: 12}
        hint = replace(hint, month=ends.get(hint.months))
    return replace(hint, relative=_relative(text))


def _spanned(match: re.Match[str]) -> tuple[date, date, int] | None:
    """First day, last day and whole months of "2024年4月1日至6月30日"; None when the days make no months."""
    try:
        first = date(int(match["y1"]), int(match["m1"]), int(match["d1"]))
        last = date(int(match["y2"] or match["y1"]), int(match["m2"]), int(match["d2"]))
    except ValueError:
        return None
    months = round((last - first).days / 30.44)
    return (first, last, months) if months >= 1 else None


def days_in_order(raw: str) -> list[str]:
    """The days a text names without a year, in order ("September 30, December 31,"), as it prints them."""
    text = _plain(raw)
    found = [(m.start(), m.end(), m.group(0)) for pattern in _MONTH_DAY for m in pattern.finditer(text)]
    out: list[tuple[int, int, str]] = []
    for start, end, day in sorted(found, key=lambda f: (f[0], f[0] - f[1])):
        if not out or start >= out[-1][1]:
            out.append((start, end, day))
    return [day for _, _, day in out]


def read_hints(raw: str) -> list[Hint]:
    """One hint for each full date (or year) in `raw`, in the order printed."""
    text = _plain(raw)
    found = [(m.start(), m.end(), m.group(0)) for pattern in _FULL for m in pattern.finditer(text)]
    found.sort()
    kept: list[tuple[int, int, str]] = []
    for item in found:
        if not kept or item[0] >= kept[-1][1]:
            kept.append(item)
    if not kept:
        kept = [(m.start(), m.end(), m.group(0)) for m in re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)]
    return [read_hint(piece) for _, _, piece in kept]


def all_dates(text: str) -> list[date]:
    """Every full date in a text, in order, repeats kept."""
    plain = _plain(text)
    found: list[tuple[int, date]] = []
    for pattern in (*_FULL[:2], _FULL[-1]):
        for match in pattern.finditer(plain):
            day = _date(match)
            if day:
                found.append((match.start(), day))
    return [day for _, day in sorted(found)]


def _plain(raw: str) -> str:
    text = simplified(plain_text(raw)).lower()
    text = re.sub(r"[〇零○一二三四五六七八九]{4}(?=\s*年)", lambda m: m.group(0).translate(_CN_DIGITS), text)
    text = re.sub(r"([一二三四五六七八九十]{1,3})(?=\s*[月日])", lambda m: str(_cn_number(m.group(1))), text)
    return re.sub(r"\s+", " ", text)


def _cn_number(text: str) -> int:
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")}
    if "十" not in text:
        return int("".join(str(digits.get(c, 0)) for c in text))
    tens, _, ones = text.partition("十")
    return (digits.get(tens, 1) if tens else 1) * 10 + (digits.get(ones, 0) if ones else 0)


def _date(match: re.Match[str]) -> date | None:
    month = match["month"]
    try:
        return date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
    except ValueError:
        return None


def _dated(text: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day as far as the text says them."""
    for pattern in _FULL:
        for match in pattern.finditer(text):
            day = _date(match)
            if day:
                return day.year, day.month, day.day
    for pattern in _MONTH_YEAR:
        found = pattern.search(text)
        if found:
            return int(found["year"]), MONTHS.get(found["month"]) or int(found["month"]), None
    return _year(text), *_month_day(text)


def _month_day(text: str) -> tuple[int | None, int | None]:
    for pattern in _MONTH_DAY:
        match = pattern.search(text)
        if match and 1 <= int(match["day"]) <= 31:
            return MONTHS.get(match["month"]) or int(match["month"]), int(match["day"])
    return None, None


def _year(text: str) -> int | None:
    year = re.search(r"(?<![\d,.])(?:fy\s?)?((?:19|20)\d\d)(?:/\d\d|\d(?!\d))?(?![\d,.]\d)", text)
    if year:
        return int(year.group(1))
    short = re.search(r"\bfy\s?'?(\d\d)\b", text)
    return 2000 + int(short.group(1)) if short else None


def _length(text: str) -> tuple[int | None, int | None]:
    weeks = _N_WEEKS.search(text)
    if weeks:
        count = _WEEK_WORDS.get(weeks["n"]) or int(weeks["n"])
        return _weeks_to_months(count), count
    months = _N_MONTHS.search(text)
    if months:
        return _COUNT.get(months["n"]) or int(months["n"]), None
    match = re.search(r"止?([三六九]|十二)个月", text)
    if match:
        return _CN_COUNT[match.group(1)], None
    if _TO_DATE.search(text):
        return TO_DATE, None
    if re.search(r"本月|当月", text):
        return 1, None
    if re.search(r"前三季度|三季度报告(?!.*本报告期)", text) and "第三季度" not in text:
        return 9, None
    if _HALF.search(text):
        return 6, None
    if re.search(r"第[一二三四]季度|本季度|\bquarter", text):
        return 3, None
    if _YEARLY.search(text):
        return 12, None
    return None, None


def _weeks_to_months(weeks: int) -> int:
    for months, low, high in ((3, 12, 14), (6, 24, 28), (9, 36, 42), (12, 50, 54)):
        if low <= weeks <= high:
            return months
    return max(round(weeks * 12 / 52), 1)


def _quarter_end(text: str) -> int | None:
    match = re.search(r"第?([一二三四])季度", text)
    return {"一": 3, "二": 6, "三": 9, "四": 12}[match.group(1)] if match else None


def _relative(text: str) -> Relative | None:
    since = _SINCE_JANUARY.search(text)  # 年初至报告期末 is a flow, not the balance at 年初
    if since:
        return "prior" if since["before"] else "current"
    if _OPENING.search(text):
        return "opening"
    if _CLOSING.search(text):
        return "current"
    if _PRIOR.search(text):
        return "prior"
    return "current" if _CURRENT.search(text) else None
