"""Accounts mailed as workbooks: a Chinese one with everything on one sheet, a small enterprise's, and a European one in English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from eval.fresh.fourth.papers.english import IFRS, span_words, spell_day
from eval.fresh.fourth.papers.sets import Accounts, Row, chinese_rows
from eval.sample_bank.papers.report import Period, chinese_date
from eval.sample_bank.papers.workbook import write_fixed

_SMALL = {"税金及附加": "营业税金及附加", "固定资产": "固定资产账面价值", "货币资金": "货币资金", "预付款项": "预付账款",
          "合同负债": "预收账款", "所有者权益（或股东权益）：": "所有者权益（或股东权益）："}  # fmt: skip


def one_sheet(accounts: Accounts, path: Path) -> None:
    """The three statements and the supplement below one another, each with its own title row and column heads."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "财务报表"
    at = 1
    for statement, name in (
        ("balance", "资产负债表"),
        ("income", "利润表"),
        ("cash", "现金流量表"),
        ("supplement", "补充资料"),
    ):
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=3)
        cell = sheet.cell(row=at, column=1, value=f"{accounts.company.name}　{name}")
        cell.font, cell.alignment = Font(bold=True, size=13), Alignment(horizontal="center")
        sheet.cell(
            row=at + 1, column=1, value=f"金额单位：{accounts.money}（人民币）　{'经审计' if accounts.auditor else '未审计'}"
        )
        columns = accounts.columns(statement)
        sheet.cell(row=at + 2, column=1, value="项目").font = Font(bold=True)
        for index, column in enumerate(columns, 2):
            sheet.cell(row=at + 2, column=index, value=_head(column)).font = Font(bold=True)
        at += 3
        for row in chinese_rows(accounts, statement):
            sheet.cell(row=at, column=1, value=("" if row.strong else "  ") + row.label).font = Font(bold=row.strong)
            _numbers(sheet, at, accounts, row, columns, 2)
            at += 1
        at += 2
    sheet.column_dimensions["A"].width = 52
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def small_book(accounts: Accounts, path: Path) -> None:
    """A small enterprise's forms under 小企业会计准则, one sheet each, closing balance before opening."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for number, (statement, name) in enumerate(
        (("balance", "资产负债表"), ("income", "利润表"), ("cash", "现金流量表"), ("supplement", "折旧摊销明细"))
    ):
        sheet = first if not number else book.create_sheet()
        sheet.title = name
        sheet["A1"] = name if number == 3 else f"{name}（会小企0{number + 1}表）"
        sheet["A2"], sheet["C2"] = f"编制单位：{accounts.company.name}", f"单位：{accounts.money}"
        columns = accounts.columns(statement)
        year = accounts.flows[0][1] == 12
        heads = (
            [f"期末余额（{chinese_date(accounts.points[0])}）", f"年初余额（{chinese_date(accounts.points[1])}）"]
            if not number
            else [f"本年累计金额（{_head(columns[0])}）", f"上年{'' if year else '同期'}金额（{_head(columns[1])}）"]
        )
        for column, head in enumerate(("项目", *heads), 1):
            sheet.cell(row=4, column=column, value=head).font = Font(bold=True)
        rows = chinese_rows(accounts, statement, captions=_SMALL) if number < 3 else [
            Row("固定资产折旧", {"depreciation_ppe": 1}), Row("无形资产摊销", {"amortization_intangibles": 1}),
            Row("长期待摊费用摊销", {"amortization_lt_deferred": 1})]  # fmt: skip
        for at, row in enumerate(rows, 5):
            sheet.cell(row=at, column=1, value=row.label)
            _numbers(sheet, at, accounts, row, columns, 2)
        sheet.column_dimensions["A"].width = 46
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def european_book(accounts: Accounts, path: Path, notes: Sequence[str] = ()) -> None:
    """An IFRS workbook in thousands of euros: a sheet per statement, newest year first, a sheet of notes."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for number, (statement, name) in enumerate((("income", "P&L"), ("balance", "Financial position"), ("cash", "Cash flow"))):
        sheet = first if not number else book.create_sheet()
        sheet.title = name
        sheet["A1"] = accounts.company.name_en
        sheet["A1"].font = Font(bold=True, size=14)
        sheet["A2"] = accounts.title
        sheet["A3"] = f"{'Audited' if accounts.auditor else 'Unaudited'}; all amounts in {accounts.money} (EUR)"
        columns = accounts.columns(statement)
        for index, (end, months) in enumerate(columns, 2):
            head = spell_day(end) if not months else f"{'Year' if months == 12 else span_words(months)} ended {spell_day(end)}"
            sheet.cell(row=5, column=index, value=head).font = Font(bold=True)
        at = 6
        for row in IFRS[statement]:
            if row.parts and not any(accounts.row(accounts.scope, row, statement)):
                continue
            sheet.cell(row=at, column=1, value=row.label).font = Font(bold=row.strong or not row.parts)
            _numbers(sheet, at, accounts, row, columns, 2, whole=True)
            at += 1
        sheet.column_dimensions["A"].width = 44
    sheet = book.create_sheet("Notes")
    for at, note in enumerate(notes, 1):
        sheet.cell(row=at, column=1, value=note)
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def _numbers(
    sheet: Worksheet, at: int, accounts: Accounts, row: Row, columns: Sequence[Period], first: int, *, whole: bool = False
) -> None:
    for column, period in enumerate(columns, first):
        value = accounts.amount(accounts.scope, row.parts, period) if row.parts else None
        if value is not None:
            cell = sheet.cell(row=at, column=column, value=float(accounts.scaled(value)))
            cell.number_format = "#,##0;(#,##0)" if whole else "#,##0.00"


def _head(period: Period) -> str:
    end, months = period
    if not months:
        return chinese_date(end)
    return f"{end.year}年度" if months == 12 else f"{end.year}年1-{end.month}月"


def _made(accounts: Accounts) -> datetime:
    return datetime(accounts.made_on.year, accounts.made_on.month, accounts.made_on.day, 11)
