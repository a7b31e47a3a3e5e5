"""Questions in Slack: who gets which answer, where, and in which language."""

from __future__ import annotations

import pytest

from tests.slack.rig import ADMIN, BOSS, LI, RATIO, STRANGER, WANG, Rig, wait_for


def test_a_direct_message_is_answered_in_its_thread_with_sources(rig: Rig) -> None:
    event, delivered = rig.ask(WANG, RATIO)
    said = rig.said(event)
    assert "1.18" in said and "留痕编号 T-" in said
    assert delivered.seconds is not None
    buttons = [e for m in rig.thread(event) for b in m.blocks if b["type"] == "actions" for e in b["elements"]]
    assert buttons and all(button["action_id"].startswith("source:") for button in buttons)
    assert any(b["type"] == "context_actions" for m in rig.thread(event) for b in m.blocks)


def test_english_is_answered_in_english_and_the_thread_goes_on(rig: Rig) -> None:
    event, _ = rig.ask(WANG, "What was Mingyuan's current ratio at the end of 2025?")
    assert "Every number checked" in rig.said(event)
    follow, _ = rig.ask(WANG, "And its debt to assets?", thread_ts=event["ts"])
    assert "60.8" in "\n".join(m.words for m in rig.answers(follow, 2))
    elsewhere, _ = rig.ask(WANG, "And its debt to assets?")
    assert "60.8" not in rig.said(elsewhere)


def test_what_another_officer_asks_shows_nothing_of_it(rig: Rig) -> None:
    event, _ = rig.ask(LI, RATIO)
    assert "1.18" not in rig.said(event)


@pytest.mark.parametrize(("user", "word"), [(STRANGER, "信息科技部小陈"), (ADMIN, "没有可查看的业务数据")])
def test_strangers_and_roles_without_data_are_refused_politely(rig: Rig, user: str, word: str) -> None:
    event, _ = rig.ask(user, RATIO)
    said = rig.said(event)
    assert word in said and "1.18" not in said


def test_a_person_of_another_workspace_is_a_stranger_whatever_his_id(rig: Rig) -> None:
    event, _ = rig.ask(WANG, RATIO, user_team="T0OTHER")
    assert "1.18" not in rig.said(event)


def test_in_a_channel_only_what_every_member_may_see_is_said_aloud(rig: Rig) -> None:
    rig.space.channel("C0TEAM", WANG, BOSS)
    event, _ = rig.ask(WANG, RATIO, channel="C0TEAM")
    said = rig.said(event)
    assert "1.18" in said and "全体成员共同可见" in said
    assert all(m.ephemeral_to is None for m in rig.thread(event))


def test_where_somebody_may_not_see_it_the_answer_is_for_the_asker_alone_and_may_be_shared(rig: Rig) -> None:
    rig.space.channel("C0MIXED", WANG, BOSS, LI)
    event, _ = rig.ask(WANG, RATIO, channel="C0MIXED")
    said = rig.said(event)
    messages = rig.thread(event)
    assert "1.18" in said and {m.ephemeral_to for m in messages} == {WANG}
    share = next(
        e for m in messages for b in m.blocks if b["type"] == "actions" for e in b["elements"] if e["action_id"] == "share"
    )
    press = rig.slack.press(WANG, "share", share["value"], channel="C0MIXED", thread_ts=event["ts"], ephemeral=True)
    rig.slack.deliver(press)
    wait_for(lambda: any(m.ephemeral_to is None for m in rig.thread(event)))
    shared = next(m for m in rig.thread(event) if m.ephemeral_to is None)
    assert "1.18" in shared.words and f"<@{WANG}>" in shared.words
    caller = rig.app.around.people.person(WANG, rig.app.now())
    assert caller is not None
    assert rig.bank.store.trail.search(caller.caller, act="share", object=share["value"])


@pytest.mark.parametrize("flags", [{"is_ext_shared": True}, {}])
def test_with_outsiders_in_the_channel_nothing_is_said_and_nothing_can_be_shared(rig: Rig, flags: dict[str, bool]) -> None:
    name = "C0EXT" if flags else "C0GUEST"
    rig.space.channel(name, WANG, *([] if flags else [STRANGER]), **flags)
    event, _ = rig.ask(WANG, RATIO, channel=name)
    rig.said(event)
    messages = rig.thread(event)
    assert {m.ephemeral_to for m in messages} == {WANG}
    actions = [e["action_id"] for m in messages for b in m.blocks if b["type"] == "actions" for e in b["elements"]]
    assert actions and "share" not in actions


def test_a_stranger_in_a_channel_is_refused_for_his_eyes_only(rig: Rig) -> None:
    rig.space.channel("C0GUEST2", WANG, STRANGER)
    event, _ = rig.ask(STRANGER, RATIO, channel="C0GUEST2")
    assert "员工名册" in rig.said(event)
    assert {m.ephemeral_to for m in rig.thread(event)} == {STRANGER}


def test_the_command_answers_only_who_typed_it(rig: Rig) -> None:
    before = len(rig.space.responses)
    rig.slack.deliver(rig.slack.command(WANG, RATIO, rig.space.direct(WANG)))
    wait_for(lambda: len(rig.space.responses) > before)
    answer = rig.space.responses[-1]
    assert answer["response_type"] == "ephemeral" and "1.18" in str(answer["blocks"])
    rig.slack.deliver(rig.slack.command(WANG, "", rig.space.direct(WANG)))
    wait_for(lambda: len(rig.space.responses) > before + 1)
    assert "/loanward" in rig.space.responses[-1]["text"]


def test_no_message_carries_metadata(rig: Rig) -> None:
    assert not [given for _, given in rig.space.calls if given.get("metadata")]
