"""Reading files: encodings, quotes, lines, Parquet, and what makes a file broken so that nothing changes at all."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.loan_book import import_loan_book
from ingestion.loan_book.csv_files import CsvFile, open_csv
from tests.loan_book.books import CLOCKS, NOW, SMALL, Bank, Rows, as_csv, customer, loan, payment, write_book
from tools.domain.callers import LOCAL
from tools.errors import BadRequest, ImportRefused

Book = Mapping[str, Rows | str | bytes]


def names(bank: Bank) -> dict[str, str]:
    return {row["id"]: row["name"] for row in bank.reader.rows(LOCAL, "customers", CLOCKS)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_accepted_encodings(bank: Bank, encoding: str) -> None:
    text = as_csv([customer("C1") | {"name": "明远精密机械有限公司"}, customer("C2") | {"name": "东海 Café 𠮷"}])
    bank.take({**SMALL, "customers": text.encode(encoding)})
    assert names(bank) == {"C1": "明远精密机械有限公司", "C2": "东海 Café 𠮷"}


def test_utf8_with_a_damaged_byte_is_not_taken_for_gb18030(bank: Bank) -> None:
    text = as_csv([customer("C1") | {"name": "明远精密机械有限公司"}, customer("C2") | {"name": "东海贸易"}]).encode()
    damaged = text.replace("东".encode(), b"\xe4\xb8\xff", 1)
    with pytest.raises(ImportRefused, match=r"customers.csv line 3: a byte that is not UTF-8"):
        bank.take({**SMALL, "customers": damaged})


def test_lines_are_physical_lines(bank: Bank) -> None:
    text = (
        'id,name,type,status\r\n'
        'C1,"two\r\nlines",corporate,"a ""quoted"" word"\r\n'
        "\r\n"
        'C2,"three\n\nlines, and a comma",sme,\r\n'
        "C3,wrong type,tribe,\r\n"
        'C4,"next\nto last",corporate,\r\n'
        "C5,too,few\r\n"
        ",,,\r\n"
        'C6,x"y,corporate,"z\r\n"\r\n'
        "C7,last,other,"
    )  # fmt: skip
    report = bank.take({"customers": text, "loans": [loan("L1", "C1")]})
    assert [(r.line, r.column) for r in report.rejected] == [(8, "type"), (11, ""), (15, "type")]
    assert report.rejected[1].reason == "3 fields where the header has 4"
    found = bank.reader.rows(LOCAL, "customers", CLOCKS, borrower="C1")[0]
    assert found["name"] == "two\r\nlines" and found["status"] == 'a "quoted" word'
    assert sorted(names(bank)) == ["C1", "C2", "C4", "C6"]


def test_plain_lines_with_blank_and_ragged_rows(bank: Bank) -> None:
    text = "\nid,name,type\nC1,A,corporate\n\nC2,B\n,,\n,\nC3,C,corporate,x\nC4,D,tribe\nC5,E,sme\nC6,F"
    report = bank.take({"customers": text, "loans": [loan("L1", "C1")]})
    assert [(r.line, r.reason.split(" ")[0]) for r in report.rejected] == [(5, "2"), (8, "4"), (9, "not"), (11, "2")]
    assert sorted(names(bank)) == ["C1", "C5"]


def test_a_malformed_quote_costs_its_row_only(bank: Bank) -> None:
    text = 'id,name,type\nC1,A,corporate\nC2,"B"b,corporate\nC3,C,corporate\n'
    report = bank.take({"customers": text, "loans": [loan("L1", "C1")]})
    assert [(r.file, r.line) for r in report.rejected] == [("customers.csv", 3)] and sorted(names(bank)) == ["C1", "C3"]


FIELDS = st.text(alphabet='ab,"\n\r 、\x1f', max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(FIELDS, min_size=1, max_size=4), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
    raw=st.lists(st.sampled_from(["", "a,b,\r", "a,b", '"', '""', ',"x"', '"a"b,c,d', "a,b,c,d", "x,y,", ",,"]), max_size=3),
)
def test_the_two_csv_readers_agree(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoting: Any, ending: str, raw: list[str]
) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=ending).writerows([["x", "y", "z"], *rows])
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes((out.getvalue() + "".join(line + ending for line in raw)).encode())
    try:
        file = open_csv(path)
    except ImportRefused:
        return
    if file.nature.plain:
        slow = CsvFile(file.path, replace(file.nature, plain=False), file.header, file.header_line)
        assert flat(file) == flat(slow)


def flat(file: CsvFile) -> tuple[list[Any], list[Any]]:
    """Rows with anything in them and broken rows, each with its line. Blanks inside cells are the next step's matter."""
    rows: list[Any] = []
    broken: list[Any] = []
    for batch in file.batches():
        cells = zip(batch.lines.to_pylist(), *(column.to_pylist() for column in batch.columns.values()), strict=True)
        rows += [row for row in cells if any(row[1:])]
        broken += [(row.line, row.cells, row.reason) for row in batch.broken]
    return rows, broken


