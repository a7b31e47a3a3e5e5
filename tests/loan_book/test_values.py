"""Every type: what it takes, what it refuses and why, and that the fast way and the exact way agree."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.loan_book.values import parse, read_column, trimmed, why_wrong
from tools.store.book_contract import Column, book_contract

CONTRACT = book_contract()
MONEY = Column("amount", "money")
SIGNED = Column("balance_after", "money", signed=True)
RATE = Column("rate", "rate", maximum=1)
NUMBER = Column("value", "number", signed=True)
COUNT = Column("stage", "integer", maximum=3)
DAY = Column("date", "date")
MOMENT = Column("posted_at", "timestamp")
CLOCK = Column("time", "time")


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (MONEY, "12345.67", Decimal("12345.67")),
        (MONEY, "0", Decimal(0)),
        (MONEY, ".5", Decimal("0.5")),
        (MONEY, "+7.10", Decimal("7.1")),
        (MONEY, "100.5000", Decimal("100.5")),
        (MONEY, "9999999999999999.99", Decimal("9999999999999999.99")),
        (MONEY, "0000000000000000000001.00", Decimal(1)),
        (SIGNED, "-250.25", Decimal("-250.25")),
        (RATE, "0.0435", Decimal("0.0435")),
        (RATE, "1", Decimal(1)),
        (NUMBER, "-7.1234567891", Decimal("-7.1234567891")),
        (COUNT, "2", 2),
        (DAY, "2024-02-29", date(2024, 2, 29)),
        (MOMENT, "2026-10-31T09:30:00+08:00", datetime(2026, 10, 31, 1, 30)),
        (MOMENT, "2026-10-31 09:30", datetime(2026, 10, 31, 9, 30)),
        (MOMENT, "2026-10-31T09:30:00Z", datetime(2026, 10, 31, 9, 30)),
        (CLOCK, "09:30", time(9, 30)),
        (Column("secured", "boolean"), "是", True),
        (Column("secured", "boolean"), "FALSE", False),
        (Column("currency_code", "currency"), "CNY", "CNY"),
        (Column("loan_ids", "ids"), " L1; L2 ;L1;", ["L1", "L2"]),
        (Column("aliases", "texts"), "明远；Mingyuan Precision", ["明远", "Mingyuan Precision"]),
    ],
)
def test_taken(column: Column, text: str, value: Any) -> None:
    assert parse(text, column, CONTRACT) == value
    read = read_column(trimmed(pa.array([text])), column, CONTRACT)
    assert read.values.to_pylist() == [value] and read.wrong.to_pylist() == [False]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        (MONEY, "-1", "negative"),
        (MONEY, "1.005", "more than 2 decimals"),
        (MONEY, "10000000000000000.00", "does not fit DECIMAL(18,2)"),
        (MONEY, "1,234.50", "not a plain decimal"),
        (MONEY, "1e5", "not a plain decimal"),
        (MONEY, "¥100", "not a plain decimal"),
        (MONEY, "１００", "not a plain decimal"),
        (MONEY, "NaN", "not a plain decimal"),
        (MONEY, "inf", "not a plain decimal"),
        (MONEY, "0x10", "not a plain decimal"),
        (MONEY, "12 000", "not a plain decimal"),
        (MONEY, "9" * 5000, "does not fit"),
        (RATE, "4.35", "0.0435 for 4.35 %"),
        (RATE, "4.35%", "not a plain decimal"),
        (NUMBER, "0.12345678901", "more than 10 decimals"),
        (Column("share", "share", maximum=1), "35", "0.35 for 35 %"),
        (COUNT, "1.0", "not a whole number"),
        (COUNT, "4", "more than 3"),
        (COUNT, "-1", "negative"),
        (COUNT, "9" * 30, "not a whole number"),
        (DAY, "2026-02-30", "no such day"),
        (DAY, "2026/10/31", "not a date YYYY-MM-DD"),
        (DAY, "20261031", "not a date"),
        (DAY, "31-10-2026", "not a date"),
        (DAY, "2026-W01-1", "not a date"),
        (DAY, "２０２６-10-31", "not a date"),
        (DAY, "0000-01-01", "no such day"),
        (MOMENT, "yesterday", "not an ISO 8601"),
        (MOMENT, "2026-10-31T25:00:00", "no such moment"),
        (MOMENT, "0001-01-01T00:00:00+08:00", "no such moment"),
        (CLOCK, "9.30", "not a time"),
        (CLOCK, "24:01", "no such time"),
        (Column("secured", "boolean"), "maybe", "neither true nor false"),
        (Column("currency_code", "currency"), "RMB", "ISO 4217"),
        (Column("currency_code", "currency"), "cny", "ISO 4217"),
        (Column("type", "code", values=("a", "b")), "c", "not one of a, b"),
        (Column("id", "id"), "a\x1bb", "not an id"),
        (Column("id", "id"), "x" * 201, "not an id"),
        (Column("loan_ids", "ids"), " ; ;", "nothing between"),
    ],
)
def test_refused(column: Column, text: str, reason: str) -> None:
    assert reason in why_wrong(text, column, CONTRACT)
    read = read_column(trimmed(pa.array([text])), column, CONTRACT)
    assert read.values.to_pylist() == [None] and read.wrong.to_pylist() == [True]


def test_required_empty_and_default() -> None:
    texts = trimmed(pa.array(["", "  ", "\t", None, "\u3000"]))
    needed = Column("id", "id", required=True)
    assert read_column(texts, needed, CONTRACT).wrong.to_pylist() == [True] * 5
    assert why_wrong(None, needed, CONTRACT) == "required, but empty"
    assert read_column(texts, Column("id", "id"), CONTRACT).wrong.to_pylist() == [False] * 5
    defaulted = Column("type", "code", values=("a", "b"), default="b")
    assert read_column(texts, defaulted, CONTRACT).values.to_pylist() == ["b"] * 5


NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda d: format(d, "f")),
    st.from_regex(r"[+-]?[0-9]{0,20}\.?[0-9]{0,14}", fullmatch=True),
    st.text(alphabet="0123456789.-+e, ", max_size=12),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20), st.sampled_from([MONEY, SIGNED, RATE, NUMBER, COUNT]))
def test_columns_and_single_texts_agree(texts: list[str], column: Column) -> None:
    cells = trimmed(pa.array(texts, pa.string()))
    read = read_column(cells, column, CONTRACT)
    for text, value, wrong in zip(cells.to_pylist(), read.values.to_pylist(), read.wrong.to_pylist(), strict=True):
        if text is None:
            assert value is None and not wrong
            continue
        try:
            assert (parse(text, column, CONTRACT), False) == (value, wrong)
        except ValueError:
            assert wrong and value is None
