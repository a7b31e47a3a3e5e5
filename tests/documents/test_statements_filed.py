"""Statements through the pipeline: facts under their borrower, versions, missing units, failed identities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.pipeline import exit_code
from ingestion.reading import extract_file
from tests.documents import papers
from tests.documents.conftest import Ingest
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.store.database import Store

ROWS = [
    ("项目", "期末余额", "期初余额"), ("流动资产：", "", ""), ("货币资金", "1,200.00", "1,000.00"), ("应收账款", "2,300.00", "2,100.00"),
    ("存货", "1,500.00", "1,400.00"), ("流动资产合计", "5,000.00", "4,500.00"), ("固定资产", "3,000.00", "3,100.00"),
    ("非流动资产合计", "3,000.00", "3,100.00"), ("资产总计", "8,000.00", "7,600.00"), ("短期借款", "2,000.00", "2,000.00"),
    ("应付账款", "1,500.00", "1,400.00"), ("流动负债合计", "3,500.00", "3,400.00"), ("负债合计", "3,500.00", "3,400.00"),
    ("实收资本", "4,000.00", "4,000.00"), ("未分配利润", "500.00", "200.00"), ("所有者权益合计", "4,500.00", "4,200.00"),
    ("负债和所有者权益总计", "8,000.00", "7,600.00"),
]  # fmt: skip
LATER = Clocks(date(2030, 1, 1), datetime(2030, 1, 1, tzinfo=UTC))


def paper(folder: Path, name: str, unit: str = "单位：万元", **changed: str) -> Path:
    """A balance sheet; `changed` gives other closing amounts by label."""
    rows = [(label, changed.get(label, closing), opening) for label, closing, opening in ROWS]
    path = folder / name
    lines = ["资产负债表", f"编制单位：江州明远精密机械有限公司 2025年12月31日 {unit}"]
    path.write_bytes(papers.statement(lines, rows))
    return path


def test_facts_are_stored_under_the_borrower_with_their_boxes(bank: Store, ingest: Ingest, tmp_path: Path) -> None:
    result = ingest(paper(tmp_path, "a.pdf"))[0]
    assert (result.status, result.kind, result.borrower, result.newer_version_of) == ("ok", "statement", "C001", None)
    found = bank.facts.active(LOCAL, "C001", LATER, "total_assets")
    assert [(fact.value, fact.period.end.isoformat()) for fact in found] == [
        (Decimal("76000000"), "2024-12-31"), (Decimal("80000000"), "2025-12-31"),
    ]  # fmt: skip
    assert found[1].source.page == 1 and found[1].source.box and found[1].borrower == "C001"
    assert result.facts == len(bank.facts.of_document(LOCAL, result.sha256)) and exit_code([result]) == 0
    assert {check["status"] for check in result.checks} <= {"ok", "cannot_tell"}
    assert bank.documents.list(LOCAL)[0].period_end == date(2025, 12, 31)
    assert bank.trail.verify(LOCAL).ok


def test_a_newer_version_of_the_same_statement_is_recognised(bank: Store, ingest: Ingest, tmp_path: Path) -> None:
    ingest(paper(tmp_path, "first.pdf"), received=date(2026, 3, 1))
    changed = {"货币资金": "1,300.00", "应收账款": "2,200.00"}
    second = ingest(paper(tmp_path, "second.pdf", **changed), received=date(2026, 4, 1))[0]
    assert second.newer_version_of == "first.pdf"
    assert "a newer version of first.pdf (received 2026-03-01): 2 values differ" in second.message
    cash = bank.facts.active(LOCAL, "C001", LATER, "cash_and_equivalents")
    assert [fact.value for fact in cash if fact.period.end.year == 2025] == [Decimal("13000000")]
    before = replace(LATER, known_at=datetime(2026, 3, 15, tzinfo=UTC))
    assert [
        fact.value for fact in bank.facts.active(LOCAL, "C001", before, "cash_and_equivalents") if fact.period.end.year == 2025
    ] == [Decimal("12000000")]


def test_a_statement_without_a_unit_gives_no_values_and_says_what_to_do(bank: Store, ingest: Ingest, tmp_path: Path) -> None:
    result = ingest(paper(tmp_path, "nounit.pdf", unit=""))[0]
    assert (result.status, result.facts) == ("partial", 0) and result.passages > 0
    assert "nounit.pdf, page 1" in result.message and "does not state its unit" in result.message and "万元" in result.message


def test_failed_identities_are_reported_and_the_values_kept(bank: Store, ingest: Ingest, tmp_path: Path) -> None:
    result = ingest(paper(tmp_path, "wrong.pdf", 资产总计="8,100.00"))[0]
    assert result.status == "ok" and result.facts > 0
    assert "checks failed: balance" in result.message and exit_code([result]) == 1
    assert any(check["status"] == "failed" and check["difference"] for check in result.checks)
    assert any(check["status"] == "failed" for check in bank.documents.list(LOCAL)[0].report["checks"])


def test_values_wait_until_the_document_has_a_borrower(store: Store, ingest: Ingest, tmp_path: Path) -> None:
    path = paper(tmp_path, "a.pdf")
    customers = [{"id": id, "name": "江州明远精密机械有限公司", "type": "sme"} for id in ("C1", "C2")]
    now = datetime(2026, 11, 1, tzinfo=UTC)
    store.borrowers.upsert_from_book(LOCAL, customers, "S", known_from=now, recorded_at=now)
    first = ingest(path)[0]
    assert (first.borrower, first.facts) == (None, 0) and "kept aside" in first.message
    second = ingest(path, borrower="C2")[0]
    assert second.borrower == "C2" and second.facts == len(store.facts.of_document(LOCAL, second.sha256)) > 0
    assert len(store.documents.list(LOCAL)) == 1 and store.trail.verify(LOCAL).ok


@pytest.mark.parametrize("name", ["cn_tigermed_2024q3.pdf", "amazon_2019.pdf"])
def test_a_real_filing_gives_facts_passages_and_its_company(filings: Path, name: str) -> None:
    extraction = extract_file(filings / name)
    assert extraction.kind == "statement" and extraction.status == "ok" and extraction.entity
    assert len(extraction.facts) > 50 and len(extraction.passages) > 20
    assert all(fact.source.document == name and fact.source.page and fact.source.box for fact in extraction.facts)
