"""A cited quote is outlined where it stands, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.quote_boxes import boxes_for
from tests.documents import papers

LINES = [
    "The first line of this page says little.",
    "Two of the six production lines stood idle",
    "and nobody could explain why.",
]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(papers.pdf([LINES, ["钢材账面1,180吨，实盘1,062吨。", "两条线停产。"]]))
    return path


def test_a_quote_over_two_lines_gets_two_boxes(paper: Path) -> None:
    boxes = boxes_for(paper, 1, "lines stood idle and nobody could explain why")
    assert len(boxes) == 2
    (x0, top, x1, bottom), second = boxes
    assert x0 > 60 and x1 > x0 and bottom > top and second[1] > top and second[0] == pytest.approx(60, abs=2)


def test_chinese_is_outlined_by_the_character(paper: Path) -> None:
    whole, part = boxes_for(paper, 2, "钢材账面1,180吨，实盘1,062吨"), boxes_for(paper, 2, "实盘1,062吨")
    assert part[0][0] > whole[0][0]
    assert part[0][2] == pytest.approx(whole[0][2], abs=1)


def test_less_than_half_of_a_quote_is_not_drawn(paper: Path) -> None:
    assert boxes_for(paper, 1, "stood idle because the company had lost its largest customer in the spring of that year") == ()


def test_a_quote_with_a_missing_word_is_still_placed(paper: Path) -> None:
    assert boxes_for(paper, 1, "Two of the six production lines stood idle, reportedly, and nobody could explain why")


def test_another_page_or_no_words_gives_nothing(paper: Path) -> None:
    assert boxes_for(paper, 2, LINES[1]) == ()
    assert boxes_for(paper, 9, LINES[1]) == ()
    assert boxes_for(paper, 1, " — ") == ()
