"""A watched folder: files are taken once they stop growing, once only, and never lost; also through the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingestion.drop_folder import DropFolder
from ingestion.ingest_results import IngestResult
from integrations.cli.entry import run
from tests.documents import papers
from tools.errors import BadRequest


def _result(path: Path, status: str = "ok") -> IngestResult:
    return IngestResult(
        str(path), "0" * 64, status, "other", None, "en", 0, 0, (), "it is empty" if status == "rejected" else ""
    )


class Filed:
    """Remembers what it was given; files with `bad` in their name are refused."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, path: Path) -> Sequence[IngestResult]:
        self.texts.append(path.read_text())
        return [_result(path, "rejected" if "bad" in path.name else "ok")]


def test_a_growing_file_is_left_until_it_settles(tmp_path: Path) -> None:
    filed = Filed()
    file = tmp_path / "a.txt"
    file.write_text("half")
    with DropFolder(tmp_path, filed, settle_seconds=2) as drop:
        assert list(drop.sweep(0)) == [] and drop.waiting == 1
        file.write_text("half and half")
        assert list(drop.sweep(3)) == []
        assert list(drop.sweep(4)) == []
        (moved,) = drop.sweep(5)
        assert filed.texts == ["half and half"] and moved.to == tmp_path / "done" / "a.txt" and moved.to.is_file()
        assert not file.exists() and list(drop.sweep(9)) == []


def test_what_cannot_be_read_goes_aside_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "bad.pdf").write_text("x")
    with DropFolder(tmp_path, Filed(), settle_seconds=0) as drop:
        list(drop.sweep(0))
        list(drop.sweep(1))
    assert (tmp_path / "quarantine" / "sub" / "bad.pdf").is_file()
    assert "it is empty" in (tmp_path / "quarantine" / "sub" / "bad.pdf.reason.txt").read_text()
    assert not (tmp_path / "sub").exists()


def test_unfinished_downloads_and_hidden_files_wait(tmp_path: Path) -> None:
    for name in ("a.pdf.part", ".hidden", "~$b.docx", "c.crdownload"):
        (tmp_path / name).write_text("x")
    with DropFolder(tmp_path, Filed(), settle_seconds=0) as drop:
        assert list(drop.sweep(0)) == [] and list(drop.sweep(1)) == [] and drop.waiting == 0


def test_two_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    filed = Filed()
    with DropFolder(tmp_path, filed, settle_seconds=0) as drop:
        for text in ("one", "two"):
            (tmp_path / "a.txt").write_text(text)
            list(drop.sweep(0))
            list(drop.sweep(1))
    kept = sorted((tmp_path / "done").iterdir())
    assert len(kept) == 2 and sorted(file.read_text() for file in kept) == ["one", "two"]


def test_a_second_watcher_of_one_folder_is_refused(tmp_path: Path) -> None:
    with DropFolder(tmp_path, Filed()), pytest.raises(BadRequest, match="watched already"), DropFolder(tmp_path, Filed()):
        pass
    with DropFolder(tmp_path, Filed()):
        pass


def test_the_command_files_what_is_there_and_again_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox, home = tmp_path / "in", tmp_path / "home"
    inbox.mkdir()
    (inbox / "note.md").write_text(papers.NOTE_ZH, encoding="utf-8")
    (inbox / "empty.pdf").write_bytes(b"")
    command = ["ingest", "--watch", str(inbox), "--once", "--settle", "0", "--home", str(home), "--no-vectors", "--json"]
    assert run(command) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {Path(line["file"]).name: line["status"] for line in lines} == {"empty.pdf": "rejected", "note.md": "ok"}
    # power went after storing and before moving: the file is still there, and is only moved now
    (inbox / "note.md").write_text(papers.NOTE_ZH, encoding="utf-8")
    assert run(command) == 0
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert line["duplicate_of"] == "note.md" and not (inbox / "note.md").exists()


@pytest.mark.slow
def test_a_running_watcher_takes_what_arrives_and_ends_when_told(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    command = [
        sys.executable,
        "-m",
        "integrations.cli",
        "ingest",
        "--watch",
        str(inbox),
        "--settle",
        "0.2",
        "--no-vectors",
        "--home",
        str(tmp_path / "home"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    try:
        (inbox / "late.md").write_text(papers.NOTE_ZH, encoding="utf-8")
        end = time.monotonic() + 60
        while time.monotonic() < end and not (inbox / "done" / "late.md").exists():
            time.sleep(0.2)
        assert (inbox / "done" / "late.md").is_file()
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0 and "late.md: ok" in out
