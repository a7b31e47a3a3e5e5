"""Progress on standard error: what is being read, how many files are done, and how many pages a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

EVERY = 0.5
"""Seconds between two lines about pages; a finished file is always shown."""


@dataclass(slots=True)
class ProgressLines:
    """Writes short lines to `stream`. Safe to call from the pool's threads: one line is one write."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _began: float = 0.0
    _last: float = 0.0
    _pages: int = 0
    _files: int = 0
    _at: dict[str, int] = field(default_factory=dict)

    def page(self, file: str, stage: str, page: int, pages: int) -> None:
        """A page of `file` was read."""
        now = self._now()
        if stage == "text":
            self._pages += max(0, page - self._at.get(file, 0))
            self._at[file] = page
        if now - self._last >= EVERY and stage != "start":
            self._last = now
            named = {"text": f"page {page} of {pages}", "scan": f"the picture of page {page} of {pages}"}
            what = named.get(stage, stage)
            self.stream.write(f"reading {file}: {what} · {self._rate(now)}\n")
            self.stream.flush()

    def done(self, file: str, status: str, message: str) -> None:
        """A file is finished."""
        now = self._now()
        self._files += 1
        tail = f" ({message})" if message else ""
        self.stream.write(f"{self._files}: {file}: {status}{tail} · {self._rate(now)}\n")
        self.stream.flush()

    def _now(self) -> float:
        now = self.clock()
        self._began = self._began or now
        return now

    def _rate(self, now: float) -> str:
        passed = max(now - self._began, 0.001)
        return f"{self._pages} pages, {self._pages / passed:.0f} pages/s"
