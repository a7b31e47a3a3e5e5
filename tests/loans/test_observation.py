"""Observation of restructured loans and upgrade from NPL: what restarts the clock and when it has run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tools.domain.ledger import Ledger, settle
from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction
from tools.domain.observation import DEFAULT_OBSERVATION, assess_upgrade, observe
from tools.domain.periods import Clocks, add_months
from tools.domain.postings import effective
from tools.domain.schedules import build_schedule

START = date(2025, 1, 20)
DUES = [add_months(START, number) for number in range(1, 31)]
TERMS = LoanTerms("L", "B", "CNY", Decimal(3000), Decimal("0.01"), START, DUES[-1], "irregular", "monthly")
FLOWS = [CashFlow(f"P{n}", day, "principal", Decimal(100)) for n, day in enumerate(DUES)]
FLOWS.append(CashFlow("I", DUES[-1], "interest", Decimal(1)))


def ledger(as_of: date, late: dict[date, int] | None = None) -> Ledger:
    """Every due paid on its day, those in `late` so many days later."""
    money = [
        LoanTransaction(f"T{n:02d}", day + timedelta(days=(late or {}).get(day, 0)), "principal", Decimal(100))
        for n, day in enumerate(DUES)
    ]
    kept = effective(money, Clocks(as_of, datetime(2030, 1, 1, tzinfo=UTC)))
    return settle(TERMS, build_schedule(TERMS, FLOWS), kept, as_of)


def test_a_year_without_a_miss_serves_the_observation() -> None:
    changed = date(2025, 2, 1)
    running = observe(ledger(date(2026, 2, 19)), changed, DEFAULT_OBSERVATION)
    assert (running.state, running.started, running.ends) == ("running", date(2025, 2, 20), date(2026, 2, 20))
    assert observe(ledger(date(2026, 2, 20)), changed, DEFAULT_OBSERVATION).state == "served"
    assert observe(ledger(date(2025, 2, 10)), changed, DEFAULT_OBSERVATION).state == "not_started"


def test_a_missed_payment_in_month_eleven_restarts_at_the_miss() -> None:
    missed = date(2026, 1, 20)
    seen = observe(ledger(date(2026, 3, 1), {missed: 5}), date(2025, 2, 1), DEFAULT_OBSERVATION)
    assert (seen.state, seen.started, seen.ends, seen.misses) == ("running", missed, date(2027, 1, 20), (missed,))


def test_a_miss_after_the_observation_was_served_does_not_bring_it_back() -> None:
    missed = date(2026, 5, 20)
    seen = observe(ledger(date(2026, 6, 1), {missed: 5}), date(2025, 2, 1), DEFAULT_OBSERVATION)
    assert (seen.state, seen.misses) == ("served", ())


def test_upgrade_waits_for_the_longer_of_two_periods_and_six_months() -> None:
    late = {date(2025, 6, 20): 100}  # paid on 28 September: the dues of July to September are late with it
    for as_of, allowed in ((date(2026, 3, 27), False), (date(2026, 3, 28), None)):
        seen = assess_upgrade(ledger(as_of, late), DEFAULT_OBSERVATION)
        assert (seen.earliest, seen.allowed) == (date(2026, 3, 28), allowed)
    assert assess_upgrade(ledger(date(2025, 8, 1), late), DEFAULT_OBSERVATION).unmet == ("all_paid", "paid_in_time")
    judged = assess_upgrade(
        ledger(date(2026, 3, 28), late), DEFAULT_OBSERVATION, able_to_perform=True, no_credit_impaired_asset=True
    )
    assert judged.allowed is True
