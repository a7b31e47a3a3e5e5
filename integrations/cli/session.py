"""What every command shares: its common options, the opened bank, the two clocks, the caller, JSON on stdout.

This floor holds the only clock: `now` is read here once per command and passed down.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from tools.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.settings import Settings
    from assistant.wiring import Bank
    from tools.domain.callers import Caller
    from tools.domain.periods import Clocks

P = ParamSpec("P")
R = TypeVar("R")
FILLING = frozenset({"import", "ingest", "demo", "doctor"})
"""Commands that start a home; any other on a folder that is not there was more likely mistyped."""


@dataclass
class Session:
    """One command's surroundings, opened when first needed."""

    home: Path | None
    as_of: date | None
    known_at: datetime | None
    user: str | None
    as_json: bool

    @cached_property
    def now(self) -> datetime:
        """The moment this command started."""
        return datetime.now(UTC)

    @cached_property
    def settings(self) -> Settings:
        """Settings with this command's options on top."""
        from assistant.settings import load_settings

        return load_settings({"home": self.home, "user": self.user})

    @cached_property
    def bank(self) -> Bank:
        """The opened home with everything wired."""
        from assistant.wiring import open_bank

        context = click.get_current_context(silent=True)
        filling = context is not None and context.info_name in FILLING
        if not filling and not self.settings.home.exists():
            self.say(
                f"{self.settings.home} is new and empty: fill it with `loanward import`, `loanward ingest` or `loanward demo`"
            )
        return open_bank(self.settings)

    @cached_property
    def caller(self) -> Caller:
        """Who asks."""
        caller = self.bank.caller(self.settings.user, self.now)
        if caller.sees_nothing:
            self.say(f"{caller.user!r} may see no borrower here: no such person on the staff list, or one without customers")
        return caller

    @cached_property
    def clocks(self) -> Clocks:
        """As of the newest book date (else today), known until now, unless said otherwise."""
        return self.bank.clocks(self.as_of, self.known_at, self.now)

    def emit(self, value: Any) -> None:
        """One JSON value on stdout."""
        json.dump(value, sys.stdout, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None, default=_plain)
        sys.stdout.write("\n")

    def say(self, text: str = "") -> None:
        """Progress and remarks: stderr, so that stdout stays the result."""
        click.echo(text, err=True)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class DateType(click.ParamType[date]):
    """An ISO date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Fails with what was given and what is wanted."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2026-10-31", param, ctx)


class MomentType(click.ParamType[datetime]):
    """An ISO date (its end) or a date and time; a time without zone is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Fails with what was given and what is wanted."""
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value), time.max, UTC)
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except ValueError:
            self.fail(f"{value!r} is not a date or time; write 2026-10-31 or 2026-10-31T09:30:00", param, ctx)


DATE, MOMENT = DateType(), MomentType()


def learned(day: date | None, now: datetime) -> datetime:
    """When the bank learned something: the start of `day`, else now."""
    return datetime.combine(day, time.min, UTC) if day else now


def command(function: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Adds the options every command takes and hands the command a Session first."""

    @click.option("--home", type=click.Path(path_type=Path), help="Home folder (default $LOANWARD_HOME, else ./loanward-data).")
    @click.option("--as-of", type=DATE, help="Business date (default: newest book date, else today).")
    @click.option("--known-at", type=MOMENT, help="Only what the bank had recorded by then (default: now).")
    @click.option("--user", help="Who asks (default $LOANWARD_USER, else local).")
    @click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
    @wraps(function)
    def wrapped(
        *args: Any,
        home: Path | None,
        as_of: date | None,
        known_at: datetime | None,
        user: str | None,
        as_json: bool,
        **kwargs: Any,
    ) -> R:
        return function(Session(home, as_of, known_at, user, as_json), *args, **kwargs)

    return wrapped  # type: ignore[return-value]


@contextmanager
def progress(session: Session, label: str) -> Iterator[Callable[[str], None]]:
    """A line on stderr that is rewritten on a terminal and printed plainly in a log."""
    rewrites = sys.stderr.isatty()
    width = 0

    def show(text: str) -> None:
        nonlocal width
        line = f"{label}: {text}"
        click.echo(("\r" + line.ljust(width)) if rewrites else line, err=True, nl=not rewrites)
        width = len(line)

    yield show
    if rewrites and width:
        click.echo("", err=True)


def nonempty(text: str, what: str) -> str:
    """The stripped text; BadRequest when nothing is left."""
    if not text.strip():
        raise BadRequest(f"the {what} is empty", fix=f"Give a {what} in quotation marks")
    return text.strip()
