"""Money in an account as lots, part loan and part own, and the ways of saying which of it a payment takes.

FIFO takes the oldest lot first, pro-rata takes of everything alike, loan-first takes loan money while there is any. Amounts are
whole cents: a part of a lot takes its loan share rounded half up to the cent, and the rest keeps exactly what was not taken, so
that no cent appears or vanishes however often money is split.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Method = Literal["fifo", "pro_rata", "loan_first"]
METHODS: tuple[Method, ...] = ("fifo", "pro_rata", "loan_first")


class Tag(NamedTuple):
    """What is known of a cent of loan money: the payment by which it last left the borrower (empty: it never did), how many hands it
    went through, whether it was misused before and whether it came back before."""

    source: str = ""
    hops: int = 0
    misused: bool = False
    returned: bool = False


AT_HOME = Tag()
Loan = Mapping[Tag, int]


@dataclass(slots=True)
class Lot:
    """`amount` cents, of which `loan` cents by tag are loan money."""

    amount: int
    loan: dict[Tag, int]

    @property
    def borrowed(self) -> int:
        """Loan money in it."""
        return sum(self.loan.values())


def split(lot: Lot, amount: int) -> tuple[Lot, Lot]:
    """`amount` of a lot and what stays. Both together are exactly the lot."""
    if amount >= lot.amount:
        return lot, Lot(0, {})
    whole = lot.borrowed
    part = shared(lot.loan, (2 * whole * amount + lot.amount) // (2 * lot.amount)) if whole else {}
    left = {tag: cents - part.get(tag, 0) for tag, cents in lot.loan.items() if cents > part.get(tag, 0)}
    return Lot(amount, part), Lot(lot.amount - amount, left)


def shared(loan: Loan, amount: int) -> dict[Tag, int]:
    """`amount` cents taken from `loan` in proportion, whole cents, the largest remainders first."""
    whole = sum(loan.values())
    if amount >= whole:
        return dict(loan)
    if len(loan) == 1:
        return {tag: amount for tag in loan} if amount else {}
    parts = {tag: cents * amount // whole for tag, cents in loan.items()}
    ahead = sorted(loan, key=lambda tag: (-(loan[tag] * amount % whole), tag))
    for tag in ahead[: amount - sum(parts.values())]:
        parts[tag] += 1
    return {tag: cents for tag, cents in parts.items() if cents}


class Holdings:
    """What one account holds under one method. An account that pays more than it holds is overdrawn by `hole`: what comes in then
    fills the hole first."""

    def __init__(self, method: Method, opening: int = 0) -> None:
        self.method = method
        self.lots: deque[Lot] = deque()
        self.borrowed = 0
        self.hole = max(-opening, 0)
        if opening > 0:
            self.lots.append(Lot(opening, {}))

    @property
    def amount(self) -> int:
        """Money held, the hole not taken off."""
        return sum(lot.amount for lot in self.lots)

    @property
    def loan(self) -> dict[Tag, int]:
        """Loan money held, by tag."""
        held: dict[Tag, int] = {}
        for lot in self.lots:
            for tag, cents in lot.loan.items():
                held[tag] = held.get(tag, 0) + cents
        return held

    def put(self, lot: Lot) -> Lot:
        """Money comes in; what of it filled the hole."""
        filled = Lot(0, {})
        if self.hole:
            filled, lot = split(lot, min(self.hole, lot.amount))
            self.hole -= filled.amount
        if lot.amount:
            self.borrowed += lot.borrowed
            self.lots.append(lot)
            if self.method == "pro_rata" and len(self.lots) > 1:
                self.lots = deque([_joined(self.lots)])
        return filled

    def take(self, amount: int) -> Lot:
        """Money goes out by the method; what is not there is borrowed from nobody we know and carries no loan money."""
        return self.take_loan_first(amount) if self.method == "loan_first" else self._plain(amount)

    def take_loan_first(self, amount: int) -> Lot:
        """Specific identification: a payment that is known to be made out of the loan."""
        first = self._only(amount, borrowed=True)
        return _joined((first, self._plain(amount - first.amount)))

    def take_own_first(self, amount: int) -> Lot:
        """A payment that is known to be made out of other money than the loan."""
        first = self._only(amount, borrowed=False)
        return _joined((first, self._plain(amount - first.amount)))

    def forget(self) -> int:
        """Stops following the loan money held: it is own money from here on. How much there was."""
        gone, self.borrowed = self.borrowed, 0
        for lot in self.lots:
            lot.loan = {}
        return gone

    def _plain(self, amount: int) -> Lot:
        taken = Lot(0, {})
        while amount and self.lots:
            part, rest = split(self.lots[0], min(amount, self.lots[0].amount))
            if rest.amount:
                self.lots[0] = rest
            else:
                self.lots.popleft()
            amount -= part.amount
            self.borrowed -= part.borrowed
            taken = _joined((taken, part)) if taken.amount else part
        self.hole += amount
        return Lot(taken.amount + amount, taken.loan)

    def _only(self, amount: int, *, borrowed: bool) -> Lot:
        """Up to `amount` of loan money alone, or of own money alone, the oldest lots first."""
        taken = Lot(0, {})
        if borrowed and not self.borrowed:
            return taken
        for lot in self.lots:
            there = lot.borrowed if borrowed else lot.amount - lot.borrowed
            cents = min(there, amount - taken.amount)
            if cents:
                part = shared(lot.loan, cents) if borrowed else {}
                lot.amount -= cents
                lot.loan = {tag: held - part.get(tag, 0) for tag, held in lot.loan.items() if held > part.get(tag, 0)}
                taken = _joined((taken, Lot(cents, part)))
                if borrowed:
                    self.borrowed -= cents
            if taken.amount == amount or (borrowed and not self.borrowed):
                break
        self.lots = deque(lot for lot in self.lots if lot.amount)
        return taken


def _joined(lots: Iterable[Lot]) -> Lot:
    amount = 0
    loan: dict[Tag, int] = {}
    for lot in lots:
        amount += lot.amount
        for tag, cents in lot.loan.items():
            loan[tag] = loan.get(tag, 0) + cents
    return Lot(amount, loan)
