"""HTTP mode: what is not signed by Slack, or was signed too long ago, is refused and nothing of it is handled."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import uvicorn

from eval.fake_slack.signing import post
from integrations.slack.serving import MOST_BYTES, PATH, http_app
from tests.slack.rig import RATIO, WANG, Rig, wait_for


@pytest.fixture(scope="module")
def site(rig: Rig) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(http_app(rig.app), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


def test_a_signed_event_is_acknowledged_and_answered_once_whatever_slack_retries(rig: Rig, site: str) -> None:
    body = rig.slack.question(WANG, RATIO)
    assert post(site + PATH, body)[0] == 200
    assert post(site + PATH, body, retry=1)[0] == 200
    assert "1.18" in rig.said(body["event"])
    assert len(rig.thread(body["event"])) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another"},
        {"timestamp": "1700000000"},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"signature": ""},
        {"signature": "v0=00"},
    ],
)
def test_forged_expired_and_unsigned_requests_are_refused_and_nothing_is_handled(
    rig: Rig, site: str, wrong: dict[str, str]
) -> None:
    body = rig.slack.question(WANG, RATIO)
    before = sum(rig.bank.store.inbox.count().values())
    assert post(site + PATH, body, **wrong)[0] == 401  # type: ignore[arg-type]
    assert sum(rig.bank.store.inbox.count().values()) == before


def test_a_body_changed_on_its_way_is_refused(rig: Rig, site: str) -> None:
    import hashlib
    import hmac

    now = str(int(time.time()))
    signature = "v0=" + hmac.new(b"s3cr3t", f"v0:{now}:{{}}".encode(), hashlib.sha256).hexdigest()
    assert post(site + PATH, rig.slack.question(WANG, RATIO), timestamp=now, signature=signature)[0] == 401


def test_the_address_is_confirmed_when_slack_asks(rig: Rig, site: str) -> None:
    status, said = post(site + PATH, {"type": "url_verification", "challenge": "c-1"})
    assert status == 200 and "c-1" in said


def test_presses_and_commands_come_as_forms(rig: Rig, site: str) -> None:
    before = len(rig.space.responses)
    assert post(site + PATH, rig.slack.command(WANG, RATIO, rig.space.direct(WANG)), form=True)[0] == 200
    wait_for(lambda: len(rig.space.responses) > before)
    press = rig.slack.press(WANG, "feedback", "good|T-none", channel=rig.space.direct(WANG), thread_ts="9.9")
    assert post(site + PATH, press, form=True)[0] == 200


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "GET", 404), (PATH, "GET", 405), ("/healthz", "GET", 200), ("/slack/other", "POST", 404)],
)
def test_other_addresses_say_so(site: str, path: str, method: str, status: int) -> None:
    assert _status(site + path, method, b"" if method == "POST" else None) == status


def test_bodies_too_large_or_not_text_are_refused(site: str) -> None:
    assert _status(site + PATH, "POST", b"x" * (MOST_BYTES + 10)) == 413
    assert _status(site + PATH, "POST", b"\xff\xfe", {"X-Slack-Request-Timestamp": "1"}) == 400


def _status(url: str, method: str, data: bytes | None, headers: dict[str, str] | None = None) -> int:
    request = urllib.request.Request(url, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as problem:
        return problem.code
