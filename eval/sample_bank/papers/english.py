"""English statements in open columns: the American way with $ signs and indents, the international way with a Note column and brackets.

International totals often stand without a label under a rule; American ones carry a label, a single rule above and a double one below.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from eval.sample_bank.papers.cas_lines import Line
from eval.sample_bank.papers.english_front import (
    AMERICAN,
    COUNT,
    INTERNATIONAL,
    MONTHS,
    SPAN,
    House,
    american_opinion,
    cover,
    english_notes,
    international_opinion,
    long_date,
    period_words,
)
from eval.sample_bank.papers.english_lines import (
    IFRS_BALANCE,
    IFRS_CASH,
    IFRS_INCOME,
    US_BALANCE,
    US_CASH,
    US_INCOME,
    EnglishLine,
)
from eval.sample_bank.papers.report import Period, Report, plain_money
from eval.sample_bank.papers.sheet import GREY, LETTER, Page, Paper
from tools.typesetting.fonts import Face, text_width


def american_report(report: Report) -> Paper:
    """Balance sheet, income, cash flow on US letter, thousands of dollars."""
    paper = Paper(report.title, report.company.name_en, report.made_on, LETTER, Face.SERIF, "en")
    cover(paper, report, AMERICAN)
    if report.auditor:
        american_opinion(paper, report)
    end = long_date(report.end, True)
    _statement(
        paper,
        report,
        AMERICAN,
        "Consolidated Balance Sheets",
        "",
        US_BALANCE,
        [(d, 0) for d in report.balances],
        "balance_sheet",
    )
    _statement(paper, report, AMERICAN, "Consolidated Statements of Income", "", US_INCOME, report.flows, "income_statement")
    cash = report.flows if len(report.flows) < 3 else report.flows[2:]
    _statement(paper, report, AMERICAN, "Consolidated Statements of Cash Flows", "", US_CASH, cash, "cash_flow")
    english_notes(paper, report, AMERICAN, f"Notes to Consolidated Financial Statements ({end})")
    _page_numbers(paper)
    return paper


def international_report(report: Report) -> Paper:
    """Statement of financial position, of profit or loss and of cash flows on A4, RMB'000 or US$'000."""
    paper = Paper(report.title, report.company.name_en, report.made_on, face=Face.SERIF, language="en")
    cover(paper, report, INTERNATIONAL)
    if report.auditor:
        international_opinion(paper, report)
    spoken = period_words(report.flows[0], False)
    _statement(
        paper,
        report,
        INTERNATIONAL,
        "Consolidated Statement of Profit or Loss",
        f"For the {spoken}",
        IFRS_INCOME,
        report.flows,
        "income_statement",
    )
    _statement(
        paper, report, INTERNATIONAL, "Consolidated Statement of Financial Position", f"At {long_date(report.end, False)}",
        IFRS_BALANCE, [(d, 0) for d in report.balances], "balance_sheet",
    )  # fmt: skip
    _statement(
        paper,
        report,
        INTERNATIONAL,
        "Consolidated Statement of Cash Flows",
        f"For the {spoken}",
        IFRS_CASH,
        report.flows,
        "cash_flow",
    )
    english_notes(paper, report, INTERNATIONAL, "Notes to the Consolidated Financial Statements")
    _page_numbers(paper)
    return paper


def _english_amounts(report: Report, line: EnglishLine, scope: str, period: Period) -> Decimal | None:
    books = report.amounts(scope, period)
    units = sum(sign * books.get(name, 0) for name, sign in line.sources)
    return units * report.ledgers[scope].unit if line.sources and units else None


def _statement(
    paper: Paper,
    report: Report,
    house: House,
    title: str,
    dated: str,
    form: Sequence[EnglishLine],
    columns: Sequence[Period],
    kind: str,
) -> None:
    page = paper.page()
    y = _heading(page, report, house, title, dated, columns)
    scope = next(iter(report.ledgers))
    show = plain_money(report.denomination, 0, brackets=True)
    wide = house.column if len(columns) < 3 else 68.0
    lefts = [house.right - wide * (len(columns) - index) for index in range(len(columns))]
    span = SPAN[report.flows[0][1]]
    dollars = house.american
    for line in form:
        values = [_english_amounts(report, line, scope, period) for period in columns]
        if line.kind != "head" and not any(values):
            continue
        y += house.step * (1.25 if line.kind == "head" and line.indent == 0 else 1.0)
        label = line.label.replace("{period}", span)
        indent = line.indent * (10 if house.american else 9)
        page.text(
            house.left + indent, y, label, house.size, bold=(line.kind == "head" and line.indent == 0) or line.kind == "total"
        )
        if line.kind == "head":
            dollars = dollars or (house.american and line.indent == 0)
            continue
        if line.note and house.note:
            page.text(lefts[0] - house.note / 2 + 4, y, line.note, house.size, align="centre")
        for left, period, value in zip(lefts, columns, values, strict=True):
            raw = show(line.sign * value) if value is not None else "—" if house.american else "-"
            inset = 0.0 if raw.endswith(")") else text_width(")", house.size, page.face)
            box = page.text(left + wide - 6 - inset, y, raw, house.size, align="right", bold=line.kind == "total")
            seen = report.recorder(Line(label, line.item), scope, period, value, raw, kind)
            if seen and value is not None:
                seen(paper.page_number, box)
            if house.american and (dollars or line.kind == "total"):
                page.text(left + 10, y, "$", house.size, bold=line.kind == "total")
            if line.kind in ("sub", "total"):
                page.rule(left + 8, y - house.size - 0.5, left + wide - 4, y - house.size - 0.5, 0.5)
            if line.kind == "total":
                page.rule(left + 8, y + 3, left + wide - 4, y + 3, 0.5)
                page.rule(left + 8, y + 5, left + wide - 4, y + 5, 0.5)
        dollars = False
        if line.kind in ("sub", "total") and not house.american:
            y += 3
    note = "The accompanying notes are an integral part of these consolidated financial statements."
    page.text((house.left + house.right) / 2, min(y + 36, house.bottom), note, 8.5, align="centre", colour=GREY)


def _heading(page: Page, report: Report, house: House, title: str, dated: str, columns: Sequence[Period]) -> float:
    middle = (house.left + house.right) / 2
    name = report.company.name_en
    if house.american:
        page.text(middle, 78, name.upper(), 12, align="centre", bold=True)
        page.text(middle, 94, title.upper(), 11, align="centre", bold=True)
        page.text(middle, 108, f"(In thousands{'; unaudited' if not report.auditor else ''})", 9.5, align="centre")
    else:
        page.text(house.left, 66, name, 9, colour=GREY)
        page.rule(house.left, 72, house.right, 72, 0.6, GREY)
        page.text(house.left, 94, title, 14, bold=True)
        page.text(house.left, 111, dated + ("" if report.auditor else " (unaudited)"), 10)
    wide = house.column if len(columns) < 3 else 68.0
    lefts = [house.right - wide * (len(columns) - index) for index in range(len(columns))]
    y = 134.0
    if house.american and columns[0][1]:
        groups = [columns] if len(columns) < 3 else [columns[:2], columns[2:]]
        place = lefts[0]
        for group in groups:
            end, months = group[0]
            words = "Year" if months == 12 else f"{COUNT[months].capitalize()} Months"
            page.text(place + wide * len(group) / 2, y - 12, f"{words} Ended", 8.5, align="centre", bold=True)
            page.text(
                place + wide * len(group) / 2, y - 1, f"{MONTHS[end.month - 1]} {end.day},", 8.5, align="centre", bold=True
            )
            place += wide * len(group)
        y += 11
    for left, (end, months) in zip(lefts, columns, strict=True):
        head = f"{end.year}"
        if house.american and not months:
            page.text(left + wide / 2, y - 10, f"{MONTHS[end.month - 1]} {end.day},", 8.5, align="centre", bold=True)
        if house.american:
            page.text(left + wide / 2, y + 1, head, 8.5, align="centre", bold=True)
            page.rule(left + 8, y + 4, left + wide - 4, y + 4, 0.6)
        else:
            if not months and (end.month, end.day) != (12, 31):
                head = f"{end.day} {MONTHS[end.month - 1][:3]} {end.year}"
            elif not months and columns[0][0].month != 12:
                head = f"31 Dec {end.year}"
            page.text(left + wide - 9, y, head, 9.5, align="right", bold=True)
            page.text(left + wide - 9, y + 13, report.denomination, 9.5, align="right")
    if not house.american:
        page.text(lefts[0] - house.note / 2 + 4, y, "Note", 9.5, align="centre", bold=True)
        y += 16
        page.rule(house.left, y, house.right, y, 0.6)
    return y


def _page_numbers(paper: Paper) -> None:
    for number, page in enumerate(paper.pages[1:], 2):
        page.text(page.width / 2, page.height - 34, str(number), 8.5, align="centre", colour=GREY)
