"""Briefs as files: where they lie, and a whole month of them written by several processes.

A month's folder keeps a list of what was written from which state of the data, so that a run that was stopped goes on where it was and
a run over unchanged data writes nothing twice. One borrower's failure is named and stops nobody else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.briefs.model import Link
from assistant.briefs.service import Format, Language, WrittenBrief, at_month, month_of
from prompts.library import digest
from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import LoanwardError, StoreError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.wiring import Bank

LIST = "written.jsonl"
AHEAD = 4
"""Tasks handed to each worker before the first is back: enough to keep it busy, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: for whom nothing is said here, the run takes all the caller may see. `link` must be picklable."""

    month: date
    clocks: Clocks
    formats: tuple[Format, ...]
    language: Language | None
    folder: Path
    user: str
    now: datetime
    link: Link | None = None


@dataclass(slots=True)
class Outcome:
    """How a run went: `written` shapes, `kept` ids that were up to date, `failed` id → why, `skipped` ids without loans and papers."""

    written: list[dict[str, Any]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def shape(self) -> dict[str, Any]:
        """For --json."""
        slim = [{k: v for k, v in shape.items() if k not in ("figures", "sources")} for shape in self.written]
        return {"written": slim, "kept": self.kept, "failed": self.failed, "skipped": self.skipped}


def folder_of(home: Path, month: date) -> Path:
    """Where the briefs of a month lie unless told otherwise."""
    return home / "briefs" / f"{month:%Y-%m}"


def file_name(borrower: str, language: Language | None, format: Format) -> str:
    """C001.html, C001-en.docx."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in borrower)
    return f"{safe}{f'-{language}' if language else ''}.{format}"


def put(path: Path, content: bytes) -> str:
    """Writes a file whole or not at all; its digest. StoreError when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.{os.getpid()}")
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        raise StoreError(
            f"the brief cannot be written: {error.strerror}", where=str(path), fix="Give -o a place this user may write"
        ) from error
    return hashlib.sha256(content).hexdigest()


def write_files(written: WrittenBrief, formats: Sequence[Format], folder: Path, language: Language | None) -> dict[str, Any]:
    """The formats of one brief as files; its shape with the first of them."""
    made = [(folder / file_name(written.first.borrower, language, format), written.content(format)) for format in formats]
    digests = {str(path): put(path, content) for path, content in made}
    path = made[0][0]
    return {**written.shape(path, digests[str(path)]), "files": digests}


def write_all(
    bank: Bank, caller: Caller, order: Order, *, workers: int = 2, again: bool = False, progress: Callable[[str], None] | None = None,
) -> Outcome:  # fmt: skip
    """Every borrower the caller may see that has a loan or a paper. `again`: also those that are up to date."""
    at_month(order.month, order.clocks)
    outcome = Outcome()
    known = {} if again else _listed(order.folder)
    todo: list[tuple[str, str]] = []
    for borrower, state in _states(bank, caller, order, outcome):
        if known.get(borrower) == state:
            outcome.kept.append(borrower)
        else:
            todo.append((borrower, state))
    total, done = len(todo), 0
    order.folder.mkdir(parents=True, exist_ok=True)
    with (order.folder / LIST).open("a", encoding="utf-8") as listed:
        for borrower, state, shape, problem in _run(bank, caller, order, todo, workers):
            done += 1
            if problem:
                outcome.failed[borrower] = problem
            else:
                outcome.written.append(shape)
                line = {"borrower": borrower, "state": state, "files": shape["files"], "trail_id": shape["trail_id"]}
                listed.write(json.dumps(line, ensure_ascii=False) + "\n")
                listed.flush()
            if progress:
                progress(f"{done} of {total}, {borrower} {'failed: ' + problem if problem else shape['level']}")
    outcome.written.sort(key=lambda shape: str(shape["borrower"]))
    return outcome


def _states(bank: Bank, caller: Caller, order: Order, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each borrower with a digest of what its brief would be written from."""
    clocks = at_month(order.month, order.clocks)
    snapshot = bank.loan_book.snapshot(clocks)
    lent = {str(row["_borrower"]) for row in bank.loan_book.rows(caller, "loans", clocks)} if snapshot else set()
    papers: dict[str, list[str]] = {}
    for paper in bank.store.documents.list(caller, None, None, clocks):
        if paper.borrower:
            papers.setdefault(paper.borrower, []).append(f"{paper.sha256}:{paper.received_at.isoformat()}:{paper.status}")
    fixed = [order.month.isoformat(), clocks.as_of.isoformat(), order.language or "", ",".join(order.formats), bank.rulebook.digest, digest(),
             snapshot.id if snapshot else ""]  # fmt: skip
    for borrower in bank.store.borrowers.all(caller):
        if borrower.id not in lent and borrower.id not in papers:
            outcome.skipped.append(borrower.id)
            continue
        yield borrower.id, hashlib.sha256("\n".join([*fixed, *sorted(papers.get(borrower.id, ()))]).encode()).hexdigest()


