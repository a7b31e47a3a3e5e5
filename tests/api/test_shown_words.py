"""What pages show of numbers and names: whole days without decimals, and links only where a page stands behind them."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from integrations.api.amounts import number_text
from integrations.api.console.frame import has_page
from tools.rulebook.loader import load_rulebook


@pytest.mark.parametrize(
    ("value", "zh", "en"), [("40", "40 天", "40 days"), ("41.96", "42.0 天", "42.0 days"), ("-3", "−3 天", "−3 days")]
)
def test_days_counted_are_whole_and_days_measured_are_not(value: str, zh: str, en: str) -> None:
    assert (number_text(Decimal(value), "days", None, "zh"), number_text(Decimal(value), "days", None, "en")) == (zh, en)


def test_steps_of_a_calculation_have_no_page_of_their_own() -> None:
    visit = SimpleNamespace(bank=SimpleNamespace(rulebook=load_rulebook()))
    assert has_page(visit, "revenue") and has_page(visit, "current_ratio")  # type: ignore[arg-type]
    assert not has_page(visit, "need_revenue")  # type: ignore[arg-type]
