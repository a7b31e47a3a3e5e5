"""A folder people and machines drop files into: each is filed once it has stopped growing, and leaves the folder for `done` or
`quarantine`.

    folder = DropFolder(path, file_one, settle_seconds=2)
    folder.sweep(moment)          # again and again; files what has settled, says what became of it

Nothing is lost or doubled: a file is moved only after it was stored, and one that was stored before the power went is recognised
by its content and only moved. Which of two files of one name is which stays clear: the later gets its hash behind its name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingestion.ingest_results import IngestResult
from tools.errors import BadRequest, StoreError

DONE, QUARANTINE, LOCK = "done", "quarantine", ".loanward-watch"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart", ".swp")
REASON = ".reason.txt"

FileOne = Callable[[Path], Sequence[IngestResult]]
"""Files one file or archive and says what became of it and its members."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One file that left the folder."""

    file: Path
    to: Path
    results: tuple[IngestResult, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """A file as it was seen: unchanged since `since` (monotonic seconds)."""

    size: int
    changed: int
    since: float


class DropFolder:
    """One watched folder. Use it as a context manager: a second watcher of the same folder is refused."""

    def __init__(self, folder: Path, file_one: FileOne, settle_seconds: float = 2.0) -> None:
        self.folder, self.file_one, self.settle_seconds = folder, file_one, settle_seconds
        self._seen: dict[Path, _Look] = {}
        self._lock: IO[str] | None = None

    def __enter__(self) -> DropFolder:
        if not self.folder.is_dir():
            raise BadRequest("there is no such folder", where=str(self.folder), fix="Make it, or check the path")
        try:
            for name in (DONE, QUARANTINE):
                (self.folder / name).mkdir(exist_ok=True)
            self._lock = (self.folder / LOCK).open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            assert self._lock is not None
            self._lock.close()
            raise BadRequest(
                "this folder is watched already", where=str(self.folder), fix="End the other watcher first"
            ) from None
        except OSError as error:
            raise StoreError(
                f"the folder cannot be used: {error.strerror}",
                where=str(self.folder),
                fix="Give this user the right to write it",
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()

    def sweep(self, moment: float) -> Iterator[Moved]:
        """Files every file that has not changed for `settle_seconds`; `moment` is monotonic."""
        found = sorted(self._files())
        self._seen = {path: look for path, look in self._seen.items() if path in set(found)}
        for path in found:
            if self._settled(path, moment):
                yield self._take(path)

    @property
    def waiting(self) -> int:
        """Files seen that have not settled yet."""
        return len(self._seen)

    def _files(self) -> Iterator[Path]:
        for root, names, files in os.walk(self.folder):
            if Path(root) == self.folder:
                names[:] = [name for name in names if name not in (DONE, QUARANTINE)]
            names[:] = sorted(name for name in names if not name.startswith("."))
            for name in files:
                if not name.startswith((".", "~$")) and not name.lower().endswith(UNFINISHED):
                    yield Path(root) / name

    def _settled(self, path: Path, moment: float) -> bool:
        try:
            now = path.stat()
        except OSError:
            self._seen.pop(path, None)
            return False  # taken away while we looked
        before = self._seen.get(path)
        if before is None or (before.size, before.changed) != (now.st_size, now.st_mtime_ns):
            self._seen[path] = _Look(now.st_size, now.st_mtime_ns, moment)
            return False
        return moment - before.since >= self.settle_seconds

    def _take(self, path: Path) -> Moved:
        results = tuple(self.file_one(path))
        refused = bool(results) and all(result.status == "rejected" for result in results)
        target = self._place(path, self.folder / (QUARANTINE if refused else DONE))
        path.rename(target)
        if refused:
            reasons = "\n".join(f"{result.file}: {result.message}" for result in results)
            target.with_name(target.name + REASON).write_text(reasons + "\n", encoding="utf-8")
        self._seen.pop(path, None)
        self._tidy(path.parent)
        return Moved(path, target, results)

    def _place(self, path: Path, under: Path) -> Path:
        target = under / path.relative_to(self.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
            target = target.with_name(f"{target.stem}-{digest}{target.suffix}")
        return target

    def _tidy(self, folder: Path) -> None:
        """Empty folders that were dropped with their files go too."""
        while folder != self.folder and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
