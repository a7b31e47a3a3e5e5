"""How near a covenant is to its limit: a bar against a fixed mark, the same way round for maximum and minimum covenants.

The mark stands at the same place in every bar, so that a column of them reads at a glance; right of it is the forbidden side of a
maximum, left of it that of a minimum, and that side is shaded. Shape and words carry the verdict as well as ink does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.charts.sheet import Box, Drawing, Ink, Shape, Sheet, Stroke, Words, shortened
from tools.typesetting.fonts import text_width

MARK = 0.66
"""Where the limit stands on the track, from 0 to 1; what lies beyond 1 is cut off and marked with an arrow."""
TEXT = 7.5
ROW = 17.0
Verdict = Literal["good", "warn", "bad", "soft"]


@dataclass(frozen=True, slots=True)
class Room:
    """One covenant: what it is called, the value and limit as numbers and as written, and the verdict."""

    label: str
    actual: Decimal | None
    limit: Decimal | None
    ceiling: bool
    verdict: Verdict
    text: str
    said: str = ""


def headroom_bar(room: Room, width: float = 110, height: float = 12) -> Sheet:
    """One bar without words, for a table cell that has them beside it."""
    drawing = Drawing()
    _bar(drawing, room, 0, 1.5, width, height - 3)
    return Sheet(width, height, tuple(drawing.marks), f"{room.label} {room.text} {room.said}".strip())


def headroom(rooms: Sequence[Room], width: float = 460) -> Sheet:
    """All of a borrower's, one below the other, with their words."""
    drawing = Drawing()
    told = [f"{room.text}  {room.said}".strip() for room in rooms]
    names = min(max((text_width(room.label, TEXT) for room in rooms), default=0) + 8, width * 0.34)
    words = min(max((text_width(text, TEXT) for text in told), default=0) * 1.06 + 8, width * 0.42)
    track = width - names - words
    for index, (room, text) in enumerate(zip(rooms, told, strict=True)):
        y = index * ROW
        ink: Ink = "ink" if room.verdict == "good" else room.verdict
        drawing.add(Words(0, y + 11, shortened(room.label, TEXT, names - 6), TEXT))
        _bar(drawing, room, names, y + 4, track, ROW - 8)
        drawing.add(
            Words(names + track + 8, y + 11, shortened(text, TEXT, words - 8), TEXT, ink, bold=room.verdict in ("bad", "warn"))
        )
    return Sheet(
        width,
        max(len(rooms), 1) * ROW,
        tuple(drawing.marks),
        "; ".join(f"{r.label} {t}" for r, t in zip(rooms, told, strict=True)),
    )


def _bar(drawing: Drawing, room: Room, x: float, y: float, width: float, height: float) -> None:
    mark = x + width * MARK
    if room.actual is None or room.limit is None:
        drawing.add(Box(x, y, width, height, "rule", outline=True))
        return
    forbidden = (mark, x + width - mark) if room.ceiling else (x, mark - x)
    drawing.add(Box(forbidden[0], y, forbidden[1], height, "rule", striped=True))
    share = _share(room.actual, room.limit)
    ink: Ink = "accent" if room.verdict == "good" else room.verdict
    reach = min(max(share * MARK, 0.0), 1.0) * width
    if reach > 0:
        drawing.add(Box(x, y + height * 0.18, reach, height * 0.64, ink))
    if share * MARK > 1:
        tip = x + width
        drawing.add(Shape(((tip, y + height / 2), (tip - 4, y), (tip - 4, y + height)), ink))
    elif share < 0:
        drawing.add(Shape(((x, y + height / 2), (x + 4, y), (x + 4, y + height)), ink))
    drawing.add(Stroke(((mark, y - 1.5), (mark, y + height + 1.5)), "ink", 1.3))


def _share(actual: Decimal, limit: Decimal) -> float:
    if limit == 0:
        return 1.0 + (0.2 if actual > 0 else -0.2 if actual < 0 else 0.0)
    return float(actual / limit) if limit > 0 else 2.0 - float(actual / limit)
