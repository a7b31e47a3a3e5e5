"""`loanward covenants`: tests with their headroom, and the life of a covenant: confirm, waive, reset."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from integrations.cli.session import DATE, Session, command
from tools.errors import BadRequest


class CovenantGroup(click.Group):
    """Without a subcommand it shows tests, so that `loanward covenants --borrower C001` works."""


@click.group(cls=CovenantGroup, invoke_without_command=True)
@click.pass_context
@click.option("--borrower", help="Only this borrower.")
@click.option("--all-dates", is_flag=True, help="Every test date, not only the latest due one.")
@click.option("--proposed", is_flag=True, help="Covenants read from contracts that nobody has confirmed yet.")
@command
def covenants(session: Session, context: click.Context, borrower: str | None, all_dates: bool, proposed: bool) -> None:
    """Covenant tests and headroom."""
    if context.invoked_subcommand is not None:
        return
    from tools.toolbox.covenants import covenant_views

    views: list[dict[str, Any]] = covenant_views(
        session.bank.desk(session.caller, session.clocks), borrower=borrower, all_dates=all_dates, proposed=proposed
    )
    if session.as_json:
        session.emit(views)
        return
    for view in views:
        actual = _number(view["actual"])
        headroom = f"{Decimal(view['headroom']) * 100:.2f}%" if view["headroom"] is not None else "-"
        click.echo(
            f"{view['covenant']:<8}{view['borrower']:<8}{view['name'][:34]:<36}{view['operator'] or '':<3}{_number(view['threshold']):>14} "
            f"{view['test_date'] or '-':>11} {actual:>14} {headroom:>9}  {view['status']}"
        )
    if not views:
        click.echo("No covenants.")


@covenants.command("confirm")
@click.argument("covenant")
@command
def confirm(session: Session, covenant: str) -> None:
    """Confirm a covenant read from a contract: from then on it is tested."""
    _act(session, "confirm", covenant)


@covenants.command("waive")
@click.argument("covenant")
@click.option("--until", type=DATE, required=True, help="Tests up to this day are waived.")
@click.option("--reason", required=True, help="Why.")
@command
def waive(session: Session, covenant: str, until: date, reason: str) -> None:
    """Record a waiver: it suspends tests, it does not change the limit."""
    _act(session, "waive", covenant, until=until, reason=reason)


@covenants.command("reset")
@click.argument("covenant")
@click.option("--threshold", required=True, help="The new limit, as a plain decimal.")
@click.option("--from", "first", type=DATE, required=True, help="First day it applies.")
@click.option("--reason", required=True, help="Why.")
@command
def reset(session: Session, covenant: str, threshold: str, first: date, reason: str) -> None:
    """Record a new limit from a day on: earlier tests keep the old one."""
    try:
        limit = Decimal(threshold)
    except InvalidOperation:
        raise BadRequest(
            f"{threshold!r} is not a number", where="--threshold", fix="Write a plain decimal such as 3.75"
        ) from None
    _act(session, "reset", covenant, threshold=limit, first=first, reason=reason)


def _act(session: Session, act: str, covenant: str, **details: Any) -> None:
    from tools.toolbox.covenant_life import change_covenant

    done = change_covenant(session.bank.desk(session.caller, session.clocks), act, covenant, session.now, **details)
    if session.as_json:
        session.emit(done)
    else:
        click.echo(f"{covenant}: {act} recorded ({done['trail_id']}).")


def _number(text: str | None) -> str:
    if text is None:
        return "-"
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,.2f}" if abs(value) >= 1000 else f"{value:.4f}"
