"""Calls to Slack's Web API, and what their failures mean: refused for good, or to be tried later, and whether it may have worked.

The SDK's own retry handlers are off: they would send a message a second time without asking whether the first got through.
"""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

SECONDS = 15
PASSING = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "internal_server_error"}
)
"""Slack's own troubles: the call may have been carried out."""
KEYS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope", "no_permission",
     "not_allowed_token_type", "access_denied", "ekm_access_denied"}
)  # fmt: skip
"""The installation is not in order: an administrator has to act, and what waits goes out afterwards."""
KEY_PAUSE = 60.0

log = logging.getLogger("loanward.slack")


class Later(Exception):
    """Not now. `seconds`: what Slack asked for, or None; `unsure`: the call may have been carried out."""

    def __init__(self, why: str, seconds: float | None = None, *, unsure: bool = False) -> None:
        super().__init__(why)
        self.why, self.seconds, self.unsure = why, seconds, unsure


class Refused(Exception):
    """Never like this. `code` is Slack's word for why."""

    def __init__(self, code: str, method: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code, self.method = code, method


class Wire:
    """One client per process; calls by the method's own name."""

    def __init__(self, token: str, base_url: str) -> None:
        self.client = WebClient(token=token, base_url=base_url, timeout=SECONDS, retry_handlers=[], logger=log)
        self.base_url = base_url

    def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """The answer of `chat.postMessage` and the like. Raises Later or Refused, nothing else."""
        try:
            response = getattr(self.client, method.replace(".", "_"))(**arguments)
        except SlackApiError as problem:
            raise _meant(problem, method) from problem
        except (URLError, OSError, http.client.HTTPException) as problem:
            raise Later(f"{method}: {type(problem).__name__}", unsure=not _never_left(problem)) from problem
        except SlackClientError as problem:
            raise Later(f"{method}: {type(problem).__name__}", unsure=True) from problem
        data: Mapping[str, Any] = response.data
        return data


def _meant(problem: SlackApiError, method: str) -> Exception:
    response = problem.response
    status = getattr(response, "status_code", None)
    if status is None and isinstance(response, Mapping):
        status = response.get("status")
    data = getattr(response, "data", response)
    code = str(data.get("error", "")) if isinstance(data, Mapping) else ""
    headers = getattr(response, "headers", None) or (response.get("headers", {}) if isinstance(response, Mapping) else {})
    if status == 429 or code == "ratelimited":
        return Later(f"{method}: rate limited", _seconds(headers))
    if code in PASSING or not code or (isinstance(status, int) and status >= 500):
        return Later(f"{method}: {code or status}", unsure=True)
    if code in KEYS:
        log.error("Slack refuses %s: %s. Check the app's tokens and scopes with `loanward doctor`", method, code)
        return Later(f"{method}: {code}", KEY_PAUSE)
    return Refused(code, method)


def _seconds(headers: Any) -> float:
    found = headers.get("Retry-After") or headers.get("retry-after") or "1"
    if isinstance(found, (list, tuple)):
        found = found[0]
    try:
        return max(float(found), 0.1)
    except ValueError:
        return 1.0


def _never_left(problem: Exception) -> bool:
    """Whether the request cannot have reached Slack."""
    reason = problem.reason if isinstance(problem, URLError) else problem
    return isinstance(reason, (ConnectionRefusedError, socket.gaierror))
