"""What else is known of a borrower's facts: the standard its statements state, doubtful statements, balances from the bank's own book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from ingestion.loan_book import import_loan_book
from tests.assistant.bank import CLOCKS, CUSTOMERS, LOANS, NOW, OFFICER, RECEIVED, SmallBank, build
from tests.loan_book.books import as_csv
from tools.domain.callers import LOCAL, Caller
from tools.domain.facts import Row
from tools.domain.periods import Clocks
from tools.store.documents import Document
from tools.toolbox.desk import Desk

END = date(2025, 12, 31)
RELATIONS = [
    {"customer_id": "C001", "related_name": "江州恒泰模具有限公司", "relation": "guarantee_given", "amount": "16000000.00", "start_date": "2024-01-01"},
    {"customer_id": "C001", "related_name": "江州明远置业有限公司", "relation": "guarantee_given", "amount": "8000000.00", "start_date": "2024-01-01",
     "end_date": "2026-03-31"},
    {"customer_id": "C001", "related_name": "陈明远", "relation": "actual_controller", "share": "0.62"},
]  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    folder: Path = tmp_path_factory.mktemp("book")
    customers = [{**row, "market_cap": "150000000.00"} if row["id"] == "C001" else row for row in CUSTOMERS]
    for name, rows in (("customers", customers), ("loans", LOANS), ("relations", RELATIONS)):
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    report = import_loan_book(LOCAL, folder, made.bank.store, made.bank.home, date(2026, 11, 3), NOW + timedelta(days=2))
    assert not report.shape()["rejected"]
    yield made
    made.bank.close()


def desk(small: SmallBank, known: datetime = NOW + timedelta(days=3), as_of: date = CLOCKS.as_of) -> Desk:
    return small.bank.desk(OFFICER, Clocks(as_of, known))


def test_guarantees_the_bank_knows_stand_in_for_a_note_and_carry_their_rows(small: SmallBank) -> None:
    figure = desk(small).evaluator("C001").figure("contingent_ratio", END)
    assert figure.value is not None
    assert (round(figure.value, 4), "from_loan_book" in figure.flags) == (Decimal("0.2041"), True)
    (row,) = [item for item in figure.inputs if isinstance(item, Row)]
    assert (row.id, row.columns["amount"]) == ("C001:guarantee_given", "24000000.00")
    later = desk(small).evaluator("C001").figure("contingent_ratio", date(2026, 6, 30))
    assert [item.id for item in later.inputs if isinstance(item, Row)] != [row.id]


def test_what_shares_are_worth_today_says_nothing_about_older_statements(small: SmallBank) -> None:
    evaluator = desk(small).evaluator("C001")
    newest = evaluator.book.period_ends()[-1]
    assert evaluator.book.given("market_cap", newest) is not None
    assert evaluator.book.given("market_cap", newest - timedelta(days=1)) is None


def test_before_the_book_knew_it_nobody_did(small: SmallBank) -> None:
    assert desk(small, NOW).evaluator("C001").figure("contingent_ratio", END).missing == ("contingent_guarantees",)


def test_a_statement_that_fails_an_identity_marks_figures_made_of_it(small: SmallBank) -> None:
    facts = desk(small).book("C001").history("total_assets")
    suspect = next(fact for fact in facts if fact.period.end == END)
    content = b"a later reading of the same statement"
    report = {
        "standard": "CAS",
        "checks": [
            {"id": "balance", "period_end": END.isoformat(), "status": "failed", "facts": [suspect.id], "difference": "1"}
        ],
    }
    paper = Document(
        sha256(content).hexdigest(),
        "更正.pdf",
        "statement",
        "zh",
        "C001",
        1,
        "ok",
        RECEIVED,
        RECEIVED,
        period_end=END,
        report=report,
    )
    small.bank.store.documents.add(LOCAL, paper, content)
    fresh = desk(small)
    assert fresh.book("C001").standard == "CAS"
    assert "failed_check" in fresh.evaluator("C001").figure("debt_to_assets", END).flags
    assert "failed_check" not in fresh.evaluator("C001").figure("current_ratio", END).flags


def test_books_made_from_facts_read_together_know_as_much(small: SmallBank) -> None:
    together = desk(small)
    together.active_facts()
    one = desk(small).evaluator("C001").figure("contingent_ratio", END)
    assert together.evaluator("C001").figure("contingent_ratio", END).value == one.value


def test_the_standard_a_statement_states_wins_over_the_guess(small: SmallBank) -> None:
    known = replace(CLOCKS, known_at=NOW + timedelta(days=3))
    content = b"ten-k"
    paper = Document(
        sha256(content).hexdigest(), "10-K.pdf", "statement", "en", "C004", 1, "ok", RECEIVED, RECEIVED, period_end=date(2025, 12, 27),
        report={"standard": "US_GAAP"},
    )  # fmt: skip
    small.bank.store.documents.add(LOCAL, paper, content)
    assert small.bank.desk(OFFICER, known).book("C004").standard == "US_GAAP"


def test_a_book_is_read_once_for_all_who_may_see_the_same_and_anew_when_a_figure_is_corrected(small: SmallBank) -> None:
    had = desk(small).book("C001")
    assert desk(small, NOW + timedelta(days=4)).book("C001") is had
    assert desk(small, NOW).book("C001") is not had
    assert desk(small, as_of=date(2025, 12, 31)).book("C001") is not had
    read = next(fact for fact in had.history("inventories") if fact.period.end == END)
    at = NOW + timedelta(days=2, hours=1)
    small.bank.store.corrections.value(LOCAL, read.id, read.value + 1, "misread", at)
    corrected = desk(small).book("C001").get("inventories", END, read.period.months)
    assert corrected is not None and corrected.value == read.value + 1
    before = desk(small, at - timedelta(seconds=1)).book("C001").get("inventories", END, read.period.months)
    assert before is not None and before.value == read.value


def test_a_kept_book_is_of_no_use_to_whoever_may_not_see_the_borrower(small: SmallBank) -> None:
    assert desk(small).book("C001").period_ends()
    stranger = Caller(user="S777", role="officer", officer_id="S777")
    clocks = Clocks(CLOCKS.as_of, NOW + timedelta(days=3))
    assert small.bank.desk(stranger, clocks).book("C001").period_ends() == []


def test_what_a_transaction_has_not_committed_is_kept_for_nobody(small: SmallBank) -> None:
    class Undone(Exception):
        pass

    content = b"never filed"
    paper = Document(
        sha256(content).hexdigest(), "x.pdf", "statement", "en", "C004", 1, "ok", RECEIVED, RECEIVED, period_end=date(2026, 3, 27),
        report={"standard": "IFRS"},
    )  # fmt: skip
    with pytest.raises(Undone), small.bank.store.transaction():
        small.bank.store.documents.add(LOCAL, paper, content)
        assert desk(small).book("C004").standard == "IFRS"
        raise Undone
    assert desk(small).book("C004").standard == "US_GAAP"
