"""How Slack reaches the app: Socket Mode over a WebSocket that we open (no port open to the outside), or HTTP requests it signs."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from slack_bolt import BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from integrations.slack.app import SlackApp
from integrations.slack.wire import SECONDS, log
from tools.errors import SettingsError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

PATH = "/slack/events"
MOST_BYTES = 1_000_000
RECONNECT = 2.0
"""Seconds between two looks at the connection."""
SWITCH = 0.001
"""Seconds a computing thread keeps the interpreter: a fifth of the usual, so that an acknowledgement waits less for answers."""
SOCKET_WORKERS = 4
"""Envelopes acknowledged side by side: their claims are written together."""


class SocketServing:
    """Keeps one Socket Mode connection; Slack replaces it every few hours, and says so first."""

    def __init__(self, app: SlackApp) -> None:
        settings = app.bank.settings
        token = settings.slack_secret("app_token")
        if not token:
            raise SettingsError("Socket Mode needs the app-level token", where="slack_app_token",
                                fix="Set slack_app_token_file, or use --http with slack_signing_secret_file")  # fmt: skip
        self.app = app
        client = WebClient(base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[], logger=log)
        self.handler = SocketModeHandler(
            app.bolt, token, logger=log, web_client=client, ping_interval=RECONNECT, concurrency=SOCKET_WORKERS
        )
        self._stop = threading.Event()

    def start(self) -> None:
        """Connects, trying until Slack is there."""
        pause = 1.0
        while not self._stop.is_set():
            try:
                self.handler.connect()  # type: ignore[no-untyped-call]
                return
            except Exception as problem:  # the SDK raises many kinds here, and all of them mean: not now
                log.error("no connection to Slack (%s); trying again", type(problem).__name__)
                self._stop.wait(pause)
                pause = min(pause * 2, 30.0)

    def stop(self) -> None:
        """Disconnects."""
        self._stop.set()
        self.handler.close()  # type: ignore[no-untyped-call]


def http_app(app: SlackApp) -> Starlette:
    """The HTTP side: one address for events, presses and commands, a limit on bodies, and signatures checked on every request."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    if not app.bank.settings.slack_secret("signing_secret"):
        raise SettingsError("HTTP mode needs the signing secret", where="slack_signing_secret",
                            fix="Set slack_signing_secret_file to a file that holds it")  # fmt: skip

    async def events(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return PlainTextResponse("too large", 413)
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():
            return PlainTextResponse("unsigned", 401)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", 400)
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        made = await run_in_threadpool(
            app.bolt.dispatch, BoltRequest(body=text, query=dict(request.query_params), headers=headers)
        )
        kept: dict[str, Any] = {name: values[0] for name, values in made.headers.items() if values}
        return Response(made.body, made.status, kept)

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(PATH, events, methods=["POST"]), Route("/healthz", health, methods=["GET"])])


def serve(app: SlackApp, *, http: bool, host: str, port: int, say: Callable[[str], None]) -> None:
    """Runs until it is interrupted or told to end; then finishes what is begun."""
    sys.setswitchinterval(SWITCH)
    if http:
        import uvicorn

        site = http_app(app)
        app.start()
        say(f"Slack requests are taken at http://{host}:{port}{PATH}")
        try:
            uvicorn.run(site, host=host, port=port, log_level="warning", access_log=False)
        finally:
            app.stop()
        return
    serving = SocketServing(app)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    app.start()
    serving.start()
    say("Connected to Slack; end with Ctrl-C")
    ended.wait()
    serving.stop()
    app.stop()
