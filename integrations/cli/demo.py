"""`loanward demo`: the sample bank from nothing to answered questions, with no key and no network."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from integrations.cli.session import Session, command

HOME = Path("loanward-data/demo")
QUESTIONS = (
    "明远精密2025年末的资产负债率和流动比率是多少？",
    "How did Mingyuan's revenue and net profit move in 2025?",
    "明远精密有哪些约定条款，都满足吗？",
    "Does Mingyuan have any overdue loans, and what falls due next?",
    "最近一次走访记录里，明远精密的产线情况怎么样？",
    "What is the DSCR of Mingyuan for FY2025, and how is it computed?",
    "明远精密明年会盈利多少？",
)


@click.command()
@command
def demo(session: Session) -> int:
    """Build the sample bank, read its papers, ask questions. Offline, no key."""
    from assistant.answering import answer
    from eval.sample_bank.bank import generate
    from ingestion.loan_book.importer import import_loan_book
    from ingestion.pipeline import IngestOptions, exit_code, ingest_paths
    from ingestion.progress import ProgressLines
    from ingestion.routing import assignments_of

    began = time.monotonic()
    session.home = session.home or HOME
    folder = session.settings.home / "sample-bank"
    _step("1. A fictional bank is written: loan book, statements, contracts, visit notes")
    sample = generate(folder)
    click.echo(f"   {sample.borrowers} customers, {sample.loans} loans, {len(sample.documents)} documents in {folder}")

    _step("2. Its loan book is imported")
    bank = session.bank
    report = import_loan_book(session.caller, sample.loan_book, bank.store, bank.home, sample.book_date, session.now)
    rejected = f", {len(report.rejected)} rejected" if report.rejected else ""
    click.echo(f"   snapshot {report.shape()['snapshot']}, {sum(report.rows.values()):,} rows{rejected}")

    _step("3. Its papers are read: every number keeps its page and box")
    rows = [dict(row) for row in bank.loan_book.rows(session.caller, "documents", bank.clocks(None, None, session.now))]
    options = IngestOptions(workers=2, assignments=assignments_of(rows))  # type: ignore[arg-type]
    results = ingest_paths(
        session.caller, [sample.documents_dir], bank.store, lambda: datetime.now(UTC), options, ProgressLines(sys.stderr)
    )
    checks = [check for result in results for check in result.checks]
    failed = [check for check in checks if check["status"] == "failed"]
    click.echo(
        f"   {len(results)} files, {sum(r.facts for r in results):,} facts, {sum(r.passages for r in results):,} passages; "
        f"{len(checks):,} identity checks, {len(failed)} failed"
    )
    for result in results:
        if result.status != "ok" and not result.duplicate_of:
            click.echo(f"   look at {Path(result.file).name}: {result.status}: {result.message}")
    bank.search.catch_up()
    if bank.vectors is not None and bank.vectors.pending():
        end = time.monotonic() + session.settings.embed_seconds
        done = bank.vectors.index_pending(None, lambda: time.monotonic() > end)
        click.echo(
            f"   {done:,} passages embedded for search by meaning, {bank.vectors.pending():,} left for `loanward index update`"
        )

    _step("4. Questions are asked; each answer is checked number by number before it is shown")
    clocks = bank.clocks(None, None, session.now)
    for question in QUESTIONS:
        click.echo(f"\n   > {question}")
        answered = answer(bank, question, caller=session.caller, clocks=clocks, now=datetime.now(UTC))
        for line in answered.answer.splitlines():
            click.echo(f"     {line}")
        for citation in list(answered.citations)[:4]:
            shape = citation.shape()
            place = f"page {shape['page']}" if shape["page"] else shape["locator"] or ""
            click.echo(f"       [{shape['id']}] {shape['document']} {place}")
        more = len(answered.citations) - 4
        if more > 0:
            click.echo(f"       … and {more} more sources")

    _step("5. The trail is verified: nothing was altered")
    verified = bank.store.trail.verify(session.caller)
    click.echo(f"   {verified.records} records, {'intact' if verified.ok else 'ALTERED'}")
    _step(f"Done in {time.monotonic() - began:.0f} seconds. Go on with")
    home = session.settings.home
    for line in (
        f'loanward ask "明远精密的净利润为什么下降？" --home {home}',
        f"loanward chat --home {home}",
        f"loanward figure debt_to_ebitda --borrower C001 --period 2026-06-30 --home {home}",
        f'loanward search "产线 检修" --home {home}',
        f"loanward covenants --borrower C001 --home {home}",
        f"loanward trail search --home {home}",
    ):
        click.echo(f"   {line}")
    return 0 if verified.ok and exit_code(results) in (0, 1) else 1


def _step(text: str) -> None:
    click.secho(f"\n{text}", bold=True)
