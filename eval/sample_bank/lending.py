"""Loans with their dues and the payments that came: written from handbook 5, apart from the product's own arithmetic.

Equal types use rate x months / 12, all others ACT/360; each instalment is rounded half up to cents and the last takes the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from eval.sample_bank.book import Book, Value

CENT = Decimal("0.01")
MONTHS = {"monthly": 1, "quarterly": 3, "semi_annually": 6, "annually": 12}


def cents(amount: Decimal) -> Decimal:
    """Half up to two places."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; days here are never past the 28th."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment."""

    day: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        """Principal and interest."""
        return self.principal + self.interest


@dataclass(slots=True, kw_only=True)
class Lent:
    """A loan to be booked. `flows` are given dues (then written to loan_cash_flows); else the terms make them.

    `draws`: (date, amount), default all on the start date. `paid`: how dues were met. `row` holds further loan columns.
    """

    id: str
    customer: str
    kind: str
    purpose: str
    amount: Decimal
    rate: Decimal
    start: date
    end: date
    repayment: str
    frequency: str
    currency: str = "CNY"
    first: date | None = None
    flows: Sequence[Due] = ()
    draws: Sequence[tuple[date, Decimal]] = ()
    unpaid_from: date | None = None
    """Dues on or after this day were not paid at all."""
    delays: Mapping[date, int] = field(default_factory=dict)
    """Days late by due date."""
    receipts: Sequence[tuple[date, Decimal]] | None = None
    """Actual receipts, oldest due first and interest before principal, instead of paying dues as they fall."""
    account: str = ""
    row: Mapping[str, Value] = field(default_factory=dict)

    def dues(self) -> list[Due]:
        """The contractual schedule."""
        if self.flows:
            return list(self.flows)
        if self.repayment == "bullet":
            return [Due(self.end, self.amount, self._days_interest(self.amount, self.start, self.end))]
        days = self._days()
        if self.repayment == "interest_only":
            starts = [self.start, *days]
            return [
                Due(day, self.amount if day == self.end else Decimal(0), self._days_interest(self.amount, start, day))
                for start, day in zip(starts, days, strict=False)
            ]
        if self.repayment == "equal_principal":
            return self._equal_principal(days)
        if self.repayment == "equal_instalment":
            return self._equal_instalment(days)
        raise ValueError(f"{self.id}: {self.repayment} needs given flows")

    def _days(self) -> list[date]:
        step = MONTHS[self.frequency]
        first = self.first or months_later(self.start, step)
        days = []
        while first < self.end:
            days.append(first)
            first = months_later(first, step)
        return [*days, self.end]

    def _days_interest(self, balance: Decimal, start: date, end: date) -> Decimal:
        return cents(balance * self.rate * (end - start).days / 360)

    def _equal_principal(self, days: Sequence[date]) -> list[Due]:
        part, left, dues = cents(self.amount / len(days)), self.amount, []
        for day in days:
            principal = left if day == days[-1] else part
            dues.append(Due(day, principal, cents(left * self.rate * MONTHS[self.frequency] / 12)))
            left -= principal
        return dues

    def _equal_instalment(self, days: Sequence[date]) -> list[Due]:
        rate = self.rate * MONTHS[self.frequency] / 12
        growth = (1 + rate) ** len(days)
        level, left, dues = cents(self.amount * rate * growth / (growth - 1)), self.amount, []
        for day in days:
            interest = cents(left * rate)
            principal = left if day == days[-1] else level - interest
            dues.append(Due(day, principal, interest))
            left -= principal
        return dues

    def book(self, book: Book, book_date: date) -> Booked:
        """Writes loan, schedule and transactions; the balance is drawings less principal paid."""
        lines: list[tuple[date, int, str, Decimal]] = []
        for day, amount in self.draws or ((self.start, self.amount),):
            lines.append((day, 0, "drawdown", amount))
        for day, kind, amount in self._payments(book_date):
            lines.append((day, 1 if kind == "interest" else 2, kind, amount))
        lines = sorted((day, order, kind, cents(amount)) for day, order, kind, amount in lines if day <= book_date)
        balance = cents(
            sum((a if kind == "drawdown" else -a for _, _, kind, a in lines if kind in ("drawdown", "principal")), Decimal(0))
        )
        book.add(
            "loans", id=self.id, customer_id=self.customer, type=self.kind, purpose=self.purpose, currency_code=self.currency,
            orig_notional=cents(self.amount), balance=balance, rate=self.rate, start_date=self.start, end_date=self.end,
            repayment_type=self.repayment, repayment_frequency=self.frequency, first_payment_date=self.first,
            **{"rate_type": "fixed", "status": "active" if balance else "closed", "classification": "normal",
               "classification_date": date(2026, 9, 30), "extension_count": 0, "origin": "new", "stage": 1,
               "penalty_rate": cents_rate(self.rate * Decimal("1.5")), **self.row},
        )  # fmt: skip
        for due in self.flows:
            for kind, amount in (("principal", due.principal), ("interest", due.interest)):
                if amount:
                    book.add(
                        "loan_cash_flows",
                        loan_id=self.id,
                        payment_date=due.day,
                        type=kind,
                        amount=cents(amount),
                        currency_code=self.currency,
                    )
        for day, _, kind, amount in lines:
            book.add(
                "loan_transactions", loan_id=self.id, value_date=day, type=kind, amount=amount, currency_code=self.currency,
                account_id=self.account or None,
            )  # fmt: skip
        return Booked(self, balance, tuple((day, kind, amount) for day, _, kind, amount in lines))

    def _payments(self, book_date: date) -> list[tuple[date, str, Decimal]]:
        if self.receipts is not None:
            return self._allocated()
        paid = []
        for due in self.dues():
            if self.unpaid_from and due.day >= self.unpaid_from:
                continue
            day = due.day + timedelta(days=self.delays.get(due.day, 0))
            paid += [
                (day, kind, amount) for kind, amount in (("interest", due.interest), ("principal", due.principal)) if amount
            ]
        return paid

    def _allocated(self) -> list[tuple[date, str, Decimal]]:
        owed = [[due.interest, due.principal] for due in self.dues()]
        paid: list[tuple[date, str, Decimal]] = []
        for day, amount in self.receipts or ():
            split = {"interest": Decimal(0), "principal": Decimal(0)}
            for parts in owed:
                for index, kind in enumerate(split):
                    taken = min(parts[index], amount)
                    parts[index] -= taken
                    amount -= taken
                    split[kind] += taken
            if amount:
                raise ValueError(f"{self.id}: {amount} was paid beyond all dues")
            paid += [(day, kind, part) for kind, part in split.items() if part]
        return paid


@dataclass(frozen=True, slots=True)
class Booked:
    """A loan as written: `lines` are (date, type, amount)."""

    lent: Lent
    balance: Decimal
    lines: tuple[tuple[date, str, Decimal], ...]

    def overdue(self, as_of: date) -> tuple[int, Decimal]:
        """Days past due and amount overdue on a day, oldest due first: the truth for arrears."""
        paid = sum((a for d, kind, a in self.lines if kind in ("interest", "principal") and d <= as_of), Decimal(0))
        oldest, amount = None, Decimal(0)
        for due in self.lent.dues():
            if due.day > as_of:
                continue
            covered = min(paid, due.amount)
            paid -= covered
            if covered < due.amount:
                amount += due.amount - covered
                oldest = oldest or due.day
        return ((as_of - oldest).days if oldest else 0), amount


def cents_rate(rate: Decimal) -> Decimal:
    """A rate to six places."""
    return rate.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def level_dues(days: Sequence[date], payment: Decimal, rate: Decimal, start: date) -> list[Due]:
    """Dues of one equal payment each on uneven dates, ACT/360; the principal is what they are worth on `start`."""
    balance = Decimal(0)
    for before, day in reversed(list(zip([start, *days], days, strict=False))):
        balance = cents((balance + payment) / (1 + rate * (day - before).days / 360))
    dues, before = [], start
    for day in days:
        interest = cents(balance * rate * (day - before).days / 360)
        principal = balance if day == days[-1] else payment - interest
        dues.append(Due(day, principal, payment - principal))
        balance -= principal
        before = day
    return dues
