"""The registry finds borrowers by any name they go by, and a book turns provisional ones into its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.bank import CUSTOMERS, EVER, NOW, STAFF, ingest, open_bank
from tools.domain.callers import LOCAL, Caller
from tools.domain.names import normal_name, short_name
from tools.errors import BadRequest, NotPermitted
from tools.store.database import Store

NAMED = {
    "C3": "C3", "c3": "C3", "91350100m000100y43": "C1", "明远精密制造股份有限公司": "C1", "明远精密": "C1", "myp": "C1",
    "MINGYUAN PRECISION COMPANY LIMITED": "C1", "Harbour Freight": "C2", "harbour freight lines, incorporated": "C2",
    "northwind": "C4", "How did Northwind Traders do in 2024?": "C4", "西部矿业的资产负债率是多少": "C5", "Westgate": "C6", "江南纺织": "C3",
}  # fmt: skip


def test_names_find_their_borrower(store: Store) -> None:
    open_bank(store)
    assert {text: store.borrowers.find(LOCAL, text)[0].id for text in NAMED} == NAMED


def test_other_texts_find_no_wrong_borrower(store: Store) -> None:
    open_bank(store)
    for text in ("", "  ", "%", "_", "no such company", "?'\"; DROP TABLE borrowers", "C", "Co., Ltd."):
        assert {b.id for b in store.borrowers.find(LOCAL, text)} <= ({"C1"} if text == "Co., Ltd." else set()), text
    assert [b.id for b in store.borrowers.find(LOCAL, "west")] == ["C6"]


def test_short_latin_names_are_found_only_as_whole_words(store: Store) -> None:
    open_bank(store)
    assert store.borrowers.find(LOCAL, "What about unharboured risks?") == []


def test_names_keep_what_tells_companies_apart() -> None:
    assert normal_name("Apple Inc.") == normal_name("APPLE INC") == normal_name("Apple, Incorporated")
    assert normal_name("Apple Inc.") != normal_name("Apple Ltd")
    assert normal_name("中国平安保险（集团）股份有限公司") == normal_name("中国平安保险(集团)股份有限公司")
    assert short_name("中国平安保险（集团）股份有限公司") == "平安保险"
    assert short_name("浙江省杭州市明远精密制造有限公司") == "明远精密制造"
    assert short_name("Group plc") and short_name("有限公司")


def test_a_document_names_a_provisional_borrower_once(store: Store) -> None:
    first = store.borrowers.provisional(LOCAL, "3M Company", NOW)
    assert (first.id, first.provisional, first.aliases) == (
        store.borrowers.provisional(LOCAL, "3M CO", NOW).id,
        True,
        ("3M Company",),
    )
    assert first.id.startswith("P-") and len(first.id) == 10
    assert store.borrowers.find(LOCAL, "3m")[0].id == first.id
    with pytest.raises(BadRequest):
        store.borrowers.provisional(LOCAL, " - ", NOW)
    with pytest.raises(NotPermitted):
        store.borrowers.provisional(Caller("X1", "auditor", everything=True), "Any Ltd", NOW)


def test_a_borrower_of_the_book_is_used_rather_than_a_provisional_one(store: Store) -> None:
    open_bank(store)
    assert store.borrowers.provisional(LOCAL, "MYP", NOW).id == "C1"
    assert store.borrowers.provisional(LOCAL, "another spelling", NOW, "91350100M000100Y43").id == "C1"


def test_a_book_that_names_a_provisional_borrower_takes_over_all_of_it(store: Store) -> None:
    officer = Caller("O9", "officer", officer_id="O9", can_write=True)
    early = store.borrowers.provisional(officer, "Northwind Traders Limited", NOW - timedelta(days=500))
    ingest(store, officer, early.id, b"early", ("80",), received=NOW - timedelta(days=500))
    open_bank(store)
    assert store.borrowers.get(LOCAL, early.id) == store.borrowers.get(LOCAL, "C4")
    facts = store.facts.history(LOCAL, "C4", EVER)
    assert {str(f.value) for f in facts} == {"80", "100", "90"} and store.facts.history(LOCAL, early.id, EVER) == facts
    assert [f.superseded_by is None for f in facts if str(f.value) == "80"] == [False]
    assert len(store.documents.list(LOCAL, "C4")) == 2 and {
        p.borrower for p in store.passages.of_document(LOCAL, store.documents.list(LOCAL)[-1].sha256)
    } == {"C4"}
    assert [r.object for r in store.trail.search(LOCAL, act="merge")] == [early.id]
    # The book says whose customer it is: the one who brought the document no longer sees it, its officer does.
    assert store.borrowers.all(officer) == [] and store.facts.history(officer, early.id, EVER) == []
    assert {r.borrower for r in store.trail.search(store.access.resolve("O3", NOW))} == {early.id, "C4"}
    assert store.trail.verify(LOCAL).ok


def test_merged_borrowers_follow_their_borrower_to_a_new_officer(store: Store) -> None:
    early = store.borrowers.provisional(LOCAL, "Northwind Traders Ltd", NOW - timedelta(days=500))
    record = ingest(store, LOCAL, early.id, b"early", ("80",), received=NOW - timedelta(days=500))
    open_bank(store)
    moved = [{**row, "officer_id": "O4", "branch_id": "B3"} if row["id"] == "C4" else row for row in CUSTOMERS]
    store.borrowers.upsert_from_book(LOCAL, moved, "S0002", known_from=NOW, recorded_at=NOW)
    assert store.trail.show(store.access.resolve("O3", NOW), record.id) is None
    assert store.trail.show(store.access.resolve("O4", NOW), record.id) is not None
    assert store.borrowers.get(LOCAL, "C4").region == "West"  # type: ignore[union-attr]


def test_two_customers_of_one_name_merge_nothing(store: Store) -> None:
    early = store.borrowers.provisional(LOCAL, "Twin Ltd", NOW)
    twins = [{"id": "T1", "name": "Twin Ltd"}, {"id": "T2", "name": "Twin Limited"}]
    assert store.borrowers.upsert_from_book(LOCAL, twins, "S1", known_from=NOW, recorded_at=NOW) == []
    assert store.borrowers.get(LOCAL, early.id) == early


def test_an_older_book_imported_later_changes_no_known_row(store: Store) -> None:
    open_bank(store)
    later = NOW - timedelta(days=10)
    store.borrowers.upsert_from_book(LOCAL, CUSTOMERS, "S0003", known_from=later, recorded_at=NOW, staff=STAFF)
    older = [{**CUSTOMERS[0], "officer_id": "O4"}, {"id": "C0", "name": "Gone Ltd", "officer_id": "O4", "branch_id": "B3"}]
    store.borrowers.upsert_from_book(LOCAL, older, "S0002", known_from=NOW - timedelta(days=100), recorded_at=NOW)
    assert store.borrowers.get(LOCAL, "C1").officer_id == "O1"  # type: ignore[union-attr]
    assert store.borrowers.get(LOCAL, "C0") is not None
    assert all(b.in_book for b in store.borrowers.all(LOCAL) if b.id != "C0")


def test_a_customer_that_left_the_book_stays_known_but_not_in_it(store: Store) -> None:
    open_bank(store)
    store.borrowers.upsert_from_book(LOCAL, CUSTOMERS[:-1], "S0002", known_from=NOW, recorded_at=NOW)
    gone = store.borrowers.get(LOCAL, "C6")
    assert gone is not None and not gone.in_book and store.facts.active(LOCAL, "C6", EVER)
