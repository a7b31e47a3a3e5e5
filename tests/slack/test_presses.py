"""What is pressed: sources open as pictures for the presser alone, answers are judged, alerts are worked, all under his name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from assistant.wiring import Bank
from tests.documents.papers import pdf
from tests.slack.rig import ADMIN, AUDIT, BOSS, LI, RATIO, STRANGER, WANG, Rig, wait_for
from tools.domain.callers import LOCAL, Caller
from tools.store.alert_records import Alert, alert_id


def caller(rig: Rig, slack: str) -> Caller:
    person = rig.app.around.people.person(slack, rig.app.now())
    assert person is not None
    return person.caller


def elements(messages: list[Any], kind: str = "") -> list[Any]:
    found = [e for m in messages for b in m.blocks if b["type"] in ("actions", "context_actions") for e in b["elements"]]
    return [e for e in found if not kind or e["action_id"].startswith(kind)]


@pytest.fixture(scope="module")
def paged(rig: Rig) -> str:
    """A real PDF on file for C001; its sha256."""
    from ingestion.pipeline import IngestOptions
    from integrations.slack.papers import ingest_paths  # the pipeline, as the app uses it

    path = rig.bank.home.root / "visit.pdf"
    path.write_bytes(pdf([["Visit note", "Mingyuan Precision, 4 of 6 lines are running"], ["Second page 1,062 tons"]]))
    made = ingest_paths(
        LOCAL, [path], rig.bank.store, rig.app.now, IngestOptions(kind="visit_note", borrower="C001", workers=0)
    )
    assert made[0].status != "rejected", made[0].message
    return made[0].sha256


def source(sha256: str, page: int | None = 1) -> str:
    import json

    return json.dumps({"sha256": sha256, "page": page, "locator": None, "boxes": [[72.0, 90.0, 200.0, 104.0]]})


def test_a_source_opens_as_a_picture_in_the_thread_of_the_direct_message(rig: Rig, paged: str) -> None:
    channel = rig.space.direct(WANG)
    rig.slack.deliver(rig.slack.press(WANG, "source:1", source(paged), channel=channel, thread_ts="77.1"))
    wait_for(lambda: any(m.file for m in rig.space.of_thread(channel, "77.1")))
    message = next(m for m in rig.space.of_thread(channel, "77.1") if m.file)
    assert message.file and rig.space.files[message.file]["data"].startswith(b"\x89PNG")
    assert "visit.pdf 第1页" in message.text


def test_in_a_channel_the_picture_goes_to_his_direct_messages(rig: Rig, paged: str) -> None:
    rig.space.channel("C0SRC", WANG, BOSS)
    rig.slack.deliver(rig.slack.press(BOSS, "source:1", source(paged), channel="C0SRC", thread_ts="77.2"))
    wait_for(lambda: any(m.file for m in rig.space.messages if m.channel == rig.space.direct(BOSS)))
    wait_for(rig.quiet)
    assert all(m.ephemeral_to == BOSS and not m.file for m in rig.space.of_thread("C0SRC", "77.2"))


def test_who_may_not_see_the_borrower_gets_no_picture(rig: Rig, paged: str) -> None:
    for user in (LI, STRANGER, ADMIN):
        channel = rig.space.direct(user)
        rig.slack.deliver(rig.slack.press(user, "source:1", source(paged), channel=channel, thread_ts="77.3"))
        wait_for(lambda channel=channel: bool(rig.space.of_thread(channel, "77.3")))  # type: ignore[misc]
        assert not any(m.file for m in rig.space.of_thread(channel, "77.3"))


@pytest.mark.parametrize("kind", ["500", "drop_after", "429"])
def test_a_picture_is_shared_once_whatever_goes_wrong(rig: Rig, paged: str, kind: str) -> None:
    channel, thread = rig.space.direct(WANG), f"78.{kind}"
    rig.slack.trouble("files.completeUploadExternal", kind, 1, 0.2)
    rig.slack.deliver(rig.slack.press(WANG, "source:1", source(paged), channel=channel, thread_ts=thread))
    wait_for(lambda: bool(rig.space.of_thread(channel, thread)) and rig.quiet())
    assert len(rig.space.of_thread(channel, thread)) == 1


def test_a_row_of_the_book_is_shown_in_words(rig: Rig) -> None:
    event, _ = rig.ask(WANG, "明远精机有逾期吗?下一期什么时候到期?")
    rows = [e for e in elements(rig.answers(event), "source:") if "row" in e["value"]]
    assert rows
    rig.slack.deliver(rig.slack.press(WANG, "source:1", rows[0]["value"], channel=event["channel"], thread_ts=event["ts"]))
    wait_for(lambda: "orig_notional" in rig.thread(event)[-1].words)


def test_a_source_of_the_menu_is_found_in_the_record(rig: Rig) -> None:
    event, _ = rig.ask(WANG, "明远精机有哪些约定条款,都满足吗?")
    messages = rig.answers(event)
    menus = elements(messages, "sources:")
    value = (
        menus[0]["options"][0]["value"]
        if menus
        else f"1|{elements(messages, 'feedback')[0]['positive_button']['value'].split('|')[1]}"
    )
    count = len(rig.thread(event))
    rig.slack.deliver(rig.slack.press(WANG, "sources:0", value, channel=event["channel"], thread_ts=event["ts"], option=True))
    wait_for(lambda: len(rig.thread(event)) > count and rig.quiet())
    assert "没有这份出处" not in rig.thread(event)[-1].words


def test_a_judgement_is_recorded_under_the_name_of_who_judged(rig: Rig) -> None:
    event, _ = rig.ask(WANG, RATIO)
    good = elements(rig.answers(event), "feedback")[0]["positive_button"]["value"]
    trail_id = good.partition("|")[2]
    rig.slack.deliver(rig.slack.press(WANG, "feedback", good, channel=event["channel"], thread_ts=event["ts"]))
    wait_for(lambda: bool(rig.bank.store.trail.search(caller(rig, WANG), act="feedback", object=trail_id)))
    record = rig.bank.store.trail.search(caller(rig, WANG), act="feedback", object=trail_id)[0]
    assert record.user == "u1"
    rig.slack.deliver(rig.slack.press(LI, "feedback", good, channel=rig.space.direct(LI), thread_ts="79.1"))
    wait_for(lambda: bool(rig.space.of_thread(rig.space.direct(LI), "79.1")))
    assert len(rig.bank.store.trail.search(LOCAL, act="feedback", object=trail_id)) == 1


def raised(bank: Bank, rig: Rig, family: str, severity: str = "red", borrower: str = "C001") -> str:
    """An alert as the monitor records one."""
    now, day = rig.app.now(), date(2026, 10, 31)
    alert = Alert(
        id=alert_id(borrower, family), borrower=borrower, family=family, severity=severity, state="open", signals=("FIN-01",),
        title={"zh": f"经营现金流转负 {family}", "en": f"Cash flow turned negative {family}"},
        explanation={"zh": "连续两期经营活动现金流为负。", "en": "Operating cash flow was negative twice."}, opened=day, opened_at=now,
        updated_at=now, as_of=day, owner=None, due=day + timedelta(days=5),
        actions=({"act": "visit", "name": "Site visit", "name_zh": "现场走访", "name_en": "Site visit", "owner": "officer", "owner_zh": "客户经理", "owner_en": "officer", "due": "2026-11-05"},), figures=(), evidence=(), values=(),
        findings=(), level=None, snoozed_until=None, outcome=None, reason=None, position=0, language="zh",
    )  # fmt: skip
    bank.store.alerts.record(LOCAL, "opened", alert, now)
    return alert.id


def card(rig: Rig, user: str, id: str) -> Any:
    """The message of an alert in somebody's direct messages."""
    channel = rig.space.direct(user)
    wait_for(lambda: any(id in m.words for m in rig.space.messages if m.channel == channel))
    return next(m for m in rig.space.messages if m.channel == channel and id in m.words)


