"""Numbers as statements print them: thousands separators, brackets, minus signs of every kind, dashes for nothing.

`read_number` answers for one token; it never guesses: "8," or "12(a)" is not a number (it is a note reference).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Style = Literal["comma", "point", "space"]
"""How thousands are separated: 1,234.5 / 1.234,5 / 1 234.5."""

CURRENCY = r"(?:US\$|HK\$|NT\$|CA?D?\$|AU?D?\$|SG?D?\$|NZ\$|R\$|RMB|CNY|USD|HKD|CAD|AUD|GBP|EUR|JPY|[$¥€£₩₹฿])"

_FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"−": "-", "–": "-", "—": "-", "‒": "-", "―": "-", "‐": "-", "‑": "-", "－": "-", "﹣": "-", "─": "-", "一": "一"}
    | {"￥": "¥", "﹩": "$", "’": "'", "‘": "'", "\u00a0": " ", "\u3000": " ", "。": "."}
)
_BODY = {
    "comma": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d{1,3}(?:'\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+",
    "point": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "space": r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?",
}
_NUMBER: dict[str, re.Pattern[str]] = {
    style: re.compile(
        rf"(?P<open>\()?\s*(?P<cur>{CURRENCY})?\s*(?P<open2>\()?\s*(?P<neg>[-△▲负])?\s*{CURRENCY}?\s*(?P<body>{body})"
        rf"\s*(?P<pct>%)?\s*(?P<close>\))?\s*(?P<trail>-)?(?P<pct2>%)?(?P<unit>[pcx¢])?(?P<mark>\*{{1,3}}|[†‡])?",
    )
    for style, body in _BODY.items()
}
_NIL = re.compile(rf"(?:{CURRENCY}\s*)?(?:-{{1,4}}|nil|n/?a|不适用|无|\(-+\)|-\s*[pc%])", re.IGNORECASE)
_NOTE = re.compile(
    r"[a-z]\.?\d{1,2}(?:\.\d{1,2})?(?:\([a-z]{1,3}\))?[,;]?|\(?\d{1,3}(?:\.\d{1,2}){0,2}(?:\([a-z]{1,2}\)|\([ivx]{1,4}\)|\(\d{1,2}\)|[a-z])?\)?[,;、&]?|\((?:[a-z]{1,2}|[ivx]{1,4})\)[,;]?"
    r"|[一二三四五六七八九十]{1,3}[、.]?\(?[一二三四五六七八九十\d]{1,3}\)?(?:[、.]?\(?[\d一二三四五六七八九十]{1,3}\)?)?",
    re.IGNORECASE,
)
_NOTE_LIST = re.compile(
    r"[a-z]?\d{1,3}(?:\.\d{1,2})?(?:\([a-z]\))?(?:\s*[,;、&/]\s*[a-z]?\d{1,3}(?:\.\d{1,2})?(?:\([a-z]\))?)+[,;、&]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """One printed number. `nil` for a dash or the word nil (value 0); `percent`, `unit` ("p", "x") when it is not money;
    `grouped` when thousands are separated; `places` digits after the point."""

    value: Decimal
    nil: bool = False
    percent: bool = False
    unit: str = ""
    grouped: bool = False
    places: int = 0
    currency: str = ""


def plain_text(raw: str) -> str:
    """`raw` with full-width digits, brackets and dashes as ASCII and the many minus signs as '-'."""
    return raw.translate(_FULL_WIDTH).strip()


def read_number(raw: str, style: Style = "comma") -> Number | None:
    """The number printed as `raw`, negative when bracketed, signed, trailing-signed or marked △ ▲ 负; None when it is none."""
    text = plain_text(raw)
    if not text:
        return None
    if _NIL.fullmatch(text):
        return Number(Decimal(0), nil=True, percent=text.endswith("%"), unit=text[-1] if text[-1] in "pc" else "")
    match = _NUMBER[style].fullmatch(text)
    if match is None:
        return None
    opened = bool(match["open"] or match["open2"])
    if opened != bool(match["close"]):
        return None
    body = match["body"]
    if len(body) > 1 and not body.strip("0"):
        return None  # "€000" over a column is its unit
    grouped = bool(re.search(r"\d[,.' ]\d{3}(?!\d)", body)) if style != "comma" else ("," in body or "'" in body)
    digits = body.replace("'", "").replace(" ", "")
    digits = digits.replace(".", "").replace(",", ".") if style == "point" else digits
    digits = digits.replace(",", ".") if style == "space" else digits.replace(",", "")
    value = Decimal(digits)
    if opened or match["neg"] or match["trail"]:
        value = -value
    places = len(digits.partition(".")[2])
    percent = bool(match["pct"] or match["pct2"])
    return Number(value, False, percent, match["unit"] or "", grouped, places, match["cur"] or "")


def is_note_reference(raw: str) -> bool:
    """True for what a notes column prints: 8 · 12.2 · 20(b) · (a) · 10, 11, 12 · 七、61. Plain integers count too."""
    text = plain_text(raw)
    if re.search(r"\d,\d{3}(?!\d)", text):
        return False
    return bool(_NOTE.fullmatch(text) or _NOTE_LIST.fullmatch(text))


def is_currency_mark(raw: str) -> bool:
    """True for a currency symbol or code standing alone."""
    return bool(re.fullmatch(CURRENCY, plain_text(raw)))


def split_glued(raw: str) -> int | None:
    """Where two amounts printed without a gap part ("1,234.561,200.00"), as a character position; None when one amount."""
    text = raw.translate(_FULL_WIDTH)
    match = re.match(r"\(?-?\d{1,3}(?:,\d{3})+\.\d{2}\)?(?=[-(]?\d{1,3}(?:,\d{3})*\.\d{2}\)?$)", text)
    match = match or re.match(r"\((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\)(?=\(?\d[\d,.]*\)?$)", text)
    match = match or re.match(r"\(?\d{1,3}(?:,\d{3})+(?:\.\d+)?\)?(?=\(\d[\d,.]*\)$)", text)
    return match.end() if match else None


def thousands_style(tokens: list[str]) -> Style:
    """How the amounts of one table separate thousands, by majority; comma unless points or spaces clearly do."""
    commas = sum(1 for t in tokens if re.search(r"\d,\d{3}(?!\d)", t))
    points = sum(1 for t in tokens if re.fullmatch(r"[(-]?\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?\)?", t))
    return "point" if points >= 6 and points > 4 * commas else "comma"
