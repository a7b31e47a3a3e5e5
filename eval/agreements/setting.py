"""Sets an agreement's text as a PDF or a DOCX: `#` a title, `##` an article, `|` a row of a table, anything else a paragraph.

The same text in both forms shows whether a schedule is read alike from a table that has cells and from one that is only ruled lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from docx import Document

from eval.sample_bank.papers.press import print_papers
from eval.sample_bank.papers.sheet import Page, Paper, wrapped
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from tools.typesetting.fonts import Face

TEXTS = Path(__file__).parent / "texts"
WIDTH = 467


def parts(text: str) -> Iterator[tuple[str, list[list[str]] | str]]:
    """("title" | "article" | "paragraph", words) and ("table", rows) in order."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            yield "table", rows
            rows = []
        if line.startswith("## "):
            yield "article", line[3:]
        elif line.startswith("# "):
            yield "title", line[2:]
        elif line.strip():
            yield "paragraph", line.strip()


def as_docx(text: str, path: Path) -> None:
    """Headings, paragraphs and real tables."""
    document = Document()
    for kind, said in parts(text):
        if isinstance(said, list):
            table = document.add_table(rows=0, cols=max(map(len, said)))
            for cells in said:
                for cell, words in zip(table.add_row().cells, cells, strict=False):
                    cell.text = words
        elif kind == "paragraph":
            document.add_paragraph(said)
        else:
            document.add_heading(said, level=0 if kind == "title" else 1)
    document.save(str(path))


def as_pdfs(texts: Mapping[Path, tuple[str, str]]) -> None:
    """Every (text, language) printed at its path."""
    print_papers({path: _paper(text, language) for path, (text, language) in texts.items()})


def _paper(text: str, language: str) -> Paper:
    chinese = language == "zh"
    paper = Paper("agreement", "", date(2026, 1, 1), face=Face.SERIF, language=language)
    page, y = paper.page(), 92.0
    size, leading = (10.5, 18.2) if chinese else (10.0, 15.0)
    for kind, said in parts(text):
        if isinstance(said, list):
            page, y = _table(paper, page, y, said)
            continue
        if kind == "paragraph":
            for line in wrapped(said, WIDTH, size, page.face, 0):
                if y > 770:
                    page, y = paper.page(), 80.0
                page.text(64, y, line, size)
                y += leading
            y += 5
            continue
        if y > 720:
            page, y = paper.page(), 80.0
        y += 10
        page.text(64, y, said, 16 if kind == "title" else 12, bold=True)
        y += 24
    return paper


def _table(paper: Paper, page: Page, y: float, rows: Sequence[Sequence[str]]) -> tuple[Page, float]:
    columns = max(map(len, rows))
    grid = Grid([Column("", WIDTH / columns)] * columns, 64, size=9.5, height=19, bottom=770)
    page, y = grid.draw(paper, page, y - 8, [TableRow(list(row)) for row in rows])
    return page, y + 24