def _listed(folder: Path) -> Mapping[str, str]:
    """What lies in the folder, whole, by the state it was written from."""
    found: dict[str, str] = {}
    path = folder / LIST
    if not path.is_file():
        return found
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            whole = all(hashlib.sha256(Path(name).read_bytes()).hexdigest() == sha for name, sha in entry["files"].items())
        except (ValueError, KeyError, OSError):
            continue
        if whole:
            found[entry["borrower"]] = entry["state"]
        else:
            found.pop(entry["borrower"], None)
    return found


Done = tuple[str, str, dict[str, Any], str]


def _run(bank: Bank, caller: Caller, order: Order, todo: Sequence[tuple[str, str]], workers: int) -> Iterator[Done]:
    if workers < 2 or len(todo) < 2:
        for borrower, state in todo:
            yield (borrower, state, *_one(bank, caller, order, borrower))
        return
    with ProcessPoolExecutor(
        min(workers, len(todo)), mp_context=get_context("spawn"), initializer=_begin, initargs=(bank.settings, order)
    ) as pool:
        waiting = iter(todo)
        running: dict[Future[tuple[dict[str, Any], str]], tuple[str, str]] = {}
        for borrower, state in waiting:
            running[pool.submit(_task, borrower)] = (borrower, state)
            if len(running) >= workers * AHEAD:
                yield from _back(running)
        while running:
            yield from _back(running)


def _back(running: dict[Future[tuple[dict[str, Any], str]], tuple[str, str]]) -> Iterator[Done]:
    finished, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in finished:
        borrower, state = running.pop(future)
        shape, problem = future.result()
        yield borrower, state, shape, problem


_here: dict[str, Any] = {}


def _begin(settings: Settings, order: Order) -> None:
    from assistant.wiring import open_bank

    bank = open_bank(settings)
    bank.briefs.link = order.link
    _here.update(bank=bank, order=order, caller=bank.caller(order.user, order.now))


def _task(borrower: str) -> tuple[dict[str, Any], str]:
    return _one(_here["bank"], _here["caller"], _here["order"], borrower)


def _one(bank: Bank, caller: Caller, order: Order, borrower: str) -> tuple[dict[str, Any], str]:
    """One brief; a failure becomes its words. What nobody foresaw is named by its kind, so that the others still get theirs."""
    try:
        written = bank.briefs.write(caller, borrower, order.month, order.clocks, order.now, order.language)
        shape = write_files(written, order.formats, order.folder, order.language)
        return {key: value for key, value in shape.items() if key not in ("figures", "sources")}, ""
    except LoanwardError as problem:
        return {}, str(problem)
    except Exception as problem:
        return {}, f"unforeseen {type(problem).__name__}: {problem}"


__all__ = ["Order", "Outcome", "file_name", "folder_of", "month_of", "put", "write_all", "write_files"]
