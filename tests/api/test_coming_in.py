"""Tokens, sessions and forms: who may come in, how long, and that nobody else's page can act for them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from integrations.api.guards import RateLimit
from integrations.api.problems import Refused
from tests.api.house import House
from tools.domain.callers import LOCAL
from tools.errors import BadRequest, NotPermitted

NOW = datetime.now(UTC)


def stranger(house: House) -> TestClient:
    return TestClient(house.app, raise_server_exceptions=False, follow_redirects=False)


def log_in(house: House, client: TestClient, token: str, next: str = "/") -> object:
    door = re.search(r'name="door" value="(\w+)"', client.get("/login").text)
    assert door
    return client.post("/login", data={"token": token, "door": door[1], "next": next})


def test_a_token_opens_a_session_and_logging_out_ends_it_on_the_server(house: House) -> None:
    client = stranger(house)
    assert client.get("/borrowers").headers["location"] == "/login?next=%2Fborrowers"
    answer = log_in(house, client, house.tokens["S001"], "/borrowers/C001")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303 and answer.headers["location"] == "/borrowers/C001"
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert client.get("/borrowers/C001").status_code == 200
    secret = client.cookies["loanward_session"]
    assert client.post("/logout", data={"csrf": house.csrf(client)}).status_code == 303
    again = stranger(house)
    again.cookies.set("loanward_session", secret)
    assert again.get("/borrowers").status_code == 303


def test_only_hashes_are_stored_and_every_login_is_recorded(house: House) -> None:
    token = house.tokens["S002"]
    opened = house.bank.store.tokens.open_session(token, NOW)
    assert opened
    raw = (house.bank.home.root / "loanward.db").read_bytes() + (house.bank.home.root / "loanward.db-wal").read_bytes()
    assert token.split("_")[2].encode() not in raw and opened[1].encode() not in raw
    records = house.bank.store.trail.search(LOCAL, act="login", user="S002")
    assert records and house.bank.store.trail.verify(LOCAL).ok


def test_expired_revoked_and_forged_come_to_the_same_refusal(house: House) -> None:
    tokens = house.bank.store.tokens
    _, old = tokens.create(LOCAL, "S001", NOW - timedelta(days=10), days=5)
    made, gone = tokens.create(LOCAL, "S001", NOW)
    running = tokens.open_session(gone, NOW)
    assert running
    tokens.revoke(LOCAL, made.id, NOW)
    wrong = house.tokens["S001"][:-4] + "AAAA"
    said = set()
    for token in (old, gone, wrong, "lw_x_y", "", "‮", "a" * 5000):
        client = house.api()
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}".encode()})
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
        said.add(answer.text)
    assert len(said) == 1
    browser = stranger(house)
    browser.cookies.set("loanward_session", running[1])
    assert browser.get("/").status_code == 303  # the session ended with its token


def test_tokens_are_for_staff_and_given_by_those_who_may(house: House) -> None:
    access, tokens = house.bank.store.access, house.bank.store.tokens
    with pytest.raises(BadRequest, match="no member of staff"):
        tokens.create(LOCAL, "local", NOW)
    with pytest.raises(BadRequest, match="1 to 366 days"):
        tokens.create(LOCAL, "S001", NOW, days=0)
    with pytest.raises(NotPermitted):
        tokens.create(access.resolve("S001", NOW), "S001", NOW)
    assert tokens.create(access.resolve("S009", NOW), "S001", NOW)[0].created_by == "S009"
    own = tokens.list(access.resolve("S001", NOW))
    assert own and {token.user for token in own} == {"S001"}
    with pytest.raises(BadRequest):
        tokens.revoke(access.resolve("S002", NOW), own[0].id, NOW)


def test_a_form_without_its_token_or_from_elsewhere_is_refused(house: House) -> None:
    client = house.browser("S001")
    data = {"question": "hello", "csrf": "0" * 64}
    assert client.post("/ask", data=data).status_code == 403
    assert client.post("/ask", data={"question": "hello"}).status_code == 403
    good = {"question": "hello", "csrf": house.csrf(client)}
    assert client.post("/ask", data=good, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/api/v1/ask", json={"question": "hello"}).status_code == 401  # a cookie alone never acts


def test_somebody_elses_login_form_logs_nobody_in(house: House) -> None:
    client = stranger(house)
    client.get("/login")
    assert client.post("/login", data={"token": house.tokens["S001"], "door": "f" * 64}).status_code == 403
    assert "loanward_session" not in client.cookies


def test_a_link_from_another_site_is_asked_for_once_more_from_here(house: House) -> None:
    """A strict cookie is not sent with a link followed from Slack; the page in between brings it."""
    page = stranger(house).get("/borrowers/C001?as_of=2026-06-30", headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 200 and 'content="0;url=/borrowers/C001?as_of=2026-06-30"' in page.text
    assert "江州" not in page.text


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\r\nX: y"]
)
def test_login_leads_nowhere_else(house: House, next: str) -> None:
    answer = log_in(house, stranger(house), house.tokens["S001"], next)
    assert answer.headers["location"] == "/"  # type: ignore[attr-defined]


def test_a_bucket_empties_and_fills_again() -> None:
    time = [0.0]
    limit = RateLimit(60, lambda: time[0])
    for _ in range(60):
        limit.take("a")
    with pytest.raises(Refused) as refused:
        limit.take("a")
    assert refused.value.status == 429 and refused.value.headers["Retry-After"] == "1"
    limit.take("b")
    time[0] = 2.0
    limit.take("a")


def test_guessing_tokens_is_slowed_down(house: House) -> None:
    shop = house.app.state.shop
    before, shop.logins = shop.logins, RateLimit(3)
    try:
        statuses = [house.api().get("/api/v1/me", headers={"Authorization": "Bearer lw_a_b"}).status_code for _ in range(5)]
    finally:
        shop.logins = before
    assert statuses == [401, 401, 401, 429, 429]
