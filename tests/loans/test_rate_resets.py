"""Floating rates from a base-rate series: repricing days, LPR plus basis points, what falls due at the new rate; never unproven."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import as_csv, customer, loan, payment
from tools.domain.callers import LOCAL
from tools.domain.daycounts import cents
from tools.domain.loan_shapes import loan_shape
from tools.domain.loan_views import LoanView
from tools.domain.loans import LoanTerms, RateReset
from tools.domain.periods import Clocks
from tools.domain.rate_resets import ProvenPath, proven_path
from tools.domain.schedules import build_schedule
from tools.rulebook.repricing_rules import load_repricing
from tools.toolbox.loan_states import views_of

D = Decimal
RULE = load_repricing()
TERMS = LoanTerms(
    "L1", "C1", "CNY", D(1_000_000), D("0.0400"), date(2024, 3, 10), date(2027, 3, 10), "interest_only", "quarterly", rate_type="variable", day_count="act_360",
)  # fmt: skip
LPR = {
    "LPR1Y": [(date(2024, 2, 20), D("0.0345")), (date(2025, 2, 20), D("0.0310")), (date(2026, 2, 20), D("0.0300")), (date(2026, 3, 10), D("0.0290"))],
    "LPR5Y": [(date(2024, 2, 20), D("0.0395")), (date(2026, 2, 20), D("0.0350"))],
}  # fmt: skip
BOOK, AS_OF = date(2026, 6, 30), date(2026, 6, 30)


def path(
    terms: LoanTerms = TERMS, base: str | None = "0.0300", spread: str | None = "0.0100", **more: object
) -> ProvenPath | None:
    money = (None if text is None else D(text) for text in (base, spread))
    return proven_path(terms, *money, LPR, more.get("rule", RULE), BOOK, more.get("as_of", AS_OF))  # type: ignore[arg-type]


def test_each_anniversary_takes_the_base_rate_published_before_it() -> None:
    """A rate published on the day itself does not count yet; the next reset is expected at the newest one."""
    found = path()
    assert found is not None
    assert [(r.from_date, r.rate) for r in found.resets] == [
        (date(2024, 3, 10), D("0.0445")), (date(2025, 3, 10), D("0.0410")), (date(2026, 3, 10), D("0.0400"))]  # fmt: skip
    assert (found.series, found.partial, found.expected_from) == ("LPR1Y", False, None)
    longer = path(replace(TERMS, end_date=date(2027, 9, 10)))
    assert longer is not None
    assert (longer.resets[-1], longer.expected_from) == (
        RateReset(date(2027, 3, 10), D("0.0390"), expected=True),
        date(2027, 3, 10),
    )


def test_a_path_the_book_contradicts_is_no_path() -> None:
    assert path(base="0.0310") is None, "another base rate than the series gives"
    assert path(replace(TERMS, rate=D("0.0405"))) is None, "another rate"
    assert path(base=None, spread=None) is None
    assert path(replace(TERMS, rate_type="fixed")) is None
    assert path(replace(TERMS, currency="GBP")) is None
    assert path(base=None) is not None, "the spread and the rate are enough"
    derived = path(spread=None)
    assert derived is not None and derived.spread == D("0.0100")


def test_the_index_is_that_of_the_term_and_another_only_when_it_is_the_one_that_fits() -> None:
    long_ = replace(TERMS, end_date=date(2031, 3, 10))
    by_term = path(replace(long_, rate=D("0.0450")), base="0.0350")
    assert by_term is not None and by_term.series == "LPR5Y"
    agreed = path(long_)
    assert agreed is not None and agreed.series == "LPR1Y"


def test_a_series_that_begins_later_leaves_the_first_years_unknown() -> None:
    late = proven_path(TERMS, D("0.0300"), D("0.0100"), {"LPR1Y": LPR["LPR1Y"][1:]}, RULE, BOOK, AS_OF)
    assert late is not None and late.partial and late.resets[0].from_date == date(2025, 3, 10)
    assert late.on(date(2024, 6, 1)) is None


def test_every_january_and_every_quarter_are_settings() -> None:
    january = path(rule=replace(RULE, anchor="january"), base="0.0310", terms=replace(TERMS, rate=D("0.0410")))
    assert january is not None
    assert [r.from_date for r in january.resets] == [date(2024, 3, 10), date(2026, 1, 1), date(2027, 1, 1)]
    assert RULE.dates(date(2024, 1, 31), date(2024, 12, 31)) == [date(2024, 1, 31)]
    monthly = replace(RULE, every_months=1).dates(date(2024, 1, 31), date(2024, 4, 30))
    assert monthly == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]


def test_interest_of_a_period_with_a_reset_runs_at_both_rates() -> None:
    """Quarter to 10 March 2025 at 4.45 %, the next at 4.10 %: 1,000,000 x rate x days / 360."""
    found = path()
    assert found is not None
    interest = {row.date: row.interest for row in build_schedule(TERMS, resets=found.resets).instalments}
    assert interest[date(2025, 3, 10)] == cents(D(1_000_000) * D("0.0445") * 90 / 360)
    assert interest[date(2025, 6, 10)] == cents(D(1_000_000) * D("0.0410") * 92 / 360)
    off = replace(TERMS, first_payment_date=date(2024, 4, 21), repayment_frequency="quarterly")
    mixed = {row.date: row.interest for row in build_schedule(off, resets=found.resets).instalments}
    both = D(1_000_000) * (D("0.0445") * 48 + D("0.0410") * 42) / 360
    assert mixed[date(2025, 4, 21)] == cents(both), "21 January to 10 March, then to 21 April"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    root = tmp_path_factory.mktemp("rates")
    made = open_bank(Settings(home=root / "home", embedding_model="none"))
    common = {"rate_type": "variable", "repayment_type": "interest_only", "repayment_frequency": "quarterly", "balance": "1000000.00",
              "day_count_convention": "act_360", "start_date": "2024-03-10", "end_date": "2027-09-10", "first_payment_date": "2024-06-10"}  # fmt: skip
    tables = {
        "customers": [customer("C1")],
        "loans": [loan("L1", "C1", rate="0.0400", base_rate="0.0300", spread="0.0100", **common),
                  loan("L2", "C1", rate="0.0425", base_rate="0.0325", spread="0.0100", **common)],
        "loan_transactions": [payment("T1", "L1", "2024-03-10", "1000000.00", type="drawdown")],
        "market": [{"series": "LPR1Y", "date": day.isoformat(), "value": str(value * 100), "unit": "%"} for day, value in LPR["LPR1Y"]],
    }  # fmt: skip
    folder = root / "book"
    folder.mkdir()
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    report = import_loan_book(LOCAL, folder, made.store, made.home, BOOK, datetime(2026, 7, 1, tzinfo=UTC))
    assert not report.shape()["rejected"], report.shape()["rejected"]
    return made


def view(bank: Bank, id: str, as_of: date = AS_OF) -> LoanView:
    (found,) = views_of(bank.desk(LOCAL, Clocks(as_of, datetime(2026, 7, 2, tzinfo=UTC))), None, id)
    return found


def test_a_loan_of_the_book_is_read_at_the_rates_of_its_time(bank: Bank) -> None:
    found = view(bank, "L1")
    interest = {line.date: line.interest for line in found.schedule.instalments}
    assert interest[date(2024, 6, 10)] == cents(D(1_000_000) * D("0.0445") * 92 / 360)
    assert interest[date(2027, 6, 10)] == cents(D(1_000_000) * D("0.0390") * 92 / 360), "expected at the newest base rate"
    assert "rate_expected" in found.flags and "rate_history_missing" not in found.flags
    told = loan_shape(found, schedule=True)["rate_resets"]
    assert told[0] == {"from": "2024-03-10", "rate": "0.0445", "expected": False}
    assert told[-1] == {"from": "2027-03-10", "rate": "0.039", "expected": True}


def test_a_loan_whose_stated_base_is_not_the_series_stays_marked(bank: Bank) -> None:
    found = view(bank, "L2")
    assert "rate_history_missing" in found.flags
    assert {reset.rate for reset in found.resets} == set()


def test_an_earlier_day_does_not_know_the_later_rate(bank: Bank) -> None:
    """On 5 March 2026 the reset of the 10th is expected at the 3.00 % published by then, one later at the same."""
    then = view(bank, "L1", date(2026, 3, 5))
    assert [(r.from_date, r.rate, r.expected) for r in then.resets][1:] == [
        (date(2025, 3, 10), D("0.0410"), False), (date(2026, 3, 10), D("0.0400"), True)]  # fmt: skip
    assert "rate_history_missing" not in then.flags
