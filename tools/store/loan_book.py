"""Reading the loan book: a table's rows as one caller may see them, as known then, up to the business date.

    book = LoanBook(home, store)
    book.rows(caller, "loans", clocks, borrower="C001")             # dictionaries with typed values
    book.rows(caller, "loan_transactions", clocks, loan="L001")     # value_date <= clocks.as_of
    book.table(caller, "loans", clocks, columns=["id", "balance"])  # an Arrow table of everything the caller may see

DuckDB reads the shards: it starts faster than Arrow's Parquet reader, needs only the borrower's shard for one borrower, and serves
the portfolio with the same query. The permission is part of every query; who may see nothing causes none.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.domain.book_evidence import evidence
from tools.domain.callers import Caller
from tools.domain.facts import Row
from tools.domain.money import plain
from tools.domain.periods import Clocks
from tools.errors import BadRequest, StoreError
from tools.store.book_contract import BookTable, book_contract
from tools.store.snapshots import ShardFile, Snapshot, Snapshots, shard_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from tools.store.database import Store
    from tools.store.home import Home

_FEW = 32
"""Up to so many borrowers, only their shards are opened."""


class LoanBook:
    """The one reader of the loan book, for single borrowers and for the portfolio. Safe to share between threads."""

    def __init__(self, home: Home, store: Store) -> None:
        self.home = home
        self.store = store
        self.snapshots = Snapshots(store.database)
        # a snapshot never changes, so that its list of files may be kept
        self._manifest = lru_cache(maxsize=1024)(self._listed_files)
        self._lock = threading.Lock()
        self._here = threading.local()
        self._root: duckdb.DuckDBPyConnection | None = None

    def snapshot(self, clocks: Clocks) -> Snapshot | None:
        """The snapshot that answers at these clocks: the newest known by `known_at`. None before the first import."""
        return self.snapshots.at(clocks.known_at)

    def newest_book_date(self, known_at: datetime | None = None) -> date | None:
        """The latest date any book was handed over for, known by `known_at` when given; the default business date."""
        return self.snapshots.newest_book_date(known_at)

    def rows(self, caller: Caller, table: str, clocks: Clocks, *, borrower: str | None = None, loan: str | None = None,
             where: Mapping[str, Any] | None = None, since: date | None = None, limit: int | None = None,
             borrowers: Collection[str] | None = None, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:  # fmt: skip
        """Rows the caller may see, sorted by borrower, date and id.

        Values are str, Decimal, int, bool, date, time, aware UTC datetime, list[str] or None; `_borrower` is whose row it is. `where` maps
        columns to a value, or to a collection of which one must match; on a list column it asks for a member. `loan` keeps what hangs on
        that loan (covenants also by its facility). `since` drops earlier rows of event tables. `borrowers` keeps those of several borrowers and
        opens their shards alone; `columns` keeps `id`, `_borrower` and the named ones. Raises BadRequest for an unknown table or column,
        StoreError when a shard cannot be read."""
        wanted = book_contract().table(table)
        conditions, values = _conditions(wanted, where or {}, since)
        if loan is not None:
            on_loan = self._loan_condition(caller, wanted, clocks, loan, borrower)
            if on_loan is None:
                return []
            condition, more, borrower = on_loan
            conditions.append(condition)
            values += more
        query = self._query(caller, wanted, clocks, borrower=borrower, several=borrowers)
        if query is None:
            return []
        names = [name for name, _ in wanted.fields() if name != "_extra"]
        if columns is not None:
            for column in columns:
                _known_column(wanted, column)
            names = [name for name in names if name in ("id", "_borrower", wanted.order, *columns)]
        order = ", ".join(["_borrower", *([f'"{wanted.order}"'] if wanted.order else []), "id"])
        sql = f"SELECT {_listed(names)} FROM ({query.sql}) WHERE {' AND '.join(conditions) or 'true'} ORDER BY {order}"
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        with self._reading() as cursor:
            found = cursor.execute(sql, [*query.values, *values]).fetchall()
        readers = [_reader(wanted, name) for name in names]
        return [
            {
                name: read(value) if read and value is not None else value
                for name, read, value in zip(names, readers, row, strict=True)
            }
            for row in found
        ]

    def row(self, caller: Caller, table: str, id: str, clocks: Clocks) -> Row | None:
        """One row by its id as evidence, or None when there is none the caller may see."""
        found = self.rows(caller, table, clocks, where={"id": id}, limit=1)
        return evidence(table, found[0]) if found else None

    def table(self, caller: Caller, name: str, clocks: Clocks, columns: Sequence[str] | None = None) -> pa.Table:
        """Everything the caller may see of a table, as Arrow columns (money decimal128(18,2), rates (18,12), timestamps UTC without a
        zone mark), in no particular order. `columns` (default: all, with `_borrower`) keeps memory small."""
        wanted = book_contract().table(name)
        known = [field for field, _ in wanted.fields() if field != "_extra"]
        for column in columns or ():
            _known_column(wanted, column)
        query = self._query(caller, wanted, clocks) or _nothing(wanted)
        with self._reading() as cursor:
            found: pa.Table = cursor.sql(
                f"SELECT {_listed(columns or known)} FROM ({query.sql})", params=query.values
            ).to_arrow_table()
        return found

    @contextmanager
    def views(
        self, caller: Caller, clocks: Clocks, tables: Collection[str] | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A DuckDB connection in which each table of the book (or of `tables`) is a view of what the caller may see, for queries over
        several tables. Valid inside the block."""
        connection = self._database().cursor()
        try:
            for name in tables if tables is not None else book_contract().tables:
                wanted = book_contract().table(name)
                query = self._query(caller, wanted, clocks) or _nothing(wanted)
                for value in query.values:
                    connection.execute(
                        "CREATE TEMP TABLE IF NOT EXISTS permitted AS SELECT unnest(?::VARCHAR[]) AS id", [value]
                    )
                sql = query.sql.replace("(SELECT unnest(?::VARCHAR[]))", "(SELECT id FROM permitted)")
                connection.execute(f'CREATE TEMP VIEW "{name}" AS SELECT * EXCLUDE (_extra) FROM ({sql})')
            yield connection
        finally:
            connection.close()

    def _query(self, caller: Caller, table: BookTable, clocks: Clocks, *, borrower: str | None = None,
               several: Collection[str] | None = None) -> _Query | None:  # fmt: skip
        """Selects the visible rows of a table; None when there can be none, so that nothing is asked."""
        if caller.sees_nothing or (table.private and not (caller.everything or caller.role == "admin")):
            return None
        snapshot = self.snapshot(clocks)
        if snapshot is None:
            return None
        shards: set[int] | None = None
        condition = "true"
        values: list[Any] = []
        if not table.owned:
            if borrower is not None or several is not None:
                return None
        elif several is not None:
            permitted = self.store.borrowers.ids(caller)
            asked = set(several) if permitted is None else set(several) & permitted
            if not asked:
                return None
            shards = {shard_of(one, snapshot.shard_count) for one in asked}
            condition, values = "_borrower IN (SELECT unnest(?::VARCHAR[]))", [sorted(asked)]
        elif borrower is not None:
            whose = self._resolved(caller, borrower)
            if whose is None:
                return None
            shards = {shard_of(whose, snapshot.shard_count)}
            condition, values = "_borrower = ?", [whose]
        elif (permitted := self.store.borrowers.ids(caller)) is not None:
            if not permitted:
                return None
            if len(permitted) <= _FEW:
                shards = {shard_of(one, snapshot.shard_count) for one in permitted}
            condition, values = "_borrower IN (SELECT unnest(?::VARCHAR[]))", [sorted(permitted)]
        files = self._manifest(snapshot.id, table.name, frozenset(shards) if shards is not None else None)
        if not files:
            return None
        if table.until:
            condition += f""" AND ("{table.until}" IS NULL OR "{table.until}" <= DATE '{clocks.as_of.isoformat()}')"""
        names = [name for name, _ in table.fields()]
        # one row per borrower is stored of rows that several share; without a borrower asked for, each counts once
        once = table.shared and borrower is None and several is None
        picked = _listed(names) if not once else ", ".join([*(f'"{n}"' for n in names[:-1]), "min(_borrower) AS _borrower"])
        grouped = f" GROUP BY {_listed(names[:-1])}" if once else ""
        return _Query(f"SELECT {picked} FROM {self._files(files)} WHERE {condition}{grouped}", values)

    def _resolved(self, caller: Caller, borrower: str) -> str | None:
        """The borrower's present id if the caller may see it. The operator also sees ids that no registry knows."""
        found = self.store.borrowers.get(caller, borrower)
        if found is not None:
            return found.id
        return borrower if caller.everything else None

    def _loan_condition(self, caller: Caller, table: BookTable, clocks: Clocks, loan: str,
                        borrower: str | None) -> tuple[str, list[Any], str | None] | None:  # fmt: skip
        """What keeps the rows of one loan, and the loan's borrower, whose shard alone is then read."""
        columns = table.columns
        if table.name != "loans" and not {"loan_id", "loan_ids"} & set(columns):
            raise BadRequest(f"{table.name} has no loans", fix="Ask for it by borrower")
        if table.name == "loans":
            return '"id" = ?', [loan], borrower
        found = self.rows(caller, "loans", clocks, borrower=borrower, where={"id": loan}, limit=1)
        if not found:
            return None
        owner = borrower or str(found[0]["_borrower"])
        if "loan_ids" in columns:
            return 'list_contains("loan_ids", ?)', [loan], owner
        facility = found[0]["facility_id"]
        if "facility_id" in columns and facility is not None:
            return '("loan_id" = ? OR "facility_id" = ?)', [loan, facility], owner
        return '"loan_id" = ?', [loan], owner

    def _listed_files(self, snapshot: str, table: str, shards: frozenset[int] | None) -> list[ShardFile]:
        return self.snapshots.files(snapshot, [table], shards)

    def _files(self, files: Sequence[ShardFile]) -> str:
        paths = ", ".join("'" + str(self._path(file)).replace("'", "''") + "'" for file in files)
        return f"read_parquet([{paths}])"

    def _path(self, file: ShardFile) -> Path:
        return self.home.shard_path(file.sha256)

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """This thread's connection; a shard that cannot be read becomes a StoreError."""
        import duckdb

        try:
            yield self._cursor()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            said = str(error).splitlines()[0]
            raise StoreError(f"a shard of the loan book cannot be read ({said})", where=str(self.home.shards_dir),
                             fix="`loanward trail verify` names it; restore it from a backup") from error  # fmt: skip

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        mine: duckdb.DuckDBPyConnection | None = getattr(self._here, "cursor", None)
        if mine is None:
            mine = self._here.cursor = self._database().cursor()
        return mine

    def _database(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        with self._lock:
            if self._root is None:
                offline: dict[str, str | bool | int | float | list[str]] = {
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                }
                self._root = duckdb.connect(":memory:", config=offline)
            return self._root


@dataclass(frozen=True, slots=True)
class _Query:
    """SQL with its values."""

    sql: str
    values: Sequence[Any]


def _nothing(table: BookTable) -> _Query:
    columns = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in table.fields())
    return _Query(f"SELECT {columns} WHERE false", [])


