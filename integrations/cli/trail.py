"""`loanward trail`: what was done, by whom, when, and proof that none of it was altered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from integrations.cli.session import MOMENT, Session, command
from tools.errors import BadRequest


@click.group()
def trail() -> None:
    """Search, show, verify and export the trail."""


@trail.command("search")
@click.argument("text", required=False)
@click.option("--act", help="Only this kind of act (ask, ingest, import, correct ...).")
@click.option("--object", "object_", help="Only this object (a document's hash, a thread, a snapshot).")
@click.option("--borrower", help="Only this borrower.")
@click.option("--by", help="Only acts of this user.")
@click.option("--from", "first", type=MOMENT, help="From this time.")
@click.option("--to", "last", type=MOMENT, help="Up to this time.")
@click.option(
    "-n", "limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many, newest first."
)
@command
def search(
    session: Session,
    text: str | None,
    act: str | None,
    object_: str | None,
    borrower: str | None,
    by: str | None,
    first: datetime | None,
    last: datetime | None,
    limit: int,
) -> None:
    """Records that match, newest first; TEXT is looked for in what was recorded."""
    records = session.bank.store.trail.search(
        session.caller, user=by, act=act, object=object_, borrower=borrower, from_=first, to=last, text=text, limit=limit
    )
    if session.as_json:
        session.emit([record.shape() for record in records])
        return
    for record in records:
        click.echo(f"{record.id}  {record.at:%Y-%m-%d %H:%M:%S}  {record.user:<10} {record.act:<14} {record.object[:48]}")
    if not records:
        click.echo("No such record.")


@trail.command("show")
@click.argument("record_id", metavar="ID")
@command
def show(session: Session, record_id: str) -> None:
    """One record with everything it says."""
    session.emit(_record(session, record_id))


@trail.command("replay")
@click.argument("record_id", metavar="ID")
@command
def replay(session: Session, record_id: str) -> int:
    """Ask a recorded question again at its own clocks and compare; exit 1 when anything differs."""
    from assistant.replay import replay as ask_again

    found = ask_again(session.bank, session.caller, record_id)
    if session.as_json:
        session.emit(found.shape())
        return 0 if found.same else 1
    click.echo(f"{found.id}: {found.question}")
    click.echo(f"as of {found.clocks.as_of}, as known at {found.clocks.known_at:%Y-%m-%d %H:%M:%S} UTC, by {found.model}")
    if found.same:
        click.echo("REPRODUCED" + ("" if found.again is None else ", byte for byte") + ":")
        click.echo(found.then)
    else:
        click.echo("DIFFERS:")
        for line in found.differences:
            click.echo(f"  {line}")
        click.echo("Said then:\n" + found.then)
        if found.again is not None and found.again != found.then:
            click.echo("Said now:\n" + found.again)
    for note in found.notes:
        click.echo(f"Note: {note}")
    return 0 if found.same else 1


@trail.command("verify")
@command
def verify(session: Session) -> int:
    """Prove that no record, document, fact, passage or loan-book shard was altered."""
    import sys

    def show_count(count: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{count:,} records read", err=True, nl=False)

    found = session.bank.store.trail.verify(session.caller, show_count)
    if session.as_json:
        session.emit(found.shape())
    elif found.ok:
        click.echo(f"Intact: {found.records:,} records, head {found.head[:16]}.")
    else:
        bad = found.first_bad
        assert bad is not None
        click.echo(f"ALTERED at position {bad.position} ({bad.id or 'no record'}): {bad.reason}")
    for note in () if session.as_json else found.notes:
        click.echo(f"Note: {note}")
    return 0 if found.ok else 1


@trail.command("export")
@click.option(
    "-o",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write, one JSON record a line.",
)
@command
def export(session: Session, target: Path) -> None:
    """Write every record you may see, with its payload, to a file; the export itself is recorded."""
    import json

    store, before, count = session.bank.store, None, 0
    with target.open("w", encoding="utf-8") as out:
        while True:
            page = store.trail.search(session.caller, limit=500, before=before)
            if not page:
                break
            for record in page:
                out.write(json.dumps(store.trail.show(session.caller, record.id), ensure_ascii=False, default=str) + "\n")
                count += 1
            before = page[-1].position
    store.trail.append(session.caller, "export", target.name, {"records": count}, session.now)
    click.echo(f"Wrote {count:,} records to {target}.")


def _record(session: Session, record_id: str) -> dict[str, Any]:
    found = session.bank.store.trail.show(session.caller, record_id)
    if found is None:
        raise BadRequest(f"no record {record_id}", fix="Find its id with: loanward trail search")
    return found
