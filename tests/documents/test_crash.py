"""Killed at any instant, the store holds whole documents only, and the next run completes the work."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.pipeline import IngestOptions, ingest_paths
from tests.documents import papers
from tests.documents.conftest import now
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.home import Home

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for number in range(12):
        text = papers.NOTE_ZH.replace("6条产线开工4条", f"{number + 6}条产线开工4条")
        (made / f"note{number}.md").write_text(text, encoding="utf-8")
    (made / "cut.pdf").write_bytes(papers.pdf([["text"] * 30])[:700])
    (made / "pack.zip").write_bytes(
        papers.zipped({"a.txt": papers.CONTRACT_EN, "b.txt": "A memo about Harbour Foods Limited."})
    )
    return made


def run_and_kill(home: Path, folder: Path, after: float, workers: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.documents.ingest_once", str(home), str(folder), str(workers)], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def whole(store: Store) -> None:
    """Every stored document has its bytes, its passages and its record; no bytes are left that no row mentions."""
    documents = store.documents.list(LOCAL)
    for document in documents:
        path = store.documents.path(LOCAL, document.sha256)
        assert path is not None and hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256
        assert store.passages.of_document(LOCAL, document.sha256)
    recorded = [record.object for record in store.trail.search(LOCAL, act="ingest", limit=500)]
    assert sorted(recorded) == sorted(document.sha256 for document in documents)
    on_disk = {path.name for path in store.home.documents_dir.glob("??/*")}
    assert on_disk == {document.sha256 for document in documents}
    assert store.trail.verify(LOCAL).ok


def kill_and_complete(tmp_path: Path, folder: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    home = tmp_path / "home"
    Home.open(home).close()
    for turn in range(times):
        run_and_kill(home, folder, chance.uniform(0.0, 1.2), 1 + turn % 2)
        store = Store(Home.open(home))
        whole(store)
        store.close()
    store = Store(Home.open(home))
    results = ingest_paths(LOCAL, [folder], store, now, IngestOptions(workers=0))
    whole(store)
    assert len(store.documents.list(LOCAL)) == 14
    assert [result.status for result in results].count("rejected") == 1
    assert len(store.quarantine.list(LOCAL)) == 1
    assert {path.name for path in store.home.quarantine_dir.glob("??/*")} == {store.quarantine.list(LOCAL)[0].sha256}
    store.close()


def test_killed_at_random_points_nothing_is_lost_or_doubled(tmp_path: Path, folder: Path) -> None:
    kill_and_complete(tmp_path, folder, 4, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_killed_fifty_times(tmp_path: Path, folder: Path, seed: int) -> None:
    kill_and_complete(tmp_path, folder, 5, 100 + seed)
