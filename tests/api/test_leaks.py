"""Every route as every role for every borrower, against the policy: no leak, no wrong refusal.

The routes are taken from the application itself, so that a new one without a case here fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from tests.api.house import ROLES, House
from tools.domain.callers import LOCAL

SEES = {
    "S001": {"C001", "C003"}, "S002": {"C002"}, "S003": set(), "S004": {"C001", "C002", "C003"}, "S005": set(), "S007": set(),
    "S006": {"C001", "C002", "C003"}, "S008": {"C001", "C002", "C003"}, "S009": set(),
}  # fmt: skip
"""Who sees whom: officers their own, managers their branch, the reviewer his region, the auditor all, others by grants only."""
LOOKERS = ("S002", "S009")
"""For the fast run: an officer, who sees one and not the others, and an administrator, who sees none. The slow run asks as everybody."""
BORROWERS = ("C001", "C002", "C003")
ONE = {
    "/api/v1/borrowers/{borrower}": "/api/v1/borrowers/{id}", "/api/v1/facts/{fact_id}": "/api/v1/facts/{fact}",
    "/api/v1/loans/{loan}": "/api/v1/loans/{loan}", "/api/v1/documents/{sha256}": "/api/v1/documents/{sha}",
    "/api/v1/documents/{sha256}/facts": "/api/v1/documents/{sha}/facts", "/api/v1/documents/{sha256}/original": "/api/v1/documents/{sha}/original",
    "/api/v1/trail/{record}": "/api/v1/trail/{record}", "/api/v1/usage/{loan}": "/api/v1/usage/{loan}", "/borrowers/{borrower}": "/borrowers/{id}", "/loans/{loan}": "/loans/{loan}", "/briefs/{borrower}/{month}": "/briefs/{id}/2026-10",
    "/documents/{sha256}": "/documents/{sha}", "/documents/{sha256}/original": "/documents/{sha}/original", "/trail/{record}": "/trail/{record}",
}  # fmt: skip
"""Route → an address of one borrower's thing: 200 for who sees the borrower, 404 in the same words as nothing for everybody else."""
NAMED = {
    "/api/v1/facts": "/api/v1/facts?borrower={id}", "/api/v1/loans": "/api/v1/loans?borrower={id}", "/api/v1/covenants": "/api/v1/covenants?borrower={id}",
    "/api/v1/documents": "/api/v1/documents?borrower={id}", "/api/v1/search": "/api/v1/search?q=a&borrower={id}",
    "/api/v1/find": "/api/v1/find?q=a&borrower={id}", "/api/v1/alerts": "/api/v1/alerts?borrower={id}",
    "/api/v1/proposals": "/api/v1/proposals?borrower={id}", "/api/v1/trail": "/api/v1/trail?borrower={id}",
    "/api/v1/signals": "/api/v1/signals?borrower={id}", "/api/v1/briefs": "/api/v1/briefs?borrower={id}", "/documents": "/documents?borrower={id}", "/alerts": "/alerts?borrower={id}", "/trail": "/trail?borrower={id}",
}  # fmt: skip
"""Lists narrowed to a borrower."""
WHOLE = (
    "/api/v1/loans", "/api/v1/covenants", "/api/v1/documents", "/api/v1/borrowers", "/api/v1/trail?limit=500", "/api/v1/alerts", "/api/v1/proposals",
    "/api/v1/search?q=%E5%80%9F%E6%AC%BE&k=200", "/api/v1/find?q=%E8%B4%B7%E6%AC%BE&limit=200", "/", "/borrowers", "/documents", "/alerts", "/trail", "/ask",
    "/search?q=%E8%B4%B7%E6%AC%BE", "/api/v1/find?q=C002&limit=200",
)  # fmt: skip
"""Lists of everything: nothing of a borrower out of sight may be named in them."""


