"""Whole agreements: schedules read from cells and from ruled lines, parties by the names the contract gives them, nothing invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eval.agreements.running import judged
from eval.agreements.setting import as_pdfs
from ingestion.contracts.comparisons import comparisons
from ingestion.contracts.ordinals import ordinal_steps
from ingestion.contracts.printed_tables import blocks_with_tables
from ingestion.contracts.reading import read_contract
from ingestion.contracts.steps import inline_steps, respective_steps
from ingestion.pdf.document import PdfDocument
from ingestion.readers.plain import markdown_reading

SCHEDULE = """# Schedule 1

The levels below are those of Clause 20.

| Test Date | Leverage not above | Interest Cover not below |
| 30 June 2026 | 4.50 | 2.50 |
| 31 December 2026 and each Test Date after that | 4.00 | 3.00 |

20.1 The Borrower shall keep proper books.
"""


def read(text: str) -> list[dict[str, object]]:
    return read_contract(markdown_reading(text).blocks, "a" * 64, "c.md").covenants


@pytest.mark.parametrize("form", ["md", "docx"])
def test_agreements_are_read_whole(form: str) -> None:
    for made in judged(forms=(form,)):
        assert not made.invented, (made.case, made.invented)
        assert made.right.total() >= 0.97 * made.asked.total(), (made.case, made.faults)


@pytest.mark.slow
def test_agreements_are_read_whole_from_their_print() -> None:
    for made in judged(forms=("pdf",)):
        assert not made.invented, (made.case, made.invented)
        assert made.right.total() >= 0.97 * made.asked.total(), (made.case, made.faults)


def test_a_ruled_schedule_on_a_page_keeps_its_cells_between_the_clauses(tmp_path: Path) -> None:
    path = tmp_path / "schedule.pdf"
    as_pdfs({path: (SCHEDULE, "en")})
    with PdfDocument.open(path) as document:
        blocks = blocks_with_tables(document, document.texts())
    rows = [block.cells for block in blocks if block.role == "row"]
    assert rows[0] == ("Test Date", "Leverage not above", "Interest Cover not below")
    assert rows[2] == ("31 December 2026 and each Test Date after that", "4.00", "3.00")
    assert blocks[-1].text.startswith("20.1")


def test_limits_by_the_count_of_test_dates_need_the_day_they_are_counted_from() -> None:
    text = "4.50:1.00 for the first four fiscal quarters ending after the Closing Date and 4.00:1.00 for each fiscal quarter thereafter"
    steps = ordinal_steps(text, "x", date(2026, 2, 16), "quarterly")
    assert [(step.threshold, step.since, step.until) for step in steps] == [
        (Decimal("4.50"), None, date(2026, 12, 31)), (Decimal("4.00"), date(2027, 1, 1), None),
    ]  # fmt: skip
    assert ordinal_steps(text, "x", None, "quarterly") == []


def test_years_and_limits_side_by_side() -> None:
    steps = respective_steps("2026年至2028年分别不高于5.0、4.5、4.0", "x")
    assert [(step.threshold, step.since) for step in steps] == [
        (Decimal("5.0"), date(2026, 1, 1)), (Decimal("4.5"), date(2027, 1, 1)), (Decimal("4.0"), date(2028, 1, 1)),
    ]  # fmt: skip
    assert respective_steps("2026年至2028年分别不高于5.0、4.5", "x") == []


def test_a_guarantors_short_name_is_followed() -> None:
    found = read("保证人（丙方）：东川控股有限公司\n\n5.1 乙方资产负债率应不高于70%。\n\n5.2 丙方资产负债率应不高于72%。\n")
    assert {c["metric"]: c["threshold"] for c in found} == {"debt_to_assets": "0.7", "debt_to_assets_guarantor": "0.72"}


def test_a_table_of_what_the_figures_were_is_no_schedule() -> None:
    head = "第六条 财务指标约束\n\n| 项目 | 资产负债率 | 流动比率 |\n| --- | --- | --- |\n"
    assert read(f"{head}| 2024年实际 | 65% | 1.1 |\n| 2025年实际 | 63% | 1.2 |\n") == []


def test_a_whole_number_and_a_year_behind_a_full_width_comma_are_two_numbers() -> None:
    steps = inline_steps("6，2027年不高于5.5", "x")
    assert steps[0].threshold == Decimal(6)


def test_a_negation_in_the_subject_turns_the_bound() -> None:
    text = "Neither the Borrower nor any Subsidiary will make Capital Expenditures which are greater than $8,000,000"
    assert [bound.operator for bound in comparisons(text)] == ["<="]
