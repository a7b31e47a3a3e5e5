"""Killed at any instant, an import leaves the old book or the new one, and running it again completes it."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.loan_book.books import CLOCKS, Bank, customer, loan, open_bank, payment, write_book
from tools.domain.callers import LOCAL
from tools.store.verification import verify

CHECKOUT = Path(__file__).parents[2]
WORKER = """
import os, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
import duckdb, pyarrow.parquet
from ingestion.loan_book import import_loan_book
from tools.domain.callers import LOCAL
from tools.store.database import Store
from tools.store.home import Home

root = Path(sys.argv[1])
for line in sys.stdin:
    folder, patience = line.split()
    # a fork has loaded everything already, so that the kill falls into the import itself
    child = os.fork()
    if child == 0:
        home = Home.open(root)
        import_loan_book(LOCAL, Path(folder), Store(home), home, None, datetime.now(UTC))
        os._exit(0)
    if patience != "unlimited":
        time.sleep(float(patience))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print("killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)
"""


def book(turn: int) -> dict[str, Any]:
    """Every turn changes the state of all loans and customers, corrects a payment and adds some."""
    return {
        "customers": [customer(f"C{i}", status=str(turn)) for i in range(6)],
        "loans": [loan(f"L{i}", f"C{i}", limit_amount=str(turn)) for i in range(6)],
        "loan_transactions": [
            payment("corrected", "L0", amount=f"{turn}.50"),
            *(payment(f"T{n}-{i}", f"L{i}") for n in range(turn + 1) for i in range(6)),
        ],
    }


def turn_in_force(bank: Bank) -> int:
    """Which book the home has, after checking that it has that one as a whole."""
    loans = bank.reader.rows(LOCAL, "loans", CLOCKS)
    payments = bank.reader.rows(LOCAL, "loan_transactions", CLOCKS)
    (turn,) = {int(row["limit_amount"]) for row in loans}
    assert len(loans) == 6 and len(payments) == len({row["id"] for row in payments}) == 6 * (turn + 1) + 1
    assert [str(row["amount"]) for row in payments if row["id"] == "corrected"] == [f"{turn}.50"]
    assert {borrower.status for borrower in bank.store.borrowers.all(LOCAL)} == {str(turn)}
    assert verify(bank.store.database, bank.home).ok
    return turn


def shard_files(bank: Bank) -> set[str]:
    return {path.name for path in bank.home.shards_dir.rglob("*") if path.is_file() and path.name != ".import.lock"}


def kill_and_look(root: Path, kills: int) -> None:
    bank = open_bank(root)
    bank.take(book(0), now=datetime.now(UTC))
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(root / "home")], cwd=CHECKOUT, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert worker.stdin and worker.stdout

    def run(turn: int, patience: str) -> str:
        assert worker.stdin and worker.stdout
        worker.stdin.write(f"{write_book(root / f'turn{turn}', book(turn))} {patience}\n")
        worker.stdin.flush()
        return worker.stdout.readline().strip()

    chance = random.Random(20261102)
    whole = 1.0
    for turn in range(1, kills + 1):
        outcome = run(turn, f"{chance.random() * whole:.4f}")
        assert outcome in ("killed", "0")
        found = turn_in_force(bank)
        assert found == turn if outcome == "0" else found in (turn - 1, turn)
        began = time.perf_counter()
        assert run(turn, "unlimited") == "0"
        if found == turn - 1:
            whole = time.perf_counter() - began
        assert turn_in_force(bank) == turn
        # nothing of the killed import lies about
        mentioned = {
            file.sha256 for snapshot in bank.reader.snapshots.all() for file in bank.reader.snapshots.files(snapshot.id)
        }
        assert shard_files(bank) == mentioned
    worker.stdin.close()
    assert worker.wait(timeout=60) == 0
    worker.stdout.close()
    bank.store.close()


def test_killed_imports_leave_the_old_book_or_the_new(tmp_path: Path) -> None:
    kill_and_look(tmp_path, 4)


@pytest.mark.slow
def test_killed_imports_leave_the_old_book_or_the_new_many_times(tmp_path: Path) -> None:
    kill_and_look(tmp_path, 50)
