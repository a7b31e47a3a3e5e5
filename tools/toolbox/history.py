"""Who did what, when, on what: the trail as a tool, for the borrowers the asker may see. Payloads stay sealed; heads only.

What a colleague did is for those who see everything (auditors); anyone may ask what he did himself. The questions of one person are
shown, because that is what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from tools.domain.facts import Row
from tools.errors import BadRequest
from tools.store.trail import Act, TrailRecord
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.periods import day_given
from tools.toolbox.references import mark

MOST = 5000
LONGEST = 80
SELF = "self"
TODAY, YESTERDAY, WEEK = "today", "yesterday", "week"


def trail_records(
    desk: Desk, borrower: str | None = None, acts: Sequence[str] = (), by: str | None = None, from_date: str | None = None,
    to_date: str | None = None, limit: int = 12,
) -> ToolResult:  # fmt: skip
    """The tool: records of the trail, newest first: when, who, which act, about what. `by`: a member of staff by id or name, also inside
    a sentence, or `self`."""
    known = {act.value for act in Act}
    if unknown := [act for act in acts if act not in known]:
        raise BadRequest(f"{unknown[0]!r} is not an act", fix=f"Use {', '.join(sorted(known))}")
    if by is not None and by != SELF and not desk.caller.everything:
        return _not_for_role("trail_records")
    person, name = _person(desk, by) if by else (None, "")
    who = desk.borrower(borrower) if borrower else None
    now = desk.clocks.known_at
    first, last = _moment(from_date, 0, now), _moment(to_date, 1, now)
    until = min(last, desk.clocks.known_at) if last else desk.clocks.known_at
    found: list[TrailRecord] = []
    for act in acts or (None,):
        found += desk.store.trail.search(
            desk.caller,
            borrower=who.id if who else None,
            act=act,
            user=person,
            from_=first,
            to=until + timedelta(microseconds=1),
            limit=MOST,
        )
    found.sort(key=lambda record: -record.position)
    shown = found[:limit]
    # Another's question may name other borrowers: its words are for those who see everything.
    told = desk.caller.everything and tuple(acts) == (Act.ANSWER.value,)
    rows = tuple(
        Row("trail", record.id, {
            "id": record.id, "date": record.at.date().isoformat(), "time": record.at.strftime("%H:%M"), "user": record.user, "act": record.act,
            "object": _object(desk, record), "customer_id": record.borrower, "question": _question(desk, record) if person or told else None,
            "person": name or None,
        })
        for record in shown
    )  # fmt: skip
    owners = {record.borrower for record in shown if record.borrower}
    people = [who] if who else desk.store.borrowers.several(desk.caller, sorted(owners))
    values = (
        count_of("trail_records", len(found), who.id if who else None),
        *asked_days(*(m.date() for m in (first, _moment(to_date, 0, now)) if m)),
        *((Value("trail:person", "trail_person", None, "state", about=person, state=name),) if person else ()),
    )
    arguments: dict[str, object] = {
        "borrower": who.id if who else None,
        "acts": list(acts),
        "by": person,
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


def trail_integrity(desk: Desk) -> ToolResult:
    """The tool: whether the trail and everything it vouches for is as it was recorded. Only for those who see everything."""
    if not desk.caller.everything:
        return _not_for_role("trail_integrity")
    found = desk.store.trail.verify(desk.caller)
    bad = found.first_bad
    row = Row("trail_integrity", found.head[:16], {
        "head": found.head[:16], "first_bad": f"{bad.position} {bad.id}: {bad.reason}" if bad else None, "notes": "; ".join(found.notes) or None,
    })  # fmt: skip
    values = (
        count_of("trail_records", found.records), count_of("unanchored", found.unanchored),
        Value("trail:state", "trail_state", None, "state", state="intact" if found.ok else "altered"),
    )  # fmt: skip
    told = "intact" if found.ok else f"altered: {row.columns['first_bad']}"
    return ToolResult(
        f"{found.records} records, {told} {mark('trail_integrity:' + row.id)}",
        Artifact("trail_integrity", rows=(row,), values=values),
    )


def _not_for_role(tool: str) -> ToolResult:
    value = Value("access", "access", None, "state", state="not_for_role")
    return ToolResult("Not available to the asker's role.", Artifact(tool, values=(value,)))


def _person(desk: Desk, by: str) -> tuple[str, str]:
    """The id and name of a member of staff whom `by` is or speaks of; the asker himself for `self`."""
    if by == SELF:
        return desk.caller.user, desk.caller.user
    said = by.casefold()
    people = [(str(row["id"]), str(row["name"])) for row in desk.store.access.staff(desk.caller)]
    for id, name in people:
        if said in (id.casefold(), name.casefold()):
            return id, name
    spoken = [
        (id, name) for id, name in people if name.casefold() in said or re.search(rf"\b{re.escape(id)}\b", by, re.IGNORECASE)
    ]
    if not spoken:
        raise BadRequest(f"no member of staff is called {by!r}", fix="Give the id or the full name")
    return max(spoken, key=lambda one: len(one[1]))


def _question(desk: Desk, record: TrailRecord) -> str | None:
    """What was asked, for an answer's record."""
    if record.act != Act.ANSWER:
        return None
    shown = desk.store.trail.show(desk.caller, record.id)
    payload = (shown or {}).get("payload") or {}
    text = " ".join(str(payload.get("question") or "").split())
    return text[:LONGEST] or None


def _moment(day: str | None, more: int, now: datetime) -> datetime | None:
    if day is None:
        return None
    back = {TODAY: 0, YESTERDAY: 1, WEEK: now.weekday()}.get(day)
    chosen = day_given(day) if back is None else now.date() - timedelta(days=back)
    return datetime.combine(chosen + timedelta(days=more), time.min, UTC)
