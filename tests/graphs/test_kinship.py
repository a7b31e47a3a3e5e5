"""What is read around one borrower finds the same relatives as the whole book does."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.settings import Settings
from assistant.wiring import open_bank
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import as_csv, customer, loan
from tools.domain.callers import LOCAL
from tools.domain.periods import Clocks
from tools.toolbox.guarantees import ties_seen
from tools.toolbox.kinship import ties_around

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KINDS = ("parent", "subsidiary", "shareholder", "actual_controller", "legal_representative", "same_address", "supplier")


def test_reading_outwards_finds_whom_the_whole_book_finds(tmp_path: Path) -> None:
    dice = random.Random(7)
    firms = [f"C{number:02d}" for number in range(30)]
    people = ["陈某", "李某", "王某", "赵某"]
    customers = [customer(id, **({"group_id": f"G{dice.randrange(3)}"} if dice.random() < 0.2 else {})) for id in firms]
    relations = []
    for _ in range(40):
        one, other = dice.sample(firms, 2)
        kind = dice.choice(KINDS)
        if kind in ("actual_controller", "legal_representative"):
            relations.append({"customer_id": one, "related_name": dice.choice(people), "relation": kind})
        else:
            named = {"related_customer_id": other} if dice.random() < 0.5 else {}
            relations.append({"customer_id": one, "related_name": f"Company {other}", "relation": kind, **named})
    unique = list({tuple(sorted(row.items())): row for row in relations}.values())
    for name, rows in (("customers", customers), ("loans", [loan("L1", "C00")]), ("relations", unique)):
        (tmp_path / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    bank = open_bank(Settings(home=tmp_path / "home", embedding_model="none"))
    assert not import_loan_book(LOCAL, tmp_path, bank.store, bank.home, date(2026, 5, 31), NOW).shape()["rejected"]
    desk = bank.desk(LOCAL, Clocks(date(2026, 5, 31), NOW))
    whole = ties_seen(bank.desk(LOCAL, desk.clocks))
    for firm in firms:
        around = ties_around(desk, firm)
        assert {(r.party, r.kinds, len(r.path)) for r in around.related(firm)} == {
            (r.party, r.kinds, len(r.path)) for r in whole.related(firm)
        }
        assert around.group(firm) == whole.group(firm)
    bank.close()
