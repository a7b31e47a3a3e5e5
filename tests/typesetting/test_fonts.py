"""The shared faces cover the common Chinese characters, and their subsets are small and repeatable."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from tools.typesetting.fonts import Face, font_path, metrics, missing_glyphs, subset, text_width, truetype_subset

GB2312 = "".join(bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))


@pytest.mark.parametrize("face", list(Face))
def test_every_character_of_gb2312_can_be_drawn(face: Face) -> None:
    assert len(GB2312) == 6763
    assert missing_glyphs(GB2312 + "，。：；（）“”—％￥$€℃→①②√", face) == ""


def test_a_missing_glyph_is_named_once() -> None:
    assert missing_glyphs("表ₜ表ₜ") == "ₜ"


def test_a_chinese_character_is_one_square_and_figures_align() -> None:
    assert text_width("资产负债", 10) == 40
    widths = {text_width(digit, 10) for digit in "0123456789"}
    assert len(widths) == 1


@pytest.mark.parametrize("flavour", [None, "woff"])
def test_a_subset_is_small_repeatable_and_holds_the_text(flavour: str | None) -> None:
    text = "江州明远精密机械有限公司 1,234.56"
    cut = subset(text, Face.SERIF, flavour)
    assert cut == subset(text, Face.SERIF, flavour)
    assert len(cut) < 30_000 < font_path(Face.SERIF).stat().st_size
    with TTFont(BytesIO(cut)) as font:
        assert {ord(c) for c in text} <= set(font.getBestCmap())


def test_ascent_and_descent_are_those_of_the_design() -> None:
    assert (metrics().ascent, metrics().descent) == (880, 120)


def test_truetype_outlines_keep_shape_and_widths() -> None:
    text = "永远精密 Ag 8,%"
    cut = truetype_subset(text, Face.SERIF)
    assert cut == truetype_subset(text, Face.SERIF)
    with TTFont(BytesIO(cut)) as made, TTFont(font_path(Face.SERIF)) as whole:
        assert "glyf" in made and "CFF " not in made
        for char in set(text) - {" "}:
            name, original = made.getBestCmap()[ord(char)], whole.getBestCmap()[ord(char)]
            assert made["hmtx"][name][0] == whole["hmtx"][original][0]
            boxes = []
            for font, glyph in ((made, name), (whole, original)):
                pen = BoundsPen(font.getGlyphSet())
                font.getGlyphSet()[glyph].draw(pen)
                boxes.append(pen.bounds)
            assert all(abs(a - b) <= 5 for a, b in zip(*boxes, strict=True))
