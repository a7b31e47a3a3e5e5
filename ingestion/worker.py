"""The process that reads files: nothing it does can hurt the one that writes.

It gets files on its standard input and answers there on its standard output, one pickled message after a length. It is killed by
its parent when a page or a file takes too long, it has a ceiling on memory, and it ends by itself when its parent is gone.
"""

from __future__ import annotations

import os
import pickle
import resource
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Any

MEMORY = 4 << 30
"""Bytes of address space: a reader that wants more gets a MemoryError and the file is refused."""
WATCH_SECONDS = 1.0
HEAD = struct.Struct(">Q")


def send(stream: IO[bytes], message: Any) -> None:
    """One message."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(HEAD.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message, None at the end."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (length,) = HEAD.unpack(head)
    body = stream.read(length)
    return pickle.loads(body) if len(body) == length else None


def main() -> None:
    """Reads files until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the messages
    _limit_memory()
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    while (task := receive(sys.stdin.buffer)) is not None:
        _serve(task, lambda message: send(answers, message))


def _serve(task: dict[str, Any], answer: Callable[[Any], None]) -> None:
    from ingestion.reading import extract_bytes

    def progress(stage: str, page: int, pages: int) -> None:
        answer(("page", stage, page, pages))

    answer(("page", "start", 0, 0))
    try:
        extraction = extract_bytes(
            task["data"], task["name"], kind=task["kind"], progress=progress, labels=task["labels"], engine=task["engine"]
        )
    except MemoryError:
        answer(
            (
                "failed",
                "too_large",
                "reading it needs more memory than one file may take",
                "Split it, or send the pages that matter",
            )
        )
        return
    except RecursionError:
        answer(("failed", "malformed", "it is nested too deeply to be read", "Open it, save it again and send that"))
        return
    except Exception as error:
        # The last line of defence: a fault of a reader on hostile input costs this file, never the run.
        what = f"reading it failed ({type(error).__name__}: {str(error)[:200]})"
        answer(("failed", "reader_error", what, "Keep the file and report it; the rest was read"))
        return
    answer(("done", extraction))


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(0)
