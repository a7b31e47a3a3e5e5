"""A past answer comes out again, byte for byte, whatever the bank learned since; and where it cannot, that is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from assistant.answering import answer
from assistant.replay import replay
from tests.assistant.bank import CLOCKS, NOW, OFFICER, OTHER, SmallBank, build
from tools.domain.callers import LOCAL, Caller
from tools.domain.periods import Clocks
from tools.errors import BadRequest
from tools.store.documents import Document

QUESTIONS = (
    "明远精机2025年末的流动比率是多少？", "How did revenue of Mingyuan move in 2025?", "明远精机的约束条款都满足吗？", "恒泰贸易逾期多少天？",
    "最近一次走访看到了什么？明远精机", "哪些客户逾期超过30天？", "明远精机明年会盈利多少？", "What is the weather?",
)  # fmt: skip
AUDITOR = Caller(user="x1", role="auditor", everything=True)


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    made = build(tmp_path_factory.mktemp("bank"))
    yield made
    made.bank.close()


def restate(small: SmallBank, at: datetime) -> None:
    """The audited statement comes again with other current assets."""
    store = small.bank.store
    content = b"restated"
    digest = sha256(content).hexdigest()
    old = [f for f in store.facts.active(LOCAL, "C001", CLOCKS, "total_current_assets") if f.period.end.year == 2025]
    new = [
        replace(f, id=f"R-{n}", value=f.value - Decimal(10_000_000), source=replace(f.source, document="更正.pdf", sha256=digest))
        for n, f in enumerate(old)
    ]  # fmt: skip
    document = Document(digest, "更正.pdf", "statement", "zh", "C001", 1, "ok", at, at, period_end=datetime(2026, 6, 30).date())
    with store.transaction():
        store.documents.add(LOCAL, document, content)
        store.facts.record(LOCAL, new, at)
        store.trail.append(LOCAL, "ingest", digest, {"name": "更正.pdf"}, at, "C001")  # type: ignore[arg-type]


def test_answers_come_out_again_after_the_bank_learned_otherwise(small: SmallBank) -> None:
    asked = [answer(small.bank, question, caller=OFFICER, clocks=CLOCKS, now=NOW) for question in QUESTIONS]
    thread = [
        answer(small.bank, question, caller=OFFICER, clocks=CLOCKS, now=NOW + timedelta(seconds=n), thread="t1")
        for n, question in enumerate(("明远精机的流动比率？", "那资产负债率呢？", "上一年呢？"))
    ]
    restate(small, NOW + timedelta(days=1))
    small.bank.store.threads.forget(OFFICER, "t1")
    for made in [*asked, *thread]:
        found = replay(small.bank, OFFICER, made.trail_id)
        assert found.same, (found.question, found.differences)
        assert found.again == made.answer and not found.notes
    later = Clocks(CLOCKS.as_of, NOW + timedelta(days=2))
    now = answer(small.bank, QUESTIONS[0], caller=OFFICER, clocks=later, now=NOW + timedelta(days=2))
    assert now.answer != asked[0].answer


def test_a_value_that_is_not_the_same_any_more_is_named(small: SmallBank) -> None:
    made = answer(small.bank, QUESTIONS[0], caller=OFFICER, clocks=CLOCKS, now=NOW)
    restate(small, datetime(2026, 10, 1, tzinfo=UTC))  # entered late, as if received before the answer
    found = replay(small.bank, OFFICER, made.trail_id)
    assert not found.same
    assert found.differences[0] == "the answer reads differently"
    assert any("call" in line and "is not there" in line for line in found.differences[1:])


def test_an_auditor_replays_with_the_rights_the_asker_had(small: SmallBank) -> None:
    made = answer(small.bank, "哪些客户逾期超过30天？", caller=OFFICER, clocks=CLOCKS, now=NOW)
    small.bank.__dict__["caller"] = lambda user, at, at_machine=True: OFFICER if user == "u1" else OTHER
    found = replay(small.bank, AUDITOR, made.trail_id)
    assert found.same and "东方化工" not in (found.again or "")


def test_a_record_one_may_not_see_is_as_one_that_is_not_there(small: SmallBank) -> None:
    made = answer(small.bank, QUESTIONS[0], caller=OFFICER, clocks=CLOCKS, now=NOW)
    said = []
    for id in (made.trail_id, "T-0000"):
        with pytest.raises(BadRequest) as refused:
            replay(small.bank, OTHER, id)
        said.append(str(refused.value).replace(id, "ID"))
    assert said[0] == said[1]


def test_what_is_no_answer_cannot_be_replayed(small: SmallBank) -> None:
    record = next(r for r in small.bank.store.trail.search(LOCAL) if r.act != "answer")
    with pytest.raises(BadRequest, match="is no answer"):
        replay(small.bank, LOCAL, record.id)
