"""Loans that changed between two books: floating rates, extensions, restructurings; and dues ahead by loan, borrower and group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import as_csv, customer, loan, payment
from tools.domain.callers import LOCAL, Caller
from tools.domain.loan_views import LoanView
from tools.domain.periods import Clocks
from tools.toolbox.desk import Desk
from tools.toolbox.dues_ahead import dues_ahead
from tools.toolbox.loan_states import views_of
from tools.toolbox.portfolio_views import states as portfolio_states
from tools.toolbox.registry import registry

NOW = datetime(2026, 12, 1, tzinfo=UTC)
D = Decimal


def hand_over(bank: Bank, folder: Path, day: date, **tables: list[dict[str, str]]) -> None:
    """One book, known from its day on."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    report = import_loan_book(LOCAL, folder, bank.store, bank.home, day, NOW)
    assert not report.shape()["rejected"], report.shape()["rejected"]


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return open_bank(Settings(home=tmp_path / "home", embedding_model="none"))


def desk(bank: Bank, day: date, caller: Caller = LOCAL) -> Desk:
    return bank.desk(caller, Clocks(day, NOW))


def view(bank: Bank, day: date, id: str = "L1") -> LoanView:
    (found,) = views_of(desk(bank, day), None, id)
    return found


def floating(rate: str) -> dict[str, str]:
    return loan(
        "L1", "C1", rate=rate, rate_type="variable", repayment_type="interest_only", repayment_frequency="quarterly", balance="1000000.00",
        day_count_convention="act_360",
    )  # fmt: skip


def test_a_floating_rate_is_the_one_each_book_stated_for_its_time(bank: Bank, tmp_path: Path) -> None:
    drawn = [payment("T1", "L1", "2026-01-15", "1000000.00", type="drawdown")]
    hand_over(
        bank, tmp_path / "1", date(2026, 1, 31), customers=[customer("C1")], loans=[floating("0.0400")], loan_transactions=drawn
    )
    hand_over(bank, tmp_path / "2", date(2026, 6, 30), customers=[customer("C1")], loans=[floating("0.0500")])
    found = view(bank, date(2026, 12, 1))
    interest = {line.date: line.interest for line in found.schedule.instalments}
    assert interest[date(2026, 4, 15)] == (D(1000000) * D("0.04") * 90 / 360).quantize(D("0.01"))
    assert interest[date(2026, 10, 15)] == (D(1000000) * D("0.05") * 92 / 360).quantize(D("0.01"))
    assert "rate_history_missing" not in found.flags
    assert found.terms.rate == D("0.05")


def test_the_history_of_a_floating_loan_is_counted_at_the_rates_of_its_time(bank: Bank, tmp_path: Path) -> None:
    """Interest paid to the cent at the old rate is not late because the rate rose since."""
    paid = [
        payment("T1", "L1", "2026-01-15", "1000000.00", type="drawdown"), payment("T2", "L1", "2026-04-15", "10000.00", type="interest"),
    ]  # fmt: skip
    hand_over(
        bank,
        tmp_path / "1",
        date(2026, 1, 31),
        customers=[customer("C1")],
        loans=[floating("0.0400")],
        loan_transactions=paid[:1],
    )
    hand_over(
        bank, tmp_path / "2", date(2026, 6, 30), customers=[customer("C1")], loans=[floating("0.0500")], loan_transactions=paid
    )
    here, days = desk(bank, date(2026, 7, 10)), [date(2026, 5, 31), date(2026, 6, 30)]
    states = portfolio_states(here, days)["CNY"]
    assert [one.dpd for one in states] == [0, 0]
    (one,) = [v for v in views_of(here) if v.terms.id == "L1"]
    assert one.dpd == portfolio_states(here, [date(2026, 7, 10)])["CNY"][0].dpd == 0


def test_a_rate_that_never_changed_in_one_book_stays_marked(bank: Bank, tmp_path: Path) -> None:
    drawn = [payment("T1", "L1", "2026-01-15", "1000000.00", type="drawdown")]
    hand_over(
        bank, tmp_path / "1", date(2026, 1, 31), customers=[customer("C1")], loans=[floating("0.0400")], loan_transactions=drawn
    )
    assert "rate_history_missing" in view(bank, date(2026, 12, 1)).flags


def instalments(*days: str, prefix: str) -> list[dict[str, str]]:
    return [
        {
            "id": f"{prefix}{number}",
            "loan_id": "L1",
            "payment_date": day,
            "type": "principal",
            "amount": "250000.00",
            "currency_code": "CNY",
        }
        for number, day in enumerate(days)
    ]


def irregular(**more: str) -> dict[str, str]:
    return loan(
        "L1",
        "C1",
        repayment_type="irregular",
        repayment_frequency="quarterly",
        balance="1000000.00",
        orig_notional="1000000.00",
        **more,
    )


