"""Loan parts of payments worked out the slow way, to hold the kernel against.

Nothing is remembered: for every payment the whole history of the account it leaves is replayed from the first line, and what came
in carries the loan part found the same way for the payment it came from. Shares are exact fractions, rounded half up to the cent
where money is parted.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tools.domain.tracing import Step


def half_up(value: Fraction) -> int:
    """To whole cents, a half upwards."""
    return (
        int((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
        if value.denominator != 1
        else value.numerator
    )


class Reference:
    """FIFO or pro-rata over one list of steps."""

    def __init__(self, steps: Sequence[Step], openings: dict[str, int], fifo: bool) -> None:
        self.steps, self.openings, self.fifo = steps, openings, fifo
        self.found: dict[int, int] = {}

    def parts(self) -> list[int]:
        """The loan part of every step."""
        return [self.part(number) for number in range(len(self.steps))]

    def part(self, number: int) -> int:
        """The loan part of one step: all of a drawing, else what replaying its account gives."""
        if number not in self.found:
            step = self.steps[number]
            self.found[number] = step.amount if step.draw else self._replayed(step.source, number)
        return self.found[number]

    def _replayed(self, account: str, until: int) -> int:
        opening = self.openings.get(account, 0)
        heap: list[tuple[int, int]] = [(opening, 0)] if opening > 0 else []
        owed = -min(opening, 0)
        for number in range(until + 1):
            step = self.steps[number]
            if step.target == account and number < until:
                amount, loan = step.amount, self.part(number)
                fill = min(owed, amount)
                loan -= half_up(Fraction(loan * fill, amount)) if fill < amount else loan
                owed, amount = owed - fill, amount - fill
                if amount:
                    heap.append((amount, loan))
                    if not self.fifo:
                        heap = [(sum(a for a, _ in heap), sum(part for _, part in heap))]
            if step.source == account and not step.draw:
                taken, left = 0, step.amount
                while left and heap:
                    there, loan = heap.pop(0)
                    cut = min(there, left)
                    part = loan if cut == there else half_up(Fraction(loan * cut, there))
                    taken, left = taken + part, left - cut
                    if cut < there:
                        heap.insert(0, (there - cut, loan - part))
                owed += left
                if number == until:
                    return taken
        raise AssertionError(account)


def random_steps(seed: int, most: int = 40) -> tuple[list[Step], dict[str, int]]:
    """Drawings, sales, payments to the outside and transfers in circles among six accounts; some overdrawn, some empty."""
    from datetime import date, timedelta

    dice = random.Random(seed)
    accounts = [f"A{n}" for n in range(dice.randint(1, 6))]
    openings = {account: dice.choice([0, 0, 1, 7, dice.randrange(1, 5_000), -dice.randrange(1, 3_000)]) for account in accounts}
    day = date(2026, 3, 2)
    steps = [Step("T0", day, "loan", "A0", dice.randrange(1, 20_000), draw=True)]
    for number in range(1, dice.randint(2, most)):
        day += timedelta(days=dice.choice([0, 0, 1, 3]))
        amount = dice.choice([1, 2, 3, dice.randrange(1, 100), dice.randrange(1, 9_000)])
        kind = dice.random()
        here, there = dice.choice(accounts), dice.choice(accounts)
        if kind < 0.08:
            steps.append(Step(f"T{number}", day, "loan", "A0", amount, draw=True))
        elif kind < 0.3:
            steps.append(Step(f"T{number}", day, f"sales:{number}", here, amount))
        elif kind < 0.6 or here == there:
            steps.append(Step(f"T{number}", day, here, f"payee{dice.randrange(4)}", amount))
        else:
            steps.append(Step(f"T{number}", day, here, there, amount))
    return steps, openings
