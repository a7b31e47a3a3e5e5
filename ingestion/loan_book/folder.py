"""The files of a handed-over folder: which of them are tables of the loan book, opened and their columns checked.

Everything that would refuse the import is found here, before a row is read, except what only reading can show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingestion.loan_book.csv_files import TextBatch, open_csv
from tools.errors import BadRequest, ImportRefused
from tools.store.book_contract import BookContract, BookTable


class TableFile(Protocol):
    """A file that yields its rows as text, whatever its format."""

    @property
    def path(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def header(self) -> tuple[str, ...]: ...
    def batches(self) -> Iterator[TextBatch]: ...


@dataclass(frozen=True, slots=True)
class BookFile:
    """One table as handed over. `unused` are columns the contract does not know."""

    table: BookTable
    file: TableFile

    @property
    def name(self) -> str:
        """The file's name, as the report gives it."""
        return self.file.path.name

    @property
    def unused(self) -> list[str]:
        """Kept in the snapshot as they came."""
        return [name for name in self.file.header if name not in self.table.columns]


@dataclass(frozen=True, slots=True)
class BookFolder:
    """Every table found, in the order of the contract, and names of files that are none."""

    path: Path
    files: dict[str, BookFile]
    ignored: tuple[str, ...]


def open_folder(path: Path, contract: BookContract, *, first: bool) -> BookFolder:
    """Opens every table file in `path`. `first` is the very first import, which needs the needed tables.

    Raises BadRequest when there is no such folder; ImportRefused when no table is in it, a needed one is missing, a table comes
    twice, or a file is broken."""
    if not path.is_dir():
        raise BadRequest("no such folder", where=str(path), fix="Give the folder with customers.csv, loans.csv and so on")
    found: dict[str, list[Path]] = {}
    ignored = []
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        raise BadRequest(f"the folder cannot be read ({error.strerror})", where=str(path), fix="Check its rights") from error
    for entry in entries:
        if entry.stem in contract.tables and entry.suffix.lower() in (".csv", ".parquet"):
            found.setdefault(entry.stem, []).append(entry)
        elif not entry.name.startswith("."):
            ignored.append(entry.name)
    if not found:
        names = ", ".join(contract.tables)
        raise ImportRefused(
            "no file of a loan book in it", where=str(path), fix=f"Files are called NAME.csv or NAME.parquet: {names}"
        )
    for name, paths in found.items():
        if len(paths) > 1:
            both = " and ".join(p.name for p in paths)
            raise ImportRefused(f"{name} comes twice: {both}", where=str(path), fix="Keep one of them")
    missing = [table.name for table in contract.tables.values() if first and table.needed and table.name not in found]
    if missing:
        raise ImportRefused(f"the first import needs {' and '.join(missing)}", where=str(path), fix=f"Add {missing[0]}.csv")
    files = {name: _open(found[name][0], table) for name, table in contract.tables.items() if name in found}
    return BookFolder(path, files, tuple(ignored))


def _open(path: Path, table: BookTable) -> BookFile:
    if path.suffix.lower() == ".csv":
        file: TableFile = open_csv(path)
    else:
        # pyarrow's Parquet reader is only loaded by banks that use it
        from ingestion.loan_book.parquet_files import open_parquet

        file = open_parquet(path)
    missing = [column.name for column in table.columns.values() if column.required and column.name not in file.header]
    if missing:
        given = f"It has {', '.join(file.header[:12])}{' ...' if len(file.header) > 12 else ''}"
        fix = given if len(file.header) > 1 else "Is the separator a comma? " + given
        raise ImportRefused(f"required column missing: {', '.join(missing)}", where=path.name, fix=fix)
    return BookFile(table, file)
