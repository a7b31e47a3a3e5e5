"""Rules as data: a bank's own signal, threshold from a date and classification rule; the book under a draft and another day's rules."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.settings import Settings
from assistant.wiring import Bank, open_bank
from integrations.cli.comparison import compared
from integrations.cli.entry import cli
from tests.monitor.conftest import NOW
from tools.domain.callers import LOCAL
from tools.errors import NotPermitted, RulebookError
from tools.monitor.comparison import Comparison
from tools.monitor.rule_changes import changes_between
from tools.rulebook.loader import load_rulebook
from tools.rulebook.loan_rules import load_classification, load_covenant_settings, load_repayment, load_scenarios
from tools.rulebook.signal_rules import load_signals
from tools.rulebook.whole import load_whole, tried_out

LATER = NOW + timedelta(days=1)
HEAD = """
defaults: {jurisdiction: CN, source: {title: Credit policy 2026}, recorded_from: 2026-10-01, effective_to: null, scope: {borrower: any}}
entries:
"""
SIGNAL = """
- {id: OWN-01, version: 1, effective_from: 2026-10-01, name: {en: Any arrears, zh: 任何逾期}, family: arrears, subject: loan, value: dpd, unit: days,
   levels: [{severity: orange, when: "dpd >= 1", threshold: "1"}], bases: [], stale_months: 16, explain: {zh: "逾期{dpd}", en: "{dpd} past due"},
   actions: [A1], tests: [{in: {dpd: 1}, verdict: hit}, {in: {dpd: 0}, verdict: clear}]}
"""
THRESHOLD = """
- {id: BEH-02, version: 2, effective_from: 2026-10-15, name: {en: Arrears, zh: 逾期}, family: arrears, subject: loan, value: dpd, unit: days,
   levels: [{severity: red, when: "dpd > 80", threshold: "80"}], bases: [], stale_months: 16, explain: {zh: "逾期{dpd}", en: "{dpd} past due"},
   actions: [A1], tests: [{in: {dpd: 81}, verdict: hit}, {in: {dpd: 80}, verdict: clear}]}
"""
FLOOR = """
- {id: OWN-CLS, version: 1, effective_from: 2026-10-01, kind: classification, name: {en: Two months late, zh: 逾期两月}, when: "days_past_due > 60",
   effect: {type: classification_floor, value: substandard}, explain: {en: "{days_past_due} days late", zh: "逾期{days_past_due}天"},
   tests: [{in: {days_past_due: 61}, hit: true}, {in: {days_past_due: 60}, hit: false}]}
"""
FIGURE = """
- {id: own_share, version: 1, effective_from: 2026-10-01, kind: ratio, name: {en: Own share, zh: 自定占比}, unit: ratio, better: lower,
   synonyms: {en: [our own share], zh: [本行自定占比]}, definition: {formula: "inventories / total_assets"}, explain: {en: e, zh: z},
   tests: [{in: {inventories: 1, total_assets: 4}, value: "0.25"}]}
