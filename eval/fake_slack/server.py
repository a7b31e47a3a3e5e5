"""The fake Slack itself: a workspace, its Web API, Socket Mode and HTTP deliveries, and troubles on the way."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from typing import Any

from eval.fake_slack.bodies import Bodies
from eval.fake_slack.methods import SCOPES, Methods, refuse
from eval.fake_slack.socket_mode import SocketMode
from eval.fake_slack.web import Http, handler
from eval.fake_slack.workspace import Workspace

TOKEN, APP_TOKEN = "xoxb-test", "xapp-test"


@dataclass
class Trouble:
    """What happens to calls of a method: `kind` 429, 500, drop_before or drop_after (carried out, the answer lost), `left` times."""

    kind: str
    left: int
    retry_after: float = 1.0


class FakeSlack(Bodies, SocketMode):
    """Use as a context manager. `retries`: pauses before Slack's second, third and fourth delivery."""

    def __init__(
        self, workspace: Workspace | None = None, *, retries: tuple[float, ...] = (0.2, 0.5, 1.0), seed: int = 1
    ) -> None:
        Bodies.__init__(self, workspace or Workspace())
        SocketMode.__init__(self, retries, seed)
        self.methods = Methods(self)
        self.token = TOKEN
        self.stream_seconds = 300.0
        self.switched_off: set[str] = set()
        self.troubles: dict[str, list[Trouble]] = defaultdict(list)
        self.chance: Callable[[str], Trouble | None] = lambda _method: None
        self._http: ThreadingHTTPServer | None = None

    def __enter__(self) -> FakeSlack:
        self._http = Http(("127.0.0.1", 0), handler(self))
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        self.open_socket()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._http is not None
        self.close_socket()
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
            return 200, {"ok": True, "url": self.socket_url}, {}, ""
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
