"""What papers other than statements say, under the caller and the knowledge clock: account lines and paper records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from tools.domain.account_lines import AccountLine, box_of, without_duplicates
from tools.domain.callers import Caller
from tools.domain.facts import Source
from tools.domain.paper_records import Measure, PaperField, PaperRecord
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.store.columns import utc
from tools.store.connection import Database, Unit
from tools.store.digests import row_hash
from tools.store.merging import owners_of_documents
from tools.store.permissions import must_write, root_of, visible
from tools.store.schema_papers import account_lines, paper_records

_CHUNK = 500


class Papers:
    """Recording and reading account lines and paper records."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add_lines(self, caller: Caller, lines: Iterable[AccountLine], recorded_at: datetime) -> int:
        """Stores lines of documents already added, known from `recorded_at`; those stored before are left alone. A line goes where
        its document is filed. Returns how many were new."""
        return self._add(caller, account_lines, [(line.source, _line_row(line)) for line in lines], recorded_at)

    def add_records(self, caller: Caller, records: Iterable[PaperRecord], recorded_at: datetime) -> int:
        """Stores records of documents already added; as for lines."""
        return self._add(caller, paper_records, [(record.source, _record_row(record)) for record in records], recorded_at)

    def lines(
        self, caller: Caller, borrower: str | None, clocks: Clocks, *, first: date | None = None, last: date | None = None
    ) -> list[AccountLine]:
        """Movements up to `clocks.as_of` that the bank knew of at `clocks.known_at`, by account and day. A line that an earlier
        statement printed already is there too, with `duplicate_of` set."""
        column = account_lines.c
        parts = [column.recorded_at <= clocks.known_at, column.value_date <= clocks.as_of]
        if borrower is not None:
            parts.append(column.borrower == root_of(borrower))
        found = without_duplicates(_line(row) for row in self._read(caller, account_lines, parts))
        return [one for one in found if (first is None or one.value_date >= first) and (last is None or one.value_date <= last)]

    def records(self, caller: Caller, borrower: str | None, clocks: Clocks, kinds: Sequence[str] = ()) -> list[PaperRecord]:
        """Records known at `clocks.known_at` and dated up to `clocks.as_of` (undated ones too), oldest first."""
        column = paper_records.c
        parts = [column.recorded_at <= clocks.known_at]
        if borrower is not None:
            parts.append(column.borrower == root_of(borrower))
        if kinds:
            parts.append(column.kind.in_(list(kinds)))
        found = [_record(row) for row in self._read(caller, paper_records, parts)]
        found = [r for r in found if (r.date or r.period_end or date.min) <= clocks.as_of]
        return sorted(found, key=lambda r: (r.date or r.period_end or date.min, r.id))

    def _add(self, caller: Caller, table: Table, given: Sequence[tuple[Source, dict[str, Any]]], recorded_at: datetime) -> int:
        must_write(caller)
        with self.database.writing() as unit:
            known = self._known(unit, table, [row["id"] for _, row in given])
            fresh = {row["id"]: (source, row) for source, row in given if row["id"] not in known}
            filed = owners_of_documents(unit.connection, {source.sha256 for source, _ in fresh.values()})
            rows = []
            for source, row in fresh.values():
                if source.sha256 not in filed:
                    raise BadRequest(
                        f"the document {source.sha256[:12]} is not stored", fix="Add the document before its lines"
                    )
                row = row | _place(source) | {"borrower": filed[source.sha256], "recorded_at": utc(recorded_at)}
                rows.append(row | {"content_sha256": row_hash(table, row)})
            if rows:
                unit.connection.execute(table.insert(), rows)
            for sha256 in {row["sha256"] for row in rows}:
                unit.touch("document", sha256, caller, recorded_at)
            return len(rows)

    def _known(self, unit: Unit, table: Table, ids: Sequence[str]) -> set[str]:
        known: set[str] = set()
        for start in range(0, len(ids), _CHUNK):
            known |= set(unit.connection.scalars(select(table.c.id).where(table.c.id.in_(ids[start : start + _CHUNK]))))
        return known

    def _read(self, caller: Caller, table: Table, parts: Sequence[ColumnElement[bool]]) -> Sequence[Any]:
        if caller.sees_nothing:
            return []
        query = select(table).where(visible(caller, table.c.borrower), *parts)
        with self.database.reading() as connection:
            return connection.execute(query).all()


def _place(source: Source) -> dict[str, Any]:
    return {
        "document": source.document, "sha256": source.sha256, "page": source.page,
        "box": [float(v) for v in source.box] if source.box else None, "locator": source.locator,
    }  # fmt: skip


def _line_row(line: AccountLine) -> dict[str, Any]:
    names = (
        "id", "account_number", "account_bank", "account_name", "currency", "value_date", "time", "sequence", "direction", "amount",
        "balance_after", "counterparty_name", "counterparty_account", "counterparty_bank", "memo", "channel", "reference", "raw",
        "confidence",
    )  # fmt: skip
    return {name: getattr(line, name) for name in names}


def _record_row(record: PaperRecord) -> dict[str, Any]:
    names = (
        "id", "kind", "number", "date", "period_start", "period_end", "party", "party_role", "counterparty", "amount", "tax",
        "currency", "state", "text", "confidence",
    )  # fmt: skip
    row = {name: getattr(record, name) for name in names}
    return row | {
        "fields": [found.shape() for found in record.fields],
        "measures": [measure.shape() for measure in record.measures],
    }


def _line(row: Any) -> AccountLine:
    source = Source(row.document, row.sha256, row.page, box_of(row.box), None, row.locator)
    return AccountLine(
        row.id, row.value_date, row.direction, row.amount, source, row.sequence, row.borrower or "", row.account_number,
        row.account_bank, row.account_name, row.currency, row.balance_after, row.time, row.counterparty_name,
        row.counterparty_account, row.counterparty_bank, row.memo, row.channel, row.reference, row.raw, row.confidence, row.recorded_at,
    )  # fmt: skip


def _record(row: Any) -> PaperRecord:
    source = Source(row.document, row.sha256, row.page, box_of(row.box), None, row.locator)
    fields = tuple(
        PaperField(f["name"], f["value"], f["unit"], f["page"], box_of(f["box"]), f["locator"], f["text"]) for f in row.fields
    )
    measures = tuple(
        Measure(m["measure"], Decimal(m["value"]), m["unit"], date.fromisoformat(m["date"]), m["field"]) for m in row.measures
    )
    return PaperRecord(
        row.id, row.kind, source, row.number, row.date, row.period_start, row.period_end, row.party, row.party_role,
        row.counterparty, row.amount, row.tax, row.currency, row.state, fields, measures, row.text, row.confidence,
        row.borrower or "", row.recorded_at,
    )  # fmt: skip
