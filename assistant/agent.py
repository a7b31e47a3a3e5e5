"""The agent: one LangChain graph over the registry's tools, the same for the analyst and for a real model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import get_runtime

from assistant.context import Run
from assistant.middleware import Gate, MaskPersonalData, ModelFaults, RequireRun, ToolErrors
from prompts.library import prompt
from tools.toolbox.artifacts import Artifact
from tools.toolbox.registry import Tool, registry

Agent = CompiledStateGraph[Any, Run, Any, Any]
MOST_STEPS = 80
"""LangGraph's own limit is 9999."""


def build_agent(
    model: BaseChatModel, *, model_calls: int, tries: int = 2, masked: bool = False, foreign: bool = False
) -> Agent:
    """A compiled agent. `model_calls`: most calls of the model per question; `tries`: answers the gate looks at; `masked`: the model is
    outside the bank and sees no personal data."""
    around: list[Any] = [
        RequireRun(),
        ModelCallLimitMiddleware(run_limit=model_calls, exit_behavior="error"),
        ToolErrors(),
        Gate(tries),
    ]
    if foreign:
        around.append(ModelFaults())
    if masked:
        around.append(MaskPersonalData())
    return create_agent(
        model,
        agent_tools(),
        system_prompt=prompt("assistant"),
        middleware=around,
        context_schema=Run,
    )


def agent_tools() -> Sequence[BaseTool]:
    """The registry as LangChain tools. The artifact stays here; the model sees the text."""
    return [_agent_tool(tool) for tool in registry().values()]


def _agent_tool(tool: Tool) -> BaseTool:
    return StructuredTool.from_function(
        _runner(tool.name),
        name=tool.name,
        description=tool.description,
        args_schema=tool.arguments,
        response_format="content_and_artifact",
    )


def _runner(name: str) -> Callable[..., tuple[str, Artifact]]:
    def run(**arguments: Any) -> tuple[str, Artifact]:
        result = get_runtime(Run).context.call(name, _plain(arguments))
        return result.text, result.artifact

    return run


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as JSON types: nested models back to dictionaries."""
    return {
        name: [item.model_dump() if hasattr(item, "model_dump") else item for item in value]
        if isinstance(value, list)
        else value
        for name, value in arguments.items()
    }
