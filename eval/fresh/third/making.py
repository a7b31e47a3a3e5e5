"""Makes the third bank: the house, its borrowers, the circle that ties three of them, and the truth beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from eval.fresh.third import house
from eval.fresh.third.borrowers import cement, hospital, logistics, packaging, pharma, property, seafood, software, textile
from eval.fresh.third.truth import write_truth
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger

BOOK_DATE = date(2026, 9, 30)
SEED = 70617
CAST: tuple[Callable[[Draft], dict[str, Ledger]], ...] = (
    hospital.add, logistics.add, textile.add, cement.add, pharma.add, property.add, seafood.add, packaging.add, software.add,
)  # fmt: skip
CIRCLE = (
    ("KH04", "KH05", "JK0501", 1500, date(2026, 2, 25), date(2029, 2, 25)),
    ("KH05", "KH06", "JK0601", 2500, date(2026, 5, 18), date(2029, 5, 18)),
    ("KH06", "KH04", "JK0401", 2000, date(2026, 1, 15), date(2029, 1, 15)),
)
"""Who guarantees whose loan, for how much 万元, from when until when."""


def prepare(folder: Path, *, documents: bool = True) -> tuple[Draft, dict[str, Ledger]]:
    """Everything, not yet written to disk, and the books by customer id (with `-parent` and `-first` for further sets)."""
    draft = Draft(seed=SEED, book_date=BOOK_DATE, folder=folder, with_documents=documents)
    house.add_staff(draft)
    house.add_market(draft)
    ledgers: dict[str, Ledger] = {}
    for add in CAST:
        ledgers.update(add(draft))
    names = {str(row["id"]): str(row["name"]) for row in draft.book.tables["customers"]}
    for giver, taker, loan, amount, start, end in CIRCLE:
        draft.book.add("guarantors", loan_ids=loan, name=names[giver], customer_id=giver, amount=amount * house.WAN, currency_code="CNY", start_date=start,
                       end_date=end)  # fmt: skip
        for one, other, relation in ((giver, taker, "guarantee_given"), (taker, giver, "guarantee_received")):
            draft.book.add("relations", customer_id=one, related_name=names[other], related_customer_id=other, relation=relation, amount=amount * house.WAN,
                           start_date=start, end_date=end)  # fmt: skip
    return draft, ledgers


def generate(folder: Path, *, documents: bool = True) -> Draft:
    """Writes the bank into `folder` (made if absent; what an earlier run wrote there is replaced)."""
    for part in ("loan_book", "documents", "truth"):
        shutil.rmtree(folder / part, ignore_errors=True)
    draft, ledgers = prepare(folder, documents=documents)
    draft.write()
    write_truth(folder / "truth" / "figures.yaml", draft, ledgers)
    return draft
