"""What an answer must show and must not say, as data: numbers at their displayed precision, dates in any writing, patterns."""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

SCALES = {
    "亿": 8,
    "千万": 7,
    "百万": 6,
    "万": 4,
    "千": 3,
    "thousand": 3,
    "k": 3,
    "million": 6,
    "mn": 6,
    "m": 6,
    "billion": 9,
    "bn": 9,
}
NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,])(\d[\d,]*(?:\.\d+)?)\s?(%|％|亿|千万|百万|万|千|thousand\b|million\b|mn\b|billion\b|bn\b|[mMkK]\b)?"
)
CITED = re.compile(r"\[\d+\]|(?m:^\s*\[\d+\] .*$)")
MONTHS = [calendar.month_name[month] for month in range(1, 13)]


def numbers(text: str) -> Iterator[tuple[Decimal, Decimal, str]]:
    """Every number of a text: its value, half a unit of its last digit, and its kind (% or nothing)."""
    for digits, unit in NUMBER.findall(text):
        plain = digits.replace(",", "").rstrip(".")
        scale = Decimal(10) ** SCALES.get(unit.lower(), 0)
        places = len(plain.partition(".")[2])
        kind = "%" if unit in ("%", "％") else ""
        yield Decimal(plain) * scale, Decimal(5) * scale * Decimal(10) ** (-places - 1), kind


def shows_number(text: str, wanted: str) -> bool:
    """True when a number of the text is the wanted one at its displayed precision, and not coarser than 0.6 % of it."""
    kind, target = ("%" if wanted.endswith("%") else ""), Decimal(wanted.rstrip("%x"))
    for value, half, seen in numbers(text):
        off = abs(value - target)
        if (seen == "%") == (kind == "%") and (off == 0 or off <= min(half, abs(target) * Decimal("0.006"))):
            return True
    return False


def shows_date(text: str, day: str) -> bool:
    """True when the text names the day, in figures or words, with or without its year."""
    _, month, date = (int(part) for part in day.split("-"))
    name = f"{MONTHS[month - 1]}|{MONTHS[month - 1][:3]}"
    pattern = rf"{day}|(?<!\d)0?{month}月0?{date}[日号]|\b0?{date} (?:{name})\b|(?:{name}) 0?{date}\b"
    return re.search(pattern, text) is not None


def meets(text: str, wanted: str | Sequence[str]) -> bool:
    """One expectation: any of a list; a string starting with = or @ is split at | into alternatives."""
    if not isinstance(wanted, str):
        return any(meets(text, one) for one in wanted)
    for one in wanted.split("|") if re.search(r"(^|\|)[=@]", wanted) else [wanted]:
        if one.startswith("="):
            found = shows_number(text, one[1:])
        elif one.startswith("@"):
            found = shows_date(text, one[1:])
        else:
            found = re.search(one, text, re.IGNORECASE | re.DOTALL) is not None
        if found:
            return True
    return False


def language_of(text: str) -> str:
    """zh or en by the letters of the text outside quotations and names of files."""
    bare = re.sub(r"“[^”]*”|\"[^\"]*\"|\S+\.(?:pdf|docx|xlsx|html|md|csv)|[（(][^）)]*[）)]", "", text)
    chinese, latin = len(re.findall(r"[一-鿿]", bare)), len(re.findall(r"[A-Za-z]{2,}", bare))
    return "zh" if chinese > latin else "en"


def shortcomings(said: str, status: str, want: Mapping[str, Any], language: str) -> Iterator[str]:
    """What an answer lacks or should not have said."""
    text = CITED.sub("", said)
    for must in want.get("must", ()):
        if not meets(text, must):
            yield f"lacks {must}"
    for banned in want.get("not", ()):
        if re.search(banned, text, re.IGNORECASE | re.DOTALL):
            yield f"says {banned}"
    allowed = want.get("status", "answered" if want.get("must") else None)
    if allowed and status not in ([allowed] if isinstance(allowed, str) else allowed):
        yield f"status {status}"
    if want.get("lang", language) != "any" and language_of(text) != want.get("lang", language):
        yield "other language"
    if not text.strip() or re.search(r"\bNone\b(?!\.)|Traceback|\{[a-z_]+\}", text):
        yield "broken text"
