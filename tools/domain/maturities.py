"""The maturity ladder: principal still to come by when it falls due, overdue first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.loan_views import LoanView
from tools.domain.periods import add_months

ZERO = Decimal(0)
STEPS = ((1, "up_to_1m"), (3, "1m_to_3m"), (6, "3m_to_6m"), (12, "6m_to_12m"), (36, "1y_to_3y"))
OVERDUE, BEYOND = "overdue", "over_3y"


@dataclass(frozen=True, slots=True)
class Rung:
    """Principal due inside one span, and how many loans have some."""

    span: str
    until: date | None
    amount: Decimal
    loans: int


def ladder(views: Iterable[LoanView], as_of: date) -> tuple[list[Rung], list[str]]:
    """Rungs of loans in one currency, and the loans whose schedule cannot be computed."""
    ends = [(add_months(as_of, months), name) for months, name in STEPS]
    amounts = {name: ZERO for name in (OVERDUE, *(name for _, name in ends), BEYOND)}
    loans: dict[str, set[str]] = {name: set() for name in amounts}
    unknown: list[str] = []
    for view in views:
        if view.ledger is None:
            unknown.append(view.terms.id)
            continue
        for line in view.ledger.lines:
            if not line.open_principal:
                continue
            span = OVERDUE if line.date < as_of else next((name for end, name in ends if line.date <= end), BEYOND)
            amounts[span] += line.open_principal
            loans[span].add(view.terms.id)
    dates: dict[str, date | None] = {name: end for end, name in ends}
    return [Rung(name, dates.get(name), amount, len(loans[name])) for name, amount in amounts.items()], unknown
