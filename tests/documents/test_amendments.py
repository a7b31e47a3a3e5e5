"""Amendments and waivers as papers of their own supersede clause by clause, and only when a named person confirms."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import load_settings
from assistant.wiring import open_bank
from ingestion.contracts.amendments import load_edit_words
from ingestion.pipeline import IngestOptions, ingest_paths
from ingestion.reading import extract_bytes
from integrations.cli.entry import run
from tools.domain.callers import LOCAL
from tools.domain.clause_keys import clause_key

CONTRACT = """流动资金借款合同

合同编号：JH-2026-018

甲方（借款人）：江州明远精密机械有限公司
乙方（贷款人）：江海银行股份有限公司江州分行

签订日期：2026年3月2日

第八条 财务约束

（一）借款人应确保偿债备付率不低于1.20，每个会计年度末测算。

（二）借款人应确保合并口径资产负债率不高于65%，每半年末测算。

第九条 违约责任

本合同一式两份。
"""
AMENDMENT = """补充协议

编号：JH-2026-018-补1

甲方（借款人）：江州明远精密机械有限公司
乙方（贷款人）：江海银行股份有限公司江州分行

鉴于双方于2026年3月2日签订《流动资金借款合同》（合同编号：JH-2026-018，以下称“原合同”），经协商一致，达成如下补充协议：

第一条 原合同第八条第（二）项修改为：“借款人应确保合并口径资产负债率不高于70%，每半年末测算。”

第二条 贷款人同意豁免借款人2026年6月30日测算日对原合同第八条第（一）项的遵守。

第三条 本补充协议签订日期为2026年8月5日，其余条款不变。
"""
ENGLISH = """FIRST AMENDMENT AND WAIVER TO CREDIT AGREEMENT

This First Amendment dated as of August 5, 2026 is between Harbour Foods Limited (the "Borrower") and First Bank (the "Lender") and amends the Credit Agreement dated March 12, 2026.

1. Amendment. Section 6.1 of the Credit Agreement is hereby amended and restated in its entirety to read as follows: "6.1 The Borrower shall ensure that the ratio of Total Debt to EBITDA for any Relevant Period shall not exceed 4.50:1, tested quarterly on a consolidated basis."

2. Waiver. The Lender hereby waives compliance with Section 6.2 for the fiscal quarter ending June 30, 2026.

3. Deletion. Section 6.3 of the Credit Agreement is hereby deleted in its entirety.

IN WITNESS WHEREOF the parties hereto have signed.
"""


def edits(text: str) -> list[tuple[str, str, list[str]]]:
    found = extract_bytes(text.encode(), "a.txt")
    assert found.kind == "contract"
    return [(e["kind"], e["key"], e["test_dates"]) for e in found.details["edits"]]


def test_each_change_names_its_clause_in_both_languages() -> None:
    assert edits(AMENDMENT) == [("amendment", "8(2)", []), ("waiver", "8(1)", ["2026-06-30"])]
    assert edits(ENGLISH) == [("amendment", "6.1", []), ("waiver", "6.2", ["2026-06-30"]), ("deletion", "6.3", [])]


def test_a_contract_is_no_amendment_of_itself() -> None:
    assert edits(CONTRACT) == []


def test_the_amended_covenant_says_what_it_replaces() -> None:
    (covenant,) = extract_bytes(AMENDMENT.encode(), "a.txt").covenants
    assert covenant["threshold"] == "0.7" and covenant["amends"] == {
        "clause": "第八条第（二）项",
        "key": "8(2)",
        "number": "JH-2026-018",
        "date": "2026-03-02",
    }


@pytest.mark.parametrize(("printed", "key"), [
    ("第八条第（二）项", "8(2)"), ("第八条（二）", "8(2)"), ("第7.2条", "7.2"), ("Section 6.10(d)", "6.10(d)"), ("第十二条第三款", "12(3)"), ("（二）", ""),
])  # fmt: skip
def test_one_spelling_for_clauses(printed: str, key: str) -> None:
    assert clause_key(printed) == key


def test_the_wording_holds_its_examples() -> None:
    assert {kind for kind, _ in load_edit_words().kinds} == {"amendment", "deletion", "waiver"}


def ingest(home: str, *paths: Path) -> None:
    bank = open_bank(load_settings({"home": Path(home)}))
    results = ingest_paths(LOCAL, paths, bank.store, lambda: datetime.now(UTC), IngestOptions(workers=0))
    bank.close()
    assert [result.status for result in results] == ["ok"] * len(paths)


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    home = str(tmp_path / "home")
    for name, text in (("contract.txt", CONTRACT), ("amendment.txt", AMENDMENT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    ingest(home, tmp_path / "contract.txt", tmp_path / "amendment.txt")

    def command(*arguments: str) -> Any:
        capsys.readouterr()
        assert run([*arguments, "--home", home, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return command


def test_an_amended_clause_is_offered_instead_of_the_old_one(ask: Callable[..., Any]) -> None:
    offered = {c["clause"]: c["threshold"] for c in ask("covenants", "--proposed")}
    assert offered == {"第八条（一）": "1.20", "第一条": "0.7"}
    amended, waived = ask("covenants", "edits")
    assert amended["kind"] == "amendment" and len(amended["covenants"]) == 1 and len(amended["replaced_by"]) == 1
    assert waived["kind"] == "waiver" and len(waived["covenants"]) == 1 and waived["test_dates"] == ["2026-06-30"]


def test_a_confirmed_clause_stays_until_its_replacement_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")
    (tmp_path / "contract.txt").write_text(CONTRACT, encoding="utf-8")
    (tmp_path / "amendment.txt").write_text(AMENDMENT, encoding="utf-8")

    def ask(*arguments: str) -> Any:
        capsys.readouterr()
        assert run([*arguments, "--home", home, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    ingest(home, tmp_path / "contract.txt")
    old = next(c["covenant"] for c in ask("covenants", "--proposed") if c["threshold"] == "0.65")
    ask("covenants", "confirm", old)
    ingest(home, tmp_path / "amendment.txt")
    assert old in {c["covenant"] for c in ask("covenants")}
    (new,) = [c["covenant"] for c in ask("covenants", "--proposed") if c["threshold"] == "0.7"]
    ask("covenants", "confirm", new)
    tested = {c["covenant"] for c in ask("covenants")}
    assert new in tested and old not in tested
