"""Chinese accounts in five shapes: opening before closing in print, two sides in a workbook, group beside parent in Word, and two small forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from eval.fresh.fifth.papers.sets import Accounts, Row, chinese_rows
from eval.sample_bank.papers.report import Period, chinese_date, chinese_period
from eval.sample_bank.papers.sheet import Paper, flow
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from eval.sample_bank.papers.workbook import fixed_archive, write_fixed
from tools.typesetting.fonts import Face

NAMES = {"balance": "资产负债表", "income": "利润表", "cash": "现金流量表", "supplement": "现金流量表补充资料"}
_SMALL = {"税金及附加": "营业税金及附加", "预付款项": "预付账款", "合同负债": "预收账款"}


def banded_paper(accounts: Accounts, remarks: Sequence[str] = ()) -> Paper:
    """Sans, no rules, totals on grey bands; the year's opening stands before the closing; quarters beside the year so far."""
    paper = Paper(accounts.title, accounts.company.name, accounts.made_on, face=Face.SANS)
    for statement, name in NAMES.items():
        page = paper.page()
        page.text(48, 54, accounts.company.name, 10)
        page.text(547, 54, accounts.title, 10, align="right")
        page.text(48, 80, name, 16, bold=True)
        page.text(547, 80, f"金额单位：人民币{accounts.money}", 9, align="right")
        columns = accounts.columns(statement)
        if statement == "balance":
            columns = columns[::-1]
            heads = [f"期初数\n（{chinese_date(columns[0][0])}）", f"期末数\n（{chinese_date(columns[1][0])}）"]
        else:
            heads = [chinese_period(column) for column in columns]
        width = 96.0
        table = [Column("项　　目", 500 - width * len(heads)), *(Column(head, width, "right") for head in heads)]
        rows = []
        for row in chinese_rows(accounts, statement):
            cells = [accounts.shown(accounts.amount(accounts.scope, row.parts, column)) for column in columns]
            rows.append(
                TableRow(
                    [row.label, *(cells if row.parts else ["" for _ in columns])],
                    bold=row.strong,
                    indent=0 if row.strong else 9,
                    shaded=row.strong and bool(row.parts),
                )
            )
        Grid(table, 48, size=8.8, face=Face.SANS, height=13.2, rules=False, bottom=806).draw(paper, page, 92, rows)
    page = paper.page()
    page.text(48, 70, "报表说明", 13, bold=True)
    opinion = f"本报表经{accounts.auditor}审计，出具标准无保留意见。" if accounts.auditor else "本报表未经审计。"
    flow(paper, page, 96, [opinion, *remarks], left=48, right=547, bottom=780, top=70, indent=20)
    return paper


def sided_book(accounts: Accounts, path: Path) -> None:
    """A workbook: assets and claims beside each other on the first sheet, income and cash below one another on the second."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "资产负债表"
    _title(first, f"{accounts.company.name}　资产负债表", 6)
    first["A2"] = f"报表日：{chinese_date(accounts.end)}"
    first["F2"] = f"单位：{accounts.money}"
    heads = ("资产", "期末余额", "年初余额", "负债及所有者权益", "期末余额", "年初余额")
    for column, head in enumerate(heads, 1):
        cell = first.cell(row=3, column=column, value=head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E2EFDA")
    sides = [chinese_rows(accounts, side) for side in ("assets", "claims")]
    tall = max(map(len, sides))
    for index, rows in enumerate(sides):
        for number, row in enumerate(rows):
            # The grand totals of both sides stand on one line at the foot.
            at = 4 + (tall - 1 if number == len(rows) - 1 else number)
            _sheet_row(first, at, 1 + 3 * index, accounts, accounts.scope, row, accounts.columns("balance"))
    for letter, width in zip("ABCDEF", (30, 17, 17, 32, 17, 17), strict=True):
        first.column_dimensions[letter].width = width
    second = book.create_sheet("利润及现金流量")
    at = 1
    for statement in ("income", "cash", "supplement"):
        second.cell(row=at, column=1, value=NAMES[statement]).font = Font(bold=True, size=13)
        second.cell(row=at, column=3, value=f"单位：{accounts.money}")
        columns = accounts.columns(statement)
        for column, head in enumerate(["项目", *(chinese_period(each) for each in columns)], 1):
            second.cell(row=at + 1, column=column, value=head).font = Font(bold=True)
        at += 2
        for row in chinese_rows(accounts, statement):
            _sheet_row(second, at, 1, accounts, accounts.scope, row, columns)
            at += 1
        at += 1
    second.column_dimensions["A"].width = 50
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def group_word(accounts: Accounts, path: Path) -> None:
    """Landscape tables with the group's two columns beside the parent's two."""
    document = _document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    _centred(document, f"{accounts.company.name}{accounts.title}")
    document.add_paragraph(f"（{'经' + accounts.auditor + '审计，标准无保留意见' if accounts.auditor else '未经审计'}）")
    words = {"consolidated": "合并", "parent": "母公司"}
    for statement, name in NAMES.items():
        document.add_heading(f"合并及母公司{name}", level=2)
        document.add_paragraph(f"单位：人民币{accounts.money}")
        columns = accounts.columns(statement)
        heads = ["项目"]
        for scope in accounts.books:
            heads += [f"{words[scope]}\n{chinese_date(end) if not m else chinese_period((end, m))}" for end, m in columns]
        body = []
        for row in chinese_rows(accounts, statement, group=True):
            cells = [cell for scope in accounts.books for cell in accounts.row(scope, row, statement, none="-")]
            body.append([row.label, *cells])
        _table(document, [heads, *body])
    _save(document, path, accounts)


def plain_word(accounts: Accounts, path: Path) -> None:
    """A small company's Word tables with line numbers."""
    document = _document()
    _centred(document, accounts.company.name)
    _centred(document, accounts.title)
    document.add_paragraph("经审计" if accounts.auditor else "未经审计")
    for statement, name in NAMES.items():
        document.add_paragraph(f"{name}　　（单位：{accounts.money}）").runs[0].bold = True
        columns = accounts.columns(statement)
        heads = ["项目", "行次", *(chinese_date(end) if not m else chinese_period((end, m)) for end, m in columns)]
        body, line = [], 0
        for row in chinese_rows(accounts, statement):
            line += 1 if row.parts else 0
            body.append([row.label, str(line) if row.parts else "", *accounts.row(accounts.scope, row, statement)])
        _table(document, [heads, *body])
    _save(document, path, accounts)


