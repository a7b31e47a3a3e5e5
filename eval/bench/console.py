"""Pages of the console while eight people work, against the same pages while one does.

The server is a process of its own, as in service. A person reads before the next click: clients wait between requests, from a third
to a full second, which is faster than anybody reads. How much the server can do without such pauses is told in the detail.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx

from eval.bench import Measure
from tools.domain.callers import LOCAL

if TYPE_CHECKING:
    from assistant.wiring import Bank

CLIENTS = 8
ROUNDS = 25
PAUSE = (0.33, 1.0)
TARGET = 3.0
FIGURES = tuple(
    f"/figures/C001/{name}" for name in ("debt_to_ebitda", "current_ratio", "debt_to_assets", "dscr", "revenue", "icr_ebitda")
)
SEARCHES = tuple(
    f"/search?q={quote(q)}" for q in ("6,400.00", "2.58亿", "明远精密 流动比率", "产线 检修", "Leverage", "30,000.00")
)  # fmt: skip


def bench_console(bank: Bank, say: Callable[[str], None]) -> list[Measure]:
    """p95 of search and figure pages, loaded over unloaded. `bank` is only asked for its home and for a session."""
    now = datetime.now(UTC)
    _, token = bank.store.tokens.create(LOCAL, "S008", now)
    opened = bank.store.tokens.open_session(token, now)
    if opened is None:
        raise RuntimeError("a new token opened no session")
    found = []
    with served(bank.home.root) as address:
        for kind, pages in (("search", SEARCHES), ("figure", FIGURES)):
            _client(address, opened[1], pages, len(pages), None)  # loads what loads once
            alone = _client(address, opened[1], pages, 4 * ROUNDS, None)
            many, rate = _clients(address, opened[1], pages, PAUSE)
            flat, most = _clients(address, opened[1], pages, None)
            ratio = p95(many) / p95(alone)
            detail = (
                f"p95 {p95(alone) * 1000:.0f} ms alone, {p95(many) * 1000:.0f} ms with {CLIENTS} clients at {rate:.0f} pages/s; "
                f"median {statistics.median(alone) * 1000:.0f} and {statistics.median(many) * 1000:.0f} ms; "
                f"without pauses {most:.0f} pages/s at p95 {p95(flat) * 1000:.0f} ms"
            )
            say(f"{kind}: {detail}")
            name = f"a {kind} page while {CLIENTS} people work"
            found.append(Measure(name, "the same pages while one does", ratio, f"<= {TARGET}", ratio <= TARGET, detail))
    return found


def p95(times: Sequence[float]) -> float:
    """The time 95 of 100 stay below."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]


@contextmanager
def served(home: Path) -> Iterator[str]:
    """`loanward serve` over `home` on a free port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"LOANWARD_REQUESTS_PER_MINUTE": "1000000"}
    command = [sys.executable, "-m", "integrations.cli", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{address}/api/v1/ready", timeout=5).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _client(
    address: str, secret: str, pages: Sequence[str], count: int, pause: tuple[float, float] | None, seed: int = 0
) -> list[float]:
    """Opens pages one after the other; the seconds each took."""
    dice = random.Random(seed)
    times = []
    with httpx.Client(base_url=address, cookies={"loanward_session": secret, "loanward_language": "en"}, timeout=60) as client:
        for number in range(count):
            if pause:
                time.sleep(dice.uniform(*pause))
            started = time.perf_counter()
            answer = client.get(pages[(number + seed) % len(pages)])
            times.append(time.perf_counter() - started)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.url} gave {answer.status_code}")
    return times


def _clients(address: str, secret: str, pages: Sequence[str], pause: tuple[float, float] | None) -> tuple[list[float], float]:
    """All clients at once; every time, and pages per second."""
    times: list[float] = []

    def work(seed: int) -> None:
        times.extend(_client(address, secret, pages, ROUNDS, pause, seed))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(times) / (time.perf_counter() - started)
