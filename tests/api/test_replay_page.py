"""The page that asks a recorded question again: the same to the byte, or every difference named; for those who may read the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.api.console.records import compared
from tests.api.house import House
from tools.domain.callers import LOCAL
from tools.store.trail import Act


@pytest.fixture(scope="module")
def asked(house: House) -> dict[str, Any]:
    question = {"question": "明远精密2025年末的流动比率是多少？"}
    answer: dict[str, Any] = house.api("S001").post("/api/v1/ask", json=question).json()
    return answer


def test_an_answer_is_reproduced_for_its_asker_and_for_an_auditor(house: House, asked: dict[str, Any]) -> None:
    before = len(house.bank.store.trail.search(LOCAL, act="answer", limit=10_000))
    for user in ("S001", "S008"):
        client = house.browser(user)
        assert f"/answers/{asked['trail_id']}/replay" in client.get(f"/answers/{asked['trail_id']}").text
        page = client.get(f"/answers/{asked['trail_id']}/replay")
        assert page.status_code == 200 and "Reproduced: the same answer to the byte" in page.text
        assert "流动比率" in page.text
    assert "可重现" in house.browser("S001", "zh").get(f"/answers/{asked['trail_id']}/replay").text
    assert len(house.bank.store.trail.search(LOCAL, act="answer", limit=10_000)) == before, "nothing is recorded"


@pytest.mark.parametrize("user", ["S002", "S003", "S009"])
def test_an_answer_one_may_not_see_cannot_be_asked_again(house: House, asked: dict[str, Any], user: str) -> None:
    client = house.browser(user)
    seen, missing = (client.get(f"/answers/{id}/replay") for id in (asked["trail_id"], "T-0000"))
    assert seen.status_code == missing.status_code == 404


def test_what_is_no_answer_has_no_such_page(house: House) -> None:
    record = next(r for r in house.bank.store.trail.search(LOCAL, limit=500) if r.act != "answer")
    assert house.browser("S008").get(f"/answers/{record.id}/replay").status_code == 404


def test_what_differs_is_shown_value_by_value_and_line_by_line(house: House, asked: dict[str, Any]) -> None:
    shown = house.bank.store.trail.show(LOCAL, asked["trail_id"])
    assert shown is not None
    payload = dict(shown["payload"])
    payload["answer"] = "Told otherwise then.\n" + payload["answer"]
    payload["rulebook"] = "0" * 64
    call = next(call for call in payload["tools"] if (call.get("found") or {}).get("figures"))
    (figure, value) = next(iter(call["found"]["figures"].items()))
    call["found"]["figures"][figure] = "9.87654321"
    caller = house.bank.caller("S001", datetime.now(UTC))
    record = house.bank.store.trail.append(caller, Act.ANSWER, "doctored", payload, datetime.now(UTC), "C001")
    page = house.browser("S008").get(f"/answers/{record.id}/replay").text
    assert "Not the same any more." in page and "Reproduced" not in page
    assert "9.87654321" in page and value in page and figure in page
    assert '<p class="gone"><span aria-hidden="true">− </span>Told otherwise then.</p>' in page
    assert "The rulebook has changed since." in page


def test_two_texts_side_by_side() -> None:
    before, after = compared("a\nb\nc", "a\nx\nc")
    assert before == [(False, "a"), (True, "b"), (False, "c")]
    assert after == [(False, "a"), (True, "x"), (False, "c")]
    assert compared("a", "a") == ([(False, "a")], [(False, "a")])
