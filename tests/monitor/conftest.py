"""The sample bank's loan book (no documents) as a home, monitored once; and an empty bank to fill row by row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from eval.sample_bank import generate
from ingestion.loan_book import import_loan_book
from tools.domain.callers import LOCAL
from tools.monitor.run import MonitorReport

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def opened(home: Path) -> Bank:
    """A bank without a meaning index: nothing here searches."""
    return open_bank(Settings(home=home, embedding_model="none"))


@pytest.fixture(scope="session")
def book_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample bank's book imported, nothing monitored yet."""
    root = tmp_path_factory.mktemp("monitor")
    sample = generate(root / "sample", documents=False)
    bank = opened(root / "home")
    import_loan_book(LOCAL, sample.loan_book, bank.store, bank.home, sample.book_date, NOW)
    bank.close()
    return root / "home"


@pytest.fixture(scope="session")
def first_run(book_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MonitorReport]:
    """The same, monitored once by the operator: the home and what the run reported."""
    home = tmp_path_factory.mktemp("run") / "home"
    shutil.copytree(book_home, home)
    bank = opened(home)
    report = bank.run_monitor(LOCAL, bank.clocks(None, None, NOW), NOW, detail=True)
    bank.close()
    return home, report


@pytest.fixture
def fresh(book_home: Path, tmp_path: Path) -> Iterator[Bank]:
    """A copy to monitor."""
    shutil.copytree(book_home, tmp_path / "home")
    bank = opened(tmp_path / "home")
    yield bank
    bank.close()


@pytest.fixture
def watched(first_run: tuple[Path, MonitorReport], tmp_path: Path) -> Iterator[Bank]:
    """A copy that was monitored."""
    shutil.copytree(first_run[0], tmp_path / "home")
    bank = opened(tmp_path / "home")
    yield bank
    bank.close()