class Things:
    """Of one borrower: a loan, a document, a fact, a record, and words that only his papers or books hold."""

    def __init__(self, house: House, id: str) -> None:
        bank = house.bank
        self.id = id
        clocks = bank.clocks(None, None, datetime.now(UTC))
        borrower = bank.store.borrowers.get(LOCAL, id)
        assert borrower
        self.names = {borrower.name, *(loan["id"] for loan in bank.loan_book.rows(LOCAL, "loans", clocks, borrower=id))}
        self.loan = next(iter(sorted(self.names - {borrower.name})))
        documents = bank.store.documents.list(LOCAL, id)
        self.sha = documents[0].sha256 if documents else ""
        self.names |= {document.name for document in documents} | {document.sha256 for document in documents}
        facts = bank.store.facts.active(LOCAL, id, clocks)
        self.fact = facts[0].id if facts else ""
        records = bank.store.trail.search(LOCAL, borrower=id)
        self.record = records[0].id if records else ""

    def address(self, pattern: str) -> str | None:
        """The address, None when this borrower has no such thing."""
        made = pattern.format(id=self.id, loan=self.loan, sha=self.sha, fact=self.fact, record=self.record)
        empty = (
            ("{sha}" in pattern and not self.sha)
            or ("{fact}" in pattern and not self.fact)
            or ("{record}" in pattern and not self.record)
        )
        return None if empty else made


@pytest.fixture(scope="module")
def things(house: House) -> dict[str, Things]:
    return {id: Things(house, id) for id in BORROWERS}


def clients(house: House, users: Iterable[str] = ROLES) -> Iterator[tuple[str, TestClient]]:
    for user in users:
        client = house.browser(user)
        client.headers.update(house.bearer(user))
        yield user, client


@pytest.mark.parametrize("users", [LOOKERS, pytest.param(tuple(ROLES), marks=pytest.mark.slow)], ids=["kinds", "everybody"])
def test_every_role_and_borrower_by_every_route(house: House, things: dict[str, Things], users: tuple[str, ...]) -> None:
    nothing = {"{id}": "C777", "{loan}": "L777", "{sha}": "7" * 64, "{fact}": "F777", "{record}": "T-777"}
    cases = wrong = 0
    for user, client in clients(house, users):
        for pattern in (*ONE.values(), *NAMED.values()):
            absent = pattern
            for hole, value in nothing.items():
                absent = absent.replace(hole, value)
            none = client.get(absent)
            assert none.status_code == 404, (user, absent)
            for id in BORROWERS:
                address = things[id].address(pattern)
                if address is None:
                    continue
                answer = client.get(address)
                cases += 1
                if id in SEES[user]:
                    wrong += answer.status_code != 200
                    assert answer.status_code == 200, f"refused to {user}: {address} {answer.text[:200]}"
                else:
                    assert answer.status_code == 404, f"open to {user}: {address}"
                    if address.startswith("/api"):
                        told = {name for name in things[id].names if name not in address and name in answer.text}
                        assert not told, (address, told)
    assert cases > 70 * len(users) and not wrong


@pytest.mark.parametrize("users", [LOOKERS, pytest.param(tuple(ROLES), marks=pytest.mark.slow)], ids=["kinds", "everybody"])
def test_lists_name_nobody_out_of_sight(house: House, things: dict[str, Things], users: tuple[str, ...]) -> None:
    for user, client in clients(house, users):
        for address in WHOLE:
            answer = client.get(address)
            assert answer.status_code == 200, (user, address)
            for id in BORROWERS:
                if id not in SEES[user]:
                    named = {name for name in things[id].names if name in answer.text}
                    assert not named, (user, address, named)
        for id in SEES[user]:
            assert things[id].loan in client.get("/api/v1/loans").text, user


def test_acting_needs_the_role_and_then_the_right(house: House) -> None:
    for user, role in ROLES.items():
        answer = house.api(user).post("/api/v1/alerts/A-none/close", json={"outcome": "false", "reason": "x"})
        assert answer.status_code == (403 if role in ("auditor", "admin") else 404), user
        question = house.api(user).post("/api/v1/ask", json={"question": "启航电器的贷款余额是多少？"})
        assert question.status_code == 200
        if "C002" not in SEES[user]:
            assert not question.json()["rows"] and "C002" not in str(question.json()["citations"]), user