def test_a_red_alert_reaches_the_officer_once_and_nobody_else(bank: Bank, rig: Rig) -> None:
    id = raised(bank, rig, "once")
    message = card(rig, WANG, id)
    assert "现场走访(客户经理,2026-11-05前)" in message.words
    assert "🔴" in message.words and "江州明远精密机械有限公司" in message.words
    for _ in range(3):
        rig.app.alerts.look(rig.app.now())
    wait_for(rig.quiet)
    told = [m for m in rig.space.messages if id in m.words]
    assert len(told) == 1 and told[0].channel == rig.space.direct(WANG)


def test_taking_an_alert_acts_as_who_pressed_and_rewrites_the_message(bank: Bank, rig: Rig) -> None:
    id = raised(bank, rig, "taken")
    message = card(rig, WANG, id)
    rig.slack.deliver(rig.slack.press(LI, "alert_take", id, channel=rig.space.direct(LI), ts="1.5", thread_ts="80.1"))
    wait_for(lambda: bool(rig.space.of_thread(rig.space.direct(LI), "80.1")))
    found = bank.store.alerts.get(LOCAL, id)
    assert found is not None and found.state == "open"
    rig.slack.deliver(rig.slack.press(WANG, "alert_take", id, channel=message.channel, ts=message.ts))
    wait_for(lambda: message.edits > 0)
    assert "处理中" in message.words and "王经理" in message.words
    found = bank.store.alerts.get(LOCAL, id)
    assert found is not None and found.owner == "u1"
    assert bank.store.alerts.history(LOCAL, id)[-1].by == "u1"


