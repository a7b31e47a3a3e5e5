"""What a mark is cited for: the words quoted before it stand in it, the number before it rests on it, the line's covenant is its own.

A citation that opens something else is worth no more than an invented one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.verification.evidence import Claim, Evidence
from assistant.verification.reading import Finding, Matched, Reading
from assistant.verification.sentences import Sentence
from assistant.verification.tallies import severity_words

_BEHIND = re.compile(r"\s?(?:%|％|倍|x|天|元|万元|亿元|days?|percent)?\s?[)）]?\s?")
_QUOTE_END = re.compile(r"[”」』\"][)）]?[。.]?\s?")
_TOLD_OF = re.compile(r"[)）][:：]\s?[“「\"]")
_ALERT = re.compile(r"(?<![\w-])A-[0-9a-f]{6,12}(?![\w-])")


def check_sources(reading: Reading) -> Iterator[Finding]:
    """(kind, start, end, why) for quotations and covenants that are not the cited source's, and severities that are not the alert's."""
    yield from _quotes(reading)
    yield from _origins(reading)
    yield from _titles(reading)
    yield from _objects(reading)
    yield from _severities(reading)


def _quotes(reading: Reading) -> Iterator[Finding]:
    """A quotation right before a mark stands in what the mark points to, when that is a text."""
    texts = reading.evidence.texts
    for place, ids in reading.anchors:
        sources = [texts[id] for id in ids if id in texts]
        days = set().union(*(reading.evidence.passage_days.get(id, set()) for id in ids))
        quote = next((q for q in reading.mentions.quotes if _QUOTE_END.fullmatch(reading.text[q[1] : place])), None)
        if quote is None or len(sources) < len(ids) or not sources:
            continue
        told = next((d for d in reversed(reading.dates) if _TOLD_OF.fullmatch(reading.text[d.end : quote[0]])), None)
        if told is not None and told.grain == "day" and days and told.first not in days:
            yield "date", told.start, told.end, "the document cited is of another day"
        plain = re.sub(r"\s+", "", quote[2]).lower().rstrip("…. 。")
        if not any(plain in re.sub(r"\s+", "", source).lower() for source in sources):
            yield "quote", quote[0], quote[1], "the source cited says other words"


_TITLE = re.compile(r"\s?[“「](?P<name>[^”」\n]{2,60})[”」]")


def _titles(reading: Reading) -> Iterator[Finding]:
    """A title in quotation marks right behind an identifier is what its row is called."""
    evidence = reading.evidence
    for mention in reading.mentions.identifiers:
        title = _TITLE.match(reading.text, mention.end)
        rows = {row for key in mention.keys for row in evidence.named_rows.get(key, ())} if title else set()
        called = [evidence.texts[key] for row in rows if (key := f"{row}:name") in evidence.texts]
        if title and called and title["name"].strip() not in [name.strip() for name in called]:
            yield "identifier", mention.start, mention.end, "this is called otherwise"


_ORIGIN = re.compile(r"^(?:来源|Sources?)[:：]\s?", re.MULTILINE)


def _origins(reading: Reading) -> Iterator[Finding]:
    """The source named in a line of its own is the one marked behind it."""
    text, texts = reading.text, reading.evidence.texts
    said = {
        id: [words for key, words in texts.items() if key == id or key.startswith(f"{id}:")]
        for _, ids in reading.anchors
        for id in ids
    }
    for match in _ORIGIN.finditer(text):
        place, ids = next(((p, i) for p, i in reading.anchors if p > match.end()), (0, ()))
        named = text[match.end() : place]
        if not place or "\n" in named or not named or not any(said[id] for id in ids):
            continue
        if not any(named in words for id in ids for words in said[id]) and any(named in words for words in texts.values()):
            yield "citation", match.end(), place, "the mark points to another source"


def _objects(reading: Reading) -> Iterator[Finding]:
    """A line that names covenants or loans cites values about one of them, where its values are about such a thing at all."""
    text, evidence = reading.text, reading.evidence
    for place, ids in reading.anchors:
        abouts = {evidence.about_of[id] for id in ids if evidence.about_of.get(id) in evidence.objects}
        if not abouts:
            continue
        tables = {evidence.objects[about] for about in abouts}
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        named = {
            key
            for m in reading.mentions.identifiers
            if start <= m.start < (end if end >= 0 else len(text))
            for key in m.keys
            if evidence.objects.get(key) in tables
        }
        if named and not named & abouts:
            first = next(m for m in reading.mentions.identifiers if start <= m.start and m.keys & named)
            yield "citation", first.start, first.end, "the source cited is about another one"


def _severities(reading: Reading) -> Iterator[Finding]:
    """The colour told of an alert right behind its number is the alert's."""
    known = {v.about: v.state for v in reading.evidence.states if v.name == "severity"}
    pattern, keys = severity_words()
    for match in _ALERT.finditer(reading.text) if known else ():
        severity = known.get(match.group())
        said = pattern.match(reading.text, match.end() + len(_gap(reading.text, match.end())))
        if severity and said and keys[said.group().lower()] != severity:
            yield "state", said.start(), said.end(), f"the alert is {severity}"


def _gap(text: str, place: int) -> str:
    found = re.match(r"[\s:：,，(（)）]*", text[place:])
    return found.group() if found else ""


def check_rests(reading: Reading, sentence: Sentence, matched: Matched) -> Iterator[Finding]:
    """A number right before a mark without a number of its own: one of the values it may be shares a source with the mark."""
    evidence = reading.evidence
    for place, ids in reading.anchors:
        if not sentence.start <= place <= sentence.end or any(evidence.sourced(id) for id in ids):
            continue
        number, claims = next(
            ((n, c) for n, c in reversed(matched) if n.end <= place and _BEHIND.fullmatch(reading.text[n.end : place])),
            (None, []),
        )
        if number is None or not claims or any(id in evidence.texts for id in ids):
            continue
        leaves = set().union(*(evidence.leaves(id) for id in ids))
        if leaves and not any(leaves & _of(claim, evidence) for claim in claims):
            yield "citation", number.start, number.end, "the source cited is another one's"


def _of(claim: Claim, evidence: Evidence) -> frozenset[str]:
    return evidence.leaves(claim.id) | evidence.leaves(claim.row) if claim.row else evidence.leaves(claim.id)
