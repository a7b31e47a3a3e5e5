"""Items that stand only in the notes are read where a row ties them to the face, and left alone where none does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from eval.sample_bank.bank import generate
from ingestion.extraction import Extraction
from ingestion.reading import extract_file

SHARED = Path(__file__).parents[2].parent / "shared" / "filings"


def noted(extraction: Extraction) -> dict[tuple[str, int], Decimal]:
    return {
        (f.item, f.period.end.year): f.value for f in extraction.facts if "from_notes" in f.flags and f.scope == "consolidated"
    }


def test_the_supplement_and_the_notes_of_a_chinese_report_are_read(tmp_path: Path) -> None:
    bank = generate(tmp_path, borrowers=1)
    (report,) = [p for p in bank.documents_dir.rglob("*.pdf") if "2025年度审计报告" in p.name]
    found = noted(extract_file(report))
    assert found[("depreciation_ppe", 2025)] == Decimal(9_000_000)
    assert found[("amortization_intangibles", 2024)] == Decimal(800_000)
    assert found[("current_portion_lt_debt", 2024)] == Decimal(8_400_000)
    assert found[("restricted_cash", 2025)] == Decimal(8_400_000)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real filings")
@pytest.mark.parametrize(
    ("file", "item", "year", "value"),
    [
        ("cn_600201_2020.pdf", "depreciation_ppe", 2020, "133317284.48"),
        ("cn_600201_2020.pdf", "depreciation_rou", 2020, None),
        ("cn_baicheng_2023.pdf", "amortization_lt_deferred", 2022, "10997273.51"),
    ],
)
def test_a_blank_row_of_the_supplement_is_not_given_its_neighbours_value(
    file: str, item: str, year: int, value: str | None
) -> None:
    found = noted(extract_file(SHARED / file))
    assert found.get((item, year)) == (Decimal(value) if value else None)
