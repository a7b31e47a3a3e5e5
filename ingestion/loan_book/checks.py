"""Rules that need a whole row, a whole file or several files: conditions, duplicates, references, rows that must exist.

Tables are checked in the order of the contract, parents first, so that a row whose parent was left out is left out with that
as its reason.
"""

from __future__ import annotations

from ingestion.loan_book.staging import Staging, quoted
from tools.store.book_contract import BookTable, Column


def check(staging: Staging, *, full: bool) -> None:
    """Moves every row that breaks a rule to the rejections. `full` means that tables not handed over are empty."""
    for table in staging.contract.tables.values():
        if staging.staged(table.name):
            _check_rules(staging, table)
            _check_duplicates(staging, table)
    for table in staging.contract.tables.values():
        if staging.staged(table.name):
            _check_needed_rows(staging, table, full)
            # a row may refer to another of its own file, which may fall in turn
            while _check_references(staging, table, full) and _refers_to_itself(table):
                pass


def current(staging: Staging, table: str, columns: str, *, full: bool) -> str:
    """SQL for `columns` of a table as it will be after the import, without what other tables' checks may still remove."""
    old, new = f"SELECT {columns} FROM old_{table}", f"SELECT {columns} FROM staged_{table}"
    if not staging.staged(table):
        return f"{old} WHERE false" if full else old
    if staging.contract.tables[table].content == "state":
        return new
    return f"{new} UNION ALL {old}"


def _check_rules(staging: Staging, table: BookTable) -> None:
    for rule in table.rules:
        value = f"CAST({quoted(rule.column)} AS VARCHAR)"
        reason = rule.reason.replace("'", "''")
        staging.reject_where(
            table,
            rule.column,
            f"SELECT _line AS line, {value} AS value, '{reason}' AS reason FROM staged_{table.name} WHERE NOT coalesce({rule.holds}, true)",
        )


def _check_duplicates(staging: Staging, table: BookTable) -> None:
    what = "duplicate id" if table.keyed else f"duplicate row (same {', '.join(table.key)})"
    staging.reject_where(
        table,
        "id" if table.keyed else table.key[0],
        f"""SELECT s._line AS line, s.{quoted("id" if table.keyed else table.key[0])}::VARCHAR AS value,
                   '{what}: the first is on line ' || d.first AS reason
            FROM staged_{table.name} s
            JOIN (SELECT id, min(_line) AS first FROM staged_{table.name} GROUP BY id HAVING count(*) > 1) d ON s.id = d.id
            WHERE s._line > d.first""",
    )


def _check_references(staging: Staging, table: BookTable, full: bool) -> int:
    found = 0
    for column in table.columns.values():
        if not column.references:
            continue
        targets = [(t, c) for t, c in column.references if staging.staged(t) or (not full and staging.known(t))]
        if column.lenient and not targets:
            continue
        found += staging.reject_where(table, column.name, _strangers(staging, table, column, targets, full))
    return found


def _strangers(staging: Staging, table: BookTable, column: Column, targets: list[tuple[str, str]], full: bool) -> str:
    """Selects rows of which a reference leads nowhere, saying whether its target was rejected or never there."""
    name = quoted(column.name)
    values = f"unnest({name})" if column.type == "ids" else name
    known = (
        " UNION ALL ".join(current(staging, t, f"{quoted(c)} AS known", full=full) for t, c in targets)
        or "SELECT NULL AS known WHERE false"
    )
    named = " or ".join(f"{t}.{c}" if c != "id" else t for t, c in column.references)
    absent = "" if targets else ", which was never handed over"
    files = "CASE r.tbl " + " ".join(f"WHEN '{t}' THEN '{f.name}'" for t, f in staging.files.items()) + " END"
    tables = ", ".join(f"'{t}'" for t, c in column.references if c == "id") or "''"
    return f"""
        SELECT v.line, v.value,
               CASE WHEN r.line IS NULL THEN 'unknown id: not in {named}{absent}'
                    ELSE 'its ' || r.tbl || ' row was rejected (' || {files} || ' line ' || r.line || ': ' || r.reason || ')' END AS reason
        FROM (SELECT _line AS line, {values} AS value FROM staged_{table.name} WHERE {name} IS NOT NULL) v
        LEFT JOIN (SELECT tbl, key, min(line) AS line, min_by(reason, line) AS reason FROM rejected
                   WHERE tbl IN ({tables}) GROUP BY tbl, key) r ON r.key = v.value
        WHERE NOT EXISTS (SELECT 1 FROM ({known}) k WHERE k.known = v.value)"""


def _check_needed_rows(staging: Staging, table: BookTable, full: bool) -> None:
    for need in table.needs_rows:
        reason = need.reason.replace("'", "''")
        naming = current(staging, need.table, f"{quoted(need.column)} AS named", full=full)
        staging.reject_where(
            table,
            need.at,
            f"""SELECT _line AS line, {quoted(need.at)}::VARCHAR AS value, '{reason}' AS reason FROM staged_{table.name} s
                WHERE {need.when} AND NOT EXISTS (SELECT 1 FROM ({naming}) n WHERE n.named = s.id)""",
        )


def _refers_to_itself(table: BookTable) -> bool:
    return any(target == table.name for column in table.columns.values() for target, _ in column.references)
