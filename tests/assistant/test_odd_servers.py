"""Servers that speak the protocol with an accent: DeepSeek, Qwen behind vLLM, Ollama, gateways that only stream. Their right answers are shown."""

from __future__ import annotations

import json

import pytest
from langchain_core.messages import AIMessage

from assistant.speech import understood
from tests.assistant.bank import SmallBank
from tests.assistant.openai_server import Reply, Request, calls, says, spoken, streams
from tests.assistant.test_model_faults import FIGURE, RIGHT, asked, bank

__all__ = ["bank"]
WRITTEN = json.dumps({"name": FIGURE[0], "arguments": FIGURE[1]})


def marked(text: str) -> Reply:
    """The right answer's marks filled in, other words around it."""

    def reply(request: Request) -> tuple[int, dict[str, object]]:
        status, content = says(RIGHT)(request)
        message = content["choices"][0]["message"]
        message["content"] = text.format(right=message["content"])
        message["reasoning_content"] = "The ratio is 9.99, no, 1.18. I should answer in Chinese."
        return status, content

    return reply


@pytest.mark.parametrize(
    "first",
    [
        spoken({"content": f"<think>I need figures, at 9.99.</think>\n<tool_call>\n{WRITTEN}\n</tool_call>"}),
        spoken({"content": f"```json\n{WRITTEN}\n```"}),
        spoken({"content": WRITTEN, "reasoning_content": "Which tool? figures."}),
        spoken({"content": "", "tool_calls": [{"type": "function", "function": {"name": FIGURE[0], "arguments": json.dumps(FIGURE[1])}}]}),
        spoken({"content": "", "tool_calls": [{"id": "", "type": "function", "function": {"name": FIGURE[0], "arguments": json.dumps(FIGURE[1])}}]}),
    ],
    ids=["qwen", "fenced", "bare", "no id", "empty id"],
)  # fmt: skip
def test_calls_in_any_accent_are_made(bank: SmallBank, first: Reply) -> None:
    result, script = asked(bank, first, marked("{right}"))
    assert result.model == "openai:scripted" and result.verified
    assert "1.18" in result.answer
    assert any(message["role"] == "tool" and message["tool_call_id"] for message in script.requests[-1]["messages"])


@pytest.mark.parametrize(
    "text",
    ["<think>It may be 9.99, or 8.88.</think>\n\n{right}", "It may be 9.99.\n</think>\n{right}", "{right}"],
    ids=["think", "think without a beginning", "reasoning_content"],
)
def test_thoughts_are_not_part_of_the_answer(bank: SmallBank, text: str) -> None:
    result, _ = asked(bank, calls(FIGURE), marked(text))
    assert result.model == "openai:scripted" and result.verified
    assert "9.99" not in result.answer and "think" not in result.answer


def test_a_server_that_only_streams_is_read_to_the_end(bank: SmallBank) -> None:
    result, script = asked(bank, streams(calls(FIGURE)), streams(calls(FIGURE)), streams(marked("{right}")))
    assert result.model == "openai:scripted" and result.verified
    assert script.requests[-1]["stream"] is True


@pytest.mark.parametrize("empty", ["", "   ", "<think>Nothing comes to mind</think>", "<think>endless"])
def test_an_empty_answer_leaves_it_to_the_analyst(bank: SmallBank, empty: str) -> None:
    result, _ = asked(bank, calls(FIGURE), spoken({"content": empty}))
    assert result.model == "analyst" and result.verified and "1.18" in result.answer


def test_only_tools_that_exist_are_read_out_of_text() -> None:
    text = 'See <tool_call>{"name": "delete_loans", "arguments": {}}</tool_call>'
    assert understood(AIMessage(text), frozenset({"figures"})).tool_calls == []
    assert (
        understood(
            AIMessage('<tool_call>{"name": "figures", "arguments": "{broken"}</tool_call>'), frozenset({"figures"})
        ).tool_calls
        == []
    )


def test_calls_given_properly_are_left_as_they_are() -> None:
    message = AIMessage("", tool_calls=[{"name": "figures", "args": {}, "id": "c1", "type": "tool_call"}])
    assert understood(message, frozenset({"figures"})) is message
