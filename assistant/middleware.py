"""What stands around the model: a caller or nothing, tool errors as messages, and the gate before anything leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NotRequired

from langchain.agents.middleware import AgentMiddleware, AgentState, hook_config
from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

from assistant.checking import check
from assistant.context import Run
from assistant.masking import Mask
from assistant.speech import understood
from prompts.library import prompt
from tools.errors import BadRequest, LoanwardError, ModelUnavailable, NotPermitted

TRIES = 2
"""A first answer and one correction; then the analyst writes."""


class RequireRun(AgentMiddleware[AgentState[Any], Run]):
    """Fail closed: LangGraph accepts a missing context silently, and then nobody is asking."""

    def before_agent(self, state: AgentState[Any], runtime: Runtime[Run]) -> None:
        """Refuses to start without a run."""
        if not isinstance(runtime.context, Run):
            raise NotPermitted("the assistant was started without a caller", fix="Pass context=Run(...)")


class ToolErrors(AgentMiddleware[AgentState[Any], Run]):
    """What a tool refuses is told to the model; faults of the program are not hidden."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """A BadRequest (an unknown borrower among them) becomes an error message."""
        try:
            return handler(request)
        except BadRequest as problem:
            return ToolMessage(
                str(problem), tool_call_id=request.tool_call["id"] or "", name=request.tool_call["name"], status="error"
            )


class ModelFaults(AgentMiddleware[AgentState[Any], Run]):
    """Whatever goes wrong while a model outside the program is called is the model's fault: a dead address, a limit, a reply that is none.

    `streaming`: the server was found to answer only as a stream."""

    def __init__(self) -> None:
        super().__init__()
        self.streaming = False

    def wrap_model_call(
        self, request: ModelRequest[Run], handler: Callable[[ModelRequest[Run]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """ModelUnavailable for everything but errors of our own. A reply that is no JSON is asked for once more as a stream."""
        try:
            try:
                reply = handler(self._asked(request))
            except (ValueError, TypeError, AttributeError):
                if self.streaming or not hasattr(request.model, "streaming"):
                    raise
                self.streaming = True
                reply = handler(self._asked(request))
        except LoanwardError:
            raise
        except Exception as problem:  # clients and providers raise what they like for a reply they cannot read
            raise ModelUnavailable(
                f"the model did not answer: {type(problem).__name__}", fix="Check model_base_url and the server"
            ) from problem
        known = frozenset(str(getattr(tool, "name", "")) for tool in request.tools)
        reply.result[:] = [
            understood(message, known) if isinstance(message, AIMessage) else message for message in reply.result
        ]
        return reply

    def _asked(self, request: ModelRequest[Run]) -> ModelRequest[Run]:
        return request.override(model=request.model.model_copy(update={"streaming": True})) if self.streaming else request


class MaskPersonalData(AgentMiddleware[AgentState[Any], Run]):
    """What goes to a model outside the bank holds tokens for personal data; what comes back is turned into the values again."""

    def wrap_model_call(
        self, request: ModelRequest[Run], handler: Callable[[ModelRequest[Run]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Hides in every message, reveals in every reply and in the arguments of tool calls."""
        mask = request.runtime.context.mask
        if mask is None:
            raise NotPermitted("a model outside the bank was asked without a mask", fix="Set model_place, or report this")
        reply = handler(request.override(messages=[_hidden(message, mask) for message in request.messages]))
        reply.result[:] = [_revealed(message, mask) for message in reply.result]
        return reply


def _hidden(message: Any, mask: Mask) -> Any:
    changed: dict[str, Any] = {"content": mask.hide_in(message.content)}
    if isinstance(message, AIMessage):
        changed["tool_calls"] = [{**call, "args": mask.hide_in(call["args"])} for call in message.tool_calls]
        changed["additional_kwargs"] = {}
    return message.model_copy(update=changed)


def _revealed(message: Any, mask: Mask) -> Any:
    if not isinstance(message, AIMessage):
        return message
    calls = [{**call, "args": mask.reveal_in(call["args"])} for call in message.tool_calls]
    return message.model_copy(update={"content": mask.reveal_in(message.content), "tool_calls": calls})


class GateState(AgentState[Any]):
    """How often the gate has sent the model back."""

    gate_tries: NotRequired[int]


class Gate(AgentMiddleware[GateState, Run]):
    """Nothing leaves unchecked. A first answer that fails goes back once with the list of what no tool found."""

    state_schema = GateState

    def __init__(self, tries: int = TRIES) -> None:
        super().__init__()
        self.tries = tries

    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: GateState, runtime: Runtime[Run]) -> dict[str, Any] | None:
        """Checks a final message; the run keeps the verdict."""
        last = state["messages"][-1]
        if not isinstance(last, AIMessage) or last.tool_calls:
            return None
        run = runtime.context
        bad = check(run, _text(last))
        if not bad:
            return None
        tries = state.get("gate_tries", 0) + 1
        if tries >= self.tries:
            return {"jump_to": "end", "gate_tries": tries}
        listed = "\n".join(f"- {item.kind} {item.text!r}: {item.why}" for item in bad[:12])
        complaint = prompt("complaint").format(findings=listed)
        return {"jump_to": "model", "gate_tries": tries, "messages": [HumanMessage(complaint)]}


def _text(message: AIMessage) -> str:
    return message.text if isinstance(message.text, str) else str(message.text)
