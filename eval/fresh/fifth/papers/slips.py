"""Smaller papers: a monthly VAT summary by buyer, and gas and power bills laid out as a supplier prints them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from eval.sample_bank.papers.sheet import Paper
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from eval.sample_bank.papers.workbook import write_fixed


def vat_list(
    seller: str, registration: str, rows: Sequence[tuple[date, str, str, Decimal, Decimal]], made: date, path: Path
) -> None:
    """Issued invoices: day, number, buyer, net, tax."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "开票清单"
    sheet["A1"] = "增值税专用发票开具清单"
    sheet["A2"] = f"销方：{seller}　纳税人识别号：{registration}"
    for column, head in enumerate(("序号", "发票号码", "开票日期", "购买方", "金额（不含税）", "税额"), 1):
        sheet.cell(row=4, column=column, value=head)
    for at, (day, number, buyer, net, tax) in enumerate(rows, 5):
        for column, value in enumerate((at - 4, number, day.isoformat(), buyer, float(net), float(tax)), 1):
            sheet.cell(row=at, column=column, value=value)
    last = 5 + len(rows)
    sheet.cell(row=last, column=1, value="合计")
    sheet.cell(row=last, column=5, value=float(sum((row[3] for row in rows), Decimal(0))))
    sheet.cell(row=last, column=6, value=float(sum((row[4] for row in rows), Decimal(0))))
    write_fixed(book, path, seller, datetime(made.year, made.month, made.day, 9))


def utility_bill(
    holder: str, number: str, supplier: str, month: date, readings: Sequence[tuple[str, str, str, str]], total: Decimal
) -> Paper:
    """`readings`: kind, quantity this month, quantity of the same month last year, unit price."""
    paper = Paper("用能账单", supplier, month)
    page = paper.page()
    page.text(60, 76, supplier, 15, bold=True)
    page.text(60, 98, f"{month.year}年{month.month}月用能账单", 12)
    page.text(60, 124, f"客户名称：{holder}　　客户编号：{number}", 10)
    columns = [
        Column("项目", 120),
        Column("本月用量", 120, "right"),
        Column("上年同月用量", 120, "right"),
        Column("单价", 110, "right"),
    ]
    _, y = Grid(columns, 60, size=10, height=22).draw(paper, page, 140, [TableRow(list(row)) for row in readings])
    page.text(530, y + 26, f"应缴金额：{total:,.2f}元", 11, align="right", bold=True)
    return paper
