"""A figure question in a running process against an agent that does nothing but make the same tool calls.

The no-op agent has the same tools and a model that plays back the recorded calls and a fixed text; it checks nothing, records
nothing and understands nothing, so the ratio is the price of understanding, checking and recording.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from assistant.agent import agent_tools
from assistant.context import Run
from assistant.wiring import metric_names
from eval.bench import Measure
from tools.domain.callers import LOCAL

if TYPE_CHECKING:
    from assistant.wiring import Bank

ROUNDS = 25


class Playback(BaseChatModel):
    """Plays back tool calls, then a fixed answer."""

    calls: list[dict[str, Any]]

    @property
    def _llm_type(self) -> str:
        return "playback"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Runnable[Any, AIMessage]:
        """Tools are known by name only."""
        return self

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **options: Any
    ) -> ChatResult:
        made = sum(isinstance(message, ToolMessage) for message in messages)
        if made < len(self.calls):
            call = self.calls[made]
            message = AIMessage(
                "", tool_calls=[{"name": call["name"], "args": call["arguments"], "id": f"c{made}", "type": "tool_call"}]
            )
        else:
            message = AIMessage("done")
        return ChatResult(generations=[ChatGeneration(message=message)])


def beside(bank: Bank, question: str, rounds: int) -> tuple[list[float], list[float], int]:
    """Seconds of so many answers and of as many no-op runs in turn, and the number of tool calls; the first answer is not counted."""
    from assistant.answering import answer

    names = metric_names(bank.rulebook)
    now = datetime.now(UTC)
    clocks = bank.clocks(None, None, now)
    first = answer(bank, question, caller=LOCAL, clocks=clocks, now=now)
    calls = [{"name": used.name, "arguments": dict(used.arguments)} for used in first.used]
    noop = create_agent(Playback(calls=calls), agent_tools(), system_prompt="", context_schema=Run)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        answer(bank, question, caller=LOCAL, clocks=clocks, now=datetime.now(UTC))
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        run = Run(bank.desk(LOCAL, clocks), question, names, {})
        noop.invoke({"messages": [HumanMessage(question)]}, {"max_concurrency": 1}, context=run)
        theirs.append(time.perf_counter() - started)
    return ours, theirs, len(calls)


def bench_questions(bank: Bank, questions: Sequence[str], say: Callable[[str], None]) -> list[Measure]:
    """The median over `questions` of the ratio of medians."""
    ratios: list[float] = []
    details: list[str] = []
    for question in questions:
        ours, theirs, calls = beside(bank, question, ROUNDS)
        mine, other = statistics.median(ours), statistics.median(theirs)
        ratios.append(mine / other)
        details.append(f"{question}: {mine * 1000:.0f} ms against {other * 1000:.0f} ms with {calls} tool calls")
        say(details[-1])
    ratio = statistics.median(ratios)
    return [
        Measure(
            "a figure question in a running process",
            "scripted no-op agent, same tool calls",
            ratio,
            "<= 2.0",
            ratio <= 2.0,
            "; ".join(details),
        )
    ]
