"""A fresh store, a clock that stands, and the shared real filings when they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.pipeline import IngestOptions, IngestResult, ingest_paths
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.home import Home

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CUSTOMERS = [
    {"id": "C001", "name": "江州明远精密机械有限公司", "name_en": "Jiangzhou Mingyuan Precision Machinery Co., Ltd.",
     "aliases": "明远精密;明远机械", "type": "sme", "registration_id": "91350100M000100Y43", "branch_id": "B1", "officer_id": "S1"},
    {"id": "C002", "name": "江州明远贸易有限公司", "aliases": "明远机械", "type": "sme", "branch_id": "B1", "officer_id": "S1"},
    {"id": "C003", "name": "Harbour Foods Limited", "aliases": "", "type": "corporate", "branch_id": "B1", "officer_id": "S1"},
]  # fmt: skip


def now() -> datetime:
    """The clock of these tests."""
    return NOON


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty home."""
    opened = Store(Home.open(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def bank(store: Store) -> Store:
    """A store whose book names three customers; two of them share an alias."""
    store.borrowers.upsert_from_book(LOCAL, CUSTOMERS, "S-test", known_from=NOON, recorded_at=NOON)
    return store


Ingest = Callable[..., list[IngestResult]]


@pytest.fixture
def ingest(store: Store) -> Ingest:
    """Ingests paths into the store of the test, in this process unless told otherwise; keyword arguments are options."""

    def run(*paths: Path, **options: object) -> list[IngestResult]:
        return ingest_paths(LOCAL, paths, store, now, IngestOptions(**{"workers": 0} | options))  # type: ignore[arg-type]

    return run


@pytest.fixture
def filings() -> Path:
    """The real filings beside the checkout; tests that need them are skipped without."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "filings"
    if not folder.is_dir():
        pytest.skip("no shared filings here")
    return folder
