"""Chinese statements as accounting software prints them: assets and liabilities side by side with line numbers (行次), landscape.

A company's own monthly form (会企01表 and so on): no notes, no auditor, a finance seal, the supplement under the cash flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from eval.sample_bank.papers.cas_lines import ASSETS, CASH, EQUITY, INCOME, LIABILITIES, SUPPLEMENT, Line, for_scope
from eval.sample_bank.papers.report import Period, Report, Show, chinese_date, chinese_period, plain_money
from eval.sample_bank.papers.sheet import Page, Paper
from eval.sample_bank.papers.tables import Cell, Column, Grid, TableRow

_FORMS = {"balance_sheet": "会企01表", "income_statement": "会企02表", "cash_flow": "会企03表"}


def chinese_form(report: Report) -> Paper:
    """All three forms of one company as a paper; the consolidated scope only."""
    paper = Paper(report.title, report.company.name, report.made_on)
    scope = next(iter(report.ledgers))
    _balance(paper, report, scope)
    spoken = chinese_period(report.flows[0])
    heads = ("本年金额", "上年金额") if report.flows[0][1] == 12 else ("本年累计金额", "上年同期金额")
    _long(paper, report, scope, "利润表", spoken, _short(INCOME, report, scope), heads, "income_statement")
    _long(paper, report, scope, "现金流量表", spoken, _short(CASH, report, scope), heads, "cash_flow")
    _long(paper, report, scope, "现金流量表补充资料", spoken, _short(SUPPLEMENT, report, scope), heads, "notes")
    return paper


def _short(form: Sequence[Line], report: Report, scope: str) -> list[Line]:
    """The form without the rows only banks or insurers have; rows of this firm may still be blank."""
    skip = {"结算备付金", "拆出资金", "持有待售资产", "持有待售负债", "生产性生物资产", "其他权益工具", "专项储备"}
    own = scope if report.group else "parent"
    return [line for line in for_scope(tuple(form), own) if line.label not in skip]


def _heading(page: Page, report: Report, title: str, dated: str, form: str) -> None:
    right = page.width - 45
    page.text(page.width / 2, 52, title, 16, align="centre", bold=True)
    page.text(right, 46, form, 9, align="right")
    page.text(45, 76, f"编制单位：{report.company.name}", 9)
    page.text(page.width / 2, 76, dated, 9, align="centre")
    page.text(right, 76, f"单位：{report.denomination}", 9, align="right")


def _foot(page: Page, report: Report, y: float) -> None:
    company = report.company
    page.text(45, y, f"企业负责人：{company.legal_representative}", 9)
    page.text(page.width / 2 - 60, y, f"财务负责人：{company.finance_head}", 9)
    page.text(page.width - 200, y, f"制表人：{company.accountant}", 9)
    page.seal(page.width - 110, min(y + 16, page.height - 50), company.name, "财务专用章", 38)


def _balance(paper: Paper, report: Report, scope: str) -> None:
    page = paper.page(landscape=True)
    title = "合并资产负债表" if report.group else "资产负债表"
    _heading(page, report, title, chinese_date(report.end), _FORMS["balance_sheet"])
    show = plain_money(report.denomination, 2)
    left, right = _short(ASSETS, report, scope), _short((*LIABILITIES, *EQUITY), report, scope)
    filler = len(right) - len(left)
    last = left.pop()
    left += [Line("")] * filler + [last]
    widths = (150, 26, 100, 100, 150, 26, 100, 100)
    heads = ("资  产", "行次", "期末余额", "年初余额", "负债和所有者权益（或股东权益）", "行次", "期末余额", "年初余额")
    columns = [
        Column(head, width, "left" if index in (0, 4) else "centre" if index in (1, 5) else "right")
        for index, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    periods = [(day, 0) for day in report.balances]
    numbers = _line_numbers([*left, *right])
    rows = []
    for pair in zip_longest(left, right):
        cells: list[Cell | str] = []
        for side, line in enumerate(pair):
            cells += _half(report, scope, line or Line(""), periods, show, numbers, side)
        rows.append(TableRow(cells))
    grid = Grid(columns, (page.width - sum(widths)) / 2, size=7.6, height=11.6, bottom=page.height - 30, header_height=15)
    page, y = grid.draw(paper, page, 84, rows)
    _foot(page, report, min(y + 14, page.height - 22))


def _line_numbers(lines: Sequence[Line]) -> dict[int, str]:
    numbers, count = {}, 0
    for line in lines:
        if line.label and line.kind != "head":
            count += 1
            numbers[id(line)] = str(count)
    return numbers


def _half(
    report: Report, scope: str, line: Line, periods: Sequence[Period], show: Show, numbers: dict[int, str], side: int
) -> list[Cell | str]:
    indent = {"line": "  ", "of": "    "}.get(line.kind, "")
    cells: list[Cell | str] = [indent + line.label if line.label else "", numbers.get(id(line), "") if line.label else ""]
    for period in periods:
        raw, value = report.money(line, scope, period, show)
        cells.append(Cell(raw, report.recorder(line, scope, period, value, raw, "balance_sheet")))
    return cells


def _long(
    paper: Paper, report: Report, scope: str, title: str, dated: str, lines: Sequence[Line], heads: tuple[str, str], kind: str
) -> None:
    page = paper.page()
    shown = f"合并{title}" if report.group and kind != "notes" else title
    _heading(page, report, shown, dated, _FORMS.get(kind, "会企03表附"))
    show = plain_money(report.denomination, 2)
    columns = [
        Column("项  目", 240),
        Column("行次", 30, "centre"),
        Column(heads[0], 117.6, "right"),
        Column(heads[1], 117.6, "right"),
    ]
    numbers = _line_numbers(lines)
    rows = []
    for line in lines:
        indent = {"line": "  ", "of": "    "}.get(line.kind, "")
        cells: list[Cell | str] = [indent + line.label, numbers.get(id(line), "")]
        for period in report.flows[:2]:
            raw, value = report.money(line, scope, period, show)
            cells.append(Cell(raw, report.recorder(line, scope, period, value, raw, kind)))
        rows.append(TableRow(cells))
    grid = Grid(columns, 45, size=8.6, height=14.6, bottom=790)
    page, y = grid.draw(paper, page, 84, rows)
    _foot(page, report, y + 20)
