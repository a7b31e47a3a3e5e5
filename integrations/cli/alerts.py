"""`loanward alerts`: list, show, take, snooze and close what the monitor raised."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from integrations.cli.session import DATE, Session, command
from tools.errors import BadRequest

LANGUAGES = click.Choice(["zh", "en"])


@click.group()
def alerts() -> None:
    """Work the alerts."""


@alerts.command("list")
@click.option("--borrower", help="Only this borrower.")
@click.option(
    "--state", "states", multiple=True, help="open, taken, snoozed, cleared or closed (default: the first three; `all`)."
)
@click.option("--severity", "severities", multiple=True, help="red, orange or yellow.")
@click.option("--owner", help="Only those of this officer.")
@click.option("--language", type=LANGUAGES, help="Default: the borrower's own.")
@command
def list_(
    session: Session,
    borrower: str | None,
    states: tuple[str, ...],
    severities: tuple[str, ...],
    owner: str | None,
    language: str | None,
) -> None:
    """Alerts, worst and oldest first."""
    desk = session.bank.desk(session.caller, session.clocks)
    who = desk.borrower(borrower).id if borrower else None
    wanted = () if "all" in states else states or None
    found = session.bank.store.alerts.list(
        session.caller, borrower=who, states=wanted, severities=severities or None, owner=owner, clocks=session.clocks
    )
    if session.as_json:
        session.emit([alert.shape(language) for alert in found])
        return
    for alert in found:
        shape = alert.shape(language)
        click.echo(
            f"{alert.id}  {alert.severity:<7}{alert.state:<8}{alert.borrower:<8}{shape['owner'] or '-':<7}due {shape['due'] or '-'}"
        )
        click.echo(f"    {shape['title']}")
        click.echo(f"    {shape['explanation']}")
    if not found:
        click.echo("No alerts.")


@alerts.command("show")
@click.argument("alert")
@click.option("--language", type=LANGUAGES, help="Default: the borrower's own.")
@command
def show(session: Session, alert: str, language: str | None) -> None:
    """One alert with its evidence and history."""
    store = session.bank.store
    found = store.alerts.get(session.caller, alert, session.clocks)
    if found is None:
        raise BadRequest(f"no alert {alert!r}", fix="See `loanward alerts list`")
    history = store.alerts.history(session.caller, alert, session.clocks)
    shape = found.shape(language) | {"history": [event.shape() for event in history]}
    if session.as_json:
        session.emit(shape)
        return
    click.echo(
        f"{shape['title']}   {found.id} · {found.severity} · {found.state} · owner {shape['owner'] or '-'} · due {shape['due'] or '-'}"
    )
    click.echo(shape["explanation"])
    for action in shape["actions"]:
        click.echo(
            f"  → {action['act']} {action['name_zh'] if (language or found.language) == 'zh' else action['name_en']} (by {action['due']})"
        )
    for figure in shape["figures"]:
        click.echo(f"  figure {figure['name']} {figure['period_end']} = {figure['value']}  {figure['id']}")
    for item in shape["evidence"]:
        click.echo(f"  {item['kind']} {_placed(item)}")
    for event in shape["history"]:
        reason = f" · {event['reason']}" if event["reason"] else ""
        click.echo(
            f"  {event['at'][:16]} {event['act']} by {event['by']} ({event['state']}, {event['severity']}){reason}  {event['trail_id']}"
        )


@alerts.command("take")
@click.argument("alert")
@click.option("--owner", help="Give it to this officer (managers).")
@command
def take(session: Session, alert: str, owner: str | None) -> None:
    """Work on it yourself from now on."""
    _done(session, session.bank.store.alerts.take(session.caller, alert, session.now, owner))


@alerts.command("snooze")
@click.argument("alert")
@click.option("--until", type=DATE, required=True, help="Quiet until the end of this day, unless it gets worse.")
@click.option("--reason", required=True, help="Why.")
@command
def snooze(session: Session, alert: str, until: date, reason: str) -> None:
    """Keep it quiet for a while."""
    _done(session, session.bank.store.alerts.snooze(session.caller, alert, until, reason, session.now))


@alerts.command("close")
@click.argument("alert")
@click.option("--outcome", required=True, help="true, false, duplicate or accepted_risk.")
@click.option("--reason", required=True, help="What was found.")
@command
def close(session: Session, alert: str, outcome: str, reason: str) -> None:
    """Settle it."""
    _done(session, session.bank.store.alerts.close(session.caller, alert, outcome, reason, session.now))


def _done(session: Session, alert: Any) -> None:
    if session.as_json:
        session.emit(alert.shape())
    else:
        click.echo(f"{alert.id}: {alert.state}, owner {alert.owner or '-'}.")


def _placed(item: dict[str, Any]) -> str:
    if item["kind"] == "row":
        return f"{item['table']} {item['id']}"
    place = f"page {item['page']}" if item.get("page") else item.get("locator") or ""
    return f"{item['id']}  {item['document']} {place}"
