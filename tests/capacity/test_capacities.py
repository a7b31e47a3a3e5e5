"""A borrower's capacity read from its statements and loans: the handbook's worked numbers, what is assumed, what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from integrations.cli.rating import rating as rating_command
from integrations.cli.stress import stress as stress_command
from tests.assistant.bank import CLOCKS, OFFICER, SmallBank, build
from tools.domain.money import shown
from tools.domain.periods import Clocks
from tools.errors import BadRequest, NotPermitted
from tools.toolbox.capacities import capacity_of
from tools.toolbox.desk import Desk
from tools.toolbox.ratings import propose_rating, rating_of
from tools.toolbox.registry import registry
from tools.toolbox.warning_levels import warning_levels

D = Decimal
WAN = D(10000)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    yield made
    made.bank.close()


@pytest.fixture
def desk(small: SmallBank) -> Desk:
    return small.bank.desk(OFFICER, CLOCKS)


@pytest.fixture
def year_end(small: SmallBank) -> Desk:
    return small.bank.desk(OFFICER, Clocks(date(2026, 3, 31), CLOCKS.known_at))


def in_wan(value: Decimal | None) -> str | None:
    return None if value is None else shown(value / WAN)


def test_the_working_capital_need_is_the_handbooks(year_end: Desk) -> None:
    """T30 and T31 from the statements themselves."""
    need = capacity_of(year_end, "C001", growth=D("0.08"), own_funds=D(1000) * WAN).need
    assert [shown(need.turnover or D(0)), in_wan(need.need), in_wan(need.new_loan)] == ["3.3009", "8192.5751", "792.5751"]
    over = capacity_of(year_end, "C001", growth=D("0.08")).need
    assert [in_wan(over.room), in_wan(over.new_loan), *over.flags] == ["-1007.4249", "0.0000", "over_lent"]


def test_stress_starts_from_the_reported_coverage(year_end: Desk) -> None:
    view = capacity_of(year_end, "C001")
    dscr = year_end.evaluator("C001").newest("dscr", None, year_end.clocks.as_of)
    base = next(r for r in view.results if r.scenario == "base")
    assert dscr is not None
    assert base.dscr == dscr.value
    fall = view.break_evens["ebitda_fall"]
    assert fall is not None
    assert shown(fall) == "0.4626"


def test_between_year_ends_what_falls_due_next_stands_in_and_is_said(desk: Desk) -> None:
    view = capacity_of(desk, "C001")
    assert view.period_end is not None
    assert view.period_end.isoformat() == "2026-06-30"
    missing = [name for result in view.results for name in result.missing]
    assert ("principal_of_next_year" in view.assumed) is ("principal" not in missing)


def test_a_borrower_without_statements_has_nothing_computed_and_everything_named(desk: Desk) -> None:
    view = capacity_of(desk, "C003")
    assert (view.plans, view.need.missing) == ({}, ("annual_statement",))
    assert {"free_cash", "revenue", "ebitda"} <= set(view.plan_missing)


def test_the_tool_and_the_command_say_the_same(small: SmallBank, year_end: Desk) -> None:
    arguments = {"borrower": "C001", "scenarios": ["base", "rate_200"], "growth": "0.08", "own_funds": "10000000"}
    values = {(v.name, v.about): v.value for v in registry()["stress"].call(year_end, arguments).artifact.values}
    done = CliRunner().invoke(
        stress_command,
        [
            "C001",
            "--home",
            str(small.bank.settings.home),
            "--as-of",
            "2026-03-31",
            "--growth",
            "0.08",
            "--own-funds",
            "10000000",
            "--json",
        ],
    )
    assert done.exit_code == 0, done.output
    shape = json.loads(done.stdout)
    assert shape["need"]["new_loan"] == "7925750.98"
    assert round(values["wc_new_loan", "need"] or D(0), 2) == D("7925750.98")
    table = CliRunner().invoke(stress_command, ["C001", "--home", str(small.bank.settings.home), "--as-of", "2026-03-31"])
    assert "break-even" in table.output


def test_wrong_scenarios_and_numbers_are_refused(desk: Desk) -> None:
    with pytest.raises(BadRequest, match="no scenario is called 'meteor'"):
        capacity_of(desk, "C001", ["meteor"])
    with pytest.raises(BadRequest, match="is not a number"):
        registry()["stress"].call(desk, {"borrower": "C001", "growth": "a lot"})


def test_a_rating_shows_its_card_its_reasons_and_the_banks_own_and_is_put_to_a_second_person(
    small: SmallBank, desk: Desk
) -> None:
    view = rating_of(desk, "C001")
    shape = view.shape()
    assert shape["scorecard"] == "corporate_scorecard@1" and shape["status"] in ("ok", "not_computable")
    assert sum(one["points"] for one in shape["characteristics"]) == shape["points"] <= shape["of"] == 100
    assert all(one["evidence"] for one in shape["characteristics"] if one["value"] is not None)
    told = CliRunner().invoke(
        rating_command,
        ["C001", "--home", str(small.bank.home.root), "--as-of", str(CLOCKS.as_of), "--json"],
        catch_exceptions=False,
    )
    again = json.loads(told.output)
    assert again["grade"] == shape["grade"] and again["points"] == shape["points"] and again["proposal"] is None
    with pytest.raises(NotPermitted):
        propose_rating(desk, replace(view, rating=replace(view.rating, grade="BB")))
    with pytest.raises(BadRequest, match="no grade"):
        propose_rating(desk, replace(view, rating=replace(view.rating, grade=None)))


def test_a_figure_stands_against_the_levels_of_its_industry_and_of_what_is_lent_for(desk: Desk) -> None:
    found = desk.evaluator("C001").newest("debt_to_assets", None, desk.clocks.as_of)
    assert found is not None and found.value is not None
    levels = warning_levels(desk, "C001", found)
    assert levels and {level["set"] for level in levels} <= set(desk.rulebook.sets)
    for level in levels:
        limit = Decimal(level["when"].split(">")[1])
        assert level["verdict"] == ("hit" if found.value > limit else "clear")
    item = desk.evaluator("C001").newest("revenue", None, desk.clocks.as_of)
    assert item is not None and warning_levels(desk, "C001", item) == []
