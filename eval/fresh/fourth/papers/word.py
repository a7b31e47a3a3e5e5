"""Word files: a Chinese group's accounts, an English interim report, letters and notes with headings, bullets and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from eval.fresh.fourth.papers.english import INTERIM, span_words, spell_day
from eval.fresh.fourth.papers.sets import Accounts, Row, chinese_rows
from eval.sample_bank.papers.report import chinese_date
from eval.sample_bank.papers.workbook import fixed_archive

_SCOPES = {"consolidated": "合并", "parent": "母公司"}
_NAMES = {"balance": "资产负债表", "income": "利润表", "cash": "现金流量表"}


def group_word(accounts: Accounts, path: Path) -> None:
    """All consolidated statements first, then the parent's own, each a table of caption and two amounts."""
    document = _document("宋体")
    _centred(document, f"{accounts.company.name}\n{accounts.title}")
    document.add_paragraph(
        f"审计机构：{accounts.auditor}　审计意见：标准无保留意见" if accounts.auditor else "本报表未经审计。"
    )
    for text in accounts.remarks:
        document.add_paragraph(text)
    for scope in accounts.books:
        for statement, name in _NAMES.items():
            document.add_heading(f"{_SCOPES[scope]}{name}", level=2)
            document.add_paragraph(f"编制单位：{accounts.company.name}　　单位：人民币{accounts.money}")
            heads = [
                chinese_date(end) if not months else f"{end.year}年度" if months == 12 else f"{end.year}年1-{end.month}月"
                for end, months in accounts.columns(statement)
            ]
            rows = chinese_rows(accounts, statement, group=scope == "consolidated")
            body = [[row.label, *accounts.row(scope, row, statement)] for row in rows]
            _table(document, ["项目", *heads], body, numbers=True)
        document.add_heading(f"{_SCOPES[scope]}现金流量表补充资料", level=3)
        rows = chinese_rows(accounts, "supplement")
        heads = [f"{end.year}年度" if months == 12 else f"{end.year}年1-{end.month}月" for end, months in accounts.flows]
        _table(document, ["项目", *heads], [[row.label, *accounts.row(scope, row, "supplement")] for row in rows], numbers=True)
    _save(document, path, accounts.company.finance_head, accounts.title, accounts.made_on)


def interim_word(accounts: Accounts, notes: Sequence[str], path: Path) -> None:
    """An English report under IFRS, thousands of renminbi, brackets for what goes out."""
    document = _document("Calibri")
    _centred(document, f"{accounts.company.name_en}\n{accounts.title}")
    opinion = f"Audited by {accounts.auditor}; unqualified opinion." if accounts.auditor else "Unaudited management accounts."
    document.add_paragraph(opinion)
    for statement, name in (("income", "Income statement"), ("balance", "Balance sheet"), ("cash", "Statement of cash flows")):
        document.add_heading(name, level=2)
        document.add_paragraph(f"Amounts in {accounts.money}")
        heads = [
            spell_day(end) if not months else f"{span_words(months)} to {spell_day(end)}"
            for end, months in accounts.columns(statement)
        ]
        body = [
            [row.label, *accounts.row(accounts.scope, row, statement, brackets=True, none="–")]
            for row in _filled(accounts, statement)
        ]
        _table(document, ["", *heads], body, numbers=True)
    document.add_heading("Notes", level=2)
    for note in notes:
        document.add_paragraph(note)
    _save(document, path, accounts.company.finance_head, accounts.title, accounts.made_on)


def _filled(accounts: Accounts, statement: str) -> list[Row]:
    return [row for row in INTERIM[statement] if not row.parts or any(accounts.row(accounts.scope, row, statement))]


def letter(title: str, author: str, day: date, blocks: Sequence[tuple[str, str]], path: Path, *, english: bool = False,
           tables: Mapping[int, Sequence[Sequence[str]]] | None = None) -> None:  # fmt: skip
    """Headings (`h`), paragraphs (`p`) and numbered points (`n`), with tables before a block by its index."""
    document = _document("Calibri" if english else "宋体")
    _centred(document, title)
    for index, (kind, text) in enumerate([*blocks, ("end", "")]):
        if tables and index in tables:
            _table(document, [], tables[index], numbers=False)
        if kind == "h":
            document.add_paragraph().add_run(text).bold = True
        elif kind == "n":
            document.add_paragraph(text, style="List Number")
        elif kind == "p":
            document.add_paragraph(text)
    _save(document, path, author, title, day)


def _document(face: str) -> Doc:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = ("Times New Roman" if face == "宋体" else face), Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return document


def _centred(document: Doc, text: str) -> None:
    for line in text.split("\n"):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(line)
        run.bold, run.font.size = True, Pt(15)


def _table(document: Doc, heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool) -> None:
    whole = [list(heads), *rows] if heads else list(rows)
    table = document.add_table(rows=len(whole), cols=len(whole[0]))
    table.style = "Table Grid"
    for cells, row in zip(table.rows, whole, strict=True):
        for index, (cell, text) in enumerate(zip(cells.cells, row, strict=True)):
            cell.text = text
            if index and numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _save(document: Doc, path: Path, author: str, title: str, day: date) -> None:
    made = datetime(day.year, day.month, day.day, 16)
    core = document.core_properties
    core.author, core.last_modified_by, core.title = author, author, title
    core.created = core.modified = made
    core.revision = 1
    raw = BytesIO()
    document.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fixed_archive(raw.getvalue(), made))
