"""`loanward correct`: a recorded, reversible correction of one fact or of how a caption is mapped."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session, command
from tools.errors import BadRequest

if TYPE_CHECKING:
    from tools.store.corrections import Correction

REASON = click.option("--reason", required=True, help="Why; it is kept in the trail.")


@click.group()
def correct() -> None:
    """Correct a fact; the old value stays visible and every correction can be reversed."""


@correct.command("value")
@click.argument("fact")
@click.argument("value")
@REASON
@command
def value(session: Session, fact: str, value: str, reason: str) -> None:
    """Give FACT another VALUE (currency units, a plain decimal)."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadRequest(f"{value!r} is not a number", fix="Write a plain decimal in currency units") from None
    _say(session, session.bank.store.corrections.value(session.caller, fact, number, reason, session.now))


@correct.command("mapping")
@click.argument("fact")
@click.argument("item")
@REASON
@command
def mapping(session: Session, fact: str, item: str, reason: str) -> None:
    """Say that FACT is line item ITEM."""
    if item not in session.bank.rulebook.items:
        raise BadRequest(f"there is no line item {item}", fix="Find its id with: loanward explain NAME")
    _say(session, session.bank.store.corrections.mapping(session.caller, fact, item, reason, session.now))


@correct.command("withdraw")
@click.argument("fact")
@REASON
@command
def withdraw(session: Session, fact: str, reason: str) -> None:
    """Say that FACT is no value at all."""
    _say(session, session.bank.store.corrections.withdraw(session.caller, fact, reason, session.now))


@correct.command("reverse")
@click.argument("correction")
@REASON
@command
def reverse(session: Session, correction: str, reason: str) -> None:
    """Take CORRECTION back."""
    _say(session, session.bank.store.corrections.reverse(session.caller, correction, reason, session.now))


@correct.command("list")
@click.option("--borrower", help="Only this borrower.")
@command
def list_(session: Session, borrower: str | None) -> None:
    """Every correction."""
    found = session.bank.store.corrections.list(session.caller, borrower)
    if session.as_json:
        session.emit([_shape(correction) for correction in found])
        return
    for correction in found:
        click.echo(_line(correction))
    if not found:
        click.echo("No corrections.")


def _say(session: Session, correction: Correction) -> None:
    if session.as_json:
        session.emit(_shape(correction))
    else:
        click.echo(_line(correction))


def _shape(correction: Correction) -> dict[str, str | None]:
    return {
        "correction": correction.id,
        "kind": correction.kind,
        "borrower": correction.borrower,
        "fact": correction.fact_id,
        "old": correction.old,
        "new": correction.new,
        "reason": correction.reason,
        "by": correction.by,
        "at": correction.at.isoformat(),
        "reversed_at": correction.reversed_at.isoformat() if correction.reversed_at else None,
    }


def _line(correction: Correction) -> str:
    taken = " (reversed)" if correction.reversed_at else ""
    return f"{correction.id}  {correction.kind} of {correction.fact_id}: {correction.old} → {correction.new or 'nothing'}, {correction.reason}{taken}"
