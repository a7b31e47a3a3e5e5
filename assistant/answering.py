"""Asking: one question in, one checked, recorded answer out. No record, no answer.

The model chosen by the settings answers first, if it is not the analyst itself. When it cannot be reached, runs over its limits or
fails the check twice, the analyst answers instead, and the record says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.errors import GraphRecursionError

from assistant.agent import MOST_STEPS, Agent, build_agent
from assistant.analyst.chat_model import CONTEXT, AnalystModel, context_of
from assistant.analyst.conversation import Conversation
from assistant.analyst.glossary import Tongue, tongue_of
from assistant.analyst.planning import plan
from assistant.analyst.plans import STATUS_OF
from assistant.analyst.threads import restated
from assistant.checking import check
from assistant.context import Progress, Run
from assistant.masking import mask_for
from assistant.memory import thread_date, told_before, wants_forgetting
from assistant.models import ANALYST, ModelChoice, start_model
from assistant.record import payload_of
from assistant.results import AskResult
from assistant.verification.evidence import Names
from assistant.verification.vocabulary import vocabulary
from prompts.library import phrase_book
from tools.domain.callers import Caller
from tools.domain.definitions import Rulebook
from tools.domain.periods import Clocks
from tools.errors import BadRequest, ModelUnavailable
from tools.store.database import Store
from tools.store.trail import Act
from tools.toolbox.borrowers import find_borrower
from tools.toolbox.desk import Desk

if TYPE_CHECKING:
    from assistant.wiring import Bank

LONGEST = 4000
TURNS_TOLD = 6
"""How many earlier messages of a thread a real model is given."""
ANALYST_CALLS = 6


@dataclass
class Assistant:
    """Built once per process. `make_desk` gives each question its own desk; `names` are the metrics' names for the gate."""

    store: Store
    make_desk: Callable[[Caller, Clocks], Desk]
    rulebook: Rulebook
    names: Names
    choice: ModelChoice = field(default_factory=ModelChoice)
    model_calls: int = 8

    @cached_property
    def tongue(self) -> Tongue:
        """The analyst's words."""
        return tongue_of(self.rulebook)

    @cached_property
    def analyst(self) -> Agent:
        """The agent over the analyst. Its answer is checked once: it would only say the same again."""
        return build_agent(AnalystModel(tongue=self.tongue), model_calls=ANALYST_CALLS, tries=1)

    @cached_property
    def outside(self) -> Agent:
        """The agent over the model of the settings."""
        return build_agent(start_model(self.choice), model_calls=self.model_calls, masked=self.choice.masked, foreign=True)

    @property
    def value_names(self) -> Names:
        """What the tools' own values are called."""
        return vocabulary().value_names

    def ask(
        self, question: str, *, caller: Caller, clocks: Clocks, now: datetime, thread: str | None = None, borrower: str | None = None,
        progress: Progress | None = None,
    ) -> AskResult:  # fmt: skip
        """Answer one question. BadRequest for an empty or endless one, UnknownBorrower for an explicit unknown borrower."""
        started = time.perf_counter()
        if not question.strip():
            raise BadRequest("the question is empty", fix="Ask something, for example about a borrower's ratios or covenants")
        if len(question) > LONGEST:
            raise BadRequest(f"the question has {len(question)} characters", fix=f"Ask in at most {LONGEST}")
        desk = self.make_desk(caller, clocks)
        given = desk.borrower(borrower).id if borrower else None
        history = self.store.threads.read(caller, thread) if thread else []
        stands = thread_date(question, history, clocks.as_of) if thread else None
        desk = desk.at(stands) if stands else desk
        desk.now = now
        before = Conversation.from_json(next((m["conversation"] for m in reversed(history) if "conversation" in m), None))
        tried: list[str] = []
        outcome: Outcome | None = None
        if not self.choice.is_analyst:
            outcome = self._outside(desk, question, history, before, given, progress, tried)
        if outcome is None:
            outcome = self._analyst(desk, question, before, given, progress)
        result = AskResult.made(
            outcome.run, outcome.told, outcome.model, desk.clocks, round((time.perf_counter() - started) * 1000)
        )
        said = payload_of(result, outcome.run, self.rulebook.digest, thread, tried, before.to_json(), given)
        return self._recorded(result, outcome, caller, now, thread, question, said, stands)

    def again(self, question: str, desk: Desk, before: Mapping[str, Any], borrower: str | None) -> tuple[str, Run]:
        """The analyst's answer to a question asked before, with what it found; nothing is recorded."""
        outcome = self._analyst(desk, question, Conversation.from_json(before or None), borrower, None)
        assert outcome.run.cited is not None
        return outcome.run.cited.text, outcome.run

    def _analyst(
        self, desk: Desk, question: str, before: Conversation, given: str | None, progress: Progress | None
    ) -> Outcome:
        run = self._run(desk, question, progress)
        message = HumanMessage(question, additional_kwargs=context_of(desk.clocks.as_of, before, given))
        last = self._invoke(self.analyst, [message], run)
        told = dict(last.response_metadata.get(CONTEXT, {}))
        if run.unsupported:
            _withdraw(run, told)
        return Outcome(run, told, ANALYST)

    def _outside(
        self, desk: Desk, question: str, history: Sequence[Mapping[str, Any]], before: Conversation, given: str | None,
        progress: Progress | None, tried: list[str],
    ) -> Outcome | None:  # fmt: skip
        """The real model's answer; None, with the reason in `tried`, when the analyst has to answer."""
        run = self._run(desk, question, progress)
        run.mask = mask_for(desk) if self.choice.masked else None
        before_that = told_before(history, TURNS_TOLD)
        messages: list[BaseMessage] = [HumanMessage(before_that)] if before_that else []
        messages += [_told(m) for m in history[-TURNS_TOLD:] if m.get("role") in ("user", "assistant")]
        hint = f"\n(Business date {desk.clocks.as_of}" + (f"; the borrower in question is {given})" if given else ")")
        messages.append(HumanMessage(question + hint))
        try:
            self._invoke(self.outside, messages, run)
        except (ModelCallLimitExceededError, GraphRecursionError) as problem:
            tried.append(f"over its limits: {problem}")
            return None
        except ModelUnavailable as problem:
            tried.append(str(problem))
            return None
        if run.cited is None or run.unsupported:
            tried.append("failed the check: " + "; ".join(f"{u.kind} {u.text}" for u in run.unsupported[:5]))
            return None
        linked = find_borrower(desk, restated(question, before).text).artifact
        made = plan(question, before, self.tongue.lexicon, desk.clocks.as_of, linked, given)
        # A model that answers without any source to a question that has no answer: refused, not found, and so on.
        frames = {part.frame for part in made.parts}
        nothing = frames.pop() if not run.cited.citations and len(frames) == 1 else ""
        told = {
            "status": STATUS_OF.get(nothing, "answered"),
            "language": made.language,
            "frames": [],
            "conversation": made.then.to_json(),
        }
        return Outcome(run, told, self.choice.name)

    def _run(self, desk: Desk, question: str, progress: Progress | None) -> Run:
        return Run(desk, question, self.names, self.value_names, progress)

    def _invoke(self, agent: Agent, messages: Sequence[BaseMessage], run: Run) -> AIMessage:
        """One run, tools one after the other: a store connection belongs to one thread."""
        from assistant.faults import model_faults

        with model_faults():
            state = agent.invoke(
                {"messages": list(messages)}, {"recursion_limit": MOST_STEPS, "max_concurrency": 1}, context=run
            )
        last = state["messages"][-1]
        return last if isinstance(last, AIMessage) else AIMessage("")

    def _recorded(
        self,
        result: AskResult,
        outcome: Outcome,
        caller: Caller,
        now: datetime,
        thread: str | None,
        question: str,
        payload: Mapping[str, Any],
        stands: date | None = None,
    ) -> AskResult:
        """The record, the thread and the answer are one: what cannot be recorded is not said."""
        focus = outcome.told.get("conversation", {}).get("focus", [])
        about = focus[0] if len(focus) == 1 else None
        moment = now.astimezone(UTC)
        with self.store.transaction():
            record = self.store.trail.append(caller, Act.ANSWER, thread or "question", payload, moment, about)
            if thread and wants_forgetting(question):
                self.store.threads.forget(caller, thread)
            elif thread:
                self.store.threads.append(
                    caller, thread,
                    [{"role": "user", "text": question},
                     {"role": "assistant", "text": result.answer, "conversation": outcome.told.get("conversation"), "trail_id": record.id,
                      **({"as_of": stands.isoformat()} if stands else {})}],
                    moment,
                )  # fmt: skip
        return result.with_trail(record.id)


