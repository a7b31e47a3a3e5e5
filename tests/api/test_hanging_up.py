"""Whoever hangs up on a streamed question stops the work: no further tool is called and no answer is recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult

from assistant.agent import build_agent
from assistant.models import ModelChoice
from tests.api.house import House
from tests.assistant.asking import Replay
from tools.domain.callers import LOCAL

STEPS, PACE = 100, 0.1
QUESTION = "Which borrowers are mine, asked a hundred times over?"


class Patient(Replay):
    """Looks at the borrowers again and again, for longer than anybody waits here."""

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **rest: Any) -> ChatResult:
        time.sleep(PACE if self.place else 0)
        return super()._generate(messages, stop, run_manager, **rest)


@pytest.fixture
def patient(house: House) -> Iterator[Patient]:
    looks = [
        AIMessage("", tool_calls=[{"name": "list_borrowers", "args": {"limit": n + 1}, "id": f"c{n}"}]) for n in range(STEPS)
    ]
    model = Patient(said=[*looks, AIMessage("Done.")])
    usual = house.bank.assistant
    slow = replace(usual, choice=ModelChoice("replay:model"))
    slow.__dict__["outside"] = build_agent(model, model_calls=STEPS + 2)
    slow.__dict__["analyst"] = usual.analyst
    house.bank.__dict__["assistant"] = slow
    yield model
    house.bank.__dict__["assistant"] = usual


@pytest.fixture
def address(house: House) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def test_a_client_that_hangs_up_stops_the_work(
    house: House, patient: Patient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    asked = {"json": {"question": QUESTION}, "headers": house.bearer("S001"), "timeout": 30}
    with httpx.stream("POST", f"{address}/api/v1/ask/stream", **asked) as stream:  # type: ignore[arg-type]
        next(line for line in stream.iter_lines() if line == "event: step")
    end = time.monotonic() + STEPS * PACE
    while "its asker hung up" not in caplog.text and time.monotonic() < end:
        time.sleep(0.02)
    assert "its asker hung up" in caplog.text
    called = patient.place
    assert called < STEPS
    time.sleep(PACE * 2)
    assert patient.place == called, "nothing goes on behind its back"
    answers = house.bank.store.trail.search(LOCAL, act="answer", limit=50)
    said = [house.bank.store.trail.show(LOCAL, record.id) or {} for record in answers]
    assert QUESTION not in {(one.get("payload") or {}).get("question") for one in said}
