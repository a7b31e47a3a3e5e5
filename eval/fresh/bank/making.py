"""Makes the held-out bank: the house, its borrowers, what ties them together, and the truth beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from eval.fresh.bank import house
from eval.fresh.bank.borrowers import autoparts, chemicals, dairy, grain, hotel, restaurants, shipping, solar
from eval.fresh.bank.truth import write_truth
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger

BOOK_DATE = date(2026, 9, 30)
SEED = 48813
CAST: tuple[Callable[[Draft], Ledger | None], ...] = (
    solar.add, dairy.add, chemicals.add, hotel.add, autoparts.add, shipping.add, restaurants.add, grain.add,
)  # fmt: skip


def prepare(folder: Path, *, documents: bool = True) -> tuple[Draft, dict[str, Ledger]]:
    """Everything, not yet written to disk, and every borrower's books by customer id."""
    draft = Draft(seed=SEED, book_date=BOOK_DATE, folder=folder, with_documents=documents)
    house.add_staff(draft)
    house.add_market(draft)
    ledgers = {}
    for add in CAST:
        ledger = add(draft)
        if ledger is not None:
            ledgers[str(draft.book.tables["customers"][-1]["id"])] = ledger
    solar.tie(draft)
    dairy.tie(draft)
    for paper in draft._papers.values():
        house.reword(paper)
    return draft, ledgers


def generate(folder: Path, *, documents: bool = True) -> Draft:
    """Writes the bank into `folder` (made if absent; what an earlier run wrote there is replaced)."""
    for part in ("loan_book", "documents", "truth"):
        shutil.rmtree(folder / part, ignore_errors=True)
    draft, ledgers = prepare(folder, documents=documents)
    draft.write()
    write_truth(folder / "truth" / "figures.yaml", draft, ledgers)
    return draft
