"""The sample bank's stories told by tracing: what was misused and sent back is found to the cent, ordinary loans raise nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.charts.flow import flow_picture, flow_sheet
from assistant.charts.sheet import Words
from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from eval.sample_bank.bank import prepare
from ingestion.loan_book import import_loan_book
from integrations.cli.usage import usage as usage_command
from tests.tracing.cases import flags
from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.domain.use_shapes import usage_shape
from tools.errors import BadRequest
from tools.toolbox.desk import Desk
from tools.toolbox.registry import registry

AS_OF = date(2026, 10, 31)
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
HEALTHY = ("L002", "L005", "L011", "L024", "L028")
"""Loans of borrowers whose stories know nothing of misuse, with their drawing in an account."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    draft = prepare(folder / "papers", documents=False)
    draft.book.write(folder / "book")
    opened = open_bank(Settings(home=folder / "home"))
    import_loan_book(LOCAL, folder / "book", opened.store, opened.home, AS_OF, NOW)
    opened.close()
    return folder / "home"


@pytest.fixture(scope="module")
def bank(home: Path) -> Iterator[Bank]:
    opened = open_bank(Settings(home=home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(bank: Bank) -> Desk:
    return bank.desk(LOCAL, Clocks(AS_OF, NOW))


def test_the_story_of_l001_is_found_to_the_cent(desk: Desk) -> None:
    shape = usage_shape(desk.usage("L001"))
    fifo = shape["methods"]["fifo"]
    assert (shape["drawn"], shape["evidenced"], shape["evidenced_share"]) == ("20000000.00", "12000000.00", "0.6")
    assert (fifo["misuse"], fifo["misuse_share"][:6]) == ("11522727.27", "0.5761")
    assert shape["methods"]["pro_rata"]["misuse"] == "11500082.19"
    assert (shape["backflow"], shape["backflow_share"][:6], shape["unspent"]) == ("8800000.00", "0.7333", "0.00")
    assert {row["name"]: row["amount"] for row in fifo["by_destination"]} == {
        "江州明远置业有限公司": "1100000.00", "银证转账资金专户": "2000000.00", "江州市自然资源和规划局": "7922727.27",
        "江海银行结构性存款专户": "500000.00",
    }  # fmt: skip
    wanted = {"TXN-01": "red", "TXN-02": "red", "TXN-04": "orange", "TXN-06": "yellow", "DOC-02": "orange"}
    assert wanted.items() <= flags(desk.usage("L001")).items()


def test_a_red_flushed_invoice_and_a_new_payee_are_the_story_of_l022(desk: Desk) -> None:
    assert flags(desk.usage("L022")) == {"TXN-06": "yellow", "USE-07": "orange", "DOC-02": "orange"}


def test_payments_split_below_the_threshold_are_the_story_of_l020(desk: Desk) -> None:
    usage = desk.usage("L020")
    (found,) = [flag for flag in usage.flags if flag.rule.id == "USE-08"]
    assert (found.severity, found.measured.amount, found.measured.parties) == (
        "orange",
        1_210_0000_00,
        ("北川绝缘材料有限公司",),
    )
    assert len(found.measured.transactions) == 3
    assert not any(
        flag.rule.id == "USE-08" and flag.severity
        for loan in ("L001", "L008", "L018", "L021", "L025")
        for flag in desk.usage(loan).flags
    )


@pytest.mark.parametrize("loan", HEALTHY)
def test_ordinary_loans_raise_nothing(desk: Desk, loan: str) -> None:
    usage = desk.usage(loan)
    assert flags(usage) == {}
    assert usage.changed_use is False


def test_destinations_of_every_method_add_up_to_what_was_drawn(desk: Desk) -> None:
    for loan in ("L001", "L008", "L013", "L022", "L025"):
        usage = desk.usage(loan)
        for traced in usage.traces.values():
            assert sum(sum(tags.values()) for tags in traced.resting.values()) == usage.seen == usage.drawn


def test_whoever_may_not_see_the_payees_accounts_sees_the_trace_end_there(bank: Bank) -> None:
    officer = Caller(user="S001", role="officer", officer_id="S001")
    usage = bank.desk(officer, Clocks(AS_OF, NOW)).usage("L001")
    assert {account for account in usage.case.accounts} == {"A001", "A009"}
    assert usage.trace.misused == 110_0000_00 + 200_0000_00 + 50_0000_00
    assert usage.unfollowed == 1200_0000_00 + 350_0000_00
    assert bank.desk(LOCAL, Clocks(AS_OF, NOW)).usage("L001").unfollowed == 350_0000_00
    with pytest.raises(BadRequest, match="no loan 'L005'"):
        bank.desk(Caller(user="x", role="officer", officer_id="nobody"), Clocks(AS_OF, NOW)).usage("L005")


def test_of_a_large_register_only_the_payees_at_hand_are_read(desk: Desk, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.toolbox.usage.SMALL_REGISTER", 1)
    assert flags(bank.desk(LOCAL, Clocks(AS_OF, NOW)).usage("L001")) == flags(desk.usage("L001"))


def test_nothing_after_the_business_date_is_known_to_it(bank: Bank) -> None:
    usage = bank.desk(LOCAL, Clocks(date(2026, 3, 5), NOW)).usage("L001")
    assert [flow.transaction for flow in usage.trace.flows if flow.misused] == ["AT00051"]
    assert usage.unspent == 600_0000_00


def test_the_tool_ties_every_amount_to_account_lines_and_hides_their_numbers(desk: Desk) -> None:
    result = registry()["usage"].call(desk, {"loan": "L001"})
    rows = {f"{row.table}:{row.id}" for row in result.artifact.rows}
    values = {(v.name, v.about): v for v in result.artifact.values}
    assert str(values["misuse", "L001"].value) == "11522727.27"
    assert all(i in rows for v in result.artifact.values for i in v.inputs if i.startswith("account_transactions"))
    numbers = {row.columns["counterparty_account"] for row in result.artifact.rows if row.table == "account_transactions"}
    assert all(number is None or number.startswith("****") for number in numbers)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_band_of_the_picture_opens_to_its_payments(desk: Desk, language: str) -> None:
    usage = desk.usage("L001")
    text = flow_picture(usage, language, link=lambda id: f"/rows/{id}")
    for flow in usage.trace.flows:
        assert f'data-transactions="{flow.transaction}"' in text
        assert f'href="/rows/{flow.transaction}"' in text
    assert text == flow_picture(usage, language, link=lambda id: f"/rows/{id}")
    words = [mark for mark in flow_sheet(usage, language).marks if isinstance(mark, Words)]
    touching = [
        (a.text, b.text)
        for n, a in enumerate(words)
        for b in words[n + 1 :]
        if replace(a, halo=False).meets(b) and abs(a.y - b.y) < 5
    ]
    assert touching == []


def test_the_command_writes_the_interfaces_shape_and_the_picture(home: Path, tmp_path: Path) -> None:
    run = CliRunner()
    done = run.invoke(
        usage_command, ["L001", "--home", str(home), "--as-of", "2026-10-31", "--json", "--picture", str(tmp_path / "l001.svg")]
    )
    assert done.exit_code == 0, done.output
    shape: dict[str, Any] = json.loads(done.stdout)
    assert {"loan", "as_of", "drawn", "evidenced", "evidenced_share", "missing_evidence", "methods", "backflow", "backflow_share", "unspent",
            "flags", "edges"} <= shape.keys()  # fmt: skip
    edge = next(edge for edge in shape["edges"] if edge["transaction"] == "AT00136")
    assert (edge["from"], edge["amount"], edge["category"], edge["loan_part"]["fifo"]) == (
        "A009",
        "8500000.00",
        "real_estate",
        "7922727.27",
    )
    assert (tmp_path / "l001.svg").read_text(encoding="utf-8").startswith("<svg")
    table = run.invoke(usage_command, ["L001", "--home", str(home), "--as-of", "2026-10-31", "--language", "zh"])
    assert "贷款资金11,522,727.27元" in table.output
