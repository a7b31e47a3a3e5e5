"""`loanward monitor` and `loanward signals`: the portfolio run, and every signal's verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from integrations.cli.session import DATE, Session, command, progress
from tools.errors import BadRequest

if TYPE_CHECKING:
    from datetime import date


MARKS = {"hit": "●", "clear": "·", "unknown": "?"}
LANGUAGES = click.Choice(["zh", "en"])


@click.command()
@click.option("--engine", default="local", show_default=True, help="Where the run is computed.")
@click.option("--detail", is_flag=True, help="With --json: every verdict and every open proposal.")
@click.option(
    "--rules", "draft", type=click.Path(path_type=Path), help="With --compare: a draft, YAML or a folder of dated entries."
)
@click.option("--rules-as-of", type=DATE, help="With --compare: the rules that hold on this day.")
@click.option("--compare", is_flag=True, help="What would change under these rules. Nothing is changed by it.")
@command
def monitor(session: Session, engine: str, detail: bool, draft: Path | None, rules_as_of: date | None, compare: bool) -> None:
    """Look for early warning signs in every borrower, raise alerts, propose classifications."""
    if compare or draft or rules_as_of:
        _compare(session, draft, rules_as_of, compare)
        return
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


def _compare(session: Session, draft: Path | None, rules_as_of: date | None, compare: bool) -> None:
    if not compare:
        raise BadRequest(
            "a draft or another day's rules never drive real alerts", where="--rules" if draft else "--rules-as-of",
            fix="Add --compare to see what would change; to put rules into force set LOANWARD_RULES_FILE to their file",
        )  # fmt: skip
    if draft is None and rules_as_of is None:
        raise BadRequest("nothing to compare with", where="--compare", fix="Give --rules FILE, --rules-as-of DATE, or both")
    with progress(session, "compare") as show:
        found = session.bank.compare_rules(
            session.caller, session.clocks, session.now, show, draft=draft, rules_as_of=rules_as_of
        )
    if session.as_json:
        session.emit(found.shape())
        return
    from integrations.cli.comparison import compared

    for line in compared(found):
        click.echo(line)


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
