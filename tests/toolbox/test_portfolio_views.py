"""The book as a whole over a real sample bank: amounts tie to the loans, rights hold, and nothing unknown passes as current."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.settings import load_settings
from assistant.wiring import Bank, open_bank
from eval.sample_bank.bank import generate
from ingestion.loan_book.importer import import_loan_book
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of
from tools.toolbox.portfolio_views import KEYS, VIEWS, portfolio_shape, portfolio_view
from tools.toolbox.registry import registry

NOW = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = Path(tmp_path_factory.mktemp("portfolio"))
    sample = generate(folder / "bank", borrowers=14, documents=False)
    opened = open_bank(load_settings({"home": folder / "home", "embedding_model": "none"}))
    import_loan_book(LOCAL, sample.loan_book, opened.store, opened.home, sample.book_date, NOW)
    yield opened
    opened.close()


def desk(bank: Bank, caller: Caller = LOCAL) -> Desk:
    return bank.desk(caller, bank.clocks(None, None, NOW))


@pytest.mark.parametrize("by", KEYS)
def test_every_grouping_adds_up_to_the_same_balance(bank: Bank, by: str) -> None:
    here = desk(bank)
    totals: dict[str, Decimal] = {}
    for view in views_of(here):
        if running(view) and view.terms.balance:
            totals[view.terms.currency] = totals.get(view.terms.currency, Decimal(0)) + view.terms.balance
    shape = portfolio_shape(here, "concentration", by=by)
    assert {c: Decimal(f["total"]) for c, f in shape["currencies"].items()} == totals
    for found in shape["currencies"].values():
        assert sum(Decimal(share["amount"]) for share in found["shares"]) == Decimal(found["total"])
        assert Decimal(0) < Decimal(found["hhi"]) <= 1


def test_the_ladder_holds_all_open_principal(bank: Bank) -> None:
    here = desk(bank)
    shape = portfolio_shape(here, "maturity")
    for currency, found in shape["currencies"].items():
        due = sum(
            line.open_principal
            for v in views_of(here)
            if running(v) and v.terms.currency == currency and v.ledger
            for line in v.ledger.lines
        )
        assert sum(Decimal(rung["amount"]) for rung in found["rungs"]) == due


def test_every_number_of_every_view_is_a_value_for_the_gate(bank: Bank) -> None:
    for view in VIEWS:
        result = registry()["portfolio_view"].call(desk(bank), {"view": view})
        assert result.artifact.values, view
        assert all(value.value is not None for value in result.artifact.values)
    assert "portfolio_view" in registry()


def test_an_officer_sees_his_own_book_only(bank: Bank) -> None:
    officers = {
        row["officer_id"] for row in bank.loan_book.rows(LOCAL, "customers", bank.clocks(None, None, NOW)) if row["officer_id"]
    }
    whole = portfolio_shape(desk(bank), "concentration")["currencies"]["CNY"]
    parts = Decimal(0)
    for officer in officers:
        caller = bank.caller(officer, NOW)
        shape = portfolio_shape(desk(bank, caller), "concentration")
        mine = {row["id"] for row in bank.loan_book.rows(caller, "customers", bank.clocks(None, None, NOW))}
        for found in shape["currencies"].values():
            assert {share["key"] for share in found["shares"]} <= mine
        parts += Decimal(shape["currencies"].get("CNY", {"total": "0"})["total"])
    assert parts == Decimal(whole["total"])
    nobody = portfolio_shape(desk(bank, Caller("nobody", "unknown")), "concentration")
    assert nobody["currencies"] == {}


def test_categories_need_an_earlier_book(bank: Bank) -> None:
    shape = portfolio_shape(desk(bank), "migration")
    assert shape["categories"] is None and shape["missing"]


def test_bad_requests_say_what_to_do(bank: Bank) -> None:
    with pytest.raises(BadRequest, match="group by"):
        portfolio_shape(desk(bank), "concentration", by="colour")
    with pytest.raises(BadRequest, match="before the business date"):
        portfolio_shape(desk(bank), "migration", since=date(2030, 1, 1))
    with pytest.raises(BadRequest, match="is not a date"):
        portfolio_view(desk(bank), "migration", since="yesterday")
