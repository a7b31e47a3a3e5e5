"""The golden set against the baseline kept in the repository: nothing that was right may be wrong. Slow: it makes and reads the sample bank."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import open_bank
from eval.golden.questions import load
from eval.golden.reporting import baseline, page, worse
from eval.golden.running import GoldenReport, run_golden
from eval.sample_bank.bank import generate
from ingestion.loan_book.importer import import_loan_book
from ingestion.pipeline import IngestOptions, ingest_paths
from ingestion.routing import assignments_of
from tools.domain.callers import LOCAL


def test_the_baseline_is_nearly_all_right_and_names_real_questions() -> None:
    kept = baseline()
    for language in ("zh", "en"):
        right, asked = kept[language]
        assert right >= asked * 0.95, (language, right, asked)
    known = {question.id for question in load()}
    assert not [id for id in kept["missed"] if not id.startswith("story-") and id not in known]


def test_a_report_without_outcomes_is_a_page() -> None:
    assert page({"analyst": GoldenReport(())}).startswith("<!doctype html>")


@pytest.mark.slow
def test_nothing_got_worse_than_the_baseline(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    sample = generate(tmp_path / "bank")
    bank = open_bank(Settings(home=tmp_path / "home", embedding_model="none"))
    import_loan_book(LOCAL, sample.loan_book, bank.store, bank.home, sample.book_date, now)
    clocks = bank.clocks(None, None, now)
    rows = [dict(row) for row in bank.loan_book.rows(LOCAL, "documents", clocks)]
    ingest_paths(
        LOCAL, [sample.documents_dir], bank.store, lambda: now, IngestOptions(workers=2, assignments=assignments_of(rows))
    )
    bank.run_monitor(LOCAL, clocks, now)
    report = run_golden(bank, clocks, now, sample.folder)
    assert worse(report, baseline()) == []
