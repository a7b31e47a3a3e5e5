"""Pictures of a small statement, drawn here: read, turned, skewed, as image files, beside digital pages."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pypdfium2 as pdfium
import pytest
from fpdf import FPDF

from ingestion.extraction import Extraction
from ingestion.pdf.document import PdfDocument
from ingestion.reading import extract_bytes
from ingestion.scans.choosing import picture_pages
from ingestion.scans.figures import cleaned, mark_of_thousands, one_misread, with_mark

ROWS = [
    ("Current assets", "", ""),
    ("Cash and cash equivalents", "12,410", "9,802"),
    ("Trade receivables", "30,525", "28,117"),
    ("Inventories", "18,065", "17,081"),
    ("Total current assets", "61,000", "55,000"),
    ("Property, plant and equipment", "39,000", "45,000"),
    ("Total assets", "100,000", "100,000"),
    ("Current liabilities", "", ""),
    ("Trade payables", "22,000", "25,000"),
    ("Short-term borrowings", "18,000", "20,000"),
    ("Total current liabilities", "40,000", "45,000"),
    ("Total liabilities", "40,000", "45,000"),
    ("Equity", "", ""),
    ("Share capital", "50,000", "50,000"),
    ("Retained earnings", "10,000", "5,000"),
    ("Total equity", "60,000", "55,000"),
    ("Total liabilities and equity", "100,000", "100,000"),
]


def statement() -> FPDF:
    """A balance sheet on one digital page."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Times", "B", 13)
    for line in ("Holm Ltd", "Consolidated balance sheet", "(in thousands of US dollars)"):
        pdf.cell(0, 20, line, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Times", "", 11)
    for label, this, last in [("", "December 31, 2024", "December 31, 2023"), *ROWS]:
        pdf.cell(250, 17, label)
        pdf.cell(120, 17, this, align="R")
        pdf.cell(120, 17, last, align="R", new_x="LMARGIN", new_y="NEXT")
    return pdf


def picture(degrees: float = 0.0) -> PIL.Image.Image:
    document = pdfium.PdfDocument(bytes(statement().output()))
    drawn = document[0].render(scale=200 / 72).to_pil().convert("L")
    return drawn.rotate(degrees, resample=PIL.Image.Resampling.BICUBIC, fillcolor=255, expand=abs(degrees) > 45)


def saved(image: PIL.Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format=form, dpi=(200, 200), resolution=200.0)
    return stream.getvalue()


def values(extraction: Extraction) -> dict[tuple[str, int], Decimal]:
    return {(f.item, f.period.end.year): f.value for f in extraction.facts}


def whole(extraction: Extraction) -> bool:
    found = values(extraction)
    return (
        found.get(("total_assets", 2024)) == 100_000_000
        and found.get(("accounts_receivable", 2023)) == 28_117_000
        and found.get(("inventories", 2024)) == 18_065_000
        and found.get(("total_equity", 2023)) == 55_000_000
    )


def test_a_skewed_scan_is_read_and_its_boxes_lie_on_the_page_as_displayed() -> None:
    extraction = extract_bytes(saved(picture(2.5), "PDF"), "scan.pdf")
    assert whole(extraction)
    assert {"scanned"} <= set(extraction.facts[0].flags)
    assert any("pictures" in m.text and "rapidocr" in m.text for m in extraction.messages)
    # the number outlined on the page is the number printed there
    fact = next(f for f in extraction.facts if f.item == "inventories" and f.period.end.year == 2024)
    assert fact.source.box is not None
    x0, top, x1, bottom = (round(v * 200 / 72) for v in fact.source.box)
    ink = picture(2.5).crop((x0, top, x1, bottom))
    assert min(ink.tobytes()) < 100 and 15 < bottom - top < 60 and 60 < x1 - x0 < 200
    assert all(p.boxes for p in extraction.passages)


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_put_into_the_scanner_sideways_or_upside_down_is_read(degrees: int) -> None:
    assert whole(extract_bytes(saved(picture(degrees), "PDF"), "scan.pdf"))


@pytest.mark.slow
@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_documents(form: str) -> None:
    extraction = extract_bytes(saved(picture(), form), f"statement.{form.lower()}")
    assert extraction.status == "ok" and extraction.pages == 1 and whole(extraction)


@pytest.mark.slow
def test_scanned_pages_among_digital_ones_are_read(tmp_path: Path) -> None:
    both = pdfium.PdfDocument.new()
    front = FPDF(unit="pt", format="A4")
    front.add_page()
    front.set_font("Times", "", 11)
    front.multi_cell(0, 16, "Annual report of Holm Ltd for the year 2024. The statements follow on the next page. " * 6)
    for part in (bytes(front.output()), saved(picture(), "PDF")):
        both.import_pages(pdfium.PdfDocument(part))
    both.save(tmp_path / "both.pdf")
    with PdfDocument.open(tmp_path / "both.pdf") as document:
        assert picture_pages(document, document.texts()) == [1]
    assert whole(extract_bytes((tmp_path / "both.pdf").read_bytes(), "both.pdf"))


def test_blank_pages_and_photographs_are_not_sent_to_the_engine(tmp_path: Path) -> None:
    noise = PIL.Image.effect_noise((800, 1100), 90)
    blank = PIL.Image.new("L", (800, 1100), 250)
    blank.save(tmp_path / "p.pdf", save_all=True, append_images=[noise], resolution=100)
    with PdfDocument.open(tmp_path / "p.pdf") as document:
        assert picture_pages(document, document.texts()) == []


def test_without_an_engine_the_pages_are_named() -> None:
    extraction = extract_bytes(saved(picture(), "PDF"), "scan.pdf", engine="none")
    assert not extraction.facts and any("hold no text" in m.text for m in extraction.messages)


@pytest.mark.parametrize("cut", [60, 900, 20_000])
def test_a_cut_off_picture_is_refused_with_a_cure(cut: int) -> None:
    extraction = extract_bytes(saved(picture(), "PNG")[:cut], "a.png")
    assert extraction.status == "rejected" and extraction.details["reason"] == "truncated"


def test_figures_are_put_right_only_where_they_are_figures() -> None:
    assert cleaned("1,234.567,89") == "1,234,567.89"
    assert cleaned("l2,4O0") == "12,400"
    assert cleaned("Oil 10") == "Oil 10"
    assert cleaned("000'") == "'000"
    assert mark_of_thousands(["1,200", "3,400", "5,600", "7,100", "8.200"]) == ","
    assert with_mark("8.200", ",") == "8,200"
    assert with_mark("8.20", ",") == "8.20"
    assert one_misread("1,234", "1,284") and one_misread("1,234", "(1,234)") and one_misread("1,234", "12,234")
    assert not one_misread("1,234", "1,785")
