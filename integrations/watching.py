"""The drop folder in a running process: woken by the file system, filing what has settled, until it is told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from ingestion.drop_folder import DropFolder, FileOne, Moved

LOOK_MS = 500
"""How often settled files are looked for between events, in milliseconds."""


def watch_folder(
    folder: Path,
    file_one: FileOne,
    told: Callable[[Moved], None],
    stop: threading.Event,
    settle_seconds: float = 2.0,
    *,
    once: bool = False,
) -> int:
    """Files what is in `folder` and what arrives until `stop` is set (with `once`: until nothing waits). Returns how many files left
    it. The file being filed when `stop` is set is finished. Raises BadRequest when the folder is missing or watched already."""
    from watchfiles import watch

    count = 0
    with DropFolder(folder, file_one, settle_seconds) as drop:

        def sweep() -> None:
            nonlocal count
            for moved in drop.sweep(time.monotonic()):
                count += 1
                told(moved)
                if stop.is_set():
                    return

        sweep()
        if once:
            while drop.waiting and not stop.is_set():
                time.sleep(min(settle_seconds, LOOK_MS / 1000) or 0.01)
                sweep()
            return count
        for _ in watch(folder, stop_event=stop, rust_timeout=LOOK_MS, yield_on_timeout=True, raise_interrupt=False):
            sweep()
    return count
