"""What the bank knows a borrower to have done that a contract restricts: read from statements, credit reports, the register, accounts, notices.

Where each kind of act shows is rulebook data (covenants/acts.yaml). What is told of an act is the row or the fact it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tools.domain.covenants import Covenant
from tools.domain.periods import add_months
from tools.domain.restricted_acts import EVER, Act, Window, acts_of_flows, acts_of_rises
from tools.rulebook.act_rules import RESTRICTING, ActKind, load_acts_restricted
from tools.toolbox.desk import Desk

BookRow = Mapping[str, Any]
Found = tuple[Sequence[Act], date | None]
"""Acts of one watch, and up to when it would have shown one; None: it says nothing at all."""


def acts_known(desk: Desk, covenant: Covenant) -> tuple[tuple[Act, ...] | None, dict[str, date]]:
    """Acts that bear on one covenant, None when nothing is watched that would show one, and up to when each kind would be known."""
    if covenant.type not in RESTRICTING or not covenant.actions:
        return None, {}
    acts: list[Act] = []
    until: dict[str, date] = {}
    for kind in load_acts_restricted().of(covenant.actions):
        for watch in kind.watch:
            found, last = _LOOK[watch["from"]](desk, covenant, kind, watch)
            acts += [act for act in found if act.day <= desk.clocks.as_of]
            if last is not None:
                last = min(last, desk.clocks.as_of)
                until[kind.id] = max(last, until.get(kind.id, last))
    return (tuple(sorted(acts, key=lambda act: (act.day, act.first, act.source))) if until or acts else None), until


def _fact(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    facts = [
        fact
        for fact in desk.book(covenant.borrower).history(watch["item"], covenant.scope)
        if fact.period.start is not None and fact.period.end <= desk.clocks.as_of
    ]
    windows = [Window(f.period.start, f.period.end, abs(f.value), f.currency, f.id) for f in facts if f.period.start]
    return acts_of_flows(kind.id, windows, watch["item"]), max((f.period.end for f in facts), default=None)


def _fact_rise(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    facts = [
        f for f in desk.book(covenant.borrower).history(watch["item"], covenant.scope) if f.period.end <= desk.clocks.as_of
    ]
    by_end = {f.period.end: Window(f.period.end, f.period.end, f.value, f.currency, f.id) for f in facts}
    points = [by_end[end] for end in sorted(by_end)]
    return acts_of_rises(kind.id, points, watch["item"]), points[-1].until if len(points) > 1 else None


def _bureau_rise(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    column = watch["column"]
    points = [
        Window(row["date"], row["date"], row[column], row.get("currency_code"), f"bureau:{row['id']}")
        for row in _rows(desk, "bureau", covenant.borrower)
        if row.get(column) is not None
    ]
    return acts_of_rises(kind.id, points, column), points[-1].until if len(points) > 1 else None


def _bureau_count(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    reports = [row for row in _rows(desk, "bureau", covenant.borrower) if row.get(watch["column"]) is not None]
    acts = [
        Act(kind.id, row["date"], None, None, add_months(row["date"], -int(watch["months"])) + timedelta(days=1), f"bureau:{row['id']}", watch["column"])
        for row in reports
        if row[watch["column"]] > 0
    ]  # fmt: skip
    return acts, reports[-1]["date"] if reports else None


def _relation(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    rows = [
        r
        for r in _rows(desk, "relations", covenant.borrower)
        if r["customer_id"] == covenant.borrower and r["relation"] == watch["relation"]
    ]
    acts = []
    for row in rows:
        id = str(row.get("id") or f"{row['customer_id']}:{row['relation']}:{row['related_name']}")
        day: date | None = row.get("start_date")
        acts.append(
            Act(
                kind.id,
                day or desk.clocks.as_of,
                row.get("amount"),
                None,
                None if day else EVER,
                f"relations:{id}",
                str(row["related_name"]),
            )
        )
    return acts, None


def _account_line(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    said = re.compile("|".join(watch["words"]), re.I)
    accounts = {str(row["id"]): row["currency_code"] for row in _rows(desk, "accounts", covenant.borrower)}
    if not accounts:
        return (), None
    lines = [row for row in _rows(desk, "account_transactions", covenant.borrower) if row["account_id"] in accounts]
    acts = [
        Act(kind.id, row["value_date"], row["amount"], row.get("currency_code") or accounts[row["account_id"]], None,
            f"account_transactions:{row['id']}", "account_line")
        for row in lines
        if row["direction"] == "out" and said.search(str(row.get("memo") or ""))
    ]  # fmt: skip
    return acts, max((row["value_date"] for row in lines), default=None)


def _event(desk: Desk, covenant: Covenant, kind: ActKind, watch: Mapping[str, Any]) -> Found:
    said = re.compile("|".join(watch["words"]), re.I)
    acts = [
        Act(kind.id, row["date"], row.get("amount"), row.get("currency_code"), None, f"events:{row['id']}", str(row["title"]))
        for row in _rows(desk, "events", covenant.borrower)
        if row["type"] in watch["types"]
        and (row.get("subject") or "company") == "company"
        and said.search(f"{row['title']} {row.get('detail') or ''}")
    ]
    return acts, acts[-1].day if acts else None


def _rows(desk: Desk, table: str, borrower: str) -> list[BookRow]:
    """Rows of one table in order of time, read once for all covenants of the borrower."""
    key = ("acts", table, borrower)
    if key not in desk.kept:
        rows: Iterable[BookRow] = desk.loan_book.rows(desk.caller, table, desk.clocks, borrower=borrower)
        desk.kept[key] = sorted(rows, key=lambda row: row.get("date") or row.get("value_date") or EVER)
    found: list[BookRow] = desk.kept[key]
    return found


_LOOK = {
    "fact": _fact, "fact_rise": _fact_rise, "bureau_rise": _bureau_rise, "bureau_count": _bureau_count, "relation": _relation,
    "account_line": _account_line, "event": _event,
}  # fmt: skip
