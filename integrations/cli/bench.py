"""`loanward bench` and `loanward eval`: speed as ratios against named baselines, quality against golden sets."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session, command
from tools.errors import BadRequest

if TYPE_CHECKING:
    from eval.bench import Measure

NAMES = ("reading", "startup", "questions")
SUITES = ("extraction",)
QUESTIONS = (
    "明远精密2025年末的流动比率是多少？",
    "What was Mingyuan's revenue in FY2025?",
    "明远精密2025年末的资产负债率？",
    "What is the DSCR of Mingyuan for FY2025?",
)


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option(
    "--filings",
    type=click.Path(path_type=Path),
    default=Path("../shared/filings"),
    show_default=True,
    help="Folder of real PDF filings.",
)
@click.option("--full", is_flag=True, help="Time the baseline on every page instead of every eighth.")
@command
def bench(session: Session, name: str | None, filings: Path, full: bool) -> int:
    """Measure speed (all benchmarks, or one)."""
    found: list[Measure] = []
    wanted = (name,) if name else NAMES
    if "reading" in wanted:
        from eval.bench.reading import bench_reading

        found += bench_reading(filings, session.say, full=full) if filings.is_dir() else []
    if {"startup", "questions"} & set(wanted):
        with tempfile.TemporaryDirectory() as folder:
            found += _on_sample_bank(session, Path(folder), wanted)
    if session.as_json:
        session.emit([asdict(measure) for measure in found])
    for measure in () if session.as_json else found:
        verdict = "met" if measure.met else "MISSED"
        click.echo(
            f"{verdict:<7}{measure.name}: {measure.ratio:.2f} (target {measure.target}) against {measure.baseline}\n       {measure.detail}"
        )
    return 0 if all(measure.met for measure in found) else 1


@click.command("eval")
@click.argument("suite", type=click.Choice(SUITES), default="extraction")
@click.option(
    "--filings",
    type=click.Path(path_type=Path),
    default=Path("../shared/filings"),
    show_default=True,
    help="Folder with truth.jsonl.",
)
@command
def evaluate(session: Session, suite: str, filings: Path) -> int:
    """Score the readers against hand-read values of real filings."""
    from eval.extraction import score, table

    truth = filings / "truth.jsonl"
    if not truth.is_file():
        raise BadRequest(
            "no truth.jsonl in this folder", where=str(filings), fix="Point --filings at a folder of filings with their truth"
        )
    report = score(truth, filings)
    if session.as_json:
        session.emit({"right": report.right, "wrong": report.wrong, "missing": report.missing})
    else:
        click.echo(table(report))
    return 0


def _on_sample_bank(session: Session, folder: Path, wanted: tuple[str, ...]) -> list[Measure]:
    """Figure questions over a freshly made sample bank."""
    from assistant.settings import load_settings
    from assistant.wiring import open_bank
    from eval.bench.questions import bench_questions
    from eval.bench.startup import bench_startup
    from eval.sample_bank.bank import generate
    from ingestion.loan_book.importer import import_loan_book
    from ingestion.pipeline import IngestOptions, ingest_paths
    from ingestion.routing import assignments_of
    from tools.domain.callers import LOCAL

    session.say("making the sample bank")
    sample, home = generate(folder / "bank"), folder / "home"
    bank = open_bank(load_settings({"home": home}))
    import_loan_book(LOCAL, sample.loan_book, bank.store, bank.home, sample.book_date, session.now)
    rows: list[Mapping[str, object]] = [
        dict(row) for row in bank.loan_book.rows(LOCAL, "documents", bank.clocks(None, None, session.now))
    ]
    ingest_paths(
        LOCAL, [sample.documents_dir], bank.store, lambda: session.now, IngestOptions(assignments=assignments_of(rows))
    )
    found = bench_questions(bank, QUESTIONS, session.say) if "questions" in wanted else []
    bank.close()
    return found + (bench_startup(home, QUESTIONS[0], session.say) if "startup" in wanted else [])
