"""What an answer's own form says: numbered lists, file names, pages, ranges of days, and which of a loan's days a date is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Evidence
from assistant.verification.mentions import Mention, Mentions
from assistant.verification.vocabulary import word_pattern
from prompts.library import phrase_book

Finding = tuple[str, int, int, str]
_ITEM = re.compile(r"^[ \t]*(?P<n>\d{1,3})[.、)）．](?=\s|[^\d\s])", re.MULTILINE)
_FILE = re.compile(
    r"[^\s,,。;;“”\"'()()\[\]::]+\.(?:pdf|docx?|xlsx?|csv|md|txt|html?|eml|png|jpe?g|tiff?)(?![A-Za-z0-9])", re.IGNORECASE
)
_PAGE = re.compile(r"第\s*(?P<a>\d{1,4})\s*页|\b(?:pages?|p\.)\s*(?P<b>\d{1,4})\b", re.IGNORECASE)
_RANGE = re.compile(r"^\s*(?:至|到|—|–|-|~|to|until|through)\s*$", re.IGNORECASE)
_NAME_REACH = 12


def check_structure(
    text: str, dates: Sequence[DateMention], quotes: Sequence[tuple[int, int]], mentions: Mentions, evidence: Evidence
) -> Iterator[Finding]:
    """(kind, start, end, why) for everything in the form of the answer that does not hold."""

    def quoted(place: int) -> bool:
        return any(a <= place < b for a, b in quotes)

    yield from _lists(text)
    yield from _papers(text, evidence, quoted)
    yield from _ranges(text, dates, evidence)
    yield from _rules(text, evidence)
    yield from _heads(text)
    yield from _firsts(text)
    yield from _chains(text, mentions)
    for match in _nonsense().finditer(text):
        if not quoted(match.start()):
            yield "state", match.start(), match.end(), "this cannot be said of anything"
    for match in _TIME.finditer(text):
        yield "number", match.start(), match.end(), "no time is negative"
    yield from _numbered_names(text, evidence)
    yield from _sections(text, evidence)
    yield from _named_dates(text, dates, evidence)


_NUMBERED = re.compile(r" ?[(（](?P<id>[A-Za-z0-9_-]{2,20})[)）]")


def _numbered_names(text: str, evidence: Evidence) -> Iterator[Finding]:
    """A borrower's name with a number in brackets behind it: the number must be his."""
    for id, names in evidence.borrowers.items():
        for name in (one for one in names if len(one) > 3 and one != id and one in text):
            for match in re.finditer(re.escape(name), text):
                numbered = _NUMBERED.match(text, match.end())
                if (
                    numbered
                    and numbered["id"] in evidence.borrowers
                    and numbered["id"] != id
                    and name not in evidence.borrowers[numbered["id"]]
                ):
                    yield "borrower", match.start(), match.end(), f"{numbered['id']} is another borrower"


def pages(text: str) -> list[tuple[int, int]]:
    """Spans that name a page."""
    return [m.span() for m in _PAGE.finditer(text)]


def _lists(text: str) -> Iterator[Finding]:
    """A numbered list counts 1, 2, 3; it may start anew, but not right below a line of its own."""
    last, below = 0, -1
    for match in _ITEM.finditer(text):
        number = int(match["n"])
        if number not in (1, last + 1) or (number == 1 and last > 1 and below == match.start()):
            yield "number", match.start("n"), match.end("n"), f"the list goes from {last} to {number}"
        elif number == 1 and last == 1:
            yield "number", match.start("n"), match.end("n"), "the list counts 1 twice"
        last = number
        below = text.find("\n", match.end()) + 1


def _papers(text: str, evidence: Evidence, quoted: object) -> Iterator[Finding]:
    """A file named must be one a tool spoke of, and a page one that something was found on."""
    known = {name for name in evidence.identifiers if re.search(r"\.\w{2,4}$", name)}
    spans = [(m.start(), m.end()) for name in known for m in re.finditer(re.escape(name), text)]
    for match in _FILE.finditer(text):
        if not any(a < match.end() and match.start() < b and match.end() == b for a, b in spans):
            yield "identifier", match.start(), match.end(), "no tool spoke of this document"
    for match in _PAGE.finditer(text):
        page = int(match["a"] or match["b"])
        named = [text[a:b] for a, b in spans if 0 <= match.start() - b <= 2]
        pages = set().union(*(evidence.pages.get(name, set()) for name in named)) if named else set()
        if not pages:
            pages = set().union(*evidence.pages.values()) if evidence.pages else set()
        if page not in pages and not quoted(match.start()):  # type: ignore[operator]
            yield "number", match.start(), match.end(), "nothing was found on this page"


