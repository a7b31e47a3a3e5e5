"""Facts under two clocks: nothing is lost, and each moment has its own truth."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.store.bank import EVER, NOW, fact, ingest, open_bank
from tools.domain.callers import LOCAL, Caller
from tools.domain.facts import Fact
from tools.domain.periods import Clocks
from tools.errors import BadRequest, NotPermitted, UnknownBorrower
from tools.store.database import Store
from tools.store.home import Home


def values(found: list[Fact]) -> list[str]:
    return [str(f.value) for f in found]


def known(days: float, as_of: date = date(2030, 1, 1)) -> Clocks:
    return Clocks(as_of, NOW + timedelta(days=days))


def test_a_fact_comes_back_as_it_went_in(store: Store) -> None:
    open_bank(store)
    found = store.facts.active(LOCAL, "C1", EVER)
    sha256 = hashlib.sha256(b"statement of C1").hexdigest()
    first = fact(f"F-{sha256[:10]}-0", "C1", sha256, "100")
    assert [f for f in found if f.id == first.id] == [
        Fact(
            **{name: getattr(first, name) for name in first.__slots__ if name != "recorded_at"},
            recorded_at=NOW - timedelta(days=20),
        )
    ]


def test_both_clocks_filter(store: Store) -> None:
    open_bank(store)
    assert store.facts.active(LOCAL, "C1", known(-21)) == []
    assert values(store.facts.active(LOCAL, "C1", known(-20))) == ["90", "100"]
    assert values(store.facts.active(LOCAL, "C1", known(0, date(2024, 6, 30)))) == ["90"]


def test_a_restatement_supersedes_from_when_it_was_received_even_if_ingested_later(store: Store) -> None:
    open_bank(store)
    ingest(store, LOCAL, "C1", b"report 2025", ("105",), received=NOW - timedelta(days=5), period_end=date(2025, 12, 31))
    assert values(store.facts.active(LOCAL, "C1", known(-6), "total_assets")) == ["90", "100"]
    assert values(store.facts.active(LOCAL, "C1", known(-5), "total_assets")) == ["90", "105"]
    history = store.facts.history(LOCAL, "C1", known(0))
    replaced = [f for f in history if f.superseded_by]
    assert values(replaced) == ["100"] and replaced[0].superseded_by in {f.id for f in history if f.value == 105}
    assert [f.superseded_by for f in store.facts.history(LOCAL, "C1", known(-6))] == [None, None]


def test_recording_again_changes_nothing(store: Store) -> None:
    open_bank(store)
    before = store.facts.history(LOCAL, "C1", EVER)
    ingest(store, LOCAL, "C1", b"statement of C1", ("100", "90"), received=NOW - timedelta(days=20))
    again = [replace(f, recorded_at=None, superseded_by=None) for f in before]
    assert store.facts.record(LOCAL, again, NOW) == 0
    assert store.facts.history(LOCAL, "C1", EVER) == before


def test_an_id_cannot_stand_for_two_facts(store: Store) -> None:
    open_bank(store)
    sha256 = hashlib.sha256(b"statement of C1").hexdigest()
    with pytest.raises(BadRequest, match="already stands"):
        store.facts.record(LOCAL, [fact(f"F-{sha256[:10]}-0", "C1", sha256, "101")], NOW)


def test_facts_need_a_stored_document_a_visible_borrower_and_the_right_to_write(store: Store) -> None:
    open_bank(store)
    sha256 = hashlib.sha256(b"statement of C1").hexdigest()
    with pytest.raises(BadRequest, match="not stored"):
        store.facts.record(LOCAL, [fact("F-x", "C1", "0" * 64, "1")], NOW)
    other = Caller("O3", "officer", officer_id="O3", can_write=True)
    for borrower in ("C1", "C999"):
        with pytest.raises(UnknownBorrower):
            store.facts.record(other, [fact("F-x", borrower, sha256, "1")], NOW)
    with pytest.raises(BadRequest, match="filed under another"):
        store.facts.record(LOCAL, [fact("F-x", "C2", sha256, "1")], NOW)
    with pytest.raises(NotPermitted):
        store.facts.record(Caller("X1", "auditor", everything=True), [fact("F-x", "C1", sha256, "1")], NOW)


def test_large_exact_and_negative_values_survive(store: Store) -> None:
    open_bank(store)
    odd = ("12345678901234567890.123456789", "-0.10", "0", "-0", "1E+3", "0.000000000001")
    ingest(store, LOCAL, "C2", b"odd values", odd, period_end=date(2026, 12, 31))
    found = [f for f in store.facts.history(LOCAL, "C2", EVER) if f.source.sha256 == hashlib.sha256(b"odd values").hexdigest()]
    assert sorted(f.value for f in found) == sorted(Decimal(v) for v in odd)
    assert store.trail.verify(LOCAL).ok


def test_stored_facts_cannot_be_changed_or_deleted(store: Store) -> None:
    open_bank(store)
    for statement in (
        "UPDATE facts SET value = '1'",
        "DELETE FROM facts",
        "UPDATE passages SET text = ''",
        "DELETE FROM passages",
    ):
        with pytest.raises(DatabaseError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(statement))


REPORTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(2023, 2025), st.sampled_from(["100", "95", "90"])),
    min_size=2,
    max_size=4,
    unique_by=lambda r: (r[0], r[1]),
)


def test_any_order_of_ingestion_gives_the_same_truth_at_every_moment(tmp_path: Path) -> None:
    store = Store(Home.open(tmp_path / "home"))
    turn = itertools.count()

    @settings(max_examples=12, deadline=None, database=None)
    @given(reports=REPORTS)
    def holds(reports: list[tuple[int, int, str]]) -> None:
        seen = set()
        for order in itertools.islice(itertools.permutations(reports), 3):
            number = next(turn)
            borrower = store.borrowers.provisional(LOCAL, f"Acme {number} Ltd", NOW).id
            told = {}
            for day, year, value in order:
                record = ingest(store, LOCAL, borrower, f"{number} {day} {year} {value}".encode(), (value,),
                                received=NOW + timedelta(days=day), period_end=date(year, 12, 31))  # fmt: skip
                told[record.object] = (day, year, value)
            moments = (store.facts.active(LOCAL, borrower, known(day)) for day in (0, 1, 2, 3))
            seen.add(tuple(tuple(told[f.source.sha256] for f in active) for active in moments))
        assert len(seen) == 1

    holds()
    assert store.trail.verify(LOCAL).ok
    store.close()


def test_columns_are_the_facts_in_force_at_both_clocks(store: Store) -> None:
    open_bank(store)
    ingest(
        store, LOCAL, "C1", b"restated", ("101.250", "-0.5"), received=NOW - timedelta(days=5), period_end=date(2025, 12, 31)
    )
    for days in (-30, -10, 0):
        for as_of in (date(2023, 12, 31), date(2030, 1, 1)):
            clocks = known(days, as_of)
            columns = store.facts.columns(LOCAL, clocks).to_pylist()
            objects = store.facts.active(LOCAL, None, clocks)
            assert sorted(
                (row["borrower"], row["item"], row["period_end"], row["value"], row["label"]) for row in columns
            ) == sorted(
                (fact.borrower, fact.item, fact.period.end.isoformat(), str(fact.value), fact.label) for fact in objects
            )
    assert store.facts.columns(LOCAL, known(0)).num_rows == 12
