"""The entry point: finds the command, and turns every failure into one sentence and the documented exit code.

0 done, 1 done but something needs a look, 2 bad request or settings, 3 not permitted. A failure nobody foresaw is written
with its traceback to a file, and the person sees where.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

import click

from tools.errors import LoanwardError

COMMANDS: dict[str, tuple[str, str]] = {
    "import": ("book", "import_"),
    "loans": ("book", "loans"),
    "usage": ("usage", "usage"),
    "dues": ("dues", "dues"),
    "rating": ("rating", "rating"),
    "exposure": ("exposure", "exposure"),
    "stress": ("stress", "stress"),
    "guarantees": ("exposure", "guarantees"),
    "ingest": ("documents", "ingest"),
    "extract": ("documents", "extract"),
    "quarantine": ("documents", "quarantine"),
    "index": ("documents", "index"),
    "correct": ("corrections", "correct"),
    "ask": ("asking", "ask"),
    "chat": ("asking", "chat"),
    "search": ("asking", "search"),
    "figure": ("figures", "figure"),
    "facts": ("figures", "facts"),
    "explain": ("figures", "explain"),
    "transactions": ("papers", "transactions"),
    "papers": ("papers", "papers"),
    "contradictions": ("papers", "contradictions"),
    "covenants": ("covenants", "covenants"),
    "monitor": ("monitor", "monitor"),
    "signals": ("monitor", "signals"),
    "alerts": ("alerts", "alerts"),
    "proposals": ("proposals", "proposals"),
    "effectiveness": ("effectiveness", "effectiveness"),
    "brief": ("briefs", "brief"),
    "briefs": ("briefs", "briefs"),
    "portfolio": ("portfolio", "portfolio"),
    "letter": ("letters", "letter"),
    "threads": ("letters", "threads"),
    "quiz": ("letters", "quiz"),
    "trail": ("trail", "trail"),
    "serve": ("serving", "serve"),
    "token": ("serving", "token"),
    "slack": ("slack", "slack"),
    "demo": ("demo", "demo"),
    "bench": ("bench", "bench"),
    "eval": ("bench", "evaluate"),
    "doctor": ("doctor", "doctor"),
}
"""Command → (module in this package, name of its click command)."""


class Commands(click.Group):
    """Loads a command's module when it is called or described."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, or None when there is no such name."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command = getattr(import_module(f"integrations.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="loanward")
def cli() -> None:
    """Loanward watches bank loans after they are paid out: every number opens to its page."""


def main(arguments: list[str] | None = None) -> None:
    """Runs one command and exits with its code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Runs one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        result = cli.main(args=arguments, prog_name="loanward", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except LoanwardError as problem:
        click.echo(f"loanward: {problem}", err=True)
        return problem.exit_code
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        click.echo("loanward: stopped", err=True)
        return 130
    except click.ClickException as problem:
        context = getattr(problem, "ctx", None)
        hint = f" (see: {context.command_path} --help)" if context is not None else ""
        click.echo(f"loanward: {problem.format_message()}{hint}", err=True)
        return 2
    except BrokenPipeError:
        return 0
    except Exception as problem:  # the last resort: a person gets a sentence, the engineer gets the file
        with tempfile.NamedTemporaryFile("w", prefix="loanward-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write(traceback.format_exc())
        click.echo(
            f"loanward: an unforeseen {type(problem).__name__} stopped this command; nothing half-done was kept. "
            f"Send {Path(log.name)} to whoever maintains this installation",
            err=True,
        )
        return 2
