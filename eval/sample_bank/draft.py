"""The bank in the making: what borrowers' modules add to, and what is written out at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from eval.sample_bank.book import Book
from eval.sample_bank.chance import Chance
from eval.sample_bank.lending import Booked, Lent
from eval.sample_bank.papers.chinese_ruled import chinese_report
from eval.sample_bank.papers.chinese_two_column import chinese_form
from eval.sample_bank.papers.contract import Contract, contract_html, contract_paper
from eval.sample_bank.papers.english import american_report, international_report
from eval.sample_bank.papers.press import print_papers
from eval.sample_bank.papers.report import Company, Printed, Report
from eval.sample_bank.papers.sheet import Paper
from eval.sample_bank.papers.visit_note import VisitNote, note_docx, note_markdown, note_paper
from eval.sample_bank.papers.workbook import chinese_workbook
from eval.sample_bank.stories import Story, write_stories

LAYOUTS: dict[str, Callable[[Report], Paper]] = {
    "ruled": chinese_report, "two_column": chinese_form, "american": american_report, "international": international_report,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filed:
    """A document of the bank: `file` is relative to documents/, `kind` as `ingest --kind` takes it."""

    file: str
    customer: str
    kind: str
    language: str
    received: date
    period_end: date | None
    layout: str


@dataclass(slots=True)
class Draft:
    """Everything gathered so far. `documents` False keeps the loan book alone."""

    seed: int
    book_date: date
    folder: Path
    with_documents: bool = True
    book: Book = field(default_factory=Book)
    filed: list[Filed] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    printed: dict[str, list[Printed]] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    loans: dict[str, Booked] = field(default_factory=dict)
    _papers: dict[Path, Paper] = field(default_factory=dict)
    _writers: list[tuple[Path, Callable[[Path], None]]] = field(default_factory=list)

    def chance(self, *path: object) -> Chance:
        """A named stream of this bank's dice."""
        return Chance(self.seed, *path)

    def lend(self, lent: Lent) -> Booked:
        """Books a loan."""
        booked = self.loans[lent.id] = lent.book(self.book, self.book_date)
        return booked

    def file(
        self, company: Company, name: str, kind: str, language: str, received: date, *, layout: str, period_end: date | None = None,
        due: date | None = None, assurance: str | None = None, asked_as: str | None = None,
    ) -> str:  # fmt: skip
        """Registers a document that came, and returns its path relative to documents/."""
        path = f"{company.id}_{company.short}/{name}".replace(" ", "_")
        if self.with_documents:
            self.filed.append(Filed(path, company.id, kind, language, received, period_end, layout))
        self.book.add(
            "documents", file=path, customer_id=company.id, kind=asked_as or kind, period_end=period_end, received_date=received, due_date=due,
            assurance=assurance,
        )  # fmt: skip
        return path

    def missing(self, company: Company, name: str, kind: str, period_end: date, due: date) -> None:
        """Registers a document that was asked for and has not come."""
        path = f"{company.id}_{company.short}/{name}".replace(" ", "_")
        self.book.add("documents", file=path, customer_id=company.id, kind=kind, period_end=period_end, due_date=due)

    def statements(self, report: Report, name: str, layout: str, received: date, due: date | None = None) -> str:
        """Files a set of statements in a layout: ruled, two_column, american, international or workbook."""
        language = "en" if layout in ("american", "international") else "zh"
        path = self.file(
            report.company, name, "statement", language, received, layout=layout, period_end=report.end, due=due,
            assurance="audited" if report.auditor else "unaudited",
        )  # fmt: skip
        self.printed[path], self.reports[path] = report.printed, report
        if layout == "workbook":
            self.writer(path, lambda target: chinese_workbook(report, target))
        else:
            self.paper(path, LAYOUTS[layout](report))
        return path

    def contract(self, contract: Contract, name: str, received: date) -> str:
        """Files a contract as PDF or HTML by the name's ending; its clause pages are known afterwards."""
        html = name.endswith(".html")
        path = self.file(contract.company, name, "contract", contract.language, received, layout="html" if html else "contract")
        if html:
            target = self.folder / "documents" / path
            if self.with_documents:
                contract_html(contract, target)
            else:
                contract.anchors.update({c.covenant: "" for c in contract.clauses if c.covenant})
        else:
            self.paper(path, contract_paper(contract))
        return path

    def note(self, note: VisitNote, name: str, received: date) -> str:
        """Files a visit note as DOCX, Markdown or PDF by the name's ending."""
        ending = name.rsplit(".", 1)[1]
        path = self.file(note.company, name, "visit_note", note.language, received, layout=ending)
        if ending == "pdf":
            self.paper(path, note_paper(note))
        else:
            self.writer(path, lambda target: (note_docx if ending == "docx" else note_markdown)(note, target))
        return path

    def paper(self, path: str, paper: Paper) -> None:
        """Keeps a paper for the press."""
        self._papers[self.folder / "documents" / path] = paper

    def writer(self, path: str, write: Callable[[Path], None]) -> None:
        """Keeps a writer of something that is no paper."""
        self._writers.append((self.folder / "documents" / path, write))

    def write(self) -> None:
        """Writes loan book, documents and truth."""
        if faults := self.book.dangling():
            raise ValueError(f"the book points nowhere: {faults[:5]}")
        self.book.write(self.folder / "loan_book")
        if self.with_documents:
            for path, write in self._writers:
                write(path)
            print_papers(self._papers)
            self._write_truth()
        write_stories(self.folder / "stories.yaml", self.seed, self.book_date.isoformat(), self.stories)

    def _write_truth(self) -> None:
        folder = self.folder / "truth"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "printed.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            for path, rows in self.printed.items():
                for row in rows:
                    out.write(json.dumps({"file": path, **_printed(row)}, ensure_ascii=False) + "\n")
        with (folder / "documents.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            for filed in self.filed:
                out.write(json.dumps(_filed(filed), ensure_ascii=False) + "\n")


def _printed(row: Printed) -> dict[str, object]:
    return {
        "page": row.page, "locator": row.locator, "statement": row.statement, "scope": row.scope, "item": row.item,
        "period_end": row.end.isoformat(), "period_months": row.months, "value": _plain(row.value), "raw": row.raw,
        "label": row.label, "box": list(row.box) if row.box else None,
    }  # fmt: skip


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _filed(filed: Filed) -> dict[str, object]:
    return {
        "file": filed.file, "customer": filed.customer, "kind": filed.kind, "language": filed.language,
        "received": filed.received.isoformat(), "period_end": filed.period_end.isoformat() if filed.period_end else None,
        "layout": filed.layout,
    }  # fmt: skip
