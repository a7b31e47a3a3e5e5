"""What one printed line is: a heading, a table row, a list item or running prose.

PDF pages, plain text and the fixed-width tables of old filings reach us as lines; the rules that tell them apart are
shared here. They look at shape (numbering, case, numbers, width), never at a company's words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingestion.language import HAN
from ingestion.quantities import dates

NUMBER = re.compile(r"(?<![\w.,])[-−–(（]?[$€£¥￥]?\s?\d[\d,，]*(?:\.\d+)?(?::\d+(?:\.\d+)?)?[)）]?[%％x倍]?(?![\w,])")
DASH = re.compile(r"(?<!\S)[-–—－](?!\S)")
COUNTED = re.compile(r"[\d\-–—－]")
"""Without one of these a line holds no number; most lines of prose are done with here."""
LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|·{4,}")
SENTENCE_END = re.compile(r"[.。;；:：!?！？][”\"’）)]*$")

HEADINGS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"^第[一二三四五六七八九十百\d]{1,4}[章篇编部]")),
    (1, re.compile(r"^(?:PART|Part|ARTICLE|Article)\s+(?:[IVXLC]+|\d+)\b")),
    (2, re.compile(r"^第[一二三四五六七八九十百\d]{1,4}节")),
    (2, re.compile(r"^(?:ITEM|Item)\s+\d{1,2}[A-C]?\b\.?")),
    (3, re.compile(r"^(?:NOTE|Note)\s+\d{1,2}\b")),
    (3, re.compile(r"^[一二三四五六七八九十]{1,3}、")),
    (3, re.compile(r"^第[一二三四五六七八九十百零\d]{1,5}条")),
    (4, re.compile(r"^[(（][一二三四五六七八九十]{1,3}[)）]")),
    (5, re.compile(r"^\d{1,2}(?:\.\d{1,2}){0,3}[、.．]?\s?(?=[A-Z一-鿿])")),
)
BULLET = re.compile(
    r"^(?:[-*•●▪■◆·]\s+|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百零\d]{1,5}条|[(（]?(?:[ivx]{1,4}|[a-z]|\d{1,2})[)）]\s*|\d{1,2}[、.．]\s*)"
)
LABEL = re.compile(r"^[^\s:：]{1,12}[:：]|^[A-Z][A-Za-z/ ]{1,24}:\s")
"""「走访人：」 or "Seen: " at the start of a line begins something of its own."""
CLAUSE = re.compile(r"[，；。](?!\d)\S?")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
CLOCK = re.compile(r"(?<!\d)\d{1,2}[:：]\d\d(?!\d)")
SMALL_WORDS = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with", "&", "its", "our"]
)
LINES_KEPT = 2048
"""A line is looked at from every line above it that might begin a table: what it is, is worked out once."""


@lru_cache(maxsize=LINES_KEPT)
def width(text: str) -> int:
    """Printed width in Latin characters: a Han character takes two."""
    return len(text) if text.isascii() else len(text) + len(HAN.findall(text))


@lru_cache(maxsize=LINES_KEPT)
def numbers_in(line: str) -> int:
    """How many free-standing numbers (or dashes for nil) the line holds."""
    return len(NUMBER.findall(line)) + len(DASH.findall(line)) if COUNTED.search(line) else 0


@lru_cache(maxsize=LINES_KEPT)
def is_row(line: str) -> bool:
    """A line of a table: numbers with at most a short label, and no sentence."""
    count = numbers_in(line)
    if not count or LEADERS.search(line) or CLAUSE.search(line) or (LABEL.match(line) and only_dates(line)):
        return False
    rest = NUMBER.sub("", line)
    words = width(rest.strip())
    if count >= 2:
        return words <= 40 * min(count, 3) and not (words > 70 and SENTENCE_END.search(line))
    return words <= 60 and bool(re.search(r"\d[)）]?[%％x倍]?\s*$", line)) and not SENTENCE_END.search(line)


def only_dates(line: str) -> bool:
    """Whether the line holds dates, years or a time of day, and no other number."""
    rest = line
    for hit in reversed(dates(line, 2000)):
        rest = rest[: hit.start] + " " + rest[hit.end :]
    bare = CLOCK.sub(" ", YEAR.sub(" ", rest))
    return bare != line and not any(char.isdigit() for char in bare)


@lru_cache(maxsize=LINES_KEPT)
def heading_level(line: str) -> int:
    """0 for no heading, else its level (1 outermost) by numbering or capitals."""
    text = line.strip()
    wide = width(text)
    if not text or wide > 90 or LEADERS.search(text):
        return 0
    closed = SENTENCE_END.search(text)
    for level, pattern in HEADINGS:
        if pattern.match(text) and not (closed and not text.endswith((".", "："))):
            if level == 5 and (closed or wide > 60 or numbers_in(text) > 1):
                return 0
            return level
    letters = [ch for ch in text if ch.isalpha()]
    capitals = len(letters) >= 6 and all(ch.isupper() for ch in letters) and len(text.split()) >= 2
    return 3 if capitals and not numbers_in(text) else 0


def is_title_case(line: str) -> bool:
    """A short English line whose words are all capitalised and that is no sentence."""
    words = line.split()
    if not 2 <= len(words) <= 10 or len(line) > 80 or SENTENCE_END.search(line) or any(ch.isdigit() for ch in line):
        return False
    return all(word[0].isupper() or word.lower() in SMALL_WORDS for word in words) and words[0][0].isupper()
