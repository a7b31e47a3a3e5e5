"""English statements in open columns: the American way with $ signs and indents, the international way with a Note column and brackets.

International totals often stand without a label under a rule; American ones carry a label, a single rule above and a double one below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eval.sample_bank.papers.cas_lines import Line
from eval.sample_bank.papers.english_lines import (
    IFRS_BALANCE,
    IFRS_CASH,
    IFRS_INCOME,
    US_BALANCE,
    US_CASH,
    US_INCOME,
    EnglishLine,
)
from eval.sample_bank.papers.report import Note, Period, Report, plain_money
from eval.sample_bank.papers.sheet import GREY, LETTER, Page, Paper, flow
from tools.typesetting.fonts import Face, text_width

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_COUNT = {3: "three", 6: "six", 9: "nine"}
_SPAN = {12: "year", 6: "period", 9: "period", 3: "period"}


def long_date(day: date, american: bool) -> str:
    """December 31, 2025 or 31 December 2025."""
    month = _MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if american else f"{day.day} {month} {day.year}"


@dataclass(frozen=True, slots=True)
class _House:
    """What differs between the two styles."""

    american: bool
    left: float
    right: float
    top: float
    bottom: float
    size: float
    step: float
    column: float
    note: float


_US = _House(True, 72, 540, 150, 728, 9.5, 15.0, 92, 0)
_INTL = _House(False, 60, 535, 158, 772, 9.5, 14.2, 88, 40)


def american_report(report: Report, notes: Sequence[Note] = ()) -> Paper:
    """Balance sheet, income, cash flow on US letter, thousands of dollars."""
    paper = Paper(report.title, report.company.name_en, report.made_on, LETTER, Face.SERIF, "en")
    _cover(paper, report, _US)
    if report.auditor:
        _american_opinion(paper, report)
    end = long_date(report.end, True)
    _statement(
        paper, report, _US, "Consolidated Balance Sheets", "", US_BALANCE, [(d, 0) for d in report.balances], "balance_sheet"
    )
    _statement(paper, report, _US, "Consolidated Statements of Income", "", US_INCOME, report.flows, "income_statement")
    cash = report.flows if len(report.flows) < 3 else report.flows[2:]
    _statement(paper, report, _US, "Consolidated Statements of Cash Flows", "", US_CASH, cash, "cash_flow")
    _english_notes(paper, report, _US, f"Notes to Consolidated Financial Statements ({end})")
    _page_numbers(paper)
    return paper


def international_report(report: Report) -> Paper:
    """Statement of financial position, of profit or loss and of cash flows on A4, RMB'000 or US$'000."""
    paper = Paper(report.title, report.company.name_en, report.made_on, face=Face.SERIF, language="en")
    _cover(paper, report, _INTL)
    if report.auditor:
        _international_opinion(paper, report)
    spoken = _period_words(report.flows[0], False)
    _statement(
        paper,
        report,
        _INTL,
        "Consolidated Statement of Profit or Loss",
        f"For the {spoken}",
        IFRS_INCOME,
        report.flows,
        "income_statement",
    )
    _statement(
        paper, report, _INTL, "Consolidated Statement of Financial Position", f"At {long_date(report.end, False)}",
        IFRS_BALANCE, [(d, 0) for d in report.balances], "balance_sheet",
    )  # fmt: skip
    _statement(
        paper, report, _INTL, "Consolidated Statement of Cash Flows", f"For the {spoken}", IFRS_CASH, report.flows, "cash_flow"
    )
    _english_notes(paper, report, _INTL, "Notes to the Consolidated Financial Statements")
    _page_numbers(paper)
    return paper


def _period_words(period: Period, american: bool) -> str:
    end, months = period
    span = "year" if months == 12 else f"{_COUNT[months]} months"
    return f"{span} ended {long_date(end, american)}"


def _english_amounts(report: Report, line: EnglishLine, scope: str, period: Period) -> Decimal | None:
    books = report.amounts(scope, period)
    units = sum(sign * books.get(name, 0) for name, sign in line.sources)
    return units * report.ledgers[scope].unit if line.sources and units else None


def _statement(
    paper: Paper,
    report: Report,
    house: _House,
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
    span = _SPAN[report.flows[0][1]]
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


def _heading(page: Page, report: Report, house: _House, title: str, dated: str, columns: Sequence[Period]) -> float:
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
            words = "Year" if months == 12 else f"{_COUNT[months].capitalize()} Months"
            page.text(place + wide * len(group) / 2, y - 12, f"{words} Ended", 8.5, align="centre", bold=True)
            page.text(
                place + wide * len(group) / 2, y - 1, f"{_MONTHS[end.month - 1]} {end.day},", 8.5, align="centre", bold=True
            )
            place += wide * len(group)
        y += 11
    for left, (end, months) in zip(lefts, columns, strict=True):
        head = f"{end.year}"
        if house.american and not months:
            page.text(left + wide / 2, y - 10, f"{_MONTHS[end.month - 1]} {end.day},", 8.5, align="centre", bold=True)
        if house.american:
            page.text(left + wide / 2, y + 1, head, 8.5, align="centre", bold=True)
            page.rule(left + 8, y + 4, left + wide - 4, y + 4, 0.6)
        else:
            if not months and (end.month, end.day) != (12, 31):
                head = f"{end.day} {_MONTHS[end.month - 1][:3]} {end.year}"
            elif not months and columns[0][0].month != 12:
                head = f"31 Dec {end.year}"
            page.text(left + wide - 9, y, head, 9.5, align="right", bold=True)
            page.text(left + wide - 9, y + 13, report.denomination, 9.5, align="right")
    if not house.american:
        page.text(lefts[0] - house.note / 2 + 4, y, "Note", 9.5, align="centre", bold=True)
        y += 16
        page.rule(house.left, y, house.right, y, 0.6)
    return y


def _cover(paper: Paper, report: Report, house: _House) -> None:
    page = paper.page()
    middle = page.width / 2
    company = report.company
    page.text(middle, 260, company.name_en, 22, align="centre", bold=True)
    if company.name != company.name_en:
        page.text(middle, 288, company.name, 15, align="centre")
    page.text(middle, 350, report.title, 14, align="centre")
    page.text(
        middle, 372, f"For the {_period_words(max(report.flows, key=lambda p: p[1]), house.american)}", 12, align="centre"
    )
    if not report.auditor:
        page.text(middle, 394, "(unaudited)", 11, align="centre")
    for number, part in enumerate(company.address_en.split("; ")):
        page.text(middle, 660 + 14 * number, part, 9.5, align="centre", colour=GREY)


def _american_opinion(paper: Paper, report: Report) -> None:
    page = paper.page()
    end, before = long_date(report.end, True), report.balances[1].year
    page.text(72, 90, "INDEPENDENT AUDITOR'S REPORT", 12, bold=True)
    paragraphs = [
        f"To the Board of Directors and Stockholders of {report.company.name_en}",
        "Opinion",
        f"We have audited the consolidated financial statements of {report.company.name_en} and its subsidiaries, which comprise the "
        f"consolidated balance sheets as of {end} and {before}, and the related consolidated statements of income and cash flows for the "
        "years then ended, and the related notes to the consolidated financial statements.",
        report.opinion
        or "In our opinion, the accompanying consolidated financial statements present fairly, in all material respects, the financial "
        f"position of the Company as of {end} and {before}, and the results of its operations and its cash flows for the years then ended "
        "in accordance with accounting principles generally accepted in the United States of America.",
        "Basis for Opinion",
        "We conducted our audits in accordance with auditing standards generally accepted in the United States of America (GAAS). Our "
        "responsibilities under those standards are further described in the Auditor's Responsibilities for the Audit of the Consolidated "
        "Financial Statements section of our report. We are required to be independent of the Company and to meet our other ethical "
        "responsibilities. We believe that the audit evidence we have obtained is sufficient and appropriate to provide a basis for our "
        "audit opinion.",
        report.auditor,
        long_date(report.made_on, True),
    ]
    flow(paper, page, 120, paragraphs, left=72, right=540, bottom=720, top=80, size=10, leading=1.5, gap=8)


def _international_opinion(paper: Paper, report: Report) -> None:
    page = paper.page()
    end = long_date(report.end, False)
    page.text(60, 94, "Independent Auditor's Report", 14, bold=True)
    paragraphs = [
        f"To the members of {report.company.name_en}",
        f"We have audited the consolidated financial statements of {report.company.name_en} (the “Company”) and its subsidiaries (together "
        f"the “Group”), which comprise the consolidated statement of financial position at {end}, the consolidated statement of profit or "
        "loss and the consolidated statement of cash flows for the year then ended, and notes to the consolidated financial statements.",
        report.opinion
        or f"In our opinion, the consolidated financial statements give a true and fair view of the financial position of the Group at {end} "
        "and of its financial performance and cash flows for the year then ended in accordance with HKFRS Accounting Standards.",
        report.auditor,
        "Certified Public Accountants",
        long_date(report.made_on, False),
    ]
    flow(paper, page, 124, paragraphs, left=60, right=535, bottom=770, top=80, size=10.5, leading=1.55, gap=8)


def _english_notes(paper: Paper, report: Report, house: _House, title: str) -> None:
    if not report.notes:
        return
    page = paper.page()
    page.text(house.left, 82, title, 12, bold=True)
    show = plain_money(report.denomination, 0, brackets=True)
    unit = next(iter(report.ledgers.values())).unit
    y = 110.0
    for note in report.notes:
        if y > house.bottom - 90:
            page, y = paper.page(), 82.0
        page.text(house.left, y, note.title, 10.5, bold=True)
        page, y = flow(
            paper,
            page,
            y + 16,
            note.text,
            left=house.left,
            right=house.right,
            bottom=house.bottom,
            top=82,
            size=9.5,
            leading=1.45,
        )
        for index, head in enumerate(note.columns):
            page.text(house.right - 88 * (len(note.columns) - index - 1) - 6, y + 4, head, 9.5, align="right", bold=True)
        y += 6 if note.columns else 0
        for label, item, amounts in note.rows:
            y += 14
            page.text(house.left + 8, y, label, 9.5)
            for index, (period, units) in enumerate(zip(note.periods, amounts, strict=True)):
                value = units * unit if units else None
                raw = show(value) if value else "—"
                right = house.right - 88 * (len(amounts) - index - 1) - 6
                box = page.text(right, y, raw, 9.5, align="right")
                seen = report.recorder(Line(label, item), "consolidated", period, value, raw, "notes")
                if seen:
                    seen(paper.page_number, box)
        y += 30


def _page_numbers(paper: Paper) -> None:
    for number, page in enumerate(paper.pages[1:], 2):
        page.text(page.width / 2, page.height - 34, str(number), 8.5, align="centre", colour=GREY)
