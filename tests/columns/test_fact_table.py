"""The flat table of facts is the same whether it is made of objects or of the store's columns."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.store.bank import EVER, NOW, fact, open_bank
from tools.columns.portfolio import Portfolio
from tools.columns.table import FactTable, table_of_columns
from tools.domain.callers import LOCAL
from tools.domain.facts import Fact
from tools.rulebook.loader import load_rulebook
from tools.store.database import Store
from tools.store.documents import Document
from tools.store.home import Home

RULES = load_rulebook()
PRINTED = ("1,234.50", "(88.1)", "12", "3.1415", "（7.25）", "-4.0%", "—", "５.２５", "1.2.3")


def odd_facts(sha256: str, borrower: str, chance: random.Random) -> list[Fact]:
    """Values of every sort: more than two decimals, thousands, negative, other lines, both scopes, two currencies."""
    made = []
    for number, item in enumerate(list(RULES.items)[:60]):
        value = Decimal(chance.randint(-(10**12), 10**14)) / 10 ** chance.choice((0, 1, 2, 2, 2, 4))
        made.append(
            replace(
                fact(f"X-{borrower}-{number}", borrower, sha256, str(value), item=item, months=0 if RULES.items[item].stock else 12),
                raw=chance.choice(PRINTED), scale=Decimal(chance.choice(("1", "1000", "10000"))),
                scope=chance.choice(("consolidated", "parent")), flags=chance.choice(((), ("other_line",), ("derived", "other_line"))),
                label=chance.choice(("资产总计", "Total assets")), currency=chance.choice(("CNY", "CNY", "USD" if number > 50 else "CNY")),
            )
        )  # fmt: skip
    return made


def test_columns_of_the_store_make_the_table_that_objects_make(tmp_path: Path) -> None:
    store = Store(Home.open(tmp_path / "home"))
    open_bank(store)
    chance = random.Random(3)
    for borrower in ("C1", "C3", "C5"):
        content = f"odd papers of {borrower}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        with store.transaction():
            document = Document(
                sha256, "odd.pdf", "statement", "zh", borrower, 1, "ok", NOW, NOW, period_end=date(2024, 12, 31)
            )
            store.documents.add(LOCAL, document, content)
            store.facts.record(LOCAL, odd_facts(sha256, borrower, chance), NOW + timedelta(days=1))
    one = FactTable.of(store.facts.active(LOCAL, None, EVER), RULES)
    two = table_of_columns(store.facts.columns(LOCAL, EVER), RULES)
    store.close()

    def rows(table: FactTable) -> list[tuple[object, ...]]:
        columns = zip(table.borrower, table.spell, table.cents, table.unit, table.rough, table.unproving, strict=True)
        return sorted((table.borrowers[b], table.spells[s], *map(float, rest)) for b, s, *rest in columns)

    def people(table: FactTable) -> dict[str, tuple[str | None, str]]:
        return dict(zip(table.borrowers, zip(table.standards, table.currencies, strict=True), strict=True))

    assert len(rows(one)) > 150 and rows(one) == rows(two)
    assert people(one) == people(two)
    assert Portfolio(RULES, two).newest("current_ratio").borrowers


def test_an_empty_store_makes_an_empty_table(tmp_path: Path) -> None:
    store = Store(Home.open(tmp_path / "home"))
    table = table_of_columns(store.facts.columns(LOCAL, EVER), RULES)
    store.close()
    assert table.borrowers == [] and Portfolio(RULES, table).newest("roe").borrowers == []
