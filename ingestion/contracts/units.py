"""Clauses as they are to be read: with the points that continue their sentence, the words above that govern them, and their table.

A clause says "The Borrower shall ensure that:" once over several points, and a point may be a roman sub-clause of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.blocks import Block
from ingestion.contracts.clauses import Clause, without_clause_numbers
from ingestion.contracts.comparisons import comparisons
from ingestion.contracts.measures import pair_in
from ingestion.contracts.steps import goes_further, moves_on
from ingestion.contracts.vocabulary import Vocabulary
from ingestion.text_passages import sentences

LISTED = re.compile(r"(?P<lead>[^。；;]*?(?<!\d)[:：])\s*(?:[①(（]|\d{1,2}[.、](?!\d))", re.S)
FOLLOWING = re.compile(
    r"[^。；;]{0,120}?(?:下列|以下|如下|\bfollowing\b)[^。；;：:]{0,30}(?<!\d)[:：]|[^。；;：:]{0,80}(?:须|应|需|不得|承诺|保证|确保)[^。；;：:]{0,12}[:：](?=[^。]*[；;])",
    re.I,
)
IN_CASE = re.compile(r"^\W*(?:如|若|倘|if\b|in the event|where\b|unless\b)", re.I)
"""A piece that says what follows in a case states no limit of its own."""
POINT = re.compile(r"(?<![\w.])\((?:[ivx]{1,4}|[a-z]|[A-Z])\)(?=\s)")
"""Marks inside a sentence: "the ratio of (i) Total Debt to (ii) EBITDA"."""

DEFINING = re.compile(
    r"^\W*(?:[(（]?[\w.]{1,6}[)）]?\s*)?(?:In this (?:Clause|Section|Agreement)\W+|For (?:the )?purposes? of[^,]{0,60},\s*)?[“\"][^”\"]{2,60}[”\"]\s*(?:shall\s+mean|means?)\b"
    r"|^\W*[\d.（）()、\s]*[“「\"][^”」\"]{2,30}[”」\"]\s*(?:是指|系指|指)",
    re.I,
)

HALF_MARK = re.compile(r"(?<=[一-鿿%％倍）”])[,;:()]|[,;:(](?=[一-鿿])|(?<=\d)[,;](?=[一-鿿])")

FULL_MARKS = str.maketrans(",;:()", "，；：（）")

FILLED_IN = re.compile(r"[【\[](?P<v>\s*\d[\d.,]*\s*[%％倍]?\s*)[】\]]")
"""A form's blank with its number: 「【70】%」."""
DUTIES = re.compile(r"承诺|约定|义务|约束|保证|要求|undertaking|covenant", re.I)


@dataclass(frozen=True, slots=True)
class Unit:
    """A clause with the roman sub-points that continue its sentence; `begun` is the day the contract counts its periods from."""

    clause: Clause
    paragraphs: tuple[str, ...]
    rows: tuple[Block, ...]
    begun: date | None = None

    @property
    def text(self) -> str:
        return " ".join(self.paragraphs)


def units(clauses: Sequence[Clause]) -> Iterable[Unit]:
    """Clauses to be read on their own, romanettes folded into the clause above."""
    folded: set[int] = set()
    for at, clause in enumerate(clauses):
        if id(clause) in folded:
            continue
        blocks = list(clause.blocks)
        after = at + 1
        while after < len(clauses) and clauses[after].depth >= 8 and clause in clauses[after].lineage():
            blocks += clauses[after].blocks
            folded.add(id(clauses[after]))
            after += 1
        paragraphs = tuple(block.text for block in blocks if block.role != "row")
        yield Unit(clause, paragraphs, tuple(block for block in blocks if block.role == "row"))


def chinese_marks(text: str) -> str:
    """`text` of the same length with the half-width marks between Chinese words as the full-width ones they stand for."""
    text = HALF_MARK.sub(lambda match: match.group().translate(FULL_MARKS), text)
    return FILLED_IN.sub(lambda match: f" {match['v']} ", text)


def intro_of(unit: Unit) -> str:
    """ "The Borrower shall at each quarter end meet:" over points of the same clause that only state limits."""
    for at, paragraph in enumerate(unit.paragraphs):
        text = chinese_marks(without_clause_numbers(paragraph).strip())
        listed = LISTED.match(text)
        if listed:
            return f"{listed['lead']} "
        following = FOLLOWING.match(text)
        if following:
            return following.group()
        if text.endswith((":", "：")) and at + 1 < len(unit.paragraphs):
            return f"{sentences(text)[-1]} "
    return ""


def obligations_in(text: str, vocabulary: Vocabulary) -> list[str]:
    """Sentences; a piece after a semicolon that bounds a measure it does not name goes on with the one before."""
    out: list[str] = []
    for piece in sentences(text):
        goes_on = bool(out) and out[-1].endswith(("；", ";")) and bool(comparisons(piece)) and not IN_CASE.match(piece)
        moves = bool(out) and moves_on(piece)
        further = bool(out) and out[-1].endswith(("；", ";")) and goes_further(piece) and not vocabulary.metric_at(piece)
        if moves or further or (goes_on and not vocabulary.metric_at(piece) and not pair_in(piece, vocabulary)):
            out[-1] += piece if out[-1].endswith(("；", "。")) else f" {piece}"
        else:
            out.append(piece)
    return out


def lead_of(clause: Clause) -> str:
    """ "The Borrower shall ensure that:" of the clause above, which governs every point under it."""
    text = clause.parent.text.strip() if clause.parent is not None and clause.parent.blocks else ""
    if text.endswith((":", "：", "that", "—")):
        return f"{sentences(text)[-1]} "
    # 「第五条 借款人承诺」 over points that only state limits
    headed = clause.parent is not None and DUTIES.search(clause.parent.title) and re.search(r"[一-鿿]", clause.parent.title)
    return "借款人应：" if headed else ""
