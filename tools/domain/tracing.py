"""Where loan money went: it is followed from account to account, payment by payment, by one method of saying whose money a payment is.

    trace(steps, openings, Places(own, kin), method, limits)

Money keeps a tag on its way: by which payment it left the borrower, how many hands it went through, whether it was misused or came
back before. So what is misused and moved on, or runs in a circle, counts once, and every cent of the loan rests in exactly one
place at the end. Amounts are whole cents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tools.domain.holdings import AT_HOME, Holdings, Loan, Lot, Method, Tag

Claim = Literal["", "loan", "other"]
"""A payment known to be made out of this loan (entrusted payment), out of another loan, or neither."""
OVERDRAFT = "overdraft:"
"""Before an account's name: loan money that filled its overdraft rests there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transfer between two places. A place is an account, or a party whose accounts nobody shows us (`blind`). `draw`: the loan
    is paid out to `target`. `refund`: a payee gives back what it was paid. `transit`: on its way between two days."""

    transaction: str
    day: date
    source: str
    target: str
    amount: int
    claim: Claim = ""
    misuse: bool = False
    draw: bool = False
    refund: bool = False
    transit: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """`own`: the borrower's accounts. `kin`: accounts of owners, relatives and related firms. `blind`: places of which only what we
    paid in and got back is seen."""

    own: frozenset[str]
    kin: frozenset[str] = frozenset()
    blind: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """How far money is followed: hands, days after it left the borrower from the first hand and from later ones, and the least lot."""

    hops: int = 5
    first_days: int = 30
    days: int = 90
    smallest: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """The loan money in one step. `loan` in cents; `misused`: of it, for the first time; `back`: of it, came back to the borrower or
    his kin for the first time, and `sources`: out of which payments."""

    transaction: str
    day: date
    source: str
    target: str
    amount: int
    loan: int
    misused: int
    back: int
    sources: tuple[str, ...]
    hops: int


@dataclass(frozen=True, slots=True)
class Trace:
    """`flows` in order; `resting`: where every cent of the `drawn` money is at the end, by place and tag."""

    method: Method
    drawn: int
    flows: tuple[Flow, ...]
    resting: Mapping[str, Mapping[Tag, int]]

    @property
    def misused(self) -> int:
        """Cents misused, each once."""
        return sum(flow.misused for flow in self.flows)

    def unspent(self, own: Iterable[str]) -> int:
        """Cents that never left the borrower."""
        return sum(c for place in own for tag, c in self.resting.get(place, {}).items() if not tag.source and not tag.returned)


def trace(
    steps: Iterable[Step], openings: Mapping[str, int], places: Places, method: Method, limits: Limits = Limits()
) -> Trace:
    """Follows the loan over `steps`, which are in the order they happened. `openings`: what an account held before the first."""
    tracer = _Tracer(openings, places, method, limits)
    for step in steps:
        tracer.go(step)
    return tracer.done()


class _Tracer:
    def __init__(self, openings: Mapping[str, int], places: Places, method: Method, limits: Limits) -> None:
        self.places, self.method, self.limits = places, method, limits
        self.openings = openings
        self.held: dict[str, Holdings] = {}
        self.ended: dict[str, dict[Tag, int]] = defaultdict(lambda: defaultdict(int))
        self.left_on: dict[str, date] = {}
        self.flows: list[Flow] = []
        self.drawn = 0

    def go(self, step: Step) -> None:
        """One transfer."""
        if step.draw:
            self.drawn += step.amount
            self._arrive(step, Lot(step.amount, {AT_HOME: step.amount}))
            return
        taken = self._leave(step)
        lot = Lot(step.amount, self._retagged(step, taken.loan))
        if lot.loan:
            self._note(step, taken.loan, lot)
        self._arrive(step, lot)

    def done(self) -> Trace:
        """What came of it."""
        resting: dict[str, dict[Tag, int]] = {place: dict(tags) for place, tags in self.ended.items()}
        for place, held in self.held.items():
            for tag, cents in held.loan.items():
                tags = resting.setdefault(place, {})
                tags[tag] = tags.get(tag, 0) + cents
        return Trace(self.method, self.drawn, tuple(self.flows), {p: t for p, t in sorted(resting.items()) if t})

    def _at(self, place: str) -> Holdings:
        if place not in self.held:
            self.held[place] = Holdings(self.method, self.openings.get(place, 0))
        return self.held[place]

    def _leave(self, step: Step) -> Lot:
        """Takes the payment out of its place and drops what is no longer followed."""
        place, held = step.source, self._at(step.source)
        if place in self.places.blind:
            # what a blind place has besides is not known: what it gives back is first of all what it was given
            known = held.take_loan_first(min(step.amount, held.amount))
            taken = Lot(step.amount, known.loan)
        else:
            self._fade(place, held)
            taken = self._taken(step, held)
        if place in self.places.own or step.transit:
            return taken
        followed = {tag: cents for tag, cents in taken.loan.items() if self._followed(tag, step.day)}
        for tag, cents in taken.loan.items():
            if tag not in followed:
                self.ended[place][tag] += cents
        return Lot(taken.amount, followed)

    def _taken(self, step: Step, held: Holdings) -> Lot:
        if step.claim == "loan":
            return held.take_loan_first(step.amount)
        return held.take_own_first(step.amount) if step.claim == "other" else held.take(step.amount)

    def _fade(self, place: str, held: Holdings) -> None:
        """Shared out among all payments, loan money never quite ends: below the least lot it is left where it is."""
        if self.method == "pro_rata" and 0 < held.borrowed < self.limits.smallest:
            for tag, cents in held.loan.items():
                self.ended[place][tag] += cents
            held.forget()

    def _followed(self, tag: Tag, day: date) -> bool:
        if tag.hops >= self.limits.hops or tag.source not in self.left_on:
            return False
        window = self.limits.first_days if tag.hops == 1 else self.limits.days
        return (day - self.left_on[tag.source]).days <= window

    def _retagged(self, step: Step, loan: Loan) -> dict[Tag, int]:
        own = self.places.own
        found: dict[Tag, int] = {}
        for tag, cents in loan.items():
            new = tag
            if step.transit or (step.source in own and step.target in own):
                pass
            elif step.refund:
                new = Tag("", 0, tag.misused, tag.returned)
            elif step.source in own:
                self.left_on.setdefault(step.transaction, step.day)
                new = Tag(step.transaction, tag.hops + 1, tag.misused or step.misuse, tag.returned)
            else:
                kin = step.target in self.places.kin and step.source not in self.places.kin
                back = step.target in own or kin
                new = Tag(tag.source, tag.hops + 1, tag.misused or step.misuse or kin, tag.returned or back)
            found[new] = found.get(new, 0) + cents
        return found

    def _note(self, step: Step, before: Loan, lot: Lot) -> None:
        """Writes down the step; what is misused or back for the first time is what the tags before did not say."""
        misused = sum(c for tag, c in lot.loan.items() if tag.misused) - sum(c for tag, c in before.items() if tag.misused)
        back = sum(c for tag, c in lot.loan.items() if tag.returned) - sum(c for tag, c in before.items() if tag.returned)
        sources = tuple(sorted({tag.source for tag in before if tag.source and not tag.returned})) if back > 0 else ()
        hops = max(tag.hops for tag in lot.loan)
        self.flows.append(
            Flow(
                step.transaction, step.day, step.source, step.target, step.amount, lot.borrowed, max(misused, 0), max(back, 0), sources, hops
            )
        )  # fmt: skip

    def _arrive(self, step: Step, lot: Lot) -> None:
        place = step.target
        if place not in self.places.own and not step.transit and 0 < lot.borrowed < self.limits.smallest:
            for tag, cents in lot.loan.items():
                self.ended[place][tag] += cents
            lot = Lot(lot.amount, {})
        filled = self._at(place).put(lot)
        for tag, cents in filled.loan.items():
            self.ended[OVERDRAFT + place][tag] += cents
