"""Accounts mailed as workbooks: three years side by side, two captions in one cell, and the two-sided form of a small enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from eval.fresh.third.papers.accounts import Accounts, chinese_lines, column_head
from eval.sample_bank.papers.report import Period, chinese_date
from eval.sample_bank.papers.workbook import write_fixed

_ENGLISH = {
    "货币资金": "Cash and bank balances", "应收账款": "Accounts receivable", "存货": "Inventories", "流动资产合计": "Total current assets",
    "固定资产": "Fixed assets", "无形资产": "Intangible assets", "资产总计": "Total assets", "短期借款": "Short-term loans",
    "应付账款": "Accounts payable", "流动负债合计": "Total current liabilities", "长期借款": "Long-term loans",
    "负债合计": "Total liabilities", "所有者权益合计": "Total owners' equity", "一、营业收入": "Operating revenue",
    "减：营业成本": "Cost of sales", "研发费用": "R&D expenses", "销售费用": "Selling expenses", "管理费用": "Administrative expenses",
    "财务费用": "Finance costs", "其中：利息费用": "of which: interest expense", "三、利润总额（亏损总额以“-”号填列）": "Profit before tax",
    "减：所得税费用": "Income tax", "四、净利润（净亏损以“-”号填列）": "Net profit", "经营活动产生的现金流量净额": "Net cash from operating activities",
    "固定资产折旧": "Depreciation", "无形资产摊销": "Amortisation", "预付款项": "Prepayments", "合同负债": "Contract liabilities",
}  # fmt: skip


def years_workbook(accounts: Accounts, path: Path, *, bilingual: bool = False) -> None:
    """One sheet per statement, a column per year or period."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for number, (statement, name) in enumerate(
        (("balance", "资产负债表"), ("income", "利润表"), ("cash", "现金流量表"), ("supplement", "补充资料"))
    ):
        sheet = first if not number else book.create_sheet()
        sheet.title = f"{name} {('BS', 'PL', 'CF', 'Supp')[number]}" if bilingual else name
        sheet["A1"] = accounts.company.name + (f" {accounts.company.name_en}" if bilingual else "")
        sheet["A1"].font = Font(name="黑体", size=14, bold=True)
        sheet["A2"] = f"{name}　金额单位：人民币{accounts.money}" + (
            " (RMB 10,000)" if bilingual and accounts.money == "万元" else ""
        )
        sheet["A3"] = "已审计" if accounts.auditor else "未经审计"
        periods: list[Period] = [(day, 0) for day in accounts.points] if statement == "balance" else list(accounts.flows)
        sheet.cell(row=5, column=1, value="科目 Item" if bilingual else "科目")
        for index, period in enumerate(periods, 2):
            sheet.cell(row=5, column=index, value=column_head(period)).font = Font(bold=True)
        row = 5
        for line in chinese_lines(statement, accounts):
            row += 1
            other = _ENGLISH.get(line.label) if bilingual else None
            cell = sheet.cell(row=row, column=1, value=f"{line.label} {other}" if other else line.label)
            cell.font = Font(bold=line.kind in ("head", "sub", "total"))
            _values(sheet, row, accounts, line.item, line.sign, periods, 2)
        sheet.column_dimensions["A"].width = 54
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def small_workbook(accounts: Accounts, path: Path) -> None:
    """Under 小企业会计准则: assets beside liabilities, closing before opening, and the year to date beside the year before."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "资产负债表"
    lines = chinese_lines("balance", accounts)
    cut = next(at for at, line in enumerate(lines) if line.label == "流动负债：")
    left, right = lines[:cut], lines[cut:]
    sheet["A1"], sheet["A2"] = "资产负债表（会小企01表）", f"编制单位：{accounts.company.name}"
    sheet["D2"], sheet["F2"] = chinese_date(accounts.end), f"单位：{accounts.money}"
    for column, head in enumerate(("资产", "期末余额", "年初余额", "负债和所有者权益", "期末余额", "年初余额"), 1):
        sheet.cell(row=4, column=column, value=head).font = Font(bold=True)
    points: list[Period] = [(day, 0) for day in accounts.points]
    for at in range(max(len(left), len(right))):
        for side, first in ((left, 1), (right, 4)):
            if at < len(side):
                sheet.cell(row=5 + at, column=first, value=side[at].label)
                _values(sheet, 5 + at, accounts, side[at].item, side[at].sign, points, first + 1)
    for statement, name, form in (("income", "利润表", "会小企02表"), ("cash", "现金流量表", "会小企03表")):
        sheet = book.create_sheet(name)
        sheet["A1"], sheet["A2"], sheet["C2"] = (
            f"{name}（{form}）",
            f"编制单位：{accounts.company.name}",
            f"单位：{accounts.money}",
        )
        for column, head in enumerate(("项目", *(column_head(period) for period in accounts.flows)), 1):
            sheet.cell(row=4, column=column, value=head).font = Font(bold=True)
        for row, line in enumerate(chinese_lines(statement, accounts), 5):
            sheet.cell(row=row, column=1, value=line.label)
            _values(sheet, row, accounts, line.item, line.sign, accounts.flows, 2)
    sheet = book.create_sheet("附注")
    sheet["A1"], sheet["A2"] = "附注：折旧与摊销", f"本公司执行《小企业会计准则》，金额单位：人民币{accounts.money}"
    for column, head in enumerate(("项目", *(column_head(period) for period in accounts.flows)), 1):
        sheet.cell(row=3, column=column, value=head)
    for row, (label, item) in enumerate((("固定资产折旧", "depreciation_ppe"), ("无形资产摊销", "amortization_intangibles"),
                                         ("长期待摊费用摊销", "amortization_lt_deferred")), 4):  # fmt: skip
        sheet.cell(row=row, column=1, value=label)
        _values(sheet, row, accounts, item, 1, accounts.flows, 2)
    write_fixed(book, path, accounts.company.finance_head, _made(accounts))


def _values(
    sheet: Worksheet, row: int, accounts: Accounts, item: str, sign: int, periods: Sequence[Period], first: int
) -> None:
    scope = next(iter(accounts.books))
    for column, period in enumerate(periods, first):
        value = accounts.amount(scope, {item: sign}, period) if item else None
        if value is not None:
            cell = sheet.cell(row=row, column=column, value=float(accounts.scaled(value)))
            cell.number_format = "#,##0.00"


def _made(accounts: Accounts) -> datetime:
    return datetime(accounts.made_on.year, accounts.made_on.month, accounts.made_on.day, 9)
