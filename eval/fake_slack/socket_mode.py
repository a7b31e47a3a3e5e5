"""Socket Mode over a real WebSocket: what is not acknowledged within three seconds is delivered again, as Slack does, and every
acknowledgement is timed."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

ACK_SECONDS = 3.0


@dataclass
class Delivered:
    """One delivery: seconds until it was acknowledged (None: never)."""

    body: dict[str, Any]
    attempt: int
    seconds: float | None = None
    answer: Any = None
    done: threading.Event = field(default_factory=threading.Event)


class SocketMode:
    """Open connections and the deliveries over them. `retries`: pauses before the second, third and fourth delivery."""

    def __init__(self, retries: tuple[float, ...], seed: int) -> None:
        self.retries = retries
        self.ack_seconds = ACK_SECONDS
        self.deliveries: list[Delivered] = []
        self.random = random.Random(seed)
        self.down = False
        self._envelopes = itertools.count(1)
        self._sockets: list[ServerConnection] = []
        self._waiting: dict[str, Delivered] = {}
        self._lock = threading.Lock()
        self._ws: Server | None = None

    def open_socket(self) -> None:
        """Listens."""
        self._ws = serve(self._link, "127.0.0.1", 0)
        threading.Thread(target=self._ws.serve_forever, daemon=True).start()

    def close_socket(self) -> None:
        """Listens no more."""
        assert self._ws is not None
        self._ws.shutdown()

    @property
    def socket_url(self) -> str:
        """Where a connection is opened."""
        assert self._ws is not None
        return f"ws://127.0.0.1:{self._ws.socket.getsockname()[1]}/link?ticket=1"

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
        envelope = f"env-{next(self._envelopes)}"
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
