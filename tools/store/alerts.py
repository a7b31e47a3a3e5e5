"""Alerts: one per borrower and root cause, with everything that ever happened to it.

An alert is its newest event; a person's act and the monitor's finding are both events, each with its record in the trail, in one
transaction. `read` at an earlier knowledge date gives the alert as it was told then.
"""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest, NotPermitted
from tools.store.alert_records import (
    LIVE,
    OUTCOMES,
    RANK,
    SEVERITIES,
    STATES,
    WORKING_ROLES,
    Alert,
    AlertEvent,
    alert_of,
    content_of,
)
from tools.store.columns import utc
from tools.store.connection import Database, Unit
from tools.store.permissions import must_write, permitted, root_of, visible
from tools.store.schema import borrowers as borrowers_table
from tools.store.schema_monitor import alert_events, alerts
from tools.store.trail import Act, Trail

MONITOR = "monitor"
_FEW = 500


class Alerts:
    """Reading and working alerts. Every read is filtered by the caller in the query, and what an alert tells of customers the caller may
    not see gives way to a sentence that says so."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self.database = database
        self.trail = trail

    def list(self, caller: Caller, *, borrower: str | None = None, states: Collection[str] | None = None,
             severities: Collection[str] | None = None, owner: str | None = None, clocks: Clocks | None = None) -> Sequence[Alert]:  # fmt: skip
        """Alerts, worst first, then the longest open. `states` None: those still live; an empty collection: all. Raises BadRequest for a state or
        severity that does not exist."""
        wanted = LIVE if states is None else tuple(states)
        _known(wanted, STATES, "state")
        _known(severities or (), frozenset(SEVERITIES), "severity")
        if caller.sees_nothing:
            return []
        query = self._newest(caller, clocks)
        if borrower is not None:
            query = query.where(alerts.c.borrower == root_of(borrower))
        if wanted:
            query = query.where(alert_events.c.state.in_(wanted))
        if severities:
            query = query.where(alert_events.c.severity.in_(list(severities)))
        with self.database.reading() as connection:
            found = self._shown(connection, caller, (alert_of(row) for row in connection.execute(query)))
        if owner is not None:
            found = [alert for alert in found if alert.owner == owner]
        return sorted(found, key=lambda a: (-RANK[a.severity], a.opened, a.borrower, a.id))

    def get(self, caller: Caller, id: str, clocks: Clocks | None = None) -> Alert | None:
        """One alert, or None when there is none the caller may see."""
        if caller.sees_nothing:
            return None
        with self.database.reading() as connection:
            rows = connection.execute(self._newest(caller, clocks).where(alerts.c.id == id)).all()
            return next(iter(self._shown(connection, caller, (alert_of(row) for row in rows))), None)

    def of_borrowers(self, caller: Caller, borrowers: Sequence[str]) -> Sequence[Alert]:
        """Every alert of these borrowers, in whatever state and with all it tells: for the monitor, which goes on from it. What people
        read comes from `list` and `get`."""
        if caller.sees_nothing or not borrowers:
            return []
        found: dict[str, Alert] = {}
        with self.database.reading() as connection:
            for start in range(0, len(borrowers), _FEW):
                query = self._newest(caller, None, list(borrowers[start : start + _FEW]))
                found |= {row.id: alert_of(row) for row in connection.execute(query)}
        return list(found.values())

    def history(self, caller: Caller, id: str, clocks: Clocks | None = None) -> Sequence[AlertEvent]:
        """Everything that happened to it, oldest first; empty when there is none the caller may see."""
        if caller.sees_nothing:
            return []
        query = (
            select(alert_events)
            .join(alerts, alerts.c.id == alert_events.c.alert)
            .where(alerts.c.id == id, visible(caller, alerts.c.borrower))
            .order_by(alert_events.c.position)
        )
        if clocks is not None:
            query = query.where(alert_events.c.at <= clocks.known_at)
        with self.database.reading() as connection:
            return [
                AlertEvent(
                    row.alert, row.position, row.at, row.as_of, row.by, row.act, row.state, row.severity, row.content.get("reason"),
                    row.trail_id,
                )
                for row in connection.execute(query)
            ]  # fmt: skip

    def take(self, caller: Caller, id: str, at: datetime, owner: str | None = None) -> Alert:
        """The caller (or `owner`, whom a manager names) works on it from now on."""
        with self.database.writing() as unit:
            alert = self._workable(caller, id)
            if owner not in (None, caller.user) and caller.role not in ("manager", "local"):
                raise NotPermitted(
                    "only a manager gives an alert to somebody else", fix="Leave --owner out to take it yourself"
                )
            if alert.state == "taken" and alert.owner == (owner or caller.user):
                return self._shown(unit.connection, caller, [alert])[0]
            changed = replace(alert, state="taken", owner=owner or caller.user, snoozed_until=None, reason=None, outcome=None)
            return self._act(unit, caller, "taken", changed, at, {"owner": changed.owner})

    def snooze(self, caller: Caller, id: str, until: date, reason: str, at: datetime) -> Alert:
        """Quiet until the end of `until`, or until it gets worse."""
        said = _said(reason)
        with self.database.writing() as unit:
            alert = self._workable(caller, id)
            if until <= alert.as_of:
                raise BadRequest(
                    f"{until} is not after {alert.as_of}, the business date of the alert", where="--until",
                    fix="Give a day that is still ahead of it",
                )  # fmt: skip
            changed = replace(alert, state="snoozed", snoozed_until=until, reason=said, outcome=None)
            return self._act(unit, caller, "snoozed", changed, at, {"until": until, "reason": said})

    def close(self, caller: Caller, id: str, outcome: str, reason: str, at: datetime) -> Alert:
        """Done: it was true, false, a duplicate, or the risk is accepted. It comes back only when something new fires."""
        said = _said(reason)
        _known((outcome,), OUTCOMES, "outcome")
        with self.database.writing() as unit:
            alert = self._workable(caller, id)
            changed = replace(alert, state="closed", outcome=outcome, reason=said, snoozed_until=None)
            return self._act(unit, caller, "closed", changed, at, {"outcome": outcome, "reason": said})

    def record(self, caller: Caller, act: str, alert: Alert, at: datetime) -> Alert:
        """What the monitor found about a cause: opened, updated, escalated, reopened or cleared. `alert` is how it stands from now on; the
        caller must be one who may record."""
        must_write(caller)
        with self.database.writing() as unit:
            return self._append(unit, caller, act, alert, at, MONITOR, Act.ALERT, {})

    def _workable(self, caller: Caller, id: str) -> Alert:
        must_write(caller)
        with self.database.reading() as connection:
            row = (
                None
                if caller.sees_nothing
                else connection.execute(self._newest(caller, None).where(alerts.c.id == id)).one_or_none()
            )
        if row is None:
            raise BadRequest(f"no alert {id!r}", fix="See `loanward alerts list`")
        alert = alert_of(row)
        if caller.role not in WORKING_ROLES:
            raise NotPermitted(f"the role {caller.role} does not work alerts", where=f"user {caller.user}")
        if not alert.live:
            raise BadRequest(f"alert {id} is {alert.state}", fix="Only open, taken and snoozed alerts can be worked")
        return alert

    def _act(self, unit: Unit, caller: Caller, act: str, alert: Alert, at: datetime, details: Mapping[str, Any]) -> Alert:
        done = self._append(unit, caller, act, alert, at, caller.user, Act.ACT, details)
        return self._shown(unit.connection, caller, [done])[0]

    def _shown(self, connection: Connection, caller: Caller, found: Iterable[Alert]) -> builtins.list[Alert]:
        """As the caller may read them."""
        listed = [*found]
        others: frozenset[str] = frozenset().union(*(alert.owners for alert in listed))
        if caller.everything or not others:
            return listed
        seen: set[str] = set()
        for start in range(0, len(others), _FEW):
            query = select(borrowers_table.c.id).where(
                borrowers_table.c.id.in_(sorted(others)[start : start + _FEW]), permitted(caller)
            )
            seen.update(connection.execute(query).scalars())
        return [alert.without(others - seen) for alert in listed]

    def _append(self, unit: Unit, caller: Caller, act: str, alert: Alert, at: datetime, by: str, kind: Act,
                details: Mapping[str, Any]) -> Alert:  # fmt: skip
        moment = utc(at)
        connection = unit.connection
        position = connection.scalar(select(func.max(alert_events.c.position)).where(alert_events.c.alert == alert.id))
        if position is None:
            values = {"id": alert.id, "borrower": alert.borrower, "family": alert.family, "opened_at": moment}
            connection.execute(alerts.insert(), values)
        placed = replace(alert, position=(position or 0) + 1, updated_at=moment)
        payload = {
            "alert": alert.id, "act": act, "state": placed.state, "severity": placed.severity, "family": alert.family,
            "signals": placed.signals, "as_of": placed.as_of, "explanation": placed.explanation, "findings": placed.findings,
            "tells_of": sorted(placed.owners), **details,
        }  # fmt: skip
        record = self.trail.record(unit, caller, kind, alert.id, payload, moment, alert.borrower)
        connection.execute(
            alert_events.insert(),
            {
                "alert": alert.id, "position": placed.position, "at": moment, "as_of": placed.as_of, "by": by, "act": act,
                "state": placed.state, "severity": placed.severity, "content": content_of(placed), "trail_id": record.id,
            },
        )  # fmt: skip
        return placed

    def _newest(self, caller: Caller, clocks: Clocks | None, borrowers: Collection[str] | None = None) -> Select[Any]:
        known: tuple[Any, ...] = () if clocks is None else (alert_events.c.at <= clocks.known_at,)
        if borrowers is not None:
            known = (*known, alert_events.c.alert.in_(select(alerts.c.id).where(alerts.c.borrower.in_(borrowers))))
        last = (
            select(alert_events.c.alert, func.max(alert_events.c.position).label("position"))
            .where(*known)
            .group_by(alert_events.c.alert)
            .subquery()
        )
        return (
            select(alerts.c.id, alerts.c.borrower, alerts.c.family, alerts.c.opened_at.label("first_at"), alert_events)
            .join(last, last.c.alert == alerts.c.id)
            .join(alert_events, and_(alert_events.c.alert == last.c.alert, alert_events.c.position == last.c.position))
            .where(visible(caller, alerts.c.borrower))
        )


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadRequest("a reason is needed", where="--reason", fix="Say in one sentence why")
    return reason.strip()


def _known(given: Collection[str], known: Collection[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise BadRequest(f"{name!r} is no {what} of an alert", fix=f"Use one of {', '.join(sorted(known))}")
