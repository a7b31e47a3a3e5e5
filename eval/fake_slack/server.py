"""The fake Slack itself: the Web API over HTTP, Socket Mode over a real WebSocket, HTTP deliveries with signatures, and troubles.

Deliveries that are not acknowledged within three seconds are delivered again, as Slack does, and every acknowledgement is timed.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from eval.fake_slack.methods import SCOPES, Methods, refuse
from eval.fake_slack.workspace import BOT, TEAM, Workspace

TOKEN, APP_TOKEN, SECRET = "xoxb-test", "xapp-test", "s3cr3t"
ACK_SECONDS = 3.0


@dataclass
class Trouble:
    """What happens to calls of a method: `kind` 429, 500, drop_before or drop_after (carried out, the answer lost), `left` times."""

    kind: str
    left: int
    retry_after: float = 1.0


@dataclass
class Delivered:
    """One delivery: seconds until it was acknowledged (None: never)."""

    body: dict[str, Any]
    attempt: int
    seconds: float | None = None
    answer: Any = None
    done: threading.Event = field(default_factory=threading.Event)


class FakeSlack:
    """Use as a context manager. `retries`: pauses before Slack's second, third and fourth delivery."""

    def __init__(
        self, workspace: Workspace | None = None, *, retries: tuple[float, ...] = (0.2, 0.5, 1.0), seed: int = 1
    ) -> None:
        self.workspace = workspace or Workspace()
        self.methods = Methods(self)
        self.retries = retries
        self.stream_seconds = 300.0
        self.ack_seconds = ACK_SECONDS
        self.switched_off: set[str] = set()
        self.troubles: dict[str, list[Trouble]] = defaultdict(list)
        self.chance: Callable[[str], Trouble | None] = lambda _method: None
        self.deliveries: list[Delivered] = []
        self.random = random.Random(seed)
        self.down = False
        self._count = itertools.count(1)
        self._own = uuid4().hex[:8]
        self._sockets: list[ServerConnection] = []
        self._waiting: dict[str, Delivered] = {}
        self._triggers: dict[str, float] = {}
        self._lock = threading.Lock()
        self._http: ThreadingHTTPServer | None = None
        self._ws: Server | None = None

    def __enter__(self) -> FakeSlack:
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        self._ws = serve(self._link, "127.0.0.1", 0)
        threading.Thread(target=self._ws.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._http is not None and self._ws is not None
        self._ws.shutdown()
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT"""
        assert self._http is not None
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def api(self) -> str:
        """The Web API's address."""
        return f"{self.url}/api/"

    def trouble(self, method: str, kind: str, times: int = 1, retry_after: float = 1.0) -> None:
        """The next calls of a method go wrong."""
        self.troubles[method].append(Trouble(kind, times, retry_after))

    def trigger(self) -> str:
        """A trigger id, good for three seconds."""
        id = f"trigger-{self._own}-{next(self._count)}"
        self._triggers[id] = time.monotonic()
        return id

    def expired(self, trigger: str) -> bool:
        """Whether a trigger id is unknown or too old."""
        return time.monotonic() - self._triggers.get(trigger, -1e9) > 3.0

    # --- deliveries

    def event(self, event: dict[str, Any], event_id: str = "") -> dict[str, Any]:
        """The body of an event delivery."""
        id = event_id or f"Ev{self._own}{next(self._count):06d}"
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0",
            "event_id": id,
            "event_time": int(time.time()),
            "event": event,
        }

    def question(
        self,
        user: str,
        text: str,
        *,
        channel: str = "",
        thread_ts: str | None = None,
        files: list[Any] | None = None,
        event_id: str = "",
        **more: Any,
    ) -> dict[str, Any]:
        """A direct message, or a mention when a channel is given."""
        ts = self.workspace.new_ts()
        direct = not channel or self.workspace.channels[channel].im_of
        event = {
            "type": "message" if direct else "app_mention",
            "user": user,
            "text": text if direct else f"<@{BOT}> {text}",
            "ts": ts,
            "event_ts": ts,
            "channel": channel or self.workspace.direct(user),
            "team": TEAM,
            **more,
        }
        if direct:
            event["channel_type"] = "im"
        if thread_ts:
            event["thread_ts"] = thread_ts
        if files:
            event["files"] = files
            if direct:
                event["subtype"] = "file_share"
        return self.event(event, event_id)  # fmt: skip

    def press(
        self,
        user: str,
        action_id: str,
        value: str,
        *,
        channel: str,
        ts: str = "1.1",
        thread_ts: str | None = None,
        option: bool = False,
        ephemeral: bool = False,
    ) -> dict[str, Any]:
        """The body of a pressed button or chosen option."""
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
        if thread_ts:
            container["thread_ts"] = thread_ts
        action: dict[str, Any] = {"action_id": action_id, "type": "button", "action_ts": self.workspace.new_ts()}
        if option:
            action["selected_option"] = {"value": value}
        else:
            action["value"] = value
        return {"type": "block_actions", "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": self.trigger(),
                "container": container, "channel": {"id": channel}, "actions": [action],
                "response_url": f"{self.url}/response/{next(self._count)}"}  # fmt: skip

    def submission(self, user: str, view: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        """The body of a sent form."""
        sent = {**view, "state": {"values": values}}
        return {
            "type": "view_submission",
            "user": {"id": user},
            "team": {"id": TEAM},
            "trigger_id": self.trigger(),
            "view": sent,
        }

    def command(self, user: str, text: str, channel: str) -> dict[str, Any]:
        """The body of /loanward."""
        return {"command": "/loanward", "text": text, "user_id": user, "channel_id": channel, "team_id": TEAM,
                "trigger_id": self.trigger(), "response_url": f"{self.url}/response/{next(self._count)}"}  # fmt: skip

    def file(self, name: str, data: bytes, **more: Any) -> dict[str, Any]:
        """A file somebody uploaded, as it stands in an event."""
        id = f"F{len(self.workspace.files):04d}"
        file = {"id": id, "name": name, "size": len(data), "mimetype": "application/octet-stream",
                "url_private_download": f"{self.url}/files/{id}/download", "shares": {}, **more}  # fmt: skip
        self.workspace.files[id] = {**file, "data": data}
        return file

    def deliver(self, body: dict[str, Any], *, copies: int = 1) -> list[Delivered]:
        """Over Socket Mode, in threads: unacknowledged deliveries are repeated. `copies` > 1 delivers the same again at once."""
        return [self._background(body) for _ in range(copies)]

    def _background(self, body: dict[str, Any]) -> Delivered:
        delivered = Delivered(body, 0)
        self.deliveries.append(delivered)
        threading.Thread(target=self._persist, args=(delivered,), daemon=True).start()
        return delivered

    def _persist(self, delivered: Delivered) -> None:
        for attempt, pause in enumerate((0.0, *self.retries)):
            if attempt:
                time.sleep(pause)
            delivered.attempt = attempt
            if self._once(delivered, attempt):
                return
            if delivered.body.get("type") != "event_callback":
                return  # Slack repeats events only

    def _once(self, delivered: Delivered, attempt: int) -> bool:
        socket = self._socket()
        if socket is None:
            return False
        envelope = f"env-{next(self._count)}"
        kind = {"event_callback": "events_api"}.get(
            str(delivered.body.get("type")), "slash_commands" if "command" in delivered.body else "interactive"
        )
        message: dict[str, Any] = {
            "type": kind,
            "envelope_id": envelope,
            "payload": delivered.body,
            "accepts_response_payload": kind != "events_api",
        }
        if attempt:
            message |= {"retry_attempt": attempt, "retry_reason": "timeout"}
        waiting = Delivered(delivered.body, attempt)
        with self._lock:
            self._waiting[envelope] = waiting
        began = time.perf_counter()
        try:
            socket.send(json.dumps(message))
        except ConnectionClosed:
            return False
        if not waiting.done.wait(self.ack_seconds):
            return False
        delivered.seconds = (waiting.seconds or time.perf_counter()) - began
        delivered.answer = waiting.answer
        delivered.done.set()
        return True

    def _socket(self) -> ServerConnection | None:
        until = time.monotonic() + ACK_SECONDS
        while time.monotonic() < until:
            with self._lock:
                if self._sockets and not self.down:
                    return self.random.choice(self._sockets)
            time.sleep(0.02)
        return None

    @property
    def connected(self) -> int:
        """Open Socket Mode connections."""
        return len(self._sockets)

    def disconnect(self, *, politely: bool = True) -> None:
        """Ends every connection: with the message Slack sends before it refreshes one, or without."""
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for socket in sockets:
            try:
                if politely:
                    socket.send(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
                    time.sleep(0.05)
                socket.close()
            except ConnectionClosed:
                continue

    def _link(self, socket: ServerConnection) -> None:
        if self.down:
            socket.close()
            return
        socket.send(json.dumps({"type": "hello", "num_connections": 1, "debug_info": {}, "connection_info": {"app_id": "A0"}}))
        with self._lock:
            self._sockets.append(socket)
        try:
            for text in socket:
                said = json.loads(text)
                with self._lock:
                    waiting = self._waiting.pop(said.get("envelope_id", ""), None)
                if waiting is not None:
                    waiting.seconds, waiting.answer = time.perf_counter(), said.get("payload")
                    waiting.done.set()
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                if socket in self._sockets:
                    self._sockets.remove(socket)

    def post(
        self,
        url: str,
        body: dict[str, Any],
        *,
        secret: str = SECRET,
        timestamp: str | None = None,
        signature: str | None = None,
        retry: int = 0,
        form: bool = False,
    ) -> tuple[int, str]:
        """One HTTP delivery, signed; (status, body). `timestamp` and `signature` "" leave the header out."""
        text = (
            urlencode({"payload": json.dumps(body)} if body.get("type") in ("block_actions", "view_submission") else body)
            if form
            else json.dumps(body)
        )
        sent = str(int(time.time())) if timestamp is None else timestamp
        made = (
            "v0=" + hmac.new(secret.encode(), f"v0:{sent}:{text}".encode(), hashlib.sha256).hexdigest()
            if signature is None
            else signature
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
        headers |= {"X-Slack-Request-Timestamp": sent} if sent else {}
        headers |= {"X-Slack-Signature": made} if made else {}
        headers |= {"X-Slack-Retry-Num": str(retry)} if retry else {}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, text.encode(), headers), timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode()

    # --- the Web API

    def answer(self, method: str, token: str, given: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str], str]:
        """(status, answer, headers, trouble) of one call."""
        wanted = APP_TOKEN if method == "apps.connections.open" else TOKEN
        with self.workspace.lock:
            self.workspace.calls.append((method, dict(given)))
        if self.down:
            return 503, {}, {}, "drop_before"
        if token != wanted:
            return 200, refuse("invalid_auth"), {}, ""
        trouble = self._troubled(method)
        if trouble is not None and trouble.kind == "429":
            return 429, refuse("ratelimited"), {"Retry-After": f"{trouble.retry_after:g}"}, ""
        if trouble is not None and trouble.kind == "500":
            return 500, {}, {}, ""
        if trouble is not None and trouble.kind == "drop_before":
            return 200, {}, {}, "drop_before"
        if method == "apps.connections.open":
            assert self._ws is not None
            return 200, {"ok": True, "url": f"ws://127.0.0.1:{self._ws.socket.getsockname()[1]}/link?ticket=1"}, {}, ""
        made = self.methods.call(method, given)
        headers = {"x-oauth-scopes": SCOPES} if method == "auth.test" else {}
        return 200, made, headers, trouble.kind if trouble is not None else ""

    def _troubled(self, method: str) -> Trouble | None:
        with self._lock:
            for name in (method, "*"):
                for trouble in self.troubles[name]:
                    if trouble.left > 0:
                        trouble.left -= 1
                        return trouble
            return self.chance(method)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


def _handler(server: FakeSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            return None

        def do_GET(self) -> None:
            parts = self.path.split("/")
            file = server.workspace.files.get(parts[2]) if len(parts) > 2 and parts[1] == "files" else None
            if file is None:
                self._send(404, b"", "text/plain")
            elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._send(200, b"<html>sign in</html>", "text/html; charset=utf-8")
            elif file.get("redirect"):
                self.send_response(302)
                self.send_header("Location", file["redirect"])
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._send(200, file["data"], str(file.get("mimetype")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/upload/"):
                server.workspace.files[self.path.rsplit("/", 1)[-1]]["data"] = body
                self._send(200, b"OK", "text/plain")
            elif self.path.startswith("/response/"):
                said = json.loads(body)
                with server.workspace.lock:
                    server.workspace.responses.append({"url": self.path, **said})
                self._send(200, b"ok", "text/plain")
            elif self.path.startswith("/api/"):
                self._api(self.path.removeprefix("/api/").split("?")[0], body)
            else:
                self._send(404, b"", "text/plain")

        def _api(self, method: str, body: bytes) -> None:
            if "json" in str(self.headers.get("Content-Type")):
                given = json.loads(body or b"{}")
            else:
                given = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=False).items()}
            token = str(self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, made, headers, trouble = server.answer(method, token, given)
            if trouble in ("drop_before", "drop_after"):
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, json.dumps(made).encode() if made else b"<html>oops</html>", "application/json", headers)

        def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler
