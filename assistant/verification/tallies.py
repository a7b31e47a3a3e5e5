"""Parts of a whole and counted headings: what is said to be so many must be so many, in digits or in words.

Each part may be a count some tool told; together they must still make the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from assistant.verification.numberwords import CHARACTERS, SPELLED
from assistant.verification.vocabulary import word_pattern
from prompts.library import phrase_book
from tools.domain.number_words import chinese_number, english_number

_COLOUR = r"(?:red|orange|yellow|红色?|橙色?|黄色?)"
_NUMBER = r"\d{1,4}"
_WHOLE = re.compile(
    rf"(?P<n>{_NUMBER})\s?(?:live |open )?(?:alerts?\b|(?:条|项|个)预警)(?P<rest>[^\n.。;；]{{2,120}})", re.IGNORECASE
)
_PART = re.compile(rf"(?:(?P<a>{_NUMBER})\s?{_COLOUR}|{_COLOUR}(?:预警)?\s?(?P<b>{_NUMBER})\s?(?:条|项|个))", re.IGNORECASE)
MOST_LISTED = 15
_HEAD = re.compile(
    rf"(?:^|(?<=[\s:：,，共有]))(?P<n>{SPELLED.pattern}|[{CHARACTERS}]{{1,3}}) ?(?P<noun>[^\s\d,，。.::()（）]+(?: of [a-z]+)?)[::]$",
    re.MULTILINE | re.IGNORECASE,
)
_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}年\d{1,2}月\d{1,2}日"
_DAYS = re.compile(rf"(?:{_DAY})(?:(?:, ?| and |、|和|及)(?:{_DAY})){{2,}}")
_DAY_TWICE = re.compile(r"(?P<d>\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}年\d{1,2}月\d{1,2}日)(?:,| and|、|和|及)\s?(?P=d)")


def strange_tallies(text: str) -> Iterator[tuple[str, int, int, str]]:
    """(kind, start, end, why) for wholes that are not the sum of their parts, headings in words that count wrong, and a day listed twice."""
    for match in _WHOLE.finditer(text):
        parts = [int(part["a"] or part["b"]) for part in _PART.finditer(match["rest"])]
        if len(parts) > 1 and sum(parts) != int(match["n"]):
            yield "number", match.start("n"), match.end(), f"the parts make {sum(parts)}"
    for match in _HEAD.finditer(text):
        said = match["n"]
        read = english_number(said) if said.isascii() else (chinese_number(said), 0)
        lines = _items_below(text, match.end())
        number: Decimal | None = read[0] if read else None
        if match["noun"].lower() in _counted() and number is not None and 0 < lines < MOST_LISTED and number != lines:
            yield "number", match.start("n"), match.end("n"), f"{lines} are listed"
    for match in _DAYS.finditer(text):
        days = re.findall(_DAY, match.group())
        if len(set(days)) < len(days):
            yield "date", match.start(), match.end(), "a day is listed twice"
    for match in _DAY_TWICE.finditer(text):
        yield "date", match.start(), match.end(), "this day is listed twice"


def _items_below(text: str, place: int) -> int:
    lines = 0
    for line in text[place + 1 :].split("\n"):
        if not line.startswith("- "):
            break
        lines += 1
    return lines


@cache
def _counted() -> frozenset[str]:
    """What may be counted in a heading."""
    book = phrase_book("gate")["counted"]
    return frozenset(
        word.lower() for kind in ("alerts", "collateral", "documents", "loans", "covenants") for word in book[kind]
    )


@cache
def severity_words() -> tuple[re.Pattern[str], dict[str, str]]:
    """What an alert's severity is called, and the severity each word stands for."""
    table = {word.lower(): key for key, words in phrase_book("gate")["severities"].items() for word in words}
    return word_pattern(list(table)), table
