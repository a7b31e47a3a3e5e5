"""What an import says about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

SHOWN = 200
"""Longest value the report repeats."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that was left out: `line` is the physical line of a CSV file (its first, when it has several) or the row of a
    Parquet file, both from 1; `column` and `value` are what was wrong, as handed over."""

    file: str
    line: int
    column: str
    value: str | None
    reason: str

    def shape(self) -> dict[str, Any]:
        """As in the `import` shape."""
        return {"file": self.file, "line": self.line, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import. `snapshot` is the one in force after it; `unchanged` when the content was known already.
    `rows` counts accepted rows per table file, `rejected_rows` all rows left out, of which `rejected` lists the first
    100,000 per file; `ignored_files` are files that are no table of the loan book."""

    snapshot: str
    book_date: date
    unchanged: bool
    rows: dict[str, int]
    rejected: tuple[Rejection, ...] = ()
    rejected_rows: int = 0
    unused_columns: dict[str, list[str]] = field(default_factory=dict)
    ignored_files: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 when a row was rejected and somebody should look, else 0."""
        return 1 if self.rejected_rows else 0

    def shape(self) -> dict[str, Any]:
        """The `import` shape of interfaces."""
        return {
            "snapshot": self.snapshot,
            "book_date": self.book_date.isoformat(),
            "unchanged": self.unchanged,
            "rows": self.rows,
            "rejected": [rejection.shape() for rejection in self.rejected],
            "rejected_rows": self.rejected_rows,
            "unused_columns": self.unused_columns,
            "ignored_files": list(self.ignored_files),
        }
