"""What importing does to the book: replaced state, appended events, corrections, repetition, two clocks, order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ingestion.loan_book import import_loan_book
from tests.loan_book.books import CLOCKS, NOW, SMALL, Bank, customer, loan, open_bank, payment, write_book
from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.errors import NotPermitted, StoreError
from tools.store.book_contract import book_contract
from tools.store.verification import verify

JUNE, OCTOBER = date(2026, 6, 30), date(2026, 10, 31)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def state(bank: Bank, clocks: Clocks = CLOCKS) -> dict[str, list[dict[str, Any]]]:
    """Everything the operator sees."""
    return {name: bank.reader.rows(LOCAL, name, clocks) for name in book_contract().tables}


def test_state_tables_are_replaced_and_absent_files_change_nothing(bank: Bank) -> None:
    bank.take(
        {
            **SMALL,
            "collateral": [
                {"id": "K1", "loan_ids": "L1", "type": "land", "value": "1", "currency_code": "CNY", "value_date": "2026-01-01"}
            ],
        }
    )
    report = bank.take({"loans": [loan("L2", "C2", balance="1.00"), loan("L3", "C1")]})
    assert bank.ids("loans") == ["L2", "L3"] and report.rows == {"loans": 2}
    assert bank.ids("customers") == ["C1", "C2"] and bank.ids("collateral") == ["K1"]


def test_event_tables_append_and_the_same_id_corrects(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T1", "L1"), payment("T2", "L2")]}, on=JUNE)
    bank.take({"loan_transactions": [payment("T2", "L2", amount="150.00"), payment("T3", "L1")]}, on=OCTOBER)
    assert bank.ids("loan_transactions") == ["T1", "T2", "T3"]

    def amount(known_at: datetime) -> Decimal:
        clocks = Clocks(date(2026, 12, 31), known_at)
        (row,) = bank.reader.rows(LOCAL, "loan_transactions", clocks, where={"id": "T2"})
        return Decimal(row["amount"])

    assert amount(midnight(JUNE)) == Decimal("100.00") and amount(midnight(OCTOBER)) == Decimal("150.00")
    assert bank.ids("loan_transactions", known_at=midnight(OCTOBER) - timedelta(seconds=1)) == ["T1", "T2"]
    assert bank.ids("loan_transactions", known_at=midnight(JUNE) - timedelta(seconds=1)) == []


def test_an_empty_state_file_empties_the_table_and_an_empty_event_file_does_not(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T1", "L1")], "market": "series,date,value\nX,2026-01-01,1\n"})
    bank.take({"loans": ",".join(loan("", "")) + "\n", "market": "series,date,value\n"})
    assert bank.ids("loans") == [] and bank.ids("market") == ["X|2026-01-01"] and bank.ids("loan_transactions") == ["T1"]


def test_full_makes_absent_mean_empty(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T1", "L1")], "market": "series,date,value\nX,2026-01-01,1\n"})
    bank.take({**SMALL, "market": "series,date,value\nX,2026-01-02,2\n"}, full=True)
    assert bank.ids("loan_transactions") == [] and bank.ids("loans") == ["L1", "L2"]
    assert bank.ids("market") == ["X|2026-01-01", "X|2026-01-02"]
    # what is empty cannot be referred to
    report = bank.take({"loan_transactions": [payment("T1", "L1")]}, full=True)
    assert report.rejected_rows == 1 and bank.ids("customers") == [] and bank.ids("loans") == []


def test_the_same_content_twice_changes_nothing(bank: Bank) -> None:
    book = {**SMALL, "loan_transactions": [payment("T1", "L1"), payment("T2", "L2")]}
    first = bank.take(book, on=OCTOBER)
    files = {
        path: path.stat().st_mtime_ns for path in bank.home.shards_dir.rglob("*") if path.is_file() and path.suffix != ".lock"
    }
    shuffled = {name: list(reversed(rows)) for name, rows in reversed(book.items())}
    for again in (book, shuffled):
        report = bank.take(again, on=OCTOBER, now=NOW + timedelta(days=1))
        assert (report.unchanged, report.snapshot, report.exit_code) == (True, first.snapshot, 0)
        assert bank.take(again, now=NOW + timedelta(days=2)).unchanged
    after = {
        path: path.stat().st_mtime_ns for path in bank.home.shards_dir.rglob("*") if path.is_file() and path.suffix != ".lock"
    }
    assert after == files and bank.store.trail.head()[0] == 1


def test_the_same_content_for_a_later_date_moves_the_business_date(bank: Bank) -> None:
    bank.take(SMALL, on=JUNE)
    report = bank.take(SMALL, on=OCTOBER)
    assert report.unchanged and report.book_date == OCTOBER and bank.reader.newest_book_date() == OCTOBER
    assert bank.reader.newest_book_date(midnight(JUNE)) == JUNE
    older, newer = bank.reader.snapshots.all()
    assert older.content_sha256 == newer.content_sha256


def test_without_a_book_date_the_book_is_known_from_now(bank: Bank) -> None:
    report = bank.take(SMALL)
    (snapshot,) = bank.reader.snapshots.all()
    assert report.book_date == NOW.date() and snapshot.known_from == NOW
    assert bank.ids("loans", known_at=NOW) and not bank.ids("loans", known_at=NOW - timedelta(microseconds=1))


def test_a_book_date_ahead_of_the_clock_is_known_at_once(bank: Bank) -> None:
    # a bank east of Greenwich hands over tomorrow's date before midnight UTC
    bank.take(SMALL, on=NOW.date() + timedelta(days=1))
    assert bank.ids("loans", known_at=NOW) == ["L1", "L2"]


def test_a_broken_row_leaves_the_former_event_in_place(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T1", "L1")]})
    bank.take({"loan_transactions": [payment("T1", "L1", amount="-9"), payment("T2", "L1")]})
    rows = bank.reader.rows(LOCAL, "loan_transactions", CLOCKS)
    assert [(row["id"], row["amount"]) for row in rows] == [("T1", Decimal("100.00")), ("T2", Decimal("100.00"))]


def test_a_loan_that_changes_hands_takes_its_rows_along(bank: Bank) -> None:
    land = {"id": "K1", "loan_ids": "L1", "type": "land", "value": "1", "currency_code": "CNY", "value_date": "2026-01-01"}
    bank.take({**SMALL, "loan_transactions": [payment(f"T{i}", "L1") for i in range(9)], "collateral": [land]}, on=JUNE)
    bank.take({"loans": [loan("L1", "C2"), loan("L2", "C2")]}, on=OCTOBER)
    for table, rows in (("loan_transactions", 9), ("collateral", 1)):
        assert bank.reader.rows(LOCAL, table, CLOCKS, borrower="C1") == []
        assert len(bank.reader.rows(LOCAL, table, CLOCKS, borrower="C2")) == len(bank.reader.rows(LOCAL, table, CLOCKS)) == rows
        then = Clocks(OCTOBER, midnight(JUNE))
        assert len(bank.reader.rows(LOCAL, table, then, borrower="C1")) == rows


def test_events_of_a_loan_that_left_the_book_stay(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T1", "L1")]})
    bank.take({"loans": [loan("L2", "C2")]})
    assert [row["id"] for row in bank.reader.rows(LOCAL, "loan_transactions", CLOCKS, borrower="C1")] == ["T1"]
    # and follow it when it comes back under another name
    bank.take({"loans": [loan("L1", "C2"), loan("L2", "C2")]})
    assert [row["id"] for row in bank.reader.rows(LOCAL, "loan_transactions", CLOCKS, borrower="C2")] == ["T1"]


def test_a_corrected_event_may_move_to_another_borrower(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T1", "L1")]})
    bank.take({"loan_transactions": [payment("T1", "L2")]})
    assert [row["_borrower"] for row in bank.reader.rows(LOCAL, "loan_transactions", CLOCKS)] == ["C2"]


def test_an_older_book_imported_later_does_not_change_the_newest_state(bank: Bank) -> None:
    bank.take({**SMALL, "loan_transactions": [payment("T2", "L1", amount="2.00")]}, on=OCTOBER)
    old = {"customers": [customer("C1") | {"name": "Old name"}], "loans": [loan("L0", "C1")]}
    bank.take({**old, "loan_transactions": [payment("T1", "L0"), payment("T2", "L0", amount="1.00")]}, on=JUNE)
    assert bank.ids("loans") == ["L1", "L2"] and bank.ids("loans", known_at=midnight(JUNE)) == ["L0"]
    borrower = bank.store.borrowers.get(LOCAL, "C1")
    assert borrower and borrower.name == "Company C1"
    # what the bank knew in June it also knew in October; what October said otherwise holds
    rows = bank.reader.rows(LOCAL, "loan_transactions", CLOCKS, borrower="C1")
    assert [(row["id"], row["amount"]) for row in rows] == [("T1", Decimal("100.00")), ("T2", Decimal("2.00"))]
    assert verify(bank.store.database, bank.home).ok


def test_the_staff_list_and_the_registry_follow_the_book(bank: Bank) -> None:
    staff = [{"id": "u1", "name": "Wang", "role": "officer", "branch_id": "B1", "region": "East"}]
    bank.take(
        {
            **SMALL,
            "customers": [customer("C1", officer_id="u1", branch_id="B1", aliases="明远;MY", registration_id="9132")],
            "loans": [loan("L1", "C1")],
            "staff": staff,
        }
    )
    borrower = bank.store.borrowers.get(LOCAL, "C1")
    assert borrower and (borrower.aliases, borrower.region, borrower.registration_id) == (("明远", "MY"), "East", "9132")
    assert bank.store.access.resolve("u1", NOW).officer_id == "u1"
    bank.take({"staff": [{**staff[0], "region": "West"}]})
    again = bank.store.borrowers.get(LOCAL, "C1")
    assert again and again.region == "West" and again.in_book


def test_a_provisional_borrower_becomes_the_one_the_book_names(bank: Bank) -> None:
    provisional = bank.store.borrowers.provisional(LOCAL, "Company C1", NOW)
    bank.take(SMALL)
    found = bank.store.borrowers.get(LOCAL, provisional.id)
    assert provisional.id.startswith("P-") and found and found.id == "C1"
    assert [row["id"] for row in bank.reader.rows(LOCAL, "loans", CLOCKS, borrower=provisional.id)] == ["L1"]


@pytest.mark.parametrize(
    "caller",
    [
        Caller("a1", "auditor", everything=True),
        Caller("u1", "officer", officer_id="u1", can_write=True),
        Caller("x", "unknown"),
    ],
)
def test_only_who_may_write_and_see_everything_imports(bank: Bank, tmp_path: Path, caller: Caller) -> None:
    folder = write_book(tmp_path / "book", SMALL)
    with pytest.raises(NotPermitted) as refused:
        import_loan_book(caller, folder, bank.store, bank.home, None, NOW)
    assert refused.value.exit_code == 3 and bank.reader.snapshots.all() == []


def test_the_trail_vouches_for_the_import(bank: Bank) -> None:
    report = bank.take({**SMALL, "loans": [loan("L1", "C1"), loan("L2", "C9")]}, on=OCTOBER)
    (record,) = bank.store.trail.search(LOCAL, act="import")
    shown = bank.store.trail.show(LOCAL, record.id)
    assert shown and shown["object"] == report.snapshot
    payload = shown["payload"]
    assert payload["rejected_rows"] == 1 and set(payload["files"]) == {"customers.csv", "loans.csv"}
    assert payload["shards"] == sorted({file.sha256 for file in bank.reader.snapshots.files(report.snapshot)})
    assert verify(bank.store.database, bank.home).ok


def test_a_changed_or_missing_shard_is_found_and_said(bank: Bank) -> None:
    report = bank.take({**SMALL, "loan_transactions": [payment("T1", "L1")]})
    file = bank.reader.snapshots.files(report.snapshot, ["loan_transactions"])[0]
    path = bank.home.shard_path(file.sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    found = verify(bank.store.database, bank.home)
    assert not found.ok and found.first_bad and "loan_transactions" in found.first_bad.reason
    path.write_bytes(b"PAR1 nothing")
    with pytest.raises(StoreError, match="a shard of the loan book cannot be read"):
        bank.reader.rows(LOCAL, "loan_transactions", CLOCKS)
    with pytest.raises(StoreError, match="the import stopped and changed nothing"):
        bank.take({"loan_transactions": [payment("T2", "L1")]})
    assert len(bank.reader.snapshots.all()) == 1


def test_one_import_at_a_time(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", SMALL)

    def meanwhile(line: str) -> None:
        if line == "checking":
            with pytest.raises(StoreError, match="another import is running"):
                import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)

    assert import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW, progress=meanwhile).rows["loans"] == 2


EVENTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["L1", "L2"]), st.integers(1, 3)), min_size=1, max_size=8, unique_by=lambda row: row[0]
)  # fmt: skip


@settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(batches=st.lists(EVENTS, min_size=1, max_size=3), seed=st.integers(0, 999))
def test_order_and_repetition_do_not_change_the_book(
    tmp_path_factory: pytest.TempPathFactory, batches: list[Any], seed: int
) -> None:
    """Books of rising dates give the same book at each of those dates, in whatever order they are imported, whatever the order of
    their rows and however often they come."""
    days = [date(2026, 1 + i, 28) for i in range(len(batches))]
    books = [
        {
            "customers": SMALL["customers"],
            "loans": [loan("L1", "C1" if i % 2 else "C2", balance=f"{i + 1}.00"), loan("L2", "C2")],
            "loan_transactions": [payment(f"T{n}", on, amount=f"{i}.{amount}") for n, on, amount in rows],
            "market": [{"series": "X", "date": day, "value": str(i)} for day in ("2026-01-01", f"2026-01-0{i + 2}")],
        }
        for i, rows in enumerate(batches)
    ]
    straight, mixed = (open_bank(tmp_path_factory.mktemp("bank")) for _ in range(2))
    for book, day in zip(books, days, strict=True):
        straight.take(book, on=day)
    chance = random.Random(seed)
    turns = [*zip(books, days, strict=True), chance.choice([*zip(books, days, strict=True)])]
    chance.shuffle(turns)
    for book, day in turns:
        mixed.take({name: chance.sample(list(rows), len(rows)) for name, rows in book.items()}, on=day)
    for day in days:
        clocks = Clocks(date(2026, 12, 31), midnight(day))
        assert state(mixed, clocks) == state(straight, clocks)
    straight.store.close()
    mixed.store.close()
