"""What was paid against what was due: the schedule of one loan settled by its postings.

Types the core system gave are kept: a principal posting pays the oldest unpaid principal, an interest posting the oldest
unpaid interest, also ahead of its date. Money without a type goes by the allocation settings. Prepayments have already
shortened the schedule. A write-off pays nothing: the debtor still owes it. Penalty interest runs daily on overdue
principal from the due date, and on overdue interest too when the settings compound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tools.domain.allocation import COMPONENTS, DEFAULT_SETTINGS, Component, RepaymentSettings
from tools.domain.daycounts import cents, interest, year_fraction
from tools.domain.given_flows import settled_before
from tools.domain.instalments import ZERO, Instalment, Origin, Schedule
from tools.domain.interest import RatePath, cut
from tools.domain.loans import LoanTerms, RateReset
from tools.domain.postings import Postings

_TYPED: dict[str, Component] = {"principal": "principal", "interest": "interest", "fee": "fee", "penalty": "penalty"}
_UNTYPED = ("payment", "recovery")
_NIGHT = timedelta(days=1)
Day = date


@dataclass(frozen=True, slots=True)
class SettledInstalment:
    """One instalment with what was paid on it. `penalty` and `compound` have accrued to the ledger's date, unrounded: only
    their sum is rounded, and what one instalment is asked for when money is allocated.
    `settled_on`: the day principal and interest were fully paid (never before the money came), None while open."""

    date: date
    principal: Decimal
    interest: Decimal
    fee: Decimal
    paid_principal: Decimal
    paid_interest: Decimal
    paid_fee: Decimal
    penalty: Decimal
    paid_penalty: Decimal
    compound: Decimal
    paid_compound: Decimal
    settled_on: Day | None
    source: Origin

    @property
    def open_principal(self) -> Decimal:
        """Principal not paid yet."""
        return self.principal - self.paid_principal

    @property
    def open_interest(self) -> Decimal:
        """Interest not paid yet."""
        return self.interest - self.paid_interest

    @property
    def open_penalty(self) -> Decimal:
        """Penalty and compound interest not paid yet, unrounded."""
        return max(self.penalty - self.paid_penalty, ZERO) + max(self.compound - self.paid_compound, ZERO)

    @property
    def days_late(self) -> int:
        """Days between due date and full payment; 0 when in time or still open."""
        return max((self.settled_on - self.date).days, 0) if self.settled_on else 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """`dpd` and `oldest_unpaid_due` at `as_of`; `max_dpd` the worst end of day up to then, reached on `max_dpd_on`.
    `unapplied`: money nothing was left to pay with. `penalty_known` False: no penalty rate, so penalty is not computable.
    `flags`: interest_not_posted (neither the bank's schedule nor its postings carry interest, though principal was paid:
    interest generated for the past is not counted as unpaid), reversal_without_target, unapplied_money."""

    as_of: date
    lines: tuple[SettledInstalment, ...]
    dpd: int
    oldest_unpaid_due: date | None
    max_dpd: int
    max_dpd_on: date | None
    unapplied: Decimal
    penalty_known: bool
    paid_penalty: Decimal
    flags: tuple[str, ...] = ()


class _Line:
    """An instalment while it is being paid."""

    def __init__(self, due: Instalment) -> None:
        self.due = due
        self.owed: dict[Component, Decimal] = {"fee": due.fee, "interest": due.interest, "principal": due.principal}
        self.paid: dict[Component, Decimal] = dict.fromkeys(COMPONENTS, ZERO)
        self.accrued: dict[Component, Decimal] = {"penalty": ZERO, "compound": ZERO}
        self.accrued_to = due.date
        self.settled_on: date | None = None if due.principal or due.interest else due.date

    def unpaid(self, component: Component) -> Decimal:
        owed = self.owed[component] if component in self.owed else cents(self.accrued[component])
        return max(owed - self.paid[component], ZERO)

    def arrears(self) -> Decimal:
        return self.unpaid("principal") + self.unpaid("interest")

    def pay(self, component: Component, amount: Decimal, day: date) -> Decimal:
        """Pays up to `amount`; gives back the rest."""
        taken = min(amount, self.unpaid(component))
        if taken:
            self.paid[component] += taken
            if self.settled_on is None and not self.arrears():
                self.settled_on = day
        return amount - taken

    def accrue(self, day: date, rates: RatePath, settings: RepaymentSettings) -> None:
        if day <= self.accrued_to:
            return
        bases: list[tuple[Component, Decimal]] = [("penalty", self.unpaid("principal"))]
        if settings.compound:
            bases.append(("compound", self.unpaid("interest")))
        for component, base in bases:
            if base:
                for start, end in cut(self.accrued_to, day, rates.days):
                    fraction = year_fraction(start, end, settings.penalty_day_count)
                    self.accrued[component] += interest(base, rates.on(start), fraction)
        self.accrued_to = day

    def result(self) -> SettledInstalment:
        due, paid = self.due, self.paid
        return SettledInstalment(
            due.date, due.principal, due.interest, due.fee, paid["principal"], paid["interest"], paid["fee"],
            self.accrued["penalty"], paid["penalty"], self.accrued["compound"], paid["compound"],
            self.settled_on, due.source,
        )  # fmt: skip


class _Settlement:
    def __init__(self, schedule: Schedule, settings: RepaymentSettings, rates: RatePath | None) -> None:
        self.lines = [_Line(due) for due in schedule.instalments]
        self.settings, self.rates = settings, rates
        self.unapplied = ZERO
        self.max_dpd, self.max_dpd_on = 0, None if not self.lines else self.lines[0].due.date
        self._first = 0

    def oldest(self, day: date) -> date | None:
        """Due date at which arrears before `day` pass the tolerance."""
        while self._first < len(self.lines) and not self.lines[self._first].arrears():
            self._first += 1
        total = ZERO
        for line in self.lines[self._first :]:
            if line.due.date >= day:
                return None
            total += line.arrears()
            if total > self.settings.tolerance:
                return line.due.date
        return None

    def dpd(self, day: date) -> int:
        oldest = self.oldest(day)
        return (day - oldest).days if oldest else 0

    def watch(self, day: date) -> None:
        """Keeps the worst end of day seen."""
        dpd = self.dpd(day)
        if dpd > self.max_dpd:
            self.max_dpd, self.max_dpd_on = dpd, day

    def accrue(self, day: date) -> None:
        if self.rates is None:
            return
        for line in self.lines:
            if line.due.date >= day:
                break
            line.accrue(day, self.rates, self.settings)

    def pay_typed(self, component: Component, amount: Decimal, day: date) -> None:
        for line in self.lines[self._first if component in ("principal", "interest") else 0 :]:
            if not amount:
                return
            amount = line.pay(component, amount, day)
        if component == "penalty":
            for line in self.lines:
                amount = line.pay("compound", amount, day)
        self.unapplied += amount

    def pay_untyped(self, amount: Decimal, day: date) -> None:
        rule = self.settings.rule(day, self.dpd(day))
        due = [line for line in self.lines if line.due.date <= day]
        if rule.across == "instalment":
            turns = [(line, component) for line in due for component in rule.order]
        else:
            turns = [(line, component) for component in rule.order for line in due]
        ahead = [(line, component) for line in self.lines[len(due) :] for component in rule.order]
        for line, component in [*turns, *ahead]:
            if not amount:
                return
            amount = line.pay(component, amount, day)
        self.unapplied += amount


def settle(
    terms: LoanTerms,
    schedule: Schedule,
    postings: Postings,
    as_of: date,
    settings: RepaymentSettings = DEFAULT_SETTINGS,
    resets: Sequence[RateReset] = (),
) -> Ledger:
    """The ledger of one loan at `as_of`; `postings` are those that count by then (see postings.effective)."""
    rates = _penalty_rates(terms, settings, resets)
    flags = ["reversal_without_target"] if postings.orphans else []
    if "interest_generated" in schedule.flags and _principal_only(postings):
        flags.append("interest_not_posted")
        schedule = _without_past_interest(schedule, as_of)
    work = _Settlement(schedule, settings, rates)
    first = schedule.instalments[0].date if schedule.instalments else as_of
    unlisted = settled_before(terms, first) if "starts_late" in schedule.flags else date.min
    paid_penalty = ZERO
    for day, kind, amount in _events(schedule, postings):
        if kind in ("principal", "interest") and day <= unlisted:
            continue
        work.watch(day - _NIGHT)
        work.accrue(day)
        if kind in _UNTYPED:
            work.pay_untyped(amount, day)
        elif kind == "penalty" and rates is None:
            paid_penalty += amount
        else:
            work.pay_typed(_TYPED[kind], amount, day)
    work.watch(as_of)
    work.accrue(as_of)
    oldest = work.oldest(as_of)
    lines = tuple(line.result() for line in work.lines)
    paid_penalty += sum((line.paid_penalty + line.paid_compound for line in lines), ZERO)
    return Ledger(
        as_of=as_of,
        lines=lines,
        dpd=(as_of - oldest).days if oldest else 0,
        oldest_unpaid_due=oldest,
        max_dpd=work.max_dpd,
        max_dpd_on=work.max_dpd_on if work.max_dpd else None,
        unapplied=work.unapplied,
        penalty_known=rates is not None,
        paid_penalty=paid_penalty,
        flags=(*flags, *(["unapplied_money"] if work.unapplied else [])),
    )


def _principal_only(postings: Postings) -> bool:
    """A core system takes interest first: principal paid and no interest ever means that interest is booked elsewhere."""
    kinds = {posting.type for posting in postings.kept}
    return not kinds.isdisjoint(("principal", "prepayment")) and kinds.isdisjoint(("interest", *_UNTYPED))


def _without_past_interest(schedule: Schedule, as_of: date) -> Schedule:
    rows = (replace(row, interest=ZERO) if row.date < as_of else row for row in schedule.instalments)
    return replace(schedule, instalments=tuple(row for row in rows if row.principal or row.interest or row.fee))


def _events(schedule: Schedule, postings: Postings) -> list[tuple[date, str, Decimal]]:
    events = [
        (posting.value_date, posting.type, posting.amount)
        for posting in postings.kept
        if posting.type in _TYPED or posting.type in _UNTYPED
    ]
    events += [(day, "principal", amount) for day, amount in schedule.unscheduled_prepayments]
    return sorted(events, key=lambda event: event[0])


def _penalty_rates(terms: LoanTerms, settings: RepaymentSettings, resets: Sequence[RateReset]) -> RatePath | None:
    if terms.penalty_rate is not None:
        return RatePath(terms.penalty_rate)
    if settings.penalty_multiple is None:
        return None
    multiple = settings.penalty_multiple
    return RatePath(terms.rate * multiple, [RateReset(reset.from_date, reset.rate * multiple) for reset in resets])