_RULE = re.compile(r"(?<![\w-])([A-Z]{3}-\d+(?:-\d+)*) (?=\S)")
_AFTER_WORD = re.compile(r"(?<![A-Za-z])(?P<word>[A-Za-z]{5,}) (?P<n>\d{1,3})(?![\d.,]*\d|%)")
_SECTION = re.compile(r"(?<![\d.,\w])-?\d{1,2} -?\d{1,2}(?![\d.,\w%])")


_TIME = re.compile(r"(?<!\d)-\d{2}:\d{2}(?!\d)")
_HEAD = re.compile(r"[(（]共?(?P<n>\d{1,3}) ?(?:[笔项条个份家户件]|loans?|items?|guarantees?)?[)）][:：]$", re.MULTILINE)
MOST_LISTED = 15
LISTED = frozenset({"collateral", "alerts", "documents"})
"""Kinds that are listed one a line."""


def _heads(text: str) -> Iterator[Finding]:
    """A heading that counts ("Guarantors of X (2):") counts the lines below it."""
    for match in _HEAD.finditer(text):
        lines = 0
        for line in text[match.end() + 1 :].split("\n"):
            if not line.startswith("- "):
                break
            lines += 1
        if 0 < lines < MOST_LISTED and int(match["n"]) != lines:
            yield "number", match.start("n"), match.end("n"), f"{lines} are listed"
    for match in _COUNTED_HEAD.finditer(text):
        lines = 0
        for line in text[match.end() + 1 :].split("\n"):
            if not line.startswith("- "):
                break
            lines += 1
        if match["noun"].lower() in _counted() and 0 < lines < MOST_LISTED and int(match["n"]) != lines:
            yield "number", match.start("n"), match.end("n"), f"{lines} are listed"


_COUNTED_HEAD = re.compile(
    r"(?:^|[^\d.,-])(?P<n>\d{1,3}) ?(?P<noun>[^\s\d,，。.::()（）]+(?: of [a-z]+)?)(?: ?[(（][^()（）\n]*[)）])?[::]$",
    re.MULTILINE,
)
_FIRSTS = re.compile(r"(?:[Oo]nly the first|仅列出?前|只列出?前|以下仅列前) ?(?P<n>\d{1,4})")


def _firsts(text: str) -> Iterator[Finding]:
    """ "Only the first 20 are shown": so many lines of a list stand above."""
    for match in _FIRSTS.finditer(text):
        lines = text[: match.start()].rstrip("\n").split("\n")
        number = 0
        while lines and re.match(r"\s*(?:[-*·]|\d{1,3}[.、)])\s", lines[-1]):
            lines.pop()
            number += 1
        if number and int(match["n"]) != number:
            yield "number", match.start("n"), match.end("n"), f"{number} are listed"


def _chains(text: str, mentions: Mentions) -> Iterator[Finding]:
    """A chain of guarantees ("A→B→A"): nobody guarantees himself, nobody but who begins it comes twice, and a circle is closed."""
    for match in _TOGETHER.finditer(text):
        named = [m.keys for m in mentions.borrowers if match.start() <= m.start < match.end()]
        if len(set(named)) < len(named):
            yield "borrower", match.start(), match.end(), "a company stands in this circle twice"
    run: list[Mention] = []
    for mention in sorted(mentions.borrowers, key=lambda m: m.start):
        if run and not _LINK.fullmatch(text[run[-1].end : mention.start]):
            yield from _chain(text, run)
            run = []
        run.append(mention)
    yield from _chain(text, run)


def _chain(text: str, run: Sequence[Mention]) -> Iterator[Finding]:
    names = [tuple(sorted(mention.keys)) for mention in run]
    closed = len(names) > 1 and names[0] == names[-1]
    inner = names[1:] if closed and len(names) > 2 else names
    round_ = _ROUND.search(text, text.rfind("\n", 0, run[0].start) + 1, run[0].start) if run else None
    if len(set(inner)) < len(inner) or (round_ and len(names) > 2 and not closed):
        yield "borrower", run[0].start, run[-1].end, "a company stands in this chain twice, or the circle is not closed"


_TOGETHER = re.compile(
    r"[^\n。;；]*(?:一起[^\n。;；]*担保圈|circle[^\n.]*together with|together with[^\n]*circle)[^\n。;；]*", re.IGNORECASE
)
_LINK = re.compile(r"\s*(?:→|->|guarantees|为)\s*", re.IGNORECASE)
_ROUND = re.compile(r"担保圈|circle", re.IGNORECASE)


