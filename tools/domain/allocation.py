"""Repayment settings: how money without a type is allocated, what counts as arrears, how penalty interest runs.

Every bank may differ, so each is a dated value; the product's defaults are rulebook data. Handbook 5: oldest instalment
first, inside it fees, penalty, compound interest, interest, principal; Civil Code 561 orders across instalments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.domain.loans import BusinessDayRule, DayCount, PrepaymentRule

Component = Literal["fee", "penalty", "compound", "interest", "principal"]
COMPONENTS: tuple[Component, ...] = ("fee", "penalty", "compound", "interest", "principal")


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """One order, in force from `effective_from` to `effective_to` (both inclusive; None: open) for payments made while the
    loan is at least `from_dpd` days past due. `across`: instalment finishes the oldest instalment before the next;
    component pays one component of every due instalment before the next component."""

    id: str
    order: tuple[Component, ...] = COMPONENTS
    across: Literal["instalment", "component"] = "instalment"
    from_dpd: int = 0
    effective_from: date = date.min
    effective_to: date | None = None

    def __post_init__(self) -> None:
        if sorted(self.order) != sorted(COMPONENTS):
            raise ValueError(f"{self.id}: the order must name each of {', '.join(COMPONENTS)} once")

    def applies(self, day: date, dpd: int) -> bool:
        """Whether a payment valued on `day` at `dpd` days past due goes by this rule."""
        started = self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)
        return started and dpd >= self.from_dpd


@dataclass(frozen=True, slots=True)
class RepaymentSettings:
    """`tolerance`: arrears of principal and interest up to this amount in total are not counted (currency units).

    `penalty_multiple` times the contract rate is the penalty rate of a loan that states none; None leaves it unknown, since
    the regulator only gives a range. `compound`: unpaid interest also runs at the penalty rate (复利). `business_day_rule` moves due
    dates that were not given by the bank, `prepayment_rule` says what a prepayment changes, for loans whose terms say neither.
    """

    allocation: tuple[AllocationRule, ...] = (AllocationRule("oldest_first"),)
    tolerance: Decimal = Decimal(0)
    penalty_multiple: Decimal | None = None
    penalty_day_count: DayCount = "act_360"
    compound: bool = False
    business_day_rule: BusinessDayRule = "none"
    prepayment_rule: PrepaymentRule | None = None

    def rule(self, day: date, dpd: int) -> AllocationRule:
        """The rule for a payment: of those that apply, the one for the deepest arrears, then the newest."""
        fitting = [rule for rule in self.allocation if rule.applies(day, dpd)]
        return max(fitting, key=lambda rule: (rule.from_dpd, rule.effective_from), default=AllocationRule("oldest_first"))


DEFAULT_SETTINGS = RepaymentSettings()
