"""`loanward dues`: what a borrower, or its whole group, has to pay month by month."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import Session, command


@click.command()
@click.argument("borrower")
@click.option("--months", type=click.IntRange(1, 360), default=12, show_default=True, help="How many months ahead.")
@click.option("--group", is_flag=True, help="With everybody under one control with the borrower.")
@command
def dues(session: Session, borrower: str, months: int, group: bool) -> None:
    """Expected dues of BORROWER's loans by month, per loan and in total."""
    from tools.toolbox.dues_ahead import dues_ahead

    shape: dict[str, Any] = dues_ahead(session.bank.desk(session.caller, session.clocks), borrower, months, group=group).shape()
    if session.as_json:
        session.emit(shape)
        return
    for row in shape["by_month"]:
        parts = [r for r in shape["loans"] if (r["month"], r["currency"]) == (row["month"], row["currency"])]
        said = ", ".join(f"{r['loan']} {Decimal(r['principal']) + Decimal(r['interest']):,.2f}" for r in parts)
        click.echo(
            f"{row['month'][:7]}  principal {_money(row['principal']):>18}  interest {_money(row['interest']):>16} {row['currency']}  {said}"
        )
    for currency, total in shape["total"].items():
        click.echo(f"total    principal {_money(total['principal']):>18}  interest {_money(total['interest']):>16} {currency}")
    for one in shape["unknown"]:
        click.echo(f"{one['loan']}: {one['reason']}")
    if not shape["by_month"]:
        click.echo("Nothing falls due.")


def _money(text: str) -> str:
    return f"{Decimal(text):,.2f}"
