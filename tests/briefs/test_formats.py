"""Files: the same brief is the same bytes, whatever process made it; nothing is fetched; two pages hold it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from lxml import html as lxml_html

from assistant.briefs.service import FORMATS
from assistant.briefs.setting import Glyphs, wrapped
from tests.assistant.bank import CLOCKS, NOW, SmallBank
from tools.domain.callers import LOCAL

SCRIPT = """
import hashlib, sys
from datetime import UTC, date, datetime
from pathlib import Path
from assistant.settings import Settings
from assistant.wiring import open_bank
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
bank = open_bank(Settings(home=Path(sys.argv[1]), embedding_model="none"))
known = datetime(2026, 11, 2, 9, tzinfo=UTC)
written = bank.briefs.write(LOCAL, "C001", "2026-10", Clocks(date(2026, 10, 31), known), known, "both")
for format in ("html", "docx", "pdf", "md"):
    print(format, hashlib.sha256(written.content(format)).hexdigest())
"""


@pytest.fixture(scope="module")
def both(small: SmallBank) -> Any:
    return small.bank.briefs.write(LOCAL, "C001", "2026-10", CLOCKS, NOW, "both")


def test_the_same_bytes_in_another_process_with_another_hash_seed(small: SmallBank, both: Any) -> None:
    here = {format: hashlib.sha256(both.content(format)).hexdigest() for format in FORMATS}
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(small.bank.home.root)], capture_output=True, text=True, env=env, cwd=root, check=True
    )
    assert dict(line.split() for line in done.stdout.splitlines()) == here


def test_the_page_is_whole_and_accessible(both: Any) -> None:
    page = lxml_html.fromstring(both.html)
    assert (
        page.get("lang") == "zh-CN"
        and page.xpath("//article/@lang") == ["zh-CN", "en"]
        and len(page.xpath("//h1")) == 2
        and len(page.xpath("//h2")) >= 20
    )
    assert (
        not re.findall(r"(?:src|href)=\"(?!#)[^\"]+\"", both.html) and "@import" not in both.html and "<script" not in both.html
    )
    targets = set(page.xpath("//@id"))
    assert {href.lstrip("#") for href in page.xpath("//sup//a/@href")} <= targets
    assert all(table.xpath("./caption") and table.xpath(".//th[@scope='col']") for table in page.xpath("//table"))
    assert all(chart.get("aria-label") or chart.get("aria-hidden") == "true" for chart in page.xpath("//*[local-name()='svg']"))


def test_names_with_markup_stay_text(small: SmallBank, both: Any) -> None:
    from dataclasses import replace

    from assistant.briefs.html import html
    from assistant.briefs.model import Line, Section

    evil = replace(both.first, name="<script>alert(1)</script>", sections=(Section("x", "<b>", (Line("<img src=x>[1]"),)),))
    assert "<script>" not in html([evil]) and "<img" not in html([evil])


def test_the_word_file_opens_and_carries_its_letters(both: Any) -> None:
    document = Document(BytesIO(both.docx))
    words = "\n".join(p.text for p in document.paragraphs)
    assert "江州明远精密机械有限公司" in words and "What changed" in words
    with zipfile.ZipFile(BytesIO(both.docx)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "word/fonts/font1.odttf" in archive.namelist() and b"embedRegular" in archive.read("word/fontTable.xml")
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)


@pytest.mark.parametrize("borrower", ["C001", "C004"])
def test_two_pages_hold_it(small: SmallBank, borrower: str) -> None:
    written = small.bank.briefs.write(LOCAL, borrower, "2026-10", CLOCKS, NOW, "en")
    pages = pypdfium2.PdfDocument(written.pdf)
    try:
        assert len(pages) <= 2
        said = "".join(page.get_textpage().get_text_range() for page in pages)
        assert "What changed" in said and "Evidence" in said
    finally:
        pages.close()


def test_the_text_form_has_tables_and_numbers_instead_of_charts(both: Any) -> None:
    assert "| 指标 | 最新值 |" in both.markdown and "2024 " in both.markdown and "<svg" not in both.markdown


def test_lines_break_where_they_may() -> None:
    lines = wrapped([Glyphs("应收账款周转天数为105.4天", 8), Glyphs("3–5", 5, True), Glyphs("(2026-06 LTM)。", 8)], 60)
    said = ["".join(glyphs.text for glyphs in line) for line in lines]
    assert "".join(said).replace(" ", "") == "应收账款周转天数为105.4天3–5(2026-06LTM)。"
    assert not any(line[0] in "。，)" for line in said) and any("天3–5" in line for line in said)
    assert all(sum(glyphs.width for glyphs in line) <= 60 for line in lines)
    assert len(wrapped([Glyphs("x" * 200, 8)], 50)) > 5
