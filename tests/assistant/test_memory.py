"""A thread stands on a date, tells a model what was asked before, and can be forgotten; the trail keeps every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.memory import told_before
from assistant.models import ModelChoice
from tests.assistant.asking import ask
from tests.assistant.bank import NOW, OFFICER, SmallBank, build
from tests.assistant.openai_server import Scripted, calls, says, serving
from tools.domain.callers import LOCAL


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    small = build(Path(tmp_path_factory.mktemp("memory")))
    yield small
    small.bank.close()


def test_a_date_said_once_holds_for_the_thread(bank: SmallBank) -> None:
    first = ask(bank, "接下来都以2026年8月31日为准,恒泰贸易逾期多少天?", thread="dated")
    then = ask(bank, "明远精密有逾期吗?", thread="dated")
    back = ask(bank, "回到今天,恒泰贸易逾期多少天?", thread="dated")
    assert [str(r.clocks.as_of) for r in (first, then, back)] == ["2026-08-31", "2026-08-31", "2026-10-31"]
    assert "2026年8月31日" in first.answer and first.answer != back.answer
    assert str(ask(bank, "恒泰贸易逾期多少天?").clocks.as_of) == "2026-10-31"


def test_a_date_ahead_of_the_book_is_not_taken(bank: SmallBank) -> None:
    assert str(ask(bank, "接下来都以2030年1月1日为准,恒泰贸易逾期多少天?", thread="ahead").clocks.as_of) == "2026-10-31"


def test_forgetting_a_thread_leaves_the_trail(bank: SmallBank) -> None:
    ask(bank, "明远精密2025年营业收入是多少?", thread="gone")
    records = len(bank.bank.store.trail.search(LOCAL, act="answer", limit=500))
    said = ask(bank, "忘记这段对话", thread="gone")
    assert said.status == "answered" and "轨迹" in said.answer
    assert bank.bank.store.threads.read(OFFICER, "gone") == []
    assert ask(bank, "那2024年呢?", thread="gone").status in ("clarify", "out_of_scope")
    assert len(bank.bank.store.trail.search(LOCAL, act="answer", limit=500)) == records + 2
    assert bank.bank.store.trail.verify(LOCAL).ok


def test_a_long_thread_is_told_in_short(bank: SmallBank) -> None:
    for number in range(5):
        ask(bank, f"明远精密{2025 - number % 2}年营业收入是多少?", thread="long")
    script = Scripted(calls(("find_borrower", {"text": "明远精密"})), says("没有更多信息。"))
    with serving(script) as address:
        assistant: Assistant = replace(
            bank.bank.assistant, choice=ModelChoice("openai:scripted", address, "k", timeout=5, retries=0)
        )
        assistant.ask("总结一下", caller=OFFICER, clocks=bank.clocks, now=NOW, thread="long")
    messages = script.requests[0]["messages"]
    assert "Earlier in this conversation" in str(messages[1]["content"])
    assert len(messages) == 1 + 1 + 6 + 1


def test_nothing_is_told_of_a_short_thread() -> None:
    assert told_before([{"role": "user", "text": "a"}, {"role": "assistant", "text": "b"}], 6) == ""
