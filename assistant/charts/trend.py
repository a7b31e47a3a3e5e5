"""A figure over its periods, small: bars for amounts, a line for ratios, the newest value strong, a limit dashed.

Only the first and last values are written when all would not fit; every one is in the description. A period without a value is a
gap that is seen, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.charts.sheet import Box, Dot, Drawing, Ink, Sheet, Stroke, Words
from tools.typesetting.fonts import text_width

TEXT = 7.0
PAD = 2.0
WIDEST_BAR = 18.0


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its label, its value, and the value as it is written elsewhere. `value` None where nothing is known."""

    label: str
    value: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A level to compare with."""

    value: Decimal
    text: str


def trend(
    points: Sequence[Point],
    *,
    kind: Literal["bars", "line"] = "bars",
    limit: Limit | None = None,
    width: float = 150,
    height: float = 58,
    title: str = "",
) -> Sheet:
    """The chart of one figure, oldest period first."""
    told = "; ".join(f"{point.label} {point.text}" for point in points) + (f"; {limit.text}" if limit else "")
    drawing = Drawing()
    known = [point.value for point in points if point.value is not None]
    if not known:
        return Sheet(width, height, (), told)
    right = width - (text_width(limit.text, TEXT) + 4 if limit else 0) - PAD
    frame = _Frame(PAD, right, TEXT + 4, height - TEXT - 6, len(points), _range(known, limit, kind))
    if limit:
        y = frame.y(limit.value)
        drawing.add(
            Stroke(((frame.left, y), (right + 2, y)), "bad", 0.7, True), Words(right + 4, y + 2.4, limit.text, TEXT, "bad")
        )
    _bars(drawing, points, frame) if kind == "bars" else _line(drawing, points, frame)
    _values(drawing, points, frame, kind, limit)
    _labels(drawing, points, frame, height)
    return Sheet(width, height, tuple(drawing.marks), f"{title}: {told}" if title else told)


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    right: float
    top: float
    bottom: float
    count: int
    span: tuple[float, float]

    def x(self, index: int) -> float:
        return self.left + (index + 0.5) * (self.right - self.left) / self.count

    def y(self, value: Decimal) -> float:
        low, high = self.span
        return self.bottom - (float(value) - low) / (high - low) * (self.bottom - self.top)


def _range(known: Sequence[Decimal], limit: Limit | None, kind: str) -> tuple[float, float]:
    values = [float(value) for value in known] + ([float(limit.value)] if limit else [])
    low, high = min(values), max(values)
    if kind == "bars":
        low, high = min(low, 0.0), max(high, 0.0)
    else:
        room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
    return (low, high) if high > low else (low, low + 1.0)


def _bars(drawing: Drawing, points: Sequence[Point], frame: _Frame) -> None:
    zero = frame.y(Decimal(0))
    drawing.add(Stroke(((frame.left, zero), (frame.right, zero)), "rule", 0.8))
    wide = min((frame.right - frame.left) / frame.count * 0.62, WIDEST_BAR)
    for index, point in enumerate(points):
        x = frame.x(index)
        if point.value is None:
            drawing.add(Stroke(((x - wide / 2, zero - 1.5), (x + wide / 2, zero - 1.5)), "soft", 0.8, True))
            continue
        y = frame.y(point.value)
        last = index == len(points) - 1
        ink: Ink = "bad" if point.value < 0 else "accent" if last else "bar"
        drawing.add(Box(x - wide / 2, min(y, zero), wide, max(abs(y - zero), 0.6), ink, tip=f"{point.label}: {point.text}"))


def _line(drawing: Drawing, points: Sequence[Point], frame: _Frame) -> None:
    drawing.add(Stroke(((frame.left, frame.bottom), (frame.right, frame.bottom)), "rule", 0.8))
    runs: list[list[tuple[float, float]]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((frame.x(index), frame.y(point.value)))
    drawing.add(*(Stroke(tuple(run), "accent", 1.3) for run in runs if len(run) > 1))
    for index, point in enumerate(points):
        if point.value is not None:
            last = index == len(points) - 1
            drawing.add(Dot(frame.x(index), frame.y(point.value), 2.2 if last else 1.5, "accent"))


def _values(drawing: Drawing, points: Sequence[Point], frame: _Frame, kind: str, limit: Limit | None) -> None:
    """The last first, then the first, then whichever of the others still fit; off the limit's line where there is one."""
    given = [index for index, point in enumerate(points) if point.value is not None]
    for index in dict.fromkeys([given[-1], given[0], *reversed(given)]):
        point = points[index]
        assert point.value is not None
        below = kind == "bars" and point.value < 0
        y = min(frame.y(point.value), frame.y(Decimal(0)) if below else frame.y(point.value)) - 3.2
        if limit and y - TEXT < frame.y(limit.value) < y + 1.5:
            under = frame.y(limit.value) + TEXT + 1.5
            y = under if under > frame.y(point.value) + TEXT else max(frame.y(limit.value) - 2.5, TEXT)
        last = index == given[-1]
        drawing.label(
            Words(frame.x(index), max(y, TEXT), point.text, TEXT, "ink" if last else "soft", "middle", last, True),
            0,
            frame.right + 2,
        )


def _labels(drawing: Drawing, points: Sequence[Point], frame: _Frame, height: float) -> None:
    for index in dict.fromkeys([frame.count - 1, 0, *reversed(range(frame.count))]):
        drawing.label(Words(frame.x(index), height - 2, points[index].label, TEXT, "soft", "middle"), 0, frame.right + 2)
