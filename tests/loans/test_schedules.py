"""Schedules: every repayment type, day count and frequency, the handbook's vectors and two independent implementations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.domain.calendars import BusinessCalendar
from tools.domain.daycounts import cents, interest, year_fraction
from tools.domain.instalments import Schedule, annuity_payment, equal_principal_interest
from tools.domain.loans import CashFlow, LoanTerms, RateReset
from tools.domain.money import shown
from tools.domain.payment_dates import payment_periods
from tools.domain.periods import add_months
from tools.domain.schedules import build_schedule

MILLION = Decimal(1_000_000)
RATE = Decimal("0.0435")
TERMS = LoanTerms(
    "L", "B", "CNY", MILLION, RATE, date(2026, 1, 21), date(2029, 1, 21), "equal_instalment", "monthly"
)  # fmt: skip
DAY_COUNTS = ("act_360", "act_365", "act_act", "std_30_360")


def principal(schedule: Schedule) -> Decimal:
    return sum((row.principal for row in schedule.instalments), Decimal(0))


def dates(schedule: Schedule) -> list[date]:
    return [row.date for row in schedule.instalments]


def test_level_payment() -> None:
    """T32."""
    assert shown(annuity_payment(MILLION, RATE / 12, 36)) == "29679.9341"
    rows = build_schedule(TERMS).instalments
    assert len(rows) == 36
    assert {row.principal + row.interest for row in rows[:-1]} == {Decimal("29679.93")}
    assert rows[0].interest == Decimal("3625.00")
    assert rows[-1].principal + rows[-1].interest - Decimal("29679.93") < Decimal("0.36")
    assert principal(build_schedule(TERMS)) == MILLION


def test_equal_principal() -> None:
    """T33."""
    assert shown(equal_principal_interest(MILLION, RATE / 12, 36)) == "67062.5000"
    rows = build_schedule(replace(TERMS, repayment_type="equal_principal")).instalments
    assert rows[0].principal + rows[0].interest == Decimal("31402.78")
    assert rows[-1].principal + rows[-1].interest == Decimal("27878.39")  # 27,878.47 less the 0.08 the roundings left over
    assert principal(build_schedule(replace(TERMS, repayment_type="equal_principal"))) == MILLION


@pytest.mark.parametrize(
    ("day_count", "expected"), [("act_360", "33152.7778"), ("act_365", "32698.6301"), ("std_30_360", "32083.3333")]
)
def test_interest_of_one_month(day_count: str, expected: str) -> None:
    """T34."""
    fraction = year_fraction(date(2026, 1, 21), date(2026, 2, 21), day_count)  # type: ignore[arg-type]
    assert shown(interest(Decimal(10_000_000), Decimal("0.0385"), fraction)) == expected


def test_interest_only_and_bullet() -> None:
    rows = build_schedule(replace(TERMS, repayment_type="interest_only", interest_frequency="quarterly")).instalments
    assert [row.date for row in rows[:2]] == [date(2026, 4, 21), date(2026, 7, 21)]
    assert rows[0].interest == cents(MILLION * RATE * 90 / 360)
    assert (rows[-1].principal, len(rows)) == (MILLION, 12)
    (only,) = build_schedule(replace(TERMS, repayment_type="bullet")).instalments
    assert (only.date, only.principal, only.interest) == (date(2029, 1, 21), MILLION, cents(MILLION * RATE * 1096 / 360))


def test_interest_may_be_paid_more_often_than_principal() -> None:
    terms = replace(
        TERMS, repayment_type="equal_principal", repayment_frequency="semi_annually", interest_frequency="quarterly",
        first_payment_date=date(2026, 4, 21), day_count="act_360",
    )  # fmt: skip
    rows = build_schedule(terms).instalments
    assert [row.date for row in rows if row.principal][:2] == [date(2026, 7, 21), date(2027, 1, 21)]
    assert len([row for row in rows if row.principal]) == 6
    assert [row.date for row in rows][:3] == [date(2026, 4, 21), date(2026, 7, 21), date(2026, 10, 21)]
    assert rows[2].interest == cents((MILLION - rows[1].principal) * RATE * 92 / 360)


def test_given_flows_win() -> None:
    flows = [
        CashFlow("1", date(2026, 3, 1), "principal", Decimal(400_000)),
        CashFlow("2", date(2026, 3, 1), "interest", Decimal(99)),
        CashFlow("3", date(2026, 9, 1), "principal", Decimal(600_000)),
        CashFlow("4", date(2026, 9, 1), "fee", Decimal(7)),
    ]
    schedule = build_schedule(TERMS, flows)
    assert [(r.date, r.principal, r.interest, r.fee, r.source) for r in schedule.instalments] == [
        (date(2026, 3, 1), 400_000, 99, 0, "given"),
        (date(2026, 9, 1), 600_000, 0, 7, "given"),
    ]
    assert "principal_differs" not in schedule.flags
    assert "principal_differs" in build_schedule(TERMS, flows[:2]).flags


def test_irregular_principal_bears_interest_by_day_count() -> None:
    flows = [
        CashFlow("1", date(2026, 2, 21), "principal", Decimal(400_000)),
        CashFlow("2", date(2026, 4, 30), "principal", Decimal(600_000)),
    ]
    terms = replace(TERMS, repayment_type="irregular", repayment_frequency="at_maturity", end_date=date(2026, 4, 30))
    rows = build_schedule(terms, flows).instalments
    assert [row.interest for row in rows] == [cents(MILLION * RATE * 31 / 360), cents(600_000 * RATE * 68 / 360)]


@pytest.mark.parametrize("kind", ["step", "balloon", "irregular"])
def test_types_that_need_cash_flows_say_so(kind: str) -> None:
    schedule = build_schedule(replace(TERMS, repayment_type=kind))  # type: ignore[arg-type]
    assert not schedule.computable
    assert schedule.missing == ("loan_cash_flows",)
    assert schedule.reason == "not computable because loan_cash_flows is missing"


def test_contradictory_terms_give_a_reason_and_no_exception() -> None:
    assert "end_date" in build_schedule(replace(TERMS, end_date=TERMS.start_date)).reason
    assert "first_payment_date" in build_schedule(replace(TERMS, first_payment_date=TERMS.start_date)).reason


def test_balloon_and_step() -> None:
    balloon = build_schedule(replace(TERMS, repayment_type="balloon", balloon=Decimal(300_000), day_count="std_30_360"))
    level = annuity_payment(MILLION, RATE / 12, 36, Decimal(300_000))
    assert balloon.instalments[0].principal + balloon.instalments[0].interest == cents(level)
    assert abs(balloon.instalments[-1].principal + balloon.instalments[-1].interest - cents(level) - 300_000) < 1
    step = build_schedule(replace(TERMS, repayment_type="step", stages=((1, Decimal(10_000)), (13, Decimal(40_000)))))
    assert step.instalments[11].principal + step.instalments[11].interest == 10_000
    assert step.instalments[12].principal + step.instalments[12].interest == 40_000
    assert principal(step) == principal(balloon) == MILLION
    starved = build_schedule(replace(TERMS, repayment_type="step", stages=((1, Decimal(1000)),)))
    assert "does not cover its interest" in starved.reason


def test_rate_reset_cuts_the_period_and_the_level() -> None:
    resets = [RateReset(date(2027, 1, 21), Decimal("0.0335"))]
    rows = build_schedule(TERMS, resets=resets).instalments
    balance = MILLION - sum(row.principal for row in rows[:12])
    assert rows[11].principal + rows[11].interest == Decimal("29679.93")
    again = cents(annuity_payment(balance, Decimal("0.0335") / 12, 24))
    assert rows[12].principal + rows[12].interest == again
    mid = build_schedule(
        replace(TERMS, repayment_type="interest_only"), resets=[RateReset(date(2026, 2, 1), Decimal("0.0335"))]
    )
    assert mid.instalments[0].interest == cents((MILLION * RATE * 11 + MILLION * Decimal("0.0335") * 20) / 360)


def test_prepayment_keeps_the_level_and_shortens() -> None:
    prepaid = [(date(2026, 7, 1), Decimal(300_000))]
    rows = build_schedule(TERMS, prepayments=prepaid).instalments
    assert len(rows) == 25
    assert rows[7].principal + rows[7].interest == Decimal("29679.93")
    assert sum(row.principal for row in rows) == 700_000
    balance = MILLION - sum(row.principal for row in rows[:5])
    split = balance * RATE / 12 * 10 / 30 + (balance - 300_000) * RATE / 12 * 20 / 30
    assert rows[5].interest == cents(split)
    lower = build_schedule(replace(TERMS, prepayment_rule="lower"), prepayments=prepaid).instalments
    assert len(lower) == 36
    assert lower[7].principal + lower[7].interest < Decimal("22000")
    equal = build_schedule(replace(TERMS, repayment_type="equal_principal"), prepayments=prepaid).instalments
    assert len(equal) == 26
    assert equal[5].principal == Decimal("27777.78")


def test_full_prepayment_ends_given_interest_too() -> None:
    flows = [CashFlow(f"I{month}", date(2026, month, 21), "interest", Decimal(3000)) for month in range(2, 8)]
    flows.append(CashFlow("P", date(2026, 7, 21), "principal", MILLION))
    rows = build_schedule(TERMS, flows, prepayments=[(date(2026, 4, 5), MILLION + 5)])
    assert [row.interest for row in rows.instalments] == [3000, 3000, cents(Decimal(3000) * 15 / 31)]
    assert rows.unscheduled_prepayments == ((date(2026, 4, 5), Decimal(5)),)


def test_schedule_of_later_rows_only_is_recognised() -> None:
    flows = [CashFlow("P", date(2028, 12, 21), "principal", Decimal(30_000))]
    assert "starts_late" in build_schedule(TERMS, flows).flags


def test_dates_keep_their_day_of_month() -> None:
    terms = replace(TERMS, start_date=date(2025, 10, 31), end_date=date(2026, 10, 31))
    assert dates(build_schedule(terms))[:5] == [
        date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31),
    ]  # fmt: skip
    with_first = replace(terms, first_payment_date=date(2025, 11, 30))
    assert dates(build_schedule(with_first)) == dates(build_schedule(terms))
    eve = replace(TERMS, end_date=date(2029, 1, 20))
    assert len(dates(build_schedule(eve))) == 36


def test_one_day_stub_joins_the_last_level_instalment() -> None:
    terms = replace(TERMS, first_payment_date=date(2026, 2, 20))
    assert len(build_schedule(terms).instalments) == 36
    assert build_schedule(terms).instalments[-1].date == date(2029, 1, 21)
    assert len(build_schedule(replace(terms, repayment_type="interest_only")).instalments) == 37


def test_business_days_move_dates_only_when_the_contract_says_so() -> None:
    assert date(2026, 2, 21) in dates(build_schedule(TERMS))  # a Saturday
    calendar = BusinessCalendar("cn", frozenset({date(2026, 2, 23)}), frozenset(), date(2026, 1, 1), date(2026, 12, 31))
    following = build_schedule(replace(TERMS, business_day_rule="following"), calendar=calendar)
    assert following.instalments[0].date == date(2026, 2, 24)
    assert following.instalments[0].interest == Decimal("3625.00")
    assert calendar.adjust(date(2026, 2, 28), "modified_following") == date(2026, 2, 27)
    assert calendar.adjust(date(2026, 2, 21), "preceding") == date(2026, 2, 20)
    assert calendar.add_business_days(date(2026, 2, 20), 1) == date(2026, 2, 24)
    assert not calendar.knows(date(2027, 1, 1))


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["equal_instalment", "equal_principal", "interest_only", "bullet"]),
    frequency=st.sampled_from(["monthly", "quarterly", "semi_annually", "annually", "at_maturity"]),
    day_count=st.sampled_from([None, *DAY_COUNTS]),
    start=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    term=st.integers(1, 4000),
    amount=st.decimals(100, 100_000_000, places=2),
    rate=st.decimals(0, Decimal("0.24"), places=4),
    first=st.integers(0, 200),
)
def test_every_schedule_repays_the_principal_to_the_cent(
    kind: str, frequency: str, day_count: str | None, start: date, term: int, amount: Decimal, rate: Decimal, first: int
) -> None:
    terms = LoanTerms(
        "L", "B", "CNY", amount, rate, start, start + timedelta(days=term), kind, frequency, day_count=day_count,  # type: ignore[arg-type]
        first_payment_date=start + timedelta(days=first) if first else None,
    )  # fmt: skip
    schedule = build_schedule(terms)
    assert schedule.computable
    assert principal(schedule) == amount
    assert all(row.principal >= 0 and row.interest >= 0 for row in schedule.instalments)
    assert dates(schedule) == sorted(set(dates(schedule)))
    assert schedule.instalments[-1].date == terms.end_date
    periods = payment_periods(start, terms.end_date, frequency)  # type: ignore[arg-type]
    assert [a.end for a in periods[:-1]] == [b.start for b in periods[1:]]


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(0, 3000))
def test_day_counts_agree_with_quantlib(start: date, days: int) -> None:
    ql = pytest.importorskip("QuantLib")
    theirs = {
        "act_360": ql.Actual360(), "act_365": ql.Actual365Fixed(), "act_act": ql.ActualActual(ql.ActualActual.ISDA),
        "std_30_360": ql.Thirty360(ql.Thirty360.BondBasis),
    }  # fmt: skip
    end = start + timedelta(days=days)
    for name, counter in theirs.items():
        ours = year_fraction(start, end, name)  # type: ignore[arg-type]
        expected = counter.yearFraction(ql.Date(start.day, start.month, start.year), ql.Date(end.day, end.month, end.year))
        assert abs(ours.numerator / ours.denominator - expected) < 1e-12, (name, start, end)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 360), st.decimals(Decimal("0.0001"), Decimal("0.24"), places=4), st.integers(0, 900_000))
def test_level_payments_agree_with_numpy_financial(count: int, rate: Decimal, balloon: int) -> None:
    npf = pytest.importorskip("numpy_financial")
    ours = annuity_payment(MILLION, rate / 12, count, Decimal(balloon))
    theirs = npf.pmt(float(rate) / 12, count, -1e6, float(balloon))
    assert abs(float(ours) - theirs) < 1e-6 * max(1.0, abs(theirs))


def test_schedule_agrees_with_numpy_financial_to_the_cent() -> None:
    npf = pytest.importorskip("numpy_financial")
    rows = build_schedule(TERMS).instalments
    for number in range(1, 37):
        theirs = float(-npf.ipmt(float(RATE) / 12, number, 36, 1e6))
        assert abs(float(rows[number - 1].interest) - theirs) <= 0.011


def test_dates_agree_with_quantlib() -> None:
    ql = pytest.importorskip("QuantLib")
    for months, frequency in ((1, "monthly"), (3, "quarterly"), (6, "semi_annually"), (12, "annually")):
        start, end = date(2025, 1, 15), add_months(date(2025, 1, 15), 36)
        theirs = ql.Schedule(
            ql.Date(15, 1, 2025), ql.Date(15, 1, 2028), ql.Period(months, ql.Months), ql.NullCalendar(), ql.Unadjusted,
            ql.Unadjusted, ql.DateGeneration.Forward, False,
        )  # fmt: skip
        ours = [period.end for period in payment_periods(start, end, frequency)]  # type: ignore[arg-type]
        assert ours == [date(d.year(), d.month(), d.dayOfMonth()) for d in theirs][1:]
