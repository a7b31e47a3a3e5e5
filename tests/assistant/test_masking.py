"""Personal data stays in the bank: what arrives at a model outside holds none, and the reader sees the values all the same."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.masking import Mask, is_outside
from assistant.models import ModelChoice
from assistant.results import AskResult
from tests.assistant.bank import NOW, OFFICER, RECEIVED, SmallBank, build
from tests.assistant.openai_server import Reply, Scripted, calls, says, serving
from tools.domain.callers import LOCAL
from tools.domain.facts import Passage, Source
from tools.store.documents import Document

SECRETS = ("陈明远", "周慧敏", "王经理", "11010519491231002X", "13812345678", "6222020200112345678", "zhou@mingyuan.example")
NOTE = (
    "走访人：王经理。会见：周慧敏，财务负责人，身份证11010519491231002X，电话13812345678，邮箱zhou@mingyuan.example。"
    "还款账户6222020200112345678。钢材库存1,180吨，付土地款8,500,000.00元。"
)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> SmallBank:
    small = build(Path(tmp_path_factory.mktemp("masking")))
    paper = Document(
        sha256(NOTE.encode()).hexdigest(), "联系人记录.md", "visit_note", "zh", "C001", 1, "ok", RECEIVED, RECEIVED
    )
    with small.bank.store.transaction():
        small.bank.store.documents.add(LOCAL, paper, NOTE.encode())
        small.bank.store.passages.add(
            LOCAL,
            [Passage("P-people", NOTE, Source(paper.name, paper.sha256, 1), "visit_note", "C001", (), "2026-10-20")],
            RECEIVED,
        )
    return small


def asked(small: SmallBank, question: str, *replies: Reply, outside: bool | None = True) -> tuple[AskResult, Scripted]:
    script = Scripted(*replies)
    with ExitStack() as stack:
        address = stack.enter_context(serving(script))
        choice = ModelChoice("openai:scripted", address, "k", timeout=5, retries=0, outside=outside)
        assistant: Assistant = replace(small.bank.assistant, choice=choice, model_calls=6)
        result = assistant.ask(question, caller=OFFICER, clocks=small.clocks, now=NOW)
    return result, script


CONTROLLER = ("book_rows", {"table": "relations", "borrower": "C001"})
SEARCH = ("passages", {"query": "会见 电话 账户", "borrower": "C001"})


def test_nothing_personal_arrives_outside_and_the_answer_names_the_person(bank: SmallBank) -> None:
    result, script = asked(
        bank,
        "陈明远是明远精密的什么人？",
        calls(CONTROLLER, SEARCH),
        says("江州明远精密机械有限公司的实际控制人是<PERSON-1>。"),
    )
    sent = str(script.requests)
    assert not [secret for secret in SECRETS if secret in sent]
    assert "<PERSON-1>" in sent and "<PHONE-1>" in sent and "<ID-1>" in sent and "<ACCOUNT-1>" in sent
    assert "8,500,000.00" in sent and "1,180" in sent
    assert result.model == "openai:scripted"
    assert "陈明远" in result.answer and "<PERSON" not in result.answer


def test_arguments_of_tool_calls_are_turned_back(bank: SmallBank) -> None:
    result, _ = asked(
        bank, "查一下陈明远", calls(("passages", {"query": "<PERSON-1>", "borrower": "C001"})), says("没有找到。")
    )
    assert result.used[0].arguments["query"] == "陈明远"


def test_an_invented_token_is_never_shown(bank: SmallBank) -> None:
    result, _ = asked(bank, "明远精密的实际控制人是谁？", calls(CONTROLLER), says("实际控制人是<PERSON-9>，电话<PHONE-7>。"))
    assert "<PERSON-9>" not in result.answer and "<PHONE-7>" not in result.answer


def test_a_model_inside_the_bank_sees_the_words_as_they_are(bank: SmallBank) -> None:
    _, script = asked(bank, "明远精密的实际控制人是谁？", calls(CONTROLLER), says("陈明远"), outside=None)
    assert "陈明远" in str(script.requests)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        (None, True), ("https://api.deepseek.com/v1", True), ("http://127.0.0.1:8000/v1", False), ("http://10.1.2.3/v1", False),
        ("http://vllm:8000/v1", False), ("http://llm.bank.internal/v1", False), ("https://8.8.8.8/v1", True), ("http://[::1]:1/v1", False),
    ],
)  # fmt: skip
def test_where_an_address_lies(address: str | None, outside: bool) -> None:
    assert is_outside(address) is outside


@pytest.mark.parametrize(
    "plain", ["余额338,724,711.22元", "比率1.1613562091503267973856", "2026-10-31", "91350100M000100Y43", "第12页", "20000000.00", "L001 C4 FIN-09", "合同号2026固贷字第0905号"]
)  # fmt: skip
def test_figures_dates_and_public_numbers_are_left_alone(plain: str) -> None:
    assert Mask().hide(plain) == plain


@given(st.text(max_size=80), st.sampled_from(SECRETS))
def test_what_is_hidden_comes_back(text: str, secret: str) -> None:
    mask = Mask(("陈明远", "周慧敏", "王经理"))
    whole = f"{text} {secret} {text}"
    hidden = mask.hide(whole)
    assert secret not in hidden
    assert mask.reveal(hidden) == whole
