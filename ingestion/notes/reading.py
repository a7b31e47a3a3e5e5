"""A visit note read whole: who, when, where, its sections, and observations that say how the writer knows.

What was seen, what was checked against papers and what the borrower said are three kinds of knowledge. The section a
sentence stands in decides, unless its own words say otherwise ("财务称两条线在检修" under 所见 is still hearsay).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ingestion.blocks import Block
from ingestion.notes.observations import observations_in
from ingestion.notes.vocabulary import NoteWords, load_note_words
from ingestion.quantities import dates
from ingestion.text_passages import sentences

SAID_BY = {"seen": "seen", "checked": "checked", "said": "told", "differences": "checked"}
OBSERVED = ("seen", "checked", "said", "differences", "collateral", "")
HEAD_PARTS = frozenset({"", "form", "when", "where", "visitors", "met", "purpose", "borrower", "registration"})
TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：][0-5]\d(?!\d)")
ENUMERATOR = re.compile(r"^(?:[\d一二三四五六七八九十]{1,2}[、.．)）]|[（(][\d一二三四五六七八九十]{1,2}[)）])\s*")
LONGEST_FORM_LINE = 160
LONGEST_FACT = 160
"""A fact of the head (who, where) is one sentence; a longer text under its label holds the note too."""
MAIL_HEADER = re.compile(r"^(?:From|To|Cc|Date|Subject):\s")
NOTHING = re.compile(r"^(?:无|没有|暂无|none|n/?a|nil)$", re.I)
DUE_AFTER = re.compile(r"\s*[）)]?\s*(?:之|以)?(?:前|内)|\s*(?:底|末)?(?:能|会|可以)")
DUE_BEFORE = re.compile(r"(?:\b(?:by|before|no later than|on or before|until|on)|截至|不晚于|最迟)\s*$", re.I)
BETWEEN = re.compile(r"[，,；;、]|\band\b", re.I)
PROMISE = re.compile(
    r"(?P<by>前|之前|以前|内)[^，。；]{0,16}?(?:提供|提交|补充|报送|完成|归还|补交|送达|发过来|发来|发给|说明|复工|给出|报|落实|发|扫|给我|寄|传|交)|(?:底|末|[日号])(?:能|会|可以|就|把)[^，。；]{0,14}(?:还|续|付|给|到账|结清|补)|\b(?:by|before|no later than|within)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text under one section; `part` is "" before the first section. `printed` is the text with its label, "" for
    what was taken out of another part."""

    part: str
    text: str
    block: Block
    printed: str = ""

    def shape(self) -> dict[str, Any]:
        """As JSON."""
        return {"part": self.part, "text": self.text, "page": self.block.page, "locator": self.block.locator}


@dataclass(frozen=True, slots=True)
class NoteReading:
    """`blocks` carry a title before each section, so that passages are cut by section."""

    blocks: list[Block]
    parts: list[Part]
    observations: list[dict[str, Any]]
    visited: date | None

    @property
    def details(self) -> dict[str, Any]:
        """The note's parts as JSON, with the facts of its head."""
        head = {name: next((part.text for part in self.parts if part.part == name and part.text), None) for name in
                ("when", "where", "visitors", "met", "purpose", "borrower")}  # fmt: skip
        return {
            "visit": {"date": self.visited.isoformat() if self.visited else None} | head,
            "parts": [p.shape() for p in self.parts],
        }


def read_note(blocks: Sequence[Block], written: date | None = None) -> NoteReading:
    """`written` is the date the file itself carries, used when the note states none."""
    words = load_note_words()
    parts = list(_parts(blocks, words))
    visited = _visit_date(parts) or written
    year = visited.year if visited else None
    observations: list[dict[str, Any]] = []
    for part in parts:
        if not part.text:
            continue
        if part.part == "follow_ups":
            observations += _follow_ups(part, visited)
        elif part.part in OBSERVED:
            for sentence in sentences(part.text):
                observations += observations_in(sentence, SAID_BY.get(part.part, ""), part.part, part.block, visited, words)
                if part.part in ("said", "") and PROMISE.search(sentence) and dates(sentence, year):
                    observations += _follow_ups(Part("said", sentence, part.block), visited)
    return NoteReading(_section_blocks(parts), parts, observations, visited)


