"""Worker processes that read files side by side, each under a limit of time per page and per file.

    with ReaderPool(2, limits, progress) as pool:
        pool.submit(task); outcome = pool.next()

A worker that overruns or dies is replaced; the file it had is the only one that suffers.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import queue
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from ingestion.extraction import Extraction
from ingestion.reading import MAX_BYTES, extract_bytes, rejected, too_large
from ingestion.recognition import KINDS
from ingestion.scans.engine import EngineName
from ingestion.statements.own_labels import OwnLabel
from ingestion.worker import HEAD, send
from tools.errors import BadRequest, UnreadableFile

START_SECONDS = 120.0
"""Starting a process and importing the readers is not the file's fault."""
START = "import sys; sys.path[:0] = {path!r}; from ingestion.worker import main; main()"


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """`page_seconds`: between two signs of progress (a page read). `scan_seconds`: for a page read from its picture, the first of them
    with its engine to start. `statement_seconds`: for finding and reading the statements of one file. `file_seconds`: for all of a
    file, and `scan_file_seconds` for one that holds pictures."""

    page_seconds: float = 30.0
    scan_seconds: float = 120.0
    statement_seconds: float = 240.0
    file_seconds: float = 900.0
    scan_file_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read; `token` comes back with its outcome."""

    token: int
    name: str
    data: bytes
    kind: str | None = None
    labels: tuple[OwnLabel, ...] = ()
    engine: EngineName = "rapidocr"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either an extraction or the reason there is none."""

    token: int
    extraction: Extraction | None
    error: UnreadableFile | None
    seconds: float


Seen = Callable[[str, str, int, int], None]
"""(file, stage, page, pages) as pages are read; called from the pool's threads."""


class ReaderPool:
    """`workers` processes, each with a thread here that talks to it."""

    def __init__(self, workers: int, limits: TimeLimits, seen: Seen) -> None:
        self.limits = limits
        self.seen = seen
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._outcomes: queue.Queue[Outcome | BaseException] = queue.Queue()
        self._threads = [threading.Thread(target=self._talk, daemon=True) for _ in range(max(workers, 1))]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for _ in self._threads:
            self._tasks.put(None)

    def submit(self, task: Task) -> None:
        """Queues a file."""
        self._tasks.put(task)

    def next(self) -> Outcome:
        """Waits for the next file that is done, in whatever order."""
        found = self._outcomes.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def _talk(self) -> None:
        process: subprocess.Popen[bytes] | None = None
        try:
            while (task := self._tasks.get()) is not None:
                if process is None or process.poll() is not None:
                    process = _started()
                outcome = self._read(process, task)
                if outcome.error is not None and outcome.error.reason in ("timeout", "crashed", "too_large"):
                    _ended(process)
                    process = None
                self._outcomes.put(outcome)
        except BaseException as error:  # a thread must not die silently: the waiting side raises it
            self._outcomes.put(error)
        finally:
            if process is not None:
                _ended(process)

    def _read(self, process: subprocess.Popen[bytes], task: Task) -> Outcome:
        assert process.stdin is not None and process.stdout is not None
        began = time.monotonic()

        def failed(what: str, reason: str, fix: str) -> Outcome:
            return Outcome(
                task.token, None, UnreadableFile(what, reason=reason, where=task.name, fix=fix), time.monotonic() - began
            )

        again = "Ask for the file again, or send the pages that matter"
        try:
            about = {"name": task.name, "kind": task.kind, "labels": task.labels, "engine": task.engine}
            send(process.stdin, {"data": task.data, **about})
        except BrokenPipeError:
            return failed("the reader ended before it got the file", "crashed", again)
        pipe = _Pipe(process.stdout.fileno())
        allowed, at, whole_file = self.limits.page_seconds + START_SECONDS, "the first page", self.limits.file_seconds
        while True:
            left = min(allowed, whole_file - (time.monotonic() - began))
            try:
                message = pipe.message(max(left, 0.0))
            except EOFError:
                code = process.wait()
                return failed(f"the reader crashed on it (code {code}) at {at}", "crashed", again)
            if message is None:
                limit = whole_file if time.monotonic() - began >= whole_file else allowed
                return failed(f"reading stopped at {at}: it took more than {limit:g} s", "timeout", again)
            if message[0] == "page":
                _, stage, page, pages = message
                number = f"page {page} of {pages}"
                at = {"text": number, "scan": f"the picture of {number}", "start": "the first page"}.get(stage, f"its {stage}")
                allowed = self._allowed(stage)
                if stage == "scan":
                    whole_file = max(self.limits.scan_file_seconds, self.limits.file_seconds)
                self.seen(task.name, stage, page, pages)
            elif message[0] == "done":
                return Outcome(task.token, message[1], None, time.monotonic() - began)
            else:
                _, reason, what, fix = message
                return failed(what, reason, fix)

    def _allowed(self, stage: str) -> float:
        by_stage = {"statements": self.limits.statement_seconds, "scan": self.limits.scan_seconds}
        return by_stage.get(stage, self.limits.page_seconds)


