"""Who and what an answer names: borrowers, metrics, identifiers and quotations, with their places.

Names come from the artifacts and the rulebook, so that swapping one known name for another is seen as a different claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Evidence
from assistant.verification.vocabulary import word_pattern

_QUOTED = re.compile(r"[“「『]([^”」』]{4,})[”」』]|(?<![\w\"])\"([^\"\n]{6,})\"(?!\w)")
_TITLED = re.compile(r"[“「『][^”」』\n]{1,60}[”」』]")
CJK = re.compile(r"[\u3400-\u9fff]")
_CITATION = re.compile(r"\[\d{1,3}(?:\s*[,，]\s*\d{1,3})*\]")
_PROPOSED = r"-?(?=[0-9a-f-]*[a-f])(?=[0-9a-f-]*\d)[0-9a-f]{7,8}-?\d{1,3}"
"""A covenant read from a contract and not confirmed yet ("447338d8-1"), also with a sign too many or a dash too few."""
_ID_LIKE = re.compile(
    rf"(?<![\w.])(?:[A-Z]{{1,5}}-?\d[\w-]*(?:-\d+)*|P-[0-9a-f]{{8}}|[a-z_]+@\d+|{_PROPOSED})(?![\w])", re.ASCII
)
_HUMAN = re.compile(r"^(?:FY|H|Q)\d|^\d?[HQ]\d|^(?:CNY|RMB|USD|EUR|GBP|HKD|JPY|CAD)\d|^M\d$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where one of `keys` is named."""

    start: int
    end: int
    keys: frozenset[str]


@dataclass(slots=True)
class Mentions:
    """Everything named in one answer. `strangers`: borrowers the caller may see but no tool spoke of;
    `others`: those that a row or passage names;
    `verbatim`: explanations said word for word, with whose they are."""

    borrowers: list[Mention] = field(default_factory=list)
    metrics: list[Mention] = field(default_factory=list)
    identifiers: list[Mention] = field(default_factory=list)
    unknown_ids: list[Mention] = field(default_factory=list)
    strangers: list[Mention] = field(default_factory=list)
    quotes: list[tuple[int, int, str]] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    others: list[Mention] = field(default_factory=list)
    verbatim: list[tuple[int, int, str]] = field(default_factory=list)

    def plain(self, text: str) -> str:
        """`text` with the borrowers' names blotted out: the comma in "Co., Ltd." ends no clause."""
        for mention in self.borrowers:
            text = text[: mention.start] + "x" * (mention.end - mention.start) + text[mention.end :]
        return text

    def unnamed(self, text: str) -> str:
        """`text` with every name blotted out: the 负 in 资产负债率 says nothing about a sign."""
        spans = [(m.start, m.end) for m in (*self.borrowers, *self.metrics)] + [(start, end) for start, end, _ in self.quotes]
        spans += [m.span() for m in _TITLED.finditer(text)]
        for start, end in spans:
            text = text[:start] + " " * (end - start) + text[end:]
        return text

    def in_a_name(self, mention: Mention) -> bool:
        """The name is part of a longer one: of a document, mostly."""
        return any(
            m.start <= mention.start and mention.end <= m.end and m.end - m.start > mention.end - mention.start
            for m in self.identifiers
        )

    def hidden(self, start: int, end: int) -> bool:
        """True inside a quotation, an identifier or a borrower's name, where digits are not the answer's own numbers."""
        spans = [(s, e) for s, e, _ in self.quotes] + [
            (m.start, m.end) for m in (*self.identifiers, *self.borrowers, *self.unknown_ids)
        ]
        spans += [(s, e) for s, e, _ in self.verbatim]
        return any(s <= start and end <= e for s, e in spans)


@lru_cache(maxsize=64)
def _compiled(words: tuple[str, ...]) -> re.Pattern[str]:
    return word_pattern(words)


