"""Cures with the owner's money: enough, in the right way, not too often; recorded, dated and visible beside the figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.assistant.bank import OFFICER, SmallBank, build
from tests.covenants.numbers import SETTINGS as NUMBERS
from tests.covenants.numbers import Written, figure, reads_as
from tests.covenants.numbers import covenant as written_covenant
from tools.domain.covenant_cures import with_cures
from tools.domain.covenant_dates import CovenantSettings
from tools.domain.covenant_tests import Assessment, CovenantTest
from tools.domain.covenants import Covenant, Cured, Limit
from tools.domain.duties import assess_any
from tools.domain.headroom import Cure
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.toolbox.covenant_desk import covenant_views
from tools.toolbox.covenant_life import change_covenant

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
D = Decimal
DAYS = [date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
SETTINGS = CovenantSettings(cures_in_a_row=1, cures_per_life=2)


def breach(covenant: Covenant, day: date) -> CovenantTest:
    cures = (Cure("raise", "ebitda", D("60")), Cure("cut", "total_debt", D("240")))
    return CovenantTest(covenant, day, day, "breach", Limit(None, D(4)), D("4.0945"), cures=cures)


def judged(*cures: Cured) -> list[tuple[str, str]]:
    covenant = Covenant("C4", "C1", "Leverage", operator="<=", limit=Limit(None, D(4)), cures=cures)
    tests = tuple(breach(covenant, day) for day in DAYS)
    found = with_cures(Assessment(covenant, tests, tests[-1], None), SETTINGS)
    return [(test.status, test.reason) for test in found.tests]


def test_enough_money_of_the_owner_cures_its_own_test_only() -> None:
    assert [status for status, _ in judged(Cured(DAYS[1], "raise", D(60)))] == ["breach", "compliant", "breach", "breach"]


def test_too_little_says_how_much_is_short_and_two_payments_add_up() -> None:
    assert judged(Cured(DAYS[0], "raise", D(59)))[0] == (
        "breach",
        "the cure by the owner's money counted as earnings is short by 1.00",
    )
    assert judged(Cured(DAYS[0], "cut", D(140)), Cured(DAYS[0], "cut", D(100)))[0][0] == "compliant"


def test_a_cure_may_not_come_twice_running_nor_more_often_than_usual() -> None:
    running = judged(Cured(DAYS[0], "raise", D(60)), Cured(DAYS[1], "raise", D(60)))
    assert [status for status, _ in running[:2]] == ["compliant", "breach"]
    assert "too often" in running[1][1]
    often = judged(*(Cured(day, "raise", D(60)) for day in (DAYS[0], DAYS[2], DAYS[3])))
    assert [status for status, _ in often] == ["compliant", "breach", "compliant", "breach"]


def test_a_cure_that_does_not_fit_is_said_so() -> None:
    covenant = Covenant("C4", "C1", "Leverage", operator="<=", limit=Limit(None, D(4)), cures=(Cured(DAYS[0], "cut", D(500)),))
    test = replace(breach(covenant, DAYS[0]), cures=(Cure("raise", "ebitda", D(60)),))
    found = with_cures(Assessment(covenant, (test,), test, None), SETTINGS)
    assert (found.latest.status, "does not fit" in found.latest.reason) == ("breach", True)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    yield made
    made.bank.close()


MAY = date(2026, 5, 31)


def leverage(small: SmallBank, known: datetime) -> dict[str, object]:
    views = covenant_views(small.bank.desk(OFFICER, Clocks(MAY, known)), "C001")
    return next(view for view in views if view["covenant"] == "V001")


def test_a_recorded_cure_holds_from_when_it_was_recorded_and_leaves_the_figure(small: SmallBank) -> None:
    """101.6 / 29.4 million against 3.40: 482,352.95 more earnings, or 1,640,000 less debt, would do."""
    day = date(2025, 12, 31)
    change_covenant(
        small.bank.desk(OFFICER, Clocks(MAY, NOW)), "reset", "V001", NOW, threshold=D("3.40"), first=day, reason="重新约定"
    )
    before = leverage(small, NOW)
    assert (before["status"], before["cured"], before["test_date"]) == ("breach", None, "2025-12-31")
    assert before["cure"] == {
        "until": None,
        "options": [
            {"kind": "raise", "measure": "ebitda", "amount": "482352.95"},
            {"kind": "cut", "measure": "total_debt", "amount": "1640000.00"},
        ],
    }
    later = datetime(2026, 11, 3, tzinfo=UTC)
    change_covenant(
        small.bank.desk(OFFICER, Clocks(MAY, NOW)),
        "cure",
        "V001",
        later,
        test=day,
        amount=D(500_000),
        kind="equity",
        reason="股东增资",
    )
    after = leverage(small, datetime(2026, 11, 4, tzinfo=UTC))
    assert (after["status"], after["actual"]) == ("compliant", before["actual"])
    assert after["cured"] == {"test_date": "2025-12-31", "kind": "raise", "amount": "500000"}
    assert leverage(small, NOW)["status"] == "breach"


def test_a_cure_without_amount_or_reason_is_refused(small: SmallBank) -> None:
    desk = small.bank.desk(OFFICER, Clocks(MAY, NOW))
    with pytest.raises(BadRequest, match="a cure needs"):
        change_covenant(desk, "cure", "V001", NOW, test=date(2026, 6, 30), amount=D(0), kind="equity", reason="x")


@pytest.mark.parametrize(
    ("pair", "operator", "limit", "kinds"),
    [
        (("1000", "-50"), "<=", "4", [("raise", D("300"))]),
        (("-20", "100"), ">=", "1.2", [("raise", D("140"))]),
        (("0", "-50"), "<=", "4", []),
    ],
)
def test_earnings_below_zero_are_cured_by_what_lifts_them_to_the_limit(
    pair: tuple[str, str], operator: str, limit: str, kinds: list[tuple[str, Decimal]]
) -> None:
    """Debt of 1,000 and EBITDA of -50: at a limit of 4.0 EBITDA must come to 250. No cut of the debt cures a loss."""
    day = date(2025, 12, 31)
    held = figure(None, reason="negative_ebitda", day=day) if operator == "<=" else figure("-0.2", day=day)
    made = written_covenant(operator, limit, first_test_date=day, test_frequency="annually", due_days=0)
    latest = assess_any(made, Written({day: held}, pair), date(2026, 5, 1), NUMBERS, reads_as).latest
    assert (latest.status, [(cure.kind, cure.amount) for cure in latest.cures if cure.kind == "raise"]) == ("breach", kinds)
    assert operator == ">=" or all(cure.kind == "raise" for cure in latest.cures)
