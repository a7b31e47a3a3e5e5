"""Heads of the trail kept beside the database: one line per record, appended after its commit.

Whoever cuts records off the end of the database, or recomputes the whole chain, meets the lines written here. Copies kept
outside the machine protect this file itself. A crash between commit and line only leaves the newest record unanchored.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_LINE = 12 + 1 + 64 + 1


class Anchors:
    """The file of heads. Lines are `position hash`; two processes may write theirs slightly out of order."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """An empty file for a new home."""
        self.path.touch(mode=0o600)

    def add(self, heads: Iterable[tuple[int, str]]) -> None:
        """Appends (position, head) pairs in a single write, so that lines of two processes never mix."""
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            torn = b"" if size % _LINE == 0 else b"\n" * (_LINE - size % _LINE)
            os.write(handle, torn + "".join(f"{position:012d} {head}\n" for position, head in heads).encode())
        finally:
            os.close(handle)

    def size(self) -> int | None:
        """Bytes so far, None when the file is gone. Taken before the trail is read, so that later heads are not missed in it."""
        return self.path.stat().st_size if self.path.exists() else None

    def read(self, size: int) -> Iterator[tuple[int, str]]:
        """(position, head) of the whole lines in the first `size` bytes; lines torn by a power cut are skipped."""
        if not size:
            return
        with self.path.open("rb") as lines:
            while lines.tell() + _LINE <= size:
                text = lines.read(_LINE).decode("ascii", "replace")
                position, head = text[:12], text[13:77]
                if position.isdecimal() and text[12] == " " and text[77] == "\n" and not set(head) - set("0123456789abcdef"):
                    yield int(position), head
