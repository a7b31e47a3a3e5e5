"""`loanward monitor` and `loanward signals`: the portfolio run, and every signal's verdict."""

from __future__ import annotations

from typing import Any

import click

from integrations.cli.session import Session, command, progress

MARKS = {"hit": "●", "clear": "·", "unknown": "?"}
LANGUAGES = click.Choice(["zh", "en"])


@click.command()
@click.option("--engine", default="local", show_default=True, help="Where the run is computed.")
@click.option("--detail", is_flag=True, help="With --json: every verdict and every open proposal.")
@command
def monitor(session: Session, engine: str, detail: bool) -> None:
    """Look for early warning signs in every borrower, raise alerts, propose classifications."""
    with progress(session, "monitor") as show:
        report = session.bank.run_monitor(session.caller, session.clocks, session.now, show, engine=engine, detail=detail)
    if session.as_json:
        session.emit(report.shape(detail))
        return
    shape = report.shape()
    alerts = shape["alerts"]
    click.echo(f"{report.borrowers:,} borrowers with {report.loans:,} loans as of {shape['as_of']}, {report.seconds:.1f} s")
    click.echo(f"Alerts: {alerts['opened']} opened, {alerts['updated']} updated, {alerts['cleared']} cleared, {alerts['open']} open; "
               f"{alerts['held_back']} mild signs kept without an alert")  # fmt: skip
    click.echo(f"Proposals waiting for a second person: {report.proposals}")
    hits = sorted(((id, found) for id, found in shape["signals"].items() if found["hit"]), key=lambda pair: -pair[1]["hit"])
    for id, found in hits:
        click.echo(f"  {id:<8}{found['hit']:>6} hit {found['clear']:>7} clear {found['unknown']:>7} unknown")
    if report.looking_back:
        click.echo("These clocks are earlier than a run already recorded: nothing was changed.")
    elif not report.recorded:
        click.echo("Nothing new since the last run.")
    else:
        click.echo("Go on with: loanward alerts list")


@click.command()
@click.option("--borrower", help="Only this borrower (without: all you may see, as of the last run or now).")
@click.option("--hits", is_flag=True, help="Only signals that fire.")
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="Language of the explanations.")
@command
def signals(session: Session, borrower: str | None, hits: bool, language: str) -> None:
    """Every signal's verdict: hit, clear or unknown, with value, limit and evidence."""
    from tools.toolbox.signals import signal_views

    desk = session.bank.desk(session.caller, session.clocks)
    with progress(session, "signals") as show:
        views: list[dict[str, Any]] = signal_views(desk, borrower, show if borrower is None else None)
    if hits:
        views = [view for view in views if view["verdict"] == "hit"]
    if session.as_json:
        session.emit(views)
        return
    for view in views:
        head = f"{MARKS[view['verdict']]} {view['borrower']:<8}{view['signal']:<8}{view['loan'] or '':<10}"
        if view["verdict"] == "hit":
            click.echo(f"{head}{view['severity']:<8}{view['explanation'].get(language, '')}")
        elif view["verdict"] == "unknown":
            click.echo(f"{head}unknown {', '.join(view['missing']) or view['reason']}")
        else:
            click.echo(f"{head}clear   {view['value'] if view['value'] is not None else ''}")
    if not views:
        click.echo("No signals.")
