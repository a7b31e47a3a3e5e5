"""Turning text columns into typed ones, and saying why a text cannot be what its column needs.

`parse` defines every type for one text. Columns go a faster way that gives the same answer: exact decimals and whole numbers
are matched and cast at once, everything else is parsed once per distinct text. What the fast way does not take, `parse` decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tools.store.book_contract import BookContract, Column

DECIMALS: Mapping[str, tuple[int, int]] = {"money": (18, 2), "rate": (18, 12), "share": (18, 12), "number": (38, 10)}
"""Precision and scale of the exact types."""

ARROW: Mapping[str, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "code": pa.string(),
    "currency": pa.string(),
    "ids": pa.list_(pa.string()),
    "texts": pa.list_(pa.string()),
    **{name: pa.decimal128(precision, scale) for name, (precision, scale) in DECIMALS.items()},
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "time": pa.time64("us"),
}
"""Column types as Arrow holds them, matching `tools.store.book_contract.TYPES`."""

_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """`values` typed; `wrong` marks the rows whose text breaks the column's rules (their value is null)."""

    values: pa.Array
    wrong: pa.Array


def read_column(texts: pa.Array, column: Column, contract: BookContract) -> TypedColumn:
    """Types one column of trimmed texts, where null means empty."""
    if column.default is not None:
        texts = pc.fill_null(texts, column.default)
    values, wrong = _typed(texts, column, contract)
    if column.required:
        wrong = pc.or_(wrong, texts.is_null())
    return TypedColumn(values, wrong)


def trimmed(texts: pa.Array) -> pa.Array:
    """Without surrounding blanks; empty becomes null."""
    stripped = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(stripped, ""), pa.scalar(None, pa.string()), stripped)


def why_wrong(text: str | None, column: Column, contract: BookContract) -> str:
    """The reason for the report; empty when nothing is wrong."""
    if text is None:
        return "required, but empty" if column.required and column.default is None else ""
    try:
        parse(text, column, contract)
    except ValueError as error:
        return str(error)
    return ""


def parse(text: str, column: Column, contract: BookContract) -> Any:
    """The value of one trimmed text that is not empty. Raises ValueError with the reason for the report."""
    kind = column.type
    if kind == "text":
        return text
    if kind == "id":
        if not _ID.fullmatch(text):
            raise ValueError("not an id: at most 200 characters, none of them control characters")
        return text
    if kind == "code":
        if text not in column.values:
            raise ValueError(f"not one of {', '.join(column.values)}")
        return text
    if kind == "currency":
        if text not in contract.currencies:
            raise ValueError("not an ISO 4217 currency code")
        return text
    if kind in ("ids", "texts"):
        return _listed(text, unique=kind == "ids")
    if kind in DECIMALS:
        return _decimal(text, column)
    if kind == "integer":
        return _integer(text, column)
    if kind == "boolean":
        truth = contract.booleans.get(text.lower())
        if truth is None:
            raise ValueError("neither true nor false")
        return truth
    if kind == "date":
        return _date(text)
    return _timestamp(text) if kind == "timestamp" else _time(text)


def _typed(texts: pa.Array, column: Column, contract: BookContract) -> tuple[pa.Array, pa.Array]:
    kind = column.type
    if kind == "text":
        return texts, pa.repeat(False, len(texts))
    if kind in ("id", "code", "currency"):
        if kind == "id":
            fits = pc.match_substring_regex(texts, r"^[^\x00-\x1f\x7f]{1,200}$")
        else:
            allowed = column.values if kind == "code" else sorted(contract.currencies)
            fits = pc.is_in(texts, pa.array(allowed, pa.string()))
        wrong = pc.and_(texts.is_valid(), pc.invert(pc.fill_null(fits, False)))
        return pc.if_else(wrong, pa.scalar(None, pa.string()), texts), wrong
    if kind not in DECIMALS and kind != "integer":
        return _by_distinct(texts, column, contract)
    fits = pc.fill_null(pc.match_substring_regex(texts, _fast(column)), False)
    values = pc.if_else(fits, texts, pa.scalar(None, pa.string())).cast(ARROW[kind])
    if column.maximum is not None:
        inside = pc.less_equal(pc.abs(values), pa.scalar(Decimal(column.maximum)) if kind in DECIMALS else column.maximum)
        fits = pc.and_(fits, pc.fill_null(inside, False))
        values = pc.if_else(fits, values, pa.scalar(None, ARROW[kind]))
    rest = pc.if_else(fits, pa.scalar(None, pa.string()), texts)
    if rest.null_count == len(rest):
        return values, pa.repeat(False, len(texts))
    slow, wrong = _by_distinct(rest, column, contract)
    return pc.coalesce(values, slow), wrong


