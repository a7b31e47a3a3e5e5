"""Reading: by caller, by both clocks, by borrower and loan, in rows, columns and views."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.loan_book.books import CLOCKS, NOW, SMALL, Bank, customer, loan, open_bank, payment
from tools.domain.book_evidence import evidence
from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.store.book_contract import book_contract
from tools.store.loan_book import LoanBook

OFFICER = Caller("u1", "officer", officer_id="u1", can_write=True)
MANAGER = Caller("m2", "manager", branches=frozenset({"B2"}))
GRANTED = Caller("x", "approver", borrowers=frozenset({"C3"}))
AUDITOR = Caller("a", "auditor", everything=True)
ADMIN = Caller("ad", "admin")
NOBODY = Caller("n", "unknown")

BOOK: dict[str, Any] = {
    "staff": [{"id": "u1", "name": "Wang", "role": "officer", "branch_id": "B1", "email": "w@bank.example"}],
    "customers": [*SMALL["customers"], customer("C3", officer_id="u3", branch_id="B3")],
    "loans": [loan("L1", "C1", facility_id="F1"), loan("L2", "C2", facility_id="F1"), loan("L3", "C3")],
    "accounts": [{"id": f"A{i}", "customer_id": f"C{i}", "currency_code": "CNY"} for i in (1, 2, 3)],
    "loan_cash_flows": [
        {"id": f"F{i}", "loan_id": f"L{i}", "payment_date": "2027-01-15", "type": "principal", "amount": "1", "currency_code": "CNY"} for i in (1, 2, 3)
    ],
    "loan_transactions": [payment(f"T{i}{n}", f"L{i}", f"2026-0{n}-01", posted_at=f"2026-0{n}-01T09:30:00+08:00") for i in (1, 2, 3) for n in (1, 3, 5)],
    "account_transactions": [
        {"id": f"X{i}", "account_id": f"A{i}", "value_date": "2026-02-01", "direction": "out", "amount": "12.34", "currency_code": "CNY",
         "time": "09:30", "sequence": "7", "entrusted": "true"} for i in (1, 2, 3)
    ],
    "collateral": [
        {"id": "K1", "loan_ids": "L1;L2", "type": "land", "value": "100", "currency_code": "CNY", "value_date": "2026-01-01"},
        {"id": "K2", "loan_ids": "L3", "type": "land", "value": "100", "currency_code": "CNY", "value_date": "2026-01-01"},
    ],
    "guarantors": [{"id": "G1", "loan_ids": "L1", "name": "Li"}],
    "covenants": [
        {"id": "V1", "loan_id": "L1", "facility_id": "", "name": "a", "metric": "m", "operator": "<=", "threshold": "1", "test_frequency": "annually"},
        {"id": "V2", "loan_id": "", "facility_id": "F1", "name": "b", "metric": "m", "operator": "<=", "threshold": "1", "test_frequency": "annually"},
    ],
    "mitigants": [{"id": "M1", "loan_ids": "L2;L3", "kind": "other", "cover_share": "0.35"}],
    "relations": [{"customer_id": f"C{i}", "related_name": "Holding", "relation": "parent", "share": "0.5100"} for i in (1, 2, 3)],
    "events": [{"id": f"E{i}", "customer_id": f"C{i}", "date": "2026-04-01", "type": "news", "title": "x"} for i in (1, 2, 3)],
    "bureau": [{"id": f"B{i}", "customer_id": f"C{i}", "date": "2026-04-01", "other_bank_count": "2"} for i in (1, 2, 3)],
    "operations": [{"id": f"O{i}", "customer_id": f"C{i}", "date": "2026-04-30", "measure": "headcount", "value": "120.50"} for i in (1, 2, 3)],
    "documents": [{"file": f"fs{i}.pdf", "customer_id": f"C{i}", "kind": "statement", "due_date": "2027-04-30"} for i in (1, 2, 3)],
    "evidence": [{"id": f"Q{i}", "loan_id": f"L{i}", "kind": "invoice", "amount": "5", "date": "2026-02-02" if i > 1 else ""} for i in (1, 2, 3)],
    "market": [{"series": "USDCNY", "date": f"2026-0{n}-01", "value": f"7.{n}0"} for n in (1, 5)],
    "counterparties": [{"name": "Steel Co", "account": "1", "kind": "company"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    bank = open_bank(tmp_path_factory.mktemp("full"))
    report = bank.take(BOOK, on=date(2026, 10, 31))
    assert report.rejected == () and set(report.rows) == set(book_contract().tables)
    yield bank
    bank.store.close()


def whose(bank: Bank, caller: Caller, table: str, **more: Any) -> set[str]:
    return {row["_borrower"] for row in bank.reader.rows(caller, table, CLOCKS, **more)}


OWNED = [table.name for table in book_contract().tables.values() if table.owned]


@pytest.mark.parametrize("table", OWNED)
def test_a_caller_sees_the_rows_of_his_borrowers_only(full: Bank, table: str) -> None:
    everyone = whose(full, LOCAL, table)
    shared = book_contract().tables[table].shared
    assert everyone and (shared or everyone <= {"C1", "C2", "C3"})
    for caller, allowed in ((OFFICER, "C1"), (MANAGER, "C2"), (GRANTED, "C3")):
        assert whose(full, caller, table) <= {allowed}
        assert whose(full, caller, table, borrower=allowed) == ({allowed} & whose(full, LOCAL, table, borrower=allowed))
        for other in {"C1", "C2", "C3"} - {allowed}:
            assert whose(full, caller, table, borrower=other) == set()
            assert full.reader.rows(caller, table, CLOCKS, borrower=other) == full.reader.rows(
                caller, table, CLOCKS, borrower="C9"
            )
        columns = full.reader.table(caller, table, CLOCKS, ["id", "_borrower"]).to_pylist()
        assert {row["_borrower"] for row in columns} <= {allowed}
        with full.reader.views(caller, CLOCKS, [table]) as book:
            assert {owner for (owner,) in book.execute(f"SELECT _borrower FROM {table}").fetchall()} <= {allowed}
    assert whose(full, AUDITOR, table) == everyone
    assert whose(full, NOBODY, table) == set() and full.reader.table(NOBODY, table, CLOCKS).num_rows == 0
    assert full.reader.row(NOBODY, table, full.reader.rows(LOCAL, table, CLOCKS)[0]["id"], CLOCKS) is None


def test_nobody_causes_no_query(full: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a store was asked")

    monkeypatch.setattr(full.reader, "snapshots", refuse)
    monkeypatch.setattr(full.reader, "_database", refuse)
    assert full.reader.rows(NOBODY, "loans", CLOCKS) == []


def test_a_loan_of_someone_else_is_not_there(full: Bank) -> None:
    assert [row["id"] for row in full.reader.rows(OFFICER, "loans", CLOCKS, loan="L1")] == ["L1"]
    for table in ("loans", "loan_transactions", "collateral", "covenants"):
        assert full.reader.rows(OFFICER, table, CLOCKS, loan="L2") == full.reader.rows(OFFICER, table, CLOCKS, loan="L99") == []


def test_tables_of_nobody(full: Bank) -> None:
    for caller in (LOCAL, OFFICER, AUDITOR):
        assert (
            len(full.reader.rows(caller, "market", CLOCKS)) == 2
            and len(full.reader.rows(caller, "counterparties", CLOCKS)) == 1
        )
    assert full.reader.rows(NOBODY, "market", CLOCKS) == [] == full.reader.rows(LOCAL, "market", CLOCKS, borrower="C1")
    assert full.reader.rows(OFFICER, "staff", CLOCKS) == [] and len(full.reader.rows(AUDITOR, "staff", CLOCKS)) == 1


def test_rows_that_several_borrowers_share_count_once(full: Bank) -> None:
    assert [row["id"] for row in full.reader.rows(LOCAL, "collateral", CLOCKS)] == ["K1", "K2"]
    assert [row["id"] for row in full.reader.rows(LOCAL, "covenants", CLOCKS)] == ["V1", "V2"]
    assert full.reader.table(LOCAL, "mitigants", CLOCKS).num_rows == 1
    for borrower in ("C1", "C2"):
        assert [row["id"] for row in full.reader.rows(LOCAL, "collateral", CLOCKS, borrower=borrower)] == ["K1"]
        assert "V2" in [row["id"] for row in full.reader.rows(LOCAL, "covenants", CLOCKS, borrower=borrower)]


def test_what_hangs_on_a_loan(full: Bank) -> None:
    def on(loan_id: str, table: str) -> list[str]:
        return [row["id"] for row in full.reader.rows(LOCAL, table, CLOCKS, loan=loan_id)]

    assert on("L1", "loan_transactions") == ["T11", "T13", "T15"] and on("L1", "collateral") == ["K1"] == on("L2", "collateral")
    assert on("L1", "covenants") == ["V1", "V2"] and on("L2", "covenants") == ["V2"] and on("L3", "covenants") == []
    assert on("L3", "mitigants") == ["M1"] and on("L3", "guarantors") == [] and on("L9", "loan_transactions") == []
    with pytest.raises(BadRequest, match="events has no loans"):
        full.reader.rows(LOCAL, "events", CLOCKS, loan="L1")


def test_event_rows_stop_at_the_business_date(full: Bank) -> None:
    def seen(table: str, day: date) -> int:
        return len(full.reader.rows(LOCAL, table, Clocks(day, CLOCKS.known_at), borrower="C2" if table != "market" else None))

    assert [seen("loan_transactions", day) for day in (date(2025, 12, 31), date(2026, 3, 1), date(2026, 12, 31))] == [0, 2, 3]
    assert seen("market", date(2026, 4, 30)) == 1 and seen("account_transactions", date(2026, 1, 31)) == 0
    # the schedule and what was asked for lie ahead, and state has no date
    early = date(2025, 1, 1)
    assert seen("loan_cash_flows", early) == seen("documents", early) == seen("loans", early) == 1
    # a row without a date is always seen
    undated = full.reader.rows(LOCAL, "evidence", Clocks(early, CLOCKS.known_at))
    assert [row["id"] for row in undated] == ["Q1"]
    with full.reader.views(LOCAL, Clocks(date(2026, 3, 1), CLOCKS.known_at)) as book:
        assert book.execute("SELECT count(*) FROM loan_transactions").fetchall() == [(6,)]


def test_values_have_their_types(full: Bank) -> None:
    transaction = full.reader.rows(LOCAL, "loan_transactions", CLOCKS, loan="L1")[0]
    assert transaction["posted_at"] == datetime(2026, 1, 1, 1, 30, tzinfo=UTC) and transaction["amount"] == Decimal("100.00")
    assert str(transaction["amount"]) == "100.00" and transaction["value_date"] == date(2026, 1, 1)
    movement = full.reader.rows(LOCAL, "account_transactions", CLOCKS, borrower="C1")[0]
    assert (movement["time"], movement["sequence"], movement["entrusted"]) == (time(9, 30), 7, True)
    assert str(full.reader.rows(LOCAL, "relations", CLOCKS, borrower="C1")[0]["share"]) == "0.51"
    assert str(full.reader.rows(LOCAL, "operations", CLOCKS, borrower="C1")[0]["value"]) == "120.5"
    assert str(full.reader.rows(LOCAL, "market", CLOCKS)[0]["value"]) == "7.1"
    assert full.reader.rows(LOCAL, "mitigants", CLOCKS)[0]["loan_ids"] == ["L2", "L3"]


def test_a_row_as_evidence(full: Bank) -> None:
    row = full.reader.row(OFFICER, "loan_transactions", "T13", CLOCKS)
    assert row and (row.table, row.id, row.columns["amount"], row.columns["posted_at"]) == (
        "loan_transactions", "T13", "100.00", "2026-03-01T01:30:00+00:00",
    )  # fmt: skip
    assert full.reader.row(OFFICER, "loan_transactions", "T23", CLOCKS) is None
    assert evidence("collateral", {"id": "K", "loan_ids": ["a", "b"], "x": True, "n": None, "_borrower": "C"}).columns == {
        "id": "K", "loan_ids": "a;b", "x": "true", "n": None,
    }  # fmt: skip


def test_filters(full: Bank) -> None:
    def ids(table: str, **more: Any) -> list[str]:
        return [row["id"] for row in full.reader.rows(LOCAL, table, CLOCKS, **more)]

    assert ids("loan_transactions", where={"value_date": date(2026, 3, 1)}) == ["T13", "T23", "T33"]
    assert (
        ids("loan_transactions", where={"id": ["T11", "T35", "T99"]}) == ["T11", "T35"] and ids("loans", where={"id": []}) == []
    )
    assert ids("loans", where={"facility_id": None}) == ["L3"] and ids(
        "loans", where={"rate": Decimal("0.0435"), "facility_id": "F1"}
    ) == ["L1", "L2"]
    assert ids("collateral", where={"loan_ids": "L2"}) == ["K1"] and ids("collateral", where={"loan_ids": ["L3", "L1"]}) == [
        "K1",
        "K2",
    ]
    assert ids("loan_transactions", since=date(2026, 4, 1), limit=2) == ["T15", "T25"]
    with pytest.raises(BadRequest, match="loans has no column 'colour'"):
        ids("loans", where={"colour": "red"})
    with pytest.raises(BadRequest, match="no column 'x'"):
        full.reader.table(LOCAL, "loans", CLOCKS, ["x"])
    with pytest.raises(BadRequest, match="no event date"):
        ids("loans", since=date(2026, 1, 1))
    with pytest.raises(BadRequest, match="no table 'loan'"):
        ids("loan")


def test_columns_for_the_portfolio(full: Bank) -> None:
    found = full.reader.table(LOCAL, "loans", CLOCKS, ["id", "balance", "rate"])
    assert found.column_names == ["id", "balance", "rate"] and found.num_rows == 3
    assert found.schema.field("balance").type == pa.decimal128(18, 2)
    whole = full.reader.table(LOCAL, "loan_transactions", CLOCKS)
    assert "_borrower" in whole.column_names and "_extra" not in whole.column_names


def test_views_join_and_do_not_see_each_other(full: Bank) -> None:
    sql = "SELECT count(*) FROM loans JOIN loan_transactions t ON t.loan_id = loans.id"
    with full.reader.views(OFFICER, CLOCKS) as mine, full.reader.views(LOCAL, CLOCKS) as all_of_it:
        assert mine.execute(sql).fetchall() == [(3,)] and all_of_it.execute(sql).fetchall() == [(9,)]


def test_an_empty_home_answers_with_nothing(bank: Bank) -> None:
    assert bank.reader.snapshot(CLOCKS) is None and bank.reader.newest_book_date() is None
    assert bank.reader.rows(LOCAL, "loans", CLOCKS) == [] and bank.reader.row(LOCAL, "loans", "L1", CLOCKS) is None
    empty = bank.reader.table(LOCAL, "loans", CLOCKS)
    assert empty.num_rows == 0 and empty.schema.field("balance").type == pa.decimal128(18, 2)
    with bank.reader.views(LOCAL, CLOCKS) as book:
        assert book.execute("SELECT count(*) FROM loans").fetchall() == [(0,)]


def test_rights_are_those_of_today_on_every_old_book(bank: Bank) -> None:
    bank.take(SMALL, on=date(2026, 6, 30))
    bank.take({"customers": [customer("C1", officer_id="u2"), customer("C2", officer_id="u2")]}, on=date(2026, 10, 31))
    june = Clocks(date(2026, 12, 31), datetime(2026, 7, 1, tzinfo=UTC))
    assert bank.reader.rows(OFFICER, "loans", june) == []
    assert len(bank.reader.rows(Caller("u2", "officer", officer_id="u2"), "loans", june)) == 2


def test_one_borrower_is_read_from_its_shard_alone(full: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    reader = LoanBook(full.home, full.store)
    files = reader.snapshots.files

    def listening(snapshot: str, tables: Any, shards: Any) -> Any:
        asked.append(shards)
        return files(snapshot, tables, shards)

    monkeypatch.setattr(reader.snapshots, "files", listening)
    reader.rows(OFFICER, "loan_transactions", CLOCKS)
    reader.rows(LOCAL, "loans", CLOCKS, borrower="C2")
    assert len(asked) == 2 and all(shards is not None and len(shards) == 1 for shards in asked)


def test_threads_share_a_reader(full: Bank) -> None:
    found: list[int] = []

    def read(caller: Caller) -> None:
        found.extend(len(full.reader.rows(caller, "loan_transactions", CLOCKS)) for _ in range(10))

    threads = [threading.Thread(target=read, args=(caller,)) for caller in (LOCAL, OFFICER, MANAGER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [3] * 20 + [9] * 10


def test_reading_loads_neither_arrow_nor_numpy(full: Bank) -> None:
    code = f"""
import sys
from pathlib import Path
from datetime import date, datetime, UTC
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.store.database import Store
from tools.store.home import Home
from tools.store.loan_book import LoanBook
home = Home.open(Path({str(full.home.root)!r}))
book = LoanBook(home, Store(home))
book.newest_book_date()
assert "duckdb" not in sys.modules
assert len(book.rows(LOCAL, "loans", Clocks(date(2026, 12, 31), datetime(2100, 1, 1, tzinfo=UTC)), borrower="C1")) == 1
assert not {{"pyarrow", "numpy", "pandas", "torch"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=120)


def test_the_reader_is_made_of_a_home_and_a_store(full: Bank) -> None:
    again = LoanBook(full.home, full.store)
    found = again.snapshot(Clocks(date(2026, 12, 31), NOW))
    assert found and found.book_date == date(2026, 10, 31) == again.newest_book_date()
