"""The analyst as a chat model: the thin adapter that lets LangChain's agent talk to the pure planner and writer.

It keeps nothing. Everything it needs stands in the messages: the question with its context in `additional_kwargs`, the tool
results with their artifacts. The same messages always give the same next message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from assistant.analyst.conversation import Conversation
from assistant.analyst.glossary import Tongue
from assistant.analyst.planning import linking_call, plan
from assistant.analyst.plans import Call, Plan
from assistant.analyst.threads import after_answer, restated
from assistant.analyst.writers.mentioned import REPLANNED, spoken_for
from assistant.analyst.writing import write
from tools.toolbox.artifacts import Artifact, Value

CONTEXT = "loanward"
"""Key of the question's context in `additional_kwargs`: as_of, conversation, borrower."""
FIRST_CALL = "link"


def context_of(as_of: date, conversation: Conversation, borrower: str | None) -> dict[str, Any]:
    """What the question's message carries for the analyst. Other models never see it."""
    return {CONTEXT: {"as_of": as_of.isoformat(), "conversation": conversation.to_json(), "borrower": borrower}}


class AnalystModel(BaseChatModel):
    """Deterministic; no key, no network."""

    tongue: Any
    tools_known: tuple[str, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "loanward-analyst"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Nothing to learn: the plans name their tools."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.next_message(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self.next_message(messages)
        chunks = [
            tool_call_chunk(name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=place)
            for place, call in enumerate(message.tool_calls)
        ]
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content=message.content,
                tool_call_chunks=chunks,
                response_metadata=message.response_metadata,
                chunk_position="last",
            )
        )

    def next_message(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The next step: link, look up, or answer."""
        tongue: Tongue = self.tongue
        place = max(
            (i for i, m in enumerate(messages) if isinstance(m, HumanMessage) and CONTEXT in m.additional_kwargs), default=-1
        )
        if place < 0:
            return AIMessage("")
        question, context = str(messages[place].content), messages[place].additional_kwargs[CONTEXT]
        conversation = Conversation.from_json(context["conversation"])
        results = {m.tool_call_id: m for m in messages[place:] if isinstance(m, ToolMessage)}
        linked = results.get(FIRST_CALL)
        if linked is None:
            return AIMessage("", tool_calls=[_tool_call(linking_call(question, conversation), FIRST_CALL)])
        as_of = date.fromisoformat(context["as_of"])
        found = artifact_of(linked) or Artifact("find_borrower")
        made, stage = plan(question, conversation, tongue.lexicon, as_of, found, context["borrower"]), "call"
        waiting = [i for i in range(len(made.calls)) if _id(stage, i) not in results]
        if not waiting and (met := _of_a_person(made, results, question, conversation)):
            # Who the person met speaks for is known now: the question is about that borrower.
            found, stage = replace(found, values=(*found.values, met)), "then"
            made = plan(question, conversation, tongue.lexicon, as_of, found, context["borrower"])
            waiting = [i for i in range(len(made.calls)) if _id(stage, i) not in results]
        if waiting:
            return AIMessage("", tool_calls=[_tool_call(made.calls[i], _id(stage, i)) for i in waiting])
        return self._answer(tongue, made, results, as_of, found, stage)

    def _answer(
        self, tongue: Tongue, made: Plan, results: Mapping[str, ToolMessage], as_of: date, linked: Artifact, stage: str
    ) -> AIMessage:
        artifacts = [artifact_of(results[_id(stage, i)]) for i in range(len(made.calls))]
        written = write(made, artifacts, tongue.glossary, as_of, linked)
        told = {
            "status": written.status,
            "language": written.language,
            "frames": list(written.frames),
            "conversation": after_answer(made, written.text, artifacts).to_json(),
        }
        return AIMessage(written.text, response_metadata={CONTEXT: told})


def artifact_of(message: ToolMessage) -> Artifact | None:
    """The artifact of a tool message; None when the tool failed."""
    return message.artifact if isinstance(message.artifact, Artifact) and message.status != "error" else None


def _of_a_person(made: Plan, results: Mapping[str, ToolMessage], question: str, conversation: Conversation) -> Value | None:
    """The borrower a person stands for who was met on a visit and is asked about, as a mention of that borrower."""
    for part in made.parts:
        if part.frame != "mention" or part.options["wanted"] not in REPLANNED or not part.calls:
            continue
        artifact, said = artifact_of(results[_id("call", part.calls[0])]), str(part.options["said"])
        owner = spoken_for(artifact, said) if artifact is not None else None
        start = restated(question, conversation).text.find(said)
        if owner is not None and start >= 0:
            return Value(
                f"mention:{owner}:{start}",
                "mention",
                None,
                "state",
                about=owner,
                state="name",
                inputs=(said, str(start), str(start + len(said))),
            )
    return None


def _id(stage: str, place: int) -> str:
    return f"{stage}-{place + 1}"


def _tool_call(call: Call, id: str) -> dict[str, Any]:
    return {"name": call.tool, "args": dict(call.arguments), "id": id, "type": "tool_call"}