def _conditions(table: BookTable, where: Mapping[str, Any], since: date | None) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for name, wanted in where.items():
        kind = _known_column(table, name)
        several = isinstance(wanted, Collection) and not isinstance(wanted, str | bytes)
        if kind.endswith("[]"):
            conditions.append(f'list_has_any("{name}", ?)')
            values.append(list(wanted) if several else [wanted])
        elif wanted is None:
            conditions.append(f'"{name}" IS NULL')
        elif several:
            conditions.append(f'"{name}" IN (SELECT unnest(?::{kind}[]))')
            values.append(list(wanted))
        else:
            conditions.append(f'"{name}" = ?::{kind}')
            values.append(wanted)
    if since is not None:
        if not table.order:
            raise BadRequest(f"{table.name} has no event date", fix="Leave `since` out")
        conditions.append(f'"{table.order}" >= ?')
        values.append(since)
    return conditions, values


def _known_column(table: BookTable, name: str) -> str:
    kinds = dict(table.fields())
    if name not in kinds or name == "_extra":
        raise BadRequest(f"{table.name} has no column {name!r}", fix=f"It has {', '.join(table.columns)}")
    return kinds[name]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _reader(table: BookTable, name: str) -> Any:
    """How a stored value becomes the value handed out, for the types where they differ."""
    kind = table.columns[name].type if name in table.columns else "id"
    if kind in ("rate", "share", "number"):
        return _trimmed
    return (lambda moment: moment.replace(tzinfo=UTC)) if kind == "timestamp" else None


def _trimmed(value: Decimal) -> Decimal:
    """Without the zeros that only the column's scale adds."""
    text = plain(value)
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else value
