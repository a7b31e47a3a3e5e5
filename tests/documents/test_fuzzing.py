"""Spoiled files end with a message, never with a fault of the reader."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest

from eval.fuzzing import BAD, fuzz, spoiled
from ingestion.reading import extract_bytes
from tests.scans.test_reading import picture, saved, statement


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(60):
        sheet.append([f"Row {row}", row * 37, row * 11.5])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_workbook_with_a_spoiled_sheet_is_refused(place: float) -> None:
    data = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.getinfo("xl/worksheets/sheet1.xml")
    at = part.header_offset + 60 + int(place * part.compress_size)
    data[at : at + 4] = b"\x00\xff\x00\xff"
    extraction = extract_bytes(bytes(data), "spoiled.xlsx")
    assert extraction.status == "rejected" and extraction.details["reason"] == "truncated"


def test_a_row_number_that_is_none_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(stream, "w") as out:
        for name in whole.namelist():
            part = whole.read(name)
            out.writestr(name, part.replace(b'r="7"', b'r="2963C93"') if "sheet1" in name else part)
    extraction = extract_bytes(stream.getvalue(), "spoiled.xlsx")
    assert extraction.status == "rejected" and extraction.details["reason"] == "truncated"


def test_accidents_are_the_same_for_the_same_seed() -> None:
    data = bytes(statement().output())
    assert spoiled(data, b"other", random.Random(5)) == spoiled(data, b"other", random.Random(5)) != data


@pytest.mark.slow
def test_hundreds_of_spoiled_files_end_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(bytes(statement().output()))
    (tmp_path / "a.xlsx").write_bytes(workbook())
    (tmp_path / "a.png").write_bytes(saved(picture(), "PNG"))
    (tmp_path / "a.html").write_text("<html><body><table><tr><td>Cash</td><td>1,234</td></tr></table></body></html>")
    findings = fuzz(tmp_path, 400, seed=3)
    assert sum(findings.ended.values()) == 400 and not findings.bad, (findings.ended, BAD)
