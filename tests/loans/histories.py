"""Random loan histories and a brute-force simulation of them, one day at a time.

The simulation shares nothing with the product but the input: it walks the calendar, lets dues fall, lets money arrive,
and counts how many days the oldest unpaid due has been waiting.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction
from tools.domain.periods import Clocks

NIGHT = timedelta(days=1)


@dataclass
class History:
    """One loan, its contractual flows and its postings, with the clocks to read it at."""

    terms: LoanTerms
    flows: list[CashFlow]
    postings: list[LoanTransaction]
    clocks: Clocks
    rng: random.Random = field(repr=False)


def random_history(seed: int, *, untyped: bool = True) -> History:
    """Up to fifteen dues; partial, advance, late, back-dated, reversed and re-reversed payments."""
    rng = random.Random(seed)
    start = date(2024, 1, 1) + timedelta(days=rng.randrange(400))
    flows: list[CashFlow] = []
    day = start
    for number in range(rng.randint(1, 15)):
        day += timedelta(days=rng.choice([1, 7, 28, 30, 31, 31, 90]))
        if rng.random() < 0.8:
            flows.append(CashFlow(f"P{number}", day, "principal", cents(rng, 1, 50_000)))
        if rng.random() < 0.8:
            flows.append(CashFlow(f"I{number}", day, "interest", cents(rng, 1, 3_000)))
    if not any(flow.type == "interest" for flow in flows):
        flows.append(CashFlow("I", day, "interest", Decimal(100)))
    end = max(day, start + NIGHT)
    penalty = Decimal("0.0725") if rng.random() < 0.5 else None
    terms = LoanTerms("L", "B", "CNY", Decimal(10_000_000), Decimal("0.05"), start, end, "irregular", "at_maturity")
    terms = replace(terms, penalty_rate=penalty)
    postings = random_postings(rng, flows, start, untyped)
    as_of = start + timedelta(days=rng.randrange(0, (end - start).days + 200))
    known = datetime.combine(as_of, datetime.max.time(), UTC) + timedelta(days=rng.choice([0, 0, 3, 30, 400]))
    return History(terms, flows, postings, Clocks(as_of, known), rng)


def random_postings(rng: random.Random, flows: list[CashFlow], start: date, untyped: bool) -> list[LoanTransaction]:
    postings: list[LoanTransaction] = []

    def post(day: date, kind: str, amount: Decimal, **more: str) -> None:
        late = timedelta(days=rng.choice([0, 0, 0, 2, 10, 45]))
        posted = datetime.combine(day + late, datetime.min.time(), UTC) + timedelta(minutes=rng.randrange(1440))
        number = f"T{len(postings):03d}"
        postings.append(LoanTransaction(number, day, kind, amount, posted if rng.random() < 0.9 else None, **more))  # type: ignore[arg-type]

    for flow in flows:
        luck = rng.random()
        day = max(start, flow.payment_date + timedelta(days=rng.choice([-20, -1, 0, 0, 0, 1, 5, 40, 100])))
        kind = "payment" if untyped and rng.random() < 0.3 else flow.type
        if luck < 0.5:
            post(day, kind, flow.amount)
        elif luck < 0.8:
            part = (flow.amount * Decimal(rng.randint(1, 99)) / 100).quantize(Decimal("0.01")) or Decimal("0.01")
            post(day, kind, part)
            if rng.random() < 0.5:
                post(day + timedelta(days=rng.randrange(60)), kind, flow.amount - part or Decimal("0.01"))
        elif luck < 0.85:
            post(day, kind, flow.amount * 3)
    for posting in list(postings):
        if rng.random() < 0.2:
            post(posting.value_date + timedelta(days=rng.randrange(30)), "reversal", posting.amount, reverses_id=posting.id)
            if rng.random() < 0.2:
                undo = postings[-1]
                post(undo.value_date + timedelta(days=rng.randrange(9)), "reversal", undo.amount, reverses_id=undo.id)
    rng.shuffle(postings)
    return postings


def cents(rng: random.Random, low: int, high: int) -> Decimal:
    """A random amount in cents."""
    return Decimal(rng.randrange(low * 100, high * 100)) / 100


@dataclass
class Simulated:
    """What the day-by-day walk found at the business date."""

    dpd: int
    oldest: date | None
    max_dpd: int
    overdue_principal: Decimal
    overdue_interest: Decimal
    penalty: Decimal
    ahead: Decimal
    paid: dict[tuple[date, str], Decimal]


def simulate(history: History) -> Simulated:
    """Walks from the start to the business date, a day at a time."""
    clocks, terms = history.clocks, history.terms
    money = surviving(history.postings, clocks)
    owed: dict[tuple[date, str], Decimal] = {}
    for flow in history.flows:
        key = (flow.payment_date, flow.type)
        owed[key] = owed.get(key, Decimal(0)) + flow.amount
    left = dict(owed)
    nights = {due: Decimal(0) for due, _ in owed}
    penalty_paid = {due: Decimal(0) for due, _ in owed}
    waiting = worst = 0
    day = terms.start_date - timedelta(days=40)
    while day <= clocks.as_of:
        for posting in money.get(day, []):
            amount = posting.amount
            if posting.type in ("principal", "interest"):
                for key in sorted(k for k in left if k[1] == posting.type):
                    amount = pay(left, key, amount)
            else:
                dues = sorted({due for due, _ in left})
                for due in dues:
                    if due <= day:
                        asked = accrued(nights[due], terms) - penalty_paid[due]
                        part = min(amount, max(asked, Decimal(0)))
                        penalty_paid[due] += part
                        amount -= part
                    for kind in ("interest", "principal"):
                        if (due, kind) in left:
                            amount = pay(left, (due, kind), amount)
        late = sorted(due for (due, _), rest in left.items() if rest > 0 and due < day)
        if not late:
            waiting = 0
        else:
            waiting = 0
            step = late[0]
            while step < day:
                waiting += 1
                step += NIGHT
        worst = max(worst, waiting)
        if day < clocks.as_of:
            for due, kind in left:
                if kind == "principal" and due <= day:
                    nights[due] += left[due, kind]
        day += NIGHT
    late = sorted(due for (due, _), rest in left.items() if rest > 0 and due < clocks.as_of)

    def over(kind: str) -> Decimal:
        return sum((rest for (due, k), rest in left.items() if k == kind and due < clocks.as_of), Decimal(0))

    limit = clocks.as_of.replace(year=clocks.as_of.year + 1) if (clocks.as_of.month, clocks.as_of.day) != (2, 29) else None
    limit = limit or date(clocks.as_of.year + 1, 2, 28)
    ahead = sum((rest for (due, _), rest in left.items() if clocks.as_of <= due <= limit), Decimal(0))
    rate = terms.penalty_rate or Decimal(0)
    owing = {due for (due, _), rest in left.items() if rest > 0 and due < clocks.as_of}
    open_penalty = [nights[due] * rate / 360 - penalty_paid[due] for due in owing]
    penalty = sum((part for part in open_penalty if part > 0), Decimal(0)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    paid = {key: owed[key] - left[key] for key in owed}
    return Simulated(waiting, late[0] if late else None, worst, over("principal"), over("interest"), penalty, ahead, paid)


def accrued(nights: Decimal, terms: LoanTerms) -> Decimal:
    """Penalty in cents on principal-nights."""
    rate = terms.penalty_rate or Decimal(0)
    return (nights * rate / 360).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def pay(left: dict[tuple[date, str], Decimal], key: tuple[date, str], amount: Decimal) -> Decimal:
    """Pays one due; gives back the rest."""
    part = min(amount, left[key])
    left[key] -= part
    return amount - part


def surviving(postings: list[LoanTransaction], clocks: Clocks) -> dict[date, list[LoanTransaction]]:
    """Money by day, after reversals named by id; a posting unknown at the knowledge date does not exist."""
    known = [
        posting
        for posting in postings
        if posting.value_date <= clocks.as_of and (posting.posted_at is None or posting.posted_at <= clocks.known_at)
    ]
    dead: set[str] = set()
    # reversals of reversals were built at depth two at most: the inner ones die first
    for depth in (2, 1):
        for posting in known:
            if posting.type == "reversal" and posting.id not in dead and level(posting, known) == depth:
                dead.add(posting.reverses_id or "")
    by_day: dict[date, list[LoanTransaction]] = {}
    epoch = datetime.min.replace(tzinfo=UTC)
    for posting in sorted(known, key=lambda p: (p.value_date, p.posted_at or epoch, p.id)):
        if posting.type != "reversal" and posting.id not in dead:
            by_day.setdefault(posting.value_date, []).append(posting)
    return by_day


def level(posting: LoanTransaction, known: list[LoanTransaction]) -> int:
    """1: undoes money; 2: undoes a reversal; 0: undoes something the bank does not know of."""
    target = next((other for other in known if other.id == posting.reverses_id), None)
    return 0 if target is None else 2 if target.type == "reversal" else 1
