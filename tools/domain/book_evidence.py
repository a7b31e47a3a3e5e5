"""Rows of the loan book as evidence: columns as text, as the bank handed them over, numbers of accounts cut where people read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tools.domain.facts import Row
from tools.domain.money import plain

PRIVATE = frozenset({"number", "counterparty_account"})
"""Columns that hold an account number."""


def evidence(table: str, row: Mapping[str, Any]) -> Row:
    """A row as evidence: its columns as text, empty ones None."""
    return Row(table, str(row["id"]), {name: _text(value) for name, value in row.items() if not name.startswith("_")})


def masked(row: Row) -> Row:
    """The same with account numbers cut to their last four digits."""
    shown = {k: (f"****{v[-4:]}" if k in PRIVATE and v and len(v) > 4 else v) for k, v in row.columns.items()}
    return Row(row.table, row.id, shown)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list | tuple):
        return ";".join(value)
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
