"""`loanward rating`: a borrower's grade by the scorecard, with what cost points, and its proposal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import Session, command


@click.command()
@click.argument("borrower")
@click.option("--propose", is_flag=True, help="Put the grade to a second person; you are its maker.")
@command
def rating(session: Session, borrower: str, propose: bool) -> None:
    """Rate BORROWER by the scorecard: points, grade, reasons, and the bank's own rating beside it."""
    from tools.toolbox.ratings import propose_rating, rating_of

    desk = replace(session.bank.desk(session.caller, session.clocks), now=session.now)
    view = rating_of(desk, borrower)
    made = propose_rating(desk, view) if propose else None
    shape: dict[str, Any] = {**view.shape(), "proposal": made.id if made else None}
    if session.as_json:
        session.emit(shape)
        return
    known = f"{Decimal(shape['known']) * 100:.0f}% of the points known"
    if shape["grade"] is None:
        click.echo(f"{shape['borrower']}: no grade, {known}; missing {', '.join(shape['missing'])}")
    else:
        click.echo(
            f"{shape['borrower']}: {shape['grade']}  {shape['points']} of {shape['of']} points  ({shape['scorecard']}, {known})"
        )
        click.echo(f"  the bank's rating: {shape['current'] or '-'}{_apart(shape['worse_by'])}")
    for cap in shape["caps"]:
        click.echo(f"  {cap['code']:<14}{cap['grade']} at best: {cap['name']['en']}")
    for one in shape["characteristics"]:
        value = "missing" if one["missing"] else f"{Decimal(one['value']):,.4f}" if one["value"] is not None else one["reason"]
        mark = "◂" if one["code"] in {reason["code"] for reason in shape["reasons"]} else ""
        click.echo(f"  {one['code']:<8}{one['name']['en']:<34}{value:>18}{one['points']:>6} of {one['of']:<4}{mark}")
    if made:
        click.echo(f"Proposal {made.id} waits for a second person.")


def _apart(grades: int | None) -> str:
    if grades is None or grades == 0:
        return ""
    return f", {abs(grades)} grade{'s' if abs(grades) > 1 else ''} {'better' if grades > 0 else 'worse'} than the card"
