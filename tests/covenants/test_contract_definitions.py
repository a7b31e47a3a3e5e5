"""A contract's own EBITDA: add-backs with caps and times, what no statement proves, and the ratio that opens to its facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ingestion.contracts.shared import add_backs
from tests.covenants.numbers import SETTINGS, reads_as
from tests.vectors import mingyuan_facts
from tools.domain.covenant_measures import EvaluatorMeasure
from tools.domain.covenant_shapes import covenant_shape
from tools.domain.covenant_tests import CovenantTest, assess
from tools.domain.covenants import covenant_from_shape
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.figures import Figure
from tools.domain.money import shown
from tools.rulebook.add_back_words import named_item
from tools.rulebook.loader import load_rulebook

RULES = load_rulebook()
YEAR_END = date(2025, 12, 31)
SHAPE: dict[str, Any] = {
    "covenant": "V1", "borrower": "C001", "name": "Leverage", "metric": "debt_to_ebitda", "operator": "<=", "threshold": "3.5",
    "test_frequency": "annually", "state": "confirmed",
}  # fmt: skip


def measured(*terms: dict[str, Any], threshold: str = "3.5", **more: Any) -> CovenantTest:
    covenant = covenant_from_shape({**SHAPE, "threshold": threshold, "add_backs": list(terms), **more})
    measure = EvaluatorMeasure(lambda scope: Evaluator(RULES, FactBook(mingyuan_facts(), standard="CAS"), scope))
    return assess(covenant, measure, date(2026, 4, 30), SETTINGS, reads_as, since=date(2024, 1, 1)).latest


def ratio(test: CovenantTest) -> str:
    assert test.actual is not None
    return shown(test.actual)


def item(id: str, cap: dict[str, Any] | None = None, until: str | None = None) -> dict[str, Any]:
    return {"text": id, "item": id, "cap": cap, "until": until}


def test_an_add_back_raises_the_contracts_ebitda_by_what_the_statement_shows() -> None:
    """EBITDA 2,940 and asset impairment 70: 10,160 / 3,010."""
    plainly, added = measured(), measured(item("asset_impairment_loss"))
    assert (ratio(plainly), ratio(added)) == ("3.4558", shown(Decimal(10160) / 3010))
    assert added.figure is not None and added.figure.formula == "total_debt / (ebitda + asset_impairment_loss)"
    assert "asset_impairment_loss" in {fact.item for fact in added.figure.facts()}
    (counted,) = covenant_shape(added, None)["counted_add_backs"]
    assert (counted["item"], Decimal(counted["allowed"]), counted["cut_by"]) == ("asset_impairment_loss", 700_000, "")


@pytest.mark.parametrize(
    ("cap", "ebitda"),
    [
        ({"share_of": "ebitda", "limit": "0.2", "basis": "before"}, Decimal(2940) * Decimal("1.2")),
        ({"share_of": "ebitda", "limit": "0.2", "basis": "after"}, Decimal(2940) + 735),
        ({"amount": "1000000"}, Decimal(3040)),
    ],
)
def test_caps_of_share_before_and_after_and_of_amount(cap: dict[str, Any], ebitda: Decimal) -> None:
    """T28 in a test: 20 % of 2,940 is 588 before and 735 after; employee cash of 3,400 would be far more."""
    found = measured(item("cash_to_employees", cap))
    assert ratio(found) == shown(Decimal(10160) / ebitda)
    assert [one.cut_by for one in found.counted] == ["cap"]


def test_what_has_expired_or_nobody_proves_does_not_count_and_is_named() -> None:
    found = measured(item("asset_impairment_loss", until="2025-06-30"), {"text": "relocation costs"}, item("fx_loss"))
    assert ratio(found) == "3.4558"
    assert [(one.term.text, one.cut_by) for one in found.counted] == [
        ("asset_impairment_loss", "expired"), ("relocation costs", "unproven"), ("fx_loss", "unproven"),
    ]  # fmt: skip


def test_an_add_back_can_decide_a_test_and_its_cure() -> None:
    strict = measured(threshold="3.4")
    helped = measured(item("asset_impairment_loss"), threshold="3.4")
    assert (strict.status, helped.status) == ("breach", "at_risk")
    still = measured(item("asset_impairment_loss"), threshold="3")
    assert [(cure.kind, cure.measure) for cure in still.cures] == [("raise", "ebitda"), ("cut", "total_debt")]
    needed = next(cure.amount for cure in still.cures if cure.kind == "raise")
    assert shown(needed / 10000) == shown(Decimal(10160) / 3 - 3010)


def test_a_metric_without_ebitda_and_a_negative_one_are_left_alone() -> None:
    assert ratio(measured(item("asset_impairment_loss"), metric="debt_to_assets", threshold="0.65")) == "0.6080"
    assert measured(item("asset_impairment_loss"), metric="debt_to_assets", threshold="0.65").counted == ()


def test_what_is_confirmed_goes_out_and_comes_back() -> None:
    terms = [
        item("asset_impairment_loss", {"share_of": "ebitda", "limit": "0.2", "basis": "after"}, "2026-12-31"),
        item("x", {"amount": "5"}),
    ]
    covenant = covenant_from_shape({**SHAPE, "add_backs": terms})
    again = covenant_from_shape(covenant_shape(CovenantTest(covenant, None, None, "not_evidenced"), None))
    assert again.add_backs == covenant.add_backs


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("any asset impairment losses not exceeding 20% of EBITDA before giving effect thereto", "asset_impairment_loss"),
        ("资产减值损失,不超过EBITDA的20%", "asset_impairment_loss"), ("非现金信用减值损失", "credit_impairment_loss"),
        ("restructuring costs up to USD 1,500,000", None), ("一次性搬迁费用", None),
    ],
)  # fmt: skip
def test_words_name_a_line_only_when_they_are_exactly_its_name(text: str, id: str | None) -> None:
    assert named_item(RULES, text) == id


def test_a_time_limit_is_read_from_the_definition() -> None:
    found = add_backs(
        '"EBITDA" means profit before tax plus (a) asset impairment losses incurred on or before 31 December 2026, and (b) credit impairment losses.'
    )
    assert [one.get("until") for one in found] == ["2026-12-31", None]


def test_figures_of_the_contract_are_formulas_and_say_so() -> None:
    found = measured(item("asset_impairment_loss")).figure
    assert isinstance(found, Figure) and found.rule == "formula@1" and found.status == "ok"
