"""Amounts and days as papers print them in cells: signs, DR and CR, brackets, compact dates, and which of two figures is the month."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from ingestion.quantities import MONTHS, dates

Order = Literal["dmy", "mdy"]
AMOUNT = re.compile(
    r"^(?P<open>\()?\s*(?P<sign>[-+−–])?\s*(?:[¥￥£$€]|RMB|CNY|USD|GBP|EUR)?\s*(?P<sign2>[-+−–])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)\s*元?(?P<close>\))?\s*(?P<mark>CR|DR|C|D|贷|借|-)?$",
    re.I,
)
COMPACT = re.compile(r"(?<!\d)(?P<y>20\d\d|19\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d{1,5}(?!\d))")
SLASHED = re.compile(r"(?<!\d)(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<y>(?:19|20)?\d\d)(?!\d)")
NAMED = re.compile(r"(?<!\d)(?P<d>\d{1,2})[-\s](?P<m>[A-Za-z]{3,9})[-\s](?P<y>(?:19|20)?\d\d)(?!\d)")
CLOCK = re.compile(r"(?<!\d)(?P<h>[01]?\d|2[0-3])[:：](?P<m>[0-5]\d)(?:[:：](?P<s>[0-5]\d))?(?!\d)")
NIL = frozenset(["", "-", "—", "--", "/", "0.00", "0"])


def amount_of(text: str) -> tuple[Decimal, str] | None:
    """(value with its sign, mark "DR"/"CR"/""), None when the cell is no amount."""
    match = AMOUNT.match(unicodedata.normalize("NFKC", text).replace(" ", "").replace("，", ","))
    if match is None:
        return None
    value = Decimal(match["digits"].replace(",", ""))
    minus = bool(match["open"] and match["close"]) or any(s and s in "-−–" for s in (match["sign"], match["sign2"]))
    mark = (match["mark"] or "").upper()
    if mark == "-":
        minus, mark = True, ""
    return (-value if minus else value), {"C": "CR", "贷": "CR", "D": "DR", "借": "DR"}.get(mark, mark)


def is_nil(text: str) -> bool:
    """An empty, dashed or zero cell."""
    return text.strip() in NIL


def day_of(text: str, order: Order = "dmy", year: int | None = None) -> date | None:
    """The first day in a cell; `order` reads 05/06/2026."""
    text = unicodedata.normalize("NFKC", text)
    compact = COMPACT.search(text)
    if compact:
        return _day(compact["y"], compact["m"], compact["d"])
    hits = [hit for hit in dates(text, year) if not hit.whole_month]
    if hits:
        return hits[0].day
    named = NAMED.search(text)
    if named and named["m"].lower() in MONTHS:
        return _day(named["y"], str(MONTHS[named["m"].lower()]), named["d"])
    slashed = SLASHED.search(text)
    if slashed:
        day, month = (slashed["a"], slashed["b"]) if order == "dmy" else (slashed["b"], slashed["a"])
        return _day(slashed["y"], month, day)
    return None


def order_of(texts: Iterable[str]) -> tuple[Order, bool]:
    """How slashed dates are to be read, and whether the texts prove it: a figure over 12 is a day; else days must not jump about."""
    pairs = [(int(m["a"]), int(m["b"])) for text in texts if (m := SLASHED.search(text))]
    if not pairs:
        return "dmy", True
    if any(a > 12 for a, _ in pairs):
        return "dmy", True
    if any(b > 12 for _, b in pairs):
        return "mdy", True
    first = sum(1 for (a, _), (c, _) in pairwise(pairs) if a != c)
    second = sum(1 for (_, b), (_, d) in pairwise(pairs) if b != d)
    return ("dmy", False) if first >= second else ("mdy", False)


def clock_of(text: str) -> str | None:
    """A time of day as HH:MM:SS."""
    match = CLOCK.search(text)
    return f"{int(match['h']):02d}:{match['m']}:{match['s'] or '00'}" if match else None


def _day(year: str, month: str, day: str) -> date | None:
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None
