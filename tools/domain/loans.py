"""Loans as the bank hands them over: terms, contractual cash flows, transactions, rate resets.

Plain values with the names of the loan book. Amounts are positive Decimals in major units, direction is in the type;
rates are annual decimals (0.0435 is 4.35 %). Nothing here computes: schedules, dues and arrears do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

RepaymentType = Literal["equal_instalment", "equal_principal", "interest_only", "bullet", "step", "balloon", "irregular"]
Frequency = Literal["monthly", "quarterly", "semi_annually", "annually", "at_maturity"]
DayCount = Literal["act_360", "act_365", "act_act", "std_30_360"]
BusinessDayRule = Literal["none", "following", "modified_following", "preceding"]
PrepaymentRule = Literal["shorten", "lower", "last"]
FlowType = Literal["principal", "interest", "fee"]
TransactionType = Literal[
    "drawdown", "principal", "interest", "penalty", "fee", "prepayment", "write_off", "recovery", "reversal", "payment"
]
"""`payment` is money the core system gave no type: it goes by the allocation order, as `recovery` does."""

MONTHS: dict[str, int | None] = {"monthly": 1, "quarterly": 3, "semi_annually": 6, "annually": 12, "at_maturity": None}
"""Months between two payments of a frequency; None when there is only the payment at maturity."""


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """The contract of one loan. `principal` is the original notional; `rate` and `penalty_rate` are annual decimals.

    `day_count` None means the convention of the repayment type: rate x months / 12 for the equal types, ACT/360 otherwise.
    `balloon` is the part of the principal left to the last date; `stages` are (first instalment number, principal of
    each instalment from there on). Both only matter when no cash flows were handed over.
    """

    id: str
    borrower: str
    currency: str
    principal: Decimal
    rate: Decimal
    start_date: date
    end_date: date
    repayment_type: RepaymentType
    repayment_frequency: Frequency
    balance: Decimal | None = None
    day_count: DayCount | None = None
    first_payment_date: date | None = None
    interest_frequency: Frequency | None = None
    penalty_rate: Decimal | None = None
    rate_type: str | None = None
    status: str = "active"
    balloon: Decimal | None = None
    stages: tuple[tuple[int, Decimal], ...] = ()
    business_day_rule: BusinessDayRule = "none"
    prepayment_rule: PrepaymentRule | None = None


@dataclass(frozen=True, slots=True)
class CashFlow:
    """One row of the contractual schedule as the bank gave it."""

    id: str
    payment_date: date
    type: FlowType
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RateReset:
    """From `from_date` (inclusive) interest runs at `rate`. `expected`: its base rate is not published yet. `stated_on`: the date of the
    book that told it."""

    from_date: date
    rate: Decimal
    expected: bool = False
    stated_on: date | None = None


@dataclass(frozen=True, slots=True)
class LoanTransaction:
    """One posting. `value_date` is when it counts; `posted_at` (aware UTC, None: always known) is when the bank recorded it."""

    id: str
    value_date: date
    type: TransactionType
    amount: Decimal
    posted_at: datetime | None = None
    reference: str | None = None
    reverses_id: str | None = None
