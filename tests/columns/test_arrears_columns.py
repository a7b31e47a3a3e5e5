"""Arrears and dues of every loan at once, against the ledger of one loan: equal to the cent, or the loan is named as not plain."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.loan_book.books import Bank, Rows, customer, loan, open_bank, payment
from tools.columns.arrears import ArrearsColumns, arrears_columns
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.rulebook.loader import load_rulebook
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import rulings, views_of

BOOK_DATE = date(2026, 10, 31)
KNOWN = datetime(2026, 11, 3, tzinfo=UTC)
TYPES = ("equal_instalment", "equal_principal", "interest_only", "bullet", "step", "irregular")


def flow(identity: str, loan_id: str, day: date, kind: str, amount: Decimal) -> dict[str, str]:
    return {
        "id": identity, "loan_id": loan_id, "payment_date": day.isoformat(), "type": kind, "amount": str(amount), "currency_code": "CNY"
    }  # fmt: skip


def random_loan(number: int, chance: random.Random) -> tuple[Rows, Rows, Rows]:
    """A loan, its given schedule and its postings: in part, ahead, late, booked late, now and then odd."""
    identity, start = f"L{number}", date(2024, 1, 15) + timedelta(days=chance.randint(0, 500))
    terms = chance.choice((6, 12, 24))
    part = Decimal(chance.randint(1, 10**7)) / 100
    short = chance.random() < 0.15
    flows, postings = [], []
    for month in range(terms // 2 if short else 0, terms):
        due = start + timedelta(days=30 * (month + 1))
        interest = (part * (terms - month) / 250).quantize(Decimal("0.01"))
        if number % 11 != 0:
            flows.append(flow(f"F{number}-{month}i", identity, due, "interest", interest))
        flows.append(flow(f"F{number}-{month}p", identity, due, "principal", part))
        for kind, amount in (("interest", interest), ("principal", part)):
            if due > BOOK_DATE or chance.random() < 0.12 or not amount:
                continue
            paid = (
                amount if chance.random() < 0.8 else (amount * Decimal(chance.randint(1, 140)) / 100).quantize(Decimal("0.01"))
            )
            day = due + timedelta(days=chance.choice((-3, 0, 0, 0, 4, 40)))
            odd = chance.random() < 0.004
            booked = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=chance.choice((0, 0, 1, 60)))
            postings.append(
                payment(
                    f"P{number}-{month}{kind[0]}", identity, day.isoformat(), str(max(paid, Decimal("0.01"))),
                    type=chance.choice(("prepayment", "recovery")) if odd else kind, posted_at=booked.isoformat(),
                )
            )  # fmt: skip
    row = loan(
        identity, f"C{number % 7}", orig_notional=str(part * terms), start_date=start.isoformat(),
        end_date=(start + timedelta(days=30 * terms)).isoformat(), repayment_type=chance.choice(TYPES), repayment_frequency="monthly",
        status="closed" if number % 13 == 0 else "active",
    )  # fmt: skip
    return [row], flows, postings


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    bank = open_bank(Path(tmp_path_factory.mktemp("arrears")))
    chance = random.Random(7)
    loans, flows, postings = zip(*(random_loan(number, chance) for number in range(140)), strict=True)
    files: dict[str, Rows] = {
        "customers": [customer(f"C{number}") for number in range(7)],
        "loans": [row for rows in loans for row in rows],
        "loan_cash_flows": [row for rows in flows for row in rows],
        "loan_transactions": [row for rows in postings for row in rows],
    }
    bank.take(files, on=BOOK_DATE)
    yield bank
    bank.store.close()


def desk(bank: Bank, clocks: Clocks) -> Desk:
    return Desk(bank.store, bank.reader, load_rulebook(), None, LOCAL, clocks)  # type: ignore[arg-type]


def differences(bank: Bank, clocks: Clocks) -> tuple[ArrearsColumns, list[object]]:
    reading = desk(bank, clocks)
    views = {view.terms.id: view for view in views_of(reading)}
    columns = arrears_columns(bank.reader, LOCAL, clocks, rulings(reading).repayment.tolerance)
    wrong: list[object] = []
    assert {row["loan"] for row in columns.table.to_pylist()} == set(views)
    for row in columns.table.to_pylist():
        if not row["plain"]:
            continue
        view = views[row["loan"]]
        assert view.overdue is not None and view.dues_12m is not None
        theirs = (
            view.dpd, view.oldest_unpaid_due, view.overdue.principal, view.overdue.interest, view.dues_12m.principal, view.dues_12m.interest
        )  # fmt: skip
        mine = tuple(row[name] for name in columns.table.column_names[4:])
        if mine != theirs:
            wrong.append((row["loan"], mine, theirs))
    return columns, wrong


@pytest.mark.parametrize("as_of", [date(2026, 10, 31), date(2026, 8, 15), date(2025, 9, 1), date(2024, 6, 1)])
def test_plain_loans_equal_the_ledger_to_the_cent(book: Bank, as_of: date) -> None:
    columns, wrong = differences(book, Clocks(as_of, KNOWN))
    assert not wrong
    assert len(columns.others) < 70 and (as_of < date(2025, 1, 1) or len(columns.others) > 20)
    late = [row for row in columns.table.to_pylist() if row["plain"] and row["dpd"]]
    assert as_of < date(2025, 1, 1) or len(late) > 10


def test_a_posting_booked_later_is_not_known_earlier(book: Bank) -> None:
    loaded = book.reader.snapshot(Clocks(BOOK_DATE, KNOWN))
    assert loaded is not None
    at_load, later = Clocks(BOOK_DATE, loaded.known_from), Clocks(BOOK_DATE, KNOWN + timedelta(days=90))
    for clocks in (at_load, later):
        _, wrong = differences(book, clocks)
        assert not wrong


def test_loans_that_are_not_plain_say_nothing(book: Bank) -> None:
    columns = arrears_columns(book.reader, LOCAL, Clocks(BOOK_DATE, KNOWN))
    rows = {row["loan"]: row for row in columns.table.to_pylist()}
    assert columns.others
    assert all(rows[one]["dpd"] is None and rows[one]["overdue_principal"] is None for one in columns.others)
    assert "L11" in columns.others, "a schedule without interest needs interest generated"


def test_a_bank_without_postings_leaves_every_open_loan_unknown(tmp_path: Path) -> None:
    bank = open_bank(tmp_path)
    bank.take({"customers": [customer("C1")], "loans": [loan("L1", "C1")], "loan_cash_flows": [
        flow("F1", "L1", date(2026, 5, 1), "principal", Decimal(1000000)), flow("F2", "L1", date(2026, 5, 1), "interest", Decimal(10)),
    ]}, on=BOOK_DATE)  # fmt: skip
    assert arrears_columns(bank.reader, LOCAL, Clocks(BOOK_DATE, KNOWN)).others == ("L1",)
    bank.store.close()
