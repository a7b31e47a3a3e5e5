"""`loanward ingest`, `extract`, `quarantine` and `index`: documents come in, and what could not be read waits with its reason."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from integrations.cli.session import DATE, Session, command
from tools.errors import BadRequest

if TYPE_CHECKING:
    from ingestion.pipeline import IngestOptions, IngestResult
    from ingestion.progress import ProgressLines
    from ingestion.statements.own_labels import OwnLabel

KINDS = click.Choice(["statement", "contract", "visit_note", "bank_flow", "bureau", "evidence", "other"])


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--borrower", help="Whose documents these are (default: recognised from the document).")
@click.option("--kind", type=KINDS, help="What they are (default: recognised from the content).")
@click.option("--received", type=DATE, help="When the bank received them (default: now).")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that read side by side (default: the setting workers).")
@click.option("--vectors/--no-vectors", default=True, help="Also embed for search by meaning, for at most embed_seconds.")
@click.option(
    "--watch",
    "watched",
    type=click.Path(path_type=Path),
    help="Keep filing what arrives in this folder; it moves to done/ or quarantine/.",
)
@click.option("--once", is_flag=True, help="With --watch: file what is there, then end.")
@click.option(
    "--settle",
    type=click.FloatRange(0),
    default=2.0,
    show_default=True,
    help="With --watch: seconds a file must stay as it is.",
)
@command
def ingest(
    session: Session,
    paths: tuple[Path, ...],
    borrower: str | None,
    kind: str | None,
    received: date | None,
    workers: int | None,
    vectors: bool,
    watched: Path | None,
    once: bool,
    settle: float,
) -> int:
    """Read documents, folders and archives into facts and passages."""
    from ingestion.pipeline import exit_code, ingest_paths
    from ingestion.progress import ProgressLines

    if watched is not None:
        return _watch(session, watched, borrower, kind, received, workers, vectors, once, settle)
    if not paths:
        raise BadRequest("nothing was named to ingest", fix="Name files or folders, or use --watch DIR")

    bank = session.bank
    options = _options(session, borrower, kind, received, workers)
    watcher = _Indexing(ProgressLines(sys.stderr), bank.search.catch_up)
    results = ingest_paths(session.caller, paths, bank.store, _now, options, watcher)
    _index(session, vectors)
    _report(session, results)
    return exit_code(results)


class _Indexing:
    """Shows progress and puts each file's words into the index as it is stored, while the readers are at the next one."""

    def __init__(self, shown: ProgressLines, catch_up: Callable[[], int]) -> None:
        self._shown, self._catch_up = shown, catch_up

    def page(self, file: str, stage: str, page: int, pages: int) -> None:
        self._shown.page(file, stage, page, pages)

    def done(self, file: str, status: str, message: str) -> None:
        self._shown.done(file, status, message)
        self._catch_up()


def _watch(
    session: Session, folder: Path, borrower: str | None, kind: str | None, received: date | None, workers: int | None, vectors: bool,
    once: bool, settle: float,
) -> int:  # fmt: skip
    """Each file as it arrives; with --json one line per file."""
    import signal
    import threading

    from ingestion.drop_folder import Moved
    from ingestion.pipeline import exit_code, ingest_paths
    from integrations.watching import watch_folder

    bank, stop = session.bank, threading.Event()
    all_results: list[IngestResult] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())

    def file_one(path: Path) -> list[IngestResult]:
        results = ingest_paths(session.caller, [path], bank.store, _now, _options(session, borrower, kind, received, workers))
        _index(session, vectors)
        return results

    def told(moved: Moved) -> None:
        all_results.extend(moved.results)
        for result in moved.results:
            if session.as_json:
                session.emit(result.shape() | {"moved_to": str(moved.to)})
            else:
                click.echo(
                    f"{result.file}: {result.status} · {result.kind} · {result.borrower or 'no borrower'} → {moved.to.relative_to(folder)}"
                )

    session.say(f"Watching {folder}; end with Ctrl-C")
    watch_folder(folder, file_one, told, stop, settle, once=once)
    return exit_code(all_results) if once else 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--borrower", help="Whose document this is.")
@click.option("--kind", type=KINDS, help="What it is (default: recognised from the content).")
@command
def extract(session: Session, file: Path, borrower: str | None, kind: str | None) -> int:
    """Read one FILE and store nothing."""
    from ingestion.progress import ProgressLines
    from ingestion.reader_pool import read_apart
    from ingestion.shapes import extract_shape

    watch = ProgressLines(sys.stderr)
    found = read_apart(file, kind=kind, seen=watch.page, labels=_labels(session), engine=session.settings.ocr_engine)
    shape = extract_shape(found, borrower)
    if session.as_json:
        session.emit(shape)
    else:
        document = shape["document"]
        click.echo(
            f"{document['name']}: {document['kind']}, {document['language']}, {document['pages']} pages, {document['status']}"
        )
        click.echo(
            f"  {shape['entity'] or 'no company named'} · {shape['standard'] or '?'} · {shape['currency'] or '?'} · scale {shape['scale'] or '?'}"
        )
        for fact in shape["facts"]:
            place = f"p.{fact['page']}" if fact["page"] else fact["locator"]
            click.echo(
                f"  {fact['item']:<36}{fact['period_end']} {fact['period_months']:>3}m {fact['value']:>22}  {fact['scope']:<13}{place}"
            )
        for check in shape["checks"]:
            click.echo(f"  check {check['id']} {check['period_end']}: {check['status']} {check['difference'] or ''}")
        for message in shape["messages"]:
            click.echo(f"  {message['level']}: {message['text']}")
    return 0 if shape["document"]["status"] == "ok" else 1


