"""What is embedded of a document, and what is not worth it.

Notes, contracts and other short papers are embedded passage by passage. A filing is embedded page by page, by a gist: the headings of
the page and how its passages begin, without numbers. A small model says nothing of numbers (they cost it most of its tokens), words
find them exactly, and the page is what is looked for. Text in a language the model does not know is left to words altogether.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tools.search.tokens import han_share

BY_PAGE = frozenset({"statement"})
"""Kinds of documents that are long, and looked up by page."""
FOREIGN = 0.5
"""Share of Chinese letters from which a text is Chinese."""
BEGINNING, HEADING, GIST, LONGEST = 90, 80, 560, 2000
NUMBERS = re.compile(r"[-−–(]?[$€£¥]?\s?\d[\d,.]*(?:\s?%)?\)?|[$€£¥%()|—–\-]+")
GAPS = re.compile(r"[\s.,;:]{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage as the index sees it."""

    seq: int
    borrower: str | None
    kind: str
    sha256: str
    page: int | None
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One vector: `first` is the passage it stands for, `seqs` all that are done with it; `text` "" when there is nothing to embed."""

    first: Piece
    seqs: tuple[int, ...]
    text: str


def units_of(pieces: Iterable[Piece], *, han: bool) -> Iterator[Unit]:
    """Pieces in order, those of one page of a filing together. `han`: the model knows Chinese."""
    for (kind, sha256, page), group in groupby(pieces, key=lambda piece: (piece.kind, piece.sha256, piece.page)):
        held = list(group)
        if kind in BY_PAGE and page is not None and sha256:
            yield Unit(held[0], tuple(piece.seq for piece in held), _known(page_gist(held), han))
        else:
            for piece in held:
                yield Unit(piece, (piece.seq,), _known(f"{piece.heading}\n{piece.text}"[:LONGEST], han))


def page_gist(pieces: Sequence[Piece]) -> str:
    """The headings of a page and how its passages begin, numbers left out."""
    parts: dict[str, None] = {}
    for piece in pieces:
        heading = piece.heading.rsplit(" > ", 1)[-1][:HEADING]
        if heading:
            parts[heading] = None
        words = GAPS.sub(" ", NUMBERS.sub(" ", piece.text)).strip()
        parts[words[:BEGINNING].rsplit(" ", 1)[0] if len(words) > BEGINNING else words] = None
    return ". ".join(part for part in parts if part)[:GIST]


def _known(text: str, han: bool) -> str:
    return text if han or han_share(text) < FOREIGN else ""
