"""Items that stand only in the notes are read where a row ties them to the face, and left alone where none does."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

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


def _workbook(path: Path) -> Path:
    """Group and parent side by side, the supplement on a sheet of its own; made up."""
    scopes = ["2025年度\n合并", "2024年度\n合并", "2025年度\n母公司", "2024年度\n母公司"]
    income = [
        ["一、营业收入", 9640, 9120, 5810, 5590], ["减：营业成本", 8160, 7700, 4960, 4760], ["二、营业利润（亏损以“-”号填列）", 1480, 1420, 850, 830],
        ["三、利润总额（亏损总额以“-”号填列）", 1480, 1420, 850, 830], ["减：所得税费用", 370, 350, 210, 200],
        ["四、净利润（净亏损以“-”号填列）", 1110, 1070, 640, 630],
    ]  # fmt: skip
    supplement = [
        ["净利润", 1110, 1070, 640, 630],
        ["加：资产减值准备", 1, 1, 0, 0],
        ["固定资产折旧", 29.82, 25.3, 20.19, 16.09],
    ]
    book = Workbook()
    for at, (title, rows) in enumerate((("利润表", income), ("现金流量表补充资料", supplement))):
        sheet = book.create_sheet(title, at)
        sheet.append(["某某供应链集团有限公司"])
        sheet.append([f"{title}  单位：人民币万元"])
        sheet.append(["项目", *scopes])
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_supplement_in_cells_is_read_for_the_group_and_its_parent(tmp_path: Path) -> None:
    extraction = extract_file(_workbook(tmp_path / "annual.xlsx"), kind="statement")
    read = {(f.scope, f.period.end.year): f for f in extraction.facts if f.item == "depreciation_ppe"}
    assert {key: fact.value for key, fact in read.items()} == {
        ("consolidated", 2025): 298_200, ("consolidated", 2024): 253_000, ("parent", 2025): 201_900, ("parent", 2024): 160_900}  # fmt: skip
    assert read["parent", 2024].source.locator == "现金流量表补充资料!E6"


def test_depreciation_on_a_sheet_of_its_own_is_taken_when_the_sheet_says_period_and_unit(tmp_path: Path) -> None:
    book = load_workbook(_workbook(tmp_path / "annual.xlsx"))
    del book["现金流量表补充资料"]
    sheet = book.create_sheet("附注")
    for row in (
        ["附注：折旧与摊销"],
        ["金额单位：人民币元"],
        ["项目", "2025年度", "2024年度"],
        ["固定资产折旧", 409_861.72, 413_440],
        ["无形资产摊销", 5_314.32, None],
    ):
        sheet.append(row)
    book.save(tmp_path / "small.xlsx")
    read = noted(extract_file(tmp_path / "small.xlsx", kind="statement"))
    assert read == {
        ("depreciation_ppe", 2025): Decimal("409861.72"), ("depreciation_ppe", 2024): 413_440,
        ("amortization_intangibles", 2025): Decimal("5314.32")}  # fmt: skip

    sheet["A2"] = "折旧政策见附注三"
    book.save(tmp_path / "no_unit.xlsx")
    assert noted(extract_file(tmp_path / "no_unit.xlsx", kind="statement")) == {}
