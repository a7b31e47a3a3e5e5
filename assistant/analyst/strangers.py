"""Words a question leaves over that look like a name nobody knows, as against a topic, filler or a slip.

A name the caller may not see and one that does not exist are the same here: neither stands in the index, both are left over.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.analyst.lexicon import Lexicon
from assistant.analyst.reading import Reading, Span
from assistant.analyst.words import singular
from prompts.library import phrase_book

_FORM = re.compile(r"(?:公司|集团|科技|电子|贸易|实业|股份|机械|化工|制造|物流|银行|控股|材料|食品|药业|建设|工程)$")
_OPENING = re.compile(
    r"请问|请告诉我|帮我|帮忙|麻烦|查一下|查查|查询|告诉我|那么|那|看看|看一下|想知道|关于|我们|咱们|本行|我行|有没有|是不是|是否|有无|认识|打开|找一下|找|叫做?|一家|一个|为什么|为何|为啥|请|问|查|有|把"
)
_FOLLOWED = re.compile(
    r"(?:有限公司|公司|集团|的|\d|[,,]|去年|今年|上|最|近|目前|截至|还|有|是|在|呢|怎么|现在|逾期|为什么|为何|为啥|亮|变|被|能|可以|会|这|和|与|跟|$)"
)
_LATIN_FORM = re.compile(r"\b(?:inc|ltd|limited|corp|corporation|plc|llc|gmbh|co|holdings|group)\b\.?", re.IGNORECASE)
_NAMING = re.compile(
    r"\b(?:of|for|at|about|does|did|has|have|is|was|are|to|from|with|and|or|vs\.?|versus|than|against|called|named)\s+$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\s*(?:和|与|跟|同|及|以及|、|,|还有|对比|比|/|&|\band\b|\bor\b|\bvs\b\.?|\bversus\b|\bwith\b|\bthan\b|\bagainst\b|\bto\b)\s*",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"(?:比|相比于?|\bthan|\bversus|\bvs\.?|\bcompared (?:with|to)|\bagainst)\s*$", re.IGNORECASE)
_BRANCH = re.compile(r"\s?(?:分行|支行|branch\b)", re.IGNORECASE)
"""What stands before it is one of the bank's own branches."""
LONGEST_HAN = 14


@dataclass(frozen=True, slots=True)
class Stranger:
    """A name nobody known to the caller has. `plain`: by its own words or its place it is a company's name and nothing else."""

    text: str
    start: int
    end: int
    plain: bool


def unknown_name(reading: Reading, lexicon: Lexicon) -> str:
    """The left-over words when they stand where a name stands; empty when there are none."""
    found = strangers(reading, lexicon)
    return found[0].text if found else ""


def strangers(reading: Reading, lexicon: Lexicon) -> list[Stranger]:
    """Every stretch that is taken for an unknown name, Chinese ones first."""
    return [*_han(reading), *(one for one in _latin(reading, lexicon) if one.text.lower() not in MONTHS)]


MONTHS = frozenset(
    name.lower() for names in (calendar.month_name, calendar.month_abbr, calendar.day_name) for name in names if name
)
"""Words of time with a capital letter, which are nobody's name."""


def beside(reading: Reading, lexicon: Lexicon) -> list[str]:
    """Unknown names set beside known ones ("明远和…哪个高", "Qihang and …"): a comparison must not lose one of its sides silently."""
    found = []
    pieces = [(span, reading.text[span[0] : span[1]], True) for span in _han_spans(reading) if not _ordinary_han(reading, span)]
    pieces += [((one.start, one.end), one.text, one.text[0].isupper()) for one in _latin(reading, lexicon)]
    for (start, end), text, likely in pieces:
        before, after = reading.text[:start], reading.text[end:]
        joined = any(
            (b <= start and _JOINED.fullmatch(reading.text[b:start])) or (end <= a and _JOINED.fullmatch(reading.text[end:a]))
            for a, b in reading.names
        )
        if (
            likely
            and end - start > 1
            and (joined or (reading.names and _COMPARED.search(before)))
            and not re.match(r"(?:的)?(?:平均|水平|均值)", after)
        ):
            found.append(text)
    return found


