"""A bank of ten thousand borrowers for measuring answers: the sample bank's stories, its crowd, and two years of statements for everyone.

The crowd of the sample bank has a loan book only; figures of it are worked out from the short statements written here, filed as one
document each, so that a filter over the portfolio has something to filter.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tools.domain.callers import LOCAL
from tools.domain.facts import Fact, Source
from tools.domain.periods import Clocks, Period
from tools.store.documents import Document

if TYPE_CHECKING:
    from assistant.wiring import Bank

BORROWERS = 10_000
YEARS = (date(2024, 12, 31), date(2025, 12, 31))
RECEIVED = datetime(2026, 4, 20, tzinfo=UTC)
BATCH = 250
BALANCES = (
    "total_assets",
    "total_liabilities",
    "total_equity",
    "total_current_assets",
    "total_current_liabilities",
    "cash",
    "inventories",
)
FLOWS = ("revenue", "net_profit", "interest_expense")


def write_large_book(folder: Path, borrowers: int, say: Callable[[str], None]) -> Bank:
    """The bank in `folder`, imported, with statements for every borrower that has none; the caller closes it."""
    from assistant.settings import load_settings
    from assistant.wiring import open_bank
    from eval.sample_bank.bank import generate
    from ingestion.loan_book.importer import import_loan_book

    say(f"writing a book of {borrowers:,} borrowers")
    sample = generate(folder / "bank", borrowers=borrowers, documents=False)
    bank = open_bank(load_settings({"home": folder / "home"}))
    say("importing it")
    import_loan_book(LOCAL, sample.loan_book, bank.store, bank.home, sample.book_date, datetime.now(UTC))
    clocks = bank.clocks(None, None, datetime.now(UTC))
    file_statements(bank, clocks, say)
    return bank


def file_statements(bank: Bank, clocks: Clocks, say: Callable[[str], None]) -> int:
    """One document with two years of statements for each borrower; returns how many were filed."""
    everyone = [borrower.id for borrower in bank.desk(LOCAL, clocks).index().borrowers]
    holders = bank.store.documents.holders(LOCAL)
    without = [id for id in everyone if id not in holders]
    for start in range(0, len(without), BATCH):
        batch = without[start : start + BATCH]
        with bank.store.database.writing():
            facts: list[Fact] = []
            for id in batch:
                content = f"statements of {id}".encode()
                digest = hashlib.sha256(content).hexdigest()
                paper = Document(
                    digest,
                    f"{id}.txt",
                    "statement",
                    "zh",
                    id,
                    1,
                    "ok",
                    RECEIVED,
                    RECEIVED,
                    period_end=YEARS[-1],
                    report={"standard": "CAS"},
                )
                bank.store.documents.add(LOCAL, paper, content)
                facts += _facts(id, paper)
            bank.store.facts.record(LOCAL, facts, RECEIVED)
        if start % (BATCH * 8) == 0:
            say(f"{start + len(batch):,} of {len(without):,} statements filed")
    return len(without)


def _facts(id: str, paper: Document) -> Iterator[Fact]:
    """Statements that add up, of a size and a health of their own."""
    rng = random.Random(id)
    assets = Decimal(rng.randint(2_000_000, 900_000_000))
    for end in YEARS:
        assets *= Decimal(rng.randint(90, 118)) / 100
        debts = assets * rng.randint(25, 92) / 100
        current, due = assets * rng.randint(30, 70) / 100, debts * rng.randint(40, 85) / 100
        revenue = assets * rng.randint(40, 160) / 100
        values: Sequence[Decimal] = (assets, debts, assets - debts, current, due, current * rng.randint(5, 25) / 100, current * rng.randint(10, 40) / 100,
                                     revenue, revenue * rng.randint(-4, 12) / 100, debts * rng.randint(1, 4) / 100)  # fmt: skip
        for item, value in zip((*BALANCES, *FLOWS), values, strict=True):
            flow = item in FLOWS
            exact = value.quantize(Decimal("0.01"))
            yield Fact(
                f"{id}-{item}-{end.year}", item, exact, "CNY", Period(end, 12 if flow else 0, date(end.year, 1, 1) if flow else None), "consolidated",
                "audited", "income" if flow else "balance_sheet", id, Source(paper.name, paper.sha256, 1), item, str(exact), Decimal(1), Decimal("0.99"),
            )  # fmt: skip
