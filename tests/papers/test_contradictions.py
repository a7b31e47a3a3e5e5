"""Papers filed, listed, held against the book, and contradicting notes and meters: through the commands people use."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import load_settings
from assistant.wiring import Bank, open_bank
from eval.sample_bank.papers.press import print_papers
from eval.sample_bank.papers.slips import bank_flow_csv
from eval.sample_bank.papers.vouchers import power_bill
from integrations.cli.entry import run
from tools.domain.callers import LOCAL
from tools.domain.contradictions import Evidence, Measured, Noted, Trend, contradictions
from tools.domain.disagreements import Claim
from tools.domain.periods import Clocks
from tools.rulebook.contradiction_rules import load_contradictions
from tools.toolbox.registry import registry

D = Decimal
NAME, NUMBER = "江州明远精密机械有限公司", "6222080200117762345"
MOVES = [
    (date(2026, 7, 6), "in", D("1860000"), "东港船舶配套有限公司", "6222000000003371", "货款"),
    (date(2026, 7, 15), "out", D("610000"), "国家金库江州市中心支库", "", "税款"),
    (date(2026, 8, 5), "in", D("1420000"), "华川农机有限公司", "6222000000001180", "货款"),
    (date(2026, 9, 18), "out", D("120000"), "江州晟合贸易有限公司", "6230000000005512", "材料款"),
]
NOTE = """# 贷后走访记录

- **借款人**：江州明远精密机械有限公司
- **走访时间**：2026-10-20 14:00
- **走访人（双人）**：李*、王*

## 现场所见

6条产线开工4条，单班。

## 核验

9月用电31.2万度，同比-34%。

## 对方陈述

“订单很满。”无拖欠工资。

## 差异

抽查工资表，8月拖欠工资。

## 跟进

10月27日前提供检修单。
"""


def _csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank that keeps the account, a statement of it with one altered amount and one line left out, a note, a power bill."""
    root = tmp_path_factory.mktemp("bank")
    book, papers = root / "book", root / "in"
    papers.mkdir()
    _csv(book / "customers.csv", [{"id": "C1", "name": NAME, "type": "corporate"}])
    _csv(book / "loans.csv", [{
        "id": "L1", "customer_id": "C1", "type": "working_capital", "purpose": "采购钢材", "currency_code": "CNY", "orig_notional": 20000000, "balance": 20000000,
        "rate": "0.0435", "start_date": "2026-03-02", "end_date": "2027-03-01", "repayment_type": "interest_only", "repayment_frequency": "monthly",
    }])  # fmt: skip
    _csv(
        book / "accounts.csv",
        [{"id": "A1", "customer_id": "C1", "bank": "江北银行", "number": NUMBER, "type": "operating", "currency_code": "CNY"}],
    )
    booked = [*MOVES, (date(2026, 8, 21), "out", D("152400"), "江北银行", "", "贷款利息")]
    _csv(book / "account_transactions.csv", [
        {"id": f"AT{n}", "account_id": "A1", "value_date": m[0], "direction": m[1], "amount": m[2] * (10 if n == 3 else 1), "currency_code": "CNY", "counterparty_name": m[3]}
        for n, m in enumerate(booked)
    ])  # fmt: skip
    _csv(book / "operations.csv", [
        {"id": "OP1", "customer_id": "C1", "date": "2026-09-30", "measure": "electricity_kwh", "value": 420000, "unit": "kWh", "source": "供电公司"}
    ])  # fmt: skip
    bank_flow_csv(papers / "flow.csv", NAME, NUMBER, "江北银行", D(2_310_640), MOVES)
    (papers / "note.md").write_text(NOTE, encoding="utf-8")
    bill = power_bill(
        "3208", NAME, "国网江州供电公司", date(2026, 9, 1), date(2026, 9, 30), D(262_000), D("0.67"), date(2026, 10, 5)
    )
    print_papers({papers / "power.pdf": bill})
    assert run(["import", str(book), "--home", str(root / "home"), "--book-date", "2026-11-20"]) == 0
    assert run(["ingest", str(papers), "--home", str(root / "home"), "--no-vectors", "--received", "2026-10-20"]) in (0, 1)
    return root / "home"


