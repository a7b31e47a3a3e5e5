"""Deliveries over HTTP, signed as Slack signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

SECRET = "s3cr3t"


def post(
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
