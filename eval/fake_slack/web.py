"""The fake Slack's HTTP side: the Web API, files handed out and taken in, and addresses that answers are sent to."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs

from eval.fake_slack.workspace import Workspace


class Host(Protocol):
    """Whose HTTP side this is."""

    workspace: Workspace
    token: str

    def answer(self, method: str, token: str, given: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str], str]:
        """(status, answer, headers, trouble) of one call."""


class Http(ThreadingHTTPServer):
    """One thread per call."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


def handler(server: Host) -> type[BaseHTTPRequestHandler]:
    """Files, uploads, responses and the Web API of one server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            return None

        def do_GET(self) -> None:
            parts = self.path.split("/")
            file = server.workspace.files.get(parts[2]) if len(parts) > 2 and parts[1] == "files" else None
            if file is None:
                self._send(404, b"", "text/plain")
            elif self.headers.get("Authorization") != f"Bearer {server.token}":
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
