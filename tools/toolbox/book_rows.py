"""Rows of the loan book about a borrower: who he is, what secures him, who stands behind him, what happened to him."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence, masked
from tools.domain.facts import Row
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.periods import day_asked
from tools.toolbox.references import mark

TABLES = ("customers", "collateral", "guarantors", "events", "relations", "bureau", "operations", "accounts", "mitigants", "documents", "evidence",
          "loan_transactions")  # fmt: skip
DATED = frozenset({"events", "bureau", "operations", "loan_transactions", "evidence"})
ENDING = {"guarantors": "end_date", "mitigants": "end_date"}
"""The day on which what a row stands for ends."""
MOST_SHOWN = 30


def book_rows(
    desk: Desk,
    table: str,
    borrower: str | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    limit: int = 60,
    months: Sequence[str] = (),
) -> ToolResult:
    """The tool: rows of one table, newest first where they have a date. Account numbers are cut to their last four digits. `months`: only
    operating data of these, and how far the last of them is off the first."""
    if table not in TABLES:
        raise BadRequest(f"{table!r} is not a table of the loan book", fix=f"Use one of {', '.join(TABLES)}")
    who = desk.borrower(borrower) if borrower else None
    since = day_asked(from_date) if table in DATED else None
    found = desk.loan_book.rows(desk.caller, table, desk.clocks, borrower=who.id if who else None, since=since)
    until = day_asked(to_date)
    dated = "value_date" if table == "loan_transactions" else "date"
    if until and table in DATED:
        found = [row for row in found if row[dated] <= until]
    if table in DATED:
        found.sort(key=lambda row: (row[dated], str(row["id"])), reverse=True)
    beside = _yearly(found) if table == "operations" else []
    if months and table == "operations":
        found = [row for row in found if f"{row['date']:%Y-%m}" in months]
        beside += _between(found)
    if table == "customers":
        officers = desk.store.borrowers.officers(desk.caller)
        found = [{**row, "officer_name": officers.get(str(row.get("officer_id")))} for row in found]
    rows = tuple(masked(evidence(table, _identified(table, row, place))) for place, row in enumerate(found[:limit]))
    owners = dict.fromkeys(str(row["_borrower"]) for row in found[:limit] if row.get("_borrower"))
    people = [who] if who else [desk.store.borrowers.get(desk.caller, id) for id in owners]
    others = [b for b in (desk.store.borrowers.get(desk.caller, id) for id in _related(rows)) if b]
    people += others
    rows = tuple(_out_of_sight(row, {b.id for b in (*people, *others) if b}) for row in rows)
    count = count_of(table, len(found), who.id if who else None)
    missing = () if found or who is None else (f"{who.id}: nothing in {table}",)
    arguments = {"table": table, "borrower": who.id if who else None, "from_date": from_date, "to_date": to_date,
                 **({"months": list(months)} if months else {})}  # fmt: skip
    artifact = Artifact(
        "book_rows",
        arguments,
        tuple(desk.ref(b) for b in people if b),
        rows=rows,
        values=(
            count,
            *asked_days(since, until),
            *(beside if table == "operations" else _left(table, found[:limit], desk)),
        ),
        missing=missing,
    )
    return ToolResult(_text(table, rows, len(found)), artifact)


def _related(rows: Sequence[Row]) -> list[str]:
    """Other customers the rows name, so that an answer may name them too."""
    found = [
        row.columns.get(name)
        for row in rows
        for name in ("related_customer_id", "customer_id")
        if row.table in ("relations", "guarantors")
    ]
    return list(dict.fromkeys(id for id in found if id))


def _out_of_sight(row: Row, seen: set[str]) -> Row:
    """Who guarantees a loan is part of the loan's own row; that he is a customer of ours is not for everyone to know."""
    hidden = [
        name for name in ("related_customer_id", "customer_id") if row.table == "guarantors" or name.startswith("related")
    ]
    return Row(row.table, row.id, {k: None if k in hidden and v not in seen else v for k, v in row.columns.items()})


def _yearly(found: Sequence[Mapping[str, Any]]) -> list[Value]:
    """Each operating measure against the same month a year before."""
    by_place = {(row["customer_id"], row["measure"], row["date"].year, row["date"].month): row for row in found}
    values = []
    for row in found:
        before = by_place.get((row["customer_id"], row["measure"], row["date"].year - 1, row["date"].month))
        if before is None or before["value"] <= 0:
            continue
        share = (row["value"] - before["value"]) / before["value"]
        direction = "rise" if share > 0 else "fall" if share < 0 else "flat"
        values.append(Value(f"change_share:{row['id']}", "change_share", row["customer_id"], "ratio", share, None, row["date"], before["date"],
                            row["measure"], "", direction, (row["id"], before["id"])))  # fmt: skip
    return values


def _between(found: Sequence[Mapping[str, Any]]) -> list[Value]:
    """The newest of the months asked for against the oldest, measure by measure, when they are no year apart."""
    values = []
    for who, measure in dict.fromkeys((row["customer_id"], row["measure"]) for row in found):
        own = sorted((r for r in found if (r["customer_id"], r["measure"]) == (who, measure)), key=lambda r: r["date"])
        first, last = own[0], own[-1]
        yearly = (last["date"].year - first["date"].year, last["date"].month) == (1, first["date"].month)
        if len(own) < 2 or yearly or first["value"] <= 0:
            continue
        share = (last["value"] - first["value"]) / first["value"]
        direction = "rise" if share > 0 else "fall" if share < 0 else "flat"
        values.append(Value(f"change_share:{first['id']}:{last['id']}", "change_share", who, "ratio", share, None, last["date"], first["date"],
                            measure, "", direction, (last["id"], first["id"])))  # fmt: skip
    return values


def _left(table: str, found: Sequence[Mapping[str, Any]], desk: Desk) -> list[Value]:
    """How many days a guarantee, an insurance or another mitigant still runs."""
    column = ENDING.get(table)
    day = desk.clocks.as_of
    return [
        Value(f"days_left:{row['id']}", "days_left", None, "days", Decimal((row[column] - day).days), None, row[column],
              about=str(row["id"]), inputs=(f"{table}:{row['id']}",))
        for row in found
        if column and row.get(column) and row.get("id") and row[column] >= day
    ]  # fmt: skip


def _identified(table: str, row: dict[str, object], place: int) -> dict[str, object]:
    """Rows without an id of their own get one from what makes them the same row."""
    if row.get("id"):
        return row
    key = "/".join(
        str(row[name]) for name in ("customer_id", "relation", "related_name", "file", "kind", "period_end") if row.get(name)
    )
    return {**row, "id": f"{table}:{key or place}"}


def _text(table: str, rows: Sequence[Row], total: int) -> str:
    if not rows:
        return f"Nothing in {table}."
    lines = [f"{total} rows of {table}"]
    for row in rows[:MOST_SHOWN]:
        cells = ", ".join(f"{k}={v}" for k, v in row.columns.items() if v and k != "id")
        lines.append(f"{row.id}: {cells} {mark(row.id)}")
    return "\n".join(lines)
