"""A bank's own dated rules where contracts are silent: business days, prepayments, allocation orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tools.domain.allocation import AllocationRule, RepaymentSettings
from tools.domain.loan_views import LoanInput, LoanView, Rulings, loan_view
from tools.domain.loans import LoanTerms, LoanTransaction
from tools.domain.periods import Clocks
from tools.errors import RulebookError
from tools.rulebook.entries import HERE
from tools.rulebook.loan_rules import load_calendar, load_classification, load_repayment

D = Decimal
TERMS = LoanTerms(
    "L1", "C1", "CNY", D(1200), D("0.06"), date(2026, 1, 15), date(2026, 12, 15), "equal_principal", "monthly", D(1200), first_payment_date=date(2026, 2, 15)
)  # fmt: skip


def view(
    settings: RepaymentSettings,
    terms: LoanTerms = TERMS,
    *,
    as_of: date = date(2026, 1, 20),
    paid: tuple[LoanTransaction, ...] = (),
) -> LoanView:
    rulings = Rulings(load_classification(), settings, calendar=load_calendar())
    return loan_view(LoanInput(terms, transactions=paid), Clocks(as_of, datetime(2027, 1, 1, tzinfo=UTC)), rulings)


def test_due_dates_the_bank_did_not_give_move_off_holidays_by_its_rule() -> None:
    """15 February 2026 is the first day of the Spring Festival; banks open again on the 24th."""
    plain, moved = view(RepaymentSettings()), view(RepaymentSettings(business_day_rule="following"))
    assert plain.schedule.instalments[0].date == date(2026, 2, 15)
    assert moved.schedule.instalments[0].date == date(2026, 2, 24)
    back = view(RepaymentSettings(business_day_rule="preceding"))
    assert back.schedule.instalments[0].date == date(2026, 2, 14)
    own = view(RepaymentSettings(business_day_rule="following"), replace(TERMS, business_day_rule="preceding"))
    assert own.schedule.instalments[0].date == date(2026, 2, 14)


def test_a_prepayment_shortens_or_lowers_by_the_banks_rule() -> None:
    paid = (LoanTransaction("T1", date(2026, 1, 20), "prepayment", D(600)),)
    shorter = view(RepaymentSettings(prepayment_rule="shorten"), as_of=date(2026, 1, 31), paid=paid)
    lower = view(RepaymentSettings(prepayment_rule="lower"), as_of=date(2026, 1, 31), paid=paid)
    assert sum(1 for line in shorter.schedule.instalments if line.principal) < sum(
        1 for line in lower.schedule.instalments if line.principal
    )


def test_an_allocation_order_holds_from_its_day_and_for_its_arrears() -> None:
    old = AllocationRule("oldest", effective_to=date(2026, 5, 31))
    principal = AllocationRule(
        "principal", ("principal", "interest", "penalty", "compound", "fee"), "component", 91, date(2026, 6, 1)
    )
    settings = RepaymentSettings((old, principal, AllocationRule("new", effective_from=date(2026, 6, 1))))
    assert [settings.rule(day, dpd).id for day, dpd in ((date(2026, 5, 31), 100), (date(2026, 6, 1), 90), (date(2026, 6, 1), 91))] == [
        "oldest", "new", "principal",
    ]  # fmt: skip


def test_the_rules_are_read_from_the_rulebook(tmp_path: Path) -> None:
    settings = load_repayment(date(2026, 10, 31))
    assert (settings.business_day_rule, settings.prepayment_rule) == ("none", None)
    folder = tmp_path / "conventions"
    folder.mkdir()
    for name in ("allocation.yaml", "repayment.yaml"):
        text = (
            (HERE / "conventions" / name)
            .read_text(encoding="utf-8")
            .replace("business_day_rule: none\n", "business_day_rule: modified_following\n")
        )
        (folder / name).write_text(text, encoding="utf-8")
    assert load_repayment(date(2026, 10, 31), folder).business_day_rule == "modified_following"
    with pytest.raises(RulebookError):
        load_repayment(date(1999, 1, 1), folder)
