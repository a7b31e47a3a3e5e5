"""A sheet as PNG bytes, for Word and for chat: painted four times as large and brought down, so that edges are smooth.

Nothing but the marks decides the bytes: no date, no font of the machine.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.charts.sheet import INKS, Box, Dot, Mark, Shape, Sheet, Stroke
from assistant.charts.svg import stripes
from tools.typesetting.fonts import font_path

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FINER = 3


def png(sheet: Sheet, scale: float = 3.0) -> bytes:
    """PNG bytes, `scale` pixels to the point (3 is 216 dots per inch). Pillow loads here, when a picture is first wanted."""
    from PIL import Image, ImageDraw

    zoom = scale * FINER
    image = Image.new("RGB", (round(sheet.width * zoom), round(max(sheet.height, 1) * zoom)), INKS["paper"])
    draw = ImageDraw.Draw(image)
    for mark in sheet.marks:
        _paint(draw, mark, zoom)
    small = image.resize((round(sheet.width * scale), round(max(sheet.height, 1) * scale)), Image.Resampling.BOX)
    out = BytesIO()
    small.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True, dpi=(72 * scale, 72 * scale))
    return out.getvalue()


@lru_cache(maxsize=32)
def _font(size: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(font_path()), size)


def _paint(draw: ImageDraw, mark: Mark, zoom: float) -> None:
    ink = INKS[mark.ink]
    match mark:
        case Box():
            corners = (mark.x * zoom, mark.y * zoom, (mark.x + mark.width) * zoom, (mark.y + mark.height) * zoom)
            if mark.outline or mark.striped:
                draw.rectangle(corners, outline=ink, width=round(0.8 * zoom))
                if mark.striped:
                    for x0, y0, x1, y1 in stripes(mark):
                        draw.line((x0 * zoom, y0 * zoom, x1 * zoom, y1 * zoom), ink, round(0.7 * zoom))
            else:
                draw.rectangle(corners, fill=ink)
        case Stroke():
            points = [(x * zoom, y * zoom) for x, y in mark.points]
            for piece in _dashes(points, 3 * zoom, 2 * zoom) if mark.dashed else [points]:
                draw.line(piece, ink, max(round(mark.width * zoom), 1), joint="curve")
        case Shape():
            draw.polygon([(x * zoom, y * zoom) for x, y in mark.points], fill=ink)
        case Dot():
            x, y, r = mark.x * zoom, mark.y * zoom, mark.radius * zoom
            draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)
        case _:
            weight = round(mark.size * zoom * 0.02) if mark.bold else 0
            at = (mark.left * zoom, mark.y * zoom)
            if mark.halo:
                paper, edge = INKS["paper"], round(zoom) + weight
                draw.text(
                    at, mark.text, fill=paper, font=_font(mark.size * zoom), anchor="ls", stroke_width=edge, stroke_fill=paper
                )
            draw.text(at, mark.text, fill=ink, font=_font(mark.size * zoom), anchor="ls", stroke_width=weight, stroke_fill=ink)


def _dashes(points: list[tuple[float, float]], on: float, off: float) -> list[list[tuple[float, float]]]:
    """Straight dashes along straight lines."""
    found = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        at = 0.0
        while at < length:
            end = min(at + on, length)
            found.append([(x0 + (x1 - x0) * d / length, y0 + (y1 - y0) * d / length) for d in (at, end)])
            at = end + off
    return found
