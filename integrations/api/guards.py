"""What stands before every request: limits of size and rate, headers that keep a browser strict, paths that stay paths.

Plain ASGI, so that a body is counted while it arrives and a stream is not held back.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.api.problems import Refused, problem_response

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
SMALL_BODY = 1_000_000
"""Bytes of a question or a form."""
KEPT_BUCKETS = 10_000


class Guards:
    """Outermost but for the server itself."""

    def __init__(self, app: ASGIApp, upload_limit: int, secure: bool) -> None:
        self.app, self.upload_limit, self.secure = app, upload_limit, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses what is too large; adds the headers to everything that leaves."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if self.secure:
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        limit = self.upload_limit if scope["path"].endswith("/documents") or scope["path"] == "/upload" else SMALL_BODY
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 18 or int(length) > limit:
            await _too_large(limit)(scope, receive, with_headers)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    # an HTTPException: whoever parses the body hands that one on
                    raise HTTPException(413, f"the body is larger than {limit:,} bytes")
            return message

        await self.app(scope, counted, with_headers)


def _too_large(limit: int) -> ASGIApp:
    fix = f"Send at most {limit:,} bytes; split a large document"
    return problem_response(Refused(413, "too_large", "the body is too large", where="body", fix=fix))


class RateLimit:
    """Token buckets by key, in this process: `per_minute` on average, as many at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute, self.clock = per_minute, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> None:
        """Counts one request of `key`; raises Refused (429) with the seconds to wait when it has none left."""
        now, rate = self.clock(), self.per_minute / 60
        with self._lock:
            left, at = self._buckets.pop(key, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - at) * rate)
            enough = left >= 1
            self._buckets[key] = (left - 1 if enough else left, now)
            while len(self._buckets) > KEPT_BUCKETS:
                self._buckets.popitem(last=False)
        if not enough:
            wait = max(1, round((1 - left) / rate))
            raise Refused(429, "too_many_requests", f"more than {self.per_minute} requests a minute", fix=f"Wait {wait} s",
                          headers={"Retry-After": str(wait)})  # fmt: skip
