"""Everyone's loans are kept between questions, and never older than the book, the day, the rules or what the caller may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.wiring import Bank
from tests.assistant.bank import CLOCKS, OFFICER, OTHER, SmallBank, build
from tools.domain.callers import LOCAL, Caller
from tools.domain.loan_views import LoanView
from tools.domain.periods import Clocks
from tools.toolbox.loan_states import views_of


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(Path(tmp_path_factory.mktemp("kept")))
    yield made
    made.bank.close()


def _told(views: list[LoanView]) -> list[tuple[object, ...]]:
    return sorted((v.terms.id, v.dpd, v.overdue, v.next_due, v.clocks.as_of, v.classification) for v in views)


def _alone(bank: Bank, caller: Caller, clocks: Clocks) -> list[tuple[object, ...]]:
    """Borrower by borrower, which is never kept."""
    desk = bank.desk(caller, clocks)
    return _told([view for one in desk.index().borrowers for view in views_of(desk, one.id)])


@pytest.mark.parametrize("caller", [OFFICER, OTHER, LOCAL], ids=["officer", "other", "local"])
def test_the_whole_is_what_its_borrowers_are(small: SmallBank, caller: Caller) -> None:
    for clocks in (CLOCKS, Clocks(date(2026, 9, 30), CLOCKS.known_at)):
        for _ in range(2):
            assert _told(views_of(small.bank.desk(caller, clocks))) == _alone(small.bank, caller, clocks)


def test_a_second_question_finds_the_same_views(small: SmallBank) -> None:
    first, second = (views_of(small.bank.desk(OFFICER, CLOCKS)) for _ in range(2))
    assert [id(view) for view in first] == [id(view) for view in second] or not small.bank.loan_portfolios.kept