Ask = Callable[..., Any]


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """One command's JSON."""

    def command(*arguments: str) -> Any:
        capsys.readouterr()
        assert run([*arguments, "--home", str(home), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def bank(home: Path) -> Bank:
    """The opened bank."""
    return open_bank(load_settings({"home": home}))


def test_movements_are_listed_with_their_place(ask: Ask) -> None:
    found = ask("transactions", "--borrower", "C1")
    assert [(m["value_date"], m["direction"], m["amount"]) for m in found] == [
        (m[0].isoformat(), m[1], f"{m[2]:.2f}") for m in MOVES
    ]
    assert found[0]["locator"] == "line 4" and found[0]["account"] == NUMBER and found[0]["borrower"] == "C1"
    assert len(ask("transactions", "--borrower", "C1", "--from", "2026-08-01")) == 2


def test_papers_are_listed_by_kind(ask: Ask) -> None:
    found = ask("papers", "--borrower", "C1", "--kind", "electricity_bill")
    assert [(p["kind"], p["amount"], p["measures"][0]["value"]) for p in found] == [("electricity_bill", "175540.00", "262000")]
    assert ask("papers", "--borrower", "C1", "--kind", "vat_invoice") == []


def test_the_statement_is_held_against_the_book(ask: Ask) -> None:
    found = {one["rule"]: one for one in ask("contradictions", "--borrower", "C1")}
    altered = found["account_line_altered"]
    assert altered["severity"] == "red" and [s["value"] for s in altered["sources"]] == ["120000.00", "1200000.00"]
    assert [s["kind"] for s in altered["sources"]] == ["transaction", "row"] and altered["sources"][0]["locator"] == "line 7"
    missing = found["account_line_missing_on_paper"]
    assert missing["sources"][0]["id"] == "account_transactions:AT4"


def test_notes_meters_and_papers_contradict_each_other(ask: Ask) -> None:
    found = {one["rule"]: one for one in ask("contradictions", "--borrower", "C1")}
    assert {"CTR-07", "CTR-08", "CTR-12", "CTR-14", "CTR-20"} <= set(found)
    assert [D(s["value"]) for s in found["CTR-07"]["sources"]] == [312000, 420000]
    opposite = found["CTR-12"]["sources"]
    assert [s["said_by"] for s in opposite] == ["told", "checked"] and all(s["document"] == "note.md" for s in opposite)
    assert "CTR-06" not in found  # four of six lines is more than the rule's limit


def test_an_earlier_day_knows_less(bank: Bank) -> None:
    desk = bank.desk(LOCAL, Clocks(date(2026, 8, 31), datetime(2026, 12, 1, tzinfo=UTC)))
    assert {one.rule for one in desk.contradictions("C1")} == {"account_line_missing_on_paper"}


def test_the_tools_say_it_with_sums_and_marks(bank: Bank) -> None:
    desk = bank.desk(LOCAL, Clocks(date(2026, 11, 20), datetime(2026, 12, 1, tzinfo=UTC)))
    lines = registry()["account_lines"].call(desk, {"borrower": "C1"})
    assert {v.name: v.value for v in lines.artifact.values if v.unit == "currency"} == {
        "account_lines_in": D("3280000.00"),
        "account_lines_out": D("730000.00"),
    }
    assert all(row.columns["account"] == "****2345" for row in lines.artifact.rows)
    told = registry()["contradictions"].call(desk, {"borrower": "C1"})
    assert "account_line_altered" in told.text and told.artifact.passages


def test_the_trail_vouches_for_lines_and_records(bank: Bank) -> None:
    from sqlalchemy import text

    assert bank.store.trail.verify(LOCAL).ok
    with bank.store.engine.connect().execution_options(loanward_write=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER account_lines_keeps_values")
        connection.execute(text("UPDATE account_lines SET amount = '120001.00' WHERE amount = '120000.00'"))
        connection.commit()
    found = bank.store.trail.verify(LOCAL)
    assert not found.ok and found.first_bad is not None and "account_line" in found.first_bad.reason
    with bank.store.engine.connect().execution_options(loanward_write=True) as connection:
        connection.execute(text("UPDATE account_lines SET amount = '120000.00' WHERE amount = '120001.00'"))
        connection.commit()


CLAIM = Claim("observation", "n1#o1", "lines_idle", "two lines idle", D(2), "line", date(2026, 9, 1), "seen")


def _noted(**more: Any) -> Noted:
    said: dict[str, Any] = {
        "topic": "lines_idle",
        "said_by": "seen",
        "visited": date(2026, 9, 1),
        "document": "n1",
        "claim": CLAIM,
        "value": D(2),
    }
    return Noted(**(said | more))


def _rules_hit(noted: Sequence[Noted], trends: Sequence[Trend] = (), measured: Sequence[Measured] = ()) -> set[str]:
    rules, _ = load_contradictions()
    return {one.rule for one in contradictions(rules, Evidence("C1", noted, trends, measured))}


RISING = [Trend("revenue", date(2026, 6, 30), D("0.08"), (Claim("fact", "f1", "revenue", "revenue up"),))]


def test_two_lines_idle_against_rising_revenue() -> None:
    assert _rules_hit([_noted()], RISING) == {"CTR-01"}


def test_hearsay_negation_and_plans_are_no_observation() -> None:
    assert _rules_hit([_noted(said_by="told")], RISING) == set()
    assert _rules_hit([_noted(negated=True)], RISING) == set()
    assert _rules_hit([_noted(planned=True)], RISING) == set()


def test_a_statement_of_another_time_says_nothing_of_the_visit() -> None:
    assert _rules_hit([_noted(visited=date(2024, 9, 1))], RISING) == set()


def test_the_nearest_statement_speaks() -> None:
    later = Trend("revenue", date(2026, 9, 30), D("-0.2"), (Claim("fact", "f2", "revenue", "revenue down"),))
    assert _rules_hit([_noted()], [*RISING, later]) == set()


def test_fewer_lines_than_at_the_visit_before() -> None:
    before = _noted(
        topic="lines_running",
        value=D(6),
        visited=date(2026, 4, 1),
        document="n0",
        claim=Claim("observation", "n0#o1", "lines_running", "six run"),
    )
    now = _noted(topic="lines_running", value=D(4), claim=Claim("observation", "n1#o2", "lines_running", "four run"))
    assert _rules_hit([before, now]) == {"CTR-10"}
    assert (
        _rules_hit(
            [now, _noted(topic="lines_running", value=D(3), visited=date(2026, 4, 1), document="n0", claim=before.claim)]
        )
        == set()
    )
