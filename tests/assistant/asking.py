"""Asking the small bank in one line."""

from __future__ import annotations

from typing import Any

from assistant.results import AskResult
from tests.assistant.bank import NOW, OFFICER, SmallBank
from tools.domain.callers import Caller


def ask(small: SmallBank, question: str, caller: Caller = OFFICER, **more: Any) -> AskResult:
    return small.bank.assistant.ask(question, caller=caller, clocks=small.clocks, now=NOW, **more)


def record(small: SmallBank, result: AskResult) -> dict[str, Any]:
    """The payload the trail keeps of an answer."""
    from tools.domain.callers import LOCAL

    shown = small.bank.store.trail.show(LOCAL, result.trail_id)
    assert shown is not None
    payload: dict[str, Any] = shown["payload"]
    return payload
