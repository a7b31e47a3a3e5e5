"""Small loan books written as files, and a home to import them into."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ingestion.loan_book import ImportReport, import_loan_book
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.store.database import Store
from tools.store.home import Home
from tools.store.loan_book import LoanBook

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
Rows = Sequence[Mapping[str, str]]


def customer(identity: str, **more: str) -> dict[str, str]:
    return {"id": identity, "name": f"Company {identity}", "type": "corporate", **more}


def loan(identity: str, customer_id: str, **more: str) -> dict[str, str]:
    return {
        "id": identity, "customer_id": customer_id, "type": "working_capital", "purpose": "buy steel", "currency_code": "CNY",
        "orig_notional": "1000000.00", "balance": "800000.00", "rate": "0.0435", "start_date": "2026-01-15",
        "end_date": "2027-01-15", "repayment_type": "bullet", "repayment_frequency": "at_maturity", **more,
    }  # fmt: skip


def payment(identity: str, loan_id: str, day: str = "2026-03-01", amount: str = "100.00", **more: str) -> dict[str, str]:
    return {
        "id": identity,
        "loan_id": loan_id,
        "value_date": day,
        "type": "interest",
        "amount": amount,
        "currency_code": "CNY",
        **more,
    }


SMALL: Mapping[str, Rows] = {
    "customers": [customer("C1", officer_id="u1", branch_id="B1"), customer("C2", officer_id="u2", branch_id="B2")],
    "loans": [loan("L1", "C1"), loan("L2", "C2", facility_id="F2")],
}


def as_csv(rows: Rows, columns: Sequence[str] | None = None) -> str:
    names = list(columns or dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_book(folder: Path, book: Mapping[str, Rows | str | bytes]) -> Path:
    """One CSV file per entry: rows, or the text or bytes of the file itself."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in book.items():
        if isinstance(content, bytes):
            (folder / f"{name}.csv").write_bytes(content)
        else:
            text = content if isinstance(content, str) else as_csv(content)
            (folder / f"{name}.csv").write_bytes(text.encode())
    return folder


@dataclass
class Bank:
    """A home with its store, a reader, and folders numbered as they are imported."""

    root: Path
    home: Home
    store: Store
    reader: LoanBook
    turn: int = 0

    def take(
        self, book: Mapping[str, Rows | str | bytes], *, on: date | None = None, now: datetime = NOW, full: bool = False
    ) -> ImportReport:
        """Imports `book` as a folder of CSV files."""
        self.turn += 1
        folder = write_book(self.root / f"book{self.turn}", book)
        return import_loan_book(LOCAL, folder, self.store, self.home, on, now, full)

    def ids(self, table: str, *, as_of: date = date(2026, 12, 31), known_at: datetime | None = None) -> list[str]:
        """Ids of the rows that the operator sees."""
        clocks = Clocks(as_of, known_at or datetime(2100, 1, 1, tzinfo=UTC))
        return sorted(row["id"] for row in self.reader.rows(LOCAL, table, clocks))


def open_bank(root: Path) -> Bank:
    home = Home.open(root / "home")
    store = Store(home)
    return Bank(root, home, store, LoanBook(home, store))


CLOCKS = Clocks(date(2026, 12, 31), datetime(2100, 1, 1, tzinfo=UTC))
"""Everything recorded, up to the end of 2026."""