- {id: days_in_year, version: 2, effective_from: 2026-10-01, name: {en: Days in a year, zh: 年天数}, unit: days, value: "360"}
"""


SETTINGS = """
- {id: principal_first, version: 1, effective_from: 2004-01-01, order: [principal, interest, penalty, compound, fee], across: component, from_dpd: 61}
- {id: repayment, version: 2, effective_from: 2026-10-01, penalty_multiple: "1.5", business_day_rule: following}
- {id: covenant_testing, version: 2, effective_from: 2026-10-01, at_risk_below: "0.40", equity_cure: {per_life: 5}}
- {id: revenue_40, version: 1, effective_from: 2026-10-01, revenue_fall: "0.40", name: {en: Sales down 40 %, zh: 收入下降40%}}
"""


def written(place: Path, *entries: str) -> Path:
    place.write_text(HEAD + "".join(entries), encoding="utf-8")
    return place


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return written(tmp_path / "draft.yaml", SIGNAL, THRESHOLD, FLOOR, FIGURE)


def compared_with(bank: Bank, draft: Path | None, day: date | None = None) -> Comparison:
    return bank.compare_rules(LOCAL, bank.clocks(None, None, NOW), NOW, draft=draft, rules_as_of=day)


def test_a_draft_says_who_changes_and_why_and_nothing_else_is_recorded(watched: Bank, draft: Path) -> None:
    recorded = (
        watched.store.alerts.list(LOCAL, states=()), watched.store.proposals.list(LOCAL, states=None), watched.store.signal_results.runs(LOCAL),
    )  # fmt: skip
    head = watched.store.trail.head()[0]
    found = compared_with(watched, draft)
    shape = found.shape()
    json.dumps(shape)
    lines = list(compared(found))
    assert any("BEH-02@1 → BEH-02@2; limit 30 → 80" in line for line in lines) and lines[-1].startswith("Nothing was changed")
    assert watched.store.trail.head()[0] == head + 1
    assert recorded == (
        watched.store.alerts.list(LOCAL, states=()), watched.store.proposals.list(LOCAL, states=None), watched.store.signal_results.runs(LOCAL),
    )  # fmt: skip
    assert {(e["after"], e["change"]) for e in shape["entries"]} == {
        ("OWN-01@1", "added"), ("BEH-02@2", "changed"), ("OWN-CLS@1", "added"), ("own_share@1", "added"), ("days_in_year@2", "changed"),
    }  # fmt: skip
    signals = {(s["loan"], s["signal"]): s for s in shape["signals"]}
    gone = signals["L013", "BEH-02"]
    assert (gone["before"]["verdict"], gone["before"]["limit"], gone["after"]["verdict"]) == ("hit", "30", "clear")
    assert (gone["before"]["rule"], gone["after"]["rule"]) == ("BEH-02@1", "BEH-02@2")
    assert {"what": "rule", "before": "BEH-02@1", "after": "BEH-02@2"} in gone["why"]
    assert {"what": "limit", "before": "30", "after": "80"} in gone["why"]
    assert signals["L013", "OWN-01"]["before"] is None and signals["L013", "OWN-01"]["after"]["severity"] == "orange"
    floors = {c["loan"]: c for c in shape["classification"]}
    assert floors["L013"]["after"]["proposed"] == "substandard"
    assert [why["rule"] for why in floors["L013"]["why"]] == ["OWN-CLS@1"]
    assert {a["change"] for a in shape["alerts"]} <= {"opens", "clears", "graver", "milder"} and shape["alerts"]
    assert shape["verdicts"]["BEH-02"]["before"]["hit"] > shape["verdicts"]["BEH-02"]["after"]["hit"]
    assert shape["counts"]["borrowers_changed"] == len({i["borrower"] for k in ("signals", "arrears", "classification", "alerts", "levels", "covenants", "figures") for i in shape[k]})  # fmt: skip


@pytest.mark.slow
def test_a_later_draft_waits_for_its_day(watched: Bank, tmp_path: Path) -> None:
    later = written(tmp_path / "later.yaml", THRESHOLD.replace("2026-10-15", "2027-01-01"))
    day = date(2026, 10, 31)
    drafted = load_whole(day, None, later)
    assert not changes_between(load_whole(day), drafted, day).entries
    assert [(e["rule"], e["in_force"]) for e in tried_out(drafted, day)] == [("BEH-02@2", False)]
    then = compared_with(watched, later, date(2027, 1, 1)).shape()
    told = {s["loan"]: (s["signal"], s["before"]["verdict"], s["after"]["verdict"]) for s in then["signals"]}
    assert told["L013"] == ("BEH-02", "hit", "clear") and {signal for signal, _, _ in told.values()} == {"BEH-02"}


@pytest.mark.slow
def test_the_rules_of_another_day_are_those_of_that_day(watched: Bank) -> None:
    # before the 2023 measures began there was no floor in this book
    found = compared_with(watched, None, date(2023, 6, 30))
    assert {e["change"] for e in found.shape()["entries"] if e["sort"] == "classification"} == {"removed"}
    assert found.classification and all(not change["after"]["rules"] for change in found.classification)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (SIGNAL.replace("dpd: 1}, verdict: hit", "dpd: 0}, verdict: hit"), r"draft\.yaml, OWN-01@1"),
        (SIGNAL.replace("levels", "lvels"), r"draft\.yaml, OWN-01@1.*lvels"),
        (SIGNAL.replace("value: dpd", "value: dpx").replace("dpd >= 1", "dpx >= 1").replace("{dpd", "{dpx").replace("{dpd: ", "{dpx: "), "dpx"),
        (FLOOR.replace("days_past_due: 61", "days_past_due: 59"), r"draft\.yaml, OWN-CLS@1, test 1"),
        (FLOOR.replace("substandard", "substandart"), "substandart"),
        (FIGURE.replace("0.25", "0.5"), "own_share"),
        (FIGURE.replace("inventories /", "inventroies /"), "inventroies"),
        (THRESHOLD.replace("version: 2", "version: 1"), "BEH-02@1.*number of a version"),
        (THRESHOLD + THRESHOLD, "same id and version"),
        (THRESHOLD + THRESHOLD.replace("version: 2", "version: 3"), "in force together"),
        ("- {id: X, version: 1, effective_from: 2026-01-01, colour: red}", "draft.yaml, X@1.*neither"),
        (SETTINGS.replace("compound, fee]", "fee]"), "principal_first@1.*name each of"),
        (SETTINGS.replace("across: component", "across: loans"), "principal_first@1.*instalment, component"),
        (SETTINGS.replace("following", "next"), "repayment@2.*modified_following"),
        (SETTINGS.replace('"0.40", equity', "low, equity"), "covenant_testing@2.*at_risk_below is 'low'"),
        (SETTINGS.replace("per_life", "per_live"), "covenant_testing@2, equity_cure.*per_live"),
        (SETTINGS.replace("id: repayment", "id: repayments"), "repayments@2.*is called 'repayment'"),
        (SETTINGS.replace("id: repayment, version: 2", "id: repayment, version: 1"), "repayment@1.*number of the version"),
    ],
)  # fmt: skip
def test_a_wrong_draft_is_refused_with_where(tmp_path: Path, wrong: str, where: str) -> None:
    with pytest.raises(RulebookError, match=where):
        load_whole(date(2026, 10, 31), None, written(tmp_path / "draft.yaml", wrong))


def test_an_empty_folder_is_no_draft(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="no YAML"):
        load_whole(None, None, tmp_path)


def test_a_draft_never_drives_real_alerts(watched: Bank, draft: Path) -> None:
    home = str(watched.home.root)
    for given, said in (
        (["--rules", str(draft)], "--compare"), (["--rules-as-of", "2026-01-01"], "--compare"), (["--compare"], "nothing to compare"),
    ):  # fmt: skip
        result = CliRunner().invoke(cli, ["monitor", "--home", home, *given])
        assert result.exit_code and said in str(result.exception)
    with pytest.raises(NotPermitted):
        watched.compare_rules(watched.caller("S008", NOW), watched.clocks(None, None, NOW), NOW, draft=draft)


def test_a_banks_own_file_reaches_figures_signals_and_classification(watched: Bank, draft: Path) -> None:
    own = open_bank(replace_rules(watched.settings, draft))
    try:
        assert own.rulebook.digest != watched.rulebook.digest and "own_share" in own.rulebook.ratios
        report = own.run_monitor(LOCAL, own.clocks(None, None, LATER), LATER, detail=True)
        assert {v.verdict for v in report.results if v.signal == "OWN-01"} == {"hit", "clear"}
        assert {v.rule for v in report.results if v.signal == "BEH-02"} == {"BEH-02@2"}
        assert any("OWN-CLS@1" in proposal.rules for proposal in own.store.proposals.list(LOCAL))
        assert own.store.signal_results.runs(LOCAL)[-1].report["rulebook"] == own.rulebook.digest
    finally:
        own.close()


def replace_rules(settings: Settings, file: Path) -> Settings:
    return settings.model_copy(update={"rules_file": file})


@pytest.mark.slow
def test_a_draft_of_settings_says_whose_dues_arrears_and_covenants_change(watched: Bank, tmp_path: Path) -> None:
    found = compared_with(watched, written(tmp_path / "draft.yaml", SETTINGS))
    shape = found.shape()
    assert {(e["after"], e["sort"], e["change"]) for e in shape["entries"]} == {
        ("principal_first@1", "allocation", "added"), ("repayment@2", "repayment", "changed"),
        ("covenant_testing@2", "covenant testing", "changed"), ("revenue_40@1", "stress", "added"),
    }  # fmt: skip
    owed = {item["loan"]: (item["before"], item["after"]) for item in shape["arrears"]}
    # 20 December 2026 is a Sunday
    assert [side["next_due"]["date"] for side in owed["L001"]] == ["2026-12-20", "2026-12-21"]
    assert [side["dpd"] for side in owed["L015"]] == [91, 89]
    assert shape["counts"]["arrears_changed"] == len(owed) and shape["counts"]["loans_changed"] >= len(owed)
    assert any(line.strip().startswith("C006    L015      91 days past due") for line in compared(found))


def test_own_settings_are_laid_key_by_key_over_the_built_in_ones(tmp_path: Path) -> None:
    layers = load_whole(date(2026, 10, 31), written(tmp_path / "own.yaml", SETTINGS)).layers
    day, before = date(2026, 10, 31), date(2026, 9, 30)
    mine, ours = load_repayment(day, layers=layers), load_repayment(day)
    assert (mine.penalty_multiple, mine.business_day_rule, mine.tolerance) == (Decimal("1.5"), "following", ours.tolerance)
    assert load_repayment(before, layers=layers).business_day_rule == "none"
    assert [rule.id for rule in mine.allocation] == ["oldest_instalment_first", "principal_first"]
    tested = load_covenant_settings(day, layers=layers)
    assert (tested.at_risk_below, tested.cures_per_life, tested.cures_in_a_row) == (Decimal("0.40"), 5, 1)
    assert tested.due_days == load_covenant_settings(day).due_days
    assert load_scenarios(day, layers=layers)[-1].revenue_fall == Decimal("0.40") and load_scenarios(day)[-1].id == "combined"
    # what was not yet written down is not used for a view of what was known then
    assert load_repayment(day, layers=layers, known_at=before).penalty_multiple is None


def test_an_own_version_holds_for_its_days_and_the_built_in_one_for_the_others(tmp_path: Path) -> None:
    own = written(
        tmp_path / "own.yaml",
        THRESHOLD.replace("effective_from: 2026-10-15", "effective_from: 2026-10-15, effective_to: 2026-12-31"),
    )
    book = load_signals(extra=own)
    days = (date(2026, 10, 14), date(2026, 10, 15), date(2026, 12, 31), date(2027, 1, 1))
    assert [next(s.key for s in book.in_force(day) if s.id == "BEH-02") for day in days] == [
        "BEH-02@1",
        "BEH-02@2",
        "BEH-02@2",
        "BEH-02@1",
    ]
    known_before = load_signals(date(2026, 9, 30), own)
    assert [s.key for s in known_before.in_force(days[1]) if s.id == "BEH-02"] == ["BEH-02@1"]


def test_an_own_exemption_lifts_a_rule_of_the_law_only_while_it_holds(tmp_path: Path) -> None:
    law = next(rule for rule in load_classification().rules if rule.id == "CLS-10-1")
    text = (
        FLOOR.replace("OWN-CLS", "CLS-10-1")
        .replace("version: 1", "version: 2")
        .replace("effect:", "exempt_by: [OWN-EX], effect:")
    )
    exemption = """
- {id: OWN-EX, version: 1, effective_from: 2026-10-01, effective_to: 2026-10-31, kind: classification, name: {en: e, zh: z}, when: "technical_reason_recorded",
   effect: {type: exemption}, must_be_recorded: true, explain: {en: e, zh: z}, tests: [{in: {technical_reason_recorded: true}, hit: true}]}
"""
    rules = load_classification(extra=written(tmp_path / "own.yaml", text, exemption)).rules
    mine = [rule for rule in rules if rule.id == "CLS-10-1"]
    assert [rule.key for rule in mine] == ["CLS-10-1@1", "CLS-10-1@2"] and mine[0].origin.effective_to == date(2026, 9, 30)
    assert replace(mine[0], origin=law.origin) == law


def test_the_digest_covers_every_own_entry(tmp_path: Path) -> None:
    digests = {
        load_rulebook(extra=written(tmp_path / f"{n}.yaml", entry)).digest for n, entry in enumerate((SIGNAL, THRESHOLD, FLOOR))
    }
    assert len(digests | {load_rulebook().digest}) == 4
