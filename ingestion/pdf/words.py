"""Words with boxes, from the glyphs of one page.

Every coordinate is in points from the top-left of the page *as displayed*. A page whose text runs sideways (a landscape
table set on a portrait page without /Rotate) is turned so that text reads left to right; `PageLayout.displayed` gives a
box back as the reader of the file sees it. Anything that yields glyphs or words with boxes (OCR too) can fill a
`PageLayout`, so the table geometry above does not care where the words came from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from tools.domain.facts import Box

WORD_GAP = 0.22
"""A horizontal gap wider than this share of the font size ends a word."""

TALL = 1.9
"""A font that calls itself so many times the size its capitals and figures show is measured by these."""
CAPITAL = 0.7
"""Height of a capital or a figure as a share of the font size."""
ENOUGH = 8

Turn = int
"""Degrees (0, 90, 180 or 270) by which the displayed page was turned clockwise so that its text reads left to right."""


@dataclass(slots=True)
class Glyph:
    """One printed character: its advance box, the ink's top and bottom, baseline and font size, all as displayed."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a gap. `edges` are the left edge of every character and the right edge of the last."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    edges: tuple[float, ...] = ()

    @property
    def box(self) -> Box:
        """x0, top, x1, bottom."""
        return (self.x0, self.top, self.x1, self.bottom)

    def cut(self, start: int, end: int) -> Word:
        """The part from character `start` to before `end`; the whole word when the edges are not known."""
        if len(self.edges) != len(self.text) + 1:
            return self
        return Word(
            self.text[start:end],
            self.edges[start],
            self.top,
            self.edges[end],
            self.bottom,
            self.baseline,
            self.size,
            self.edges[start : end + 1],
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line or thin filled bar; horizontal when it is wider than high."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """True for a line across, false for a line down."""
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Words (and ruling lines) of one page in reading orientation; `page` counts from 1. `skew` is by how many degrees the print
    of a scan falls to the right: the words are straightened, the page as displayed is not. `zoom`: points of the page to one of the
    layout (a scan may call itself two metres wide)."""

    page: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()
    turn: Turn = 0
    dropped: int = 0
    skew: float = 0.0
    zoom: float = 1.0

    def displayed(self, box: Box) -> Box:
        """`box` of this layout as it lies on the page as displayed."""
        if self.skew:
            box = tilted(box, self.skew, self.width, self.height)
        x0, top, x1, bottom = turned(box, (360 - self.turn) % 360, self.width, self.height)
        zoom = self.zoom
        return (round(x0 * zoom, 2), round(top * zoom, 2), round(x1 * zoom, 2), round(bottom * zoom, 2))


def turned(box: Box, turn: Turn, width: float, height: float) -> Box:
    """`box` on a `width` x `height` page after turning the page clockwise by `turn` degrees."""
    x0, top, x1, bottom = box
    if turn == 90:
        return (height - bottom, x0, height - top, x1)
    if turn == 180:
        return (width - x1, height - bottom, width - x0, height - top)
    if turn == 270:
        return (top, width - x1, bottom, width - x0)
    return box


def tilted(box: Box, degrees: float, width: float, height: float) -> Box:
    """The box around `box` after turning it clockwise by `degrees` about the middle of a `width` x `height` page."""
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    corners = [(x - width / 2, y - height / 2) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [width / 2 + x * cos - y * sin for x, y in corners]
    ys = [height / 2 + x * sin + y * cos for x, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around `boxes` (at least one)."""
    every = list(boxes)
    return (min(b[0] for b in every), min(b[1] for b in every), max(b[2] for b in every), max(b[3] for b in every))


def sized(glyphs: list[Glyph | None]) -> list[Glyph | None]:
    """`glyphs` with a size that fits their ink: the ascent and descent some fonts state are twice what they print, and every
    distance on a page is judged by the size of its print."""
    seen: dict[float, list[float]] = {}
    for glyph in glyphs:
        if glyph is not None and (glyph.text.isdigit() or glyph.text.isupper()) and glyph.text.isascii():
            seen.setdefault(round(glyph.size, 1), []).append(glyph.bottom - glyph.top)
    true: dict[float, float] = {}
    for size, inks in seen.items():
        ink = median(inks) / CAPITAL
        if len(inks) >= ENOUGH and ink > 0 and size > TALL * ink:
            true[size] = ink
    if not true:
        return glyphs
    shrink = median(true[size] / size for size in true)
    return [
        glyph and replace(glyph, size=true.get(round(glyph.size, 1), glyph.size * shrink if _few(seen, glyph) else glyph.size))
        for glyph in glyphs
    ]


def _few(seen: dict[float, list[float]], glyph: Glyph) -> bool:
    """Whether too little was printed in a glyph's size to measure it by itself."""
    return len(seen.get(round(glyph.size, 1), ())) < ENOUGH


def words_of(glyphs: Iterable[Glyph | None]) -> list[Word]:
    """Words from glyphs in the order they were drawn; None marks a space.

    Drawing order is kept because two columns that nearly touch are drawn one after the other: position alone would glue them.
    """
    words: list[Word] = []
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and (glyph is None or _breaks(run[-1], glyph)):
            words.append(_word(run))
            run = []
        if glyph is not None:
            run.append(glyph)
    if run:
        words.append(_word(run))
    return words


def _breaks(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size, 1.0)
    gap = glyph.x0 - last.x1
    if abs(glyph.baseline - last.baseline) > 0.25 * size or gap > WORD_GAP * size or gap < -0.7 * size:
        return True
    # a footnote mark is set smaller than the text it hangs on
    return min(last.size, glyph.size) < 0.78 * size and last.text.isalnum() and glyph.text.isalnum()


def _word(run: list[Glyph]) -> Word:
    return Word(
        "".join(g.text for g in run),
        run[0].x0,
        min(g.top for g in run),
        max(g.x1 for g in run),
        max(g.bottom for g in run),
        run[0].baseline,
        max(g.size for g in run),
        (*(g.x0 for g in run), run[-1].x1),
    )
