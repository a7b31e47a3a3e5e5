"""`loanward bench` and `loanward eval`: speed as ratios against named baselines, quality against golden sets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session, command
from tools.errors import BadRequest

if TYPE_CHECKING:
    from assistant.wiring import Bank
    from eval.bench import Measure

NAMES = ("reading", "startup", "questions", "brief", "slack", "console", "portfolio")
ON_REQUEST = ("slack-soak", "questions-large")
"""Too long to run among all others. questions-large files statements for every borrower of its book first, which takes minutes."""
SUITES = (
    "extraction",
    "golden",
    "gate",
    "retrieval",
    "recognition",
    "checks",
    "scans",
    "layouts",
    "clauses",
    "visits",
    "papers",
)
QUESTIONS = (
    "明远精密2025年末的流动比率是多少？",
    "What was Mingyuan's revenue in FY2025?",
    "明远精密2025年末的资产负债率？",
    "What is the DSCR of Mingyuan for FY2025?",
)


@click.command()
@click.argument("name", type=click.Choice((*NAMES, *ON_REQUEST)), required=False)
@click.option(
    "--filings",
    type=click.Path(path_type=Path),
    default=Path("../shared/filings"),
    show_default=True,
    help="Folder of real PDF filings.",
)
@click.option("--full", is_flag=True, help="Time the baseline on every page instead of every eighth.")
@click.option("--minutes", type=click.FloatRange(0.1), default=10.0, show_default=True, help="How long slack-soak asks.")
@click.option("--loans", type=click.IntRange(1000), default=1_000_000, show_default=True, help="Size of the portfolio.")
@click.option(
    "--borrowers", type=click.IntRange(50), default=10_000, show_default=True, help="With questions-large: size of the book."
)
@command
def bench(session: Session, name: str | None, filings: Path, full: bool, minutes: float, loans: int, borrowers: int) -> int:
    """Measure speed (all benchmarks, or one)."""
    found: list[Measure] = []
    wanted = (name,) if name else NAMES
    if "reading" in wanted:
        from eval.bench.reading import bench_reading

        found += bench_reading(filings, session.say, full=full) if filings.is_dir() else []
    if "portfolio" in wanted:
        from eval.bench.portfolio import bench_portfolio

        found += bench_portfolio(session.say, loans)
    if "questions-large" in wanted:
        from eval.bench.large_questions import bench_large_questions

        with tempfile.TemporaryDirectory() as folder:
            found += bench_large_questions(Path(folder), borrowers, session.say)
    if {"startup", "questions", "brief", "slack", "console", "slack-soak"} & set(wanted):
        with tempfile.TemporaryDirectory() as folder:
            found += _on_sample_bank(session, Path(folder), wanted, minutes)
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
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="With retrieval: a home to read the filings into and keep (default: a passing one).",
)
@click.option("--words-only", is_flag=True, help="With retrieval: without vectors.")
@click.option(
    "--naive", type=click.IntRange(0), default=0, help="With retrieval: filings to embed whole for the small model's baseline."
)
@click.option("--html", "page", type=click.Path(path_type=Path), help="With golden: also write the report as a page.")
@click.option("--beside", help="With golden: a second model (provider:model) to compare with, at model_base_url.")
@click.option("--keep-baseline", is_flag=True, help="With golden: make this run the baseline kept in eval/golden.")
@click.option("--altered", type=click.IntRange(10), default=5000, show_default=True, help="With gate: alterations it is shown.")
@click.option(
    "--reworded", type=click.IntRange(10), default=2000, show_default=True, help="With gate: right answers in other words."
)
@click.option("--seed", type=int, default=1, show_default=True, help="With layouts: the first lot drawn.")
@click.option("--count", type=click.IntRange(1), default=6, show_default=True, help="With layouts: statements of each form.")
@click.option(
    "--form",
    type=click.Choice(("pdf", "xlsx", "csv", "docx", "html", "all")),
    default="pdf",
    show_default=True,
    help="With layouts.",
)
@command
def evaluate(
    session: Session, suite: str, filings: Path, into: Path | None, words_only: bool, naive: int, page: Path | None, beside: str | None,
    keep_baseline: bool, altered: int, reworded: int, seed: int, count: int, form: str,
) -> int:  # fmt: skip
    """Score the readers against hand-read values of real filings (extraction), the answers on the sample bank (golden), the gate on altered
    and reworded answers (gate), whether search finds the page that answers (retrieval), or the readers on statements in layouts drawn by lot (layouts),
    on covenant clauses, visit notes and papers of all kinds nobody prepared them for (clauses, visits, papers)."""
    if suite in ("golden", "gate"):
        from integrations.cli.evaluation import gate_suite, golden_suite

        with tempfile.TemporaryDirectory() as folder, _sample_bank(session, Path(folder)) as (bank, sample):
            if suite == "gate":
                return gate_suite(session, bank, altered, reworded)
            return golden_suite(session, bank, sample, page, beside, keep_baseline)
    if suite in ("layouts", "clauses", "visits", "papers"):
        from integrations.cli.reading_suites import layouts_suite, reading_suite

        return layouts_suite(session, seed, count, form) if suite == "layouts" else reading_suite(session, suite)
    if suite == "recognition":
        return _recognition(session, filings)
    if suite == "checks":
        return _checks(session, filings)
    if suite == "scans":
        return _scans(session, filings)
    if suite == "retrieval":
        return _retrieval(session, filings, into, not words_only, naive)
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


def _checks(session: Session, filings: Path) -> int:
    """Errors planted in the statements of filings, and how many the checks find; exit 1 below 95 in 100 or above 1 false alarm."""
    from eval.checks import Tally, plant_in, table

    tally = Tally()
    for path in sorted([*filings.glob("*.pdf"), *(filings / "more").glob("*.pdf")]):
        plant_in(path, tally, 3)
        click.echo(f"{path.name}: {sum(tally.found.values())} of {sum(tally.planted.values())} found so far", err=True)
    planted, found = sum(tally.planted.values()), sum(tally.found.values())
    if session.as_json:
        session.emit({"planted": planted, "found": found, "checks": tally.clean, "alarms": len(tally.alarms)})
    else:
        click.echo(table(tally))
    return int(found < 0.95 * planted or len(tally.alarms) > 0.01 * tally.clean)


def _scans(session: Session, filings: Path) -> int:
    """Pages with hand-read values made into skewed, noisy scans at 200 dots per inch and read back."""
    from eval.extraction import table
    from eval.scanned import score_scans

    truth = filings / "truth.jsonl"
    if not truth.is_file():
        raise BadRequest("no truth.jsonl in this folder", where=str(filings), fix="Point --filings at filings with their truth")
    report = score_scans(truth, filings, "skewed", session.settings.ocr_engine)
    if session.as_json:
        session.emit({"right": report.right, "wrong": report.wrong, "missing": report.missing})
    else:
        click.echo(table(report))
    return int(report.right < 0.97 * (report.right + report.wrong + report.missing))


def _recognition(session: Session, filings: Path) -> int:
    """What kind of paper each document of the sample bank and each filing is taken for; exit 1 when one is taken for another."""
    from eval.recognition import recognition_rows
    from eval.sample_bank import generate

    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "bank"
        generate(sample)
        rows = list(recognition_rows(sample, filings if filings.is_dir() else None))
    wrong = [row for row in rows if not row.right]
    if session.as_json:
        session.emit(
            {"right": len(rows) - len(wrong), "asked": len(rows), "wrong": [[r.file, r.expected, r.found] for r in wrong]}
        )
    else:
        click.echo(f"{len(rows) - len(wrong)} of {len(rows)} papers are taken for what they are")
        for row in wrong:
            click.echo(f"  {row.file}: {row.expected}, taken for {row.found}")
    return 1 if wrong else 0


def _retrieval(session: Session, filings: Path, into: Path | None, meaning: bool, naive: int) -> int:
    """Page recall of search over real filings against baselines in the same run."""
    from assistant.settings import load_settings
    from assistant.wiring import open_bank
    from eval.retrieval.questions import load_questions
    from eval.retrieval.running import run_retrieval

    questions = load_questions(filings)
    if not questions:
        raise BadRequest(
            "none of the filings the questions are about is here", where=str(filings), fix="Point --filings at their folder"
        )
    with tempfile.TemporaryDirectory() as folder:
        bank = open_bank(load_settings({"home": into or Path(folder) / "home", "user": None}))
        try:
            report = run_retrieval(bank, filings, questions, session.say, meaning=meaning, naive=naive)
        finally:
            bank.close()
    if session.as_json:
        session.emit(report.shape())
    else:
        click.echo("\n".join(report.lines()))
    return 0


def _on_sample_bank(session: Session, folder: Path, wanted: tuple[str, ...], minutes: float) -> list[Measure]:
    """Figure questions over a freshly made sample bank."""
    from eval.bench.questions import bench_questions
    from eval.bench.startup import bench_startup

    with _sample_bank(session, folder) as (bank, _):
        found = bench_questions(bank, QUESTIONS, session.say) if "questions" in wanted else []
        if "brief" in wanted:
            from eval.bench.briefs import bench_briefs

            found += bench_briefs(bank, "2026-10", session.now, session.say)
        home = bank.home.root
        if "console" in wanted:
            from eval.bench.console import bench_console

            found += bench_console(bank, session.say)
        found += _in_slack(session, bank, wanted, minutes)
    return found + (bench_startup(home, QUESTIONS[0], session.say) if "startup" in wanted else [])


def _in_slack(session: Session, bank: Bank, wanted: tuple[str, ...], minutes: float) -> list[Measure]:
    """`loanward slack` as a process, asked by everybody on the staff who may see the borrower of the questions."""
    from tools.domain.callers import LOCAL

    if not {"slack", "slack-soak"} & set(wanted):
        return []
    able = [
        str(row["slack_user_id"]) for row in bank.store.access.staff(LOCAL)
        if row["slack_user_id"] and bank.desk(bank.caller(str(row["id"]), session.now), bank.clocks(None, None, session.now)).index().mentions(QUESTIONS[0])
    ]  # fmt: skip
    found: list[Measure] = []
    if "slack" in wanted:
        from eval.bench.slack import bench_slack

        found += bench_slack(bank.home.root, able, QUESTIONS, session.say)
    if "slack-soak" in wanted:
        from eval.bench.slack_soak import bench_soak

        found += bench_soak(bank.home.root, able, QUESTIONS, minutes, session.say)
    return found


@contextmanager
def _sample_bank(session: Session, folder: Path) -> Iterator[tuple[Bank, Path]]:
    """A sample bank made, imported and read in `folder`, with the folder of its truth."""
    from assistant.settings import load_settings
    from assistant.wiring import open_bank
    from eval.sample_bank.bank import generate
    from ingestion.loan_book.importer import import_loan_book
    from ingestion.pipeline import IngestOptions, ingest_paths
    from ingestion.routing import assignments_of
    from tools.domain.callers import LOCAL

    session.say("making the sample bank and reading its papers")
    sample = generate(folder / "bank")
    bank = open_bank(load_settings({"home": folder / "home"}))
    try:
        import_loan_book(LOCAL, sample.loan_book, bank.store, bank.home, sample.book_date, session.now)
        handed = bank.loan_book.rows(LOCAL, "documents", bank.clocks(None, None, session.now))
        rows: list[Mapping[str, object]] = [dict(row) for row in handed]
        options = IngestOptions(workers=2, assignments=assignments_of(rows))
        ingest_paths(LOCAL, [sample.documents_dir], bank.store, lambda: session.now, options)
        yield bank, sample.folder
    finally:
        bank.close()
