"""Red company seals as pictures: ring, star, the name along the upper arc, a caption below."""

from __future__ import annotations

import math
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from tools.typesetting.fonts import Face, font_path

_SIDE = 300
_RED = (200, 30, 30)


@cache
def seal_image(name: str, caption: str = "") -> Image.Image:
    """A square picture with a clear background, slightly see-through like ink."""
    middle = _SIDE / 2
    ink = Image.new("L", (_SIDE, _SIDE), 0)
    draw = ImageDraw.Draw(ink)
    draw.ellipse((4, 4, _SIDE - 5, _SIDE - 5), outline=235, width=6)
    draw.polygon(_star(middle, middle, 46), fill=235)
    size = int(min(34, 440 / max(len(name), 1)))
    spread = min(255.0, 19.0 * len(name))
    reach = middle - 12 - size / 2
    for index, char in enumerate(name):
        degrees = -spread / 2 + spread * (index + 0.5) / len(name)
        angle = math.radians(degrees)
        place = (round(middle + reach * math.sin(angle)), round(middle - reach * math.cos(angle)))
        glyph = _glyph(char, size).rotate(-degrees, resample=Image.Resampling.BICUBIC)
        ink.paste(235, (place[0] - size, place[1] - size), glyph)
    if caption:
        font = ImageFont.truetype(str(font_path(Face.SERIF)), 27)
        draw.text((middle, middle + 92), caption, font=font, fill=235, anchor="mm")
    picture = Image.new("RGBA", (_SIDE, _SIDE), (*_RED, 0))
    picture.putalpha(ink)
    return picture


def _glyph(char: str, size: int) -> Image.Image:
    box = Image.new("L", (2 * size, 2 * size), 0)
    font = ImageFont.truetype(str(font_path(Face.SERIF)), size)
    ImageDraw.Draw(box).text((size, size), char, font=font, fill=255, anchor="mm")
    return box


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    reach = (radius, radius * 0.382)
    return [(x + reach[i % 2] * math.sin(i * math.pi / 5), y - reach[i % 2] * math.cos(i * math.pi / 5)) for i in range(10)]
