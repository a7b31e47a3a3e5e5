"""Numbers in words: what is read, and what is no number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tools.domain.number_words import chinese_number, english_number


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("三百二十万", "3200000"), ("陆仟肆佰万", "64000000"), ("一亿二千万", "120000000"), ("十二", "12"), ("二百零五", "205"), ("两", "2"),
        ("一点二五", "1.25"), ("〇", "0"), ("贰仟捌佰萬", "28000000"),
    ],
)  # fmt: skip
def test_chinese_numerals_are_read(said: str, value: str) -> None:
    assert chinese_number(said) == Decimal(value)


@pytest.mark.parametrize("said", ["", "甲", "三点", "一点十", "三元"])
def test_what_is_no_chinese_numeral_is_none(said: str) -> None:
    assert chinese_number(said) is None


@pytest.mark.parametrize(
    ("said", "value", "places"),
    [
        ("sixty-five", "65", 0),
        ("two hundred and ten", "210", 0),
        ("one point two five", "1.25", 2),
        ("three thousand four", "3004", 0),
    ],
)
def test_spelled_numbers_are_read_with_their_places(said: str, value: str, places: int) -> None:
    assert english_number(said) == (Decimal(value), places)


@pytest.mark.parametrize("said", ["several", "one point twelve", "twenty blue"])
def test_what_is_no_spelled_number_is_none(said: str) -> None:
    assert english_number(said) is None
