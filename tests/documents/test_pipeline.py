"""Files, folders and archives into the store: results, duplicates, idempotence, side by side, trail."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ingestion.extraction import Unmapped
from ingestion.pipeline import IngestOptions, exit_code, ingest_paths
from ingestion.progress import ProgressLines
from ingestion.reading import extract_file
from ingestion.shapes import extract_shape, unmapped_shape
from tests.documents import papers
from tests.documents.conftest import Ingest, now
from tools.domain.callers import LOCAL
from tools.store.database import Store

KEYS = {"file", "sha256", "status", "kind", "borrower", "language", "facts", "passages", "checks", "message", "duplicate_of"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    (made / "sub").mkdir(parents=True)
    (made / "note.md").write_text(papers.NOTE_ZH, encoding="utf-8")
    (made / "sub" / "facility.txt").write_text(papers.CONTRACT_EN, encoding="utf-8")
    (made / "pack.zip").write_bytes(
        papers.zipped({"again.md": papers.NOTE_ZH, "memo.txt": "A memo about Harbour Foods Limited."})
    )
    (made / ".hidden").write_text("no")
    return made


def counts(store: Store) -> tuple[int, int, int]:
    documents = store.documents.list(LOCAL)
    passages = sum(len(store.passages.of_document(LOCAL, document.sha256)) for document in documents)
    return len(documents), passages, store.trail.verify(LOCAL).records


def test_a_folder_with_an_archive_is_filed_file_by_file(store: Store, ingest: Ingest, folder: Path) -> None:
    results = ingest(folder)
    assert [result.file.removeprefix(f"{folder}/") for result in results] == [
        "note.md",
        "pack.zip/again.md",
        "pack.zip/memo.txt",
        "sub/facility.txt",
    ]
    assert all(result.shape().keys() >= KEYS for result in results)
    assert [result.kind for result in results] == ["visit_note", "visit_note", "other", "contract"]
    assert results[1].duplicate_of == "note.md" and results[1].status == "ok" and results[1].borrower == results[0].borrower
    assert results[2].borrower == results[3].borrower and results[3].borrower
    assert len(store.documents.list(LOCAL)) == 3
    assert exit_code(results) == 0


def test_what_reading_gave_is_kept_with_the_document(store: Store, ingest: Ingest, folder: Path) -> None:
    ingest(folder)
    contract = store.documents.list(LOCAL, kind="contract")[0]
    note = store.documents.list(LOCAL, kind="visit_note")[0]
    assert [c["metric"] for c in contract.report["covenants"]] == ["debt_to_ebitda", "debt_to_ebitda"]
    assert {c["borrower"] for c in contract.report["covenants"]} == {contract.borrower}
    assert {o["topic"] for o in note.report["observations"]} >= {"lines_running", "inventory_count"}
    assert note.doc_date is not None and note.doc_date.isoformat() == "2026-10-20"
    passages = store.passages.of_document(LOCAL, note.sha256)
    assert {passage.borrower for passage in passages} == {note.borrower} and passages[0].kind == "visit_note"
    assert store.documents.path(LOCAL, note.sha256).read_bytes() == papers.NOTE_ZH.encode()  # type: ignore[union-attr]


def test_again_changes_nothing(store: Store, ingest: Ingest, folder: Path) -> None:
    first = ingest(folder)
    before = counts(store)
    second = ingest(folder)
    assert counts(store) == before
    assert all(result.duplicate_of for result in second)
    assert [(r.sha256, r.kind, r.borrower, r.facts, r.passages) for r in second] == [
        (r.sha256, r.kind, r.borrower, r.facts, r.passages) for r in first
    ]  # fmt: skip


def test_two_readers_side_by_side_give_the_same_in_the_same_order(
    store: Store, ingest: Ingest, folder: Path, tmp_path: Path
) -> None:
    from tools.store.home import Home

    other = Store(Home.open(tmp_path / "other"))
    one = [result.shape() for result in ingest(folder, workers=1)]
    two = [result.shape() for result in ingest_paths(LOCAL, [folder], other, now, IngestOptions(workers=2))]
    other.close()
    assert one == two


def test_the_day_it_was_received_is_when_the_bank_learned_it(store: Store, ingest: Ingest, folder: Path) -> None:
    from datetime import date

    ingest(folder / "note.md", received=date(2026, 10, 22))
    stored = store.documents.list(LOCAL)[0]
    assert stored.received_at.isoformat() == "2026-10-22T00:00:00+00:00"
    assert stored.recorded_at == now()


def test_kind_and_borrower_can_be_said(bank: Store, ingest: Ingest, folder: Path) -> None:
    result = ingest(folder / "sub" / "facility.txt", kind="evidence", borrower="C001")[0]
    assert (result.kind, result.borrower) == ("evidence", "C001")


def test_every_document_has_its_trail_record(store: Store, ingest: Ingest, folder: Path) -> None:
    ingest(folder)
    records = store.trail.search(LOCAL, act="ingest")
    assert {record.object for record in records} == {document.sha256 for document in store.documents.list(LOCAL)}
    assert store.trail.verify(LOCAL).ok


def test_progress_says_what_is_read_and_how_fast(store: Store, folder: Path) -> None:
    out = io.StringIO()
    ingest_paths(LOCAL, [folder], store, now, IngestOptions(workers=0), ProgressLines(out))
    lines = out.getvalue().splitlines()
    assert any("note.md: ok" in line for line in lines) and all("pages/s" in line for line in lines)
    assert any("already stored" in line for line in lines)


def test_extract_stores_nothing_and_has_the_fixed_shape(folder: Path) -> None:
    shape = extract_shape(extract_file(folder / "sub" / "facility.txt"))
    assert shape.keys() >= {
        "document", "entity", "currency", "scale", "standard", "facts", "checks", "unmapped", "covenants", "observations", "transactions", "messages",
    }  # fmt: skip
    assert shape["document"].keys() >= {"name", "sha256", "pages", "kind", "language", "status"}
    assert shape["document"]["status"] == "ok" and shape["document"]["kind"] == "contract"
    assert shape["covenants"][0]["status"] == "proposed"


def test_a_rejected_file_has_the_same_shape(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(b"")
    shape = extract_shape(extract_file(path))
    assert shape["document"]["status"] == "rejected" and shape["messages"][0]["level"] == "error"


def test_an_empty_folder_gives_nothing(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    assert ingest(tmp_path / "void") == []


def test_a_row_without_an_item_is_shown_as_printed() -> None:
    shape = unmapped_shape(Unmapped("持续经营净利润", ("10,434.14", "8,486.91"), 3, (1.0, 2.0, 3.0, 4.0)))
    assert shape["raw"] == "10,434.14  8,486.91" and shape["cells"] == ["10,434.14", "8,486.91"]
    assert (shape["label"], shape["page"], shape["box"]) == ("持续经营净利润", 3, [1.0, 2.0, 3.0, 4.0])


def test_a_paper_that_is_kept_as_text_only_says_so(ingest: Ingest, tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text("关于开展安全生产检查的通知\n各车间:定于11月10日开展安全生产检查,请做好准备。", encoding="utf-8")
    (filed,) = ingest(path)
    assert (filed.status, filed.kind, filed.facts) == ("ok", "other", 0)
    assert "kept as text only" in filed.message
