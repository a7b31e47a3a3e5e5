"""Level payments, row by row: 等额本息, balloon and stepped instalments.

The level is recomputed when the rate changes and, for a bank whose prepayments lower the instalment, after a prepayment;
otherwise a prepayment keeps the level and ends the loan sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tools.domain.daycounts import cents
from tools.domain.instalments import ZERO, Instalment, level_payment
from tools.domain.interest import BalancePath, RatePath, convention, period_interest, period_rate
from tools.domain.loans import DayCount, LoanTerms
from tools.domain.payment_dates import PaymentPeriod, payment_periods

Prepaid = list[tuple[date, Decimal]]


def annuity_rows(
    terms: LoanTerms, rates: RatePath, prepayments: Sequence[tuple[date, Decimal]]
) -> tuple[list[Instalment], Prepaid]:
    """Rows of a level-payment loan, and prepaid money that no principal was left for. Raises ValueError on impossible terms."""
    periods = payment_periods(
        terms.start_date, terms.end_date, terms.repayment_frequency, terms.first_payment_date, merge_stub=True
    )
    return _Annuity(terms, rates, periods).rows(sorted(prepayments))


class _Annuity:
    def __init__(self, terms: LoanTerms, rates: RatePath, periods: tuple[PaymentPeriod, ...]) -> None:
        self.terms, self.rates, self.periods = terms, rates, periods
        self.rule: DayCount | None = convention(terms)
        self.balloon = terms.balloon or ZERO if terms.repayment_type == "balloon" else ZERO
        self.last = len(periods) - 1

    def rows(self, prepayments: Sequence[tuple[date, Decimal]]) -> tuple[list[Instalment], Prepaid]:
        queue = list(prepayments)
        excess: Prepaid = []
        rows: list[Instalment] = []
        balance, level = self.terms.principal, ZERO
        rate: Decimal | None = None
        for index, period in enumerate(self.periods):
            if self.terms.repayment_type == "step":
                level = self._stage(index)
            elif self.rates.on(period.start) != rate:
                rate = self.rates.on(period.start)
                level = self._level(balance, index, rate)
            paid: Prepaid = []
            while queue and queue[0][0] < period.end:
                day, amount = queue.pop(0)
                taken = min(amount, balance - sum((part for _, part in paid), ZERO))
                paid.append((max(day, period.start), taken))
                if amount > taken:
                    excess.append((day, amount - taken))
            interest = self._interest(period, balance, paid)
            balance -= sum((part for _, part in paid), ZERO)
            if paid:
                level = self._after_prepayment(balance, index, level, rate)
            principal = balance if index >= self.last else min(level - interest, balance)
            if principal < 0 and self.terms.repayment_type != "step":
                # a long first period costs more than the level: it pays its interest and the level is cut anew
                principal, rate = ZERO, None
            if principal < 0:
                raise ValueError(f"the instalment {level} due {period.end} does not cover its interest {interest}")
            balance -= principal
            if principal or interest:
                rows.append(Instalment(period.end, principal, interest))
            if index >= self.last:
                break
        return rows, excess + queue

    def _interest(self, period: PaymentPeriod, balance: Decimal, paid: Prepaid) -> Decimal:
        path = BalancePath(balance, [(day, -part) for day, part in paid])
        return cents(period_interest(period, path, self.rates, self.rule))

    def _level(self, balance: Decimal, index: int, rate: Decimal) -> Decimal:
        ahead = self.periods[index : self.last + 1]
        return cents(level_payment(balance, [period_rate(p, rate, self.rule) for p in ahead], self.balloon))

    def _after_prepayment(self, balance: Decimal, index: int, level: Decimal, rate: Decimal | None) -> Decimal:
        if self.terms.prepayment_rule == "lower" and rate is not None:
            return self._level(balance, index, rate)
        if self.balloon or self.terms.repayment_type == "step":
            # the last payment is the large one: it takes the prepayment
            if not balance:
                self.last = index
            return level
        self.last = self._payoff(balance, index, level)
        return level

    def _payoff(self, balance: Decimal, index: int, level: Decimal) -> int:
        """Index of the period in which `level` pays the rest of the loan."""
        for ahead in range(index, self.last):
            period = self.periods[ahead]
            balance -= level - self._interest(period, balance, [])
            if balance <= 0:
                return ahead
        return self.last

    def _stage(self, index: int) -> Decimal:
        amounts = [amount for number, amount in sorted(self.terms.stages) if number <= index + 1]
        if not amounts:
            raise ValueError("the first stage of a step loan must start at instalment 1")
        return amounts[-1]
