"""The trail: what is stored has its record, the record cannot be changed, and keys can be destroyed without breaking it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.store.bank import NOW, everyone, ingest, open_bank
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, NotPermitted, UnknownBorrower
from tools.store.chain import GENESIS
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.schema import trail
from tools.store.trail import Act


def test_records_follow_each_other_and_open_again(store: Store) -> None:
    payload = {
        "question": "流动比率?",
        "value": Decimal("1.20"),
        "on": date(2025, 1, 31),
        "at": NOW,
        "nested": {"b": [1, None], "a": {"x"}},
    }
    first = store.trail.append(LOCAL, Act.ASK, "thread 1", payload, NOW)
    second = store.trail.append(LOCAL, "answer", "thread 1", {"text": "1.20"}, NOW + timedelta(seconds=3), "C1")
    assert (first.position, first.previous, second.previous) == (1, GENESIS, first.hash)
    shown = store.trail.show(LOCAL, first.id)
    assert shown is not None and shown["payload"] == {
        "question": "流动比率?", "value": "1.20", "on": "2025-01-31", "at": "2026-03-02T09:00:00.000000Z", "nested": {"b": [1, None], "a": ["x"]},
    }  # fmt: skip
    assert store.trail.head() == (2, second.hash)
    assert store.trail.verify(LOCAL).shape() == {
        "ok": True, "records": 2, "head": second.hash, "first_bad": None, "unanchored": 0, "notes": [],
    }  # fmt: skip


def test_an_act_that_is_not_on_the_list_and_a_payload_without_a_form_are_refused(store: Store) -> None:
    with pytest.raises(BadRequest, match="not an act"):
        store.trail.append(LOCAL, "meddle", "x", {}, NOW)
    with pytest.raises(TypeError):
        store.trail.append(LOCAL, Act.ASK, "x", {"f": object()}, NOW)
    with pytest.raises(ValueError):
        store.trail.append(LOCAL, Act.ASK, "x", {"f": float("nan")}, NOW)
    with pytest.raises(TypeError):
        store.trail.append(LOCAL, Act.ASK, "x", {}, datetime(2026, 1, 1))
    assert store.trail.head()[0] == 0


def test_the_database_refuses_to_change_or_remove_records(store: Store) -> None:
    store.trail.append(LOCAL, Act.ASK, "x", {}, NOW)
    for statement in ("UPDATE trail SET object = 'y'", "UPDATE trail SET payload = payload", "DELETE FROM trail"):
        with pytest.raises(DatabaseError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(statement))
    assert store.trail.verify(LOCAL).ok


def test_payloads_do_not_lie_readable_in_the_database(store: Store) -> None:
    store.trail.append(LOCAL, Act.ASK, "x", {"question": "a very secret question"}, NOW)
    with store.engine.connect() as connection:
        assert b"secret" not in bytes(connection.scalar(select(trail.c.payload)) or b"")


def test_search_filters_and_pages(store: Store) -> None:
    open_bank(store)
    for step in range(5):
        store.trail.append(LOCAL, Act.ASK, f"q{step}", {"question": f"Leverage of number {step}?"}, NOW + timedelta(hours=step))
    assert [r.object for r in store.trail.search(LOCAL, act="ask")] == ["q4", "q3", "q2", "q1", "q0"]
    assert [r.object for r in store.trail.search(LOCAL, text="LEVERAGE OF NUMBER 3")] == ["q3"]
    hours = {"from_": NOW + timedelta(hours=1), "to": NOW + timedelta(hours=3)}
    assert [r.object for r in store.trail.search(LOCAL, act="ask", **hours)] == ["q2", "q1"]  # type: ignore[arg-type]
    page = store.trail.search(LOCAL, act="ask", limit=2)
    assert [r.object for r in store.trail.search(LOCAL, act="ask", limit=2, before=page[-1].position)] == ["q2", "q1"]
    assert {r.borrower for r in store.trail.search(LOCAL, borrower="C1")} == {"C1"}
    assert store.trail.search(LOCAL, user="O1") == []


def test_people_see_the_records_of_their_borrowers_and_their_own(store: Store) -> None:
    open_bank(store)
    callers = everyone(store)
    own = store.trail.append(callers["O1"], Act.ASK, "q", {"question": "?"}, NOW)
    assert own.id in {r.id for r in store.trail.search(callers["O1"])}
    for user in ("O2", "M3", "A1", "D1"):
        assert store.trail.show(callers[user], own.id) is None
    assert store.trail.show(callers["X1"], own.id) is not None
    refused = store.trail.append(callers["nobody"], Act.LOGIN, "cli", {"refused": True}, NOW)
    assert store.trail.show(callers["nobody"], refused.id) is None and store.trail.show(LOCAL, refused.id) is not None


def test_only_who_sees_everything_verifies_and_only_writers_of_them_shred(store: Store) -> None:
    open_bank(store)
    callers = everyone(store)
    assert store.trail.verify(callers["X1"]).ok
    with pytest.raises(NotPermitted):
        store.trail.verify(callers["M1"])
    for user in ("O1", "X1"):
        with pytest.raises(NotPermitted):
            store.trail.shred(callers[user], "C1", NOW, "x")
    with pytest.raises(UnknownBorrower):
        store.trail.shred(LOCAL, "C999", NOW, "x")


def test_shredding_hides_a_borrowers_payloads_for_good_and_the_chain_still_verifies(store: Store) -> None:
    early = store.borrowers.provisional(LOCAL, "Northwind Traders Ltd", NOW - timedelta(days=500))
    old = ingest(store, LOCAL, early.id, b"early", ("80",), received=NOW - timedelta(days=500))
    records = open_bank(store)
    record = store.trail.shred(LOCAL, "C4", NOW, "erasure request 12")
    for gone in (old, records["C4"]):
        shown = store.trail.show(LOCAL, gone.id)
        assert shown is not None and shown["shredded"] and shown["payload"] is None and shown["object"] == gone.object
    kept = store.trail.show(LOCAL, records["C1"].id)
    assert kept is not None and kept["payload"]["facts"] == 2
    said = store.trail.show(LOCAL, record.id)
    assert said is not None and said["payload"]["reason"] == "erasure request 12"
    assert store.trail.search(LOCAL, text="early.pdf", borrower="C4") == []
    later = store.trail.append(LOCAL, Act.ASK, "q", {"question": "again"}, NOW, "C4")
    assert store.trail.show(LOCAL, later.id)["payload"] == {"question": "again"}  # type: ignore[index]
    assert store.trail.verify(LOCAL).ok


def test_a_destroyed_key_is_nowhere_left_in_the_files(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("file contents are checked on SQLite")
    open_bank(store)
    with store.engine.connect() as connection:
        key = connection.execute(text("SELECT key FROM trail_keys WHERE subject = 'C4'")).scalar_one()
    store.trail.shred(LOCAL, "C4", NOW, "x")
    for path in store.home.root.glob("loanward.db*"):
        assert key not in path.read_bytes()


def test_what_is_stored_without_a_record_of_its_own_gets_one(store: Store) -> None:
    borrower = store.borrowers.provisional(LOCAL, "Acme Ltd", NOW).id
    document = Document(hashlib.sha256(b"x").hexdigest(), "x.pdf", "other", "en", borrower, 1, "ok", NOW, NOW)
    store.documents.add(LOCAL, document, b"x")
    assert [(r.act, r.object) for r in store.trail.search(LOCAL)] == [("record", document.sha256), ("record", borrower)]
    store.documents.amend(LOCAL, document.sha256, NOW, status="partial", message="page 3 cannot be read")
    assert len(store.trail.search(LOCAL)) == 3 and store.trail.verify(LOCAL).ok


def test_a_failed_transaction_leaves_no_row_no_record_and_no_bytes(store: Store) -> None:
    borrower = store.borrowers.provisional(LOCAL, "Acme Ltd", NOW).id
    with pytest.raises(KeyError), store.transaction():
        ingest(store, LOCAL, borrower, b"half")
        raise KeyError("the reader broke")
    assert store.documents.list(LOCAL) == [] and store.trail.head()[0] == 1
    assert [p for p in store.home.documents_dir.rglob("*") if p.is_file() and p.name != "lock"] == []


def test_a_step_that_fails_and_is_caught_leaves_nothing_in_the_transaction_that_goes_on(store: Store) -> None:
    borrower = store.borrowers.provisional(LOCAL, "Acme Ltd", NOW).id
    with store.transaction():
        with pytest.raises(ZeroDivisionError), store.transaction():
            ingest(store, LOCAL, borrower, b"bad part")
            raise ZeroDivisionError
        ingest(store, LOCAL, borrower, b"good part")
    assert [d.sha256 for d in store.documents.list(LOCAL)] == [hashlib.sha256(b"good part").hexdigest()]
    assert [r.object for r in store.trail.search(LOCAL, act="ingest")] == [hashlib.sha256(b"good part").hexdigest()]
    assert store.trail.verify(LOCAL).ok and not store.home.shelf.path(hashlib.sha256(b"bad part").hexdigest()).exists()


def test_a_record_that_was_rolled_back_inside_a_transaction_is_not_anchored(store: Store) -> None:
    with store.transaction():
        store.trail.append(LOCAL, Act.ASK, "kept", {}, NOW)
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.trail.append(LOCAL, Act.ASK, "undone", {}, NOW)
            raise ZeroDivisionError
    assert [r.object for r in store.trail.search(LOCAL)] == ["kept"]
    assert store.trail.verify(LOCAL).ok


def test_an_answer_record_keeps_everything_needed_to_replay_it(store: Store) -> None:
    payload = {
        "question": "Is leverage safe?", "as_of": date(2026, 1, 31), "known_at": NOW, "tools": [{"name": "figure", "arguments": {"k": 1}}],
        "artifacts": ["F-1"], "prompt_sha256": "ab", "model": "analyst", "rules": "cd", "gate": {"verified": True, "unsupported": []},
        "value": Decimal("3.10000"),
    }  # fmt: skip
    record = store.trail.append(Caller("O1", "officer", officer_id="O1"), Act.ANSWER, "t-1", payload, NOW, "C1")
    shown = store.trail.show(LOCAL, record.id)
    assert shown is not None and shown["payload"]["value"] == "3.10000"
    assert datetime.fromisoformat(shown["payload"]["known_at"]) == NOW.astimezone(UTC)


def test_what_was_told_to_one_person_is_read_by_him_by_auditors_and_by_whoever_sees_all_it_tells_of(store: Store) -> None:
    open_bank(store)
    people = everyone(store)
    officer, colleague, manager, auditor = (people[user] for user in ("O1", "O2", "M1", "X1"))

    def told(act: Act, **more: object) -> str:
        return store.trail.append(manager, act, "C1", {"text": "挪用57.61%", **more}, NOW, "C1").id

    def reads(caller: Caller, record: str) -> bool:
        shown = store.trail.show(caller, record)
        assert shown is not None and shown["withheld"] is (shown["payload"] is None)
        found = record in {r.id for r in store.trail.search(caller, text="57.61")}
        assert found is (shown["payload"] is not None), "what is withheld is not looked in either"
        return found

    answer, brief, own = told(Act.ANSWER), told(Act.BRIEF, tells_of=["C3"]), told(Act.BRIEF, tells_of=["C2"])
    alert, work = told(Act.ALERT, tells_of=["C3"]), told(Act.ACT, tells_of=["C3"])
    everybody = {id: (reads(officer, id), reads(manager, id), reads(auditor, id)) for id in (answer, brief, own, alert, work)}
    assert everybody == {id: (id == own, True, True) for id in everybody}
    assert store.trail.show(colleague, answer) is None
    assert reads(officer, told(Act.CONFIRM))
