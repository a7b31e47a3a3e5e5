"""Shards: where rows go, what two snapshots share, how parts grow and merge, and that bytes are determined by content."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loan_book.books import CLOCKS, Bank, customer, loan, open_bank, payment
from tools.domain.callers import LOCAL
from tools.store import snapshots as layout
from tools.store.snapshots import UNOWNED, ShardFile, enough_shards, shard_of, shard_sql

CUSTOMERS = [customer(f"C{i}") for i in range(40)]
LOANS = [loan(f"L{i}", f"C{i % 40}") for i in range(80)]
PAYMENTS = [payment(f"T{i}", f"L{i % 80}") for i in range(400)]
BOOK: dict[str, Any] = {
    "customers": CUSTOMERS,
    "loans": LOANS,
    "loan_transactions": PAYMENTS,
    "market": "series,date,value\nX,2026-01-01,1\n",
}


def files(bank: Bank, table: str) -> list[ShardFile]:
    return bank.reader.snapshots.files(bank.reader.snapshots.all()[-1].id, [table])


def test_every_row_lies_in_the_shard_of_its_borrower(bank: Bank) -> None:
    bank.take(BOOK)
    for table in ("customers", "loans", "loan_transactions"):
        for file in files(bank, table):
            rows = pq.read_table(bank.home.shard_path(file.sha256)).to_pylist()
            assert {shard_of(row["_borrower"], 4) for row in rows} == {file.shard} and len(rows) == file.rows
    assert [file.shard for file in files(bank, "market")] == [UNOWNED]


def test_money_dates_and_rates_are_exact_types(bank: Bank) -> None:
    bank.take(BOOK)
    schema = pq.read_schema(bank.home.shard_path(files(bank, "loans")[0].sha256))
    assert schema.field("balance").type == pa.decimal128(18, 2) and schema.field("rate").type == pa.decimal128(18, 12)
    assert schema.field("start_date").type == pa.date32()
    assert not [field for field in schema if pa.types.is_floating(field.type)]


def test_unchanged_shards_are_shared(bank: Bank) -> None:
    bank.take(BOOK, on=date(2026, 9, 30))
    before = files(bank, "loans") + files(bank, "customers") + files(bank, "loan_transactions")
    changed = [row | {"balance": "1.00"} if row["id"] == "L5" else row for row in LOANS]
    bank.take({"loans": changed}, on=date(2026, 10, 31))
    after = files(bank, "loans") + files(bank, "customers") + files(bank, "loan_transactions")
    fresh = [file for file in after if file not in before]
    assert [(file.table, file.shard) for file in fresh] == [("loans", shard_of("C5", 4))]


def test_the_same_book_has_the_same_bytes_in_another_home(tmp_path: Path) -> None:
    contents = []
    for name, rows in (("a", PAYMENTS), ("b", list(reversed(PAYMENTS)))):
        bank = open_bank(tmp_path / name)
        bank.take({**BOOK, "loan_transactions": rows})
        contents.append(bank.reader.snapshots.all()[-1].content_sha256)
        bank.store.close()
    assert contents[0] == contents[1]


def test_new_events_become_parts_that_merge(bank: Bank) -> None:
    bank.take(BOOK)
    (base,) = [file for file in files(bank, "loan_transactions") if file.shard == shard_of("C1", 4)]
    sizes = []
    for turn in range(8):
        bank.take({"loan_transactions": [payment(f"N{turn}-{i}", "L1") for i in range(4)]})
        parts = [file for file in files(bank, "loan_transactions") if file.shard == shard_of("C1", 4)]
        assert [file.part for file in parts] == list(range(len(parts)))
        sizes.append([file.rows for file in parts])
    # like carrying in a binary number: few parts, each row rewritten a few times; the base stays where it is
    assert sizes[:4] == [[base.rows, 4], [base.rows, 8], [base.rows, 8, 4], [base.rows, 16]]
    assert all(earlier >= 2 * later for rows in sizes for earlier, later in pairwise(rows))
    assert len(bank.ids("loan_transactions")) == 400 + 32
    others = [file for file in files(bank, "loan_transactions") if file.shard != shard_of("C1", 4)]
    assert {file.part for file in others} == {0}


def test_a_correction_rewrites_its_shard_so_that_no_id_is_there_twice(bank: Bank) -> None:
    bank.take(BOOK)
    bank.take({"loan_transactions": [payment("N1", "L1")]})
    bank.take({"loan_transactions": [payment("T1", "L1", amount="7.00"), payment("N2", "L1")]})
    parts = [file for file in files(bank, "loan_transactions") if file.shard == shard_of("C1", 4)]
    rows = [row["id"] for file in parts for row in pq.read_table(bank.home.shard_path(file.sha256), columns=["id"]).to_pylist()]
    assert len(parts) == 1 and sorted(set(rows)) == sorted(rows) and {"T1", "N1", "N2"} <= set(rows)


def test_a_growing_book_gets_more_shards_and_keeps_every_row(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "ROWS_PER_SHARD", 50)
    bank.take({**BOOK, "loan_transactions": PAYMENTS[:100]})
    assert bank.reader.snapshots.all()[-1].shard_count == 4
    bank.take({"loan_transactions": PAYMENTS[100:]})
    assert bank.reader.snapshots.all()[-1].shard_count == 8
    assert len(bank.ids("loan_transactions")) == 400 and len(bank.ids("loans")) == 80
    for i in range(0, 40, 7):
        assert len(bank.reader.rows(LOCAL, "loan_transactions", CLOCKS, borrower=f"C{i}")) == 10
    # the older snapshot is still read by its own count
    then = bank.reader.snapshots.all()[0]
    assert sum(file.rows for file in bank.reader.snapshots.files(then.id, ["loan_transactions"])) == 100
    bank.take({"loans": LOANS[:1]})
    assert bank.reader.snapshots.all()[-1].shard_count == 8


@pytest.mark.parametrize(
    ("rows", "former", "count"),
    [(0, 0, 4), (400_000, 0, 4), (400_001, 0, 8), (12_000_000, 0, 128), (10**9, 0, 256), (10, 64, 64), (12_000_000, 4, 128)],
)
def test_how_many_shards(rows: int, former: int, count: int) -> None:
    assert enough_shards(rows, former) == count


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=20),
    st.sampled_from([4, 8, 256]),
)
def test_python_and_sql_agree_on_the_shard(borrower: str, count: int) -> None:
    import duckdb

    ((found,),) = duckdb.execute(f"SELECT {shard_sql('b', count)} FROM (SELECT ? AS b)", [borrower]).fetchall()
    assert found == shard_of(borrower, count)


def test_what_a_killed_import_left_is_cleared_by_the_next(bank: Bank) -> None:
    bank.take(BOOK)
    orphan, kept = "ab" + "0" * 62, files(bank, "loans")[0].sha256
    workshop = bank.home.shards_dir / ".import"
    workshop.mkdir()
    (workshop / "claims").write_text(f"{orphan}\n{kept}\n{'c' * 20}", encoding="ascii")
    for path in (bank.home.shard_path(orphan), bank.home.shard_path(orphan).with_name(f".{orphan}.part")):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    bank.take({"loans": LOANS[:3]})
    assert not list(bank.home.shards_dir.rglob(f"*{orphan}*")) and bank.home.shard_path(kept).exists() and not workshop.exists()


def test_a_damaged_shard_file_is_replaced_when_its_content_comes_again(bank: Bank) -> None:
    bank.take(BOOK)
    path = bank.home.shard_path(files(bank, "customers")[0].sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:50] + bytes([whole[50] ^ 1]) + whole[51:])
    assert bank.take({"customers": CUSTOMERS}).unchanged and path.read_bytes() == whole
