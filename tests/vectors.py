"""The vector company of the handbook as facts, for any test that needs one company with whole statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import yaml

from tools.domain.facts import Fact, Scope, Source
from tools.domain.periods import Period

DATA = Path(__file__).parent / "data" / "mingyuan.yaml"
TEN_THOUSAND = Decimal(10000)
RECORDED = datetime(2026, 11, 1, tzinfo=UTC)


def fact(
    item: str,
    value: Decimal | int | str,
    end: date,
    months: int = 0,
    *,
    scale: Decimal = TEN_THOUSAND,
    currency: str | None = "CNY",
    scope: Scope = "consolidated",
    statement: str = "balance_sheet",
    label: str | None = None,
    flags: tuple[str, ...] = (),
    borrower: str = "C001",
) -> Fact:
    """One fact; `value` in units of `scale`, as the page would print it."""
    printed = str(value)
    return Fact(
        id=f"{item}:{end}:{months}:{scope}", item=item, value=Decimal(printed) * scale, currency=currency,
        period=Period(end, months), scope=scope, assurance="audited", statement=statement, borrower=borrower,
        source=Source("mingyuan.pdf", "0" * 64, page=1), label=label if label is not None else "项目", raw=printed,
        scale=scale, confidence=Decimal(1), recorded_at=RECORDED, flags=flags,
    )  # fmt: skip


def mingyuan() -> Mapping[str, Any]:
    """The data file as it stands."""
    return cast(Mapping[str, Any], yaml.safe_load(DATA.read_text(encoding="utf-8")))


def mingyuan_facts(*, interim: bool = True, without: tuple[str, ...] = (), market: bool = False) -> list[Fact]:
    """Every fact of the company. `without`: items to leave out, as if no document reported them."""
    data = mingyuan()
    made: list[Fact] = []
    years, half = data["years"], data["interim"]
    sheets = [
        ("balance_sheet", 0), ("income_statement", 12), ("cash_flow", 12), ("notes", 0), ("notes_flows", 12),
    ]  # fmt: skip
    for sheet, months in sheets:
        for item, values in years[sheet].items():
            for end, value in zip(years["ends"], values, strict=False):
                made.append(fact(item, value, end, months, statement=sheet.removesuffix("_flows")))
    if interim:
        for sheet in ("income_statement", "cash_flow"):
            for item, values in half[sheet].items():
                for end, value in zip(half["ends"], values, strict=False):
                    made.append(fact(item, value, end, half["months"], statement=sheet))
    if market:
        made.append(fact("market_cap", data["market"]["market_cap"], years["ends"][0], statement="notes"))
    return [one for one in made if one.item not in without]
