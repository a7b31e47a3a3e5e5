"""Search that knows the company asked about, the lines a question names and the page they stand on; and what is embedded at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert

from assistant.wiring import metric_names
from tests.search.test_passage_search import HashEmbedder
from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.rulebook.loader import load_rulebook
from tools.search.gists import Piece, page_gist, units_of
from tools.search.intent import Intents, leaves_of, load_question_words
from tools.search.lexical import Candidate
from tools.search.passages import Filter, PassageSearch
from tools.search.ranking import Ranked, fused, spread
from tools.search.subjects import Subjects, company_tokens
from tools.search.vectors import VectorIndex
from tools.store.schema import borrower_names, borrowers, documents, facts, metadata, passages

THEN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = Clocks(date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=UTC))
HARBOUR, CALDER, JIANGNAN = "a" * 64, "b" * 64, "c" * 64
COMPANIES = [
    (HARBOUR, "B1", "Harbour Foods Limited", 2025),
    (CALDER, "B2", "Calder Ridge Packaging, Inc.", 2025),
    (JIANGNAN, "B3", "江南晟合纺织股份有限公司", 2025),
]
TEXTS = [
    (HARBOUR, 3, "Risk factors", "Harbour Foods faces risks. Inventories of Harbour Foods may spoil; inventories may rise."),
    (HARBOUR, 7, "Consolidated balance sheet", "Cash 10\nInventories 55\nTotal 99"),
    (HARBOUR, 9, "Employees", "At the year end the company employed 1,200 people."),
    (CALDER, 4, "Employees", "Calder employed 300 people at the year end."),
    (CALDER, 5, "Consolidated balance sheet", "Cash 1\nInventories 5\nTotal 9"),
    (JIANGNAN, 6, "合并资产负债表", "货币资金 100\n存货 300\n资产总计 900"),
    (JIANGNAN, 8, "员工情况", "报告期末在职员工的数量合计 560 人。"),
]  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'pages.db'}")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for sha256, borrower, name, year in COMPANIES:
            connection.execute(
                insert(borrowers).values(
                    id=borrower,
                    name=name,
                    aliases=[],
                    officer_id=borrower,
                    branch_id="B",
                    provisional=False,
                    in_book=True,
                    recorded_at=THEN,
                )
            )
            connection.execute(
                insert(borrower_names).values(
                    borrower_id=borrower, name=name, normal=name.lower(), short=name.lower(), spaced=True
                )
            )
            connection.execute(insert(documents).values(
                sha256=sha256, name=f"{borrower}.pdf", kind="statement", language="en", borrower=borrower, pages=9, bytes=1, status="ok", message="",
                entity=name, period_end=date(year, 12, 31), report={}, added_by="local", received_at=THEN, recorded_at=THEN,
            ))  # fmt: skip
        for ordinal, (sha256, page, heading, text) in enumerate(TEXTS):
            borrower = next(b for s, b, _, _ in COMPANIES if s == sha256)
            connection.execute(insert(passages).values(
                id=f"p{ordinal}", borrower=borrower, document=f"{borrower}.pdf", sha256=sha256, kind="statement", ordinal=ordinal, page=page, boxes=[],
                heading=heading, text=text, date=None, recorded_at=THEN, content_sha256="0" * 64,
            ))  # fmt: skip
        connection.execute(insert(facts).values(
            id="f1", borrower="B1", item="inventories", period_end=date(2025, 12, 31), period_months=0, scope="consolidated", value=Decimal(55), currency="GBP",
            scale=Decimal(1), assurance="audited", statement="balance_sheet", document="B1.pdf", sha256=HARBOUR, page=7, label="Stock", raw="55",
            confidence=Decimal("0.99"), flags=[], document_period_end=date(2025, 12, 31), batch=HARBOUR, recorded_at=THEN, content_sha256="0" * 64,
        ))  # fmt: skip
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def intents() -> Intents:
    rulebook = load_rulebook()
    return Intents(metric_names(rulebook), leaves_of(rulebook))


def pages(
    search: PassageSearch, query: str, within: Filter | None = None, caller: Caller = LOCAL
) -> list[tuple[str, int | None]]:
    return [(p.source.sha256[0], p.source.page) for p in search.search(caller, query, NOW, within=within)]


def test_the_page_whose_line_is_named_comes_first(engine: Engine, intents: Intents) -> None:
    question, inside = "What inventories does Harbour Foods hold?", Filter(document=HARBOUR)
    assert pages(PassageSearch(engine, intents=lambda: intents), question, inside)[0] == ("a", 7)
    assert pages(PassageSearch(engine), question, inside)[0] == ("a", 3)


def test_a_ratio_stands_for_its_lines(intents: Intents) -> None:
    found = intents.of("What is the inventory turnover of X for FY2024?")
    assert {"inventories", "cost_of_sales"} <= found.items and found.years == {2024} and not found.reasons
    assert intents.of("为什么存货增加？").reasons and "inventories" in intents.of("为什么存货增加？").items
    assert not intents.of("Who sits on the board?").on_statements


def test_a_named_company_is_searched_first(engine: Engine) -> None:
    search = PassageSearch(engine)
    assert pages(search, "How many people does Calder Ridge employ?")[0] == ("b", 4)
    assert pages(search, "How many people does Harbour Foods employ?")[0] == ("a", 9)
    assert pages(search, "江南晟合纺织有多少员工？")[0] == ("c", 8)


def test_a_company_that_may_not_be_seen_changes_nothing(engine: Engine) -> None:
    officer = Caller("O", "officer", officer_id="B2")
    search = PassageSearch(engine)
    asked = pages(search, "How many people does Harbour Foods employ?", caller=officer)
    unknown = pages(search, "How many people does Nosuch Foods employ?", caller=officer)
    assert asked == unknown and {sha for sha, _ in asked} == {"b"}


def test_names_that_fit(engine: Engine) -> None:
    subjects, every = Subjects(engine), documents.c.sha256.is_not(None)

    def named(query: str) -> set[str]:
        return {subject.sha256[0] for subject in subjects.named(query, every)}

    assert named("Harbour's debt") == {"a"} and named("the harbour wall") == {"a"}
    assert named("packaging costs") == set() and named("What did Packaging earn?") == {"b"}
    assert named("晟合纺织的存货") == {"c"} and named("纺织行业") == set()
    (jiangnan,) = subjects.named("晟合纺织的存货", every)
    dropped = company_tokens("晟合纺织的存货", [jiangnan])
    assert {"晟合", "合纺", "纺织"} <= dropped and "存货" not in dropped


def test_a_page_gives_two_passages_before_others_had_their_turn() -> None:
    places = {n: Candidate(n, 1.0, "d", 1 if n < 4 else 2, "statement") for n in range(6)}
    assert spread(list(range(6)), places) == [0, 1, 4, 5, 2, 3]
    clauses = {n: Candidate(n, 1.0, "d", 1, "contract") for n in range(4)}
    assert spread(list(range(4)), clauses) == [0, 1, 2, 3]


def test_nearness_of_a_page_only_adds_what_words_miss() -> None:
    words = Ranked(1.0, {n: Candidate(n, 1.0, "d", n, "statement") for n in range(3)})
    meaning = Ranked(0.5, {n: Candidate(n, 1.0, "d", n, "statement") for n in (9,)}, meaning=True)
    scores = fused([words, meaning])
    assert sorted(scores, key=lambda n: -scores[n]) == [0, 1, 2, 9]


def test_a_filing_is_embedded_by_page_and_a_note_by_passage() -> None:
    filing = [
        Piece(n, "B", "statement", "s", 1 + n // 2, "Notes > 4. Inventories", f"Raw materials {n},000 finished goods 12.5%")
        for n in range(4)
    ]
    note = [Piece(9, "B", "visit_note", "n", None, "", "Four of 6 lines run.")]
    units = list(units_of([*filing, *note], han=False))
    assert [unit.seqs for unit in units] == [(0, 1), (2, 3), (9,)]
    assert units[0].text == "4. Inventories. Raw materials finished goods" and "6" in units[2].text


def test_text_the_model_cannot_read_is_left_to_words() -> None:
    chinese = [Piece(1, "B", "statement", "s", 1, "资产负债表", "货币资金 100")]
    assert [unit.text for unit in units_of(chinese, han=False)] == [""]
    assert next(units_of(chinese, han=True)).text.startswith("资产负债表")
    assert len(page_gist([Piece(n, None, "statement", "s", 1, f"H{n}", "word " * 50) for n in range(30)])) <= 560


def test_every_passage_is_done_with_though_few_have_vectors(engine: Engine, tmp_path: Path) -> None:
    vectors = VectorIndex(engine, tmp_path / "index", HashEmbedder())
    assert vectors.pending() == len(TEXTS) and vectors.index_pending() == len(TEXTS) and vectors.pending() == 0
    search = PassageSearch(engine, lambda: vectors)
    assert pages(search, "people employed at the year end", Filter(document=CALDER))[0] == ("b", 4)
    vectors.close()


def test_the_words_of_questions_can_be_read() -> None:
    assert set(load_question_words().statements) == {"balance_sheet", "income_statement", "cash_flow"}
