"""What stands before and behind English statements: cover, opinion, notes; and the measures of the two house styles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eval.sample_bank.papers.cas_lines import Line
from eval.sample_bank.papers.report import Period, Report, plain_money
from eval.sample_bank.papers.sheet import GREY, Paper, flow

MONTHS = (
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
COUNT = {3: "three", 6: "six", 9: "nine"}
SPAN = {12: "year", 6: "period", 9: "period", 3: "period"}


def long_date(day: date, american: bool) -> str:
    """December 31, 2025 or 31 December 2025."""
    month = MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if american else f"{day.day} {month} {day.year}"


@dataclass(frozen=True, slots=True)
class House:
    """What differs between the American and the international style; lengths in points."""

    american: bool
    left: float
    right: float
    top: float
    bottom: float
    size: float
    step: float
    column: float
    note: float


AMERICAN = House(True, 72, 540, 150, 728, 9.5, 15.0, 92, 0)
INTERNATIONAL = House(False, 60, 535, 158, 772, 9.5, 14.2, 88, 40)


def period_words(period: Period, american: bool) -> str:
    """year ended 31 December 2025, six months ended 30 June 2026."""
    end, months = period
    span = "year" if months == 12 else f"{COUNT[months]} months"
    return f"{span} ended {long_date(end, american)}"


def cover(paper: Paper, report: Report, house: House) -> None:
    """Cover page."""
    page = paper.page()
    middle = page.width / 2
    company = report.company
    page.text(middle, 260, company.name_en, 22, align="centre", bold=True)
    if company.name != company.name_en:
        page.text(middle, 288, company.name, 15, align="centre")
    page.text(middle, 350, report.title, 14, align="centre")
    page.text(middle, 372, f"For the {period_words(max(report.flows, key=lambda p: p[1]), house.american)}", 12, align="centre")
    if not report.auditor:
        page.text(middle, 394, "(unaudited)", 11, align="centre")
    for number, part in enumerate(company.address_en.split("; ")):
        page.text(middle, 660 + 14 * number, part, 9.5, align="centre", colour=GREY)


def american_opinion(paper: Paper, report: Report) -> None:
    """The auditor's report the American way."""
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


def international_opinion(paper: Paper, report: Report) -> None:
    """The auditor's report the Hong Kong way."""
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


def english_notes(paper: Paper, report: Report, house: House, title: str) -> None:
    """Notes: prose and small tables."""
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
