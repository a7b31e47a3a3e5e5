"""Loans and accounts: what the bank's core system would say, and the handbook's examples inside it."""

from __future__ import annotations

import csv
from collections import defaultdict, deque
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from eval.sample_bank import SampleBank
from eval.sample_bank.bank import prepare
from eval.sample_bank.book import COLUMNS
from eval.sample_bank.draft import Draft
from eval.sample_bank.registration import valid
from ingestion.loan_book.importer import import_loan_book
from tools.domain.callers import LOCAL
from tools.domain.loans import CashFlow, LoanTerms
from tools.domain.schedules import build_schedule
from tools.store.database import Store
from tools.store.home import Home

WAN = Decimal(10000)


def table(bank: SampleBank, name: str) -> list[dict[str, str]]:
    with (bank.loan_book / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_has_the_columns_of_the_contract(bank: SampleBank) -> None:
    for name, columns in COLUMNS.items():
        first = (bank.loan_book / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert first == ",".join(columns.split())


def test_columns_are_those_of_the_contract_file(shared: Path) -> None:
    text = (shared / "loan_book.md").read_text(encoding="utf-8")
    for name, columns in COLUMNS.items():
        line = next(row for row in text.splitlines() if row.startswith(f"| {name} |"))
        missing = [column for column in columns.split() if f"`{column}" not in line]
        assert not missing, name


@pytest.fixture
def shared() -> Path:
    path = Path(__file__).parents[2].parent / "shared"
    if not path.exists():
        pytest.skip("the shared folder is not here")
    return path


def test_the_importer_takes_every_row(bank: SampleBank, tmp_path: Path) -> None:

    home = Home.open(tmp_path / "home")
    store = Store(home)
    report = import_loan_book(LOCAL, bank.loan_book, store, home, bank.book_date, datetime(2026, 11, 1, tzinfo=UTC))
    assert (list(report.rejected), dict(report.unused_columns)) == ([], {})


def test_registration_numbers_pass_their_check(bank: SampleBank) -> None:
    chinese = [row for row in table(bank, "customers") if row["country_code"] == "CN"]
    assert len(chinese) >= 11
    assert all(valid(row["registration_id"]) for row in chinese)
    assert valid("91350100M000100Y43")
    assert not valid("91350100M000100Y42")


def test_balances_are_drawings_less_principal(bank: SampleBank) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in table(bank, "loan_transactions"):
        sums[row["loan_id"]] += Decimal(row["amount"]) * {"drawdown": 1, "principal": -1}.get(row["type"], 0)
    assert {row["id"]: Decimal(row["balance"]) for row in table(bank, "loans")} == dict(sums)


@pytest.mark.parametrize("seed", [1, 2, 20261031])
def test_account_balances_run_and_never_fall_below_zero(tmp_path: Path, seed: int) -> None:
    running: dict[object, Decimal] = {}
    for row in prepare(tmp_path, seed, documents=False).book.tables["account_transactions"]:
        amount = Decimal(str(row["amount"])) * (1 if row["direction"] == "in" else -1)
        after = Decimal(str(row["balance_after"]))
        account = row["account_id"]
        assert running.get(account, after - amount) + amount == after
        assert after >= 0
        running[account] = after


def test_dues_agree_with_the_products_schedules(draft: Draft) -> None:
    for booked in draft.loans.values():
        lent = booked.lent
        terms = LoanTerms(
            id=lent.id, borrower=lent.customer, currency=lent.currency, principal=lent.amount, rate=lent.rate, start_date=lent.start,
            end_date=lent.end, repayment_type=lent.repayment, repayment_frequency=lent.frequency, first_payment_date=lent.first,  # type: ignore[arg-type]
        )  # fmt: skip
        flows = [
            CashFlow(f"{due.day}{kind}", due.day, kind, amount)  # type: ignore[arg-type]
            for due in lent.flows
            for kind, amount in (("principal", due.principal), ("interest", due.interest))
        ]
        made = [(row.date, row.principal, row.interest) for row in build_schedule(terms, flows).instalments]
        assert made == [(due.day, due.principal, due.interest) for due in lent.dues()], lent.id


@pytest.mark.parametrize(
    ("loan", "as_of", "days", "amount"),
    [
        ("L013", date(2026, 10, 31), 69, 150000),
        ("L012", date(2026, 4, 30), 69, 150000),
        ("L012", date(2026, 10, 31), 0, 0),
        ("L015", date(2026, 10, 31), 91, None),
        ("L016", date(2026, 10, 31), 90, None),
        ("L007", date(2026, 10, 31), 4, None),
    ],
)
def test_arrears_are_those_of_the_stories(draft: Draft, loan: str, as_of: date, days: int, amount: int | None) -> None:
    late, overdue = draft.loans[loan].overdue(as_of)
    assert late == days
    assert amount is None or overdue == amount


def test_everyone_else_is_on_time(draft: Draft) -> None:
    late = {name for name, booked in draft.loans.items() if booked.overdue(draft.book_date)[0]}
    assert late == {"L007", "L013", "L015", "L016"}


def test_mingyuan_owes_6400(bank: SampleBank) -> None:
    assert sum(Decimal(row["balance"]) for row in table(bank, "loans") if row["customer_id"] == "C001") == 6400 * WAN


def test_the_proceeds_of_l001_are_the_handbooks_worked_example(bank: SampleBank) -> None:
    """FIFO over the rows as handed over: 1,152.2727 of 2,000 misused, 880 of 1,200 back (T49)."""
    lots: dict[str, deque[list[Decimal]]] = {}
    number = {"A001": "", "A009": "", "B002": "", "C003": ""}
    for row in table(bank, "accounts"):
        if row["id"] in number:
            number[row["id"]] = row["number"]
    rows = [
        r
        for r in table(bank, "account_transactions")
        if r["account_id"] in number and "2026-03-02" <= r["value_date"] <= "2026-03-20"
    ]
    for row in rows:
        if row["account_id"] not in lots:
            amount = Decimal(row["amount"]) * (1 if row["direction"] == "in" else -1)
            lots[row["account_id"]] = deque([[Decimal(row["balance_after"]) - amount, Decimal(0)]])
    misused: dict[str, Decimal] = {}
    moved: dict[tuple[str, str], Decimal] = {}
    entrusted = Decimal(0)
    for row in sorted(rows, key=lambda r: (r["value_date"], r["time"], r["direction"] == "in")):
        amount, queue = Decimal(row["amount"]), lots[row["account_id"]]
        if row["direction"] == "in":
            arrived = moved.get((row["value_date"], row["time"]), Decimal(0))
            loan = amount if row["loan_id"] else arrived
            queue.append([amount - loan, Decimal(0)] if not loan else [amount, loan / amount])
            continue
        part = Decimal(0)
        if row["entrusted"] == "true":
            # identified by the bank itself: taken from the loan's own lot
            entrusted, part = amount, amount
            next(lot for lot in reversed(queue) if lot[1] == 1)[0] -= amount
        else:
            left = amount
            while left:
                lot = queue[0]
                taken = min(lot[0], left)
                part += taken * lot[1]
                lot[0] -= taken
                left -= taken
                if not lot[0]:
                    queue.popleft()
        moved[row["value_date"], row["time"]] = part
        if any(word in row["memo"] for word in ("往来款", "银证转账", "土地款", "结构性存款")):
            misused[row["memo"]] = part
    back = next(Decimal(r["amount"]) for r in rows if r["account_id"] == "A009" and r["direction"] == "in")
    assert misused["往来款"] == 110 * WAN
    assert misused["银证转账"] == 200 * WAN
    assert round(misused["土地款"] / WAN, 4) == Decimal("792.2727")
    assert misused["购买结构性存款"] == 50 * WAN
    assert round(sum(misused.values()) / (2000 * WAN), 4) == Decimal("0.5761")
    assert round(back / entrusted, 4) == Decimal("0.7333")


def test_covenants_point_into_contracts_that_were_filed(bank: SampleBank) -> None:
    filed = {document.file for document in bank.documents if document.kind == "contract"}
    for row in table(bank, "covenants"):
        assert row["source_document"] in filed
        assert row["source_page"] or row["source_document"].endswith(".html")


@pytest.mark.parametrize("borrowers", [1, 6, 9])
def test_a_smaller_bank_is_whole_too(tmp_path: Path, borrowers: int) -> None:
    draft = prepare(tmp_path, borrowers=borrowers, documents=False)
    assert draft.book.dangling() == []
    assert len([story for story in draft.stories if story.slug != "guarantee-circle"]) == borrowers
