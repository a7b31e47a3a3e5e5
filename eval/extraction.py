"""How well statements are read: every truth value right, wrong or missing, with page, checks, confidence and speed.

    python -m eval.extraction                       # ../shared/filings against its truth
    python -m eval.extraction FOLDER TRUTH.jsonl    # any other set; eval/truth/parent_columns.jsonl is for ../shared/filings/more
    python -m eval.extraction --speed               # and processor time against pdfplumber words on a sample of pages

A value is right when exactly one fact has its item, period end, months and scope, and holds the truth's value; a second fact
with another value for the same key makes it wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingestion.pdf.document import PdfDocument
from ingestion.scans.engine import EngineName
from ingestion.scans.reading import read_pictures
from ingestion.statements.outcome import StatementReading
from ingestion.statements.reading import read_statements
from tools.domain.facts import Fact
from tools.rulebook.loader import load_rulebook

SHARED = Path(__file__).parents[1].parent / "shared" / "filings"
SURE = Decimal("0.95")
SAMPLE_PAGES = 12


@dataclass(frozen=True, slots=True)
class Truth:
    """One hand-read value."""

    file: str
    page: int
    item: str
    period_end: date
    months: int
    value: Decimal
    scope: str


@dataclass(slots=True)
class FileScore:
    """One file's counts. `sure` facts carry at least 0.95; `sure_wrong` are those among them that the truth contradicts."""

    name: str
    pages: int = 0
    seconds: float = 0.0
    right: int = 0
    page_right: int = 0
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    facts: int = 0
    sure: int = 0
    sure_wrong: int = 0
    checks: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    unmapped: int = 0
    plumber_seconds: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times faster than pdfplumber words over every page."""
        return self.plumber_seconds / self.seconds if self.plumber_seconds and self.seconds else None


@dataclass(slots=True)
class Report:
    """Scores of all files."""

    files: list[FileScore]

    @property
    def right(self) -> int:
        """Values right in all files."""
        return sum(f.right for f in self.files)

    @property
    def wrong(self) -> int:
        """Values wrong in all files."""
        return sum(len(f.wrong) for f in self.files)

    @property
    def missing(self) -> int:
        """Values missing in all files."""
        return sum(len(f.missing) for f in self.files)


def read_truth(path: Path) -> list[Truth]:
    """The values of a truth file (JSON lines)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Truth(
            r["file"],
            r["page"],
            r["item"],
            date.fromisoformat(r["period_end"]),
            r["period_months"],
            Decimal(r["value"]),
            r["scope"],
        )
        for r in rows
    ]


def read_file(path: Path, engine: EngineName = "rapidocr") -> StatementReading:
    """The statements of one PDF, read as the pipeline reads them."""
    rulebook = load_rulebook()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with PdfDocument.open(path) as document:
        return read_statements(
            document,
            rulebook_items=rulebook.items,
            name=path.name,
            sha256=digest,
            identities=rulebook.identities,
            scans=read_pictures(document, document.texts(), engine),
        )


def score(truth_path: Path, folder: Path, *, speed: bool = False) -> Report:
    """Reads every file the truth names and counts; `speed` also times pdfplumber on a sample of pages."""
    truth = read_truth(truth_path)
    report = Report([])
    for name in dict.fromkeys(t.file for t in truth):
        path = folder / name
        begun = time.process_time()
        reading = read_file(path)
        seconds = time.process_time() - begun
        scored = score_file(name, reading, [t for t in truth if t.file == name])
        scored.seconds = seconds
        scored.pages = len(reading.texts)
        if speed:
            scored.plumber_seconds = plumber_seconds(path, scored.pages)
        report.files.append(scored)
    return report