def _parts(blocks: Iterable[Block], words: NoteWords) -> Iterable[Part]:
    current, filled = "", False
    for block in blocks:
        if not current and MAIL_HEADER.match(block.text):
            yield Part("form", block.text, block, block.text)  # whose mail it is says nothing of the visit
            continue
        if block.role == "row" and block.cells:
            for name, value in _form_cells(block.cells, words):
                yield Part(name or current, value, block)
            yield Part("form", block.text, block, block.text)
            continue
        named = _section(block.text, words, loose=block.role == "heading")
        if named:
            current, filled = named, False
            yield Part(current, "", block, block.text.strip())
            continue
        text = block.text
        if current in HEAD_PARTS and filled and not words.label.match(text):
            current = ""  # who, when and where are said in one line; what follows without a name is the note itself
        if not current:
            yield from _head(text, block, words)
        labels = list(words.label.finditer(text))
        edges = [0, *(match.start() for match in labels), len(text)]
        for number, (start, end) in enumerate(pairwise(edges)):
            printed = text[start:end].strip()
            value = text[start if number == 0 else labels[number - 1].end() : end]
            if number:
                current = words.sections[labels[number - 1].group("n").lower()]
            filled = bool(value.strip(" ;；,，。|"))
            if filled and number and current in HEAD_PARTS and len(value) > LONGEST_FACT and end == len(text):
                fact, *rest = sentences(value.strip())
                yield Part(current, fact, block, printed[: len(printed) - len(value.strip()) + len(fact)])
                if rest:  # the note goes on in the same paragraph
                    current = ""
                    yield Part("", value.strip()[len(fact) :].strip(), block, value.strip()[len(fact) :].strip())
            elif filled:
                yield Part(current, _closed(value) if end < len(text) else value.strip(), block, printed)


def _section(text: str, words: NoteWords, *, loose: bool) -> str | None:
    """The section a heading or form label names; `loose` also takes a heading that holds a section's name among other words."""
    bare = ENUMERATOR.sub("", text.strip().rstrip(":："))
    bare = re.sub(r"\s*[（(].*?[)）]\s*$", "", bare).strip().lower()
    if bare in words.sections:
        return words.sections[bare]
    if not loose or not bare or len(bare) > 40:
        return None
    inside = [
        name for name in words.sections if (name in bare if not name.isascii() else re.search(rf"\b{re.escape(name)}\b", bare))
    ]
    # "Said by the borrower" is what was said: a part of the note's body goes before a label of its head
    body = [name for name in inside if words.sections[name] not in HEAD_PARTS]
    return words.sections[max(body or inside, key=len)] if inside else None


def _head(text: str, block: Block, words: NoteWords) -> Iterable[Part]:
    """ "20 Oct 2026 14:00, Jiangzhou plant; visitors Li*, Wang*; met …": the facts of a head line without colons."""
    yield from _bare_labels(text, block, words)
    lead = re.split(r"[。.](?=\s|$)|[:：](?!\d)", text, maxsplit=1)[0]
    days = dates(lead)
    if not days or len(lead) > 200 or not (TIME.search(lead) or re.search(r"[;；]", lead)):
        return
    pieces = [piece.strip() for piece in re.split(r"[;；]", lead)]
    place = TIME.sub("", pieces[0][days[0].end :]).strip(" ,，")
    if place:
        yield Part("where", place, block)
    for piece in pieces[1:]:
        name = next((n for n in sorted(words.sections, key=len, reverse=True) if piece.lower().startswith(n)), None)
        rest = piece[len(name) :].strip(" :：") if name else ""
        if name and rest:
            yield Part(words.sections[name], rest, block)


