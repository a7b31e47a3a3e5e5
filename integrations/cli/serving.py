"""`loanward serve` and `loanward token`: the API with the console, and who may come in."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session, command
from tools.errors import BadRequest, LoanwardError

if TYPE_CHECKING:
    from assistant.wiring import Bank


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
@command
def serve(session: Session, host: str, port: int) -> None:
    """Run the API and the auditor's console."""
    import uvicorn

    from integrations.api.app import create_app

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    bank = session.bank
    Thread(target=_warm, args=(bank,), name="warm-up", daemon=True).start()
    try:
        session.say(f"Console: http://{host}:{port}/   API: http://{host}:{port}/api/v1/openapi.json")
        session.say("Log in with a token: loanward token create --user ID")
        config = uvicorn.Config(
            create_app(bank),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        uvicorn.Server(config).run()
    finally:
        bank.close()


def _warm(bank: Bank) -> None:
    """Loads what the first search would wait for."""
    try:
        if bank.vectors is not None and bank.vectors.has_vectors:
            bank.vectors.embedder.query("leverage")
    except LoanwardError as problem:
        logging.getLogger("loanward.api").warning("search by meaning is off: %s", problem)


@click.group()
def token() -> None:
    """Tokens for the API and the console: create, list, revoke."""


@token.command("create")
@click.option("--days", type=int, default=90, show_default=True, help="How long it is good.")
@click.option("--note", default="", help="What it is for.")
@command
def create(session: Session, days: int, note: str) -> None:
    """Make a token for the member of staff --user names. It is shown once: only its hash is kept."""
    who, session.user = session.user, None
    if not who:
        raise BadRequest("a token needs somebody it is for", where="--user", fix="Name a member of staff: --user S001")
    made, text = session.bank.store.tokens.create(session.caller, who, session.now, days=days, note=note)
    if session.as_json:
        session.emit({**made.shape(session.now), "token": text})
        return
    click.echo(text)
    session.say(f"Token {made.id} for {made.user}, good until {made.expires_at:%Y-%m-%d}. It cannot be shown again.")


@token.command("list")
@command
def list_(session: Session) -> None:
    """Every token you may see, without its secret."""
    found = [one.shape(session.now) for one in session.bank.store.tokens.list(session.caller)]
    if session.as_json:
        session.emit(found)
        return
    for one in found:
        click.echo(f"{one['id']}  {one['user']:<10} {one['state']:<8} until {one['expires_at'][:10]}  {one['note']}".rstrip())
    if not found:
        click.echo("No tokens.")


@token.command("revoke")
@click.argument("id_", metavar="ID")
@command
def revoke(session: Session, id_: str) -> None:
    """End a token and the sessions it opened."""
    done = session.bank.store.tokens.revoke(session.caller, id_, session.now)
    if session.as_json:
        session.emit(done.shape(session.now))
    else:
        click.echo(f"Token {done.id} of {done.user} is revoked.")
