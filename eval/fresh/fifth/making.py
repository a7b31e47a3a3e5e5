"""Makes the fifth bank: the house, its borrowers, and the truth beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from eval.fresh.fifth import house
from eval.fresh.fifth.borrowers import books, driving, glass, instruments, paints, quarry, sauce, seeds, tea
from eval.fresh.fifth.truth import write_truth
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger

BOOK_DATE = date(2026, 10, 31)
SEED = 57203
CAST: tuple[Callable[[Draft], dict[str, Ledger]], ...] = (
    sauce.add,
    glass.add,
    tea.add,
    instruments.add,
    quarry.add,
    paints.add,
    driving.add,
    seeds.add,
    books.add,
)


def prepare(folder: Path, *, documents: bool = True) -> tuple[Draft, dict[str, Ledger]]:
    """Everything, not yet written to disk, and the books by customer id (with `-parent` for a second set)."""
    draft = Draft(seed=SEED, book_date=BOOK_DATE, folder=folder, with_documents=documents)
    house.add_staff(draft)
    house.add_market(draft)
    ledgers: dict[str, Ledger] = {}
    for add in CAST:
        ledgers.update(add(draft))
    return draft, ledgers


def generate(folder: Path, *, documents: bool = True) -> Draft:
    """Writes the bank into `folder` (made if absent; what an earlier run wrote there is replaced)."""
    for part in ("loan_book", "documents", "truth"):
        shutil.rmtree(folder / part, ignore_errors=True)
    draft, ledgers = prepare(folder, documents=documents)
    draft.write()
    write_truth(folder / "truth", draft, ledgers)
    return draft
