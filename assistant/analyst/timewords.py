"""Periods as people say them: "上季度", "FY25", "since June", "近三年", "as of 31 December 2025", "未来三个月".

Relative words count from the business date asked about, never from a clock. What has a year is taken as said; a month or
quarter without a year is the newest one that had ended by the business date.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tools.domain.periods import add_months, month_end
from tools.toolbox.periods import PeriodRequest

_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
                "december")  # fmt: skip
_MONTHS = {name[:3]: index for index, name in enumerate(_MONTH_NAMES, 1)} | {n: i for i, n in enumerate(_MONTH_NAMES, 1)}
_MONTHS["sept"] = 9
_MN = "|".join(sorted(_MONTHS, key=len, reverse=True))
_N = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12,
      "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
      "first": 1, "second": 2, "third": 3, "fourth": 4, "half": 6, "半": 6, "几": 3, "few": 3, "couple of": 2, "several": 3}  # fmt: skip
_CN = "十一|十二|[一二两三四五六七八九十几]"
_EN = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple of|several"
_Y = r"(?P<y>(?:19|20)\d{2})"
_APART = r"(?<!\d)(?<!\d[.,])"
"""Not inside a number. A comma after words is only a comma ("存货,2025年")."""
_FY = r"(?:FY|fiscal(?: year)?|financial year)\s*'?"
_END = r"(?:the )?(?:year[- ]?end|end of(?: the)?(?: year)?|close of|december of|ye)"


@dataclass(frozen=True, slots=True)
class TimePhrase:
    """What a phrase stands for. `request`: a reporting period; `window`: first and last day of a stretch (dues, events);
    `end`: the phrase says the end of the period, so a balance is meant."""

    start: int
    end: int
    text: str
    request: PeriodRequest | None = None
    window: tuple[date, date] | None = None
    at_end: bool = False


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _N[text.lower()]


def _newest_month(month: int, as_of: date) -> date:
    end = month_end(date(as_of.year, month, 1))
    return end if end.replace(day=1) <= as_of else month_end(date(as_of.year - 1, month, 1))


def _quarter_before(as_of: date, back: int = 1) -> PeriodRequest:
    index = as_of.year * 4 + (as_of.month - 1) // 3 - back
    return PeriodRequest("quarter", index // 4, index % 4 + 1)


def _newest_quarter(number: int, as_of: date) -> PeriodRequest:
    end = month_end(date(as_of.year, number * 3, 1))
    return PeriodRequest("quarter", as_of.year if end <= as_of else as_of.year - 1, number)


def _ytd_so_far(months: int, as_of: date) -> tuple[PeriodRequest, None, bool]:
    """The first months of the newest year in which they have ended."""
    ended = month_end(date(as_of.year, months, 1)) <= as_of
    return _is(PeriodRequest("ytd", as_of.year if ended else as_of.year - 1, months))


def _newest_half(number: int, as_of: date) -> PeriodRequest:
    end = month_end(date(as_of.year, number * 6, 1))
    return PeriodRequest("half", as_of.year if end <= as_of else as_of.year - 1, number)


Found = TimePhrase | None
Maker = Callable[[re.Match[str], date], tuple[PeriodRequest | None, tuple[date, date] | None, bool] | None]


def _is(request: PeriodRequest, at_end: bool = False) -> tuple[PeriodRequest, None, bool]:
    return request, None, at_end


def _day(match: re.Match[str], _: date) -> tuple[PeriodRequest, None, bool]:
    month = match["m"] if "m" in match.groupdict() else str(_MONTHS[match["mn"].lower()])
    return _is(PeriodRequest("day", day=date(int(match["y"]), int(month), int(match["d"]))), True)


def _month(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    found = match.groupdict()
    month = int(found["m"]) if found.get("m") else _MONTHS[found["mn"].lower()]
    year = int(found["y"]) if found.get("y") else _newest_month(month, as_of).year
    return _is(PeriodRequest("month", year, month), bool(found.get("e")))


def _month_or_may(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    month = _MONTHS[match["mn"].lower()] if match["mn"] else 5
    return _is(PeriodRequest("month", _newest_month(month, as_of).year, month))


def _years_back(word: str) -> int:
    return {"今": 0, "本": 0, "前": 2}.get(word[0], 1)


def _day_of_a_year(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    """ "去年12月31日"."""
    return _is(PeriodRequest("day", day=date(as_of.year - _years_back(match["w"]), int(match["m"]), int(match["d"]))), True)


def _month_of_a_year(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    """ "今年3月底", "去年8月"."""
    return _is(PeriodRequest("month", as_of.year - _years_back(match["w"]), int(match["m"])), bool(match["e"]))


def _month_alone(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    """ "On June numbers", "at June": a month by its name only."""
    month = _MONTHS[(match["mn"] or match["mn2"]).lower()]
    return _is(PeriodRequest("month", _newest_month(month, as_of).year, month))


def _month_in_han(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    month = _number(match["cm"])
    return _is(PeriodRequest("month", _newest_month(month, as_of).year, month), bool(match["e"]))


def _quarter_of_month(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    """ "The June quarter" ends with June; "the June quarter before" a year earlier."""
    newest = _newest_quarter((_MONTHS[(match["mn"] or match["mn2"]).lower()] + 2) // 3, as_of)
    return _is(replace(newest, year=newest.year - 1) if match["b"] else newest)


def _newest_day(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, None, bool]:
    """A day without a year: the newest one that has come."""
    found = match.groupdict()
    month, day = int(found["m"]) if found.get("m") else _MONTHS[found["mn"].lower()], int(found["d"])
    this = date(as_of.year, month, day)
    return _is(PeriodRequest("day", day=this if this <= as_of else date(as_of.year - 1, month, day)), True)


def _since(match: re.Match[str], as_of: date) -> tuple[PeriodRequest, tuple[date, date], bool]:
    found = match.groupdict()
    if found.get("d") and found.get("y"):
        start = date(int(found["y"]), int(found.get("m") or _MONTHS[found["mn"].lower()]), int(found["d"]))
    elif found.get("m") or found.get("mn"):
        month = int(found["m"]) if found.get("m") else _MONTHS[found["mn"].lower()]
        year = int(found["y"]) if found.get("y") else _newest_month(month, as_of).year
        start = date(year, month, 1)
    else:
        start = date(int(found["y"]), 1, 1)
    return PeriodRequest("since", day=start), (start, as_of), False


def _forward(count: int, unit: str, as_of: date) -> tuple[date, date]:
    unit = unit.lower()
    if unit.startswith(("天", "日", "day")):
        return as_of, as_of + timedelta(days=count)
    if unit.startswith(("周", "星期", "week")):
        return as_of, as_of + timedelta(days=7 * count)
    months = count * (12 if unit.startswith(("年", "year")) else 3 if unit.startswith(("季", "quarter")) else 1)
    return as_of, add_months(as_of, months)


def _last_n(match: re.Match[str], as_of: date) -> tuple[PeriodRequest | None, tuple[date, date] | None, bool]:
    count, unit = _number(match["n"]), match["u"].lower()
    if unit.startswith(("年", "year", "yr", "会计年", "财年", "fiscal")):
        if count == 1:
            return PeriodRequest("last", number=2, grain="y"), (add_months(as_of, -12), as_of), False
        return PeriodRequest("last", number=count, grain="y"), (add_months(as_of, -12 * count), as_of), False
    if unit.startswith(("季", "quarter", "qtr", "期", "period")):
        return PeriodRequest("last", number=count, grain="p"), (add_months(as_of, -3 * count), as_of), False
    if unit.startswith(("月", "month")):
        start = add_months(as_of, -count)
        return PeriodRequest("since", day=start), (start, as_of), False
    start = as_of - timedelta(days=count * (7 if unit.startswith(("周", "星期", "week")) else 1))
    return PeriodRequest("since", day=start), (start, as_of), False


def _next_month(as_of: date) -> tuple[date, date]:
    first = month_end(as_of) + timedelta(days=1)
    return first, month_end(first)


def _quarter_window(as_of: date, ahead: int) -> tuple[date, date]:
    index = as_of.year * 4 + (as_of.month - 1) // 3 + ahead
    first = date(index // 4, index % 4 * 3 + 1, 1)
    return first, month_end(add_months(first, 2))


def _prior_same(request: PeriodRequest) -> PeriodRequest:
    return PeriodRequest(request.kind, request.year - 1, request.number)


_RULES: tuple[tuple[re.Pattern[str], Maker], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), maker)
    for pattern, maker in (
        # spans
        (rf"\b(?:from|between) {_Y}\s*(?:-|to|and|through|until)\s*(?P<y2>(?:19|20)\d{{2}})(?![\d-])",
         lambda m, a: _is(PeriodRequest("span", int(m["y"]), until=int(m["y2"])))),
        (rf"{_Y}\s*年?\s*(?:-|~|至|到|to|through|until)\s*(?P<y2>(?:19|20)\d{{2}})(?![\d-])\s*(?:年度?)?(?:间|期间|末)?",
         lambda m, a: _is(PeriodRequest("span", int(m["y"]), until=int(m["y2"])))),
        (rf"(?:from |between )?{_FY}(?P<y>\d{{2,4}})\s*(?:-|~|至|到|to|and|through)\s*(?:{_FY})?(?P<y2>\d{{2,4}})\b",
         lambda m, a: _is(PeriodRequest("span", _year(m["y"]), until=_year(m["y2"])))),
        # since
        (rf"(?:自从?|从)?\s*{_Y}\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?:(?P<d>\d{{1,2}})\s*日)?\s*(?:以来|至今|到现在|之后|以后|起)", _since),
        (rf"(?:自从?|从)?\s*{_Y}\s*年?\s*(?:以来|至今|到现在|之后|以后|起)", _since),
        (r"(?:自从?|从)?\s*(?P<m>\d{1,2})\s*月份?\s*(?:以来|至今|到现在|之后|以后|起)", _since),
        (rf"\b(?:since|after) (?:the )?(?:end of |start of |beginning of )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<mn>{_MN})\.?,? {_Y}", _since),
        (rf"\b(?:since|after) (?:the )?(?:end of |start of |beginning of )?(?P<mn>{_MN})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {_Y}", _since),
        (r"\b(?:since|after) (?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", _since),
        (rf"\b(?:since|from|after) (?:the )?(?:end of |start of |beginning of )?(?P<mn>{_MN})\b\.?,?(?: (?:of )?{_Y})?(?: on(?:wards)?)?", _since),
        (rf"\bsince (?:the )?(?:end of |start of |beginning of )?{_Y}\b", _since),
        (r"\bsince last year\b|去年以来|自去年", lambda m, a: (PeriodRequest("since", day=date(a.year - 1, 1, 1)), (date(a.year - 1, 1, 1), a), False)),
        (r"今年以来|年初以来|年初至今|年初到现在|\bsince (?:the )?(?:start|beginning) of (?:the|this) year\b|\bthis year so far\b|\byear to date\b|\bytd\b",
         lambda m, a: (PeriodRequest("year", a.year), (date(a.year, 1, 1), a), False)),
        # days
        (rf"(?:as of |as at |at |on )?{_Y}\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]?", _day),
        (rf"{_APART}{_Y}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)", _day),
        (rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mn>{_MN})\b\.?,? {_Y}(?!\d)", _day),
        (rf"\b(?P<mn>{_MN})\b\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {_Y}(?!\d)", _day),
        (r"(?P<w>今年|本年|去年|上年|前年)的?\s*(?P<m>1[0-2]|[1-9])\s*月\s*(?P<d>\d{1,2})\s*[日号]", _day_of_a_year),
        (r"(?<![\d年.])(?P<m>1[0-2]|[1-9])\s*月\s*(?P<d>\d{1,2})\s*[日号]", _newest_day),
        (rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mn>{_MN})\b\.?(?!,? ?\d)", _newest_day),
        (rf"\b(?P<mn>{_MN})\b\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|,? ?(?:19|20)\d{{2}}|-|%|[./,]\d)", _newest_day),
        # parts of a year
        (rf"\b9M\s*'?(?:{_FY})?(?P<y>(?:20)?\d{{2}})\b", lambda m, a: _is(PeriodRequest("ytd", _year(m["y"]), 9))),
        (r"(?<![\dA-Za-z])(?P<y>[12]\d)\s*-?(?P<k>[HhQq])(?P<n>[1-4])(?![\dA-Za-z])",
         lambda m, a: _is(PeriodRequest("half" if m["k"] in "Hh" else "quarter", _year(m["y"]), int(m["n"])))),
        (r"\b(?:H(?P<n>[12])|(?P<n2>first|second) half|(?P<i>interims?|half[- ]?year))(?: of)? (?P<w>this|last|the previous|the prior) year\b"
         r"|\b(?P<w2>this|last|previous|prior) year(?:'s|s)? (?:H(?P<n3>[12])|(?P<n4>first|second) half|(?P<i2>interims?|half[- ]?year))\b|(?P<w3>今年|去年|上年)\s*[Hh](?P<n5>[12])",
         lambda m, a: _is(PeriodRequest("half", a.year - (0 if (m["w"] or m["w2"] or m["w3"]).lower() in ("this", "今年") else 1),
                                        1 if m["i"] or m["i2"] else _number(m["n"] or m["n2"] or m["n3"] or m["n4"] or m["n5"])))),
        (r"\b(?:Q(?P<n>[1-4])|(?P<n2>first|second|third|fourth) quarter)(?: of)? (?P<w>this|last|the previous|the prior) year\b"
         r"|\b(?P<w2>this|last|previous|prior) year(?:'s|s)? (?:Q(?P<n3>[1-4])|(?P<n4>first|second|third|fourth) quarter)\b|(?P<w3>今年|去年|上年)\s*[Qq](?P<n5>[1-4])",
         lambda m, a: _is(PeriodRequest("quarter", a.year - (0 if (m["w"] or m["w2"] or m["w3"]).lower() in ("this", "今年") else 1),
                                        _number(m["n"] or m["n2"] or m["n3"] or m["n4"] or m["n5"])))),
        (r"(?:去年|上年)\s*前(?P<n>[一二三1-3])个?季度?", lambda m, a: _is(PeriodRequest("ytd", a.year - 1, _number(m["n"]) * 3))),
        (rf"{_Y}\s*年\s*前(?P<n>[一二三1-3])个?季度?", lambda m, a: _is(PeriodRequest("ytd", int(m["y"]), _number(m["n"]) * 3))),
        (rf"{_Y}\s*年\s*(?:第?一|1)\s*[-~至到]\s*(?P<n>[二三四2-4])\s*季度", lambda m, a: _is(PeriodRequest("ytd", int(m["y"]), _number(m["n"]) * 3))),
        (rf"{_Y}\s*年\s*1\s*[-~至到]\s*(?P<n>\d{{1,2}})\s*月", lambda m, a: _is(PeriodRequest("ytd", int(m["y"]), int(m["n"])))),
        (rf"(?:first )?(?:nine|9)[- ]?(?:months?|m)\b(?: (?:of|to|ended|in))?\s*(?:(?:30 )?sep\w* )?(?:{_FY})?{_Y}", lambda m, a: _is(PeriodRequest("ytd", int(m["y"]), 9))),
        (rf"\b(?:the )?first (?P<n>three|six|nine|3|6|9) months (?:of |in )?(?:{_FY})?{_Y}|{_Y.replace('<y>', '<y4>')}\s*年\s*[前头](?P<n2>三|六|九|3|6|9)个月", lambda m, a: _is(PeriodRequest("ytd", int(m["y"] or m["y4"]), _number(m["n"] or m["n2"])))),
        (r"\b(?:the )?first (?P<n>three|six|nine|3|6|9) months(?: of (?:the|this) (?:financial |fiscal )?year)?\b|(?:今年)?[前头](?P<n2>三|六|九|3|6|9)个月|(?<!\d)1\s*[-~至到]\s*(?P<n3>[369])月份?",
         lambda m, a: _ytd_so_far(_number(m["n"] or m["n2"] or m["n3"]), a)),
        (r"(?:今年)?前三季度|1-9月", lambda m, a: _is(PeriodRequest("ytd", a.year if a >= date(a.year, 9, 30) else a.year - 1, 9))),
        (rf"{_Y}\s*年?\s*(?:上半年|半年度?报?|中期|中报)末?", lambda m, a: _is(PeriodRequest("half", int(m["y"]), 1))),
        (rf"{_Y}\s*年?\s*下半年", lambda m, a: _is(PeriodRequest("half", int(m["y"]), 2))),
        (r"去年上半年|上年上半年|\bfirst half of last year\b", lambda m, a: _is(PeriodRequest("half", a.year - 1, 1))),
        (r"去年下半年|上年下半年|\bsecond half of last year\b", lambda m, a: _is(PeriodRequest("half", a.year - 1, 2))),
        (rf"\bH(?P<n>[12])\s*(?:of )?(?:{_FY})?'?(?P<y>(?:20)?\d{{2}})\b", lambda m, a: _is(PeriodRequest("half", _year(m["y"]), int(m["n"])))),
        (rf"\b(?P<n>[12])H\s*(?:{_FY})?'?(?P<y>(?:20)?\d{{2}})\b", lambda m, a: _is(PeriodRequest("half", _year(m["y"]), int(m["n"])))),
        (rf"(?<!\d){_Y}\s*-?H(?P<n>[12])\b", lambda m, a: _is(PeriodRequest("half", int(m["y"]), int(m["n"])))),
        (rf"\b(?P<n>first|second) half(?: of| in)?(?: the)?(?: year)?(?: of)? (?:{_FY})?{_Y}", lambda m, a: _is(PeriodRequest("half", int(m["y"]), _number(m["n"])))),
        (rf"\b(?:{_Y} )(?:interim|half[- ]?year)\b", lambda m, a: _is(PeriodRequest("half", int(m["y"]), 1))),
        (r"(?<![\d年])(?:今年|本年)?(?:年中|半年末|上半年末|年中时点)|\b(?:the )?mid[- ]?year\b|\bhalf[- ]year[- ]end\b|\bend of (?:the )?(?:first half|half[- ]year|H1)\b",
         lambda m, a: _is(_newest_half(1, a), True)),
        (r"(?:今年|本年)?上半年|\b(?:the )?first half(?: of (?:this|the) year)?\b|\bH1\b", lambda m, a: _is(_newest_half(1, a))),
        (r"(?:今年|本年)?下半年|\b(?:the )?second half(?: of (?:this|the) year)?\b|\bH2\b", lambda m, a: _is(_newest_half(2, a))),
        (rf"{_Y}\s*年?\s*第?(?P<n>[一二三四1-4])\s*季[度报]?末?", lambda m, a: _is(PeriodRequest("quarter", int(m["y"]), _number(m["n"])))),
        (r"(?:去年|上年)第?(?P<n>[一二三四1-4])季[度报]?末?", lambda m, a: _is(PeriodRequest("quarter", a.year - 1, _number(m["n"])))),
        (rf"\bQ(?P<n>[1-4])\s*(?:of )?(?:{_FY})?'?(?P<y>(?:20)?\d{{2}})\b", lambda m, a: _is(PeriodRequest("quarter", _year(m["y"]), int(m["n"])))),
        (rf"\b(?P<n>[1-4])Q\s*(?:{_FY})?'?(?P<y>(?:20)?\d{{2}})\b", lambda m, a: _is(PeriodRequest("quarter", _year(m["y"]), int(m["n"])))),
        (rf"(?<!\d){_Y}\s*-?Q(?P<n>[1-4])\b", lambda m, a: _is(PeriodRequest("quarter", int(m["y"]), int(m["n"])))),
        (rf"\b(?P<n>first|second|third|fourth) quarter(?: of| in)? (?:{_FY})?{_Y}", lambda m, a: _is(PeriodRequest("quarter", int(m["y"]), _number(m["n"])))),
        (r"(?:今年|本年|第|(?<![\d前近去后来这每个共、-]))(?P<n>[1-4])季度末?", lambda m, a: _is(_newest_quarter(_number(m["n"]), a))),
        (r"(?:今年|本年)?第?(?P<n>[一二三四])季[度报]末?|\b(?:the )?(?P<n2>first|second|third|fourth) quarter\b|\bQ(?P<n3>[1-4])\b",
         lambda m, a: _is(_newest_quarter(_number(m["n"] or m["n2"] or m["n3"]), a))),
        (r"上上个?季度?末?|\b(?:the )?quarter before last\b", lambda m, a: _is(_quarter_before(a, 2))),
        (r"上一?个?季度?末?|\b(?:the )?(?:last|previous|prior|past) quarter(?: end)?\b", lambda m, a: (_quarter_before(a), _quarter_window(a, -1), False)),
        (r"下一?个?季度|\bnext quarter\b", lambda m, a: (None, _quarter_window(a, 1), False)),
        (r"本季度?|这个季度|\b(?:this|the current) quarter\b", lambda m, a: (_quarter_before(a, 0), _quarter_window(a, 0), False)),
        # months
        (rf"(?:as of |as at )?{_Y}\s*年\s*(?P<m>\d{{1,2}})\s*月份?(?P<e>末|底)?", _month),
        (rf"(?P<e>end of |as of (?:end )?|as at (?:end )?)?\b(?P<mn>{_MN})\b\.?,?(?: of)? {_Y}(?!\d)", _month),
        (rf"{_APART}(?<!-){_Y}-(?P<m>0[1-9]|1[0-2])(?![\d-])", _month),
        (r"(?P<w>今年|本年|去年|上年|前年)(?:的)?\s*(?P<m>1[0-2]|[1-9])\s*月份?(?P<e>末|底)?(?!以|\s*\d)", _month_of_a_year),
        (r"(?<![\d年])(?P<m>1[0-2]|[1-9])\s*月份?(?P<e>末|底)(?!以)", _month),
        (rf"(?P<e>end of |end |as of )(?P<mn>{_MN})\b\.?", _month),
        (rf"\b(?:in|at|for|ltm|ttm|ytd) (?!may\b)(?P<mn>{_MN})\b\.?(?! \d)|\bin may\b", _month_or_may),
        (rf"\b(?!may\b)(?P<mn>{_MN})(?='s\b| (?:monthly )?(?:brief|report|review|dues|payments?|instal\w+)\b)", _month),
        (rf"\b(?:(?!may\b|mar\b|march\b)(?P<mn>{_MN})|(?P<mn2>(?-i:March|Mar|(?<=\w )May)))\b\.?(?! \d{{1,2}}(?:st|nd|rd|th)?\b)(?! (?:i|we|you|be|it|they|the|have|quarter)\b)",
         _month_alone),
        (r"(?<![\d年])(?P<m>1[0-2]|[1-9])\s*月份?(?!\d)", _month),
        (r"(?<![\d年十个每近前后过去隔满])(?P<cm>十[一二]|[一二三四五六七八九十])月份?(?P<e>末|底)?(?![期内来间])", _month_in_han),
        (r"\b(?P<mn>march|june|september|december|mar|jun|sept?|dec)\.? quarter(?: (?P<b>before|last year|a year (?:ago|before|earlier)|of the year before))?\b"
         r"|\bthe quarter (?:to|ended|ending) (?P<mn2>march|june|september|december)\b(?! ?\d)", _quarter_of_month),
        (r"(?:近|过去|这|最近|上)?半年(?:来|内|间|里)?(?=[^,。?]{0,3}(?:涨|升|增|降|跌|减|变|多了|少了))", lambda m, a: _is(PeriodRequest("last", number=2, grain="p"))),
        (r"\b(?:latest|last|most recent|past) (?:six|6) months?\b|半年(?=的?(?:收入|营收|净利|利润|毛利|销售|数|业绩|现金流|EBITDA|报))", lambda m, a: _is(_newest_half(1, a) if a.month < 12 or a.day < 31 else PeriodRequest("half", a.year, 2))),
        (r"上个?月|\b(?:last|previous|past) month\b", lambda m, a: (PeriodRequest("month", add_months(a.replace(day=1), -1).year, add_months(a.replace(day=1), -1).month),
                                                    (add_months(a.replace(day=1), -1), a.replace(day=1) - timedelta(days=1)), False)),
        (r"\b(?:in|within|over|during) the (?:next|coming|following) month\b|未来一个?月", lambda m, a: (None, _forward(1, "月", a), False)),
        (r"下个?月|\bnext month\b", lambda m, a: (None, _next_month(a), False)),
        (r"本月|这个月|\bthis month\b", lambda m, a: (PeriodRequest("month", a.year, a.month), (a.replace(day=1), month_end(a)), False)),
        # how far back, how far ahead
        (rf"(?:未来|今后|接下来|往后|之后)\s*(?P<n>\d{{1,3}}|{_CN}|半)\s*个?(?P<u>天|日|周|星期|月|季度|年)内?", lambda m, a: (None, _forward(_number(m["n"]) if not (m["n"] == "半" and m["u"] == "年") else 6, "月" if m["n"] == "半" else m["u"], a), False)),
        (rf"(?P<n>\d{{1,3}}|{_CN})\s*个?(?P<u>天|日|周|星期|月|年)(?:之内|以内|内)", lambda m, a: (None, _forward(_number(m["n"]), m["u"], a), False)),
        (rf"\b(?:in|within|over|during) (?:the )?(?:next|coming|following) (?P<n>\d{{1,3}}|{_EN})[- ](?P<u>days?|weeks?|months?|quarters?|years?)\b|\b(?:next|coming) (?P<n2>\d{{1,3}}|{_EN}) (?P<u2>days?|weeks?|months?|quarters?|years?)\b|\bwithin (?P<n3>\d{{1,3}}|{_EN}) (?P<u3>days?|weeks?|months?|quarters?|years?)\b",
         lambda m, a: (None, _forward(_number(m["n"] or m["n2"] or m["n3"]), m["u"] or m["u2"] or m["u3"], a), False)),
        (rf"(?:最?近|过去|前|这|近)\s*(?P<n>\d{{1,2}}|{_CN})\s*个?(?P<u>会计年度|财年|年|季度|季|月|周|星期|天|日|期)(?:来|间|以来|内)?", _last_n),
        (rf"\b(?:over |for |in |during )?(?:the )?(?:last|past|previous|recent) (?P<n>\d{{1,2}}|{_EN}) (?:full )?(?P<u>(?:fiscal |financial )?(?:years?|yrs?)|quarters?|qtrs?|months?|weeks?|days?|periods?)\b", _last_n),
        (r"[这近]几期|最近几期", lambda m, a: _is(PeriodRequest("last", number=4, grain="p"))),
        (r"历年|各年|逐年|每年|\bevery year\b|\beach year\b|\bby year\b(?![- ]end)|\byear by year\b|\ball years\b", lambda m, a: _is(PeriodRequest("last", number=5, grain="y"))),
        (r"(?P<n>\d|[一二两三四])年前|\b(?P<n2>\d|one|two|three|four) years? ago\b", lambda m, a: _is(PeriodRequest("year", a.year - _number(m["n"] or m["n2"])))),
        (r"年底前|年末前|今年底之?前|年内|\bby (?:the )?(?:year[- ]end|end of (?:the|this) year)\b|\bbefore (?:the )?(?:year[- ]end|end of (?:the|this) year)\b|\b(?:later |rest of )this year\b",
         lambda m, a: (None, (a, date(a.year, 12, 31)), False)),
        # years
        (rf"{_Y}\s*年(?:度)?(?:末|底|年末|年底|终)", lambda m, a: _is(PeriodRequest("year", int(m["y"])), True)),
        (rf"\b{_END},? (?:of )?(?:{_FY})?{_Y}\b|\b{_Y.replace('<y>', '<y3>')} (?:year[- ]?end|closing)\b", lambda m, a: _is(PeriodRequest("year", int(m["y"] or m["y3"])), True)),
        (rf"\b{_FY}(?P<y>(?:19|20)?\d{{2}})\b", lambda m, a: _is(PeriodRequest("year", _year(m["y"])))),
        (rf"{_APART}{_Y}\s*(?:财年|会计年度|年度|年报|年全年|年)", lambda m, a: _is(PeriodRequest("year", int(m["y"])))),
        (r"前年|\b(?:the )?year before last\b", lambda m, a: _is(PeriodRequest("year", a.year - 2))),
        (r"明年(?P<e>末|底|年末|年底)?|\bnext (?:financial |fiscal )?year\b", lambda m, a: (PeriodRequest("year", a.year + 1), (date(a.year + 1, 1, 1), date(a.year + 1, 12, 31)), bool(m.groupdict().get("e")))),
        (r"(?:去年|上年|上一年度?|上一财年|上个财年|上年度)(?P<e>末|底|年末|年底)?", lambda m, a: (PeriodRequest("year", a.year - 1), (date(a.year - 1, 1, 1), date(a.year - 1, 12, 31)), bool(m["e"]))),
        (r"\b(?P<e>(?:the )?end of )?(?:last|previous|prior) (?:fiscal |financial )?year(?P<e2>[- ]end)?\b", lambda m, a: (PeriodRequest("year", a.year - 1), (date(a.year - 1, 1, 1), date(a.year - 1, 12, 31)), bool(m["e"] or m["e2"]))),
        (r"今年|本年度?|当年|\b(?:this|the current) (?:fiscal |financial )?year\b", lambda m, a: (PeriodRequest("year", a.year), (date(a.year, 1, 1), date(a.year, 12, 31)), False)),
        (r"年初|\b(?:the )?(?:start|beginning) of the year\b", lambda m, a: _is(PeriodRequest("year", a.year - 1), True)),
        (r"(?<!\d)年末|(?<!\d)年底|\b(?:the )?(?:last )?(?:fiscal )?year[- ]end\b|\b(?:the )?end of (?:the )?year\b", lambda m, a: _is(PeriodRequest("year", a.year if a >= date(a.year, 12, 31) else a.year - 1), True)),
        (rf"{_APART}(?<![/$¥€£-]){_Y}(?![\d,]*\d|\.\d|\s*(?:%|万|亿|倍|天|元|million|billion|thousand|bn|days|x\b))", lambda m, a: _is(PeriodRequest("year", int(m["y"])))),
        (r"(?<![\d年度])全年|\b(?:the |for the )?(?:full|whole)[- ]year\b", lambda m, a: _is(PeriodRequest("year", a.year if a >= date(a.year, 12, 31) else a.year - 1))),
        # newest
        (r"最近一期|最新一期|最近一个报告期|最新报告期|最新|最近|目前|现在|当前|眼下|现时|\b(?:the )?(?:latest|most recent|newest|current(?:ly)?|today|right now|at present|at the moment|as things stand|now)\b(?: (?:period|reporting period|figures?|numbers?))?",
         lambda m, a: _is(PeriodRequest("latest"))),
    )
)  # fmt: skip


_UNSAID = rf"{_APART}(?<![近过去前满共达第限了还用历年长约每后])"
_SHORT = re.compile(
    rf"{_UNSAID}(?P<zh>1[6-9]|2\d)(?=\s*年(?!期|多|以上|以下|以内|内|前|后|左右|历史|期限|龄|限|间隔|分期))"
    rf"|{_UNSAID}(?P<zh2>1[6-9]|2\d)(?=(?:\s*年?\s*(?:[、,和与及跟至到~-]|以及)\s*(?:20)?[12]\d)+\s*年(?!期|以上|内))"
    rf"|{_UNSAID}(?P<zh3>3\d)(?=\s*年\s*\d{{1,2}}\s*月)"
    r"|(?P<cn>[二2][〇零○0][〇零○一二三四五六七八九]{2})(?=\s*年)"
    r"|\b(?P<said>(?:twenty|two thousand(?: and)?)[ -]twenty(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|march|june|september|december)\.? (?P<close>2\d)(?=\s*(?:[,;/&?]|and\b|vs\b|to\b|$))"
    r"|(?<=\s)'(?P<en>[12]\d)\b|(?<=jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?P<mon>-[12]\d)\b",
    re.IGNORECASE | re.ASCII,
)
"""Years said short: "24年", "23、24和25年", "二〇二四年", "'24", "Dec-25". Not spans of time ("20年期", "近10年")."""
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


_ON_A_DAY = re.compile(r"\b(?:on|due|by|before|after|until|till|since|pa(?:y|id))\s*$", re.IGNORECASE)
"""Before "Jun 25" they make it a day, not a year."""


def _spelt(key: str, said: str) -> str:
    if key == "cn":
        return said.translate(_NUMERALS)
    if key == "said":
        return str(2020 + _N.get(re.split(r"[ -]", said.lower())[-1], 0) % 20)
    return "20" + said.lstrip("-")


def _in_full(text: str, hidden: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text with its years in four digits ("24年", "'24", "二〇二四年"), and for each of its places the place in the text as written."""
    made: list[str] = []
    places: list[int] = []
    last = 0
    for match in _SHORT.finditer(text):
        if any(match.start() < b and a < match.end() for a, b in hidden):
            continue
        found = {key: value for key, value in match.groupdict().items() if value}
        key, said = next(iter(found.items()))
        if key == "close" and _ON_A_DAY.search(text[: match.start()]):
            continue
        year, (start, end) = _spelt(key, said), match.span(key)
        made += [text[last:start], " " if key == "mon" else "", year]
        places += [*range(last, start), *([start] * (len(year) + (key == "mon")))]
        last = end
    return "".join([*made, text[last:]]), [*places, *range(last, len(text) + 1)]


def time_phrases(text: str, as_of: date, hidden: Sequence[tuple[int, int]] = ()) -> list[TimePhrase]:
    """Every period phrase of a normalised text outside the hidden spans, in order, the most exact reading first."""
    full, places = _in_full(text, hidden)
    there = [(bisect_left(places, a), bisect_left(places, b)) for a, b in hidden]
    found = [
        replace(phrase, start=places[phrase.start], end=(end := places[phrase.end]), text=text[places[phrase.start] : end])
        for phrase in _time_phrases(full, as_of, there)
    ]
    return sorted(found, key=lambda phrase: phrase.start)


def _time_phrases(text: str, as_of: date, hidden: Sequence[tuple[int, int]]) -> Iterator[TimePhrase]:
    taken = list(hidden)
    for pattern, maker in _RULES:
        for match in pattern.finditer(text):
            if match.start() == match.end() or any(match.start() < b and a < match.end() for a, b in taken):
                continue
            try:
                made = maker(match, as_of)
            except (ValueError, KeyError):
                continue
            if made is None:
                continue
            request, window, at_end = made
            taken.append(match.span())
            yield TimePhrase(match.start(), match.end(), match.group(), request, window, at_end)
