"""The period a signal names is the borrower's own: a quarter of a year that ends in March is no half year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.vectors import fact
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import FactBook
from tools.domain.signal_case import Case
from tools.monitor.environment import Measures, Place, SignalEnvironment
from tools.monitor.wording import worded
from tools.rulebook.loader import load_rulebook
from tools.rulebook.signal_rules import load_signals


@pytest.mark.parametrize(
    ("year_end", "end", "months", "zh", "en"),
    [
        (date(2026, 3, 31), date(2026, 6, 30), 3, "2026年第二季度", "Q2 2026"),
        (date(2025, 12, 31), date(2026, 6, 30), 6, "2026年上半年", "H1 2026"),
        (date(2026, 3, 31), date(2026, 9, 30), 6, "截至2026年9月30日的6个月", "the 6 months ended 30 September 2026"),
    ],
)
def test_a_fall_of_sales_is_told_of_the_months_it_covers(year_end: date, end: date, months: int, zh: str, en: str) -> None:
    before = end.replace(year=end.year - 1)
    sales = [(year_end, 12, 9000), (end, months, 1290), (before, months, 1648)]
    facts = [fact("revenue", amount, day, run, statement="income_statement") for day, run, amount in sales]
    rulebook, book = load_rulebook(), load_signals()
    held = FactBook(facts)
    signal = next(one for one in book.signals if one.id == "FIN-01")
    case = Case("C001", date(2026, 10, 31), {"id": "C001"}, statement_ends=(end,))
    statements = Evaluator(rulebook, held).environment(end, "ytd")
    env = SignalEnvironment(Measures(book, case), statements, rulebook, Decimal("0.15"))
    text = worded(signal, book, env, Place(end, "ytd", statements, held.months_into_year(end)), case).text
    assert zh in text["zh"] and en in text["en"], text
