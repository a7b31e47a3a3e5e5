"""`loanward effectiveness`: what the warnings were worth, by what happened afterwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import DATE, Session, command


@click.command()
@click.option("--since", type=DATE, help="First month looked at (default: the first with a monitor run, three years at most).")
@command
def effectiveness(session: Session, since: date | None) -> None:
    """Precision, recall, false alerts and lead time of alerts against arrears, restructuring and enforcement within a year."""
    from tools.toolbox.effectiveness import effectiveness_of

    shape = effectiveness_of(session.bank.desk(session.caller, session.clocks), since).shape()
    if session.as_json:
        session.emit(shape)
        return
    if shape["overall"] is None:
        click.echo(f"Not computable because {', '.join(shape['missing'])} are missing.")
        return
    click.echo(f"{len(shape['months'])} month ends from {shape['months'][0]}, horizon {shape['horizon_months']} months")
    click.echo(f"{'':<28}{'warned':>8}{'fell':>6}{'precision':>11}{'recall':>9}{'F1':>9}{'false':>9}{'lead':>8}  undecided")
    for name, row in [("all orange and red alerts", shape["overall"]), *((one["name"], one) for one in shape["families"])]:
        warned = row["true_positive"] + row["false_positive"]
        lead = "-" if row["median_lead_days"] is None else f"{Decimal(row['median_lead_days']):.0f} d"
        shares = "".join(
            f"{_share(row[key]):>{width}}"
            for key, width in (("precision", 11), ("recall", 9), ("f1", 9), ("false_alert_rate", 9))
        )
        click.echo(
            f"{name:<28}{warned:>8}{row['true_positive'] + row['false_negative']:>6}{shares}{lead:>8}  {row['undecided']}"
        )
    click.echo(
        "Units are borrowers at month ends who had not fallen; undecided ones have months to come and count for nothing."
    )


def _share(value: Any) -> str:
    return "-" if value is None else f"{Decimal(value) * 100:.1f}%"
