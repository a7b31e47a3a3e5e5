"""What is wrong gets a clear answer: one JSON shape for programs, one page for people, never a fault of ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.wiring import open_bank
from integrations.api.app import create_app
from integrations.api.rest.papers import file_name
from tests.api.house import House
from tools.domain.callers import LOCAL

NOWHERE = "0" * 64


@pytest.fixture
def paper(house: House) -> str:
    return house.fact().source.sha256


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/loans", 405), ("GET", "/api/v1/ask", 405), ("GET", "/api/v1/figures/no_such", 422),
        ("GET", "/api/v1/figures/no_such?borrower=C001", 404), ("GET", "/api/v1/loans?as_of=2026-02-31", 422),
        ("GET", "/api/v1/loans?as_of=0001-01-01", 422), ("GET", "/api/v1/loans?known_at=9999-12-31T23:59:59-12:00", 422),
        ("GET", "/api/v1/loans?borrower=C999", 404), ("GET", "/api/v1/loans/L999", 404), ("GET", "/api/v1/rules/nothing", 404),
        ("GET", f"/api/v1/documents/{NOWHERE}", 404), ("GET", "/api/v1/documents/..%2F..%2Fetc%2Fpasswd", 404),
        ("GET", "/api/v1/documents/%2e%2e", 422), ("GET", "/api/v1/trail/T-0", 404), ("GET", "/api/v1/alerts/A-0", 404),
        ("GET", "/api/v1/search?q=", 422), ("GET", "/api/v1/search?q=a&k=0", 422), ("GET", "/api/v1/search?q=%ff%fe", 200),
        ("GET", "/api/v1/search?q=%00", 200), ("GET", "/api/v1/find?q=" + "9" * 390, 200), ("GET", "/api/v1/trail/verify", 403),
        ("GET", "/api/v1/borrowers/%F0%9F%92%A3", 404), ("GET", "/api/v1/facts?borrower=%ed%a0%80", 404),
    ],
)  # fmt: skip
def test_every_refusal_has_one_shape(house: House, method: str, path: str, status: int) -> None:
    answer = house.api("S001").request(method, path)
    assert answer.status_code == status, answer.text
    if status >= 400:
        error = answer.json()["error"]
        assert error["code"] and error["what"] and set(error) == {"code", "what", "where", "fix", "incident"}
        assert "Traceback" not in answer.text and 'File "' not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/loans?as_of=2000-01-01", "/api/v1/covenants?borrower=C001&as_of=1990-01-01"])
def test_a_day_before_every_rule_is_no_fault_of_the_program(house: House, path: str) -> None:
    for user in ("S001", "S008"):
        answer = house.api(user).get(path)
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 422:
            assert answer.json()["error"]["code"] == "nothing_in_force" and "later day" in answer.json()["error"]["fix"]
    page = house.browser("S001").get("/loans/L001?as_of=2000-01-01")
    assert page.status_code in (200, 404, 422)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"question": 1}', b'{"question": ""}', b'{"question": "a", "x": 1}', b"[]", b'{"question": "' + b"a" * 5000 + b'"}',
             b"[" * 5000, b'{"question": "\\ud800"}'],
)  # fmt: skip
def test_a_body_that_is_no_question_is_refused(house: House, body: bytes) -> None:
    answer = house.api("S001").post("/api/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400, 422) and ("error" in answer.json()) == (answer.status_code != 200)


def test_too_large_is_said_before_and_while_it_arrives(house: House) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    client = house.api("S001")
    told = client.post("/api/v1/documents", files={"file": ("big.pdf", b"x" * 2_200_000)})
    assert told.status_code == 413 and told.json()["error"]["code"] == "too_large"
    head = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post("/api/v1/documents", content=endless(), headers=head).status_code == 413
    assert client.post("/api/v1/ask", content=endless(), headers={"Content-Type": "application/json"}).status_code == 413
    assert client.post("/api/v1/ask", content=b"{}", headers={"Content-Length": "-5"}).status_code == 413


@pytest.mark.parametrize(
    ("page", "query", "status"),
    [("0", "", 404), ("99", "", 404), ("-1", "", 404), ("x", "", 404), ("٣", "", 404), ("1", "?box=1,2,3", 422), ("1", "?box=nan,1,2,3", 422),
     ("1", "?box=9000,9000,9001,9001", 422), ("1", "?box=10,10,20,20;;", 200), ("1", "?box=20,20,10,10", 200), ("1", "?zoom=99", 200)],
)  # fmt: skip
def test_pages_and_boxes_that_are_not_there(house: House, paper: str, page: str, query: str, status: int) -> None:
    assert house.browser("S001").get(f"/documents/{paper}/pages/{page}{query}").status_code == status


def test_the_api_refuses_the_same_pages_and_boxes(house: House, paper: str) -> None:
    client = house.api("S001")
    for page, box, status in ((99, None, 404), (1, "9000,1,9001,2", 422), (1, "1e9,1,2,3", 422), (0, None, 422)):
        answer = client.get(f"/api/v1/documents/{paper}/pages/{page}", params={"box": box} if box else {})
        assert answer.status_code == status, (page, box, answer.text)


def test_a_document_gone_or_altered_on_disk_is_said_and_its_facts_stay(house: House, paper: str, tmp_path: Path) -> None:
    path = house.bank.home.shelf.path(paper)
    kept = tmp_path / "kept"
    shutil.move(path, kept)
    house.app.state.shop.pictures.__init__()
    client, machine = house.browser("S001"), house.api("S001")
    try:
        assert client.get(f"/documents/{paper}/pages/1").status_code == 410
        assert machine.get(f"/api/v1/documents/{paper}/original").status_code == 410
        page = client.get(f"/documents/{paper}")
        assert page.status_code == 200 and "no longer on the disk" in page.text
        assert machine.get(f"/api/v1/documents/{paper}/facts").json()
        path.write_bytes(kept.read_bytes()[:-1] + b"?")
        assert machine.get(f"/api/v1/documents/{paper}/pages/1").status_code == 409
    finally:
        path.unlink(missing_ok=True)
        shutil.move(kept, path)
    assert client.get(f"/documents/{paper}/pages/1").status_code == 200


def test_people_get_a_page_that_says_what_to_do(house: House) -> None:
    client = house.browser("S001", "zh")
    for path, status in (
        ("/nowhere", 404),
        ("/borrowers/C999", 404),
        ("/borrowers?as_of=soon", 422),
        ("/figures/C001/nothing", 404),
        ("/trail/verify", 403),
    ):
        page = client.get(path)
        assert page.status_code == status and "text/html" in page.headers["content-type"] and "未能完成" in page.text
    assert client.post("/borrowers/C001").status_code == 405


def test_a_bank_with_no_data_is_served_too(tmp_path: Path) -> None:
    bank = open_bank(Settings(home=tmp_path / "home", embedding_model="none"))
    try:
        bank.store.borrowers.upsert_from_book(LOCAL, [], "S-0", known_from=_now(), recorded_at=_now())
        _staff(bank)
        _, token = bank.store.tokens.create(LOCAL, "X1", _now())
        opened = bank.store.tokens.open_session(token, _now())
        assert opened
        client = TestClient(create_app(bank), raise_server_exceptions=False, headers={"Authorization": f"Bearer {token}"})
        client.cookies.set("loanward_session", opened[1])
        for path in ("/", "/search?q=1", "/borrowers", "/alerts", "/documents", "/ask", "/trail", "/trail/verify"):
            assert client.get(path).status_code == 200, path
        for path in ("loans", "covenants", "documents", "borrowers", "trail", "alerts", "search?q=a", "find?q=1", "ready"):
            assert client.get(f"/api/v1/{path}").status_code == 200, path
    finally:
        bank.close()


def _now() -> object:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _staff(bank: object) -> None:
    from tools.store.access import store_staff

    with bank.store.transaction() as unit:  # type: ignore[attr-defined]
        store_staff(unit.connection, [{"id": "X1", "name": "癸", "role": "auditor"}], _now())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "kept"), [("../../etc/passwd", "passwd"), ("C:\\x\\报告.pdf", "报告.pdf"), ("", "document"), ("...", "document"), ("a\x00b\n.pdf", "ab.pdf"), ("年" * 200 + ".pdf", "年" * 58 + ".pdf")]
)  # fmt: skip
def test_a_file_name_is_only_a_name(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


def test_headers_keep_a_browser_strict(house: House) -> None:
    for path in ("/login", "/api/v1/health", "/static/console.css", "/nowhere"):
        headers = house.api().get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert house.browser("S001").get("/").headers["cache-control"] == "no-store"
