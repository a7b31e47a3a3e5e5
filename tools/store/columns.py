"""Column types that keep what SQLite would lose: exact numbers, aware UTC times, canonical JSON.

SQLite's NUMERIC is a float and its DATETIME has no zone, so numbers and times are text there and native on PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from tools.domain.money import plain


class Exact(TypeDecorator[Decimal]):
    """A Decimal kept digit for digit: text on SQLite, NUMERIC on PostgreSQL. Refuses floats, NaN and infinities."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native where exact."""
        return dialect.type_descriptor(Numeric(asdecimal=True) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Raises TypeError for anything but a finite Decimal or int."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int) or not Decimal(value).is_finite():
            raise TypeError(f"an exact column takes a finite Decimal, not {value!r}")
        return Decimal(value) if dialect.name == "postgresql" else plain(Decimal(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Back to Decimal, trailing zeros kept."""
        return None if value is None else Decimal(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime with microseconds: fixed-width text on SQLite (sorts as time), TIMESTAMPTZ on PostgreSQL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native where zones are kept."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else String(27))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Raises TypeError for a naive time: which zone it meant cannot be known."""
        if value is None:
            return None
        return utc(value) if dialect.name == "postgresql" else time_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """Any JSON value as canonical text. Decimals, dates and times are written as strings and read back as strings."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Plain Python values."""
        return None if value is None else json.loads(value)


def utc(value: datetime) -> datetime:
    """`value` in UTC; raises TypeError when it has no zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"a time needs its zone: {value!r}")
    return value.astimezone(UTC)


def time_text(value: datetime) -> str:
    """`2026-01-31T08:00:00.000000Z`: one spelling per instant, so that texts compare as times and hash the same."""
    return utc(value).isoformat(timespec="microseconds")[:26] + "Z"


def canonical_json(value: Any) -> str:
    """One text per value: keys sorted, no spaces, Decimals plain, times UTC, sets sorted. Raises TypeError for a float that is
    not finite and for types with no obvious JSON form."""
    return _CANONICAL.encode(value)


def _jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no JSON form")


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_jsonable)
