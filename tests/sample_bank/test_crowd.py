"""The large book: importable, whole, and with fates that show in the data the way they should."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from eval.sample_bank import generate
from eval.sample_bank.crowd import Fate
from ingestion.loan_book.importer import import_loan_book
from tools.domain.callers import LOCAL
from tools.domain.loans import LoanTerms
from tools.domain.schedules import build_schedule
from tools.store.database import Store
from tools.store.home import Home


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_large_book_imports_without_a_rejected_row(tmp_path: Path) -> None:
    bank = generate(tmp_path / "bank", borrowers=212, documents=False)
    home = Home.open(tmp_path / "home")
    store = Store(home)
    report = import_loan_book(LOCAL, bank.loan_book, store, home, bank.book_date, datetime(2026, 11, 1, tzinfo=UTC))
    assert list(report.rejected) == []
    assert (bank.borrowers, report.rows["customers"]) == (214, 214)
    assert bank.loans == report.rows["loans"]


def test_fates_show_in_payments_and_collections(tmp_path: Path) -> None:
    bank = generate(tmp_path, borrowers=412, documents=False)
    fate = {row["customer_id"]: row for row in rows(bank.folder / "truth", "crowd")}
    assert {row["fate"] for row in fate.values()} >= {"steady", "lookalike", "failing"}
    collected: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in rows(bank.loan_book, "account_transactions"):
        if row["direction"] == "in" and row["account_id"].startswith("A1"):
            collected["C" + row["account_id"][1:]][row["value_date"] >= "2026-08-01"] += Decimal(row["amount"])
    for name, row in fate.items():
        early, late = collected[name]
        if row["fate"] == "steady":
            assert late / early > Decimal("0.25"), name
        elif row["default_on"] and date(2026, 11, 1) <= date.fromisoformat(row["default_on"]) <= date(2027, 2, 28):
            assert late / early < Decimal("0.25"), name


def test_those_who_defaulted_are_past_90_days_and_no_others(tmp_path: Path) -> None:
    bank = generate(tmp_path, borrowers=612, documents=False)
    failed = {
        r["customer_id"] for r in rows(bank.folder / "truth", "crowd") if r["default_on"] and r["default_on"] <= "2026-10-31"
    }
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(bank.loan_book, "loan_transactions"):
        if row["type"] != "drawdown":
            paid[row["loan_id"]] += Decimal(row["amount"])
    late = set()
    for row in rows(bank.loan_book, "loans"):
        if row["customer_id"] <= "C10000":
            continue
        terms = LoanTerms(
            id=row["id"], borrower=row["customer_id"], currency="CNY", principal=Decimal(row["orig_notional"]), rate=Decimal(row["rate"]),
            start_date=date.fromisoformat(row["start_date"]), end_date=date.fromisoformat(row["end_date"]),
            repayment_type=row["repayment_type"], repayment_frequency=row["repayment_frequency"],  # type: ignore[arg-type]
        )  # fmt: skip
        owed = sum(
            (i.principal + i.interest for i in build_schedule(terms).instalments if (bank.book_date - i.date).days > 90),
            Decimal(0),
        )
        if owed > paid[row["id"]]:
            late.add(row["customer_id"])
    assert late == failed


def test_a_failing_borrower_decays_before_it_defaults() -> None:
    fate = Fate("failing", default=date(2026, 12, 15))
    shares = [fate.inflow(date(2025, 11, 30)), fate.inflow(date(2026, 5, 31)), fate.inflow(date(2026, 11, 30))]
    assert shares[0] == 1
    assert shares == sorted(shares, reverse=True)
    assert Fate("steady").inflow(date(2026, 5, 31)) == 1


def test_the_same_seed_gives_the_same_book(tmp_path: Path) -> None:
    one, two = (generate(tmp_path / name, 3, 40, documents=False).loan_book for name in ("a", "b"))
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}
