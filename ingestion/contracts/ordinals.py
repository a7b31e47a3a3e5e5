"""Limits that run for a number of test dates after a day the contract names: "each of the first four fiscal quarters ending after the
Closing Date", 「自签署日起至第四个测试日」.

The dates follow from that day and the length of the periods; where the contract does not say the day there are none.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from ingestion.contracts.clauses import Clause
from ingestion.contracts.counts import COUNT, count_of
from ingestion.contracts.steps import AFTER, Step
from ingestion.contracts.thresholds import limits
from ingestion.quantities import Quantity, dates

PLACES = {
    word: at
    for at, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
        ],
        1,
    )
}
PLACE = rf"(?:{'|'.join(PLACES)}|\d{{1,2}}(?:st|nd|rd|th))"
PERIOD_EN = r"(?:full |fiscal |financial |calendar |consecutive )*(?:quarters?|half[- ]years?|years?|months?|(?:Test|Testing|Calculation|Quarter|Measurement) Dates?|(?:Test|Relevant|Measurement) Periods?)"
PERIOD_ZH = r"(?:完整)?(?:的)?(?:会计|财务|自然|公历|运营)?(?:季度?|半年度?|年度?|月度?|测试日|测试期|计算日)(?:末)?"
SPAN = re.compile(
    rf"\b(?P<ea>{PLACE})(?:\s+{PERIOD_EN})?\s+(?:through|to|until)\s+(?:and including\s+)?(?:the\s+)?(?P<eb>{PLACE})\s+(?P<ep>{PERIOD_EN})"
    rf"|\bfirst\s+(?P<en>{COUNT})\s+(?P<eq>{PERIOD_EN})"
    rf"|\b(?P<es>(?!first\b){PLACE})\s+(?P<er>{PERIOD_EN})"
    rf"|自?第(?P<za>{COUNT})个?(?:{PERIOD_ZH})?(?:[（(]含[）)])?起?[至到-]第?(?P<zb>{COUNT})个?(?P<zp>{PERIOD_ZH})"
    rf"|[至到]第(?P<zu>{COUNT})个(?P<zv>{PERIOD_ZH})"
    rf"|(?:[前首])(?P<zn>{COUNT})个?(?P<zq>{PERIOD_ZH})"
    rf"|(?:自)?第(?P<zs>{COUNT})个(?P<zr>{PERIOD_ZH})(?P<on>[（(]含[）)])?(?P<from>起|及以后)?",
    re.I,
)
NAMED_DAY = re.compile(
    r"\b(?:Closing|Effective|Signing|Execution|Commencement) Date[”\"]?\s*(?:is|means|shall be|:)[^.;]{0,40}|(?:签署|签订|签约|生效|首次提款|放款)日期?[”」]?\s*(?:为|是|指|系指|：|:)[^，。；]{0,30}|(?:签署|签订)于[^，。；]{0,20}",
    re.I,
)
FIRST_TEST = re.compile(
    r"[自从][^，。；]{4,16}?起[^，。；]{0,8}(?:测|考核)|\b(?:commencing|beginning|starting)(?: with| on)?(?: the)?(?: (?:fiscal )?quarter)?(?: end(?:ing|ed))?(?: on)? [^.;,]{0,12}\d{1,2}[^.;]{0,6}\d{4}",
    re.I,
)
"""The day of the first test, from which the places are counted where the sentence gives it."""
MONTHS_OF = (("quarter", 3), ("季", 3), ("half", 6), ("半年", 6), ("year", 12), ("年", 12), ("month", 1), ("月", 1))
FREQUENCIES = {"monthly": 1, "quarterly": 3, "semi_annually": 6, "annually": 12}


def first_day(clauses: Sequence[Clause]) -> date | None:
    """The day the contract begins to run, where it says so."""
    for clause in clauses:
        for found in NAMED_DAY.finditer(clause.text):
            days = dates(found.group())
            if days:
                return days[0].day
    return None


def ordinal_steps(text: str, unit: str, begun: date | None, frequency: str | None) -> list[Step]:
    """The limits of a sentence that counts test dates; empty when it does not or `begun` is not known."""
    spans = list(SPAN.finditer(text))
    values = limits(text, unit)
    tested = FIRST_TEST.search(text)
    days = dates(tested.group()) if tested else []
    begun = days[0].day - timedelta(days=1) if days else begun
    if begun is None or not spans or len(values) < 2:
        return []
    before = spans[0].start() < values[0].start
    steps: list[Step] = []
    for at, value in enumerate(values):
        low, high = _around(values, at, before, len(text))
        own = [span for span in spans if low <= span.start() < high]
        if own:
            months = _months(own[0], frequency)
            start, end = _bounds(own[0])
            since = _end(begun, start - 1, months) + timedelta(days=1) if start > 1 else None
            steps.append(Step(value.value, since, _end(begun, end, months) if end else None))
        elif steps and steps[-1].until and (AFTER.search(text[low:high]) or at == len(values) - 1):
            steps.append(Step(value.value, steps[-1].until + timedelta(days=1)))
        else:
            return []
    return steps


def _around(values: Sequence[Quantity], at: int, before: bool, length: int) -> tuple[int, int]:
    """The words between two limits belong to the one after or the one before, as the sentence begins."""
    if before:
        return (values[at - 1].end if at else 0), values[at].start
    return values[at].end, (values[at + 1].start if at + 1 < len(values) else length)


def _bounds(span: re.Match[str]) -> tuple[int, int | None]:
    """(first, last) place of a span, the last None when it is open."""
    groups = span.groupdict()
    for first, last in (("ea", "eb"), ("za", "zb")):
        if groups[last]:
            return _place(groups[first]), _place(groups[last])
    for last in ("en", "zn", "zu"):
        if groups[last]:
            return 1, _place(groups[last])
    only = _place(groups["es"] or groups["zs"])
    return only, None if groups["from"] else only


def _place(raw: str) -> int:
    return PLACES.get(raw.lower()) or count_of(raw) or 1


def _months(span: re.Match[str], frequency: str | None) -> int:
    groups = span.groupdict()
    words = next((groups[name] for name in ("ep", "eq", "er", "zp", "zv", "zq", "zr") if groups[name]), "").lower()
    said = next((months for word, months in MONTHS_OF if word in words and not (word == "年" and "半年" in words)), None)
    return said or FREQUENCIES.get(frequency or "", 3)


def _end(begun: date, count: int, months: int) -> date:
    """The last day of the `count`th calendar period that ends after `begun`."""
    month = (begun.month - 1) // months * months + months
    year = begun.year
    last = date(year, month, calendar.monthrange(year, month)[1])
    if last <= begun:
        count += 1
    month += months * (count - 1)
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])
