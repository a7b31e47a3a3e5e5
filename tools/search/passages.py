"""Passage search: words and meaning, fused, over what the caller may see and the bank knew.

The filter (caller, borrower, kind, dates, two clocks) is one SQL condition; both rankings run under it. Words answer in the
second a document is recorded; meaning joins when its vectors have arrived, and stays out where the model does not know the
language of the question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Engine, Row, and_, or_, select

from tools.domain.callers import Caller
from tools.domain.facts import Passage, Source
from tools.domain.periods import Clocks
from tools.search.lexical import LexicalIndex
from tools.search.tokens import han_share, query_tokens
from tools.store.permissions import root_of, visible
from tools.store.schema import passages

if TYPE_CHECKING:
    from tools.search.vectors import VectorIndex

RRF_K = 60
_POOL = 100
_PHRASE = re.compile(r'[“"「]([^”"」]{2,})[”"」]')
Expand = Callable[[str], Mapping[str, float]]
"""Query text → further terms (tokens) with weights below 1: synonyms, also in the other language."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to search in; None means any. Dates are the document's own, inclusive."""

    borrower: str | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    document: str | None = None


class PassageSearch:
    """`vectors` is called when a search may use meaning; None from it means words only."""

    def __init__(
        self, engine: Engine, vectors: Callable[[], VectorIndex | None] = lambda: None, expand: Expand | None = None
    ) -> None:
        self._engine, self._opened, self._expand = engine, vectors, expand
        self._lexical = LexicalIndex(engine)

    def search(
        self,
        caller: Caller,
        query: str,
        clocks: Clocks,
        *,
        within: Filter | None = None,
        k: int = 10,
        offset: int = 0,
        meaning: bool = True,
    ) -> list[Passage]:
        """The `k` best passages after `offset`, best first, with `score` (fused reciprocal ranks). Empty for who sees nothing.
        Words in quotation marks must stand in the passage as they are. `meaning` False leaves vectors out."""
        if caller.sees_nothing or not query.strip():
            return []
        condition = self._condition(caller, clocks, within or Filter())
        wanted = _POOL + offset + k
        terms = dict.fromkeys(query_tokens(query), 1.0)
        for term, weight in (self._expand(query) if self._expand else {}).items():
            terms.setdefault(term, weight)
        ranked: list[list[int]] = [[c.seq for c in self._lexical.search(terms, condition, wanted)]]
        vectors = self._opened() if meaning else None
        if vectors is not None and (vectors.embedder.han or han_share(query) < 0.5) and vectors.has_vectors:
            ranked.append(self._by_meaning(vectors, query, condition, wanted, caller))
        scores: dict[int, float] = {}
        for ranking in ranked:
            for position, seq in enumerate(ranking):
                scores[seq] = scores.get(seq, 0.0) + 1.0 / (RRF_K + position + 1)
        phrases = [m.group(1) for m in _PHRASE.finditer(query)]
        order = sorted(scores, key=lambda seq: (-scores[seq], seq))
        found = self._fetch(order if phrases else order[: offset + k])
        if phrases:
            found = [(seq, p) for seq, p in found if all(_plain(phrase) in _plain(p.text) for phrase in phrases)]
        return [_scored(p, scores[seq]) for seq, p in found[offset : offset + k]]

    def catch_up(self) -> int:
        """Make what was just recorded findable by words; returns how many passages."""
        return self._lexical.catch_up()

    def rebuild_words(self) -> int:
        """Build the lexical index again from the passages; returns how many."""
        return self._lexical.rebuild()

    def _by_meaning(
        self, vectors: VectorIndex, query: str, condition: ColumnElement[bool], wanted: int, caller: Caller
    ) -> list[int]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(passages.c.seq, passages.c.borrower).where(condition, passages.c.embedded == vectors.embedder.key)
            ).all()
        borrowers = None if caller.everything else sorted({r.borrower for r in rows if r.borrower})
        return [seq for seq, _ in vectors.search(query, [r.seq for r in rows], wanted, borrowers)]

    def _condition(self, caller: Caller, clocks: Clocks, within: Filter) -> ColumnElement[bool]:
        column = passages.c
        parts: list[ColumnElement[bool]] = [
            visible(caller, column.borrower),
            column.recorded_at <= clocks.known_at,
            or_(column.date.is_(None), column.date <= clocks.as_of.isoformat()),
        ]
        if within.borrower:
            parts.append(column.borrower == root_of(within.borrower))
        if within.kind:
            parts.append(column.kind == within.kind)
        if within.document:
            parts.append(column.sha256 == within.document)
        if within.first:
            parts.append(column.date >= within.first.isoformat())
        if within.last:
            parts.append(column.date <= within.last.isoformat())
        return and_(*parts)

    def _fetch(self, seqs: list[int]) -> list[tuple[int, Passage]]:
        found: dict[int, Passage] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(seqs), 500):
                rows = connection.execute(select(passages).where(passages.c.seq.in_(seqs[start : start + 500])))
                found.update({row.seq: _passage(row) for row in rows})
        return [(seq, found[seq]) for seq in seqs if seq in found]


def _passage(row: Row[tuple[object, ...]]) -> Passage:
    source = Source(row.document, row.sha256, row.page, None, None, row.locator)
    boxes = tuple(tuple(box) for box in row.boxes or ())
    return Passage(row.id, row.text, source, row.kind, row.borrower or "", boxes, row.date, None, row.heading, row.ordinal)


def _scored(passage: Passage, score: float) -> Passage:
    return replace(passage, score=Decimal(repr(score)).quantize(Decimal("0.000001")))


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d)|\s+", "", text).lower()
