"""Alerts over time and in people's hands: hysteresis, clearing, snoozing, closing, who may, and what others cannot see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.wiring import Bank
from ingestion.loan_book import import_loan_book
from tests.loan_book.books import customer, loan, write_book
from tests.monitor.conftest import NOW, opened
from tools.domain.callers import LOCAL, Caller
from tools.errors import BadRequest, NotPermitted
from tools.monitor.run import MonitorReport
from tools.store.alert_records import Alert
from tools.toolbox.registry import registry

STAFF = [
    {"id": "u1", "name": "Officer", "role": "officer", "branch_id": "B1"},
    {"id": "u2", "name": "Other", "role": "officer", "branch_id": "B2"},
    {"id": "m1", "name": "Manager", "role": "manager", "branch_id": "B1"},
    {"id": "a1", "name": "Auditor", "role": "auditor"},
]


def meter(year: int, month: int, value: str) -> dict[str, str]:
    day = date(year, month, 28).isoformat()
    return {"id": f"OP{year}{month:02d}", "customer_id": "C1", "date": day, "measure": "electricity_kwh", "value": value}


class Small:
    """Two borrowers; the first one's meter is read month by month."""

    def __init__(self, root: Path) -> None:
        self.root, self.bank, self.turn = root, opened(root / "home"), 0
        self.now = NOW

    def begin(self) -> None:
        """The book before anything falls."""
        base = [meter(2025, month, "1000") for month in range(1, 13)] + [meter(2026, month, "1000") for month in range(1, 7)]
        customers = [customer("C1", officer_id="u1", branch_id="B1"), customer("C2", officer_id="u2", branch_id="B2")]
        self.take(
            {"customers": customers, "loans": [loan("L1", "C1"), loan("L2", "C2")], "operations": base, "staff": STAFF},
            date(2026, 6, 30),
        )

    def take(self, book: Mapping[str, Sequence[Mapping[str, str]]], on: date) -> None:
        self.turn += 1
        folder = write_book(self.root / f"book{self.turn}", book)
        self.now = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        import_loan_book(LOCAL, folder, self.bank.store, self.bank.home, on, self.now)

    def month(self, number: int, value: str) -> MonitorReport:
        on = date(2026, number, 28)
        self.take({"operations": [meter(2026, number, value)]}, on)
        return self.run(on)

    def run(self, on: date, caller: Caller = LOCAL) -> MonitorReport:
        self.now += timedelta(minutes=1)
        return self.bank.run_monitor(caller, self.bank.clocks(on, None, self.now), self.now)

    def alert(self) -> Alert:
        return self.bank.store.alerts.list(LOCAL, borrower="C1", states=())[0]

    def acts(self) -> list[str]:
        return [event.act for event in self.bank.store.alerts.history(LOCAL, self.alert().id)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("begun")
    made = Small(root)
    made.begin()
    made.bank.close()
    return root / "home"


@pytest.fixture
def small(begun: Path, tmp_path: Path) -> Iterator[Small]:
    shutil.copytree(begun, tmp_path / "home")
    made = Small(tmp_path)
    made.turn = 1
    yield made
    made.bank.close()


@pytest.fixture(scope="module")
def fallen(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of falling power, so that the alert is open."""
    root = tmp_path_factory.mktemp("fallen")
    shutil.copytree(begun, root / "home")
    made = Small(root)
    made.month(7, "600")
    made.month(8, "600")
    made.bank.close()
    return root / "home"


@pytest.fixture
def alarmed(fallen: Path, tmp_path: Path) -> Iterator[Small]:
    shutil.copytree(fallen, tmp_path / "home")
    made = Small(tmp_path)
    made.turn, made.now = 3, datetime(2026, 8, 28, 13, tzinfo=UTC)
    yield made
    made.bank.close()


def test_it_is_harder_to_clear_than_to_raise_and_comes_back_with_its_history(small: Small) -> None:
    assert small.month(7, "600").opened == 0
    assert small.month(8, "690").opened == 1
    alert = small.alert()
    assert (alert.severity, alert.signals, alert.state, alert.owner) == ("orange", ("OPS-01",), "open", "u1")
    assert alert.due == date(2026, 9, 1) and [a["act"] for a in alert.actions] == ["A2"]
    # -27 % would not raise it, and does not clear it either
    small.month(9, "730")
    assert small.alert().state == "open" and small.alert().findings[0]["held"] is True
    report = small.month(10, "950")
    assert report.cleared == 1 and small.alert().state == "cleared"
    small.month(11, "500")
    assert small.month(12, "500").opened == 1
    assert small.acts()[0] == "opened" and small.acts()[-1] == "reopened" and small.alert().state == "open"
    assert small.alert().opened == date(2026, 12, 28)


def test_what_cannot_be_told_does_not_clear(alarmed: Small) -> None:
    report = alarmed.run(date(2027, 3, 31))
    assert report.cleared == 0 and alarmed.alert().state == "open"


def test_a_taken_alert_is_kept_by_its_owner(alarmed: Small) -> None:
    id, store = alarmed.alert().id, alarmed.bank.store.alerts
    officer = alarmed.bank.caller("u1", alarmed.now)
    assert store.take(officer, id, alarmed.now).owner == "u1"
    alarmed.month(9, "500")
    assert (alarmed.alert().state, alarmed.alert().owner) == ("taken", "u1")
    manager = alarmed.bank.caller("m1", alarmed.now)
    with pytest.raises(NotPermitted):
        store.take(officer, id, alarmed.now, owner="m1")
    assert store.take(manager, id, alarmed.now, owner="m1").owner == "m1"


def test_a_snoozed_alert_sleeps_until_its_day_and_no_longer(alarmed: Small) -> None:
    id, store = alarmed.alert().id, alarmed.bank.store.alerts
    with pytest.raises(BadRequest):
        store.snooze(LOCAL, id, date(2026, 8, 28), "later", alarmed.now)
    with pytest.raises(BadRequest, match="reason"):
        store.snooze(LOCAL, id, date(2026, 10, 5), " ", alarmed.now)
    store.snooze(LOCAL, id, date(2026, 10, 5), "holiday shutdown, bills follow", alarmed.now)
    alarmed.month(9, "600")
    assert alarmed.alert().state == "snoozed"
    alarmed.month(10, "600")
    assert alarmed.alert().state == "open" and alarmed.acts()[-1] == "reopened"


@pytest.mark.parametrize(
    "outcome", ["false", *(pytest.param(name, marks=pytest.mark.slow) for name in ("accepted_risk", "duplicate", "true"))]
)
def test_a_closed_alert_stays_closed_while_nothing_new_fires(alarmed: Small, outcome: str) -> None:
    id, store = alarmed.alert().id, alarmed.bank.store.alerts
    store.close(alarmed.bank.caller("u1", alarmed.now), id, outcome, "the plant moved to a new meter", alarmed.now)
    assert alarmed.month(9, "600").opened == 0
    assert (alarmed.alert().state, alarmed.alert().outcome) == ("closed", outcome)
    with pytest.raises(BadRequest, match="closed"):
        store.take(LOCAL, id, alarmed.now)
    with pytest.raises(BadRequest):
        store.close(LOCAL, id, "perhaps", "?", alarmed.now)


def test_another_branchs_alert_is_like_one_that_does_not_exist(alarmed: Small) -> None:
    id, store = alarmed.alert().id, alarmed.bank.store.alerts
    other = alarmed.bank.caller("u2", alarmed.now)
    assert store.get(other, id) is None and not store.list(other) and not store.history(other, id)
    for attempt in (id, "A-0000000000"):
        with pytest.raises(BadRequest) as problem:
            store.take(other, attempt, alarmed.now)
        assert str(problem.value).replace(attempt, "ID") == "no alert 'ID'. See `loanward alerts list`"
    with pytest.raises(NotPermitted):
        store.take(alarmed.bank.caller("a1", alarmed.now), id, alarmed.now)
    assert (
        not registry()["alerts"].call(alarmed.bank.desk(other, alarmed.bank.clocks(None, None, alarmed.now)), {}).artifact.rows
    )


def test_every_act_is_in_the_trail_and_as_known_then_is_told_as_then(alarmed: Small) -> None:
    id, store = alarmed.alert().id, alarmed.bank.store.alerts
    then = alarmed.bank.clocks(None, alarmed.now, alarmed.now)
    alarmed.now += timedelta(hours=1)
    store.close(LOCAL, id, "true", "confirmed on site", alarmed.now)
    history = store.history(LOCAL, id)
    records = [alarmed.bank.store.trail.show(LOCAL, event.trail_id) for event in history]
    assert [record["act"] for record in records if record] == ["alert", "act"]
    assert [event.by for event in history] == ["monitor", "local"]
    earlier = store.get(LOCAL, id, then)
    assert earlier is not None and earlier.state == "open"
    assert alarmed.bank.store.trail.verify(LOCAL).ok


def test_maker_and_checker_are_two_people(watched: Bank) -> None:
    store, later = watched.store, NOW + timedelta(days=1)
    mine = next(p for p in store.proposals.list(LOCAL) if p.loan == "L013")
    officer, manager, auditor = (watched.caller(user, later) for user in ("S002", "S004", "S008"))
    other = watched.caller("S005", later)
    for caller in (officer, auditor):
        with pytest.raises(NotPermitted):
            store.proposals.decide(caller, mine.id, True, "agreed", later)
    with pytest.raises(BadRequest, match="no proposal"):
        store.proposals.decide(other, mine.id, True, "agreed", later)
    own = store.proposals.propose(manager, borrower="C005", loan="L014", kind="classification", proposed="special_mention", current="normal",
                                  as_of=date(2026, 10, 31), at=later)  # fmt: skip
    with pytest.raises(NotPermitted, match="made"):
        store.proposals.decide(manager, own.id, True, "agreed", later)
    with pytest.raises(BadRequest, match="reason"):
        store.proposals.decide(manager, mine.id, True, " ", later)
    done = store.proposals.decide(manager, mine.id, True, "arrears of 69 days seen", later)
    assert (done.state, done.decided_by) == ("approved", "S004")
    with pytest.raises(BadRequest, match="already"):
        store.proposals.decide(manager, mine.id, False, "changed my mind", later)
    again = {name: getattr(mine, name) for name in ("borrower", "loan", "kind", "current", "proposed", "rules", "as_of")}
    assert store.proposals.propose(LOCAL, **again, at=later, by="monitor").id == mine.id
    assert mine.id not in {p.id for p in store.proposals.list(LOCAL)}


def test_confirming_and_deciding_are_acts_of_two_people_neither_of_whom_made_the_case(watched: Bank) -> None:
    store, later = watched.store, NOW + timedelta(days=1)
    mine = next(p for p in store.proposals.list(LOCAL) if p.loan == "L013")
    officer, manager, auditor, other = (watched.caller(user, later) for user in ("S002", "S004", "S008", "S005"))
    before = watched.clocks(None, None, later)
    with pytest.raises(NotPermitted):
        store.proposals.confirm(auditor, mine.id, "seen", later)
    with pytest.raises(BadRequest, match="no proposal"):
        store.proposals.confirm(other, mine.id, "seen", later)
    with pytest.raises(BadRequest, match="reason"):
        store.proposals.confirm(officer, mine.id, "", later)
    confirmed = store.proposals.confirm(officer, mine.id, "arrears seen in the ledger", later + timedelta(minutes=1))
    assert (confirmed.state, confirmed.confirmed_by) == ("open", "S002")
    then = store.proposals.get(LOCAL, mine.id, before)
    assert then is not None and then.confirmed_by is None
    with pytest.raises(BadRequest, match="already"):
        store.proposals.confirm(manager, mine.id, "me too", later)
    own = store.proposals.propose(officer, borrower="C005", loan="L014", kind="classification", proposed="special_mention", current="normal",
                                  as_of=date(2026, 10, 31), at=later)  # fmt: skip
    with pytest.raises(NotPermitted, match="made"):
        store.proposals.confirm(officer, own.id, "mine", later)
    store.proposals.confirm(manager, own.id, "agreed", later)
    with pytest.raises(NotPermitted, match="confirmed"):
        store.proposals.decide(manager, own.id, True, "agreed", later)
    assert store.proposals.decide(manager, mine.id, True, "69 days", later).confirmed_by == "S002"
    assert store.trail.verify(LOCAL).ok


def test_what_an_alert_tells_of_customers_out_of_sight_is_told_to_those_who_see_them(watched: Bank) -> None:
    whole = {alert.id: alert for alert in watched.store.alerts.list(LOCAL)}
    officer, manager = watched.caller("S001", NOW), watched.caller("S004", NOW)
    (money,) = [alert for alert in whole.values() if "TXN-01" in alert.signals and alert.borrower == "C001"]
    (circle,) = [alert for alert in whole.values() if "GUA-03" in alert.signals and alert.borrower == "C006"]
    assert watched.store.alerts.get(manager, money.id) == money
    for alert, named in ((money, ("57.61", "880.00", "8.80 million", "AT00140")), (circle, ("互保圈", "guarantee circle of"))):
        (read,) = [found for found in watched.store.alerts.list(officer, borrower=alert.borrower) if found.id == alert.id]
        assert read == watched.store.alerts.get(officer, alert.id)
        assert (read.severity, read.signals, read.actions) == (alert.severity, alert.signals, alert.actions)
        told = repr(read.shape()) + repr(read.values)
        assert not any(word in told for word in named) and "无权" not in told
        assert "查看范围之外" in read.explanation["zh"] and "outside your sight" in read.explanation["en"]
    assert "260.00万元" in watched.store.alerts.get(officer, money.id).explanation["zh"]  # type: ignore[union-attr]
    taken = watched.store.alerts.take(officer, money.id, NOW + timedelta(hours=1))
    assert "57.61" not in repr(taken.shape())
    assert "57.61" in repr(watched.store.alerts.get(LOCAL, money.id))


def test_a_day_to_sleep_until_is_held_against_the_business_date(alarmed: Small) -> None:
    alert, much_later = alarmed.alert(), alarmed.now + timedelta(days=400)
    with pytest.raises(BadRequest, match="business date"):
        alarmed.bank.store.alerts.snooze(LOCAL, alert.id, alert.as_of, "seen", much_later)
    asleep = alarmed.bank.store.alerts.snooze(LOCAL, alert.id, alert.as_of + timedelta(days=5), "seen", much_later)
    assert asleep.state == "snoozed"
