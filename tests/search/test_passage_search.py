"""Passage search over a real SQLite database and a real Chroma folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, create_engine, insert

from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.search.embedding import Vectors
from tools.search.passages import Filter, PassageSearch
from tools.search.tokens import query_tokens, tokens
from tools.search.vectors import VectorIndex
from tools.store.schema import borrowers, documents, metadata, passages

THEN = datetime(2026, 10, 1, tzinfo=UTC)
LATER = datetime(2026, 10, 20, tzinfo=UTC)
NOW = Clocks(date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=UTC))
TEXTS = [
    ("p1", "C001", "visit_note", "2026-10-20", "所见：6条产线开工4条，单班；抽盘钢材账面1,180吨。", LATER),
    ("p2", "C001", "contract", "2025-03-01", "借款人应确保资产负债率不高于65%，每半年末测算。", THEN),
    ("p3", "C002", "visit_note", "2026-09-02", "All six production lines were running on two shifts; orders are strong.", THEN),
    (
        "p4",
        "C002",
        "contract",
        "2025-01-01",
        "The ratio of Total Debt to EBITDA shall not exceed 3.50:1, tested quarterly.",
        THEN,
    ),
    ("p5", "C002", "statement", "2025-12-31", "Total assets 12,345,678 Total liabilities 9,000,000", THEN),
    ("p6", None, "other", None, "A paper that belongs to nobody mentions production lines.", THEN),
]


class HashEmbedder:
    """A small real embedder: hashed tokens, unit length; no weights to load."""

    key, han = "hash-64", False

    def documents(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for i, text in enumerate(texts):
            for token in tokens(text):
                rows[i, sum(token.encode()) % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def query(self, text: str) -> Vectors:
        return self.documents([text])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'search.db'}")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for i, officer in (("C001", "S1"), ("C002", "S2")):
            connection.execute(
                insert(borrowers).values(
                    id=i,
                    name=i,
                    aliases=[],
                    officer_id=officer,
                    branch_id="B1",
                    provisional=False,
                    in_book=True,
                    recorded_at=THEN,
                )
            )
        for n, (id_, borrower, kind, day, text, at) in enumerate(TEXTS):
            connection.execute(
                insert(documents).values(
                    sha256=f"{n:064d}",
                    name=f"{id_}.pdf",
                    kind=kind,
                    language="en",
                    borrower=borrower,
                    pages=1,
                    bytes=1,
                    status="ok",
                    message="",
                    report={},
                    added_by="local",
                    received_at=at,
                    recorded_at=at,
                )
            )
            connection.execute(
                insert(passages).values(
                    id=id_,
                    borrower=borrower,
                    document=f"{id_}.pdf",
                    sha256=f"{n:064d}",
                    kind=kind,
                    ordinal=0,
                    page=1,
                    boxes=[],
                    heading="",
                    text=text,
                    date=day,
                    recorded_at=at,
                    content_sha256="0" * 64,
                )
            )
    yield engine
    engine.dispose()


def ids(
    search: PassageSearch, query: str, caller: Caller = LOCAL, within: Filter | None = None, clocks: Clocks = NOW
) -> list[str]:
    return [p.id for p in search.search(caller, query, clocks, within=within)]


def test_two_chinese_characters_are_found(engine: Engine) -> None:
    assert ids(PassageSearch(engine), "产线")[0] == "p1"
    assert ids(PassageSearch(engine), "资产负债率")[0] == "p2"


def test_a_number_is_found_in_either_notation(engine: Engine) -> None:
    search = PassageSearch(engine)
    assert ids(search, "12345678") == ["p5"]
    assert ids(search, "12,345,678") == ["p5"]
    assert ids(search, "1,234.5678万") == ["p5"]


def test_quoted_words_must_stand_as_they_are(engine: Engine) -> None:
    search = PassageSearch(engine)
    assert ids(search, '"production lines were running"') == ["p3"]
    assert ids(search, '"running lines production"') == []


def test_synonyms_reach_the_other_language_and_count_less(engine: Engine) -> None:
    search = PassageSearch(
        engine, expand=lambda q: {t: 0.5 for t in query_tokens("资产负债率")} if "liabilities ratio" in q else {}
    )
    assert "p2" in ids(search, "liabilities ratio")


def test_nobody_sees_what_is_not_theirs(engine: Engine) -> None:
    officer = Caller("S1", "officer", officer_id="S1")
    assert set(ids(PassageSearch(engine), "production lines 产线 EBITDA", officer)) <= {"p1", "p2"}
    assert ids(PassageSearch(engine), "产线", Caller("x", "service")) == []


def test_filters_and_clocks_are_part_of_the_query(engine: Engine) -> None:
    search = PassageSearch(engine)
    assert ids(search, "lines 产线", within=Filter(borrower="C002", kind="visit_note")) == ["p3"]
    assert ids(search, "产线", within=Filter(first=date(2026, 11, 1))) == []
    before = Clocks(date(2026, 10, 31), datetime(2026, 10, 10, tzinfo=UTC))
    assert "p1" not in ids(search, "产线 production", clocks=before)
    assert "p1" not in ids(search, "产线 production", clocks=Clocks(date(2026, 10, 19), NOW.known_at))


def test_what_is_recorded_later_is_found_at_once(engine: Engine) -> None:
    search = PassageSearch(engine)
    assert ids(search, "turbine") == []
    with engine.begin() as connection:
        connection.execute(
            insert(passages).values(
                id="p9",
                borrower="C001",
                document="d",
                sha256=f"{0:064d}",
                kind="visit_note",
                ordinal=3,
                page=None,
                boxes=[],
                heading="",
                text="The turbine stands still.",
                date=None,
                recorded_at=THEN,
                content_sha256="0" * 64,
            )
        )
    assert ids(search, "turbine") == ["p9"]


def test_vectors_join_when_they_arrive_and_survive_a_rebuild(engine: Engine, tmp_path: Path) -> None:
    vectors = VectorIndex(engine, tmp_path / "index", HashEmbedder())
    search = PassageSearch(engine, lambda: vectors)
    assert vectors.pending() == 6 and not vectors.has_vectors
    assert ids(search, "production lines running")[0] == "p3"
    assert vectors.index_pending() == 6 and vectors.pending() == 0
    assert ids(search, "production lines running")[0] == "p3"
    officer = Caller("S1", "officer", officer_id="S1")
    assert set(ids(search, "production lines running", officer)) <= {"p1", "p2"}
    assert vectors.rebuild() == 6
    assert ids(search, "Total Debt to EBITDA")[0] == "p4"
    vectors.close()


def test_the_lexical_index_is_rebuilt_from_the_passages(engine: Engine) -> None:
    search = PassageSearch(engine)
    assert ids(search, "产线")
    assert search.rebuild_words() == 6
    assert ids(search, "产线")[0] == "p1"


def test_hostile_queries_are_only_words(engine: Engine) -> None:
    search = PassageSearch(engine)
    for query in ('" OR 1=1 --', "NEAR(", "*", "passage_tokens MATCH", "a AND NOT b", "“”", "🙂"):
        search.search(LOCAL, query, NOW)
