"""The contractual cash flows a bank handed over, by date and kind.

They win over anything generated. A bank that lists only the rows still ahead is recognised by its first row standing far
behind the start of the loan: payments older than that row then belong to dues nobody listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.instalments import ZERO
from tools.domain.loans import MONTHS, CashFlow, LoanTerms
from tools.domain.periods import add_months

_SLACK = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class GivenRows:
    """Amounts by payment date; `days` are the dates on which anything was given."""

    principal: dict[date, Decimal]
    interest: dict[date, Decimal]
    fees: dict[date, Decimal]
    days: frozenset[date]

    @property
    def has_interest(self) -> bool:
        """True when the bank's schedule carries interest, so that none is generated."""
        return bool(self.interest)


def given_rows(flows: Iterable[CashFlow]) -> GivenRows:
    """`flows` added up by date."""
    sums: dict[str, dict[date, Decimal]] = {"principal": {}, "interest": {}, "fee": {}}
    for flow in flows:
        column = sums[flow.type]
        column[flow.payment_date] = column.get(flow.payment_date, ZERO) + flow.amount
    days = frozenset(day for column in sums.values() for day in column)
    return GivenRows(sums["principal"], sums["interest"], sums["fee"], days)


def lead_time(terms: LoanTerms) -> date:
    """The latest day on which a complete schedule would have its first row."""
    if terms.first_payment_date is not None:
        return terms.first_payment_date + _SLACK
    months = MONTHS[terms.repayment_frequency]
    if months is None or terms.repayment_type in ("interest_only", "bullet"):
        return terms.end_date
    return add_months(terms.start_date, months) + _SLACK


def settled_before(terms: LoanTerms, first: date) -> date:
    """With a schedule that starts late, money valued on or before this day paid dues that are not listed."""
    months = MONTHS[terms.repayment_frequency]
    return add_months(first, -months) if months else first - _SLACK
