"""A real model over the real wire: what it may do, what it may not, and who answers when it fails."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from assistant.answering import Assistant
from assistant.models import ModelChoice, start_model
from assistant.results import AskResult
from tests.assistant.asking import record
from tests.assistant.bank import NOW, OFFICER, SmallBank
from tests.assistant.openai_server import Reply, Scripted, calls, late, refuses, says, serving
from tools.errors import SettingsError

QUESTION = "明远精密2025年末的流动比率是多少?"
FIND = ("find_borrower", {"text": "明远精密"})
FIGURE = ("figures", {"borrowers": ["C001"], "names": ["current_ratio"], "periods": ["2025"]})
RIGHT = "江州明远精密机械有限公司2025年12月31日流动比率为1.18{mark of current_ratio 2025}。"


def asked(small: SmallBank, *replies: Reply, question: str = QUESTION, **more: Any) -> tuple[AskResult, Scripted]:
    script = Scripted(*replies)
    with ExitStack() as stack:
        address = stack.enter_context(serving(script))
        choice = ModelChoice("openai:scripted", address, "k", timeout=more.pop("timeout", 5), retries=more.pop("retries", 1))
        assistant: Assistant = replace(small.bank.assistant, choice=choice, model_calls=more.pop("model_calls", 6))
        result = assistant.ask(question, caller=OFFICER, clocks=small.clocks, now=NOW, **more)
    return result, script


def test_a_right_answer_is_the_models_own(small: SmallBank) -> None:
    result, script = asked(small, calls(FIND), calls(FIGURE), says(RIGHT))
    assert result.model == "openai:scripted"
    assert result.answer == "江州明远精密机械有限公司2025年12月31日流动比率为1.18[1][2]。"
    assert [c.document for c in result.citations] == ["明远精密2025年度审计报告.pdf"] * 2
    assert result.verified
    assert [tool["function"]["name"] for tool in script.requests[0]["tools"]][:2] == ["find_borrower", "list_borrowers"]


def test_parallel_calls_are_all_answered(small: SmallBank) -> None:
    more = ("figures", {"borrowers": ["C001"], "names": ["debt_to_assets"], "periods": ["2025"]})
    text = RIGHT + "资产负债率为60.80%{mark of debt_to_assets}。"
    result, _ = asked(small, calls(FIGURE, more), says(text))
    assert result.model == "openai:scripted"
    assert "60.80%" in result.answer
    assert [used.name for used in result.used] == ["figures", "figures"]


def test_artifacts_and_context_never_reach_the_model(small: SmallBank) -> None:
    _, script = asked(small, calls(FIND), calls(FIGURE), says(RIGHT))
    sent = str(script.requests)
    assert "loanward" not in sent.lower().replace("you are the loan-monitoring", "")
    assert "officer_id" not in sent


def test_a_wrong_number_goes_back_once_and_may_be_corrected(small: SmallBank) -> None:
    result, script = asked(small, calls(FIGURE), says(RIGHT.replace("1.18", "1.81")), says(RIGHT))
    assert result.model == "openai:scripted"
    assert "1.81" not in result.answer
    assert "1.81" in str(script.requests[-1]["messages"][-1]["content"])


@pytest.mark.parametrize(
    "wrong",
    [
        RIGHT.replace("1.18", "1.81"), RIGHT.replace("2025年12月31日", "2024年12月31日"), RIGHT.replace("江州明远精密机械", "海州东方化工"),
        RIGHT.replace("{mark of current_ratio 2025}", "{abcdef}"), "江州明远精密机械有限公司流动比率很好,我已发送通知给客户。", "",
    ],
)  # fmt: skip
def test_failing_twice_hands_over_to_the_analyst(small: SmallBank, wrong: str) -> None:
    result, _ = asked(small, calls(FIGURE), says(wrong))
    assert result.model == "analyst"
    assert "1.18" in result.answer and "1.81" not in result.answer and "已发送" not in result.answer
    assert record(small, result)["fallback"][0].startswith("failed the check")


@pytest.mark.parametrize(
    "first",
    [
        calls(("figures", '{"borrowers": ["C001"], "names": [')), calls(("no_such_tool", {})), calls(("figures", {"borrowers": "C001"})),
        calls(("figures", {"borrowers": ["C001"], "names": ["nonsense"]})), calls(("figures", {"borrowers": ["C009"], "names": ["revenue"]})),
        calls(("loans", {"loan": "L777"})),
    ],
)  # fmt: skip
def test_bad_calls_are_told_to_the_model_and_do_not_end_the_run(small: SmallBank, first: Reply) -> None:
    result, _ = asked(small, first, calls(FIGURE), says(RIGHT))
    assert result.status == "answered"
    assert "1.18" in result.answer


@pytest.mark.parametrize("status", [429, 500])
def test_a_passing_failure_is_tried_again(small: SmallBank, status: int) -> None:
    result, _ = asked(small, refuses(status), calls(FIGURE), says(RIGHT), retries=2)
    assert result.model == "openai:scripted"


@pytest.mark.parametrize("reply", [refuses(429), refuses(500), refuses(401), late(1.0, says(RIGHT))])
def test_an_address_that_fails_leaves_the_answer_to_the_analyst(small: SmallBank, reply: Reply) -> None:
    result, _ = asked(small, reply, retries=0, timeout=0.3)
    assert result.model == "analyst"
    assert "1.18" in result.answer
    assert "did not answer" in record(small, result)["fallback"][0]


def test_a_dead_address_leaves_the_answer_to_the_analyst(small: SmallBank) -> None:
    choice = ModelChoice("openai:none", "http://127.0.0.1:9/v1", "k", timeout=1, retries=0)
    assistant: Assistant = replace(small.bank.assistant, choice=choice)
    result = assistant.ask(QUESTION, caller=OFFICER, clocks=small.clocks, now=NOW)
    assert (result.model, result.status) == ("analyst", "answered")


def test_endless_calls_are_cut_off_and_not_shown(small: SmallBank) -> None:
    result, _ = asked(small, calls(FIND), model_calls=4)
    assert result.model == "analyst"
    assert "limit" not in result.answer.lower()
    assert "over its limits" in record(small, result)["fallback"][0]


def test_obeying_a_document_gets_nothing_out(small: SmallBank) -> None:
    search = ("passages", {"query": "frozen peas warehouse", "borrower": "C004"})
    result, script = asked(
        small,
        calls(search),
        says("The current ratio of Harbor Lane Foods, Inc. is 9.99."),
        question="What do the notes of Harbor Lane say about peas?",
    )
    assert result.model == "analyst"
    assert "9.99" not in result.answer
    told = next(m["content"] for m in script.requests[1]["messages"] if m["role"] == "tool")
    assert told.startswith("The text between <document> tags")


def test_history_of_the_thread_is_told(small: SmallBank) -> None:
    asked(small, calls(FIGURE), says(RIGHT), thread="talk")
    _, script = asked(small, calls(FIGURE), says(RIGHT), thread="talk", question="那2024年呢?")
    roles = [m["role"] for m in script.requests[0]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize("name", ["gpt", "openai:", "nobody:model"])
def test_a_model_that_cannot_be_started_is_a_settings_error(name: str) -> None:
    with pytest.raises(SettingsError, match=r"provider|model"):
        start_model(ModelChoice(name, "http://127.0.0.1:9/v1", "k"))
