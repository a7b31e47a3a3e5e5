"""`loanward import` and `loanward loans`: the loan book comes in, and what each loan owes goes out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from integrations.cli.session import DATE, Session, command, progress

QUIET_DAYS = 14


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--book-date", type=DATE, help="Date the book speaks of; the bank knew it from the start of that day.")
@click.option("--full", is_flag=True, help="Files that are not in the folder mean empty tables, not unchanged ones.")
@command
def import_(session: Session, folder: Path, book_date: date | None, full: bool) -> int:
    """Import a loan book: a FOLDER of CSV or Parquet files."""
    from ingestion.loan_book.importer import import_loan_book

    bank = session.bank
    with progress(session, "import") as show:
        report = import_loan_book(session.caller, folder, bank.store, bank.home, book_date, session.now, full, show)
    shape = report.shape()
    if session.as_json:
        session.emit(shape)
        return report.exit_code
    if shape["unchanged"]:
        click.echo(f"Nothing new: snapshot {shape['snapshot']} of {shape['book_date']} already holds this content.")
    else:
        total = sum(shape["rows"].values())
        click.echo(f"Imported {total:,} rows into snapshot {shape['snapshot']} (book date {shape['book_date']}):")
        for name, rows in shape["rows"].items():
            click.echo(f"  {name:<22}{rows:>12,}")
    for name, columns in shape["unused_columns"].items():
        click.echo(f"Kept but not used: {name}: {', '.join(columns)}")
    if book_date is None and not shape["unchanged"]:
        _ask_for_the_day(session, date.fromisoformat(str(shape["book_date"])))
    rejected = shape["rejected"]
    if rejected:
        click.echo(f"\n{len(rejected):,} rows were rejected; everything else is imported. Mend them and import again:")
        for row in rejected[:20]:
            click.echo(f"  {row['file']} line {row['line']}, {row['column']} = {row['value']!r}: {row['reason']}")
        if len(rejected) > 20:
            click.echo(f"  … and {len(rejected) - 20:,} more (all of them with --json)")
    return report.exit_code


def _ask_for_the_day(session: Session, day: date) -> None:
    """Says so when nothing moved just before the book date: a book taken for newer than it is makes every due since look unpaid."""
    from tools.domain.periods import Clocks

    clocks = Clocks(day, session.now)
    moved = [
        (table, session.bank.loan_book.rows(session.caller, table, clocks, since=since, limit=1, columns=["value_date"]))
        for table in ("loan_transactions", "account_transactions")
        for since in (day - timedelta(days=QUIET_DAYS), None)
    ]
    if any(rows for _, rows in moved[1::2]) and not any(rows for _, rows in moved[::2]):
        session.say(
            f"No payment or movement in the {QUIET_DAYS} days before the book date {day}, which is today because --book-date was not given. "
            "If this book speaks of an earlier day, import it into a new home with --book-date: else every due since then counts as unpaid."
        )


@click.command()
@click.option("--borrower", help="Only this borrower's loans.")
@click.option("--loan", help="Only this loan, with its schedule.")
@command
def loans(session: Session, borrower: str | None, loan: str | None) -> None:
    """Dues, arrears, classification and schedule of loans."""
    from tools.toolbox.loan_states import loan_shapes

    views: list[dict[str, Any]] = loan_shapes(session.bank.desk(session.caller, session.clocks), borrower=borrower, loan=loan)
    if session.as_json:
        session.emit(views)
        return
    if not views:
        click.echo("No loans.")
        return
    click.echo(
        f"{'loan':<10}{'borrower':<10}{'balance':>18} {'rate':>8} {'dpd':>5} {'overdue':>16} {'next due':>12} {'amount':>16}  class"
    )
    for view in views:
        due = view["next_due"] or {}
        owed = _sum(due.get("principal"), due.get("interest"))
        proposed = view["classification"]
        word = proposed["current"] or "-"
        if proposed["proposed"] and proposed["proposed"] != proposed["current"]:
            word += f" → {proposed['proposed']} proposed"
        click.echo(
            f"{view['loan']:<10}{view['borrower']:<10}{_money(view['balance'], view['currency']):>18} {_percent(view['rate']):>8} "
            f"{_dash(view['dpd']):>5} {_money(view['overdue']['total'], ''):>16} {due.get('date') or '-':>12} {_money(owed, ''):>16}  {word}"
        )
    for row in (views[0].get("schedule") or []) if loan else []:
        click.echo(
            f"  {row['date']}  principal {_money(row['principal'], ''):>16}  interest {_money(row['interest'], ''):>14}  "
            f"paid {_money(row['paid_principal'], '')} + {_money(row['paid_interest'], '')}  ({row['source']})"
        )


def _dash(value: Any) -> str:
    return "?" if value is None else str(value)


def _money(text: str | None, currency: str) -> str:
    if text is None:
        return "?"
    from decimal import Decimal

    return f"{Decimal(text):,.2f} {currency}".strip()


def _percent(text: str | None) -> str:
    from decimal import Decimal

    return "?" if text is None else f"{Decimal(text) * 100:.2f}%"


def _sum(first: str | None, second: str | None) -> str | None:
    from decimal import Decimal

    return None if first is None or second is None else str(Decimal(first) + Decimal(second))
