"""English accounts in four shapes: American print, IFRS print with a notes column, one long sheet, and Word tables; wordings of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from eval.fresh.fifth.papers.english_rows import AMERICAN, INTERNATIONAL
from eval.fresh.fifth.papers.sets import Accounts, Row
from eval.sample_bank.papers.report import Period
from eval.sample_bank.papers.sheet import GREY, LETTER, Paper, flow
from eval.sample_bank.papers.workbook import fixed_archive, write_fixed

_TITLES = {
    "income": "Statement of profit or loss",
    "balance": "Statement of financial position",
    "cash": "Statement of cash flows",
}
_SPANS = {12: "Year", 9: "Nine months", 6: "Six months", 3: "Three months"}


def spell_day(day: date) -> str:
    """31 October 2026."""
    return f"{day.day} {day:%B %Y}"


def american_print(accounts: Accounts, notes: Sequence[str]) -> Paper:
    """Letter pages; income first; the year over each column; no line for total liabilities, as American companies often do."""
    paper = Paper(accounts.title, accounts.company.name_en, accounts.made_on, size=LETTER, language="en")
    for statement, name in (
        ("income", "Statements of Operations"),
        ("balance", "Balance Sheets"),
        ("cash", "Statements of Cash Flows"),
    ):
        page = paper.page()
        page.text(60, 58, accounts.company.name_en, 13, bold=True)
        page.text(60, 76, f"{name} ({accounts.money}){'' if accounts.auditor else ' (unaudited)'}", 10.5)
        page.rule(60, 84, 552, 84, 1.0)
        columns = accounts.columns(statement)
        for index, head in enumerate(_american_heads(columns)):
            for number, part in enumerate(head):
                page.text(440 + 112 * index, 100 + 11 * number, part, 8.5, align="right", bold=True)
        y = 142.0
        for row in _filled(accounts, AMERICAN, statement):
            cells = accounts.row(accounts.scope, row, statement, brackets=True, none="-")
            page.text(60 if row.strong or not row.parts else 72, y, row.label, 9.2, bold=row.strong or not row.parts)
            for index, cell in enumerate(cells if row.parts else []):
                right = 440 + 112 * index
                if row.strong:
                    page.rule(right - 74, y - 10, right, y - 10, 0.5)
                page.text(right, y, f"$ {cell}" if row.strong and cell != "-" else cell, 9.2, align="right", bold=row.strong)
            y += 15.6
    page = paper.page()
    page.text(60, 70, "Notes", 12, bold=True)
    opinion = (
        [f"Audited by {accounts.auditor}, unmodified opinion."]
        if accounts.auditor
        else ["These interim statements are unaudited."]
    )
    basis = "The statements follow accounting principles generally accepted in the United States."
    flow(paper, page, 94, [*opinion, basis, *notes], left=60, right=552, bottom=720, top=80, size=10, gap=7)
    for number, each in enumerate(paper.pages, 1):
        each.text(552, 768, f"{accounts.company.short}  |  {number}", 8, align="right", colour=GREY)
    return paper


def international_print(accounts: Accounts, notes: Sequence[str]) -> Paper:
    """A4; a notes column; the unit under each date; brackets for charges."""
    paper = Paper(accounts.title, accounts.company.name_en, accounts.made_on, language="en")
    page = paper.page()
    page.text(70, 300, accounts.company.name_en, 18, bold=True)
    page.text(70, 330, accounts.title, 13)
    opinion = f"Audited by {accounts.auditor} (unmodified opinion)" if accounts.auditor else "Unaudited"
    page.text(70, 356, opinion, 10.5)
    for statement, name in _TITLES.items():
        page = paper.page()
        page.text(56, 64, name, 14, bold=True)
        page.text(56, 82, _line_under(accounts.columns(statement)), 9.5, colour=GREY)
        page.text(352, 112, "Note", 9, align="centre", bold=True)
        for index, (end, months) in enumerate(accounts.columns(statement)):
            head = f"{end.day} {end:%b %Y}" if not months else f"{ {12: 'FY', 6: 'H1', 9: '9M'}[months] } {end.year}"
            page.text(448 + 92 * index, 104, head, 9, align="right", bold=True)
            page.text(448 + 92 * index, 116, accounts.money, 9, align="right")
        page.rule(56, 122, 540, 122, 0.7)
        y, note = 138.0, 3
        for row in _filled(accounts, INTERNATIONAL, statement):
            cells = accounts.row(accounts.scope, row, statement, brackets=True, none="–")
            page.text(56, y, row.label, 9.4, bold=row.strong or not row.parts)
            if row.parts and not row.strong and statement != "cash":
                note += 1
                page.text(352, y, str(note), 8.5, align="centre")
            for index, cell in enumerate(cells if row.parts else []):
                page.text(448 + 92 * index, y, cell, 9.4, align="right", bold=row.strong)
            if row.strong:
                page.rule(390, y + 4, 540, y + 4, 0.4)
            y += 15.2
    page = paper.page()
    page.text(56, 64, "Selected notes", 14, bold=True)
    flow(paper, page, 90, list(notes), left=56, right=540, bottom=780, top=70, size=10, gap=7)
    return paper


def long_sheet(accounts: Accounts, path: Path, notes: Sequence[str]) -> None:
    """One sheet: all three statements below one another, labels in column B, amounts in D and E."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Accounts"
    sheet["B1"], sheet["B2"] = accounts.company.name_en, accounts.title
    sheet["B1"].font = Font(bold=True, size=15)
    sheet["B3"] = f"{'Audited by ' + accounts.auditor if accounts.auditor else 'Unaudited'}. Figures in {accounts.money}."
    at, top = 5, Border(top=Side(style="thin"))
    for statement, name in _TITLES.items():
        sheet.cell(row=at, column=2, value=name).font = Font(bold=True, size=12)
        columns = accounts.columns(statement)
        for column, (end, months) in enumerate(columns, 4):
            head = f"At {spell_day(end)}" if not months else f"{_SPANS[months]} to {spell_day(end)}"
            sheet.cell(row=at + 1, column=column, value=head).font = Font(bold=True)
        at += 2
        for row in _filled(accounts, INTERNATIONAL, statement):
            sheet.cell(row=at, column=2, value=row.label).font = Font(bold=row.strong or not row.parts)
            for column, period in enumerate(columns, 4):
                value = accounts.amount(accounts.scope, row.parts, period) if row.parts else None
                if value is not None:
                    cell = sheet.cell(row=at, column=column, value=float(accounts.scaled(value)))
                    cell.number_format = "#,##0;(#,##0)"
                    if row.strong:
                        cell.border = top
            at += 1
        at += 2
    for note in notes:
        sheet.cell(row=at, column=2, value=note)
        at += 1
    sheet.column_dimensions["B"].width = 46
    for letter in "DE":
        sheet.column_dimensions[letter].width = 26
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def word_tables(accounts: Accounts, path: Path, notes: Sequence[str]) -> None:
    """Word: balance first, the comparative column to the right, minus signs instead of brackets."""
    document = Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Cambria", Pt(10)
    document.add_heading(accounts.company.name_en, level=1)
    document.add_paragraph(accounts.title)
    document.add_paragraph(f"Auditor: {accounts.auditor}. Opinion: unqualified." if accounts.auditor else "Not audited.")
    for statement in ("balance", "income", "cash"):
        columns = accounts.columns(statement)
        document.add_heading(_TITLES[statement], level=2)
        heads = [spell_day(end) if not months else f"{_SPANS[months]} ended {spell_day(end)}" for end, months in columns]
        body = [
            [row.label, *accounts.row(accounts.scope, row, statement)] for row in _filled(accounts, INTERNATIONAL, statement)
        ]
        rows = [[f"In {accounts.money}", *heads], *body]
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        table.style = "Light List"
        for line, row in zip(table.rows, rows, strict=True):
            for index, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
                cell.text = text
                if index:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_heading("Notes", level=2)
    for note in notes:
        document.add_paragraph(note)
    core, made = document.core_properties, _made(accounts)
    core.author = core.last_modified_by = accounts.company.finance_head
    core.title, core.created, core.modified, core.revision = accounts.title, made, made, 1
    raw = BytesIO()
    document.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fixed_archive(raw.getvalue(), made))


def _filled(accounts: Accounts, rows: Mapping[str, Sequence[Row]], statement: str) -> list[Row]:
    return [row for row in rows[statement] if not row.parts or any(accounts.row(accounts.scope, row, statement))]


def _american_heads(columns: Sequence[Period]) -> list[list[str]]:
    words = {12: "Year Ended", 6: "Six Months Ended", 3: "Three Months Ended"}
    return [[words[months] if months else "As of", f"{end:%B} {end.day},", str(end.year)] for end, months in columns]


def _line_under(columns: Sequence[Period]) -> str:
    end, months = columns[0]
    return f"as at {spell_day(end)}" if not months else f"for the {_SPANS[months].lower()} ended {spell_day(end)}"


def _made(accounts: Accounts) -> datetime:
    return datetime(accounts.made_on.year, accounts.made_on.month, accounts.made_on.day, 14)
