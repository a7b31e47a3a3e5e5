"""Once and only once, whatever breaks: retries, duplicates, rate limits, lost answers, disconnections, and a process that dies."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from assistant.wiring import Bank
from eval.fake_slack import FakeSlack
from integrations.slack.app import SlackApp
from integrations.slack.intake import SLOW, incoming
from tests.slack.rig import RATIO, WANG, Rig, running, wait_for

FIGURE = "1.18"


def test_an_event_delivered_many_times_is_answered_once(rig: Rig) -> None:
    body = rig.slack.question(WANG, RATIO)
    rig.slack.deliver(body, copies=4)
    event = body["event"]
    assert len(rig.answers(event)) == 1
    rig.slack.deliver(body)[0].done.wait(5)
    wait_for(rig.quiet)
    assert len(rig.thread(event)) == 1


def test_an_event_the_store_could_not_take_is_not_acknowledged_and_comes_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, refused = rig.app.claimer.claim, []

    def reluctant(event: Any) -> bool:
        if not refused:
            refused.append(event.id)
            return False
        return claim(event)

    monkeypatch.setattr(rig.app.claimer, "claim", reluctant)
    monkeypatch.setattr(rig.slack, "ack_seconds", 0.3)
    event, delivered = rig.ask(WANG, RATIO)
    assert FIGURE in rig.said(event)
    assert delivered.attempt == 1


@pytest.mark.parametrize("kind", ["429", "500", "drop_before", "drop_after"])
def test_a_post_that_goes_wrong_is_made_once(rig: Rig, kind: str) -> None:
    rig.slack.trouble("chat.postMessage", kind, 2, 0.3)
    event, _ = rig.ask(WANG, RATIO)
    assert FIGURE in rig.said(event)
    assert len(rig.thread(event)) == 1


def test_the_pause_slack_asks_for_is_kept(rig: Rig) -> None:
    rig.slack.trouble("chat.postMessage", "429", 1, 1.0)
    before = rig.space.counted()["chat.postMessage"]
    first, _ = rig.ask(WANG, RATIO)
    second, _ = rig.ask(WANG, RATIO)
    rig.answers(first)
    rig.answers(second)
    # One refused and two that worked: nobody knocked in between.
    assert rig.space.counted()["chat.postMessage"] - before == 3


def test_a_long_answer_keeps_its_order_when_its_first_part_has_to_wait(rig: Rig) -> None:
    rig.slack.trouble("chat.postMessage", "429", 1, 0.3)
    event, _ = rig.ask(WANG, "列出明远精机的所有约定条款")
    assert rig.said(event)


@pytest.mark.parametrize("politely", [True, False])
def test_a_connection_that_ends_is_made_again_and_questions_go_on(rig: Rig, politely: bool) -> None:
    rig.slack.disconnect(politely=politely)
    event, delivered = rig.ask(WANG, RATIO)
    assert FIGURE in rig.said(event)
    wait_for(lambda: delivered.done.is_set())


def test_while_slack_is_down_answers_wait_and_are_sent_once_when_it_is_back(rig: Rig) -> None:
    body = rig.slack.question(WANG, RATIO)
    rig.slack.down = True
    try:
        event = incoming(body, rig.app.now())
        assert event is not None and rig.app.claimer.claim(event)
        wait_for(lambda: rig.bank.store.outbox.count().get("open", 0) > 0)
        rig.slack.disconnect(politely=False)
    finally:
        rig.slack.down = False
    assert FIGURE in rig.said(body["event"])
    assert len(rig.thread(body["event"])) == 1
    wait_for(lambda: rig.slack.connected > 0)


def test_what_a_dead_process_had_claimed_is_answered_by_the_next_one(bank: Bank, rig: Rig) -> None:
    body = rig.slack.question(WANG, RATIO)
    event = incoming(body, rig.app.now() - timedelta(seconds=30))
    assert event is not None
    # Claimed and taken in hand by a process that is no more.
    bank.store.inbox.claim([event])
    bank.store.inbox.take("dead", [SLOW], rig.app.now() - timedelta(seconds=20), timedelta(seconds=1))
    assert FIGURE in rig.said(body["event"])
    assert len(rig.thread(body["event"])) == 1


def test_what_a_dead_process_may_have_sent_is_not_sent_again(bank: Bank, rig: Rig) -> None:
    event, _ = rig.ask(WANG, RATIO)
    rig.answers(event)
    with bank.store.transaction() as unit:
        unit.connection.exec_driver_sql(
            "UPDATE outbox SET state='sending', payload=? , not_before='2020-01-01T00:00:00.000000Z' WHERE seq=(SELECT max(seq) FROM outbox)",
            (_payload(rig, event),),
        )
    wait_for(rig.quiet)
    assert len(rig.thread(event)) == 1


def _payload(rig: Rig, event: dict[str, Any]) -> str:
    from tools.store.columns import canonical_json

    message = rig.thread(event)[0]
    return canonical_json(
        {"channel": message.channel, "thread_ts": message.thread_ts, "text": message.text, "blocks": message.blocks}
    )


def test_a_handler_that_fails_for_good_tells_the_person(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(rig.app.questions, "handle", broken)
    body = rig.slack.question(WANG, RATIO)
    rig.slack.deliver(body)
    assert body["event_id"] in rig.said(body["event"])
    assert "ZeroDivision" not in rig.said(body["event"])


def test_questions_of_one_thread_are_answered_in_their_order(rig: Rig) -> None:
    body = rig.slack.question(WANG, RATIO)
    thread = body["event"]["ts"]
    more = [rig.slack.question(WANG, text, thread_ts=thread) for text in ("那资产负债率呢?", "2024年呢?")]
    for one in (body, *more):
        found = incoming(one, rig.app.now())
        assert found is not None and rig.app.claimer.claim(found)
    words = [m.words for m in rig.answers(body["event"], 3)]
    assert "流动比率" in words[0] and "资产负债率" in words[1] and "2024" in words[2]


def test_progress_is_shown_in_a_stream_and_the_answer_takes_its_place(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    for gone in (False, True):
        event = _slow(rig, monkeypatch, expired=gone)
        messages = rig.answers(event)
        assert len(messages) == 1 and messages[0].streaming is None
        assert FIGURE in messages[0].words
        titles = [chunk["title"] for chunk in messages[0].chunks]
        assert "识别借款人" in titles and messages[0].edits == int(gone)


def test_where_there_are_no_streams_one_message_is_rewritten(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.slack.switched_off.add("chat.startStream")
    try:
        messages = rig.answers(_slow(rig, monkeypatch))
    finally:
        rig.slack.switched_off.clear()
        monkeypatch.setattr(rig.app.around.board, "_streams", True)
    assert len(messages) == 1 and messages[0].edits >= 1 and FIGURE in messages[0].words


def _slow(rig: Rig, monkeypatch: pytest.MonkeyPatch, *, expired: bool = False) -> dict[str, Any]:
    """Asks a question that is answered only after its card is shown."""
    import integrations.slack.questions as questions

    answer = questions.answer
    shown = threading.Event()

    def slowly(*given: Any, **named: Any) -> Any:
        found = answer(*given, **named)
        shown.wait(10)
        return found

    monkeypatch.setattr(questions, "answer", slowly)
    monkeypatch.setattr(rig.app.around.board, "patience", 0.1)
    event, _ = rig.ask(WANG, RATIO)
    wait_for(lambda: bool(rig.thread(event)))
    if expired:
        rig.thread(event)[0].streaming = None
    shown.set()
    monkeypatch.setattr(questions, "answer", answer)
    return event


def test_blocks_slack_does_not_know_are_sent_again_in_plain_words(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    import eval.fake_slack.methods as methods

    monkeypatch.setattr(methods, "check_blocks", lambda _blocks: "invalid_blocks")
    event, _ = rig.ask(WANG, RATIO)
    messages = rig.answers(event)
    assert len(messages) == 1 and not messages[0].blocks and FIGURE in messages[0].text


def test_starting_while_slack_is_down_waits_for_it(bank: Bank, rig: Rig) -> None:
    with FakeSlack() as other:
        other.down = True
        started: list[SlackApp] = []

        def start() -> None:
            with running(bank, other) as made:
                started.append(made.app)

        thread = threading.Thread(target=start)
        thread.start()
        wait_for(lambda: other.workspace.counted()["auth.test"] > 0)
        assert not started
        other.down = False
        thread.join(20)
        assert started
