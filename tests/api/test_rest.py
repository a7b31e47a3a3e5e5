"""The API says what the commands say, in the shapes of interfaces, at both clocks."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime

from PIL import Image

from tests.api.house import House
from tools.domain.callers import LOCAL
from tools.domain.shapes import fact_shape, figure_shape
from tools.toolbox.covenants import covenant_views
from tools.toolbox.figures import figure_of
from tools.toolbox.loan_states import loan_shapes


def get(house: House, user: str, path: str, **parameters: object) -> object:
    answer = house.api(user).get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_numbers_are_exactly_those_of_the_commands(house: House) -> None:
    now = datetime.now(UTC)
    desk = house.bank.desk(house.bank.caller("S001", now, at_machine=False), house.bank.clocks(None, None, now))
    figure = figure_of(desk, "debt_to_assets", "C001")
    assert get(house, "S001", "/figures/debt_to_assets", borrower="C001") == figure_shape(figure)
    assert get(house, "S001", "/loans", borrower="C001") == json.loads(json.dumps(loan_shapes(desk, borrower="C001")))
    assert get(house, "S001", "/covenants", borrower="C001") == json.loads(json.dumps(covenant_views(desk, borrower="C001")))
    facts = house.bank.store.facts.active(desk.caller, "C001", desk.clocks, "total_assets")
    assert get(house, "S001", "/facts", borrower="C001", item="total_assets") == [fact_shape(fact) for fact in facts]
    assert get(house, "S001", "/loans/L001")["schedule"]  # type: ignore[index]


def test_a_question_is_answered_recorded_and_streamed(house: House) -> None:
    question = {"question": "明远精密2025年末的流动比率是多少？"}
    answer = house.api("S001").post("/api/v1/ask", json=question).json()
    assert answer["verified"] and answer["status"] == "answered" and answer["citations"]
    record = get(house, "S001", f"/trail/{answer['trail_id']}")
    assert record["payload"]["answer"] == answer["answer"] and record["user"] == "S001"  # type: ignore[index]
    with house.api("S001").stream("POST", "/api/v1/ask/stream", json=question) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = [line.removeprefix("event: ") for line in stream.iter_lines() if line.startswith("event:")]
    assert events[:-1] and set(events[:-1]) == {"step"} and events[-1] == "answer"


def test_a_stream_that_goes_wrong_says_so_as_an_event(house: House) -> None:
    with house.api("S001").stream("POST", "/api/v1/ask/stream", json={"question": "x", "borrower": "C002"}) as stream:
        text = "".join(stream.iter_text())
    assert "event: error" in text and '"not_found"' in text


def test_both_clocks_reach_every_read(house: House) -> None:
    early = get(house, "S001", "/facts", borrower="C001", as_of="2024-12-31")
    assert early and all(fact["period_end"] <= "2024-12-31" for fact in early)  # type: ignore[attr-defined]
    assert get(house, "S001", "/documents", known_at="2026-01-01") != get(house, "S001", "/documents")
    report = house.fact().source.sha256
    assert house.api("S001").get(f"/api/v1/documents/{report}", params={"known_at": "2026-01-01"}).status_code == 404
    assert (
        house.api("S001").get("/api/v1/facts", params={"borrower": "C001", "known_at": "2020-01-01T00:00:00+14:00"}).json()
        == []
    )


def test_the_original_comes_back_byte_for_byte_and_is_recorded(house: House) -> None:
    sha256 = house.fact().source.sha256
    answer = house.api("S001").get(f"/api/v1/documents/{sha256}/original")
    assert hashlib.sha256(answer.content).hexdigest() == sha256
    assert (
        answer.headers["content-type"] == "application/octet-stream" and "attachment" in answer.headers["content-disposition"]
    )
    assert house.bank.store.trail.search(LOCAL, act="export", object=sha256, user="S001")


def test_a_page_comes_with_its_number_outlined(house: House) -> None:
    source = house.fact().source
    assert source.box and source.label_box
    path = f"/api/v1/documents/{source.sha256}/pages/{source.page}"
    written = {
        name: ",".join(str(edge) for edge in box) for name, box in (("box", source.box), ("label_box", source.label_box))
    }
    bare, outlined = (
        Image.open(io.BytesIO(house.api("S001").get(path, params=p).content)).convert("RGB") for p in ({}, written)
    )
    assert bare.size == outlined.size
    zoom = bare.width / 595
    left, top = source.box[0] * zoom - 3, source.box[1] * zoom
    red = sum(outlined.getpixel((round(left + dx), round(top + 4))) == (200, 30, 30) for dx in range(-1, 3))  # type: ignore[comparison-overlap]
    assert red, "the box stands at the number's left edge"


def test_an_upload_is_read_and_reported(house: House) -> None:
    note = (
        "# 贷后走访记录\n\n借款人：江州明远精密机械有限公司\n\n走访时间：2026年10月28日\n\n现场所见：5条产线开工。\n".encode()
    )
    first = house.api("S001").post("/api/v1/documents", files={"file": ("../../走访 记录.md", note)}, data={"borrower": "C001"})
    assert first.status_code == 200, first.text
    (result,) = first.json()
    assert result["file"] == "走访 记录.md" and result["borrower"] == "C001" and result["status"] == "ok"
    again = house.api("S001").post("/api/v1/documents", files={"file": ("other.md", note)}, data={"borrower": "C001"}).json()
    assert again[0]["duplicate_of"] == "走访 记录.md" and again[0]["sha256"] == result["sha256"]
    assert house.api("S008").post("/api/v1/documents", files={"file": ("a.md", note)}).status_code == 403
    assert get(house, "S001", "/search", q="5条产线开工")[0]["sha256"] == result["sha256"]  # type: ignore[index]


def test_health_needs_no_token_and_tells_nothing(house: House) -> None:
    assert house.api().get("/api/v1/health").json()["status"] == "ok"
    assert house.api().get("/api/v1/ready").json() == {"status": "ready", "book_date": "2026-10-31"}
