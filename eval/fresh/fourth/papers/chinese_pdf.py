"""Chinese accounts in print: the two-sided form with line numbers on a landscape page, and a plain one-column form with a notes column."""

from __future__ import annotations

from collections.abc import Sequence

from eval.fresh.fourth.papers.sets import Accounts, chinese_rows
from eval.sample_bank.papers.report import Period, chinese_date
from eval.sample_bank.papers.sheet import GREY, Page, Paper, flow
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from tools.typesetting.fonts import Face

_NAMES = {"income": "利润表", "cash": "现金流量表", "supplement": "现金流量表补充资料"}


def sided_paper(accounts: Accounts) -> Paper:
    """资产 beside 负债和所有者权益 with 行次; flows as 本年累计 beside 上年同期."""
    paper = Paper(accounts.title, accounts.company.name, accounts.made_on)
    page = paper.page(landscape=True)
    _band(page, "资 产 负 债 表", accounts, chinese_date(accounts.end), 420.9, 801.0)
    heads = ("期末余额", "年初余额")
    columns = [
        Column("资    产", 148), Column("行次", 28, "centre"), Column(heads[0], 102, "right"), Column(heads[1], 102, "right"),
        Column("负债和所有者权益", 154), Column("行次", 28, "centre"), Column(heads[0], 102, "right"), Column(heads[1], 102, "right"),
    ]  # fmt: skip
    left, right = _numbered(accounts, "assets", 1), _numbered(accounts, "claims", 41)
    # The last line of either side stands at the foot, level with the other's.
    tall = max(len(left), len(right))
    left = [*left[:-1], *[["", "", "", ""]] * (tall - len(left)), left[-1]]
    right = [*right[:-1], *[["", "", "", ""]] * (tall - len(right)), right[-1]]
    rows = [TableRow([*one, *other]) for one, other in zip(left, right, strict=True)]
    Grid(columns, 38, size=8.4, height=13.4, header_height=16, bottom=560).draw(paper, page, 92, rows)
    _signed(page, accounts, 38, 574)
    for statement in ("income", "cash", "supplement"):
        page = paper.page()
        span = _span(accounts.flows[0])
        _band(page, _NAMES[statement], accounts, span, 297.6, 553.0)
        year = accounts.flows[0][1] == 12
        table = [Column("项    目", 286), Column("行次", 32, "centre"), Column("本年金额" if year else "本年累计金额", 98, "right"),
                 Column("上年金额" if year else "上年同期金额", 98, "right")]  # fmt: skip
        body = [TableRow(row) for row in _numbered(accounts, statement, 1)]
        Grid(table, 40, size=9, height=17.2, bottom=792).draw(paper, page, 96, body)
    if accounts.auditor:
        page = paper.page()
        words = [f"{accounts.company.name}全体股东：", f"我们审计了{accounts.company.name}{chinese_date(accounts.end)}的资产负债表及该年度利润表、现金流量表。",
                 "我们认为，上述财务报表在所有重大方面按照企业会计准则的规定编制。"]  # fmt: skip
        page.text(297.6, 90, "审 计 报 告", 18, align="centre", bold=True)
        page, y = flow(paper, page, 130, [*words, *accounts.remarks], left=70, right=525, bottom=760, top=80, indent=21)
        page.text(525, y + 30, accounts.auditor, 11, align="right")
        page.seal(440, y + 60, accounts.auditor, "报告专用章", 40)
    return paper


def noted_paper(accounts: Accounts, notes: Sequence[tuple[str, str]] = ()) -> Paper:
    """One column of captions, a notes column, ISO dates over the amounts; `notes` are (heading, text) at the end."""
    paper = Paper(accounts.title, accounts.company.name, accounts.made_on, face=Face.SANS)
    page = paper.page()
    page.text(297.6, 250, accounts.company.name, 19, align="centre", bold=True)
    page.text(297.6, 284, accounts.title, 14, align="centre")
    page.text(297.6, 312, f"（{accounts.auditor}审计）" if accounts.auditor else "（未经审计）", 11, align="centre")
    page.text(297.6, 700, chinese_date(accounts.made_on), 11, align="centre")
    for number, statement in enumerate(("balance", "income", "cash", "supplement"), 1):
        rows = chinese_rows(accounts, statement)
        page, y = _plain_head(paper, accounts, statement, number, "")
        for row in rows:
            if y > 786:
                page, y = _plain_head(paper, accounts, statement, number, "（续表）")
            page.text(58 if row.strong else 68, y, row.label, 9, bold=row.strong)
            if row.parts and not row.strong and statement != "supplement":
                page.text(330, y, f"五、{len(row.label)}", 8, align="centre", colour=GREY)
            for index, cell in enumerate(accounts.row(accounts.scope, row, statement, none="-")):
                page.text(440 + 108 * index, y, cell, 9, align="right", bold=row.strong)
            y += 14.2
        page.rule(58, y - 4, 548, y - 4, 0.8)
    page = paper.page()
    page.text(58, 76, "五、财务报表附注（节选）", 13, bold=True)
    y = 100.0
    for heading, text in notes:
        page.text(58, y, heading, 10.5, bold=True)
        page, y = flow(paper, page, y + 18, [text], left=58, right=545, bottom=770, top=80, size=10, indent=20)
        y += 8
    return paper


def _numbered(accounts: Accounts, statement: str, first: int) -> list[list[str]]:
    kind = "balance" if statement in ("assets", "claims") else statement
    return [
        [
            ("" if row.strong else "　") + row.label,
            str(first + at) if row.parts else "",
            *accounts.row(accounts.scope, row, kind),
        ]
        for at, row in enumerate(chinese_rows(accounts, statement))
    ]


def _band(page: Page, name: str, accounts: Accounts, when: str, middle: float, right: float) -> None:
    page.text(middle, 48, name, 17, align="centre", bold=True)
    page.text(38, 80, f"编制单位：{accounts.company.name}", 9)
    page.text(middle, 80, when, 9, align="centre")
    page.text(right, 80, f"单位：人民币{accounts.money}", 9, align="right")


def _signed(page: Page, accounts: Accounts, x: float, y: float) -> None:
    company = accounts.company
    page.text(
        x,
        y,
        f"单位负责人：{company.legal_representative}　　　财务负责人：{company.finance_head}　　　制表：{company.accountant}",
        9,
    )


def _span(period: Period) -> str:
    end, months = period
    return f"{end.year}年度" if months == 12 else f"{end.year}年1-{end.month}月"


def _plain_head(paper: Paper, accounts: Accounts, statement: str, number: int, more: str) -> tuple[Page, float]:
    page = paper.page()
    name = {"balance": "资产负债表", **_NAMES}[statement]
    page.text(58, 62, f"{'一二三四'[number - 1]}、{name}{more}", 13, bold=True)
    page.text(58, 82, f"{accounts.company.name}　　（金额单位：{accounts.money}　币种：人民币）", 9)
    page.rule(58, 90, 548, 90, 0.8)
    page.text(58, 104, "项目", 9, bold=True)
    page.text(330, 104, "附注", 9, align="centre", bold=True)
    for index, (end, months) in enumerate(accounts.columns(statement)):
        head = end.isoformat() if not months else _span((end, months))
        page.text(440 + 108 * index, 104, head, 9, align="right", bold=True)
    page.rule(58, 110, 548, 110, 0.4)
    return page, 126.0
