"""A debtor's loans added up: worst days past due, amounts by currency, worst category and stage.

Amounts in several currencies stand side by side; they are never added without a dated rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tools.domain.classification import ClassificationRules
from tools.domain.instalments import ZERO
from tools.domain.loan_views import LoanView


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """Amounts of one debtor in one currency. None where a loan's arrears are unknown; `penalty_known` False when the penalty of
    one of the loans is not in `overdue`."""

    currency: str
    balance: Decimal
    overdue: Decimal | None
    dues_12m_principal: Decimal | None
    dues_12m_interest: Decimal | None
    penalty_known: bool


@dataclass(frozen=True, slots=True)
class DebtorTotal:
    """`dpd` is the worst of the loans whose arrears are known; `unknown_loans` lists the others, so that a good `dpd` is not
    taken for all of them."""

    loans: tuple[str, ...]
    dpd: int | None
    dpd_loan: str | None
    max_dpd: int | None
    current: str | None
    proposed: str | None
    stage: int | None
    totals: tuple[CurrencyTotal, ...]
    unknown_loans: tuple[str, ...]


def debtor_total(views: Iterable[LoanView], rules: ClassificationRules) -> DebtorTotal:
    """The loans of one debtor (or group); closed loans count for the worst past days past due only."""
    every = list(views)
    live = [view for view in every if view.terms.status != "closed"]
    timed = [(view.dpd, view.terms.id) for view in live if view.dpd is not None]
    worst = max(timed, key=lambda pair: pair[0], default=None)
    found = [view.classification for view in live if view.classification is not None]
    return DebtorTotal(
        loans=tuple(view.terms.id for view in live),
        dpd=worst[0] if worst else None,
        dpd_loan=worst[1] if worst and worst[0] else None,
        max_dpd=max((view.max_dpd for view in every if view.max_dpd is not None), default=None),
        current=rules.worst(result.current for result in found if result.current),
        proposed=rules.worst(result.proposed for result in found),
        stage=max((result.stage for result in found if result.stage), default=None),
        totals=tuple(_total(currency, live) for currency in sorted({view.terms.currency for view in live})),
        unknown_loans=tuple(view.terms.id for view in live if view.dpd is None),
    )


def _total(currency: str, views: list[LoanView]) -> CurrencyTotal:
    mine = [view for view in views if view.terms.currency == currency]
    late = [view.overdue for view in mine]
    ahead = [view.dues_12m for view in mine]
    known_late = [part for part in late if part is not None]
    known_ahead = [part for part in ahead if part is not None]
    whole = len(known_ahead) == len(mine)
    return CurrencyTotal(
        currency,
        sum((view.terms.balance for view in mine if view.terms.balance is not None), ZERO),
        sum((part.total for part in known_late), ZERO) if len(known_late) == len(mine) else None,
        sum((part.principal for part in known_ahead), ZERO) if whole else None,
        sum((part.interest for part in known_ahead), ZERO) if whole else None,
        all(part.penalty is not None for part in known_late),
    )
