"""`loanward ask`, `chat` and `search`: a question in, a verified answer with its pages out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from integrations.cli.session import DATE, Session, command, nonempty
from tools.errors import LoanwardError

if TYPE_CHECKING:
    from assistant.results import AskResult


@click.command()
@click.argument("question")
@click.option("--thread", help="Continue this thread of yours.")
@click.option("--borrower", help="The borrower the question is about, when it does not say.")
@command
def ask(session: Session, question: str, thread: str | None, borrower: str | None) -> None:
    """Ask one QUESTION in Chinese or English."""
    result = _answer(session, nonempty(question, "question"), thread, borrower)
    if session.as_json:
        session.emit(result.shape())
    else:
        _print(result)


@click.command()
@click.option("--thread", help="Continue this thread of yours.")
@click.option("--borrower", help="The borrower the questions are about, when they do not say.")
@command
def chat(session: Session, thread: str | None, borrower: str | None) -> None:
    """Talk in the terminal; an empty line or Ctrl-D ends it."""
    from uuid import uuid4

    thread = thread or f"chat-{uuid4().hex[:8]}"
    session.say(f"Thread {thread}. Ask in Chinese or English; an empty line ends it.")
    while True:
        try:
            question = input("> ").strip()
        except EOFError:
            break
        if not question:
            break
        try:
            _print(_answer(session, question, thread, borrower))
        except LoanwardError as problem:
            click.echo(str(problem))


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--borrower", help="Only this borrower's documents.")
@click.option("--kind", help="Only documents of this kind (statement, contract, visit_note ...).")
@click.option("--from", "first", type=DATE, help="Documents dated on or after this day.")
@click.option("--to", "last", type=DATE, help="Documents dated on or before this day.")
@click.option("-k", "count", type=click.IntRange(1, 200), default=10, show_default=True, help="How many passages.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Skip so many, to page on.")
@command
def search(
    session: Session,
    words: tuple[str, ...],
    borrower: str | None,
    kind: str | None,
    first: date | None,
    last: date | None,
    count: int,
    offset: int,
) -> None:
    """Find passages; "words in quotation marks" must stand as they are, numbers are found in any notation."""
    from tools.domain.shapes import passage_shape
    from tools.search.passages import Filter

    query = " ".join(words)
    desk = session.bank.desk(session.caller, session.clocks)
    within = Filter(desk.borrower(borrower).id if borrower else None, kind, first, last)
    found = desk.search.search(session.caller, nonempty(query, "query"), session.clocks, within=within, k=count, offset=offset)
    if session.as_json:
        session.emit([passage_shape(passage) for passage in found])
        return
    for position, passage in enumerate(found, offset + 1):
        place = f"page {passage.source.page}" if passage.source.page else passage.source.locator or ""
        click.echo(f"{position}. {passage.source.document}, {place} ({passage.kind}, {passage.date or 'no date'})")
        click.echo("   " + " ".join(passage.text.split())[:300])
    if not found:
        click.echo("Nothing found.")


def _answer(session: Session, question: str, thread: str | None, borrower: str | None) -> AskResult:
    from assistant.answering import answer

    return answer(
        session.bank, question, caller=session.caller, clocks=session.clocks, now=session.now, thread=thread, borrower=borrower
    )


def _print(result: AskResult) -> None:
    shape: dict[str, Any] = result.shape()
    click.echo(shape["answer"])
    if shape["citations"]:
        click.echo()
    for citation in shape["citations"]:
        place = f"page {citation['page']}" if citation["page"] else citation["locator"] or ""
        box = f" box {citation['box']}" if citation.get("box") else ""
        where = "loan book," if str(citation["document"]).startswith("loan book: ") else citation["document"]
        click.echo(f"  [{citation['id']}] {where} {place}{box}".rstrip(), err=False)
    click.echo(
        f"\n  {shape['model']} · verified: {'yes' if shape['verified'] else 'no'} · as of {shape['as_of']} · trail {shape['trail_id']}",
        err=True,
    )