def _fast(column: Column) -> str:
    """Texts that cast exactly: plain digits that fit the precision and scale."""
    sign = "-?" if column.signed else ""
    if column.type == "integer":
        return rf"^{sign}\d{{1,18}}$"
    precision, scale = DECIMALS[column.type]
    return rf"^{sign}\d{{1,{precision - scale}}}(\.\d{{1,{scale}}})?$"


def _by_distinct(texts: pa.Array, column: Column, contract: BookContract) -> tuple[pa.Array, pa.Array]:
    coded = texts.dictionary_encode()
    values: list[Any] = []
    faults: list[bool] = []
    for text in coded.dictionary.to_pylist():
        try:
            values.append(parse(text, column, contract))
            faults.append(False)
        except ValueError:
            values.append(None)
            faults.append(True)
    typed = pa.array(values, ARROW[column.type]).take(coded.indices)
    return typed, pc.fill_null(pa.array(faults, pa.bool_()).take(coded.indices), False)


def _listed(text: str, *, unique: bool) -> list[str]:
    parts = [part.strip() for part in text.replace("；", ";").split(";")]
    found = [part for part in parts if part]
    if not found:
        raise ValueError("required, but there is nothing between the separators")
    if unique and not all(_ID.fullmatch(part) for part in found):
        raise ValueError("not a list of ids separated by ;")
    return list(dict.fromkeys(found))


def _decimal(text: str, column: Column) -> Decimal:
    if not _PLAIN.fullmatch(text):
        raise ValueError("not a plain decimal number like 12345.67")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a plain decimal number like 12345.67") from error
    if value < 0 and not column.signed:
        raise ValueError("negative: amounts are positive, direction is in the type")
    precision, scale = DECIMALS[column.type]
    whole, _, fraction = text.lstrip("+-").partition(".")
    if len(fraction.rstrip("0")) > scale:
        raise ValueError(f"more than {scale} decimals")
    if len(whole.lstrip("0")) > precision - scale:
        raise ValueError(f"does not fit DECIMAL({precision},{scale})")
    if column.maximum is not None and abs(value) > column.maximum:
        hint = {"rate": ": rates are annual decimals, 0.0435 for 4.35 %", "share": ": shares are decimals, 0.35 for 35 %"}
        raise ValueError(f"more than {column.maximum}{hint.get(column.type, '')}")
    return Decimal((whole or "0") + "." + (fraction.rstrip("0") or "0")).copy_sign(value)


def _integer(text: str, column: Column) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise ValueError("not a whole number")
    value = int(text)
    if value < 0 and not column.signed:
        raise ValueError("negative")
    if column.maximum is not None and value > column.maximum:
        raise ValueError(f"more than {column.maximum}")
    return value


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError("not a date YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("no such day") from error


def _timestamp(text: str) -> datetime:
    """UTC without a zone mark; a time without an offset is taken as UTC."""
    if not _MOMENT.fullmatch(text):
        raise ValueError("not an ISO 8601 timestamp like 2026-10-31T09:30:00+08:00")
    try:
        moment = datetime.fromisoformat(text.replace("z", "Z"))
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError) as error:
        raise ValueError("no such moment") from error


def _time(text: str) -> time:
    if not _TIME.fullmatch(text):
        raise ValueError("not a time HH:MM or HH:MM:SS")
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError("no such time of day") from error
