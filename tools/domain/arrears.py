"""Days past due, buckets, what is overdue and what comes next, read off a settled ledger.

Due on a day means payable that day: it is overdue from the next day on. Dues ahead are those from the business date on
that are not paid yet, twelve months of them including the last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.daycounts import cents
from tools.domain.instalments import ZERO
from tools.domain.ledger import Ledger, SettledInstalment
from tools.domain.periods import add_months

REGULATORY_BUCKETS = ((0, "0"), (90, "1-90"), (270, "91-270"), (360, "271-360"))


@dataclass(frozen=True, slots=True)
class Overdue:
    """Amounts past due. `penalty` is the penalty and compound interest on what is past due, None when no penalty rate is known.
    Fees, and `penalty_on_paid` (still open on instalments that were paid late), are apart and not in the total. `total` is
    principal + interest + penalty, without a penalty that is unknown."""

    principal: Decimal
    interest: Decimal
    penalty: Decimal | None
    fee: Decimal
    penalty_on_paid: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What the debtor would have to pay today to be current, fees apart."""
        return self.principal + self.interest + (self.penalty or ZERO)


@dataclass(frozen=True, slots=True)
class Due:
    """Unpaid principal and interest that fall due on `date`."""

    date: date
    principal: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest


def bucket(dpd: int) -> str:
    """current, M1 (1-30 days), M2 (31-60), M3 (61-90), M4 ...."""
    return "current" if dpd <= 0 else f"M{(dpd + 29) // 30}"


def regulatory_bucket(dpd: int) -> str:
    """0, 1-90, 91-270, 271-360 or >360 days past due."""
    for upper, name in REGULATORY_BUCKETS:
        if dpd <= upper:
            return name
    return ">360"


def overdue(ledger: Ledger) -> Overdue:
    """What was due before the ledger's date and is not paid."""
    late = [line for line in ledger.lines if line.date < ledger.as_of]
    principal = sum((line.open_principal for line in late), ZERO)
    interest = sum((line.open_interest for line in late), ZERO)
    fee = sum((line.fee - line.paid_fee for line in late), ZERO)
    unpaid = cents(sum((line.open_penalty for line in late if _unpaid(line)), ZERO))
    on_paid = cents(sum((line.open_penalty for line in late if not _unpaid(line)), ZERO))
    known = ledger.penalty_known or (not principal and not interest)
    return Overdue(principal, interest, unpaid if known else None, fee, on_paid)


def dues(ledger: Ledger, until: date | None = None) -> list[Due]:
    """Unpaid dues from the ledger's date on, to `until` (inclusive)."""
    return [
        Due(line.date, line.open_principal, line.open_interest)
        for line in ledger.lines
        if line.date >= ledger.as_of and (until is None or line.date <= until) and _unpaid(line)
    ]


def next_due(ledger: Ledger) -> Due | None:
    """The first unpaid due from the ledger's date on."""
    ahead = dues(ledger)
    return ahead[0] if ahead else None


def dues_12m(ledger: Ledger) -> Due:
    """Principal and interest of the next twelve months; `date` is the last day counted. What is overdue is not in it."""
    until = add_months(ledger.as_of, 12)
    return total(dues(ledger, until), until)


def total(parts: Iterable[Due], until: date) -> Due:
    """Dues added up, for instance over a borrower's loans in one currency."""
    rows = list(parts)
    return Due(until, sum((row.principal for row in rows), ZERO), sum((row.interest for row in rows), ZERO))


def _unpaid(line: SettledInstalment) -> bool:
    return line.open_principal > 0 or line.open_interest > 0
