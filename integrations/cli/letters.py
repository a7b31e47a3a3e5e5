"""`loanward letter`, `threads` and `quiz`: drafts for a person to send, talk to continue or forget, and practice on closed cases."""

from __future__ import annotations

import click

from integrations.cli.session import Session, command

LETTERS = ("information_request", "reminder", "covenant_notice")


@click.command()
@click.argument("borrower")
@click.option("--kind", type=click.Choice(LETTERS), required=True, help="Which letter.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Default: the language of the borrower's name.")
@command
def letter(session: Session, borrower: str, kind: str, language: str | None) -> None:
    """Draft a letter to BORROWER from the data; a person reviews and sends it."""
    from assistant.letters import write_letter

    made = write_letter(session.bank, session.caller, borrower, kind, clocks=session.clocks, now=session.now, language=language)
    if session.as_json:
        session.emit(made.shape())
        return
    click.echo(made.text)
    click.echo()
    for citation in made.citations:
        place = f"page {citation.page}" if citation.page else citation.locator or ""
        where = "loan book," if citation.document.startswith("loan book: ") else citation.document
        click.echo(f"  [{citation.number}] {where} {place}".rstrip())
    session.say(f"\n  draft · verified: yes · as of {made.clocks.as_of} · trail {made.trail_id}")


@click.command()
@click.argument("what", type=click.Choice(["list", "forget"]), default="list")
@click.argument("thread", required=False)
@command
def threads(session: Session, what: str, thread: str | None) -> None:
    """List your threads of talk, or forget one; the trail keeps what was answered."""
    store = session.bank.store.threads
    if what == "forget":
        from tools.errors import BadRequest

        known = {name for name, _ in store.list(session.caller, limit=10_000)}
        if thread not in known:
            raise BadRequest(f"no thread {thread!r}", fix="See: loanward threads list")
        store.forget(session.caller, str(thread))
        session.say(f"Thread {thread} is forgotten; its answers stay in the trail.")
    found = [{"thread": name, "used": at.isoformat()} for name, at in store.list(session.caller)]
    if session.as_json:
        session.emit(found)
        return
    for one in found:
        click.echo(f"{one['thread']:<32} {one['used']}")


@click.command()
@click.option("-n", "count", type=click.IntRange(1, 20), default=3, show_default=True, help="How many questions.")
@click.option("--seed", type=int, default=0, help="Another draw.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--answers", is_flag=True, help="Print the answers at once instead of asking.")
@command
def quiz(session: Session, count: int, seed: int, language: str, answers: bool) -> None:
    """Practise on cases of this bank: which way would you call it, and why was it called so?"""
    from assistant.teaching import quiz_of

    cases = quiz_of(session.bank, session.caller, session.clocks, count=count, seed=seed, language=language)
    if session.as_json:
        session.emit([case.shape() for case in cases])
        return
    right = 0
    for place, case in enumerate(cases, 1):
        click.echo(f"{place}. {case.question}")
        for letter_, choice in zip("abcd", case.choices, strict=False):
            click.echo(f"   {letter_}) {choice}")
        if not answers:
            said = input("> ").strip().lower()[:1]
            right += said == "abcd"[case.answer]
        click.echo(f"   {'abcd'[case.answer]}) {case.explanation}")
    if cases and not answers:
        click.echo(f"{right} of {len(cases)} right")
    if not cases:
        click.echo("There are no cases to practise on: import a loan book and run the monitoring first.")
