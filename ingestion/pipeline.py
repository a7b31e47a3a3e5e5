"""Documents into the store: files, folders and archives, read side by side in worker processes and written here, one at a time.

One document is one transaction: its bytes, row, facts, passages and trail record are all there afterwards or none is. Killed at
any instant, the next run completes the work: what was stored is recognised by its content, what was not is read again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

from ingestion.archives import ArchiveLimits, Member, opened
from ingestion.extraction import Extraction
from ingestion.filing import Filed, file_extraction
from ingestion.ingest_results import IngestOptions, IngestResult, exit_code
from ingestion.quarantine import QuarantineFolder
from ingestion.reader_pool import InlineReader, Outcome, ReaderPool, Task
from ingestion.reading import MAX_BYTES, too_large
from ingestion.recognition import KINDS
from ingestion.routing import Assignment, known_borrower
from ingestion.shapes import check_shape
from ingestion.statements.own_labels import OwnLabel
from tools.domain.callers import Caller
from tools.domain.names import label_key
from tools.domain.periods import Clocks
from tools.errors import BadRequest, LoanwardError, NotPermitted, StoreError, UnknownBorrower, UnreadableFile
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.files import file_sha256

__all__ = ["IngestOptions", "IngestResult", "exit_code", "ingest_paths", "retry_quarantined"]

Now = Callable[[], datetime]
LOOK_AHEAD = 4
"""Files in flight per reader: enough that one long file does not leave the others idle, few enough to keep memory flat."""


class Watcher(Protocol):
    """Who hears of progress (ingestion.progress.ProgressLines)."""

    def page(self, file: str, stage: str, page: int, pages: int) -> None: ...

    def done(self, file: str, status: str, message: str) -> None: ...


def ingest_paths(
    caller: Caller,
    paths: Sequence[Path],
    store: Store,
    now: Now,
    options: IngestOptions | None = None,
    watcher: Watcher | None = None,
) -> list[IngestResult]:
    """Ingests files, folders (recursively) and archives; one result per file in the order found.

    Raises NotPermitted for a caller who may not write, BadRequest for a path or kind that does not exist, UnknownBorrower for an
    explicit borrower nobody knows, StoreError when the store cannot be written; never for what is in a file."""
    chosen = options or IngestOptions()
    _check(caller, paths, store, chosen)
    return _Run(caller, store, now, chosen, watcher).all(_members(paths, chosen.archive_limits))


def retry_quarantined(
    caller: Caller,
    store: Store,
    now: Now,
    options: IngestOptions | None = None,
    ids: Sequence[str] = (),
    watcher: Watcher | None = None,
) -> list[IngestResult]:
    """Reads open quarantine entries again (`ids`, or all); an entry that can be read now is closed as retried.
    Raises BadRequest for an id that is not open."""
    chosen = options or IngestOptions()
    _check(caller, (), store, chosen)
    entries = {entry.id: entry for entry in store.quarantine.list(caller)}
    missing = [id for id in ids if id not in entries]
    if missing:
        raise BadRequest(f"no open quarantine entry {missing[0]}", fix="See `loanward quarantine list`")
    folder = QuarantineFolder(store)
    wanted = [entry for entry in entries.values() if not ids or entry.id in ids]

    def members() -> Iterator[Member]:
        for entry in wanted:
            data = folder.bytes_of(entry)
            if data is None:
                what = "its bytes were not kept"
                yield Member(
                    entry.file,
                    b"",
                    UnreadableFile(what, reason=entry.reason, where=entry.file, fix="Ingest it from its folder"),
                )
            else:
                yield from opened(entry.file, data, chosen.archive_limits)

    results = _Run(caller, store, now, chosen, watcher).all(members())
    good = {result.sha256 for result in results if result.status != "rejected"}
    still_open = {entry.id for entry in store.quarantine.list(caller)}
    for entry in wanted:
        inside = [result for result in results if result.file.startswith(f"{entry.file}/")]
        unpacked = bool(inside) and all(result.status != "rejected" for result in inside)
        if entry.id in still_open and (entry.sha256 in good or unpacked):
            folder.settle(caller, entry, "retried", now())
    return results


def _check(caller: Caller, paths: Sequence[Path], store: Store, options: IngestOptions) -> None:
    if not caller.can_write:
        raise NotPermitted(f"{caller.user} may not store documents", fix="Ask somebody who may, or use `loanward extract`")
    if options.kind is not None and options.kind not in KINDS:
        raise BadRequest(f"{options.kind!r} is no kind of document", fix=f"Use one of {', '.join(KINDS)}")
    for path in paths:
        if not path.exists():
            raise BadRequest("there is no such file or folder", where=str(path), fix="Check the path")
    if options.borrower is not None and store.borrowers.get(caller, options.borrower) is None:
        raise UnknownBorrower(
            f"no borrower {options.borrower}", fix="Check the id, or leave --borrower out to have it recognised"
        )


def _members(paths: Sequence[Path], limits: ArchiveLimits) -> Iterator[Member]:
    for path in paths:
        for file in _files(path):
            shown = str(file)
            try:
                size = file.stat().st_size
                if size > MAX_BYTES:
                    yield Member(shown, b"", too_large(shown, size))
                    continue
                data = file.read_bytes()
            except OSError as error:
                what = f"it cannot be opened: {error.strerror}"
                yield Member(
                    shown, b"", UnreadableFile(what, reason="unreadable", where=shown, fix="Check the rights of the file")
                )
                continue
            yield from opened(shown, data, limits)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and (Path(folder) / name).is_file():
                yield Path(folder) / name


class _Run:
    """One call: keeps a few files in flight and writes them in the order they were given, whichever is read first: what a file finds
    already stored (its borrower, an earlier version of itself) must not depend on which reader was faster."""

    def __init__(self, caller: Caller, store: Store, now: Now, options: IngestOptions, watcher: Watcher | None) -> None:
        self.caller, self.store, self.now, self.options, self.watcher = caller, store, now, options, watcher
        self.folder = QuarantineFolder(store)
        self._results: dict[int, IngestResult] = {}
        self._flying: dict[int, Member] = {}
        self._same: dict[str, list[tuple[int, Member]]] = {}
        self._shas: dict[int, str] = {}
        self._early: dict[int, Outcome] = {}
        self._taught: set[int] = set()

    def all(self, members: Iterator[Member]) -> list[IngestResult]:
        ahead = LOOK_AHEAD * max(self.options.workers, 1)
        token = 0
        apart = self.options.workers > 0
        reader = ReaderPool(self.options.workers, self.options.time_limits, self._seen) if apart else InlineReader(self._seen)
        with reader as pool:
            for token, member in enumerate(members):
                self._begin(pool, token, member)
                while len(self._flying) >= ahead:
                    self._finish(pool, self._earliest(pool))
            while self._flying:
                self._finish(pool, self._earliest(pool))
        return [self._results[key] for key in sorted(self._results)]

    def _earliest(self, pool: ReaderPool | InlineReader) -> Outcome:
        """The outcome of the first file in flight; what is read before its turn waits."""
        wanted = min(self._flying)
        while wanted not in self._early:
            outcome = pool.next()
            self._early[outcome.token] = outcome
        return self._early.pop(wanted)

    def _seen(self, file: str, stage: str, page: int, pages: int) -> None:
        if self.watcher is not None:
            self.watcher.page(file, stage, page, pages)

    def _begin(self, pool: ReaderPool | InlineReader, token: int, member: Member) -> None:
        if member.error is not None:
            sha256 = hashlib.sha256(member.data).hexdigest() if member.data else _hash_on_disk(member.name)
            self._reject(token, member, sha256, member.error)
            return
        sha256 = hashlib.sha256(member.data).hexdigest()
        self._shas[token] = sha256
        if any(self._shas[other] == sha256 for other in self._flying):
            self._same.setdefault(sha256, []).append((token, member))
            return
        if self._stored_before(token, member, sha256):
            return
        self._flying[token] = member
        listed = self._listed(member)
        kind = self.options.kind or (listed.kind if listed and listed.kind in KINDS else None)
        pool.submit(Task(token, PurePosixPath(member.name).name, member.data, kind, self.options.labels, self.options.engine))

    def _stored_before(self, token: int, member: Member, sha256: str) -> bool:
        """Whether these bytes need no reading: they are stored, and the run has nothing new to say of whose they are."""
        if not self.store.documents.holds(self.caller, sha256):
            return False
        known = self.store.documents.get(self.caller, sha256)
        if known is not None and known.borrower is None and (self.options.borrower or self._listed(member)):
            return False
        self._note(token, self._duplicate(member, sha256, known))
        return True

    def _finish(self, pool: ReaderPool | InlineReader, outcome: Outcome) -> None:
        member = self._flying.pop(outcome.token)
        sha256 = self._shas[outcome.token]
        extraction = outcome.extraction
        if extraction is None:
            assert outcome.error is not None
            self._reject(outcome.token, member, sha256, outcome.error)
        elif extraction.status == "rejected":
            text = extraction.messages[0].text if extraction.messages else "it could not be read"
            error = _Said(text, str(extraction.details.get("reason", "unreadable")))
            self._reject(outcome.token, member, sha256, error)
        elif (lessons := self._lessons(outcome.token, member, extraction)) is not None:
            # the borrower is known now, and an officer has said what some of these labels mean for it
            self._taught.add(outcome.token)
            self._flying[outcome.token] = member
            pool.submit(
                Task(outcome.token, PurePosixPath(member.name).name, member.data, extraction.kind, lessons, self.options.engine)
            )
            return
        else:
            self._store(outcome.token, member, sha256, extraction)
        for token, twin in self._same.pop(sha256, []):
            self._begin(pool, token, twin)

    def _lessons(self, token: int, member: Member, extraction: Extraction) -> tuple[OwnLabel, ...] | None:
        """The labels to read a statement by once more, when mapping corrections of its borrower speak of labels it has."""
        if token in self._taught or extraction.kind != "statement":
            return None
        borrower = known_borrower(self.store, self.caller, extraction, given=self.options.borrower, listed=self._listed(member))
        if borrower is None:
            return None
        at = self.now()
        taught = [
            OwnLabel(lesson.statement or "", lesson.label or "", lesson.item or "", lesson.id)
            for lesson in self.store.corrections.lessons(self.caller, borrower, Clocks(at.date(), at))
        ]
        taught += [
            OwnLabel(lesson.statement, lesson.label, lesson.item, lesson.id)
            for lesson in self.store.lessons.in_force(self.caller, borrower, Clocks(at.date(), at))
        ]
        mapped = {(fact.statement, label_key(fact.label)): fact.item for fact in extraction.facts}
        loose = {(row.statement, label_key(row.label)) for row in extraction.unmapped}
        new = [
            own
            for own in taught
            if (place := (own.statement, label_key(own.label))) in loose or mapped.get(place, own.item) != own.item
        ]
        return (*self.options.labels, *taught) if new else None

    def _store(self, token: int, member: Member, sha256: str, extraction: Extraction) -> None:
        listed = self._listed(member)
        received = self.options.received or (listed.received if listed else None)
        at = self.now()
        start = datetime(received.year, received.month, received.day, tzinfo=UTC) if received else at
        try:
            filed = file_extraction(
                self.store,
                self.caller,
                extraction,
                member.data,
                received_at=start,
                at=at,
                given=self.options.borrower,
                listed=listed,
            )
        except StoreError:
            raise
        except LoanwardError as error:
            refused = UnreadableFile(error.what, reason="refused", where=member.name, fix=error.fix)
            self._reject(token, member, sha256, refused)
            return
        self.folder.settle_read(self.caller, sha256, at)
        self._note(token, _result(member.name, extraction, filed))

    def _reject(self, token: int, member: Member, sha256: str, error: UnreadableFile) -> None:
        self.folder.put(self.caller, member.name, member.data, error, self.now(), sha256)
        self._note(
            token,
            IngestResult(member.name, sha256, "rejected", "other", None, "en", 0, 0, (), str(error), reason=error.reason),
        )

    def _duplicate(self, member: Member, sha256: str, known: Document | None) -> IngestResult:
        if known is None:
            message = "the same file is stored already, out of your sight"
            return IngestResult(member.name, sha256, "ok", "other", None, "en", 0, 0, (), message, duplicate_of=sha256[:12])
        facts = len(self.store.facts.of_document(self.caller, sha256))
        passages = len(self.store.passages.of_document(self.caller, sha256))
        day = known.received_at.date().isoformat()
        message = f"the same bytes are stored as {known.name}, received {day}"
        return IngestResult(
            member.name, sha256, known.status, known.kind, known.borrower, known.language, facts, passages,
            tuple(known.report.get("checks", ())), message, duplicate_of=known.name, pages=known.pages,
        )  # fmt: skip

    def _listed(self, member: Member) -> Assignment | None:
        path = PurePosixPath(member.name.replace("\\", "/"))
        for length in range(len(path.parts), 0, -1):
            found = self.options.assignments.get("/".join(path.parts[-length:]))
            if found is not None:
                return found
        return None

    def _note(self, token: int, result: IngestResult) -> None:
        self._results[token] = result
        if self.watcher is not None:
            status = "already stored" if result.duplicate_of else result.status
            self.watcher.done(result.file, status, result.message)


class _Said(UnreadableFile):
    """A refusal already worded by the reader."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason=reason)


def _result(name: str, extraction: Extraction, filed: Filed) -> IngestResult:
    return IngestResult(
        name, extraction.sha256, extraction.status, extraction.kind, filed.borrower, extraction.language, filed.facts, filed.passages,
        tuple(check_shape(check) for check in extraction.checks), filed.message, newer_version_of=filed.newer_version_of,
        pages=extraction.pages,
    )  # fmt: skip


def _hash_on_disk(name: str) -> str:
    path = Path(name)
    return file_sha256(path) if path.is_file() else hashlib.sha256(name.encode()).hexdigest()
