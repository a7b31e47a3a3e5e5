"""Alerts worked from the console and the API, proposals decided by a second person, briefs written on the spot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.house import House
from tools.domain.callers import LOCAL
from tools.store.alert_records import Alert


@pytest.fixture(scope="module")
def alert(house: House) -> Alert:
    """The worst alert of S001's borrowers after a portfolio run."""
    now = datetime.now(UTC)
    house.bank.run_monitor(LOCAL, house.bank.clocks(None, None, now), now)
    return house.bank.store.alerts.list(house.bank.caller("S001", now, at_machine=False))[0]


def test_an_alert_is_shown_taken_snoozed_and_closed_with_its_life(house: House, alert: Alert) -> None:
    client = house.browser("S001")
    page = client.get(f"/alerts/{alert.id}")
    assert page.status_code == 200 and alert.title["en"].split(":")[0] in page.text
    csrf = house.csrf(client)
    later = (max(datetime.now(UTC).date(), alert.as_of) + timedelta(days=10)).isoformat()
    steps = (
        ("take", {}),
        ("snooze", {"until": later, "reason": "waiting for the audit"}),
        ("close", {"outcome": "true", "reason": "seen"}),
    )
    for act, fields in steps:
        answer = client.post(f"/alerts/{alert.id}/{act}", data={**fields, "csrf": csrf})
        assert answer.status_code == 303 and answer.headers["location"].startswith(f"/alerts/{alert.id}"), answer.text
    shape = house.api("S001").get(f"/api/v1/alerts/{alert.id}").json()
    assert shape["state"] == "closed" and [event["act"] for event in shape["history"]][-3:] == ["taken", "snoozed", "closed"]
    assert "waiting for the audit" in client.get(f"/alerts/{alert.id}").text
    assert house.api("S001").get("/api/v1/alerts", params={"state": "closed"}).json()[0]["alert"] == alert.id


def test_somebody_elses_alert_does_not_exist(house: House, alert: Alert) -> None:
    for user in ("S002", "S003", "S009"):
        assert house.browser(user).get(f"/alerts/{alert.id}").status_code == 404
        assert house.api(user).get(f"/api/v1/alerts/{alert.id}").status_code == 404
    auditor = house.browser("S008")
    assert auditor.get(f"/alerts/{alert.id}").status_code == 200
    assert auditor.post(f"/alerts/{alert.id}/take", data={"csrf": house.csrf(auditor)}).status_code == 403


def test_a_wrong_act_is_refused_in_words(house: House, alert: Alert) -> None:
    client = house.browser("S001")
    csrf = house.csrf(client)
    for act, fields, status in (("snooze", {"until": "soon", "reason": "x"}, 422), ("snooze", {"until": "2020-01-01", "reason": "x"}, 400),
                                ("close", {"outcome": "maybe", "reason": "x"}, 400), ("close", {"outcome": "false", "reason": " "}, 400)):  # fmt: skip
        answer = client.post(f"/alerts/{alert.id}/{act}", data={**fields, "csrf": csrf})
        assert answer.status_code == status and "text/html" in answer.headers["content-type"], (act, fields, answer.status_code)


def test_every_open_alert_has_a_page(house: House, alert: Alert) -> None:
    client = house.browser("S008", "zh")
    found = house.api("S008").get("/api/v1/alerts", params={"language": "zh"}).json()
    assert found
    for one in found:
        page = client.get(f"/alerts/{one['alert']}")
        assert page.status_code == 200 and one["title"] in page.text


def test_nobody_decides_his_own_proposal(house: House, alert: Alert) -> None:
    now = datetime.now(UTC)
    officer = house.bank.caller("S001", now, at_machine=False)
    made = house.bank.store.proposals.propose(officer, borrower="C001", kind="classification", current="normal", proposed="special_mention",
                                              loan="L001", as_of=now.date(), at=now)  # fmt: skip
    decision = {"approved": True, "reason": "agreed"}
    path = f"/api/v1/proposals/{made.id}/decision"
    assert made.id in {one["proposal"] for one in house.api("S004").get("/api/v1/proposals").json()}
    assert house.api("S002").post(path, json=decision).status_code == 404
    assert house.api("S001").post(path, json=decision).status_code == 403
    assert house.api("S004").post(path, json=decision).json()["state"] == "approved"


def test_signals_and_usage_come_in_their_shapes(house: House) -> None:
    verdicts = house.api("S001").get("/api/v1/signals", params={"borrower": "C001"}).json()
    assert {"hit", "clear", "unknown"} >= {one["verdict"] for one in verdicts} and len(verdicts) > 10
    assert house.api("S001").get("/api/v1/usage/L001").json()["loan"] == "L001"


def test_a_brief_is_written_recorded_and_found_again(house: House) -> None:
    client = house.browser("S001")
    assert "No brief of this month" in client.get("/briefs/C001/2026-10").text
    made = client.post("/briefs/C001/2026-10", data={"csrf": house.csrf(client), "format": "html", "language": "zh"})
    assert made.status_code == 200 and "江州明远" in made.text and "unsafe-inline" in made.headers["content-security-policy"]
    again = client.get("/briefs/C001/2026-10").text
    assert "江州明远" in again and house.api("S001").get("/api/v1/briefs", params={"borrower": "C001"}).json()
    assert client.get("/briefs/C001/2026-13").status_code == 404
    assert house.api("S001").post("/api/v1/briefs", json={"borrower": "C001", "month": "2031-01"}).status_code == 400
    assert house.api("S002").post("/api/v1/briefs", json={"borrower": "C001", "month": "2026-10"}).status_code == 404
