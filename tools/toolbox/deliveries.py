"""When each paper was due and when it came: on time, late and by how many days, or still waited for.

What the bank asked for stands in its book (`documents`); statements that came without being asked for have no due date and are
listed with the day they came.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, ToolResult, Value
from tools.toolbox.desk import Desk
from tools.toolbox.passages import inert
from tools.toolbox.references import mark

COVERS = {0: "year", 3: "first_quarter", 6: "half", 9: "third_quarter"}
"""What statements cover, by months into the fiscal year."""


def deliveries(desk: Desk, borrower: str | None = None) -> ToolResult:
    """The tool: papers asked for or received, with due date, day received and days late; without a borrower those of all the asker may
    see that came late or are late."""
    if borrower is None:
        return _late_of_all(desk)
    who = desk.borrower(borrower)
    month = desk.fiscal_end(who.id)[0]
    rows: list[Row] = []
    values: list[Value] = []
    listed: set[str] = set()
    for asked in desk.loan_book.rows(desk.caller, "documents", desk.clocks, borrower=who.id):
        came = asked["received_date"] if asked["received_date"] and asked["received_date"] <= desk.clocks.as_of else None
        if came is None and asked["due_date"] is None:
            continue
        name = str(asked["file"]).rsplit("/", 1)[-1]
        listed.add(name)
        rows.append(_row(who.id, name, asked["kind"], asked["period_end"], asked["due_date"], came, asked["assurance"], month))
        values += _lateness(who.id, rows[-1].id, asked["due_date"], came, desk.clocks.as_of)
    for held in desk.store.documents.list(desk.caller, who.id, None, desk.clocks):
        if held.name not in listed:
            came = held.received_at.date()
            rows.append(_row(who.id, held.name, held.kind, held.period_end, None, came, held.assurance, month))
            values += _lateness(who.id, rows[-1].id, None, came, desk.clocks.as_of)
    rows.sort(key=lambda row: (row.columns["period_end"] or "", row.columns["received"] or ""), reverse=True)
    artifact = Artifact("deliveries", {"borrower": who.id}, (desk.ref(who),), rows=tuple(rows), values=tuple(values))
    late = {value.inputs[0].partition(":")[2]: value for value in values}
    lines = []
    for row in rows:
        c, state = row.columns, late[row.id]
        days = f" by {state.value} days" if state.value is not None else ""
        lines.append(
            f"{inert(c['name'] or '')} {c['kind']} to {c['period_end']}: due {c['due']}, received {c['received']}: {state.state}{days} {mark(state.id)}"
        )
    return ToolResult("\n".join(lines) or "No papers asked for or received.", artifact)


def _late_of_all(desk: Desk) -> ToolResult:
    """Papers with a due date that came after it, or have not come though it is past."""
    rows: list[Row] = []
    values: list[Value] = []
    for asked in desk.loan_book.rows(desk.caller, "documents", desk.clocks):
        came = asked["received_date"] if asked["received_date"] and asked["received_date"] <= desk.clocks.as_of else None
        if asked["due_date"] is None or (came or desk.clocks.as_of) <= asked["due_date"]:
            continue
        owner, name = str(asked["customer_id"]), str(asked["file"]).rsplit("/", 1)[-1]
        rows.append(
            _row(
                owner,
                name,
                asked["kind"],
                asked["period_end"],
                asked["due_date"],
                came,
                asked["assurance"],
                desk.fiscal_end(owner)[0],
            )
        )
        values += _lateness(owner, rows[-1].id, asked["due_date"], came, desk.clocks.as_of)
    rows.sort(key=lambda row: row.columns["due"] or "", reverse=True)
    owners = [
        desk.store.borrowers.get(desk.caller, id) for id in dict.fromkeys(row.columns["customer_id"] or "" for row in rows)
    ]
    artifact = Artifact(
        "deliveries", {"borrower": None}, tuple(desk.ref(one) for one in owners if one), rows=tuple(rows), values=tuple(values)
    )
    lines = [f"{row.columns['customer_id']} {inert(row.columns['name'] or '')}: due {row.columns['due']}, {v.state} by {v.value} days {mark(v.id)}"
             for row, v in zip(rows, values, strict=True)]  # fmt: skip
    return ToolResult("\n".join(lines) or "No paper came late or is late.", artifact)


def _row(
    borrower: str, name: str, kind: str, end: date | None, due: date | None, came: date | None, assurance: str | None, month: int
) -> Row:  # fmt: skip
    covers = COVERS.get((end.month - month) % 12, "") if end is not None else ""
    return Row("deliveries", f"{borrower}:{name}", {
        "customer_id": borrower, "name": name, "kind": kind, "covers": covers, "period_end": end.isoformat() if end else None,
        "due": due.isoformat() if due else None, "received": came.isoformat() if came else None, "assurance": assurance,
    })  # fmt: skip


def _lateness(borrower: str, row: str, due: date | None, came: date | None, today: date) -> list[Value]:
    """One value per paper: its state, and the days it came or is late."""
    days = ((came or today) - due).days if due is not None else 0
    state = ("late" if came else "waited_late") if days > 0 else ("on_time" if came and due else "came" if came else "waited")
    number = Decimal(days) if days > 0 else None
    return [Value(f"paper_late:{row}", "paper_late", borrower, "days", number, None, due or came, state=state,
                  inputs=(f"deliveries:{row}",))]  # fmt: skip
