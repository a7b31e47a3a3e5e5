"""Which borrower every row belongs to, and which rows of the book are new or have to move.

Rows name a customer, or a loan or account through which they reach one. When the bank gives a loan to another customer, what
hangs on the loan moves with it, also in tables that were not handed over.
"""

from __future__ import annotations

from ingestion.loan_book.checks import current
from ingestion.loan_book.staging import Staging, quoted
from tools.store.book_contract import BookTable


class Placement:
    """SQL for the rows of each table with their borrower in `_borrower`. `full`: tables not handed over are empty. `keep`: staged rows
    have a borrower already, which stays theirs when the loan or account is gone."""

    def __init__(self, staging: Staging, *, full: bool, keep: bool = False) -> None:
        self.staging = staging
        self.full = full
        self.keep = keep
        self._moved: dict[str, bool] = {}

    def staged_rows(self, table: BookTable) -> str:
        """The rows handed over now."""
        return self._placed(table, f"staged_{table.name}", keep=self.keep)

    def former_rows(self, table: BookTable) -> str:
        """The rows of the book so far under the borrowers they have now; rows whose loan is gone keep theirs."""
        return self._placed(table, f"old_{table.name}", keep=True)

    def owners_changed(self, table: BookTable) -> bool:
        """True when a row that reaches its borrower through another table may have to move."""
        return any(self._changed(target) for _, target, _ in table.owner)

    def news(self, table: BookTable) -> str:
        """Rows of an event table that are new, corrected or moved, compared with the book so far."""
        names = _names(table)
        ours, theirs = (", ".join(f"{side}.{name}" for name in names) for side in ("n", "o"))
        parts = []
        if self.staging.staged(table.name):
            parts.append(self._compared(ours, theirs, self.staged_rows(table), table))
        if self.owners_changed(table):
            # only what hangs on a changed row is looked at again: events are the long tables
            own, target, _ = table.owner[0]
            source = f"(SELECT * FROM old_{table.name} WHERE {quoted(own)} IN (SELECT id FROM changed_{target}))"
            handed = f"WHERE id NOT IN (SELECT id FROM staged_{table.name})" if self.staging.staged(table.name) else ""
            former = f"SELECT * FROM ({self._placed(table, source, keep=True)}) {handed}"
            parts.append(self._compared(ours, theirs, former, table))
        return " UNION ALL ".join(parts)

    @staticmethod
    def _compared(ours: str, theirs: str, rows: str, table: BookTable) -> str:
        return f"""SELECT {ours} FROM ({rows}) n LEFT JOIN old_{table.name} o ON o.id = n.id
                   WHERE o.id IS NULL OR ({ours}) IS DISTINCT FROM ({theirs})"""

    def _placed(self, table: BookTable, source: str, *, keep: bool) -> str:
        columns = ", ".join(f"s.{name}" for name in _names(table)[:-1])
        if not table.owned:
            return f"SELECT {columns}, NULL::VARCHAR AS _borrower FROM {source} s"
        if table.borrower_column:
            return f"SELECT {columns}, s.{quoted(table.borrower_column)} AS _borrower FROM {source} s"
        ways = []
        filled: list[str] = []
        for own, target, column in table.owner:
            owner = self.staging.contract.tables[target].borrower_column or "id"
            lookup = current(self.staging, target, f"{quoted(column)} AS key, {quoted(owner)} AS owner", full=self.full)
            conditions = " AND ".join([f"{quoted(own)} IS NOT NULL", *(f"{quoted(name)} IS NULL" for name in filled)])
            key = f"unnest({quoted(own)})" if table.columns[own].type == "ids" else quoted(own)
            ways.append(
                f"""SELECT {"DISTINCT" if table.shared else ""} {columns}, {"coalesce(t.owner, s._borrower)" if keep else "t.owner"} AS _borrower
                    FROM (SELECT *, {key} AS _key FROM {source} WHERE {conditions}) s LEFT JOIN ({lookup}) t ON t.key = s._key"""
            )
            filled.append(own)
        return " UNION ALL ".join(ways)

    def _changed(self, target: str) -> bool:
        """True when rows of `target` have another borrower or key than in the book so far, or were not in it: `changed_<target>`
        then holds their ids."""
        if target not in self._moved:
            table = self.staging.contract.tables[target]
            keys = {
                column for other in self.staging.contract.tables.values() for _, name, column in other.owner if name == target
            }
            kept = ", ".join(quoted(name) for name in sorted({"id", table.borrower_column or "id", *keys}))
            rows = f"SELECT {kept} FROM staged_{target} EXCEPT SELECT {kept} FROM old_{target}"
            if not self.staging.staged(target):
                rows = f"SELECT {kept} FROM old_{target} WHERE false"
            self.staging.db.execute(f"CREATE TABLE changed_{target} AS SELECT id FROM ({rows})")
            self._moved[target] = self.staging.count(f"changed_{target}") > 0
        return self._moved[target]


def _names(table: BookTable) -> list[str]:
    """Quoted stored columns, `_borrower` last."""
    return [quoted(name) for name, _ in table.fields()]
