"""Arrears: the handbook's example, and agreement with a day-by-day simulation on random histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.loans.histories import History, random_history, simulate
from tools.domain import arrears
from tools.domain.allocation import AllocationRule, RepaymentSettings
from tools.domain.ledger import Ledger, settle
from tools.domain.loans import CashFlow, LoanTerms, LoanTransaction
from tools.domain.periods import Clocks
from tools.domain.postings import effective
from tools.domain.schedules import build_schedule

LATE = datetime(2030, 1, 1, tzinfo=UTC)
TERMS = LoanTerms(
    "L", "B", "CNY", Decimal(300_000), Decimal("0.0435"), date(2025, 12, 20), date(2026, 3, 20), "irregular", "monthly"
)
FREE = replace(TERMS, rate=Decimal(0))
DUES = [CashFlow(f"F{month}", date(2026, month, 20), "principal", Decimal(100_000)) for month in (1, 2, 3)]


def ledger_of(history: History, settings: RepaymentSettings | None = None) -> Ledger:
    postings = effective(history.postings, history.clocks)
    schedule = build_schedule(history.terms, history.flows, prepayments=postings.amounts("prepayment"))
    return settle(history.terms, schedule, postings, history.clocks.as_of, settings or RepaymentSettings())


def settled(postings: list[LoanTransaction], as_of: date, terms: LoanTerms = TERMS, **settings: object) -> Ledger:
    flows = DUES
    kept = effective(postings, Clocks(as_of, LATE))
    schedule = build_schedule(terms, flows, prepayments=kept.amounts("prepayment"))
    return settle(terms, schedule, kept, as_of, RepaymentSettings(**settings))  # type: ignore[arg-type]


def paid(day: date, amount: int, kind: str = "principal", number: str = "", **more: object) -> LoanTransaction:
    return LoanTransaction(number or f"T{day}{kind}", day, kind, Decimal(amount), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["principal", "payment", "recovery"])
def test_oldest_unpaid_due_counts_the_days(kind: str) -> None:
    """T39."""
    terms = TERMS if kind == "principal" else FREE
    money = [paid(date(2026, 2, 10), 60_000, kind), paid(date(2026, 3, 25), 90_000, kind)]
    ledger = settled(money, date(2026, 4, 30), terms)
    assert (ledger.dpd, ledger.oldest_unpaid_due) == (69, date(2026, 2, 20))
    assert arrears.overdue(ledger).principal == 150_000
    assert arrears.bucket(ledger.dpd) == "M3"


def test_a_due_is_overdue_from_the_next_day() -> None:
    assert settled([], date(2026, 1, 20)).dpd == 0
    assert arrears.overdue(settled([], date(2026, 1, 20))).total == 0
    assert arrears.dues(settled([], date(2026, 1, 20)))[0].date == date(2026, 1, 20)
    assert settled([], date(2026, 1, 21)).dpd == 1


def test_partial_payment_does_not_reset() -> None:
    assert settled([paid(date(2026, 3, 1), 99_999)], date(2026, 4, 30)).dpd == 100


def test_tolerance_is_for_arrears_in_total() -> None:
    short = [paid(date(2026, 1, 20), 99_950), paid(date(2026, 2, 20), 99_990, number="T2")]
    assert settled(short, date(2026, 2, 25)).dpd == 5  # the second payment made January whole
    assert settled(short, date(2026, 2, 25), tolerance=Decimal(100)).dpd == 0
    # 50 stay open from January: the limit of 55 is passed when February is missed
    assert settled([short[0]], date(2026, 2, 25), tolerance=Decimal(55)).oldest_unpaid_due == date(2026, 2, 20)


def test_back_dated_posting_changes_the_past_only_for_who_knows_of_it() -> None:
    posting = paid(date(2026, 1, 20), 100_000, posted_at=datetime(2026, 2, 5, 9, tzinfo=UTC))
    for known, dpd in ((datetime(2026, 2, 4, tzinfo=UTC), 11), (datetime(2026, 2, 6, tzinfo=UTC), 0)):
        kept = effective([posting], Clocks(date(2026, 1, 31), known))
        assert settle(TERMS, build_schedule(TERMS, DUES), kept, date(2026, 1, 31)).dpd == dpd


def test_reversed_payment_counts_until_it_is_reversed() -> None:
    both = [paid(date(2026, 1, 20), 100_000, number="A"), paid(date(2026, 2, 1), 100_000, "reversal", "R")]
    assert settled(both, date(2026, 1, 31)).dpd == 0
    after = settled(both, date(2026, 2, 5))
    assert (after.dpd, after.max_dpd) == (16, 16)


def test_worst_day_is_remembered() -> None:
    ledger = settled([paid(date(2026, 3, 1), 300_000)], date(2026, 6, 30))
    assert (ledger.dpd, ledger.max_dpd, ledger.max_dpd_on) == (0, 39, date(2026, 2, 28))
    assert [line.days_late for line in ledger.lines if line.principal] == [40, 9, 0]


def test_penalty_interest_on_overdue_principal() -> None:
    """T48: 500,000 at 4.35 % x 1.5 for 23 days."""
    terms = LoanTerms(
        "L", "B", "CNY", Decimal(500_000), Decimal("0.0435"), date(2025, 1, 1), date(2026, 1, 1), "bullet", "at_maturity",
        penalty_rate=Decimal("0.06525"),
    )  # fmt: skip
    schedule = build_schedule(terms, [CashFlow("P", date(2026, 1, 1), "principal", Decimal(500_000))])
    late = arrears.overdue(settle(terms, schedule, effective([], Clocks(date(2026, 1, 24), LATE)), date(2026, 1, 24)))
    assert late.penalty == Decimal("2084.38")  # 2084.3750, half up
    from_setting = replace(terms, penalty_rate=None)
    ledger = settle(from_setting, schedule, effective([], Clocks(date(2026, 1, 24), LATE)), date(2026, 1, 24))
    assert arrears.overdue(ledger).penalty is None
    settings = RepaymentSettings(penalty_multiple=Decimal("1.5"))
    ledger = settle(from_setting, schedule, effective([], Clocks(date(2026, 1, 24), LATE)), date(2026, 1, 24), settings)
    assert arrears.overdue(ledger).penalty == Decimal("2084.38")


def test_penalty_left_on_an_instalment_paid_late_is_shown_apart() -> None:
    terms = replace(FREE, penalty_rate=Decimal("0.072"))
    late = arrears.overdue(settled([paid(date(2026, 1, 30), 100_000)], date(2026, 2, 10), terms))
    assert (late.penalty, late.total, late.penalty_on_paid) == (0, 0, 200)
    money = [paid(date(2026, 1, 30), 100_000), paid(date(2026, 1, 30), 200, "penalty")]
    assert arrears.overdue(settled(money, date(2026, 2, 10), terms)).penalty_on_paid == 0


def test_unpaid_interest_compounds_only_when_set() -> None:
    flows = [CashFlow("I", date(2026, 1, 20), "interest", Decimal(3600))]
    terms = replace(TERMS, penalty_rate=Decimal("0.10"))
    kept = effective([], Clocks(date(2026, 1, 30), LATE))
    for compound, expected in ((False, Decimal(0)), (True, Decimal("10.00"))):
        schedule = build_schedule(terms, [*DUES, *flows])
        ledger = settle(terms, schedule, kept, date(2026, 1, 30), RepaymentSettings(compound=compound))
        assert sum(line.compound for line in ledger.lines) == expected


def test_allocation_order_is_a_dated_setting() -> None:
    flows = [
        *DUES,
        CashFlow("I1", date(2026, 1, 20), "interest", Decimal(1000)),
        CashFlow("I2", date(2026, 2, 20), "interest", Decimal(1000)),
    ]
    principal_first = AllocationRule("late", ("principal", "interest", "penalty", "compound", "fee"), "component", 30)
    rules = (AllocationRule("default"), principal_first)

    def open_parts(day: date, amount: int) -> list[tuple[Decimal, Decimal]]:
        kept = effective([paid(day, amount, "payment")], Clocks(date(2026, 3, 10), LATE))
        ledger = settle(FREE, build_schedule(FREE, flows), kept, date(2026, 3, 10), RepaymentSettings(allocation=rules))
        return [(line.open_principal, line.open_interest) for line in ledger.lines[:2]]

    assert open_parts(date(2026, 2, 1), 1000) == [(100_000, 0), (100_000, 1000)]
    assert open_parts(date(2026, 3, 1), 150_000) == [(0, 1000), (50_000, 1000)]


def test_write_off_does_not_pay() -> None:
    assert settled([paid(date(2026, 3, 1), 300_000, "write_off")], date(2026, 4, 30)).dpd == 100


def test_prepayment_falls_from_the_last_instalment_and_then_pays_arrears() -> None:
    ledger = settled([paid(date(2026, 1, 10), 120_000, "prepayment")], date(2026, 1, 31))
    assert [line.principal for line in ledger.lines] == [100_000, 80_000]
    everything = settled([paid(date(2026, 2, 1), 300_000, "prepayment")], date(2026, 2, 2))
    assert (everything.dpd, everything.max_dpd) == (0, 11)


def test_buckets_stand_on_both_sides_of_their_limits() -> None:
    got = {dpd: (arrears.bucket(dpd), arrears.regulatory_bucket(dpd)) for dpd in (0, 1, 30, 31, 90, 91, 270, 271, 360, 361)}
    assert got == {
        0: ("current", "0"), 1: ("M1", "1-90"), 30: ("M1", "1-90"), 31: ("M2", "1-90"), 90: ("M3", "1-90"),
        91: ("M4", "91-270"), 270: ("M9", "91-270"), 271: ("M10", "271-360"), 360: ("M12", "271-360"), 361: ("M13", ">360"),
    }  # fmt: skip


def check(seed: int) -> None:
    history = random_history(seed)
    expected, ledger = simulate(history), ledger_of(history)
    assert (ledger.dpd, ledger.oldest_unpaid_due, ledger.max_dpd) == (expected.dpd, expected.oldest, expected.max_dpd), seed
    late = arrears.overdue(ledger)
    assert (late.principal, late.interest) == (expected.overdue_principal, expected.overdue_interest), seed
    if history.terms.penalty_rate is not None:
        assert late.penalty == expected.penalty, seed
    assert arrears.dues_12m(ledger).total == expected.ahead, seed
    for line in ledger.lines:
        assert line.paid_principal == expected.paid.get((line.date, "principal"), 0), seed
        assert line.paid_interest == expected.paid.get((line.date, "interest"), 0), seed


@pytest.mark.parametrize("block", range(4))
def test_equal_to_a_day_by_day_simulation(block: int) -> None:
    for seed in range(block * 500, block * 500 + 500):
        check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(100))
def test_equal_to_a_day_by_day_simulation_at_length(block: int) -> None:
    for seed in range(10_000 + block * 1000, 11_000 + block * 1000):
        check(seed)