def answer(
    bank: Bank, question: str, *, caller: Caller, clocks: Clocks, now: datetime, thread: str | None = None, borrower: str | None = None,
    progress: Progress | None = None,
) -> AskResult:  # fmt: skip
    """Ask an opened bank; see `Assistant.ask`."""
    return bank.assistant.ask(
        question, caller=caller, clocks=clocks, now=now, thread=thread, borrower=borrower, progress=progress
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run: what the model told beside the text (status, language, conversation), and which model it was."""

    run: Run
    told: Mapping[str, Any]
    model: str


def _told(message: Mapping[str, Any]) -> BaseMessage:
    return HumanMessage(message["text"]) if message["role"] == "user" else AIMessage(message["text"])


def _withdraw(run: Run, told: dict[str, Any]) -> None:
    """The analyst's own text failed: drop the lines that did; when nothing sound is left, say that it was withdrawn."""
    assert run.cited is not None
    failed, text = run.unsupported, run.cited.text
    kept, place = [], 0
    for line in text.split("\n"):
        end = place + len(line)
        if not any(place <= u.start <= end for u in failed):
            kept.append(line)
        place = end + 1
    citations = run.cited.citations
    if any(line.strip() for line in kept) and all(u.end for u in failed):
        note = str(phrase_book(f"phrases_{told.get('language', 'en')}")["phrases"]["withdrawn"])
        rest = "\n".join([*kept, note])
        check(run, rest)
        assert run.cited is not None
        run.cited.citations = citations
        if not [u for u in run.unsupported if u.kind != "citation"]:
            run.unsupported = []
            return
    language = str(told.get("language", "en"))
    check(run, str(phrase_book(f"phrases_{language}")["phrases"]["unverified"]))
    told["status"] = "not_available"
