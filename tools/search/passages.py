"""Passage search: words, pages and meaning, fused, over what the caller may see and the bank knew.

The filter (caller, borrower, kind, dates, two clocks) is one SQL condition; all rankings run under it. Words answer in the
second a document is recorded; meaning joins when its vectors have arrived, and stays out where the model does not know the
language of the question. A question that names a company is looked up in that company's documents first, and its name is no
word to find a page by there (tools.search.subjects); one that names lines of statements prefers their pages (tools.search.pages).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Engine, Row, and_, func, or_, select

from tools.domain.callers import Caller
from tools.domain.facts import Passage, Source
from tools.domain.periods import Clocks
from tools.search.gists import BY_PAGE
from tools.search.intent import Intents
from tools.search.lexical import Candidate, LexicalIndex, Span
from tools.search.pages import PagePriors, Place
from tools.search.ranking import NOWHERE, Ranked, Scope, fused, likely, ordered, spread
from tools.search.subjects import Subjects, company_tokens, years_of
from tools.search.tokens import han_share, query_tokens
from tools.store.permissions import root_of, visible
from tools.store.schema import documents, passages

if TYPE_CHECKING:
    from tools.search.vectors import VectorIndex

_POOL = 100
ELSEWHERE = 0.3
"""Weight of what stands in other companies' documents when the question names one."""
MEANING = 0.5
"""Weight of the ranking by meaning beside that by words, for notes, contracts and other short papers."""
YEAR_WEIGHT = 0.5
MOST_SPANS, MOST_PAGES = 8, 6
_YEAR = re.compile(r"(?:19|20)\d\d")
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
    """`vectors` is called when a search may use meaning; None from it means words only. Without `intents` no page is preferred."""

    def __init__(
        self,
        engine: Engine,
        vectors: Callable[[], VectorIndex | None] = lambda: None,
        expand: Expand | None = None,
        intents: Callable[[], Intents | None] = lambda: None,
    ) -> None:
        self._engine, self._opened, self._expand, self._intents = engine, vectors, expand, intents
        self._lexical = LexicalIndex(engine)
        self._subjects, self._priors = Subjects(engine), PagePriors(engine)

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
        chosen = within or Filter()
        condition = self._condition(caller, clocks, chosen)
        wanted = _POOL + offset + k
        scope = self._scope(caller, query, chosen)
        words = Ranked(1.0, self._by_words(query, scope, condition, wanted))
        rankings = [words]
        if scope.named and not scope.given:
            rankings.append(Ranked(ELSEWHERE, self._by_words(query, NOWHERE, condition, wanted)))
        vectors = self._opened() if meaning else None
        if vectors is not None and (vectors.embedder.han or han_share(query) < 0.5) and vectors.has_vectors:
            inside = and_(condition, passages.c.sha256.in_(scope.documents)) if scope.documents else condition
            rankings.append(
                Ranked(MEANING, self._by_meaning(vectors, query, inside, wanted, caller, words.places), meaning=True)
            )
        scores = fused(rankings)
        phrases = [m.group(1) for m in _PHRASE.finditer(query)]
        places = {seq: candidate for ranking in reversed(rankings) for seq, candidate in ranking.places.items()}
        order = spread(sorted(scores, key=lambda seq: (-scores[seq], seq)), places)
        found = self._fetch(order if phrases else order[: offset + k])
        if phrases:
            found = [(seq, p) for seq, p in found if all(_plain(phrase) in _plain(p.text) for phrase in phrases)]
        return [_scored(p, scores[seq]) for seq, p in found[offset : offset + k]]

    def _scope(self, caller: Caller, query: str, within: Filter) -> Scope:
        """The company the search is about: given by the filter, else named by the question."""
        intents = self._intents()
        intent = intents.of(query) if intents is not None else None
        seen: ColumnElement[bool] = visible(caller, documents.c.borrower)
        if within.document or within.borrower:
            given = (
                documents.c.sha256 == within.document
                if within.document
                else documents.c.borrower == root_of(within.borrower or "")
            )
            subjects = self._subjects.of(and_(seen, given))
        else:
            subjects = self._subjects.named(query, seen)
        return Scope(intent, subjects, given=bool(within.document or within.borrower))

    def _by_words(self, query: str, scope: Scope, condition: ColumnElement[bool], wanted: int) -> dict[int, Candidate]:
        """Candidates by seq, best first: words, then what else the page holds, then whether the question is about the page."""
        company = company_tokens(query, scope.subjects)
        terms = {term: 1.0 for term in query_tokens(query) if term not in company} or dict.fromkeys(query_tokens(query), 1.0)
        terms = {term: YEAR_WEIGHT if _YEAR.fullmatch(term) else weight for term, weight in terms.items()}
        for term, weight in (self._expand(query) if self._expand else {}).items():
            if term not in company:
                terms.setdefault(term, weight)
        inside = and_(condition, passages.c.sha256.in_(scope.documents)) if scope.documents else condition
        found = self._lexical.search(terms, inside, wanted, self._spans(scope.documents))
        intent = scope.intent
        priors = (
            self._priors.of(intent, scope.documents or likely(found)) if intent is not None and scope is not NOWHERE else {}
        )
        extra = self._on_pages(set(priors) - {(c.sha256, c.page or 0) for c in found}, priors, inside)
        return ordered([*found, *extra], priors, intent, years_of(scope.subjects))

    def _spans(self, documents: Sequence[str]) -> list[Span]:
        if not 0 < len(documents) <= MOST_SPANS:
            return []
        query = (
            select(func.min(passages.c.seq), func.max(passages.c.seq))
            .where(passages.c.sha256.in_(documents))
            .group_by(passages.c.sha256)
        )
        with self._engine.connect() as connection:
            return [(low, high) for low, high in connection.execute(query)]

    def _on_pages(self, places: set[Place], priors: Mapping[Place, float], condition: ColumnElement[bool]) -> list[Candidate]:
        """The first passages of likely pages that hold none of the question's words."""
        best = sorted(places, key=lambda place: -priors[place])[:MOST_PAGES]
        out: list[Candidate] = []
        columns = (passages.c.seq, passages.c.kind)
        with self._engine.connect() as connection:
            for sha256, page in best:
                here = and_(condition, passages.c.sha256 == sha256, passages.c.page == page)
                for row in connection.execute(select(*columns).where(here).order_by(passages.c.seq).limit(2)):
                    out.append(Candidate(row.seq, 0.0, sha256, page, row.kind))
        return out

    def catch_up(self) -> int:
        """Make what was just recorded findable by words; returns how many passages."""
        return self._lexical.catch_up()

    def rebuild_words(self) -> int:
        """Build the lexical index again from the passages; returns how many."""
        return self._lexical.rebuild()

    def _by_meaning(
        self,
        vectors: VectorIndex,
        query: str,
        condition: ColumnElement[bool],
        wanted: int,
        caller: Caller,
        words: Mapping[int, Candidate],
    ) -> dict[int, Candidate]:
        """Candidates by seq, nearest first. A vector of a whole page speaks for the page's best passage by words, else for its first."""
        columns = (passages.c.seq, passages.c.borrower, passages.c.sha256, passages.c.page, passages.c.kind)
        with self._engine.connect() as connection:
            rows = {
                row.seq: row
                for row in connection.execute(select(*columns).where(condition, passages.c.embedded == vectors.key))
            }
        borrowers = None if caller.everything else sorted({r.borrower for r in rows.values() if r.borrower})
        best: dict[Place, Candidate] = {}
        for candidate in words.values():
            if candidate.page is not None:
                best.setdefault((candidate.sha256, candidate.page), candidate)
        found: dict[int, Candidate] = {}
        for seq, score in vectors.search(query, list(rows), wanted, borrowers):
            row = rows[seq]
            candidate = Candidate(seq, score, row.sha256, row.page, row.kind)
            if row.kind in BY_PAGE and row.page is not None:
                candidate = best.get((row.sha256, row.page), candidate)
            found.setdefault(candidate.seq, candidate)
        return found

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
