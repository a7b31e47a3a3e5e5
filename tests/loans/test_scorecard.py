"""The rating scorecard: points, reasons in the order of points lost, caps, and no grade from what happens to be on file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.domain.outcomes import Outcome, missing
from tools.domain.scorecard import rate
from tools.errors import RulebookError
from tools.rulebook.entries import HERE
from tools.rulebook.scorecards import load_scorecard

CARD = load_scorecard()
D = Decimal
SOUND = {
    "debt_to_assets": "0.40", "debt_to_ebitda": "1.5", "icr_ebit": "6", "dscr": "2", "cfo_to_debt": "0.30", "current_ratio": "1.8",
    "cash_to_st_debt": "1", "net_margin": "0.08", "revenue_growth": "0.10", "worst_dpd": "0", "worst_dpd_12m": "0", "overdue_elsewhere": "0",
    "total_equity": "1", "ebitda": "1",
}  # fmt: skip
MEASURES = [one.measure for one in CARD.characteristics]


def rated(**values: object) -> object:
    held = {**SOUND, **values}

    def find(name: str) -> Outcome:
        value = held.get(name)
        if isinstance(value, Outcome):
            return value
        return Outcome(D(str(value))) if value is not None else missing(name)

    return rate(CARD, find, {"negative_ebitda": "worst", "no_interest": "best"}.get)  # type: ignore[arg-type]


def test_nothing_to_cover_earns_all_and_ebitda_below_zero_nothing() -> None:
    none = rated(icr_ebit=Outcome(reason="no_interest"))
    assert none.points == 100 and none.reasons == ()  # type: ignore[attr-defined]
    below = rated(debt_to_ebitda=Outcome(reason="negative_ebitda"), ebitda="-1")
    assert (below.points, below.by_points, below.grade) == (86, "AA", "B")  # type: ignore[attr-defined]
    assert [one.characteristic.id for one in below.reasons] == ["LEV-2"]  # type: ignore[attr-defined]


def test_reasons_come_in_the_order_of_points_lost() -> None:
    found = rated(debt_to_assets="0.70", net_margin="-0.01", revenue_growth="-0.5", current_ratio="1.3", cash_to_st_debt="0.9")
    lost = [one.lost for one in found.reasons]  # type: ignore[attr-defined]
    assert lost == sorted(lost, reverse=True) and len(lost) == CARD.reasons
    assert found.reasons[0].characteristic.id == "LEV-1"  # type: ignore[attr-defined]


def test_too_little_known_gives_no_grade_and_says_what_is_missing() -> None:
    found = rated(**dict.fromkeys(("debt_to_ebitda", "icr_ebit", "dscr", "cfo_to_debt"), None))
    assert (found.grade, found.known) == (None, D("0.52"))  # type: ignore[attr-defined]
    assert found.missing == ("debt_to_ebitda", "icr_ebit", "dscr", "cfo_to_debt")  # type: ignore[attr-defined]
    one = rated(overdue_elsewhere=None)
    assert one.grade == "AAA" and [cap.id for cap in one.untold] == ["CAP-ELSEWHERE"]  # type: ignore[attr-defined]


@given(st.sampled_from(MEASURES), st.decimals(-5, 400, places=3), st.decimals(-5, 400, places=3))
def test_a_better_value_never_earns_less(measure: str, one: Decimal, other: Decimal) -> None:
    characteristic = next(c for c in CARD.characteristics if c.measure == measure)
    better, worse = max(one, other), min(one, other)
    if characteristic.better == "lower":
        better, worse = worse, better
    assert characteristic.points(Outcome(better), lambda r: "neutral") >= characteristic.points(
        Outcome(worse), lambda r: "neutral"
    )


@pytest.mark.parametrize(("rating", "rank"), [("BBB-", 3), ("bbb+", 3), ("AAA", 0), ("D", 9), ("7", None), (None, None)])
def test_the_banks_own_marks_are_read_on_the_cards_scale(rating: str | None, rank: int | None) -> None:
    assert CARD.rank(rating) == rank


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("points: 60", "points: 61", "test 2"), ('["0.55", 9]', '["0.55", 13]', "LEV-1"), ("[CC, 0]", "[CC, 5]", "do not fall to 0"),
        ("grade: BB, name: {en: \"more", "grade: XX, name: {en: \"more", "XX"), ("better: lower", "better: smaller", "higher or lower"),
    ],
)  # fmt: skip
def test_a_card_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, where: str) -> None:
    text = (HERE / "rating" / "scorecards.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "scorecards.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=where):
        load_scorecard(folder=tmp_path)