@cache
def _nonsense() -> re.Pattern[str]:
    """What is right of no value."""
    return re.compile("|".join(f"(?:{one})" for one in phrase_book("gate")["nonsense"]), re.IGNORECASE)


def _rules(text: str, evidence: Evidence) -> Iterator[Finding]:
    """A rule's id beside its name must be that rule's."""
    names: dict[str, set[str]] = {}
    for key, words in evidence.texts.items():
        table, _, rest = key.partition(":")
        if table in ("classification_rules", "use_rules", "acts", "signal_rules") and ":name_" in rest:
            names.setdefault(rest.partition(":")[0], set()).add(words)
    for match in _RULE.finditer(text) if names else ():
        said = [(owner, name) for owner, own in names.items() for name in own if text.startswith(name, match.end())]
        if said and match[1] not in {owner for owner, _ in said}:
            yield "identifier", match.start(1), match.end(1), f"that is the name of {said[0][0]}"


def _sections(text: str, evidence: Evidence) -> Iterator[Finding]:
    """Two numbers side by side ("handbook 3 28") name a place in a source: they must stand so in one."""
    pool = [words for words in evidence.texts.values() if _SECTION.search(words)]
    for match in _SECTION.finditer(text) if pool else ():
        if not any(match.group() in words for words in pool):
            yield "number", match.start(), match.end(), "no source names this section"
    numbered: dict[str, set[str]] = {}
    for match in (m for words in evidence.rules for m in _AFTER_WORD.finditer(words)):
        numbered.setdefault(match["word"].lower(), set()).add(match["n"])
    for match in _AFTER_WORD.finditer(text) if numbered else ():
        if match["n"] not in numbered.get(match["word"].lower(), {match["n"]}):
            yield "number", match.start("n"), match.end("n"), "the source names another section"


def _ranges(text: str, dates: Sequence[DateMention], evidence: Evidence) -> Iterator[Finding]:
    """From an earlier day to a later one."""
    days = [d for d in dates if d.grain == "day"]
    for one, other in pairwise(days):
        if not _RANGE.match(text[one.end : other.start] or "x"):
            continue
        if one.first >= other.first:
            yield "date", one.start, other.end, "the first day is not before the second"
            continue
        line = text[text.rfind("\n", 0, one.start) + 1 : one.start]
        for about, begins in evidence.named_dates.get("start_date", ()):
            ends = {day for owner, day in evidence.named_dates.get("end_date", ()) if owner == about}
            spoken = re.search(rf"(?<![A-Za-z\d]){re.escape(about)}(?![A-Za-z\d])", line) if about else None
            if spoken and ends and (begins == one.first) != (other.first in ends):
                yield "date", one.start, other.end, f"{about} does not run from one to the other"
                break


def _named_dates(text: str, dates: Sequence[DateMention], evidence: Evidence) -> Iterator[Finding]:
    """A day called a maturity must be one; of the loan named before it, when one is."""
    pattern, names = date_words()
    for day in dates:
        if day.grain not in ("day", "monthday"):
            continue
        head = text[max(0, day.start - _NAME_REACH * 3) : day.start]
        found = [m for m in pattern.finditer(head) if len(head) - m.end() <= 4 and not re.search(r"[,,;;.。]", head[m.end() :])]
        if not found:
            continue
        name = names[found[-1].group().lower()]
        allowed = {when for about, when in evidence.named_dates.get(name, ()) if about in _abouts(text, day, evidence, name)}
        if allowed and not any(day.covers(when) for when in allowed):
            yield "date", day.start, day.end, f"no {name.replace('_', ' ')} is this day"


def _abouts(text: str, day: DateMention, evidence: Evidence, name: str) -> set[str]:
    known = {about for about, _ in evidence.named_dates.get(name, ())}
    line = text[text.rfind("\n", 0, day.start) + 1 : day.start]
    return {about for about in known if re.search(rf"(?<![A-Za-z\d]){re.escape(about)}(?![A-Za-z\d])", line)} or known


@cache
def date_words() -> tuple[re.Pattern[str], dict[str, str]]:
    """What a date is called right before it, and the name each word stands for."""
    table = {word.lower(): name for name, words in phrase_book("gate")["date_names"].items() for word in words}
    return word_pattern(list(table)), table


@cache
def _counted() -> frozenset[str]:
    """What may be counted in a heading."""
    return frozenset(word.lower() for kind, words in phrase_book("gate")["counted"].items() for word in words if kind in LISTED)
