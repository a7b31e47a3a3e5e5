"""Passages: pieces of a document that can be found and quoted, cut where a reader would cut.

A passage stays on one page and under one heading, holds whole sentences and whole table rows, and repeats the column
header of its table, because rows cut from their caption cannot be found. Size is about 400 to 900 characters; a single
sentence or row may be longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingestion.blocks import Block, headed
from ingestion.language import joined
from tools.domain.facts import Passage, Source

LEAST = 400
MOST = 900
HARD = 3000
"""A "sentence" longer than this (text without punctuation) is cut at a space."""
SMALL = 250
ABBREVIATION = re.compile(
    r"(?:\b(?:No|Nos|Inc|Corp|Ltd|Co|Mr|Mrs|Ms|Dr|St|Art|Sec|vs|e\.g|i\.e|cf|approx|etc|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
    r"|\b[A-Z]|\b(?:[A-Z]\.)+[A-Z]|^\s*[(]?[\dA-Za-z]{1,3}(?:\.\d{1,3})*)\.$"
)
BREAK = re.compile(r"(?<=[。！？；!?;])[”’」）)]*|(?<=[.])[”\"’)]*(?=\s)")


@dataclass(slots=True)
class _Open:
    """The passage being filled."""

    heading: str
    page: int | None
    locator: str | None
    table: str = ""
    parts: list[str] = field(default_factory=list)
    prose: bool = False

    @property
    def size(self) -> int:
        return sum(map(len, self.parts)) + len(self.parts)


def sentences(text: str) -> list[str]:
    """Sentences with their closing punctuation; abbreviations and clause numbers do not end one."""
    out: list[str] = []
    start = 0
    for match in BREAK.finditer(text):
        end = match.end()
        piece = text[start:end].strip()
        if not piece or (piece.endswith(".") and ABBREVIATION.search(piece[-24:])):
            continue
        if piece.endswith("per cent.") and text[end:].lstrip()[:1].islower():
            continue
        out.append(piece)
        start = end
    rest = text[start:].strip()
    if rest:
        out.append(rest)
    return [part for sentence in out for part in _bounded(sentence)]


def _bounded(sentence: str) -> list[str]:
    parts = []
    while len(sentence) > HARD:
        cut = max(sentence.rfind(mark, HARD // 2, HARD) for mark in (" ", "，", ",", "|"))
        cut = cut + 1 if cut > 0 else HARD
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*parts, sentence] if sentence else parts


def cut_passages(
    blocks: Iterable[Block], *, document: str, sha256: str, kind: str, dated: date | None = None, apart: bool = False
) -> list[Passage]:
    """Passages of one document in reading order, borrower unset. `apart` keeps every heading's text to itself, as clauses
    of contracts and sections of notes need; otherwise a short rest is joined to what follows under the next heading."""
    done: list[_Open] = []
    current: _Open | None = None
    for heading, block in headed(blocks):
        current = _placed(done, current, heading, block, apart)
    if current is not None:
        done.append(current)
    day = dated.isoformat() if dated else None
    passages = []
    for ordinal, piece in enumerate(done):
        text = "\n".join(piece.parts)
        if not text.strip():
            continue
        source = Source(document=document, sha256=sha256, page=piece.page, locator=piece.locator)
        identifier = f"p-{sha256[:16]}-{ordinal:05d}"
        passages.append(
            Passage(identifier, text, source, kind, borrower="", date=day, heading=piece.heading[-300:], ordinal=ordinal)
        )
    return passages


def _placed(done: list[_Open], current: _Open | None, heading: str, block: Block, apart: bool) -> _Open | None:
    """Adds one block to the open passage, closing it first when the block belongs to another."""
    if current is not None and _must_close(current, heading, block, apart):
        if current.prose or current.table or block.role != "row":
            done.append(current)  # a bare heading above a table is the table's caption
        current = None
    if block.role == "title":
        return current
    if block.role == "row":
        return _with_row(done, current, heading, block)
    prose = block.role == "paragraph"
    for sentence in sentences(block.text) if block.role == "paragraph" else [block.text]:
        if current is not None and current.size + len(sentence) > MOST and current.size >= min(LEAST, MOST - len(sentence)):
            done.append(current)
            current = None
        if current is None:
            current = _Open(heading, block.page, block.locator)
            current.parts.append(sentence)
        elif current.parts and sentence is not block.text and block.text.find(sentence) > 0:
            current.parts[-1] = joined(current.parts[-1], sentence)
        else:
            current.parts.append(sentence)
        current.prose = current.prose or prose
    return current if current is not None else _Open(heading, block.page, block.locator)


def _must_close(current: _Open, heading: str, block: Block, apart: bool) -> bool:
    if block.role == "title":
        return apart or current.size >= SMALL
    if current.page != block.page or current.table != (block.table if block.role == "row" else ""):
        caption = (
            block.page is not None
            and current.page == block.page
            and not current.table
            and block.role == "row"
            and current.size < SMALL
        )
        return not caption  # the caption above a table belongs to it
    if block.role == "heading":
        only_headings = current.heading == heading or current.size == sum(len(p) + 1 for p in current.heading.split(" > "))
        return not only_headings and (apart or current.size >= SMALL)
    return False


def _with_row(done: list[_Open], current: _Open | None, heading: str, block: Block) -> _Open:
    if current is not None and current.size + len(block.text) > MOST and current.size >= LEAST // 2:
        done.append(current)
        current = None
    if current is None:
        caption = heading.rsplit(" > ", 1)[-1]
        current = _Open(heading, block.page, block.locator)
        current.parts = [part for part in (caption, block.header) if part and part != block.text]
    elif current.table != block.table and block.header and block.header not in current.parts:
        current.parts.append(block.header)
    current.table = block.table
    current.parts.append(block.text)
    return current


def plain_size(passages: Sequence[Passage]) -> int:
    """Characters in all passages together."""
    return sum(len(passage.text) for passage in passages)
