"""`loanward proposals`: what waits for a second person, and the decision."""

from __future__ import annotations

from collections.abc import Sequence

import click

from integrations.cli.session import Session, command

MOST = 6
"""Rules of one proposal in a table; --json has all."""


@click.group()
def proposals() -> None:
    """Second-person decisions."""


@proposals.command("list")
@click.option("--borrower", help="Only this borrower.")
@click.option("--state", "states", multiple=True, help="open, approved, rejected or withdrawn (default: open; `all`).")
@command
def list_(session: Session, borrower: str | None, states: tuple[str, ...]) -> None:
    """Proposals, newest first."""
    desk = session.bank.desk(session.caller, session.clocks)
    who = desk.borrower(borrower).id if borrower else None
    wanted = None if "all" in states else states or ("open",)
    found = session.bank.store.proposals.list(session.caller, borrower=who, states=wanted, clocks=session.clocks)
    if session.as_json:
        session.emit([proposal.shape() for proposal in found])
        return
    for made in found:
        click.echo(f"{made.id}  {made.borrower:<8}{made.loan or '-':<10}{made.kind}: {made.current or '-'} → {made.proposed}  "
                   f"({_rules(made.rules)})  by {made.by}, {made.state}{f', confirmed by {made.confirmed_by}' if made.confirmed_by else ''}")  # fmt: skip
        if made.explanation:
            click.echo(f"    {made.explanation.get('zh', '')}")
    if not found:
        click.echo("No proposals.")


def _rules(rules: Sequence[str]) -> str:
    rest = f" and {len(rules) - MOST} more" if len(rules) > MOST else ""
    return ", ".join(rules[:MOST]) + rest


@proposals.command("confirm")
@click.argument("proposal")
@click.option("--reason", required=True, help="Why.")
@command
def confirm(session: Session, proposal: str, reason: str) -> None:
    """Stand by a proposal (认定) before a third person decides it."""
    done = session.bank.store.proposals.confirm(session.caller, proposal, reason, session.now)
    if session.as_json:
        session.emit(done.shape())
    else:
        click.echo(f"{done.id}: confirmed by {done.confirmed_by}, waits for a decision.")


@proposals.command("approve")
@click.argument("proposal")
@click.option("--reason", required=True, help="Why.")
@command
def approve(session: Session, proposal: str, reason: str) -> None:
    """Approve a colleague's or the monitor's proposal."""
    _decide(session, proposal, reason, approved=True)


@proposals.command("reject")
@click.argument("proposal")
@click.option("--reason", required=True, help="Why.")
@command
def reject(session: Session, proposal: str, reason: str) -> None:
    """Reject it."""
    _decide(session, proposal, reason, approved=False)


def _decide(session: Session, proposal: str, reason: str, *, approved: bool) -> None:
    done = session.bank.store.proposals.decide(session.caller, proposal, approved, reason, session.now)
    if session.as_json:
        session.emit(done.shape())
    else:
        click.echo(f"{done.id}: {done.state} by {done.decided_by}.")
