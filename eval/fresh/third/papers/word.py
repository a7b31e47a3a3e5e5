"""Accounts sent as Word files: a Chinese group with consolidated and parent columns side by side, and an American company's statements."""

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

from eval.fresh.third.papers.accounts import Accounts, chinese_lines, column_head
from eval.fresh.third.papers.english_lines import AMERICAN, Row, month_day
from eval.sample_bank.papers.report import Period, chinese_date
from eval.sample_bank.papers.workbook import fixed_archive

_SCOPES = {"consolidated": "合并", "parent": "母公司"}


def group_word(accounts: Accounts, path: Path) -> None:
    """A group's accounts: each statement one table, columns 合并 and 母公司 for both periods."""
    document = _document("宋体")
    _title(document, accounts.company.name)
    _title(document, accounts.title)
    if accounts.auditor:
        document.add_paragraph(f"{accounts.auditor}审计，标准无保留意见，{chinese_date(accounts.made_on)}。")
    else:
        document.add_paragraph("未经审计。")
    if accounts.remark:
        document.add_paragraph(accounts.remark)
    for statement, name in (("balance", "合并及母公司资产负债表"), ("income", "合并及母公司利润表"), ("cash", "合并及母公司现金流量表"),
                            ("supplement", "现金流量表补充资料")):  # fmt: skip
        document.add_heading(name, level=2)
        document.add_paragraph(f"单位：人民币{accounts.money}")
        periods: list[Period] = [(day, 0) for day in accounts.points] if statement == "balance" else list(accounts.flows)
        columns = [(scope, period) for scope in accounts.books for period in periods]
        heads = ["项目", *(f"{column_head(period)}\n{_SCOPES[scope]}" for scope, period in columns)]
        rows = []
        for line in chinese_lines(statement, accounts, group=True):
            values = [
                accounts.amount(scope, {line.item: line.sign}, period) if line.item else None for scope, period in columns
            ]
            rows.append([line.label, *(accounts.shown(value) for value in values)])
        _table(document, heads, rows)
    _save(document, path, accounts.company.finance_head, accounts.title, accounts.made_on)


def american_word(accounts: Accounts, notes: Sequence[str], path: Path) -> None:
    """An American company's statements, thousands of dollars, brackets for what goes out."""
    document = _document("Calibri")
    _title(document, accounts.company.name_en.upper())
    _title(document, accounts.title)
    if accounts.auditor:
        document.add_paragraph(
            f"Report of Independent Auditors. In our opinion the accompanying consolidated financial statements present fairly, in all material "
            f"respects, the financial position of {accounts.company.name_en} in accordance with accounting principles generally accepted in the "
            f"United States of America. {accounts.auditor}"
        )
    else:
        document.add_paragraph("Unaudited.")
    scope = next(iter(accounts.books))
    for statement, name in (("balance", "Consolidated Balance Sheets"), ("income", "Consolidated Statements of Operations"),
                            ("cash", "Consolidated Statements of Cash Flows")):  # fmt: skip
        document.add_heading(name, level=2)
        document.add_paragraph("(dollars in thousands)")
        periods: list[Period] = [(day, 0) for day in accounts.points] if statement == "balance" else list(accounts.flows)
        rows = [_english_row(accounts, scope, row, periods) for row in AMERICAN[statement]]
        _table(document, ["", *(month_day(period) for period in periods)], [row for row in rows if row])
    document.add_heading("Notes", level=2)
    for note in notes:
        document.add_paragraph(note)
    _save(document, path, accounts.company.finance_head, accounts.title, accounts.made_on)


def words(title: str, author: str, day: date, blocks: Sequence[tuple[str, str]], tables: Mapping[int, Sequence[Sequence[str]]],
          path: Path, face: str = "宋体") -> None:  # fmt: skip
    """Plain text with headings (kind `h`), paragraphs (`p`), bullets (`b`) and tables placed before a block by its index."""
    document = _document(face)
    _title(document, title)
    for index, (kind, text) in enumerate([*blocks, ("end", "")]):
        if index in tables:
            _table(document, [], tables[index])
        if kind == "h":
            document.add_paragraph().add_run(text).bold = True
        elif kind == "p":
            document.add_paragraph(text)
        elif kind == "b":
            document.add_paragraph(text, style="List Bullet")
    _save(document, path, author, title, day)


def _english_row(accounts: Accounts, scope: str, row: Row, periods: Sequence[Period]) -> list[str] | None:
    values = [accounts.amount(scope, row.parts, period) if row.parts else None for period in periods]
    if row.parts and not any(values):
        return None
    return [row.label, *(accounts.shown(value, brackets=True, none="-" if row.parts else "") for value in values)]


def _document(face: str) -> Doc:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = ("Times New Roman" if face == "宋体" else face), Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return document


def _title(document: Doc, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = True, Pt(15)


def _table(document: Doc, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    whole = [list(heads), *rows] if heads else list(rows)
    table = document.add_table(rows=len(whole), cols=len(whole[0]))
    table.style = "Table Grid"
    for cells, row in zip(table.rows, whole, strict=True):
        for index, (cell, text) in enumerate(zip(cells.cells, row, strict=True)):
            cell.text = text
            if index and heads:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _save(document: Doc, path: Path, author: str, title: str, day: date) -> None:
    made = datetime(day.year, day.month, day.day, 17)
    core = document.core_properties
    core.author, core.last_modified_by, core.title = author, author, title
    core.created = core.modified = made
    core.revision = 1
    raw = BytesIO()
    document.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fixed_archive(raw.getvalue(), made))
