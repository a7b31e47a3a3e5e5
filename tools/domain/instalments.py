"""What a schedule is made of, and the closed formulas of level payments.

An instalment says where its amounts come from: the contractual cash flows the bank gave, or the terms of the loan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Origin = Literal["given", "generated"]
ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Instalment:
    """What falls due on `date`, in the loan's currency. `source` is given as soon as one of its parts was."""

    date: date
    principal: Decimal
    interest: Decimal
    fee: Decimal = ZERO
    source: Origin = "generated"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The instalments of one loan in order of date, or why there are none.

    `unscheduled_prepayments` is prepaid money (date, amount) larger than the principal still ahead: it pays what is overdue.
    `flags`: principal_differs (the schedule does not add up to the notional), starts_late (only the later rows were given),
    interest_generated (the bank gave the principal, the interest comes from the terms), rate_history_missing (a variable
    loan without resets: past interest runs at today's rate).
    """

    instalments: tuple[Instalment, ...] = ()
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    unscheduled_prepayments: tuple[tuple[date, Decimal], ...] = ()

    @property
    def computable(self) -> bool:
        """False when an input is missing or contradicts itself; `reason` then says which."""
        return not self.reason


def annuity_payment(principal: Decimal, rate: Decimal, count: int, balloon: Decimal = ZERO) -> Decimal:
    """Level payment, unrounded, for `count` periods at `rate` per period with `balloon` left for the last date.

    Raises ValueError without periods.
    """
    return level_payment(principal, [rate] * count, balloon)


def level_payment(principal: Decimal, rates: Sequence[Decimal], balloon: Decimal = ZERO) -> Decimal:
    """Level payment, unrounded, when each period has its own rate: the present values add up to the principal."""
    if not rates:
        raise ValueError("a level payment needs at least one period")
    if not any(rates):
        return (principal - balloon) / len(rates)
    discount, annuity = ONE, ZERO
    for rate in rates:
        discount /= ONE + rate
        annuity += discount
    return (principal - balloon * discount) / annuity


def equal_principal_interest(principal: Decimal, rate: Decimal, count: int) -> Decimal:
    """Total interest, unrounded, of equal principal over `count` periods at `rate` per period."""
    return principal * rate * (count + 1) / 2
