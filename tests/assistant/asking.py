"""Asking the small bank in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.agent import build_agent
from assistant.analyst.chat_model import context_of
from assistant.analyst.conversation import Conversation
from assistant.context import Run
from assistant.models import ModelChoice
from assistant.results import AskResult
from tests.assistant.bank import NOW, OFFICER, SmallBank
from tools.domain.callers import LOCAL, Caller


def ask(small: SmallBank, question: str, caller: Caller = OFFICER, **more: Any) -> AskResult:
    return small.bank.assistant.ask(question, caller=caller, clocks=small.clocks, now=NOW, **more)


def record(small: SmallBank, result: AskResult) -> dict[str, Any]:
    """The payload the trail keeps of an answer."""
    shown = small.bank.store.trail.show(LOCAL, result.trail_id)
    assert shown is not None
    payload: dict[str, Any] = shown["payload"]
    return payload


def transcript(small: SmallBank, question: str, caller: Caller = OFFICER) -> list[AIMessage]:
    """What the analyst says for a question, as a model would have: its tool calls, then its text with the tools' marks."""
    assistant = small.bank.assistant
    run = Run(small.bank.desk(caller, small.clocks), question, assistant.names, assistant.value_names)
    first = HumanMessage(question, additional_kwargs=context_of(small.clocks.as_of, Conversation(), None))
    state = assistant.analyst.invoke({"messages": [first]}, {"max_concurrency": 1}, context=run)
    assert not run.unsupported
    return [message for message in state["messages"] if isinstance(message, AIMessage)]


class Replay(BaseChatModel):
    """A model that says what it is given, one message a call, the last one again and again."""

    said: list[AIMessage]
    place: int = 0

    @property
    def _llm_type(self) -> str:
        return "replay"

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
        message = self.said[min(self.place, len(self.said) - 1)]
        self.place += 1
        return ChatResult(generations=[ChatGeneration(message=message.model_copy(update={"id": None}))])


def ask_model(small: SmallBank, question: str, said: list[AIMessage], caller: Caller = OFFICER) -> AskResult:
    """The question answered by a model that says `said`."""
    assistant = replace(small.bank.assistant, choice=ModelChoice("replay:model"))
    assistant.__dict__["outside"] = build_agent(Replay(said=said), model_calls=12)
    assistant.__dict__["analyst"] = small.bank.assistant.analyst
    return assistant.ask(question, caller=caller, clocks=small.clocks, now=NOW)
