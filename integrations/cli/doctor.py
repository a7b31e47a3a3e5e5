"""`loanward doctor`: looks at settings, home, stores, models and fonts, and says what to do about what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import click

from integrations.cli.session import Session, command
from tools.errors import LoanwardError


@click.command()
@command
def doctor(session: Session) -> int:
    """Check this installation."""
    checks: list[tuple[str, Callable[[Session], str]]] = [
        ("settings", _settings),
        ("home and database", _home),
        ("loan book", _book),
        ("rulebook", _rules),
        ("search", _search),
        ("embedding model", _embedding),
        ("chat model", _model),
        ("Chinese font", _font),
        ("Slack", _slack),
    ]
    found = []
    for name, check in checks:
        try:
            found.append({"check": name, "ok": True, "says": check(session)})
        except LoanwardError as problem:
            found.append({"check": name, "ok": False, "says": str(problem)})
    if session.as_json:
        session.emit(found)
    for entry in () if session.as_json else found:
        click.echo(f"{'ok ' if entry['ok'] else 'BAD'}  {entry['check']}: {entry['says']}")
    return 0 if all(entry["ok"] for entry in found) else 1


def _settings(session: Session) -> str:
    return f"home {session.settings.home}, user {session.settings.user}, model {session.settings.model}"


def _home(session: Session) -> str:
    position, head = session.bank.store.trail.head()
    return f"{session.bank.home.database_url.split('://')[0]}, {position} trail records, head {head[:12]}"


def _book(session: Session) -> str:
    newest = session.bank.loan_book.newest_book_date(session.now)
    return f"newest book date {newest}" if newest else "no loan book yet: loanward import DIR"


def _rules(session: Session) -> str:
    rules = session.bank.rulebook
    return f"{len(rules.items)} line items, {len(rules.ratios)} ratios, {len(rules.scores)} scores; every rule's own tests pass"


def _search(session: Session) -> str:
    session.bank.search.catch_up()
    vectors = session.bank.vectors
    return "by words" if vectors is None else f"by words; {vectors.pending():,} passages wait for vectors"


def _embedding(session: Session) -> str:
    vectors = session.bank.vectors
    if vectors is None:
        return "switched off"
    row = vectors.embedder.query("covenant headroom")
    return f"{vectors.embedder.key}, {row.shape[1]} dimensions"


def _model(session: Session) -> str:
    if session.settings.model == "analyst":
        return "the built-in analyst; no key, no network"
    from assistant.models import start_model

    start_model(session.bank.assistant.choice)
    return f"{session.settings.model} starts"


def _font(session: Session) -> str:
    from tools.typesetting.fonts import font_path, missing_glyphs

    missing = missing_glyphs("贷后管理资产负债率")
    return f"{font_path().name} lacks {missing}" if missing else f"{font_path().name} is packaged"


def _slack(session: Session) -> str:
    if not session.settings.slack_secret("bot_token"):
        return "not set up; `loanward slack manifest` begins"
    from integrations.slack.checkup import check_slack

    return check_slack(session.settings)
