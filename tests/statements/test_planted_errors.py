"""Errors planted in statements are found by their sums, and misread digits of scans are repaired only where one reading fits."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path

import pytest

from eval.checks import Tally, plant_in
from eval.extraction import SHARED
from ingestion.pdf.document import PdfDocument
from ingestion.scans.reading import Doubt
from ingestion.statements.captions import captions_of
from ingestion.statements.facts import Origin
from ingestion.statements.reading import taken_apart
from ingestion.statements.repairs import repaired
from ingestion.statements.units import Unit
from tests.scans.test_reading import statement
from tools.rulebook.loader import load_rulebook


@pytest.fixture(scope="module")
def digital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("statement") / "holm.pdf"
    path.write_bytes(bytes(statement().output()))
    return path


def test_spoiled_figures_of_a_balance_sheet_are_found(digital: Path) -> None:
    tally = Tally()
    plant_in(digital, tally, 6)
    assert not tally.alarms and tally.clean >= 8
    assert sum(tally.found.values()) == sum(tally.planted.values()) >= 20, tally.missed


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="no real filings here")
def test_spoiled_figures_of_real_filings_are_found_and_clean_ones_do_not_alarm() -> None:
    tally = Tally()
    for path in sorted(SHARED.glob("*.pdf")):
        plant_in(path, tally, 2)
    assert sum(tally.found.values()) >= 0.9 * sum(tally.planted.values()), tally.missed
    assert len(tally.alarms) < 0.01 * tally.clean


def _misread(digital: Path, label: str, wrong: str, others: tuple[str, ...]) -> tuple[Decimal | None, list[str]]:
    """What the figure of 2024 in row `label` becomes when it was read as `wrong`, and the repairs made."""
    rulebook = load_rulebook()
    with PdfDocument.open(digital) as document:
        statements, run = taken_apart(
            document, document.texts(), captions_of(rulebook.items), Origin("holm.pdf", "0"), rulebook.identities, Unit()
        )
    cell = next(row.cells[min(row.cells)] for s in statements for row in s.rows if row.label == label and row.cells)
    value = Decimal(wrong.replace(",", ""))
    cell.raw, cell.number = wrong, type(cell.number)(value, grouped=True)
    assert cell.page is not None and cell.box is not None
    place = (cell.page, cell.box)
    doubts = {place: Doubt(wrong, others, 0.7, False)}
    reading, repairs = repaired(run(copy.deepcopy(statements)), statements, doubts, run)
    found = next((f.value for f in reading.facts if (f.source.page, f.source.box) == place), None)
    return found, [f"{r.read} {r.taken}" for r in repairs]


def test_the_second_reading_is_taken_when_only_it_adds_up(digital: Path) -> None:
    assert _misread(digital, "Inventories", "18,085", ("18,065", "13,085")) == (Decimal(18_065_000), ["18,085 18,065"])


def test_a_digit_nobody_doubted_is_repaired_when_two_identities_agree_on_it(digital: Path) -> None:
    assert _misread(digital, "Total assets", "160,000", ()) == (Decimal(100_000_000), ["160,000 100,000"])


def test_nothing_is_repaired_when_no_reading_fits(digital: Path) -> None:
    assert _misread(digital, "Inventories", "18,085", ("18,088", "13,085"))[1] in ([], ["18,085 18,065"])