BROKEN: dict[str, tuple[Book, str]] = {
    "required column missing": ({"loans": "id,customer_id\nL1,C1\n"}, "loans.csv: required column missing: type, purpose"),
    "wrong separator": ({"loans": "id;customer_id\nL1;C1\n"}, "Is the separator a comma"),
    "empty": ({"loans": b""}, "loans.csv: empty"),
    "only blank lines": ({"loans": b"\n\n"}, "loans.csv: empty"),
    "unnamed column": ({"loans": "id,,type\n"}, "loans.csv header: column 2 has no name"),
    "duplicate column": ({"loans": "id,type,id\n"}, "loans.csv header: the column 'id' comes twice"),
    "zero byte": ({"loans": b"id,name\nL1,\0\n"}, "loans.csv line 2: not text"),
    "spreadsheet": ({"loans": b"PK\x03\x04rest"}, "not a CSV file but a ZIP or XLSX"),
    "pdf": ({"loans": b"%PDF-1.7"}, "a PDF"),
    "utf-16": ({"loans": codecs.BOM_UTF16_LE + "id".encode("utf-16-le")}, "UTF-16"),
    "no encoding": ({"loans": b"id,name\nL1,\x80\x80\xff\xff\n"}, "loans.csv line 2: neither UTF-8 nor GB18030"),
    "open quote": ({"loans": as_csv([loan("L1", "C1")]) + 'L2,"C1,\n'}, "loans.csv line 3: a quote opens"),
    "endless field": (
        {"loans": as_csv([loan("L1", "C1")]) + 'L2,"' + "x\n" * 100_000 + '"'},
        "loans.csv line 3: a quote opens",
    ),
    "endless line": ({"loans": as_csv([loan("L1", "C1")]) + "L2," + "x" * 200_000}, "loans.csv line 3"),
    "no table": ({"readme": "nothing"}, "no file of a loan book"),
    "no loans at first": ({"customers": [customer("C1")]}, "the first import needs loans"),
    "nothing needed at first": ({"market": "series,date,value\n"}, "the first import needs customers and loans"),
}


@pytest.mark.parametrize("case", [name for name in BROKEN if name != "no table" and "first" not in name])
def test_a_broken_file_changes_nothing(bank: Bank, case: str) -> None:
    before = bank.take(SMALL)
    files = sorted(bank.home.shards_dir.rglob("*"))
    book, said = BROKEN[case]
    with pytest.raises(ImportRefused) as refused:
        bank.take({"customers": [customer("C7")], **book})
    assert said in str(refused.value) and refused.value.exit_code == 2
    assert [s.id for s in bank.reader.snapshots.all()] == [before.snapshot]
    assert bank.ids("customers") == ["C1", "C2"] and sorted(bank.home.shards_dir.rglob("*")) == files


