"""Days past due through time: as they were with what is known now, or as they were reported then.

A back-dated posting changes the first and never the second. Replaced schedules and loans count for the days they held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from tools.domain.allocation import DEFAULT_SETTINGS, RepaymentSettings
from tools.domain.arrears import overdue
from tools.domain.calendars import WEEKENDS, BusinessCalendar
from tools.domain.ledger import settle
from tools.domain.loan_views import LoanInput, Predecessor, with_rules
from tools.domain.loans import LoanTransaction
from tools.domain.periods import Clocks
from tools.domain.postings import effective
from tools.domain.schedules import build_schedule


@dataclass(frozen=True, slots=True)
class DpdPoint:
    """Days past due and what was overdue (principal and interest) at the end of `day`; None where nothing can be computed."""

    day: date
    loan: str
    dpd: int | None
    overdue: Decimal | None


def dpd_history(
    loan: LoanInput,
    days: Iterable[date],
    known_at: datetime,
    settings: RepaymentSettings = DEFAULT_SETTINGS,
    *,
    reported: bool = False,
    calendar: BusinessCalendar = WEEKENDS,
) -> list[DpdPoint]:
    """One point per day. `reported`: with what the bank had recorded by the end of that day, instead of by `known_at`. Rates as they were
    reset and due dates as they were moved: a point at the loan's own date says what its view says."""
    held = sorted(loan.predecessors, key=lambda past: past.until)
    return [
        _point(loan, held, day, _known(day, known_at) if reported else known_at, settings, calendar) for day in sorted(days)
    ]


def _known(day: date, known_at: datetime) -> datetime:
    return min(known_at, datetime.combine(day, time.max, UTC))


def _point(
    loan: LoanInput,
    held: Sequence[Predecessor],
    day: date,
    known_at: datetime,
    settings: RepaymentSettings,
    calendar: BusinessCalendar,
) -> DpdPoint:
    past = next((past for past in held if day < past.until), None)
    source = past or loan
    postings: tuple[LoanTransaction, ...] | None = source.transactions
    if past is not None and past.terms.id == loan.terms.id and not past.transactions:
        postings = loan.transactions
    if past is None:
        begun = max((p.until for p in held if p.terms.id == loan.terms.id), default=date.min)
        postings = None if postings is None else tuple(p for p in postings if p.value_date >= begun)
    if postings is None:
        return DpdPoint(day, source.terms.id, None, None)
    counted = effective(postings, Clocks(day, known_at))
    resets = loan.resets if past is None or past.terms.id == loan.terms.id else ()
    terms = with_rules(source.terms, settings)
    schedule = build_schedule(terms, source.flows, resets=resets, prepayments=counted.amounts("prepayment"), calendar=calendar)
    if not schedule.computable:
        return DpdPoint(day, terms.id, None, None)
    ledger = settle(terms, schedule, counted, day, settings, resets)
    late = overdue(ledger)
    return DpdPoint(day, source.terms.id, ledger.dpd, late.principal + late.interest)
