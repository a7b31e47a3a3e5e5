"""The rulebook's calendar against an independent one, and what the settings files say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tools.errors import RulebookError
from tools.rulebook.loan_rules import load_calendar, load_covenant_settings, load_observation, load_repayment


def test_chinese_business_days_agree_with_chinesecalendar() -> None:
    theirs = pytest.importorskip("chinese_calendar")
    ours = load_calendar("CN")
    assert (ours.known_from, ours.known_to) == (date(2019, 1, 1), date(2026, 12, 31))
    day = date(2019, 1, 1)
    while day <= date(2026, 12, 31):
        assert ours.is_business_day(day) == theirs.is_workday(day), day
        day += timedelta(days=1)


def test_defaults_are_those_of_the_handbook() -> None:
    settings = load_repayment(date(2026, 10, 31))
    assert settings.allocation[0].order == ("fee", "penalty", "compound", "interest", "principal")
    assert (settings.tolerance, settings.penalty_multiple, settings.compound) == (Decimal(0), None, False)
    clocks = load_observation()
    assert (clocks.observation_months, clocks.observation_periods, clocks.upgrade_months) == (12, 2, 6)
    testing = load_covenant_settings(date(2026, 10, 31))
    assert (testing.at_risk_below, testing.least_points) == (Decimal("0.10"), 4)
    assert testing.frequency("每季度") == testing.frequency("Quarterly") == "quarterly"


def test_a_wrong_settings_file_says_where(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="no calendar 'MARS'"):
        load_calendar("MARS")
    head = "defaults: {version: 1, jurisdiction: CN, source: {title: t}, effective_from: 2000-01-01, effective_to: null, recorded_from: 2026-01-01, scope: {}}\n"
    (tmp_path / "allocation.yaml").write_text(
        head + "entries:\n- {id: x, order: [fee, interest], across: instalment, from_dpd: 0}\n", encoding="utf-8"
    )
    with pytest.raises(RulebookError, match=r"allocation.yaml, x@1: allocation order: x: the order must name each"):
        load_repayment(None, tmp_path)
