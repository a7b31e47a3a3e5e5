"""Chinese statements as an audit firm binds them: one ruled column with a 附注 column, group first, parent company after it.

A report has a cover, the auditor's opinion when audited, the statements and the notes that explain the figures on them.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.sample_bank.papers.cas_lines import (
    ASSETS,
    CASH,
    EQUITY,
    INCOME,
    LIABILITIES,
    SUPPLEMENT,
    Line,
    for_scope,
)
from eval.sample_bank.papers.report import (
    Note,
    Period,
    Report,
    Show,
    chinese_date,
    chinese_period,
    plain_money,
)
from eval.sample_bank.papers.sheet import GREY, Page, Paper, flow
from eval.sample_bank.papers.tables import Cell, Column, Grid, TableRow

LEFT, RIGHT = 50.0, 545.0
_PREFIX = {"consolidated": "合并", "parent": "母公司"}


def chinese_report(report: Report) -> Paper:
    """The whole report as a paper."""
    paper = Paper(report.title, report.auditor or report.company.name, report.made_on)
    if report.auditor:
        _cover(paper, report)
        _opinion(paper, report)
    for scope in report.ledgers:
        _statements(paper, report, scope)
    if report.notes:
        _notes(paper, report)
    _number_pages(paper)
    return paper


def _statements(paper: Paper, report: Report, scope: str) -> None:
    prefix = _PREFIX[scope] if report.group else ""
    columns = [(day, 0) for day in report.balances]
    dated = chinese_date(report.end)
    _statement(paper, report, scope, f"{prefix}资产负债表", dated, ASSETS, columns, "balance_sheet")
    _statement(paper, report, scope, f"{prefix}资产负债表（续）", dated, (*LIABILITIES, *EQUITY), columns, "balance_sheet")
    spoken = chinese_period(max(report.flows, key=lambda period: (period[0], period[1])))
    _statement(paper, report, scope, f"{prefix}利润表", spoken, INCOME, report.flows, "income_statement")
    # A quarter's cash flow is reported for the year to date only.
    _statement(paper, report, scope, f"{prefix}现金流量表", spoken, CASH, report.flows[-2:], "cash_flow")


def _statement(
    paper: Paper, report: Report, scope: str, title: str, dated: str, form: Sequence[Line], columns: Sequence[Period], kind: str
) -> None:
    show = plain_money(report.denomination, 2)

    def heading(page: Page) -> float:
        page.text(297.6, 62, title, 15, align="centre", bold=True)
        page.text(297.6, 80, dated, 9.5, align="centre")
        page.text(LEFT, 98, f"编制单位：{report.company.name}", 9)
        page.text(RIGHT, 98, f"单位：{report.denomination}    币种：人民币", 9, align="right")
        return 104.0

    page = paper.page()
    top = heading(page)
    noted = 48.0 if len(columns) < 3 else 0.0
    width = (RIGHT - LEFT - noted) / (len(columns) + 1.35)
    heads = [
        Column("项  目", width * 1.35),
        *([Column("附注", noted, "centre")] if noted else []),
        *(Column(_column_head(report, scope, period, columns), width, "right") for period in columns),
    ]
    size = 9.0 if len(columns) < 3 else 7.6
    grid = Grid(heads, LEFT, size=size, height=15.2, bottom=775, again=heading)
    rows = [_row(report, scope, line, columns, show, kind) for line in for_scope(tuple(form), scope)]
    page, y = grid.draw(paper, page, top, rows)
    _signatures(page, report, y + 20)


def _row(report: Report, scope: str, line: Line, columns: Sequence[Period], show: Show, kind: str) -> TableRow:
    cells: list[Cell | str] = [line.label]
    if len(columns) < 3:
        cells.append(report.numbered.get(line.item, "") if scope == "consolidated" else "")
    for period in columns:
        raw, value = report.money(line, scope, period, show)

        cells.append(Cell(raw, report.recorder(line, scope, period, value, raw, kind)))
    return TableRow(cells, bold=line.kind in ("head", "sub", "total"), indent=_indent(line))


def _indent(line: Line) -> float:
    if line.kind == "of":
        return 18.0
    return 0.0 if line.kind in ("head", "sub", "total") else 9.0


def _column_head(report: Report, scope: str, period: Period, columns: Sequence[Period]) -> str:
    end, months = period
    if months:
        if len(columns) > 2:
            return f"{chinese_period(period)}"
        words = ("年初至报告期末", "上年同期") if len(report.flows) > 2 else ("本期金额", "上期金额")
        return words[0] if period == columns[0] else words[1]
    if end == report.end:
        return "期末余额"
    return "上年年末余额\n（已重述）" if scope in report.restated else "上年年末余额"


def _signatures(page: Page, report: Report, y: float) -> None:
    company = report.company
    page.text(LEFT, y, f"法定代表人：{company.legal_representative}", 9)
    page.text(LEFT + 165, y, f"主管会计工作负责人：{company.finance_head}", 9)
    page.text(LEFT + 350, y, f"会计机构负责人：{company.accountant}", 9)
    if not report.auditor and page.height - y > 60:
        page.seal(RIGHT - 80, min(y + 44, 775), company.name, "财务专用章", 40)


def _cover(paper: Paper, report: Report) -> None:
    page = paper.page()
    page.text(297.6, 250, report.company.name, 22, align="centre", bold=True)
    page.text(297.6, 300, "审 计 报 告", 30, align="centre", bold=True)
    page.text(297.6, 340, f"{report.end.year}年度", 16, align="centre")
    number = sum(map(ord, report.company.id + report.auditor)) % 900 + 100
    page.text(297.6, 380, f"衡信审字〔{report.made_on.year}〕第{number:04d}号", 11, align="centre")
    page.text(297.6, 640, report.auditor, 14, align="centre")
    page.text(297.6, 664, chinese_date(report.made_on), 12, align="centre")
    page.seal(297.6, 640, report.auditor, "", 46)


def _opinion(paper: Paper, report: Report) -> None:
    page = paper.page()
    name, day = report.company.name, chinese_date(report.end)
    page.text(297.6, 90, "审 计 报 告", 18, align="centre", bold=True)
    page.text(60, 130, f"{name}全体股东：", 11)
    group = "合并及母公司" if len(report.ledgers) > 1 else ""
    paragraphs = [
        "一、审计意见",
        f"我们审计了{name}（以下简称“贵公司”）财务报表，包括{day}的{group}资产负债表，{report.end.year}年度的{group}利润表、"
        f"{group}现金流量表以及相关财务报表附注。",
        report.opinion
        or f"我们认为，后附的财务报表在所有重大方面按照企业会计准则的规定编制，公允反映了贵公司{day}的{group}财务状况以及"
        f"{report.end.year}年度的{group}经营成果和现金流量。",
        "二、形成审计意见的基础",
        "我们按照中国注册会计师审计准则的规定执行了审计工作。审计报告的“注册会计师对财务报表审计的责任”部分进一步阐述了我们在这些准则下的责任。"
        "按照中国注册会计师职业道德守则，我们独立于贵公司，并履行了职业道德方面的其他责任。我们相信，我们获取的审计证据是充分、适当的，"
        "为发表审计意见提供了基础。",
        "三、管理层和治理层对财务报表的责任",
        "贵公司管理层负责按照企业会计准则的规定编制财务报表，使其实现公允反映，并设计、执行和维护必要的内部控制，以使财务报表不存在由于舞弊"
        "或错误导致的重大错报。在编制财务报表时，管理层负责评估贵公司的持续经营能力，披露与持续经营相关的事项（如适用）。",
        "四、注册会计师对财务报表审计的责任",
        "我们的目标是对财务报表整体是否不存在由于舞弊或错误导致的重大错报获取合理保证，并出具包含审计意见的审计报告。合理保证是高水平的保证，"
        "但并不能保证按照审计准则执行的审计在某一重大错报存在时总能发现。",
    ]
    page, y = flow(paper, page, 158, paragraphs, left=60, right=535, bottom=770, top=80, size=10.5, leading=1.75, indent=21)
    y += 24
    page.text(60, y, report.auditor, 11)
    page.text(340, y, "中国注册会计师：顾承平", 11)
    page.text(60, y + 22, "中国·江州", 11)
    page.text(340, y + 22, "中国注册会计师：沈若兰", 11)
    page.text(340, y + 44, chinese_date(report.made_on), 11)
    page.seal(150, y + 8, report.auditor, "", 44)


def _notes(paper: Paper, report: Report) -> None:
    page = paper.page()
    page.text(297.6, 70, f"{report.company.name}", 13, align="centre", bold=True)
    page.text(297.6, 90, "财务报表附注", 13, align="centre", bold=True)
    page.text(
        297.6,
        106,
        f"{chinese_period(report.flows[0])}（除特别注明外，金额单位为人民币{report.denomination}）",
        9,
        align="centre",
    )
    y = 132.0
    for note in report.notes:
        if y > 690:
            page, y = paper.page(), 70.0
        page.text(LEFT, y, note.title, 10.5, bold=True)
        page, y = flow(paper, page, y + 18, note.text, left=LEFT, right=RIGHT, bottom=770, top=70, size=9.5, indent=19, gap=2)
        if note.rows:
            page, y = _note_table(paper, page, y, report, note)
        y += 20


def _note_table(paper: Paper, page: Page, y: float, report: Report, note: Note) -> tuple[Page, float]:
    show = plain_money(report.denomination, 2)
    unit = next(iter(report.ledgers.values())).unit
    wide = 110.0
    heads = [Column("项  目", RIGHT - LEFT - wide * len(note.columns)), *(Column(c, wide, "right") for c in note.columns)]
    rows = []
    for label, item, amounts in note.rows:
        cells: list[Cell | str] = [label]
        for period, units in zip(note.periods, amounts, strict=True):
            value = units * unit if units else None
            raw = show(value) if value else ""
            cells.append(Cell(raw, report.recorder(Line(label, item), "consolidated", period, value, raw, "notes")))
        rows.append(TableRow(cells, bold=label.startswith("合") and label.endswith("计")))
    grid = Grid(heads, LEFT, size=9, height=15.2, bottom=775)
    if y + 60 > 775:
        page, y = paper.page(), 70.0
    return grid.draw(paper, page, y, rows)


def supplement_note(report: Report, title: str) -> Note:
    """现金流量表补充资料, from the books of the group."""
    periods = report.flows[:2]
    rows = [
        (line.label, line.item, tuple(report.amounts("consolidated", period).get(line.item) for period in periods))
        for line in SUPPLEMENT
    ]
    return Note(title=title, rows=tuple(rows), columns=("本期金额", "上期金额"), periods=periods)


def _number_pages(paper: Paper) -> None:
    for number, page in enumerate(paper.pages, 1):
        page.text(page.width / 2, page.height - 28, f"- {number} -", 8.5, align="centre", colour=GREY)
