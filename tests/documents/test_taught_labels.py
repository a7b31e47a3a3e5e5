"""A mapping corrected once is read that way in the borrower's next statement, and no more once the correction is taken back."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assistant.settings import load_settings
from assistant.wiring import open_bank
from ingestion.pipeline import IngestOptions, ingest_paths
from ingestion.reading import extract_bytes
from ingestion.statements.own_labels import OwnLabel, own_labels
from integrations.cli.entry import run
from tools.domain.callers import LOCAL
from tools.errors import SettingsError
from tools.rulebook.loader import load_rulebook

NAME = "江州明远精密机械有限公司"
LABEL = "应收款项类投资"


def sheet(year: int, receivable: int, label: str = "应收款项类投资") -> bytes:
    """A small balance sheet that adds up, with one line the chart knows by another meaning than this company's."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "资产负债表"
    cash, fixed, payable = 10_000, 30_000, 15_000
    assets = cash + receivable + 4000 + fixed
    rows = [
        ("资产负债表",), (f"编制单位：{NAME}", None, f"{year}年12月31日", "单位：元"), ("项目", "行次", "期末余额", "年初余额"), ("流动资产：",),
        ("货币资金", 1, cash, 9000), ("应收账款", 2, 4000, 3000), (label, 3, receivable, 6500), ("流动资产合计", 4, cash + 4000 + receivable, 18500),
        ("非流动资产：",), ("固定资产", 5, fixed, 29000), ("非流动资产合计", 6, fixed, 29000), ("资产总计", 7, assets, 47500), ("流动负债：",),
        ("应付账款", 8, payable, 14000), ("流动负债合计", 9, payable, 14000), ("负债合计", 10, payable, 14000), ("所有者权益：",),
        ("实收资本", 11, 20000, 20000), ("未分配利润", 12, assets - payable - 20000, 13500), ("所有者权益合计", 13, assets - payable, 33500),
        ("负债和所有者权益总计", 14, assets, 47500),
    ]  # fmt: skip
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def items(data: bytes, *labels: OwnLabel) -> dict[str, str]:
    found = extract_bytes(data, "a.xlsx", kind="statement", labels=labels)
    return {
        fact.label: fact.item for fact in found.facts if fact.period.end.year == max(f.period.end.year for f in found.facts)
    }


def test_an_own_label_goes_before_the_chart_and_is_named() -> None:
    own = OwnLabel("balance_sheet", "应收款项类投资", "other_receivables", "X-1")
    found = extract_bytes(sheet(2024, 7000), "a.xlsx", kind="statement", labels=[own])
    fact = next(fact for fact in found.facts if fact.label == "应收款项类投资" and fact.value == 7000)
    assert fact.item == "other_receivables" and "taught" in fact.flags
    assert any("as taught by X-1" in message.text for message in found.messages)
    assert items(sheet(2024, 7000)).get("应收款项类投资") != "other_receivables"


def test_a_banks_file_of_labels(tmp_path: Path) -> None:
    known = frozenset(load_rulebook().items)
    path = tmp_path / "labels.yaml"
    path.write_text(
        "labels:\n  - {item: other_receivables, statement: balance_sheet, match: [应收款项类投资]}\n", encoding="utf-8"
    )
    (own,) = own_labels(path, known)
    assert items(sheet(2024, 7000), own)["应收款项类投资"] == "other_receivables"
    path.with_name("b.yaml").write_text(
        "labels:\n  - {item: nothing_such, statement: balance_sheet, match: [x]}\n", encoding="utf-8"
    )
    with pytest.raises(SettingsError, match="nothing_such"):
        own_labels(path.with_name("b.yaml"), known)


def test_taught_once_applied_to_the_next_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(tmp_path / "home")

    def ask(*arguments: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert run([*arguments, "--home", home, "--json"]) == 0
        out = json.loads(capsys.readouterr().out)
        return out if isinstance(out, list) else [out]

    def ingest(year: int, value: int) -> dict[str, Any]:
        path = tmp_path / f"{year}.xlsx"
        path.write_bytes(sheet(year, value))
        bank = open_bank(load_settings({"home": Path(home)}))
        (result,) = ingest_paths(LOCAL, [path], bank.store, lambda: datetime.now(UTC), IngestOptions(workers=0))
        borrower = str(result.borrower)
        bank.close()
        facts = ask("facts", "--borrower", borrower)
        return {fact["label"]: fact["item"] for fact in facts if fact["period_end"] == f"{year}-12-31"} | {"borrower": borrower}

    first = ingest(2022, 7000)
    borrower = first["borrower"]
    assert LABEL not in first
    (taught,) = ask(
        "correct",
        "label",
        LABEL,
        "other_receivables",
        "--borrower",
        borrower,
        "--statement",
        "balance_sheet",
        "--reason",
        "往来款",
    )
    (fact,) = [f for f in ask("facts", "--borrower", borrower) if f["label"] == "应收账款" and f["period_end"] == "2022-12-31"]
    (made,) = ask("correct", "mapping", fact["id"], "contract_assets", "--reason", "该公司此行为合同资产")
    second = ingest(2023, 8000)
    assert second[LABEL] == "other_receivables" and second["应收账款"] == "contract_assets"
    facts = ask("facts", "--borrower", borrower, "--item", "other_receivables")
    assert {f["period_end"]: Decimal(f["value"]) for f in facts}["2023-12-31"] == 8000
    assert next(f for f in facts if f["period_end"] == "2023-12-31")["flags"] == ["taught"]
    assert {c["correction"] for c in ask("correct", "list", "--borrower", borrower)} == {
        made["correction"],
        taught["correction"],
    }
    for id in (made["correction"], taught["correction"]):
        ask("correct", "reverse", id, "--reason", "看错了")
    third = ingest(2024, 9000)
    assert LABEL not in third and third["应收账款"] == "accounts_receivable"
    acts = [entry["act"] for entry in ask("trail", "search")]
    assert acts.count("correct") == 4
    assert ask("trail", "verify")[0]["ok"]
