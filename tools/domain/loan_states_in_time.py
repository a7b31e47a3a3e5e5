"""A loan as it stood at the end of past days: outstanding principal and days past due, from its schedule and postings.

A loan's row says only what is owed today; rates of rolling and vintages need what was owed then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tools.domain.allocation import DEFAULT_SETTINGS, RepaymentSettings
from tools.domain.calendars import WEEKENDS, BusinessCalendar
from tools.domain.dpd_history import dpd_history
from tools.domain.instalments import ZERO
from tools.domain.ledger import settle
from tools.domain.loan_views import LoanInput
from tools.domain.periods import Clocks
from tools.domain.postings import effective
from tools.domain.schedules import build_schedule

UNTYPED = ("payment", "recovery")


@dataclass(frozen=True, slots=True)
class StateThen:
    """`outstanding` in currency units, and `dpd` in days, at the end of `day`; None where the bank gave no postings or the
    schedule cannot be computed. `begun` False: nothing had been paid out yet."""

    loan: str
    borrower: str
    currency: str
    day: date
    outstanding: Decimal | None
    dpd: int | None
    begun: bool


def states_then(
    loan: LoanInput,
    days: Iterable[date],
    known_at: datetime,
    settings: RepaymentSettings = DEFAULT_SETTINGS,
    calendar: BusinessCalendar = WEEKENDS,
) -> list[StateThen]:
    """One state per day, oldest first, with what is known by `known_at`."""
    terms = loan.terms
    return [
        StateThen(
            terms.id, terms.borrower, terms.currency, point.day, _outstanding(loan, point.day, known_at, settings), point.dpd,
            terms.start_date <= point.day,
        )
        for point in dpd_history(loan, days, known_at, settings, calendar=calendar)
    ]  # fmt: skip


def _outstanding(loan: LoanInput, day: date, known_at: datetime, settings: RepaymentSettings) -> Decimal | None:
    if loan.transactions is None:
        return None
    if day < loan.terms.start_date:
        return ZERO
    postings = effective(loan.transactions, Clocks(day, known_at))
    repaid = postings.total("principal", "prepayment", "write_off")
    if postings.total(*UNTYPED):
        prepaid = postings.amounts("prepayment")
        schedule = build_schedule(loan.terms, loan.flows, resets=loan.resets, prepayments=prepaid)
        if not schedule.computable:
            return None
        ledger = settle(loan.terms, schedule, postings, day, settings, loan.resets)
        repaid = sum((line.paid_principal for line in ledger.lines), ZERO) + postings.total("prepayment", "write_off")
    drawn = postings.total("drawdown") or loan.terms.principal
    return max(drawn - repaid, ZERO)
