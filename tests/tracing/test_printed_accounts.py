"""Accounts at other banks, known from the statements of account a borrower sent, and papers read from documents, in the trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import as_csv, customer, loan, payment
from tests.tracing.cases import flags
from tools.domain.account_lines import AccountLine
from tools.domain.callers import LOCAL
from tools.domain.facts import Source
from tools.domain.paper_records import PaperRecord
from tools.domain.periods import Clocks
from tools.domain.use_shapes import usage_shape
from tools.store.documents import Document
from tools.toolbox.registry import registry

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CLOCKS = Clocks(date(2026, 5, 31), NOW)
NAME = "江州恒远机械有限公司"
D = Decimal


def line(
    id: str, day: str, way: str, amount: str, balance: str, party: str, memo: str, sequence: int, **more: str
) -> dict[str, str]:
    return {
        "id": id, "account_id": "A1", "value_date": day, "direction": way, "amount": amount, "currency_code": "CNY", "balance_after": balance,
        "counterparty_name": party, "memo": memo, "sequence": str(sequence), **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder: Path = tmp_path_factory.mktemp("book")
    tables = {
        "customers": [customer("C1", name=NAME)],
        "loans": [
            loan("L1", "C1", start_date="2026-03-02", end_date="2027-03-01", payment_control="entrusted", balance="1000000.00")
        ],
        "accounts": [
            {
                "id": "A1",
                "customer_id": "C1",
                "bank": "江海银行",
                "number": "6230000000000001",
                "type": "operating",
                "currency_code": "CNY",
            }
        ],
        "loan_transactions": [payment("T1", "L1", "2026-03-02", "1000000.00", type="drawdown", account_id="A1")],
        "account_transactions": [
            line("X1", "2026-03-02", "in", "1000000.00", "1000000.00", "江海银行", "贷款发放 L1", 1, loan_id="L1"),
            line("X2", "2026-03-03", "out", "600000.00", "400000.00", f"{NAME}（江北银行户）", "划转", 2),
            line("X3", "2026-03-05", "out", "400000.00", "0.00", "江州宏达钢材有限公司", "货款", 3),
        ],
    }
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    opened = open_bank(Settings(home=folder / "home", embedding_model="none"))
    report = import_loan_book(LOCAL, folder, opened.store, opened.home, CLOCKS.as_of, NOW)
    assert not report.shape()["rejected"], report.shape()["rejected"]
    content = b"statement of account"
    paper = Document(sha256(content).hexdigest(), "江北银行_对公流水.csv", "bank_flow", "zh", "C1", 1, "ok", NOW, NOW)
    source = Source(paper.name, paper.sha256, locator="row 5")

    def printed(id: str, day: date, way: str, amount: int, balance: int, party: str, memo: str, sequence: int) -> AccountLine:
        return AccountLine(
            id, day, "in" if way == "in" else "out", D(amount), source, sequence, "C1", "62220000000009", "江北银行", NAME, "CNY", D(balance),
            counterparty_name=party, memo=memo,
        )  # fmt: skip

    with opened.store.transaction():
        opened.store.documents.add(LOCAL, paper, content)
        opened.store.papers.add_lines(
            LOCAL,
            [
                printed("AL1", date(2026, 3, 3), "in", 600_000, 700_000, NAME, "划转", 1),
                printed("AL2", date(2026, 3, 9), "out", 500_000, 200_000, "银证转账资金专户", "银证转账", 2),
            ],
            NOW,
        )
        opened.store.papers.add_records(
            LOCAL,
            [
                PaperRecord(
                    "R1",
                    "purchase_contract",
                    source,
                    "HT-1",
                    date(2026, 2, 20),
                    party="江州宏达钢材有限公司",
                    amount=D(400_000),
                ),
                PaperRecord(
                    "R2", "vat_invoice", source, "12345678", date(2026, 3, 20), party="江州宏达钢材有限公司", amount=D(400_000)
                ),
            ],
            NOW,
        )
    yield opened
    opened.close()


def test_money_is_followed_into_an_account_that_only_its_statements_show(bank: Bank) -> None:
    usage = bank.desk(LOCAL, CLOCKS).usage("L1")
    fifo = usage_shape(usage)["methods"]["fifo"]
    assert usage.case.walk.pairs == {"X2": "AL1"}
    assert fifo["by_destination"] == [{"category": "securities", "name": "银证转账资金专户", "amount": "400000.00"}]
    assert usage.unspent == 200_000_00
    assert flags(usage)["TXN-01"] == "red"


def test_papers_read_from_documents_are_evidence(bank: Bank) -> None:
    usage = bank.desk(LOCAL, CLOCKS).usage("L1")
    assert usage.evidenced == 400_000_00
    steel = next(p for p in usage.payments if p.step.transaction == "X3")
    assert steel.cover.papers == {"contract": ("R1",), "invoice": ("R2",)}
    assert "no_evidence_on_file" not in usage.remarks


def test_a_printed_line_is_cited_as_the_paper_it_comes_from(bank: Bank) -> None:
    artifact = registry()["usage"].call(bank.desk(LOCAL, CLOCKS), {"loan": "L1"}).artifact
    keys = {f"{row.table}:{row.id}" for row in artifact.rows}
    part = next(v for v in artifact.values if v.name == "misuse_part")
    assert part.inputs == ("account_lines:AL2",)
    assert set(part.inputs) <= keys


def test_before_the_statement_came_the_trace_ends_at_the_other_bank(bank: Bank) -> None:
    early = Clocks(CLOCKS.as_of, datetime(2026, 5, 31, 12, tzinfo=UTC))
    usage = bank.desk(LOCAL, early).usage("L1")
    assert usage.trace.misused == 0
    assert [item["category"] for item in usage_shape(usage)["missing_evidence"]] == ["other_company"]
