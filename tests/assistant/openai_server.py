"""A scripted OpenAI-compatible server on loopback: the real client over the real wire, replies written by the test.

A reply is a function of the request's JSON; it may call tools, answer, be malformed, be late, or refuse.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Reply = Callable[[Request], tuple[int, dict[str, Any]]]


def _completion(message: dict[str, Any], reason: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "scripted",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": reason}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }  # fmt: skip


def calls(*wanted: tuple[str, Any]) -> Reply:
    """Tool calls, all in one message; arguments as an object, or as the raw text to send."""
    made = [
        {"id": f"c{n}", "type": "function",
         "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)}}
        for n, (name, given) in enumerate(wanted)
    ]  # fmt: skip
    return lambda request: (200, _completion({"tool_calls": made}, "tool_calls"))


def says(text: str) -> Reply:
    """A final answer; `{mark of NAME}` becomes the mark a tool gave beside NAME."""

    def reply(request: Request) -> tuple[int, dict[str, Any]]:
        seen = "\n".join(str(m.get("content")) for m in request["messages"] if m["role"] == "tool")

        def marked(match: re.Match[str]) -> str:
            line = next((line for line in seen.splitlines() if match[1] in line and re.search(r"\{[0-9a-f,]+\}", line)), "")
            found = re.findall(r"\{[0-9a-f,]+\}", line)
            return found[-1] if found else "{000000}"

        return 200, _completion({"content": re.sub(r"\{mark of ([^}]+)\}", marked, text)}, "stop")

    return reply


def refuses(status: int) -> Reply:
    """An HTTP error, to be tried again at once."""
    return lambda request: (status, {"error": {"message": "scripted", "type": "scripted", "code": str(status)}})


def late(seconds: float, then: Reply) -> Reply:
    """A reply that comes too late."""

    def reply(request: Request) -> tuple[int, dict[str, Any]]:
        time.sleep(seconds)
        return then(request)

    return reply


def streams(then: Reply) -> Reply:
    """The reply as a stream of chunks, whether or not one was asked for."""

    def reply(request: Request) -> tuple[int, dict[str, Any]]:
        status, content = then(request)
        message = content["choices"][0]["message"]
        calls = [{**call, "index": n} for n, call in enumerate(message.get("tool_calls") or [])]
        text = message.get("content") or ""
        deltas: list[dict[str, Any]] = [{"role": "assistant", **({"tool_calls": calls} if calls else {"content": text[:7]})}]
        deltas += [{"content": text[n : n + 40]} for n in range(7, len(text), 40)]
        frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        chunks = [{**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        chunks.append(
            {**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": content["choices"][0]["finish_reason"]}]}
        )
        return status, {"choices": [], "chunks": chunks}

    return reply


def _stream(chunks: list[dict[str, Any]]) -> bytes:
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + b"data: [DONE]\n\n"


def spoken(message: dict[str, Any]) -> Reply:
    """One message as given, with whatever fields a server adds."""
    return lambda request: (200, _completion(message, "tool_calls" if message.get("tool_calls") else "stop"))


class Scripted:
    """The server's script: `replies` one per request, the last one for ever; `requests` as they came."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[Request] = []

    def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        self.requests.append(request)
        return self.replies[min(len(self.requests), len(self.replies)) - 1](request)


@contextmanager
def serving(script: Scripted) -> Iterator[str]:
    """The base address of a running server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, content = script.answer(json.loads(body))
            streamed = "choices" in content and "chunks" in content
            data = _stream(content["chunks"]) if streamed else json.dumps(content).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Retry-After-Ms", "10")
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                return  # the client had given up waiting

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
