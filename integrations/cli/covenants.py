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
@click.option("--calendar", is_flag=True, help="What falls due: tests, statements, ends of grace and cure, new limits.")
@click.option("--from", "since", type=DATE, help="First day of the calendar (default: the business date).")
@click.option("--until", type=DATE, help="Last day of the calendar (default: half a year on).")
@command
def covenants(
    session: Session,
    context: click.Context,
    borrower: str | None,
    all_dates: bool,
    proposed: bool,
    calendar: bool,
    since: date | None,
    until: date | None,
) -> None:
    """Covenant tests and headroom."""
    if context.invoked_subcommand is not None:
        return
    if calendar:
        _calendar(session, borrower, since, until)
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
        status = view["status"] or view["state"]
        if view["early"]:
            status += f" (statements already show: {view['early']})"
        click.echo(
            f"{view['covenant']:<11}{view['borrower']:<8}{view['name'][:34]:<36}{view['operator'] or '':<3}{_number(view['threshold']):>14} "
            f"{view['test_date'] or '-':>11} {actual:>14} {headroom:>9}  {status}"
        )
    if not views:
        click.echo("No covenants.")


@covenants.command("edits")
@click.option("--borrower", help="Only this borrower.")
@command
def edits(session: Session, borrower: str | None) -> None:
    """What amendments and waivers change, clause by clause, and the covenants they mean."""
    from tools.toolbox.contract_edits import contract_edits

    desk = session.bank.desk(session.caller, session.clocks)
    found = contract_edits(desk, desk.borrower(borrower).id if borrower else None)
    if session.as_json:
        session.emit([edit.shape() for edit in found])
        return
    for edit in found:
        place = f"page {edit.page}" if edit.page else edit.locator or ""
        meant = ", ".join(edit.covenants) or "no covenant on file"
        new = f" → {', '.join(edit.replaced_by)}" if edit.replaced_by else ""
        click.echo(f"{edit.borrower:<10}{edit.kind:<10}{edit.clause:<24}{meant}{new}  {edit.document} {place}")
    if not found:
        click.echo("No amendments or waivers.")


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


@covenants.command("certificates")
@click.argument("borrower")
@command
def certificates(session: Session, borrower: str) -> None:
    """Hold BORROWER's compliance certificates against our own tests, difference by difference."""
    from tools.toolbox.certificates import checked_certificates

    found = [one.shape() for one in checked_certificates(session.bank.desk(session.caller, session.clocks), borrower)]
    if session.as_json:
        session.emit(found)
        return
    for one in found:
        verdict = {True: "agrees", False: "differs", None: "cannot be recomputed in full"}[one["agrees"]]
        click.echo(f"{one['document']} ({one['period_end']}): {verdict}")
        for row in one["rows"]:
            kinds = ", ".join(d["kind"] for d in row["differences"]) or "-"
            click.echo(
                f"  {row['covenant'] or '?':<8}{row['label'][:34]:<36}certified {_number(row['stated']):>16} {row['stated_verdict']:<8}"
                f"ours {_number(row['actual']):>16} {row['status'] or '?':<14}{kinds}"
            )
        for part in one["workings"]:
            remark = f"  ({part['remark']})" if part["remark"] else ""
            click.echo(
                f"  {'used':<8}{part['label'][:34]:<36}{_number(part['stated']):>26} {'':<8}ours {_number(part['actual']):>16} "
                f"difference {_number(part['difference'])}{remark}"
            )
    if not found:
        click.echo("No compliance certificates.")


def _calendar(session: Session, borrower: str | None, since: date | None, until: date | None) -> None:
    from tools.toolbox.appointments import falling_due

    found = [
        one.shape(session.clocks.as_of)
        for one in falling_due(session.bank.desk(session.caller, session.clocks), borrower, since, until)
    ]
    if session.as_json:
        session.emit(found)
        return
    for one in found:
        limit = f"limit {one['limit']}" if one["limit"] and one["what"] in ("test", "limit_changes") else ""
        state = "late" if one["late"] else f"received {one['received']}" if one["received"] else ""
        click.echo(
            f"{one['date']}  {one['borrower']:<8}{one['covenant'] or '-':<9}{one['what']:<14}{one['name'][:30]:<32}{one['test_date'] or '':<12}{limit} {state}".rstrip()
        )
    if not found:
        click.echo("Nothing falls due.")


@covenants.command("cure")
@click.argument("covenant")
@click.option("--test", type=DATE, required=True, help="Date of the test that is cured.")
@click.option("--amount", required=True, help="What the owner put in, as a plain decimal in currency units.")
@click.option(
    "--kind", type=click.Choice(["equity", "prepayment"]), required=True, help="Counted as earnings, or used to prepay."
)
@click.option("--reason", required=True, help="What was agreed.")
@command
def cure(session: Session, covenant: str, test: date, amount: str, kind: str, reason: str) -> None:
    """Record the owner's money that cures one breach: it changes that test's verdict, not its figure."""
    try:
        money = Decimal(amount)
    except InvalidOperation:
        raise BadRequest(f"{amount!r} is not a number", where="--amount", fix="Write a plain decimal such as 600000") from None
    _act(session, "cure", covenant, test=test, amount=money, kind=kind, reason=reason)


@covenants.command("find")
@click.argument("covenant")
@click.option("--kept/--broken", "kept", required=True, default=None, help="Whether the borrower keeps it.")
@click.option("--on", "day", type=DATE, required=True, help="The day it was looked at.")
@click.option("--reason", required=True, help="What was seen, or which leave was given.")
@command
def find(session: Session, covenant: str, kept: bool, day: date, reason: str) -> None:
    """Record what a person found of a duty without figures, or of an act that needs leave."""
    _act(session, "find", covenant, kept=kept, day=day, reason=reason)


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
