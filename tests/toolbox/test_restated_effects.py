"""A comparative that is not what was reported before: both values stay, and what stood on the older one is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from tests.assistant.bank import NOW, build
from tools.domain.callers import LOCAL
from tools.domain.facts import Source
from tools.store.documents import Document
from tools.toolbox.restated_effects import restated_effects

CUT = Decimal(12_000_000)
LOWER = frozenset({"inventories", "total_current_assets", "total_assets", "total_equity"})


def test_figures_and_tests_that_stood_on_the_older_value_are_listed_with_both(tmp_path: Path) -> None:
    small = build(tmp_path)
    bank, end = small.bank, date(2025, 12, 31)
    store, clocks = bank.store, replace(small.clocks, known_at=NOW + timedelta(days=3))
    told = [f for f in store.facts.active(LOCAL, "C001", small.clocks) if f.period.end == end and not f.period.months]
    content = b"opening balances, restated"
    paper = Document(sha256(content).hexdigest(), "2026三季报.pdf", "statement", "zh", "C001", 4, "ok", NOW + timedelta(days=1),
                     NOW + timedelta(days=1), period_end=date(2026, 9, 30))  # fmt: skip
    store.documents.add(LOCAL, paper, content)
    newer = [
        replace(f, id=f"N-{f.item}", value=f.value - CUT if f.item in LOWER else f.value,
                source=Source(paper.name, paper.sha256, 1, (10.0, 10.0, 60.0, 20.0)))
        for f in told
    ]  # fmt: skip
    store.facts.record(LOCAL, newer, NOW + timedelta(days=1))

    shape = restated_effects(bank.desk(LOCAL, clocks), "C001")

    assert {one["item"] for one in shape["restated"]} == LOWER
    one = next(r for r in shape["restated"] if r["item"] == "inventories")
    assert Decimal(one["difference"]) == -CUT and one["kind"] == "restated"
    assert Decimal(one["before"]["value"]) - Decimal(one["after"]["value"]) == CUT
    assert one["before"]["superseded_by"] == one["after"]["id"]
    (group,) = shape["consequences"]
    assert group["compared"] == "as_known_then" and group["documents"] == ["2026三季报.pdf"]
    ratio = next(f for f in group["figures"] if f["figure"] == "current_ratio" and f["period_end"] == "2025-12-31")
    assets, owed = (next(f.value for f in told if f.item == i) for i in ("total_current_assets", "total_current_liabilities"))
    assert abs(Decimal(ratio["before"]["value"]) - assets / owed) < Decimal("1e-9")
    assert abs(Decimal(ratio["after"]["value"]) - (assets - CUT) / owed) < Decimal("1e-9")
    test = next(c for c in group["covenants"] if c["covenant"] == "V003" and c["test_date"] == "2025-12-31")
    assert (test["before"]["status"], test["after"]["status"]) == ("at_risk", "breach")
    assert not any(f["figure"] == "gross_margin" for f in group["figures"]), "what does not stand on it is not listed"
    again = restated_effects(bank.desk(LOCAL, replace(small.clocks, known_at=NOW + timedelta(hours=1))), "C001")
    assert again["restated"] == [] and again["consequences"] == []
    bank.close()
