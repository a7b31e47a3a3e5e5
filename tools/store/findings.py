"""What a verification finds: the earliest fault, and who vouches for what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, Table, select

UNREADABLE = (ValueError, ArithmeticError, TypeError, LookupError)
"""What decoding a row raises when somebody wrote into it what the program never writes."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The first thing wrong: the position and id of the record that proves it, and what it is."""

    position: int
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """The newest digest of a batch and the record that carries it."""

    position: int
    id: str
    digest: dict[str, Any]


@dataclass(slots=True)
class Findings:
    """Gathered while the chain is read, asked while the rows are."""

    bad: Bad | None = None
    records: int = 0
    head: str = ""
    head_id: str | None = None
    unanchored: int = 0
    vouchers: dict[str, Voucher] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    shredded: set[str] = field(default_factory=set)

    def add(self, position: int, id: str | None, reason: str) -> None:
        """Keeps the earliest."""
        if self.bad is None or position < self.bad.position:
            self.bad = Bad(position, id, reason)

    def against(self, batch: str | None, reason: str) -> None:
        """Something about `batch` is wrong: blamed on the record that vouches for it, or on the head when none does."""
        voucher = self.vouchers.get(batch or "")
        self.add(*((voucher.position, voucher.id) if voucher else (self.records, self.head_id)), reason)

    def note(self, digest: dict[str, Any], position: int, id: str) -> None:
        """One digest of a sound record."""
        if digest["kind"] == "merge":
            self.merged[digest["batch"]] = digest["into"]
        elif digest["kind"] == "shred":
            self.shredded.add(digest["batch"])
        else:
            self.vouchers[digest["batch"]] = Voucher(position, id, digest)

    def root(self, borrower: str | None) -> str | None:
        """What a borrower became by recorded merges."""
        while borrower in self.merged:
            borrower = self.merged[borrower]
        return borrower


def stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """Rows in pieces, so that memory does not grow with the table."""
    return iter(connection.execute(query, execution_options={"yield_per": 500}))


def unreadable_key(connection: Connection, table: Table) -> Any:
    """The first primary key (its first column) of `table` whose rows cannot be decoded; None when all can."""
    key = next(iter(table.primary_key))
    for value in connection.scalars(select(key).order_by(key)).all():
        try:
            connection.execute(select(table).where(key == value)).all()
        except UNREADABLE:
            return value
    return None
