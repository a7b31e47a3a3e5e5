"""Asking: a question in, the verified answer out, as JSON or as events that show the work on the way.

Model tokens are never streamed: only steps are, and then the answer that was checked. Who hangs up stops the work before its next
tool call.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable, Mapping
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import anyio.to_thread
from fastapi import Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from integrations.api.finding import PARTS, Wanted, borrower_shape, document_shape, find
from integrations.api.problems import as_refused, log
from integrations.api.rest.common import Limit, Offset, OneBorrower, router
from integrations.api.shapes import AskShape, FoundShape, PassageShape
from integrations.api.visits import Day, Visit, Visiting
from tools.domain.figures import Figure
from tools.domain.shapes import fact_shape, figure_shape, passage_shape
from tools.errors import LoanwardError

if TYPE_CHECKING:
    from assistant.results import AskResult

routes = router("ask and search")
Query_ = Annotated[str, Query(min_length=1, max_length=400)]


class Question(BaseModel):
    """One question. `thread` continues a talk of yours; `borrower` is who it is about when it does not say."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=4000)
    thread: str | None = Field(default=None, min_length=1, max_length=200)
    borrower: str | None = Field(default=None, min_length=1, max_length=200)


class Hangup(BaseException):
    """Whoever asked is gone. Not an Exception: no step of the work may swallow it."""


@routes.post("/ask", response_model=AskShape)
def ask(visit: Visiting, question: Question) -> Any:
    """Answer one question; every number of the answer was checked against what the tools found."""
    return answered(visit, question).shape()


@routes.post("/ask/stream", response_class=EventSourceResponse)
async def ask_stream(visit: Visiting, question: Question) -> AsyncIterable[ServerSentEvent]:
    """The same as events: `step` {tool, arguments} while working, then one `answer` (the `ask` shape) or one `error`."""
    loop, steps, gone = asyncio.get_running_loop(), asyncio.Queue[ServerSentEvent | None](), Event()

    def put(event: ServerSentEvent | None) -> None:
        loop.call_soon_threadsafe(steps.put_nowait, event)

    def step(tool: str, arguments: Mapping[str, Any]) -> None:
        if gone.is_set():
            raise Hangup
        put(ServerSentEvent(data={"tool": tool, "arguments": dict(arguments)}, event="step"))

    def work() -> None:
        try:
            put(ServerSentEvent(data=answered(visit, question, step).shape(), event="answer"))
        except Hangup:
            log.info("a question was given up: its asker hung up")
        except LoanwardError as problem:
            told = as_refused(problem)
            put(_error(told.code, told.what, told.fix))
        except Exception as problem:
            log.error("a streamed question failed", exc_info=problem)
            put(_error("failed", "an unforeseen fault stopped this question", "Ask again; the log has the cause"))
        finally:
            put(None)

    task = asyncio.ensure_future(anyio.to_thread.run_sync(work, abandon_on_cancel=True))
    try:
        while (event := await steps.get()) is not None:
            yield event
        await task
    finally:
        gone.set()


def _error(code: str, what: str, fix: str) -> ServerSentEvent:
    return ServerSentEvent(data={"error": {"code": code, "what": what, "fix": fix}}, event="error")


def answered(visit: Visit, question: Question, progress: Callable[[str, Mapping[str, Any]], None] | None = None) -> AskResult:
    """Asks with the visitor's rights and clocks."""
    from assistant.answering import answer

    return answer(
        visit.bank, question.question, caller=visit.caller, clocks=visit.clocks, now=visit.now, thread=question.thread,
        borrower=question.borrower, progress=progress,
    )  # fmt: skip


@routes.get("/search", response_model=list[PassageShape])
def search(
    visit: Visiting, q: Query_, borrower: OneBorrower = None,
    kind: Annotated[str | None, Query(max_length=50)] = None,
    from_: Annotated[Day, Query(alias="from")] = None, to: Day = None, k: Annotated[int, Query(ge=1, le=200)] = 10,
    offset: Offset = 0,
) -> Any:  # fmt: skip
    """Passages; words in quotation marks must stand as they are, numbers are found in any notation."""
    from tools.search.passages import Filter

    within = Filter(visit.desk.borrower(borrower).id if borrower else None, kind, from_, to)
    found = visit.bank.search.search(visit.caller, q, visit.clocks, within=within, k=k, offset=offset)
    return [passage_shape(passage) for passage in found]


@routes.get("/find", response_model=FoundShape)
def find_everything(
    visit: Visiting, q: Query_, borrower: OneBorrower = None,
    kind: Annotated[str | None, Query(max_length=50)] = None,
    from_: Annotated[Day, Query(alias="from")] = None, to: Day = None,
    part: Annotated[list[str] | None, Query(description=f"Look only here: {', '.join(PARTS)}", max_length=6)] = None,
    limit: Limit = 20, offset: Offset = 0,
) -> Any:  # fmt: skip
    """Borrowers, facts, figures, documents, passages and answers at once; "45,692,206", "4.57亿" or "456.92 million" finds the fact."""
    wanted = Wanted(q, borrower, kind, from_, to, tuple(part or ()), limit, offset)
    found = find(visit, wanted)
    return {
        "numbers": [number.text for number in found.numbers], "borrowers": [borrower_shape(b) for b in found.borrowers],
        "facts": [fact_shape(f) for f in found.facts] + [fact_shape(f) for f in found.figures if not isinstance(f, Figure)],
        "figures": [figure_shape(f) for f in found.figures if isinstance(f, Figure)],
        "documents": [document_shape(d) for d in found.documents], "passages": [passage_shape(p) for p in found.passages],
        "answers": [record.shape() for record in found.answers],
    }  # fmt: skip
