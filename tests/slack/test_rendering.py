"""What is sent keeps Slack's limits and keeps every word; what documents say is never interpreted."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.fake_slack.rules import check_blocks
from integrations.slack.blocks import pieces, text_of
from integrations.slack.phrases import Phrases
from integrations.slack.rendering import Shown, answer_parts, console_of
from prompts.library import phrase_book

ZH, EN = Phrases("zh"), Phrases("en")
LETTERS = st.text(alphabet="资产负债率 ab1.,%。<>&*_~`@!|:()[]-\n", max_size=400)


def citation(number: int, name: str = "年报.pdf") -> dict[str, Any]:
    return {"id": str(number), "document": name, "sha256": "a" * 64, "page": number, "locator": None, "box": [1.0, 2.0, 3.0, 4.0],
            "boxes": [[1.23456, 2.0, 3.0, 4.0]] * 40}  # fmt: skip


def shown(answer: str, count: int = 3) -> Shown:
    return Shown(answer, "zh", [citation(n + 1) for n in range(count)], "T-0123456789abcdef", "2026-10-31", True)


def words(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or "\u4e00" <= c <= "\u9fff")


@given(st.lists(LETTERS, max_size=60).map("\n".join), st.integers(0, 260), st.sampled_from([ZH, EN]))
@settings(max_examples=30, deadline=None)
def test_every_message_keeps_the_limits_and_every_word_is_there(answer: str, count: int, phrases: Phrases) -> None:
    parts = answer_parts(shown(answer, count), phrases, console_of("https://loanward.bank.example"))
    assert all(check_blocks(part.blocks) == "" for part in parts)
    said = words("".join(text_of(block) for part in parts for block in part.blocks))
    position = 0
    for character in words("".join(line.lstrip(" 0123456789.") for line in answer.split("\n"))):
        position = said.find(character, position) + 1
        assert position, "a word is missing"


def test_a_very_long_line_is_split_and_complete() -> None:
    answer = "长" * 40_000
    parts = answer_parts(shown(answer), ZH, None)
    assert sum("".join(text_of(b) for b in part.blocks).count("长") for part in parts) == 40_000
    assert all(check_blocks(part.blocks) == "" for part in parts)
    assert "接上条 2/" in text_of(parts[1].blocks[0])


def test_a_list_of_one_shape_is_a_table_with_the_same_words() -> None:
    answer = "按流动比率排列:\n" + "\n".join(f"{n}. 公司{n}:1.0{n}(1.0{n}00)[{n}](2026年6月30日)" for n in range(1, 7))
    table = next(b for part in answer_parts(shown(answer, 6), ZH, None) for b in part.blocks if b["type"] == "table")
    assert [cell["text"] for cell in table["rows"][1]] == ["1. 公司1", "1.01(1.0100)[1]", "2026年6月30日"]


def test_a_table_of_many_rows_and_columns_is_dealt_to_several_messages() -> None:
    rows = ["|" + "|".join(f"c{r}-{c}" for c in range(30)) + "|" for r in range(150)]
    answer = "\n".join([rows[0], "|" + "---|" * 30, *rows[1:]])
    parts = answer_parts(shown(answer), ZH, None)
    assert all(check_blocks(part.blocks) == "" for part in parts)
    said = "".join(text_of(b) for part in parts for b in part.blocks)
    assert all(f"c{r}-{c}" in said for r in range(150) for c in range(30))


def test_a_line_that_goes_on_with_an_item_stays_in_it() -> None:
    block = answer_parts(shown("- 一\n  缺少:二。\n- 三"), ZH, None)[0].blocks[0]
    assert [len(item["elements"]) for item in block["elements"][0]["elements"]] == [3, 1]


def test_mentions_and_links_in_documents_are_words() -> None:
    parts = answer_parts(shown("<!channel> <@U1> <https://evil.example|click> [1]"), ZH, None)
    assert parts[0].text.startswith("&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil")
    kinds = {e["type"] for b in parts[0].blocks if b["type"] == "rich_text" for s in b["elements"] for e in s["elements"]}
    assert kinds == {"text"}


def test_sources_link_to_a_console_people_can_reach_and_else_are_pressed() -> None:
    for url, linked in (("https://loanward.bank.example", True), ("http://127.0.0.1:8000", False), ("http://localhost", False)):
        parts = answer_parts(shown("资产负债率60.80%[1]"), ZH, console_of(url))
        button = next(b for part in parts for b in part.blocks if b["type"] == "actions")["elements"][0]
        assert ("url" in button) is linked
        assert json.loads(button["value"])["page"] == 1 and "年报" not in button["value"]


@given(st.text(max_size=500), st.integers(10, 80))
def test_pieces_lose_nothing_but_line_ends(text: str, most: int) -> None:
    cut = pieces(text, most)
    assert all(len(piece) <= most for piece in cut)
    assert "".join(cut).replace("\n", "").strip() == text.replace("\n", "").strip()


def test_both_languages_have_the_same_phrases_with_the_same_slots() -> None:
    import re

    chinese, english = phrase_book("slack_zh")["phrases"], phrase_book("slack_en")["phrases"]
    assert list(chinese) == list(english)
    slots = re.compile(r"\{(\w+)\}")
    for name, text in chinese.items():
        assert set(slots.findall(str(text))) == set(slots.findall(str(english[name]))), name
