"""What falls due around a borrower's covenants: tests, statements, ends of grace, cures and waivers, new limits, papers asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence
from tools.domain.covenant_dates import FiscalYear, covenant_calendar
from tools.domain.covenants import Covenant
from tools.domain.facts import Row
from tools.domain.periods import add_months
from tools.errors import BadRequest
from tools.rulebook.loan_rules import covenant_settings_under
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days
from tools.toolbox.covenant_desk import covenants_in_force
from tools.toolbox.desk import Desk
from tools.toolbox.periods import day_asked
from tools.toolbox.references import mark

AHEAD_MONTHS = 6
PAPERS = "paper_due"


@dataclass(frozen=True, slots=True)
class Falling:
    """One thing that falls due. `what` as in Appointment, or paper_due for a paper asked for; `received`: when it came; `limit`: the
    limit in force on the test date, or the new one."""

    day: date
    borrower: str
    what: str
    covenant: str | None
    name: str
    test_date: date | None
    limit: str | None
    received: date | None

    def shape(self, as_of: date) -> dict[str, Any]:
        """JSON. `late`: due before the business date and not there."""
        return {
            "date": self.day.isoformat(), "what": self.what, "borrower": self.borrower, "covenant": self.covenant, "name": self.name,
            "test_date": self.test_date.isoformat() if self.test_date else None, "limit": self.limit,
            "received": self.received.isoformat() if self.received else None, "days": (self.day - as_of).days,
            "late": self.day < as_of and self.what in ("statements", PAPERS) and self.received is None,
        }  # fmt: skip


def falling_due(desk: Desk, borrower: str | None = None, since: date | None = None, until: date | None = None) -> list[Falling]:
    """Everything from `since` (the business date) to `until` (half a year on), oldest first. UnknownBorrower for one not seen."""
    who = desk.borrower(borrower).id if borrower else None
    first = since or desk.clocks.as_of
    last = until or add_months(first, AHEAD_MONTHS)
    if last < first:
        raise BadRequest(f"{last} is before {first}", where="until", fix="Give a later day")
    groups: dict[str, list[Covenant]] = defaultdict(list)
    for covenant in covenants_in_force(desk, who):
        groups[covenant.borrower].append(covenant)
    papers = desk.loan_book.rows(desk.caller, "documents", desk.clocks, borrower=who)
    found = [one for owner, group in groups.items() for one in _of_covenants(desk, owner, group, papers, first, last)]
    for row in papers:
        if row["due_date"] is not None and first <= row["due_date"] <= last:
            came = (
                row["received_date"] if row["received_date"] is not None and row["received_date"] <= desk.clocks.as_of else None
            )
            found.append(
                Falling(row["due_date"], str(row["_borrower"]), PAPERS, None, str(row["kind"]), row["period_end"], None, came)
            )
    return sorted(found, key=lambda one: (one.day, one.borrower, one.covenant or "", one.what, one.name))


def appointments(
    desk: Desk, borrower: str | None = None, from_date: str | None = None, to_date: str | None = None
) -> ToolResult:
    """The tool: the calendar of covenant tests, statements, papers, ends of grace, cures and waivers, and new limits."""
    since, until = day_asked(from_date), day_asked(to_date)
    found = falling_due(desk, borrower, since, until)
    owners = [desk.store.borrowers.get(desk.caller, id) for id in dict.fromkeys(one.borrower for one in found)]
    ids = {one.covenant for one in found if one.covenant}
    rows: list[Row] = [
        evidence("covenants", row) for row in desk.loan_book.rows(desk.caller, "covenants", desk.clocks) if row["id"] in ids
    ]
    values = tuple(
        Value(f"{one.what}:{one.borrower}:{one.covenant or one.name}:{one.day}", one.what, one.borrower, "date", None, None, one.day,
              about=one.covenant or one.name, inputs=(f"covenants:{one.covenant}",) if one.covenant else ())
        for one in found
    )  # fmt: skip
    days = (Value(f"days_until:{v.id}", "days_until", v.borrower, "days", Decimal((v.when - desk.clocks.as_of).days), None, v.when, about=v.about)
            for v in values if v.when)  # fmt: skip
    arguments: dict[str, object] = {"borrower": borrower, "from_date": from_date, "to_date": to_date}
    artifact = Artifact(
        "appointments", arguments, tuple(desk.ref(b) for b in owners if b), rows=tuple(rows), values=(*values, *days, *asked_days(since, until)),
        missing=() if found else ("nothing falls due",),
    )  # fmt: skip
    lines = [
        f"{one.day} {one.borrower} {one.covenant or ''} {one.name}: {one.what} {one.test_date or ''} {mark(v.id)}"
        for one, v in zip(found, values, strict=True)
    ]
    return ToolResult("\n".join(lines) or "Nothing falls due.", artifact)


def _of_covenants(
    desk: Desk, owner: str, group: Sequence[Covenant], papers: Sequence[dict[str, Any]], first: date, last: date
) -> list[Falling]:
    settings = covenant_settings_under(desk.rulebook, desk.clocks.as_of, desk.clocks.known_at.date())
    month, day = desk.fiscal_end(owner)
    mine = [row for row in papers if row["_borrower"] == owner and row["kind"] == "statement"]
    dues = {row["period_end"]: row["due_date"] for row in mine if row["period_end"] and row["due_date"]}
    came = {
        row["period_end"]: row["received_date"]
        for row in mine
        if row["period_end"] and row["received_date"] and row["received_date"] <= desk.clocks.as_of
    }
    by_id = {covenant.id: covenant for covenant in group}
    found = []
    for entry in covenant_calendar(group, settings, first, last, FiscalYear(month, day), dues):
        covenant = by_id[entry.covenant]
        limit = covenant.limit_on(entry.test_date or entry.day)
        found.append(
            Falling(
                entry.day, owner, entry.what, covenant.id, covenant.name, entry.test_date, limit.text if limit else None,
                came.get(entry.test_date) if entry.what == "statements" and entry.test_date else None,
            )
        )  # fmt: skip
    return found