def _han(reading: Reading) -> list[Stranger]:
    found = []
    for start, end in _han_spans(reading):
        piece = reading.text[start:end]
        if not 2 <= len(piece) <= LONGEST_HAN or _ordinary_han(reading, (start, end)) or _BRANCH.match(reading.text[end:]):
            continue
        before, after = reading.text[:start], reading.text[end:]
        opens = not re.search(r"[\u3400-\u9fffA-Za-z]", _OPENING.sub("", before))
        followed = _FOLLOWED.match(after) or any(
            hit.start == end and hit.ids(kind) for hit in reading.hits for kind in ("metric", "cue", "family", "measure")
        )
        plain = bool(_FORM.search(piece)) or after.startswith(("公司", "集团", "有限", "股份")) or _of_a_trade(piece)
        if plain or (opens and followed):
            found.append(Stranger(piece, start, end, plain))
    return found


def _han_spans(reading: Reading) -> Iterator[Span]:
    """Left-over Chinese runs, with the single characters that are fillers elsewhere but stand inside or before a name ("蓝天重工")."""
    never = _names()["never"]
    fillers = {
        hit.start: hit.end
        for hit in reading.hits
        if len(hit.text) == 1
        and all(entry.kind == "stop" for entry in hit.entries)
        and hit.text not in never
        and hit.text >= "\u3400"
    }
    spans: list[Span] = []
    for start, end in (span for span in reading.loose if reading.text[span[0]] >= "\u3400"):
        grown = start
        while grown - 1 in fillers and start - grown < 2:
            grown -= 1
        within = spans and start - spans[-1][1] == 1 and reading.text[spans[-1][1]] in _names()["inside"]
        if spans and (grown <= spans[-1][1] or (within and reading.text[start:].startswith(tuple(_names()["trades"])))):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((grown, end))
    yield from spans


def _ordinary_han(reading: Reading, span: Span) -> bool:
    """What visit notes and contracts speak of, and words for the others in general, are topics and not names."""
    piece = reading.text[span[0] : span[1]]
    return piece in _topics() or piece in _names()["ordinary"] or any(piece.startswith(word) for word in _names()["ordinary"])


def _of_a_trade(piece: str) -> bool:
    return any(piece.endswith(word) and len(piece) >= len(word) + 2 for word in _names()["trades"])


@cache
def _names() -> dict[str, frozenset[str]]:
    book = phrase_book("names")["strangers"]
    return {key: frozenset(str(word) for word in book[key]) for key in ("never", "ordinary", "trades", "inside")}


@cache
def _topics() -> frozenset[str]:
    return frozenset(str(word) for group in phrase_book("topics")["groups"] for word in group)


def _latin(reading: Reading, lexicon: Lexicon) -> list[Stranger]:
    text = reading.text
    found: list[Stranger] = []
    for start, end in reading.loose:
        piece = text[start:end]
        if not piece[0].isascii() or not piece[0].isalpha():
            continue
        word = piece.split("'")[0]
        if singular(word) in lexicon.vocabulary or len(word) < 2 or _BRANCH.match(text[end:]):
            continue
        capital = piece[0].isupper()
        possessive = piece.endswith("'s") or text[end : end + 2] == "'s"
        placed = _NAMING.search(text[:start]) is not None
        form = _LATIN_FORM.match(text[end:].lstrip())
        in_chinese = re.search(r"[\u3400-\u9fff]", text) is not None
        if capital or possessive or form or (placed and not _ordinary(word)) or in_chinese:
            plain = bool(form) or (capital and (possessive or placed))
            last = found[-1] if found else None
            if last is not None and not text[last.end : start].strip(" &.-"):
                found[-1] = Stranger(text[last.start : start + len(word)], last.start, start + len(word), last.plain or plain)
            else:
                found.append(Stranger(word, start, start + len(word), plain))
    return found


def _ordinary(word: str) -> bool:
    """Endings of English adjectives, verbs and nouns that are hardly names."""
    return bool(re.search(r"(?:ing|ed|ly|tion|ness|able|ible|ful|ive|ment|ity|ous|al|er|est|y)$", word.lower()))


def without_strangers(reading: Reading, lexicon: Lexicon, spans: Sequence[Span]) -> list[Span]:
    """Of guessed names those that are not cut out of a longer name nobody has ("缆是" out of "西岭电缆是")."""
    others = strangers(reading, lexicon)

    def cut_out(span: Span) -> bool:
        return any(one.start < span[1] and span[0] < one.end and (one.start < span[0] or span[1] < one.end) for one in others)

    return [span for span in spans if not cut_out(span)]