def test_snoozing_and_closing_ask_for_a_reason_in_a_form(bank: Bank, rig: Rig) -> None:
    id = raised(bank, rig, "forms")
    message = card(rig, WANG, id)
    view = _form(rig, "alert_snooze", id, message)
    until = (rig.app.now().date() + timedelta(days=9)).isoformat()
    values = {"until": {"until": {"selected_date": until}}, "reason": {"reason": {"value": "等待10月回款"}}}
    rig.slack.deliver(rig.slack.submission(WANG, view, values), copies=2)
    wait_for(lambda: until in message.words)
    assert "等待10月回款" in message.words
    view = _form(rig, "alert_close", id, message)
    values = {"outcome": {"outcome": {"selected_option": {"value": "false"}}}, "reason": {"reason": {"value": "口径有误"}}}
    rig.slack.deliver(rig.slack.submission(WANG, view, values))
    wait_for(lambda: "误报" in message.words)
    acts = [event.act for event in bank.store.alerts.history(LOCAL, id)]
    assert acts == ["opened", "snoozed", "closed"]
    assert not elements([message], "alert_")


def _form(rig: Rig, action: str, id: str, message: Any) -> dict[str, Any]:
    count = len(rig.space.views)
    rig.slack.deliver(rig.slack.press(WANG, action, id, channel=message.channel, ts=message.ts))
    wait_for(lambda: len(rig.space.views) > count)
    return dict(rig.space.views[-1])


def test_a_day_that_has_passed_is_refused_and_said(bank: Bank, rig: Rig) -> None:
    id = raised(bank, rig, "past")
    message = card(rig, WANG, id)
    view = _form(rig, "alert_snooze", id, message)
    count = len(rig.space.messages)
    values = {"until": {"until": {"selected_date": "2020-01-01"}}, "reason": {"reason": {"value": "x y"}}}
    rig.slack.deliver(rig.slack.submission(WANG, view, values))
    wait_for(lambda: len(rig.space.messages) > count and rig.quiet())
    assert "2020-01-01" in rig.space.messages[-1].words


