"""From figures to a covenant's status: limits in force, what is due, what is missing, what was waived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.covenants.numbers import SETTINGS, Written, covenant, figure, reads_as
from tools.domain.covenant_dates import FiscalYear, covenant_calendar, dates_of_tests, due_date
from tools.domain.covenant_tests import Assessment, assess
from tools.domain.covenants import Covenant, Waiver, covenant_of, parse_limit
from tools.domain.kernels_loans import certificate_late, early_breaches
from tools.domain.money import shown
from tools.domain.signal_case import Case
from tools.errors import BadRequest

Q1, Q2, Q3, Q4 = date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)
NEXT = date(2026, 3, 31)
AS_OF = date(2026, 4, 30)


def run(made: Covenant, values: dict[date, object], as_of: date = AS_OF, **more: object) -> Assessment:
    since = more.pop("since", date(2025, 1, 1))
    measure = Written(values, pair=("10400", "2540"))  # type: ignore[arg-type]
    return assess(made, measure, as_of, SETTINGS, reads_as, since=since, **more)  # type: ignore[arg-type]


def test_compliant_at_risk_and_breach_by_unrounded_values() -> None:
    yearly = covenant(test_frequency="annually", due_days=0)
    for value, status in (("3.15", "compliant"), ("3.1500001", "at_risk"), ("3.5", "at_risk"), ("3.50000001", "breach")):
        latest = run(yearly, {Q4: value}).latest
        assert (latest.status, latest.test_date) == (status, Q4)


def test_negative_earnings_fail_a_maximum() -> None:
    yearly = covenant(test_frequency="annually", due_days=0)
    latest = run(yearly, {Q4: figure(None, reason="negative_ebitda")}).latest
    assert (latest.status, latest.actual, latest.headroom) == ("breach", None, None)
    assert run(yearly, {Q4: figure(None, reason="negative_equity")}).latest.status == "breach"
    assert run(yearly, {Q4: figure(None, reason="zero_denominator")}).latest.status == "breach"


def test_no_interest_passes_a_minimum_and_says_so() -> None:
    minimum = covenant(">=", "2", test_frequency="annually", due_days=0)
    latest = run(minimum, {Q4: figure(None, reason="no_interest")}).latest
    assert (latest.status, latest.reason, latest.headroom) == ("compliant", "no_interest", None)
    assert run(minimum, {Q4: figure(None, reason="negative_interest")}).latest.status == "not_evidenced"
    assert run(minimum, {Q4: figure(None, reason="zero_denominator")}).latest.status == "not_evidenced"


def test_zero_threshold_is_compliant_without_headroom() -> None:
    latest = run(covenant(">=", "0", test_frequency="annually", due_days=0), {Q4: "0.01"}).latest
    assert (latest.status, latest.headroom) == ("compliant", None)


def test_equality_and_bands() -> None:
    exact = covenant("==", "1", test_frequency="annually", due_days=0)
    assert run(exact, {Q4: "1.0"}).latest.status == "compliant"
    assert run(exact, {Q4: "1.0001"}).latest.status == "breach"
    band = covenant("between", "0.40..0.60", test_frequency="annually", due_days=0)
    assert [run(band, {Q4: v}).latest.status for v in ("0.5", "0.41", "0.6", "0.39", "0.61")] == [
        "compliant", "at_risk", "at_risk", "breach", "breach",
    ]  # fmt: skip


def test_not_due_until_the_statements_are_due() -> None:
    yearly = covenant(test_frequency="annually", due_days=120)
    before = run(yearly, {Q4: "9"}, date(2026, 4, 29))
    assert (before.latest.status, before.latest.early, before.latest.due) == ("not_due", "breach", date(2026, 4, 30))
    assert run(yearly, {Q4: "9"}, date(2026, 4, 30)).latest.status == "breach"
    assert run(yearly, {}, date(2025, 12, 30)).latest.status == "not_due"
    assert run(yearly, {}, date(2026, 4, 30)).latest.status == "not_evidenced"


def test_default_due_days_are_longer_at_the_year_end() -> None:
    assert due_date(covenant(), SETTINGS, Q3) == date(2025, 11, 14)
    assert due_date(covenant(), SETTINGS, Q4) == date(2026, 4, 30)
    assert due_date(covenant(), SETTINGS, Q4, FiscalYear(3, 31)) == date(2026, 2, 14)
    assert due_date(covenant(due_days=10), SETTINGS, Q4) == date(2026, 1, 10)
    assert due_date(covenant(due_days=10), SETTINGS, Q4, statement_dues={Q4: date(2026, 5, 5)}) == date(2026, 1, 10)
    assert due_date(covenant(), SETTINGS, Q4, statement_dues={Q4: date(2026, 5, 5)}) == date(2026, 5, 5)


def test_missing_input_is_not_evidenced_with_its_name() -> None:
    latest = run(covenant(test_frequency="annually", due_days=0), {Q4: figure(None, missing=("interest_expense",))}).latest
    assert (latest.status, latest.missing) == ("not_evidenced", ("interest_expense",))


def test_papers_are_late_since_the_test_they_are_missing_for_was_due() -> None:
    made = run(covenant(due_days=30), {Q3: "2", Q4: "3"}, date(2026, 5, 20))
    late = certificate_late(Case("C1", date(2026, 5, 20), {"id": "C1"}, assessments=[made]), {})
    assert (late.value, late.when) == (20, date(2026, 4, 30))


def test_papers_that_came_without_a_line_are_a_gap_and_not_late() -> None:
    made = run(covenant(due_days=30), {Q3: "2", Q4: "3"}, date(2026, 5, 20))
    came = Case("C1", date(2026, 5, 20), {"id": "C1"}, assessments=[made], statement_ends=(Q3, Q4, NEXT))
    assert certificate_late(came, {}).value == 0
    only_older = Case("C1", date(2026, 5, 20), {"id": "C1"}, assessments=[made], statement_ends=(Q3, Q4))
    assert certificate_late(only_older, {}).value == 20


def test_statements_that_show_a_breach_before_the_test_is_due_are_told_at_once() -> None:
    yearly = covenant(test_frequency="annually", due_days=120)
    day = date(2026, 4, 20)
    case = Case("C1", day, {"id": "C1"}, assessments=[run(yearly, {Q4: "9"}, day)])
    found = early_breaches(case, {})
    assert (found.value, found.when) == (1, Q4) and found.text.startswith(yearly.id)
    assert early_breaches(case, {"part": "actual"}).value == 9
    due = early_breaches(case, {"part": "due"})
    assert (due.value, due.when) == (10, date(2026, 4, 30))
    kept = Case("C1", day, {"id": "C1"}, assessments=[run(yearly, {Q4: "2"}, day)])
    assert early_breaches(kept, {}).value == 0
    later = Case("C1", date(2026, 4, 30), {"id": "C1"}, assessments=[run(yearly, {Q4: "9"}, date(2026, 4, 30))])
    assert early_breaches(later, {}).value == 0
    assert early_breaches(Case("C1", day, {"id": "C1"}), {}).missing == ("covenants",)


def test_stale_when_only_an_older_test_can_be_computed() -> None:
    made = run(covenant(due_days=30), {Q3: "2", Q4: "3"})
    assert (made.latest.status, made.latest.test_date, made.latest.due_test) == ("stale", Q4, NEXT)
    assert made.latest.actual == 3
    assert made.latest.missing == ("m",)
    assert [test.status for test in made.tests] == [
        "not_evidenced",
        "not_evidenced",
        "compliant",
        "compliant",
        "not_evidenced",
        "not_due",
    ]


def test_a_scaled_year_to_date_is_no_evidence() -> None:
    latest = run(covenant(due_days=0), {NEXT: figure("2", basis="annualised")}).latest
    assert (latest.status, latest.actual) == ("not_evidenced", None)


def test_the_limit_in_force_on_the_test_date_counts() -> None:
    """C4: to 31 Dec 2026 4.00, to 31 Dec 2027 3.75, then 3.50, as from-dates."""
    stepped = covenant(threshold="4", steps="2027-01-01:3.75;2028-01-01:3.5", due_days=0)
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    assert [limit.text for day in days if (limit := stepped.limit_on(day))] == ["4", "3.75", "3.75", "3.5"]
    values: dict[date, object] = {date(2026, 12, 31): "3.8", date(2027, 3, 31): "3.8"}
    made = run(stepped, values, date(2027, 4, 1), since=date(2026, 12, 1))
    assert [test.status for test in made.tests][:2] == ["at_risk", "breach"]


def test_breach_says_what_would_cure_it_and_until_when() -> None:
    made = covenant(test_frequency="annually", due_days=45, grace_days=10, cure_days=20)
    latest = run(made, {Q4: "4.0945"}).latest
    assert [(cure.measure, shown(cure.amount)) for cure in latest.cures] == [("m", "431.4286"), ("m", "1510.0000")]
    assert (latest.grace_until, latest.cure_until) == (date(2026, 2, 24), date(2026, 3, 6))


def test_waiver_gives_up_its_tests_only_and_hides_no_number() -> None:
    made = covenant(due_days=0, waivers=(Waiver(date(2025, 12, 1), Q4),))
    tests = {test.test_date: test for test in run(made, {Q3: "4", Q4: "4", NEXT: "4"}).tests}
    assert [tests[day].status for day in (Q3, Q4, NEXT)] == ["breach", "waived", "breach"]
    assert (tests[Q4].status_before_waiver, tests[Q4].actual) == ("breach", 4)


def test_a_limit_in_another_currency_is_not_compared() -> None:
    made = covenant(">=", "100", currency="USD", test_frequency="annually", due_days=0)
    latest = run(made, {Q4: figure("200", unit="currency", currency="CNY")}).latest
    assert (latest.status, latest.missing) == ("not_evidenced", ("exchange_rate",))


def test_incomplete_terms_say_what_is_missing() -> None:
    assert run(covenant(threshold="", due_days=0), {NEXT: "1"}).latest.missing == ("threshold",)
    unknown = run(covenant(test_frequency="whenever"), {})
    assert (unknown.latest.status, unknown.latest.missing) == ("not_evidenced", ("test_frequency",))


def test_basis_of_the_contract_reaches_the_figure() -> None:
    measure = Written({Q4: "1"})
    assess(covenant(basis="annual", test_frequency="annually"), measure, AS_OF, SETTINGS, reads_as, since=Q1)
    assert set(measure.asked) == {(Q4, "fy")}


@pytest.mark.parametrize(
    ("frequency", "first", "expected"),
    [
        ("monthly", date(2026, 1, 31), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        ("quarterly", None, [Q1, Q2, Q3, Q4, NEXT]),
        ("季", None, [Q1, Q2, Q3, Q4, NEXT]),
        ("Semi-annually", None, [Q2, Q4]),
        ("semi_annually", date(2025, 8, 15), [date(2025, 8, 15), date(2026, 2, 15)]),
        ("annually", None, [Q4]),
        ("at any time", None, [date(2025, 2, 1), Q4]),
        ("on_event", None, []),
    ],
)
def test_test_dates(frequency: str, first: date | None, expected: list[date]) -> None:
    made = covenant(test_frequency=frequency, first_test_date=first)
    assert dates_of_tests(made, SETTINGS, date(2025, 1, 1), AS_OF, statement_ends=[date(2025, 2, 1)]) == expected


def test_test_dates_follow_the_fiscal_year_and_end_with_the_covenant() -> None:
    made = covenant(test_frequency="annually", end_date=date(2026, 3, 31))
    assert dates_of_tests(made, SETTINGS, date(2025, 1, 1), date(2030, 1, 1), FiscalYear(2, 28)) == [
        date(2025, 2, 28),
        date(2026, 2, 28),
    ]
    assert dates_of_tests(made, SETTINGS, date(2024, 1, 1), date(2024, 12, 1), FiscalYear(2, 28)) == [date(2024, 2, 29)]


def test_the_projection_hits_the_limit_of_its_date() -> None:
    """T29: 0.2996 quarters after the last test."""
    values: dict[date, object] = {Q1: "2.90", Q2: "3.05", Q3: "3.25", Q4: "3.45578"}
    flat = run(covenant(due_days=0), values, date(2026, 1, 1)).projection
    assert flat is not None and flat.steps_to_breach is not None
    assert (flat.breach, shown(flat.steps_to_breach), shown(flat.line.slope, 6)) == (NEXT, "0.2996", "0.186734")
    assert shown(flat.line.intercept, 6) == "2.883844"
    looser = run(covenant(threshold="4", steps="2027-01-01:3.75", due_days=0), values, date(2026, 1, 1)).projection
    assert looser is not None and looser.breach == date(2026, 9, 30)
    assert run(covenant(due_days=0), {day: v for day, v in values.items() if day != Q1}, date(2026, 1, 1)).projection is None
    improving: dict[date, object] = {Q1: "3.4", Q2: "3.3", Q3: "3.2", Q4: "3.1"}
    calm = run(covenant(due_days=0), improving, date(2026, 1, 1)).projection
    assert calm is not None and calm.breach is None
    step_down = run(covenant(steps="2026-06-30:2.0", due_days=0), improving, date(2026, 1, 1)).projection
    assert step_down is not None and (step_down.breach, step_down.steps_to_breach) == (date(2026, 6, 30), 11)


def test_calendar_of_what_falls_due() -> None:
    made = covenant(due_days=45, grace_days=10, steps="2026-06-30:3", waivers=(Waiver(None, date(2026, 5, 31)),))
    entries = covenant_calendar([made, covenant(state="proposed", id="V2")], SETTINGS, date(2026, 5, 1), date(2026, 6, 30))
    assert [(entry.day, entry.what) for entry in entries] == [
        (date(2026, 5, 15), "statements"), (date(2026, 5, 25), "grace_ends"), (date(2026, 5, 31), "waiver_ends"),
        (date(2026, 6, 30), "limit_changes"), (date(2026, 6, 30), "test"),
    ]  # fmt: skip


def test_rows_of_the_loan_book() -> None:
    row = {
        "id": "V9", "loan_id": "L1", "name": "资产负债率", "metric": "debt_to_assets", "operator": "between", "threshold": "0.4..0.65",
        "threshold_steps": "2027-01-01:0.4..0.60", "test_frequency": "semi_annually", "status": "waived",
        "waived_until": date(2026, 6, 30),
    }  # fmt: skip
    made = covenant_of(row, "C1")
    assert (made.limit, made.steps[0].limit.text, made.state) == (parse_limit("0.4..0.65", "between"), "0.4..0.60", "waived")
    assert made.waived(date(2026, 6, 30)) and not made.waived(date(2026, 12, 31))
    assert covenant_of({**row, "status": None, "waived_until": None}, "C1").state == "confirmed"
    with pytest.raises(BadRequest, match="wrong way round"):
        covenant_of({**row, "threshold": "0.7..0.65"}, "C1")
    with pytest.raises(BadRequest, match="does not fit operator"):
        covenant_of({**row, "operator": "<=", "threshold": "about 3"}, "C1")


def test_statuses_use_decimals_at_the_limit_itself() -> None:
    assert (
        run(covenant(threshold="0.3", test_frequency="annually", due_days=0), {Q4: str(Decimal("0.1") * 3)}).latest.status
        == "at_risk"
    )
