"""Watch levels and combined severity: entered at once, left after clean months, never by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from click.testing import CliRunner

from assistant.wiring import Bank
from integrations.cli.entry import cli
from tests.monitor.conftest import NOW
from tools.domain.callers import LOCAL
from tools.domain.signals import Severity, SignalVerdict
from tools.monitor.alerting import Subject, decide
from tools.monitor.levels import LEVEL, SEVERITY, LevelCase, cases, counted_red, found_level, standing_of
from tools.rulebook.signal_rules import load_signals
from tools.store.alert_records import Alert
from tools.store.proposals import Proposal
from tools.toolbox.effectiveness import effectiveness_of
from tools.toolbox.portfolio_views import portfolio_shape
from tools.toolbox.watch_list import WatchList

BOOK = load_signals()
DAY = date(2026, 10, 31)
SIGNALS = {"arrears": "BEH-02", "legal": "LEG-01", "liquidity": "FIN-04", "debt_burden": "FIN-09", "management": "MGT-02", "covenants": "COV-01",
           "reporting": "DOC-01", "collateral": "COL-01"}  # fmt: skip


def alert(
    family: str, severity: str, state: str = "open", as_of: date = DAY, outcome: str | None = None, signal: str | None = None
) -> Alert:
    id = signal or SIGNALS[family]
    finding = {"signal": id, "loan": None, "severity": severity, "rule": f"{id}@1"}
    return Alert(
        f"A-{family}", "C1", family, severity, state, (id,), {}, {}, as_of, NOW, NOW, as_of, None, None, (), (), (), (), (finding,), None, None,
        outcome, None, 1, "zh",
    )  # fmt: skip


def approved(level: str, day: date) -> Proposal:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Proposal("P1", "C1", None, LEVEL, "L0", level, (), None, (), day, "monitor", at, "approved", "S004", at)


def put(*alerts: Alert, known: tuple[Proposal, ...] = (), day: date = DAY, performing: bool = True) -> dict[str, LevelCase]:
    return {c.kind: c for c in cases(BOOK, standing_of(BOOK, alerts), alerts, known, day, performing=performing)}


@pytest.mark.parametrize(
    ("alerts", "level"),
    [
        ((), "L0"),
        ((alert("reporting", "yellow"),), "L0"),
        ((alert("reporting", "yellow"), alert("covenants", "yellow"), alert("arrears", "yellow")), "L1"),
        ((alert("liquidity", "orange"),), "L1"),
        ((alert("liquidity", "orange"), alert("management", "orange")), "L2"),
        ((alert("covenants", "red"),), "L2"),
        ((alert("arrears", "red"),), "L3"),
        ((alert("legal", "red"), alert("liquidity", "orange")), "L3"),
        ((alert("liquidity", "orange", "cleared"),), "L0"),
        ((alert("liquidity", "orange", "snoozed"),), "L1"),
    ],
)
def test_levels_are_entered_as_the_playbook_says(alerts: tuple[Alert, ...], level: str) -> None:
    assert found_level(BOOK, standing_of(BOOK, alerts)) == level
    case = put(*alerts).get(LEVEL)
    assert (case.proposed if case else "L0") == level
    if case is not None:
        assert case.rules[0] == f"{level}-WATCH@1" and level in case.explanation["en"] and "{" not in case.explanation["zh"]


def test_oranges_of_two_categories_are_put_as_red_and_those_of_one_are_not() -> None:
    two = put(alert("liquidity", "orange"), alert("management", "orange"))["severity"]
    assert (two.current, two.proposed, two.rules) == ("orange", "red", ("COMBINE-WATCH@1", "FIN-04@1", "MGT-02@1"))
    assert "liquidity" in two.explanation["en"].lower() and {f["rule"] for f in two.findings} == {"FIN-04@1", "MGT-02@1"}
    # liquidity and debt burden are both financial
    assert "severity" not in put(alert("liquidity", "orange"), alert("debt_burden", "orange"))
    assert "severity" not in put(alert("liquidity", "orange"), alert("management", "red"))


def test_mild_signs_together_count_only_for_a_category_of_their_own() -> None:
    mild = alert("combined", "orange", signal="FIN-02")
    assert "severity" not in put(alert("liquidity", "orange"), mild)
    assert "severity" in put(alert("management", "orange"), mild)


def test_a_level_is_left_after_clean_months_and_the_worst_in_two_steps() -> None:
    entered = date(2026, 3, 31)
    gone = alert("liquidity", "orange", "cleared", date(2026, 6, 30))
    assert LEVEL not in put(gone, known=(approved("L1", entered),), day=date(2026, 9, 29))
    left = put(gone, known=(approved("L1", entered),), day=date(2026, 9, 30))[LEVEL]
    assert (left.current, left.proposed, left.rules) == ("L1", "L0", ("L1-EXIT-WATCH@1", "clean_since:2026-06-30"))
    assert "30 June 2026" in left.explanation["en"] and "3 months" in left.explanation["en"]
    assert LEVEL not in put(gone, known=(approved("L2", entered),), day=date(2026, 12, 29))
    assert put(gone, known=(approved("L2", entered),), day=date(2026, 12, 30))[LEVEL].proposed == "L0"
    crisis = (approved("L3", entered),)
    assert put(gone, known=crisis, day=date(2026, 12, 30))[LEVEL].proposed == "L2"
    assert LEVEL not in put(gone, known=crisis, day=date(2026, 12, 30), performing=False)


def test_what_cannot_be_told_or_was_accepted_while_it_fires_is_no_clean_month() -> None:
    known = (approved("L1", date(2025, 1, 31)),)
    assert LEVEL not in put(alert("liquidity", "orange"), known=known)
    closed = alert("liquidity", "orange", "closed", date(2025, 2, 1), "accepted_risk")
    assert standing_of(BOOK, [closed]) == []
    assert put(closed, known=known)[LEVEL].proposed == "L0"


def test_the_run_puts_the_levels_that_its_alerts_call_for(watched: Bank) -> None:
    store = watched.store
    levels = {p.borrower: p for p in store.proposals.list(LOCAL, kind=LEVEL)}
    assert (levels["C006"].proposed, levels["C005"].proposed, levels["C001"].proposed) == ("L3", "L3", "L2")
    alerts = store.alerts.list(LOCAL)
    stands = {
        id: found_level(BOOK, standing_of(BOOK, [a for a in alerts if a.borrower == id])) for id in {a.borrower for a in alerts}
    }
    assert {id: p.proposed for id, p in levels.items()} == {id: level for id, level in stands.items() if level != "L0"}
    assert levels["C006"].loan is None and all(f["kind"] == "signal" for f in levels["C006"].evidence)


@pytest.mark.slow
def test_an_approved_level_is_not_put_again_and_the_others_stay(watched: Bank) -> None:
    store, later = watched.store, NOW + timedelta(days=1)
    levels = {p.borrower: p for p in store.proposals.list(LOCAL, kind=LEVEL)}
    store.proposals.decide(watched.caller("S004", later), levels["C005"].id, True, "arrears seen", later)
    report = watched.run_monitor(LOCAL, watched.clocks(None, None, later), later)
    assert report.opened == 0
    after = {p.borrower: p for p in store.proposals.list(LOCAL, kind=LEVEL)}
    assert "C005" not in after and {id: p.id for id, p in levels.items() if id != "C005"} == {b: p.id for b, p in after.items()}


def test_the_command_tells_levels_apart_from_classifications(watched: Bank) -> None:
    home = str(watched.home.root)
    watched.close()
    shown = CliRunner().invoke(cli, ["proposals", "list", "--home", home, "--borrower", "C006"], catch_exceptions=False)
    assert "watch_level: L0 → L3  (L3-WATCH@1," in shown.output and "classification:" in shown.output


def test_the_watch_list_of_a_watched_book_says_who_stands_where_and_what_it_cannot_tell(watched: Bank) -> None:
    desk = watched.desk(LOCAL, watched.clocks(None, None, NOW))
    found = portfolio_shape(desk, "watch")
    now = {b: level for level, people in found["levels"].items() for b in people}
    assert now == {p.borrower: p.proposed for p in watched.store.proposals.list(LOCAL, kind=LEVEL)}
    assert found["missing"] == ["a monitor run for 2025-10-31 or earlier"] and found["flows"] == []
    caller = watched.caller("S002", NOW)
    mine = portfolio_shape(watched.desk(caller, desk.clocks), "watch")
    assert {b for people in mine["levels"].values() for b in people} == set(now) & (
        watched.store.borrowers.ids(caller) or set()
    )


def test_flows_name_who_came_who_left_and_who_moved() -> None:
    held = {"C1": {"CNY": Decimal(5)}, "C2": {"CNY": Decimal(7), "USD": Decimal(2)}, "C3": {"USD": Decimal(1)}}
    made = WatchList(DAY, ("L3", "L2", "L1", "L0"), {"C1": "L1", "C2": "L2"}, {"C2": "L3", "C3": "L1"}, {"C2": "L2"}, held, ())
    shape = made.shape()
    assert shape["flows"] == [
        {"from": "L2", "to": "L3", "borrowers": ["C2"]}, {"from": "L0", "to": "L1", "borrowers": ["C3"]},
        {"from": "L1", "to": "L0", "borrowers": ["C1"]},
    ]  # fmt: skip
    assert (shape["entered"], shape["left"], shape["approved"]["L2"]) == (["C3"], ["C1"], ["C2"])
    assert shape["currencies"]["CNY"]["flows"][0] == {"from": "L2", "to": "L3", "borrowers": 1, "amount": "7"}
    assert [row["amount"] for row in shape["currencies"]["USD"]["levels"]] == ["2", "0", "1"]


@pytest.mark.slow
def test_flows_of_the_watch_list_come_from_the_alerts_history_and_only_for_those_seen(fresh: Bank) -> None:
    store, then, later = fresh.store, date(2026, 8, 31), NOW + timedelta(days=1)
    fresh.run_monitor(LOCAL, fresh.clocks(then, None, NOW), NOW)
    fresh.run_monitor(LOCAL, fresh.clocks(None, None, later), later)
    desk = fresh.desk(LOCAL, fresh.clocks(None, None, later))
    found = portfolio_shape(desk, "watch", since=then)
    now = {b: level for level, people in found["levels"].items() for b in people}
    alerts = store.alerts.list(LOCAL)
    assert now == {
        id: level
        for id in {a.borrower for a in alerts}
        if (level := found_level(BOOK, standing_of(BOOK, [a for a in alerts if a.borrower == id]))) != "L0"
    }
    assert sum(len(flow["borrowers"]) for flow in found["flows"] if flow["to"] != "L0") == len(now)
    assert now["C005"] == "L3" and found["approved"] == {"L3": [], "L2": [], "L1": []} and not found["missing"]
    total = {c: sum(Decimal(row["amount"]) for row in held["levels"]) for c, held in found["currencies"].items()}
    assert total == {
        c: sum(Decimal(row["amount"]) for row in held["flows"] if row["to"] != "L0") for c, held in found["currencies"].items()
    }
    assert portfolio_shape(desk, "watch", since=then - timedelta(days=1))["missing"]
    worth = effectiveness_of(desk).shape()
    assert worth["months"] == ["2026-08-31", "2026-09-30"] and worth["overall"]["undecided"] > 0
    # C005 was less than 31 days late in August and has passed it since
    assert worth["overall"]["true_positive"] + worth["overall"]["false_negative"] >= 1 and worth["overall"]["events"] >= 1
    assert effectiveness_of(fresh.desk(LOCAL, fresh.clocks(then, None, later))).missing


def verdict(signal: str, family: str, severity: Severity) -> SignalVerdict:
    return SignalVerdict(signal, "C1", None, "hit", severity, Decimal(1), None, DAY, (), f"{signal}@1", family=family)


def combined(state: str, day: int = 2) -> Proposal:
    at = datetime(2026, 11, day, tzinfo=UTC)
    families = [
        {"kind": "signal", "signal": "FIN-04", "family": "liquidity"},
        {"kind": "signal", "signal": "MGT-02", "family": "management"},
    ]
    return Proposal(
        f"P{day}", "C1", None, SEVERITY, "orange", "red", (), None, tuple(families), DAY, "monitor", at, state, "S004", at
    )


ORANGES = (verdict("FIN-04", "liquidity", "orange"), verdict("MGT-02", "management", "orange"))


@pytest.mark.parametrize(
    ("verdicts", "known", "red"),
    [
        (ORANGES, (), set()),
        (ORANGES, (combined("open"),), set()),
        (ORANGES, (combined("approved"),), {"liquidity", "management"}),
        (ORANGES, (combined("approved"), combined("rejected", 3)), set()),
        ((ORANGES[0],), (combined("approved"),), set()),
        ((*ORANGES, verdict("COL-01", "collateral", "orange")), (combined("approved"),), {"liquidity", "management"}),
        ((*ORANGES, verdict("COV-01", "covenants", "red")), (combined("approved"),), set()),
    ],
)
def test_an_approved_combination_colours_the_alerts_it_rests_on_while_it_stands(
    verdicts: tuple[SignalVerdict, ...], known: tuple[Proposal, ...], red: set[str]
) -> None:
    subject = Subject("C1", {"zh": "甲", "en": "A"}, None, "zh")
    before = {d.alert.family: d.alert for d in decide(BOOK, subject, ORANGES, {}, DAY, NOW)}
    raised = partial(counted_red, BOOK, known)
    after = {d.alert.family: d for d in decide(BOOK, subject, verdicts, before, DAY, NOW, raised)}
    assert {family for family, one in after.items() if one.alert.severity == "red" and one.act == "escalated"} == red
    if red:
        told = after["liquidity"].alert
        assert "经批准视为红色" in told.explanation["zh"] and told.findings[0]["severity"] == "orange"
        again = {
            d.alert.family: d.alert
            for d in decide(BOOK, subject, verdicts, before | {f: d.alert for f, d in after.items()}, DAY, NOW, raised)
        }
        assert not again.keys() & red, "the same day changes nothing more"
        back = {d.alert.family: d.alert.severity for d in decide(BOOK, subject, verdicts, {"liquidity": told}, DAY, NOW)}
        assert back["liquidity"] == "orange"
