"""What a clause says in words, in figures: "五百万元", "六十日", "百分之四十", "sixty days"; and the rate its overdue interest comes to.

A clause is quoted as it is written; who asks how much it is wants the figure, and a surcharge only means something on the contract's rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from tools.domain.facts import Passage
from tools.domain.number_words import DIGITS, SMALL, TENS, UNITS, chinese_number, english_number
from tools.toolbox.artifacts import Value

_HAN = "".join(DIGITS) + "".join(SMALL)
_WORD = "|".join([*sorted((*UNITS, *TENS), key=len, reverse=True), "hundred"])
_SAID = (
    (re.compile(rf"百分之(?P<n>[{_HAN}]+)"), "ratio"),
    (re.compile(rf"(?P<n>[{_HAN}]*[{_HAN}万亿]*[万亿][{_HAN}万亿]*|[{_HAN}]+)(?:圆|元)"), "currency"),
    (re.compile(rf"(?P<n>[{_HAN}]+)个?(?:工作|营业|自然|银行)?[日天](?!前|起|的)"), "days"),
    (re.compile(rf"(?P<n>[{_HAN}]+)个月"), "months"),
    (re.compile(rf"(?<![A-Za-z])(?P<n>(?:{_WORD})(?:[ -](?:and )?(?:{_WORD}))*) (?:calendar |business |working |banking )?days?\b", re.IGNORECASE), "days"),
    (re.compile(rf"(?<![A-Za-z])(?P<n>(?:{_WORD})(?:[ -](?:{_WORD}))*) months?\b", re.IGNORECASE), "months"),
    (re.compile(rf"(?<![A-Za-z])(?P<n>(?:{_WORD})(?:[ -](?:{_WORD}))*) per cent\b", re.IGNORECASE), "ratio"),
)  # fmt: skip
_CURRENCY = (
    ("USD", re.compile(r"美元|US\$|USD|U\.S\. dollars", re.IGNORECASE)),
    ("HKD", re.compile(r"港[元币]|HK\$")),
    ("EUR", re.compile(r"欧元|€|EUR")),
)
_RATE = re.compile(
    r"年利率[^。%0-9]{0,10}(?P<a>\d{1,2}(?:\.\d+)?)\s?%|(?P<b>\d{1,2}(?:\.\d+)?)\s?(?:%|per cent\.?) (?:a year|per annum|p\.a\.)",
    re.IGNORECASE,
)
_ON_TOP = re.compile(r"罚息|逾期|挪用|[Ll]ate|[Oo]verdue|above the rate|on top|[Uu]npaid")
_SHARE_ADDED = re.compile(rf"(?:加收|上浮|提高|增加)(?:百分之(?P<n>[{_HAN}]+)|(?P<d>\d{{1,3}}(?:\.\d+)?)\s?%)")
_POINTS_ADDED = re.compile(
    r"(?:carries|bears?|interest at(?: a rate)?)\s(?P<a>\d{1,2}(?:\.\d+)?)\s?(?:%|per cent\.?)(?: (?:a year|per annum))?,? (?:on top|more|above|over)", re.IGNORECASE
)  # fmt: skip
_ON_WHAT = (("overdue", re.compile(r"逾期|未按期|未按时|未如期|迟延")), ("misuse", re.compile(r"挪")))
HUNDRED = Decimal(100)


def terms_of(passage: Passage, sentence: str, borrower: str) -> list[Value]:
    """The figures a sentence says in words; `about` is how it says them."""
    found: list[Value] = []
    taken: list[tuple[int, int]] = []
    for pattern, unit in _SAID:
        for match in pattern.finditer(sentence):
            number = _number(match["n"])
            if number is None or any(a < match.end() and match.start() < b for a, b in taken):
                continue
            taken.append(match.span())
            value = number / HUNDRED if unit == "ratio" else number
            currency = (
                next((code for code, words in _CURRENCY if words.search(sentence)), "CNY") if unit == "currency" else None
            )
            found.append(
                Value(
                    f"term:{passage.id}:{match.group()}",
                    "clause_term",
                    borrower,
                    unit,
                    value,
                    currency,
                    about=match.group(),
                    inputs=(passage.id,),
                )
            )
    return found


def default_rates(passages: Sequence[Passage], borrower: str, surcharge: Passage, sentence: str) -> list[Value]:
    """The yearly rate on overdue (and misused) amounts under one paper: its own rate with the surcharge on it."""
    bases = list(dict.fromkeys(_bases(passages)))
    made: list[Value] = []
    for what, added, share in _added(sentence):
        for id, base in bases[:3]:
            rate = base * (1 + added) if share else base + added
            key = f"{surcharge.id}:{what}:{base}"
            made.append(
                Value(
                    f"default_rate:{key}",
                    "default_rate",
                    borrower,
                    "ratio",
                    rate,
                    about=what,
                    inputs=(f"contract_rate:{key}", f"surcharge:{key}"),
                )
            )
            made.append(Value(f"contract_rate:{key}", "contract_rate", borrower, "ratio", base, about=what, inputs=(id,)))
            made.append(
                Value(
                    f"surcharge:{key}",
                    "surcharge",
                    borrower,
                    "ratio",
                    added,
                    about=what,
                    state="share" if share else "points",
                    inputs=(surcharge.id,),
                )
            )
    return made


def _bases(passages: Sequence[Passage]) -> Iterator[tuple[str, Decimal]]:
    """Rates of interest a paper states, but for those on what is late."""
    for passage in passages:
        for piece in re.split(r"[。\n]|(?<=[a-z])\. ", passage.text):
            for match in _RATE.finditer(piece):
                if not _ON_TOP.search(piece[: match.start()]) and not re.match(
                    r",? (?:above|on top|over)", piece[match.end() :]
                ):
                    yield passage.id, Decimal(match["a"] or match["b"]) / HUNDRED


def _added(sentence: str) -> Iterator[tuple[str, Decimal, bool]]:
    """What is added, on what, and whether as a share of the rate (else in percentage points)."""
    before = 0
    for match in _SHARE_ADDED.finditer(sentence):
        number = _number(match["n"]) if match["n"] else Decimal(match["d"])
        stretch, before = sentence[before : match.start()], match.end()
        for what, words in _ON_WHAT:
            if number is not None and words.search(stretch):
                yield what, number / HUNDRED, True
    for match in _POINTS_ADDED.finditer(sentence):
        yield "overdue", Decimal(match["a"]) / HUNDRED, False


def _number(said: str) -> Decimal | None:
    """A number in Chinese or English words; None when the words make none."""
    if not said[:1].isascii():
        return chinese_number(said)
    spelled = english_number(said)
    return spelled[0] if spelled else None
