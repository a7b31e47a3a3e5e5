"""What a chart is before it is painted: marks in points on a sheet, with inks named by meaning.

One layout with exact text widths serves every painter, so that a chart cannot overlap in one format and be right in another,
and so that the page decides what an ink looks like in daylight, in the dark and in grey. Amounts end here: a mark's place is a float.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from tools.typesetting.fonts import text_width

Ink = Literal["ink", "soft", "rule", "bar", "accent", "good", "warn", "bad", "paper"]
Anchor = Literal["start", "middle", "end"]
INKS: dict[Ink, str] = {
    "ink": "#1b2430", "soft": "#5d6978", "rule": "#d3d9e0", "bar": "#a9b7c6", "accent": "#1f4e79", "good": "#2f6b4f",
    "warn": "#b26a00", "bad": "#a61b1b", "paper": "#ffffff",
}  # fmt: skip
"""On paper; each differs from its neighbours in lightness too, so that a grey print keeps them apart."""
DARK: dict[Ink, str] = {
    "ink": "#e8ecf1", "soft": "#a3afbd", "rule": "#3a4450", "bar": "#5f7082", "accent": "#7fb2e5", "good": "#7cc4a0",
    "warn": "#e6a94a", "bad": "#f08a80", "paper": "#14191f",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `outline` draws its edge instead of its inside, `striped` fills it with slanted lines."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    outline: bool = False
    striped: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """Straight lines through `points`."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled polygon: an arrow, a diamond."""

    points: tuple[tuple[float, float], ...]
    ink: Ink


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its baseline. `halo` keeps it legible where it crosses a line."""

    x: float
    y: float
    text: str
    size: float
    ink: Ink = "ink"
    anchor: Anchor = "start"
    bold: bool = False
    halo: bool = False

    @property
    def width(self) -> float:
        """How wide it is set; a strengthened line runs a little wider."""
        return text_width(self.text, self.size) * (1.06 if self.bold else 1)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    def meets(self, other: Words) -> bool:
        """Whether two lines touch."""
        apart = self.right + 1 < other.left or other.right + 1 < self.left
        return not apart and abs(self.y - other.y) < max(self.size, other.size)


Mark = Box | Stroke | Shape | Dot | Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished chart: size in points, marks in the order they are painted, and the same content in words for who cannot see it."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    description: str = ""

    @property
    def words(self) -> tuple[Words, ...]:
        """Every line of text on the sheet."""
        return tuple(mark for mark in self.marks if isinstance(mark, Words))


@dataclass
class Drawing:
    """Collects marks while a chart is laid out."""

    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Puts marks on top of those before."""
        self.marks += marks

    def label(self, words: Words, low: float, high: float) -> bool:
        """Sets a line inside `low`..`high` if it meets no other; whether it did."""
        moved = words
        if words.left < low:
            moved = replace(words, x=low, anchor="start")
        elif words.right > high:
            moved = replace(words, x=high, anchor="end")
        if any(moved.meets(other) for other in self.marks if isinstance(other, Words)):
            return False
        self.marks.append(moved)
        return True


def shortened(text: str, size: float, room: float) -> str:
    """The text cut with an ellipsis so that it fits."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"
