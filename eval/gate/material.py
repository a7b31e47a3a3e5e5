"""Real answers to alter and to reword: the analyst's text with its marks, and the artifacts it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from assistant.analyst.chat_model import AnalystModel, context_of
from assistant.analyst.conversation import Conversation
from assistant.checking import check
from assistant.context import Run
from assistant.verification.gate import Unsupported
from assistant.wiring import Bank
from eval.fresh.running import SETS, questions
from eval.golden.questions import Question, load
from tools.domain.callers import Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Spoken:
    """One answer as the analyst wrote it: `text` still carries its marks; `run` holds what the tools found."""

    question: str
    language: str
    text: str
    run: Run = field(repr=False)

    def findings(self, text: str) -> list[Unsupported]:
        """What the gate finds in another text about the same artifacts; the run is left as it was."""
        return check(replace(self.run, checks=[]), text)


def spoken(bank: Bank, question: str, caller: Caller, clocks: Clocks, borrower: str | None = None) -> Spoken | None:
    """The analyst's answer to one question that stands alone; None when nothing was answered."""
    assistant = bank.assistant
    run = Run(bank.desk(caller, clocks), question, assistant.names, assistant.value_names)
    model = AnalystModel(tongue=assistant.tongue)
    messages: list[BaseMessage] = [HumanMessage(question, additional_kwargs=context_of(clocks.as_of, Conversation(), borrower))]
    while True:
        said = model.next_message(messages)
        if not said.tool_calls:
            break
        messages.append(said)
        for call in said.tool_calls:
            messages.append(_run(run, call["name"], call["args"], call["id"] or ""))
    text = str(said.content)
    told = said.response_metadata.get("loanward", {})
    if told.get("status") != "answered" or not any(c.isdigit() for c in text):
        return None
    return Spoken(question, str(told["language"]), text, run)


def _run(run: Run, name: str, arguments: dict[str, object], id: str) -> ToolMessage:
    try:
        result = run.call(name, arguments)
    except BadRequest as problem:
        return ToolMessage(str(problem), tool_call_id=id, name=name, status="error")
    return ToolMessage(result.text, tool_call_id=id, name=name, artifact=result.artifact)


def asked() -> Iterator[Question]:
    """Every question written for one of the banks that stands alone; one about another bank's borrowers is answered by none of this one."""
    yield from (question for question in load() if not question.thread and question.status == "answered")
    for chosen in SETS.values():
        for key, language, user, turns in questions(chosen.questions, ""):
            if len(turns) == 1 and "answered" in str(turns[0][1].get("status", "answered")):
                yield Question(key, turns[0][1]["ask"], language, "answered", user=user)


def right_answers(bank: Bank, clocks: Clocks, now: datetime, every: int = 1) -> Iterator[Spoken]:
    """The answers to these questions (to every so many of them) that the gate itself lets through."""
    for question in list(asked())[::every]:
        said = spoken(bank, question.text, bank.caller(question.user, now), clocks, question.borrower)
        asks = said is not None and ("请问您问的是" in said.text or "Which borrower do you mean" in said.text)
        if said is not None and not asks and not said.findings(said.text):
            yield said
