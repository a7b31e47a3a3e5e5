"""What a real model can get wrong over the wire: each is stopped or corrected, and the analyst answers when it cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.models import ModelChoice
from assistant.results import AskResult
from tests.assistant.asking import record
from tests.assistant.bank import NOW, OFFICER, SmallBank, build
from tests.assistant.openai_server import Reply, Request, Scripted, calls, refuses, says, serving

FIGURE = ("figures", {"borrowers": ["C001"], "names": ["current_ratio", "debt_to_assets"], "periods": ["2024", "2025"]})
QUESTION = "明远精密2025年末的流动比率和资产负债率是多少?"
RIGHT = "江州明远精密机械有限公司2025年12月31日流动比率为1.18{mark of current_ratio 2025},资产负债率为60.80%{mark of debt_to_assets 2025}。"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    small = build(Path(tmp_path_factory.mktemp("faults")))
    yield small
    small.bank.close()


def asked(small: SmallBank, *replies: Reply, question: str = QUESTION, retries: int = 0) -> tuple[AskResult, Scripted]:
    script = Scripted(*replies)
    with ExitStack() as stack:
        address = stack.enter_context(serving(script))
        choice = ModelChoice("openai:scripted", address, "k", timeout=5, retries=retries)
        assistant: Assistant = replace(small.bank.assistant, choice=choice, model_calls=6)
        result = assistant.ask(question, caller=OFFICER, clocks=small.clocks, now=NOW)
    return result, script


def raw(content: dict[str, object]) -> Reply:
    return lambda request: (200, content)


def test_the_right_answer_is_the_models(bank: SmallBank) -> None:
    result, _ = asked(bank, calls(FIGURE), says(RIGHT))
    assert result.model == "openai:scripted" and result.verified


@pytest.mark.parametrize(
    "wrong",
    [
        RIGHT.replace("1.18", "1.19"), RIGHT.replace("60.80%", "60.80倍"), RIGHT.replace("2025年12月31日", "2024年12月31日"), RIGHT.replace("60.80%", "六成五"),
        RIGHT + "流动比率较上年上升。", RIGHT + "高于行业平均水平20%。", RIGHT + "该公司已确认提案P1234567890。", RIGHT + "我已发送提醒函。", RIGHT + "详见[12]。",
        RIGHT + "“本公司经营一切正常,没有任何风险”。", RIGHT + "无逾期。", RIGHT + "海宁明远纺织股份有限公司同样如此。", RIGHT.replace("{mark of debt_to_assets 2025}", "{mark of current_ratio 2025}"),
        RIGHT + "分类为次级。", RIGHT.replace("1.18", "１．８１"), RIGHT.replace("1.18", "一点八一"), "The current ratio of Jiangzhou Mingyuan Precision Machinery Co., Ltd. doubled in 2025.",
    ],
)  # fmt: skip
def test_nothing_wrong_is_shown(bank: SmallBank, wrong: str) -> None:
    result, script = asked(bank, calls(FIGURE), says(wrong))
    assert result.model == "analyst", wrong
    assert "1.18" in result.answer and result.verified
    assert len(script.requests) == 3
    assert record(bank, result)["fallback"][0].startswith("failed the check")


def test_it_is_told_what_was_wrong_and_may_correct_itself(bank: SmallBank) -> None:
    result, script = asked(bank, calls(FIGURE), says(RIGHT.replace("60.80%", "61.80%")), says(RIGHT))
    assert result.model == "openai:scripted"
    assert "61.80%" in str(script.requests[2]["messages"][-1]["content"])


@pytest.mark.parametrize(
    "reply",
    [
        raw({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}), raw({}), raw({"error": {"message": "overloaded"}}),
        raw({"id": "x", "object": "chat.completion", "created": 1, "model": "m",
             "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": None, "refusal": "I cannot help with that."}}]}),
        says("I'm sorry, I can't help with that request."), says("```json\n{\"tool\": \"figures\"}\n```"), says("<tool_call>{\"name\": \"figures\"}</tool_call>"),
        refuses(429), refuses(503), refuses(400), refuses(404),
    ],
)  # fmt: skip
def test_refusals_and_broken_replies_leave_an_answer(bank: SmallBank, reply: Reply) -> None:
    result, _ = asked(bank, reply)
    assert "1.18" in result.answer or result.status in ("answered", "refused", "not_found")
    assert result.verified
    assert "tool_call" not in result.answer


def _many(count: int) -> Reply:
    return calls(
        *[
            ("figures", {"borrowers": ["C001"], "names": ["current_ratio"], "periods": [str(2025 - n % 2)]})
            for n in range(count)
        ]
    )


def test_twenty_parallel_calls_are_all_answered(bank: SmallBank) -> None:
    result, script = asked(bank, _many(20), calls(FIGURE), says(RIGHT))
    tools = [m for m in script.requests[1]["messages"] if m["role"] == "tool"]
    assert len(tools) == 20 and len({m["tool_call_id"] for m in tools}) == 20
    assert result.model == "openai:scripted"


@pytest.mark.parametrize(
    "arguments",
    ["", "{", "null", "[]", '"C001"', '{"borrowers": "C001", "names": ["x"]}', '{"borrowers": ["C001"], "names": ["current_ratio"], "caller": "root"}',
     json.dumps({"borrowers": ["C001'; DROP TABLE facts;--"], "names": ["current_ratio"]}), json.dumps({"borrowers": ["C001"], "names": ["流动比率"], "periods": ["yesterday"]})],
)  # fmt: skip
def test_malformed_arguments_become_messages(bank: SmallBank, arguments: str) -> None:
    result, _ = asked(bank, calls(("figures", arguments)), calls(FIGURE), says(RIGHT))
    assert "1.18" in result.answer and result.verified


def test_a_model_cannot_choose_another_caller_or_clock(bank: SmallBank) -> None:
    tries = [("figures", {"borrowers": ["C009"], "names": ["revenue"], "periods": ["2025"]}), ("loans", {"loan": "L009"}), ("covenants", {"covenant": "V009"}),
             ("find_borrower", {"text": "海州东方化工"}), ("passages", {"query": "东方化工 停产"}), ("documents", {"borrower": "C009"})]  # fmt: skip
    _, script = asked(bank, calls(*tries), calls(FIGURE), says(RIGHT))
    heard = " ".join(str(m["content"]) for m in script.requests[1]["messages"] if m["role"] == "tool")
    assert "停产检修" not in heard and "9000000" not in heard and "东方化工有限公司" not in heard


def test_a_proposal_needs_the_askers_right_and_names_who_decides(bank: SmallBank) -> None:
    propose = ("propose", {"kind": "classification", "proposed": "substandard", "object": "L002"})

    def done(request: Request) -> tuple[int, dict[str, object]]:
        heard = str(request["messages"][-1]["content"])
        id = next(word for word in heard.split() if word.startswith("P"))
        return says(f"已提出提案{id},须由另一人批准。")(request)

    result, _ = asked(bank, calls(propose), done, question="把L002的分类下调为次级")
    assert result.model == "openai:scripted" and result.verified
    assert [one.proposed for one in bank.bank.store.proposals.list(OFFICER, clocks=None)] == ["substandard"]


def test_slow_limits_are_waited_for(bank: SmallBank) -> None:
    result, _ = asked(bank, refuses(429), refuses(429), calls(FIGURE), says(RIGHT), retries=3)
    assert result.model == "openai:scripted"
