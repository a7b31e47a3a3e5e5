"""Files that survive a crash: written aside, synced, renamed, and claimed until the database has committed.

Between the rename and the commit a file belongs to nobody. Its claim, a small locked file in `.pending`, says whose it is: the
operating system drops the lock when the process dies, so that the next opening can tell a dead claim from a live one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

CHUNK = 1 << 20


def sync_directory(folder: Path) -> None:
    """Makes renames inside `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds `path` (made when absent) against every other process and thread."""
    with path.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Shelf:
    """Immutable files named by their SHA-256 under `folder`/ab/. One process claims a file from before it is written until the
    transaction that mentions it has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pending = folder / ".pending"
        self._claims: dict[str, list[tuple[Path, BinaryIO]]] = {}

    def path(self, sha256: str) -> Path:
        """Where the bytes of `sha256` are, or would be."""
        return self.folder / sha256[:2] / sha256

    def put(self, content: bytes | Path) -> tuple[str, int]:
        """Claims and stores the bytes; returns (sha256, size). Storing the same bytes again costs only their hash."""
        sha256 = file_sha256(content) if isinstance(content, Path) else hashlib.sha256(content).hexdigest()
        size = content.stat().st_size if isinstance(content, Path) else len(content)
        self.pending.mkdir(parents=True, exist_ok=True)
        with locked(self.pending / "lock"):
            mark = self.pending / f"{sha256}.{uuid4().hex}"
            handle = mark.open("wb")
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._claims.setdefault(sha256, []).append((mark, handle))
        target = self.path(sha256)
        if not (target.exists() and target.stat().st_size == size):
            self._write(content, target, mark.with_suffix(mark.suffix + ".part"))
        return sha256, size

    def _write(self, content: bytes | Path, target: Path, part: Path) -> None:
        with part.open("wb") as out:
            if isinstance(content, bytes):
                out.write(content)
            else:
                with content.open("rb") as source:
                    while piece := source.read(CHUNK):
                        out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            sync_directory(self.folder)
        part.rename(target)
        sync_directory(target.parent)

    def settle(self, sha256: str, wanted: Callable[[str], bool]) -> None:
        """Ends this process's claim: the bytes stay when `wanted` (the database mentions them) or someone else claims them."""
        with locked(self.pending / "lock"):
            for mark, handle in self._claims.pop(sha256, []):
                mark.unlink(missing_ok=True)
                handle.close()
            if not wanted(sha256) and not any(self.pending.glob(f"{sha256}.*")):
                self.path(sha256).unlink(missing_ok=True)

    def reclaim(self, wanted: Callable[[str], bool]) -> list[str]:
        """Clears what dead processes left: half-written parts, and bytes no row mentions. Returns the hashes removed."""
        if not self.pending.is_dir():
            return []
        names = [entry.name for entry in os.scandir(self.pending) if entry.name != "lock"]
        if not names:
            return []
        removed = []
        with locked(self.pending / "lock"):
            for mark in sorted(self.pending / name for name in names if name.count(".") == 1):
                if not self._abandoned(mark):
                    continue
                sha256 = mark.name.split(".")[0]
                mark.with_suffix(mark.suffix + ".part").unlink(missing_ok=True)
                mark.unlink(missing_ok=True)
                if not wanted(sha256) and not any(self.pending.glob(f"{sha256}.*")):
                    with suppress(FileNotFoundError):
                        self.path(sha256).unlink()
                        removed.append(sha256)
        return removed

    @staticmethod
    def _abandoned(mark: Path) -> bool:
        try:
            with mark.open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return False
        return True