OLD = instalments("2026-03-15", "2026-06-15", "2026-09-15", "2026-12-15", prefix="OLD")
NEW = instalments("2026-11-15", "2027-03-15", "2027-06-15", "2027-09-15", prefix="NEW")


def test_a_restructured_schedule_ends_the_arrears_and_keeps_their_history(bank: Bank, tmp_path: Path) -> None:
    drawn = [payment("T1", "L1", "2026-01-15", "1000000.00", type="drawdown")]
    hand_over(
        bank,
        tmp_path / "1",
        date(2026, 8, 31),
        customers=[customer("C1")],
        loans=[irregular()],
        loan_transactions=drawn,
        loan_cash_flows=OLD,
    )
    late = view(bank, date(2026, 8, 31))
    assert (late.dpd, late.max_dpd) == (169, 169)
    changed = irregular(restructured_date="2026-09-01", end_date="2027-09-15", extension_count="1")
    hand_over(bank, tmp_path / "2", date(2026, 9, 30), customers=[customer("C1")], loans=[changed], loan_cash_flows=NEW)
    after = view(bank, date(2026, 10, 31))
    assert (after.dpd, after.max_dpd, after.inherited) == (0, 170, (("L1", 170),))
    assert [line.date for line in after.schedule.instalments if line.principal] == [
        date.fromisoformat(str(row["payment_date"])) for row in NEW
    ]
    assert after.next_due is not None
    assert after.next_due.date == date(2026, 11, 15)
    missed = view(bank, date(2026, 11, 30))
    assert (missed.dpd, missed.max_dpd) == (15, 170)


def test_an_extension_of_a_loan_without_given_dues_runs_on_what_was_left(bank: Bank, tmp_path: Path) -> None:
    drawn = [payment("T1", "L1", "2026-01-15", "1000000.00", type="drawdown")]
    bullet = {"repayment_type": "bullet", "balance": "1000000.00", "end_date": "2026-07-15"}
    hand_over(
        bank,
        tmp_path / "1",
        date(2026, 6, 30),
        customers=[customer("C1")],
        loans=[loan("L1", "C1", **bullet)],
        loan_transactions=drawn,
    )
    longer = loan("L1", "C1", **{**bullet, "end_date": "2027-01-15"}, extension_count="1", origin="extension")
    hand_over(bank, tmp_path / "2", date(2026, 7, 31), customers=[customer("C1")], loans=[longer])
    after = view(bank, date(2026, 10, 31))
    assert [(line.date, line.principal) for line in after.schedule.instalments] == [(date(2027, 1, 15), D("1000000.00"))]
    assert (after.dpd, after.inherited) == (0, (("L1", 16),))


def test_nothing_is_read_of_the_past_when_no_loan_changed(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over(bank, tmp_path / "1", date(2026, 1, 31), customers=[customer("C1")], loans=[loan("L1", "C1")])

    def never() -> None:
        raise AssertionError

    monkeypatch.setattr(bank.loan_book.snapshots, "all", never)
    assert view(bank, date(2026, 3, 1)).inherited == ()


def owned(id: str) -> Mapping[str, str]:
    return {"customer_id": id, "related_name": "陈某", "relation": "actual_controller", "share": "0.60"}


def test_dues_ahead_add_up_over_loans_borrowers_and_the_group(bank: Bank, tmp_path: Path) -> None:
    loans = [
        loan("L1", "C1", repayment_type="equal_principal", repayment_frequency="monthly", balance="1000000.00"),
        loan("L2", "C2", currency_code="USD", balance="1000000.00"),
        loan("L3", "C3", balance="1000000.00"),
    ]
    hand_over(
        bank, tmp_path / "1", date(2026, 1, 15), customers=[customer("C1", officer_id="u1"), customer("C2"), customer("C3")], loans=loans,
        relations=[dict(owned("C1")), dict(owned("C2"))],
        loan_transactions=[payment(f"T{n}", f"L{n}", "2026-01-15", "1000000.00", type="drawdown") for n in (1, 2, 3)],
    )  # fmt: skip
    alone = dues_ahead(desk(bank, date(2026, 1, 15)), "C1")
    assert alone.total()["CNY"][0] == D("1000000.00")
    assert len({row.month for row in alone.rows}) == 12
    group = dues_ahead(desk(bank, date(2026, 1, 15)), "C1", group=True)
    assert (group.members, set(group.total())) == (("C1", "C2"), {"CNY", "USD"})
    assert group.shape()["by_borrower"]["C2"]["USD"]["principal"] == "1000000.00"
    officer = dues_ahead(desk(bank, date(2026, 1, 15), Caller(user="u1", role="officer", officer_id="u1")), "C1", group=True)
    assert officer.members == ("C1",)
    values = {
        (v.name, v.about, v.currency): v.value
        for v in registry()["dues_by_month"]
        .call(desk(bank, date(2026, 1, 15)), {"borrower": "C1", "group": True})
        .artifact.values
    }
    assert values["dues_12m_principal", "group", "CNY"] == D("1000000.00")