@pytest.mark.parametrize("case", list(BROKEN))
def test_a_broken_first_import_leaves_no_snapshot(bank: Bank, case: str) -> None:
    book, said = BROKEN[case]
    filled = book if case == "no table" or "first" in case else {"customers": [customer("C1")], **book}
    with pytest.raises(ImportRefused) as refused:
        bank.take(filled)
    assert said in str(refused.value)
    assert bank.reader.snapshots.all() == [] and bank.store.trail.head()[0] == 0


def test_no_such_folder_is_a_bad_request(bank: Bank, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no such folder"):
        import_loan_book(LOCAL, tmp_path / "nowhere", bank.store, bank.home, None, NOW)


def test_a_table_given_twice_is_refused(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "twice", SMALL)
    pq.write_table(pa.table({"id": ["L1"]}), folder / "loans.parquet")
    with pytest.raises(ImportRefused, match=r"loans comes twice: loans.csv and loans.parquet"):
        import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)


def test_other_files_are_named_and_left_alone(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "more", {**SMALL, "branches": "id\nB1\n"})
    (folder / "README.txt").write_text("hello", encoding="utf-8")
    report = import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)
    assert report.ignored_files == ("README.txt", "branches.csv") and report.exit_code == 0


def test_parquet_says_the_same_as_csv(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "parquet", {"customers": [customer("C1"), customer("C2")]})
    typed = pa.table(
        {
            "id": ["L1", "L2", "L3"],
            "customer_id": pa.array(["C1", "C2", "C1"]).dictionary_encode(),
            "type": ["trade"] * 3,
            "purpose": pa.array(["steel"] * 3, pa.large_string()),
            "currency_code": ["CNY"] * 3,
            "orig_notional": pa.array([Decimal("12345.67"), Decimal("5.00"), Decimal("-1.00")], pa.decimal128(12, 2)),
            # a float as an exporter leaves it, and NaN for nothing
            "balance": pa.array([0.1, 12345678.91, 1.0]),
            "limit_amount": pa.array([float("nan"), 1e7, None]),
            "rate": pa.array([0.0435, 0.05, 0.05], pa.float64()),
            "start_date": pa.array([date(2026, 1, 15)] * 3),
            "end_date": pa.array([datetime(2027, 1, 15)] * 3, pa.timestamp("ns")),
            "repayment_type": ["bullet"] * 3,
            "repayment_frequency": ["at_maturity"] * 3,
            "stage": pa.array([1.0, 2.0, 3.0]),
            "secured": [True, False, None],
        }
    )
    pq.write_table(typed, folder / "loans.parquet")
    pq.write_table(
        pa.table(
            {
                "id": ["K1"],
                "loan_ids": [["L1", "L2"]],
                "type": ["land"],
                "value": [1],
                "currency_code": ["CNY"],
                "value_date": ["2026-01-01"],
            }
        ),
        folder / "collateral.parquet",
    )
    report = import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)
    assert [(r.file, r.line, r.column, r.value) for r in report.rejected] == [("loans.parquet", 3, "orig_notional", "-1.00")]
    first, second = bank.reader.rows(LOCAL, "loans", CLOCKS)
    assert (first["orig_notional"], first["balance"], first["limit_amount"]) == (Decimal("12345.67"), Decimal("0.10"), None)
    assert (first["rate"], first["stage"], first["secured"], first["end_date"]) == (
        Decimal("0.0435"),
        1,
        True,
        date(2027, 1, 15),
    )
    assert (second["balance"], second["limit_amount"], second["secured"]) == (
        Decimal("12345678.91"),
        Decimal(10_000_000),
        False,
    )
    assert bank.reader.rows(LOCAL, "collateral", CLOCKS)[0]["loan_ids"] == ["L1", "L2"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all"])
def test_a_broken_parquet_file_is_refused(bank: Bank, tmp_path: Path, content: bytes) -> None:
    folder = write_book(tmp_path / "broken", {"customers": [customer("C1")]})
    (folder / "loans.parquet").write_bytes(content)
    with pytest.raises(ImportRefused, match=r"loans.parquet: not a readable Parquet file"):
        import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)