def test_what_is_not_red_comes_in_one_digest_a_day(bank: Bank, rig: Rig) -> None:
    ids = [raised(bank, rig, name, "orange", "C009") for name in ("digest1", "digest2")]
    channel = rig.space.direct(LI)
    wait_for(lambda: any("预警摘要" in m.words for m in rig.space.messages if m.channel == channel))
    rig.app.alerts.look(rig.app.now())
    wait_for(rig.quiet)
    digests = [m for m in rig.space.messages if m.channel == channel and "预警摘要" in m.words]
    assert len(digests) == 1 and "C009" in digests[0].words
    assert not any(id in m.words for id in ids for m in rig.space.messages if m.channel == rig.space.direct(WANG))


@pytest.mark.parametrize(("members", "told"), [((WANG, BOSS), True), ((WANG, LI), False), ((WANG, STRANGER), False)])
def test_a_channel_gets_a_red_alert_only_when_every_member_may_see_it(
    bank: Bank, rig: Rig, members: tuple[str, ...], told: bool
) -> None:
    name = f"C0ALERT{members[1]}"
    rig.space.channel(name, *members)
    id = raised(bank, rig, f"channel-{members[1]}")
    card(rig, WANG, id)
    settings = bank.settings
    bank.settings = settings.model_copy(update={"slack_alert_channel": name})
    try:
        rig.app.alerts.look(rig.app.now())
        wait_for(rig.quiet)
    finally:
        bank.settings = settings
    assert any(id in m.words for m in rig.space.messages if m.channel == name) is told


def test_the_home_tab_shows_alerts_and_what_falls_due(bank: Bank, rig: Rig) -> None:
    for user, word in ((WANG, "未结预警"), (ADMIN, "没有可查看的业务数据"), (STRANGER, "员工名册")):
        rig.slack.deliver(
            rig.slack.event({"type": "app_home_opened", "user": user, "tab": "home", "channel": rig.space.direct(user)})
        )
        wait_for(lambda user=user: user in rig.space.homes)  # type: ignore[misc]
        assert word in str(rig.space.homes[user])
    assert "已逾期" in str(rig.space.homes[WANG]) and "L002" in str(rig.space.homes[WANG])
    assert "C009" not in str(rig.space.homes[WANG])


def test_the_messages_tab_suggests_questions(rig: Rig) -> None:
    rig.slack.deliver(
        rig.slack.event({"type": "app_home_opened", "user": AUDIT, "tab": "messages", "channel": rig.space.direct(AUDIT)})
    )
    wait_for(lambda: any(p["channel_id"] == rig.space.direct(AUDIT) for p in rig.space.prompts))


def test_somebody_who_joins_ends_what_is_known_of_the_channel(rig: Rig) -> None:
    channel = rig.space.channel("C0JOIN", WANG, BOSS)
    event, _ = rig.ask(WANG, RATIO, channel="C0JOIN")
    rig.answers(event)
    channel.members.append(STRANGER)
    rig.slack.deliver(rig.slack.event({"type": "member_joined_channel", "user": STRANGER, "channel": "C0JOIN"}))
    wait_for(lambda: "C0JOIN" not in rig.app.around.audiences._members)
    event, _ = rig.ask(WANG, RATIO, channel="C0JOIN")
    rig.answers(event)
    assert {m.ephemeral_to for m in rig.thread(event)} == {WANG}


def test_a_channel_bound_to_a_borrower_is_answered_within_it(bank: Bank, rig: Rig) -> None:
    rig.space.channel("C0BOUND", WANG, LI)
    settings = bank.settings
    bank.settings = settings.model_copy(update={"slack_channels": {"C0BOUND": "C001"}})
    try:
        event, _ = rig.ask(LI, "2025年末的流动比率是多少?", channel="C0BOUND")
        said = rig.said(event)
        other, _ = rig.ask(WANG, "恒泰贸易2025年末的流动比率是多少?", channel="C0BOUND")
        kept = rig.said(other)
    finally:
        bank.settings = settings
    assert "1.18" in said and {m.ephemeral_to for m in rig.thread(event)} == {None}
    assert "0.95" not in kept and {m.ephemeral_to for m in rig.thread(other)} == {None}
