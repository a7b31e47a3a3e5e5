"""Statements of account as four banks print them: a sheet newest first, a ruled Chinese list over pages, an open English list.

The fourth, a CSV, is in `slips`. Every layout is made from the same movements, so that a reader can be held against the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from eval.sample_bank.papers.sheet import Page, Paper, wrapped
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from eval.sample_bank.papers.workbook import write_fixed
from tools.typesetting.fonts import Face

Movement = tuple[date, str, Decimal, str, str, str]
"""Day, in or out, amount, counterparty, its account, memo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """`bank` with its branch; `movements` oldest first; `opening` is the balance before the first."""

    holder: str
    number: str
    bank: str
    branch: str
    opening: Decimal
    movements: Sequence[Movement]
    first: date
    last: date

    def balances(self) -> list[Decimal]:
        """The balance after each movement."""
        out, balance = [], self.opening
        for _, way, amount, *_ in self.movements:
            balance += amount if way == "in" else -amount
            out.append(balance)
        return out

    def total(self, way: str) -> Decimal:
        """All of one side."""
        return sum((amount for _, side, amount, *_ in self.movements if side == way), Decimal(0))


def flow_workbook(statement: AccountStatement, path: Path) -> None:
    """One amount column with 借贷标志, date and time in one cell, newest first, as the transaction banking export has it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "交易明细"
    sheet.merge_cells("A1:I1")
    sheet["A1"] = f"{statement.bank}企业网银账户交易明细查询"
    sheet["A1"].font, sheet["A1"].alignment = Font(name="宋体", size=14, bold=True), Alignment(horizontal="center")
    sheet["A2"], sheet["B2"] = "账号", statement.number
    sheet["D2"], sheet["E2"] = "户名", statement.holder
    sheet["A3"], sheet["B3"] = "开户行", f"{statement.bank}{statement.branch}"
    sheet["D3"], sheet["E3"] = "查询起止日期", f"{statement.first.isoformat()} 至 {statement.last.isoformat()}"
    sheet["G3"], sheet["H3"] = "币种", "人民币"
    for column, head in enumerate(
        ["序号", "交易时间", "借贷标志", "交易金额", "账户余额", "对方户名", "对方账号", "摘要", "交易流水号"], 1
    ):
        sheet.cell(row=5, column=column, value=head).font = Font(name="宋体", size=10, bold=True)
    rows = list(zip(statement.movements, statement.balances(), strict=True))
    for at, ((day, way, amount, party, account, memo), balance) in enumerate(reversed(rows), 1):
        clock = f"{9 + (at * 7) % 8:02d}:{(at * 13) % 60:02d}:{(at * 29) % 60:02d}"
        values = [
            at,
            f"{day.isoformat()} {clock}",
            "贷" if way == "in" else "借",
            float(amount),
            float(balance),
            party,
            account,
            memo,
        ]
        for column, value in enumerate([*values, f"{day:%Y%m%d}{len(rows) - at + 1:06d}"], 1):
            cell = sheet.cell(row=5 + at, column=column, value=value)
            if column in (4, 5):
                cell.number_format = "#,##0.00"
    write_fixed(book, path, statement.bank, datetime(statement.last.year, statement.last.month, statement.last.day, 17))


def ruled_flow_paper(statement: AccountStatement) -> Paper:
    """A printed 对账单: ruled, compact dates, 收入 and 支出 columns, 承前页 and 本页合计 on every page, totals at the end."""
    title = f"{statement.bank}{statement.branch}单位存款账户对账单"
    paper = Paper(title, statement.bank, statement.last, language="zh")
    columns = [
        Column("记账日期", 52, "centre"), Column("凭证号", 50, "centre"), Column("摘要", 62), Column("对方户名", 108),
        Column("收入金额", 78, "right"), Column("支出金额", 78, "right"), Column("余额", 84, "right"),
    ]  # fmt: skip
    rows = list(zip(statement.movements, statement.balances(), strict=True))
    per_page, before = 22, statement.opening
    pages = [rows[at : at + per_page] for at in range(0, len(rows), per_page)] or [[]]
    number = 0
    for sheet_number, chunk in enumerate(pages, 1):
        page = paper.page()
        _ruled_head(page, title, statement, sheet_number, len(pages))
        body = [TableRow(["", "", "期初余额" if sheet_number == 1 else "承前页", "", "", "", f"{before:,.2f}"])]
        sums = {"in": Decimal(0), "out": Decimal(0)}
        for (day, way, amount, party, _, memo), balance in chunk:
            number += 1
            sums[way] += amount
            money = (f"{amount:,.2f}", "") if way == "in" else ("", f"{amount:,.2f}")
            body.append(TableRow([f"{day:%Y%m%d}", f"{number:06d}", memo, party, *money, f"{balance:,.2f}"]))
            before = balance
        body.append(
            TableRow(["", "", "本页合计", "", f"{sums['in']:,.2f}", f"{sums['out']:,.2f}", f"{before:,.2f}"], bold=True)
        )
        if sheet_number == len(pages):
            whole = ["", "", "合计", "", f"{statement.total('in'):,.2f}", f"{statement.total('out'):,.2f}", f"{before:,.2f}"]
            body.append(TableRow(whole, bold=True))
        Grid(columns, 42, size=8.2, height=21, header_height=22, bottom=800).draw(paper, page, 132, body)
        page.text(552, 818, f"第{sheet_number}页 共{len(pages)}页", 8, align="right")
        if sheet_number == len(pages):
            page.seal(470, 760, statement.bank, "业务专用章", 40)
    return paper


def _ruled_head(page: Page, title: str, statement: AccountStatement, number: int, of: int) -> None:
    page.text(297.6, 62, title, 15, align="centre", bold=True)
    page.text(42, 90, f"户名：{statement.holder}", 9)
    page.text(330, 90, f"账号：{statement.number}", 9)
    page.text(42, 106, "币种：人民币", 9)
    page.text(160, 106, f"对账期间：{statement.first:%Y年%m月%d日}至{statement.last:%Y年%m月%d日}", 9)
    page.text(470, 106, "单位：元", 9)


def open_flow_paper(statement: AccountStatement, sign: str = "£") -> Paper:
    """An English current-account statement: no rules, wrapped particulars, balance only after the last line of a day."""
    paper = Paper(f"{statement.bank} statement", statement.bank, statement.last, face=Face.SERIF, language="en")
    page = paper.page()
    y = _open_head(page, statement, sign)
    rows = list(zip(statement.movements, statement.balances(), strict=True))
    page.text(126, y, "BALANCE BROUGHT FORWARD", 9)
    page.text(540, y, f"{statement.opening:,.2f}", 9, align="right")
    y += 16
    for at, ((day, way, amount, party, _, memo), balance) in enumerate(rows):
        lines = wrapped(f"{party} {memo}", 170, 9, Face.SERIF)
        if y + 12 * len(lines) > 770:
            page = paper.page()
            y = _open_head(page, statement, sign)
        page.text(50, y, f"{day:%d %b %Y}", 9)
        for number, line in enumerate(lines):
            page.text(126, y + 11 * number, line, 9)
        page.text(394 if way == "out" else 467, y, f"{amount:,.2f}", 9, align="right")
        if at + 1 == len(rows) or rows[at + 1][0][0] != day:
            page.text(540, y, f"{balance:,.2f}", 9, align="right")
        y += 11 * len(lines) + 6
    page.text(126, y, "BALANCE CARRIED FORWARD", 9)
    page.text(540, y, f"{rows[-1][1]:,.2f}", 9, align="right")
    y += 26
    page.text(50, y, f"Total paid out: {statement.total('out'):,.2f}", 9)
    page.text(250, y, f"Total paid in: {statement.total('in'):,.2f}", 9)
    return paper


def _open_head(page: Page, statement: AccountStatement, sign: str) -> float:
    page.text(50, 70, f"{statement.bank}", 16, bold=True)
    page.text(50, 92, "Current account statement", 11)
    page.text(50, 116, f"Account name: {statement.holder}", 9)
    page.text(50, 130, f"Account number: {statement.number}", 9)
    page.text(330, 116, f"Branch: {statement.branch}", 9)
    page.text(330, 130, f"Statement period: {statement.first:%d %B %Y} to {statement.last:%d %B %Y}", 9)
    y = 168.0
    page.text(50, y, "Date", 9, bold=True)
    page.text(126, y, "Particulars", 9, bold=True)
    page.text(394, y, f"Paid out ({sign})", 9, align="right", bold=True)
    page.text(467, y, f"Paid in ({sign})", 9, align="right", bold=True)
    page.text(540, y, f"Balance ({sign})", 9, align="right", bold=True)
    page.rule(50, y + 5, 540, y + 5)
    return y + 20
