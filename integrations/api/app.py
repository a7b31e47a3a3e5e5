"""The application put together: guards, routes, errors, and what is shared by all requests.

Work runs in threads, never on the event loop: a long question or a large page delays nobody else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import Response

from integrations.api.console import alerts, briefs, entrance, figures, papers, people, records, searching
from integrations.api.console.frame import ComeIn, Looking, come_in, problem_page, render
from integrations.api.guards import Guards, RateLimit
from integrations.api.pictures import Pictures
from integrations.api.problems import install
from integrations.api.rest import asking, numbers, work
from integrations.api.rest import papers as rest_papers
from integrations.api.rest import records as rest_records
from integrations.api.visits import Shop

if TYPE_CHECKING:
    from assistant.wiring import Bank

THREADS = 12
"""Requests worked on at once: below the database's own pool, so that none waits for a connection."""
LOGINS_PER_MINUTE = 12
PREFIX = "/api/v1"
ABOUT = (
    "Everything Loanward knows, with the rights of whose token it is. Money, rates and ratios are strings of plain decimals; dates ISO; pages "
    "from 1; boxes in PDF points from the page's top left. `as_of` is the business date, `known_at` what the bank had recorded by then."
)


def create_app(bank: Bank) -> FastAPI:
    """The API and the console over an opened bank. Who opened it closes it."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield

    app = FastAPI(
        title="Loanward", version=version("loanward"), description=ABOUT, docs_url=None, redoc_url=None, openapi_url=f"{PREFIX}/openapi.json",
        lifespan=life, redirect_slashes=False,
    )  # fmt: skip
    settings = bank.settings
    app.state.shop = Shop(bank, Pictures(), RateLimit(settings.requests_per_minute), RateLimit(LOGINS_PER_MINUTE))
    install(app, problem_page)

    @app.exception_handler(ComeIn)
    def without_session(request: Request, _: ComeIn) -> Response:
        return come_in(request)

    for group in (asking, numbers, rest_papers, work, rest_records):
        app.include_router(group.routes, prefix=PREFIX)
    app.include_router(rest_records.open_routes, prefix=PREFIX)
    for pages in (entrance, searching, papers, figures, people, alerts, briefs, records):
        app.include_router(pages.routes)

    @app.get("/api", include_in_schema=False)
    def reference(request: Request, visit: Looking) -> Response:
        """What the API offers, written from its own description."""
        return render(request, "api.html", visit, spec=app.openapi())

    app.add_middleware(Guards, upload_limit=settings.upload_limit + 100_000, secure=settings.console_url.startswith("https://"))
    return app
