"""What the servers inside a bank say, as the agent understands it: thoughts left out, tool calls written as text read, missing ids given.

Qwen and other open models think aloud in the answer and, behind a server without a parser for them, write their calls as text; some
servers give calls no id. Only calls of tools that exist are read; everything else stays text and meets the gate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage
from langchain_core.messages.tool import ToolCall, tool_call

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>\s*", re.DOTALL | re.IGNORECASE)
_OPENING = re.compile(r"^.*?</(?:think|thinking|reasoning)>\s*", re.DOTALL | re.IGNORECASE)
_ENDLESS = re.compile(r"<(?:think|thinking|reasoning)>.*\Z", re.DOTALL | re.IGNORECASE)
_TAGGED = re.compile(
    r"<(?P<tag>tool_call|function_call|tools)>\s*(?P<body>.*?)\s*(?:</(?P=tag)>|\Z)", re.DOTALL | re.IGNORECASE
)
_FENCED = re.compile(r"\A\s*```(?:json|tool_call)?\s*(?P<body>[\[{].*[\]}])\s*```\s*\Z", re.DOTALL)
_WITHIN = re.compile(r"\A\s*(?P<body>[\[{].*[\]}])\s*\Z", re.DOTALL)


def understood(message: AIMessage, tools: Set[str]) -> AIMessage:
    """The message without thoughts, its calls with ids; calls written as text become calls when the server gave none."""
    calls: list[ToolCall] = [
        tool_call(name=call["name"], args=call["args"], id=call["id"] or _id()) for call in message.tool_calls
    ]
    content: Any = message.content
    if isinstance(content, str):
        content = _said(content)
        if not calls and not message.invalid_tool_calls and (written := list(_written(content, tools))):
            calls, content = written, ""
    if content == message.content and calls == message.tool_calls:
        return message
    return message.model_copy(update={"content": content, "tool_calls": calls})


def _said(text: str) -> str:
    """The text without what was only thought; a thought that never ends leaves nothing."""
    spoken = _THOUGHT.sub("", text)
    spoken = _OPENING.sub("", spoken) if re.search(r"</(?:think|thinking|reasoning)>", spoken, re.IGNORECASE) else spoken
    return _ENDLESS.sub("", spoken).strip() if spoken != text or _ENDLESS.search(spoken) else text


def _written(text: str, tools: Set[str]) -> Iterator[ToolCall]:
    tagged = [match["body"] for match in _TAGGED.finditer(text)]
    whole = _FENCED.match(text) or _WITHIN.match(text)
    for body in tagged or ([whole["body"]] if whole else []):
        try:
            read = json.loads(body)
        except ValueError:
            continue
        for one in read if isinstance(read, list) else [read]:
            if (call := _call(one, tools)) is not None:
                yield call


def _call(read: object, tools: Set[str]) -> ToolCall | None:
    if not isinstance(read, dict):
        return None
    inner = read.get("function")
    named: dict[str, Any] = inner if isinstance(inner, dict) else read
    arguments: Any = named.get("arguments", named.get("parameters", {}))
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except ValueError:
            return None
    name = named.get("name")
    if name not in tools or not isinstance(arguments, dict):
        return None
    return tool_call(name=str(name), args=arguments, id=_id())


def _id() -> str:
    return f"call-{uuid4().hex[:12]}"
