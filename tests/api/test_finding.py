"""One box finds a number in any notation, a name, a metric, a document and an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.api.amounts import decimal_of, money_text, short_text
from tests.api.house import House
from tools.search.numbers import sought_numbers


def find(house: House, user: str, q: str, **more: object) -> dict[str, list[dict[str, str]]]:
    answer = house.api(user).get("/api/v1/find", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fact_is_found_by_its_value_as_printed_exact_and_rounded(house: House, language: str) -> None:
    fact = house.fact()
    for said in (
        fact.raw,
        f"{fact.value:,.2f}",
        f"{fact.value:f}",
        money_text(fact.value, None, language),
        short_text(fact.value, "currency", "zh"),
    ):
        ids = {found["id"] for found in find(house, "S001", said.replace("−", "-"), limit=200)["facts"]}
        assert fact.id in ids, said
        assert fact.id not in {found["id"] for found in find(house, "S002", said)["facts"]}, "not yours, not found"


def test_a_number_that_stands_nowhere_finds_no_fact(house: House) -> None:
    assert find(house, "S008", "98,765,432.12")["facts"] == []


def test_a_name_and_a_metric_lead_to_figures_and_facts_of_that_borrower(house: House) -> None:
    found = find(house, "S001", "明远精密 流动比率")
    assert {b["id"] for b in found["borrowers"]} == {"C001"} and [f["name"] for f in found["figures"]] == ["current_ratio"]
    items = find(house, "S001", "短期借款")["facts"]
    assert items and {fact["item"] for fact in items} == {"short_term_borrowings"}


def test_documents_passages_and_answers_are_found_too(house: House) -> None:
    house.api("S001").post("/api/v1/ask", json={"question": "明远精密的资产负债率是多少？"})
    found = find(house, "S001", "资产负债率")
    assert found["answers"] and found["passages"]
    assert find(house, "S001", "审计报告")["documents"]
    assert find(house, "S003", "资产负债率")["answers"] == []


def test_a_ratio_is_found_by_its_percentage(house: House) -> None:
    value = house.api("S001").get("/api/v1/figures/debt_to_assets", params={"borrower": "C001"}).json()["value"]
    names = {f["name"] for f in find(house, "S001", f"明远精密 {Decimal(value) * 100:.2f}%")["figures"]}
    assert "debt_to_assets" in names


@given(st.decimals(min_value="0.01", max_value="9e13", places=2))
def test_what_is_shown_finds_what_it_shows(value: Decimal) -> None:
    """However an amount is written on a page of the console, typing it finds it."""
    for language in ("zh", "en"):
        for currency in ("CNY", "USD", None):
            (number,), _ = sought_numbers(money_text(value, currency, language))
            assert any(one.low <= value < one.high for one in number.ranges), (value, number)
    (printed,), _ = sought_numbers(f"{value:,.2f}")
    assert printed.value == value and decimal_of(str(value)) == value


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("2025年营业收入", 0), ("明远 2025", 0), ("2025", 1), ("1e5", 0), ("2026-06-30 1.18", 1), ("abc123", 0)],
)
def test_years_days_and_codes_are_no_numbers(query: str, numbers: int) -> None:
    assert len(sought_numbers(query)[0]) == numbers
