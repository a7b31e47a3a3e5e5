"""Smaller papers: a credit report, a list of invoices, a bank's account list, and a power bill that was laid on a scanner."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pypdfium2
from fpdf import FPDF
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageFilter

from eval.sample_bank.chance import Chance
from eval.sample_bank.papers.press import print_papers
from eval.sample_bank.papers.sheet import Paper
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from eval.sample_bank.papers.workbook import write_fixed


def credit_report(
    name: str,
    registration: str,
    day: date,
    lenders: Sequence[tuple[str, str, str, str, str]],
    totals: Sequence[tuple[str, str]],
) -> Paper:
    """`lenders`: name, kind of credit, balance, grade, overdue; `totals`: label and value."""
    paper = Paper("企业征信报告", "征信服务中心", day)
    page = paper.page()
    page.text(297.6, 70, "企业征信报告", 18, align="centre", bold=True)
    page.text(60, 104, f"查询对象：{name}", 10)
    page.text(60, 122, f"统一社会信用代码：{registration}", 10)
    page.text(535, 122, f"报告日期：{day.isoformat()}", 10, align="right")
    y = 150.0
    page.text(60, y, "信用概况（单位：万元）", 12, bold=True)
    for label, value in totals:
        y += 19
        page.text(72, y, f"{label}：{value}", 10)
    y += 32
    page.text(60, y, "未结清信贷明细", 12, bold=True)
    columns = [
        Column("机构", 150),
        Column("业务", 110),
        Column("余额（万元）", 80, "right"),
        Column("分类", 60, "centre"),
        Column("逾期（万元）", 75, "right"),
    ]
    Grid(columns, 60, size=9.5, height=20, bottom=780).draw(paper, page, y + 12, [TableRow(list(row)) for row in lenders])
    return paper


def invoice_list(seller: str, rows: Sequence[tuple[str, date, str, Decimal, Decimal]], made: date, path: Path) -> None:
    """Number, day, buyer, net, tax, as a tax system exports them."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "销项发票"
    sheet["A1"] = f"销项发票明细　纳税人：{seller}"
    for column, head in enumerate(("开票日期", "发票号码", "购方名称", "不含税金额", "税额", "价税合计"), 1):
        sheet.cell(row=2, column=column, value=head)
    for at, (number, day, buyer, net, tax) in enumerate(rows, 3):
        for column, value in enumerate((day.isoformat(), number, buyer, float(net), float(tax), float(net + tax)), 1):
            sheet.cell(row=at, column=column, value=value)
    write_fixed(book, path, seller, datetime(made.year, made.month, made.day, 10))


def account_list(
    holder: str, number: str, bank: str, opening: Decimal, rows: Sequence[tuple[date, str, Decimal, str, str]], path: Path
) -> None:
    """Another bank's list: day, in or out, amount, counterparty, memo; the balance after each."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["账户名称", holder, "账号", number, "开户银行", bank])
    writer.writerow(["日期", "摘要", "对方户名", "收入", "支出", "余额"])
    balance = opening
    for day, way, amount, party, memo in rows:
        balance += amount if way == "in" else -amount
        writer.writerow(
            [
                f"{day:%Y/%m/%d}",
                memo,
                party,
                f"{amount:.2f}" if way == "in" else "",
                f"{amount:.2f}" if way == "out" else "",
                f"{balance:.2f}",
            ]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("﻿" + out.getvalue(), encoding="utf-8")


def power_bill(holder: str, number: str, month: date, kwh: Decimal, before: Decimal, price: Decimal, supplier: str) -> Paper:
    """A month's bill with the same month of the year before."""
    paper = Paper("电费账单", supplier, month)
    page = paper.page()
    page.text(297.6, 80, f"{supplier}电费账单", 18, align="centre", bold=True)
    for at, text in enumerate(
        (f"用电户名：{holder}", f"户号：{number}", f"账单月份：{month.year}年{month.month}月", f"本月用电量：{kwh:,.0f}千瓦时",
         f"去年同月用电量：{before:,.0f}千瓦时", f"电价：{price}元/千瓦时", f"应付电费：{kwh * price:,.2f}元")
    ):  # fmt: skip
        page.text(80, 130 + 28 * at, text, 13)
    return paper


def scanned(paper: Paper, chance: Chance, path: Path) -> None:
    """The paper as a grey picture of 200 dots an inch, a little askew and speckled."""
    sheet = path.with_suffix(".sheet.pdf")
    print_papers({sheet: paper})
    document = pypdfium2.PdfDocument(str(sheet))
    image = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    sheet.unlink()
    image = image.rotate(0.7, resample=Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.5))
    for _ in range(400):
        image.putpixel((chance.whole(0, image.width - 1), chance.whole(0, image.height - 1)), chance.whole(0, 120))
    pixels = BytesIO()
    image.save(pixels, "JPEG", quality=78)
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_creation_date(datetime(paper.made_on.year, paper.made_on.month, paper.made_on.day, 9, tzinfo=UTC))
    pdf.add_page(format=(595.28, 841.89))
    pdf.image(Image.open(BytesIO(pixels.getvalue())), 0, 0, 595.28, 841.89)
    path.write_bytes(bytes(pdf.output()))
