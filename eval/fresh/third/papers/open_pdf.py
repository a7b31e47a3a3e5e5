"""Chinese accounts as an audit firm sets them without a grid: captions left, explicit dates over open columns, hairlines under totals."""

from __future__ import annotations

from eval.fresh.third.papers.accounts import Accounts, chinese_lines, column_head
from eval.sample_bank.papers.report import Period, chinese_date
from eval.sample_bank.papers.sheet import GREY, Page, Paper, flow
from tools.typesetting.fonts import Face

_TITLES = {"balance": "资产负债表", "income": "利润表", "cash": "现金流量表", "supplement": "现金流量表附表"}


def open_paper(accounts: Accounts) -> Paper:
    """The whole report."""
    paper = Paper(accounts.title, accounts.company.name, accounts.made_on, face=Face.SANS)
    page = paper.page()
    page.text(70, 150, accounts.company.name, 20, bold=True)
    page.text(70, 184, accounts.title, 15)
    page.text(70, 212, f"报告日期 {chinese_date(accounts.made_on)}", 10.5, colour=GREY)
    words = [f"本报告金额单位除另有说明外均为人民币{accounts.money}。"]
    if accounts.auditor:
        words = [
            f"{accounts.company.name}全体股东：",
            f"我们审计了后附的财务报表，包括{chinese_date(accounts.end)}的资产负债表以及该年度的利润表、现金流量表和相关附注。我们认为，后附的财务报表"
            "在所有重大方面按照企业会计准则的规定编制，公允反映了公司的财务状况、经营成果和现金流量。",
            *words,
        ]
    else:
        words.insert(0, "本报告未经审计。")
    if accounts.remark:
        words.append(accounts.remark)
    page, y = flow(paper, page, 262, words, left=70, right=525, bottom=760, top=80, indent=21)
    if accounts.auditor:
        page.text(525, y + 40, accounts.auditor, 11, align="right")
        page.text(525, y + 60, f"签字注册会计师：{accounts.company.accountant[:1]}敬文", 10, align="right")
    for statement in ("balance", "income", "cash", "supplement"):
        _statement(paper, accounts, statement)
    for number, each in enumerate(paper.pages, 1):
        each.text(525, 815, f"—{number}—", 8.5, align="right", colour=GREY)
    return paper


def _statement(paper: Paper, accounts: Accounts, statement: str) -> None:
    columns: list[Period] = [(day, 0) for day in accounts.points] if statement == "balance" else list(accounts.flows)
    scope = next(iter(accounts.books))
    page, y = _heading(paper, accounts, statement, columns, "")
    for line in chinese_lines(statement, accounts, old=True):
        if y > 775:
            page, y = _heading(paper, accounts, statement, columns, "（续）")
        strong = line.kind in ("head", "sub", "total")
        page.text(70 + (0 if strong else 14), y, line.label, 9.5, bold=strong)
        for index, period in enumerate(columns):
            value = accounts.amount(scope, {line.item: line.sign}, period) if line.item else None
            right = 525 - 118 * (len(columns) - 1 - index)
            page.text(right, y, accounts.shown(value, none="" if line.kind == "head" else "—"), 9.5, align="right", bold=strong)
            if line.kind in ("sub", "total"):
                page.rule(right - 104, y + 3.5, right, y + 3.5, 0.4)
        y += 14.8


def _heading(paper: Paper, accounts: Accounts, statement: str, columns: list[Period], more: str) -> tuple[Page, float]:
    page = paper.page()
    page.text(70, 70, _TITLES[statement] + more, 14, bold=True)
    page.text(70, 88, accounts.company.name, 9.5)
    page.text(525, 88, f"金额单位：人民币{accounts.money}", 9, align="right")
    page.rule(70, 96, 525, 96, 1.0)
    page.text(70, 112, "项    目", 9.5, bold=True)
    for index, period in enumerate(columns):
        page.text(525 - 118 * (len(columns) - 1 - index), 112, column_head(period), 9.5, align="right", bold=True)
    page.rule(70, 118, 525, 118, 0.5)
    return page, 136.0