class InlineReader:
    """The same without processes, for callers who read their own files: no limit of time, no protection from a crash."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self._tasks: deque[Task] = deque()

    def __enter__(self) -> InlineReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tasks.clear()

    def submit(self, task: Task) -> None:
        """Queues a file."""
        self._tasks.append(task)

    def next(self) -> Outcome:
        """Reads the next file now."""
        task = self._tasks.popleft()
        began = time.monotonic()
        extraction = extract_bytes(
            task.data,
            task.name,
            kind=task.kind,
            progress=lambda *what: self.seen(task.name, *what),
            labels=task.labels,
            engine=task.engine,
        )
        return Outcome(task.token, extraction, None, time.monotonic() - began)


def read_apart(
    path: Path,
    *,
    kind: str | None = None,
    limits: TimeLimits | None = None,
    seen: Seen | None = None,
    labels: tuple[OwnLabel, ...] = (),
    engine: EngineName = "rapidocr",
) -> Extraction:
    """Reads one file in a process of its own under the time limits; a file that overruns or crashes the reader is `rejected`.
    Raises BadRequest when there is no such file or kind."""
    if kind is not None and kind not in KINDS:
        raise BadRequest(f"{kind!r} is no kind of document", fix=f"Use one of {', '.join(KINDS)}")
    if not path.is_file():
        raise BadRequest("there is no such file", where=str(path), fix="Check the path")
    if path.stat().st_size > MAX_BYTES:
        return rejected(path.name, "", too_large(path.name, path.stat().st_size))
    data = path.read_bytes()
    with ReaderPool(1, limits or TimeLimits(), seen or (lambda *_: None)) as pool:
        pool.submit(Task(0, path.name, data, kind, labels, engine))
        outcome = pool.next()
    if outcome.extraction is not None:
        return outcome.extraction
    assert outcome.error is not None
    return rejected(path.name, hashlib.sha256(data).hexdigest(), outcome.error)


class _Pipe:
    """Messages from a file descriptor, with a patience."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._buffer = bytearray()

    def message(self, seconds: float) -> Any:
        """The next message; None when nothing whole came within `seconds`. Raises EOFError when the other end is gone."""
        until = time.monotonic() + seconds
        while True:
            if len(self._buffer) >= HEAD.size:
                (length,) = HEAD.unpack(self._buffer[: HEAD.size])
                if len(self._buffer) >= HEAD.size + length:
                    body = bytes(self._buffer[HEAD.size : HEAD.size + length])
                    del self._buffer[: HEAD.size + length]
                    return pickle.loads(body)
            ready, _, _ = select.select([self._handle], [], [], max(until - time.monotonic(), 0.0))
            if not ready:
                return None
            piece = os.read(self._handle, 1 << 20)
            if not piece:
                raise EOFError
            self._buffer += piece


def _started() -> subprocess.Popen[bytes]:
    code = START.format(path=[entry for entry in sys.path if entry] or [""])
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
