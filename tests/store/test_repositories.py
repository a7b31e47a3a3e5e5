"""Documents, passages, threads and quarantine keep what they are given, each for whom it is meant."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.bank import EVER, NOW, ingest, open_bank, passage
from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest, NotPermitted, StoreError
from tools.rulebook.signal_rules import load_signals
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.trail import Act

OFFICER = Caller("O1", "officer", officer_id="O1", can_write=True)


def document(content: bytes, borrower: str | None = None) -> Document:
    return Document(
        hashlib.sha256(content).hexdigest(), "a.pdf", "contract", "zh", borrower, 12, "partial", NOW, NOW, "page 3 is blank", "Acme",
        date(2025, 12, 31), date(2026, 2, 1), "audited", {"checks": [{"id": "BS-1", "status": "ok"}]},
    )  # fmt: skip


def test_a_document_comes_back_with_its_bytes(store: Store, tmp_path: Path) -> None:
    open_bank(store)
    source = tmp_path / "a.pdf"
    source.write_bytes(b"bytes" * 1_000_000)
    given = document(source.read_bytes(), "C1")
    stored = store.documents.add(OFFICER, given, source)
    assert store.documents.get(OFFICER, given.sha256) == stored == store.documents.add(OFFICER, given, source)
    assert (stored.bytes, stored.added_by, stored.report) == (5_000_000, "O1", given.report)
    path = store.documents.path(OFFICER, given.sha256)
    assert path == store.home.documents_dir / given.sha256[:2] / given.sha256 and path.read_bytes() == source.read_bytes()
    assert [d.sha256 for d in store.documents.list(OFFICER, "C1", "contract")] == [given.sha256]
    assert store.documents.list(OFFICER, "C1", clocks=Clocks(date(2030, 1, 1), NOW - timedelta(days=30))) == []


def test_bytes_that_are_not_the_documents_are_refused(store: Store) -> None:
    open_bank(store)
    with pytest.raises(BadRequest, match="changed while"):
        store.documents.add(OFFICER, document(b"one", "C1"), b"another")
    assert not store.home.shelf.path(hashlib.sha256(b"another").hexdigest()).exists()
    with pytest.raises(StoreError, match="cannot be stored"):
        store.documents.add(OFFICER, document(b"one", "C1"), Path("no such file"))


def test_a_document_without_a_borrower_is_its_bringers(store: Store) -> None:
    open_bank(store)
    given = store.documents.add(OFFICER, document(b"who"), b"who")
    assert store.documents.get(OFFICER, given.sha256) and store.documents.get(LOCAL, given.sha256)
    assert store.documents.get(Caller("M1", "manager", branches=frozenset({"B1"})), given.sha256) is None
    store.passages.add(OFFICER, [passage("G-w", "", given.sha256, "who")], NOW)
    assert store.passages.get(OFFICER, ["G-w"]) == [] and len(store.passages.get(LOCAL, ["G-w"])) == 1
    store.documents.amend(OFFICER, given.sha256, NOW, borrower="C1", kind="visit_note")
    assert store.documents.get(Caller("M1", "manager", branches=frozenset({"B1"})), given.sha256)
    assert len(store.passages.get(OFFICER, ["G-w"])) == 1 and store.trail.verify(LOCAL).ok
    with pytest.raises(BadRequest, match="never change"):
        store.documents.amend(OFFICER, given.sha256, NOW, received_at=NOW)


def test_a_document_filed_under_the_wrong_borrower_moves_with_all_it_gave(store: Store) -> None:
    open_bank(store)
    record = ingest(store, LOCAL, "C2", b"really of C1", ("140",), period_end=date(2025, 12, 31))
    fact_id = store.facts.of_document(LOCAL, record.object)[0].id
    store.corrections.value(LOCAL, fact_id, Decimal(141), "misread", NOW + timedelta(days=1))
    assert [str(f.value) for f in store.facts.active(LOCAL, "C2", EVER)] == ["90", "141"]
    store.documents.amend(LOCAL, record.object, NOW + timedelta(days=2), borrower="C1")
    assert [str(f.value) for f in store.facts.active(LOCAL, "C2", EVER)] == ["90", "100"]
    assert [str(f.value) for f in store.facts.active(OFFICER, "C1", EVER)] == ["90", "141"]
    assert {p.borrower for p in store.passages.of_document(LOCAL, record.object)} == {"C1"}
    assert len(store.corrections.list(OFFICER, "C1")) == 1 and store.trail.verify(LOCAL).ok
    with pytest.raises(BadRequest, match="keeps one"):
        store.documents.amend(LOCAL, record.object, NOW, borrower=None)


def test_passages_come_in_reading_order_and_know_the_clock(store: Store) -> None:
    open_bank(store)
    sha256 = hashlib.sha256(b"statement of C1").hexdigest()
    found = store.passages.of_document(OFFICER, sha256)
    assert [p.ordinal for p in found] == [0, 1, 2] and found[0].boxes == ((72.0, 90.0, 500.0, 120.0),)
    ids = [found[2].id, found[0].id, "G-none"]
    assert [p.id for p in store.passages.get(OFFICER, ids, EVER)] == ids[:2]
    assert store.passages.get(OFFICER, ids, Clocks(EVER.as_of, NOW - timedelta(days=21))) == []


def test_the_index_is_told_what_it_lacks(store: Store) -> None:
    open_bank(store)
    todo = store.passages.pending(LOCAL, "minilm", limit=5)
    assert len(todo) == 5
    store.passages.mark_embedded(LOCAL, [p.id for p in todo], "minilm")
    assert len(store.passages.pending(LOCAL, "minilm", 100)) == 13 and len(store.passages.pending(LOCAL, "other", 100)) == 18
    with pytest.raises(NotPermitted):
        store.passages.pending(OFFICER, "minilm")
    assert store.trail.verify(LOCAL).ok


def test_threads_continue_and_belong_to_one_user(store: Store) -> None:
    open_bank(store)
    other = Caller("O2", "officer", officer_id="O2", can_write=True)
    store.threads.append(OFFICER, "t", [{"role": "user", "text": "流动比率?"}, {"role": "assistant", "text": "1.2"}], NOW)
    store.threads.append(OFFICER, "t", [{"role": "user", "text": "and before?"}], NOW + timedelta(minutes=1))
    store.threads.append(other, "t", [{"role": "user", "text": "mine"}], NOW)
    assert [m["text"] for m in store.threads.read(OFFICER, "t")] == ["流动比率?", "1.2", "and before?"]
    assert [m["text"] for m in store.threads.read(other, "t")] == ["mine"] and store.threads.read(LOCAL, "t") == []
    assert store.threads.list(OFFICER) == [("t", NOW + timedelta(minutes=1))]
    store.threads.forget(OFFICER, "t")
    assert store.threads.read(OFFICER, "t") == [] and store.threads.read(other, "t")
    assert store.threads.read(Caller("O2", "unknown"), "t") == []


def test_quarantine_keeps_one_open_entry_until_it_is_settled(store: Store) -> None:
    open_bank(store)
    entry = store.quarantine.add(
        OFFICER, "a.pdf", "ab" * 32, "encrypted", "a.pdf is encrypted. Ask for a copy without password", NOW
    )
    assert store.quarantine.add(OFFICER, "a.pdf", "ab" * 32, "encrypted", "again", NOW) == entry
    assert store.quarantine.list(OFFICER) == store.quarantine.list(LOCAL) == [entry]
    assert store.quarantine.list(Caller("O2", "officer", officer_id="O2")) == []
    store.quarantine.settle(OFFICER, entry.id, "retried", NOW)
    assert store.quarantine.list(OFFICER) == [] and [e.state for e in store.quarantine.list(OFFICER, None)] == ["retried"]
    with pytest.raises(BadRequest, match="no open"):
        store.quarantine.settle(OFFICER, entry.id, "dropped", NOW)
    assert len(store.trail.search(OFFICER, act="quarantine")) == 2


def test_who_may_not_write_records_nothing(store: Store) -> None:
    open_bank(store)
    auditor = store.access.resolve("X1", NOW)
    with pytest.raises(NotPermitted):
        ingest(store, auditor, "C1", b"by the auditor")
    with pytest.raises(NotPermitted):
        store.quarantine.add(auditor, "a", "ab" * 32, "empty", "x", NOW)
    assert store.trail.append(auditor, "reveal", "C1", {"why": "review"}, NOW, "C1").user == "X1"


def test_words_are_looked_for_in_the_kinds_of_document_that_can_mean_them(store: Store) -> None:
    open_bank(store)
    words = load_signals().words["unpaid_wages"]
    (sha256, *_) = [document.sha256 for document in store.documents.list(LOCAL, "C1")]
    clause = replace(
        passage("G-clause", "C1", sha256, "Wages were paid late? Anything paid late carries 3 per cent.", 90), kind="contract"
    )
    said = replace(passage("G-said", "C1", sha256, "The May wages were paid late.", 91), kind="visit_note")
    fee = replace(passage("G-fee", "C1", sha256, "The arrangement fee was paid late.", 92), kind="visit_note")
    with store.transaction():
        store.passages.add(LOCAL, [clause, said, fee], NOW)
        store.trail.append(LOCAL, Act.INGEST, sha256, {}, NOW, "C1")
    found = store.passages.saying(LOCAL, words.any, words.none, words.kinds, ["C1"], EVER)
    assert [piece.id for piece in found] == ["G-said"]
