"""`loanward transactions`, `papers` and `contradictions`: what other papers say, and what does not agree."""

from __future__ import annotations

from datetime import date

import click

from integrations.cli.session import DATE, Session, command

KINDS = click.Choice([
    "vat_invoice", "commercial_invoice", "purchase_contract", "delivery_note", "receipt", "vat_return", "income_tax_return", "tax_certificate",
    "vat_invoice_list", "electricity_bill", "water_bill", "credit_report", "compliance_certificate",
])  # fmt: skip


@click.command()
@click.option("--borrower", required=True, help="Whose accounts.")
@click.option("--account", help="Only the account whose number ends like this.")
@click.option("--from", "first", type=DATE, help="From this day.")
@click.option("--to", "last", type=DATE, help="To this day.")
@click.option("--all", "everything", is_flag=True, help="Also lines another statement printed already.")
@command
def transactions(
    session: Session, borrower: str, account: str | None, first: date | None, last: date | None, everything: bool
) -> None:
    """Movements read from statements of account, each with its page and box or cell."""
    from tools.domain.account_lines import line_shape

    bank = session.bank
    who = bank.desk(session.caller, session.clocks).borrower(borrower)
    found = bank.store.papers.lines(session.caller, who.id, session.clocks, first=first, last=last)
    found = [line for line in found if everything or line.duplicate_of is None]
    if account:
        found = [line for line in found if (line.account_number or "").endswith(account)]
    if session.as_json:
        session.emit([line_shape(line) for line in found])
        return
    for line in found:
        place = f"p.{line.source.page}" if line.source.page else line.source.locator or ""
        twin = "  (again)" if line.duplicate_of else ""
        number = f"…{line.account_number[-4:]}" if line.account_number else "?"
        balance = f"{line.balance_after:,}" if line.balance_after is not None else ""
        click.echo(
            f"{line.value_date}  {number:<6}{line.direction:<4}{line.amount:>18,} {line.currency or '?'} {balance:>20}  "
            f"{line.counterparty_name or ''}  {line.memo or ''}  {line.source.document} {place}{twin}"
        )
    if not found:
        click.echo("No movements. Ingest a statement of account first.")


@click.command()
@click.option("--borrower", required=True, help="Whose papers.")
@click.option("--kind", "kinds", type=KINDS, multiple=True, help="Only these kinds.")
@command
def papers(session: Session, borrower: str, kinds: tuple[str, ...]) -> None:
    """Invoices, purchase contracts, deliveries, bills, tax returns and credit reports as records."""
    from tools.domain.paper_records import record_shape

    bank = session.bank
    who = bank.desk(session.caller, session.clocks).borrower(borrower)
    found = bank.store.papers.records(session.caller, who.id, session.clocks, kinds)
    if session.as_json:
        session.emit([record_shape(record) for record in found])
        return
    for record in found:
        amount = f"{record.amount:,} {record.currency or '?'}" if record.amount is not None else ""
        state = "" if record.state == "normal" else f"  {record.state}"
        click.echo(
            f"{record.date or record.period_end or '?'!s:<12}{record.kind:<20}{record.number or '':<24}{amount:>22}  {record.party or ''}"
            f"{state}  {record.source.document}"
        )
    if not found:
        click.echo("No such papers.")


@click.command()
@click.option("--borrower", required=True, help="Whose notes, statements, papers and accounts.")
@command
def contradictions(session: Session, borrower: str) -> None:
    """What does not agree: visits, statements, meters, papers, the book; both sources named."""
    desk = session.bank.desk(session.caller, session.clocks)
    found = desk.contradictions(borrower)
    if session.as_json:
        session.emit([one.shape() for one in found])
        return
    for one in found:
        click.echo(f"{one.severity:<7}{one.rule}  {one.title['en']} / {one.title['zh']}")
        for claim in one.claims:
            source = claim.source
            place = (
                f"{source.document} {f'page {source.page}' if source.page else source.locator or ''}" if source else claim.id
            )
            said = f"[{claim.said_by}] " if claim.said_by else ""
            click.echo(f"         {said}{claim.text}  ({place})")
    if not found:
        click.echo("Nothing contradicts anything else.")
