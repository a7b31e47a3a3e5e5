"""`loanward exposure` and `loanward guarantees`: what stands behind a borrower, and who stands behind whom around it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import Session, command


@click.command()
@click.argument("borrower")
@command
def exposure(session: Session, borrower: str) -> None:
    """Exposure of BORROWER after collateral, insurance, risk sharing and guarantors, with provisions."""
    shape: dict[str, Any] = session.bank.desk(session.caller, session.clocks).exposure(borrower).shape()
    if session.as_json:
        session.emit(shape)
        return
    click.echo(f"{shape['borrower']} as of {shape['as_of']}")
    click.echo(f"{'loan':<8}{'exposure':>18}{'covered':>18}{'uncovered':>18}{'provision':>16}{'booked':>16}  category")
    for loan in shape["loans"]:
        covered = sum((Decimal(amount) for amount in loan["covered"].values()), Decimal(0))
        provision = loan["provision"]
        click.echo(
            f"{loan['loan']:<8}{_money(loan['exposure']):>18}{covered:>18,.2f}{_money(loan['uncovered']):>18}{_money(provision['required']):>16}"
            f"{_money(provision['booked']):>16}  {loan['category'] or '?'} {loan['currency']}"
        )
        for kind, amount in loan["covered"].items():
            click.echo(f"{'':<26}{kind:<18}{_money(amount):>18}")
    for item in shape["mitigants"]:
        lost = ", ".join(
            f"{part['reason']} {Decimal(part['share']) * 100:.1f}%" for part in item["lost"] if Decimal(part["share"])
        )
        flags = " ".join(item["flags"])
        click.echo(
            f"  {item['kind']:<17}{item['mitigant']:<9}{_money(item['value']):>16} counts {_money(item['counts']):>16} {item['currency'] or ''}"
            f"  {lost}  {flags}".rstrip()
        )
    for currency, amount in shape["totals"]["uncovered"].items():
        ltv = shape["ltv"].get(currency)
        said = f", loan to value {Decimal(ltv) * 100:.2f}%" if ltv else ""
        click.echo(f"uncovered {_money(amount)} {currency} of {_money(shape['totals']['exposure'][currency])}{said}")


@click.command()
@click.argument("borrower")
@command
def guarantees(session: Session, borrower: str) -> None:
    """Guarantees around BORROWER: its circle, what the circle owes us, whom its fall reaches, related parties."""
    shape: dict[str, Any] = session.bank.desk(session.caller, session.clocks).guarantees(borrower).shape()
    if session.as_json:
        session.emit(shape)
        return
    if shape["circle"]:
        click.echo(f"circle: {' → '.join(_name(one) for one in shape['circle']['ring'])}")
    for word in ("given", "received"):
        for one in shape[word]:
            until = f" until {one['end']}" if one["end"] else ""
            click.echo(
                f"{word:<9}{_name(one['guarantor'])} → {_name(one['debtor'])}  {_money(one['amount'])} {one['currency'] or ''}{until}"
            )
    for currency, amount in shape["at_risk"].items():
        click.echo(f"at risk  {_money(amount)} {currency} in the {'circle' if shape['circle'] else 'component'}")
    for one in shape["troubled"]:
        click.echo(f"non-performing: {_name(one)}")
    for one in shape["contagion"]:
        click.echo(f"reaches  {' → '.join(_name(step) for step in one['path'])}: asked for {_money(one['called'])}")
    for one in shape["related"]:
        click.echo(f"related  {_name(one)}: {', '.join(one['relations'])}")


def _name(party: dict[str, Any]) -> str:
    return f"{party['name']} ({party['id']})" if party["id"] else str(party["name"])


def _money(text: str | None) -> str:
    return "?" if text is None else f"{Decimal(text):,.2f}"
