"""Makes the sample bank: named borrowers with stories first, then as many ordinary ones as asked for."""

from __future__ import annotations

import shutil
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
from eval.sample_bank.crowd import add_crowd
from eval.sample_bank.draft import Draft, Filed
from eval.sample_bank.registers import add_market, add_staff

BOOK_DATE = date(2026, 10, 31)
SEED = 20261031
CAST: tuple[Callable[[Draft], None], ...] = (
    mingyuan.add, qihang.add, xinfang.add, qinglan.add, hongtu.add, dongling.add, xiling.add, beiqu.add, jincheng.add,
    huayue.add, calder.add, xiyuan.add,
)  # fmt: skip
NAMED = len(CAST)


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


def prepare(
    folder: Path, seed: int = SEED, borrowers: int = 12, book_date: date = BOOK_DATE, *, documents: bool = True
) -> Draft:
    """Everything about the named borrowers, not yet written to disk (contracts in HTML are written at once)."""
    draft = Draft(seed=seed, book_date=book_date, folder=folder, with_documents=documents)
    add_staff(draft)
    add_market(draft)
    for add in CAST[:borrowers]:
        add(draft)
    if borrowers >= 8:
        circle.add(draft)
    draft.book.forget_strangers()
    return draft


def generate(
    folder: Path, seed: int = SEED, borrowers: int = 12, book_date: date = BOOK_DATE, *, documents: bool = True
) -> SampleBank:
    """Writes the bank into `folder` (made if absent; a sample bank already there is replaced). Same arguments, same bytes."""
    if (folder / "stories.yaml").exists():
        for part in ("loan_book", "documents", "truth"):
            shutil.rmtree(folder / part, ignore_errors=True)
    draft = prepare(folder, seed, borrowers, book_date, documents=documents)
    draft.write()
    loans = len(draft.book.tables["loans"])
    if borrowers > NAMED:
        loans += add_crowd(folder, seed, borrowers - NAMED, book_date)
    return SampleBank(
        folder=folder,
        loan_book=folder / "loan_book",
        documents_dir=folder / "documents",
        stories=folder / "stories.yaml",
        book_date=book_date,
        borrowers=len(draft.book.tables["customers"]) + max(borrowers - NAMED, 0),
        loans=loans,
        documents=tuple(draft.filed),
    )
