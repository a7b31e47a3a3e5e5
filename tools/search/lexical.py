"""The lexical index: SQLite FTS5 over our own tokens, derived from the passages table and rebuildable from it.

It stands in the same database as the passages, so that the permission filter and the two clocks are part of the query. It
catches up before every search, so a passage can be found in the same second it was recorded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, bindparam, func, literal_column, select, text

from tools.errors import StoreError
from tools.search.tokens import tokens
from tools.store.schema import passages

_CREATE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS passage_tokens USING fts5(tokens, content='', tokenize=\"unicode61 tokenchars '.'\")"
)
_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS passage_terms USING fts5vocab(passage_tokens, row)"
_BATCH = 2000
K1, B = 1.2, 0.75
HEADING_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage row found by words, with its lexical score (higher is better) and where it stands."""

    seq: int
    score: float
    sha256: str = ""
    page: int | None = None
    kind: str = ""


Span = tuple[int, int]
"""First and last seq of one document's passages: they were recorded in a row, so a search inside it need not look elsewhere."""


class LexicalIndex:
    """BM25 over the passages a condition admits, with a weight per query term."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ready = False

    def catch_up(self) -> int:
        """Index passages recorded since the last time; returns how many. Safe under several processes: one writer at a time."""
        with self._engine.connect() as connection:
            self._prepare(connection)
            newest = connection.execute(select(func.max(passages.c.seq))).scalar() or 0
            done = self._indexed(connection)
            if newest <= done:
                return 0
        added = 0
        with self._engine.connect().execution_options(loanward_write=True) as connection:
            done = self._indexed(connection)
            while True:
                query = select(passages.c.seq, passages.c.heading, passages.c.text).where(passages.c.seq > done)
                rows = connection.execute(query.order_by(passages.c.seq).limit(_BATCH)).all()
                if not rows:
                    break
                connection.execute(
                    text("INSERT INTO passage_tokens(rowid, tokens) VALUES (:seq, :tokens)"),
                    [{"seq": r.seq, "tokens": " ".join(tokens(f"{r.heading}\n{r.text}"))} for r in rows],
                )
                done = rows[-1].seq
                added += len(rows)
            connection.commit()
        return added

    def rebuild(self) -> int:
        """Drop the index and build it again from the passages."""
        with self._engine.connect() as connection:
            for name in ("passage_terms", "passage_tokens"):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
            connection.commit()
        self._ready = False
        return self.catch_up()

    def search(
        self, terms: Mapping[str, float], condition: ColumnElement[bool], limit: int, spans: Sequence[Span] = ()
    ) -> list[Candidate]:
        """Best `limit` passages among those `condition` (on the passages table) admits, by weighted BM25 over `terms`. `spans`, when
        given, hold all that the condition admits."""
        self.catch_up()
        if not terms:
            return []
        with self._engine.connect() as connection:
            wanted = sorted(terms, key=lambda t: -terms[t])[:60]
            match = " OR ".join('"' + term.replace('"', "") + '"' for term in wanted)
            rows = [
                row for span in (spans or (None,)) for row in connection.execute(_matching(match, condition, limit, span)).all()
            ]
            if not rows:
                return []
            weights = self._weights(connection, wanted, terms)
        return self._rescore(rows, weights, limit)

    def _rescore(self, rows: Sequence[Any], weights: Mapping[str, float], limit: int) -> list[Candidate]:
        """BM25 with a weight per term: synonyms count less than the asker's own words, headings more than text."""
        cut = [(row, Counter(tokens(row.heading)), Counter(tokens(row.text))) for row in rows]
        lengths = [heading.total() + body.total() for _, heading, body in cut]
        average = sum(lengths) / len(lengths) or 1.0
        found = []
        for (row, heading, body), length in zip(cut, lengths, strict=True):
            norm = K1 * (1 - B + B * length / average)
            score = 0.0
            for term, weight in weights.items():
                frequency = body[term] + HEADING_WEIGHT * heading[term]
                score += weight * frequency * (K1 + 1) / (frequency + norm) if frequency else 0.0
            found.append(Candidate(row.seq, score, row.sha256, row.page, row.kind))
        return sorted(found, key=lambda c: (-c.score, c.seq))[:limit]

    def _weights(self, connection: Connection, wanted: Sequence[str], terms: Mapping[str, float]) -> dict[str, float]:
        total = connection.execute(text("SELECT count(*) FROM passages")).scalar() or 1
        query = text("SELECT term, doc FROM passage_terms WHERE term IN :terms").bindparams(bindparam("terms", expanding=True))
        held = {row[0]: row[1] for row in connection.execute(query, {"terms": list(wanted)})}
        return {
            t: terms[t] * math.log(1 + (total - held.get(t, 0) + 0.5) / (held.get(t, 0) + 0.5)) for t in wanted if t in held
        }

    def _prepare(self, connection: Connection) -> None:
        if self._ready:
            return
        if connection.dialect.name != "sqlite":
            raise StoreError("the lexical index needs SQLite for now", fix="Use a SQLite home, or search by meaning only")
        connection.exec_driver_sql(_CREATE)
        connection.exec_driver_sql(_TERMS)
        connection.commit()
        self._ready = True

    def _indexed(self, connection: Connection) -> int:
        return connection.execute(text("SELECT max(rowid) FROM passage_tokens")).scalar() or 0


def _matching(match: str, condition: ColumnElement[bool], limit: int, span: Span | None) -> Select[Any]:
    rank: ColumnElement[float] = literal_column("bm25(passage_tokens)")
    inside = text("passage_tokens MATCH :match").bindparams(bindparam("match", match))
    query: Select[Any] = (
        select(passages.c.seq, passages.c.heading, passages.c.text, passages.c.sha256, passages.c.page, passages.c.kind)
        .select_from(passages)
        .join(text("passage_tokens"), text("passage_tokens.rowid = passages.seq"))
        .where(inside, condition)
        .order_by(rank)
        .limit(max(limit * 2, 200))
    )
    if span is not None:
        low, high = span
        query = query.where(
            text("passage_tokens.rowid BETWEEN :low AND :high").bindparams(bindparam("low", low), bindparam("high", high))
        )
    return query
