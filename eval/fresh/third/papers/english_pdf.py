"""International accounts as a small exporter's auditor sets them: A4, sans face, newest year left, brackets for what goes out."""

from __future__ import annotations

from collections.abc import Sequence

from eval.fresh.third.papers.accounts import Accounts
from eval.fresh.third.papers.english_lines import INTERNATIONAL, day_month
from eval.sample_bank.papers.report import Period
from eval.sample_bank.papers.sheet import GREY, Paper, flow
from tools.typesetting.fonts import Face

_TITLES = {
    "income": "Statement of profit or loss", "balance": "Statement of financial position", "cash": "Statement of cash flows",
}  # fmt: skip
_SPANS = {12: "year", 6: "six months", 3: "three months"}


def international_paper(accounts: Accounts, notes: Sequence[str]) -> Paper:
    """The whole report."""
    name = accounts.company.name_en
    paper = Paper(accounts.title, name, accounts.made_on, face=Face.SANS, language="en")
    page = paper.page()
    page.text(64, 130, name, 21, bold=True)
    page.text(64, 160, accounts.title, 14)
    words = [
        "Prepared in accordance with International Financial Reporting Standards. "
        f"All amounts are presented in United States dollars, rounded to the nearest thousand ({accounts.money})."
    ]
    if accounts.auditor:
        words.append(
            "Independent auditor's report. In our opinion these consolidated financial statements give a true and fair view of the financial "
            f"position of the Group at {day_month((accounts.end, 0))}. {accounts.auditor}"
        )
    else:
        words.append("These condensed accounts have not been audited or reviewed.")
    flow(paper, page, 210, words, left=64, right=530, bottom=760, top=80, size=10.5)
    scope = next(iter(accounts.books))
    span = _SPANS[accounts.flows[0][1]]
    for statement in ("income", "balance", "cash"):
        columns: list[Period] = [(day, 0) for day in accounts.points] if statement == "balance" else list(accounts.flows)
        page, y = paper.page(), 70.0
        page.text(64, y, f"Consolidated {_TITLES[statement].lower()}", 14, bold=True)
        when = day_month(columns[0])
        page.text(
            64, y + 18, f"{name}, {'as at' if statement == 'balance' else f'for the {span} ended'} {when}", 9.5, colour=GREY
        )
        for index, period in enumerate(columns):
            right = 530 - 105 * (len(columns) - 1 - index)
            page.text(right, y + 42, day_month(period), 9, align="right", bold=True)
            page.text(right, y + 54, accounts.money, 9, align="right")
        page.rule(64, y + 60, 530, y + 60, 0.6)
        y += 78
        for row in INTERNATIONAL[statement]:
            values = [accounts.amount(scope, row.parts, period) if row.parts else None for period in columns]
            if row.parts and not any(values):
                continue
            page.text(64 if row.strong or not row.parts else 74, y, row.label, 9.5, bold=row.strong or not row.parts)
            for index, value in enumerate(values):
                right = 530 - 105 * (len(columns) - 1 - index)
                if row.parts:
                    page.text(right, y, accounts.shown(value, brackets=True, none="–"), 9.5, align="right", bold=row.strong)
                if row.strong:
                    page.rule(right - 78, y - 10.5, right, y - 10.5, 0.4)
            y += 17
    page = paper.page()
    page.text(64, 70, "Notes", 14, bold=True)
    flow(paper, page, 96, list(notes), left=64, right=530, bottom=760, top=80, size=10, gap=8)
    for number, each in enumerate(paper.pages, 1):
        each.text(64, 815, f"{name}  |  {number}", 8, colour=GREY)
    return paper
