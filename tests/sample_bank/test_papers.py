"""The papers: what the truth file says is printed there is there, in its box; fonts are embedded; the same seed gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook

from eval.sample_bank import SampleBank, generate

HEAD = 20


def printed(bank: SampleBank) -> dict[str, list[dict[str, object]]]:
    rows: dict[str, list[dict[str, object]]] = {}
    for line in (bank.folder / "truth" / "printed.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows.setdefault(row["file"], []).append(row)
    return rows


def test_every_document_that_came_is_there_and_no_other(bank: SampleBank) -> None:
    found = {str(path.relative_to(bank.documents_dir)) for path in bank.documents_dir.rglob("*") if path.is_file()}
    assert found == {document.file for document in bank.documents}
    assert {path.rsplit(".", 1)[1] for path in found} == {"pdf", "xlsx", "docx", "md", "html", "csv"}


def test_every_printed_figure_stands_in_its_box(bank: SampleBank) -> None:
    checked = 0
    for file, rows in printed(bank).items():
        if not file.endswith(".pdf"):
            continue
        document = pypdfium2.PdfDocument(bank.documents_dir / file)
        pages = {number: document[number - 1] for number in {row["page"] for row in rows}}  # type: ignore[operator]
        texts = {number: page.get_textpage() for number, page in pages.items()}
        for row in rows:
            left, top, right, bottom = row["box"]  # type: ignore[misc]
            height = pages[row["page"]].get_height()
            seen = texts[row["page"]].get_text_bounded(left - 1, height - bottom - 2, right + 1, height - top + 1)
            assert "".join(seen.split()) == str(row["raw"]).replace(" ", ""), (file, row)
            checked += 1
        document.close()
    assert checked > 4000


def test_sheets_hold_the_figures_as_numbers(bank: SampleBank) -> None:
    checked = 0
    for file, rows in printed(bank).items():
        if not file.endswith(".xlsx"):
            continue
        book = load_workbook(bank.documents_dir / file)
        for row in rows:
            sheet, cell = str(row["locator"]).split("!")
            assert f"{book[sheet][cell].value:.2f}" == row["raw"]
            checked += 1
    assert checked > 300


def test_fonts_are_embedded_in_every_pdf(bank: SampleBank) -> None:
    pdfs = sorted(bank.documents_dir.rglob("*.pdf"))
    assert len(pdfs) > 40
    for path in pdfs:
        raw = path.read_bytes()
        assert b"/FontFile2" in raw
        assert b"/BaseFont /Helvetica" not in raw


def test_notes_and_contracts_can_be_read(bank: SampleBank) -> None:
    visit = Document(str(bank.documents_dir / "C001_明远精密" / "贷后走访记录_20261020.docx"))
    text = "\n".join(p.text for p in visit.paragraphs)
    assert "6条产线开工4条，单班生产。" in text
    assert "账面1,180吨，实盘1,062吨（差10.0%）" in text
    assert "9月用电31.2万度，同比-34%" in text
    html = (bank.documents_dir / "C001_明远精密" / "Amended_and_Restated_Facility_Agreement_2026-03-01.html").read_text(
        encoding="utf-8"
    )
    assert "shall not exceed 4.00:1 to 31 December 2026, 3.75:1 to 31 December 2027 and 3.50:1 thereafter" in html


def test_every_clause_stands_on_the_page_the_book_names(bank: SampleBank) -> None:
    import csv

    with (bank.loan_book / "covenants.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source_page"]]
    assert len(rows) > 12
    for row in rows:
        document = pypdfium2.PdfDocument(bank.documents_dir / row["source_document"])
        text = "".join(document[int(row["source_page"]) - 1].get_textpage().get_text_bounded().split())
        assert "".join(row["definition"].split())[:HEAD] in text, row["id"]
        document.close()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    first, again, other = (_digests(tmp_path / name, seed) for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert first == again
    assert first != other


def test_a_written_bank_is_replaced_by_the_same_bytes(tmp_path: Path) -> None:
    assert _digests(tmp_path, 7, 1) == _digests(tmp_path, 7, 1)


def _digests(folder: Path, seed: int, borrowers: int = 12) -> dict[str, str]:
    generate(folder, seed, borrowers)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
