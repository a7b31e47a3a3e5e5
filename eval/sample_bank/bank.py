"""Makes the sample bank: named borrowers with stories first, then as many ordinary ones as asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.sample_bank.borrowers import (
    beiqu,
    calder,
    circle,
    dongling,
    hongtu,
    huayue,
    jincheng,
    mingyuan,
    qihang,
    qinglan,
    xiling,
    xinfang,
    xiyuan,
)
from eval.sample_bank.draft import Draft, Filed
from eval.sample_bank.registers import add_market, add_staff

BOOK_DATE = date(2026, 10, 31)
SEED = 20261031
CAST: tuple[Callable[[Draft], None], ...] = (
    mingyuan.add, qihang.add, xinfang.add, qinglan.add, hongtu.add, dongling.add, xiling.add, beiqu.add, jincheng.add,
    huayue.add, calder.add, xiyuan.add,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleBank:
    """Where everything is. `documents` say when each paper came, so that a demo can let them arrive in order."""

    folder: Path
    loan_book: Path
    documents_dir: Path
    stories: Path
    book_date: date
    borrowers: int
    loans: int
    documents: tuple[Filed, ...]


def generate(
    folder: Path, seed: int = SEED, borrowers: int = 12, book_date: date = BOOK_DATE, *, documents: bool = True
) -> SampleBank:
    """Writes the bank into `folder` (made if absent; its files are overwritten). Same arguments, same bytes."""
    draft = Draft(seed=seed, book_date=book_date, folder=folder, with_documents=documents)
    add_staff(draft)
    add_market(draft)
    for add in CAST[:borrowers]:
        add(draft)
    if borrowers >= 8:
        circle.add(draft)
    draft.book.forget_strangers()
    draft.write()
    return SampleBank(
        folder, folder / "loan_book", folder / "documents", folder / "stories.yaml", book_date, len(draft.book.tables["customers"]),
        len(draft.book.tables["loans"]), tuple(draft.filed),
    )  # fmt: skip
