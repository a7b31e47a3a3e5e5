"""The loan book's contract: which tables and columns a bank hands over and what they must hold.

The rules are data (`book_contract.yaml`); this module gives them types. It stands beside the store because reading needs it
too: a table that was never handed over is still a table with known columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from tools.errors import BadRequest, StoreError

Content = Literal["state", "event"]

TYPES: Mapping[str, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "currency": "VARCHAR",
    "ids": "VARCHAR[]",
    "texts": "VARCHAR[]",
    "money": "DECIMAL(18,2)",
    "rate": "DECIMAL(18,12)",
    "share": "DECIMAL(18,12)",
    "number": "DECIMAL(38,10)",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "time": "TIME",
}
"""Column types and how tables hold them. Timestamps are UTC without a zone mark."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `references` are `table.column` names one of which must hold the value; `lenient` ones are checked only
    once such a table is known. `maximum` is inclusive; numbers are not negative unless `signed`."""

    name: str
    type: str
    required: bool = False
    values: tuple[str, ...] = ()
    signed: bool = False
    maximum: int | None = None
    default: str | None = None
    references: tuple[tuple[str, str], ...] = ()
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`holds` is a DuckDB SQL condition over one row; a false one sends the row to the report under `column`."""

    column: str
    holds: str
    reason: str


@dataclass(frozen=True, slots=True)
class NeedsRows:
    """Rows that meet `when` need at least one row of `table` whose `column` names them; reported under the column `at`."""

    table: str
    column: str
    at: str
    when: str
    reason: str


@dataclass(frozen=True, slots=True)
class BookTable:
    """One table. `owner` are (own column, table, column) ways to the borrower, of which the first filled column counts.
    `until` is the column by which reads stop at the business date; `order` sorts rows of one borrower;
    `private` tables are for those who see everything and for administrators."""

    name: str
    content: Content
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    needed: bool
    private: bool
    borrower_column: str | None
    owner: tuple[tuple[str, str, str], ...]
    until: str | None
    order: str | None
    rules: tuple[Rule, ...]
    needs_rows: tuple[NeedsRows, ...]

    @property
    def owned(self) -> bool:
        """True when every row belongs to a borrower."""
        return bool(self.borrower_column or self.owner)

    @property
    def shared(self) -> bool:
        """True when one row may belong to several borrowers."""
        return any(self.columns[own].type == "ids" or column != "id" for own, _, column in self.owner)

    @property
    def keyed(self) -> bool:
        """True when the bank gives the rows ids itself."""
        return "id" in self.columns

    def fields(self) -> list[tuple[str, str]]:
        """Stored columns with their SQL types: the contract's, with `id` first, then what the bank added as JSON text."""
        own = [(column.name, TYPES[column.type]) for column in self.columns.values()]
        return [*([] if self.keyed else [("id", "VARCHAR")]), *own, ("_extra", "VARCHAR"), ("_borrower", "VARCHAR")]


@dataclass(frozen=True, slots=True)
class BookContract:
    """All tables in the order in which they are checked."""

    version: int
    tables: Mapping[str, BookTable]
    currencies: frozenset[str]
    booleans: Mapping[str, bool]

    def table(self, name: str) -> BookTable:
        """The table called `name`. Raises BadRequest when the loan book has none."""
        found = self.tables.get(name)
        if found is None:
            raise BadRequest(f"the loan book has no table {name!r}", fix=f"It has {', '.join(self.tables)}")
        return found


@cache
def book_contract() -> BookContract:
    """The contract this program was shipped with. Raises StoreError when the data contradicts itself."""
    path = Path(__file__).with_suffix(".yaml")
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return parse_contract(data, where=path.name)


def parse_contract(data: Mapping[str, Any], *, where: str) -> BookContract:
    """Builds a contract from its data. Raises StoreError naming the table and column that is wrong."""
    tables = {name: _table(name, entry, data.get("maxima", {}), where) for name, entry in data["tables"].items()}
    for table in tables.values():
        for column in table.columns.values():
            for target, target_column in column.references:
                if target not in tables or target_column not in tables[target].columns:
                    raise StoreError(f"{target}.{target_column} does not exist", where=f"{where} {table.name}.{column.name}")
    booleans = {text: truth == "true" for truth, texts in data["booleans"].items() for text in texts}
    return BookContract(data["version"], tables, frozenset(data["currencies"].split()), booleans)


def _table(name: str, entry: Mapping[str, Any], maxima: Mapping[str, int], where: str) -> BookTable:
    columns = {column: _column(column, spec, maxima, f"{where} {name}.{column}") for column, spec in entry["columns"].items()}
    borrower = entry.get("borrower")
    owner = tuple((own, *_split(target)) for own, target in borrower.items()) if isinstance(borrower, dict) else ()
    used = [*entry["key"], *(own for own, _, _ in owner), *filter(None, [entry.get("until"), entry.get("order")])]
    if isinstance(borrower, str):
        used.append(borrower)
    for column in used:
        if column not in columns:
            raise StoreError(f"the column {column!r} is not declared", where=f"{where} {name}")
    table = BookTable(
        name=name,
        content=entry["content"],
        key=tuple(entry["key"]),
        columns=columns,
        needed=entry.get("needed", False),
        private=entry.get("private", False),
        borrower_column=borrower if isinstance(borrower, str) else None,
        owner=owner,
        until=entry.get("until"),
        order=entry.get("until") or entry.get("order"),
        rules=tuple(Rule(**rule) for rule in entry.get("rules", ())),
        needs_rows=tuple(NeedsRows(**need) for need in entry.get("needs_rows", ())),
    )
    if table.content == "event" and table.shared:
        raise StoreError("an event belongs to one borrower", where=f"{where} {name}")
    return table


def _column(name: str, spec: Mapping[str, Any], maxima: Mapping[str, int], where: str) -> Column:
    if spec.get("type") not in TYPES:
        raise StoreError(f"the type {spec.get('type')!r} is not known", where=where, fix=f"Types are {', '.join(TYPES)}")
    if unknown := set(spec) - {"type", "required", "values", "signed", "max", "default", "references", "lenient"}:
        raise StoreError(f"unknown entry {sorted(unknown)[0]!r}", where=where)
    targets = spec.get("references", [])
    return Column(
        name=name,
        type=spec["type"],
        required=spec.get("required", False),
        values=tuple(spec.get("values", ())),
        signed=spec.get("signed", False),
        maximum=spec.get("max", maxima.get(spec["type"])),
        default=spec.get("default"),
        references=tuple(_split(target) for target in ([targets] if isinstance(targets, str) else targets)),
        lenient=spec.get("lenient", False),
    )


def _split(target: str) -> tuple[str, str]:
    table, _, column = target.partition(".")
    return table, column
