"""`loanward brief` and `loanward briefs`: the monthly brief of one borrower, or of everyone the caller may see."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session, command, progress

if TYPE_CHECKING:
    from assistant.briefs.model import Link, Source
    from assistant.briefs.service import Format, Language

FORMATS = ("html", "docx", "pdf", "md")
LANGUAGES = ("zh", "en", "both")


@click.command()
@click.argument("borrower")
@click.option("--month", required=True, help="The month, as 2026-10.")
@click.option("--format", "format", type=click.Choice(FORMATS), help="Default: what -o ends in, else html.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the borrower's.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; - for stdout (md and html).")
@command
def brief(
    session: Session, borrower: str, month: str, format: Format | None, language: Language | None, output: Path | None
) -> int:
    """Write the monthly brief of BORROWER: verdict, changes, figures, covenants, dues, actions, gaps, evidence."""
    from assistant.briefs.service import month_of
    from assistant.briefs.shelf import file_name, folder_of, put

    ending = output.suffix.lstrip(".").lower() if output else ""
    chosen: Format = format or (ending if ending in FORMATS else "html")  # type: ignore[assignment]
    session.bank.briefs.link = _link(session)
    written = session.bank.briefs.write(session.caller, borrower, month, session.clocks, session.now, language)
    content = written.content(chosen)
    if output is not None and str(output) == "-":
        sys.stdout.buffer.write(content)
        return 1 if written.dropped else 0
    path = output or folder_of(session.settings.home, month_of(month)) / file_name(written.first.borrower, language, chosen)
    sha256 = put(path, content)
    if session.as_json:
        session.emit(written.shape(path, sha256))
    else:
        from assistant.briefs.citations import CITED

        click.echo(f"{written.first.name} {written.first.month}: {written.first.level_text}")
        for line in written.first.verdict:
            click.echo(f"  {CITED.sub('', line.text)}")
        click.echo(f"{path}")
        for entry in (d for made in written.briefs for d in made.dropped):
            session.say(f"left out of {entry['section']}: {entry['text'].strip()[:120]} ({entry['found']})")
    return 1 if written.dropped else 0


@click.command()
@click.option("--month", required=True, help="The month, as 2026-10.")
@click.option("--format", "formats", type=click.Choice(FORMATS), multiple=True, default=("html",), show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: each borrower's.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder (default: briefs/MONTH in the home folder).",
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that write.")
@click.option("--again", is_flag=True, help="Write also those that are up to date.")
@command
def briefs(
    session: Session,
    month: str,
    formats: tuple[Format, ...],
    language: Language | None,
    output: Path | None,
    workers: int,
    again: bool,
) -> int:
    """Write the briefs of everyone you may see. A stopped run goes on where it was."""
    from assistant.briefs.service import month_of
    from assistant.briefs.shelf import Order, folder_of, write_all

    first = month_of(month)
    folder = output or folder_of(session.settings.home, first)
    order = Order(first, session.clocks, formats, language, folder, session.settings.user, session.now, _link(session))
    session.bank.briefs.link = order.link
    with progress(session, f"briefs {month}") as show:
        outcome = write_all(session.bank, session.caller, order, workers=workers, again=again, progress=show)
    if session.as_json:
        session.emit({"month": month, "folder": str(folder), **outcome.shape()})
    else:
        click.echo(f"{len(outcome.written)} written, {len(outcome.kept)} up to date, {len(outcome.failed)} failed in {folder}")
        for level in ("red", "orange", "yellow", "unknown"):
            ids = [str(shape["borrower"]) for shape in outcome.written if shape["level"] == level]
            if ids:
                click.echo(f"  {level}: {', '.join(ids)}")
    for borrower, problem in outcome.failed.items():
        session.say(f"{borrower}: {problem}")
    return 1 if outcome.failed or any(shape["dropped"] for shape in outcome.written) else 0


def _link(session: Session) -> Link | None:
    """Sources open in the console, where the bank has said where that is."""
    if "console_url" not in session.settings.model_fields_set:
        return None
    return partial(_address, session.settings.console_url)


def _address(base_url: str, source: Source) -> str | None:
    from integrations.links import Links

    if source.sha256 is None:
        return None
    links = Links(base_url)
    return (
        links.page(source.sha256, source.page, source.box, locator=source.locator)
        if source.page
        else links.document(source.sha256)
    )