def test_without_a_token_there_is_nothing(house: House) -> None:
    open_paths = {
        "/api/v1/health",
        "/api/v1/ready",
        "/login",
        "/preferences",
        "/static/{name}",
        "/favicon.ico",
        "/api/v1/openapi.json",
    }
    for route in routes(house):
        for method in route.methods - {"HEAD"}:  # type: ignore[attr-defined]
            if route.path in open_paths:  # type: ignore[attr-defined]
                continue
            path = route.path.replace("{", "").replace("}", "").replace("sha256", "7" * 64).replace("/pages/page", "/pages/1")  # type: ignore[attr-defined]
            answer = house.api().request(method, path, json={} if "/api/" in path else None)
            assert answer.status_code in ((401, 422) if path.startswith("/api/") else (303, 422)), (
                method,
                path,
                answer.status_code,
            )
            if answer.status_code == 422:
                assert method == "POST", path


def test_no_route_is_without_a_case(house: House) -> None:
    listed = {pattern for pattern in (*ONE, *NAMED)} | {address.split("?")[0] for address in WHOLE}
    others = {
        # about no borrower
        "/api/v1/me", "/api/v1/health", "/api/v1/ready", "/api/v1/openapi.json", "/api/v1/rules/{rule}", "/api/v1/trail/verify", "/trail/verify",
        "/rules/{rule}", "/login", "/logout", "/preferences", "/static/{name}", "/favicon.ico", "/api", "/upload", "/api/v1/borrowers",
        # tested apart: they need a page, a figure, an alert or an answer
        "/api/v1/ask", "/api/v1/ask/stream", "/api/v1/figures/{name}", "/api/v1/documents/{sha256}/pages/{page}", "/documents/{sha256}/pages/{page}.png",
        "/documents/{sha256}/pages/{page}/cut.png", "/documents/{sha256}/pages/{page}", "/documents/{sha256}/text", "/figures/{borrower}/{name}",
        "/answers/{record}", "/answers/{record}/replay", "/api/v1/alerts/{alert}", "/alerts/{alert}",
    }  # fmt: skip
    acts = {path for path in {r.path for r in routes(house)} if path.endswith(("/take", "/snooze", "/close", "/decision"))}  # type: ignore[attr-defined]
    assert {r.path for r in routes(house)} - listed - others - acts == set()  # type: ignore[attr-defined]


def routes(house: House) -> list[object]:
    found: list[object] = []
    stack = list(house.app.routes)
    while stack:
        route = stack.pop()
        if hasattr(route, "methods"):
            found.append(route)
        else:
            stack += list(getattr(route, "routes", ()))
    return found


@pytest.mark.parametrize("user", ["S002", "S003", "S009"])
def test_pages_and_figures_of_others_do_not_exist(house: House, user: str) -> None:
    source = house.fact("C001").source
    sheet = house.fact("C003", paged=False).source
    box = ",".join(str(edge) for edge in source.box or ())
    client = house.browser(user)
    client.headers.update(house.bearer(user))
    for address in (
        f"/documents/{source.sha256}/pages/{source.page}", f"/documents/{source.sha256}/pages/{source.page}.png",
        f"/documents/{source.sha256}/pages/{source.page}/cut.png?box={box}", f"/documents/{sheet.sha256}/text", "/figures/C001/current_ratio",
        f"/api/v1/documents/{source.sha256}/pages/{source.page}", "/api/v1/figures/current_ratio?borrower=C001",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    asked = house.api("S001").post("/api/v1/ask", json={"question": "明远精密的流动比率是多少？"}).json()["trail_id"]
    assert (
        client.get(f"/answers/{asked}").status_code == 404 and house.browser("S001").get(f"/answers/{asked}").status_code == 200
    )