def _bare_labels(text: str, block: Block, words: NoteWords) -> Iterable[Part]:
    """A printed form whose cells have lost their borders: 「走访人（双人） 李某、王某 会见人员 周某」."""
    names = sorted(
        (name for name, part in words.sections.items() if part in HEAD_PARTS and len(name) >= (3 if name.isascii() else 2)),
        key=len,
        reverse=True,
    )
    label = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, names))})(?:[（(][^）)]*[）)])?\.?\s+(?=\S)", re.I)
    hits = [
        hit
        for hit in label.finditer(text)
        if hit.group()[0] >= "一" or (hit.group()[0].isupper() and len(text) <= LONGEST_FORM_LINE)
    ]
    first = hits[0].start() == 0 if hits else False
    if not hits or (len(hits) < 2 and not first) or (hits[0].group()[0] < "一" and not first):
        return
    for hit, end in zip(hits, [*(hit.start() for hit in hits[1:]), len(text)], strict=True):
        name = re.sub(r"[（(].*", "", hit.group()).strip()
        value = text[hit.end() : end].strip(" :：|")
        part = words.sections.get(name.lower()) or words.sections.get(name.lower().rstrip("."))
        if value and part:
            yield Part(part, value, block)


def _closed(text: str) -> str:
    return text.strip().rstrip(";；,，|").strip()


def _form_cells(cells: Sequence[str], words: NoteWords) -> Iterable[tuple[str, str]]:
    """「走访人 | 李* | 日期 | 2026-10-20」: a name cell and its value, pairwise."""
    name = ""
    for cell in cells:
        clean = cell.strip()
        named = _section(clean, words, loose=False)
        if named:
            name = named
        elif clean:
            yield name, clean
            name = name if len(cells) == 2 else ""


def _visit_date(parts: Sequence[Part]) -> date | None:
    for wanted in (("when",), ("",), ("seen", "visitors", "where", "borrower", "purpose")):
        for part in parts:
            if part.part in wanted:
                hits = [hit for hit in dates(part.text) if not hit.whole_month]
                if hits:
                    return hits[0].day
    return None


def _follow_ups(part: Part, visited: date | None) -> list[dict[str, Any]]:
    """One observation per promised act; `due` where the note names a day (the visit's year, the next when the day is past)."""
    out = []
    for sentence in re.split(r"(?<=[。；;.])\s*|\n", part.text):
        clean = sentence.strip(" ;；。.-•·*")
        if len(clean) < 3 or NOTHING.match(clean):
            continue
        for act, due in _dues(clean, visited) or [(clean, None)]:
            out.append({
                "topic": "follow_up", "value": act, "unit": None, "said_by": "told" if part.part == "said" else "seen",
                "date": visited.isoformat() if visited else None, "text": sentence.strip(), "page": part.block.page,
                "locator": part.block.locator, "due": due.isoformat() if due else None, "negated": False, "section": part.part,
            })  # fmt: skip
    return out


def _dues(clean: str, visited: date | None) -> list[tuple[str, date | None]]:
    """Each act with its day; where days are said to be limits ("by 19 June", 「9月25日前」) those are meant, else the last one."""
    hits = dates(clean, visited.year if visited else None)
    limits = [hit for hit in hits if DUE_AFTER.match(clean[hit.end :]) or DUE_BEFORE.search(clean[: hit.start])]
    chosen = limits if len(limits) > 1 else (limits or hits)[-1:]
    out: list[tuple[str, date | None]] = []
    begins = 0
    for at, hit in enumerate(chosen):
        due = hit.day
        stated = re.search(r"(?:19|20)\d\d", clean[hit.start : hit.end])
        if visited and not stated and due < visited and (visited - due).days > 60:
            due = due.replace(year=due.year + 1)
        ends = len(clean)
        if at + 1 < len(chosen):
            cuts = list(BETWEEN.finditer(clean, hit.end, chosen[at + 1].start))
            ends = cuts[-1].start() if cuts else chosen[at + 1].start
        out.append((clean[begins:ends].strip(" ,，、;；"), due))
        begins = ends
    return out


def _section_blocks(parts: Sequence[Part]) -> list[Block]:
    out: list[Block] = []
    last: str | None = None
    for part in parts:
        if not part.printed:
            continue
        name = "note" if part.part in HEAD_PARTS else part.part.replace("_", " ")
        if name != last:
            out.append(Block(name, "title", part.block.page, part.block.locator, level=1))
            last = name
        block = part.block
        whole = part.printed == block.text.strip()
        out.append(block if whole and block.role == "row" else Block(part.printed, "paragraph", block.page, block.locator))
    return out
