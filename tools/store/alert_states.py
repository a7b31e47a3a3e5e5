"""Which alerts stood on a day: root cause and severity by borrower, from the alerts' own history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, func, select

from tools.domain.callers import Caller
from tools.store.alert_records import LIVE
from tools.store.connection import Database
from tools.store.permissions import visible
from tools.store.schema_monitor import alert_events, alerts, monitor_runs


def standing_on(caller: Caller, database: Database, day: date, known_at: datetime) -> dict[str, list[tuple[str, str]]]:
    """Borrower → (root cause, severity) of his alerts that were open, taken or snoozed at the end of the business date `day`, of what was
    recorded by `known_at`; of borrowers the caller may see."""
    if caller.sees_nothing:
        return {}
    events = alert_events.c
    last = (
        select(events.alert, func.max(events.position).label("position"))
        .where(events.as_of <= day, events.at <= known_at)
        .group_by(events.alert)
        .subquery()
    )
    query = (
        select(alerts.c.borrower, alerts.c.family, events.severity)
        .join(last, last.c.alert == alerts.c.id)
        .join(alert_events, and_(events.alert == last.c.alert, events.position == last.c.position))
        .where(visible(caller, alerts.c.borrower), events.state.in_(LIVE))
        .order_by(alerts.c.borrower, alerts.c.family)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    with database.reading() as connection:
        for row in connection.execute(query):
            found.setdefault(row.borrower, []).append((row.family, row.severity))
    return found


def first_run(database: Database, known_at: datetime) -> date | None:
    """Business date of the earliest recorded run; a date only, so that it needs no caller."""
    query = select(func.min(monitor_runs.c.as_of)).where(monitor_runs.c.recorded_at <= known_at)
    with database.reading() as connection:
        found: date | None = connection.execute(query).scalar_one()
        return found
