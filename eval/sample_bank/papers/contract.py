"""Loan contracts: one text, set as a PDF with seals or as the HTML a document system exports; each covenant clause knows its page.

Texts lie in `texts/` with places to fill; a line that starts with `#` is a title, `##` an article, `|` a row of a table. Lines that fill `{clauses}`,
`{undertakings}` and `{cross_default}` carry the id of their covenant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path

from eval.sample_bank.papers.report import Company
from eval.sample_bank.papers.sheet import GREY, Page, Paper, wrapped
from eval.sample_bank.papers.tables import Column, Grid, TableRow
from tools.typesetting.fonts import Face

TEXTS = Path(__file__).parent.parent / "texts"


@dataclass(frozen=True, slots=True)
class Clause:
    """`covenant`: its id in the loan book, "" for a clause that is no covenant. `place`: clauses, undertakings, cross_default."""

    text: str
    covenant: str = ""
    place: str = "clauses"


@dataclass(slots=True, kw_only=True)
class Contract:
    """`fill` gives the places of the text; `schedule` rows are (date, amount) pairs as printed."""

    template: str
    language: str
    company: Company
    lender: str
    number: str
    signed: date
    fill: Mapping[str, str]
    clauses: Sequence[Clause]
    schedule: Sequence[tuple[str, str]] = ()
    schedule_head: tuple[str, str] = ("还款日", "还款本金")
    pages: dict[str, int] = field(default_factory=dict)
    """Covenant id to the page its clause starts on, once it is set."""
    anchors: dict[str, str] = field(default_factory=dict)
    """Covenant id to the anchor of its clause in HTML."""

    def lines(self) -> list[tuple[str, str]]:
        """(text, covenant id) of every line, in order."""
        made: list[tuple[str, str]] = []
        numbers = {"clauses": 0, "undertakings": 0, "cross_default": 0}
        first = 7 if self.language == "zh" else 6
        article = {"clauses": f"{first}.", "undertakings": f"{first + 1}.", "cross_default": "9."}
        start = {"clauses": 1 if self.language == "en" else 0, "undertakings": 0, "cross_default": 1}
        count = {place: sum(1 for clause in self.clauses if clause.place == place) + start[place] + 1 for place in numbers}
        fill = {**self.fill, "number": self.number, **{f"next_{place}": str(number) for place, number in count.items()}}
        for line in (TEXTS / self.template).read_text(encoding="utf-8").splitlines():
            place = line.strip("{}") if line.startswith("{") and line.endswith("}") else ""
            if place in numbers:
                for clause in self.clauses:
                    if clause.place == place:
                        numbers[place] += 1
                        made.append((f"{article[place]}{start[place] + numbers[place]} {clause.text}", clause.covenant))
            elif place == "schedule":
                if self.schedule:
                    made += [(f"| {a} | {b} |", "") for a, b in (self.schedule_head, *self.schedule)]
            elif text := line.format(**fill).strip():
                made.append((text, ""))
        return [line for line in made if line[0].rstrip("0123456789. ")]


def contract_paper(contract: Contract) -> Paper:
    """The contract as a PDF; fills `contract.pages`."""
    chinese = contract.language == "zh"
    name = contract.company.name if chinese else contract.company.name_en
    paper = Paper(contract.fill["title"], contract.lender, contract.signed, face=Face.SERIF, language=contract.language)
    page, y = paper.page(), 92.0
    table: list[Sequence[str]] = []
    for text, covenant in [*contract.lines(), ("", "")]:
        if table and not text.startswith("|"):
            page, y = _table(paper, page, y, table)
            table = []
        if text.startswith("# "):
            page.text(297.6, y, text[2:], 19 if chinese else 16, align="centre", bold=True)
            y += 34
        elif text.startswith("## "):
            if y > 720:
                page, y = paper.page(), 80.0
            y += 10
            page.text(64, y, text[3:], 12, bold=True)
            y += 22
        elif text.startswith("|"):
            table.append([part.strip() for part in text.strip("|").split("|")])
        elif text:
            page, y = _paragraph(paper, page, y, text, chinese, contract, covenant)
    if y > 660:
        page, y = paper.page(), 90.0
    _signatures(page, y + 26, contract, name, chinese)
    for number, each in enumerate(paper.pages, 1):
        foot = f"第 {number} 页 共 {len(paper.pages)} 页" if chinese else f"Page {number} of {len(paper.pages)}"
        each.text(297.6, 812, foot, 8.5, align="centre", colour=GREY)
        each.text(531, 48, contract.number, 8, align="right", colour=GREY)
    return paper


def _paragraph(
    paper: Paper, page: Page, y: float, text: str, chinese: bool, contract: Contract, covenant: str
) -> tuple[Page, float]:
    size, leading = (10.5, 18.2) if chinese else (10.0, 15.0)
    indent = 21.0 if chinese else 0.0
    first = True
    for line in wrapped(text, 467, size, page.face, indent):
        if y > 770:
            page, y = paper.page(), 80.0
        if first and covenant:
            contract.pages[covenant] = paper.page_number
        page.text(64 + (indent if first else 0), y, line, size)
        y, first = y + leading, False
    return page, y + (2 if chinese else 6)


def _table(paper: Paper, page: Page, y: float, rows: Sequence[Sequence[str]]) -> tuple[Page, float]:
    columns = [Column("", 150), Column("", 317)]
    grid = Grid(columns, 64, size=10, height=19, bottom=770)
    page, y = grid.draw(paper, page, y - 8, [TableRow(list(row)) for row in rows])
    return page, y + 24


def _signatures(page: Page, y: float, contract: Contract, name: str, chinese: bool) -> None:
    company = contract.company
    if chinese:
        page.text(64, y, "甲方（公章）：", 11)
        page.text(64, y + 20, contract.lender, 10)
        page.text(64, y + 44, "负责人或授权代理人（签字）：", 10)
        page.text(310, y, "乙方（公章）：", 11)
        page.text(310, y + 20, name, 10)
        page.text(310, y + 44, f"法定代表人（签字）：{company.legal_representative}", 10)
        page.text(64, y + 70, contract.fill["signed"], 10)
        page.text(310, y + 70, contract.fill["signed"], 10)
        page.seal(160, y + 34, contract.lender, "合同专用章", 44)
        page.seal(430, y + 34, name, "", 44)
        return
    page.text(64, y, "SIGNATURES", 11, bold=True)
    page.text(64, y + 26, "The Borrower", 10, bold=True)
    page.text(310, y + 26, "The Lender", 10, bold=True)
    for left, party, by in ((64, name, company.signatory_en), (310, contract.lender, "Zhou Zheng")):
        for number, line in enumerate(wrapped(party, 220, 10, page.face)):
            page.text(left, y + 42 + 14 * number, line, 10)
        page.text(left, y + 96, f"By: {by}", 10)
        page.rule(left + 16, y + 99, left + 196, y + 99, 0.5)


def contract_html(contract: Contract, path: Path) -> None:
    """The contract as exported HTML; fills `contract.anchors`."""
    lang = "zh-CN" if contract.language == "zh" else "en"
    family = "SimSun, 'Noto Serif SC', serif" if lang == "zh-CN" else "'Times New Roman', serif"
    out = [
        "<!DOCTYPE html>",
        f'<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(contract.fill["title"])}</title>',
        f"<style>body{{font-family:{family};max-width:46em;margin:3em auto;line-height:1.6}}h1{{text-align:center;font-size:1.5em}}"
        "h2{font-size:1.1em;margin-top:1.6em}table{border-collapse:collapse}td{border:1px solid #999;padding:.3em .8em}"
        "p.sig{margin-top:3em}</style></head><body>",
    ]
    table: list[str] = []
    for number, (text, covenant) in enumerate([*contract.lines(), ("", "")]):
        if table and not text.startswith("|"):
            out += ["<table>", *table, "</table>"]
            table = []
        if text.startswith("# "):
            out.append(f"<h1>{escape(text[2:])}</h1>")
        elif text.startswith("## "):
            out.append(f"<h2>{escape(text[3:])}</h2>")
        elif text.startswith("|"):
            cells = "".join(f"<td>{escape(part.strip())}</td>" for part in text.strip("|").split("|"))
            table.append(f"<tr>{cells}</tr>")
        elif text:
            anchor = f"p{number}"
            if covenant:
                contract.anchors[covenant] = f"#{anchor}"
            out.append(f'<p id="{anchor}">{escape(text)}</p>')
    name = contract.company.name if contract.language == "zh" else contract.company.name_en
    out.append(f'<p class="sig">{escape(contract.lender)}</p><p class="sig">{escape(name)}</p></body></html>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
