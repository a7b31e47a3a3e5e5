"""Chinese letters on a machine that has none: every letter of the console's words is in a slice, and a browser draws them at once."""

from __future__ import annotations

import re
from io import BytesIO

from fontTools.ttLib import TTFont

from integrations.api.console.frame import own_letters
from integrations.api.lettering import HAN, SWITCH, slice_of, slices
from tests.api.house import House


def test_every_letter_is_in_one_slice_and_the_first_two_hold_the_consoles_own_words() -> None:
    found = slices(own_letters())
    letters = [letter for part in found.values() for letter in part]
    assert len(letters) == len(set(letters)) > 20_000
    wanted = {letter for letter in own_letters() if any(first <= ord(letter) <= last for first, last in HAN)}
    assert wanted <= set(found["words"]) | set(SWITCH)
    assert not wanted & {letter for name, part in found.items() if name not in ("words", "switch") for letter in part}


def test_a_slice_is_a_font_of_its_letters_and_small() -> None:
    font = slice_of(own_letters(), "words")
    assert font is not None and len(font) < 120_000
    drawn = TTFont(BytesIO(font)).getBestCmap()
    assert {ord(letter) for letter in slices(own_letters())["words"]} <= set(drawn)
    assert slice_of(own_letters(), "switch") is not None
    assert slice_of(own_letters(), "zz") is None


def test_the_stylesheet_names_files_that_are_there_without_logging_in(house: House) -> None:
    client = house.api()
    sheet = client.get("/static/han.css")
    assert sheet.headers["content-type"].startswith("text/css")
    named = re.findall(r'url\("(/static/han-\w+\.woff\?v=\w+)"\)', sheet.text)
    assert len(named) == len(slices(own_letters()))
    answer = client.get(named[0])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "font/woff")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/han-zz.woff").status_code == 404
    assert named[0] in client.get("/login").text or named[1] in client.get("/login").text
