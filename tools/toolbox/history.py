"""Who did what, when, on what: the trail as a tool, for the borrowers the asker may see. Payloads stay sealed; heads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from tools.domain.facts import Row
from tools.errors import BadRequest
from tools.store.trail import Act, TrailRecord
from tools.toolbox.artifacts import Artifact, ToolResult, asked_days, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.periods import day_given
from tools.toolbox.references import mark

MOST = 200


def trail_records(
    desk: Desk, borrower: str | None = None, acts: Sequence[str] = (), by: str | None = None, from_date: str | None = None,
    to_date: str | None = None, limit: int = 12,
) -> ToolResult:  # fmt: skip
    """The tool: records of the trail, newest first: when, who, which act, about what."""
    known = {act.value for act in Act}
    if unknown := [act for act in acts if act not in known]:
        raise BadRequest(f"{unknown[0]!r} is not an act", fix=f"Use {', '.join(sorted(known))}")
    who = desk.borrower(borrower) if borrower else None
    first, last = _moment(from_date, 0), _moment(to_date, 1)
    until = min(last, desk.clocks.known_at) if last else desk.clocks.known_at
    found: list[TrailRecord] = []
    for act in acts or (None,):
        found += desk.store.trail.search(
            desk.caller,
            borrower=who.id if who else None,
            act=act,
            user=by,
            from_=first,
            to=until + timedelta(microseconds=1),
            limit=MOST,
        )
    found.sort(key=lambda record: -record.position)
    shown = found[:limit]
    rows = tuple(
        Row("trail", record.id, {
            "id": record.id, "date": record.at.date().isoformat(), "time": record.at.strftime("%H:%M"), "user": record.user, "act": record.act,
            "object": _object(desk, record), "customer_id": record.borrower,
        })
        for record in shown
    )  # fmt: skip
    owners = {record.borrower for record in shown if record.borrower}
    people = [who] if who else desk.store.borrowers.several(desk.caller, sorted(owners))
    values = (
        count_of("trail_records", len(found), who.id if who else None),
        *asked_days(*(m.date() for m in (first, _moment(to_date, 0)) if m)),
    )
    arguments: dict[str, object] = {
        "borrower": who.id if who else None,
        "acts": list(acts),
        "by": by,
        "from_date": from_date,
        "to_date": to_date,
    }
    lines = [
        f"{r.columns['date']} {r.columns['time']} {r.columns['user']} {r.columns['act']} {r.columns['object']} {mark(f'trail:{r.id}')}"
        for r in rows
    ]
    return ToolResult(
        "\n".join(lines) or "No such records.",
        Artifact("trail_records", arguments, tuple(desk.ref(b) for b in people if b), rows=rows, values=values),
    )


def _object(desk: Desk, record: TrailRecord) -> str:
    """A document by its name; everything else by its id."""
    found = (
        desk.store.documents.get(desk.caller, record.object) if record.act == Act.INGEST and len(record.object) == 64 else None
    )
    return found.name if found is not None else record.object


def _moment(day: str | None, more: int) -> datetime | None:
    return None if day is None else datetime.combine(day_given(day) + timedelta(days=more), time.min, UTC)
