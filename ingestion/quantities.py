"""Numbers, money, ratios and dates as people write them in contracts and notes, in Chinese and English.

Statement cells have their own reader; this one is for prose: "RMB 100,000,000", "500万元", "3.50 to 1.00", "百分之六十五",
"31 Dec 2026", "2026年10月27日". Every hit keeps its place in the text so that a clause can be taken apart.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from tools.domain.number_words import DIGITS, TENS, UNITS, chinese_number

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"(?P<iso>\b(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})\b)"
    rf"|(?P<zh>(?P<y2>(?:19|20)\d\d)\s*年\s*(?P<m2>\d{{1,2}})\s*月(?:\s*(?P<d2>\d{{1,2}})\s*[日号]|(?P<e2>底|末))?)"
    rf"|(?P<short>(?<![\d年])(?P<m3>\d{{1,2}})\s*月(?:\s*(?P<d3>\d{{1,2}})\s*[日号]|份?[末底]))"
    rf"|(?P<us>\b(?P<m4>{MONTH})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(?P<y4>(?:19|20)\d\d)\b)"
    rf"|(?P<uk>\b(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?(?P<m5>{MONTH})\.?(?:,?\s+(?P<y5>(?:19|20)\d\d))?\b)"
    rf"|(?P<usshort>\b(?P<m6>{MONTH})\.?\s+(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*,?\s*(?:19|20)\d\d))"
    rf"|(?P<yearend>(?P<y7>(?:19|20)\d\d)\s*年(?:底|末|度末))",
    re.I,
)
CURRENCIES = (
    ("CNY", r"RMB|CNY|人民币|[¥￥]"),
    ("USD", r"US\s?\$|USD|U\.S\.\s?\$|美元|\$"),
    ("EUR", r"EUR|€|欧元"),
    ("GBP", r"GBP|£|英镑"),
    ("HKD", r"HK\$|HKD|港币|港元"),
    ("SGD", r"S\$|SGD|新加坡元|新元"),
    ("AUD", r"A\$|AUD|澳元"),
    ("INR", r"INR|Rs\.?(?=\s?\d)|₹"),
    ("MYR", r"MYR|RM(?=\s?\d)"),
    ("NOK", r"NOK"),
    ("SEK", r"SEK"),
    ("DKK", r"DKK"),
    ("CHF", r"CHF"),
    ("THB", r"THB"),
    ("KRW", r"KRW"),
    ("TWD", r"NT\$|TWD|新台币"),
    ("NZD", r"NZ\$|NZD"),
    ("ZAR", r"ZAR"),
    ("JPY", r"JPY|日元"),
    ("CAD", r"C\$|CAD|Cdn\$"),
)
CURRENCY = "|".join(pattern for _, pattern in CURRENCIES)
SCALES = {
    "万": Decimal(10_000), "万元": Decimal(10_000), "亿": Decimal(100_000_000), "亿元": Decimal(100_000_000),
    "千": Decimal(1000), "千元": Decimal(1000), "百万": Decimal(1_000_000), "百万元": Decimal(1_000_000), "元": Decimal(1), "千万元": Decimal(10_000_000),
    "thousand": Decimal(1000), "million": Decimal(1_000_000), "mn": Decimal(1_000_000), "m": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000), "bn": Decimal(1_000_000_000), "k": Decimal(1000),
}  # fmt: skip
ZH_NUMBER = "[零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万萬亿億]"
EN_WORDS = UNITS | TENS
EN_WORD = rf"(?:{'|'.join(sorted(EN_WORDS, key=len, reverse=True))})"
EN_COUNT = rf"(?:{EN_WORD}(?:[- ]{EN_WORD})?(?:\s+point(?:\s+{EN_WORD}){{1,3}}|\s+and\s+(?:a\s+|one[- ])?(?:half|quarter)|\s+and\s+three[- ]quarters?)?)"
PARTS = {
    "half": Decimal("0.5"),
    "three-quarters": Decimal("0.75"),
    "three quarters": Decimal("0.75"),
    "three-quarter": Decimal("0.75"),
    "quarter": Decimal("0.25"),
}
PLAIN = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
QUANTITY = re.compile(
    rf"(?P<ratio>(?<![\d.,:])(?P<r>{PLAIN})\s*(?::|：|to)\s*(?:1(?:\.0+)?|one)(?![\d.,]*\d)(?!\s*%))"
    rf"|(?P<percent>(?<![\d.,])(?P<p>{PLAIN})\s*(?:%|％|per\s?cent\b|percent\b))"
    rf"|(?P<zhpercent>百分之(?P<zp>{ZH_NUMBER}+(?:点{ZH_NUMBER}+)?|{PLAIN}))"
    rf"|(?P<times>(?<![\d.,])(?P<t>{PLAIN})\s*(?:倍|x\b|times\b))"
    rf"|(?P<tenths>(?P<tn>[一二三四五六七八九])成(?P<th>半)?(?![一-鿿]*立|本|果|员|交|为|功|品|套|都))"
    rf"|(?P<zhtimes>(?P<zt>{ZH_NUMBER}{{1,4}}(?:点{ZH_NUMBER}{{1,3}})?)倍(?P<zh>半)?)"
    rf"|(?P<zhratio>(?P<zr>{ZH_NUMBER}{{1,4}}(?:点{ZH_NUMBER}{{1,3}})?)比一(?![{ZH_NUMBER[1:-1]}]))"
    rf"|(?P<entimes>\b(?P<et>{EN_COUNT})\s*(?:[（(]\s*(?:{PLAIN})\s*x?\s*[)）]\s*)?(?:times\b(?!\s+(?:a|per|during|over)\b|\s+in\s+(?:any|the|total|aggregate)\b)|to\s+(?:one|1(?:\.0+)?)\b(?![\d.,]*\d)))"
    r"|(?P<twice>\b(?:twice|two-fold|double)\b(?!\s+(?:a|per|in|during)\b))"
    rf"|(?P<enpercent>\b(?P<ep>{EN_COUNT})\s+(?:per\s?cent\b|percent\b))"
    rf"|(?P<money>(?:(?P<cur>{CURRENCY})\s*)?(?P<m>(?<![\d.,]){PLAIN})\s*(?P<scale>亿元|亿|千万元|百万元|百万|万元|万|千元|元|(?:million|thousand|billion|mn|bn|[mk])\b)?"
    rf"(?P<after>\s*(?:{CURRENCY}))?)"
    rf"|(?P<zhmoney>(?:(?P<zcur>{CURRENCY})\s*)?(?P<zm>{ZH_NUMBER}{{2,20}})[元圆])",
    re.I,
)

Unit = Literal["x", "ratio", "money", "number"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in plain units: a percentage as a ratio ("65%" is 0.65), money in currency units, `x` for multiples."""

    value: Decimal
    unit: Unit
    currency: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date and where it stands."""

    day: date
    start: int
    end: int
    whole_month: bool = False


def english_number(text: str) -> Decimal:
    """ "four", "sixty-five", "one point two five", "one and a half": what EN_COUNT matches."""
    whole, _, point = text.lower().partition(" point ")
    whole, _, part = whole.partition(" and ")
    value = Decimal(sum(EN_WORDS[word] for word in re.findall(EN_WORD, whole)))
    digits = "".join(str(EN_WORDS[word]) for word in point.split())
    return value + (Decimal(f"0.{digits}") if digits else Decimal(0)) + next((PARTS[p] for p in PARTS if p in part), Decimal(0))


def number(text: str) -> Decimal:
    """ "12,345.60" as a Decimal. Raises InvalidOperation when it is none."""
    return Decimal(text.replace(",", "").replace("，", "").strip())


def quantities(text: str) -> list[Quantity]:
    """Every quantity in order, dates and clause numbers excluded."""
    taken = [(hit.start, hit.end) for hit in dates(text)]
    out: list[Quantity] = []
    for match in QUANTITY.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        found = _quantity(match)
        if found is not None:
            out.append(found)
    return out


def _quantity(match: re.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    start, end = match.span()
    try:
        if groups["ratio"]:
            return Quantity(number(groups["r"]), "x", None, start, end)
        if groups["percent"]:
            return Quantity(number(groups["p"]) / 100, "ratio", None, start, end)
        if groups["zhpercent"]:
            value = _zh_decimal(groups["zp"])
            return Quantity(value / 100, "ratio", None, start, end) if value is not None else None
        if groups["tenths"]:
            tenths = Decimal(DIGITS[groups["tn"]]) / 10 + (Decimal("0.05") if groups["th"] else Decimal(0))
            return Quantity(tenths, "ratio", None, start, end)
        if groups["times"]:
            return Quantity(number(groups["t"]), "x", None, start, end)
        if groups["zhtimes"]:
            value = _zh_decimal(groups["zt"])
            half = Decimal("0.5") if groups["zh"] else Decimal(0)
            return Quantity(value + half, "x", None, start, end) if value is not None else None
        if groups["zhratio"]:
            value = _zh_decimal(groups["zr"])
            return Quantity(value, "x", None, start, end) if value is not None else None
        if groups["entimes"]:
            return Quantity(english_number(groups["et"]), "x", None, start, end)
        if groups["twice"]:
            return Quantity(Decimal(2), "x", None, start, end)
        if groups["enpercent"]:
            return Quantity(english_number(groups["ep"]) / 100, "ratio", None, start, end)
        if groups["zhmoney"]:
            value = chinese_number(groups["zm"])
            return (
                Quantity(value, "money", currency_of(groups["zcur"] or "") or "CNY", start, end) if value is not None else None
            )
        value = number(groups["m"])
    except InvalidOperation:
        return None
    scale = (groups["scale"] or "").lower()
    currency = currency_of(groups["cur"] or groups["after"] or "")
    if currency is None and scale.endswith("元"):
        currency = "CNY"
    unit: Unit = "money" if currency or scale in SCALES else "number"
    if scale in ("m", "k") and groups["cur"] is None:
        return Quantity(value, "number", None, start, end)  # "5 m" is metres as often as millions
    return Quantity(value * SCALES.get(scale, Decimal(1)), unit, currency, start, end)


def _zh_decimal(text: str) -> Decimal | None:
    if text[0].isdigit():
        return number(text)
    return chinese_number(text)


def currency_of(text: str) -> str | None:
    """ISO code of a currency word or sign, or None."""
    clean = text.strip()
    for code, pattern in sorted(CURRENCIES, key=lambda entry: entry[0] == "USD"):
        if clean and re.fullmatch(pattern, clean, re.I):
            return code
    return None


def dates(text: str, year: int | None = None) -> list[DateHit]:
    """Dates in order. A date without a year takes `year`, and is left out when there is none. 年底 is 31 December."""
    out: list[DateHit] = []
    for match in DATE.finditer(text):
        groups = match.groupdict()
        whole = False
        if groups["yearend"]:
            parts: tuple[str | None, str, str | None] = (groups["y7"], "12", "31")
        elif groups["iso"]:
            parts = (groups["y1"], groups["m1"], groups["d1"])
        elif groups["zh"]:
            parts = (groups["y2"], groups["m2"], groups["d2"])
            whole = groups["d2"] is None
        elif groups["short"]:
            parts = (None, groups["m3"], groups["d3"])
        elif groups["us"]:
            parts = (groups["y4"], groups["m4"], groups["d4"])
        elif groups["uk"]:
            parts = (groups["y5"], groups["m5"], groups["d5"])
        else:
            parts = (None, groups["m6"], groups["d6"])
        day = _day(parts, year)
        if day is not None:
            out.append(DateHit(day, match.start(), match.end(), whole))
    return out


def _day(parts: tuple[str | None, str, str | None], year: int | None) -> date | None:
    month = MONTHS.get(parts[1].lower()) or (int(parts[1]) if parts[1].isdigit() else 0)
    chosen = int(parts[0]) if parts[0] else year
    if chosen is None or not 1 <= month <= 12:
        return None
    last = calendar.monthrange(chosen, month)[1]
    day = int(parts[2]) if parts[2] else last
    return date(chosen, month, day) if 1 <= day <= last else None
