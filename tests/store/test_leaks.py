"""Every read of the store, as every user, for every borrower: exactly what the policy table says, and nothing through the side."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.store.bank import CUSTOMERS, EVER, NOW, SEEN, everyone, fact, ingest, open_bank
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, LoanwardError
from tools.store.database import Store
from tools.store.home import Home

IDS = [str(row["id"]) for row in CUSTOMERS]
NAMES = {str(row["id"]): str(row["name"]) for row in CUSTOMERS}
Read = Callable[[Store, Caller, str], set[str]]


def sha(borrower: str) -> str:
    return hashlib.sha256(f"statement of {borrower}".encode()).hexdigest()


def shown(store: Store, caller: Caller, id: str) -> set[str]:
    record = store.trail.search(LOCAL, object=sha(id), act="ingest")[0]
    return {id} if store.trail.show(caller, record.id) else set()


# Each returns the borrowers whose data a read about one borrower shows.
READS: dict[str, Read] = {
    "borrowers.get": lambda s, c, id: {b.id for b in [s.borrowers.get(c, id)] if b},
    "borrowers.all": lambda s, c, id: {b.id for b in s.borrowers.all(c)} & {id},
    "borrowers.find id": lambda s, c, id: {b.id for b in s.borrowers.find(c, id)},
    "borrowers.find name": lambda s, c, id: {b.id for b in s.borrowers.find(c, NAMES[id])},
    "borrowers.find question": lambda s, c, id: {b.id for b in s.borrowers.find(c, f"revenue of {NAMES[id]} in 2024?")},
    "borrowers.ids": lambda s, c, id: {id} if (ids := s.borrowers.ids(c)) is None or id in ids else set(),
    "documents.get": lambda s, c, id: {str(d.borrower) for d in [s.documents.get(c, sha(id))] if d},
    "documents.get short": lambda s, c, id: {str(d.borrower) for d in [s.documents.get(c, sha(id)[:10])] if d},
    "documents.list": lambda s, c, id: {str(d.borrower) for d in s.documents.list(c, id)},
    "documents.list all": lambda s, c, id: {str(d.borrower) for d in s.documents.list(c)} & {id},
    "documents.path": lambda s, c, id: {id} if s.documents.path(c, sha(id)) else set(),
    "documents.standards": lambda s, c, id: set(s.documents.standards(c, EVER)) & {id},
    "facts.columns": lambda s, c, id: set(s.facts.columns(c, EVER)["borrower"].to_pylist()) & {id},
    "facts.active": lambda s, c, id: {f.borrower for f in s.facts.active(c, id, EVER)},
    "facts.active item": lambda s, c, id: {f.borrower for f in s.facts.active(c, id, EVER, ["total_assets"])},
    "facts.active all": lambda s, c, id: {f.borrower for f in s.facts.active(c, None, EVER)} & {id},
    "facts.history": lambda s, c, id: {f.borrower for f in s.facts.history(c, id, EVER)},
    "facts.get": lambda s, c, id: {f.borrower for f in [s.facts.get(c, f"F-{sha(id)[:10]}-0")] if f},
    "facts.of_document": lambda s, c, id: {f.borrower for f in s.facts.of_document(c, sha(id))},
    "passages.get": lambda s, c, id: {p.borrower for p in s.passages.get(c, [f"G-{sha(id)[:10]}-0"])},
    "passages.of_document": lambda s, c, id: {p.borrower for p in s.passages.of_document(c, sha(id))},
    "corrections.list": lambda s, c, id: {x.borrower for x in s.corrections.list(c, id)},
    "corrections.list all": lambda s, c, id: {x.borrower for x in s.corrections.list(c)} & {id},
    "corrections.mappings": lambda s, c, id: {id} if s.corrections.mappings(c, id, EVER) else set(),
    "trail.search": lambda s, c, id: {str(r.borrower) for r in s.trail.search(c, borrower=id)},
    "trail.search all": lambda s, c, id: {str(r.borrower) for r in s.trail.search(c, act="ingest")} & {id},
    "trail.search object": lambda s, c, id: {str(r.borrower) for r in s.trail.search(c, object=sha(id))},
    "trail.search text": lambda s, c, id: {str(r.borrower) for r in s.trail.search(c, text=sha(id)[:6])},
    "trail.show": shown,
}


@pytest.fixture
def bank(store: Store) -> Store:
    open_bank(store)
    for id in IDS:
        store.corrections.mapping(LOCAL, f"F-{sha(id)[:10]}-1", "total_equity", "test", NOW + timedelta(days=1))
    return store


def test_every_read_as_every_user_for_every_borrower(bank: Store) -> None:
    wrong, cases = [], 0
    for user, caller in everyone(bank).items():
        for id in IDS:
            for name, read in READS.items():
                cases += 1
                got, due = read(bank, caller, id), SEEN[user] & {id}
                if got != due:
                    wrong.append(f"{name} as {user} for {id}: {got} instead of {due}")
    assert cases == len(SEEN) * len(IDS) * len(READS) and not wrong


def test_every_write_to_what_one_may_not_see_is_refused_as_unknown(bank: Store) -> None:
    absent = "C999"
    for user, caller in everyone(bank).items():
        for id in set(IDS) - SEEN[user]:
            for attempt in (
                lambda c, b: bank.facts.record(
                    c, [f for f in bank.facts.of_document(LOCAL, sha(b) if b != absent else sha("C1"))], NOW
                ),
                lambda c, b: bank.access.grant(c, "O9", b, NOW, reason="x"),
                lambda c, b: bank.corrections.value(c, f"F-{sha(b)[:10]}-0", Decimal(1), "x", NOW),
                lambda c, b: bank.documents.amend(c, sha(b), NOW, kind="other"),
            ):
                with pytest.raises(LoanwardError):
                    attempt(caller, id)
        if caller.can_write and not caller.everything:
            messages = []
            for borrower in (absent, next(iter(sorted(set(IDS) - SEEN[user])))):
                with pytest.raises(LoanwardError) as refused:
                    bank.access.grant(caller, "O9", borrower, NOW, reason="x")
                messages.append(str(refused.value).replace(borrower, "ID"))
            assert messages[0] == messages[1]
    assert bank.trail.verify(LOCAL).ok


def test_who_sees_nothing_is_answered_without_asking_the_database(tmp_path: Path) -> None:
    store = Store(Home.open(tmp_path / "home"))
    open_bank(store)
    nobody, asked = Caller("nobody", "unknown"), []
    counted: Callable[..., None] = lambda *arguments: asked.append(arguments[2])  # noqa: E731
    event.listen(Engine, "before_cursor_execute", counted)
    try:
        for name, read in READS.items():
            if name not in ("trail.show",):
                assert read(store, nobody, "C1") == set(), name
        assert store.trail.show(nobody, "T-0") is None
        assert store.threads.read(nobody, "t") == [] and store.quarantine.list(nobody) == []
    finally:
        event.remove(Engine, "before_cursor_execute", counted)
        store.close()
    assert asked == []


def test_the_same_file_of_another_officers_customer_shows_neither_borrower_nor_facts(bank: Store) -> None:
    officer = bank.access.resolve("O4", NOW)
    mine = bank.borrowers.provisional(officer, "明远精密制造股份有限公司", NOW)
    assert mine.provisional and mine.id.startswith("P-")
    before = bank.facts.history(LOCAL, "C1", EVER)
    ingest(bank, officer, mine.id, b"statement of C1", ("100", "90"), received=NOW - timedelta(days=20))
    with pytest.raises(BadRequest, match="another borrower"):
        bank.facts.record(officer, [fact("F-new", mine.id, sha("C1"), "7")], NOW)
    assert bank.documents.holds(officer, sha("C1"))
    assert bank.documents.get(officer, sha("C1")) is None
    assert bank.facts.history(officer, mine.id, EVER) == [] and bank.facts.history(LOCAL, "C1", EVER) == before
    assert bank.trail.verify(LOCAL).ok


def test_what_one_officers_document_named_is_not_shown_to_another(bank: Store) -> None:
    first, second = bank.access.resolve("O1", NOW), bank.access.resolve("O4", NOW)
    one = bank.borrowers.provisional(first, "New Company Ltd", NOW)
    two = bank.borrowers.provisional(second, "New Company Ltd", NOW)
    assert one.id != two.id
    assert bank.borrowers.get(second, one.id) is None and bank.borrowers.find(second, "New Company Ltd") == [two]
    assert {b.id for b in bank.borrowers.find(LOCAL, "New Company")} == {one.id, two.id}
