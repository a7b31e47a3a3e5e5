"""Killed at any instant, the store is whole: what was accepted is there with its record, the rest is not there at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.store.bank import EVER, NOW
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.files import Shelf
from tools.store.home import Home

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from tests.store.bank import NOW, ingest
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.home import Home

root, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Store(Home.open(root))
for number in range(count):
    with store.transaction():
        borrower = store.borrowers.provisional(LOCAL, f"Company {who} {number % 3} Ltd", NOW).id
        record = ingest(store, LOCAL, borrower, f"{who} {number}".encode() * 2000, ("100", "90", "80"))
    print(record.object, flush=True)
"""


def start(root: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(root), who, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_whole(store: Store, accepted: set[str]) -> None:
    documents = {d.sha256: d for d in store.documents.list(LOCAL)}
    assert accepted <= set(documents)
    for sha256, document in documents.items():
        assert len(store.facts.of_document(LOCAL, sha256)) == 3 and len(store.passages.of_document(LOCAL, sha256)) == 3
        assert document.bytes == store.home.shelf.path(sha256).stat().st_size
        assert len(store.trail.search(LOCAL, object=sha256, act="ingest")) == 1
    on_disk = {p.name for p in store.home.documents_dir.glob("??/*")}
    assert on_disk == set(documents) and [p.name for p in store.home.shelf.pending.iterdir()] == ["lock"]
    found = store.trail.verify(LOCAL)
    assert found.ok and found.unanchored <= 1, found


def test_killed_at_random_moments_it_loses_nothing_accepted_and_shows_nothing_half(tmp_path: Path) -> None:
    chance, root, accepted = random.Random(7), tmp_path / "home", set[str]()
    Home.open(root).close()
    for turn in range(5):
        writer = start(root, f"w{turn}", 400)
        assert writer.stdout is not None
        accepted.add(writer.stdout.readline().strip())
        time.sleep(chance.random() * 0.15)
        os.kill(writer.pid, signal.SIGKILL)
        accepted |= {line for line in writer.communicate()[0].split("\n") if len(line) == 64}
        store = Store(Home.open(root))
        assert_whole(store, accepted)
        store.close()
    assert len(accepted) > 5


def test_the_next_run_finishes_what_was_cut_off_without_doubling(tmp_path: Path) -> None:
    root = tmp_path / "home"
    Home.open(root).close()
    writer = start(root, "w", 12)
    assert writer.stdout is not None
    for _ in range(4):
        writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    again = start(root, "w", 12)
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    store = Store(Home.open(root))
    assert len(store.documents.list(LOCAL)) == 12 == len(set(out.split()))
    assert len(store.facts.history(LOCAL, None, EVER)) == 36
    assert store.trail.verify(LOCAL).ok
    store.close()


def test_concurrent_writers_wait_for_each_other_and_keep_one_chain(tmp_path: Path) -> None:
    root = tmp_path / "home"
    Home.open(root).close()
    writers = [start(root, f"w{number}", 25) for number in range(2)]
    results = [writer.communicate(timeout=180) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], [err for _, err in results]
    store = Store(Home.open(root))
    assert_whole(store, {line for out, _ in results for line in out.split()})
    records = store.trail.search(LOCAL, limit=1000)
    assert [r.position for r in records] == list(range(len(records), 0, -1)) and len(records) >= 50
    assert store.trail.verify(LOCAL).unanchored == 0
    store.close()


def test_threads_of_one_process_write_one_chain_too(store: Store) -> None:
    def work(number: int) -> None:
        with store.transaction():
            store.trail.append(LOCAL, "ask", f"q{number}", {"n": number}, NOW)
            store.threads.append(LOCAL, f"t{number % 3}", [{"n": number}], NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(60)))
    assert store.trail.verify(LOCAL).records == 60 and store.trail.verify(LOCAL).ok
    assert sum(len(store.threads.read(LOCAL, f"t{k}")) for k in range(3)) == 60


def test_bytes_of_a_dead_process_are_cleared_and_those_of_a_live_one_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            shelf.put(b"left behind")
        os._exit(0)
    os.waitpid(pid, 0)
    live, _ = shelf.put(b"still being written")
    (shelf.pending / f"{live}.dead.part").write_bytes(b"half")
    left = hashlib.sha256(b"left behind").hexdigest()
    assert shelf.path(left).exists()
    assert Shelf(tmp_path).reclaim(lambda sha256: False) == [left]
    assert not shelf.path(left).exists() and shelf.path(live).exists()
    shelf.settle(live, lambda sha256: True)
    assert shelf.path(live).read_bytes() == b"still being written"


def test_bytes_claimed_twice_stay_until_both_have_ended(tmp_path: Path) -> None:
    one, two = Shelf(tmp_path), Shelf(tmp_path)
    sha256, _ = one.put(b"shared")
    two.put(b"shared")
    one.settle(sha256, lambda _: False)
    assert two.path(sha256).exists()
    two.settle(sha256, lambda _: True)
    assert two.path(sha256).exists()
