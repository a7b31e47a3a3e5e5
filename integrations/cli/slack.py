"""`loanward slack`: answers in Slack. `loanward slack manifest` prints the app to create there."""

from __future__ import annotations

import logging
import sys

import click

from integrations.cli.session import Session, command


@click.command()
@click.argument("what", type=click.Choice(["run", "manifest"]), default="run")
@click.option("--http", is_flag=True, help="Take signed HTTP requests instead of opening a Socket Mode connection.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: the address to listen at.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="With --http: the port to listen at."
)
@command
def slack(session: Session, what: str, http: bool, host: str, port: int) -> None:
    """Answer in Slack until interrupted (run), or print the app manifest (manifest)."""
    if what == "manifest":
        from integrations.slack.checkup import MANIFEST

        click.echo(MANIFEST.read_text(encoding="utf-8"), nl=False)
        return
    from integrations.slack.app import SlackApp
    from integrations.slack.serving import serve

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    bank = session.bank
    try:
        serve(SlackApp(bank), http=http, host=host, port=port, say=session.say)
    finally:
        bank.close()