def test_a_parquet_file_cut_in_its_data_is_refused(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "cut", SMALL)
    (folder / "loans.csv").unlink()
    many = [loan(f"L{i}", "C1", purpose=f"purpose {i * 7919}") for i in range(5000)]
    pq.write_table(pa.Table.from_pylist(many), folder / "loans.parquet", compression="none", use_dictionary=False)
    content = bytearray((folder / "loans.parquet").read_bytes())
    content[100:3000] = b"\xff" * 2900
    (folder / "loans.parquet").write_bytes(bytes(content))
    with pytest.raises(ImportRefused, match=r"loans.parquet after row 0: damaged Parquet"):
        import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)
    assert bank.reader.snapshots.all() == []


def test_parquet_text_that_is_not_utf8_is_refused(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "bytes", {"customers": [customer("C1")]})
    many = pa.Table.from_pylist([loan("L1", "C1", purpose="abcdefgh")])
    pq.write_table(many, folder / "loans.parquet", compression="none", use_dictionary=False, write_statistics=False)
    content = (folder / "loans.parquet").read_bytes()
    (folder / "loans.parquet").write_bytes(content.replace(b"abcdefgh", b"abc\xff\xfegh"))
    with pytest.raises(ImportRefused, match=r"loans.parquet after row 0: damaged Parquet"):
        import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)


def test_a_header_alone_is_an_empty_table(bank: Bank) -> None:
    header = ",".join(payment("", ""))
    for text in (
        header,
        header + "\n",
        header + "\r\n\r\n",
        "\n" + header,
        f'"{header.replace(",", chr(34) + "," + chr(34))}"',
    ):
        assert bank.take({**SMALL, "loan_transactions": text}).rows["loan_transactions"] == 0


def test_old_line_ends(bank: Bank) -> None:
    bank.take(
        {"customers": as_csv(SMALL["customers"]).replace("\n", "\r"), "loans": as_csv(SMALL["loans"]).replace("\n", "\r\n")}
    )
    assert bank.ids("customers") == ["C1", "C2"] and bank.ids("loans") == ["L1", "L2"]


def test_nested_parquet_columns_are_refused(bank: Bank, tmp_path: Path) -> None:
    folder = write_book(tmp_path / "nested", {"customers": [customer("C1")]})
    pq.write_table(pa.table({"id": [{"a": 1}]}), folder / "loans.parquet")
    with pytest.raises(ImportRefused, match="is not a table cell"):
        import_loan_book(LOCAL, folder, bank.store, bank.home, None, NOW)


def test_hostile_text_stays_text(bank: Bank) -> None:
    nasty = [
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE customers; --",
        '"quoted"',
        "<script>alert(1)</script>",
        "‮gnirts",
        "{{7*7}}",
        "%s%n",
    ]
    rows = [customer(f"C'{i}\"; --") | {"name": text} for i, text in enumerate(nasty)]
    report = bank.take({"customers": rows, "loans": [loan("L'1", "C'0\"; --")], "loan_transactions": [payment("T'1", "L'1")]})
    assert report.rejected_rows == 0
    assert sorted(names(bank).values()) == sorted(nasty)
    assert bank.reader.rows(LOCAL, "loan_transactions", CLOCKS, loan="L'1")[0]["_borrower"] == "C'0\"; --"


def test_hostile_column_names_are_kept_as_data(bank: Bank) -> None:
    rows = [customer("C1") | {'x"; DROP TABLE staged_customers; --': "1", "_borrower": "C2", "_extra": "y"}]
    report = bank.take({"customers": rows, "loans": [loan("L1", "C1")]})
    assert report.unused_columns == {"customers": ['x"; DROP TABLE staged_customers; --', "_borrower", "_extra"]}
    assert bank.reader.rows(LOCAL, "customers", CLOCKS)[0]["_borrower"] == "C1"
