"""The held-out bank is the same each time, agrees with itself, loads, and its questions can be asked and scored."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.fresh.bank import BOOK_DATE, generate
from eval.fresh.bank.making import prepare
from eval.fresh.running import SETS, questions
from eval.fresh.scoring import meets
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger

HELD_OUT = SETS["heldout"]


def wants() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for _, _, user, turns in questions(HELD_OUT.questions, ""):
        for key, want in turns:
            yield key, user, dict(want)


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Draft, dict[str, Ledger]]:
    return prepare(tmp_path_factory.mktemp("heldout"), documents=False)


def test_books_balance_references_lead_somewhere_and_every_run_is_the_same(
    made: tuple[Draft, dict[str, Ledger]], tmp_path: Path
) -> None:
    draft, ledgers = made
    again, _ = prepare(tmp_path, documents=False)
    assert not draft.book.dangling()
    assert not [fault for ledger in ledgers.values() for fault in ledger.broken()]
    assert all(draft.book.text(table) == again.book.text(table) for table in draft.book.tables)
    assert len(draft.book.tables["customers"]) == 8 and HELD_OUT.book_date == BOOK_DATE.isoformat()


def test_questions_are_asked_by_people_of_the_bank_and_can_be_scored(made: tuple[Draft, dict[str, Ledger]]) -> None:
    staff = {row["id"] for row in made[0].book.tables["staff"]} | {"local"}
    keys = []
    for key, user, want in wants():
        keys.append(key)
        assert user in staff, key
        for must in want.get("must", ()):
            meets("1", must)
        for banned in want.get("not", ()):
            re.compile(banned)
    assert len(keys) == len(set(keys)) >= 200


@pytest.mark.slow
def test_the_same_bytes_each_time_and_everything_loads(tmp_path: Path) -> None:
    generate(tmp_path / "one")
    generate(tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    truth = yaml.safe_load((tmp_path / "one" / "truth" / "figures.yaml").read_text(encoding="utf-8"))
    assert set(truth["figures"]) == {"K2101", "K2102", "K2103", "K2104", "K2201", "K2202", "K2203"}
    loanward, home = [sys.executable, "-m", "integrations.cli"], ["--home", str(tmp_path / "home")]
    imported = subprocess.run(
        [*loanward, "import", str(tmp_path / "one" / "loan_book"), *home, "--book-date", HELD_OUT.book_date],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "rejected" not in imported.stdout
    read = subprocess.run(
        [*loanward, "ingest", str(tmp_path / "one" / "documents"), *home], check=True, capture_output=True, text=True
    )
    assert sum(": ok ·" in line for line in read.stdout.splitlines()) == 36