@click.group()
def quarantine() -> None:
    """Files that could not be read: list, retry, drop."""


@quarantine.command("list")
@command
def list_(session: Session) -> None:
    """Every file that waits, with its reason."""
    entries = session.bank.store.quarantine.list(session.caller)
    if session.as_json:
        session.emit([_entry(entry) for entry in entries])
        return
    for entry in entries:
        click.echo(f"{entry.id}  {entry.file}  {entry.reason}: {entry.message}")
    if not entries:
        click.echo("Nothing in quarantine.")


@quarantine.command("retry")
@click.argument("ids", nargs=-1)
@command
def retry(session: Session, ids: tuple[str, ...]) -> int:
    """Read these entries (or all) again."""
    from ingestion.pipeline import exit_code, retry_quarantined
    from ingestion.progress import ProgressLines

    options = _options(session, None, None, None, None)
    results = retry_quarantined(session.caller, session.bank.store, _now, options, ids, ProgressLines(sys.stderr))
    _index(session, vectors=False)
    _report(session, results)
    return exit_code(results)


@quarantine.command("drop")
@click.argument("id_", metavar="ID")
@command
def drop(session: Session, id_: str) -> None:
    """Give up on an entry; that it was dropped stays recorded."""
    from ingestion.quarantine import QuarantineFolder

    entry = QuarantineFolder(session.bank.store).drop(session.caller, id_, session.now)
    click.echo(f"Dropped {entry.id} ({entry.file}).")


@click.group()
def index() -> None:
    """The search index, always rebuildable from the passages."""


@index.command("rebuild")
@command
def rebuild(session: Session) -> None:
    """Throw words and vectors away and build them again."""
    from tools.store.permissions import must_write

    must_write(session.caller)
    words = session.bank.search.rebuild_words()
    vectors = session.bank.vectors
    embedded = vectors.rebuild(_shower("embedding")) if vectors is not None else 0
    click.echo(f"Indexed {words:,} passages by words and {embedded:,} by meaning.")


@index.command("update")
@command
def update(session: Session) -> None:
    """Embed every passage that still waits for its vector."""
    session.bank.search.catch_up()
    vectors = session.bank.vectors
    done = vectors.index_pending(_shower("embedding")) if vectors is not None else 0
    click.echo(f"Embedded {done:,} passages.")


def _now() -> datetime:
    return datetime.now(UTC)


def _options(
    session: Session, borrower: str | None, kind: str | None, received: date | None, workers: int | None
) -> IngestOptions:
    from ingestion.pipeline import IngestOptions
    from ingestion.routing import assignments_of

    bank = session.bank
    rows: list[Mapping[str, object]] = [dict(row) for row in bank.loan_book.rows(session.caller, "documents", session.clocks)]
    workers = workers or session.settings.workers
    return IngestOptions(
        kind, borrower, received, workers, assignments_of(rows), labels=_labels(session), engine=session.settings.ocr_engine
    )


def _labels(session: Session) -> tuple[OwnLabel, ...]:
    """The bank's own names for lines of statements."""
    from ingestion.statements.own_labels import own_labels

    file = session.settings.labels_file
    return own_labels(file, frozenset(session.bank.rulebook.items)) if file is not None else ()


def _index(session: Session, vectors: bool) -> None:
    """Words at once; meaning for as long as the setting allows."""
    bank = session.bank
    bank.search.catch_up()
    if not vectors or bank.vectors is None or session.settings.embed_seconds == 0 or not bank.vectors.pending():
        return
    end = time.monotonic() + session.settings.embed_seconds
    bank.vectors.index_pending(_shower("embedding"), lambda: time.monotonic() > end)
    left = bank.vectors.pending()
    if left:
        session.say(f"{left:,} passages are found by words now and by meaning after: loanward index update")


def _shower(label: str) -> Any:
    def show(done: int, total: int) -> None:
        click.echo(f"{label} {done:,} of {total:,}", err=True)

    return show


def _report(session: Session, results: list[IngestResult]) -> None:
    if session.as_json:
        session.emit([result.shape() for result in results])
        return
    for result in results:
        failed = [c for c in result.checks if c["status"] == "failed"]
        checks = (
            f", {len(failed)} of {len(result.checks)} checks failed"
            if failed
            else f", {len(result.checks)} checks"
            if result.checks
            else ""
        )
        click.echo(
            f"{result.file}: {result.status} · {result.kind} · {result.borrower or 'no borrower'} · {result.facts} facts, "
            f"{result.passages} passages{checks}{f' · {result.message}' if result.message else ''}"
        )
    if not results:
        click.echo("No files found.")


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "file": entry.file,
        "sha256": entry.sha256,
        "reason": entry.reason,
        "message": entry.message,
        "at": entry.at.isoformat(),
        "state": entry.state,
    }