def small_paper(accounts: Accounts) -> Paper:
    """The forms of 小企业会计准则 in print, ruled, with line numbers; depreciation is given at the foot of the cash flow."""
    paper = Paper(accounts.title, accounts.company.name, accounts.made_on)
    for number, (statement, name) in enumerate(list(NAMES.items())[:3], 1):
        page = paper.page()
        page.text(297.6, 58, name, 17, align="centre", bold=True)
        page.text(540, 74, f"会小企0{number}表", 8.5, align="right")
        page.text(55, 90, f"编制单位：{accounts.company.name}", 9)
        page.text(540, 90, f"单位：{accounts.money}", 9, align="right")
        columns = accounts.columns(statement)
        year = accounts.flows[0][1] == 12
        heads = ("期末余额", "年初余额") if number == 1 else ("本年累计金额", "上年金额" if year else "上年同期累计金额")
        when = chinese_date(accounts.end) if number == 1 else chinese_period(accounts.flows[0])
        page.text(297.6, 90, when, 9, align="centre")
        table = [Column("项目", 245), Column("行次", 30, "centre"), *(Column(head, 105, "right") for head in heads)]
        rows, line = [], 0
        for row in chinese_rows(accounts, statement, captions=_SMALL):
            line += 1 if row.parts else 0
            cells = accounts.row(accounts.scope, row, statement)
            rows.append(TableRow([row.label, str(line) if row.parts else "", *cells], bold=row.strong))
        page, y = Grid(table, 55, size=9, height=14.6, bottom=792).draw(paper, page, 98, rows)
        if number == 3:
            worn = [
                Row("固定资产折旧", {"depreciation_ppe": 1}),
                Row("无形资产摊销", {"amortization_intangibles": 1}),
                Row("长期待摊费用摊销", {"amortization_lt_deferred": 1}),
            ]
            extra = [TableRow([row.label, "", *accounts.row(accounts.scope, row, "supplement")]) for row in worn]
            page.text(55, y + 20, "补充资料：", 9, bold=True)
            table[0], table[1] = Column("项目", 245), Column("", 30)
            Grid(table, 55, size=9, height=14.6, bottom=820).draw(paper, page, y + 26, extra)
        elif columns:
            page.text(55, 815, f"负责人：{accounts.company.legal_representative}　　会计：{accounts.company.accountant}", 9)
    return paper


def _sheet_row(
    sheet: Worksheet, at: int, first: int, accounts: Accounts, scope: str, row: Row, columns: Sequence[Period]
) -> None:
    sheet.cell(row=at, column=first, value=("" if row.strong else "  ") + row.label).font = Font(bold=row.strong)
    for column, period in enumerate(columns, first + 1):
        value = accounts.amount(scope, row.parts, period) if row.parts else None
        if value is not None:
            cell = sheet.cell(row=at, column=column, value=float(accounts.scaled(value)))
            cell.number_format = "#,##0.00"


def _title(sheet: Worksheet, text: str, width: int) -> None:
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"] = text
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")


def _document() -> Doc:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(9.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    return document


def _centred(document: Doc, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = True, Pt(14)


def _table(document: Doc, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for line, row in zip(table.rows, rows, strict=True):
        for index, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            cell.text = text
            if index:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _save(document: Doc, path: Path, accounts: Accounts) -> None:
    made = _made(accounts)
    core = document.core_properties
    core.author = core.last_modified_by = accounts.company.finance_head
    core.title, core.created, core.modified, core.revision = accounts.title, made, made, 1
    raw = BytesIO()
    document.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(fixed_archive(raw.getvalue(), made))


def _made(accounts: Accounts) -> datetime:
    return datetime(accounts.made_on.year, accounts.made_on.month, accounts.made_on.day, 10)
