"""The need for working capital on one fiscal year, from figures alone: what the capacity shows and the over-lending signal judges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.capital_need import Need, NeedInputs, working_capital_need
from tools.domain.figures import Figure
from tools.domain.grammar import parse
from tools.rulebook.capacity_rules import capacity_under
from tools.toolbox.capacities import NEED
from tools.toolbox.desk import Desk

ZERO = Decimal(0)


def need_of(desk: Desk, borrower: str, year_end: date) -> tuple[Need, Decimal | None, Sequence[Figure]]:
    """The need of the year after `year_end`, the short-term loans that meet it now, and the figures both rest on: own funds are the net working capital, growth is that of the year,
    at most the rulebook's cap."""
    book = desk.book(borrower)
    scopes = book.scopes()
    evaluator = desk.evaluator(borrower, scopes[0] if scopes else "consolidated")
    figures = {name: evaluator.formula(f"need_{name}", text, parse(text), year_end) for name, text in NEED.items()}
    given: dict[str, Any] = {name: figure.value for name, figure in figures.items()}
    if given["own_funds"] is not None:
        given["own_funds"] = max(given["own_funds"], ZERO)
    inputs = NeedInputs(**given)
    cap = capacity_under(desk.rulebook, desk.clocks.as_of, desk.clocks.known_at.date()).growth_cap
    return working_capital_need(inputs, cap), figures["existing_loans"].value, tuple(figures.values())
