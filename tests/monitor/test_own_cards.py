"""A bank's own haircuts, provisions and scorecard: laid key by key over the built-in ones, proven by their own tests, compared before use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.wiring import Bank
from integrations.cli.comparison import compared
from tests.monitor.conftest import NOW
from tests.monitor.test_comparison import compared_with, written
from tools.errors import RulebookError
from tools.rulebook.mitigant_rules import load_mitigants
from tools.rulebook.scorecards import load_scorecard
from tools.rulebook.whole import load_whole

D, DAY, BEFORE = Decimal, date(2026, 10, 31), date(2026, 9, 30)
MITIGANTS = """
- {id: provision, version: 2, effective_from: 2026-10-01, shares: {special_mention: "0.05"}}
- {id: guarantors, version: 2, effective_from: 2026-10-01, firm: "0.30"}
- {id: collateral, version: 2, effective_from: 2026-10-01, fx: "0.20"}
"""
CARD = """
- {id: corporate_scorecard, version: 2, effective_from: 2026-10-01, worse_by: 1, stale_months: 12}
"""
GRADES = """
- id: corporate_scorecard
  version: 2
  effective_from: 2026-10-01
  grades: [[AAA, 92], [AA, 84], [A, 80], [BBB, 62], [BB, 44], [B, 30], [CCC, 18], [CC, 0]]
"""
OWN_TESTS = """  tests: [{in: {worst_dpd: 0}, grade: null}]
"""


def test_haircuts_and_provisions_are_laid_over_from_their_day(tmp_path: Path) -> None:
    layers = load_whole(DAY, written(tmp_path / "own.yaml", MITIGANTS)).layers
    mine, ours = load_mitigants(DAY, layers=layers), load_mitigants(DAY)
    assert (mine.provision["special_mention"], mine.provision["doubtful"]) == (D("0.05"), ours.provision["doubtful"])
    assert (mine.firm, mine.person, mine.fx) == (D("0.30"), ours.person, D("0.20"))
    assert mine.types == ours.types
    assert load_mitigants(BEFORE, layers=layers) == load_mitigants(BEFORE)
    assert load_mitigants(DAY, layers=layers, known_at=BEFORE) == ours, "not yet written down"


def test_a_card_with_other_grades_needs_tests_of_its_own(tmp_path: Path) -> None:
    kept = load_whole(DAY, written(tmp_path / "card.yaml", CARD)).layers
    assert (load_scorecard(DAY, layers=kept).worse_by, load_scorecard(DAY, layers=kept).stale_months) == (1, 12)
    assert load_scorecard(DAY, layers=kept).characteristics == load_scorecard(DAY).characteristics
    with pytest.raises(RulebookError, match=r"corporate_scorecard@2, test"):
        load_whole(DAY, written(tmp_path / "grades.yaml", GRADES))
    proven = load_whole(DAY, written(tmp_path / "proven.yaml", GRADES, OWN_TESTS)).layers
    assert dict(load_scorecard(DAY, layers=proven).grades)["BBB"] == 62


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('- {id: haircuts, version: 2, effective_from: 2026-10-01, types: {}}', "is called 'haircuts'"),
        ('- {id: guarantors, version: 2, effective_from: 2026-10-01, firm: "30"}', "30 is no share"),
        ('- {id: guarantors, version: 1, effective_from: 2026-10-01, firm: "0.3"}', "has the number of the version"),
    ],
)  # fmt: skip
def test_wrong_own_cards_are_refused(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(RulebookError, match=says):
        load_whole(DAY, written(tmp_path / "draft.yaml", wrong))


@pytest.mark.slow
def test_a_draft_says_whose_provisions_move(watched: Bank, tmp_path: Path) -> None:
    found = compared_with(
        watched,
        written(tmp_path / "draft.yaml", '- {id: provision, version: 2, effective_from: 2026-10-01, shares: {normal: "0.02"}}'),
    )
    moved = {
        item["borrower"]: (item["before"]["required"].get("CNY"), item["after"]["required"].get("CNY"))
        for item in found.shape()["exposures"]
    }
    # loans of 54 million, all normal: 1 % before, 2 % after
    assert moved["C004"] == ("540000.00", "1080000.00")
    assert any("required CNY 540000.00 → 1080000.00" in line for line in compared(found))
    assert watched.clocks(None, None, NOW).as_of == DAY