def _index(names: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for key, words in names.items():
        for word in words:
            if len(word) > 1:
                table.setdefault(word.lower(), set()).add(key)
    return {word: frozenset(keys) for word, keys in table.items()}


@lru_cache(maxsize=8)
def _metric_index(frozen: frozenset[tuple[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    return _index(dict(frozen))


def find_mentions(text: str, evidence: Evidence) -> Mentions:
    """Every mention in `text`; identifiers and quotes first, so that digits inside them are not taken for numbers."""
    found = Mentions(marks=[m.span() for m in _CITATION.finditer(text)])
    for match in _QUOTED.finditer(text):
        group = 1 if match[1] is not None else 2
        found.quotes.append((match.start(group), match.end(group), match[group]))
    for said, owner, _ in evidence.told:
        plain = said.rstrip("。.")
        found.verbatim += (
            [(m.start(), m.end(), owner) for m in re.finditer(re.escape(plain), text)]
            if len(plain) > (8 if CJK.search(plain) else 20)
            else []
        )
    known: dict[str, list[str]] = {}
    strange: dict[str, list[str]] = {}
    for key, names in evidence.borrowers.items():
        for name in names:
            (strange if name.startswith("\0") else known).setdefault(key, []).append(name.lstrip("\0"))
    shared = {n.lower() for names in known.values() for n in names}
    found.borrowers = _find(text, _index(known))
    inside = [(m.start, m.end) for m in found.borrowers]
    named = [
        m
        for m in _find(text, _index({k: [n for n in v if n.lower() not in shared and len(n) > 2] for k, v in strange.items()}))
        if not any(s <= m.start and m.end <= e for s, e in inside)
        and not any(s <= m.start < e for s, e, _ in (*found.quotes, *found.verbatim))
    ]
    # A company a row or passage names may be named, but it is nobody the tools were asked about.
    found.others = [m for m in named if any(text[m.start : m.end] in words for words in evidence.texts.values())]
    found.strangers = [m for m in named if m not in found.others]
    identifiers = {
        i for i in evidence.identifiers if len(i) > 1 and re.search(r"\d", i) and not re.fullmatch(r"[\d.,\-()%\s/]+", i)
    }
    found.identifiers = _find(text, {i.lower(): frozenset({i}) for i in identifiers})
    for match in _ID_LIKE.finditer(text):
        covered = any(m.start <= match.start() and match.end() <= m.end for m in (*found.identifiers, *found.borrowers))
        if (
            not covered
            and not any(match.group() in words for words in evidence.texts.values())
            and not _HUMAN.match(match.group())
            and not any(s <= match.start() < e for s, e, _ in (*found.quotes, *found.verbatim))
        ):
            found.unknown_ids.append(Mention(match.start(), match.end(), frozenset({match.group()})))
    if evidence.names:
        blocked = [(m.start, m.end) for m in found.borrowers] + [(s, e) for s, e, _ in (*found.quotes, *found.verbatim)]
        for mention in _find(text, _metric_index(frozenset(evidence.names.items()))):
            if not any(s <= mention.start and mention.end <= e for s, e in blocked):
                found.metrics.append(mention)
    return found


def _find(text: str, table: Mapping[str, frozenset[str]]) -> list[Mention]:
    """Longest names first. Only names that stand in the text are compiled: of thousands, a handful do."""
    lowered = text.lower()
    present = [name for name in table if name in lowered]
    if not present:
        return []
    pattern = _compiled(tuple(sorted(present)))
    return [Mention(m.start(), m.end(), table[m.group().lower()]) for m in pattern.finditer(text)]


def mask(mentions: Mentions, dates: list[DateMention]) -> list[tuple[int, int]]:
    """Spans whose digits are not quantities."""
    spans = [(d.start, d.end) for d in dates] + mentions.marks + [(s, e) for s, e, _ in (*mentions.quotes, *mentions.verbatim)]
    # A name may carry digits of its own: "due in the next 12 months".
    return spans + [
        (m.start, m.end) for m in (*mentions.identifiers, *mentions.borrowers, *mentions.unknown_ids, *mentions.metrics)
    ]