def score_file(name: str, reading: StatementReading, truth: Sequence[Truth]) -> FileScore:
    """One reading against its truth values."""
    scored = FileScore(name, facts=len(reading.facts), unmapped=len(reading.unmapped))
    scored.sure = sum(1 for f in reading.facts if f.confidence >= SURE)
    for check in reading.checks:
        scored.checks[check.status] = scored.checks.get(check.status, 0) + 1
        if check.status == "failed":
            scored.failed.append(f"{check.id} {check.period_end} {check.scope} {check.difference}")
    for value in truth:
        found = [f for f in reading.facts if _key(f) == (value.item, value.period_end, value.months, value.scope)]
        what = f"{value.item} {value.period_end}/{value.months} {value.scope} p{value.page}: {value.value}"
        if not found:
            scored.missing.append(what)
        elif len(found) > 1 or found[0].value != value.value:
            scored.wrong.append(f"{what} read as {', '.join(f'{f.value} ({f.label!r} p{f.source.page})' for f in found)}")
            scored.sure_wrong += sum(1 for f in found if f.confidence >= SURE and f.value != value.value)
        else:
            scored.right += 1
            scored.page_right += found[0].source.page == value.page
    return scored


def _key(fact: Fact) -> tuple[str, date, int, str]:
    return (fact.item, fact.period.end, fact.period.months, fact.scope)


def plumber_seconds(path: Path, pages: int) -> float:
    """Seconds pdfplumber's extract_words would take over every page, from an even sample."""
    import pdfplumber

    step = max(pages // SAMPLE_PAGES, 1)
    sample = list(range(0, pages, step))
    with pdfplumber.open(path) as document:
        begun = time.process_time()
        for index in sample:
            document.pages[index].extract_words()
            document.pages[index].close()
        return (time.process_time() - begun) * pages / len(sample)


def table(report: Report) -> str:
    """The report as text."""
    lines = [
        f"{'file':34} {'pages':>5} {'right':>5} {'wrong':>5} {'miss':>4} {'page':>4} {'facts':>5} {'sure':>5} {'ok/fail/?':>10} {'sec':>5} {'x':>5}"
    ]
    for f in report.files:
        ratio = f"{f.ratio:.0f}" if f.ratio else "-"
        checks = f"{f.checks.get('ok', 0)}/{f.checks.get('failed', 0)}/{f.checks.get('cannot_tell', 0)}"
        lines.append(
            f"{f.name:34} {f.pages:5} {f.right:5} {len(f.wrong):5} {len(f.missing):4} {f.page_right:4} {f.facts:5} "
            f"{f.sure / max(f.facts, 1):5.0%} {checks:>10} {f.seconds:5.2f} {ratio:>5}"
        )
        lines += [f"    wrong   {w}" for w in f.wrong]
        lines += [f"    missing {m}" for m in f.missing]
        lines += [f"    failed  {c}" for c in f.failed]
    total = report.right + report.wrong + report.missing
    ratios = [f.ratio for f in report.files if f.ratio and f.pages >= 80]
    facts = sum(f.facts for f in report.files)
    checks_all = sum(sum(f.checks.values()) for f in report.files)
    lines.append(
        f"{report.right}/{total} right, {report.wrong} wrong, {report.missing} missing; page right {sum(f.page_right for f in report.files)}; "
        f"{sum(f.sure for f in report.files) / max(facts, 1):.1%} of {facts} facts at 0.95 or more, {sum(f.sure_wrong for f in report.files)} of them wrong; "
        f"{sum(f.checks.get('failed', 0) for f in report.files)} of {checks_all} checks failed"
        + (f"; median {statistics.median(ratios):.0f} times faster than pdfplumber words" if ratios else "")
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the report; exit 1 when a value is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.extraction", description="Scores statement reading against hand-read values"
    )
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("truth", nargs="?", type=Path)
    parser.add_argument("--speed", action="store_true", help="time pdfplumber words too")
    options = parser.parse_args(arguments)
    report = score(options.truth or options.folder / "truth.jsonl", options.folder, speed=options.speed)
    sys.stdout.write(table(report) + "\n")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
