"""Bad files: one clear message each, a quarantine entry, and everything else intact."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.pipeline import IngestOptions, exit_code, ingest_paths, retry_quarantined
from ingestion.quarantine import QuarantineFolder
from ingestion.reader_pool import ReaderPool, Task, TimeLimits, read_apart
from ingestion.reading import extract_bytes, extract_file
from tests.documents import papers
from tests.documents.conftest import Ingest, now
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, NotPermitted
from tools.store.database import Store

BROKEN = {
    "empty.pdf": (b"", "empty"),
    "blank.txt": (b" \n\n ", "empty"),
    "locked.pdf": (papers.encrypted_pdf(), "encrypted"),
    "cut.pdf": (papers.pdf([["some text"] * 30])[:700], "truncated"),
    "nopages.pdf": (papers.pdf([]), "no_pages"),
    "words.pdf": (b"this is no PDF at all, only words", "mislabelled"),
    "picture.docx": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "truncated"),
    "cut.docx": (papers.docx(["hello"])[:900], "truncated"),
    "noise.bin": (bytes(range(256)) * 8, "unsupported"),
    "old.rar": (b"Rar!\x1a\x07\x00" + b"\x00" * 50, "unsupported"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_gives_one_message_with_a_cure(name: str) -> None:
    data, reason = BROKEN[name]
    extraction = extract_bytes(data, name)
    assert extraction.status == "rejected" and len(extraction.messages) == 1
    message = extraction.messages[0].text
    assert message.startswith(f"{name}: ") and ". " in message and "Traceback" not in message
    assert extraction.details["reason"] == reason


def test_a_locked_file_does_not_colour_the_next_one() -> None:
    extract_bytes(papers.encrypted_pdf(), "locked.pdf")
    assert extract_bytes(papers.pdf([["some text"] * 30])[:700], "cut.pdf").details["reason"] == "truncated"


def test_a_word_file_called_pdf_is_read_with_a_warning() -> None:
    extraction = extract_bytes(papers.docx(["Visit note", "Seen: 4 of 6 lines."]), "note.pdf")
    assert extraction.status == "ok" and extraction.passages
    assert "named .pdf but it is docx" in extraction.messages[0].text


def test_pages_without_text_are_named() -> None:
    extraction = extract_bytes(
        papers.pdf([["A page with a few words on it, enough to count."], [], []]), "scan.pdf", kind="other"
    )
    assert extraction.status == "partial"
    assert "2 of 3 pages hold no text" in extraction.messages[0].text and extraction.messages[0].page == 2


def test_bad_files_go_to_quarantine_and_the_rest_is_read(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, (data, _) in BROKEN.items():
        (folder / name).write_bytes(data)
    (folder / "good.md").write_text(papers.NOTE_ZH, encoding="utf-8")
    results = {Path(result.file).name: result for result in ingest(folder, workers=2)}
    assert {name for name, result in results.items() if result.status == "rejected"} == set(BROKEN)
    assert results["good.md"].status == "ok" and results["good.md"].passages
    assert all(Path(results[name].file).name in results[name].message for name in BROKEN)
    assert exit_code(list(results.values())) == 1
    entries = store.quarantine.list(LOCAL)
    assert {Path(entry.file).name for entry in entries} == set(BROKEN)
    kept = QuarantineFolder(store)
    assert kept.bytes_of(next(entry for entry in entries if entry.file.endswith("cut.pdf"))) == BROKEN["cut.pdf"][0]
    assert [document.name for document in store.documents.list(LOCAL)] == ["good.md"]
    assert store.trail.verify(LOCAL).ok


def test_ingesting_bad_files_again_adds_no_second_entry(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(BROKEN["cut.pdf"][0])
    ingest(path)
    ingest(path)
    assert len(store.quarantine.list(LOCAL)) == 1


def test_retry_and_drop(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    for name in ("cut.pdf", "words.pdf"):
        (tmp_path / name).write_bytes(BROKEN[name][0])
        ingest(tmp_path / name)
    cut, words = sorted(store.quarantine.list(LOCAL), key=lambda entry: entry.file)
    again = retry_quarantined(LOCAL, store, now, ids=[cut.id])
    assert [result.reason for result in again] == ["truncated"]
    assert store.quarantine.get(LOCAL, cut.id).state == "open"  # type: ignore[union-attr]
    folder = QuarantineFolder(store)
    folder.drop(LOCAL, cut.id, now())
    assert folder.bytes_of(cut) is None
    assert [entry.id for entry in store.quarantine.list(LOCAL)] == [words.id]
    with pytest.raises(BadRequest):
        folder.drop(LOCAL, cut.id, now())
    with pytest.raises(BadRequest):
        retry_quarantined(LOCAL, store, now, ids=["Q-none"])


def test_a_file_that_can_be_read_later_leaves_quarantine(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "slow.md"
    path.write_text(papers.NOTE_ZH, encoding="utf-8")
    impatient = TimeLimits(file_seconds=0.0)
    assert [result.reason for result in ingest(path, time_limits=impatient, workers=1)] == ["timeout"]
    results = retry_quarantined(LOCAL, store, now)
    assert [result.status for result in results] == ["ok"]
    assert store.quarantine.list(LOCAL) == []
    assert store.quarantine.list(LOCAL, None)[0].state == "retried"


def test_a_reader_over_its_time_is_killed_and_the_next_file_is_read() -> None:
    seen: list[str] = []
    with ReaderPool(1, TimeLimits(file_seconds=0.0), lambda *what: seen.append(what[0])) as pool:
        pool.submit(Task(0, "a.txt", b"words"))
        first = pool.next()
        assert first.error is not None and first.error.reason == "timeout" and "0 s" in str(first.error)
    with ReaderPool(1, TimeLimits(), lambda *what: seen.append(what[0])) as pool:
        pool.submit(Task(1, "b.txt", b"some words about a borrower"))
        assert pool.next().extraction is not None


def test_one_file_can_be_read_apart(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(papers.NOTE_ZH, encoding="utf-8")
    assert read_apart(path) == extract_file(path)
    assert read_apart(path, limits=TimeLimits(file_seconds=0.0)).details["reason"] == "timeout"
    with pytest.raises(BadRequest):
        read_apart(tmp_path / "none.md")


def test_a_reader_that_dies_costs_only_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.path[:0] = {path!r}; import ingestion.reading, os; ingestion.reading.extract_bytes = lambda *a, **k: os.abort()\n"
    monkeypatch.setattr("ingestion.reader_pool.START", code + "from ingestion.worker import main; main()")
    with ReaderPool(1, TimeLimits(), lambda *what: None) as pool:
        pool.submit(Task(0, "a.txt", b"words"))
        outcome = pool.next()
    assert outcome.error is not None and outcome.error.reason == "crashed" and outcome.error.where == "a.txt"


def test_an_archive_bomb_is_one_message(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    from ingestion.archives import ArchiveLimits

    (tmp_path / "bomb.zip").write_bytes(papers.zipped({"zeros.txt": b"0" * 5_000_000}))
    (tmp_path / "good.md").write_text(papers.NOTE_ZH, encoding="utf-8")
    results = ingest(tmp_path / "bomb.zip", tmp_path / "good.md", archive_limits=ArchiveLimits(ratio=50, ratio_from=100_000))
    assert [(result.status, result.reason) for result in results] == [("rejected", "archive_limit"), ("ok", None)]


def test_a_missing_path_and_a_wrong_kind_are_bad_requests(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no such file"):
        ingest_paths(LOCAL, [tmp_path / "nothing.pdf"], store, now)
    with pytest.raises(BadRequest, match="no kind"):
        ingest_paths(LOCAL, [tmp_path], store, now, IngestOptions(kind="poem"))


def test_who_may_not_write_is_told_so(store: Store, tmp_path: Path) -> None:
    auditor = Caller(user="A1", role="auditor", everything=True)
    with pytest.raises(NotPermitted):
        ingest_paths(auditor, [tmp_path], store, now)


SEEDS = {
    "note.docx": papers.docx(["走访记录", "所见：6条产线开工4条"], [["a", "b"], ["1", "2"]]),
    "page.pdf": papers.pdf([["Balance sheet", "Cash 1,000 2,000", "Debt 3,000 4,000", "Total 4,000 6,000"]]),
    "page.html": b"<html><body><table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table><p>text</p></body></html>",
    "mail.eml": papers.mail("Subject", "Body", {"a.txt": b"x"}),
    "note.md": papers.NOTE_ZH.encode(),
    "contract.txt": papers.CONTRACT_EN.encode(),
    "rows.csv": "日期,摘要,金额\n2026-01-01,货款,100.00\n".encode(),
}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_files_are_read_or_refused_but_never_raise(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SEEDS)))
    raw = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(0, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    extraction = extract_bytes(bytes(raw[: data.draw(st.integers(1, len(raw)))]), name)
    assert extraction.status in ("ok", "partial", "rejected")
    assert (extraction.status == "rejected") == ("reason" in extraction.details)


def test_deep_nesting_does_not_overflow() -> None:
    page = b"<html><body>" + b"<div>" * 5000 + b"deep words of a page" + b"</div>" * 5000 + b"</body></html>"
    assert extract_bytes(page, "deep.html", kind="other").status in ("ok", "rejected")
    assert sys.getrecursionlimit() < 5000
